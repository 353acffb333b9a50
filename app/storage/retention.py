"""Which contracts may be due to be erased, who was told, and what goes with a contract's jobs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy.orm import Session

from app.rules.reminders import ReminderKind
from app.storage.judgements import within
from app.storage.lists import listed
from app.storage.models import (
    Adjustment,
    Closure,
    Contract,
    Dispute,
    ErasedContract,
    HeldRow,
    ImportedThing,
    JudgementChange,
    Message,
    Note,
    OwnershipChange,
    Position,
    Purchase,
    StoredJudgement,
    Told,
    Unit,
)
from app.storage.outdated import WITHOUT_TEXT, needs_no_text
from app.storage.prepared import Prepared
from app.storage.units import ids_on_path


def months_of_roots(session: Session) -> dict[str, int | None]:
    """By each organisation's id the months it keeps, None where it has set none."""
    return {row.id: row.retention_months for row in session.execute(_ROOTS)}


_IDS = listed("contract_ids")
_ROOTS = select(Unit.id, Unit.retention_months).where(Unit.parent_id.is_(None)).order_by(Unit.id)
_ERASED = exists().where(ErasedContract.contract_id == StoredJudgement.contract_id)


def ended_by(session: Session, days: Mapping[str, date], trees: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Ids of the contracts in the trees whose last day has come by the day of their organisation and whose jobs are not
    erased, at most `size` at a time. One way through all of them, however many organisations there are."""
    at, path, end = StoredJudgement.contract_id, StoredJudgement.unit_path, StoredJudgement.effective_end_on
    ended = (end <= max(days.values(), default=date.min), within(trees), ~_ERASED)
    wanted = select(at, path, end).where(*ended).order_by(at)
    after = ""
    while rows := session.execute(wanted.where(at > after).limit(size)).all():
        yield [row.contract_id for row in rows if row.effective_end_on <= days[ids_on_path(row.unit_path)[0]]]
        after = rows[-1].contract_id


def roots_of(session: Session, contract_ids: Sequence[str]) -> dict[str, tuple[str, int | None]]:
    """By contract its organisation, and the months that it keeps."""
    rows = _ROOTS_OF.all(session, contract_ids=contract_ids)
    return {row.id: (row.root_id, row.retention_months) for row in rows}


def _roots_of() -> Select[*tuple[Any, ...]]:
    own, root, contract = Unit.__table__.alias("own"), Unit.__table__.alias("root"), Contract.__table__
    return (
        select(contract.c.id, root.c.id.label("root_id"), root.c.retention_months)
        .join_from(_IDS, contract, contract.c.id == _IDS.c.value)
        .join(own, own.c.id == contract.c.unit_id)
        .join(root, root.c.id == own.c.root_id)
    )


def _notices() -> Select[*tuple[Any, ...]]:
    """Notices in force, with what became of their mails."""
    told, message, contract = Told.__table__, Message.__table__, Contract.__table__
    return (
        select(
            *(told.c.id, told.c.contract_id, told.c.key, told.c.on_date),
            *(message.c.owner_id, message.c.status, message.c.created_at, message.c.rendered_at, message.c.sent_at),
            contract.c.owner_id.label("contract_owner_id"),
        )
        .join_from(_IDS, told, told.c.contract_id == _IDS.c.value)
        .join(message, message.c.id == told.c.message_id)
        .join(contract, contract.c.id == told.c.contract_id)
        .where(told.c.kind == ReminderKind.ERASURE_AHEAD, told.c.withdrawn_at.is_(None))
        .order_by(told.c.id)
    )


_ROOTS_OF, _NOTICES = Prepared(_roots_of()), Prepared(_notices())


def notices(session: Session, contract_ids: Sequence[str]) -> dict[str, Any]:
    """By contract the notice in force."""
    return {row.contract_id: row for row in _NOTICES.all(session, contract_ids=contract_ids)}


def noticed(session: Session, after: str, limit: int) -> Sequence[str]:
    """Ids of the contracts with a notice in force that are not erased, in order, the first `limit` behind `after`."""
    erased = exists().where(ErasedContract.contract_id == Told.contract_id)
    of_kind = (Told.kind == ReminderKind.ERASURE_AHEAD, Told.withdrawn_at.is_(None))
    wanted = select(Told.contract_id).where(*of_kind, ~erased, Told.contract_id > after).distinct()
    return session.scalars(wanted.order_by(Told.contract_id).limit(limit)).all()


OF_OTHERS = (Note, OwnershipChange, Adjustment, Closure, Dispute, Position)
"""What hangs on a contract and may hold something about people: the trail forgets what it held."""


def subjects_of(session: Session, contract_id: str) -> list[str]:
    """Ids of the contract and of what hangs on it whose content the trail is to forget. Of purchases only those voided
    with a reason: what was bought is the public's money."""
    found = [contract_id]
    for part in OF_OTHERS:
        found += session.scalars(select(part.id).where(part.contract_id == contract_id))
    voided = select(Purchase.id).where(Purchase.contract_id == contract_id, Purchase.void_reason.is_not(None))
    return [*found, *session.scalars(voided)]


def archived(session: Session, position_ids: Sequence[str]) -> Sequence[Any]:
    """Of jobs what they are counted by, and their first days."""
    columns = (Position.starts_on, Position.target_group, Position.employment_form, Position.channel)
    return session.execute(select(*columns).where(Position.id.in_(position_ids))).all()


def erase_mails(session: Session, contract_id: str) -> None:
    """Deletes the texts of mails that told of the contract: one to a new owner repeats its jobs and notes word for
    word. The notice of the erasing stays for its time."""
    of_contract = Told.contract_id == contract_id
    noticed = select(Told.message_id).where(of_contract, Told.kind == ReminderKind.ERASURE_AHEAD)
    told = select(Told.message_id).where(of_contract, Told.message_id.not_in(noticed))
    emptied = update(Message).where(Message.id.in_(told), needs_no_text())
    session.execute(emptied.values({**WITHOUT_TEXT, "version": Message.version + 1}))


def erase_jobs(session: Session, contract_id: str) -> int:
    """Deletes the contract's jobs and what tells of their days: how many jobs. The notice of it stays."""
    jobs = select(Position.id).where(Position.contract_id == contract_id)
    session.execute(delete(ImportedThing).where(ImportedThing.thing_id.in_(jobs)))
    deleted = len(session.scalars(jobs).all())
    session.execute(delete(Position).where(Position.contract_id == contract_id))
    session.execute(delete(JudgementChange).where(JudgementChange.contract_id == contract_id))
    of_jobs = (Told.contract_id == contract_id, Told.kind != ReminderKind.ERASURE_AHEAD)
    session.execute(delete(Told).where(*of_jobs))
    return deleted


def erase_texts(session: Session, contract_id: str) -> None:
    """Deletes what people wrote, and whom to reach at the supplier. Decisions keep their days and register numbers."""
    session.execute(delete(Note).where(Note.contract_id == contract_id))
    session.execute(delete(HeldRow).where(HeldRow.contract_id == contract_id))
    change = update(OwnershipChange).where(OwnershipChange.contract_id == contract_id)
    session.execute(change.values(note=None))
    for decision in (Adjustment, Closure):
        emptied = update(decision).where(decision.contract_id == contract_id)
        session.execute(emptied.values(reason="", void_reason=None, version=decision.version + 1))
    lifted = update(Dispute).where(Dispute.contract_id == contract_id)
    session.execute(lifted.values(reason="", version=Dispute.version + 1))
    voided = update(Purchase).where(Purchase.contract_id == contract_id, Purchase.void_reason.is_not(None))
    session.execute(voided.values(void_reason=None, version=Purchase.version + 1))
    nobody = {f"supplier_contact_{name}": None for name in ("name", "email", "phone")}
    session.execute(update(Contract).where(Contract.id == contract_id).values(version=Contract.version + 1, **nobody))
