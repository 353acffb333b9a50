"""Readers of the outside world: files as cities and registers make them, read into plain data."""
