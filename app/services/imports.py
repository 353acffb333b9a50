"""Importing a purchase ledger: each row goes to its contract, once, however often the ledger is imported."""

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import IO, Any

from sqlalchemy.orm import Session

from app.rules.errors import Forbidden
from app.schemas.text import holds_control_characters, holds_identity_code
from app.services import judgements as judging
from app.services import trail
from app.services.acting import ROLES, Act, Actor, Permission
from app.sources.ledgers import LedgerRow, UnreadableRow
from app.sources.occurrences import Occurrences
from app.storage import judgements, purchases
from app.storage.models import new_id
from app.storage.purchases import ThresholdContract

ROWS_AT_A_TIME = 5000
CONTRACTS_AT_A_TIME = 1000
JUDGED_AT_A_TIME = 50
"""Few, since a contract may have thousands of purchases, and judging needs them all."""
LISTED_AT_MOST = 200
"""Lines named in the report; the counts are of all of them."""


class Outcome(StrEnum):
    """What became of a row of a ledger."""

    IMPORTED = "imported"
    ALREADY_THERE = "already_there"
    NO_CONTRACT = "no_contract"
    """The supplier has no contract with a purchase threshold."""
    OUTSIDE_PERIOD = "outside_period"
    AMBIGUOUS = "ambiguous"
    """Several contracts of the supplier were running: which one was meant is not guessed."""
    SKIPPED = "skipped"


@dataclass(slots=True)
class ImportReport:
    """Rows read by what became of them, those skipped by reason; the lines somebody must look at, by number only."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[int, str]] = field(default_factory=list)
    contracts: int = 0
    """Contracts that got new purchases."""

    @property
    def read(self) -> int:
        return self.counts.total()

    def skip(self, line: int, reason: str) -> None:
        self.counts[Outcome.SKIPPED] += 1
        self.skipped[reason] += 1
        self.look_at(line, reason)

    def look_at(self, line: int, reason: str) -> None:
        if len(self.lines) < LISTED_AT_MOST:
            self.lines.append((line, reason))


def import_purchases(
    session: Session,
    rows: Iterable[LedgerRow | UnreadableRow],
    act: Act,
    *,
    digest: str,
    dry_run: bool = False,
) -> ImportReport:
    """Imports a ledger whose file has this digest into the contracts the actor may write to, all of it or nothing.

    A dry run does the same, takes it back and reports the same. Raises Forbidden where the actor may write to no
    contract at all.
    """
    if not dry_run:
        return _import(session, rows, act, digest)
    with session.begin_nested() as savepoint:
        report = _import(session, rows, act, digest)
        savepoint.rollback()
    return report


def _import(session: Session, rows: Iterable[LedgerRow | UnreadableRow], act: Act, digest: str) -> ImportReport:
    """First sorts out which contracts are concerned, then locks them in order, then writes: the rows wait in a file
    meanwhile, so that neither memory nor the time locks are held grows with the ledger."""
    report = ImportReport()
    contracts = _writable_contracts(session, act.actor)
    with tempfile.TemporaryFile("w+", encoding="ascii") as waiting:
        concerned = _sort_out(rows, contracts, act.today, report, waiting)
        for some in _chunks(sorted(concerned), CONTRACTS_AT_A_TIME):
            judgements.lock(session, some)
        waiting.seek(0)
        new = _write(session, waiting, act)
    matched, report.contracts = sum(concerned.values()), len(new)
    report.counts[Outcome.IMPORTED] = new.total()
    report.counts[Outcome.ALREADY_THERE] = matched - new.total()
    _record(session, new, report, act, digest)
    return report


def _writable_contracts(session: Session, actor: Actor) -> Mapping[str, list[ThresholdContract]]:
    """By business ID, the contracts with a purchase threshold to which the actor may write."""
    roles = ROLES[Permission.CONTRACTS]
    if not actor.everywhere and not actor.has_role(roles, *(grant.path for grant in actor.grants)):
        raise Forbidden("forbidden")
    found = defaultdict(list)
    for contract in purchases.threshold_contracts(session, None if actor.everywhere else actor.trees()):
        if actor.has_role(roles, contract.unit_path, contract.procurement_unit_path):
            found[contract.business_id].append(contract)
    return found


def _sort_out(
    rows: Iterable[LedgerRow | UnreadableRow],
    contracts: Mapping[str, Sequence[ThresholdContract]],
    today: date,
    report: ImportReport,
    waiting: IO[str],
) -> Counter[str]:
    """Puts the rows that have a contract aside, sorted by contract within each chunk; counts them by contract."""
    seen = Occurrences()
    concerned: Counter[str] = Counter()
    matched = _matched(rows, contracts, today, report)
    while chunk := list(islice(matched, ROWS_AT_A_TIME)):
        concerned.update(contract_id for contract_id, _ in chunk)
        kept = [
            (contract_id, row.on_date.isoformat(), row.amount_cents, row.reference, _row_key(row.digest, seen))
            for contract_id, row in chunk
        ]
        kept.sort(key=lambda one: one[0])
        waiting.write(json.dumps(kept) + "\n")
    return concerned


def _matched(
    rows: Iterable[LedgerRow | UnreadableRow],
    contracts: Mapping[str, Sequence[ThresholdContract]],
    today: date,
    report: ImportReport,
) -> Iterator[tuple[str, LedgerRow]]:
    """The rows of exactly one contract, with its id; what becomes of the others goes into the report."""
    for row in rows:
        if isinstance(row, UnreadableRow):
            report.skip(row.line, row.reason)
            continue
        candidates = contracts.get(row.business_id)
        if candidates is None:
            report.counts[Outcome.NO_CONTRACT] += 1
            continue
        if reason := _objection(row, today):
            report.skip(row.line, reason)
            continue
        running = [contract.id for contract in candidates if contract.first <= row.on_date <= contract.last]
        if len(running) == 1:
            yield running[0], row
        elif running:
            report.counts[Outcome.AMBIGUOUS] += 1
            report.look_at(row.line, Outcome.AMBIGUOUS)
        else:
            report.counts[Outcome.OUTSIDE_PERIOD] += 1


def _objection(row: LedgerRow, today: date) -> str | None:
    """Why a row that could be read may not be kept."""
    if row.on_date > today:
        return "on_date_after_today"
    if row.reference is None or (row.reference.isascii() and row.reference.isdigit()):
        return None
    if holds_identity_code(row.reference):
        return "identity_code"
    return "control_characters" if holds_control_characters(row.reference) else None


def _row_key(digest: bytes, seen: Occurrences) -> str:
    """The name of a row in its contract: equal rows of one file are two purchases, those of two files are one."""
    times = seen.count(digest)
    return digest.hex() if times == 1 else f"{digest.hex()[:48]}/{times}"


def _write(session: Session, waiting: Iterable[str], act: Act) -> Counter[str]:
    """Inserts what waited; counts what was new by contract."""
    new: Counter[str] = Counter()
    fixed = {"recorded_on": act.today, "created_at": act.now, "version": 1}
    for line in waiting:
        rows: list[dict[str, Any]] = [
            fixed
            | {
                "id": new_id(),
                "contract_id": contract_id,
                "on_date": date.fromisoformat(day),
                "amount_cents": cents,
                "reference": reference,
                "row_key": row_key,
            }
            for contract_id, day, cents, reference, row_key in json.loads(line)
        ]
        new += purchases.add_imported(session, rows)
    return new


def _record(session: Session, new: Mapping[str, int], report: ImportReport, act: Act, digest: str) -> None:
    """One link of the trail for the import and one for each contract it changed; then these are judged anew."""
    counts = {outcome.value: report.counts[outcome] for outcome in Outcome}
    trail.record(session, act, "imported", "ledger", digest, {"read": report.read, **counts})
    for some in _chunks(sorted(new), JUDGED_AT_A_TIME):
        for contract_id in some:
            values = {"purchases": new[contract_id], "ledger": digest}
            trail.record(session, act, "imported", "contract", contract_id, values)
        purchases.news_came(session, some, act.today)
        judging.rejudge(session, some, act)


def _chunks(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
