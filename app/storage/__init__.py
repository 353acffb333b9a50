"""What is kept: tables and queries. Functions take a Session and never commit."""
