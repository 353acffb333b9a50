"""What a list of jobs would bring: each found its contract, told apart from the jobs that are here, and tried.

A job is known again by its contract, first day, form, group and hours: nothing else says who it is. So of two rows that
are alike in all of these and one such job here, one is new. That guesses: someone who left and another who began on the
same day, in the same form and group, look like one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.language.import_columns import COLUMNS
from app.rules.codes import ImportKind
from app.rules.errors import DomainError, RuleBroken
from app.rules.judgement import judge
from app.rules.status import Standing
from app.schemas.positions import PositionChange, PositionCreate, PositionEnd
from app.services import holding, own_lists, trail
from app.services.acting import Act, Permission
from app.services.foresight import find_for
from app.services.import_cells import nested
from app.services.import_runs import MASKED, Refusal
from app.services.own_lists import ListRow
from app.services.positions import TWINS_APART, Accounted, change_position, log_position
from app.sources.ledgers.cells import supplier_of
from app.storage import known_contracts, positions
from app.storage.models import Position

Json = dict[str, Any]
POSITION = "position."
KEY, REPLACES = "position.key", "position.replaces"
REFERENCE, BUSINESS_ID, UNIT = "contract.reference", "contract.supplier.business_id", "contract.unit_id"
NOT_OF_A_BODY = {KEY, REPLACES, "position.ended_on", "position.end_reason"}
_ROW_KEY = re.compile(r"(?=.*\d)[\w.-]{1,20}")
"""A number of the row. What has no digit in it may be someone's name, and is not kept anywhere."""
KEY_COLUMNS = [place for place, column in enumerate(COLUMNS[ImportKind.POSITIONS]) if column.field in {KEY, REPLACES}]


@dataclass(slots=True)
class Job:
    """A row with the job it tells of. `position_id` is that of the job here, or on trial, once it is known."""

    row: ListRow
    contract_id: str
    command: PositionCreate
    end: PositionEnd | None
    position_id: str | None = None

    @property
    def key(self) -> str | None:
        return self.row.values.get(KEY)

    @property
    def replaces(self) -> str | None:
        return self.row.values.get(REPLACES)


@dataclass(slots=True)
class PositionPlan:
    """Built up within a transaction that is taken back. `kept` are the jobs that come true when the import is
    activated, each after the one it continues; `contracts` is what they bring to each contract: both as JSON."""

    session: Session
    root_id: str | None
    act: Act
    refused: list[Refusal] = field(default_factory=list)
    kept: list[Json] = field(default_factory=list)
    contracts: list[Json] = field(default_factory=list)
    there: int = 0
    differing: list[int] = field(default_factory=list)
    """Lines of jobs that are here already, of which the list says something else."""
    found: dict[tuple[str, str, str | None], Any] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Jobs that would be new, rows that are here already or refused, and what there is to look at."""
        told = {"positions": len(self.kept), "refused": len(self.refused)}
        told |= {"already_there": self.there, "differing": len(self.differing)}
        told["not_counting"] = sum(not one["counts"] for one in self.kept)
        told["alike"] = sum(one["alike"] for one in self.kept)
        return dict(+Counter(told))

    def take(self, rows: Sequence[ListRow]) -> None:
        jobs: dict[str, list[Job]] = {}
        for row in self._with_own_keys(rows):
            try:
                job = self._job(row)
            except (ValidationError, DomainError) as error:
                self.refused.append(own_lists.refusal(row, error, POSITION))
            else:
                jobs.setdefault(job.contract_id, []).append(job)
        for contract_id, under in jobs.items():
            try:
                find_for(self.session, contract_id, self.act, Permission.POSITIONS)
            except DomainError as error:
                self.refused += [own_lists.refusal(job.row, error) for job in under]
            else:
                self._under(contract_id, under)

    def _with_own_keys(self, rows: Iterable[ListRow]) -> list[ListRow]:
        """Rows whose number can be kept, and is no other row's."""
        kept, seen = [], set()
        for row in rows:
            numbers = [str(row.values[name]) for name in (KEY, REPLACES) if name in row.values]
            if not all(map(_ROW_KEY.fullmatch, numbers)):
                cells = [MASKED if place in KEY_COLUMNS and cell else cell for place, cell in enumerate(row.cells)]
                self.refused.append(own_lists.refusal(row._replace(cells=cells), RuleBroken("row_key_unfit", KEY)))
            elif row.values.get(KEY) in seen:
                self.refused.append(own_lists.refusal(row, RuleBroken("listed_twice", KEY)))
            else:
                seen |= {row.values[KEY]} if KEY in row.values else set()
                kept.append(row)
        return kept

    def _job(self, row: ListRow) -> Job:
        contract = self._contract(row)
        values = {name: value for name, value in row.values.items() if name not in NOT_OF_A_BODY}
        command = PositionCreate.model_validate(nested(values, POSITION))
        end = {name: row.values.get(f"{POSITION}{name}") for name in ("ended_on", "end_reason")}
        if end["ended_on"] is None and end["end_reason"] is not None:
            raise RuleBroken("end_reason_without_end", "end_reason")
        ended = None if end["ended_on"] is None else PositionEnd.model_validate(end)
        return Job(row, contract.id, command, ended)

    def _contract(self, row: ListRow) -> Any:
        """The contract that a row names. Raises RuleBroken where the actor sees none, or several."""
        reference = " ".join(str(row.values.get(REFERENCE, "")).split())
        if not reference:
            raise RuleBroken("missing_field", REFERENCE)
        supplier, unit_id = str(row.values.get(BUSINESS_ID, "")), row.values.get(UNIT)
        asked = (reference, supplier, unit_id)
        if asked not in self.found:
            self.found[asked] = self._contracts(reference, supplier, unit_id)
        contracts = self.found[asked]
        if not contracts:
            raise RuleBroken("contract_not_found", REFERENCE)
        if len(contracts) > 1:
            raise RuleBroken("contract_ambiguous", REFERENCE)
        return contracts[0]

    def _contracts(self, reference: str, supplier: str, unit_id: str | None) -> list[Any]:
        rows = known_contracts.contracts_named(self.session, reference, self.root_id)
        names = {supplier.strip(), supplier_of(supplier).business_id}
        return [
            row
            for row in rows
            if self.act.actor.sees(row.unit_path, row.procurement_unit_path)
            and (not supplier or row.identifier in names)
            and (unit_id is None or f"/{unit_id}/" in row.unit_path + row.procurement_unit_path)
        ]

    # --- The jobs of one contract

    def _under(self, contract_id: str, jobs: Sequence[Job]) -> None:
        here = of_contract(self.session, contract_id)
        before = self._standing(contract_id)
        new = self._new_among(jobs, here)
        first = len(self.kept)
        for job in self._in_order(new):
            try:
                with trail.attempting(self.session):
                    self._try(job, jobs, here)
            except DomainError as error:
                error.field = REPLACES if error.field == "replaces_id" else error.field
                self.refused.append(own_lists.refusal(job.row, error, POSITION))
        if len(self.kept) > first:
            told = {"id": contract_id, "here": fingerprint(here), "rows": len(self.kept) - first}
            after = self._standing(contract_id)
            named = next(row for rows in self.found.values() for row in rows if row.id == contract_id)
            told |= {"reference": named.reference, "supplier": named.supplier_name}
            self.contracts.append(told | _told(before, "before") | _told(after, "after"))

    def _standing(self, contract_id: str) -> Standing:
        held = holding.find(self.session, contract_id, self.act.actor)
        return judge(holding.facts_of(self.session, held), self.act.today).standing

    def _new_among(self, jobs: Sequence[Job], here: Sequence[Position]) -> list[Job]:
        """Those that are not here: each job here is matched with one row at the most, with one that says all the same
        if there is one."""
        left: dict[Any, list[Position]] = {}
        for position in here:
            left.setdefault(_identity(position), []).append(position)
        new, inexact = [], []
        for job in jobs:
            exact = next((one for one in left.get(_identity(job.command), ()) if not _differs(job, one)), None)
            if exact is None:
                inexact.append(job)
            else:
                self._is_here(job, exact, left)
        for job in inexact:
            alike = left.get(_identity(job.command))
            if alike:
                self.differing.append(job.row.line)
                self._is_here(job, alike[0], left)
            else:
                new.append(job)
        return new

    def _is_here(self, job: Job, position: Position, left: dict[Any, list[Position]]) -> None:
        left[_identity(position)].remove(position)
        job.position_id = position.id
        self.there += 1

    def _in_order(self, jobs: Sequence[Job]) -> list[Job]:
        """Each job after the one it continues. Rows that continue each other in a circle are refused."""
        waiting, ordered = list(jobs), list[Job]()
        while waiting:
            numbers = {job.key for job in waiting if job.key is not None}
            ordered += [job for job in waiting if job.replaces not in numbers]
            behind = [job for job in waiting if job.replaces in numbers]
            if len(behind) == len(waiting):
                self.refused += [own_lists.refusal(job.row, RuleBroken("row_in_circle", REPLACES)) for job in waiting]
                return ordered
            waiting = behind
        return ordered

    def _try(self, job: Job, jobs: Sequence[Job], here: Sequence[Position]) -> None:
        continued = None
        if job.replaces is not None:
            continued = next((one for one in jobs if one.key == job.replaces), None)
            if continued is None or continued.position_id is None:
                raise RuleBroken("continued_row_missing", REPLACES)
        continues = None if continued is None else continued.position_id
        accounted = log(self.session, job.contract_id, job.command, job.end, continues, self.act)
        job.position_id = accounted.position.id
        self.kept.append(
            {
                "line": job.row.line,
                "contract_id": job.contract_id,
                "body": job.command.model_dump(mode="json"),
                "end": None if job.end is None else job.end.model_dump(mode="json"),
                "continues": None if continued is None else self._place_of(continued, here),
                "counts": accounted.account.counts,
                "because": list(accounted.account.not_counted_because),
                "alike": any(_near(job.command, one) for one in here),
            }
        )

    def _place_of(self, continued: Job, here: Sequence[Position]) -> Json:
        """Which job is continued: one that is here, or one that comes with this import."""
        is_here = any(position.id == continued.position_id for position in here)
        return {"id": continued.position_id} if is_here else {"line": continued.row.line}


def log(
    session: Session,
    contract_id: str,
    command: PositionCreate,
    end: PositionEnd | None,
    continues: str | None,
    act: Act,
) -> Accounted:
    """Logs a job, and its end where it has ended: what continues it can come only then."""
    accounted = log_position(session, contract_id, command.model_copy(update={"replaces_id": continues}), act)
    if end is None:
        return accounted
    change = PositionChange(ended_on=end.ended_on, end_reason=end.end_reason)
    return change_position(session, accounted.position.id, change, act)


def of_contract(session: Session, contract_id: str) -> list[Position]:
    """The jobs of a contract that are not voided."""
    return [row for row in positions.of_contract(session, contract_id) if row.voided_at is None]


def fingerprint(here: Iterable[Position]) -> str:
    """Names the jobs of a contract as they are: it differs once anything of them was recorded."""
    return sha256(repr(sorted((row.id, row.version) for row in here)).encode()).hexdigest()


def _identity(job: Any) -> tuple[Any, ...]:
    hours: Decimal | None = job.weekly_hours
    return job.starts_on, str(job.employment_form), str(job.target_group), hours


def _differs(job: Job, position: Position) -> bool:
    """Whether the list says something else of a job that is here; what it does not say does not differ."""
    said = {name: getattr(job.command, name) for name in ("agreed_on", "planned_end_on")}
    said |= {"channel": job.command.channel if f"{POSITION}channel" in job.row.values else None}
    said |= {} if job.end is None else {"ended_on": job.end.ended_on, "end_reason": job.end.end_reason}
    return any(value is not None and value != getattr(position, name) for name, value in said.items())


def _near(command: PositionCreate, position: Position) -> bool:
    same = (command.employment_form, command.target_group) == (position.employment_form, position.target_group)
    return same and abs(command.starts_on - position.starts_on) <= TWINS_APART


def _told(standing: Standing, when: str) -> Json:
    names = ("status", "required", "covered", "missing")
    return {f"{name}_{when}": getattr(standing, name) for name in names}
