"""What keeps a backup or a restore from being done."""


class BackupTrouble(Exception):
    """A backup or a restore cannot be done; the message is a sentence that says what to do, and nothing was changed."""


IN_USE = "The database is in use: stop the service and its scheduler first."
