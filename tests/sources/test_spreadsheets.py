"""Lists that people keep: the header found, every row with its line, whatever program wrote the file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sources import spreadsheets
from app.sources.files import FileUnreadable
from app.sources.spreadsheets import HEADER_WITHIN_ROWS, MOST_ROWS, Table, read_table

FIELDS = {"työ": "job", "päivä": "day", "tunnit": "hours"}
HEADER = "Työ;Päivä;Tunnit"
CODES = {"header_not_found", "table_empty", "table_too_long", "column_listed_twice", "list_line_unreadable"}
OF_ANY_FILE = CODES | {"file_not_text", "line_too_long", "not_a_workbook", "workbook_broken", "workbook_too_large"}
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def field_of(header: str) -> str | None:
    return FIELDS.get(header.casefold())


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Table]:
    def reading(content: bytes) -> Table:
        path = tmp_path / "list"
        path.write_bytes(content)
        return read_table(path, field_of)

    return reading


Read = Callable[[bytes], Table]


def cells(table: Table) -> list[tuple[int, dict[str, object]]]:
    return [(row.line, dict(row.cells)) for row in table.rows]


def refusal(read: Read, content: bytes) -> str:
    with pytest.raises(FileUnreadable) as caught:
        read(content)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_whatever_program_wrote_it(read: Read, encoding: str, delimiter: str, ending: str) -> None:
    lines = [HEADER, "siivous ä;1.2.2020;30", "", "lumityö;2.2.2020;"]
    table = read(ending.join(lines).replace(";", delimiter).encode(encoding))
    assert cells(table) == [
        (2, {"job": "siivous ä", "day": "1.2.2020", "hours": "30"}),
        (4, {"job": "lumityö", "day": "2.2.2020"}),
    ]


def test_a_cell_of_several_lines_keeps_the_lines_right(read: Read) -> None:
    table = read(f'{HEADER}\n"siivous\nja\nlumi";1;2\ntoinen;3;4\n'.encode())
    assert [(row.line, row.cells["job"]) for row in table.rows] == [(2, "siivous\nja\nlumi"), (5, "toinen")]


@pytest.mark.parametrize(("above", "found"), [(0, True), (HEADER_WITHIN_ROWS - 1, True), (HEADER_WITHIN_ROWS, False)])
def test_the_header_may_stand_below_a_title(read: Read, above: int, found: bool) -> None:
    content = ("Otsikko;;\n" * above + f"{HEADER}\na;b;c\n").encode()
    if found:
        assert [row.line for row in read(content).rows] == [above + 2]
    else:
        assert refusal(read, content) == "header_not_found"


def test_one_known_header_may_stand_by_chance(read: Read) -> None:
    assert [row.line for row in read(f"Työ;;\n{HEADER}\na;b;c\n".encode()).rows] == [3]
    assert refusal(read, b"Tunnit;x\n1;2\n") == "header_not_found"


def test_unknown_columns_are_named_and_their_cells_only_looked_through(read: Read) -> None:
    table = read("Työ;Nimi;Tunnit;\na;Maija;1;\n".encode())
    assert (table.fields, table.unread) == (["job", "hours"], ["Nimi"])
    assert cells(table) == [(2, {"job": "a", "hours": "1"})]
    assert table.rows[0].everything == "a || Maija || 1 || "


def test_cells_behind_the_last_header_are_told(read: Read) -> None:
    table = read(f"{HEADER}\na;b;c;;\na;b;c;d\na\n".encode())
    assert [row.too_long for row in table.rows] == [False, True, False]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe", b";;;\n", b"a,b\n1,2\n"])
def test_without_a_header(read: Read, content: bytes) -> None:
    assert refusal(read, content) == "header_not_found"


@pytest.mark.parametrize("rest", ["", "\n", "\n;;\n", "\n  ;\t;\n"])
def test_a_header_only(read: Read, rest: str) -> None:
    assert refusal(read, f"{HEADER}{rest}".encode()) == "table_empty"


def test_a_column_twice_names_both(read: Read) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read("Työ;Tunnit; työ \n1;2;3\n".encode())
    assert (caught.value.code, caught.value.values) == ("column_listed_twice", {"columns": ["Työ", "työ"]})


@pytest.mark.parametrize(("rows", "fits"), [(MOST_ROWS - 1, True), (MOST_ROWS, True), (MOST_ROWS + 1, False)])
def test_as_many_rows_as_allowed(read: Read, rows: int, fits: bool) -> None:
    content = (f"{HEADER}\n" + "a;b;c\n;;\n" * rows).encode()
    if fits:
        assert len(read(content).rows) == rows
    else:
        assert refusal(read, content) == "table_too_long"


def test_a_file_beyond_the_bound_is_not_read(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    content = f"{HEADER}\na;b;c\n".encode()
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", len(content))
    assert len(read(content).rows) == 1
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", len(content) - 1)
    assert refusal(read, content) == "list_too_large"


def test_a_line_without_an_end_is_refused(read: Read) -> None:
    assert refusal(read, f"{HEADER}\n".encode() + b"x" * 3_000_000) in {"line_too_long", "list_line_unreadable"}


class TestWorkbooks:
    def write(self, path: Path, *sheets: list[list[object]]) -> Path:
        with xlsxwriter.Workbook(path) as book:
            day = book.add_format({"num_format": "dd.mm.yyyy"})
            for rows in sheets:
                sheet = book.add_worksheet()
                for number, row in enumerate(rows):
                    for place, cell in enumerate(row):
                        if isinstance(cell, date):
                            sheet.write_datetime(number, place, cell, day)
                        else:
                            sheet.write(number, place, cell)
        return path

    def test_the_first_sheet_with_a_header_is_read(self, tmp_path: Path) -> None:
        header: list[object] = ["Työ", "Päivä", "Tunnit"]
        first: list[list[object]] = [["Ohje"], ["Työ"]]
        second: list[list[object]] = [["Luettelo"], [], header, ["a", date(2020, 2, 1), 37.5], [], ["b", "x", 30]]
        path = self.write(tmp_path / "list.xlsx", first, second, [header, ["c", 1, 2]])
        assert cells(read_table(path, field_of)) == [
            (4, {"job": "a", "day": date(2020, 2, 1), "hours": 37.5}),
            (6, {"job": "b", "day": "x", "hours": 30}),
        ]

    def test_a_table_that_begins_in_another_column(self, tmp_path: Path) -> None:
        path = self.write(tmp_path / "list.xlsx", [[], [None, None, "Työ", "Tunnit"], [None, None, "a", 1]])
        assert cells(read_table(path, field_of)) == [(3, {"job": "a", "hours": 1})]

    def test_a_stored_formula_is_its_value_and_one_in_error_is_empty(self, tmp_path: Path) -> None:
        path = tmp_path / "list.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Työ", "Päivä", "Tunnit"])
            sheet.write_string(1, 0, "=not a formula")
            sheet.write_formula(1, 1, "=A1", value="#REF!")
            sheet.write_formula(1, 2, "=15*2", value=30)
        assert cells(read_table(path, field_of)) == [(2, {"job": "=not a formula", "hours": 30})]

    @pytest.mark.parametrize(("rows", "fits"), [(MOST_ROWS, True), (MOST_ROWS + 1, False)])
    def test_as_many_rows_as_allowed(self, tmp_path: Path, rows: int, fits: bool) -> None:
        path = self.write(tmp_path / "list.xlsx", [["Työ", "Tunnit"], *[["a", number] for number in range(rows)]])
        if fits:
            assert len(read_table(path, field_of).rows) == rows
        else:
            with pytest.raises(FileUnreadable, match="table_too_long"):
                read_table(path, field_of)


@quick
@given(content=st.binary(max_size=500))
def test_any_bytes_are_refused_or_read(read: Read, content: bytes) -> None:
    try:
        read(content)
    except FileUnreadable as refused:
        assert refused.code in OF_ANY_FILE  # noqa: PT017


@quick
@given(
    content=st.text(alphabet=st.sampled_from(list('ab;,\t"\r\n\0ä€')), max_size=200),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
)
def test_any_text_below_a_header_is_refused_or_read(read: Read, content: str, encoding: str) -> None:
    try:
        table = read(f"{HEADER}\n{content}".encode(encoding))
    except FileUnreadable as refused:
        assert refused.code in OF_ANY_FILE  # noqa: PT017
    else:
        lines = [row.line for row in table.rows]
        assert lines == sorted(set(lines))
        assert all(row.cells or row.everything for row in table.rows)
