"""One memory of compiled statements for all databases of a test run, as a service has one for all its life.

SQLAlchemy makes the text of a statement once for each engine, and every test has its own: a third of what a test costs
would go into texts that the test before has made as well.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

STATEMENTS = 3000
"""More than the service and its tests have; an engine alone keeps 500."""


class KeptStatements:
    """Makes engines that know what those before them have compiled, one memory for each kind of database."""

    def __init__(self, create_engine: Callable[..., Engine]) -> None:
        self._create_engine = create_engine
        self._known: dict[str, tuple[Dialect, Any]] = {}

    def __call__(self, *args: Any, **options: Any) -> Engine:
        engine = self._create_engine(*args, **options)
        kind = engine.dialect.name
        if kind in self._known:
            engine.dialect, engine._compiled_cache = self._known[kind]  # texts are kept by the dialect they are for
        else:
            event.listen(engine, "engine_connect", lambda connection: self._keep(kind, connection.engine.dialect))
        return engine

    def _keep(self, kind: str, dialect: Dialect) -> None:
        """Only what has met a database knows what that one can do."""
        self._known.setdefault(kind, (dialect, LRUCache(STATEMENTS)))
