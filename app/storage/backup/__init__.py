"""Backups: the file they are kept in, the rows as they are carried, and the programs of the databases themselves."""
