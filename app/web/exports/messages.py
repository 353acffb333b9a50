"""Messages as a file: what was sent to whom and why, without their texts."""

from collections.abc import Callable

from app.language.catalogues import msgid
from app.language.labels import label
from app.language.mail_failures import failure_sentence
from app.services import list_exports
from app.services.messages import Shown
from app.storage.messages import Wanted
from app.web.exports.listing import Asked, Listing, Reader, Titled, at, titled
from app.web.forms import FormWrong
from app.web.messages import chosen_of
from app.web.spreadsheets import Cell
from app.web.visiting import Visit


def _moment(name: str) -> Callable[[Shown, Reader], Cell]:
    return lambda shown, reader: reader.moment(getattr(shown.message, name))


def _contracts(shown: Shown, _reader: Reader) -> Cell:
    return "; ".join(dict.fromkeys(f"{one.reference}, {one.title}" for one in shown.told))


def _reasons(shown: Shown, reader: Reader) -> Cell:
    return "; ".join(f"{one.reference}: {label('reminder', one.kind, reader.language)}" for one in shown.told)


def _trouble(shown: Shown, reader: Reader) -> Cell:
    return None if shown.last_error is None else failure_sentence(shown.last_error, reader.language)


COLUMNS: tuple[Titled[Shown], ...] = (
    titled(msgid("day"), 12, at("message.for_on")),
    titled(msgid("recipient"), 24, at("message.to_name")),
    titled(msgid("recipient's e-mail"), 30, at("message.to_email")),
    titled(msgid("language"), 12, lambda shown, reader: reader.word("language", shown.message.language)),
    titled(msgid("status"), 14, lambda shown, reader: reader.word("message_status", shown.message.status)),
    titled(msgid("subject"), 50, at("subject")),
    titled(msgid("contracts"), 40, _contracts),
    titled(msgid("what it tells of"), 50, _reasons),
    titled(
        msgid("also tells of contracts of other units"), 14, lambda shown, reader: reader.yes_or_no(not shown.whole)
    ),
    titled(msgid("attempts"), 10, at("message.attempts")),
    titled(msgid("queued at"), 16, _moment("created_at")),
    titled(msgid("sent at"), 16, _moment("sent_at")),
    titled(msgid("next attempt at"), 16, _moment("next_attempt_at")),
    titled(msgid("what went wrong"), 50, _trouble),
)


def _asked(visit: Visit) -> Asked[Shown] | None:
    try:
        which = chosen_of(visit)
    except FormWrong:
        return None
    narrowed = {name: getattr(which, name) for name in ("status", "contract_id", "to", "contract", "on")}
    return Asked(lambda session, act: list_exports.message_list(session, which, act), narrowed)


MESSAGES = Listing(
    subject="message",
    title=msgid("messages"),
    file_names={"fi": "viestit", "sv": "meddelanden", "en": "messages"},
    columns=COLUMNS,
    asked=_asked,
    page="/messages",
    everything=Asked(lambda session, act: list_exports.message_list(session, Wanted(), act)),
)
