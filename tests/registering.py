"""Registers procurements and contracts through the API, with the bodies of the interface."""

from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.portfolio import Headers, Portfolio

FIXED_COUNT = {"type": "fixed_count", "positions": 1}
THRESHOLD = {"type": "purchase_threshold", "threshold_eur": "500000.00"}
AWARD = {"type": "award_criterion", "points_per_position": "2.0", "max_points": "10.0"}
CITY = {"business_id": "0201256-6", "name": "City of Helsinki"}
ABROAD = {"identifier_scheme": "SE-ON", "identifier": "2120000142", "name": "Stockholms stad"}
OWNER = {"name": "Olli Omistaja", "email": "owner@example.org", "language": "fi"}


def procurement_body(portfolio: Portfolio, **changes: Any) -> dict[str, Any]:
    return {
        "reference": "HEL 2018-001234",
        "title": "Cleaning services 2018–2020",
        "unit_id": portfolio.division,
        "kind": "services",
        "estimated_value_eur": "1200000.00",
        "signed_on": "2018-02-15",
        "programme": "SIEPP",
        "procedure": "open",
        "clause": FIXED_COUNT,
    } | changes


def contract_body(procurement_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "procurement_id": procurement_id,
        "reference": "S-2018-17",
        "supplier": CITY,
        "starts_on": "2018-03-01",
        "ends_on": "2020-02-28",
        "value_eur": "1200000.00",
        "owner": OWNER,
    } | changes


def post(client: TestClient, path: str, body: Any, headers: Headers) -> Response:
    return client.post(f"/api/v1{path}", json=body, headers=headers)


def patch(client: TestClient, path: str, body: Any, headers: Headers) -> Response:
    return client.patch(f"/api/v1{path}", json=body, headers=headers)


def get(client: TestClient, path: str, headers: Headers, **query: Any) -> Any:
    answer = client.get(f"/api/v1{path}", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def a_procurement(client: TestClient, portfolio: Portfolio, **changes: Any) -> str:
    answer = post(client, "/procurements", procurement_body(portfolio, **changes), portfolio.officer)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def a_contract(client: TestClient, portfolio: Portfolio, procurement_id: str = "", **changes: Any) -> str:
    """Id of the worked examples' contract, or with changes; under a procurement of its own unless one is named."""
    body = contract_body(procurement_id or a_procurement(client, portfolio), **changes)
    answer = post(client, "/contracts", body, portfolio.officer)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def refusal(answer: Response) -> tuple[int, str, str]:
    """Status, and field and code of the first error."""
    problem = answer.json()
    first = problem.get("errors", [{"field": "", "code": problem["code"]}])[0]
    return answer.status_code, first["field"], first["code"]
