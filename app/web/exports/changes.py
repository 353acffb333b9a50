"""Who changed what on a contract as a file: a row for each field, the newest change first."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.language.catalogues import msgid, translated
from app.services import list_exports
from app.services.acting import Act
from app.services.changes import Change
from app.services.list_exports import ExportedChange, OfContract
from app.web.change_words import ChangeWords, FieldWords
from app.web.exports.contracts import asked_of_one, which_contract
from app.web.exports.listing import Asked, Listing, Reader, Titled, at, titled
from app.web.spreadsheets import Cell
from app.web.visiting import Visit

THE_SERVICE = msgid("the service itself")
NOTHING = FieldWords("", None, None)
ERASED = msgid("The content was erased when its time was up.")


class Line(NamedTuple):
    """A field of a change; of a change that shows none, the change alone."""

    contract: OfContract
    change: Change
    field: FieldWords


def _lines(found: Iterable[ExportedChange], language: str) -> Iterator[Line]:
    words = ChangeWords(language)
    for contract, change in found:
        fields = words.fields(change)
        yield from (Line(contract, change, field) for field in fields)
        if not fields:
            yield Line(contract, change, NOTHING)


def _what(line: Line, reader: Reader) -> Cell:
    return ChangeWords(reader.language).action(line.change)


def _after(line: Line, reader: Reader) -> Cell:
    if line.change.is_erased:
        return translated(ERASED, reader.language)
    return line.field.after


COLUMNS: tuple[Titled[Line], ...] = (
    *which_contract(),
    titled(msgid("moment"), 16, lambda line, reader: reader.moment(line.change.at)),
    titled(msgid("who"), 24, lambda line, reader: line.change.name or translated(THE_SERVICE, reader.language)),
    titled(msgid("what was done"), 30, _what),
    titled(msgid("field"), 24, at("field.name")),
    titled(msgid("before"), 30, at("field.before")),
    titled(msgid("after"), 30, _after),
)


def _rows(visit: Visit) -> Asked[Line] | None:
    def rows(session: Session, contract_id: str, act: Act) -> Iterator[Line]:
        return _lines(list_exports.changes_of_contract(session, contract_id, act), visit.language)

    return asked_of_one(rows)(visit)


CHANGES = Listing(
    subject="audit_entry",
    title=msgid("who changed what"),
    file_names={"fi": "muutokset", "sv": "andringar", "en": "changes"},
    columns=COLUMNS,
    asked=_rows,
)
