"""What every request passes: size, secrets, forbidden signs, strangers; and what no answer lets out."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from stdnum.fi import hetu

from app.http.guard import MAX_BODY_BYTES
from app.schemas.text import holds_identity_code
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio

IDENTITY_CODE = "131052-308T"
"""The Digital and Population Data Services Agency's own example; nobody has it."""
TYPED = [
    IDENTITY_CODE,
    f"see {IDENTITY_CODE}.",
    "131052–308T",
    "131052 - 308T",
    "131052-308t",
    "１３１０５２-３０８Ｔ",
    "131052-\u200b308T",
    f"x131052{IDENTITY_CODE}1",
    "131052 308T",
    "131052308T",
    "131052_308t",
    "131052:308T",
    "13-10-52-308T",
    "131052-308-T",
    "131052 (308T)",
]


UNLIKE_IT = {"X-Request-ID": "a" * 32}
IN_ITS_LINES = re.compile(r"^.{10}T.{15}Z|duration_ms=[0-9.]+", re.MULTILINE)
"""The request's name in the log, the time and the duration hold three digits of the code by chance now and then."""


def test_the_example_is_a_valid_code() -> None:
    assert hetu.is_valid(IDENTITY_CODE)


@pytest.mark.parametrize("typed", TYPED)
@on_one_database
def test_an_identity_code_is_refused_however_it_is_typed_and_never_echoed(
    client: TestClient, portfolio: Portfolio, typed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/notes"
    answer = client.post(url, json={"text": typed}, headers=portfolio.liaison | UNLIKE_IT)
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == ["identity_code"]
    logged = "".join(capfd.readouterr())
    assert "308" not in answer.text + IN_ITS_LINES.sub("", logged)


def bodies_with_the_code() -> Iterator[Any]:
    yield {"text": "fine", IDENTITY_CODE: "x"}
    yield {"text": {"deep": [IDENTITY_CODE]}}
    yield {"text": [IDENTITY_CODE] * 3}
    yield [IDENTITY_CODE]
    yield IDENTITY_CODE


@pytest.mark.parametrize("body", list(bodies_with_the_code()), ids=["name", "inside", "list", "bare list", "bare"])
@on_one_database
def test_a_body_of_any_shape_that_holds_one_is_refused_without_echo(
    client: TestClient, portfolio: Portfolio, body: Any
) -> None:
    answer = client.post(f"/api/v1/contracts/{portfolio.contract()}/notes", json=body, headers=portfolio.liaison)
    assert answer.status_code == 422
    assert "308T" not in answer.text


@pytest.mark.parametrize(
    "path", [f"/api/v1/contracts?q={IDENTITY_CODE}", f"/api/v1/contracts/{IDENTITY_CODE}", f"/{IDENTITY_CODE}?x=1"]
)
def test_an_identity_code_in_an_address_is_refused(
    client: TestClient, portfolio: Portfolio, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = client.get(path, headers=portfolio.viewer)
    assert answer.status_code == 422
    assert "308T" not in answer.text + "".join(capfd.readouterr())


def test_an_identity_code_as_a_key_for_repeats_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    headers = portfolio.liaison | {"Idempotency-Key": IDENTITY_CODE}
    answer = client.post(f"/api/v1/contracts/{portfolio.contract()}/notes", json={"text": "x"}, headers=headers)
    assert answer.status_code == 422


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY_BYTES, 422), (MAX_BODY_BYTES + 1, 413)])
def test_a_body_over_a_mebibyte_is_too_large(client: TestClient, portfolio: Portfolio, size: int, status: int) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/notes"
    body = json.dumps({"text": ""}).encode()
    body = body[:-2] + b"x" * (size - len(body)) + body[-2:]
    assert len(body) == size
    headers = portfolio.liaison | {"Content-Type": "application/json"}
    assert client.post(url, content=body, headers=headers).status_code == status

    def pieces() -> Iterator[bytes]:
        yield body[: size // 2]
        yield body[size // 2 :]

    assert client.post(url, content=pieces(), headers=headers).status_code == status


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"\xff\xfe", b"[" * 100_000, b'{"text": NaN}', b'{"text": "\\ud800"}', b'{"text": "a\\u0000b"}',
     b'{"until": ' + b"9" * 5000 + b"}", b'"text"', b"null"],
)  # fmt: skip
@on_one_database
def test_what_is_no_proper_json_is_the_clients_fault(client: TestClient, portfolio: Portfolio, body: bytes) -> None:
    headers = portfolio.liaison | {"Content-Type": "application/json"}
    answer = client.post(f"/api/v1/contracts/{portfolio.contract()}/notes", content=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/contracts?q=%00", "/api/v1/contracts/%00", "/api/v1/contracts?status=%00"])
def test_signs_no_keyboard_types_are_refused_in_addresses(client: TestClient, portfolio: Portfolio, path: str) -> None:
    assert client.get(path, headers=portfolio.viewer).status_code == 422


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic eDp5"}])
def test_a_stranger_is_asked_who_it_is(client: TestClient, portfolio: Portfolio, header: dict[str, str]) -> None:
    answer = client.get("/api/v1/contracts", headers=header)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "unauthenticated"


def test_an_unknown_path_and_method_answer_in_the_same_form(client: TestClient, portfolio: Portfolio) -> None:
    assert client.get("/api/v1/nothing", headers=portfolio.viewer).json()["code"] == "not_found"
    assert client.delete("/api/v1/contracts", headers=portfolio.viewer).json()["code"] == "method_not_allowed"


def test_the_same_key_and_body_is_done_once(client: TestClient, portfolio: Portfolio) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/notes"
    headers = portfolio.liaison | {"Idempotency-Key": "once"}
    first = client.post(url, json={"text": "Called the supplier."}, headers=headers)
    again = client.post(url, json={"text": "Called the supplier."}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    other = client.post(url, json={"text": "Something else."}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(client.get(url, headers=portfolio.liaison).json()["items"]) == 1


def test_a_refused_request_leaves_its_key_free(client: TestClient, portfolio: Portfolio) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/notes"
    headers = portfolio.liaison | {"Idempotency-Key": "once"}
    assert client.post(url, json={"text": ""}, headers=headers).status_code == 422
    assert client.post(url, json={"text": "Now right."}, headers=headers).status_code == 201


def test_readiness_says_when_the_database_is_away(
    client: TestClient, database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readiness").json()["status"] == "ok"
    monkeypatch.setattr(Database, "is_up", lambda _: False)
    answer = client.get("/readiness")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")
    assert client.get("/healthz").status_code == 200


def test_figures_name_routes_and_never_addresses(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = portfolio.contract()
    client.get(f"/api/v1/contracts/{contract_id}", headers=portfolio.viewer)
    figures = TestClient(client.app, client=("127.0.0.1", 50000)).get("/metrics").text
    assert "/contracts/{contract_id}" in figures
    assert contract_id not in figures


def test_answers_are_not_kept_by_anyone_in_between(client: TestClient, portfolio: Portfolio) -> None:
    assert client.get("/api/v1/contracts", headers=portfolio.viewer).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "random",
    ["9ca354d6b0cc1cec81081239b3473ea3", "99d8886c0280910b755833fc8e5e5602", "1db70e28-a44c-2226-1152-f5881ddcf86f"],
)
def test_an_opaque_id_in_which_a_code_stands_by_chance_is_no_identity_code(random: str) -> None:
    assert not holds_identity_code(f"/api/v1/contracts/{random}/obligation")
    assert holds_identity_code(f"{random} {IDENTITY_CODE}")
