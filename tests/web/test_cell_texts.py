"""Texts in files for spreadsheets: never run, never lost, whatever people typed."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.rules.errors import RuleBroken
from app.web import spreadsheets
from app.web.cell_texts import MARK, cleaned, marked, would_run
from app.web.spreadsheets import Cell, Column, Kind, written

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
MOMENT = datetime(2019, 3, 1, 9, 5, tzinfo=UTC).replace(tzinfo=None)
"""As a clock on the wall shows it."""
SIGNS = "=+-@\t\r\n '\"＝＋－＠﹢;,\ufeff\u200b\xa0_x0041"
TEXTS = st.one_of(st.text(st.characters(), max_size=40), st.text(SIGNS, max_size=8))


def file_of(kind: Kind, cells: Sequence[Cell], language: str = "fi") -> bytes:
    """A file with one column of these cells, and a number beside each."""
    columns: list[Column[Cell]] = [Column("text", 20, lambda cell: cell), Column("number", 10, lambda _: -1)]
    with written(kind, "texts", columns, cells, language, NOW).file as file:
        file.seek(0)
        return file.read()


def csv_of(cells: Sequence[Cell], language: str = "fi") -> list[str]:
    text = file_of(Kind.CSV, cells, language).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text, newline=""), delimiter=";"))
    assert [row[1] for row in rows] == ["Number", *["-1"] * len(cells)]
    return [row[0] for row in rows[1:]]


def xlsx_of(cells: Sequence[Cell]) -> list[Any]:
    book = CalamineWorkbook.from_filelike(BytesIO(file_of(Kind.XLSX, cells)))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [row[1] for row in rows] == ["Number", *[-1] * len(cells)]
    return [row[0] for row in rows[1:]]


def sheet_of(cells: Sequence[Cell]) -> str:
    with ZipFile(BytesIO(file_of(Kind.XLSX, cells))) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+358 40 1",
        "-1",
        "@SUM(A1)",
        " =1",
        "\t=1",
        "\r\n=1",
        "\tA1",
        "\nA1",
        "\N{ZERO WIDTH NO-BREAK SPACE}=1",
        "\N{ZERO WIDTH SPACE}\N{NO-BREAK SPACE}@A",
        "\N{FULLWIDTH EQUALS SIGN}1",
        "\N{FULLWIDTH PLUS SIGN}1",
        "\N{FULLWIDTH HYPHEN-MINUS}1",
        "\N{FULLWIDTH COMMERCIAL AT}A",
        "\N{SMALL PLUS SIGN}1",
        "\0=1",
        "'=1",
        "''-1",
    ],
)
def test_a_text_that_would_be_run_is_marked(text: str) -> None:
    assert marked(text) == MARK + cleaned(text)
    assert csv_of([text]) == [MARK + cleaned(text)]


@pytest.mark.parametrize("text", ["", " ", "Siivous", "S-1", "1-2", "a=b", "'t Hoen", "0201256-6", "(-1)", "−5 °C"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert (marked(text), csv_of([text])) == (text, [text])


def test_control_characters_are_left_out_and_lines_end_alike() -> None:
    assert cleaned("a\0b\x1b[31mc\x7f\x85\ud800\uffff\r\nd\re\tf") == "ab[31mc\nd\ne\tf"


@given(TEXTS)
def test_whatever_was_written_can_be_read_again(text: str) -> None:
    """Whoever takes the mark of a marked text away has what was written, also where that looked marked itself."""
    plain = marked(text)
    assert (plain[1:] if would_run(plain) else plain) == cleaned(text)


@given(st.lists(TEXTS, min_size=1, max_size=10))
def test_csv_holds_what_was_written_and_no_cell_begins_a_formula(texts: list[str]) -> None:
    for text, cell in zip(texts, csv_of(texts), strict=True):
        assert cell == marked(text)
        assert cell.strip("\ufeff\u200b \xa0\t\n")[:1] not in {*"=+-@＝＋－＠"}


@given(st.lists(TEXTS, min_size=1, max_size=10))
def test_xlsx_holds_what_was_written_and_no_formula(texts: list[str]) -> None:
    assert xlsx_of(texts) == [cleaned(text) for text in texts]
    assert "<f" not in sheet_of(texts).replace("<formatCode", "")


def test_a_cell_of_xlsx_that_would_run_when_typed_anew_is_kept_as_text() -> None:
    """Someone who opens the cell and closes it again would make a formula of its text."""
    with ZipFile(BytesIO(file_of(Kind.XLSX, ["=1+1", "Siivous"]))) as archive:
        assert archive.read("xl/styles.xml").decode().count('quotePrefix="1"') == 1
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.index(' s="') < sheet.index("=1+1") < sheet.index("Siivous")


@pytest.mark.parametrize(
    ("cell", "finnish", "english"),
    [
        (None, "", ""),
        (-12, "-12", "-12"),
        (Decimal("-1234567.80"), "-1234567,80", "-1234567,80"),
        (Decimal("1E+3"), "1000", "1000"),
        (date(2019, 3, 1), "01.03.2019", "2019-03-01"),
        (MOMENT, "01.03.2019 09:05", "2019-03-01 09:05"),
    ],
)
def test_numbers_and_days_are_no_texts(cell: Cell, finnish: str, english: str) -> None:
    assert (csv_of([cell, "end"]), csv_of([cell], "en")) == ([finnish, "end"], [english])


def test_xlsx_has_days_and_numbers_as_such() -> None:
    cells: list[Cell] = [-12, Decimal("-1234567.80"), date(2019, 3, 1), MOMENT, None, "end"]
    assert xlsx_of(cells) == [-12, -1234567.80, date(2019, 3, 1), MOMENT, "", "end"]


def test_more_rows_than_a_sheet_holds_are_refused_and_leave_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_XLSX_ROWS", 2)
    assert len(xlsx_of(["a", "b"])) == 2
    with pytest.raises(RuleBroken) as refused:
        file_of(Kind.XLSX, ["a", "b", "c"])
    assert (refused.value.code, refused.value.values) == ("too_many_rows", {"maximum": 2})
    assert len(csv_of(["a", "b", "c"])) == 3
