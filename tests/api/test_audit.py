"""GET /audit: the trail with the filters of the page, for administrators of a whole organisation."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Text, cast, func

from app.services import audit
from app.storage import audit_entries, time_limits
from app.storage.session import is_sqlite
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.registering import get, patch

PATH = "/api/v1/audit"


@pytest.fixture
def contract_id(client: TestClient, portfolio: Portfolio) -> str:
    """A contract that was made longer twice, by two people."""
    made = portfolio.contract()
    for ends_on, who in (("2020-03-31", portfolio.officer), ("2020-04-30", portfolio.admin)):
        assert patch(client, f"/contracts/{made}", {"ends_on": ends_on}, who).status_code == 200
    return made


def test_a_link_tells_who_when_from_where_what_before_and_after(
    client: TestClient, portfolio: Portfolio, contract_id: str
) -> None:
    newest, first = get(client, "/audit", portfolio.admin, what="contract")["items"]
    assert (first["actor_name"], first["channel"]) == ("procurement_officer@example.org", "api")
    assert (first["subject"], first["subject_id"], first["action"]) == ("contract", contract_id, "changed")
    assert first["before"] == {"ends_on": "2020-02-28"}
    assert newest["before"] == {"ends_on": "2020-03-31"}
    assert newest["after"]["ends_on"] == "2020-04-30"
    assert newest["seq"] > first["seq"]
    assert not newest["erased"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("who=officer", 1),
        ("who=nobody", 0),
        ("thing=S-1", 2),
        ("thing=S-9", 0),
        ("what=contract", 2),
        ("what=sign_ins", 0),
        ("since=2000-01-01&until=2100-01-01", 2),
        ("since=2100-01-01", 0),
        ("person=Olli", 0),
    ],
)
def test_the_filters_of_the_page_are_those_of_the_api(
    client: TestClient, portfolio: Portfolio, contract_id: str, query: str, count: int
) -> None:
    assert len(get(client, "/audit", portfolio.admin, **dict(parse_qsl(query)))["items"]) == count


def test_it_comes_page_by_page(client: TestClient, portfolio: Portfolio, contract_id: str) -> None:
    first: Any = get(client, "/audit", portfolio.admin, limit=1)
    second: Any = get(client, "/audit", portfolio.admin, limit=1, cursor=first["next_cursor"])
    assert first["items"][0]["seq"] == second["items"][0]["seq"] + 1
    assert second["next_cursor"] is None


@pytest.mark.parametrize("who", ["officer", "liaison", "owner", "viewer", "reporter", "stranger"])
@on_one_database
def test_nobody_else_may_ask(client: TestClient, portfolio: Portfolio, contract_id: str, who: str) -> None:
    assert client.get(PATH, headers=portfolio.headers[who]).status_code == 403


@pytest.mark.parametrize("query", ["since=yesterday", "until=1.1.2020", "who=", "who=" + "x" * 201, "sort=seq"])
@on_one_database
def test_a_filter_that_makes_no_sense_is_refused(client: TestClient, portfolio: Portfolio, query: str) -> None:
    assert client.get(f"{PATH}?{query}", headers=portfolio.admin).status_code == 422


def test_a_search_that_takes_too_long_is_broken_off_and_says_so(
    client: TestClient, portfolio: Portfolio, contract_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trail of a hundred million links is not to be had here; one for which there is next to no time is."""
    monkeypatch.setattr(audit, "LONGEST_SECONDS", 0)
    monkeypatch.setattr(time_limits, "STEPS_BETWEEN_LOOKS", 1)
    with portfolio.database.reading() as session:
        if not is_sqlite(session):
            monkeypatch.setattr(audit, "LONGEST_SECONDS", 0.001)  # none at all is no limit there
            monkeypatch.setattr(audit_entries, "cast", lambda content, kind: cast(content, kind).concat(_SLOWLY))
    answer = client.get(PATH, params={"person": "Olli"}, headers=portfolio.admin)
    assert (answer.status_code, answer.json()["code"]) == (422, "search_takes_too_long")
    monkeypatch.undo()
    assert get(client, "/audit", portfolio.admin, what="contract")["items"]


_SLOWLY = func.coalesce(cast(func.pg_sleep(1), Text), "")
