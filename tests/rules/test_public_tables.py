"""The fixed set of public tables: quarters, categories, and what a project publishes."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import policy
from app.rules.codes import CohortStage, Dimension, FigureStatus, FigureUnit
from app.rules.facts import TargetGroup
from app.rules.folding import Folded
from app.rules.outcomes import IndicatorFacts, ObservationFacts
from app.rules.outlook import outlook_on
from app.rules.public_tables import (
    CATEGORIES,
    NOT_KNOWN,
    Period,
    TableKey,
    begun,
    is_quarter_end,
    jobs_table,
    obligations_table,
    people_taking_part,
    possible,
    project_tables,
    quarter_of,
    quarters_due,
)
from tests.factories import contract, d, fixed, position
from tests.rules.solving import Counts, tables_of, values_of

SPRING = Period(date(2026, 4, 1), date(2026, 6, 30))
OLD = date(2000, 1, 1)
PEOPLE = IndicatorFacts("participants", FigureUnit.PEOPLE, dimensions=frozenset({Dimension.AGE_GROUP}))


# --- Quarters


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("1.1.2026", "1.1.2026", "31.3.2026"),
        ("31.3.2026", "1.1.2026", "31.3.2026"),
        ("1.4.2026", "1.4.2026", "30.6.2026"),
        ("29.2.2024", "1.1.2024", "31.3.2024"),
        ("31.12.2026", "1.10.2026", "31.12.2026"),
    ],
)
def test_a_quarter_is_three_months_of_the_calendar(day: str, first: str, last: str) -> None:
    assert quarter_of(d(day)) == Period(d(first), d(last))


@given(st.dates(date(1990, 1, 1), date(2199, 12, 31)))
def test_a_day_lies_in_its_quarter_and_only_the_last_one_ends_it(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter.holds(day)
    assert is_quarter_end(day) == (day == quarter.last)


@pytest.mark.parametrize(("today", "last"), [("29.7.2026", "31.3.2026"), ("30.7.2026", "30.6.2026")])
def test_a_quarter_is_due_a_month_after_its_end(today: str, last: str) -> None:
    assert quarters_due(OLD, OLD, d(today))[-1].last == d(last)


def test_no_quarter_before_the_first_contract_and_no_more_than_some_years() -> None:
    today = d("30.7.2026")
    assert quarters_due(d("30.6.2026"), OLD, today) == [SPRING]
    assert quarters_due(d("1.7.2026"), OLD, today) == []
    due = quarters_due(OLD, OLD, today)
    assert (len(due), due[0].first) == (policy.PUBLISHED_QUARTERS_BACK, d("1.7.2023"))


@pytest.mark.parametrize(("in_use_since", "count"), [("30.6.2026", 1), ("1.7.2026", 0)])
def test_a_city_that_has_only_begun_has_its_month_too(in_use_since: str, count: int) -> None:
    assert len(quarters_due(d("1.4.2026"), d(in_use_since), d("30.7.2026"))) == count


# --- Jobs and obligations


@pytest.mark.parametrize(("start", "counts"), [("31.3.2019", 0), ("1.4.2019", 1), ("30.6.2019", 1), ("1.7.2019", 0)])
def test_a_job_is_of_the_quarter_in_which_it_began(start: str, counts: int) -> None:
    facts = contract(position(start, agreed="1.1.2019"), ends="31.12.2020")
    quarter = quarter_of(d("1.4.2019"))
    assert len(begun(outlook_on(facts, d("31.12.2019")).chains, quarter)) == counts


def test_what_no_clause_accepts_stands_in_no_table() -> None:
    """Its 0 is known from the clause, and would make two of 4 look like four of 8 together."""
    forms = possible(TableKey.JOBS_BY_EMPLOYMENT_FORM, fixed())
    table = jobs_table(TableKey.JOBS_BY_EMPLOYMENT_FORM, forms, {"employment": 4, "apprenticeship": 4})
    assert table.categories == ("employment", "apprenticeship")
    assert table.folded == Folded((), 8, 8)
    assert possible(TableKey.JOBS_BY_TARGET_GROUP, fixed()) == frozenset(TargetGroup)


def test_who_knows_a_category_to_be_empty_solves_a_table_that_has_it() -> None:
    """Why what no clause accepts must stand in none: 20, 4 and 4 beside two forms that nobody could have begun."""
    consistent: list[Counts] = [rest for rest in tables_of(4, 8) if max(rest) < policy.SMALL_COUNT]
    assert len(values_of(0, consistent)) == policy.SMALL_COUNT
    assert values_of(0, [rest for rest in consistent if rest[2:] == (0, 0)]) == {4}


def test_possible_categories_without_anybody_are_folded() -> None:
    groups = jobs_table(TableKey.JOBS_BY_TARGET_GROUP, set(TargetGroup), {"immigrant": 9, "youth": 12})
    assert groups.folded == Folded((("immigrant", 9),), 12, 21)


def test_obligations_are_not_folded() -> None:
    table = obligations_table({"breached": 1, "open": 3})
    assert table.categories == CATEGORIES[TableKey.OBLIGATIONS_BY_STATUS]
    assert dict(table.folded.shown)["breached"] == 1
    assert (table.folded.others, table.folded.total, table.folded.is_folded) == (None, 4, False)


# --- Projects


def part(code: str, count: str, **changed: object) -> ObservationFacts:
    """An age group's final figure of the spring, or what is told otherwise."""
    facts = ObservationFacts(
        id=code,
        indicator="participants",
        period_start=SPRING.first,
        period_end=SPRING.last,
        value=Decimal(count),
        breakdown=((Dimension.AGE_GROUP, code),),
    )
    return facts._replace(**changed)  # type: ignore[arg-type]


PARTS = [part("a", "9"), part("b", "7"), part("c", "2"), part("d", "2"), part("e", "1")]


def test_a_projects_people_are_folded_by_dimension() -> None:
    tables = project_tables(PARTS, SPRING, None)
    assert tables is not None
    assert tables.period == SPRING
    assert tables.by_dimension == {Dimension.AGE_GROUP: Folded((("a", 9), ("b", 7)), 5, 21)}


@pytest.mark.parametrize(
    "changed",
    [
        {"status": FigureStatus.PRELIMINARY},
        {"value": Decimal("2.5")},
        {"value": None},
        {"value_max": Decimal(12)},
        {"approximate": True},
        {"period_end": date(2026, 7, 1)},
        {"period_end": date(2026, 3, 31)},
        {"breakdown": ()},
        {"breakdown": ((Dimension.NEXT_STEP, "a"),)},
        {"breakdown": ((Dimension.AGE_GROUP, "a"), (Dimension.LANGUAGE, "fi"))},
    ],
)
def test_only_exact_final_counts_of_one_public_dimension_are_published(changed: dict[str, object]) -> None:
    assert project_tables([part("a", "9", **changed)], SPRING, None) is None


def test_one_part_without_an_exact_count_keeps_its_dimension_back() -> None:
    assert project_tables([*PARTS, part("f", "5", approximate=True)], SPRING, None) is None


def test_who_is_in_no_category_is_folded_along_or_shown_as_not_known() -> None:
    """Two people without an age would be had by taking the table from the whole."""
    parts = [part("a", "9"), part("b", "7")]
    for whole, expected in (("16", Folded((("a", 9), ("b", 7)), None, 16)), ("18", Folded((("a", 9),), 9, 18))):
        tables = project_tables([*parts, part("", whole, breakdown=())], SPRING, None)
        assert tables is not None
        assert tables.by_dimension == {Dimension.AGE_GROUP: expected}
    tables = project_tables([*parts, part("", "21", breakdown=())], SPRING, None)
    assert tables is not None
    assert tables.by_dimension[Dimension.AGE_GROUP].shown[-1] == (NOT_KNOWN, 5)


def test_a_breakdown_in_which_someone_is_twice_is_not_published() -> None:
    assert project_tables([part("a", "9"), part("b", "7"), part("", "15", breakdown=())], SPRING, None) is None


def test_a_period_begins_after_all_that_was_published() -> None:
    assert project_tables(PARTS, SPRING, date(2026, 4, 1)) is None
    assert project_tables(PARTS, SPRING, date(2026, 3, 31)) is not None


def test_of_periods_that_end_in_the_quarter_only_the_longest_is_published() -> None:
    longest = [part(code, "8", period_start=date(2025, 1, 1)) for code in "ab"]
    tables = project_tables([*PARTS, *longest], SPRING, None)
    assert tables is not None
    assert tables.period == Period(date(2025, 1, 1), SPRING.last)
    assert tables.by_dimension[Dimension.AGE_GROUP].total == 16


def test_all_dimensions_of_a_project_speak_of_the_same_period() -> None:
    by_month = part("fi", "9", breakdown=((Dimension.LANGUAGE, "fi"),), period_start=date(2026, 6, 1))
    tables = project_tables([*PARTS, by_month], SPRING, None)
    assert tables is not None
    assert set(tables.by_dimension) == {Dimension.AGE_GROUP}


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": FigureUnit.COUNT},
        {"counted_among": "others"},
        {"stage": CohortStage.FINISHED},
        {"stage": CohortStage.DROPPED_OUT},
        {"dimensions": frozenset({Dimension.NEXT_STEP})},
    ],
)
def test_people_who_are_part_of_others_are_not_published(changed: dict[str, object]) -> None:
    assert people_taking_part([PEOPLE._replace(**changed)]) is None  # type: ignore[arg-type]


def test_a_project_publishes_one_indicator() -> None:
    started = PEOPLE._replace(key="started", stage=CohortStage.STARTED)
    assert people_taking_part([started, PEOPLE]) == started
    assert people_taking_part([]) is None
