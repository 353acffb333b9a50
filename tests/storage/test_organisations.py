"""Several cities in one database: each sees what is its own, found by index and not among what is of all."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.orm import Session

from app.rules.status import Status
from app.storage import calendars, contract_lists, keyset, summary, today, units
from app.storage.contracts import SORTS, ContractFilter
from app.storage.judgements import NEVER, roots_of
from app.storage.models import Contract, Procurement, StoredJudgement, Unit, new_id
from app.storage.session import Database
from tests.one_database import on_one_database
from tests.portfolio import Portfolio

DAY = date(2019, 3, 1)
START = SORTS["latest_start_on"]
SIGNED = (None, None, DAY - timedelta(days=9), DAY, DAY + timedelta(days=1))
OF_EACH = 20
STARTS = (DAY - timedelta(days=9), DAY, DAY + timedelta(days=1))


@pytest.fixture
def paths(portfolio: Portfolio) -> dict[str, str]:
    """Units by name: two cities of three units each. Of their forty contracts some are seen from two units."""
    random, database = Random(300), portfolio.database
    with database.writing() as session:
        there = _add_unit(session, portfolio, portfolio.other_root)
        below = _add_unit(session, portfolio, there)
        rows = session.execute(select(Unit.id, Unit.path, Unit.root_id).order_by(Unit.path)).all()
    cities = [[row for row in rows if row.root_id == root] for root in (portfolio.root, portfolio.other_root)]
    for number in range(2 * OF_EACH):
        own = cities[number % 2]
        contract_id = portfolio.contract(unit_id=random.choice(own).id)
        with database.writing() as session:
            _vary(session, contract_id, random, random.choice(own))
    by_id = {row.id: row.path for row in rows}
    names = ("city", "division", "office", "other", "below")
    ids = (portfolio.root, portfolio.division, portfolio.office, portfolio.other_root, below)
    return {name: by_id[unit_id] for name, unit_id in zip(names, ids, strict=True)}


def _add_unit(session: Session, portfolio: Portfolio, above: str) -> str:
    unit_id = new_id()
    path = f"{units.path_of(session, above)}{unit_id}/"
    row = {"parent_id": above, "root_id": portfolio.other_root, "path": path, "name": "Hankinta"}
    session.add(Unit(id=unit_id, created_at=portfolio.clock(), **row))
    session.flush()
    return unit_id


def _vary(session: Session, contract_id: str, random: Random, unit: Any) -> None:
    """Another unit for the contract than for its procurement, other days, another standing."""
    contract = session.get_one(Contract, contract_id)
    contract.unit_id, contract.starts_on = unit.id, random.choice(STARTS)
    session.get_one(Procurement, contract.procurement_id).signed_on = random.choice(SIGNED)
    standing = {"status": random.choice(list(Status)), "required": random.randrange(5), "missing": random.randrange(5)}
    start = random.choice((DAY, DAY + timedelta(days=1), NEVER))
    changed = update(StoredJudgement).where(StoredJudgement.contract_id == contract_id)
    session.execute(changed.values(unit_path=unit.path, sort_start_on=start, **standing))


SEEN = [
    ("city",),
    ("other",),
    ("division",),
    ("office",),
    ("below",),
    ("city", "other"),
    ("division", "other"),
    ("office", "below"),
    ("everywhere",),
    (),
]


def judged(session: Session, trees: Sequence[str]) -> list[Any]:
    """The plain reckoning: every contract there is, looked at one after another."""
    columns = (Contract.id, Contract.procurement_id, Contract.starts_on, Procurement.signed_on, StoredJudgement)
    rows = session.execute(
        select(*columns)
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Procurement, Procurement.id == Contract.procurement_id)
    )
    both = [(row, (row.StoredJudgement.unit_path, row.StoredJudgement.procurement_unit_path)) for row in rows]
    return [row for row, paths in both if any(path.startswith(tree) for tree in trees for path in paths)]


def counted(row: Any) -> bool:
    return bool((row.signed_on or row.starts_on) <= DAY)


def check(session: Session, trees: Sequence[str]) -> int:
    """Compares what the service says with the plain reckoning; how many contracts are seen."""
    rows = judged(session, trees)
    found = contract_lists.page_of(session, trees, ContractFilter(), START, keyset.Page(100)).rows
    assert [row.id for row in found] == [
        row.id for row in sorted(rows, key=lambda row: (row.StoredJudgement.sort_start_on, row.id))
    ]
    late = contract_lists.page_of(session, trees, ContractFilter((Status.OVERDUE,)), START, keyset.Page(100)).rows
    assert {row.id for row in late} == {row.id for row in rows if row.StoredJudgement.status == Status.OVERDUE}
    assert today.by_status(session, trees) == Counter(row.StoredJudgement.status for row in rows)
    open_ones = {row.id for row in rows if row.StoredJudgement.status != Status.CLOSED}
    for scope in (calendars.Scope(trees, [], ""), calendars.Scope([], trees, "owner@example.org")):
        assert {row.id for row in calendars.ending(session, scope, date.min, 100)} == open_ones
    signed = [row for row in rows if counted(row)]
    sums = summary.stored(session, trees, DAY, None)
    assert {row.status: row.contracts for row in sums} == Counter(row.StoredJudgement.status for row in signed)
    for column in ("required", "missing"):
        assert sum(getattr(row, column) for row in sums) == sum(getattr(row.StoredJudgement, column) for row in signed)
    counts = summary.procurement_counts(session, trees, DAY, "unit")
    assert counts.pop("") == len({row.procurement_id for row in signed})
    assert sum(counts.values()) == len(signed)  # each has a procurement of its own
    assert [row.id for row in summary.contracts(session, trees, DAY, None, "")] == sorted(row.id for row in signed)
    return len(rows)


def test_each_sees_what_a_plain_reckoning_of_all_contracts_says(paths: dict[str, str], database: Database) -> None:
    paths = paths | {"everywhere": "/"}
    with database.reading() as session:
        seen = {names: check(session, [paths[name] for name in names]) for names in SEEN}
    assert seen[("city",)] == seen[("other",)] == OF_EACH
    assert seen[("city", "other")] == seen[("everywhere",)] == 2 * OF_EACH
    assert OF_EACH > seen[("division",)] > seen[("office",)] > 0 == seen[()]


def test_a_unit_that_moves_within_its_city_takes_its_contracts_along(
    paths: dict[str, str], portfolio: Portfolio, database: Database
) -> None:
    moved = f"{paths['city']}{portfolio.office}/"
    with database.writing() as session:
        units.move_paths(session, paths["office"], moved)
        seen = [check(session, [tree]) for tree in (paths["city"], paths["office"], moved)]
    assert seen[0] == OF_EACH
    assert seen[1] == 0 < seen[2]


def test_every_contract_lies_in_the_organisation_by_which_it_is_looked_up() -> None:
    own, other = new_id(), new_id()
    assert roots_of([f"/{own}/", f"/{own}/{other}/"]) == [own]
    assert roots_of([f"/{other}/{own}/", f"/{own}/"]) == [own, other]
    assert roots_of([]) == roots_of(["/"]) == roots_of(["/", f"/{own}/"]) == roots_of(["/short/"]) == []


CITIES = [new_id() for _ in range(100)]
OWN, UNIT = f"/{CITIES[0]}/", f"/{CITIES[0]}/{new_id()}/"


def plan(database: Database, ask: Callable[[Session], object]) -> str:
    """How the database finds the answer."""
    asked: list[Any] = []

    def keep(*args: Any) -> None:
        asked.append(args[2:4])

    with database.writing() as session:
        explain = "EXPLAIN QUERY PLAN"
        if database.engine.dialect.name != "sqlite":
            _fill(session)
            explain = "EXPLAIN"
        event.listen(database.engine, "before_cursor_execute", keep)
        ask(session)
        event.remove(database.engine, "before_cursor_execute", keep)
        found = [session.connection().exec_driver_sql(f"{explain} {one}", values).all() for one, values in asked]
        session.rollback()
    return "\n".join(str(row[-1]) for rows in found for row in rows)


def _fill(session: Session) -> None:
    """PostgreSQL chooses by what it knows of the rows, and reads a small table whole: as if a hundred cities had some
    judgements, without their contracts."""
    counts = dict.fromkeys(
        ("required", "completed", "late", "running", "upcoming", "interrupted", "filled", "covered", "missing"), 0
    )
    days = {"effective_end_on": DAY, "judged_on": DAY, "missing_latest_starts": [], "promised_min": 0}
    rows = [
        {"contract_id": new_id(), "unit_path": path, "procurement_unit_path": path, "status": status}
        for path in (f"/{city}/" for city in CITIES)
        for status in [*Status, *Status, *Status]
    ]
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(insert(StoredJudgement), [row | counts | days for row in rows])
    session.execute(text("ANALYZE judgement"))


@pytest.mark.parametrize("tree", [OWN, UNIT], ids=["city", "unit"])
def test_the_summary_of_a_city_is_found_by_index(database: Database, tree: str) -> None:
    found = plan(database, lambda session: summary.stored(session, [tree], DAY, None))
    assert "ix_judgement_organisation" in found


def test_the_list_of_a_city_is_found_by_index(database: Database) -> None:
    found = plan(database, ask_list)
    assert found.count("ix_judgement_organisation") == len(Status)
    assert "ix_judgement_organisation" in plan(database, lambda session: today.by_status(session, [OWN]))


def ask_list(session: Session) -> object:
    return contract_lists.page_of(session, [OWN], ContractFilter(), START, keyset.Page(50))


@on_one_database
def test_keys_of_the_list_come_from_the_index_alone_in_its_order(database: Database) -> None:
    """PostgreSQL knows nothing of tables as empty as those beside the judgements."""
    found = plan(database, ask_list)
    assert found.count("COVERING INDEX ix_judgement_organisation_list (<expr>=? AND status=?)") == len(Status)


@on_one_database
@pytest.mark.parametrize("tree", [OWN, UNIT], ids=["city", "unit"])
@pytest.mark.parametrize("group_by", [None, "unit", "year"])
def test_nothing_of_a_summary_reads_a_whole_table(database: Database, tree: str, group_by: str | None) -> None:
    sums = plan(database, lambda session: summary.stored(session, [tree], DAY, group_by))
    counts = plan(database, lambda session: summary.procurement_counts(session, [tree], DAY, group_by))
    live = plan(database, lambda session: summary.contracts(session, [tree], DAY, group_by, ""))
    for found in (sums, counts, live):
        assert "ix_judgement_organisation (<expr>=? AND contract_id>?)" in found
        assert "SCAN" not in found
    for found in (sums, counts):
        assert "ix_contract_unit_id_starts_on (unit_id=? AND starts_on>?)" in found
        assert "ix_procurement_unit_id_signed_on (unit_id=? AND signed_on>?)" in found


@on_one_database
def test_the_days_of_a_calendar_are_found_among_those_of_the_city(database: Database) -> None:
    scope = calendars.Scope([OWN], [UNIT], "owner@example.org")
    found = plan(database, lambda session: calendars.wanting(session, scope, DAY, 500))
    assert "ix_judgement_organisation" in found
    assert "SCAN judgement" not in found


@on_one_database
def test_the_days_of_ones_own_contracts_are_found_by_the_owner(database: Database) -> None:
    scope = calendars.Scope([], [OWN], "owner@example.org")
    found = plan(database, lambda session: calendars.wanting(session, scope, DAY, 500))
    assert "ix_contract_owner_id (owner_id=?)" in found
    assert "SCAN" not in found
