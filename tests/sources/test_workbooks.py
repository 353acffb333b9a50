"""Workbooks of every kind and every way in which one can be broken, empty, locked or made to do harm."""

import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zlib import crc32

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sources import workbooks
from app.sources.files import FileUnreadable
from app.sources.workbooks import LIST, Bounds, Cell

ALL_EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_PART = "xl/worksheets/sheet1.xml"


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    fill(book)
    book.close()
    return file.getvalue()


def with_rows(*rows: list[object]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Purchases")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def repacked(content: bytes, change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    """The workbook with its parts changed, left out where the change gives None, or added."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if (part := change(info.filename, old.read(info))) is not None:
                new.writestr(info.filename, part)
        for name, part in added.items():
            new.writestr(name, part)
    return file.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose only sheet has this inside."""
    whole = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + xml + b"</worksheet>"
    return repacked(with_rows(["x"]), lambda name, part: whole if name == SHEET_PART else part)


TWO_ROWS = with_rows(["a", 1], ["b", 2])


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., dict[str, list[list[Cell]]]]:
    def reading(content: bytes, name: str = "file", bounds: Bounds = LIST) -> dict[str, list[list[Cell]]]:
        path = tmp_path / name
        path.write_bytes(content)
        return {sheet.name: list(sheet.rows()) for sheet in workbooks.sheets(path, bounds)}

    return reading


Read = Callable[..., dict[str, list[list[Cell]]]]


def refused(read: Read, content: bytes, bounds: Bounds = LIST) -> FileUnreadable:
    with pytest.raises(FileUnreadable) as caught:
        read(content, bounds=bounds)
    return caught.value


class TestWhatIsRead:
    def test_cells_come_as_plain_values(self, read: Read) -> None:
        def fill(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet("Tiedot")
            sheet.write_row(0, 0, ["työ", 12, 1.5, True, ""])
            sheet.write_datetime(1, 0, date(2020, 2, 29), book.add_format({"num_format": "dd.mm.yyyy"}))
            moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
            sheet.write_datetime(1, 1, datetime(2020, 2, 29, 13, 5), moment)  # noqa: DTZ001 - a workbook has no zones

        whole, instant = [[*["työ", 12, 1.5, True]], [date(2020, 2, 29)]], datetime(2020, 2, 29, 13, 5)  # noqa: DTZ001
        assert read(workbook(fill)) == {"Tiedot": [whole[0], [*whole[1], instant, None, None]]}

    def test_a_formula_is_its_stored_value_and_an_error_is_empty(self, read: Read) -> None:
        def fill(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet("A")
            sheet.write_formula(0, 0, "=40+2", value=42)
            sheet.write_formula(0, 1, "=1/0", value="#DIV/0!")
            sheet.write_formula(0, 2, '=WEBSERVICE("http://127.0.0.1:1/")', value="kept")

        assert read(workbook(fill)) == {"A": [[42, None, "kept"]]}

    def test_rows_are_counted_from_the_first_line_of_the_sheet(self, read: Read) -> None:
        def fill(book: xlsxwriter.Workbook) -> None:
            book.add_worksheet("A").write(3, 2, "here")

        assert read(workbook(fill)) == {"A": [[None], [None], [None], ["here"]]}

    def test_sheets_come_in_their_order_without_charts_and_hidden_ones(self, read: Read) -> None:
        def fill(book: xlsxwriter.Workbook) -> None:
            book.add_worksheet("One").write(0, 0, 1)
            book.add_chartsheet("Picture")
            book.add_worksheet("Lists").hide()
            book.add_worksheet("Empty")
            book.add_worksheet("Two").write(0, 0, 2)

        assert read(workbook(fill)) == {"One": [[1]], "Empty": [], "Two": [[2]]}

    def test_rows_that_were_not_read_are_passed_over(self, tmp_path: Path) -> None:
        def fill(book: xlsxwriter.Workbook) -> None:
            book.add_worksheet("One").write_column(0, 0, [1, 2, 3])
            book.add_worksheet("Two").write_column(0, 0, [4, 5])

        path = tmp_path / "book"
        path.write_bytes(workbook(fill))
        firsts = [(sheet.name, next(sheet.rows())) for sheet in workbooks.sheets(path)]
        assert firsts == [("One", [1]), ("Two", [4])]

    def test_the_content_says_what_a_file_is_not_its_name(self, read: Read) -> None:
        assert read(with_rows(["a"]), "purchases.xls") == {"Purchases": [["a"]]}

    def test_macros_are_left_where_they_are(self, read: Read) -> None:
        def enabled(name: str, part: bytes) -> bytes:
            return part.replace(
                f"{CONTENT}.sheet.main+xml".encode(), b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
            )

        macro = repacked(with_rows(["a"]), enabled, **{"xl/vbaProject.bin": b"Sub Auto_Open()\nKill\nEnd Sub" * 100})
        assert read(macro, "purchases.xlsm") == {"Purchases": [["a"]]}

    def test_an_open_document_is_read_too(self, read: Read) -> None:
        cell = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
        assert read(open_document(cell)) == {"One": [["a"]]}


def open_document(cells: str, repeated: str = "") -> bytes:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in {"office": "office", "table": "table", "text": "text"}.items()
    )
    rows = f'<table:table table:name="One"><table:table-row{repeated}>{cells}</table:table-row></table:table>'
    body = f"<office:body><office:spreadsheet>{rows}</office:spreadsheet></office:body>"
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
        packed.writestr("content.xml", f"<office:document-content{names}>{body}</office:document-content>")
    return file.getvalue()


class TestWhatIsNoWorkbook:
    @pytest.mark.parametrize(
        "content",
        [b"", b"P", b"PK", b"%PDF-1.7\n" + b"x" * 1000, b"a;b\n1;2\n", b"<html></html>"],
        ids=["empty", "one byte", "two bytes", "a renamed PDF", "a renamed CSV", "a renamed page"],
    )
    def test_it_is_said_to_be_none(self, read: Read, content: bytes) -> None:
        assert refused(read, content).code in {"not_a_workbook", "workbook_broken"}

    def test_a_packed_folder_is_none(self, read: Read) -> None:
        file = BytesIO()
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("letter.txt", "Hello")
        assert refused(read, file.getvalue()).code == "not_a_workbook"

    def test_an_encrypted_one_is_named_as_such(self, read: Read) -> None:
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(960)
        assert refused(read, ole).code == "workbook_encrypted"

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
    def test_a_truncated_one_is_broken(self, read: Read, share: float) -> None:
        content = with_rows(*[["a", number] for number in range(100)])
        assert refused(read, content[: int(len(content) * share)]).code == "workbook_broken"

    def test_one_without_its_sheet_is_broken(self, read: Read) -> None:
        gone = repacked(with_rows(["a"]), lambda name, part: None if name == SHEET_PART else part)
        assert refused(read, gone).code == "workbook_broken"

    @ALL_EXAMPLES
    @given(content=st.binary(max_size=2000))
    def test_any_bytes_are_refused_with_a_reason(self, read: Read, content: bytes) -> None:
        assert refused(read, content).code in {"not_a_workbook", "workbook_broken"}

    @ALL_EXAMPLES
    @given(data=st.data())
    def test_a_workbook_with_any_bytes_changed_is_read_or_refused(self, read: Read, data: st.DataObject) -> None:
        content = bytearray(TWO_ROWS)
        for _ in range(data.draw(st.integers(1, 8))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        try:
            read(bytes(content))
        except FileUnreadable as refusal:
            assert refusal.code in {"not_a_workbook", "workbook_broken", "workbook_encrypted", "workbook_too_large"}  # noqa: PT017


class TestBombs:
    def test_what_declares_to_unpack_a_thousandfold_is_refused(self, read: Read) -> None:
        bomb = with_sheet(b"<sheetData>" + b" " * 50_000_000 + b"</sheetData>")
        assert len(bomb) < 100_000
        assert refused(read, bomb).code == "workbook_too_large"

    def test_what_lies_about_its_size_is_found_out(self, read: Read) -> None:
        bomb = bytearray(with_sheet(b"<sheetData>" + b" " * 50_000_000 + b"</sheetData>"))
        for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            start = -1
            while (start := bomb.find(mark, start + 1)) >= 0:
                struct.pack_into("<L", bomb, start + at, 100)
        assert refused(read, bytes(bomb)).code == "workbook_too_large"

    def test_much_that_is_small_is_added_up(self, read: Read) -> None:
        parts = {f"xl/worksheets/more{number}.xml": b" " * 9_000_000 for number in range(5)}
        assert refused(read, repacked(with_rows(["a"]), lambda _, part: part, **parts)).code == "workbook_too_large"

    def test_pictures_are_not_unpacked_and_do_not_count(self, read: Read) -> None:
        picture = {"xl/media/image1.png": b" " * 50_000_000}
        assert read(repacked(with_rows(["a"]), lambda _, part: part, **picture)) == {"Purchases": [["a"]]}

    def test_a_cell_in_the_last_corner_ends_the_reading_not_the_service(self, read: Read) -> None:
        corners = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        assert refused(read, with_sheet(b"<sheetData>" + corners + b"</sheetData>")).code == "workbook_too_large"

    def test_a_cell_repeated_in_every_row_and_column_ends_the_reading(self, read: Read) -> None:
        cell = (
            '<table:table-cell table:number-columns-repeated="2000000000" office:value-type="string">'
            "<text:p>a</text:p></table:table-cell>"
        )
        assert refused(read, open_document(cell)).code == "too_many_columns"
        everywhere = open_document(cell, ' table:number-rows-repeated="1048576"')
        assert refused(read, everywhere).code in {"workbook_too_large", "workbook_broken", "too_many_columns"}

    def test_entities_that_grow_are_not_followed(self, read: Read) -> None:
        lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        xml = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        book = repacked(with_sheet(xml), lambda name, part: lol + part if name == SHEET_PART else part)
        try:
            assert "aaaa" not in str(read(book))
        except FileUnreadable as refusal:
            assert refusal.code == "workbook_broken"  # noqa: PT017

    def test_time_runs_out(self, read: Read) -> None:
        rows = with_rows(*[["x" * 5, number] for number in range(100_000)])
        assert refused(read, rows, LIST._replace(cpu_seconds=0)).code == "workbook_too_large"


class TestBounds:
    def test_as_many_sheets_as_allowed_are_read_and_one_more_is_not(self, read: Read) -> None:
        def book(number: int) -> bytes:
            return workbook(lambda book: [book.add_worksheet() for _ in range(number)] and None)

        bounds = LIST._replace(sheets=3)
        assert len(read(book(2), bounds=bounds)) == 2
        assert len(read(book(3), bounds=bounds)) == 3
        refusal = refused(read, book(4), bounds)
        assert (refusal.code, dict(refusal.values)) == ("too_many_sheets", {"most": 3})

    def test_as_many_columns_as_allowed_are_read_and_one_more_is_not(self, read: Read) -> None:
        bounds = LIST._replace(columns=3)
        assert read(with_rows([1, 2, 3]), bounds=bounds) == {"Purchases": [[1, 2, 3]]}
        refusal = refused(read, with_rows([1, 2, 3, 4]), bounds)
        assert (refusal.code, dict(refusal.values)) == ("too_many_columns", {"most": 3})


def test_a_checksum_that_does_not_hold_is_broken(tmp_path: Path) -> None:
    content = bytearray(with_rows(["a"]))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 16, crc32(b"another"))
    path = tmp_path / "book"
    path.write_bytes(bytes(content))
    with pytest.raises(FileUnreadable, match="workbook_broken"):
        list(workbooks.sheets(path))
