"""For tests of what is decided before a database is asked: what a form or a body may say, who may ask at all, words."""

import pytest

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Leaves PostgreSQL out where it would show the same once more. Not for what reads, counts, orders, locks or stores."""
