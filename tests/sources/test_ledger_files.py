"""How ledgers are written: encodings, delimiters, quotation marks, workbooks; and files that are no ledgers."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from app.sources.files import FileUnreadable
from app.sources.ledgers import LedgerRow, Unreadable, open_ledger
from app.sources.ledgers.texts import BLOCK_BYTES
from tests.sources.ledger_files import HEADER, IDENTITY_CODE, ROW, as_text, read, with_cells, write_text, write_workbook

FINNISH = [
    HEADER,
    *(with_cells(c0="Jäähallin Öljy Ab", c3="Älykäs siivous", c6=str(number)) for number in range(5)),
]


def rows_of(path: Path) -> list[LedgerRow]:
    rows, refused, _ = read(open_ledger(path))
    assert refused == []
    return rows


def code_of(path: Path) -> str:
    """Why a file cannot be read, be it while it is opened or while it is read."""
    with pytest.raises(FileUnreadable) as refused:
        read(open_ledger(path))
    return refused.value.code


def refused_file(folder: Path, content: bytes, name: str = "ledger.csv") -> str:
    path = folder / name
    path.write_bytes(content)
    return code_of(path)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "iso8859_15", "mac_roman", "cp850", "cp437"],
)
def test_the_encoding_does_not_matter_not_even_for_telling_rows_apart(tmp_path: Path, encoding: str) -> None:
    plain = rows_of(write_text(tmp_path, FINNISH))
    assert len(plain) == 5
    assert rows_of(write_text(tmp_path, FINNISH, encoding=encoding)) == plain


@pytest.mark.parametrize(("encoding", "mark"), [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
def test_utf_16_is_known_by_its_mark(tmp_path: Path, encoding: str, mark: bytes) -> None:
    plain = rows_of(write_text(tmp_path, FINNISH))
    path = tmp_path / "ledger.csv"
    path.write_bytes(mark + as_text(FINNISH).encode(encoding))
    assert rows_of(path) == plain


def test_a_broken_byte_in_utf_8_does_not_spoil_the_letters(tmp_path: Path) -> None:
    plain = rows_of(write_text(tmp_path, FINNISH))
    path = tmp_path / "ledger.csv"
    path.write_bytes(as_text(FINNISH).encode().replace(b"Siivous Oy", b"Siiv\xffus Oy") + b";\xff;;;;;\r\n")
    rows, refused, _ = read(open_ledger(path))
    assert rows == plain
    assert [row.reason for row in refused] == [Unreadable.BUSINESS_ID_INVALID]


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_delimiter_and_line_ends_are_found_out(tmp_path: Path, delimiter: str, end: str) -> None:
    plain = rows_of(write_text(tmp_path, FINNISH))
    assert rows_of(write_text(tmp_path, FINNISH, delimiter, end=end)) == plain


def test_a_tab_separated_file_is_known_by_its_header_whatever_its_name(tmp_path: Path) -> None:
    path = write_text(tmp_path, [["sep=;"], ["Ostot; tammikuu, 2021"], *FINNISH], "\t")
    assert [row.line for row in rows_of(path)] == [4, 5, 6, 7, 8]


def test_the_header_is_found_below_titles_but_not_below_the_50th_row(tmp_path: Path) -> None:
    titles = [["Ostolaskut 2021"], [], ["Summa", "12,00"]] + [["x"]] * 46
    assert next(row.line for row in rows_of(write_text(tmp_path, [*titles, *FINNISH]))) == 51
    assert code_of(write_text(tmp_path, [["x"], *titles, *FINNISH])) == "ledger_without_header"


def test_a_header_may_go_over_several_lines_and_have_double_spaces(tmp_path: Path) -> None:
    header = ["Toimittajan\n\nnimi", " Toimittajan\u00a0\n Y-tunnus ", *HEADER[2:]]
    rows = rows_of(write_text(tmp_path, [["Ostot"], header, ROW]))
    assert [(row.line, row.business_id) for row in rows] == [(6, "0201256-6")]


def test_letters_written_in_two_pieces_are_letters(tmp_path: Path) -> None:
    header = [name.replace("ä", "a\u0308") for name in HEADER]
    assert len(rows_of(write_text(tmp_path, [header, ROW]))) == 1


def test_the_buyers_own_business_id_is_not_taken_for_the_suppliers(tmp_path: Path) -> None:
    (row,) = rows_of(write_text(tmp_path, [["Kunnan y-tunnus", *HEADER], ["2012566-8", *ROW]]))
    assert row.business_id == "0201256-6"


@pytest.mark.parametrize(
    ("names", "cells", "cents"),
    [
        (["Kokonaissumma", "Laskun summa ilman ALV:tä"], ["124,00", "100,00"], 10000),
        (["Summa", "Summa (alv 0%)"], ["124,00", "100,00"], 10000),
        (["Kokonaissumma euroina", "Summa ALV0 euroina"], ["124,00", "100,00"], 10000),
        (["Summa"], ["100,00"], 10000),
        (["Netto"], ["100,00"], 10000),
    ],
)
def test_the_sum_net_of_vat_is_taken(tmp_path: Path, names: list[str], cells: list[str], cents: int) -> None:
    rows = rows_of(write_text(tmp_path, [["Y-tunnus", "Pvm", *names], ["0201256-6", "1.2.2021", *cells]]))
    assert [row.amount_cents for row in rows] == [cents]


def test_a_gross_sum_alone_is_no_amount(tmp_path: Path) -> None:
    assert open_ledger(write_text(tmp_path, [["Y-tunnus", "Pvm", "Kokonaissumma"]])).lacks == ("amount",)


def test_a_column_that_is_needed_and_stands_there_twice_is_named(tmp_path: Path) -> None:
    for doubled in ("Laskun summa ilman ALV", "Toimittajan y-tunnus", "Kirjauspäivämäärä", "Tili"):
        path = write_text(tmp_path, [[*HEADER, doubled.upper()], [*ROW, "x"]])
        with pytest.raises(FileUnreadable) as refused:
            open_ledger(path)
        assert (refused.value.code, refused.value.values) == ("column_twice", {"column": doubled})
    for harmless in ("Toimittajan nimi", "Tilin nimi", "", "Muu"):
        assert len(rows_of(write_text(tmp_path, [[*HEADER, harmless, harmless], [*ROW, "x", "y"]]))) == 1


def test_a_header_only_is_a_ledger_without_rows(tmp_path: Path) -> None:
    for end in ("", "\r\n"):
        path = tmp_path / "ledger.csv"
        path.write_text(";".join(HEADER) + end)
        assert (open_ledger(path).can_attach, rows_of(path)) == (True, [])
    assert rows_of(write_workbook(tmp_path, [HEADER])) == []


def raw(folder: Path, *lines: str) -> Path:
    """A file of lines as they stand."""
    path = folder / "ledger.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def tabbed(cells: Sequence[str]) -> str:
    return "\t".join(cells)


def test_a_mark_that_would_swallow_rows_parted_by_tabs_is_a_sign_like_others(tmp_path: Path) -> None:
    odd = [
        with_cells(c0='Ravintola "Kulma Oy'),
        with_cells(c0='"Kulma Oy', c6="8"),
        with_cells(c0='"Kulma" Oy', c6="9"),
    ]
    path = raw(tmp_path, *map(tabbed, [HEADER, ROW, *odd, ROW]), tabbed(with_cells(c4='"1 234,56"', c6='"10"')))
    assert [(row.line, row.reference) for row in rows_of(path)] == [
        (2, "4711"),
        (3, "4711"),
        (4, "8"),
        (5, "9"),
        (6, "4711"),
        (7, "10"),
    ]
    assert rows_of(path)[0].key == rows_of(path)[4].key


def test_two_marks_out_of_place_that_pair_up_swallow_nothing_either(tmp_path: Path) -> None:
    lines = map(tabbed, [HEADER, with_cells(c6='"47'), ROW, with_cells(c6='47"'), ROW])
    assert [row.line for row in rows_of(raw(tmp_path, *lines))] == [2, 3, 4, 5]


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_marks_that_enclose_cells_do_so_for_the_whole_file(tmp_path: Path, delimiter: str) -> None:
    name = f'Siivous{delimiter} "Kulma"\nOy'
    path = tmp_path / "ledger.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerows([HEADER, with_cells(c0=name), ROW])
    rows = rows_of(path)
    assert [row.line for row in rows] == [2, 4]
    assert rows[0].key == rows[1].key


def test_marks_out_of_place_between_semicolons_are_signs_only_if_each_row_keeps_its_width(tmp_path: Path) -> None:
    odd = ";".join(with_cells(c0='"Kulma Oy'))
    plain = ";".join(ROW)
    assert [row.line for row in rows_of(raw(tmp_path, ";".join(HEADER), plain, odd, plain))] == [2, 3, 4]
    uneven = ";".join(with_cells(c0='"Kulma; Oy"'))
    path = raw(tmp_path, ";".join(HEADER), uneven, odd, plain)
    with pytest.raises(FileUnreadable) as refused:
        open_ledger(path)
    assert (refused.value.code, refused.value.values) == ("ledger_line_unreadable", {"line": 3})


def test_cells_over_several_lines_come_through_the_seams_between_blocks(tmp_path: Path) -> None:
    rows = [with_cells(c0="a\n" * (number % 7) + "b", c6=str(number)) for number in range(4 * BLOCK_BYTES // 100)]
    path = write_text(tmp_path, [HEADER, *rows], end="\n")
    assert path.stat().st_size > 2 * BLOCK_BYTES
    found = rows_of(path)
    assert [row.reference for row in found] == [str(number) for number in range(len(rows))]
    lines = path.read_text(encoding="utf-8").split("\n")
    assert all(lines[row.line - 1][0] in 'b"' for row in found)


def test_workbooks_are_read_like_text_from_the_first_sheet_with_a_header(tmp_path: Path) -> None:
    numbered = [HEADER, ["Siivous Oy", 2012566, 4341, "Siivouspalvelut", 1234.56, date(2021, 12, 31), 4711]]
    texts = rows_of(write_text(tmp_path, [HEADER, ROW]))
    found = rows_of(write_workbook(tmp_path, [["Ohje"], ["Summa", 5]], numbered, [HEADER, ROW, ROW]))
    assert found == texts


def test_workbooks_have_their_traps(tmp_path: Path) -> None:
    def row(*, day: object = 44561, amount: object = 5) -> list[object]:
        return ["Siivous Oy", "0201256-6", 4341, None, amount, day, 4711]

    sheet = [
        ["Ostot 2021"],
        [],
        HEADER,
        row(day=211231),
        row(day=44561),
        row(amount=0.1 + 0.2),
        row(amount=12.345),
        row(amount=1e20),
        row(day=20019),
        row(day=True),
        [None, None, None, "Yhteensä", 25.5, None, None],
        [],
        ["Matti", IDENTITY_CODE, 4341, None, 5, date(2021, 12, 31), 1],
    ]
    rows, refused, _ = read(open_ledger(write_workbook(tmp_path, sheet)))
    assert [(row.line, row.on_date, row.amount_cents) for row in rows] == [
        (4, date(2021, 12, 31), 500),
        (5, date(2021, 12, 31), 500),
        (6, date(2021, 12, 31), 30),
        (9, date(1954, 10, 22), 500),
    ]
    assert [(row.line, row.reason.value) for row in refused] == [
        (7, "not_money"),
        (8, "not_money"),
        (10, "not_a_date"),
        (11, "totals_row"),
        (13, "identity_code"),
    ]
    assert refused[0].cells == ["Siivous Oy", "0201256-6", "4341", "", "12.345", "44561", "4711"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ledger_without_header"),
        (b"\xef\xbb\xbf", "ledger_without_header"),
        (b"\xff\xfe", "ledger_without_header"),
        (b"a;b;c\n1;2;3\n", "ledger_without_header"),
        (b"Tili;Tilin nimi\n1;2\n", "ledger_without_header"),
        (b"Summa\n1\n", "ledger_without_header"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file_not_text"),
        (b"MZ\x90\x00\x03\x00", "file_not_text"),
        (b"\x00\x01\x02" * 100_000, "file_not_text"),
        (b"PK\x03\x04 and so on", "workbook_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "workbook_broken"),
        (b'"' + b"x" * 300_000, "ledger_without_header"),
        (b"x" * 3_000_000, "line_too_long"),
    ],
)
def test_what_is_no_ledger_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused_file(tmp_path, content) == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path / "missing.csv") == code_of(tmp_path) == "file_not_opened"


def test_what_breaks_further_down_is_refused_with_its_line(tmp_path: Path) -> None:
    head = as_text([HEADER, ROW])
    for tail, code, line in (
        ('"' + "x" * 200_000 + '";' + "\r\n", "ledger_line_unreadable", 3),
        ("x" * 200_000 + ";\r\n", "ledger_line_unreadable", 3),
        ('"a\r\n",' * 400_000, "ledger_line_unreadable", 3),
        ("x;" * 1_500_000, "line_too_long", None),
    ):
        path = tmp_path / "ledger.csv"
        path.write_text(head + tail, newline="")
        with pytest.raises(FileUnreadable) as refused:
            read(open_ledger(path))
        assert (refused.value.code, refused.value.values.get("line")) == (code, line)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_of_a_gigabyte_takes_neither_time_nor_memory(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "ledger.csv"
    with path.open("wb") as file:
        file.write(as_text([HEADER, ROW]).encode(encoding))
        file.write(("\u0a0a" * 2_000_000).encode("utf-16-le") if encoding == "utf-16" else b"x" * 3_000_000)
        file.truncate(1_000_000_000)
    assert code_of(path) == "line_too_long"


def test_a_file_cut_off_in_the_middle_of_a_letter_or_a_row_keeps_what_was_whole(tmp_path: Path) -> None:
    whole, cut_off = as_text([HEADER, ROW]).encode(), as_text([with_cells(c0="Jäähalli")]).encode()
    path = tmp_path / "ledger.csv"
    for cut in range(len(cut_off)):
        path.write_bytes(whole + cut_off[:cut])
        rows, refused, _ = read(open_ledger(path))
        assert rows[0].line == 2
        assert len(rows) + len(refused) in (1, 2)
