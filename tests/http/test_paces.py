"""How fast requests may come, from whom, and that counting them costs next to nothing."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.config import Settings, SettingWrong, load_settings
from app.http.paces import REMEMBERED, STRANGERS_SHARE, WINDOW_SECONDS, Pace, Paces, paces, recognised
from app.main import create_app
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio

PER_MINUTE = 20
FOR_STRANGERS = PER_MINUTE // STRANGERS_SHARE


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing of it is in the database."""
    return sqlite_url


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The clock of the paces of the service that is made next."""
    made = Watch()
    monkeypatch.setattr("app.main.paces", lambda per_minute: paces(per_minute, made))
    return made


@pytest.fixture
def hurried(
    settings: Settings, database: Database, clock: SetClock, routes: FastAPI, watch: Watch, portfolio: Portfolio
) -> Iterator[TestClient]:
    app = create_app(replace(settings, requests_per_minute=PER_MINUTE), database, clock, routes)
    with TestClient(app, base_url=settings.base_url, client=("192.0.2.1", 50000)) as made:
        yield made


def statuses(ask: Callable[[], Response], times: int) -> list[int]:
    return [ask().status_code for _ in range(times)]


# --- The bucket


def test_a_bucket_gives_a_minutes_requests_at_once_and_then_as_they_flow_in() -> None:
    pace = Pace(PER_MINUTE)
    assert [pace.wait("a", 1000.0) for _ in range(PER_MINUTE)] == [0.0] * PER_MINUTE
    step = WINDOW_SECONDS / PER_MINUTE
    assert pace.wait("a", 1000.0) == pytest.approx(step)
    assert pace.wait("a", 1000.0 + step - 0.1) == pytest.approx(0.1)
    assert pace.wait("a", 1000.0 + step) == 0.0
    assert pace.wait("a", 1000.0 + step) == pytest.approx(step)
    assert pace.wait("b", 1000.0) == 0.0
    later = [pace.wait("a", 2000.0) for _ in range(PER_MINUTE + 1)]
    assert (later[:-1], later[-1] > 0) == ([0.0] * PER_MINUTE, True)


def test_who_is_refused_is_not_made_to_wait_longer_by_asking_on() -> None:
    pace = Pace(PER_MINUTE)
    for _ in range(PER_MINUTE):
        pace.wait("a", 0.0)
    waits = {round(pace.wait("a", 0.0), 6) for _ in range(100)}
    assert waits == {WINDOW_SECONDS / PER_MINUTE}


def test_ever_new_addresses_fill_no_memory() -> None:
    pace = Pace(PER_MINUTE, most=100)
    for number in range(10_000):
        pace.wait(str(number), 0.0)
        pace.wait("regular", number / 10)
    assert len(pace) == 100
    made = paces(PER_MINUTE)
    assert made is not None
    for number in range(REMEMBERED + 10):
        state = {"state": {"account": str(number)}}
        made.learn(_scope(authorization=f"Bearer {number}") | state)
    assert len(made.accounts) == REMEMBERED


def _scope(path: str = "/api/v1/units", client: str = "192.0.2.1", **headers: str) -> dict[str, Any]:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "path": path, "client": (client, 1), "headers": pairs}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_addresses_of_one_subscriber_are_one(one: str, other: str, same: bool) -> None:
    made = paces(PER_MINUTE, Watch())
    assert made is not None
    assert [made.wait(_scope(client=one)) for _ in range(FOR_STRANGERS)] == [0.0] * FOR_STRANGERS
    assert (made.wait(_scope(client=other)) > 0) == same


# --- The service


def test_a_token_is_told_when_it_may_go_on(hurried: TestClient, portfolio: Portfolio, watch: Watch) -> None:
    def ask() -> Response:
        return hurried.get("/api/v1/units", headers=portfolio.viewer | {"Accept-Language": "sv"})

    assert statuses(ask, PER_MINUTE + 1) == [200] * (PER_MINUTE + 1)  # who it is shows with the first, an address's
    refused = ask()
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "3"
    assert refused.json()["detail"].startswith("För många")
    watch.seconds += 3
    assert statuses(ask, 2) == [200, 429]
    assert hurried.get("/api/v1/units", headers=portfolio.admin).status_code == 200


def test_all_tokens_of_a_user_count_together(hurried: TestClient, portfolio: Portfolio, watch: Watch) -> None:
    made = [
        hurried.post("/api/v1/tokens", json={"name": str(number)}, headers=portfolio.viewer).json()["token"]
        for number in range(2)
    ]
    watch.seconds += 60
    tokens = [{"Authorization": f"Bearer {secret}"} for secret in made]
    for token in tokens:
        assert hurried.get("/api/v1/units", headers=token).status_code == 200
    asked = [hurried.get("/api/v1/units", headers=token).status_code for token in tokens * (PER_MINUTE // 2)]
    assert asked == [200] * PER_MINUTE
    assert [hurried.get("/api/v1/units", headers=token).status_code for token in tokens] == [429, 429]


def test_guessed_tokens_cost_what_a_stranger_costs_and_hold_up_nobody_who_is_known(
    hurried: TestClient, portfolio: Portfolio
) -> None:
    assert hurried.get("/api/v1/units", headers=portfolio.viewer).status_code == 200

    def guess() -> Response:
        return hurried.get("/api/v1/units", headers={"Authorization": f"Bearer {secrets.token_hex()}"})

    assert statuses(guess, FOR_STRANGERS) == [401] * (FOR_STRANGERS - 1) + [429]
    assert hurried.get("/api/v1/units", headers=portfolio.viewer).status_code == 200


def test_a_stranger_in_a_browser_gets_a_page_in_their_language(hurried: TestClient, portfolio: Portfolio) -> None:
    def ask() -> Response:
        return hurried.get("/sign-in", headers={"Accept-Language": "fi"})

    assert statuses(ask, FOR_STRANGERS) == [200] * FOR_STRANGERS
    page = ask()
    assert (page.status_code, page.headers["retry-after"]) == (429, "15")
    assert page.headers["content-type"].startswith("text/html")
    assert "Pyyntöjä tuli liian monta" in page.text
    assert "frame-ancestors" in page.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/healthz", "/readiness", "/static/siepp.css"])
def test_probes_and_files_are_not_counted(hurried: TestClient, portfolio: Portfolio, path: str) -> None:
    assert statuses(lambda: hurried.get(path), PER_MINUTE * 2) == [200] * PER_MINUTE * 2


def test_without_a_limit_nothing_is_counted() -> None:
    assert paces(0) is None
    secret = {"SIEPP_SECRET_KEY": "x" * 32}
    assert load_settings(secret).requests_per_minute == 6000
    assert load_settings(secret | {"SIEPP_REQUESTS_PER_MINUTE": "0"}).requests_per_minute == 0
    for wrong in ("-1", "many", "1.5", "12345678"):
        with pytest.raises(SettingWrong, match="SIEPP_REQUESTS_PER_MINUTE"):
            load_settings(secret | {"SIEPP_REQUESTS_PER_MINUTE": wrong})


def test_counting_a_request_takes_microseconds() -> None:
    """Some six on the machine it was written on; on a busy one still nothing beside an answer."""
    made = paces(10**6)
    assert isinstance(made, Paces)
    scope = _scope(authorization="Bearer siepp_" + "x" * 43, cookie="siepp_language=fi") | {"state": {"account": "a"}}
    best = min(_seconds(made, scope) for _ in range(5))
    assert best < 100e-6


def _seconds(made: Paces, scope: dict[str, Any], times: int = 500) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        made.wait(scope)
        made.learn(scope)
    return (time.perf_counter() - begun) / times


def test_who_it_was_is_noted_in_the_requests_own_state() -> None:
    from starlette.requests import Request

    scope = _scope()
    recognised(Request(scope), "a")
    assert scope["state"] == {"account": "a"}
