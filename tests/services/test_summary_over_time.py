"""The portfolio over time: what each of many days looks like from today's knowledge."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.rules.codes import Role
from app.rules.facts import ContractFacts
from app.rules.judgement import judge
from app.services.acting import Act, Actor, GrantedRole
from app.services.summary import MAX_POINTS, Figures, add_over_time, month_ends, over_time, summarise
from app.storage.models import Unit
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.rules.strategies import contract_facts, turning_days

HIRE = {"starts_on": "2019-03-01", "employment_form": "employment", "target_group": "immigrant", "channel": "team"}
THRESHOLD: dict[str, Any] = {
    "type": "purchase_threshold",
    "threshold_cents": 500_000_00,
    "positions": None,
    "positions_per_threshold": 1,
    "completion": "may_follow_contract",
}
DAYS = [date(2018, 6, 30), date(2018, 12, 31), date(2019, 3, 1), date(2019, 12, 31)]


@pytest.fixture
def act(client: TestClient, portfolio: Portfolio, clock: SetClock) -> Act:
    """The whole city's viewer, over a fixed count with a job, a threshold that was reached and one of another city."""
    clock.set(date(2018, 3, 1))
    fixed = portfolio.contract(positions=2)
    framework = portfolio.contract(**THRESHOLD, value_cents=1_600_000_00, starts_on=date(2018, 9, 1))
    portfolio.contract(unit_id=portfolio.other_root)
    clock.set(date(2019, 3, 1))
    client.post(f"/api/v1/contracts/{fixed}/positions", json=HIRE, headers=portfolio.liaison)
    bought = {"on_date": "2019-03-01", "amount_eur": "500000.00"}
    client.post(f"/api/v1/contracts/{framework}/purchases", json=bought, headers=portfolio.officer)
    return act_in(portfolio, portfolio.root, clock)


def act_in(portfolio: Portfolio, unit_id: str, clock: SetClock) -> Act:
    with portfolio.database.reading() as session:
        path = session.get_one(Unit, unit_id).path
    actor = Actor("1", "Viivi Valvoja", "viewer@example.org", grants=(GrantedRole(Role.VIEWER, path),))
    return Act(actor, clock(), clock.today)


def test_each_day_is_what_the_summary_of_that_day_says(act: Act, database: Database) -> None:
    with database.reading() as session:
        assert over_time(session, DAYS, act) == [
            Figures(**vars(summarise(session, day, None, act).whole) | {"procurements": 0}) for day in DAYS
        ]


def test_a_contract_counts_from_its_signing_and_its_facts_from_their_days(act: Act, database: Database) -> None:
    with database.reading() as session:
        found = over_time(session, DAYS, act)
    assert [one.contracts for one in found] == [1, 2, 2, 2]
    assert [(one.promised_min, one.promised_max) for one in found] == [(2, 2), (2, 5), (3, 5), (3, 5)]
    assert [(one.filled, one.completed, one.missing) for one in found] == [(0, 0, 2), (0, 0, 2), (1, 0, 2), (1, 1, 2)]


def test_only_ones_own_trees_are_counted(portfolio: Portfolio, clock: SetClock) -> None:
    portfolio.contract(unit_id=portfolio.office)
    portfolio.contract(unit_id=portfolio.other_root)
    with portfolio.database.reading() as session:
        for unit, seen in ((portfolio.root, 1), (portfolio.office, 1), (portfolio.other_root, 1)):
            (figures,) = over_time(session, [clock.today], act_in(portfolio, unit, clock))
            assert figures.contracts == seen


def test_a_most_that_nobody_knows_stays_unknown(portfolio: Portfolio, clock: SetClock) -> None:
    portfolio.contract(**THRESHOLD)
    portfolio.contract()
    with portfolio.database.reading() as session:
        (figures,) = over_time(session, [clock.today], act_in(portfolio, portfolio.root, clock))
    assert (figures.promised_min, figures.promised_max) == (1, None)


@given(contract_facts(), st.data())
def test_days_judged_one_after_the_other_are_the_days_judged_alone(facts: ContractFacts, data: st.DataObject) -> None:
    """The outlook is kept from day to day while no fact is added: it must make no difference."""
    turning = [day + timedelta(days=by) for day in turning_days(facts) for by in (-1, 0, 1)]
    chosen = data.draw(st.lists(st.sampled_from(sorted(set(turning))), min_size=1, max_size=12, unique=True))
    days = sorted(chosen)
    together = [Figures() for _ in days]
    add_over_time(together, days, 0, facts)
    alone = [Figures() for _ in days]
    for figures, day in zip(alone, days, strict=True):
        figures.add_judgement(judge(facts, day))
    assert together == alone


def test_points_are_ends_of_months_and_the_last_day() -> None:
    assert month_ends(date(2019, 1, 15), date(2019, 4, 10)) == [
        date(2019, 1, 31),
        date(2019, 2, 28),
        date(2019, 3, 31),
        date(2019, 4, 10),
    ]
    assert month_ends(date(2019, 1, 1), date(2019, 1, 31)) == [date(2019, 1, 31)]
    assert month_ends(date(2019, 5, 1), date(2019, 4, 1)) == [date(2019, 4, 1)]


def test_a_longer_time_takes_longer_steps_that_follow_the_calendar() -> None:
    quarters = month_ends(date(2017, 2, 1), date(2019, 5, 15))
    assert quarters[:2] == [date(2017, 3, 31), date(2017, 6, 30)]
    assert quarters[-2:] == [date(2019, 3, 31), date(2019, 5, 15)]
    years = month_ends(date(2005, 6, 1), date(2019, 5, 15))
    assert years[0] == date(2005, 12, 31)


@given(st.dates(date(1990, 1, 1), date(2199, 12, 31)), st.dates(date(1990, 1, 1), date(2199, 12, 31)))
def test_there_are_never_too_many_points(one: date, other: date) -> None:
    first, last = sorted((one, other))
    days = month_ends(first, last)
    assert days == sorted(set(days))
    assert 1 <= len(days) <= MAX_POINTS
    assert days[-1] == last
    assert days[0] >= first
