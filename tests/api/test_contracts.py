"""Registering, changing, terminating and reading contracts through the API."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.storage import audit
from app.storage.models import AuditEntry, Owner
from app.storage.session import Database
from tests.conftest import SetClock
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.registering import (
    ABROAD,
    AWARD,
    CITY,
    FIXED_COUNT,
    OWNER,
    THRESHOLD,
    a_contract,
    a_procurement,
    contract_body,
    get,
    patch,
    post,
    refusal,
)

CONTACT = {"name": "Tiina", "email": "tiina@example.org", "phone": "+358 9 310 1641", "language": "sv"}


def test_a_registered_contract_answers_with_everything_it_was_given(client: TestClient, portfolio: Portfolio) -> None:
    procurement_id = a_procurement(client, portfolio)
    body = contract_body(
        procurement_id,
        unit_id=portfolio.office,
        supplier_contact=CONTACT,
        parties=[ABROAD | {"role": "member"}],
        counts_from="2018-02-15",
        options=[{"ends_on": "2021-02-28", "exercised_on": None}],
    )
    answer = post(client, "/contracts", body, portfolio.officer)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    read = answer.json()
    assert answer.headers["location"] == f"/api/v1/contracts/{read['id']}"
    same = ("procurement_id", "reference", "unit_id", "starts_on", "ends_on", "counts_from", "value_eur")
    assert {name: read[name] for name in same} == {name: body[name] for name in same}
    assert read["supplier_contact"] == CONTACT
    assert read["supplier"] | CITY | {"identifier_scheme": "FI-PRO", "identifier": "0201256-6"} == read["supplier"]
    assert read["parties"][0] | ABROAD | {"business_id": None, "role": "member"} == read["parties"][0]
    assert read["owner"] | OWNER == read["owner"]
    assert [(option["ends_on"], option["exercised_on"]) for option in read["options"]] == [("2021-02-28", None)]
    assert read["procurement"] == {
        "id": procurement_id,
        "reference": "HEL 2018-001234",
        "title": "Cleaning services 2018–2020",
        "clause_type": "fixed_count",
    }
    days = ("registered_on", "last_recorded_on", "terminated_on", "decided_on", "acknowledged_at", "snoozed_until")
    assert [read[name] for name in days] == ["2019-03-01", "2019-03-01", None, None, None, None]
    assert get(client, f"/contracts/{read['id']}", portfolio.viewer) == read


def test_a_new_contract_is_judged_at_once(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = a_contract(client, portfolio)
    assert get(client, f"/contracts/{contract_id}", portfolio.viewer)["obligation"] == {
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
        "next_change_on": "2019-03-02",
        "promised_min": 1,
        "promised_max": 1,
        "judged_on": "2019-03-01",
    }


def test_what_is_left_out_has_the_defaults(client: TestClient, portfolio: Portfolio) -> None:
    read = get(client, f"/contracts/{a_contract(client, portfolio)}", portfolio.viewer)
    assert read["unit_id"] == portfolio.division
    assert read["supplier_contact"] == {"name": None, "email": None, "phone": None, "language": "fi"}
    assert (read["parties"], read["options"], read["counts_from"], read["committed_positions"]) == ([], [], None, None)


def test_one_person_owns_by_one_address_whatever_its_capitals(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    a_contract(client, portfolio, owner={"email": "owner@example.org", "name": "Olli"})
    renamed = {"email": "Owner@Example.org", "name": "Olli Omistaja", "language": "sv"}
    a_contract(client, portfolio, owner=renamed)
    read = get(
        client, f"/contracts/{a_contract(client, portfolio, owner={'email': 'owner@example.org'})}", portfolio.viewer
    )
    assert read["owner"] | {"name": "Olli Omistaja", "email": "owner@example.org", "language": "sv"} == read["owner"]
    with database.reading() as session:
        assert len(session.scalars(select(Owner)).all()) == 1
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "owner")).all()
        assert actions == ["created", "changed"]
        assert audit.verify(session).broken_at is None


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"procurement_id": "0" * 32}, "procurement_id", "procurement_unknown"),
        ({"unit_id": "0" * 32}, "unit_id", "unit_unknown"),
        ({"reference": " "}, "reference", "too_short"),
        ({"supplier": {"business_id": "0201256-7"}}, "supplier.business_id", "business_id_invalid"),
        ({"supplier": {"business_id": "0112038-9"}}, "supplier.name", "supplier_name_required"),
        ({"parties": [{"business_id": "0112038-9", "role": "member"}]}, "parties.0.name", "supplier_name_required"),
        ({"parties": [ABROAD | {"role": "lead"}]}, "parties.0.role", "wrong_choice"),
        ({"supplier_contact": {"email": "tiina"}}, "supplier_contact.email", "not_email"),
        ({"supplier_contact": {"language": "de"}}, "supplier_contact.language", "language_unknown"),
        ({"ends_on": "2018-02-28"}, "ends_on", "ends_before_starts"),
        ({"counts_from": "2018-03-02"}, "counts_from", "counts_from_after_start"),
        ({"value_eur": "-1.00"}, "value_eur", "out_of_range"),
        ({"committed_positions": 2}, "committed_positions", "committed_positions_not_allowed"),
        ({"options": [{"ends_on": "2020-02-28"}]}, "options.0.ends_on", "option_not_after_end"),
        (
            {"options": [{"ends_on": "2021-02-28"}, {"ends_on": "2021-02-28"}]},
            "options.1.ends_on",
            "option_order",
        ),
        (
            {"options": [{"ends_on": "2021-02-28", "exercised_on": "2019-03-02"}]},
            "options.0.exercised_on",
            "exercised_after_today",
        ),
        (
            {"ends_on": "2019-01-31", "options": [{"ends_on": "2021-02-28", "exercised_on": "2019-02-01"}]},
            "options.0.exercised_on",
            "exercise_after_contract_end",
        ),
        ({"owner": {"email": "new@example.org"}}, "owner.name", "owner_unknown"),
        ({"owner": OWNER | {"email": "nobody"}}, "owner.email", "not_email"),
        ({"terminated_on": "2019-05-31"}, "terminated_on", "unknown_field"),
    ],
)
@on_one_database
def test_what_does_not_fit_is_refused_by_its_field(
    client: TestClient, portfolio: Portfolio, changes: dict[str, Any], field: str, code: str
) -> None:
    body = contract_body(a_procurement(client, portfolio)) | changes
    assert refusal(post(client, "/contracts", body, portfolio.officer)) == (422, field, code)
    assert get(client, "/contracts", portfolio.viewer)["items"] == []
    assert get(client, "/suppliers", portfolio.viewer)["items"] == []


@pytest.mark.parametrize("parties", [[CITY | {"role": "member"}], [ABROAD | {"role": "member"}] * 2])
def test_a_supplier_is_a_party_only_once(
    client: TestClient, portfolio: Portfolio, parties: list[dict[str, str]]
) -> None:
    body = contract_body(a_procurement(client, portfolio), parties=parties)
    answer = post(client, "/contracts", body, portfolio.officer)
    assert refusal(answer) == (422, f"parties.{len(parties) - 1}", "listed_twice")


def test_only_an_award_criterion_has_committed_positions(client: TestClient, portfolio: Portfolio) -> None:
    procurement_id = a_procurement(client, portfolio, clause=AWARD)
    missing = post(client, "/contracts", contract_body(procurement_id), portfolio.officer)
    assert refusal(missing) == (422, "committed_positions", "committed_positions_required")
    contract_id = a_contract(client, portfolio, procurement_id, committed_positions=0)
    assert get(client, f"/contracts/{contract_id}", portfolio.viewer)["obligation"]["status"] == "no_obligation"
    promised = patch(client, f"/contracts/{contract_id}", {"committed_positions": 2}, portfolio.officer)
    assert promised.json()["obligation"]["required"] == 2
    taken = patch(client, f"/contracts/{contract_id}", {"committed_positions": None}, portfolio.officer)
    assert refusal(taken) == (422, "committed_positions", "committed_positions_required")


def test_a_procurement_without_a_clause_has_no_contracts(client: TestClient, portfolio: Portfolio) -> None:
    procurement_id = a_procurement(client, portfolio, clause=None, no_clause_reason="Unsuitable")
    answer = post(client, "/contracts", contract_body(procurement_id), portfolio.officer)
    assert refusal(answer) == (409, "procurement_id", "no_clause")


def test_a_reference_is_taken_once_by_a_supplier_under_a_procurement(client: TestClient, portfolio: Portfolio) -> None:
    procurement_id = a_procurement(client, portfolio)
    a_contract(client, portfolio, procurement_id)
    again = post(client, "/contracts", contract_body(procurement_id), portfolio.officer)
    assert refusal(again) == (409, "reference", "reference_taken")
    other = a_contract(client, portfolio, procurement_id, reference="S-2")
    taken = patch(client, f"/contracts/{other}", {"reference": "S-2018-17"}, portfolio.officer)
    assert refusal(taken) == (409, "reference", "reference_taken")
    a_contract(client, portfolio, procurement_id, supplier=ABROAD)


def test_contracts_are_seen_within_ones_units_and_written_by_their_officers(
    client: TestClient, portfolio: Portfolio
) -> None:
    body = contract_body(a_procurement(client, portfolio))
    assert post(client, "/contracts", body, portfolio.liaison).status_code == 403
    unseen = post(client, "/contracts", body, portfolio.stranger)
    assert refusal(unseen) == (422, "procurement_id", "procurement_unknown")
    path = f"/contracts/{a_contract(client, portfolio)}"
    assert client.get(f"/api/v1{path}", headers=portfolio.stranger).status_code == 404
    assert client.get("/api/v1/contracts/nothing", headers=portfolio.officer).status_code == 404
    assert patch(client, path, {"reference": "S"}, portfolio.stranger).status_code == 404
    assert patch(client, path, {"reference": "S"}, portfolio.owner).status_code == 403
    assert get(client, "/contracts", portfolio.stranger)["items"] == []


@pytest.mark.parametrize("field", ["supplier", "procurement_id", "owner", "options", "obligation"])
@on_one_database
def test_supplier_procurement_and_owner_are_not_changed(client: TestClient, portfolio: Portfolio, field: str) -> None:
    path = f"/contracts/{a_contract(client, portfolio)}"
    assert refusal(patch(client, path, {field: None}, portfolio.officer)) == (422, field, "unknown_field")


def test_a_change_touches_only_what_was_sent_and_a_stale_one_is_refused(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    path = f"/contracts/{a_contract(client, portfolio, supplier_contact=CONTACT)}"
    before = get(client, path, portfolio.viewer)
    current = portfolio.officer | {"If-Match": '"1"'}
    clock.set(date(2019, 3, 5))
    changes = {"value_eur": "5.50", "counts_from": "2018-01-01", "supplier_contact": {"phone": None}}
    changed = patch(client, path, changes, current)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    expected = before | {"value_eur": "5.50", "counts_from": "2018-01-01", "last_recorded_on": "2019-03-05"}
    expected["supplier_contact"] = CONTACT | {"phone": None}
    ignored = {"obligation": None, "warnings": None}
    assert changed.json() | ignored == expected | ignored
    assert patch(client, path, {"reference": "S-2"}, current).status_code == 412
    emptied = patch(client, path, {"supplier_contact": None}, portfolio.officer).json()
    assert emptied["supplier_contact"] == {"name": None, "email": None, "phone": None, "language": "fi"}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"ends_on": "2018-02-28"}, "ends_on", "ends_before_starts"),
        ({"starts_on": "2020-03-01"}, "ends_on", "ends_before_starts"),
        ({"ends_on": "2021-02-28"}, "ends_on", "option_not_after_end"),
        ({"counts_from": "2018-03-02"}, "counts_from", "counts_from_after_start"),
        ({"starts_on": None}, "starts_on", "wrong_type"),
        ({"committed_positions": 1}, "committed_positions", "committed_positions_not_allowed"),
        ({"terminated_on": "2018-02-28"}, "terminated_on", "terminated_outside_period"),
        ({"terminated_on": "2021-03-01"}, "terminated_on", "terminated_outside_period"),
        ({"decided_on": "2019-02-01"}, "decided_on", "decided_without_termination"),
        ({"terminated_on": None, "decided_on": "2019-02-01"}, "decided_on", "decided_without_termination"),
        ({"terminated_on": "2019-05-31", "decided_on": "2019-03-02"}, "decided_on", "decided_after_today"),
        ({"terminated_on": "2019-01-31", "decided_on": "2019-02-01"}, "decided_on", "decided_after_termination"),
    ],
)
@on_one_database
def test_a_change_that_does_not_fit_what_is_kept_is_refused(
    client: TestClient, portfolio: Portfolio, changes: dict[str, Any], field: str, code: str
) -> None:
    path = f"/contracts/{a_contract(client, portfolio, options=[{'ends_on': '2021-02-28'}])}"
    assert refusal(patch(client, path, changes, portfolio.officer)) == (422, field, code)
    assert client.get(f"/api/v1{path}", headers=portfolio.viewer).headers["etag"] == '"1"'


def test_a_new_period_is_judged_at_once(client: TestClient, portfolio: Portfolio) -> None:
    path = f"/contracts/{a_contract(client, portfolio)}"
    changed = patch(client, path, {"starts_on": "2019-04-01", "ends_on": "2022-02-28"}, portfolio.officer).json()
    names = ("status", "effective_end_on", "latest_start_on")
    assert [changed["obligation"][name] for name in names] == ["not_started", "2022-02-28", "2021-06-01"]
    assert get(client, "/contracts", portfolio.viewer)["items"][0]["obligation"] == changed["obligation"]


def test_a_termination_counts_from_its_decision_and_can_be_taken_back(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    path = f"/contracts/{a_contract(client, portfolio)}"
    ended = patch(client, path, {"terminated_on": "2019-12-31"}, portfolio.officer).json()
    assert (ended["terminated_on"], ended["decided_on"]) == ("2019-12-31", "2019-03-01")
    assert ended["obligation"]["effective_end_on"] == "2019-12-31"
    clock.set(date(2019, 6, 1))
    sooner = patch(client, path, {"terminated_on": "2019-04-30"}, portfolio.officer).json()
    assert (sooner["terminated_on"], sooner["decided_on"]) == ("2019-04-30", "2019-03-01")
    corrected = patch(client, path, {"decided_on": "2019-02-01"}, portfolio.officer).json()
    assert (corrected["terminated_on"], corrected["decided_on"]) == ("2019-04-30", "2019-02-01")
    earliest = patch(client, path, {"terminated_on": "2019-01-31"}, portfolio.officer).json()
    assert (earliest["terminated_on"], earliest["decided_on"]) == ("2019-01-31", "2019-01-31")
    back = patch(client, path, {"terminated_on": None}, portfolio.officer).json()
    assert (back["terminated_on"], back["decided_on"]) == (None, None)
    assert back["obligation"]["effective_end_on"] == "2020-02-28"


def test_an_end_before_an_option_was_taken_is_refused(client: TestClient, portfolio: Portfolio) -> None:
    options = [{"ends_on": "2021-02-28", "exercised_on": "2019-02-01"}]
    path = f"/contracts/{a_contract(client, portfolio, options=options)}"
    shorter = patch(client, path, {"ends_on": "2019-01-31"}, portfolio.officer)
    assert refusal(shorter) == (422, "ends_on", "exercise_after_contract_end")
    ended = patch(client, path, {"terminated_on": "2019-01-31"}, portfolio.officer)
    assert refusal(ended) == (422, "terminated_on", "exercise_after_contract_end")
    later = patch(client, path, {"terminated_on": "2020-12-31"}, portfolio.officer)
    assert later.json()["obligation"]["effective_end_on"] == "2020-12-31"


def test_parties_are_replaced_as_a_whole_and_keep_their_ids(client: TestClient, portfolio: Portfolio) -> None:
    member = ABROAD | {"role": "member"}
    path = f"/contracts/{a_contract(client, portfolio, parties=[member])}"
    kept = get(client, path, portfolio.viewer)["parties"][0]
    subcontractor = {"business_id": "0112038-9", "name": "Nokia Oyj", "role": "subcontractor"}
    changed = patch(client, path, {"parties": [ABROAD | {"role": "subcontractor"}, subcontractor]}, portfolio.officer)
    assert changed.headers["etag"] == '"2"'
    assert changed.json()["parties"][0] == kept | {"role": "subcontractor"}
    position = {
        "starts_on": "2019-02-01",
        "employment_form": "employment",
        "target_group": "youth",
        "employer_party_id": kept["id"],
    }
    assert post(client, f"{path}/positions", position, portfolio.liaison).status_code == 201
    assert refusal(patch(client, path, {"parties": []}, portfolio.officer)) == (409, "parties", "has_positions")
    left = patch(client, path, {"parties": [member]}, portfolio.officer).json()["parties"]
    assert [(party["id"], party["role"]) for party in left] == [(kept["id"], "member")]


def test_a_contract_that_moves_is_seen_from_its_new_unit(client: TestClient, portfolio: Portfolio) -> None:
    procurement_id = a_procurement(client, portfolio, unit_id=portfolio.office)
    path = f"/contracts/{a_contract(client, portfolio, procurement_id)}"
    moved = patch(client, path, {"unit_id": portfolio.division}, portfolio.officer)
    assert (moved.status_code, moved.json()["unit_id"]) == (200, portfolio.division)
    assert len(get(client, "/contracts", portfolio.viewer, unit_id=portfolio.office)["items"]) == 1
    assert len(get(client, "/contracts", portfolio.viewer, unit_id=portfolio.division)["items"]) == 1
    outside = patch(client, path, {"unit_id": portfolio.other_root}, portfolio.officer)
    assert refusal(outside) == (422, "unit_id", "unit_unknown")


def codes(warnings: list[dict[str, str]]) -> list[str]:
    return [warning["code"] for warning in warnings]


def test_a_contract_of_eight_months_is_warned_of(client: TestClient, portfolio: Portfolio) -> None:
    body = contract_body(a_procurement(client, portfolio), ends_on="2018-10-31", value_eur="150000.00")
    english = portfolio.officer | {"Accept-Language": "en"}
    read = post(client, "/contracts", body, english).json()
    assert codes(read["warnings"]) == ["cannot_be_met_from_start", "heavy_for_value"]
    assert read["warnings"][0]["text"].startswith("The clause cannot be met during the contract")
    assert get(client, f"/contracts/{read['id']}", english)["warnings"] == read["warnings"]
    longer = patch(client, f"/contracts/{read['id']}", {"ends_on": "2019-01-31", "value_eur": None}, english).json()
    assert codes(longer["warnings"]) == ["leaves_little_time"]


def test_the_day_of_signing_decides_which_law_a_warning_goes_by(client: TestClient, portfolio: Portfolio) -> None:
    period = {"starts_on": "2024-10-01", "ends_on": "2026-09-30"}
    before = a_procurement(client, portfolio, signed_on="2024-08-15")
    contract_id = a_contract(client, portfolio, before, **period)
    assert get(client, f"/contracts/{contract_id}", portfolio.viewer)["warnings"] == []
    unsigned = a_contract(client, portfolio, a_procurement(client, portfolio, signed_on=None), **period)
    assert codes(get(client, f"/contracts/{unsigned}", portfolio.viewer)["warnings"]) == ["below_work_condition"]


def test_one_contract_is_judged_live_though_the_list_waits_for_the_check(
    client: TestClient, portfolio: Portfolio, clock: SetClock
) -> None:
    path = f"/contracts/{a_contract(client, portfolio)}"
    clock.set(date(2019, 6, 1))
    assert get(client, path, portfolio.viewer)["obligation"]["status"] == "cannot_be_met"
    stored = get(client, "/contracts", portfolio.viewer)["items"][0]["obligation"]
    assert (stored["status"], stored["judged_on"]) == ("open", "2019-03-01")


def test_the_same_registration_sent_twice_is_done_once(client: TestClient, portfolio: Portfolio) -> None:
    body = contract_body(a_procurement(client, portfolio))
    headers = portfolio.officer | {"Idempotency-Key": "once"}
    first, second = (post(client, "/contracts", body, headers) for _ in range(2))
    assert (first.status_code, first.json(), first.headers["etag"]) == (201, second.json(), second.headers["etag"])
    assert len(get(client, "/contracts", portfolio.viewer)["items"]) == 1


def test_a_threshold_promises_up_to_the_contracts_value(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = a_contract(client, portfolio, a_procurement(client, portfolio, clause=THRESHOLD))
    obligation = get(client, f"/contracts/{contract_id}", portfolio.viewer)["obligation"]
    assert [obligation[name] for name in ("status", "promised_min", "promised_max")] == ["no_obligation", 0, 2]
    fixed = FIXED_COUNT | {"positions": 3}
    contract_id = a_contract(client, portfolio, a_procurement(client, portfolio, clause=fixed))
    assert get(client, f"/contracts/{contract_id}", portfolio.viewer)["obligation"]["promised_max"] == 3
