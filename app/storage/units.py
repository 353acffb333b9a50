"""The organisation's tree: subtrees by path, and what a unit inherits from those above it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, false, func, or_, select, update
from sqlalchemy.orm import Session

from app.rules.policy import DEFAULT_LEAD_DAYS
from app.storage import judgements, keyset
from app.storage.lists import listed
from app.storage.models import StoredJudgement, Unit
from app.storage.prepared import Prepared

SORTS = {"path": keyset.Sort((Unit.path,))}
COLUMNS = (
    Unit.id,
    Unit.parent_id,
    Unit.path,
    Unit.name,
    Unit.lead_days,
    Unit.retention_months,
    Unit.liaison_name,
    Unit.liaison_email,
    Unit.liaison_phone,
)
MAX_DEPTH = 19
"""Levels of a tree: as many ids as fit into the column of paths."""


class Liaison(NamedTuple):
    """Whom at the city to ask."""

    name: str
    email: str | None
    phone: str | None


def own_liaison(row: Any) -> Liaison | None:
    """The liaison that a unit, or a row of COLUMNS, has itself."""
    if row.liaison_name is None:
        return None
    return Liaison(row.liaison_name, row.liaison_email, row.liaison_phone)


def ids_on_path(path: str) -> list[str]:
    """Ids from the root down to the unit itself: '/a/b/' gives a, b."""
    return path.strip("/").split("/")


def get(session: Session, unit_id: str) -> Unit | None:
    return session.get(Unit, unit_id)


def path_of(session: Session, unit_id: str) -> str:
    return session.execute(select(Unit.path).where(Unit.id == unit_id)).scalar_one()


def roots(session: Session) -> list[str]:
    """Ids of the roots of all organisations, in order."""
    return list(session.scalars(select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id)))


def roots_among(session: Session, unit_ids: Iterable[str]) -> list[str]:
    """Those of the units that are roots, in order."""
    wanted = select(Unit.id).where(Unit.id.in_(list(unit_ids)), Unit.parent_id.is_(None))
    return list(session.scalars(wanted.order_by(Unit.id)))


def in_trees(trees: Sequence[str] | None) -> list[ColumnElement[bool]]:
    """Conditions that keep to the subtrees with these paths; none where `trees` is None, that is everywhere."""
    return [] if trees is None else [or_(false(), *(Unit.path.startswith(tree, autoescape=True) for tree in trees))]


def page_of(session: Session, trees: Sequence[str] | None, sort: keyset.Sort, page: keyset.Page) -> keyset.Slice:
    """Rows of COLUMNS in these trees."""
    return keyset.fetch(session, select(*COLUMNS).where(*in_trees(trees)), sort, page)


def all_in_order(session: Session) -> Sequence[Unit]:
    """Every unit, each before those below it."""
    return session.scalars(select(Unit).order_by(Unit.path)).all()


def hold_tree(session: Session, root_id: str, *, shared: bool = False) -> None:
    """Keeps the organisation's tree, its lead days and its administrators as they are until the transaction ends.

    Whoever changes them takes it alone; whoever copies a unit's path or lead days into a new row may take it `shared`.
    Before any other lock, so that nobody waits for each other in a circle.
    """
    session.execute(select(Unit.id).where(Unit.id == root_id).with_for_update(read=shared, key_share=not shared))


def deepest_level(session: Session, path: str) -> int:
    """Levels from the root down to the lowest unit of the subtree."""
    longest = session.scalar(
        select(Unit.path)
        .where(Unit.path.startswith(path, autoescape=True))
        .order_by(func.length(Unit.path).desc())
        .limit(1)
    )
    return len(ids_on_path(longest or path))


def move_paths(session: Session, old: str, new: str) -> None:
    """Moves a subtree: its paths, and their copies beside the judgements of its contracts."""
    copies = (StoredJudgement.unit_path, StoredJudgement.procurement_unit_path)
    touched = or_(*(column.startswith(old, autoescape=True) for column in copies))
    # In the order of ids, as everyone locks these rows, and before the update takes them in whatever order it likes.
    wanted = select(StoredJudgement.contract_id).where(touched).order_by(StoredJudgement.contract_id)
    session.execute(wanted.with_for_update())
    judgements.move_paths(session, old, new)
    session.execute(
        update(Unit)
        .where(Unit.path.startswith(old, autoescape=True))
        .values(path=new + func.substr(Unit.path, len(old) + 1))
        .execution_options(synchronize_session=False)
    )


def contracts_under(session: Session, path: str, chunk: int) -> Iterator[list[str]]:
    """Ids of the contracts whose own unit lies in the subtree, `chunk` at a time, in order."""
    after = ""
    while True:
        own = (StoredJudgement.unit_path.startswith(path, autoescape=True), StoredJudgement.contract_id > after)
        statement = select(StoredJudgement.contract_id).where(*own).order_by(StoredJudgement.contract_id)
        ids = list(session.scalars(statement.limit(chunk)))
        if not ids:
            return
        yield ids
        after = ids[-1]


class Inherited(NamedTuple):
    """What holds in a unit, by itself or from above."""

    lead_days: int
    liaison: Liaison | None


def inherited(session: Session, paths: Iterable[str]) -> dict[str, Inherited]:
    """What holds in the units with these paths."""
    lines = {path: list(reversed(ids_on_path(path))) for path in paths}
    wanted = {unit_id for line in lines.values() for unit_id in line}
    rows = {row.id: row for row in session.execute(select(*COLUMNS).where(Unit.id.in_(wanted)))}
    found = {}
    for path, line in lines.items():
        days = next((rows[one].lead_days for one in line if rows[one].lead_days is not None), DEFAULT_LEAD_DAYS)
        liaison = next((own for own in (own_liaison(rows[one]) for one in line) if own is not None), None)
        found[path] = Inherited(days, liaison)
    return found


_IDS, _UNIT = listed("unit_ids"), Unit.__table__.c
_LEAD_DAYS = Prepared(
    select(_UNIT.id, _UNIT.lead_days)
    .join_from(_IDS, Unit.__table__, _UNIT.id == _IDS.c.value)
    .where(_UNIT.lead_days.is_not(None))
)


def lead_days_of(session: Session, paths: Iterable[str]) -> dict[str, int]:
    """Lead days that hold in the units with these paths: a unit's own, else of the nearest unit above that has some,
    else the default."""
    lines = {path: ids_on_path(path) for path in paths}
    wanted = {unit_id for line in lines.values() for unit_id in line}
    days = {row.id: row.lead_days for row in _LEAD_DAYS.all(session, unit_ids=list(wanted))}
    return {
        path: next((days[unit_id] for unit_id in reversed(line) if unit_id in days), DEFAULT_LEAD_DAYS)
        for path, line in lines.items()
    }


def liaison_of(session: Session, unit: Unit) -> Liaison | None:
    """The unit's liaison, else that of the nearest unit above that has one."""
    return inherited(session, [unit.path])[unit.path].liaison
