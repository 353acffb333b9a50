"""Staging a ledger: each row goes to its contract, to whom must decide, or back with a reason; nothing counts yet.

What stays in memory is a few bytes for each row that concerns a contract, however long the ledger. Nobody waits for it
meanwhile: each chunk is a short transaction of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.rules.attachment import Attached, Attachments, Candidate, Held, Unattached, same
from app.rules.codes import HeldReason
from app.schemas.text import holds_control_characters, holds_identity_code
from app.services import import_runs
from app.services.acting import ROLES, Act, Permission
from app.services.import_runs import Refusal
from app.sources.ledgers import Chunk, LedgerRow
from app.sources.ledgers.columns import Columns
from app.sources.occurrences import Occurrences
from app.storage import attachments as candidates
from app.storage import held_rows, imports, ledger_rows, units
from app.storage.ledger_rows import VOUCHER_LENGTH, RowKey, Staged
from app.storage.models import ImportRun, new_id

LONGEST_RELEASED = 56
"""Signs of a key that leave room for the number of an import behind it."""
NO_VOUCHER = "0" * VOUCHER_LENGTH
TOTALS_ROW = "totals_row"
"""A row that sums up the others: nothing of it is lost, and nobody has to look at it."""
LONGEST = {"contract_number": 200, "account": 100, "service_class": 200, "buying_unit": 200}
"""Signs kept of what a held row says."""


def attachments(session: Session, root_id: str | None, act: Act) -> Attachments:
    """The contracts that rows of the organisation's ledger may go to: those that the actor may write to."""
    trees = None if root_id is None else [units.path_of(session, root_id)]
    members, roles = candidates.members(session), ROLES[Permission.CONTRACTS]
    found = [
        Candidate(
            row.id,
            row.reference,
            None if row.foreign else row.identifier,
            frozenset(members.get(row.id, ())),
            row.starts_on,
            row.effective_end_on,
            *(
                frozenset(map(same, names))
                for names in (row.ledger_accounts, row.ledger_service_classes, row.ledger_buying_units)
            ),
        )
        for row in candidates.threshold_contracts(session, trees)
        if act.actor.has_role(roles, row.unit_path, row.procurement_unit_path)
    ]
    roots = units.roots(session) if root_id is None else [root_id]
    return Attachments(found, candidates.remembered(session, roots))


def objection(text: str) -> str | None:
    """Why a row with this text may not be kept."""
    if holds_identity_code(text):
        return "identity_code"
    return "control_characters" if holds_control_characters(text, lines=True) else None


def row_key(row: LedgerRow, seen: Occurrences) -> str:
    """The name of a row in its contract: equal rows of one file are two purchases, those of two files are one. It
    begins with the row's voucher, so that a corrected row is known by what it replaces."""
    voucher = NO_VOUCHER if row.voucher is None else row.voucher.hex()[:VOUCHER_LENGTH]
    key, times = row.key.hex()[:36], seen.count(row.key)
    return f"{voucher}:{key}" if times == 1 else f"{voucher}:{key}/{times}"


@dataclass(slots=True)
class _Sorted:
    """A chunk's rows by what is to become of them."""

    by_contract: dict[str, list[Staged]]
    held: list[dict[str, Any]]
    refused: list[Refusal]


class Staging:
    """One ledger being read into an import."""

    def __init__(self, run: ImportRun, attachments: Attachments, act: Act, columns: Columns) -> None:
        self.number, self.layout, self.attachments, self.act = run.number, run.layout or "", attachments, act
        self.run, self._columns = run, columns
        self.counts: Counter[str] = Counter()
        self.rows = 0
        self._seen = Occurrences()
        self._touched: set[str] = set()
        self._candidates: set[str] = set()
        self._with_history: set[str] = set()
        self._asked_of_history: set[str] = set()
        self._elsewhere: dict[str, Counter[tuple[date, int]]] = {}
        self._met: set[str] = set()
        self._any_held: bool | None = None
        self._came_before = False

    @property
    def may_correct(self) -> bool:
        """Whether there is anything that this ledger could correct: rows of ledgers before it, or held ones."""
        return bool(self._with_history or self._any_held)

    @property
    def touched(self) -> list[str]:
        """Contracts that this ledger adds to."""
        return sorted(self._touched)

    @property
    def candidates(self) -> list[str]:
        """Contracts that rows held here could belong to."""
        return sorted(self._candidates)

    def beside(self, contract_ids: Iterable[str]) -> list[str]:
        """These contracts and the others of their suppliers: an earlier form of a row may be in any of them."""
        found = set(contract_ids)
        return sorted(found.union(*(self.attachments.siblings(one) for one in found)))

    def earlier(self, contract_ids: Iterable[str]) -> list[str]:
        """Those of them that had rows of ledgers before this one."""
        return sorted(self._with_history.intersection(self.beside(contract_ids)))

    def take(self, session: Session, chunk: Chunk) -> bool:
        """Stages a chunk; False where somebody ended the import meanwhile: asked first, and held until the chunk is in,
        since the rows of one that was swept would count."""
        if not ledger_rows.advance(session, self.number, {"touched_at": self.act.now}):
            return False
        if not self._met:
            self._came_before = bool(imports.same_file(session, self.run))
        found = self._sort(chunk)
        self._meet(session, found)
        self._leave_known(session, found)
        self._hold_recorded(found)
        new = [row for contract_id in sorted(found.by_contract) for row in found.by_contract[contract_id]]
        self._touch(session, found.by_contract)
        ledger_rows.add_staged(session, new, [new_id() for _ in new], self.number, self.act.today, self.act.now)
        held_rows.add_held(session, found.held)
        self._candidates.update(one for row in found.held for one in row["candidates"])
        import_runs.refuse(session, self.run, found.refused)
        self.counts["new"] += len(new)
        self.counts["held"] += len(found.held)
        self.rows += len(chunk.rows) + len(chunk.unreadable) + chunk.unconcerned
        progress = {"read_bytes": chunk.read_bytes, "rows": self.rows, "counts": self.told()}
        return ledger_rows.advance(session, self.number, progress)

    def told(self) -> dict[str, int]:
        return {name: count for name, count in sorted(self.counts.items()) if count}

    def _sort(self, chunk: Chunk) -> _Sorted:
        found = _Sorted(defaultdict(list), [], [])
        self.counts[Unattached.NO_CONTRACT] += chunk.unconcerned
        for odd in chunk.unreadable:
            if odd.reason == TOTALS_ROW:
                self.counts[TOTALS_ROW] += 1
            else:
                self._refuse(found, Refusal(odd.line, odd.reason, odd.cells))
        place_of, seen, today, by_contract = self.attachments.place, self._seen, self.act.today, found.by_contract
        for row in chunk.rows:
            if row.on_date > today:
                self._refuse(found, Refusal(row.line, "on_date_after_today", self._cells(row), "on_date"))
                continue
            place, key = place_of(row), row_key(row, seen)
            if isinstance(place, Attached):
                staged = Staged(place.contract_id, row.on_date, row.amount_cents, row.reference, key)
                by_contract[place.contract_id].append(staged)
            elif isinstance(place, Held):
                found.held.append(self._held(row, key, place.reason, place.candidates))
            else:
                self.counts[place] += 1
        return found

    def _cells(self, row: LedgerRow) -> list[str]:
        """What was read of a row, under the header of its ledger."""
        told = {
            "business_id": row.business_id,
            "contract_number": row.contract_number,
            "on_date": row.on_date.isoformat(),
            "month": f"{row.on_date:%Y-%m}",
            "amount": f"{Decimal(row.amount_cents) / 100:.2f}",
            "account": row.account,
            "service_class": row.service_class,
            "buying_unit": row.buying_unit,
            "voucher" if "voucher" in self._columns.places else "invoice_number": row.reference,
        }
        cells = [""] * self._columns.width
        for meaning, text in told.items():
            if meaning in self._columns.places:
                cells[self._columns.places[meaning]] = text or ""
        return cells

    def _refuse(self, found: _Sorted, refusal: Refusal) -> None:
        self.counts["refused"] += 1
        found.refused.append(refusal)

    def _held(self, row: LedgerRow, key: str, reason: HeldReason, contract_ids: Sequence[str]) -> dict[str, Any]:
        texts = {name: _short(getattr(row, name), most) for name, most in LONGEST.items()}
        return {
            "id": new_id(),
            "number": self.number,
            "line": row.line,
            "reason": reason,
            "row_key": key,
            "business_id": row.business_id,
            "on_date": row.on_date,
            "amount_cents": row.amount_cents,
            "reference": row.reference,
            "candidates": list(contract_ids),
            **texts,
        }

    def _meet(self, session: Session, found: _Sorted) -> None:
        """What has to be known of contracts that come along for the first time."""
        new = sorted(set(found.by_contract) - self._met)
        if new:
            self._met.update(new)
            self._elsewhere |= ledger_rows.from_elsewhere(session, new, self.layout)
        named = {one for row in found.held for one in row["candidates"]} | set(new)
        around = sorted(set(self.beside(named - self._asked_of_history)) - self._asked_of_history)
        if around:
            self._asked_of_history.update(around)
            self._with_history |= ledger_rows.with_history(session, around)

    def _leave_known(self, session: Session, found: _Sorted) -> None:
        """Rows that are there already, or that a person is or was asked about, are not taken a second time."""
        asked = self._asked(session, [row.row_key for rows in found.by_contract.values() for row in rows], found.held)
        old = self._with_history & set(found.by_contract)
        asked_of = [(contract_id, row.row_key) for contract_id in old for row in found.by_contract[contract_id]]
        known = ledger_rows.known_keys(session, asked_of)
        known -= self._taken_back(session, known)
        elsewhere = self._elsewhere_already(session, found.by_contract)
        for contract_id, rows in list(found.by_contract.items()):
            there = asked | elsewhere.get(contract_id, set())
            new = [row for row in rows if (contract_id, row.row_key) not in known and row.row_key not in there]
            self.counts["already_there"] += len(rows) - len(new)
            if new:
                found.by_contract[contract_id] = new
            else:
                del found.by_contract[contract_id]
        there = self._there(session, found.held) if found.held else set()
        waiting = [row for row in found.held if row["row_key"] not in asked | there]
        self.counts["already_there"] += len(found.held) - len(waiting)
        found.held = waiting

    def _taken_back(self, session: Session, known: Collection[RowKey]) -> set[RowKey]:
        """Rows that were corrected and say again what they said at first. The very file that said so at first takes no
        correction back: it is only brought in once more."""
        if self._came_before:
            return set()
        found = self._replaced(session, known)
        ledger_rows.release_keys(session, found)
        return found

    def _replaced(self, session: Session, known: Collection[RowKey]) -> set[RowKey]:
        """Those of the rows that were corrected, and whose name can still be given to another."""
        found = ledger_rows.known_keys(session, known, ledger_rows.replaced())
        return {one for one in found if len(one[1]) <= LONGEST_RELEASED}

    def _elsewhere_already(self, session: Session, by_contract: Mapping[str, Sequence[Staged]]) -> dict[str, set[str]]:
        """By contract, keys of rows that another contract of the supplier has, from when they were taken for its own:
        no purchase counts in two."""
        others = {one: siblings for one in by_contract if (siblings := self.attachments.siblings(one))}
        asked = {(other, row.row_key) for one in others for other in others[one] for row in by_contract[one]}
        known = ledger_rows.known_keys(session, asked, ledger_rows.counting())
        return {
            one: {row.row_key for row in by_contract[one] for other in others[one] if (other, row.row_key) in known}
            for one in others
        }

    def _there(self, session: Session, held: Sequence[Mapping[str, Any]]) -> set[str]:
        """Keys of rows that a contract they could belong to has already, from when it was the only one; but no rows
        that were corrected and now say again what they said at first."""
        known = ledger_rows.known_keys(session, {(one, row["row_key"]) for row in held for one in row["candidates"]})
        if not self._came_before:
            known -= self._replaced(session, known)
        return {row_key for _, row_key in known}

    def _asked(self, session: Session, keys: Sequence[str], held: Sequence[Mapping[str, Any]]) -> set[str]:
        if self._any_held is None:
            self._any_held = held_rows.any_held(session)
        if not self._any_held:
            return set()
        wanted = [*keys, *(str(row["row_key"]) for row in held)]
        return held_rows.held_keys(session, wanted, self.run.root_id, superseded_too=self._came_before)

    def _hold_recorded(self, found: _Sorted) -> None:
        """A purchase of the same day and amount that came from elsewhere may be the same one: nobody guesses."""
        for contract_id in self._elsewhere.keys() & found.by_contract.keys():
            recorded, new = self._elsewhere[contract_id], []
            for row in found.by_contract[contract_id]:
                if recorded[row.on_date, row.amount_cents] > 0:
                    recorded[row.on_date, row.amount_cents] -= 1
                    found.held.append(self._recorded(row))
                else:
                    new.append(row)
            found.by_contract[contract_id] = new

    def _recorded(self, row: Staged) -> dict[str, Any]:
        return {
            "id": new_id(),
            "number": self.number,
            "line": 0,
            "reason": HeldReason.LOOKS_RECORDED,
            "row_key": row.row_key,
            "on_date": row.on_date,
            "amount_cents": row.amount_cents,
            "reference": row.reference,
            "candidates": [row.contract_id],
            **dict.fromkeys(("business_id", *LONGEST)),
        }

    def _touch(self, session: Session, by_contract: Mapping[str, Sequence[Staged]]) -> None:
        new = {contract_id for contract_id, rows in by_contract.items() if rows} - self._touched
        ledger_rows.touch(session, self.number, new)
        self._touched |= new


def _short(text: str | None, most: int) -> str | None:
    return None if text is None else text[:most]
