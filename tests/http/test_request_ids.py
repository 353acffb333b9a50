"""The name of a request: taken over or made, answered back, in each of its lines, and shown with an error."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient

from app import logs
from app.services import notes
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.web.signed_in import SignedInBrowser

MADE_BY_A_PROXY = ["9ca354d6b0cc1cec81081239b3473ea3", "1db70e28-a44c-4226-9152-f5881ddcf86f", "a" * 16, "a" * 64]
NOT_TAKEN = ["a" * 15, "a" * 65, "", "spaces are no id at all", "131052-308T-131052-308T", "åäö" * 8, "x\"'<b>" * 4]
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What was logged since it was last asked, in the form for machines."""
    logs.configure("json")
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(notes, "list_notes", fail)


@pytest.mark.parametrize("sent", MADE_BY_A_PROXY)
@on_one_database
def test_an_id_that_came_along_is_kept(client: TestClient, lines: Lines, sent: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": sent}).headers["x-request-id"] == sent
    assert lines()[-1]["request_id"] == sent


@pytest.mark.parametrize("sent", NOT_TAKEN)
@on_one_database
def test_what_is_no_id_is_neither_answered_nor_logged(client: TestClient, lines: Lines, sent: str) -> None:
    answered = client.get("/healthz", headers={"X-Request-ID": sent.encode()}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", answered)
    (line,) = lines()
    assert line["request_id"] == answered
    assert not sent or sent not in json.dumps(line, ensure_ascii=False)


def test_each_request_has_its_own(client: TestClient) -> None:
    assert client.get("/healthz").headers["x-request-id"] != client.get("/healthz").headers["x-request-id"]


def test_a_request_is_one_line_with_the_template_of_its_address_and_nothing_that_was_sent(
    client: TestClient, portfolio: Portfolio, lines: Lines
) -> None:
    contract = portfolio.contract()
    answer = client.get(f"/api/v1/contracts/{contract}?q=somebody", headers=portfolio.viewer)
    (line,) = lines()
    assert line["route"] == "/api/v1/contracts/{contract_id}"
    assert (line["message"], line["method"], line["status"], line["level"]) == ("request", "GET", 200, "info")
    assert (line["logger"], line["request_id"]) == ("app.http.guard", answer.headers["x-request-id"])
    assert isinstance(line["duration_ms"], float)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", line["time"])
    written = json.dumps(line)
    assert contract not in written
    assert "somebody" not in written
    assert portfolio.viewer["Authorization"].split()[1] not in written


def test_a_page_and_the_call_of_the_same_name_are_told_apart(
    client: TestClient, browser_of: Callable[[str], SignedInBrowser], portfolio: Portfolio, lines: Lines
) -> None:
    contract = portfolio.contract()
    browser_of("viewer").get(f"/contracts/{contract}")
    assert lines()[-1]["route"] == "/contracts/{contract_id}"


def test_what_fits_no_route_is_a_dash(client: TestClient, lines: Lines) -> None:
    client.get("/somebody/was/here")
    (line,) = lines()
    assert (line["route"], line["status"]) == ("-", 404)


@pytest.mark.usefixtures("broken")
def test_a_defect_is_logged_once_with_its_place_and_answered_with_the_id(
    client: TestClient, portfolio: Portfolio, lines: Lines
) -> None:
    contract = portfolio.contract()
    answer = client.get(f"/api/v1/contracts/{contract}/notes", headers=portfolio.viewer)
    request_id = answer.headers["x-request-id"]
    assert (answer.status_code, answer.json()["request_id"]) == (500, request_id)
    assert answer.headers["x-content-type-options"] == "nosniff"
    defect, request = lines()
    assert defect["request_id"] == request["request_id"] == request_id
    assert (defect["message"], defect["error"]) == ("defect", "ZeroDivisionError")
    assert defect["exception"][-1]["exc_type"] == "ZeroDivisionError"
    assert request["status"] == 500


def test_what_the_client_did_wrong_needs_no_support(client: TestClient, portfolio: Portfolio) -> None:
    answer = client.get("/api/v1/contracts/" + "0" * 32, headers=portfolio.viewer)
    assert "request_id" not in answer.json()


def test_the_page_of_an_error_of_ours_shows_the_id_and_others_do_not(
    client: TestClient,
    browser_of: Callable[[str], SignedInBrowser],
    portfolio: Portfolio,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = browser_of("viewer")
    missing = browser.get("/contracts/" + "0" * 32)
    assert missing.headers["x-request-id"] not in missing.text
    monkeypatch.setattr("app.web.today.show_today", None)
    broken = browser.get("/")
    assert broken.status_code == 500
    assert broken.headers["x-request-id"] in broken.text


def test_every_line_of_a_run_names_the_job_and_the_run(lines: Lines) -> None:
    log = structlog.get_logger("app.jobs.sample")
    for _ in range(2):
        with logs.run_of("check"):
            log.info("one")
            log.info("two")
    log.info("after")
    first, second, third, fourth, after = lines()
    assert first["run_id"] == second["run_id"] != third["run_id"] == fourth["run_id"]
    assert {line["job"] for line in (first, second, third, fourth)} == {"check"}
    assert "run_id" not in after


def test_a_librarys_own_line_has_the_same_fields(lines: Lines) -> None:
    logs.configure("json")  # to where the test itself writes
    with logs.run_of("check"):
        logging.getLogger("some.library").warning("%s was odd", "something")
    (line,) = lines()
    assert (line["message"], line["logger"], line["level"]) == ("something was odd", "some.library", "warning")
    assert line["run_id"]
