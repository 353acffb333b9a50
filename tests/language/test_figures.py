"""Figures as they are written: in their units, with "about", both ends of a range, rounded and old."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.language import figures
from app.rules.codes import Direction, FigureUnit
from app.rules.outcomes import IndicatorFacts, ObservationFacts

FIRST, LAST = date(2019, 8, 1), date(2019, 11, 30)


def indicator(unit: str, **more: Any) -> IndicatorFacts:
    return IndicatorFacts("key", FigureUnit(unit), **more)


def observation(value: str | None = None, **more: Any) -> ObservationFacts:
    return ObservationFacts("1", "key", FIRST, LAST, None if value is None else Decimal(value), **more)


def plain(text: str | None) -> str | None:
    return None if text is None else text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("unit", "seen", "language", "told"),
    [
        ("people", observation("27"), "fi", "27"),
        ("people", observation("1700", approximate=True), "fi", "noin 1 700"),
        ("count", observation("160", value_max=Decimal(280)), "fi", "160–280"),
        ("people", observation("30", value_max=Decimal(40), approximate=True), "sv", "cirka 30–40"),
        ("percent", observation("78"), "fi", "78 %"),
        ("percent", observation("78.0"), "fi", "78,0 %"),
        ("percent", observation("32.2"), "en", "32.2 %"),
        ("percent", observation("50", value_max=Decimal(70)), "fi", "50–70 %"),
        ("percent", observation(numerator=7, denominator=25), "fi", "28 %"),
        ("percent", observation(numerator=2, denominator=3), "fi", "66,7 %"),
        ("euros", observation("1226000"), "fi", "1 226 000 €"),
        ("euros", observation("0.5"), "en", "€0.50"),
        ("yes_no", observation("1"), "fi", "kyllä"),
        ("yes_no", observation("0"), "sv", "nej"),
        ("yes_no", observation(), "fi", "sanallinen"),
    ],
)
def test_a_figure_is_written_in_its_unit(unit: str, seen: ObservationFacts, language: str, told: str) -> None:
    assert plain(figures.figure(indicator(unit), seen, language)) == told


def test_a_grade_tells_the_scale_where_it_is_known() -> None:
    scale = {"scale_min": Decimal(1), "scale_max": Decimal(5)}
    assert plain(figures.figure(indicator("score", **scale), observation("4.3"), "fi")) == "4,3 / 5"
    assert plain(figures.figure(indicator("score", **scale), observation("4", value_max=Decimal(5)), "en")) == "4–5 / 5"
    assert figures.figure(indicator("score"), observation("4.3"), "en") == "4.3"


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (observation("0"), "0 henkilöä"),
        (observation("1"), "1 henkilö"),
        (observation("2"), "2 henkilöä"),
        (observation("1", approximate=True), "noin 1 henkilöä"),
        (observation("1", value_max=Decimal(2)), "1–2 henkilöä"),
    ],
)
def test_people_are_counted_as_people(seen: ObservationFacts, told: str) -> None:
    assert plain(figures.with_unit(indicator("people"), seen, "fi")) == told


def test_what_is_no_number_of_people_has_no_word_after_it() -> None:
    assert figures.with_unit(indicator("count"), observation("11"), "fi") == "11"
    assert figures.unit_word(indicator("people"), observation(), "fi") == ""


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (-1, "up to date"),
        (0, "up to date"),
        (1, "1 day old"),
        (2, "2 days old"),
        (59, "59 days old"),
        (60, "2 months old"),
        (715, "23 months old"),
        (716, "2 years old"),
        (731, "2 years old"),
        (2299, "6 years old"),
    ],
)
def test_the_age_of_a_figure_is_told_roughly(days: int, told: str) -> None:
    assert figures.age(days, "en") == told


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ({"target_min": Decimal(250), "direction": Direction.UP}, "vähintään 250"),
        ({"target_min": Decimal(250)}, "vähintään 250"),
        ({"target_max": Decimal(5), "direction": Direction.DOWN}, "enintään 5"),
        ({"target_max": Decimal(5)}, "enintään 5"),
        ({"target_min": Decimal(5), "direction": Direction.DOWN}, "enintään 5"),
        ({"target_min": Decimal(50), "target_max": Decimal(70)}, "50–70"),
        ({}, None),
    ],
)
def test_a_target_says_from_which_side_it_is_met(target: dict[str, Any], told: str | None) -> None:
    assert figures.target(indicator("people", **target), "fi") == told


def test_a_target_says_its_day() -> None:
    wanted = indicator("percent", target_min=Decimal(50), target_max=Decimal(70), target_on=date(2022, 12, 31))
    assert plain(figures.target_by(wanted, "fi")) == "50–70 % (31.12.2022 mennessä)"
    assert plain(figures.target_by(wanted, "en")) == "50–70 % by 31 December 2022"


@pytest.mark.parametrize(
    ("first", "last", "language", "told"),
    [
        (FIRST, LAST, "fi", "1.8.–30.11.2019"),
        (FIRST, LAST, "en", "1 August 2019–30 November 2019"),
        (date(2018, 8, 1), LAST, "sv", "1.8.2018–30.11.2019"),
        (LAST, LAST, "fi", "30.11.2019"),
    ],
)
def test_a_period_names_its_year_once(first: date, last: date, language: str, told: str) -> None:
    assert plain(figures.period(first, last, language)) == told


def test_an_interval_keeps_its_decimals() -> None:
    assert plain(figures.between(Decimal("71.3"), Decimal("88.0"), FigureUnit.PERCENT, "fi")) == "71,3–88,0 %"
