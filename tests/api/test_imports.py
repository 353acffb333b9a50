"""Files brought in over the API: sent as they are, read, looked at, activated, undone; also by a real server."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select

from app.config import Settings
from app.http import uploads
from app.jobs import readers
from app.main import create_app
from app.rules.codes import ImportKind
from app.services import imports
from app.storage.models import ImportRun
from app.storage.session import Database
from tests import ledgers
from tests.conftest import SetClock
from tests.ledgers import CITY, OTHER, ledger, threshold_contract
from tests.one_database import on_one_database
from tests.portfolio import Headers, Portfolio
from tests.registering import get, post

GROWING = ledger((CITY, "500000", "1.2.2019", "1"), (OTHER, "7", "2.2.2019", "3"))
BAD = ledger((CITY, "x", "1.2.2019", "1"), (CITY, "y", "1.2.2019", "2"), (CITY, "5", "x", "131052-308T"))


def send(client: TestClient, content: Any, headers: Headers, **query: str) -> Response:
    """Sends a file and waits until it is read."""
    asked = {"kind": "purchases", "file_name": "ostot.csv"} | query
    answer = client.post("/api/v1/imports", params=asked, content=content, headers=headers)
    client.app.state.readers.wait()  # type: ignore[attr-defined]
    return answer


def started(client: TestClient, portfolio: Portfolio, content: bytes) -> str:
    """Path of an import that was read."""
    answer = send(client, content, portfolio.officer)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"]).removeprefix("/api/v1")


def brought_in(client: TestClient, portfolio: Portfolio, content: bytes) -> str:
    """Path of an active import."""
    path = started(client, portfolio, content)
    assert post(client, f"{path}/activation", {}, portfolio.officer).status_code == 200
    return path


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(ImportRun)) or 0


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    """Whatever comes of a file, it does not stay on the disk."""
    with ledgers.uploads_in(tmp_path):
        yield


def test_a_ledger_is_taken_at_once_and_read_beside(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = threshold_contract(portfolio)
    answer = send(client, GROWING, portfolio.officer)
    assert (answer.status_code, answer.headers["content-type"]) == (202, "application/json")
    found = get(client, answer.headers["location"].removeprefix("/api/v1"), portfolio.officer)
    assert (found["status"], found["rows"], found["counts"]) == ("ready", 2, {"new": 1, "no_contract": 1})
    assert (found["file_name"], found["file_bytes"], found["read_bytes"]) == ("ostot.csv", len(GROWING), len(GROWING))
    assert (found["waiting"], found["refused_kept"], found["same_file"], found["error"]) == (0, 0, [], None)
    [grown] = found["contracts"]
    assert (grown["contract_id"], grown["purchases"], grown["amount_eur"]) == (contract_id, 1, "500000.00")
    assert (grown["required_before"], grown["required_after"]) == (0, 1)


def test_an_import_counts_from_its_activation_until_it_is_undone(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = threshold_contract(portfolio)
    path, key = started(client, portfolio, GROWING), {"Idempotency-Key": "once"}

    def required() -> int:
        return int(get(client, f"/contracts/{contract_id}", portfolio.viewer)["obligation"]["required"])

    assert required() == 0
    for _ in range(2):
        assert post(client, f"{path}/activation", {}, portfolio.officer | key).json()["status"] == "active"
    assert required() == 1
    assert post(client, f"{path}/activation", {}, portfolio.officer).json()["code"] == "import_status"
    assert post(client, f"{path}/undo", {}, portfolio.officer).status_code == 422
    undone = post(client, f"{path}/undo", {"reason": "Wrong city"}, portfolio.officer).json()
    assert (undone["status"], undone["undo_reason"]) == ("undone", "Wrong city")
    assert undone["undone_by"] == "procurement_officer@example.org"
    assert required() == 0
    assert post(client, f"{path}/undo", {"reason": "again"}, portfolio.officer).status_code == 409


def test_a_wrong_body_is_refused_before_anything_is_reckoned_and_a_stranger_learns_nothing(
    client: TestClient, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    threshold_contract(portfolio)
    path = started(client, portfolio, GROWING)
    assert post(client, f"{path}/activation", {}, portfolio.officer).status_code == 200
    reckoned: list[str] = []
    monkeypatch.setattr(imports, "reckoned", lambda _database, import_id, *_rest: reckoned.append(import_id) or {})
    assert post(client, f"{path}/undo", {"reason": ""}, portfolio.officer).status_code == 422
    assert post(client, f"{path}/undo", {"reason": ""}, {"Authorization": "Bearer nobody"}).status_code == 401
    assert reckoned == []
    assert post(client, f"{path}/undo", {"reason": "Wrong city"}, portfolio.officer).status_code == 200
    assert len(reckoned) == 1


def test_the_same_key_and_file_give_the_same_import(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    threshold_contract(portfolio)
    keyed = portfolio.officer | {"Idempotency-Key": "once"}
    first, again = send(client, GROWING, keyed), send(client, GROWING, keyed)
    assert (first.status_code, again.status_code, again.headers["idempotency-replayed"]) == (202, 202, "true")
    assert "idempotency-replayed" not in first.headers
    assert again.headers["location"] == first.headers["location"]
    assert (again.json()["id"], again.json()["status"]) == (first.json()["id"], "ready")
    assert count(database) == 1
    other = send(client, BAD, keyed)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert send(client, GROWING, keyed, kind="contracts").json()["code"] == "idempotency_key_reused"
    wrong = send(client, GROWING, portfolio.officer | {"Idempotency-Key": "a b"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "idempotency_key_malformed")
    assert send(client, GROWING, portfolio.officer | {"Idempotency-Key": "other"}).json()["code"] == "import_running"
    assert count(database) == 1


def test_a_key_whose_file_was_not_taken_may_come_with_it_again(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    threshold_contract(portfolio)
    path, keyed = started(client, portfolio, GROWING), portfolio.officer | {"Idempotency-Key": "once"}
    assert send(client, GROWING, keyed).json()["code"] == "import_running"
    post(client, f"{path}/discard", {}, portfolio.officer)
    assert send(client, GROWING, keyed).status_code == 202
    assert count(database) == 2


def test_a_discarded_import_brings_nothing(client: TestClient, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    path = started(client, portfolio, GROWING)
    assert send(client, GROWING, portfolio.officer).json()["code"] == "import_running"
    assert post(client, f"{path}/discard", {}, portfolio.officer).json()["status"] == "discarded"
    assert post(client, f"{path}/activation", {}, portfolio.officer).status_code == 409


def test_a_decision_on_another_version_is_stale(client: TestClient, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    path = started(client, portfolio, GROWING)
    tag = client.get(f"/api/v1{path}", headers=portfolio.officer).headers["etag"]
    for one in ("activation", "discard"):
        stale = post(client, f"{path}/{one}", {}, portfolio.officer | {"If-Match": '"99"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert post(client, f"{path}/activation", {}, portfolio.officer | {"If-Match": tag}).status_code == 200


def test_the_same_file_again_names_the_first_import(client: TestClient, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    first = brought_in(client, portfolio, GROWING)
    again = get(client, started(client, portfolio, GROWING), portfolio.officer)
    assert (again["counts"]["already_there"], again["same_file"]) == (1, [first.rpartition("/")[2]])
    listed = get(client, "/imports", portfolio.officer, limit=1)
    assert listed["items"][0]["id"] == again["id"]
    rest = get(client, "/imports", portfolio.officer, cursor=listed["next_cursor"])
    assert [one["status"] for one in rest["items"]] == ["active"]


def test_refused_rows_are_given_with_why_and_without_identity_codes(client: TestClient, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    path = started(client, portfolio, BAD)
    page = get(client, f"{path}/refused", portfolio.officer, limit=2)
    rest = get(client, f"{path}/refused", portfolio.officer, limit=2, cursor=page["next_cursor"])
    rows = page["items"] + rest["items"]
    assert [(one["line"], one["code"]) for one in rows] == [(2, "not_money"), (3, "not_money"), (4, "identity_code")]
    assert rows[0]["cells"] == [CITY, "4341", "x", "1.2.2019", "1"]
    assert rows[2]["cells"][-1] == "***"


def test_a_file_that_is_no_ledger_fails_with_a_reason(client: TestClient, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    found = get(client, started(client, portfolio, b"PK\x03\x04 no workbook"), portfolio.officer)
    assert (found["status"], bool(found["error"]["text"])) == ("failed", True)
    lacking = get(client, started(client, portfolio, b"Y-tunnus;Summa ilman ALV\n0201256-6;5\n"), portfolio.officer)
    assert lacking["error"]["code"] == "ledger_lacks_columns"
    assert "day of the purchase" in lacking["error"]["text"]


@pytest.mark.parametrize(
    ("who", "query", "content", "status", "code"),
    [
        ("officer", {}, b"", 422, "file_missing"),
        ("officer", {"kind": "unicorns"}, GROWING, 422, "wrong_choice"),
        ("officer", {"unit_id": "x"}, GROWING, 422, None),
        ("officer", {"unit_id": "0" * 32}, GROWING, 422, "unit_unknown"),
        ("officer", {"file_name": ""}, GROWING, 422, "too_short"),
        ("officer", {"file_name": "131052-308T"}, GROWING, 422, "identity_code"),
        ("viewer", {}, GROWING, 403, "forbidden"),
        ("liaison", {}, GROWING, 403, "forbidden"),
        ("reporter", {}, GROWING, 403, "forbidden"),
    ],
)
@on_one_database
def test_what_may_not_come_leaves_nothing(
    client: TestClient,
    portfolio: Portfolio,
    database: Database,
    who: str,
    query: dict[str, str],
    content: bytes,
    status: int,
    code: str | None,
) -> None:
    answer = send(client, content, portfolio.headers[who], **query)
    assert answer.status_code == status, answer.text
    assert code in {None, answer.json()["code"]}
    assert count(database) == 0


def test_a_stranger_hears_nothing_but_that(client: TestClient) -> None:
    for query in ({"kind": "purchases"}, {"kind": "unicorns"}, {}):
        answer = client.post("/api/v1/imports", params=query, content=GROWING)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(("size", "status"), [(1000, 202), (1001, 413)])
def test_each_kind_has_its_largest_file(
    client: TestClient, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_LEDGER", 1000)
    threshold_contract(portfolio)
    content = GROWING + b"\n" * (size - len(GROWING))
    assert send(client, content, portfolio.officer).status_code == status
    pieces = iter([content[:500], content[500:]])
    if status == 413:
        assert send(client, pieces, portfolio.officer).status_code == status


def test_only_files_may_be_larger_than_other_bodies(client: TestClient, portfolio: Portfolio) -> None:
    path = f"/contracts/{portfolio.contract()}/notes"
    headers = portfolio.liaison | {"Content-Type": "application/json"}
    too_large = client.post(f"/api/v1{path}", content=b" " * (1024 * 1024 + 1), headers=headers)
    assert too_large.status_code == 413
    large = send(client, GROWING + b"\n" * 2_000_000, portfolio.officer)
    assert large.status_code == 202


def test_more_files_than_can_be_read_at_once_are_told_to_come_later(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    threshold_contract(portfolio)
    reading = client.app.state.readers  # type: ignore[attr-defined]
    for _ in range(readers.AT_ONCE[ImportKind.PURCHASES]):
        assert reading.hold(ImportKind.PURCHASES)
    full = send(client, GROWING, portfolio.officer)
    assert (full.status_code, full.json()["code"]) == (503, "imports_busy")
    assert int(full.headers["retry-after"]) > 0
    assert count(database) == 0
    reading.give_back(ImportKind.PURCHASES)
    assert send(client, GROWING, portfolio.officer).status_code == 202
    assert reading.hold(ImportKind.PURCHASES)


def test_someone_of_another_city_finds_no_import_of_this_one(client: TestClient, portfolio: Portfolio) -> None:
    threshold_contract(portfolio)
    path = started(client, portfolio, BAD)
    for who in ("stranger", "viewer", "liaison"):
        headers = portfolio.headers[who]
        assert get(client, "/imports", headers)["items"] == []
        for one in ("", "/refused"):
            assert client.get(f"/api/v1{path}{one}", headers=headers).status_code == 404
        for one in ("activation", "discard", "undo"):
            assert post(client, f"{path}/{one}", {"reason": "x"}, headers).status_code == 404


@pytest.fixture
def address(settings: Settings, database: Database, clock: SetClock) -> Iterator[tuple[str, int]]:
    """The service on loopback, as people have it."""
    config = uvicorn.Config("x", host="127.0.0.1", port=0, log_level="critical")
    listening = config.bind_socket()
    listening.listen()  # who comes before the server is ready waits for it
    config.app = create_app(settings, database, clock)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join(20)


def head(portfolio: Portfolio, length: int, token: str | None = None) -> bytes:
    token = token or portfolio.officer["Authorization"]
    lines = [
        "POST /api/v1/imports?kind=purchases HTTP/1.1",
        "Host: localhost",
        f"Authorization: {token}",
        f"Content-Length: {length}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def test_a_file_that_breaks_off_leaves_nothing_and_its_place_to_the_next(
    address: tuple[str, int], portfolio: Portfolio, database: Database
) -> None:
    threshold_contract(portfolio)
    for _ in range(readers.AT_ONCE[ImportKind.PURCHASES] + 1):
        with socket.create_connection(address) as sender:
            sender.sendall(head(portfolio, 10_000_000) + GROWING)
            wait_for(ledgers.uploads)
        wait_for(lambda: not ledgers.uploads())
    assert count(database) == 0


def test_strangers_are_answered_before_their_file_has_come(
    address: tuple[str, int], portfolio: Portfolio, database: Database
) -> None:
    with socket.create_connection(address) as sender:
        sender.settimeout(60)
        sender.sendall(head(portfolio, 2_000_000_000, "Bearer nobody"))
        assert sender.recv(100).startswith(b"HTTP/1.1 401")


def wait_for(true: Any) -> None:
    for _ in range(1200):  # a minute, for a busy machine
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")
