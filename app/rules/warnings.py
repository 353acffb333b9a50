"""What to say when a contract is registered or changed, while its clause can still be mended.

Where the law is the ground, the dated rows of app/rules/law.py say what held on the day; unverified rows say nothing.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from app.rules import law, policy
from app.rules.clauses import unit_latest_start, unlimited_latest_start
from app.rules.dates import ONE_DAY, add_months
from app.rules.facts import AwardCriterion, ContractFacts, FixedCount
from app.rules.reasons import Reason


def registration_warnings(facts: ContractFacts, signed_on: date | None) -> tuple[Reason, ...]:
    """Warnings on a contract's clause, as codes with values; `signed_on` (default: the contract's start) decides
    which law is compared with."""
    on = signed_on or facts.starts_on
    return (*_too_little_time(facts), *_work_condition(facts, on), *_heavy(facts, on))


def clause_advice(facts: ContractFacts, signed_on: date | None) -> tuple[Reason, ...]:
    """The warnings and, for whoever is still writing the clause, what is worth a thought though nothing is wrong."""
    on = signed_on or facts.starts_on
    return (*registration_warnings(facts, signed_on), *_short_time(facts), *_services(facts, on))


def _latest_start(facts: ContractFacts) -> date:
    """The last day to start of a position owed from the contract's first day."""
    return unit_latest_start(facts.clause, facts.starts_on, unlimited_latest_start(facts.clause, facts.ends_on))


def _too_little_time(facts: ContractFacts) -> Iterator[Reason]:
    """The clause cannot be met from the start, or leaves less than the lead time."""
    clause = facts.clause
    latest = _latest_start(facts)
    if latest < facts.counts_from:
        yield Reason(
            "cannot_be_met_from_start",
            {"months": clause.min_duration_months, "starts_on": facts.starts_on, "ends_on": facts.ends_on},
        )
    elif latest < facts.starts_on + timedelta(days=facts.lead_days):
        yield Reason("leaves_little_time", {"latest_start_on": latest, "lead_days": facts.lead_days})


def _short_time(facts: ContractFacts) -> Iterator[Reason]:
    """More than the lead time and at least a month, yet at most `TIME_TO_START_MONTHS`: someone must start soon."""
    latest = _latest_start(facts)
    enough = latest >= facts.starts_on + timedelta(days=facts.lead_days)
    left = relativedelta(latest + ONE_DAY, facts.starts_on)
    if (
        enough
        and left.years == 0
        and left.months >= 1
        and latest <= add_months(facts.starts_on, policy.TIME_TO_START_MONTHS)
    ):
        yield Reason(
            "short_time_to_start",
            {"starts_on": facts.starts_on, "ends_on": facts.ends_on, "months": facts.clause.min_duration_months}
            | {"months_left": left.months, "latest_start_on": latest},
        )


def _work_condition(facts: ContractFacts, on: date) -> Iterator[Reason]:
    """The job would end before it fulfils the work condition."""
    condition, clause = law.in_force(law.WORK_CONDITIONS, on), facts.clause
    if condition is None:
        return
    if clause.min_duration_months < condition.months:
        values = {"months": clause.min_duration_months, "months_needed": condition.months}
        yield Reason("below_work_condition", values)
    hours = clause.min_weekly_hours
    if hours is not None and condition.weekly_hours is not None and hours < condition.weekly_hours:
        yield Reason("hours_below_work_condition", {"hours": hours, "hours_needed": condition.weekly_hours})


def _services(facts: ContractFacts, on: date) -> Iterator[Reason]:
    """The clause accepts a service in which the municipality goes on paying its share of the benefit."""
    row = law.in_force(law.SERVICES_CHARGED, on)
    if row is not None and row.charged and facts.clause.employment_forms - law.PAID_WORK:
        yield Reason("services_charged", {"since": row.valid_from})


def _heavy(facts: ContractFacts, on: date) -> Iterator[Reason]:
    """More than one person for each so many euros of the contract's value."""
    proportion, terms = law.in_force(law.PROPORTIONS, on), facts.clause.terms
    if proportion is None:
        return
    limit = proportion.cents_for_one
    if isinstance(terms, FixedCount):
        positions = terms.positions
    elif isinstance(terms, AwardCriterion):
        positions = terms.committed_positions
    else:
        if terms.threshold_cents < limit * terms.positions_per_threshold:
            values = {"positions": terms.positions_per_threshold, "cents": terms.threshold_cents}
            yield Reason("heavy_for_value", values | {"limit_cents": limit})
        return
    if facts.value_cents is not None and facts.value_cents < positions * limit:
        yield Reason("heavy_for_value", {"positions": positions, "cents": facts.value_cents, "limit_cents": limit})
