"""What the start page asks of the database: tasks by role, what changed since a moment, contracts by status.

Each question follows an index: contracts by owner, judgements by status, changes by moment.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.rules.codes import MessageStatus
from app.rules.reminders import Muting
from app.rules.status import Status
from app.storage.contracts import listed
from app.storage.judgements import within, within_organisations
from app.storage.ledger_rows import counting
from app.storage.models import (
    Contract,
    ImportRun,
    JobRun,
    JudgementChange,
    Message,
    Owner,
    OwnershipChange,
    Position,
    Procurement,
    Purchase,
    StoredJudgement,
    Supplier,
    Told,
)

Rows = Select[*tuple[Any, ...]]
NAMED = (
    Contract.id.label("contract_id"),
    Contract.reference,
    Procurement.title.label("procurement_title"),
    Supplier.name.label("supplier_name"),
)
"""What a line about a contract says of it."""


def by_status(session: Session, trees: Sequence[str]) -> dict[str, int]:
    """Number of contracts of each status in the trees."""
    counted = select(StoredJudgement.status, func.count()).where(within_organisations(trees))
    return {row[0]: row[1] for row in session.execute(counted.group_by(StoredJudgement.status))}


def owned(session: Session, email: str, trees: Sequence[str], statuses: Sequence[Status], limit: int) -> Sequence[Any]:
    """Contracts of an owner that have one of the statuses, or a job that broke off while someone is missing; the
    earliest last day to start first."""
    broken = and_(StoredJudgement.interrupted > 0, StoredJudgement.missing > 0, StoredJudgement.status == Status.OPEN)
    wanted = listed().where(Owner.email == email, within(trees), or_(StoredJudgement.status.in_(statuses), broken))
    order = (StoredJudgement.sort_start_on, StoredJudgement.contract_id)
    return session.execute(wanted.order_by(*order).limit(limit)).all()


def ended_early(session: Session, trees: Sequence[str], today: date, limit: int) -> Sequence[Any]:
    """Contracts whose decided termination leaves someone missing, while nobody has closed the obligation."""
    settled = (Status.CLOSED, Status.NO_OBLIGATION, Status.FULFILLED, Status.NOT_STARTED)
    wanted = listed().where(
        Contract.terminated_on.is_not(None),
        Contract.decided_on <= today,
        StoredJudgement.missing > 0,
        StoredJudgement.status.not_in(settled),
        within(trees),
    )
    return session.execute(wanted.order_by(Contract.terminated_on, Contract.id).limit(limit)).all()


def unconfirmed(session: Session, trees: Sequence[str], last_recorded_by: date, limit: int) -> Sequence[Any]:
    """Some contracts on track by jobs of which nothing has been heard since a day, in the order of an index."""
    wanted = listed().where(
        StoredJudgement.status == Status.ON_TRACK,
        StoredJudgement.running + StoredJudgement.upcoming > 0,
        Contract.last_recorded_on <= last_recorded_by,
        within_organisations(trees),
    )
    order = (StoredJudgement.sort_start_on, StoredJudgement.contract_id)
    return session.execute(wanted.order_by(*order).limit(limit)).all()


def refused_messages(session: Session, trees: Sequence[str], limit: int) -> Sequence[Any]:
    """Messages about contracts in the trees that could not be delivered, the newest first."""
    about = select(Told.id).join(StoredJudgement, StoredJudgement.contract_id == Told.contract_id)
    about = about.where(Told.message_id == Message.id, within(trees))
    columns = (Message.id, Message.to_name, Message.to_email, Message.for_on, Message.subject, Message.last_error)
    wanted = select(*columns).where(Message.status == MessageStatus.REFUSED, exists(about))
    return session.execute(wanted.order_by(Message.created_at.desc(), Message.id).limit(limit)).all()


def mutings(session: Session, contract_ids: Sequence[str]) -> dict[str, Muting]:
    """What the owner of each contract asked of the reminders."""
    columns = (StoredJudgement.acknowledged_at, StoredJudgement.snoozed_until, StoredJudgement.snoozed_on)
    rows = session.execute(
        select(StoredJudgement.contract_id, *columns).where(StoredJudgement.contract_id.in_(contract_ids))
    )
    return {row[0]: Muting(row.acknowledged_at is not None, row.snoozed_until, row.snoozed_on) for row in rows}


def last_run(session: Session, job: str) -> Any:
    """`for_on`, `finished_at` and `counts` of the newest run of a job, or None."""
    wanted = select(JobRun.for_on, JobRun.finished_at, JobRun.counts).where(JobRun.job == job)
    return session.execute(wanted.order_by(JobRun.for_on.desc(), JobRun.started_at.desc()).limit(1)).one_or_none()


# --- What changed


def _named(statement: Rows, contract_id: Any) -> Rows:
    return (
        statement.join(Contract, Contract.id == contract_id)
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Procurement, Procurement.id == Contract.procurement_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
    )


def status_changes(session: Session, trees: Sequence[str], since: datetime, limit: int) -> Sequence[Any]:
    """NAMED with `status` and `before`, the status said before (None: newly registered), the newest first."""
    earlier = aliased(JudgementChange)
    before: ColumnElement[Any] = (
        select(earlier.status)
        .where(earlier.contract_id == JudgementChange.contract_id, earlier.seq < JudgementChange.seq)
        .order_by(earlier.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    changed: Rows = select(*NAMED, JudgementChange.status, before.label("before")).select_from(JudgementChange)
    wanted = _named(changed, JudgementChange.contract_id).where(
        JudgementChange.recorded_at > since, within(trees), or_(before.is_(None), before != JudgementChange.status)
    )
    return session.execute(
        wanted.order_by(JudgementChange.recorded_at.desc(), JudgementChange.seq.desc()).limit(limit)
    ).all()


def logged(session: Session, trees: Sequence[str], since: datetime, limit: int) -> Sequence[Any]:
    """NAMED with the form and first day of the jobs logged after a moment, the newest first."""
    columns = (Position.employment_form, Position.starts_on)
    wanted = _named(select(*NAMED, *columns).select_from(Position), Position.contract_id).where(
        Position.created_at > since, Position.voided_at.is_(None), within(trees)
    )
    return session.execute(wanted.order_by(Position.created_at.desc(), Position.id.desc()).limit(limit)).all()


def ended(session: Session, trees: Sequence[str], on: date, limit: int) -> Sequence[Any]:
    """NAMED with the form and last day of the jobs whose end was recorded on a day or later."""
    columns = (Position.employment_form, Position.ended_on)
    wanted = _named(select(*NAMED, *columns).select_from(Position), Position.contract_id).where(
        Position.end_recorded_on >= on, Position.voided_at.is_(None), within(trees)
    )
    return session.execute(wanted.order_by(Position.end_recorded_on.desc(), Position.id.desc()).limit(limit)).all()


def _came_since(since: datetime) -> ColumnElement[bool]:
    """Whether a purchase counts, and does so since a moment: recorded since, or of a ledger activated since."""
    activated = select(ImportRun.number).where(ImportRun.settled_at > since)
    return and_(counting(), or_(Purchase.created_at > since, Purchase.import_number.in_(activated)))


def bought(session: Session, trees: Sequence[str], since: datetime, limit: int) -> Sequence[Any]:
    """NAMED of contracts with purchases that count since a moment, the latest first. What came to count is written
    beside the judgement: a ledger may have brought a million rows, which nobody looks through here."""
    judgement, order = StoredJudgement, (StoredJudgement.bought_at.desc(), StoredJudgement.contract_id.desc())
    came = exists().where(Purchase.contract_id == judgement.contract_id, _came_since(since))
    latest = select(judgement.contract_id).where(judgement.bought_at > since, within(trees), came)
    shown = latest.order_by(*order).limit(limit).subquery("shown")
    wanted = _named(select(*NAMED).select_from(shown), shown.c.contract_id)
    return session.execute(wanted.order_by(*order)).all()


def sums_bought(session: Session, contract_ids: Sequence[str], since: datetime) -> dict[str, tuple[int, int]]:
    """By contract how many purchases count since a moment, and their sum in cents."""
    wanted = (
        select(Purchase.contract_id, func.count(), func.sum(Purchase.amount_cents))
        .where(Purchase.contract_id.in_(contract_ids), _came_since(since))
        .group_by(Purchase.contract_id)
    )
    return {row[0]: (row[1], int(row[2])) for row in session.execute(wanted)}


def handed_over(session: Session, trees: Sequence[str], since: datetime, limit: int) -> Sequence[Any]:
    """NAMED with the names of the `former` and the `new` owner."""
    former, new = aliased(Owner), aliased(Owner)
    columns = (former.name.label("former"), new.name.label("new"))
    wanted = (
        _named(select(*NAMED, *columns).select_from(OwnershipChange), OwnershipChange.contract_id)
        .join(former, former.id == OwnershipChange.from_owner_id)
        .join(new, new.id == OwnershipChange.to_owner_id)
        .where(OwnershipChange.created_at > since, within(trees))
    )
    order = (OwnershipChange.created_at.desc(), OwnershipChange.id.desc())
    return session.execute(wanted.order_by(*order).limit(limit)).all()
