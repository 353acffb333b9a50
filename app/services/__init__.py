"""One function per thing a person or the clock does; none commits, none reads the clock."""
