"""Why a position does not count, as a sentence."""

from app.language.catalogues import msgid
from app.language.sentences import made

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
