"""/drafts: what waits, what its source says, registering it, leaving it out."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.storage.session import Database
from tests.notices import CONDITION, Lot, Notice, Won, award, bring
from tests.portfolio import Portfolio
from tests.registering import FIXED_COUNT, OWNER, get, post, refusal

Brought = Callable[[Notice], str]


@pytest.fixture
def brought(client: TestClient, portfolio: Portfolio, database: Database) -> Brought:
    """Brings a notice in and gives the id of its draft."""

    def bring_in(notice: Notice) -> str:
        bring(database, notice, portfolio.root, portfolio.division, portfolio.act())
        return str(get(client, "/drafts", portfolio.officer)["items"][0]["id"])

    return bring_in


def body_of(draft: Any, unit_id: str, **changes: Any) -> dict[str, Any]:
    """A draft as a client completes it."""
    known = {name: value for name, value in draft["procurement"].items() if value is not None}
    contracts = [
        {name: value for name, value in one.items() if value is not None} | {"owner": OWNER}
        for one in draft["contracts"]
    ]
    for one in contracts:
        one["supplier"] = {name: value for name, value in one["supplier"].items() if value is not None}
    return {"procurement": known | {"unit_id": unit_id, "clause": FIXED_COUNT} | changes, "contracts": contracts}


def test_drafts_that_wait_are_listed_newest_first_with_what_is_missing(
    client: TestClient, portfolio: Portfolio, brought: Brought
) -> None:
    first = brought(Notice())
    second = brought(award([Lot(id="LOT-0009", won=[Won()])]))
    found = get(client, "/drafts", portfolio.officer)
    assert [one["id"] for one in found["items"]] == [second, first]
    assert found["items"][0]["missing"] == ["clause", "contracts.0.owner.email"]
    assert found["items"][0]["source"]["is_award"] is True
    page = get(client, "/drafts", portfolio.officer, limit=1)
    assert get(client, "/drafts", portfolio.officer, cursor=page["next_cursor"])["items"][0]["id"] == first


def test_a_draft_says_what_its_source_says_in_the_language_asked_for(
    client: TestClient, portfolio: Portfolio, brought: Brought
) -> None:
    draft_id = brought(Notice())
    headers = portfolio.officer | {"Accept-Language": "en"}
    draft = get(client, f"/drafts/{draft_id}", headers)
    assert draft["found"][0] == {
        "code": "condition",
        "label": "Condition for carrying out the contract",
        "text": CONDITION,
        "contract": None,
        "values": {"text": CONDITION},
    }
    assert draft["procurement"]["clause"] is None
    assert draft["procurement"]["estimated_value_eur"] == "500000.00"


def test_a_completed_draft_is_registered_once(client: TestClient, portfolio: Portfolio, brought: Brought) -> None:
    draft_id = brought(award([Lot(won=[Won()])]))
    draft = get(client, f"/drafts/{draft_id}", portfolio.officer)
    body = body_of(draft, portfolio.division)
    answer = post(client, f"/drafts/{draft_id}/registration", body, portfolio.officer)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/procurements/{made['procurement_id']}"
    contract = get(client, f"/contracts/{made['contract_ids'][0]}", portfolio.officer)
    assert (contract["reference"], contract["value_eur"]) == ("S-2026-1", "480000.00")
    again = post(client, f"/drafts/{draft_id}/registration", body, portfolio.officer)
    assert refusal(again) == (409, "", "draft_decided")
    assert get(client, "/drafts", portfolio.officer)["items"] == []
    listed = get(client, "/drafts", portfolio.officer, status="registered")["items"]
    assert [one["procurement_id"] for one in listed] == [made["procurement_id"]]


def test_a_registration_that_is_wrong_is_refused_by_its_field_and_the_draft_waits(
    client: TestClient, portfolio: Portfolio, brought: Brought
) -> None:
    draft_id = brought(award([Lot(won=[Won()])]))
    body = body_of(get(client, f"/drafts/{draft_id}", portfolio.officer), portfolio.division)
    body["contracts"][0]["ends_on"] = "2026-02-28"
    answer = post(client, f"/drafts/{draft_id}/registration", body, portfolio.officer)
    assert refusal(answer) == (422, "contracts.0.ends_on", "ends_before_starts")
    answer = post(client, f"/drafts/{draft_id}/registration", {"contracts": []}, portfolio.officer)
    assert refusal(answer) == (422, "procurement", "missing_field")
    body["procurement"]["title"] = "131052-308T"
    answer = post(client, f"/drafts/{draft_id}/registration", body, portfolio.officer)
    assert answer.json()["errors"][0]["code"] == "identity_code"
    assert "131052" not in answer.text
    assert len(get(client, "/drafts", portfolio.officer)["items"]) == 1


def test_a_version_that_no_longer_holds_is_refused(client: TestClient, portfolio: Portfolio, brought: Brought) -> None:
    draft_id = brought(award([Lot(won=[Won()])]))
    answer = client.get(f"/api/v1/drafts/{draft_id}", headers=portfolio.officer)
    body = body_of(answer.json(), portfolio.division)
    brought(award([Lot(won=[Won()])], version="02"))
    stale = portfolio.officer | {"If-Match": answer.headers["etag"]}
    assert post(client, f"/drafts/{draft_id}/registration", body, stale).status_code == 412
    assert post(client, f"/drafts/{draft_id}/leave-out", None, stale).status_code == 412


def test_a_draft_is_left_out_once(client: TestClient, portfolio: Portfolio, brought: Brought) -> None:
    draft_id = brought(Notice())
    answer = post(client, f"/drafts/{draft_id}/leave-out", None, portfolio.officer)
    assert (answer.status_code, answer.json()["status"]) == (200, "left_out")
    assert refusal(post(client, f"/drafts/{draft_id}/leave-out", None, portfolio.officer))[2] == "draft_decided"
    assert [one["id"] for one in get(client, "/drafts", portfolio.officer, status="left_out")["items"]] == [draft_id]


def test_who_may_not_register_there_finds_no_draft(client: TestClient, portfolio: Portfolio, brought: Brought) -> None:
    draft_id = brought(Notice())
    for who in (portfolio.viewer, portfolio.liaison, portfolio.stranger):
        assert get(client, "/drafts", who)["items"] == []
        assert client.get(f"/api/v1/drafts/{draft_id}", headers=who).status_code == 404
        assert post(client, f"/drafts/{draft_id}/leave-out", None, who).status_code == 404
