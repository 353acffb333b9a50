"""Whatever a file holds, it is read or refused in words; and the same rows are the same, however they are written."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.sources.files import FileUnreadable
from app.sources.ledgers import LedgerRow, open_ledger, reading
from app.sources.ledgers.cells import cents_of, day_of, is_total, month_of, supplier_of, text_of, told_apart
from app.sources.ledgers.columns import columns_of
from tests.sources.ledger_files import HEADER, ROW, as_text, read, write_text, write_workbook

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
HEADER_LINE = as_text([HEADER]).encode()
PIECES = [
    b"\r\n",
    b"\r",
    b"\n",
    b";",
    b"\t",
    b",",
    b'"',
    b'""',
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe4",
    b"\xed\xa0\x80",
    "Jäähalli\u2028".encode(),
    as_text([ROW]).encode(),
    ";".join(HEADER).encode(),
    "\t".join(HEADER).encode(),
    b"0201256-6",
    b"31.12.2021",
    b"-1 234,56",
    "Yhteensä".encode("cp1252"),
    b"9" * 40,
    b"1e9",
]
NAMES = ["Toimittajan y-tunnus", "Netto", "Kirjauspvm", "Palveluluokka", "Tosite numero"]
OTHER_NAMES = ["toimittaja_y_tunnus", "LASKUN SUMMA\nILMAN ALV", "Tositepäivämäärä", "Palveluluokka", "Tapahtumanumero"]
AMOUNTS = st.integers(-99_999_999_99, 99_999_999_99).filter(bool)
DAYS = st.dates(date(2000, 1, 1), date(2069, 12, 31))
WORDS = st.text(st.sampled_from('abÄÖå 1;,"\t\n'), max_size=8).filter(
    # As many delimiters and a line end in one cell would be taken for rows between two marks out of place.
    lambda word: all(word.count(delimiter) < len(NAMES) - 1 for delimiter in ";,\t")
)
SUPPLIERS = st.sampled_from(["0201256-6", "0112038-9", "1572860-0"])
PURCHASES = st.lists(st.tuples(SUPPLIERS, AMOUNTS, DAYS, WORDS, st.integers(0, 99_999)), min_size=1, max_size=5)
FORMS: list[Callable[[date], str]] = [
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: day.strftime("%d.%m.%Y"),
    date.isoformat,
    lambda day: f"{day} 00:00:00",
    lambda day: day.strftime("%Y%m%d"),
    lambda day: day.strftime("%y%m%d"),
    lambda day: str((day - date(1899, 12, 30)).days),
]


def read_or_refused(path: Path) -> list[LedgerRow] | str:
    try:
        return read(open_ledger(path))[0]
    except FileUnreadable as refused:
        return refused.code


@QUIET
@given(st.binary(max_size=400))
@example(b'"')
@example(b"PK\x05\x06" + b"\0" * 18)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzzed.csv"
    path.write_bytes(content)
    assert isinstance(read_or_refused(path), str | list)


@QUIET
@given(st.sampled_from([b"", b"\xef\xbb\xbf", HEADER_LINE]), st.lists(st.sampled_from(PIECES) | st.binary(max_size=3)))
def test_any_ledger_like_bytes_are_read_or_refused(tmp_path: Path, start: bytes, pieces: list[bytes]) -> None:
    path = tmp_path / "fuzzed.csv"
    path.write_bytes(start + b"".join(pieces))
    found = read_or_refused(path)
    assert isinstance(found, str) or all(row.amount_cents and row.business_id for row in found)


@settings(QUIET, max_examples=15)
@given(st.data())
def test_a_workbook_damaged_anywhere_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = write_workbook(tmp_path, [HEADER, ROW])
    content = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    assert isinstance(read_or_refused(path), str | list)


@given(st.text() | st.floats() | st.integers() | st.booleans() | st.datetimes() | st.dates() | st.none())
def test_any_cell_is_read_or_says_nothing(cell: Any) -> None:
    text = text_of(cell)
    business_id, reason = supplier_of(text)
    assert (business_id is None) != (reason is None)
    assert cents_of(text) is None or isinstance(cents_of(text), int)
    for day in (day_of(text), month_of(text)):
        assert day is None or 1900 <= day.year <= 2100
    assert is_total([text]) in (True, False)
    assert told_apart(told_apart(text)) == told_apart(text)


def keys(path: Path) -> list[tuple[bytes, bytes | None]]:
    rows, refused, unconcerned = read(open_ledger(path))
    assert (refused, unconcerned) == ([], 0)
    return [(row.key, row.voucher) for row in rows]


def plain(purchases: Sequence[Any]) -> list[list[str]]:
    return [
        [supplier, f"{cents / 100:.2f}".replace(".", ","), day.strftime("%d.%m.%Y"), word, str(number)]
        for supplier, cents, day, word, number in purchases
    ]


@QUIET
@given(
    PURCHASES,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850"]),
    st.sampled_from(";\t,"),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from(FORMS),
    st.permutations(range(5)),
)
def test_the_same_rows_written_otherwise_have_the_same_keys(
    tmp_path: Path,
    purchases: Sequence[Any],
    encoding: str,
    delimiter: str,
    end: str,
    form: Callable[[date], str],
    order: Sequence[int],
) -> None:
    rows = [
        [supplier.replace("-", ""), f"{cents / 100:.2f}", form(day), word, f"{number:07}"]
        for supplier, cents, day, word, number in purchases
    ]
    others = [[row[at] for at in order] for row in [OTHER_NAMES, *rows]]
    expected = keys(write_text(tmp_path, [NAMES, *plain(purchases)]))
    assert keys(write_text(tmp_path, [["Ostot 2021"], *others], delimiter, encoding, end)) == expected


@settings(QUIET, max_examples=10)
@given(PURCHASES, st.permutations(range(5)))
def test_the_same_rows_in_a_workbook_have_the_same_keys(
    tmp_path: Path, purchases: Sequence[Any], order: Sequence[int]
) -> None:
    rows = [
        # As a number YYMMDD loses the zeros of the years before 2010; five digits are Excel's count of days.
        [int(supplier.replace("-", "")), cents / 100, int(f"{day:%y%m%d}") if day.year > 2009 else day, word, number]
        for supplier, cents, day, word, number in purchases
    ]
    sheet = [[row[at] for at in order] for row in [OTHER_NAMES, *rows]]
    assert keys(write_workbook(tmp_path, [["Ohje"]], sheet)) == keys(write_text(tmp_path, [NAMES, *plain(purchases)]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_ledger_cut_anywhere_is_read_or_refused(tmp_path: Path, encoding: str) -> None:
    content = as_text([HEADER, [*ROW[:3], 'Jää "halli"\nOy', *ROW[4:]]]).encode(encoding)
    path = tmp_path / "ledger.csv"
    for cut in range(len(content)):
        path.write_bytes(content[:cut])
        assert isinstance(read_or_refused(path), str | list)


PLAIN_OR_ODD = st.tuples(
    st.sampled_from(["0201256-6", "0112038-9", "Puuttuu", ""]),
    st.sampled_from(["1 234,56", "-1,00", "0", "paljon", ""]),
    st.sampled_from(["31.12.2021", "2021-12-31", "eilen", ""]),
    st.sampled_from(["4711", "T4712", "Lasku\u00a04713", "kirje 010594Y9032", "a\\b"]),
)


@given(rows=st.lists(PLAIN_OR_ODD, min_size=1, max_size=12))
@QUIET
def test_a_row_says_the_same_among_others_as_by_itself(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    """Rows are read column by column; what is wrong with one must neither touch nor hide behind another."""

    def outcome(*some: tuple[str, ...]) -> list[tuple[Any, ...]]:
        cells = [["Siivous Oy", supplier, "4341", "", amount, day, voucher] for supplier, amount, day, voucher in some]
        ledger = open_ledger(write_text(tmp_path, [HEADER, *cells]))
        readable, refused, _ = read(ledger, ["0201256-6"], {"010594Y9032": "identity_code"})
        found = [*(tuple(row) for row in readable), *((row.line, row.reason, row.cells) for row in refused)]
        return [row[1:] for row in sorted(found, key=lambda row: row[0])]

    assert outcome(*rows) == [row for one in rows for row in outcome(one)]


@pytest.mark.parametrize("as_text", [None, text_of], ids=["text file", "workbook"])
def test_what_was_asked_of_texts_is_remembered_of_a_few_only(
    monkeypatch: pytest.MonkeyPatch, as_text: Callable[[Any], str] | None
) -> None:
    monkeypatch.setattr(reading, "TEXTS_REMEMBERED", 4)
    reader = reading.RowReader(
        columns_of(HEADER), as_text, lambda *_: True, lambda text: "identity_code" if "010594Y9032" in text else None
    )
    vouchers = [f"kirje 010594Y9032, {number}" if number % 5 == 0 else f"lasku Y{number:08}" for number in range(60)]
    rows = [[*ROW[:6], voucher] for voucher in vouchers]
    refused = [
        line
        for first in range(0, 60, 20)
        for _ in range(2)
        for line, *_ in reader.read(range(first, first + 20), rows[first : first + 20])[1]
    ]
    assert refused == [line for first in (0, 20, 40) for _ in range(2) for line in range(first, first + 20, 5)]
    assert len(reader._texts) <= 4
