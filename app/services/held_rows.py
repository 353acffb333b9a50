"""Purchases of ledgers that nobody guessed about: a person says to which contract they belong, or that to none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.rules.attachment import Bought, Remembered, fits
from app.rules.codes import HeldReason, ImportStatus
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken
from app.rules.facts import PurchaseFacts
from app.services import attachment_rules, corrections, foresight, holding, import_runs, trail
from app.services.acting import Act, Permission
from app.services.foresight import Foreseen, find_for
from app.services.holding import Held
from app.services.ledger_staging import LONGEST_RELEASED
from app.storage import held_rows, imports, keyset, ledger_rows, lineages, purchases
from app.storage.models import HeldRow, Purchase, new_id

DECIDED_AT_ONCE = 5000
"""Purchases that one decision settles at the most; whoever remembers it settles the rest by deciding once more."""
COUNTED_AT_MOST = 1000
"""Beyond it nobody wants to know exactly."""


@dataclass(frozen=True, slots=True)
class HeldFound:
    """A purchase that waits, with the contracts it could belong to that the actor sees. `earlier` are the forms of its
    row that count until it is decided on: day, amount, and the contract where the actor sees it."""

    row: Any
    candidates: Sequence[Any]
    earlier: Sequence["Earlier"] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A purchase that a held row corrects: it counts until someone decides on that row. `contract` names the contract
    (`id`, `reference`); None for one outside the actor's units."""

    on_date: date
    amount_cents: int
    contract: Any


@dataclass(frozen=True, slots=True)
class HeldPage:
    items: Sequence[HeldFound]
    found: keyset.Slice


@dataclass(frozen=True, slots=True)
class DecisionForeseen:
    """What a decision would settle: `rows` purchases of `cents` in all. `changed` is the obligation without and with
    them; None where they would belong to no contract. `replaced` are the purchases that count no more then, since these
    rows correct them, and `elsewhere` how the obligations of other contracts would stand without them."""

    rows: int
    cents: int
    changed: Foreseen | None
    replaced: Sequence[Earlier] = ()
    elsewhere: Sequence[tuple[str, Foreseen]] = ()


def list_held(session: Session, page: keyset.Page, act: Act) -> HeldPage:
    """A page of the purchases that wait for a decision, of imports that the actor may see."""
    found = held_rows.waiting(session, _roots(session, act), act.actor.id, page)
    known = held_rows.references(session, sorted({one for row in found.rows for one in row.candidates}))
    earlier = {row.id: _told(session, _corrected(session, [row]), act) for row in found.rows if row.lineage is not None}
    items = [HeldFound(row, _seen(row.candidates, known, act), earlier.get(row.id, ())) for row in found.rows]
    return HeldPage(items, found)


def count_held(session: Session, act: Act) -> int:
    """How many purchases wait for a decision of the actor's; of very many only that they are very many."""
    return held_rows.waiting_for(session, _roots(session, act), act.actor.id, COUNTED_AT_MOST)


def _roots(session: Session, act: Act) -> list[str] | None:
    return import_runs.written_throughout(session, Permission.CONTRACTS, act.actor)


def find_held(session: Session, held_id: str, act: Act) -> HeldFound:
    """Raises NotFound where none waits that the actor may see."""
    found = find_any(session, held_id, act)
    if not waits(found.row):
        raise NotFound("not_found")
    return found


def waits(row: Any) -> bool:
    """Whether nobody has decided on a row of an active import, nor a later ledger has brought it anew."""
    return row.decided_at is None and not row.is_superseded


def find_any(session: Session, held_id: str, act: Act) -> HeldFound:
    """One that waits, or did until someone decided. Raises NotFound where there is none that the actor may see."""
    row = held_rows.with_import(session, held_id)
    if row is None or not import_runs.sees(row, row.path, act.actor):
        raise NotFound("not_found")
    candidates = _seen(row.candidates, held_rows.references(session, row.candidates), act)
    return HeldFound(row, candidates, _told(session, _corrected(session, [row]), act))


def _corrected(session: Session, rows: Sequence[Any]) -> Sequence[Any]:
    """The purchases that count until these rows of one import are decided on."""
    names = {row.lineage for row in rows if row.lineage is not None}
    return lineages.counting_before(session, names, rows[0].number)


def _told(session: Session, corrected: Sequence[Any], act: Act) -> list[Earlier]:
    if not corrected:
        return []
    known = held_rows.references(session, sorted({one.contract_id for one in corrected}))
    seen = {one.id: one for one in _seen(known, known, act)}
    return [Earlier(one.on_date, one.amount_cents, seen.get(one.contract_id)) for one in corrected]


def _seen(contract_ids: Iterable[str], known: Mapping[str, Any], act: Act) -> list[Any]:
    rows = [known[one] for one in contract_ids if one in known]
    return [row for row in rows if act.actor.sees(row.unit_path, row.procurement_unit_path)]


def decide(session: Session, held_id: str, contract_id: str | None, remember: Collection[str], act: Act) -> int:
    """The purchase belongs to this contract, or (None) to none; how many purchases that settled. Where it corrects one
    that counts, that one counts no more, in whichever contract it is.

    `remember` names what of the row is remembered (fields of rules.attachment.Remembered): from now on, and for all
    that still wait in the same import, rows that are alike in it go the same way. Raises RuleBroken where the contract
    is none of the candidates or a field to remember is empty in the row, Conflict where it was decided, brought anew,
    or its import undone, meanwhile, Forbidden where the actor may not write to a contract concerned.
    """
    row, rule = _asked(session, held_id, contract_id, remember, act)
    rows = [row, *_alike(session, row, rule)]
    # Nobody activates or undoes an import concerned meanwhile: it would not judge anew a contract that gets its first
    # purchase of it here.
    beside = lineages.numbers(session, {one.lineage for one in rows if one.lineage is not None})
    imports.hold(session, {row.number, *beside})
    import_runs.expect(import_runs.find(session, row.import_id, act, lock=True), ImportStatus.ACTIVE)
    if rule is not None:
        attachment_rules.remember(session, row, contract_id, remember, act)
    return _settle(session, rows, held_id, contract_id, act)


def foresee(
    session: Session, held_id: str, contract_id: str | None, remember: Collection[str], act: Act
) -> DecisionForeseen:
    """What `decide` would settle, and how the obligation would stand; writes nothing. Raises what it would."""
    row, rule = _asked(session, held_id, contract_id, remember, act)
    rows = [row, *_alike(session, row, rule)]
    corrected = _corrected(session, rows)
    changed: dict[str, Foreseen] = {}
    for one in sorted({one.contract_id for one in corrected} | ({contract_id} if contract_id else set())):
        held = find_for(session, one, act, Permission.CONTRACTS)
        bought = _brought(session, rows, one, act) if one == contract_id else ()
        gone = tuple(
            PurchaseFacts(it.on_date, -it.amount_cents, act.today) for it in corrected if it.contract_id == one
        )
        changed[one] = _with_purchases(session, held, (*bought, *gone), act)
    mine = None if contract_id is None else changed.pop(contract_id)
    told = _told(session, corrected, act)
    named = {one.contract.id: one.contract.reference for one in told if one.contract is not None}
    elsewhere = [(named[one], found) for one, found in changed.items()]
    return DecisionForeseen(len(rows), sum(one.amount_cents for one in rows), mine, told, elsewhere)


def _brought(session: Session, rows: Sequence[Any], contract_id: str, act: Act) -> tuple[PurchaseFacts, ...]:
    """What the rows would add to the contract."""
    there = _known(session, rows, contract_id)
    return tuple(PurchaseFacts(one.on_date, one.amount_cents, act.today) for one in rows if one.row_key not in there)


def _with_purchases(session: Session, held: Held, more: tuple[PurchaseFacts, ...], act: Act) -> Foreseen:
    return foresight.foresee(session, held, act, lambda facts: replace(facts, purchases=(*facts.purchases, *more)))


def _asked(
    session: Session, held_id: str, contract_id: str | None, remember: Collection[str], act: Act
) -> tuple[Any, Remembered | None]:
    """The purchase, and what is to be remembered of it. Raises what `decide` does."""
    found = find_any(session, held_id, act)
    row = found.row
    if not import_runs.may_settle(row, act.actor):
        raise Forbidden("forbidden")
    _expect_waiting(row)
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


def _expect_waiting(row: Any) -> None:
    if row.decided_at is not None:
        raise Conflict("held_row_decided")
    if row.is_superseded:
        raise Conflict("held_row_replaced")


def _settle(session: Session, found: Sequence[Any], asked_id: str, contract_id: str | None, act: Act) -> int:
    """Decides on the rows that still wait, the one asked about among them, and lets the contracts concerned follow."""
    corrected = _corrected(session, found)
    concerned = sorted({one.contract_id for one in corrected} | ({contract_id} if contract_id else set()))
    held = {one: holding.hold(session, one, act, Permission.CONTRACTS) for one in concerned}
    rows = [row for row in held_rows.lock(session, [one.id for one in found]) if row.decided_at is None]
    if asked_id not in {row.id for row in rows}:
        raise Conflict("held_row_decided")
    for row in rows:
        row.decided_at, row.decided_by, row.contract_id = act.now, act.actor.name, contract_id
        values = {"import": row.number, "line": row.line, "contract_id": contract_id}
        trail.record(session, act, "decided", row.__tablename__, row.id, values)
    if contract_id is not None:
        _add(session, rows, contract_id, act)
    _correct(session, rows, corrected, act)
    for one in held.values():
        holding.recorded(session, one, act)
    return len(rows)


def _correct(session: Session, rows: Sequence[HeldRow], corrected: Sequence[Any], act: Act) -> None:
    """What the rows correct counts no more: noted as of their import, so that undoing that lets it count again."""
    names = {row.lineage for row in rows if row.lineage is not None}
    corrections.settle(session, names)
    for one in corrected:
        if one.lineage in names:
            values = {"on_date": one.on_date, "amount_cents": one.amount_cents, "replaced_in": rows[0].number}
            trail.record(session, act, "replaced", Purchase.__tablename__, one.id, values)


def _add(session: Session, rows: Sequence[HeldRow], contract_id: str, act: Act) -> None:
    """The purchases become the contract's, as of their import: undoing that takes them back as well."""
    there = _known(session, rows, contract_id)
    anew = ledger_rows.known_keys(session, {(contract_id, row.row_key) for row in rows if row.row_key not in there})
    ledger_rows.release_keys(session, anew)  # what a row said at first, and was corrected, it says again
    for row in rows:
        if row.row_key in there:
            continue
        purchase = Purchase(
            id=new_id(),
            contract_id=contract_id,
            on_date=row.on_date,
            amount_cents=row.amount_cents,
            reference=row.reference,
            row_key=row.row_key,
            import_number=row.number,
            lineage=row.lineage,
            recorded_on=act.today,
            created_at=act.now,
        )
        session.add(purchase)
        trail.record_row(session, act, "recorded", purchase)
    for number in sorted({row.number for row in rows}):
        lineages.concerned(session, [(number, contract_id)])
    purchases.came(session, [contract_id], act.now)


def _known(session: Session, rows: Sequence[Any], contract_id: str) -> set[str]:
    """Keys of rows that the contract has already, and that are not earlier forms of the very rows."""
    known = ledger_rows.known_keys(session, {(contract_id, row.row_key) for row in rows})
    found = {key for _, key in known}
    names = {row.row_key: row.lineage for row in rows if row.lineage is not None}
    own = lineages.keys_in(session, contract_id, {key: names[key] for key in found & names.keys()})
    gone = {key for _, key in ledger_rows.known_keys(session, known, ledger_rows.replaced())}
    return found - {key for key in own | gone if len(key) <= LONGEST_RELEASED}
