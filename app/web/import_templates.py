"""/imports/templates: empty lists to fill in, in the reader's language, as the imports of own lists read them back.

The first sheet has the headers and nothing below, so that no example comes in by mistake; the second says what each
column holds; a hidden one has the words and units to choose from.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.language.catalogues import msgid_in, translated_in
from app.language.formats import capitalised
from app.language.import_columns import COLUMNS, explained, title_of, words_in
from app.language.listed_columns import Holds, ImportColumn
from app.rules.codes import ImportKind
from app.rules.errors import Forbidden
from app.services.acting import Act, may_somewhere
from app.services.import_runs import PERMISSIONS
from app.services.own_lists import nameable_units, unit_names
from app.sources.spreadsheets import MOST_ROWS
from app.web.spreadsheets import (
    IN_MEMORY_BYTES,
    XLSX_DAY_PATTERNS,
    XLSX_MONEY_PATTERN,
    Kind,
    Spreadsheet,
    closing_on_error,
)
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)
CONTEXT = "import_template"
TITLES = {
    ImportKind.CONTRACTS: msgid_in("import_template", "contracts"),
    ImportKind.POSITIONS: msgid_in("import_template", "jobs"),
}
EXPLAINED = msgid_in("import_template", "what the columns hold")
HEADERS = (
    msgid_in("import_template", "column"),
    msgid_in("import_template", "needed"),
    msgid_in("import_template", "what it holds"),
    msgid_in("import_template", "choose from"),
)
NEEDED = msgid_in("import_template", "yes")
FILE_NAMES = {
    ImportKind.CONTRACTS: {"fi": "sopimusten-pohja", "sv": "mall-for-avtal", "en": "template-for-contracts"},
    ImportKind.POSITIONS: {"fi": "tyosuhteiden-pohja", "sv": "mall-for-anstallningar", "en": "template-for-jobs"},
}
"""Of letters that every header can carry."""
LISTS_SHEET = "lists"
SHEET_NAME_LENGTH = 31
WIDTHS = (36, 10, 80, 80)
NEEDED_COLOUR = "#D9E8F6"
TEXT_PATTERN = "@"
"""Keeps a spreadsheet from taking the contract number 3-2018 for the first of March."""


@router.get("/imports/templates/contracts.xlsx")
def contracts_xlsx(visit: Look) -> Response:
    return _answer(visit, ImportKind.CONTRACTS, Kind.XLSX)


@router.get("/imports/templates/contracts.csv")
def contracts_csv(visit: Look) -> Response:
    return _answer(visit, ImportKind.CONTRACTS, Kind.CSV)


@router.get("/imports/templates/positions.xlsx")
def positions_xlsx(visit: Look) -> Response:
    return _answer(visit, ImportKind.POSITIONS, Kind.XLSX)


@router.get("/imports/templates/positions.csv")
def positions_csv(visit: Look) -> Response:
    return _answer(visit, ImportKind.POSITIONS, Kind.CSV)


def _answer(visit: Visit, kind: ImportKind, form: Kind) -> Response:
    if not may_somewhere(visit.act.actor, PERMISSIONS[kind]):
        raise Forbidden("forbidden")
    file = template(visit.session, kind, form, visit.language, visit.act)
    return file.answer(FILE_NAMES[kind][visit.language], visit.act.today)


def template(session: Session, kind: ImportKind, form: Kind, language: str, act: Act) -> Spreadsheet:
    """An empty list of this kind."""
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - whoever sends it closes it
    with closing_on_error(file):
        if form is Kind.CSV:
            _write_header(file, [title_of(column, language) for column in COLUMNS[kind]])
        else:
            units = unit_names(nameable_units(session, kind, None, act))
            _Template(file, kind, language, units).write(act.now)
    return Spreadsheet(file, form, 0)


def _write_header(file: IO[bytes], titles: Sequence[str]) -> None:
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    csv.writer(text, delimiter=";").writerow(titles)
    text.detach()


@dataclass(slots=True)
class _Template:
    file: IO[bytes]
    kind: ImportKind
    language: str
    units: Sequence[str]

    def write(self, now: datetime) -> None:
        import xlsxwriter  # as late as here: see spreadsheets.py

        book = xlsxwriter.Workbook(self.file, {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": self._word(TITLES[self.kind]), "created": now.replace(tzinfo=None)})
        rows = book.add_worksheet(self._word(TITLES[self.kind])[:SHEET_NAME_LENGTH])
        explanations = book.add_worksheet(self._word(EXPLAINED)[:SHEET_NAME_LENGTH])
        lists = book.add_worksheet(LISTS_SHEET)
        lists.hide()
        self._write_rows(book, rows, lists)
        self._write_explanations(book, explanations)
        book.close()

    def _write_rows(self, book: Any, rows: Any, lists: Any) -> None:
        formats = self._formats(book)
        plain, needed = (book.add_format({"bold": True, "text_wrap": True, "valign": "top"}) for _ in range(2))
        needed.set_bg_color(NEEDED_COLOUR)
        rows.freeze_panes(1, 0)
        for place, column in enumerate(COLUMNS[self.kind]):
            rows.set_column(place, place, column.width, formats.get(column.holds))
            rows.write_string(0, place, title_of(column, self.language), needed if column.required else plain)
            if choices := self._choices(column):
                lists.write_column(0, place, choices)
                self._offer(rows, place, len(choices))

    def _offer(self, rows: Any, place: int, count: int) -> None:
        """The words to choose from, and a warning beside others: codes and names in other languages are read too."""
        from xlsxwriter.utility import xl_range_abs

        source = xl_range_abs(0, place, count - 1, place)
        options = {"validate": "list", "source": f"={LISTS_SHEET}!{source}", "error_type": "warning"}
        rows.data_validation(1, place, MOST_ROWS, place, options)

    def _write_explanations(self, book: Any, sheet: Any) -> None:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for place, (title, width) in enumerate(zip(HEADERS, WIDTHS, strict=True)):
            sheet.set_column(place, place, width, wrapped)
            sheet.write_string(0, place, self._word(title), bold)
        for row, column in enumerate(COLUMNS[self.kind], 1):
            words = ", ".join(words_in(column, self.language))
            needed = self._word(NEEDED) if column.required else ""
            cells = (title_of(column, self.language), needed, explained(column, self.language), words)
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell, wrapped)
        sheet.freeze_panes(1, 0)

    def _choices(self, column: ImportColumn) -> Sequence[str]:
        """Nothing where a cell may have several words: a list to choose from takes one."""
        if column.holds is Holds.CODES:
            return ()
        return self.units if column.holds is Holds.UNIT else words_in(column, self.language)

    def _formats(self, book: Any) -> dict[Holds, Any]:
        days = {"num_format": XLSX_DAY_PATTERNS[self.language], "align": "left"}
        patterns = {holds: {"num_format": TEXT_PATTERN} for holds in (Holds.TEXT, Holds.CODE, Holds.CODES, Holds.UNIT)}
        patterns |= {Holds.DAY: days, Holds.MONEY: {"num_format": XLSX_MONEY_PATTERN}}
        return {holds: book.add_format(pattern) for holds, pattern in patterns.items()}

    def _word(self, text: str) -> str:
        return capitalised(translated_in(CONTEXT, text, self.language))
