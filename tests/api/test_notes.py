"""Writing notes through the API."""

import pytest
from fastapi.testclient import TestClient

from app.storage.models import Contract
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio

NOTE = {"text": "The supplier promised to open the position in May."}


def address(contract_id: str) -> str:
    return f"/api/v1/contracts/{contract_id}/notes"


def test_notes_are_listed_newest_first_page_by_page(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    url = address(portfolio.contract())
    for day in (4, 5, 6):
        clock.set(clock.today.replace(day=day))
        answer = client.post(url, json={"text": f"Written on {day}.3.\nTwo lines."}, headers=portfolio.liaison)
        assert answer.status_code == 201, answer.text
    assert answer.json()["author"] == "business_liaison@example.org"
    assert answer.json()["created_at"] == "2019-03-06T07:00:00Z"
    page = client.get(url, params={"limit": 2}, headers=portfolio.viewer).json()
    rest = client.get(url, params={"limit": 2, "cursor": page["next_cursor"]}, headers=portfolio.viewer).json()
    texts = [item["text"].splitlines()[0] for item in page["items"] + rest["items"]]
    assert texts == ["Written on 6.3.", "Written on 5.3.", "Written on 4.3."]
    assert rest["next_cursor"] is None
    assert page["items"][0] == answer.json()


def test_a_note_ends_the_silence(client: TestClient, portfolio: Portfolio, clock: SetClock, database: Database) -> None:
    contract_id = portfolio.contract()
    clock.set(clock.today.replace(month=9))
    client.post(address(contract_id), json=NOTE, headers=portfolio.officer)
    with database.reading() as session:
        assert session.get_one(Contract, contract_id).last_recorded_on == clock.today


def test_owners_write_on_their_own_contracts_and_others_do_not(client: TestClient, portfolio: Portfolio) -> None:
    url = address(portfolio.contract())
    expected = {"owner": 201, "officer": 201, "liaison": 201, "admin": 201, "other_owner": 403, "viewer": 403}
    answers = {who: client.post(url, json=NOTE, headers=getattr(portfolio, who)).status_code for who in expected}
    assert answers == expected
    assert client.post(url, json=NOTE, headers=portfolio.stranger).status_code == 404
    assert client.get(url, headers=portfolio.stranger).status_code == 404


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001, "Puhelin 131052-308T", "bell\u0007", 5])
@on_one_database
def test_an_empty_note_an_endless_one_and_one_about_a_person_are_refused(
    client: TestClient, portfolio: Portfolio, text: object
) -> None:
    url = address(portfolio.contract())
    answer = client.post(url, json={"text": text}, headers=portfolio.liaison)
    assert answer.status_code == 422
    assert "131052" not in answer.text
    assert client.get(url, headers=portfolio.liaison).json()["items"] == []
