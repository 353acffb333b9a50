"""Short calls that build what the tests need, with good defaults.

The facts of the rules: `contract()` alone is the contract of the worked examples in the domain rules (fixed count 1,
nine months, 1.3.2018–28.2.2020, lead 90 days, registered on its first day). Facts follow in any order:

    contract(position("31.5.2019", ended="31.10.2019"), option("28.2.2021"), clause=fixed(2))

Days may be written as people here write them, "31.5.2019", or given as dates.
"""

from datetime import date
from decimal import Decimal

from app.rules import policy
from app.rules.facts import (
    AdjustmentFacts,
    AwardCriterion,
    ClauseFacts,
    ClosureFacts,
    Completion,
    ContractFacts,
    EmploymentForm,
    FixedCount,
    OptionFacts,
    PositionFacts,
    PurchaseFacts,
    PurchaseThreshold,
    TargetGroup,
    TerminationFacts,
    Terms,
)

Day = date | str
Fact = PositionFacts | PurchaseFacts | OptionFacts | AdjustmentFacts | TerminationFacts | ClosureFacts


# --- Days and money


def d(day: Day) -> date:
    """A day written "31.5.2019"."""
    if isinstance(day, date):
        return day
    day_of_month, month, year = day.split(".")
    return date(int(year), int(month), int(day_of_month))


def d_or_none(day: Day | None) -> date | None:
    return None if day is None else d(day)


def cents(euros: int | str) -> int:
    """Whole cents of euros written 1000 or "999.99"."""
    return int(Decimal(euros) * 100)


# --- Facts of the rules: the clause


def clause(
    terms: Terms,
    *,
    completion: Completion = Completion.WITHIN_CONTRACT,
    months: int = policy.DEFAULT_MIN_DURATION_MONTHS,
    hours: str | None = None,
    forms: frozenset[str] = frozenset(policy.DEFAULT_EMPLOYMENT_FORMS),
    groups: frozenset[str] | None = None,
    replacement: bool = True,
    start_within: int | None = None,
    replacement_within: int = policy.DEFAULT_REPLACEMENT_WITHIN_MONTHS,
) -> ClauseFacts:
    """Any clause; `hours` a week, the rest in months."""
    return ClauseFacts(
        terms=terms,
        completion=completion,
        min_duration_months=months,
        min_weekly_hours=None if hours is None else Decimal(hours),
        employment_forms=forms,
        target_groups=groups,
        replacement_allowed=replacement,
        start_within_months=start_within,
        replacement_within_months=replacement_within,
    )


def fixed(
    positions: int = 1,
    *,
    completion: Completion = Completion.WITHIN_CONTRACT,
    months: int = policy.DEFAULT_MIN_DURATION_MONTHS,
    hours: str | None = None,
    replacement: bool = True,
    start_within: int | None = None,
) -> ClauseFacts:
    """A fixed count; the months full by the contract's end unless told otherwise."""
    return clause(
        FixedCount(positions),
        completion=completion,
        months=months,
        hours=hours,
        replacement=replacement,
        start_within=start_within,
    )


def threshold(
    euros: int | str = 1000,
    per: int = 1,
    cap: int | None = None,
    *,
    completion: Completion = Completion.MAY_FOLLOW_CONTRACT,
    months: int = policy.DEFAULT_MIN_DURATION_MONTHS,
    replacement: bool = True,
    start_within: int | None = None,
) -> ClauseFacts:
    """A purchase threshold; the months may follow the contract unless told otherwise."""
    return clause(
        PurchaseThreshold(cents(euros), per, cap),
        completion=completion,
        months=months,
        replacement=replacement,
        start_within=start_within,
    )


def promise(committed: int, *, start_within: int | None = None) -> ClauseFacts:
    """An award criterion with what the supplier promised."""
    return clause(AwardCriterion(committed), start_within=start_within)


# --- Facts of the rules: what is recorded


def position(
    starts: Day,
    id: str | None = None,
    *,
    agreed: Day | None = None,
    logged: Day | None = None,
    planned_end: Day | None = None,
    ended: Day | None = None,
    end_recorded: Day | None = None,
    form: str = EmploymentForm.EMPLOYMENT.value,
    group: str = TargetGroup.LONG_TERM_UNEMPLOYED.value,
    hours: str | None = None,
    replaces: str | None = None,
) -> PositionFacts:
    """A job, agreed and logged on its first day and its end recorded on its last, unless told otherwise. Its id is by
    default its first day in ISO form."""
    agreed_on = d(starts if agreed is None else agreed)
    return PositionFacts(
        id=d(starts).isoformat() if id is None else id,
        starts_on=d(starts),
        agreed_on=agreed_on,
        employment_form=form,
        target_group=group,
        logged_on=agreed_on if logged is None else d(logged),
        planned_end_on=d_or_none(planned_end),
        ended_on=d_or_none(ended),
        end_recorded_on=d_or_none(ended if end_recorded is None else end_recorded),
        weekly_hours=None if hours is None else Decimal(hours),
        replaces_id=replaces,
    )


def purchase(on: Day, euros: int | str = 1000, *, recorded: Day | None = None) -> PurchaseFacts:
    """What was bought on a day, recorded that day; a credit note is negative."""
    return PurchaseFacts(d(on), cents(euros), d(on if recorded is None else recorded))


def option(ends: Day, exercised: Day | None = None) -> OptionFacts:
    """An extension; its id is its last day in ISO form."""
    return OptionFacts(d(ends).isoformat(), d(ends), d_or_none(exercised))


def termination(on: Day, decided: Day | None = None) -> TerminationFacts:
    """A termination, by default decided on its day."""
    return TerminationFacts(d(on), d(on if decided is None else decided))


def adjustment(on: Day, delta: int, *, recorded: Day | None = None) -> AdjustmentFacts:
    """A change of the number required, recorded on the day it takes effect."""
    return AdjustmentFacts(d(on), delta, d(on if recorded is None else recorded))


def closure(on: Day) -> ClosureFacts:
    """The decision to close the obligation."""
    return ClosureFacts(d(on))


def contract(
    *facts: Fact,
    clause: ClauseFacts | None = None,
    starts: Day = "1.3.2018",
    ends: Day = "28.2.2020",
    counts_from: Day | None = None,
    registered: Day | None = None,
    last_recorded: Day | None = None,
    lead: int = policy.DEFAULT_LEAD_DAYS,
    value: int | str | None = None,
) -> ContractFacts:
    """The contract of the worked examples with the facts given; `value` in euros. Nothing was recorded on it since its
    registration unless `last_recorded` says so (it matters only to the reminder of silence)."""
    registered_on = d(starts if registered is None else registered)
    positions = tuple(fact for fact in facts if isinstance(fact, PositionFacts))
    assert len({fact.id for fact in positions}) == len(positions), "positions that start on one day need ids"
    return ContractFacts(
        clause=fixed() if clause is None else clause,
        starts_on=d(starts),
        ends_on=d(ends),
        counts_from=d(starts if counts_from is None else counts_from),
        registered_on=registered_on,
        last_recorded_on=registered_on if last_recorded is None else d(last_recorded),
        lead_days=lead,
        value_cents=None if value is None else cents(value),
        options=tuple(fact for fact in facts if isinstance(fact, OptionFacts)),
        termination=next((fact for fact in facts if isinstance(fact, TerminationFacts)), None),
        adjustments=tuple(fact for fact in facts if isinstance(fact, AdjustmentFacts)),
        closure=next((fact for fact in facts if isinstance(fact, ClosureFacts)), None),
        positions=positions,
        purchases=tuple(fact for fact in facts if isinstance(fact, PurchaseFacts)),
    )
