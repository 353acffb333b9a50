"""Messages as people look at them: those about contracts of certain units."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.storage import keyset
from app.storage.models import Message, StoredJudgement, Told

NEWEST_FIRST = keyset.Sort((Message.created_at, Message.id), descending=True)


def within(trees: Iterable[str]) -> ColumnElement[bool]:
    """Whether a judgement's contract lies in one of the trees, by either of its units."""
    columns = (StoredJudgement.unit_path, StoredJudgement.procurement_unit_path)
    return or_(False, *(column.startswith(path, autoescape=True) for path in trees for column in columns))


def visible(
    session: Session, trees: Sequence[str], page: keyset.Page, status: str | None, contract_id: str | None
) -> keyset.Slice:
    """A page of the messages that tell anything of a contract in the trees."""
    about = select(Told.id).join(StoredJudgement, StoredJudgement.contract_id == Told.contract_id)
    about = about.where(Told.message_id == Message.id, within(trees))
    if contract_id is not None:
        about = about.where(Told.contract_id == contract_id)
    columns = [column for column in Message.__table__.columns if column.key not in {"text", "html"}]
    wanted: keyset.Rows = select(*columns).where(exists(about))
    if status is not None:
        wanted = wanted.where(Message.status == status)
    return keyset.fetch(session, wanted, NEWEST_FIRST, page)


def told_with_paths(session: Session, message_ids: Sequence[str]) -> Sequence[Any]:
    """What messages tell, with the paths of each contract's units, as it was queued."""
    return session.execute(
        select(
            Told.message_id,
            Told.kind,
            Told.contract_id,
            Told.key,
            Told.withdrawn_at,
            StoredJudgement.unit_path,
            StoredJudgement.procurement_unit_path,
        )
        .join(StoredJudgement, StoredJudgement.contract_id == Told.contract_id)
        .where(Told.message_id.in_(message_ids))
        .order_by(Told.id)
    ).all()
