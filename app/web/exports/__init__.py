"""Lists to take along as files. One that is added is described in a file of this package and named in lists.py."""
