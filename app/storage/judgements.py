"""The current judgement of each contract, and the history of what was said of it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    String,
    Text,
    and_,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.rules.judgement import Judgement, Verdict
from app.rules.reminders import Muting
from app.rules.status import Standing, Status
from app.storage.lists import listed
from app.storage.models import Contract, JudgementChange, StoredJudgement
from app.storage.prepared import Prepared, PreparedWrite, into

NEVER = date.max
"""The place in lists of contracts where nobody has to start: behind every day."""
ROOT_ID: ColumnElement[str] = func.substr(
    StoredJudgement.unit_path, literal_column("2"), literal_column("32"), type_=String()
)
"""The organisation of the contract, as indexes of the judgements have it: the first id of its unit's path."""


class Stored(NamedTuple):
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
    facts_version: int

    def says(self, judgement: Judgement) -> bool:
        """Whether what the judgement decides of the row is there already."""
        known = (self.standing, self.next_change_on, (self.promised_min, self.promised_max))
        return known == (judgement.standing, judgement.next_change_on, judgement.promised)

    @property
    def muting(self) -> Muting:
        return Muting(self.acknowledged_at is not None, self.snoozed_until, self.snoozed_on)


_ROW = StoredJudgement.__table__.c
_ROOT = re.compile("/([0-9a-f]{32})/")
_IDS = listed("contract_ids")
_STORED = select(
    _ROW.contract_id,
    *(_ROW[name] for name in Standing._fields[:-1]),
    cast(_ROW.missing_latest_starts, Text).label("missing_latest_starts"),
    *(_ROW[name] for name in Stored._fields[2:]),
).join_from(_IDS, StoredJudgement.__table__, _ROW.contract_id == _IDS.c.value)
"""In the order of Stored and, within it, of Standing."""
_HISTORY = into(JudgementChange, "seq")
_STANDING_ENDS = 1 + len(Standing._fields)
_HELD = Prepared(_STORED.order_by(_ROW.contract_id).with_for_update(of=StoredJudgement.__table__))
_READ = Prepared(_STORED)


def within(trees: Iterable[str]) -> ColumnElement[bool]:
    """Whether a stored judgement's contract lies in one of the trees, by either of its units."""
    columns = (StoredJudgement.unit_path, StoredJudgement.procurement_unit_path)
    return or_(False, *(column.startswith(path, autoescape=True) for path in trees for column in columns))


def roots_of(trees: Iterable[str]) -> list[str]:
    """Ids of the organisations in which the trees lie, in order; none where one of the trees is of all of them."""
    found = [_ROOT.match(tree) for tree in trees]
    return [] if None in found else sorted({match[1] for match in found if match})


def within_organisations(trees: Sequence[str]) -> ColumnElement[bool]:
    """The same as `within`, found by the index by organisation: for questions about all that someone sees.

    It says no other, since the units of a contract and of its procurement are of one organisation and no move takes
    either out of it. Where an owner or a contract is asked for, their own indexes find the few rows sooner.
    """
    roots = roots_of(trees)
    if not roots:
        return within(trees)
    there = ROOT_ID.in_(roots)
    whole = {f"/{root}/" for root in roots}
    return there if whole.issuperset(trees) else and_(there, within(trees))


def standing_of(values: Mapping[str, Any]) -> Standing:
    """A standing kept as JSON; its days kept as text become days again."""
    fields = {name: values[name] for name in Standing._fields}
    days = tuple(date.fromisoformat(day) for day in values["missing_latest_starts"])
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
    return {row[0]: _stored_of(row) for row in _HELD.all(session, contract_ids=contract_ids)}


def read(session: Session, contract_id: str) -> Stored:
    """The stored judgement of a contract."""
    [row] = _READ.all(session, contract_ids=[contract_id])
    return _stored_of(row)


def facts_versions(session: Session, contract_ids: Sequence[str]) -> dict[str, int]:
    """How often facts of contracts were written."""
    wanted = select(_ROW.contract_id, _ROW.facts_version).join_from(
        _IDS, StoredJudgement.__table__, _ROW.contract_id == _IDS.c.value
    )
    return {row.contract_id: row.facts_version for row in session.execute(wanted, {"contract_ids": contract_ids})}


def _stored_of(row: Sequence[Any]) -> Stored:
    """A row of `_STORED`."""
    contract_id, status, *others, days = row[:_STANDING_ENDS]
    standing = Standing._make((Status(status), *others, _days_of(days)))
    return Stored(contract_id, standing, *row[_STANDING_ENDS:])


@lru_cache(maxsize=4096)
def _days_of(text: str) -> tuple[date, ...]:
    """Days as a column keeps them: most contracts have none, many the same."""
    return tuple(date.fromisoformat(day) for day in json.loads(text))


def values_of(judgement: Judgement | Verdict) -> dict[str, Any]:
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
    change_many(session, [{"contract_id": contract_id, **values}])


def change_many(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows with `contract_id` and the columns to change, the same ones for all that have the same number of them."""
    for names, alike in groupby(sorted(rows, key=len), key=frozenset):
        wanted = [{"of_contract": row["contract_id"], **row} for row in alike]
        _change_of(names).run(session, wanted)


@lru_cache(maxsize=32)
def _change_of(names: frozenset[str]) -> PreparedWrite:
    columns: dict[str, Any] = {name: bindparam(name) for name in sorted(names - {"contract_id"})}
    changed = update(StoredJudgement).where(StoredJudgement.contract_id == bindparam("of_contract"))
    return PreparedWrite(changed.values(columns))


def add_history(session: Session, rows: Sequence[tuple[str, Judgement | Verdict]], at: datetime) -> None:
    """What is said of contracts from now on."""
    said = [
        {
            "contract_id": contract_id,
            "judged_on": judgement.as_of,
            "recorded_at": at,
            "status": judgement.status.value,
            "standing": plain_standing(judgement.standing),
        }
        for contract_id, judgement in rows
    ]
    _HISTORY.run(session, said)


def plain_standing(standing: Standing) -> dict[str, Any]:
    """The standing as JSON keeps it."""
    values = standing_values(standing)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def due(session: Session, today: date, after: str, limit: int) -> Sequence[str]:
    """Ids of the contracts the daily check must look at, in order, the first `limit` behind the id `after`: something
    may differ or fall due by today, or they were judged for a later day than today (a check run for a day ahead)."""
    # A union, so that each half has its index and next to nothing is read on a quiet day; within, so that SQLite does
    # not go through all contracts, twice, to have each half in order.
    waiting = select(_ROW.contract_id).where(_ROW.recheck_on <= today)
    ahead = select(_ROW.contract_id).where(_ROW.judged_on > today)
    found = waiting.union(ahead).subquery("found").c.contract_id
    return session.scalars(select(found).where(found > after).order_by(found).limit(limit)).all()


def all_ids(session: Session, after: str = "", limit: int | None = None) -> Sequence[str]:
    """Ids of all contracts, in order, or the first `limit` of those behind the id `after`."""
    wanted = select(_ROW.contract_id).where(_ROW.contract_id > after)
    return session.scalars(wanted.order_by(_ROW.contract_id).limit(limit)).all()


def due_owners(session: Session, today: date) -> list[str]:
    """Owners of contracts on which something may be due by today, once each, in order."""
    due = select(_ROW.contract_id).where(_ROW.recheck_on <= today)
    owners = select(Contract.owner_id).where(Contract.id.in_(due)).distinct()
    return list(session.scalars(owners.order_by(Contract.owner_id)))


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
