"""Purchases of ledgers that nobody guessed about: a person says to which contract they belong, or that to none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.rules.attachment import Bought, Remembered, fits
from app.rules.codes import HeldReason, ImportStatus
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken
from app.rules.facts import PurchaseFacts
from app.services import attachment_rules, foresight, holding, import_runs, trail
from app.services.acting import Act, Permission
from app.services.foresight import Foreseen, find_for
from app.storage import held_rows, keyset, ledger_rows
from app.storage.models import HeldRow, Purchase, new_id

DECIDED_AT_ONCE = 5000
"""Purchases that one decision settles at the most; whoever remembers it settles the rest by deciding once more."""
COUNTED_AT_MOST = 1000
"""Beyond it nobody wants to know exactly."""


@dataclass(frozen=True, slots=True)
class HeldFound:
    """A purchase that waits, with the contracts it could belong to that the actor sees."""

    row: Any
    candidates: Sequence[Any]


@dataclass(frozen=True, slots=True)
class HeldPage:
    items: Sequence[HeldFound]
    found: keyset.Slice


@dataclass(frozen=True, slots=True)
class DecisionForeseen:
    """What a decision would settle: `rows` purchases of `cents` in all. `changed` is the obligation without and with
    them; None where they would belong to no contract."""

    rows: int
    cents: int
    changed: Foreseen | None


def list_held(session: Session, page: keyset.Page, act: Act) -> HeldPage:
    """A page of the purchases that wait for a decision, of imports that the actor may see."""
    found = held_rows.waiting(session, _roots(session, act), act.actor.id, page)
    known = held_rows.references(session, sorted({one for row in found.rows for one in row.candidates}))
    return HeldPage([HeldFound(row, _seen(row.candidates, known, act)) for row in found.rows], found)


def count_held(session: Session, act: Act) -> int:
    """How many purchases wait for a decision of the actor's; of very many only that they are very many."""
    return held_rows.waiting_for(session, _roots(session, act), act.actor.id, COUNTED_AT_MOST)


def _roots(session: Session, act: Act) -> list[str] | None:
    return import_runs.written_throughout(session, Permission.CONTRACTS, act.actor)


def find_held(session: Session, held_id: str, act: Act) -> HeldFound:
    """Raises NotFound where none waits that the actor may see."""
    found = find_any(session, held_id, act)
    if found.row.decided_at is not None:
        raise NotFound("not_found")
    return found


def find_any(session: Session, held_id: str, act: Act) -> HeldFound:
    """One that waits, or did until someone decided. Raises NotFound where there is none that the actor may see."""
    row = held_rows.with_import(session, held_id)
    if row is None or not import_runs.sees(row, row.path, act.actor):
        raise NotFound("not_found")
    return HeldFound(row, _seen(row.candidates, held_rows.references(session, row.candidates), act))


def _seen(contract_ids: Iterable[str], known: Mapping[str, Any], act: Act) -> list[Any]:
    rows = [known[one] for one in contract_ids if one in known]
    return [row for row in rows if act.actor.sees(row.unit_path, row.procurement_unit_path)]


def decide(session: Session, held_id: str, contract_id: str | None, remember: Collection[str], act: Act) -> int:
    """The purchase belongs to this contract, or (None) to none; how many purchases that settled.

    `remember` names what of the row is remembered (fields of rules.attachment.Remembered): from now on, and for all
    that still wait in the same import, rows that are alike in it go the same way. Raises RuleBroken where the contract
    is none of the candidates or a field to remember is empty in the row, Conflict where it was decided, or its import
    undone, meanwhile.
    """
    row, rule = _asked(session, held_id, contract_id, remember, act)
    # Nobody undoes the import meanwhile: it would not judge anew a contract that gets its first purchase of it here.
    import_runs.expect(import_runs.find(session, row.import_id, act, lock=True), ImportStatus.ACTIVE)
    if rule is not None:
        attachment_rules.remember(session, row, contract_id, remember, act)
    ids = [one.id for one in (row, *_alike(session, row, rule))]
    return _settle(session, ids, held_id, contract_id, act)


def foresee(
    session: Session, held_id: str, contract_id: str | None, remember: Collection[str], act: Act
) -> DecisionForeseen:
    """What `decide` would settle, and how the obligation would stand; writes nothing. Raises what it would."""
    row, rule = _asked(session, held_id, contract_id, remember, act)
    rows = [row, *_alike(session, row, rule)]
    cents = sum(one.amount_cents for one in rows)
    if contract_id is None:
        return DecisionForeseen(len(rows), cents, None)
    held = find_for(session, contract_id, act, Permission.CONTRACTS)
    there = ledger_rows.known_keys(session, [contract_id], [one.row_key for one in rows])
    bought = tuple(
        PurchaseFacts(one.on_date, one.amount_cents, act.today)
        for one in rows
        if (contract_id, one.row_key) not in there
    )
    changed = foresight.foresee(session, held, act, lambda facts: replace(facts, purchases=(*facts.purchases, *bought)))
    return DecisionForeseen(len(rows), cents, changed)


def _asked(
    session: Session, held_id: str, contract_id: str | None, remember: Collection[str], act: Act
) -> tuple[Any, Remembered | None]:
    """The purchase, and what is to be remembered of it. Raises what `decide` does."""
    found = find_any(session, held_id, act)
    row = found.row
    if not import_runs.may_settle(row, act.actor):
        raise Forbidden("forbidden")
    if row.decided_at is not None:
        raise Conflict("held_row_decided")
    if contract_id is not None and contract_id not in {one.id for one in found.candidates}:
        raise RuleBroken("contract_not_candidate", "contract_id")
    if not remember:
        return row, None
    if row.reason == HeldReason.LOOKS_RECORDED:
        raise RuleBroken("remembers_nothing", "remember")
    return row, attachment_rules.alike_in(row, contract_id, remember)


def _alike(session: Session, row: Any, rule: Remembered | None) -> list[Any]:
    """The others that wait and that the rule speaks of, where the contract is one of their candidates."""
    if rule is None:
        return []
    others = held_rows.alike(session, row.number, row.business_id, DECIDED_AT_ONCE)
    return [
        one
        for one in others
        if one.id != row.id
        and fits(rule, bought(one))
        and (rule.contract_id is None or rule.contract_id in one.candidates)
    ]


def bought(row: Any) -> Bought:
    """What a held row says of where it belongs."""
    return Bought(row.contract_number, row.business_id, row.on_date, row.account, row.service_class, row.buying_unit)


def _settle(session: Session, ids: Sequence[str], asked_id: str, contract_id: str | None, act: Act) -> int:
    held = None if contract_id is None else holding.hold(session, contract_id, act, Permission.CONTRACTS)
    rows = [row for row in held_rows.lock(session, ids) if row.decided_at is None]
    if asked_id not in {row.id for row in rows}:
        raise Conflict("held_row_decided")
    for row in rows:
        row.decided_at, row.decided_by, row.contract_id = act.now, act.actor.name, contract_id
        values = {"import": row.number, "line": row.line, "contract_id": contract_id}
        trail.record(session, act, "decided", row.__tablename__, row.id, values)
    if held is not None:
        _add(session, rows, held.id, act)
        holding.recorded(session, held, act)
    return len(rows)


def _add(session: Session, rows: Sequence[HeldRow], contract_id: str, act: Act) -> None:
    """The purchases become the contract's, as of their import: undoing that takes them back as well."""
    there = ledger_rows.known_keys(session, [contract_id], [row.row_key for row in rows])
    for row in rows:
        if (contract_id, row.row_key) in there:
            continue
        purchase = Purchase(
            id=new_id(),
            contract_id=contract_id,
            on_date=row.on_date,
            amount_cents=row.amount_cents,
            reference=row.reference,
            row_key=row.row_key,
            import_number=row.number,
            recorded_on=act.today,
            created_at=act.now,
        )
        session.add(purchase)
        trail.record_row(session, act, "recorded", purchase)
    for number in sorted({row.number for row in rows}):
        if contract_id not in ledger_rows.touched(session, number):
            ledger_rows.touch(session, number, [contract_id])
