"""What is kept of the company register's answers, for how long, and where it is told: on both databases."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.rules.codes import CompanySituation
from app.rules.status import Status
from app.services import companies
from app.services.acting import SYSTEM, Act
from app.services.companies import AGAIN_AFTER, FRESH_FOR, MISS_FRESH_FOR, MOST_WAITING, PAUSE, ROUND
from app.sources.companies import RegisteredCompany, RegisteredSituation
from app.storage.models import Company, Supplier
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.registering import a_contract, a_procurement, contract_body, get, post

ID = "0112038-9"
OTHER = "0201256-6"
SUPPLIER = {"business_id": ID, "name": "Siivous"}
MOMENT = timedelta(seconds=1)


@pytest.fixture
def act(clock: SetClock) -> Act:
    return Act(SYSTEM, clock(), clock.today)


def later(act: Act, wait: timedelta) -> Act:
    now = act.now + wait
    return Act(SYSTEM, now, now.date())


def told(*codes: CompanySituation, since: date | None = None, business_id: str = ID) -> RegisteredCompany:
    situations = tuple(RegisteredSituation(code, since) for code in codes)
    return RegisteredCompany(business_id, "Siivous Oy", {"fi": "Osakeyhtiö", "sv": "Aktiebolag"}, situations)


def want(database: Database, act: Act, *business_ids: str) -> None:
    with database.writing() as session:
        companies.want(session, business_ids, act)


def taken(database: Database, act: Act) -> list[str]:
    with database.writing() as session:
        return list(companies.take_due(session, act))


def keep(database: Database, act: Act, answer: RegisteredCompany | None, business_id: str = ID) -> bool:
    with database.writing() as session:
        return companies.keep(session, business_id, answer, act)


def is_due(database: Database, act: Act) -> bool:
    with database.reading() as session:
        return companies.is_any_due(session, act)


def known(database: Database, act: Act, business_id: str = ID) -> companies.CompanyKnown | None:
    with database.reading() as session:
        return companies.known(session, [business_id], act.now).get(business_id)


# --- When the register is asked


def test_what_someone_types_is_asked_about_once_however_often_it_is_typed(database: Database, act: Act) -> None:
    want(database, act, ID)
    want(database, act, ID, OTHER)
    assert taken(database, act) == [ID, OTHER]
    assert taken(database, act) == []


@pytest.mark.parametrize("typed", ["", "0112038", "0112038-99", "12345678-9", "x112038-9"])
@on_one_database
def test_what_is_no_business_id_waits_for_nobody(database: Database, act: Act, typed: str) -> None:
    want(database, act, typed)
    assert not is_due(database, act)


def test_no_ones_typing_fills_the_table(database: Database, act: Act) -> None:
    want(database, act, *(f"{number:07}-0" for number in range(MOST_WAITING - 1)))
    want(database, act, "9000000-1", "9000000-2", "9000000-3")
    with database.reading() as session:
        assert len(session.scalars(select(Company.business_id)).all()) == MOST_WAITING


def test_what_was_taken_and_never_told_of_is_due_again_after_a_while(database: Database, act: Act) -> None:
    want(database, act, ID)
    taken(database, act)
    assert taken(database, later(act, AGAIN_AFTER - MOMENT)) == []
    assert taken(database, later(act, AGAIN_AFTER)) == [ID]


def test_a_supplier_is_asked_about_without_anyone_typing_and_stays_fresh_for_a_week(
    database: Database, client: TestClient, portfolio: Portfolio, act: Act
) -> None:
    a_contract(client, portfolio, supplier=SUPPLIER)
    assert is_due(database, act)
    assert taken(database, act) == [ID]
    keep(database, act, told())
    assert taken(database, later(act, FRESH_FOR - MOMENT)) == []
    assert taken(database, later(act, FRESH_FOR)) == [ID]


def test_a_miss_is_believed_for_a_month(database: Database, client: TestClient, portfolio: Portfolio, act: Act) -> None:
    a_contract(client, portfolio)
    taken(database, act)
    keep(database, act, None, OTHER)
    assert taken(database, later(act, MISS_FRESH_FOR - MOMENT)) == []
    assert taken(database, later(act, MISS_FRESH_FOR)) == [OTHER]


def test_one_that_nobody_has_as_supplier_is_forgotten_when_its_time_has_come(database: Database, act: Act) -> None:
    want(database, act, ID)
    taken(database, act)
    keep(database, act, told())
    assert known(database, act) is not None
    assert taken(database, later(act, FRESH_FOR)) == []
    assert known(database, act) is None


def test_suppliers_from_abroad_are_none_of_the_registers(
    database: Database, client: TestClient, portfolio: Portfolio, act: Act
) -> None:
    abroad = {"identifier_scheme": "SE-ON", "identifier": "0112038-9", "name": "Stockholms stad"}
    a_contract(client, portfolio, supplier=abroad)
    assert not is_due(database, act)


def suppliers(session: Session, portfolio: Portfolio, count: int) -> None:
    for number in range(count):
        session.add(
            Supplier(
                id=f"{number:032x}",
                root_id=portfolio.root,
                scheme="FI-PRO",
                identifier=f"{number:07}-0",
                name="Oy",
                created_at=portfolio.clock(),
            )
        )


@pytest.mark.parametrize("count", [ROUND - 1, ROUND, ROUND + 1])
def test_a_round_has_its_size(database: Database, portfolio: Portfolio, act: Act, count: int) -> None:
    with database.writing() as session:
        suppliers(session, portfolio, count)
    assert len(taken(database, act)) == min(count, ROUND)
    assert len(taken(database, act)) == max(count - ROUND, 0)


def test_while_the_register_is_away_nobody_is_asked_about(database: Database, portfolio: Portfolio, act: Act) -> None:
    want(database, act, ID, OTHER)
    with database.writing() as session:
        assert companies.pause(session, None, act) == PAUSE
    assert taken(database, later(act, PAUSE - MOMENT)) == []
    assert taken(database, later(act, PAUSE)) == [ID, OTHER]


@pytest.mark.parametrize("asked_for", [timedelta(hours=2), PAUSE / 2])
def test_a_pause_is_as_long_as_the_register_asks_and_never_short(
    database: Database, act: Act, asked_for: timedelta
) -> None:
    with database.writing() as session:
        assert companies.pause(session, asked_for, act) == max(asked_for, PAUSE)


def test_whoever_wants_it_now_wakes_what_was_put_off_and_nothing_that_is_fresh(
    database: Database, client: TestClient, portfolio: Portfolio, act: Act
) -> None:
    a_contract(client, portfolio, supplier=SUPPLIER)
    taken(database, act)
    keep(database, act, told())
    want(database, act, OTHER)
    with database.writing() as session:
        companies.pause(session, None, act)
        companies.wake(session, act)
    assert taken(database, act) == [OTHER]
    with database.writing() as session:
        companies.wake(session, act, everything=True)
    assert taken(database, act) == [ID, OTHER]


# --- What is kept


def test_an_answer_is_kept_as_it_was_given(database: Database, act: Act) -> None:
    want(database, act, ID)
    assert keep(database, act, told(CompanySituation.BANKRUPTCY, since=date(2019, 2, 20)))
    company = known(database, act)
    assert company is not None
    assert (company.found, company.name, company.forms["sv"]) == (True, "Siivous Oy", "Aktiebolag")
    situation = companies.Situation(CompanySituation.BANKRUPTCY, date(2019, 2, 20), act.today)
    assert company.situations == (situation,)
    assert company.fetched_at == act.now


def test_a_situation_keeps_the_day_on_which_it_was_first_seen_and_is_new_once(database: Database, act: Act) -> None:
    want(database, act, ID)
    assert not keep(database, act, told())
    assert keep(database, later(act, FRESH_FOR), told(CompanySituation.RESTRUCTURING))
    again = told(CompanySituation.RESTRUCTURING, since=date(2019, 3, 4))
    assert not keep(database, later(act, 2 * FRESH_FOR), again)
    company = known(database, act)
    assert company is not None
    assert [(one.since, one.seen_on) for one in company.situations] == [(date(2019, 3, 4), date(2019, 3, 8))]
    assert keep(database, act, told(CompanySituation.RESTRUCTURING, CompanySituation.BANKRUPTCY))


def test_what_the_register_no_longer_says_is_gone(database: Database, act: Act) -> None:
    want(database, act, ID)
    keep(database, act, told(CompanySituation.RESTRUCTURING))
    keep(database, act, told())
    assert known(database, act).situations == ()  # type: ignore[union-attr]
    keep(database, act, told(CompanySituation.LIQUIDATION))
    keep(database, act, None)
    company = known(database, act)
    assert company is not None
    assert (company.found, company.name, company.forms, company.situations) == (False, None, {}, ())


def test_a_name_with_an_identity_code_in_it_is_not_kept(database: Database, act: Act) -> None:
    want(database, act, ID)
    keep(database, act, RegisteredCompany(ID, "131052-308T Oy", {}, ()))
    assert known(database, act).name is None  # type: ignore[union-attr]


def test_an_answer_about_one_that_was_dropped_meanwhile_is_dropped_too(database: Database, act: Act) -> None:
    assert not keep(database, act, told(CompanySituation.BANKRUPTCY))
    assert known(database, act) is None


def test_one_that_was_tried_in_vain_is_told_from_one_that_waits(database: Database, act: Act) -> None:
    want(database, act, ID)
    assert known(database, act).late is False  # type: ignore[union-attr]
    taken(database, act)
    assert known(database, act).late is True  # type: ignore[union-attr]


# --- Where it is told


@pytest.fixture
def bankrupt(database: Database, client: TestClient, portfolio: Portfolio, act: Act) -> str:
    """A contract whose supplier is bankrupt."""
    contract_id = a_contract(client, portfolio, supplier=SUPPLIER)
    taken(database, act)
    keep(database, act, told(CompanySituation.BANKRUPTCY, since=date(2019, 2, 20)))
    return contract_id


def situations(client: TestClient, portfolio: Portfolio, contract_id: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = get(client, f"/contracts/{contract_id}", portfolio.officer)["supplier_situations"]
    return found


def test_a_contract_tells_of_its_suppliers_bankruptcy(client: TestClient, portfolio: Portfolio, bankrupt: str) -> None:
    (told_of,) = situations(client, portfolio, bankrupt)
    assert told_of["situation"] == "bankruptcy"
    assert (told_of["business_id"], told_of["name"]) == (ID, "Siivous")
    assert (told_of["since"], told_of["seen_on"], told_of["source"]) == ("2019-02-20", "2019-03-01", "PRH")
    assert told_of["fetched_at"].startswith("2019-03-01T07:00:00")
    text = "Siivous is bankrupt. The entry in the register is of 20\u00a0February\u00a02019."
    assert told_of["text"] == text


def test_a_contract_tells_of_a_party_beside_the_supplier(
    client: TestClient, portfolio: Portfolio, bankrupt: str
) -> None:
    party = SUPPLIER | {"role": "member"}
    contract_id = a_contract(client, portfolio, reference="S-2", parties=[party])
    assert [one["name"] for one in situations(client, portfolio, contract_id)] == ["Siivous"]


def test_a_contract_with_a_bankrupt_supplier_can_be_registered_and_is_told_of_at_once(
    client: TestClient, portfolio: Portfolio, bankrupt: str
) -> None:
    procurement_id = get(client, f"/contracts/{bankrupt}", portfolio.officer)["procurement_id"]
    body = contract_body(procurement_id, reference="S-3", supplier=SUPPLIER)
    answer = post(client, "/contracts", body, portfolio.officer)
    assert answer.status_code == 201
    assert [one["situation"] for one in answer.json()["supplier_situations"]] == ["bankruptcy"]


def test_others_of_the_same_organisation_only_are_told(client: TestClient, portfolio: Portfolio, bankrupt: str) -> None:
    answer = client.get(f"/api/v1/contracts/{bankrupt}", headers=portfolio.stranger)
    assert answer.status_code == 404
    assert "bankrupt" not in answer.text


@pytest.mark.parametrize(("day", "tells"), [(date(2020, 2, 28), True), (date(2020, 2, 29), False)])
def test_it_is_told_as_long_as_the_contract_runs(
    client: TestClient, portfolio: Portfolio, clock: SetClock, bankrupt: str, day: date, tells: bool
) -> None:
    clock.set(day)
    assert bool(situations(client, portfolio, bankrupt)) is tells


def test_it_is_told_after_the_end_while_a_job_may_still_be_completed(
    client: TestClient, portfolio: Portfolio, database: Database, act: Act, clock: SetClock, bankrupt: str
) -> None:
    clause = {"type": "fixed_count", "positions": 1, "completion": "may_follow_contract"}
    made = a_procurement(client, portfolio, reference="HEL 2", clause=clause)
    contract_id = a_contract(client, portfolio, made, supplier=SUPPLIER)
    job = {"starts_on": "2020-02-03", "agreed_on": "2019-03-01", "employment_form": "employment", "channel": "team"}
    post(client, f"/contracts/{contract_id}/positions", job | {"target_group": "youth"}, portfolio.liaison)
    clock.set(date(2020, 3, 2))
    assert get(client, f"/contracts/{contract_id}", portfolio.officer)["obligation"]["status"] == Status.ON_TRACK
    assert situations(client, portfolio, contract_id)


def test_of_a_closed_obligation_nothing_is_told(client: TestClient, portfolio: Portfolio, bankrupt: str) -> None:
    body = {"effective_on": "2019-03-01", "reason": "Konkurssi", "decision_reference": "HEL 1 §"}
    assert post(client, f"/contracts/{bankrupt}/closure", body, portfolio.officer).status_code == 201
    assert situations(client, portfolio, bankrupt) == []


def test_a_contract_costs_one_question_more_however_many_parties(
    client: TestClient, portfolio: Portfolio, database: Database, bankrupt: str
) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    situations(client, portfolio, bankrupt)
    assert len([one for one in asked if "company" in one]) == 1
