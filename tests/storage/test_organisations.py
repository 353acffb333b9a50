"""Several cities in one database: each sees what is its own, found by index and not among what is of all."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.orm import Session

from app.rules.status import Status
from app.storage import contract_lists, keyset, summary, today, units
from app.storage.contracts import SORTS, ContractFilter
from app.storage.judgements import NEVER, roots_of
from app.storage.models import Contract, Procurement, StoredJudgement, Unit, new_id
from app.storage.session import Database
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


def plan(database: Database, ask: Callable[[Session], object]) -> str:
    """How the database finds the answer. PostgreSQL would read tables as small as these whole, if it may."""
    asked: list[Any] = []

    def keep(*args: Any) -> None:
        asked.append(args[2:4])

    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", keep)
        ask(session)
        event.remove(database.engine, "before_cursor_execute", keep)
        sqlite = database.engine.dialect.name == "sqlite"
        if not sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
        rows = [
            row
            for statement, values in asked
            for row in session.connection().exec_driver_sql(f"{explain} {statement}", values)
        ]
    return "\n".join(str(row[-1]) for row in rows)


def test_the_summary_of_a_city_is_found_by_index(paths: dict[str, str], database: Database) -> None:
    for trees in ([paths["city"]], [paths["division"]]):
        for group_by in (None, "unit", "year"):
            found = plan(database, lambda session, by=group_by, own=trees: summary.stored(session, own, DAY, by))
            assert "ix_judgement_organisation" in found
            assert "ix_contract_unit_id_starts_on" in found
            assert "ix_procurement_unit_id_signed_on" in found
        counts = plan(database, lambda session, own=trees: summary.procurement_counts(session, own, DAY, None))
        assert "ix_judgement_organisation" in counts
        live = plan(database, lambda session, own=trees: summary.contracts(session, own, DAY, None, ""))
        assert "ix_judgement_organisation" in live
        if database.engine.dialect.name == "sqlite":
            assert "ix_judgement_organisation (<expr>=? AND contract_id>?)" in counts
            assert "SCAN" not in found + counts + live


def test_the_list_of_a_city_is_found_by_index_in_its_order(paths: dict[str, str], database: Database) -> None:
    def ask(session: Session) -> object:
        return contract_lists.page_of(session, [paths["city"]], ContractFilter(), START, keyset.Page(50))

    found = plan(database, ask)
    assert found.count("ix_judgement_organisation_list") == len(Status)
    if database.engine.dialect.name == "sqlite":
        assert found.count("COVERING INDEX ix_judgement_organisation_list (<expr>=? AND status=?)") == len(Status)
    assert "ix_judgement_organisation_list" in plan(database, lambda session: today.by_status(session, [paths["city"]]))
