"""The page behind a mail's link."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from app.config import Settings
from app.services.links import VALID_SECONDS, OwnerLink, sign
from app.storage.models import AuditEntry, Contract, Owner, StoredJudgement
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the page does is done alike on both: tests/api/test_obligations.py, test_worked_examples.py."""
    return sqlite_url


@pytest.fixture
def contract_id(portfolio: Portfolio, clock: SetClock) -> str:
    clock.set(date(2019, 3, 2))
    return portfolio.contract()


@pytest.fixture
def path(contract_id: str, database: Database, settings: Settings) -> str:
    return f"/owner/{sign(settings.secret_key, OwnerLink(contract_id, owner_of(database, contract_id)))}"


def owner_of(database: Database, contract_id: str) -> str:
    with database.reading() as session:
        return session.get_one(Contract, contract_id).owner_id


def stored(database: Database) -> StoredJudgement:
    with database.reading() as session:
        return session.scalars(select(StoredJudgement)).one()


def test_looking_changes_nothing(client: TestClient, path: str, database: Database) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "31.5.2019" in page.text.replace("\u00a0", " ")
    assert stored(database).acknowledged_at is None


def test_acknowledging_is_kept_and_told(client: TestClient, path: str, database: Database) -> None:
    page = client.post(f"{path}/acknowledgement")
    assert "Kuittauksesi on kirjattu" in page.text
    assert stored(database).acknowledged_at is not None
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()[-1] == "acknowledged"


def test_snoozing_until_a_day_is_kept(client: TestClient, path: str, database: Database) -> None:
    page = client.post(f"{path}/snooze", data={"until": "2019-04-15"})
    assert "15.4.2019" in page.text
    assert stored(database).snoozed_until == date(2019, 4, 15)


@pytest.mark.parametrize("until", ["", "2019-06-01", "2019-03-02", "x" * 20, "2019-02-30"])
def test_a_day_that_does_not_fit_brings_the_page_back_with_the_reason(
    client: TestClient, path: str, database: Database, until: str
) -> None:
    page = client.post(f"{path}/snooze", data={"until": until})
    assert page.status_code == 422
    assert re.search(r'class="error" id="until-error">[^<]+<', page.text)
    assert stored(database).snoozed_until is None


def test_a_link_that_only_shows_cannot_act(
    client: TestClient, contract_id: str, database: Database, settings: Settings
) -> None:
    link = OwnerLink(contract_id, owner_of(database, contract_id), act=False)
    path = f"/owner/{sign(settings.secret_key, link)}"
    assert "<form" not in client.get(path).text
    assert client.post(f"{path}/acknowledgement").status_code == 404
    assert stored(database).acknowledged_at is None


def test_a_link_ends_with_the_ownership(client: TestClient, path: str, contract_id: str, portfolio: Portfolio) -> None:
    new = {"owner": {"name": "Ulla Uusi", "email": "ulla@example.org", "language": "fi"}, "note": None}
    url = f"/api/v1/contracts/{contract_id}/handover"
    assert client.post(url, json=new, headers=portfolio.officer).status_code in {200, 201}
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(("left_on", "status"), [(date(2019, 3, 3), 200), (date(2019, 3, 2), 404), (None, 200)])
def test_a_link_of_an_owner_who_has_left_opens_nothing(
    client: TestClient, path: str, database: Database, left_on: date | None, status: int
) -> None:
    with database.writing() as session:
        session.execute(update(Owner).values(left_on=left_on))
    assert client.get(path).status_code == status
    assert client.post(f"{path}/acknowledgement").status_code == status
    assert (stored(database).acknowledged_at is None) is (status == 404)


def test_whoever_stands_in_for_an_owner_who_has_left_sees_what_the_mail_told(
    client: TestClient, contract_id: str, database: Database, settings: Settings
) -> None:
    link = OwnerLink(contract_id, owner_of(database, contract_id), act=False)
    with database.writing() as session:
        session.execute(update(Owner).values(left_on=date(2019, 3, 2)))
    assert client.get(f"/owner/{sign(settings.secret_key, link)}").status_code == 200


def test_a_link_expires_after_its_sixty_days(client: TestClient, path: str) -> None:
    now = datetime.now(UTC)  # the signature carries the machine's own time
    with time_machine.travel(now + timedelta(seconds=VALID_SECONDS - 60), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(now + timedelta(seconds=VALID_SECONDS + 60), tick=False):
        assert client.get(path).status_code == 410


@pytest.mark.parametrize("token", ["x", "a.b.c", "0" * 500, "é"])
def test_a_link_nobody_signed_leads_nowhere(client: TestClient, token: str) -> None:
    page = client.get(f"/owner/{token}")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert client.post(f"/owner/{token}/acknowledgement").status_code == 404
