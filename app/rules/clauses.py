"""The three clause types: how many positions are required, and from when each of them is."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import NamedTuple, assert_never

from app.rules import policy
from app.rules.dates import ONE_DAY, add_months, latest_start
from app.rules.facts import (
    AdjustmentFacts,
    AwardCriterion,
    ClauseFacts,
    Completion,
    ContractFacts,
    FixedCount,
    PurchaseFacts,
    PurchaseThreshold,
)


class PromisedRange(NamedTuple):
    """How many positions the contract promises at the least and at the most; `most` is None where nobody can say."""

    least: int
    most: int | None


def purchase_counts(on_date: date, starts_on: date, last: date) -> bool:
    """Whether a purchase is dated within the contract; `last` is its effective end, or the day judged if earlier."""
    return starts_on <= on_date <= last


def purchases_within(facts: ContractFacts, effective_end: date, as_of: date) -> list[PurchaseFacts]:
    """The purchases that count as of a day: from the contract's start to its effective end, dated by then."""
    first, last = facts.starts_on, min(effective_end, as_of)
    # As `purchase_counts` says, which is too dear to be called for millions of purchases.
    return [purchase for purchase in facts.purchases if first <= purchase.on_date <= last]


def purchased_cents(facts: ContractFacts, effective_end: date, as_of: date) -> int:
    """P of the purchase threshold: the sum of the purchases that count as of a day, credit notes negative."""
    return sum(purchase.amount_cents for purchase in purchases_within(facts, effective_end, as_of))


def positions_for(terms: PurchaseThreshold, cents: int) -> int:
    """Positions owed for so many cents bought; exactly the threshold counts as reached."""
    owed = min(max(cents, 0) // terms.threshold_cents * terms.positions_per_threshold, policy.MAX_REQUIRED)
    return owed if terms.max_positions is None else min(owed, terms.max_positions)


class NextThreshold(NamedTuple):
    """How much has been bought, the sum at which the next position falls due, and what is left until then."""

    purchased_cents: int
    next_at_cents: int

    @property
    def left_cents(self) -> int:
        return self.next_at_cents - self.purchased_cents


def next_threshold(facts: ContractFacts, effective_end: date, as_of: date) -> NextThreshold | None:
    """None where no purchase can make another position due: other clauses, after the contract, at the most positions
    the clause asks for."""
    terms = facts.clause.terms
    if not isinstance(terms, PurchaseThreshold) or as_of > effective_end:
        return None
    cents = purchased_cents(facts, effective_end, as_of)
    steps = max(cents, 0) // terms.threshold_cents
    if terms.max_positions is not None and steps * terms.positions_per_threshold >= terms.max_positions:
        return None
    return NextThreshold(cents, (steps + 1) * terms.threshold_cents)


def accruals(terms: PurchaseThreshold, purchases: Sequence[PurchaseFacts]) -> list[date]:
    """One day per position owed, earliest first: the earliest day from which the purchases up to every later day
    have reached the position's threshold (a credit note that takes it away and back moves the day)."""
    total, totals = 0, dict[date, int]()
    for day, cents, _ in sorted(purchases, key=itemgetter(0)):
        totals[day] = total = total + cents  # what is bought on one day counts together
    days: list[date] = []
    owed = positions_for(terms, total)
    reached = -(-owed // terms.positions_per_threshold)
    earlier = reversed(totals.items())
    since, _ = next(earlier, (date.min, 0))
    before, reached_before = next(earlier, (date.min, -1))
    for step in range(reached, 0, -1):
        while reached_before >= step * terms.threshold_cents:
            since = before
            before, reached_before = next(earlier, (date.min, -1))
        days.extend([since] * terms.positions_per_threshold)
    days.reverse()
    return days[:owed]


def base_units(facts: ContractFacts, effective_end: date, as_of: date) -> list[date]:
    """Base days of the units required before adjustments, earliest first: the contract's start, or the accrual day."""
    terms = facts.clause.terms
    match terms:
        case FixedCount():
            return [facts.starts_on] * terms.positions
        case AwardCriterion():
            return [facts.starts_on] * terms.committed_positions
        case PurchaseThreshold():
            return accruals(terms, purchases_within(facts, effective_end, as_of))
        case _:
            assert_never(terms)


def adjusted_units(units: list[date], adjustments: Sequence[AdjustmentFacts], as_of: date) -> list[date]:
    """Base days after the adjustments effective by a day, in the order of their days, on one day reductions first,
    never below none at any step nor above `policy.MAX_REQUIRED`. A reduction takes the units with the latest base."""
    effective = [adjustment for adjustment in adjustments if adjustment.effective_on <= as_of]
    for adjustment in sorted(effective, key=attrgetter("effective_on", "delta")):
        if adjustment.delta < 0:
            units = units[: max(0, len(units) + adjustment.delta)]
        else:
            units = sorted(units + [adjustment.effective_on] * adjustment.delta)[: policy.MAX_REQUIRED]
    return units


def required_units(facts: ContractFacts, base: list[date], as_of: date) -> list[date]:
    """Base day of every position required as of a day, earliest first, given those before adjustments; their number
    is the number required."""
    return adjusted_units(base, facts.adjustments, as_of) if facts.adjustments else base


def unlimited_latest_start(clause: ClauseFacts, effective_end: date) -> date:
    """The last day to start that the contract's end allows, leaving aside `start_within_months`."""
    if clause.completion is Completion.MAY_FOLLOW_CONTRACT:
        return effective_end
    return latest_start(effective_end, clause.min_duration_months)


def unit_latest_start(clause: ClauseFacts, base: date, unlimited: date) -> date:
    """A required unit's last day to start: what the contract's end allows, or `start_within_months` from its base
    where that is sooner."""
    if clause.start_within_months is None:
        return unlimited
    return min(unlimited, add_months(base, clause.start_within_months) - ONE_DAY)


def promised_range(facts: ContractFacts, required: int) -> PromisedRange:
    """How many positions the contract promises, given the number required now.

    A threshold promises at the most what its whole value would make due; without a value it is known only by its cap.
    """
    terms = facts.clause.terms
    if not isinstance(terms, PurchaseThreshold):
        return PromisedRange(required, required)
    if facts.value_cents is not None:
        return PromisedRange(required, max(required, positions_for(terms, facts.value_cents)))
    if terms.max_positions is not None:
        return PromisedRange(required, max(required, terms.max_positions))
    return PromisedRange(required, None)


def consideration_due(estimated_value_cents: int) -> bool:
    """Whether the suitability of a clause is to be considered for a procurement worth so much."""
    return estimated_value_cents > policy.CLAUSE_CONSIDERED_OVER_CENTS
