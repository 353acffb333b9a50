"""What the clock does: the daily check and the delivery of mail. What is due is decided from the database."""
