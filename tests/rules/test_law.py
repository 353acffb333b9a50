"""The dated facts: one row a day, each with its source, and no advice on what was not verified."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.rules import law
from app.rules.law import LawFact, Mark
from app.rules.warnings import clause_advice
from tests.factories import clause, contract, d, fixed

TABLES: list[Sequence[LawFact]] = [law.WORK_CONDITIONS, law.SERVICES_CHARGED, law.PROPORTIONS]
DAYS = [d("1.9.2024"), d("2.9.2024"), d("31.12.2024"), d("1.1.2025"), d("1.5.2026")]


@pytest.mark.parametrize("table", TABLES)
def test_every_row_says_where_it_is_from(table: Sequence[LawFact]) -> None:
    assert all(len(row.source.split()) > 3 for row in table)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("day", DAYS)
def test_one_row_holds_on_a_day(table: Sequence[LawFact], day: date) -> None:
    assert len(law.holding_on(table, day)) == 1


@pytest.mark.parametrize("table", TABLES)
def test_a_row_begins_the_day_after_the_one_before_it(table: Sequence[LawFact]) -> None:
    for before, after in pairwise(table):
        assert before.valid_until is not None
        assert after.valid_from == before.valid_until + timedelta(days=1)


def test_the_work_condition_changes_on_the_second_of_september_2024() -> None:
    before, after = law.in_force(law.WORK_CONDITIONS, d("1.9.2024")), law.in_force(law.WORK_CONDITIONS, d("2.9.2024"))
    assert before is not None
    assert after is not None
    assert (before.months, before.weekly_hours, before.monthly_pay_cents) == (6, 18, None)
    assert (after.months, after.weekly_hours, after.monthly_pay_cents) == (12, None, 930_00)


def test_what_is_not_verified_is_shown_but_is_no_ground_for_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful = [replace(row, mark=Mark.UNVERIFIED) for row in law.WORK_CONDITIONS]
    assert law.holding_on(doubtful, d("2.9.2024")) != []
    assert law.in_force(doubtful, d("2.9.2024")) is None
    facts = contract(clause=clause(fixed(9).terms, months=1, hours="1", forms=frozenset({"work_trial"})), value=1)
    assert len(clause_advice(facts, d("1.1.2025"))) == 3
    for name in ("WORK_CONDITIONS", "SERVICES_CHARGED", "PROPORTIONS"):
        rows = [replace(row, mark=Mark.UNVERIFIED) for row in getattr(law, name)]
        monkeypatch.setattr(law, name, rows)
    assert clause_advice(facts, d("1.1.2025")) == ()
    assert clause_advice(facts, d("1.1.2024")) == ()
