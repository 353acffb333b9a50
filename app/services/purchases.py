"""Recording what was bought: purchases and credit notes, and those entered wrongly."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.rules.clauses import purchase_counts
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.facts import ContractFacts, PurchaseFacts
from app.schemas.purchases import PurchaseCreate
from app.services import holding, trail
from app.services.acting import Act, Permission
from app.services.foresight import Foreseen, find_for, foresee
from app.services.holding import Held
from app.storage import keyset, purchases
from app.storage.models import Purchase, new_id
from app.storage.purchases import CountedPeriod


@dataclass(frozen=True, slots=True)
class Counted:
    """A purchase, or a row of its columns, and whether it counts as known today."""

    purchase: Any
    counts: bool


@dataclass(frozen=True, slots=True)
class CountedPage:
    items: list[Counted]
    found: keyset.Slice


def record_purchase(session: Session, contract_id: str, command: PurchaseCreate, act: Act) -> Counted:
    """Records a purchase. One outside the contract's period is kept and has no effect, as is one under another kind of
    clause. Raises RuleBroken on a day that is still to come."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS)
    if command.on_date > act.today:
        raise RuleBroken("on_date_after_today", "on_date")
    purchase = Purchase(
        id=new_id(),
        contract_id=held.id,
        on_date=command.on_date,
        amount_cents=command.amount_eur,
        reference=command.reference,
        recorded_on=act.today,
        created_at=act.now,
    )
    session.add(purchase)
    purchases.came(session, [held.id], act.now)
    return _written(session, held, purchase, "recorded", act)


def preview_purchase(session: Session, contract_id: str, command: PurchaseCreate, act: Act) -> Foreseen:
    """How the obligation would stand after a purchase; writes nothing. Raises what `record_purchase` would."""
    held = find_for(session, contract_id, act, Permission.CONTRACTS)
    if command.on_date > act.today:
        raise RuleBroken("on_date_after_today", "on_date")
    bought = PurchaseFacts(command.on_date, command.amount_eur, act.today)
    return foresee(session, held, act, lambda facts: replace(facts, purchases=(*facts.purchases, bought)))


def void_purchase(
    session: Session, purchase_id: str, reason: str, act: Act, expected_version: int | None = None
) -> Counted:
    """Voids a purchase entered wrongly: it then counts for nothing on any day. Raises Conflict on a voided one."""
    purchase = _find(session, purchase_id)
    held = holding.hold(session, purchase.contract_id, act, Permission.CONTRACTS)
    session.refresh(purchase)
    holding.check_version(purchase, expected_version)
    _expect_counting(session, purchase)
    purchase.voided_at, purchase.void_reason = act.now, reason
    return _written(session, held, purchase, "voided", act)


def preview_void(session: Session, purchase_id: str, act: Act) -> Foreseen:
    """How the obligation would stand without the purchase; writes nothing."""
    purchase = _find(session, purchase_id)
    held = find_for(session, purchase.contract_id, act, Permission.CONTRACTS)
    _expect_counting(session, purchase)
    bought = PurchaseFacts(purchase.on_date, purchase.amount_cents, purchase.recorded_on)
    return foresee(session, held, act, lambda facts: _without(facts, bought))


def read_purchase(session: Session, purchase_id: str, act: Act) -> Counted:
    purchase = _find(session, purchase_id)
    held = holding.find(session, purchase.contract_id, act.actor)
    return _counted(purchase, purchases.counted_period(session, held.id), purchases.is_replaced(session, purchase_id))


def list_purchases(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page, act: Act) -> CountedPage:
    """A page of a contract's purchases, voided ones too."""
    held = holding.find(session, contract_id, act.actor)
    period = purchases.counted_period(session, held.id)
    found = purchases.of_contract(session, held.id, sort, page)
    return CountedPage([_counted(row, period, row.replaced) for row in found.rows], found)


def _find(session: Session, purchase_id: str) -> Purchase:
    purchase = purchases.get(session, purchase_id)
    if purchase is None:
        raise NotFound("not_found")
    return purchase


def _without(facts: ContractFacts, bought: PurchaseFacts) -> ContractFacts:
    """Of alike purchases one is as good as the other. Under another kind of clause the facts hold none at all."""
    if bought not in facts.purchases:
        return facts
    at = facts.purchases.index(bought)
    return replace(facts, purchases=facts.purchases[:at] + facts.purchases[at + 1 :])


def _written(session: Session, held: Held, purchase: Purchase, action: str, act: Act) -> Counted:
    trail.record_row(session, act, action, purchase)
    holding.recorded(session, held, act)
    return _counted(purchase, purchases.counted_period(session, held.id))


def _counted(purchase: Any, period: CountedPeriod | None, replaced: bool = False) -> Counted:
    """No purchase is dated after today, so the contract's end is the last day that counts."""
    within = period is not None and purchase_counts(purchase.on_date, period.first, period.last)
    return Counted(purchase, within and purchase.voided_at is None and not replaced)


def _expect_counting(session: Session, purchase: Purchase) -> None:
    if purchase.voided_at is not None:
        raise Conflict("already_voided")
    if purchases.is_replaced(session, purchase.id):
        raise Conflict("purchase_replaced")
