"""What is left of contracts whose jobs are erased: how they stood, and how many jobs began in which month."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.rules.codes import ArchivedBy
from app.rules.kept_standings import KeptStandings
from app.rules.status import Standing
from app.storage.judgements import plain_standing, standing_of
from app.storage.models import ArchivedJobs, ErasedContract
from app.storage.prepared import Prepared
from app.storage.upsert import insert_new

_ERASED = ErasedContract.__table__.c
_IS_ERASED = Prepared(select(_ERASED.contract_id).where(_ERASED.contract_id == bindparam("contract_id")))

Cell = tuple[date, ArchivedBy, str]
"""A month by its first day, by what jobs are counted, and the code."""


def kept_of(text: str) -> KeptStandings:
    """Standings as a column keeps them."""
    return KeptStandings(tuple((date.fromisoformat(day), _standing(values)) for day, values in json.loads(text)))


def _standing(values: Mapping[str, Any]) -> Standing:
    days = {name: _day(values[name]) for name in ("effective_end_on", "latest_start_on")}
    return standing_of({**values, **days})


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def get(session: Session, contract_id: str) -> ErasedContract | None:
    return session.get(ErasedContract, contract_id)


def is_erased(session: Session, contract_id: str) -> bool:
    """Whether the contract's jobs are erased, as every write asks."""
    return _IS_ERASED.one_or_none(session, contract_id=contract_id) is not None


def among(session: Session, contract_ids: Sequence[str]) -> set[str]:
    """Those of the contracts whose jobs are erased."""
    wanted = select(ErasedContract.contract_id).where(ErasedContract.contract_id.in_(contract_ids))
    return set(session.scalars(wanted))


def add(session: Session, contract_id: str, kept: KeptStandings, on: date) -> None:
    """Keeps how a contract stood."""
    rows = [[day.isoformat(), plain_standing(standing)] for day, standing in kept.standings]
    session.add(ErasedContract(contract_id=contract_id, erased_on=on, kept=rows))


def count_in(session: Session, root_id: str, cells: Mapping[Cell, int]) -> None:
    """Adds jobs to the counts of an organisation. Always in one order, so that two erasures wait for each other."""
    for (month, dimension, code), jobs in sorted(cells.items()):
        cell = {"root_id": root_id, "month": month, "dimension": dimension.value, "code": code}
        if insert_new(session, ArchivedJobs, [{"id": secrets.token_hex(16), "jobs": jobs, **cell}]):
            continue
        of_cell = (getattr(ArchivedJobs, name) == value for name, value in cell.items())
        session.execute(update(ArchivedJobs).where(*of_cell).values(jobs=ArchivedJobs.jobs + jobs))


def counts(session: Session, root_id: str) -> Sequence[Any]:
    """Rows of year, by what is counted, code and jobs of an organisation."""
    year = func.extract("year", ArchivedJobs.month)
    wanted = select(year.label("year"), ArchivedJobs.dimension, ArchivedJobs.code, func.sum(ArchivedJobs.jobs))
    wanted = wanted.where(ArchivedJobs.root_id == root_id)
    grouped = wanted.group_by(year, ArchivedJobs.dimension, ArchivedJobs.code)
    return session.execute(grouped.order_by(year, ArchivedJobs.dimension, ArchivedJobs.code)).all()
