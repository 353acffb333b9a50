"""API tokens of one's own: shown once, kept as a digest, revoked for good."""

import re

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.storage.models import AuditPayload, RememberedAnswer, Token
from tests.portfolio import Portfolio

URL = "/api/v1/tokens"


def test_a_new_token_opens_the_api_and_is_never_shown_again(client: TestClient, portfolio: Portfolio) -> None:
    made = client.post(URL, json={"name": "Ledger"}, headers=portfolio.viewer)
    assert made.status_code == 201, made.text
    secret = made.json()["token"]
    assert re.fullmatch(r"siepp_[A-Za-z0-9_-]{43}", secret)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/users/me", headers=headers).json()["email"] == "viewer@example.org"
    read = client.get(made.headers["location"], headers=headers)
    assert secret not in read.text + client.get(URL, headers=headers).text


def test_nothing_of_the_secret_is_kept_but_a_digest(client: TestClient, portfolio: Portfolio) -> None:
    headers = portfolio.viewer | {"Idempotency-Key": "k1"}
    secret = client.post(URL, json={"name": "Ledger"}, headers=headers).json()["token"]
    with portfolio.database.reading() as session:
        kept = [str(session.scalars(select(RememberedAnswer.body)).one())]
        kept += [str(payload) for payload in session.scalars(select(AuditPayload.payload))]
        hashes = list(session.scalars(select(Token.token_hash)))
    assert not any(secret in text for text in [*kept, *hashes])
    assert not any(digest in text for text in kept for digest in hashes)


def test_a_repeated_request_makes_no_second_token_and_tells_no_secret(client: TestClient, portfolio: Portfolio) -> None:
    headers = portfolio.viewer | {"Idempotency-Key": "k1"}
    first, second = (client.post(URL, json={"name": "Ledger"}, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json() | {"token": None}
    names = [one["name"] for one in client.get(URL, headers=portfolio.viewer).json()["items"]]
    assert names == ["test", "Ledger"]


def test_a_revoked_token_opens_nothing(client: TestClient, portfolio: Portfolio) -> None:
    made = client.post(URL, json={"name": "Ledger"}, headers=portfolio.viewer).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    for _ in range(2):
        assert client.delete(f"{URL}/{made['id']}", headers=portfolio.viewer).status_code == 204
    assert client.get(URL, headers=headers).status_code == 401
    read = client.get(f"{URL}/{made['id']}", headers=portfolio.viewer).json()
    assert read["revoked_at"] is not None


def test_each_token_has_a_name_of_its_own(client: TestClient, portfolio: Portfolio) -> None:
    again = client.post(URL, json={"name": "test"}, headers=portfolio.viewer)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "token_name_taken")
    secret_in_name = client.post(URL, json={"name": "131052-308T"}, headers=portfolio.viewer)
    assert (secret_in_name.status_code, "131052" in secret_in_name.text) == (422, False)


def test_the_tokens_of_others_do_not_exist(client: TestClient, portfolio: Portfolio) -> None:
    made = client.post(URL, json={"name": "Ledger"}, headers=portfolio.viewer).json()
    for headers in (portfolio.admin, portfolio.stranger):
        assert client.get(f"{URL}/{made['id']}", headers=headers).status_code == 404
        assert client.delete(f"{URL}/{made['id']}", headers=headers).status_code == 404
        assert made["id"] not in client.get(URL, headers=headers).text
