"""Refused rows of an import as a file that can be mended and brought in again, from its page and by the command."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.language.catalogues import msgid, translated
from app.language.import_columns import field_title
from app.language.import_words import refusal_sentence
from app.rules.codes import ImportKind
from app.storage.models import ImportRun
from app.web.spreadsheets import Cell, Column, Kind, Spreadsheet, written

TITLE, LINE, WHY, CELL = msgid("refused rows"), msgid("line in the file"), msgid("why refused"), msgid("cell {number}")
WIDTH = 20
_NUMBER = re.compile(r"-[0-9]{1,15}(?:[.,][0-9]{1,4})?")
"""Of these the hyphen is a sign, and begins no formula."""


def refused_file_of(run: ImportRun, rows: Sequence[Any], language: str, now: datetime) -> Spreadsheet:
    """The rows under the header of their file, each with its line and why, as CSV. Whoever takes it closes it."""
    columns = _columns(run.header or [], rows, run.kind, language)
    return written(Kind.CSV, translated(TITLE, language), columns, rows, language, now)


def why_refused(row: Any, kind: str, language: str) -> str:
    """Why a row was refused, after the name of its column where the file has columns that everyone knows."""
    column = field_title(ImportKind(kind), row.field or "", language)
    sentence = refusal_sentence(row.reason, row.values or {}, language)
    return sentence if column is None else f"{column}: {sentence}"


def _columns(header: Sequence[str], rows: Sequence[Any], kind: str, language: str) -> list[Column[Any]]:
    width = max([len(header), *(len(row.cells) for row in rows)])
    names = [*header, *(translated(CELL, language).format(number=at + 1) for at in range(len(header), width))]

    def at(place: int) -> Callable[[Any], Cell]:
        return lambda row: _cell(row.cells[place]) if place < len(row.cells) else None

    return [
        Column(translated(LINE, language), WIDTH, lambda row: row.line),
        Column(translated(WHY, language), WIDTH, lambda row: why_refused(row, kind, language)),
        *(Column(name, WIDTH, at(place)) for place, name in enumerate(names)),
    ]


def _cell(text: str) -> Cell:
    """A cell as it stood; a negative sum is no formula."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    return Decimal(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else text
