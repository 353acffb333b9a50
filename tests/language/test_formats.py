"""Dates, money and numbers; `_` stands for a no-break space."""

from datetime import date
from decimal import Decimal

import pytest

from app.language import formats


def spaced(text: str) -> str:
    return text.replace("_", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(("language", "written"), [("fi", "31.5.2019"), ("sv", "31.5.2019"), ("en", "31_May_2019")])
def test_a_day(language: str, written: str) -> None:
    assert formats.day(date(2019, 5, 31), language) == spaced(written)


@pytest.mark.parametrize(
    ("cents", "language", "written"),
    [
        (123456789, "fi", "1_234_567,89_€"),
        (123456789, "sv", "1_234_567,89_€"),
        (123456789, "en", "€1,234,567.89"),
        (500_000_00, "fi", "500_000_€"),
        (500_000_00, "en", "€500,000"),
        (50, "fi", "0,50_€"),
        (0, "sv", "0_€"),
        (-1_200_50, "fi", "\N{MINUS SIGN}1_200,50_€"),
        (-1_200_00, "en", "-€1,200"),
        (90071992547409931, "fi", "900_719_925_474_099,31_€"),
    ],
)
def test_euros(cents: int, language: str, written: str) -> None:
    assert formats.euros(cents, language) == spaced(written)


def test_small_numbers_are_words() -> None:
    assert [formats.number_word(count, "fi") for count in (0, 1, 2, 10, 11, 1200)] == [
        "0",
        "yksi",
        "kaksi",
        "kymmenen",
        "11",
        spaced("1_200"),
    ]
    assert formats.number_word(7, "sv") == "sju"
    assert formats.number_word(7, "en") == "seven"


def test_numbers_of_one_sentence_are_all_words_or_all_digits() -> None:
    assert formats.counts([0, 3, 10], "en") == ["0", "three", "ten"]
    assert formats.counts([11, 3], "en") == ["11", "3"]


@pytest.mark.parametrize(
    ("count", "language", "written"),
    [(1, "fi", "yksi kuukausi"), (9, "fi", "yhdeksän kuukautta"), (12, "fi", "12_kuukautta"), (1, "sv", "en månad"),
     (9, "sv", "nio månader"), (12, "en", "12_months")],
)  # fmt: skip
def test_months(count: int, language: str, written: str) -> None:
    assert formats.months(count, language) == spaced(written)


@pytest.mark.parametrize(
    ("limit_bytes", "language", "written"),
    [(1_000_000, "fi", "1_Mt"), (1_048_576, "sv", "1_MB"), (2_500_000, "fi", "2,5_Mt"), (64_000, "en", "64_kB")],
)
def test_sizes(limit_bytes: int, language: str, written: str) -> None:
    assert formats.size(limit_bytes, language) == spaced(written)


def test_decimals_carry_no_trailing_zeros() -> None:
    assert formats.number(Decimal("20.50"), "fi") == "20,5"
    assert formats.number(Decimal("18.0"), "en") == "18"


def test_only_the_first_letter_is_made_a_capital() -> None:
    assert formats.capitalised("työkokeilu TE-toimistossa") == "Työkokeilu TE-toimistossa"
    assert formats.capitalised("") == ""
