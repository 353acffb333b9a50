"""What the service itself said, through the API."""

from typing import Any

from fastapi.testclient import TestClient

from app.services.judgements import rejudge
from tests.conftest import SetClock
from tests.portfolio import Portfolio


def history(client: TestClient, portfolio: Portfolio, contract_id: str, **params: Any) -> Any:
    url = f"/api/v1/contracts/{contract_id}/history"
    answer = client.get(url, params=params, headers=portfolio.viewer)
    assert answer.status_code == 200, answer.text
    return answer.json()


def write(client: TestClient, portfolio: Portfolio, contract_id: str, noun: str, **body: Any) -> None:
    url = f"/api/v1/contracts/{contract_id}/{noun}"
    assert client.post(url, json=body, headers=portfolio.admin).status_code == 201


def test_history_grows_only_when_the_judgement_changes(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    write(client, portfolio, contract_id, "notes", text="Nothing new.")
    write(client, portfolio, contract_id, "purchases", on_date="2019-02-28", amount_eur="1.00")
    first = history(client, portfolio, contract_id)["items"]
    assert [(item["judged_on"], item["status"]) for item in first] == [("2019-03-01", "open")]
    decision = {"reason": "More work", "decision_reference": "HEL 1"}
    write(client, portfolio, contract_id, "adjustments", effective_on="2019-03-01", delta=1, **decision)
    clock.set(clock.today.replace(month=6))
    write(client, portfolio, contract_id, "notes", text="The day has passed.")
    items = history(client, portfolio, contract_id)["items"]
    said = [(item["judged_on"], item["status"], item["standing"]["required"]) for item in items]
    assert said == [("2019-06-01", "cannot_be_met", 2), ("2019-03-01", "open", 2), ("2019-03-01", "open", 1)]
    assert items[-1] == first[0]
    assert items[0]["recorded_at"] == "2019-06-01T06:00:00Z"


def test_every_field_of_the_judgement_is_told(client: TestClient, portfolio: Portfolio) -> None:
    item = history(client, portfolio, portfolio.contract())["items"][0]
    assert item["standing"] == {
        "status": "open",
        "required": 1,
        "completed": 0,
        "late": 0,
        "running": 0,
        "upcoming": 0,
        "interrupted": 0,
        "filled": 0,
        "covered": 0,
        "missing": 1,
        "effective_end_on": "2020-02-28",
        "latest_start_on": "2019-05-31",
        "missing_latest_starts": ["2019-05-31"],
    }


def test_history_comes_page_by_page(client: TestClient, portfolio: Portfolio, clock: SetClock) -> None:
    contract_id = portfolio.contract()
    for month in (4, 6):
        clock.set(clock.today.replace(month=month))
        with portfolio.database.writing() as session:
            rejudge(session, [contract_id], portfolio.act())
    whole = history(client, portfolio, contract_id)["items"]
    assert [item["status"] for item in whole] == ["cannot_be_met", "at_risk", "open"]
    page = history(client, portfolio, contract_id, limit=2)
    rest = history(client, portfolio, contract_id, limit=2, cursor=page["next_cursor"])
    assert page["items"] + rest["items"] == whole
    assert rest["next_cursor"] is None


def test_history_of_others_does_not_exist(client: TestClient, portfolio: Portfolio) -> None:
    url = f"/api/v1/contracts/{portfolio.contract()}/history"
    assert client.get(url, headers=portfolio.stranger).status_code == 404
    assert client.get(url).status_code == 401
