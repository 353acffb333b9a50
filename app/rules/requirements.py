"""What a clause will require of a contract and by when, before anything is recorded on it; as codes with values.

The days are those of the judgement: a preview that promised other days than the contract's page would mislead.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.rules.clauses import positions_for, unlimited_latest_start
from app.rules.facts import ClauseFacts, Completion, ContractFacts, FixedCount, PurchaseThreshold
from app.rules.judgement import judge
from app.rules.reasons import Reason

FORETOLD = frozenset({"option_would_extend"})
"""Reasons of the judgement that are worth telling before the contract is registered."""


def required_people(clause: ClauseFacts) -> tuple[Reason, ...]:
    """How many people the clause asks for, whatever the contract."""
    terms = clause.terms
    if isinstance(terms, PurchaseThreshold):
        return (_by_purchases(terms),)
    count = terms.positions if isinstance(terms, FixedCount) else terms.committed_positions
    return (Reason("must_hire", {"positions": count}) if count else Reason("nothing_promised", {}),)


def requirements(facts: ContractFacts, as_of: date) -> tuple[Reason, ...]:
    """How many people the contract must employ and by when each must start, judged as of a day."""
    people = required_people(facts.clause)
    if isinstance(facts.clause.terms, PurchaseThreshold):
        return (*people, *_most(facts, facts.clause.terms), *_after_threshold(facts, as_of))
    return (*people, *_start(facts, as_of))


def _by_purchases(terms: PurchaseThreshold) -> Reason:
    return Reason(
        "must_hire_for_purchases",
        {"positions": terms.positions_per_threshold, "threshold_euros": _euros(terms.threshold_cents)},
    )


def _euros(cents: int) -> int | Decimal:
    return cents // 100 if cents % 100 == 0 else Decimal(cents) / 100


def _most(facts: ContractFacts, terms: PurchaseThreshold) -> Iterator[Reason]:
    """How many fall due at the most: by the contract's value, or by the cap."""
    cap, value = terms.max_positions, facts.value_cents
    most = None if value is None else positions_for(terms, value)
    if most is not None and value is not None and most != cap:
        yield Reason("at_most_by_value", {"count": most, "value_cents": value})
    elif cap is not None:
        yield Reason("at_most", {"count": cap})


def _start(facts: ContractFacts, as_of: date) -> Iterator[Reason]:
    """Nothing where none is required, or where no day is left: that the clause cannot be met is a warning."""
    judgement = judge(facts, as_of)
    standing = judgement.standing
    latest = standing.latest_start_on
    if latest is None or latest < facts.counts_from:
        return
    values = {"count": standing.required, "latest_start_on": latest, "ends_on": standing.effective_end_on}
    values |= {"months": facts.clause.min_duration_months}
    if latest < unlimited_latest_start(facts.clause, standing.effective_end_on):
        values |= {"start_within_months": facts.clause.start_within_months}
        yield Reason("must_start_within", values)
    elif facts.clause.completion is Completion.MAY_FOLLOW_CONTRACT:
        yield Reason("must_start_during", values)
    else:
        yield Reason("must_start_by", values)
    yield from (reason for reason in judgement.reasons if reason.code in FORETOLD)


def _after_threshold(facts: ContractFacts, as_of: date) -> Iterator[Reason]:
    """When someone must start once purchases have reached a threshold."""
    end = judge(facts, as_of).standing.effective_end_on
    latest = unlimited_latest_start(facts.clause, end)
    if latest < facts.counts_from:
        return
    values: dict[str, object] = {"latest_start_on": latest, "ends_on": end, "months": facts.clause.min_duration_months}
    if facts.clause.start_within_months is not None:
        yield Reason("threshold_start_within", {"start_within_months": facts.clause.start_within_months})
    if facts.clause.completion is Completion.MAY_FOLLOW_CONTRACT:
        yield Reason("threshold_start_during", values)
    else:
        yield Reason("threshold_start_by", values)
