"""What has become of a position, and why it does not count, as sentences."""

from app.language.catalogues import msgid
from app.language.sentences import Values, made

NOT_COUNTED: dict[str, str] = {
    "form_not_accepted": msgid("The clause does not accept this form of employment."),
    "group_not_accepted": msgid("The clause does not accept this target group."),
    "hours_unknown": msgid(
        "The clause sets a shortest working time, and the weekly hours are not recorded. Record them."
    ),
    "hours_too_few": msgid("The weekly hours are fewer than the clause asks for."),
    "not_yet_agreed": msgid("The job was not yet agreed on that day."),
    "starts_before_period": msgid("The job starts before the day from which jobs count under this contract."),
    "starts_after_period": msgid("The job starts after the contract's last day."),
    "replaced_position_goes_on": msgid(
        "The job that this one continues has no last day. Record it so that this one counts."
    ),
    "voided": msgid("The job was entered wrongly and is voided."),
    "chain_already_complete": msgid("The job that this one continues was complete without it."),
}

NOT_COUNTED_CODES = frozenset(NOT_COUNTED)


def not_counted_sentence(code: str, language: str) -> str:
    """Why a position does not count, in a language; raises KeyError for a code or a language that is unknown."""
    return made(NOT_COUNTED[code], {}, language)


STATES: dict[str, str] = {
    "completed": msgid("Completed on {on}"),
    "completed_late": msgid("Completed on {on}, too late"),
    "running": msgid("Counts if it lasts until {on}"),
    "running_late": msgid("Will be complete on {on}, too late"),
    "upcoming": msgid("Agreed; counts if it lasts until {on}"),
    "upcoming_late": msgid("Agreed; will be complete on {on}, too late"),
    "continued": msgid("Ended early, continued by another"),
    "will_be_continued": msgid("Ends early, another continues"),
    "broken_off": msgid("Broke off on {on}"),
    "too_short": msgid("Ends on {on}, too early to be complete"),
}
"""By rules.progress.JobState."""


def state_sentence(state: str, values: Values, language: str) -> str:
    """What has become of a position that counts; raises KeyError for a state or a language that is unknown."""
    return made(STATES[state], values, language)
