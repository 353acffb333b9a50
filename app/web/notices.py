"""What a contract's page says at its top after something was done: `?done=CODE&…` names it, the facts of now word it.

Whoever sends people to the page builds the address with `address`; `notice` words it. A code or an id that the page
does not know says nothing: the address is anyone's to write.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.language.catalogues import Text, msgid
from app.language.positions import not_counted_sentence
from app.language.sentences import Values, made
from app.language.warnings import warning_sentence
from app.rules.progress import JobState
from app.services.contract_pages import ContractView, PositionLine

SUCCESS, ALERT = "success", "alert"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the page: `kind` is its look, `sentences` what it says, the first the weightiest. `replace` is the
    id of a job that ended and that someone else could take up again."""

    kind: str
    sentences: tuple[str, ...]
    replace: str | None = None


def address(contract_id: str, code: str, **ids: str) -> str:
    """The contract's page, saying that something was done. Raises KeyError for a code that no page knows.

    `position=ID` goes with the codes of positions, `purchase=ID` with those of purchases, `option=ID` with options.
    """
    if code not in CODES:
        raise KeyError(code)
    return f"/contracts/{contract_id}?{urlencode({'done': code} | ids)}"


DONE: dict[str, Text] = {
    "purchase_voided": msgid("The purchase was voided. It no longer counts."),
    "adjusted": msgid("The decision was recorded. From now on the obligation stands as follows."),
    "adjustment_voided": msgid("The decision was voided. It no longer counts."),
    "closed": msgid("The closing of the obligation was recorded."),
    "disputed": msgid("The dispute was recorded. Nothing of the contract is erased until you say that it is over."),
    "dispute_lifted": msgid("The dispute is over. The time for which the jobs are kept begins anew today."),
    "closure_voided": msgid("The closing was voided. The obligation is in force again."),
    "contract_changed": msgid("The changes were saved."),
    "noted": msgid("The note was saved."),
    "acknowledged": msgid("Your acknowledgement is recorded. The reminders repeat only when something changes."),
    "position_voided": msgid("The job was voided. It no longer counts."),
    "option_added": msgid("The option was added. It prolongs the contract only once the city takes it."),
}
"""What is said whatever the facts are."""

LOGGED_COUNTS = msgid("The job was logged and it counts. It must last until {completes_on}.")
LOGGED_NOT = msgid("The job was logged, but it does not count towards the obligation.")
CHANGED_COUNTS = msgid("The changes were saved. The job counts, and must last until {completes_on}.")
CHANGED_NOT = msgid("The changes were saved. The job does not count towards the obligation.")
ENDED_COMPLETE = msgid("The end was recorded. The job was complete on {completes_on} and counts.")
ENDED_SHORT = msgid("The end was recorded. The job lasted {served} of the {needed} days needed.")
ENDED_REPLACE = msgid("Someone else can take it up again: they need only the {left} days that are left.")
PURCHASE_ADDED = msgid("The purchase of {cents} was added.")
PURCHASE_OUTSIDE = msgid("The purchase of {cents} was added. It does not count: its day lies outside the contract.")
PURCHASE_FOR_INFORMATION = msgid(
    "The purchase of {cents} was added. It is kept for information: this clause does not depend on purchases."
)
EXERCISED = msgid("The option was taken: the contract lasts until {effective_end_on}.")
TERMINATED = msgid("The termination was recorded: the contract lasts until {effective_end_on}.")
TERMINATION_WITHDRAWN = msgid("The termination was taken back: the contract lasts until {effective_end_on}.")
HANDED_OVER = msgid("The contract was handed over to {owner}, who gets a message about it.")
SNOOZED = msgid("Reminders are muted until {until}.")
REGISTERED = msgid("The contract was registered.")


Asked = Mapping[str, str]
"""The address's parameters."""
Worded = Callable[[ContractView, Asked, str], Notice | None]


def notice(view: ContractView, asked: Asked, language: str) -> Notice | None:
    """What to say of what was just done; None where the address names nothing that this page knows."""
    code = asked.get("done", "")
    if code in DONE:
        return _said(language, DONE[code])
    worded = FROM_FACTS.get(code)
    return None if worded is None else worded(view, asked, language)


def _said(language: str, text: Text, values: Values | None = None, kind: str = SUCCESS) -> Notice:
    return Notice(kind, (made(text, values or {}, language),))


def _line(view: ContractView, asked: Asked) -> PositionLine | None:
    return next((line for line in view.positions if line.row.id == asked.get("position")), None)


def _counting(counts: Text, not_counting: Text) -> Worded:
    """Whether a job counts and until when it must last, or why not."""

    def word(view: ContractView, asked: Asked, language: str) -> Notice | None:
        line = _line(view, asked)
        if line is None:
            return None
        if line.progress is None:
            why = (not_counted_sentence(code, language) for code in line.not_counted)
            return Notice(ALERT, (made(not_counting, {}, language), *why))
        return _said(language, counts, {"completes_on": line.progress.completes_on})

    return word


def _ended(view: ContractView, asked: Asked, language: str) -> Notice | None:
    """Whether the job was complete when it ended; if not, whether someone else can go on with it."""
    line = _line(view, asked)
    if line is None:
        return None
    progress = line.progress
    if progress is None:
        return _counting(CHANGED_COUNTS, CHANGED_NOT)(view, asked, language)
    if progress.served >= progress.needed:
        return _said(language, ENDED_COMPLETE, {"completes_on": progress.completes_on})
    values = {"served": progress.served, "needed": progress.needed, "left": progress.needed - progress.served}
    sentences = [made(ENDED_SHORT, values, language)]
    if line.replaceable and progress.state is JobState.BROKEN_OFF:
        sentences.append(made(ENDED_REPLACE, values, language))
        return Notice(ALERT, tuple(sentences), line.row.id)
    return Notice(ALERT, tuple(sentences))


def _purchase_added(view: ContractView, asked: Asked, language: str) -> Notice | None:
    lines = view.purchases.lines if view.purchases else ()
    for row, counts in lines:
        if row.id == asked.get("purchase"):
            text = PURCHASE_OUTSIDE if view.by_purchases else PURCHASE_FOR_INFORMATION
            values = {"cents": row.amount_cents}
            return _said(language, PURCHASE_ADDED if counts else text, values, SUCCESS if counts else ALERT)
    return None


def _terminated(view: ContractView, _asked: Asked, language: str) -> Notice:
    text = TERMINATED if view.row.terminated_on is not None else TERMINATION_WITHDRAWN
    return _said(language, text, {"effective_end_on": view.judgement.standing.effective_end_on})


def _registered(view: ContractView, _asked: Asked, language: str) -> Notice:
    """The warnings stay until the contract is left: now the clause can still be mended."""
    warnings = tuple(warning_sentence(warning, language) for warning in view.warnings)
    return Notice(ALERT if warnings else SUCCESS, (made(REGISTERED, {}, language), *warnings))


def _exercised(view: ContractView, _asked: Asked, language: str) -> Notice:
    return _said(language, EXERCISED, {"effective_end_on": view.judgement.standing.effective_end_on})


def _handed_over(view: ContractView, _asked: Asked, language: str) -> Notice:
    return _said(language, HANDED_OVER, {"owner": view.row.owner_name})


def _snoozed(view: ContractView, _asked: Asked, language: str) -> Notice | None:
    until = view.reminders.muting.snoozed_until
    return None if until is None else _said(language, SNOOZED, {"until": until})


FROM_FACTS: dict[str, Worded] = {
    "position_logged": _counting(LOGGED_COUNTS, LOGGED_NOT),
    "position_changed": _counting(CHANGED_COUNTS, CHANGED_NOT),
    "position_ended": _ended,
    "purchase_added": _purchase_added,
    "option_exercised": _exercised,
    "terminated": _terminated,
    "handed_over": _handed_over,
    "snoozed": _snoozed,
    "registered": _registered,
}
"""What is worded from the contract as it stands now."""
CODES = frozenset(DONE) | frozenset(FROM_FACTS)
