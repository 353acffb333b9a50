"""Purchases of ledgers that nobody guessed about: a person says to which contract they belong, or that to none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.rules.attachment import Bought, Remembered, fits
from app.rules.codes import HeldReason
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.services import attachment_rules, holding, import_runs, trail
from app.services.acting import Act, Permission
from app.storage import held_rows, keyset, ledger_rows
from app.storage.models import HeldRow, Purchase, new_id

DECIDED_AT_ONCE = 5000
"""Purchases that one decision settles at the most; whoever remembers it settles the rest by deciding once more."""


@dataclass(frozen=True, slots=True)
class HeldFound:
    """A purchase that waits, with the contracts it could belong to that the actor sees."""

    row: Any
    candidates: Sequence[Any]


@dataclass(frozen=True, slots=True)
class HeldPage:
    items: Sequence[HeldFound]
    found: keyset.Slice


def list_held(session: Session, page: keyset.Page, act: Act) -> HeldPage:
    """A page of the purchases that wait for a decision, of imports that the actor may see."""
    root_ids = None if act.actor.everywhere else import_runs.organisations(session, act.actor)
    found = held_rows.waiting(session, root_ids, act.actor.id, page)
    rows = [row for row in found.rows if import_runs.sees(row, row.path, act.actor)]
    known = held_rows.references(session, sorted({one for row in rows for one in row.candidates}))
    return HeldPage([HeldFound(row, _seen(row.candidates, known, act)) for row in rows], found)


def find_held(session: Session, held_id: str, act: Act) -> HeldFound:
    """Raises NotFound where none waits that the actor may see."""
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
    is none of the candidates or a field to remember is empty in the row, Conflict where it was decided meanwhile.
    """
    found = find_held(session, held_id, act)
    row = found.row
    if contract_id is not None and contract_id not in {one.id for one in found.candidates}:
        raise RuleBroken("contract_not_candidate", "contract_id")
    rule = None
    if remember:
        if row.reason == HeldReason.LOOKS_RECORDED:
            raise RuleBroken("remembers_nothing", "remember")
        rule = attachment_rules.remember(session, row, contract_id, remember, act)
    ids = [held_id, *(one.id for one in _alike(session, row, rule) if one.id != held_id)]
    return _settle(session, ids, held_id, contract_id, act)


def _alike(session: Session, row: Any, rule: Remembered | None) -> list[Any]:
    """Others that wait and that the rule speaks of, where the contract is one of their candidates."""
    if rule is None:
        return []
    others = held_rows.alike(session, row.number, row.business_id, DECIDED_AT_ONCE)
    return [
        one
        for one in others
        if fits(rule, bought(one)) and (rule.contract_id is None or rule.contract_id in one.candidates)
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
