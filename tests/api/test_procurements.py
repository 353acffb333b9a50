"""Registering procurements and changing their clause through the API."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.registering import (
    AWARD,
    FIXED_COUNT,
    THRESHOLD,
    a_contract,
    a_procurement,
    get,
    patch,
    post,
    procurement_body,
    refusal,
)

POSITION = {"starts_on": "2019-02-01", "employment_form": "internship", "target_group": "youth"}


def test_a_registered_procurement_answers_with_its_clause_and_the_defaults_of_the_city(
    client: TestClient, portfolio: Portfolio
) -> None:
    body = procurement_body(portfolio)
    answer = post(client, "/procurements", body, portfolio.officer)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    read = answer.json()
    assert answer.headers["location"] == f"/api/v1/procurements/{read['id']}"
    assert read["clause"] == {
        "min_duration_months": 9,
        "min_weekly_hours": None,
        "employment_forms": ["employment", "apprenticeship"],
        "target_groups": None,
        "replacement_allowed": True,
        "start_within_months": None,
        "replacement_within_months": 3,
        "type": "fixed_count",
        "positions": 1,
        "completion": "within_contract",
    }
    plain = body.keys() - {"clause"}
    assert {name: read[name] for name in plain} == {name: body[name] for name in plain}
    assert (read["no_clause_reason"], read["innovative_method"], read["notice_id"]) == (None, None, None)
    assert get(client, f"/procurements/{read['id']}", portfolio.viewer) == read


def test_the_months_may_follow_the_contract_by_default_only_under_a_threshold(
    client: TestClient, portfolio: Portfolio
) -> None:
    threshold = post(client, "/procurements", procurement_body(portfolio, clause=THRESHOLD), portfolio.officer).json()
    assert threshold["clause"] | {"completion": "may_follow_contract"} == threshold["clause"]
    terms = ("threshold_eur", "positions_per_threshold", "max_positions")
    assert [threshold["clause"][term] for term in terms] == ["500000.00", 1, None]
    award = post(client, "/procurements", procurement_body(portfolio, clause=AWARD), portfolio.officer).json()
    terms = ("completion", "points_per_position", "max_points")
    assert [award["clause"][term] for term in terms] == ["within_contract", "2.0", "10.0"]


def test_a_procurement_without_a_clause_says_why(client: TestClient, portfolio: Portfolio) -> None:
    body = procurement_body(portfolio, clause=None)
    assert refusal(post(client, "/procurements", body, portfolio.officer)) == (
        422,
        "no_clause_reason",
        "no_clause_reason_required",
    )
    reasoned = post(client, "/procurements", body | {"no_clause_reason": "A framework of two weeks"}, portfolio.officer)
    assert (reasoned.status_code, reasoned.json()["clause"]) == (201, None)
    both = post(client, "/procurements", procurement_body(portfolio, no_clause_reason="None"), portfolio.officer)
    assert refusal(both) == (422, "no_clause_reason", "clause_and_no_clause_reason")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"reference": ""}, "reference", "too_short"),
        ({"kind": "leases"}, "kind", "wrong_choice"),
        ({"estimated_value_eur": 1200000.5}, "estimated_value_eur", "float_money"),
        ({"estimated_value_eur": "-1.00"}, "estimated_value_eur", "out_of_range"),
        ({"signed_on": "15.2.2018"}, "signed_on", "not_a_date"),
        ({"unit_id": "0" * 32}, "unit_id", "unit_unknown"),
        ({"owner": "me"}, "owner", "unknown_field"),
        ({"clause": {"positions": 1}}, "clause.type", "missing_field"),
        ({"clause": {"type": "quota"}}, "clause.type", "wrong_choice"),
        ({"clause": {"type": "fixed_count"}}, "clause.positions", "missing_field"),
        ({"clause": FIXED_COUNT | {"positions": 0}}, "clause.positions", "out_of_range"),
        ({"clause": FIXED_COUNT | {"threshold_eur": "1.00"}}, "clause.threshold_eur", "unknown_field"),
        ({"clause": THRESHOLD | {"threshold_eur": "0.00"}}, "clause.threshold_eur", "threshold_not_positive"),
        ({"clause": THRESHOLD | {"positions_per_threshold": 0}}, "clause.positions_per_threshold", "out_of_range"),
        ({"clause": THRESHOLD | {"max_positions": 0}}, "clause.max_positions", "out_of_range"),
        ({"clause": AWARD | {"max_points": "1.50"}}, "clause.max_points", "out_of_range"),
        ({"clause": FIXED_COUNT | {"min_duration_months": 0}}, "clause.min_duration_months", "out_of_range"),
        ({"clause": FIXED_COUNT | {"min_duration_months": 61}}, "clause.min_duration_months", "out_of_range"),
        ({"clause": FIXED_COUNT | {"min_weekly_hours": "0"}}, "clause.min_weekly_hours", "out_of_range"),
        ({"clause": FIXED_COUNT | {"min_weekly_hours": "60.5"}}, "clause.min_weekly_hours", "out_of_range"),
        ({"clause": FIXED_COUNT | {"employment_forms": []}}, "clause.employment_forms", "missing_field"),
        ({"clause": FIXED_COUNT | {"target_groups": []}}, "clause.target_groups", "missing_field"),
        ({"clause": FIXED_COUNT | {"start_within_months": 0}}, "clause.start_within_months", "out_of_range"),
        ({"clause": FIXED_COUNT | {"replacement_allowed": "maybe"}}, "clause.replacement_allowed", "wrong_type"),
    ],
)
@on_one_database
def test_what_does_not_fit_is_refused_by_its_field(
    client: TestClient, portfolio: Portfolio, changes: dict[str, Any], field: str, code: str
) -> None:
    answer = post(client, "/procurements", procurement_body(portfolio, **changes), portfolio.officer)
    assert refusal(answer) == (422, field, code)


@pytest.mark.parametrize("terms", [{"employment_forms": ["employment"] * 2}, {"target_groups": ["youth", "youth"]}])
def test_nothing_is_listed_twice(client: TestClient, portfolio: Portfolio, terms: dict[str, Any]) -> None:
    answer = post(client, "/procurements", procurement_body(portfolio, clause=FIXED_COUNT | terms), portfolio.officer)
    assert refusal(answer) == (422, f"clause.{next(iter(terms))}", "listed_twice")


def test_only_officers_of_the_unit_register_and_change(client: TestClient, portfolio: Portfolio) -> None:
    body = procurement_body(portfolio)
    assert post(client, "/procurements", body, portfolio.viewer).status_code == 403
    assert refusal(post(client, "/procurements", body, portfolio.stranger)) == (422, "unit_id", "unit_unknown")
    path = f"/procurements/{a_procurement(client, portfolio)}"
    assert patch(client, path, {"title": "Other"}, portfolio.liaison).status_code == 403
    assert patch(client, path, {"title": "Other"}, portfolio.stranger).status_code == 404
    assert client.get(f"/api/v1{path}", headers=portfolio.stranger).status_code == 404
    assert get(client, "/procurements", portfolio.stranger)["items"] == []


def test_a_change_touches_only_what_was_sent_and_a_stale_one_is_refused(
    client: TestClient, portfolio: Portfolio
) -> None:
    path = f"/procurements/{a_procurement(client, portfolio)}"
    before = get(client, path, portfolio.officer)
    current = portfolio.officer | {"If-Match": '"1"'}
    changed = patch(client, path, {"title": "Cleaning", "estimated_value_eur": None}, current)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == before | {"title": "Cleaning", "estimated_value_eur": None}
    assert patch(client, path, {"clause": {"positions": 2}}, current).status_code == 412
    assert patch(client, path, {"clause": None}, current | {"If-Match": '"2"'}).status_code == 422


def test_a_changed_clause_judges_all_contracts_of_the_procurement_anew(
    client: TestClient, portfolio: Portfolio
) -> None:
    procurement_id = a_procurement(client, portfolio)
    ids = [a_contract(client, portfolio, procurement_id, reference=f"S-{number}") for number in (1, 2)]
    a_contract(client, portfolio, reference="Another")
    path = f"/procurements/{procurement_id}"
    changed = patch(client, path, {"clause": {"positions": 3, "min_weekly_hours": "18.5"}}, portfolio.officer)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["clause"] | {"positions": 3, "min_weekly_hours": "18.5"} == changed.json()["clause"]
    assert changed.json()["clause"]["min_duration_months"] == 9
    listed = get(client, "/contracts", portfolio.officer)["items"]
    required = {item["id"]: item["obligation"]["required"] for item in listed}
    assert sorted(required.values()) == [1, 3, 3]
    assert [required[contract_id] for contract_id in ids] == [3, 3]


def test_a_change_of_accepted_forms_changes_who_counts(client: TestClient, portfolio: Portfolio) -> None:
    procurement_id = a_procurement(client, portfolio)
    contract_id = a_contract(client, portfolio, procurement_id)
    position = post(client, f"/contracts/{contract_id}/positions", POSITION, portfolio.liaison).json()
    assert position["counts"] is False
    forms = {"clause": {"employment_forms": ["internship"], "replacement_allowed": False}}
    assert patch(client, f"/procurements/{procurement_id}", forms, portfolio.officer).status_code == 200
    assert get(client, f"/contracts/{contract_id}", portfolio.viewer)["obligation"]["covered"] == 1


def test_the_type_of_a_clause_is_fixed_once_it_has_contracts(client: TestClient, portfolio: Portfolio) -> None:
    procurement_id = a_procurement(client, portfolio)
    path = f"/procurements/{procurement_id}"
    assert patch(client, path, {"clause": THRESHOLD | {"max_positions": 4}}, portfolio.officer).status_code == 200
    incomplete = patch(client, path, {"clause": {"type": "fixed_count"}}, portfolio.officer)
    assert refusal(incomplete) == (422, "clause.positions", "missing_field")
    other_type = patch(client, path, {"clause": {"positions": 2}}, portfolio.officer)
    assert refusal(other_type) == (422, "clause.positions", "unknown_field")
    a_contract(client, portfolio, procurement_id)
    refused = patch(client, path, {"clause": FIXED_COUNT}, portfolio.officer)
    assert refusal(refused) == (409, "clause.type", "clause_in_use")
    none = {"clause": None, "no_clause_reason": "Not after all"}
    assert refusal(patch(client, path, none, portfolio.officer)) == (409, "clause", "clause_in_use")
    kept = get(client, path, portfolio.officer)["clause"]
    assert (kept["type"], kept["threshold_eur"], kept["max_positions"]) == ("purchase_threshold", "500000.00", 4)


def test_a_clause_without_contracts_can_be_taken_away_and_put_back(client: TestClient, portfolio: Portfolio) -> None:
    path = f"/procurements/{a_procurement(client, portfolio)}"
    assert refusal(patch(client, path, {"clause": None}, portfolio.officer))[1] == "no_clause_reason"
    none = {"clause": None, "no_clause_reason": "Not after all"}
    assert patch(client, path, none, portfolio.officer).json()["clause"] is None
    assert refusal(patch(client, path, {"clause": {"positions": 1}}, portfolio.officer))[1] == "clause.type"
    back = patch(client, path, {"clause": AWARD}, portfolio.officer).json()
    assert (back["clause"]["type"], back["no_clause_reason"]) == ("award_criterion", None)
    wrong = patch(client, path, {"clause": {"max_points": "1.0"}}, portfolio.officer)
    assert refusal(wrong) == (422, "clause.max_points", "out_of_range")


def test_a_procurement_that_moves_takes_its_contracts_into_the_view_of_its_new_unit(
    client: TestClient, portfolio: Portfolio
) -> None:
    procurement_id = a_procurement(client, portfolio)
    contract_id = a_contract(client, portfolio, procurement_id)
    assert get(client, "/contracts", portfolio.officer, unit_id=portfolio.office)["items"] == []
    path = f"/procurements/{procurement_id}"
    moved = patch(client, path, {"unit_id": portfolio.office}, portfolio.officer)
    assert (moved.status_code, moved.json()["unit_id"]) == (200, portfolio.office)
    found = get(client, "/contracts", portfolio.officer, unit_id=portfolio.office)["items"]
    assert [(item["id"], item["unit_id"]) for item in found] == [(contract_id, portfolio.division)]
    outside = patch(client, path, {"unit_id": portfolio.other_root}, portfolio.officer)
    assert refusal(outside) == (422, "unit_id", "unit_unknown")


def test_the_list_is_narrowed_by_unit_kind_programme_and_words(client: TestClient, portfolio: Portfolio) -> None:
    first = a_procurement(client, portfolio, title="Älykkäät työt", kind="works", unit_id=portfolio.office)
    second = a_procurement(client, portfolio, reference="HEL 2019-77", programme="Muu")

    def found(**query: str) -> list[str]:
        return [item["id"] for item in get(client, "/procurements", portfolio.viewer, **query)["items"]]

    assert found() == [second, first]
    assert found(sort="created") == [first, second]
    assert found(unit_id=portfolio.office) == [first]
    assert found(unit_id=portfolio.root) == [second, first]
    assert found(unit_id="0" * 32) == []
    assert found(kind="works") == [first]
    assert found(programme="Muu") == [second]
    assert found(q="äLYK") == [first]
    assert found(q="2019-77") == [second]
    assert found(q="100%") == []


def test_every_page_of_the_list_follows_where_the_one_before_ended(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    ids = {a_procurement(client, portfolio, signed_on=day) for day in ["2018-02-15", None, "2018-02-15", None, None]}
    for sort in ("signed_on", "-signed_on", "title", "-created"):
        seen: list[str] = []
        cursor = None
        while True:
            query = {"limit": "2", "sort": sort} | ({"cursor": cursor} if cursor else {})
            page = get(client, "/procurements", portfolio.viewer, **query)
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(seen) == 5
        assert set(seen) == ids
