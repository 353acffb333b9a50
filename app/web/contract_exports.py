"""The contract list as a file for a spreadsheet: what the list shows, as many rows as it has."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from app.language.catalogues import msgid, translated
from app.language.labels import label
from app.services import exports
from app.services.exports import ExportedContract
from app.storage import keyset
from app.storage.contracts import ContractFilter
from app.web.spreadsheets import Cell, Column, Kind, Spreadsheet, closing_on_error, written
from app.web.visiting import Visit

TITLE = msgid("contracts")
FILE_NAMES = {"fi": "sopimukset", "sv": "avtal", "en": "contracts"}
"""Of letters that every header can carry."""
COUNTS = ("required", "completed", "late", "running", "upcoming", "interrupted", "filled", "covered", "missing")
COUNT_WIDTH = 12

ByName = tuple[str, int, str]
BEFORE_COUNTS: tuple[ByName, ...] = (
    (msgid("contract number"), 16, "reference"),
    (msgid("procurement's reference"), 18, "procurement_reference"),
    (msgid("procurement"), 40, "procurement_title"),
    (msgid("clause type"), 20, "clause_type"),
    (msgid("supplier"), 30, "supplier_name"),
    (msgid("supplier's identifier"), 14, "identifier"),
    (msgid("unit"), 30, "unit_name"),
    (msgid("contract owner"), 24, "owner_name"),
    (msgid("contract owner's e-mail"), 30, "owner_email"),
    (msgid("first day"), 12, "starts_on"),
    (msgid("last day without options"), 14, "ends_on"),
    (msgid("last day"), 12, "effective_end_on"),
    (msgid("value in euros without VAT"), 18, "value_cents"),
    (msgid("status"), 22, "status"),
)
AFTER_COUNTS: tuple[ByName, ...] = (
    (msgid("promised at the least"), 12, "promised_min"),
    (msgid("promised at the most"), 12, "promised_max"),
    (msgid("last day to start"), 14, "latest_start_on"),
    (msgid("last recorded"), 14, "last_recorded_on"),
    (msgid("judged for"), 14, "judged_on"),
)
"""Title, width in characters, and the row's field."""
WORDS = {"clause_type": "clause_type", "status": "status"}
"""Fields that hold a code, with its kind."""


def _cell(name: str, language: str) -> Callable[[ExportedContract], Cell]:
    """How a row's field is written in a cell."""

    def field(contract: ExportedContract) -> Any:
        return getattr(contract.row, name)

    if name == "unit_name":
        return lambda contract: contract.unit_name
    if name == "value_cents":
        return lambda contract: None if field(contract) is None else Decimal(field(contract)).scaleb(-2)
    if name in WORDS:
        return lambda contract: label(WORDS[name], field(contract), language)
    return field


def columns(language: str) -> list[Column[ExportedContract]]:
    """All columns, named in the reader's language."""

    def named(texts: Iterable[ByName]) -> list[Column[ExportedContract]]:
        return [Column(translated(text, language), width, _cell(name, language)) for text, width, name in texts]

    counts = [Column(label("count", name, language), COUNT_WIDTH, _cell(name, language)) for name in COUNTS]
    return [*named(BEFORE_COUNTS), *counts, *named(AFTER_COUNTS)]


def spreadsheet_of(rows: Iterable[ExportedContract], kind: Kind, language: str, now: datetime) -> Spreadsheet:
    """The rows as a file."""
    return written(kind, translated(TITLE, language), columns(language), rows, language, now)


def taken(visit: Visit, wanted: ContractFilter, sort: keyset.Sort, kind: Kind) -> Response:
    """The whole list as a download. The trail says who took it before the first byte leaves."""
    rows = exports.contract_rows(visit.session, wanted, sort, visit.act)
    file = spreadsheet_of(rows, kind, visit.language, visit.act.now)
    with closing_on_error(file.file), visit.writing() as session:
        exports.record_contracts_taken(session, kind, file.rows, wanted, visit.act)
    return file.answer(FILE_NAMES[visit.language], visit.act.today)
