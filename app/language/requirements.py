"""What a clause will require, as sentences: how many people, and by when they must start."""

from app.language.catalogues import Text, msgid, msgids
from app.language.reasons import DETAILS, sentence
from app.language.sentences import made
from app.rules.reasons import Reason

REQUIREMENTS: dict[str, Text] = {
    "must_hire": msgids("One person must be employed.", "{positions} people must be employed.", by="positions"),
    "nothing_promised": msgid("The supplier promised to employ nobody, so there is no obligation."),
    "must_hire_for_purchases": msgids(
        "For every full {threshold_euros} euros bought, one person must be employed.",
        "For every full {threshold_euros} euros bought, {positions} people must be employed.",
        by="positions",
    ),
    "at_most_by_value": msgids(
        "By the contract's value, {value_cents}, that is {count} person at the most.",
        "By the contract's value, {value_cents}, that is {count} people at the most.",
        by="count",
    ),
    "at_most": msgids("Altogether {count} person at the most.", "Altogether {count} people at the most.", by="count"),
    "must_start_by": msgids(
        "They must start by {latest_start_on}, so that {months} is full before the contract ends on {ends_on}.",
        "All of them must start by {latest_start_on}, so that {months} is full before the contract ends on {ends_on}.",
        by="count",
    ),
    "must_start_during": msgids(
        "They must start by {latest_start_on}, when the contract ends; {months} may be completed after it.",
        "All of them must start by {latest_start_on}, when the contract ends; {months} may be completed after it.",
        by="count",
    ),
    "must_start_within": msgids(
        "The clause gives {start_within_months} to start, so they must start by {latest_start_on}.",
        "The clause gives {start_within_months} to start, so all of them must start by {latest_start_on}.",
        by="count",
    ),
    "threshold_start_within": msgid("Whenever a threshold is reached, there is {start_within_months} to start."),
    "threshold_start_during": msgid(
        "Everyone must start by {latest_start_on}, when the contract ends; {months} may be completed after it."
    ),
    "threshold_start_by": msgid(
        "Everyone must start by {latest_start_on}, so that {months} is full before the contract ends on {ends_on}."
    ),
}

REQUIREMENT_CODES = frozenset(REQUIREMENTS)


def requirement_sentence(reason: Reason, language: str) -> str:
    """A requirement in a language; raises KeyError for a code or a language that is unknown."""
    if reason.code in DETAILS:
        return sentence(reason, language)
    return made(REQUIREMENTS[reason.code], reason.values, language)
