"""What happened on a contract, one line each, as a new owner reads it."""

from app.language.catalogues import msgid
from app.language.labels import label
from app.language.sentences import Values, made

EVENTS: dict[str, str] = {
    "registered": msgid("The contract was registered in the service."),
    "status_became": msgid("The obligation's status: {status}."),
    "job_began": msgid("A job began ({employment_form})."),
    "job_ended": msgid("A job ended ({employment_form})."),
    "adjusted": msgid("The number of positions changed by {change}: {reason} (decision {decision_reference})."),
    "closed": msgid("The city closed the obligation: {reason} (decision {decision_reference})."),
    "option_exercised": msgid("The city took the option: the contract lasts until {ends_on}."),
    "noted": msgid("Note by {author}: {text}"),
    "handed_over": msgid("The contract passed from {former} to {new}."),
}


def history_line(code: str, values: Values, language: str) -> str:
    """One line of a contract's history in a language; raises KeyError for a code or a language that is unknown."""
    words = dict(values)
    for kind in ("status", "employment_form"):
        if kind in words:
            words[kind] = label(kind, str(words[kind]), language)
    if "delta" in words:
        words["change"] = f"{words.pop('delta'):+}".replace("-", "−")
    return made(EVENTS[code], words, language)
