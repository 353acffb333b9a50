"""The warnings on a clause as sentences: what is doubtful about it and what could be changed."""

from app.language.catalogues import Text, msgid, msgids
from app.language.sentences import made
from app.rules.reasons import Reason

WARNINGS: dict[str, Text] = {
    "cannot_be_met_from_start": msgid(
        "The clause cannot be met during the contract: the period from {starts_on} to {ends_on} is shorter than "
        "{months}. Shorten the clause's duration, or allow it to be completed after the contract."
    ),
    "leaves_little_time": msgids(
        "There is time to start only until {latest_start_on}, although {lead_days} day is reserved for finding a "
        "suitable person.",
        "There is time to start only until {latest_start_on}, although {lead_days} days are reserved for finding a "
        "suitable person.",
        by="lead_days",
    ),
    "below_work_condition": msgid(
        "The clause's duration is {months}. The work condition of unemployment security takes {months_needed}, so this "
        "work alone does not fulfil it."
    ),
    "hours_below_work_condition": msgids(
        "The clause's shortest working time is {hours} hour a week. Only weeks of at least {hours_needed} hours count "
        "towards the work condition of unemployment security.",
        "The clause's shortest working time is {hours} hours a week. Only weeks of at least {hours_needed} hours count "
        "towards the work condition of unemployment security.",
        by="hours",
    ),
    "heavy_for_value": msgids(
        "The clause asks for much: {positions} position for {cents}. Compare with one position for each {limit_cents}.",
        "The clause asks for much: {positions} positions for {cents}. Compare with one position for each "
        "{limit_cents}.",
        by="positions",
    ),
    "short_time_to_start": msgids(
        "Of the contract's period, from {starts_on} to {ends_on}, {months} is needed for the work. That leaves "
        "{months_left} to start it: the last day is {latest_start_on}.",
        "Of the contract's period, from {starts_on} to {ends_on}, {months} are needed for the work. That leaves "
        "{months_left} to start it: the last day is {latest_start_on}.",
        by="months",
    ),
    "services_charged": msgid(
        "The clause accepts other work than paid work. Since {since} the municipality pays its share of the "
        "unemployment benefit during services such as work trials too, so only paid work relieves it."
    ),
}

WARNING_CODES = frozenset(WARNINGS)


def warning_sentence(warning: Reason, language: str) -> str:
    """A warning in a language; raises KeyError for a code or a language that is unknown."""
    return made(WARNINGS[warning.code], warning.values, language)
