"""Public tables: what was published, and since when there is something to publish."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storage.models import Contract, Project, PublicTable, Unit, new_id
from app.storage.upsert import insert_new


class Since(NamedTuple):
    """The first day of an organisation's oldest contract or project, and the day the first of them was recorded."""

    began_on: date
    in_use_since: date


def since(session: Session, root_id: str) -> Since | None:
    """None where there is neither a contract nor a project."""
    contracts = select(func.min(Contract.starts_on), func.min(Contract.registered_on))
    contracts = contracts.join(Unit, Unit.id == Contract.unit_id).where(Unit.root_id == root_id)
    projects = select(func.min(Project.starts_on), func.min(Project.created_at)).where(Project.root_id == root_id)
    contract: Any = session.execute(contracts).one()
    project: Any = session.execute(projects).one()
    found = [] if contract[0] is None else [Since(*contract)]
    found += [] if project[0] is None else [Since(project[0], project[1].date())]
    return Since(*map(min, zip(*found, strict=True))) if found else None


def published_quarters(session: Session, root_ids: Iterable[str]) -> list[date]:
    """Last days of the quarters of which there are tables, the latest first."""
    wanted = select(PublicTable.quarter_end).where(PublicTable.root_id.in_(list(root_ids))).distinct()
    return list(session.scalars(wanted.order_by(PublicTable.quarter_end.desc())))


def tables_of(session: Session, root_ids: Iterable[str], quarter_end: date | None) -> Sequence[PublicTable]:
    """The tables of a quarter, or of all, the latest quarter first and else in the order in which they were made."""
    wanted = select(PublicTable).where(PublicTable.root_id.in_(list(root_ids)))
    if quarter_end is not None:
        wanted = wanted.where(PublicTable.quarter_end == quarter_end)
    order = (PublicTable.quarter_end.desc(), PublicTable.root_id, PublicTable.id)
    return session.scalars(wanted.order_by(*order)).all()


def published_until(session: Session, root_id: str) -> dict[str, date]:
    """By a project's slug the last day of which a table of it speaks."""
    wanted = select(PublicTable.contents).where(PublicTable.root_id == root_id)
    found: dict[str, date] = {}
    for contents in session.scalars(wanted):
        if "project" in contents:
            slug, last = str(contents["project"]), date.fromisoformat(str(contents["period_end"]))
            found[slug] = max(last, found.get(slug, last))
    return found


def insert_all(
    session: Session, root_id: str, quarter_end: date, contents: Mapping[str, Mapping[str, object]], at: datetime
) -> bool:
    """Inserts a quarter's tables, by key, and says whether they are these. The first is put in alone and decides: where
    another transaction has it, it is waited for, and all tables are its own."""
    rows = [
        {"id": new_id(), "root_id": root_id, "quarter_end": quarter_end, "key": key, "contents": one}
        for key, one in contents.items()
    ]
    rows = [row | {"published_at": at} for row in rows]
    if insert_new(session, PublicTable, rows[:1]) == 0:
        return False
    insert_new(session, PublicTable, rows[1:])
    return True
