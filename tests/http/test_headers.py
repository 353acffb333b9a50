"""What every answer says to a browser: pages, the API, files, errors of every layer. Answers to people who have signed
in are looked at by tests/access, which asks every route."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.storage.session import Database
from app.web.pages import asset
from tests.conftest import SetClock
from tests.headers import lacking
from tests.portfolio import Portfolio
from tests.web.a_city_with_everything import paths

STRANGE = "0" * 32


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """None of it is in the database."""
    return sqlite_url


def addresses(client: TestClient, method: str) -> Iterator[str]:
    """Of every route, with ids that nobody has."""
    of_api = client.app.openapi()["paths"].items()  # type: ignore[attr-defined]
    templates = [*paths(method), *(path for path, methods in of_api if method.lower() in methods)]
    for template in templates:
        yield "/".join(STRANGE if part.startswith("{") else part for part in template.split("/"))


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_every_answer_to_a_stranger_has_them(client: TestClient, portfolio: Portfolio, method: str) -> None:
    for path in addresses(client, method):
        answer = client.request(method, path, follow_redirects=False)
        assert lacking(answer, path) == [], (method, path, answer.status_code)


FILES = ("/static/siepp.css", "/static/swagger/swagger-ui.css", "/static/nothing", "/docs", "/api/v1/openapi.json")
LINKS = ("/nothing", "/api/v1/nothing", "/password/wrong", "/owner/wrong", "/s/wrong", f"/calendar/{STRANGE}.ics")
OPEN = ("/help", "/sign-in", "/feedback", "/accessibility", "/metrics", "/contracts?q=131052-308T", "/contracts?q=%00")


@pytest.mark.parametrize("path", [*FILES, *LINKS, *OPEN])
def test_files_links_and_errors_have_them(client: TestClient, portfolio: Portfolio, path: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert lacking(answer, path) == [], answer.status_code


def test_refusals_of_every_layer_have_them(client: TestClient, portfolio: Portfolio) -> None:
    too_large = client.post("/api/v1/contracts", content=b"x" * (2**20 + 1), headers=portfolio.officer)
    no_method = client.delete("/api/v1/contracts", headers=portfolio.officer)
    malformed = client.post("/api/v1/contracts", content=b"{", headers=portfolio.officer)
    for answer, status in ((too_large, 413), (no_method, 405), (malformed, 422)):
        assert (answer.status_code, lacking(answer, "")) == (status, [])


def test_a_defect_has_them(client: TestClient, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.units.list_units", lambda *_: 1 / 0)
    answer = client.get("/api/v1/units", headers=portfolio.viewer)
    assert (answer.status_code, lacking(answer, "")) == (500, [])


def test_a_file_of_the_release_is_kept_for_good_and_nothing_else_is(client: TestClient) -> None:
    assert "immutable" in client.get(asset("siepp.css")).headers["cache-control"]
    assert "cache-control" not in client.get("/static/siepp.css").headers


@pytest.mark.parametrize("path", ["/static/siepp.css?v=000000000000", "/static/of-the-next-release.css?v=000000000000"])
def test_a_file_of_another_release_is_kept_by_nobody_who_asks_this_one_for_it(client: TestClient, path: str) -> None:
    """Else a page would stay without it, or with an old one, for a year."""
    assert client.get(path).headers.get_list("cache-control") == ["no-store"]


@pytest.mark.parametrize(
    ("base_url", "transport"),
    [
        ("https://siepp.example.org/app", "max-age=31536000; includeSubDomains"),
        ("https://example.org", "max-age=31536000"),  # a city's whole domain: nobody speaks for all that is below it
        ("http://127.0.0.1:8000", None),
    ],
)
def test_encryption_is_asked_for_where_there_is_any(
    settings: Settings, database: Database, clock: SetClock, routes: FastAPI, base_url: str, transport: str | None,
    tmp_path: Path,
) -> None:  # fmt: skip
    app = create_app(replace(settings, base_url=base_url), database, clock, routes)
    with TestClient(app) as client:
        page = client.get("/sign-in")
    assert page.headers.get("strict-transport-security") == transport
    assert ("__Host-" in page.headers["set-cookie"]) == base_url.startswith("https")
