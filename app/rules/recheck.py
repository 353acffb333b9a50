"""The next day on which the daily check must look at a contract again; until then nothing about it can differ."""

from datetime import date

from app.rules.facts import ContractFacts
from app.rules.judgement import Judgement
from app.rules.reminders import Muting, next_reminder_on


def next_fact_on(facts: ContractFacts, as_of: date) -> date | None:
    """The first day after `as_of` to which a recorded fact is dated."""
    days: list[date | None] = [purchase.on_date for purchase in facts.purchases if purchase.on_date > as_of]
    for position in facts.positions:
        days += (position.agreed_on, position.ended_on)
    days += [option.exercised_on for option in facts.options]
    days += [adjustment.effective_on for adjustment in facts.adjustments]
    days.append(facts.termination.decided_on if facts.termination else None)
    days.append(facts.closure.effective_on if facts.closure else None)
    return min([day for day in days if day is not None and day > as_of], default=None)


def recheck_on(judgement: Judgement, muting: Muting) -> date | None:
    """The earliest of the next change, the next recorded fact dated later, and the next day on which a reminder or
    its repeat may fall due; None where nothing will ever come by itself."""
    days = (
        judgement.next_change_on,
        next_fact_on(judgement.outlook.facts, judgement.as_of),
        next_reminder_on(judgement, muting),
    )
    return min((day for day in days if day is not None), default=None)
