"""How SQLite finds the answer to a question, without knowing how many rows there are: as where the service runs."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.storage.session import Database


def steps(url: str, ask: Callable[[Session], object]) -> list[str]:
    """Those of all statements that are asked, in their order."""
    database, asked = Database(url), list[tuple[Any, ...]]()

    def keep(*given: Any) -> None:
        asked.append(given[2:4])

    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", keep)
        ask(session)
        event.remove(database.engine, "before_cursor_execute", keep)
        explain = session.connection().exec_driver_sql
        found = [str(row[-1]) for one, values in asked for row in explain(f"EXPLAIN QUERY PLAN {one}", values)]
    database.dispose()
    return found
