"""The audit trail as a file: a row for each field, the newest link first."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.language.catalogues import msgid, translated
from app.schemas.audit import AuditFilter
from app.services import audit
from app.services.acting import Act
from app.services.audit import Entry
from app.web.audit_words import EntryWords
from app.web.change_words import FieldWords
from app.web.exports.changes import ERASED, NOTHING
from app.web.exports.listing import Asked, Listing, Reader, Titled, at, titled
from app.web.forms import Form, FormWrong
from app.web.spreadsheets import Cell
from app.web.visiting import Visit

FILTERS = ("who", "what", "thing", "since", "until", "person")


class Line(NamedTuple):
    """A field of a link; of one that says nothing more, the link alone."""

    entry: Entry
    field: FieldWords


def form_of(visit: Visit) -> Form:
    return Form(visit.request.query_params.multi_items(), visit.language)


def chosen_of(visit: Visit) -> AuditFilter:
    """Which links the address asks for. Raises FormWrong where a filter makes no sense."""
    form = form_of(visit)
    kept = [(name, form.text(name)) for name in FILTERS if form.text(name)]
    return Form(kept, visit.language).command(AuditFilter)


def _after(line: Line, reader: Reader) -> Cell:
    return translated(ERASED, reader.language) if line.entry.is_erased else line.field.after


COLUMNS: tuple[Titled[Line], ...] = (
    titled(msgid("number in the trail"), 10, at("entry.seq")),
    titled(msgid("moment"), 16, lambda line, reader: reader.moment(line.entry.at)),
    titled(msgid("who"), 24, lambda line, reader: EntryWords(reader.language).who(line.entry)),
    titled(msgid("which way"), 16, lambda line, reader: EntryWords(reader.language).channel(line.entry)),
    titled(msgid("network address"), 18, at("entry.address")),
    titled(msgid("what was done"), 34, lambda line, reader: EntryWords(reader.language).what(line.entry)),
    titled(msgid("id of the thing"), 34, at("entry.subject_id")),
    titled(msgid("field"), 24, at("field.name")),
    titled(msgid("before"), 30, at("field.before")),
    titled(msgid("after"), 30, _after),
)


def _asked(visit: Visit) -> Asked[Line] | None:
    audit.require_search(visit.act.actor)
    try:
        chosen = chosen_of(visit)
    except FormWrong:
        return None
    zone, words = visit.state.settings.timezone, EntryWords(visit.language)

    def rows(session: Session, act: Act) -> Iterator[Line]:
        for entry in audit.all_of(session, chosen, zone, act):
            yield from (Line(entry, field) for field in words.fields(entry) or [NOTHING])

    return Asked(rows, {name: getattr(chosen, name) for name in FILTERS})


AUDIT = Listing(
    subject="audit_entry",
    title=msgid("audit trail"),
    file_names={"fi": "tapahtumaloki", "sv": "handelselogg", "en": "audit-trail"},
    columns=COLUMNS,
    asked=_asked,
    page="/audit",
)
