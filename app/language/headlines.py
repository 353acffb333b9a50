"""The judgement in a sentence or three: what is arranged, what is missing, by when someone must start and why then.

Several missing positions may have different last days, and the day told is the earliest of them. Only where all have
that day the sentences say that all must start by then; else that those who do are in time, which holds for all.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.language.catalogues import Text, msgid, msgid_in, msgids, translated_in
from app.language.sentences import Values, made, whole_number, written
from app.rules.facts import Completion

OUT_OF = (
    msgid_in("out of", "one"),
    msgid_in("out of", "two"),
    msgid_in("out of", "three"),
    msgid_in("out of", "four"),
    msgid_in("out of", "five"),
    msgid_in("out of", "six"),
    msgid_in("out of", "seven"),
    msgid_in("out of", "eight"),
    msgid_in("out of", "nine"),
    msgid_in("out of", "ten"),
)
"""The number after "two out of": Finnish inflects it."""

SOMEONE = msgid_in("must start", "someone")
FIRST_OF_THEM = msgid_in("must start", "the first of them")
ALL_OF_THEM = msgid_in("must start", "all of them")
LAST_ONE = msgid_in("must start", "the last one")
ORDINALS = (
    msgid_in("must start", "the second"),
    msgid_in("must start", "the third"),
    msgid_in("must start", "the fourth"),
    msgid_in("must start", "the fifth"),
    msgid_in("must start", "the sixth"),
    msgid_in("must start", "the seventh"),
    msgid_in("must start", "the eighth"),
    msgid_in("must start", "the ninth"),
    msgid_in("must start", "the tenth"),
)
"""Who must start where one is missing: the second of two, the third of three."""

MISSING_ALL = msgids(
    "The required position is missing.", "The {required} required positions are missing.", by="required"
)
MISSING_ONE = msgids("{covered} of {of_required} is covered.", "{covered} of {of_required} are covered.", by="covered")
MISSING_MANY = msgids(
    "{covered} of {of_required} is covered and {missing} are missing.",
    "{covered} of {of_required} are covered and {missing} are missing.",
    by="covered",
)

START_WITHIN_CONTRACT = msgids(
    "{who} must start by {latest_start_on} to complete {months} by {effective_end_on}, when the contract ends.",
    "If the missing positions start by {latest_start_on}, they can complete {months} by {effective_end_on}, when the "
    "contract ends.",
    by="unlike",
)
START_MAY_FOLLOW = msgids(
    "{who} must start by {latest_start_on}, when the contract ends; {months} may be completed after it.",
    "There is time to start until {latest_start_on}, when the contract ends; {months} may be completed after it.",
    by="unlike",
)
START_WITHIN_MONTHS = msgids(
    "The clause gives {start_within_months} to start: {who} must start by {latest_start_on}.",
    "The clause gives {start_within_months} to start, that is, until {latest_start_on}.",
    by="unlike",
)
START_CONTINUATION = msgid(
    "Someone else can take up the job that breaks off: they must start by {latest_start_on} and need only the days "
    "that are left."
)

LATE_START_WITHIN = msgid(
    "The clause gives {start_within_months} to start, and {who} should have started by {latest_start_on}."
)
LATE_START = msgid("{who} should have started by {latest_start_on}.")
STILL_POSSIBLE = msgid("The obligation can still be met if the work starts by {last_chance_on}.")

LOST_WITHIN_CONTRACT = msgid(
    "{who} should have started by {last_chance_on} to complete {months} by {effective_end_on}, when the contract ends."
)
LOST_CONTINUATION = msgid(
    "Someone should have taken up the job that broke off by {last_chance_on} to complete the days that were left by "
    "{effective_end_on}, when the contract ends."
)
LOST = msgids(
    "The last day on which the work could have started in time was {last_chance_on}: the contract ends on "
    "{effective_end_on}.",
    "The last day on which all the missing positions could have started in time was {last_chance_on}: the contract "
    "ends on {effective_end_on}.",
    by="missing",
)

CONTRACT_ENDED = msgid("The contract ended on {effective_end_on} and the obligation was not fulfilled.")
LEFT_MISSING = msgids(
    "Of {of_required} required positions {missing} is missing.",
    "Of {of_required} required positions {missing} are missing.",
    by="missing",
)
COMPLETED_TOO_LATE = msgids(
    "{late} position was completed, but too late.",
    "{late} positions were completed, but too late.",
    by="late",
)

COVERED = msgids("The required position is covered.", "The {required} required positions are covered.", by="required")
WILL_BE_FULFILLED = msgid("The obligation will be fulfilled on {complete_on} if the work goes on as agreed.")

FULFILLED = msgids(
    "The obligation is fulfilled: the required position is complete.",
    "The obligation is fulfilled: the {required} required positions are complete.",
    by="required",
)
MORE_THAN_FULFILLED = msgids(
    "The obligation is fulfilled: {required} position was required, and {completed} are complete.",
    "The obligation is fulfilled: {required} positions were required, and {completed} are complete.",
    by="required",
)

STARTS = msgid("The contract starts on {starts_on}.")
STARTS_WITH_NONE = msgid("It does not require any positions yet.")
STARTS_WITH = msgids("It requires one position.", "It requires {required} positions.", by="required")

NO_OBLIGATION = msgid("At this stage the contract requires no positions.")
CLOSED = msgid("The city closed the obligation by a decision on {effective_on}.")


def _standing(values: Values) -> Text:
    """How many of the required positions are covered and missing."""
    if whole_number(values, "covered") == 0:
        return MISSING_ALL
    return MISSING_ONE if values["missing"] == 1 else MISSING_MANY


def _start_needed(values: Values) -> Sequence[Text]:
    match values["limit"]:
        case "continuation":
            start: Text = START_CONTINUATION
        case "start_within":
            start = START_WITHIN_MONTHS
        case Completion.MAY_FOLLOW_CONTRACT:
            start = START_MAY_FOLLOW
        case _:
            start = START_WITHIN_CONTRACT
    return _standing(values), start


def _overdue(values: Values) -> Sequence[Text]:
    late = LATE_START_WITHIN if values["limit"] == "start_within" else LATE_START
    return _standing(values), late, STILL_POSSIBLE


def _cannot_be_met(values: Values) -> Sequence[Text]:
    lost: Text = LOST
    if values["missing"] == 1 and values["last_chance_on"] == values["latest_start_on"]:
        if values["limit"] == "continuation":
            lost = LOST_CONTINUATION
        elif values["limit"] == Completion.WITHIN_CONTRACT:
            lost = LOST_WITHIN_CONTRACT
    return _standing(values), lost


def _breached(values: Values) -> Sequence[Text]:
    missing = MISSING_ALL if values["covered"] == 0 else LEFT_MISSING
    return CONTRACT_ENDED, missing, *([COMPLETED_TOO_LATE] if values["late"] else [])


def _on_track(values: Values) -> Sequence[Text]:
    return COVERED, *([WILL_BE_FULFILLED] if values["complete_on"] is not None else [])


def _fulfilled(values: Values) -> Sequence[Text]:
    return [FULFILLED if values["completed"] == values["required"] else MORE_THAN_FULFILLED]


def _not_started(values: Values) -> Sequence[Text]:
    return STARTS, STARTS_WITH if values["required"] else STARTS_WITH_NONE


JOBS_ERASED: Text = msgid(
    "The time for which single jobs are kept is over, and they are erased. What is said here is how the obligation "
    "stood on {on}."
)
HEADLINES: dict[str, Callable[[Values], Sequence[Text]]] = {
    "closed": lambda values: [CLOSED],
    "not_started": _not_started,
    "no_obligation": lambda values: [NO_OBLIGATION],
    "fulfilled": _fulfilled,
    "on_track": _on_track,
    "breached": _breached,
    "cannot_be_met": _cannot_be_met,
    "overdue": _overdue,
    "start_needed": _start_needed,
    "jobs_erased": lambda values: [JOBS_ERASED],
}
"""The texts of each headline, chosen by its values."""


def _who(required: int, missing: int, alike: bool, language: str) -> str:
    """Who must start: someone, the third, of several missing all or the first."""
    if missing > 1:
        who = ALL_OF_THEM if alike else FIRST_OF_THEM
    elif required == 1:
        who = SOMEONE
    else:
        who = ORDINALS[required - 2] if required - 2 < len(ORDINALS) else LAST_ONE
    return translated_in("must start", who, language)


def _alike(values: Values) -> bool:
    """Whether all the missing positions have the same last day to start."""
    return values.get("first_count") == values["missing"]


def _words(values: Values, language: str) -> dict[str, str]:
    words = written(values, language)
    required, missing = values.get("required"), values.get("missing")
    if isinstance(required, int) and isinstance(missing, int) and required and missing:
        words["who"] = _who(required, missing, _alike(values), language)
        spelled = required <= len(OUT_OF)
        words["of_required"] = translated_in("out of", OUT_OF[required - 1], language) if spelled else words["required"]
    return words


def headline(code: str, values: Values, language: str) -> str:
    """The first reason of a judgement as running text; raises KeyError for an unknown code."""
    return _told(code, values, language, _words(values, language))


def _told(code: str, values: Values, language: str, words: dict[str, str]) -> str:
    texts = HEADLINES[code](values)
    if "missing" in values:
        values = dict(values) | {"unlike": 1 if _alike(values) else values["missing"]}
    return " ".join(made(text, values, language, words) for text in texts)


KEY_DAYS = {
    "start_needed": "latest_start_on",
    "overdue": "last_chance_on",
    "cannot_be_met": "last_chance_on",
    "breached": "effective_end_on",
    "on_track": "complete_on",
    "not_started": "starts_on",
    "closed": "effective_on",
    "jobs_erased": "on",
}
"""The one day of a headline that matters most, by code."""
_OPENS, _CLOSES = "\ue000", "\ue001"
"""Private signs around that day while the sentence is made; no text has them."""


class Part(NamedTuple):
    """A piece of a sentence; `is_key` is the one day that matters."""

    text: str
    is_key: bool


def headline_parts(code: str, values: Values, language: str) -> list[Part]:
    """The headline cut at the one day that matters, so that a page can show it strong; KeyError as in `headline`."""
    words, key = _words(values, language), KEY_DAYS.get(code)
    if key in words:
        words[key] = f"{_OPENS}{words[key]}{_CLOSES}"
    pieces = re.split(f"{_OPENS}(.*?){_CLOSES}", _told(code, values, language, words))
    return [Part(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]
