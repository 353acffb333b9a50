"""A figure as each language writes it: in its unit, with "about", both ends of a range, and how old it is."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.language import formats
from app.language.catalogues import msgid, msgid_in, msgids, translated, translated_in
from app.language.questions import percent
from app.rules.codes import Direction, FigureUnit
from app.rules.outcomes import IndicatorFacts, ObservationFacts

TENTH = Decimal("0.1")
MONTH_DAYS, YEAR_DAYS = 30.44, 365.25
"""On the average; an age is told roughly."""
DAYS_UP_TO, MONTHS_UP_TO = 60, 24
"""Up to so many days an age is told in days, up to so many months in months."""

YES, NO = msgid_in("figure", "yes"), msgid_in("figure", "no")
IN_WORDS = msgid_in("figure", "in words")
ABOUT = msgid("about {figure}")
OUT_OF_SCALE = "{figure} / {most}"
PEOPLE = msgids("person", "people", by="count")
"""What stands after a number of them."""

DAYS_OLD = msgids("{num} day old", "{num} days old", by="num")
MONTHS_OLD = msgids("{num} month old", "{num} months old", by="num")
YEARS_OLD = msgids("{num} year old", "{num} years old", by="num")
OF_TODAY = msgid("up to date")

AT_LEAST, AT_MOST = msgid("at least {figure}"), msgid("at most {figure}")
TARGET_BY = msgid("{target} by {target_on}")


def amount(value: Decimal, unit: FigureUnit, language: str, reported: bool = True) -> str:
    """A value in its unit, people without the word. A percentage that was calculated has at most one decimal."""
    match unit:
        case FigureUnit.PERCENT:
            return percent(value if reported else _rounded(value), language)
        case FigureUnit.EUROS:
            return formats.euros(int(value * 100), language)
        case FigureUnit.YES_NO:
            return translated_in("figure", YES if value else NO, language)
    return formats.number(value, language)


def _rounded(value: Decimal) -> Decimal:
    tenths = value.quantize(TENTH, ROUND_HALF_UP)
    return tenths if tenths != tenths.to_integral() else tenths.to_integral()


def figure(indicator: IndicatorFacts, observation: ObservationFacts, language: str) -> str:
    """A figure as a table has it: 27, 78 %, about 1 700, 160–280, 4.3 / 5, yes; "in words" where there is none."""
    value = observation.figure
    if value is None:
        return translated_in("figure", IN_WORDS, language)
    written = amount(value, indicator.unit, language, observation.value is not None)
    if observation.value_max is not None:
        written = _range(written, amount(observation.value_max, indicator.unit, language), indicator.unit)
    if indicator.unit is FigureUnit.SCORE and indicator.scale_max is not None:
        most = formats.number(indicator.scale_max, language)
        written = OUT_OF_SCALE.format(figure=written, most=most).replace(" ", formats.NO_BREAK_SPACE)
    if observation.approximate:
        written = translated(ABOUT, language).format(figure=written).replace(" ", formats.NO_BREAK_SPACE)
    return written


def between(low: Decimal, high: Decimal, unit: FigureUnit, language: str) -> str:
    """From one value to another, as an interval is written: 71.3–88.0 %."""
    return _range(amount(low, unit, language), amount(high, unit, language), unit)


def _range(low: str, high: str, unit: FigureUnit) -> str:
    """Both ends, the sign of the unit once: 50–70 %."""
    sign = {FigureUnit.PERCENT: "%", FigureUnit.EUROS: "€"}.get(unit)
    if sign is not None and low.endswith(sign) and high.endswith(sign):
        low = low.removesuffix(sign).rstrip(f"{formats.NO_BREAK_SPACE} ")
    return f"{low}–{high}"


def with_unit(indicator: IndicatorFacts, observation: ObservationFacts, language: str) -> str:
    """The same in the middle of a sentence, where a number of people needs the word: 27 people."""
    written = figure(indicator, observation, language)
    word = unit_word(indicator, observation, language)
    return f"{written}{formats.NO_BREAK_SPACE}{word}" if word else written


def unit_word(indicator: IndicatorFacts, observation: ObservationFacts, language: str) -> str:
    """What stands after the figure: people; other units are told by their sign, or by the indicator's name."""
    value = observation.figure
    if indicator.unit is not FigureUnit.PEOPLE or value is None:
        return ""
    one_only = value == 1 and observation.value_max is None and not observation.approximate
    return translated(PEOPLE, language, 1 if one_only else 2)


def age(days: int, language: str) -> str:
    """How old a figure is, roughly: 12 days old, 5 months old, 6 years old."""
    if days <= 0:
        return translated(OF_TODAY, language)
    months = round(days / MONTH_DAYS)
    text, count = YEARS_OLD, round(days / YEAR_DAYS)
    if days < DAYS_UP_TO:
        text, count = DAYS_OLD, days
    elif months < MONTHS_UP_TO:
        text, count = MONTHS_OLD, months
    return translated(text, language, count).format(num=count)


def target(indicator: IndicatorFacts, language: str) -> str | None:
    """The target in the indicator's unit: at least 250, 50–70 %; None where none is set."""
    low, high = indicator.target_min, indicator.target_max
    if low is not None and high is not None and low != high:
        return _range(amount(low, indicator.unit, language), amount(high, indicator.unit, language), indicator.unit)
    one = low if low is not None else high
    if one is None:
        return None
    written = amount(one, indicator.unit, language)
    if indicator.unit is FigureUnit.YES_NO:
        return written
    least = indicator.direction is Direction.UP or (indicator.direction is None and high is None)
    return translated(AT_LEAST if least else AT_MOST, language).format(figure=written)


def target_by(indicator: IndicatorFacts, language: str) -> str | None:
    """The target with its day, where it has one."""
    told = target(indicator, language)
    if told is None or indicator.target_on is None:
        return told
    return translated(TARGET_BY, language).format(target=told, target_on=formats.day(indicator.target_on, language))


def period(first: date, last: date, language: str) -> str:
    """Both ends of a period, or the one day: 1.8.–30.11.2019 where the year is the same."""
    if first == last:
        return formats.day(last, language)
    if language in {"fi", "sv"} and first.year == last.year:
        return f"{first.day}.{first.month}.–{formats.day(last, language)}"
    return f"{formats.day(first, language)}–{formats.day(last, language)}"
