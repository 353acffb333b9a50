"""What will be erased soon, and a dispute that keeps it, on pages."""

from collections.abc import Callable
from datetime import date

import pytest

from app.config import Settings
from app.jobs import daily_check, delivery
from app.services import retention
from app.storage.session import Database
from notifications.senders import RecordingSender
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser
from tests.witnesses import checked_daily

Browsers = Callable[[str], SignedInBrowser]
NOTICE_ON, ERASE_ON = date(2022, 1, 29), date(2022, 2, 28)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is asked of the database is tried on both in tests/scenarios/test_retention.py."""
    return sqlite_url


@pytest.fixture
def contract_id(portfolio: Portfolio, clock: SetClock) -> str:
    clock.set(date(2020, 3, 1))
    return portfolio.contract()


def work(database: Database, settings: Settings, clock: SetClock) -> None:
    daily_check.run_check(database, clock.today, clock)
    delivery.deliver_all(database, settings, RecordingSender(), clock)


def test_a_contract_is_listed_from_the_day_of_its_notice_on(
    browser_of: Browsers, contract_id: str, clock: SetClock, database: Database, settings: Settings
) -> None:
    clock.set(date(2022, 1, 28))
    assert contract_id not in browser_of("officer").get("/soon-erased").text
    clock.set(NOTICE_ON)
    officer = browser_of("officer")
    page = officer.get("/soon-erased").text
    assert f"/contracts/{contract_id}" in page
    assert "not yet told" in page
    work(database, settings, clock)
    page = officer.get("/soon-erased").text
    assert "has been told" in page
    assert "28\N{NO-BREAK SPACE}February\N{NO-BREAK SPACE}2022" in page


def test_what_others_have_to_erase_takes_no_place_in_the_list(
    browser_of: Browsers, contract_id: str, portfolio: Portfolio, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST_LISTED", 1)
    theirs = portfolio.contract(owner="theirs@example.org", unit_id=portfolio.other_root)
    clock.set(NOTICE_ON)
    page, other = (browser_of(who).get("/soon-erased").text for who in ("officer", "stranger"))
    assert (f"/contracts/{contract_id}" in page, f"/contracts/{theirs}" in page) == (True, False)
    assert (f"/contracts/{contract_id}" in other, f"/contracts/{theirs}" in other) == (False, True)


def test_nobody_who_writes_no_contracts_sees_the_list(browser_of: Browsers, contract_id: str) -> None:
    assert browser_of("viewer").get("/soon-erased").status_code == 403


def test_a_dispute_is_recorded_and_ended_by_form(browser_of: Browsers, contract_id: str, clock: SetClock) -> None:
    officer, here = browser_of("officer"), f"/contracts/{contract_id}"
    sent = officer.post_form(f"{here}/dispute", {"reason": "Valitus markkinaoikeudessa"}, f"{here}/dispute")
    assert sent.headers["location"] == f"{here}?done=disputed"
    page = officer.get(f"{here}?done=disputed").text
    assert "The dispute was recorded." in page
    assert "Valitus markkinaoikeudessa" in page
    ended = officer.post_form(f"{here}/dispute", {}, f"{here}/dispute/lift")
    assert ended.headers["location"] == f"{here}?done=dispute_lifted"
    clock.set(date(2020, 3, 2))
    assert "kept until they are erased" in browser_of("officer").get(here).text


def test_an_erased_contract_says_so_and_offers_nothing_to_write(
    browser_of: Browsers, contract_id: str, clock: SetClock, database: Database, settings: Settings
) -> None:
    for day in (NOTICE_ON, ERASE_ON):
        clock.set(day)
        checked_daily(database, day)
        work(database, settings, clock)
    officer, here = browser_of("officer"), f"/contracts/{contract_id}"
    page = officer.get(here).text
    assert "erased on" in page
    assert "and they are erased" in page
    assert f"{here}/positions/new" not in page
    of_it = (here, f"{here}?as_of=2019-12-31", f"{here}/changes")
    for path in (*of_it, "/contracts", "/summary", "/", "/messages", "/projects"):
        assert officer.get(path).status_code == 200, path
    between = "contracts whose single jobs are erased are told as they stood at the last end of a quarter"
    assert between in officer.get("/summary?as_of=2020-02-10").text
    assert between not in officer.get("/summary?as_of=2021-12-31&from_on=2021-12-31").text
    for split in ("target_group", "employment_form", "channel", "unit"):
        assert officer.get(f"/summary?group_by={split}").status_code == 200, split


def test_an_organisation_sets_for_how_long_jobs_are_kept(
    browser_of: Browsers, contract_id: str, portfolio: Portfolio
) -> None:
    admin, unit = browser_of("admin"), f"/units/{portfolio.root}"
    assert admin.post_form(unit, {"retention_months": "36"}, unit).status_code == 303
    assert dict(admin.form(unit, unit)["fields"])["retention_months"] == "36"
    assert "Helsinki: 36" in admin.get("/settings").text
    assert admin.post_form(unit, {"retention_months": ""}, unit).status_code == 303
    assert dict(admin.form(unit, unit)["fields"])["retention_months"] == ""
