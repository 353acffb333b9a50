"""Drafts of procurements that wait for a person, with the unit they are for."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.rules.codes import DraftStatus
from app.storage import keyset, units
from app.storage.models import Draft, ImportRun, Unit

SORTS = {"created": keyset.Sort((Draft.id,))}
LISTED = (
    *(column for column in Draft.__table__.columns if column.key != "before"),
    Unit.name.label("unit_name"),
    Unit.path.label("unit_path"),
)
CHUNK = 500
"""Keys asked for at once: SQLite takes some thousands of values in a statement, and the plan stays small."""


def find(session: Session, draft_id: str, *, lock: bool = False) -> Row[Draft, Unit] | None:
    """A draft and its unit, or None. With `lock` nobody else decides on it until the transaction ends."""
    statement = select(Draft, Unit).join(Unit, Unit.id == Draft.unit_id).where(Draft.id == draft_id)
    if lock:
        statement = statement.with_for_update(of=Draft)
    return session.execute(statement.execution_options(populate_existing=True)).one_or_none()


def by_key(session: Session, unit_id: str, keys: Sequence[str], *, lock: bool = False) -> dict[str, tuple[Draft, str]]:
    """Drafts of a unit by their name in the source, each with the status of the import it comes from."""
    found: dict[str, tuple[Draft, str]] = {}
    for start in range(0, len(keys), CHUNK):
        statement = (
            select(Draft, ImportRun.status)
            .join(ImportRun, ImportRun.number == Draft.number)
            .where(Draft.unit_id == unit_id, Draft.source_key.in_(keys[start : start + CHUNK]))
            .order_by(Draft.id)
        )
        if lock:
            statement = statement.with_for_update(of=Draft)
        rows = session.execute(statement.execution_options(populate_existing=True))
        found |= {draft.source_key: (draft, status) for draft, status in rows}
    return found


def held(session: Session, draft_ids: Iterable[str]) -> Sequence[Draft]:
    """These drafts, in order, kept as they are until the transaction ends."""
    statement = select(Draft).where(Draft.id.in_(list(draft_ids))).order_by(Draft.id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def registered_as(session: Session, procurement_ids: Sequence[str]) -> Sequence[Draft]:
    """The drafts that have become these procurements, kept as they are until the transaction ends."""
    statement = select(Draft).where(Draft.procurement_id.in_(procurement_ids)).order_by(Draft.id).with_for_update()
    return session.scalars(statement).all()


def page_of(
    session: Session, trees: Sequence[str] | None, status: DraftStatus, sort: keyset.Sort, page: keyset.Page
) -> keyset.Slice:
    """Rows of LISTED in these trees (None: everywhere)."""
    statement = select(*LISTED).join(Unit, Unit.id == Draft.unit_id)
    return keyset.fetch(session, statement.where(Draft.status == status, *units.in_trees(trees)), sort, page)


def waiting(session: Session, trees: Sequence[str] | None) -> int:
    """How many wait for a person in these trees."""
    statement = select(func.count()).select_from(Draft).join(Unit, Unit.id == Draft.unit_id)
    wanted = statement.where(Draft.status == DraftStatus.WAITING, *units.in_trees(trees))
    return session.execute(wanted).scalar_one()
