"""What reading a ledger gives: rows that concern a contract, rows that are refused, and a count of the others."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from app.sources.ledgers import LedgerRow, Unreadable, UnreadableRow, open_ledger
from app.sources.occurrences import Occurrences
from tests.sources.ledger_files import HEADER, IDENTITY_CODE, ROW, read, read_rows, with_cells, write_text

CITY, OTHER = "0201256-6", "0112038-9"
ALL_COLUMNS = [*HEADER, "Sopimusnumero", "Palveluluokka", "Tulosyksikkö", "Kunnan y-tunnus", "Laskun numero"]
ALL_CELLS = [*ROW, "HEL 2018-001234", "8120", "1234", "0201256-6", "900"]


def keys(*rows: LedgerRow | UnreadableRow) -> list[bytes]:
    return [row.key for row in rows if isinstance(row, LedgerRow)]


def test_a_row_is_read_with_what_attaches_it_and_nothing_of_the_name(tmp_path: Path) -> None:
    (row,) = read_rows(tmp_path, ALL_CELLS, header=ALL_COLUMNS)
    assert isinstance(row, LedgerRow)
    assert row[:9] == (2, CITY, "HEL 2018-001234", date(2021, 12, 31), 123456, "4711", "4341", "8120", "1234")
    assert (len(row.key), len(row.voucher or b"")) == (32, 8)
    assert "Siivous Oy" not in repr(row)


def test_a_ledger_says_what_its_columns_mean_and_what_its_file_is(tmp_path: Path) -> None:
    path = write_text(tmp_path, [["Ostot 2021"], ["Toimittajan\n  Y-TUNNUS", "Netto", "Tositepvm"]])
    ledger = open_ledger(path)
    assert ledger.columns == {"business_id": "Toimittajan Y-TUNNUS", "amount": "Netto", "on_date": "Tositepvm"}
    assert ledger.header == ["Toimittajan\n  Y-TUNNUS", "Netto", "Tositepvm"]
    assert (ledger.size, len(ledger.digest), ledger.can_attach, ledger.lacks) == (path.stat().st_size, 64, True, ())


def test_layouts_differ_by_the_columns_that_tell_rows_apart_and_not_by_their_order_or_names(tmp_path: Path) -> None:
    def layout(*names: str) -> str:
        return open_ledger(write_text(tmp_path, [names])).layout

    plain = layout("Y-tunnus", "Summa", "Pvm", "Tili", "Tositenumero")
    assert plain == layout("Tosite", "Tilinro", "Toimittaja", "Kirjauspvm", "Toimittajan y-tunnus", "Nettosumma")
    assert plain == layout("Y-tunnus", "Summa", "Pvm", "Tilin nimi", "Tositenumero")
    assert plain != layout("Y-tunnus", "Summa", "Pvm", "Tili")
    assert plain != layout("Y-tunnus", "Summa", "Pvm", "Tili", "Tositenumero", "Palveluluokka")


def test_rows_that_concern_nobody_are_counted_before_their_day_and_amount_are_looked_at(tmp_path: Path) -> None:
    ledger = open_ledger(write_text(tmp_path, [HEADER, ROW, with_cells(c1=OTHER, c4="?", c5="?"), ROW[:2], ROW]))
    rows, refused, unconcerned = read(ledger, concerned=[OTHER])
    assert (rows, unconcerned) == ([], 3)
    assert [(row.line, row.reason) for row in refused] == [(3, Unreadable.NOT_A_DATE)]


def test_each_party_and_each_text_is_asked_about_once(tmp_path: Path) -> None:
    parties: list[tuple[str | None, str | None]] = []
    texts: list[str] = []
    rows = [ALL_CELLS, ALL_CELLS, [*ALL_CELLS[:1], OTHER, *ALL_CELLS[2:]], [*ALL_CELLS[:7], "", *ALL_CELLS[8:]]] * 3

    def concerns(business_id: str | None, number: str | None) -> bool:
        parties.append((business_id, number))
        return business_id == CITY

    list(open_ledger(write_text(tmp_path, [ALL_COLUMNS, *rows])).chunks(concerns, lambda text: texts.append(text)))
    assert parties == [(CITY, "HEL 2018-001234"), (OTHER, "HEL 2018-001234"), (CITY, None)]
    assert sorted(texts) == ["31.12.2021", "HEL 2018-001234", "Siivous Oy", "Siivouspalvelut"]


@pytest.mark.parametrize("code", ["identity_code", "control_characters"])
def test_rows_with_what_must_not_be_kept_are_refused(tmp_path: Path, code: str) -> None:
    ledger = open_ledger(write_text(tmp_path, [HEADER, ROW, with_cells(c0="Oy Forbidden")]))
    rows, refused, _ = read(ledger, objections={"Forbidden": code})
    assert [row.line for row in rows] == [2]
    assert refused == [(3, code, with_cells(c0="Oy Forbidden"))]


def test_short_plain_cells_are_not_asked_about_but_any_other_sign_in_them_is(tmp_path: Path) -> None:
    rows = [
        with_cells(c6="123456789"),
        with_cells(c6="ABC\u0007"),
        with_cells(c6="Abc\u00e4"),
        with_cells(c6="1234567890"),
    ]
    ledger = open_ledger(write_text(tmp_path, [HEADER, *rows]))
    asked: list[str] = []
    list(ledger.chunks(lambda *_: True, lambda text: asked.append(text)))
    assert set(asked) - set(ROW) == {"ABC\u0007", "Abc\u00e4"}


def test_an_identity_code_in_the_place_of_a_suppliers_id_is_named_so_whoever_it_concerns(tmp_path: Path) -> None:
    header, numbered = [*HEADER, "Sopimusnumero"], [*with_cells(c1=IDENTITY_CODE), "HEL 1"]
    ledger = open_ledger(write_text(tmp_path, [header, [*with_cells(c1=IDENTITY_CODE), ""], numbered]))
    rows, refused, unconcerned = read(ledger, concerned=[])
    assert (rows, unconcerned) == ([], 0)
    assert [row.reason for row in refused] == [Unreadable.IDENTITY_CODE] * 2


def test_the_contract_number_attaches_where_the_suppliers_id_does_not(tmp_path: Path) -> None:
    def row(supplier: str, number: str) -> list[str]:
        return [*with_cells(c1=supplier), number]

    suppliers = ["Puuttuu", "anonymisoitu", "SE556012579001", "FI2112345600000785", ""]
    ledger = open_ledger(
        write_text(
            tmp_path,
            [
                [*HEADER, "Sopimusnumero"],
                *(row(supplier, " HEL  2018-1 ") for supplier in suppliers),
                *(row(supplier, "Puuttuu") for supplier in suppliers),
                row("Puuttuu", "HEL 2018-2"),
            ],
        )
    )
    rows, refused, unconcerned = read(ledger, concerned=["HEL 2018-1"])
    assert [(row.business_id, row.contract_number) for row in rows] == [(None, "HEL 2018-1")] * 5
    assert [row.reason.value.removeprefix("business_id_") for row in refused] == [
        "missing",
        "missing",
        "foreign",
        "invalid",
        "missing",
    ]
    assert unconcerned == 1
    assert len(set(keys(*rows))) == 3


def test_where_suppliers_have_no_column_rows_without_a_contract_number_concern_nobody(tmp_path: Path) -> None:
    header = ["Sopimusnumero", "Summa", "Pvm"]
    ledger = open_ledger(write_text(tmp_path, [header, ["HEL 1", "5,00", "1.2.2021"], ["", "6,00", "1.2.2021"]]))
    rows, refused, unconcerned = read(ledger)
    assert [(row.contract_number, row.business_id, row.amount_cents) for row in rows] == [("HEL 1", None, 500)]
    assert (refused, unconcerned) == ([], 1)


def test_a_ledger_that_cannot_attach_is_opened_says_why_and_counts_its_rows(tmp_path: Path) -> None:
    ledger = open_ledger(
        write_text(tmp_path, [["Toimittajan nimi", "Tili", "Netto"], ["A", "4341", "5,00"], [], ["B"]])
    )
    assert (ledger.can_attach, ledger.lacks) == (False, ("business_id", "on_date"))
    assert read(ledger) == ([], [], 2)


def test_empty_rows_are_passed_over_and_totals_are_named(tmp_path: Path) -> None:
    rows = read_rows(
        tmp_path,
        [],
        ROW,
        [""] * 7,
        [" "] * 9,
        ["", "", "", "Yhteensä", "1 234,56", "", ""],
        ["", "", "", "", "1 234,56", "", ""],
        ["Summa:", CITY, "", "", "1 234,56", "", ""],
        ["Loppusumma", "yhteensä", "", "", "", "31.12.2021", ""],
    )
    assert [(row.line, getattr(row, "reason", None)) for row in rows] == [
        (3, None),
        (6, Unreadable.TOTALS_ROW),
        (7, Unreadable.TOTALS_ROW),
        (8, Unreadable.TOTALS_ROW),
        (9, Unreadable.TOTALS_ROW),
    ]


def test_a_supplier_called_total_is_none(tmp_path: Path) -> None:
    (row,) = read_rows(tmp_path, with_cells(c0="Total"))
    assert isinstance(row, LedgerRow)


def test_an_amount_that_the_delimiter_tore_apart_is_not_taken_for_a_smaller_one(tmp_path: Path) -> None:
    (row,) = read_rows(tmp_path, [*with_cells(c4="1 234;56")[:4], "1 234", "56", *ROW[5:]])
    assert row == (2, Unreadable.TOO_MANY_CELLS, [*ROW[:4], "1 234", "56", *ROW[5:]])


def test_rows_with_a_delimiter_at_their_end_and_rows_cut_short_are_read(tmp_path: Path) -> None:
    rows = read_rows(tmp_path, [*ROW, "", " "], ROW[:6])
    assert [row.reference for row in rows if isinstance(row, LedgerRow)] == ["4711", None]


def test_equal_rows_have_equal_keys_and_what_tells_rows_apart_does(tmp_path: Path) -> None:
    same = read_rows(
        tmp_path,
        ROW,
        with_cells(c4="1234.56", c5="2021-12-31"),
        with_cells(c0="Siivous Oyj"),
        with_cells(c1="FI02012566"),
        with_cells(c2="04341", c6=" 4711 "),
        with_cells(c3="Muut palvelut"),
    )
    others = read_rows(
        tmp_path,
        with_cells(c1=OTHER),
        with_cells(c2="4342"),
        with_cells(c4="-1 234,56"),
        with_cells(c5="30.12.2021"),
        with_cells(c6="4712"),
    )
    assert len(set(keys(*same))) == 1
    assert len(set(keys(*same, *others))) == 6


def test_lines_of_one_voucher_are_grouped_by_buyer_number_supplier_and_year(tmp_path: Path) -> None:
    header = [*HEADER, "Kunnan y-tunnus"]

    def row(buyer: str = CITY, **cells: str) -> list[str]:
        return [*with_cells(**cells), buyer]

    rows = read_rows(
        tmp_path,
        row(),
        row(c2="5000", c4="7,00", c5="1.1.2021"),
        row(c6="4712"),
        row(c1=OTHER),
        row(c5="31.12.2020"),
        row(buyer=OTHER),
        row(c6=""),
        header=header,
    )
    vouchers = [row.voucher for row in rows if isinstance(row, LedgerRow)]
    assert vouchers[0] == vouchers[1]
    assert len(set(vouchers)) == 6
    assert vouchers[-1] is None


def test_the_invoices_number_stands_in_for_the_vouchers(tmp_path: Path) -> None:
    header = [*HEADER[:6], "lasku_id"]
    (row,) = read_rows(tmp_path, ROW, header=header)
    assert isinstance(row, LedgerRow)
    assert row.reference == "4711"
    assert row.voucher is not None


def test_names_stand_in_for_numbers_and_all_is_cut_to_what_is_kept(tmp_path: Path) -> None:
    header = [*HEADER[:2], "Sopimusnumero", "Tilin nimi", *HEADER[4:], "Palveluluokka", "Tulosyksikön nimi"]
    cells = [*ROW[:2], "S" * 300, "T" * 300, *ROW[4:6], "V" * 300, "P" * 300, "U" * 300]
    (row,) = read_rows(tmp_path, cells, header=header)
    assert isinstance(row, LedgerRow)
    assert (row.account, row.buying_unit) == ("T" * 100, "U" * 200)
    assert (row.contract_number, row.reference, row.service_class) == ("S" * 200, "V" * 200, "P" * 200)


def test_chunks_tell_how_far_they_have_come(tmp_path: Path) -> None:
    rows = [with_cells(c6=str(number)) for number in range(20_000)]
    ledger = open_ledger(write_text(tmp_path, [HEADER, *rows]))
    chunks = list(ledger.chunks(lambda *_: True, lambda _: None))
    assert len(chunks) > 2
    assert sum(chunk.lines for chunk in chunks) == 20_001
    assert [row.line for chunk in chunks for row in chunk.rows] == list(range(2, 20_002))
    far = [chunk.read_bytes for chunk in chunks]
    assert far == sorted(far)
    assert (far[-1], far[0] < ledger.size) == (ledger.size, True)


def test_occurrences_are_counted_one_by_one_beyond_every_growth() -> None:
    seen = Occurrences()
    digests = [sha256(number.to_bytes(8, "big")).digest() for number in range(20_000)]
    assert {seen.count(digest) for digest in digests} == {1}
    assert seen.count(digests[7]) == 2
    assert seen.count(digests[7]) == 3
