"""Asking the company register: bounded, polite, outside any transaction, and never twice at once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from app.cli import run
from app.config import Settings
from app.jobs import companies, scheduler
from app.jobs.companies import Asking, Counts
from app.services import companies as kept
from app.services.companies import AGAIN_AFTER, FRESH_FOR, PAUSE, ROUND
from app.sources.company_register import CompanyRegister
from app.storage.session import Database
from tests.conftest import HELSINKI, SetClock
from tests.portfolio import Portfolio
from tests.sources.lying_register import KNOWN, LyingRegister, company, in_trouble, running

OTHER, THIRD, FOURTH = "0201256-6", "1572860-0", "2120000-1"
MOMENT = timedelta(seconds=1)


@pytest.fixture
def lying() -> Iterator[LyingRegister]:
    with running() as register:
        yield register


@pytest.fixture
def asking(lying: LyingRegister, database: Database, clock: SetClock) -> Asking:
    return Asking(database, CompanyRegister(lying.address, interval=0, timeout=60), clock, HELSINKI)


def want(asking: Asking, *business_ids: str) -> None:
    with asking.database.writing() as session:
        kept.want(session, business_ids, asking.act())


def known(asking: Asking, business_id: str) -> kept.CompanyKnown | None:
    with asking.database.reading() as session:
        return kept.known(session, [business_id], asking.clock()).get(business_id)


def is_answered(asking: Asking, business_id: str) -> bool:
    company = known(asking, business_id)
    return company is not None and company.fetched_at is not None


def test_a_round_asks_about_each_once_and_keeps_what_was_told(asking: Asking, lying: LyingRegister) -> None:
    lying.knows(in_trouble("KONK"), company(THIRD))
    want(asking, KNOWN, OTHER, THIRD)
    assert companies.refresh_due(asking) == Counts(found=2, missing=1, new_risks=1)
    assert companies.refresh_due(asking) is None
    assert sorted(lying.ids) == sorted([KNOWN, OTHER, THIRD])
    company_known = known(asking, KNOWN)
    assert company_known is not None
    assert company_known.name == "Siivous Oy"
    assert [one.code for one in company_known.situations] == ["bankruptcy"]


def test_on_a_quiet_half_minute_nothing_is_written(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "writing", None)
    assert companies.refresh_due(asking) is None


def test_suppliers_are_asked_about_by_themselves_and_again_after_a_week(
    asking: Asking, lying: LyingRegister, portfolio: Portfolio, clock: SetClock
) -> None:
    portfolio.contract()  # its supplier's identifier only looks like a business ID to the database
    assert companies.refresh_due(asking) == Counts(missing=1)
    assert lying.asked == []
    want(asking, KNOWN)
    clock.now += FRESH_FOR
    assert companies.refresh_due(asking) == Counts(missing=1)
    assert lying.ids == [KNOWN]


def test_the_register_is_asked_while_nobody_waits_for_the_database(
    asking: Asking, lying: LyingRegister, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_now: list[int] = []
    at_the_asking: list[int] = []
    opened = {name: getattr(Database, name) for name in ("reading", "writing")}

    def counted(name: str) -> object:
        @contextmanager
        def session(self: Database) -> Iterator[object]:
            open_now.append(1)
            try:
                with opened[name](self) as made:
                    yield made
            finally:
                open_now.pop()

        return session

    for name in opened:
        monkeypatch.setattr(Database, name, counted(name))
    answer = lying.answer
    monkeypatch.setattr(lying, "answer", lambda one: (at_the_asking.append(len(open_now)), answer(one))[1])
    want(asking, KNOWN, OTHER)
    companies.refresh_due(asking)
    assert at_the_asking == [0, 0]


@pytest.mark.parametrize("status", [429, 500, 503, 404, 302])
def test_while_the_register_is_away_all_wait_and_nothing_is_lost(
    asking: Asking, lying: LyingRegister, clock: SetClock, status: int
) -> None:
    want(asking, KNOWN, OTHER, THIRD, FOURTH)
    lying.status = status
    assert companies.refresh_due(asking) == Counts(unanswered=4)
    assert len(lying.asked) == companies.FAILURES_IN_A_ROW
    assert companies.refresh_due(asking) is None
    assert not is_answered(asking, KNOWN)
    lying.status = 200
    clock.now += AGAIN_AFTER
    asking.register.rest(timedelta(0))
    assert companies.refresh_due(asking) == Counts(missing=4)


def test_a_register_that_asks_to_wait_is_asked_nothing_more_by_any_process(
    asking: Asking, lying: LyingRegister, clock: SetClock
) -> None:
    want(asking, KNOWN, OTHER)
    lying.status, lying.headers = 429, {"Retry-After": "7200"}
    assert companies.refresh_due(asking) == Counts(unanswered=2)
    another = replace(asking, register=CompanyRegister(lying.address, interval=0))
    clock.now += timedelta(hours=2) - MOMENT
    assert companies.refresh_due(another) is None
    assert len(lying.asked) == 1
    clock.now += MOMENT
    lying.status = 200
    assert companies.refresh_due(another) == Counts(missing=2)


def test_one_odd_answer_keeps_nobody_else_waiting(asking: Asking, lying: LyingRegister, clock: SetClock) -> None:
    lying.knows(company(), company(OTHER), company(THIRD))
    lying.odd[OTHER] = b"<html>"
    want(asking, KNOWN, OTHER, THIRD)
    assert companies.refresh_due(asking) == Counts(found=2, unanswered=1)
    clock.now += AGAIN_AFTER - MOMENT
    assert companies.refresh_due(asking) is None
    del lying.odd[OTHER]
    clock.now += MOMENT
    assert companies.refresh_due(asking) == Counts(found=1)


def test_two_odd_answers_in_a_row_are_no_outage_and_three_are(asking: Asking, lying: LyingRegister) -> None:
    lying.odd = dict.fromkeys((KNOWN, OTHER, THIRD), b"{")
    want(asking, KNOWN, OTHER, FOURTH)
    assert companies.refresh_due(asking) == Counts(missing=1, unanswered=2)
    assert not asking.register.is_resting
    assert companies.refresh_all(asking) == Counts(unanswered=2)
    want(asking, THIRD)
    assert companies.refresh_all(asking) == Counts(unanswered=3)
    assert asking.register.is_resting


def test_a_process_that_breaks_off_loses_nothing(asking: Asking, lying: LyingRegister, clock: SetClock) -> None:
    want(asking, KNOWN)
    with asking.database.writing() as session:
        kept.take_due(session, asking.act())
    assert companies.refresh_due(asking) is None
    clock.now += AGAIN_AFTER
    assert companies.refresh_due(asking) == Counts(missing=1)


def test_all_of_them_go_round_by_round(asking: Asking, lying: LyingRegister) -> None:
    ids = [f"{number:07}-0" for number in range(2 * ROUND + 1)]
    want(asking, *ids)
    assert companies.refresh_all(asking) == Counts(missing=len(ids))
    assert sorted(lying.ids) == ids


def test_everything_asks_also_about_what_is_fresh(asking: Asking, lying: LyingRegister, portfolio: Portfolio) -> None:
    portfolio.contract()
    assert companies.refresh_all(asking) == Counts(missing=1)
    assert companies.refresh_all(asking) == Counts()
    assert companies.refresh_all(asking, everything=True) == Counts(missing=1)


# --- The bell and the command


def rung(settings: Settings, database: Database, clock: SetClock) -> list[str]:
    """What the scheduler rings for."""
    made = scheduler.Scheduler(settings, database, clock)
    bells: BackgroundScheduler = made._scheduler
    return [job.func.__name__ for job in bells.get_jobs()]


def test_the_bell_for_the_register_rings_only_where_one_is_set(
    settings: Settings, database: Database, clock: SetClock, lying: LyingRegister
) -> None:
    assert "companies" not in rung(settings, database, clock)
    assert "companies" in rung(replace(settings, company_register=lying.address), database, clock)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, database_url: str, lying: LyingRegister) -> None:
    monkeypatch.setenv("SIEPP_DATABASE_URL", database_url)
    monkeypatch.setenv("SIEPP_SECRET_KEY", "x" * 32)
    monkeypatch.setenv("SIEPP_COMPANY_REGISTER_URL", lying.address)


@pytest.mark.usefixtures("environment")
def test_the_command_tries_now_and_prints_counts(
    asking: Asking, lying: LyingRegister, capsys: pytest.CaptureFixture[str]
) -> None:
    lying.knows(in_trouble("SANE"))
    want(asking, KNOWN)
    assert run(["companies", "refresh", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"found": 1, "missing": 0, "new_risks": 1, "unanswered": 0}
    assert run(["companies", "refresh"]) == 0
    assert capsys.readouterr().out == "found 0, missing 0, new risks 0, unanswered 0\n"


@pytest.mark.usefixtures("environment")
def test_the_command_says_when_the_register_did_not_answer(
    asking: Asking, lying: LyingRegister, capsys: pytest.CaptureFixture[str]
) -> None:
    want(asking, KNOWN)
    lying.status = 500
    assert run(["companies", "refresh"]) == 1
    told = capsys.readouterr()
    assert told.out == "found 0, missing 0, new risks 0, unanswered 1\n"
    assert told.err.splitlines()[-1].endswith("asked about again later.")


@pytest.mark.usefixtures("environment")
def test_without_a_register_the_command_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SIEPP_COMPANY_REGISTER_URL")
    assert run(["companies", "refresh"]) == 1
    assert "SIEPP_COMPANY_REGISTER_URL" in capsys.readouterr().err


def test_a_pause_is_no_longer_than_the_wait_for_one_that_failed() -> None:
    """Else what failed alone would be asked about while the register is left alone."""
    assert PAUSE <= AGAIN_AFTER
