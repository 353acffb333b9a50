"""What to say when a contract is registered or changed, while its clause can still be mended."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.rules import policy
from app.rules.clauses import unit_latest_start, unlimited_latest_start
from app.rules.facts import AwardCriterion, ContractFacts, FixedCount
from app.rules.reasons import Reason


def registration_warnings(facts: ContractFacts, signed_on: date | None) -> tuple[Reason, ...]:
    """Warnings on a contract's clause, as codes with values; `signed_on` (default: the contract's start) decides
    which law is compared with."""
    return (*_too_little_time(facts), *_work_condition(facts, signed_on or facts.starts_on), *_heavy(facts))


def _too_little_time(facts: ContractFacts) -> Iterator[Reason]:
    """The clause cannot be met from the start, or leaves less than the lead time."""
    clause = facts.clause
    unlimited = unlimited_latest_start(clause, facts.ends_on)
    latest = unit_latest_start(clause, facts.starts_on, unlimited)
    if latest < facts.counts_from:
        yield Reason(
            "cannot_be_met_from_start",
            {"months": clause.min_duration_months, "starts_on": facts.starts_on, "ends_on": facts.ends_on},
        )
    elif latest < facts.starts_on + timedelta(days=facts.lead_days):
        yield Reason("leaves_little_time", {"latest_start_on": latest, "lead_days": facts.lead_days})


def _work_condition(facts: ContractFacts, on: date) -> Iterator[Reason]:
    """The job would end before it fulfils the work condition (verified rows of the law facts)."""
    clause = facts.clause
    if on >= policy.WORK_CONDITION_REFORM_ON:
        if clause.min_duration_months < policy.WORK_CONDITION_MONTHS_SINCE_REFORM:
            needed = policy.WORK_CONDITION_MONTHS_SINCE_REFORM
            yield Reason("below_work_condition", {"months": clause.min_duration_months, "months_needed": needed})
        return
    if clause.min_duration_months < policy.WORK_CONDITION_MONTHS_BEFORE_REFORM:
        needed = policy.WORK_CONDITION_MONTHS_BEFORE_REFORM
        yield Reason("below_work_condition", {"months": clause.min_duration_months, "months_needed": needed})
    hours = clause.min_weekly_hours
    if hours is not None and hours < policy.WORK_CONDITION_HOURS_BEFORE_REFORM:
        needed = policy.WORK_CONDITION_HOURS_BEFORE_REFORM
        yield Reason("hours_below_work_condition", {"hours": hours, "hours_needed": needed})


def _heavy(facts: ContractFacts) -> Iterator[Reason]:
    """More than one person for each `CONSIDERATION_LIMIT_CENTS` of the contract's value."""
    terms = facts.clause.terms
    if isinstance(terms, FixedCount):
        positions = terms.positions
    elif isinstance(terms, AwardCriterion):
        positions = terms.committed_positions
    else:
        if terms.threshold_cents < policy.CONSIDERATION_LIMIT_CENTS * terms.positions_per_threshold:
            values = {"positions": terms.positions_per_threshold, "cents": terms.threshold_cents}
            yield Reason("heavy_for_value", values | {"limit_cents": policy.CONSIDERATION_LIMIT_CENTS})
        return
    if facts.value_cents is not None and facts.value_cents < positions * policy.CONSIDERATION_LIMIT_CENTS:
        values = {"positions": positions, "cents": facts.value_cents}
        yield Reason("heavy_for_value", values | {"limit_cents": policy.CONSIDERATION_LIMIT_CENTS})
