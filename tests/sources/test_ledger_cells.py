"""What a cell of a ledger says, and what it says in two ways and is therefore not read."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sources.ledgers.cells import (
    cents_of,
    day_of,
    is_total,
    month_of,
    plainly,
    supplier_of,
    text_of,
    without_quotes,
)
from tests.sources.ledger_files import IDENTITY_CODE


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1234,56", 123456),
        ("1234.56", 123456),
        ("1 234,56", 123456),
        ("1\u00a0234\u00a0567,8", 123456780),
        ("1\u202f234,56", 123456),
        ("1\u2009234,56", 123456),
        ("-1234,56", -123456),
        ("1234,56-", -123456),
        ("100,00-", -10000),
        ("1 234,56\u2212", -123456),
        ("\u22121\u00a0234,56", -123456),
        ("\u2013 5,00", -500),
        ("+7", 700),
        ("0,01", 1),
        ("-0,01", -1),
        (",01", None),
        (" 12 ", 1200),
        ("0,00", 0),
        ("999999999999,99", 99_999_999_999_999),
        ("9999999999999", None),
        ("9999999999999,00", None),
        ("25000.0", 2500000),
        ("0.30000000000000004", 30),
        ("1234.5699999999999", 123457),
        ("-1.4999999999999998", -150),
        ("0.99999999", 100),
        ("1.230009", 123),
        ("1.23001", None),
        ("1.229991", 123),
        ("1.22999", None),
        ("1.2345", None),
        ("1.2300", 123),
        ("", None),
        ("1,234", None),
        ("1.234", None),
        ("1.234,56", None),
        ("12 34", None),
        ("1e3", None),
        ("1,5E+05", None),
        ("1.2e-05", None),
        ("-5-", None),
        ("--5", None),
        ("NaN", None),
        ("inf", None),
        ("12,50 €", None),
        ("1_000", None),
        ("\u0661\u0662", None),
        ("=1+1", None),
    ],
)
def test_amounts_are_read_exactly_or_not_at_all(text: str, cents: int | None) -> None:
    assert cents_of(text) == cents


@given(st.integers(-99_999_999_999_999, 99_999_999_999_999), st.sampled_from(["", " ", "\u00a0", "\u202f"]))
def test_every_amount_comes_back_however_it_is_written(cents: int, apart: str) -> None:
    whole, places = divmod(abs(cents), 100)
    digits = f"{whole:,}".replace(",", apart)
    for sign, behind in (("-", ""), ("", "-"), ("\u2212", "")) if cents < 0 else (("", ""), ("+", "")):
        assert cents_of(f"{sign}{digits},{places:02}{behind}") == cents
        assert cents_of(f"{sign}{digits}.{places:02}{behind}") == cents


@given(st.integers(-9_999_999_999, 9_999_999_999), st.integers(-9_999_999_999, 9_999_999_999))
def test_sums_that_a_spreadsheet_made_of_cents_are_read_as_cents(one: int, other: int) -> None:
    assert cents_of(text_of(one / 100 + other / 100)) == one + other


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.2021", date(2021, 12, 31)),
        ("1.2.2021", date(2021, 2, 1)),
        ("01.02.2021", date(2021, 2, 1)),
        (" 01.02.2021 ", date(2021, 2, 1)),
        ("1.2.2021 0:00:00", date(2021, 2, 1)),
        ("1.2.2021 0.00", date(2021, 2, 1)),
        ("2021-02-01", date(2021, 2, 1)),
        ("2021-02-01 00:00:00", date(2021, 2, 1)),
        ("2021-02-01T00:00:00.000", date(2021, 2, 1)),
        ("2021-02-01T23:59:59", None),
        ("20210201", date(2021, 2, 1)),
        ("210201", date(2021, 2, 1)),
        ("210201.0", date(2021, 2, 1)),
        ("44228", date(2021, 2, 1)),
        ("44228.0", date(2021, 2, 1)),
        ("44228.5", None),
        ("690101", date(2069, 1, 1)),
        ("700101", date(1970, 1, 1)),
        ("2021-02", date(2021, 2, 28)),
        ("2/2020", date(2020, 2, 29)),
        ("02/2020", date(2020, 2, 29)),
        ("202102", date(2021, 2, 28)),
        ("202112", date(2021, 12, 31)),
        ("201212", date(2020, 12, 12)),
        ("202113", None),
        ("13/2021", None),
        ("2021-13", None),
        ("30.2.2021", None),
        ("20210230", None),
        ("1/2/2021", None),
        ("1.2.21", None),
        ("1.1.1900", date(1900, 1, 1)),
        ("31.12.1899", None),
        ("31.12.2100", date(2100, 12, 31)),
        ("1.1.2101", None),
        ("73415", date(2100, 12, 31)),
        ("73416", None),
        ("1.1.20019", None),
        ("20019-01-01", None),
        ("200190101", None),
        ("0000-01-01", None),
        ("00000000", None),
        ("000000", None),
        ("1.13.2021", None),
        ("\u0661.1.2021", None),
        ("", None),
    ],
)
def test_days_are_read_in_the_forms_that_ledgers_have(text: str, day: date | None) -> None:
    assert day_of(text) == day


def test_six_digits_are_a_month_in_a_column_of_months() -> None:
    assert month_of("201212") == date(2012, 12, 31)
    assert month_of("210201") == date(2021, 2, 1)
    assert month_of("1.2.2021") == date(2021, 2, 1)


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_day_comes_back_however_it_is_written(day: date) -> None:
    forms = ["%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%y%m%d", "%Y-%m-%d 00:00:00"]
    assert {day_of(day.strftime(form)) for form in forms} == {day}
    assert day_of(f"{day.day}.{day.month}.{day.year}") == day
    if day > date(1927, 5, 18):
        assert day_of(str((day - date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0201256-6", "0201256-6"),
        (" 0201256 - 6 ", "0201256-6"),
        ("02012566", "0201256-6"),
        ("FI02012566", "0201256-6"),
        ("fi 0201256-6", "0201256-6"),
        ("FI-02012566", "0201256-6"),
        ("201256-6", "0201256-6"),
        ("003702012566", "0201256-6"),
        ("003702012566123", "0201256-6"),
        ("2012566", "0201256-6"),
        ("0201256\u20136", "0201256-6"),
        ("0201256\u20116", "0201256-6"),
        ("0201256-7", "business_id_invalid"),
        ("19", "business_id_invalid"),
        ("FI2112345600000785", "business_id_invalid"),
        ("123.456", "business_id_invalid"),
        ("rek.nro 12345", "business_id_invalid"),
        ("Siivous Oy", "business_id_invalid"),
        ("0201256-6, 0112038-9", "business_id_invalid"),
        ("SE556012579001", "business_id_foreign"),
        ("DE 123 456 789", "business_id_foreign"),
        ("EE100931558", "business_id_foreign"),
        ("ATU12345678", "business_id_foreign"),
        ("NL123456789B01", "business_id_foreign"),
        ("Puuttuu", "business_id_missing"),
        ("anonymisoitu", "business_id_missing"),
        ("Anonymisoitu", "business_id_missing"),
        ("-", "business_id_missing"),
        ("", "business_id_missing"),
        (" \u00a0 ", "business_id_missing"),
        (IDENTITY_CODE, "identity_code"),
        (IDENTITY_CODE.lower(), "identity_code"),
        (IDENTITY_CODE.replace("Y", " - "), "identity_code"),
        (f"hetu {IDENTITY_CODE}", "identity_code"),
    ],
)
def test_business_ids_are_brought_into_one_form(text: str, expected: str) -> None:
    business_id, reason = supplier_of(text)
    assert (business_id or reason) == expected
    assert (business_id is None) != (reason is None)


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (["Yhteensä"], True),
        (["", " ", "YHTEENSÄ:", "x"], True),
        (["Summa  yhteensä"], True),
        (["x", "Yhteensä"], False),
        (["Yhteensä Oy"], False),
        ([], False),
    ],
)
def test_totals_are_known_by_the_first_cell_that_is_filled(cells: list[str], total: bool) -> None:
    assert is_total(cells) is total


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (" x ", " x "),
        (True, "TRUE"),
        (4341, "4341"),
        (4341.0, "4341"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "0.00000010000000000000"),
        (1e20, "100000000000000000000.00000000000000000000"),
        (float("nan"), "nan"),
        (date(2021, 2, 1), "2021-02-01"),
        (datetime(2021, 2, 1), "2021-02-01"),  # noqa: DTZ001 - a cell of a workbook has no zone
        (datetime(2021, 2, 1, 13, 5), "2021-02-01T13:05:00"),  # noqa: DTZ001
        (time(13, 5), "13:05:00"),
        (timedelta(hours=1), "1:00:00"),
    ],
)
def test_cells_of_workbooks_become_the_text_that_a_file_would_have(cell: object, text: str) -> None:
    assert text_of(cell) == text


def test_texts_tell_rows_apart_without_the_marks_of_the_program_that_wrote_them() -> None:
    assert plainly("00123") == plainly("123") == plainly(" 123 ")
    assert plainly("Jäähalli  1") == plainly("ja\u0308ähalli\u00a01")
    assert plainly("12a") != plainly("12b")


@pytest.mark.parametrize(
    ("cell", "text"),
    [('"x"', "x"), ('"a ""b"" c"', 'a "b" c'), ('""', ""), ('"', '"'), ('"x', '"x'), ('"a" b "c"', '"a" b "c"')],
)
def test_marks_around_a_cell_are_taken_off_where_they_are_no_part_of_it(cell: str, text: str) -> None:
    assert without_quotes(cell) == text
