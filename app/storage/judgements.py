"""The current judgement of each contract, and the history of what was said of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.rules.judgement import Judgement
from app.rules.reminders import Muting
from app.rules.status import Standing, Status
from app.storage.models import Contract, JudgementChange, StoredJudgement

NEVER = date.max
"""The place in lists of contracts where nobody has to start: behind every day."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored judgement as the writers need it: what was said, when, and what the owner asked for."""

    contract_id: str
    standing: Standing
    next_change_on: date | None
    promised_min: int
    promised_max: int | None
    judged_on: date
    recheck_on: date | None
    acknowledged_at: datetime | None
    snoozed_until: date | None
    snoozed_on: date | None

    @property
    def muting(self) -> Muting:
        return Muting(self.acknowledged_at is not None, self.snoozed_until, self.snoozed_on)


def within(trees: Iterable[str]) -> ColumnElement[bool]:
    """Whether a stored judgement's contract lies in one of the trees, by either of its units."""
    columns = (StoredJudgement.unit_path, StoredJudgement.procurement_unit_path)
    return or_(False, *(column.startswith(path, autoescape=True) for path in trees for column in columns))


def standing_of(values: Mapping[str, Any]) -> Standing:
    """A stored row's fields as the rules' standing; days kept as text become days again."""
    days = tuple(date.fromisoformat(day) for day in values["missing_latest_starts"])
    fields = {name: values[name] for name in Standing._fields}
    return Standing(**fields | {"status": Status(values["status"]), "missing_latest_starts": days})


def standing_values(standing: Standing) -> dict[str, Any]:
    """The rules' standing as column values."""
    days = [day.isoformat() for day in standing.missing_latest_starts]
    return standing._asdict() | {"status": standing.status.value, "missing_latest_starts": days}


def lock(session: Session, contract_ids: Sequence[str]) -> dict[str, Stored]:
    """The stored judgements of contracts, held against other writers until the transaction ends.

    Always in the order of ids, so that two writers of several contracts wait instead of blocking each other. On SQLite
    the whole write transaction is exclusive already.
    """
    rows = session.execute(
        select(*StoredJudgement.__table__.columns)
        .where(StoredJudgement.contract_id.in_(contract_ids))
        .order_by(StoredJudgement.contract_id)
        .with_for_update()
    ).mappings()
    return {row["contract_id"]: stored_of(dict(row)) for row in rows}


def read(session: Session, contract_id: str) -> Stored:
    """The stored judgement of a contract."""
    wanted = select(*StoredJudgement.__table__.columns).where(StoredJudgement.contract_id == contract_id)
    return stored_of(dict(session.execute(wanted).mappings().one()))


def stored_of(row: Mapping[str, Any]) -> Stored:
    names = [name for name in Stored.__slots__ if name != "standing"]
    return Stored(standing=standing_of(row), **{name: row[name] for name in names})


def values_of(judgement: Judgement) -> dict[str, Any]:
    """What the judgement itself decides of the stored row."""
    promised = judgement.promised
    return standing_values(judgement.standing) | {
        "sort_start_on": sort_start_on(judgement.standing),
        "next_change_on": judgement.next_change_on,
        "promised_min": promised.least,
        "promised_max": promised.most,
    }


def sort_start_on(standing: Standing) -> date:
    """The place in lists: the last day to start, or behind every day where nobody has to start any more."""
    return NEVER if standing.status is Status.CLOSED else standing.latest_start_on or NEVER


def add(session: Session, contract_id: str, values: Mapping[str, Any]) -> None:
    """The first judgement of a newly registered contract, with the paths of its units."""
    session.execute(insert(StoredJudgement).values(contract_id=contract_id, **values))


def change(session: Session, contract_id: str, values: Mapping[str, Any]) -> None:
    session.execute(update(StoredJudgement).where(StoredJudgement.contract_id == contract_id).values(**values))


def change_many(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows with `contract_id` and the same columns each."""
    if rows:
        session.execute(update(StoredJudgement), list(rows))


def add_history(session: Session, rows: Sequence[tuple[str, Judgement]], at: datetime) -> None:
    """What is said of contracts from now on."""
    if rows:
        session.execute(
            insert(JudgementChange),
            [
                {
                    "contract_id": contract_id,
                    "judged_on": judgement.as_of,
                    "recorded_at": at,
                    "status": judgement.status.value,
                    "standing": plain_standing(judgement.standing),
                }
                for contract_id, judgement in rows
            ],
        )


def plain_standing(standing: Standing) -> dict[str, Any]:
    """The standing as JSON keeps it."""
    values = standing_values(standing)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def due_contract_ids(session: Session, today: date, limit: int, after: str = "") -> list[str]:
    """Contracts the daily check must look at: something may differ or fall due by today, or they were judged for a
    later day than today (a check run for a day ahead). In the order of ids, `limit` at a time."""
    return list(
        session.scalars(
            select(StoredJudgement.contract_id)
            .where(
                or_(StoredJudgement.recheck_on <= today, StoredJudgement.judged_on > today),
                StoredJudgement.contract_id > after,
            )
            .order_by(StoredJudgement.contract_id)
            .limit(limit)
        )
    )


def due_owners(session: Session, today: date) -> list[str]:
    """Owners of contracts on which something may be due by today, once each, in order."""
    return list(
        session.scalars(
            select(Contract.owner_id)
            .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
            .where(StoredJudgement.recheck_on <= today)
            .distinct()
            .order_by(Contract.owner_id)
        )
    )


def due_contracts_of(session: Session, owner_id: str, today: date) -> list[str]:
    """The owner's contracts on which something may be due by today."""
    return list(
        session.scalars(
            select(Contract.id)
            .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
            .where(Contract.owner_id == owner_id, StoredJudgement.recheck_on <= today)
            .order_by(Contract.id)
        )
    )


def owners_of(session: Session, contract_ids: Sequence[str]) -> dict[str, str]:
    """The present owner of each contract."""
    rows = session.execute(select(Contract.id, Contract.owner_id).where(Contract.id.in_(contract_ids)))
    return {row.id: row.owner_id for row in rows}


def move_paths(session: Session, old: str, new: str) -> None:
    """A unit moved in the tree: the copies of its subtree's paths follow."""
    for column in (StoredJudgement.unit_path, StoredJudgement.procurement_unit_path):
        session.execute(
            update(StoredJudgement)
            .where(column.startswith(old, autoescape=True))
            .values({column: new + func.substr(column, len(old) + 1)})
        )


def all_ids(session: Session, chunk: int) -> Iterator[list[str]]:
    """Ids of all contracts, `chunk` at a time, in order."""
    after = ""
    while True:
        statement = select(StoredJudgement.contract_id).where(StoredJudgement.contract_id > after)
        ids = list(session.scalars(statement.order_by(StoredJudgement.contract_id).limit(chunk)))
        if not ids:
            return
        yield ids
        after = ids[-1]
