"""A city of many contracts, built once for each kind of database and copied as often as wished."""

import os
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from tests.postgres_copies import drop, fresh_copy
from tests.scenarios import cities


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def city_url(request: pytest.FixtureRequest) -> str:
    """URL of the built city, to be copied and left alone."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_city')}"
    url = fresh_copy(request.getfixturevalue("postgres_url"))
    cities.build(url)
    return url


@contextmanager
def copy_of(url: str) -> Iterator[str]:
    """A copy of a database to which nobody is connected; it is gone afterwards."""
    source = make_url(url)
    if source.get_backend_name() == "sqlite":
        path = Path(str(source.database)).with_name(f"{uuid4().hex}.db")
        with closing(sqlite3.connect(str(source.database))) as here, closing(sqlite3.connect(path)) as there:
            here.backup(there)  # a plain copy would leave out what is still in the write-ahead log
        yield f"sqlite:///{path}"
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        return
    copy = fresh_copy(url)
    yield copy
    drop(copy)


@pytest.fixture
def chance() -> random.Random:
    """Chance with a seed that a failure shows; SIEPP_TEST_SEED sets it."""
    seed = int(os.environ.get("SIEPP_TEST_SEED") or random.SystemRandom().randrange(10**9))
    sys.stdout.write(f"SIEPP_TEST_SEED={seed}\n")
    return random.Random(seed)
