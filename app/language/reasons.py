"""Every reason of a judgement as a sentence: the headline, and what it hides."""

from app.language.catalogues import Text, msgid, msgids
from app.language.headlines import HEADLINES, headline
from app.language.sentences import made
from app.rules.reasons import Reason

DETAILS: dict[str, Text] = {
    "start_day_passed": msgids(
        "{count} of the missing positions is already late: the last day to start has passed.",
        "{count} of the missing positions are already late: the last day to start has passed.",
        by="count",
    ),
    "can_start_until": msgids(
        "{count} of the missing positions can still be arranged if the work starts by {until}.",
        "{count} of the missing positions can still be arranged if the work starts by {until}.",
        by="count",
    ),
    "can_be_continued": msgids(
        "Someone else can take up the job whose last day is {ended_on}: whoever starts by {until} needs only "
        "{days_left} day.",
        "Someone else can take up the job whose last day is {ended_on}: whoever starts by {until} needs only "
        "{days_left} days.",
        by="days_left",
    ),
    "option_would_extend": msgid(
        "If the city takes the option to {ends_on}, the last day to start is {latest_start_on}."
    ),
    "option_would_cover": msgid("If the city takes the option to {ends_on}, no position is missing."),
    "termination_leaves_obligation": msgids(
        "It has been decided that the contract ends early, on {terminated_on}, and {missing} position is missing. "
        "The city must decide whether the obligation stays as it is, changes or is closed.",
        "It has been decided that the contract ends early, on {terminated_on}, and {missing} positions are missing. "
        "The city must decide whether the obligation stays as it is, changes or is closed.",
        by="missing",
    ),
    "interrupted": msgid("A job broke off on {ended_on}, after {days_served} of {days_needed} days."),
    "planned_end_too_early": msgid(
        "A job is agreed to end on {ends_on}, after {days_served} of {days_needed} days. That is too few."
    ),
    "completed_late": msgid(
        "A job was completed on {completes_on}, too late for the obligation. The contract's last day is "
        "{effective_end_on}."
    ),
    "completes_late": msgid(
        "A job will be complete only on {completes_on}, too late for the obligation. The contract's last day is "
        "{effective_end_on}."
    ),
    "replacement_waits": msgid(
        "Someone to continue a job has been agreed, but the job's last day is not recorded. Record it so that whoever "
        "continues counts."
    ),
    "started_late": msgid(
        "A job that the clause wanted to start by {latest_start_on} has {starts_on} as its first day. It counts "
        "nevertheless."
    ),
    "next_threshold": msgid(
        "Purchases have reached {purchased_cents}. The obligation grows when they reach {next_at_cents}, "
        "{left_cents} more than now."
    ),
}

REASON_CODES = frozenset(HEADLINES) | (frozenset(DETAILS) - {"option_would_cover"})


def sentence(reason: Reason, language: str) -> str:
    """A reason in a language, one sentence or a few; ids among its values are never told. Raises KeyError for a code
    or a language that is unknown."""
    code, values = reason.code, reason.values
    if code in HEADLINES:
        return headline(code, values, language)
    if code == "option_would_extend" and values["latest_start_on"] is None:
        code = "option_would_cover"
    return made(DETAILS[code], values, language)
