"""Handing contracts over through the API."""

from datetime import UTC, datetime
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.storage import judgements
from app.storage.models import AuditEntry, Contract, Message, Owner, OwnershipChange, StoredJudgement, Told
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio

SUCCESSOR = {"name": "Sirpa Seuraaja", "email": "Successor@Example.org", "language": "sv"}


def address(contract_id: str) -> str:
    return f"/api/v1/contracts/{contract_id}/handover"


def hand_over(client: TestClient, portfolio: Portfolio, contract_id: str, who: str = "officer", **body: Any) -> Any:
    return client.post(address(contract_id), json={"owner": SUCCESSOR} | body, headers=getattr(portfolio, who))


def count(database: Database, table: type[Any]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_handover_changes_the_owner_and_is_listed(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    clock.set(clock.today.replace(day=20))
    answer = hand_over(client, portfolio, contract_id, note="The supplier is slow to answer.")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["from_owner"]["email"] == "owner@example.org"
    assert {name: body["to_owner"][name] for name in SUCCESSOR} == SUCCESSOR | {"email": "successor@example.org"}
    assert (body["changed_on"], body["note"]) == ("2019-03-20", "The supplier is slow to answer.")
    with database.reading() as session:
        contract = session.get_one(Contract, contract_id)
        assert contract.owner_id == body["to_owner"]["id"]
        assert contract.last_recorded_on == clock.today
        wanted = select(AuditEntry.action).where(AuditEntry.subject_id == body["id"])
        assert list(session.scalars(wanted)) == ["handed_over"]
    back = hand_over(client, portfolio, contract_id, owner={"email": "owner@example.org"})
    assert (back.status_code, back.json()["to_owner"]["name"]) == (201, "Olli Omistaja")
    listed = client.get(address(contract_id), headers=portfolio.viewer).json()
    assert listed == {"items": [back.json(), body], "next_cursor": None}
    page = client.get(address(contract_id), params={"limit": 1}, headers=portfolio.viewer).json()
    assert page["items"] == [back.json()]


def test_a_handover_queues_exactly_one_mail_to_the_new_owner_with_the_former_in_copy(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    change_id = hand_over(client, portfolio, contract_id).json()["id"]
    with database.reading() as session:
        message = session.scalars(select(Message)).one()
        told = session.scalars(select(Told)).one()
    assert (message.kind, message.status, message.attempts) == ("handover", "queued", 0)
    assert (message.to_email, message.to_name) == ("successor@example.org", "Sirpa Seuraaja")
    assert (message.copies, message.language) == (["owner@example.org"], "sv")
    assert message.next_attempt_at == clock.now
    assert (told.message_id, told.contract_id, told.kind, told.key) == (message.id, contract_id, "handover", change_id)


def test_two_handovers_of_one_day_are_told_each_in_a_mail_of_its_own(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    contracts = [portfolio.contract(), portfolio.contract()]
    for contract_id in contracts:
        assert hand_over(client, portfolio, contract_id).status_code == 201
    assert (count(database, Message), count(database, Told)) == (2, 2)


def test_a_handover_to_the_present_owner_is_refused_and_changes_nothing(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    owner = {"name": "Another Name", "email": "OWNER@example.org", "language": "sv"}
    answer = hand_over(client, portfolio, portfolio.contract(), owner=owner)
    assert (answer.status_code, answer.json()["code"]) == (409, "handover_same_owner")
    assert (count(database, Message), count(database, Told), count(database, OwnershipChange)) == (0, 0, 0)
    with database.reading() as session:
        assert list(session.scalars(select(Owner.name))) == ["Olli Omistaja"]


def test_a_snooze_and_an_acknowledgement_end_with_the_handover(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    contract_id = portfolio.contract()
    muted = {"acknowledged_at": datetime(2019, 2, 1, tzinfo=UTC), "snoozed_until": clock.today.replace(month=5)}
    with database.writing() as session:
        judgements.change(session, contract_id, muted | {"recheck_on": None})
    hand_over(client, portfolio, contract_id)
    with database.reading() as session:
        row = session.get_one(StoredJudgement, contract_id)
        assert (row.acknowledged_at, row.snoozed_until, row.recheck_on) == (None, None, clock.today)


def test_a_new_owner_without_a_name_is_refused(client: TestClient, portfolio: Portfolio, database: Database) -> None:
    answer = hand_over(client, portfolio, portfolio.contract(), owner={"email": "successor@example.org"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "owner.name"
    broken = hand_over(client, portfolio, portfolio.contract(), owner={"name": "X", "email": "nobody"})
    assert broken.json()["errors"][0]["field"] == "owner.email"
    assert count(database, OwnershipChange) == 0


def test_owners_hand_over_their_own_contracts_and_others_do_not(client: TestClient, portfolio: Portfolio) -> None:
    contract_id = portfolio.contract()
    for who, code in (("other_owner", 403), ("liaison", 403), ("viewer", 403), ("stranger", 404)):
        assert hand_over(client, portfolio, contract_id, who).status_code == code
    assert hand_over(client, portfolio, contract_id, "owner").status_code == 201
    assert hand_over(client, portfolio, contract_id, "owner").status_code == 403
    assert client.get(address(contract_id), headers=portfolio.stranger).status_code == 404


def test_a_handover_asked_for_twice_is_done_once(client: TestClient, portfolio: Portfolio, database: Database) -> None:
    contract_id = portfolio.contract()
    codes = [hand_over(client, portfolio, contract_id).status_code for _ in range(2)]
    assert codes == [201, 409]
    assert count(database, Message) == 1
