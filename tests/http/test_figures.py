"""Figures for Prometheus: what they tell, who may read them, and that reading them harms nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from app.config import Settings
from app.http.figures import DatabaseFigures
from app.http.state import State
from app.jobs import daily_check, delivery
from app.main import create_app
from app.storage import figures
from app.storage.models import Message
from app.storage.session import Database
from notifications.senders import PermanentSendError, RecordingSender
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio

TOKEN = "a token that only the monitor knows"
Asking = Callable[..., TestClient]


@pytest.fixture
def asking(settings: Settings, database: Database, clock: SetClock, routes: FastAPI) -> Asking:
    """Someone who asks from an address; with a token where the deployment has one."""

    def ask(address: str = "127.0.0.1", *, token: str | None = None) -> TestClient:
        app = create_app(replace(settings, metrics_token=token), database, clock, routes)
        return TestClient(app, client=(address, 50000))

    return ask


def told(client: TestClient) -> dict[str, float]:
    """Every figure by its name and labels."""
    return figures_of(client.get("/metrics").text)


def figures_of(text: str) -> dict[str, float]:
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {" ".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}


def test_an_empty_service_has_figures_without_moments(asking: Asking) -> None:
    found = told(asking())
    assert found["siepp_database_up"] == 1
    assert (found["siepp_queue_length"], found["siepp_queue_age_seconds"]) == (0, 0)
    assert found["siepp_messages refused"] == found["siepp_contracts breached"] == found["siepp_imports reading"] == 0
    assert not [name for name in found if "timestamp" in name or "duration" in name]
    assert [name for name in found if name.startswith("siepp_build_info ")]


def test_waiting_mail_is_counted_and_grows_old(
    asking: Asking, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    clock.now += timedelta(hours=5)
    found = told(asking())
    assert (found["siepp_queue_length"], found["siepp_messages queued"]) == (1, 1)
    assert found["siepp_queue_age_seconds"] == 5 * 3600
    assert found["siepp_contracts at_risk"] == 1


def test_the_check_and_the_delivery_leave_their_moments(
    asking: Asking, portfolio: Portfolio, database: Database, settings: Settings, clock: SetClock
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    delivery.deliver_all(database, settings, RecordingSender(), clock)
    found = told(asking())
    assert found["siepp_last_check_timestamp_seconds"] == clock.now.timestamp()
    assert found["siepp_last_delivery_timestamp_seconds"] == clock.now.timestamp()
    assert found["siepp_last_check_duration_seconds"] == 0
    assert (found["siepp_messages sent"], found["siepp_queue_length"], found["siepp_queue_age_seconds"]) == (1, 0, 0)


def test_refused_mail_is_counted(
    asking: Asking, portfolio: Portfolio, database: Database, settings: Settings, clock: SetClock
) -> None:
    portfolio.contract()
    clock.set(date(2019, 3, 2))
    daily_check.run_check(database, clock.today, clock)
    delivery.deliver_all(database, settings, RecordingSender([PermanentSendError("unknown")]), clock)
    assert told(asking())["siepp_messages refused"] == 1


def test_replicas_tell_the_same_of_the_database_and_each_its_own_requests(asking: Asking, portfolio: Portfolio) -> None:
    portfolio.contract()
    one, other = asking(), asking()
    one.get("/healthz")
    first, second = told(one), told(other)
    shared = {name for name in first if "http_request" not in name and "created" not in name}
    assert {name: first[name] for name in shared} == {name: second[name] for name in shared}
    assert first["siepp_http_requests_total GET /healthz 200"] == 1
    assert "siepp_http_requests_total GET /healthz 200" not in second


def test_requests_are_told_by_method_template_and_class_of_status(asking: Asking) -> None:
    client = asking()
    client.get("/api/v1/contracts/" + "0" * 32)
    client.request("BREW", "/healthz")
    found = told(client)
    assert found["siepp_http_request_seconds_count GET /api/v1/contracts/{contract_id} 4xx"] == 1
    assert not [name for name in found if "BREW" in name]


def test_a_database_that_is_away_is_told_instead_of_failing(asking: Asking, tmp_path: object) -> None:
    client = asking()
    state: State = client.app.state.siepp  # type: ignore[attr-defined]
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    client.app.state.registry.unregister(  # type: ignore[attr-defined]
        next(one for one in client.app.state.registry._collector_to_names if isinstance(one, DatabaseFigures))  # type: ignore[attr-defined]
    )
    client.app.state.registry.register(DatabaseFigures(replace(state, database=away)))  # type: ignore[attr-defined]
    answer = client.get("/metrics")
    assert answer.status_code == 200
    found = figures_of(answer.text)
    assert found["siepp_database_up"] == 0
    assert "siepp_queue_length" not in found


def test_however_often_someone_asks_the_database_is_read_once_in_a_while(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, times = figures.read, []
    monkeypatch.setattr(figures, "read", lambda session, job: times.append(job) or read(session, job))
    seconds = 1_000.0
    monkeypatch.setattr("app.http.figures.time.monotonic", lambda: seconds)
    client = asking()
    for _ in range(3):
        told(client)
    assert len(times) == 1
    seconds += 9.9
    told(client)
    assert len(times) == 1
    seconds += 0.1
    told(client)
    assert len(times) == 2


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.7.7", "172.16.0.9", "fd00::5"])
@on_one_database
def test_without_a_token_who_is_near_may_read(asking: Asking, address: str) -> None:
    assert asking(address).get("/metrics").status_code == 200


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "somewhere"])
def test_without_a_token_the_world_finds_nothing(asking: Asking, address: str) -> None:
    assert asking(address).get("/metrics").status_code == 404


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Proto", "x-forwarded-host", "Forwarded", "X-Real-IP", "Via"]
)
@on_one_database
def test_without_a_token_what_came_through_a_proxy_finds_nothing(asking: Asking, header: str) -> None:
    assert asking().get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [(f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200), ("Bearer wrong", 401), (f"Basic {TOKEN}", 401), (None, 401)],
)
@on_one_database
def test_with_a_token_only_who_sends_it_may_read_wherever_they_are(
    asking: Asking, sent: str | None, status: int
) -> None:
    for address in ("8.8.8.8", "127.0.0.1"):
        headers = {} if sent is None else {"Authorization": sent}
        assert asking(address, token=TOKEN).get("/metrics", headers=headers).status_code == status


def test_figures_name_no_person(asking: Asking, portfolio: Portfolio, database: Database) -> None:
    portfolio.contract(owner="olli@example.org")
    with database.writing() as session:
        session.execute(update(Message).values(last_error="olli@example.org"))
    assert "olli" not in asking().get("/metrics").text
