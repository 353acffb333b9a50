"""How fast purchases grow, and when the next position falls due if they go on like that."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.rules import policy
from app.rules.clauses import next_threshold, purchases_within
from app.rules.dates import ONE_DAY, add_months, completes_on
from app.rules.facts import ContractFacts


@dataclass(frozen=True, slots=True)
class Pace:
    """`cents` were bought from `since` to the day of looking, both included, credit notes taken off. At that pace the
    next threshold is reached on `reaches_on`, about `months` months ahead; both None where the contract ends before."""

    since: date
    cents: int
    reaches_on: date | None
    months: int | None


def pace(facts: ContractFacts, effective_end: date, as_of: date) -> Pace | None:
    """The pace of the last `PACE_MONTHS` months, or of the time since the contract's start where that is shorter.

    None where no further position can fall due, where there are fewer than `PACE_LEAST_MONTHS` months of the contract
    behind, and where purchases do not grow.
    """
    ahead = next_threshold(facts, effective_end, as_of)
    if ahead is None or as_of < completes_on(facts.starts_on, policy.PACE_LEAST_MONTHS):
        return None
    since = max(facts.starts_on, add_months(as_of + ONE_DAY, -policy.PACE_MONTHS))
    bought = purchases_within(facts, effective_end, as_of)
    cents = sum(purchase.amount_cents for purchase in bought if purchase.on_date >= since)
    if cents <= 0:
        return None
    behind = (as_of - since).days + 1
    needed = -(-ahead.left_cents * behind // cents)
    if needed > (effective_end - as_of).days:
        return Pace(since, cents, None, None)
    return Pace(since, cents, as_of + timedelta(days=needed), whole_months(needed))


def whole_months(days: int) -> int:
    """The nearest whole number of months of average length."""
    return (days * 12 + 182) // 365
