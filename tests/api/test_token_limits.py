"""What a token opens, until when, and who takes it away; and that a role taken away is gone by every way in."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, func, select

from app.services import calendars
from app.services.acting import Act, Actor
from app.services.tokens import LASTS, longest
from app.storage import people
from app.storage.models import AuditEntry, Grant, Token, User
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Headers, Portfolio
from tests.web.signed_in import SignedInBrowser

URL = "/api/v1/tokens"
NOTE: dict[str, Any] = {"text": "Called the supplier."}
LEDGER = {"kind": "purchases", "file_name": "ledger.csv"}


def made(client: TestClient, headers: Headers, **terms: Any) -> Any:
    answer = client.post(URL, json={"name": "Ledger"} | terms, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def bearer(token: Any) -> Headers:
    return {"Authorization": f"Bearer {token['token']}"}


# --- Scopes


@pytest.mark.parametrize(
    ("scopes", "reads", "writes", "imports", "follows"),
    [
        (["read"], 200, 403, 403, 200),
        (["write"], 403, 201, 201, 403),
        (["import"], 403, 403, 201, 200),
        (["read", "write", "import"], 200, 201, 201, 200),
        (None, 200, 201, 201, 200),
    ],
)
def test_a_token_opens_what_its_scopes_say(
    client: TestClient, portfolio: Portfolio, scopes: list[str] | None, reads: int, writes: int, imports: int,
    follows: int,
) -> None:  # fmt: skip
    contract = f"/api/v1/contracts/{portfolio.contract()}"
    headers = bearer(made(client, portfolio.officer, **({} if scopes is None else {"scopes": scopes})))
    assert client.get(contract, headers=headers).status_code == reads
    assert client.post(f"{contract}/notes", json=NOTE, headers=headers).status_code == writes
    sent = client.post("/api/v1/imports", params=LEDGER, content=b"", headers=headers)
    assert (sent.status_code == 403) == (imports == 403), sent.text
    assert client.get("/api/v1/imports", headers=headers).status_code == follows


def test_what_a_token_lacks_is_named(client: TestClient, portfolio: Portfolio) -> None:
    headers = bearer(made(client, portfolio.officer, scopes=["read"])) | {"Accept-Language": "en"}
    answer = client.post(f"/api/v1/contracts/{portfolio.contract()}/notes", json=NOTE, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert answer.json()["code"] == "scope_missing"
    assert "scope write." in answer.json()["detail"]


def test_a_token_lacking_a_scope_hears_that_before_what_is_wrong_with_its_body(
    client: TestClient, portfolio: Portfolio
) -> None:
    headers = bearer(made(client, portfolio.officer, scopes=["read"]))
    answer = client.post(f"/api/v1/contracts/{portfolio.contract()}/notes", json={}, headers=headers)
    assert answer.json()["code"] == "scope_missing"


def test_a_token_gives_no_more_than_it_opens(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    last = clock.today + timedelta(days=30)
    first = made(client, portfolio.viewer, name="first", scopes=["read", "write"], expires_on=last.isoformat())
    wider = client.post(URL, json={"name": "wider", "scopes": ["read", "import"]}, headers=bearer(first))
    assert (wider.status_code, wider.json()["code"]) == (403, "scope_missing")
    later = {"name": "later", "scopes": ["read"], "expires_on": (last + timedelta(days=1)).isoformat()}
    assert client.post(URL, json=later, headers=bearer(first)).status_code == 422
    silent = made(client, bearer(first), name="silent", scopes=["read"])
    assert silent["expires_on"] == last.isoformat()


@pytest.mark.parametrize("scopes", [[], ["everything"], "read", None])
@on_one_database
def test_scopes_that_are_none_are_refused(client: TestClient, portfolio: Portfolio, scopes: Any) -> None:
    answer = client.post(URL, json={"name": "x", "scopes": scopes}, headers=portfolio.viewer)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("scopes")


# --- The last day


def test_a_token_opens_until_its_last_day_and_not_on_the_next(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    last = clock.today + timedelta(days=30)
    headers = bearer(made(client, portfolio.viewer, expires_on=last.isoformat()))
    for day, status in ((last - timedelta(days=1), 200), (last, 200), (last + timedelta(days=1), 401)):
        clock.set(day)
        assert client.get(URL, headers=headers).status_code == status, day
    answer = client.get(URL, headers=headers)
    assert (answer.json()["code"], answer.headers["www-authenticate"]) == ("token_expired", "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_lasts_a_year_unless_told_otherwise(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    assert made(client, portfolio.viewer)["expires_on"] == (clock.today + LASTS).isoformat()


def test_a_token_lasts_two_years_at_most(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    assert longest(date(2024, 2, 29)) == date(2026, 2, 28)
    latest = longest(clock.today)
    days = [(-1, 201), (0, 201), (1, 422)]
    for number, (days_more, status) in enumerate(days):
        body = {"name": str(number), "expires_on": (latest + timedelta(days=days_more)).isoformat()}
        answer = client.post(URL, json=body, headers=portfolio.viewer)
        assert answer.status_code == status, days_more
    assert [one["code"] for one in answer.json()["errors"]] == ["date_out_of_range"]
    for days_more, status in ((-1, 422), (0, 201)):
        body = {"name": f"old {days_more}", "expires_on": (clock.today + timedelta(days=days_more)).isoformat()}
        assert client.post(URL, json=body, headers=portfolio.viewer).status_code == status


def test_tokens_of_the_version_before_open_everything_and_do_not_end(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    [old] = client.get(URL, headers=portfolio.viewer).json()["items"]
    assert (old["scopes"], old["expires_on"]) == (["read", "write", "import"], None)
    clock.set(date(2039, 3, 1))
    assert client.get(URL, headers=portfolio.viewer).status_code == 200


# --- When it was last used


def test_the_day_of_the_last_use_is_written_down_once_a_day(
    client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = made(client, portfolio.viewer)
    headers = bearer(token)

    def last_used() -> Any:
        with database.reading() as session:
            return session.get_one(Token, token["id"]).last_used_on

    assert last_used() is None
    notes: list[date] = []
    noting = people.note_token_used
    monkeypatch.setattr(people, "note_token_used", lambda *given: (notes.append(given[2]), noting(*given)))
    for day in (1, 1, 1, 2):
        clock.set(date(2019, 5, day))
        assert client.get(URL, headers=headers).status_code == 200
        assert last_used() == clock.today
    assert notes == [date(2019, 5, 1), date(2019, 5, 2)]


def test_a_use_leaves_no_link_in_the_trail(client: TestClient, portfolio: Portfolio, database: Database) -> None:
    client.get(URL, headers=portfolio.viewer)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


# --- Revoked


def test_a_revoked_token_is_told_so(client: TestClient, portfolio: Portfolio) -> None:
    token = made(client, portfolio.viewer)
    client.delete(f"{URL}/{token['id']}", headers=portfolio.viewer)
    answer = client.get(URL, headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")


def test_an_admin_of_all_units_of_a_user_sees_and_revokes_the_users_tokens(
    client: TestClient, portfolio: Portfolio
) -> None:
    token = made(client, portfolio.viewer)
    owner = client.get("/api/v1/users/me", headers=portfolio.viewer).json()["id"]
    of_user = f"/api/v1/users/{owner}/tokens"
    for who, status in ((portfolio.stranger, 404), (portfolio.officer, 404)):
        assert client.get(of_user, headers=who).status_code == status
        assert client.delete(f"{of_user}/{token['id']}", headers=who).status_code == status
    found = client.get(of_user, headers=portfolio.admin).json()["items"]
    assert [one["name"] for one in found] == ["test", "Ledger"]
    assert "token" not in found[1]
    own = client.get(URL, headers=portfolio.admin).json()["items"][0]["id"]
    assert client.delete(f"{of_user}/{own}", headers=portfolio.admin).status_code == 404
    for _ in range(2):
        assert client.delete(f"{of_user}/{token['id']}", headers=portfolio.admin).status_code == 204
    assert client.get(URL, headers=bearer(token)).json()["code"] == "token_revoked"
    assert [one["name"] for one in client.get(of_user, headers=portfolio.admin).json()["items"]] == ["test"]


def test_an_admin_revokes_a_token_on_the_users_page(
    client: TestClient, portfolio: Portfolio, browser_of: Callable[[str], SignedInBrowser]
) -> None:
    token = made(client, portfolio.viewer, scopes=["import"])
    owner = client.get("/api/v1/users/me", headers=portfolio.viewer).json()["id"]
    admin, page = browser_of("admin"), f"/users/{owner}"
    assert "Brings in files and reads how that went" in admin.get(page).text
    sent = admin.post_form(page, {}, action=f"{page}/tokens/{token['id']}/revoke")
    assert sent.headers["location"] == f"{page}?done=token_revoked"
    assert client.get("/api/v1/imports", headers=bearer(token)).status_code == 401


# --- Roles act at once, whatever the way in


def of(portfolio: Portfolio, session: Any, name: str) -> User:
    user = people.user_by_email(session, f"{name}@example.org")
    assert user is not None
    return user


def ways_in(client: TestClient, portfolio: Portfolio, browser: SignedInBrowser, contract: str) -> dict[str, Any]:
    """The contract seen by each way of getting in: with a token, in a browser, in a calendar."""
    with portfolio.database.writing() as session:
        user = of(portfolio, session, "procurement_officer")
        act = Act(Actor(user.id, user.name, user.email), portfolio.clock(), portfolio.act().today)
        secret = calendars.make_feed(session, act)
    return {
        "token": lambda: client.get(f"/api/v1/contracts/{contract}", headers=portfolio.officer).status_code == 200,
        "session": lambda: browser.get(f"/contracts/{contract}").status_code == 200,
        "calendar": lambda: "BEGIN:VEVENT" in client.get(f"/calendar/{secret}.ics").text,
    }


@pytest.mark.parametrize("way", ["token", "session", "calendar"])
def test_a_role_taken_away_or_given_acts_on_the_next_request(
    client: TestClient, portfolio: Portfolio, browser_of: Callable[[str], SignedInBrowser], database: Database, way: str
) -> None:
    contract = portfolio.contract()
    sees = ways_in(client, portfolio, browser_of("officer"), contract)[way]
    assert sees()
    with database.writing() as session:
        user = of(portfolio, session, "procurement_officer")
        kept = session.scalars(select(Grant).where(Grant.user_id == user.id)).one()
        given = {column.name: getattr(kept, column.name) for column in Grant.__table__.columns}
        session.execute(delete(Grant).where(Grant.user_id == user.id))
    assert not sees()
    with database.writing() as session:
        session.add(Grant(**given))
    assert sees()


@pytest.mark.parametrize("way", ["token", "session", "calendar"])
def test_a_closed_account_opens_nothing_by_any_way_from_the_next_request_on(
    client: TestClient, portfolio: Portfolio, browser_of: Callable[[str], SignedInBrowser], way: str
) -> None:
    sees = ways_in(client, portfolio, browser_of("officer"), portfolio.contract())[way]
    assert sees()
    with portfolio.database.reading() as session:
        user_id = of(portfolio, session, "procurement_officer").id
    body = {"active": False}
    assert client.patch(f"/api/v1/users/{user_id}", json=body, headers=portfolio.admin).status_code == 200
    assert not sees()
