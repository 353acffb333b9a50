"""What the start page says changed since someone was last here: all of it, once it counts, and nothing else."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.jobs import imports as importing
from app.rules.codes import ImportKind, Role
from app.services import imports, today
from app.services.acting import SYSTEM, Act, Actor, GrantedRole
from app.services.today import SHOWN_CHANGES, ChangeKind, Changes, show_today
from app.storage.models import Purchase, Unit
from tests.conftest import SetClock
from tests.ledgers import CITY, ledger, threshold_contract
from tests.own_lists import A_JOB, act_of, activated, as_csv
from tests.portfolio import Portfolio
from tests.registering import get, patch, post
from tests.services.test_ocds_imports import City, own

HELSINKI = ZoneInfo("Europe/Helsinki")
JOB = {"starts_on": "2019-03-01", "employment_form": "employment", "target_group": "youth", "channel": "team"}
OWNER = {"owner": {"name": "Oona", "email": "oona@example.org", "language": "fi"}}
A_PURCHASE = {"on_date": "2019-02-01", "amount_eur": "5"}
PAYMENT = {"id": "1", "date": "2018-04-01", "value": {"amount": 5, "currency": "EUR"}}


class Reader:
    """Someone who was here when they last looked, as the clock stood then."""

    def __init__(self, portfolio: Portfolio, clock: SetClock) -> None:
        self.portfolio, self.clock, self.since = portfolio, clock, clock.now

    def looks(self) -> None:
        """From here on all is news."""
        self.clock.now += timedelta(seconds=1)
        self.since = self.clock.now
        self.clock.now += timedelta(seconds=1)

    def changes(self, unit_id: str = "") -> Changes:
        with self.portfolio.database.reading() as session:
            path = session.get_one(Unit, unit_id or self.portfolio.root).path
            actor = Actor("u", "Someone", "someone@example.org", "en", (GrantedRole(Role.VIEWER, path),))
            found = show_today(session, self.since, HELSINKI, Act(actor, self.clock.now, self.clock.today)).changes
        assert all(found.groups.values()), "a heading with nothing below it"
        return found

    def told(self) -> list[tuple[int, int]]:
        """Numbers and cents of the purchases."""
        return [(row.count, row.cents) for row in self.changes().groups.get(ChangeKind.BOUGHT, ())]


@pytest.fixture
def reader(portfolio: Portfolio, clock: SetClock) -> Reader:
    return Reader(portfolio, clock)


def by_itself(clock: SetClock) -> Act:
    return Act(SYSTEM, clock.now, clock.today)


def read_ledger(reader: Reader, folder: Path, *amounts: str) -> str:
    """A ledger of these purchases, read and not yet activated."""
    path = folder / "ledger.csv"
    path.write_bytes(ledger(*((CITY, amount, "1.2.2019", f"T{place}") for place, amount in enumerate(amounts))))
    database, act = reader.portfolio.database, by_itself(reader.clock)
    import_id = importing.start(database, ImportKind.PURCHASES, path, path.name, reader.portfolio.root, act)
    importing.read(database, import_id, path, lambda: act)
    return import_id


def activate(reader: Reader, import_id: str) -> None:
    with reader.portfolio.database.writing() as session:
        imports.activate(session, import_id, by_itself(reader.clock))


def undo(reader: Reader, import_id: str) -> None:
    with reader.portfolio.database.writing() as session:
        imports.undo(session, import_id, "the wrong month", by_itself(reader.clock))


def void(client: TestClient, reader: Reader, cents: int) -> None:
    with reader.portfolio.database.reading() as session:
        key = session.scalars(select(Purchase.id).where(Purchase.amount_cents == cents)).one()
    post(client, f"/purchases/{key}/void", {"reason": "entered twice"}, reader.portfolio.officer | {"If-Match": '"1"'})


def test_what_a_ledger_brought_is_news_from_when_it_counts_however_long_it_lay_there(
    client: TestClient, reader: Reader, tmp_path: Path
) -> None:
    contract_id = threshold_contract(reader.portfolio)
    import_id = read_ledger(reader, tmp_path, "10", "20", "30")
    reader.looks()
    assert reader.told() == []
    activate(reader, import_id)
    assert reader.told() == [(3, 6000)]
    reader.looks()
    assert reader.told() == []
    post(client, f"/contracts/{contract_id}/purchases", A_PURCHASE, reader.portfolio.officer)
    assert reader.told() == [(1, 500)]


def test_of_purchases_only_what_still_counts_is_told(client: TestClient, reader: Reader, tmp_path: Path) -> None:
    contract_id = threshold_contract(reader.portfolio)
    import_id = read_ledger(reader, tmp_path, "10", "20")
    reader.looks()
    activate(reader, import_id)
    post(client, f"/contracts/{contract_id}/purchases", A_PURCHASE, reader.portfolio.officer)
    assert reader.told() == [(3, 3500)]
    void(client, reader, 2000)
    assert reader.told() == [(2, 1500)]
    undo(reader, import_id)
    assert reader.told() == [(1, 500)]
    void(client, reader, 500)
    assert ChangeKind.BOUGHT not in reader.changes().groups


def test_a_purchase_that_waited_for_a_decision_is_news_once_it_is_decided(
    client: TestClient, reader: Reader, tmp_path: Path
) -> None:
    reader.clock.set(date(2019, 3, 15))
    contract_id, _ = (threshold_contract(reader.portfolio) for _ in range(2))
    activate(reader, read_ledger(reader, tmp_path, "10"))
    reader.looks()
    assert reader.told() == []
    [held] = get(client, "/held-purchases", reader.portfolio.officer)["items"]
    post(client, f"/held-purchases/{held['id']}/decision", {"contract_id": contract_id}, reader.portfolio.officer)
    assert reader.told() == [(1, 1000)]


def test_purchases_that_came_with_open_data_are_news(reader: Reader, tmp_path: Path) -> None:
    city = City(reader.portfolio, tmp_path)
    city.stage([own(implementation={"transactions": [PAYMENT]})], owner="owner@example.org")
    reader.looks()
    city.activate()
    assert reader.told() == [(1, 500)]


def test_a_list_of_jobs_brings_no_purchases_and_takes_no_lines_from_the_jobs(reader: Reader, tmp_path: Path) -> None:
    rows = [{**A_JOB, "contract.reference": f"S-{number}"} for number in range(1, 21)]
    for _ in rows:
        reader.portfolio.contract()
    reader.looks()
    act = act_of(reader.portfolio, Role.BUSINESS_LIAISON)
    activated(reader.portfolio, ImportKind.POSITIONS, as_csv(tmp_path / "jobs.csv", ImportKind.POSITIONS, *rows), act)
    found = reader.changes()
    shown = {kind: len(lines) for kind, lines in found.groups.items()}
    assert sum(shown.values()) == SHOWN_CHANGES
    assert set(shown) == {ChangeKind.STATUS, ChangeKind.LOGGED}
    assert found.more == 2 * len(rows) - SHOWN_CHANGES


def test_the_contract_bought_under_last_comes_first_also_where_only_so_many_are_counted(
    client: TestClient, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (reader.portfolio.contract() for _ in range(2))
    reader.looks()
    for contract_id in (second, first):
        reader.clock.now += timedelta(seconds=1)
        post(client, f"/contracts/{contract_id}/purchases", A_PURCHASE, reader.portfolio.officer)
    assert [row.contract_id for row in reader.changes().groups[ChangeKind.BOUGHT]] == [first, second]
    monkeypatch.setattr(today, "COUNTED_CHANGES", 1)
    assert [row.contract_id for row in reader.changes().groups[ChangeKind.BOUGHT]] == [first]
    assert reader.changes().many


def test_a_voided_job_is_no_news_and_an_end_only_from_the_day_it_was_recorded(
    client: TestClient, reader: Reader
) -> None:
    contract_id, liaison = reader.portfolio.contract(), reader.portfolio.liaison
    jobs = [post(client, f"/contracts/{contract_id}/positions", JOB, liaison).json()["id"] for _ in range(2)]
    patch(client, f"/positions/{jobs[1]}", {"ended_on": "2019-03-01", "end_reason": "resigned"}, liaison)
    assert len(reader.changes().groups[ChangeKind.ENDED]) == 1
    post(client, f"/positions/{jobs[0]}/void", {"reason": "entered twice"}, liaison | {"If-Match": '"1"'})
    reader.since -= timedelta(seconds=1)
    assert len(reader.changes().groups[ChangeKind.LOGGED]) == 1
    reader.clock.set(date(2019, 3, 2))
    reader.looks()
    assert reader.changes().groups == {}


def test_whatever_changes_in_a_unit_that_they_do_not_see_is_no_news(client: TestClient, reader: Reader) -> None:
    there, city = reader.portfolio.contract(unit_id=reader.portfolio.division), reader.portfolio
    reader.looks()
    post(client, f"/contracts/{there}/purchases", A_PURCHASE, city.officer)
    job = post(client, f"/contracts/{there}/positions", JOB, city.liaison).json()
    patch(client, f"/positions/{job['id']}", {"ended_on": "2019-03-01", "end_reason": "resigned"}, city.liaison)
    post(client, f"/contracts/{there}/handover", OWNER, city.officer)
    assert reader.changes(city.office).groups == {}
    assert set(reader.changes(city.division).groups) == set(ChangeKind)
