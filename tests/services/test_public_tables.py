"""Public tables: made once a quarter, of the whole organisation, and never again."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import daily_check
from app.jobs.public_tables import publish_due
from app.rules.codes import Dimension, FigureStatus, FigureUnit
from app.services import public_tables
from app.services.acting import SYSTEM, Act
from app.storage.audit import verify
from app.storage.models import AuditEntry, Indicator, Observation, Position, Project, PublicTable, new_id
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.witnesses import checked_daily

FIRST_QUARTER = date(2019, 3, 31)
DUE_ON = date(2019, 4, 30)
Hire = Callable[..., None]


@pytest.fixture
def hire(portfolio: Portfolio) -> Hire:
    """Puts so many jobs under a contract, alike unless told otherwise."""

    def put(contract_id: str, count: int, **columns: Any) -> None:
        act = portfolio.act()
        alike: dict[str, Any] = {
            "contract_id": contract_id,
            "starts_on": date(2019, 2, 1),
            "employment_form": "employment",
            "target_group": "youth",
            "channel": "team",
            "logged_on": act.today,
            "created_at": act.now,
        }
        with portfolio.database.writing() as session:
            for _ in range(count):
                row = alike | columns
                session.add(Position(**{"id": new_id(), "agreed_on": row["starts_on"]} | row))

    return put


def contents(database: Database, root_id: str, quarter_end: date = FIRST_QUARTER) -> dict[str, Any]:
    with database.reading() as session:
        rows = session.scalars(select(PublicTable).where(PublicTable.root_id == root_id).order_by(PublicTable.id))
        return {row.key: row.contents for row in rows if row.quarter_end == quarter_end}


def rows_of(table: Any) -> dict[str, int]:
    return {row["code"]: row["count"] for row in table["rows"]}


def publish(database: Database, clock: SetClock) -> int:
    return publish_due(database, Act(SYSTEM, clock(), clock.today))


@pytest.fixture
def contract_id(portfolio: Portfolio, clock: SetClock) -> str:
    """Of the first of March 2018, registered in the service that day."""
    clock.set(date(2018, 3, 1))
    return portfolio.contract(positions=20)


def test_jobs_of_the_quarter_are_counted_by_group_form_and_channel(
    database: Database, portfolio: Portfolio, clock: SetClock, hire: Hire, contract_id: str
) -> None:
    hire(contract_id, 6)
    hire(contract_id, 5, target_group="immigrant", employment_form="apprenticeship", channel="te_office")
    hire(contract_id, 2, target_group="long_term_unemployed", channel="other")
    hire(contract_id, 3, target_group="other_weak_position")
    clock.set(DUE_ON)
    publish(database, clock)
    tables = contents(database, portfolio.root)
    assert list(tables) == [*public_tables.TableKey]
    groups = tables["jobs_by_target_group"]
    assert (rows_of(groups), groups["others"], groups["total"]) == ({"immigrant": 5, "youth": 6}, 5, 16)
    forms = tables["jobs_by_employment_form"]
    assert (rows_of(forms), forms["others"], forms["total"]) == ({"employment": 11, "apprenticeship": 5}, None, 16)
    channels = tables["jobs_by_channel"]
    assert (rows_of(channels), channels["others"], channels["total"]) == ({"te_office": 5}, 11, 16)
    assert (groups["period_start"], groups["period_end"]) == ("2019-01-01", "2019-03-31")
    obligations = tables["obligations_by_status"]
    assert (rows_of(obligations)["open"], obligations["others"], obligations["total"]) == (0, None, 1)
    assert rows_of(obligations)["at_risk"] == 1


def test_only_what_counts_and_began_in_the_quarter_is_counted(
    database: Database, portfolio: Portfolio, clock: SetClock, hire: Hire, contract_id: str
) -> None:
    """Each alone would add five."""
    hire(contract_id, 5)
    hire(contract_id, 5, starts_on=date(2018, 12, 31))
    hire(contract_id, 5, starts_on=date(2019, 4, 1))
    hire(contract_id, 5, employment_form="work_trial")
    hire(contract_id, 5, voided_at=datetime(2019, 3, 1, tzinfo=UTC), void_reason="entered twice")
    clock.set(DUE_ON)
    publish(database, clock)
    assert contents(database, portfolio.root)["jobs_by_channel"]["total"] == 5


def test_who_goes_on_with_a_job_begins_no_other(
    database: Database, portfolio: Portfolio, clock: SetClock, hire: Hire, contract_id: str
) -> None:
    hire(contract_id, 5)
    hire(contract_id, 1, id="a" * 32, starts_on=date(2019, 1, 2), ended_on=date(2019, 1, 31))
    hire(contract_id, 1, replaces_id="a" * 32, starts_on=date(2019, 2, 1))
    clock.set(DUE_ON)
    publish(database, clock)
    assert contents(database, portfolio.root)["jobs_by_channel"]["total"] == 6


def test_a_quarter_waits_its_month_and_not_a_day_longer(
    database: Database, portfolio: Portfolio, clock: SetClock, contract_id: str
) -> None:
    clock.set(date(2019, 1, 30))
    publish(database, clock)
    clock.set(date(2019, 4, 29))
    assert publish(database, clock) == 0
    assert contents(database, portfolio.root) == {}
    clock.set(DUE_ON)
    assert publish(database, clock) == 1
    assert publish(database, clock) == 0


def test_what_is_logged_late_never_shows(
    database: Database, portfolio: Portfolio, clock: SetClock, hire: Hire, contract_id: str
) -> None:
    hire(contract_id, 5)
    clock.set(DUE_ON)
    publish(database, clock)
    before = contents(database, portfolio.root)
    hire(contract_id, 1, target_group="immigrant")
    with database.writing() as session:
        session.execute(select(Position).limit(1)).scalar_one().voided_at = clock()
    clock.set(date(2019, 7, 30))
    publish(database, clock)
    assert contents(database, portfolio.root) == before
    assert contents(database, portfolio.root, date(2019, 6, 30))["jobs_by_channel"]["total"] is None


def test_two_at_once_publish_one(
    database: Database, portfolio: Portfolio, clock: SetClock, hire: Hire, contract_id: str
) -> None:
    """Both have read before either writes, and something was logged between."""
    clock.set(DUE_ON)
    act = Act(SYSTEM, clock(), clock.today)
    with database.reading() as session:
        first = public_tables.tables_due(session, portfolio.root, act)
    hire(contract_id, 7)
    with database.reading() as session:
        second = public_tables.tables_due(session, portfolio.root, act)
    assert first != second
    for drafts, made in ((first, True), (second, False)):
        with database.writing() as session:
            assert [public_tables.publish(session, draft, act) for draft in drafts] == [made] * len(first)
    assert contents(database, portfolio.root)["jobs_by_channel"]["total"] is None


def test_every_publication_stands_in_the_trail(
    database: Database, clock: SetClock, portfolio: Portfolio, contract_id: str
) -> None:
    clock.set(DUE_ON)
    published = publish(database, clock)
    with database.reading() as session:
        found = session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "published")).all()
        assert found == [portfolio.root] * published
        assert verify(session).broken_at is None


def test_another_city_has_tables_of_its_own(
    database: Database, portfolio: Portfolio, clock: SetClock, hire: Hire, contract_id: str
) -> None:
    other = portfolio.contract(unit_id=portfolio.other_root, positions=20)
    hire(contract_id, 5)
    hire(other, 9, target_group="immigrant")
    clock.set(DUE_ON)
    publish(database, clock)
    assert contents(database, portfolio.root)["jobs_by_channel"]["total"] == 5
    assert contents(database, portfolio.other_root)["jobs_by_channel"]["total"] == 9
    assert {row.root_id for row in _all(database)} == {portfolio.root, portfolio.other_root}


def _all(database: Database) -> list[PublicTable]:
    with database.reading() as session:
        return list(session.scalars(select(PublicTable)))


def test_old_contracts_being_recorded_get_their_month_first(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(date(2023, 2, 1))
    portfolio.contract()
    clock.set(date(2023, 3, 2))
    assert publish(database, clock) == 0
    clock.set(date(2023, 3, 3))
    assert publish(database, clock) == 12
    assert min(row.quarter_end for row in _all(database)) == date(2020, 3, 31)


def test_a_city_without_contracts_and_projects_has_no_tables(
    database: Database, portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(DUE_ON)
    assert publish(database, clock) == 0


# --- The job


def test_the_daily_check_publishes(database: Database, portfolio: Portfolio, clock: SetClock, contract_id: str) -> None:
    clock.set(DUE_ON)
    daily_check.run_check(database, clock.today, clock)
    assert contents(database, portfolio.root) == {}, "nobody was there for months: the clock may be ahead"
    checked_daily(database, clock.today)
    daily_check.run_check(database, clock.today, clock)
    assert contents(database, portfolio.root)


def test_a_check_of_a_day_ahead_publishes_nothing(
    database: Database, portfolio: Portfolio, clock: SetClock, contract_id: str
) -> None:
    clock.set(date(2019, 4, 1))
    daily_check.run_check(database, date(2019, 12, 31), clock)
    assert contents(database, portfolio.root) == {}


def test_trouble_with_tables_hinders_neither_the_check_nor_another_city(
    database: Database, portfolio: Portfolio, clock: SetClock, contract_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    portfolio.contract(unit_id=portfolio.other_root)
    clock.set(DUE_ON)
    checked_daily(database, clock.today)
    tables_due = public_tables.tables_due

    def trip(session: Session, root_id: str, act: Act) -> list[public_tables.Draft]:
        if root_id == portfolio.root:
            raise RuntimeError("a defect")
        return tables_due(session, root_id, act)

    monkeypatch.setattr(public_tables, "tables_due", trip)
    assert daily_check.run_check(database, clock.today, clock).failed == 0
    assert daily_check.is_done(database, clock.here)
    assert contents(database, portfolio.root) == {}
    assert contents(database, portfolio.other_root)
    monkeypatch.undo()
    assert publish(database, clock) > 0


# --- Projects


@pytest.fixture
def put_project(portfolio: Portfolio) -> Callable[..., str]:
    """A project with one indicator of people; gives the indicator's id."""

    def put(slug: str = "digirasti", **columns: Any) -> str:
        act = portfolio.act()
        words = {"fi": slug.capitalize(), "en": slug}
        project: dict[str, Any] = {
            "slug": slug,
            "root_id": portfolio.root,
            "unit_id": portfolio.division,
            "name": words,
            "starts_on": date(2018, 9, 1),
            **{key: [] for key in ("target_groups", "areas", "relations", "remarks")},
        }
        indicator: dict[str, Any] = {
            "key": "participants",
            "place": 1,
            "headline": True,
            "accumulates": False,
            "name": {"fi": "Osallistujat", "en": "Participants"},
            "definition": {"fi": "…"},
            "unit": FigureUnit.PEOPLE,
            "dimensions": [Dimension.AGE_GROUP, Dimension.LANGUAGE],
            "category_names": {"age_group": {"under_30": {"fi": "alle 30 v."}}},
        }
        project |= {name: value for name, value in columns.items() if name in Project.__table__.columns}
        indicator |= {name: value for name, value in columns.items() if name not in Project.__table__.columns}
        with portfolio.database.writing() as session:
            kept = Project(id=new_id(), created_at=act.now, **project)
            session.add(kept)
            session.flush()
            made = Indicator(id=new_id(), project_id=kept.id, created_at=act.now, **indicator)
            session.add(made)
            return made.id

    return put


def observe(portfolio: Portfolio, indicator_id: str, first: date, last: date, **counts: int | None) -> None:
    """Final figures by age group; under `language` and the like by that."""
    act = portfolio.act()
    with portfolio.database.writing() as session:
        for value, count in counts.items():
            dimension = "language" if value in {"fi", "sv"} else "age_group"
            session.add(
                Observation(
                    id=new_id(),
                    indicator_id=indicator_id,
                    period_start=first,
                    period_end=last,
                    value=None if count is None else Decimal(count),
                    breakdown={dimension: value},
                    part=f"{dimension}={value}",
                    status=FigureStatus.FINAL,
                    approximate=False,
                    source="the project's report",
                    recorded_by="someone",
                    created_at=act.now,
                )
            )


def test_a_projects_people_are_folded_by_each_dimension(
    database: Database, portfolio: Portfolio, clock: SetClock, put_project: Callable[..., str]
) -> None:
    clock.set(date(2018, 9, 1))
    indicator_id = put_project()
    observe(
        portfolio, indicator_id, date(2018, 10, 1), FIRST_QUARTER, under_30=12, from_30=3, from_45=1, from_55=1, fi=17
    )
    clock.set(DUE_ON)
    publish(database, clock)
    tables = contents(database, portfolio.root)
    ages = tables["digirasti/participants/age_group"]
    assert (rows_of(ages), ages["others"], ages["total"]) == ({"under_30": 12}, 5, 17)
    assert (ages["period_start"], ages["row_names"]) == ("2018-10-01", {"under_30": {"fi": "alle 30 v."}})
    assert ages["project_name"] == {"fi": "Digirasti", "en": "digirasti"}
    assert rows_of(tables["digirasti/participants/language"]) == {"fi": 17}
    assert "from_55" not in str(tables)


def test_periods_published_of_a_project_never_overlap(
    database: Database, portfolio: Portfolio, clock: SetClock, put_project: Callable[..., str]
) -> None:
    """Cumulative figures would be subtracted from each other."""
    clock.set(date(2018, 9, 1))
    indicator_id = put_project()
    observe(portfolio, indicator_id, date(2018, 9, 1), date(2018, 12, 31), under_30=12)
    observe(portfolio, indicator_id, date(2018, 9, 1), FIRST_QUARTER, under_30=13)
    observe(portfolio, indicator_id, date(2019, 4, 1), date(2019, 6, 30), under_30=7)
    clock.set(date(2019, 1, 30))
    publish(database, clock)
    clock.set(date(2019, 7, 30))
    publish(database, clock)
    found = {row.quarter_end: row.contents["total"] for row in _all(database) if "/" in row.key}
    assert found == {date(2018, 12, 31): 12, date(2019, 6, 30): 7}


@pytest.mark.parametrize(
    "columns",
    [
        {"counted_among": "others"},
        {"stage": "finished"},
        {"unit": "count"},
        {"dimensions": ["next_step"]},
        {"programme": "SIEPP"},
        {"computation": "positions_filled"},
    ],
)
def test_what_could_be_set_against_another_table_is_not_published(
    database: Database,
    portfolio: Portfolio,
    clock: SetClock,
    put_project: Callable[..., str],
    columns: dict[str, Any],
) -> None:
    clock.set(date(2018, 9, 1))
    indicator_id = put_project(**columns)
    observe(portfolio, indicator_id, date(2019, 1, 1), FIRST_QUARTER, under_30=12)
    clock.set(DUE_ON)
    publish(database, clock)
    assert list(contents(database, portfolio.root)) == [*public_tables.TableKey]
