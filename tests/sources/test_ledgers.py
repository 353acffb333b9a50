"""Reading purchase ledgers as Finnish cities publish them."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from app.sources.ledgers import Ledger, LedgerRow, LedgerUnreadable, UnreadableRow, open_ledger
from app.sources.occurrences import Occurrences

HEADER = "Toimittajan nimi;Toimittajan y-tunnus;Tili;Tilin nimi;Laskun summa ilman ALV;Kirjauspäivämäärä;Tositenumero"
ROW = "Siivous Oy;0201256-6;4341;Siivouspalvelut;1 234,56;31.12.2021;4711"


def ledger(tmp_path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Ledger:
    path = tmp_path / "ledger.csv"
    path.write_bytes("\r\n".join([header, *lines, ""]).encode(encoding))
    return open_ledger(path)


def read(tmp_path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> list[LedgerRow | UnreadableRow]:
    return list(ledger(tmp_path, *lines, header=header, encoding=encoding).rows())


def with_cell(name: str, value: str) -> str:
    cells = dict(zip(HEADER.split(";"), ROW.split(";"), strict=True)) | {name: value}
    return ";".join(cells.values())


def amount_of(tmp_path: Path, text: str) -> int | str:
    row = read(tmp_path, with_cell("Laskun summa ilman ALV", text))[0]
    return row.amount_cents if isinstance(row, LedgerRow) else row.reason.value


def test_a_row_is_read_with_what_is_needed_and_nothing_of_the_name(tmp_path: Path) -> None:
    (row,) = read(tmp_path, ROW)
    assert isinstance(row, LedgerRow)
    assert row[:5] == (2, "0201256-6", date(2021, 12, 31), 123456, "4711")
    assert "Siivous" not in repr(row)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_the_encoding_does_not_matter_not_even_for_telling_rows_apart(tmp_path: Path, encoding: str) -> None:
    plain = read(tmp_path, with_cell("Tilin nimi", "Jäähallin siivous"))
    assert read(tmp_path, with_cell("Tilin nimi", "Jäähallin siivous"), encoding=encoding) == plain


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1234,56", 123456),
        ("1234.56", 123456),
        ("1 234,56", 123456),
        ("1\u00a0234\u00a0567,8", 123456780),
        ("1\u202f234,56", 123456),
        ("-1234,56", -123456),
        ("\u22121\u00a0234,56", -123456),
        ("\u2013 5,00", -500),
        ("+7", 700),
        ("0,01", 1),
        (" 12 ", 1200),
        ("0,00", "amount_zero"),
        ("", "not_money"),
        ("1,234", "not_money"),
        ("1.234", "not_money"),
        ("1.234,56", "not_money"),
        ("12 34", "not_money"),
        ("1e3", "not_money"),
        ("NaN", "not_money"),
        ("12,50 €", "not_money"),
        ("9999999999999", "not_money"),
    ],
)
def test_amounts_are_read_exactly_or_not_at_all(tmp_path: Path, text: str, cents: int | str) -> None:
    assert amount_of(tmp_path, text) == cents


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.2021", date(2021, 12, 31)),
        ("1.2.2021", date(2021, 2, 1)),
        ("01.02.2021", date(2021, 2, 1)),
        ("2021-02-01", date(2021, 2, 1)),
        ("2021-02-01 00:00:00", date(2021, 2, 1)),
        ("30.2.2021", None),
        ("210201", None),
        ("1/2/2021", None),
        ("1.2.21", None),
        ("", None),
    ],
)
def test_days_are_read_in_the_finnish_and_the_international_form(tmp_path: Path, text: str, day: date | None) -> None:
    (row,) = read(tmp_path, with_cell("Kirjauspäivämäärä", text))
    assert (row.on_date if isinstance(row, LedgerRow) else None) == day
    assert isinstance(row, LedgerRow) or row == (2, "not_a_date")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0201256-6", "0201256-6"),
        ("02012566", "0201256-6"),
        ("FI02012566", "0201256-6"),
        ("201256-6", "0201256-6"),
        ("2012566", "0201256-6"),
        ("0201256\u20136", "0201256-6"),
        ("0201256-7", "business_id_invalid"),
        ("131052-308T", "business_id_invalid"),
        ("anonymisoitu", "business_id_invalid"),
        ("FI2112345600000785", "business_id_invalid"),
        ("", "business_id_missing"),
        ("  ", "business_id_missing"),
    ],
)
def test_business_ids_are_brought_into_one_form(tmp_path: Path, text: str, expected: str) -> None:
    (row,) = read(tmp_path, with_cell("Toimittajan y-tunnus", text))
    assert (row.business_id if isinstance(row, LedgerRow) else row.reason) == expected
    assert isinstance(row, LedgerRow) or text.strip() not in repr(row) or not text.strip()


def test_a_comma_as_delimiter_is_found_out(tmp_path: Path) -> None:
    row = ROW.replace(";", ",").replace("1 234,56", '"1 234,56"')
    assert read(tmp_path, row, header=HEADER.replace(";", ",")) == read(tmp_path, ROW)


def test_an_amount_that_the_delimiter_tore_apart_is_not_taken_for_a_smaller_one(tmp_path: Path) -> None:
    header = HEADER.replace(";", ",")
    assert read(tmp_path, ROW.replace(";", ","), header=header) == [(2, "too_many_cells")]


def test_the_header_is_found_below_a_title_and_with_spaces_and_line_ends_in_its_cells(tmp_path: Path) -> None:
    header = "Ostolaskut 2021;;;\n\n" + HEADER.replace("Toimittajan y-tunnus", '" Toimittajan\n Y-tunnus "')
    (row,) = read(tmp_path, ROW, header=header)
    assert isinstance(row, LedgerRow)
    assert (row.line, row.business_id) == (5, "0201256-6")


def test_the_buyers_own_business_id_is_not_taken_for_the_suppliers(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "2012566-8;" + ROW, header="Kunnan y-tunnus;" + HEADER)
    assert isinstance(row, LedgerRow)
    assert row.business_id == "0201256-6"


def test_empty_rows_are_passed_over_and_a_totals_row_is_named(tmp_path: Path) -> None:
    rows = read(tmp_path, "", ROW, ";;;;;;", ";;;Yhteensä;1 234,56;;")
    assert [row.line for row in rows] == [3, 5]
    assert rows[1] == (5, "totals_row")


def test_equal_rows_have_equal_digests_however_they_are_written(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        ROW,
        ROW,
        ROW.replace("1 234,56", "1234.56").replace("31.12.2021", "2021-12-31"),
        ROW.replace("Siivous Oy", "Siivous Oyj"),
        ROW.replace("4341", "4342"),
        ROW.replace("4711", "4712"),
        ROW.replace("Siivouspalvelut", "Muut palvelut"),
    )
    digests = [row.digest for row in rows if isinstance(row, LedgerRow)]
    assert len(set(digests[:4])) == 1
    assert len(set(digests)) == 4


def test_a_quotation_mark_without_a_partner_stops_the_reading_instead_of_swallowing_rows(tmp_path: Path) -> None:
    found = ledger(tmp_path, ROW, ROW.replace("Siivous Oy", '"Siivous Oy'), ROW, ROW)
    with pytest.raises(LedgerUnreadable, match="Line 3 "):
        list(found.rows())
    two = ledger(tmp_path, ROW.replace("4711", '"47'), ROW, ROW.replace("4711", '47"'), ROW)
    with pytest.raises(LedgerUnreadable, match="Line 2 "):
        list(two.rows())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no header row"),
        (b"Toimittajan y-tunnus;Kirjausp\xe4iv\xe4m\xe4\xe4r\xe4\r\n0201256-6;1.1.2021\r\n", "no header row"),
        (b"PK\x03\x04 and so on", "spreadsheet"),
        (b"\x00\x01\x02" * 100_000, "cannot be read"),
        (b'"' + b"x" * 300_000, "cannot be read"),
    ],
)
def test_what_is_no_ledger_is_refused_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "ledger.csv"
    path.write_bytes(content)
    with pytest.raises(LedgerUnreadable, match=sentence):
        open_ledger(path)


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(LedgerUnreadable, match="cannot be opened"):
            open_ledger(path)


@pytest.mark.parametrize("delimiter", [";", ","])
def test_the_header_that_jyvaskyla_published_is_understood(tmp_path: Path, delimiter: str) -> None:
    folder = os.environ.get("SIEPP_TEST_DATA")
    if folder is None:
        pytest.skip("SIEPP_TEST_DATA is unset: the published header rows are not at hand")
    variants = json.loads((Path(folder) / "fi/ledger_header_variants.json").read_text(encoding="utf-8"))
    names = variants["kuntaliitto_2021_as_used_by_Jyvaskyla_2021_xlsx"]["header"]
    cells = dict.fromkeys(names, "x") | {
        "Kunnan y-tunnus": "0174666-4",
        "Toimittajan y-tunnus": "0201256-6",
        "Laskun summa ilman ALV": "-1 234,50".replace(",", "." if delimiter == "," else ","),
        "Kirjauspäivämäärä": "2021-03-31",
    }
    row, total = read(
        tmp_path,
        delimiter.join(cells.values()),
        delimiter.join(cells[name] if name == "Laskun summa ilman ALV" else "" for name in names),
        header=delimiter.join(names),
    )
    assert isinstance(row, LedgerRow)
    assert row[:5] == (2, "0201256-6", date(2021, 3, 31), -123450, None)
    assert total == (3, "totals_row")


def test_occurrences_are_counted_one_by_one_beyond_every_growth() -> None:
    seen = Occurrences()
    digests = [number.to_bytes(8, "big") * 4 for number in range(1, 20_000)]
    assert {seen.count(digest) for digest in digests} == {1}
    assert seen.count(digests[7]) == 2
    assert seen.count(digests[7]) == 3
