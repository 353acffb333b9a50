"""The page of the audit trail: who may search it, what is found, and what an entry shows."""

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Text, cast, delete, func, select, update

from app.language import audit as words
from app.language.formats import day
from app.rules.errors import RuleBroken
from app.services import audit, trail
from app.services.acting import Channel, Where
from app.services.audit import GROUPS
from app.services.signing_in import sign_in_with_password
from app.storage import audit_entries, time_limits
from app.storage.fingerprints import fingerprint
from app.storage.models import AuditEntry, AuditPayload, Contract, Grant, Table, User
from app.storage.session import Database, is_sqlite
from tests.one_database import on_one_database
from tests.portfolio import Portfolio
from tests.registering import patch
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
CONTACT = {"name": "Kaisa Kontakti", "email": "kaisa@example.org", "phone": "+358 40 123", "language": "fi"}


@pytest.fixture
def contract_id(client: TestClient, portfolio: Portfolio) -> str:
    """A contract that an officer gave a longer period and another contact."""
    made = portfolio.contract()
    body = {"ends_on": "2020-03-31", "supplier_contact": CONTACT}
    assert patch(client, f"/contracts/{made}", body, portfolio.officer).status_code == 200
    return made


def rows(browser: SignedInBrowser, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/audit.csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def told(browser: SignedInBrowser, query: str = "") -> set[str]:
    """What was done, without the taking of the file itself."""
    return {row["What was done"] for row in rows(browser, query)} - {"Audit trail: taken out as a file"}


def test_an_administrator_of_the_organisation_sees_who_changed_what_from_where(
    browser_of: BrowserOf, contract_id: str
) -> None:
    page = browser_of("admin").get(f"/audit?thing={contract_id}").text
    assert "Contract changed" in page
    assert "procurement_officer@example.org" in page
    assert "the API" in page
    assert f"<del>{day(date(2020, 2, 28), 'en')}</del>" in page
    assert f"<ins>{day(date(2020, 3, 31), 'en')}</ins>" in page


def test_people_show_by_the_first_signs_of_their_fingerprints(
    browser_of: BrowserOf, contract_id: str, database: Database
) -> None:
    page = browser_of("admin").get("/audit").text
    assert "Kaisa" not in page
    assert "kaisa@example.org" not in page
    with database.reading() as session:
        known = fingerprint(session, "Kaisa Kontakti").removeprefix("hmac:")[:8]
    assert f"a person (fingerprint {known})" in page


@pytest.mark.parametrize("who", ["officer", "liaison", "owner", "viewer", "reporter", "stranger"])
@pytest.mark.parametrize("path", ["/audit", "/audit?since=never", "/audit.csv", "/audit.xlsx"])
@on_one_database
def test_nobody_else_sees_it(browser_of: BrowserOf, contract_id: str, who: str, path: str) -> None:
    browser = browser_of(who)
    assert browser.get(path).status_code == 403
    assert 'href="/audit"' not in browser.get("/account").text


def test_an_administrator_of_a_unit_below_does_not_see_it(
    browser_of: BrowserOf, portfolio: Portfolio, contract_id: str, database: Database
) -> None:
    with database.writing() as session:
        user_id = session.scalars(select(User.id).where(User.email == "admin@example.org")).one()
        session.execute(update(Grant).where(Grant.user_id == user_id).values(unit_id=portfolio.division))
    assert browser_of("admin").get("/audit").status_code == 403


def test_an_administrator_of_another_organisation_sees_nothing_of_this_one(
    browser_of: BrowserOf, portfolio: Portfolio, contract_id: str, database: Database
) -> None:
    with database.writing() as session:
        user_id = session.scalars(select(User.id).where(User.email == "stranger@example.org")).one()
        session.execute(update(Grant).where(Grant.user_id == user_id).values(role="admin"))
    stranger = browser_of("stranger")
    for query in (
        "",
        f"?thing={contract_id}",
        "?thing=S-1",
        "?who=officer",
        "?what=contract",
        "?person=Kaisa Kontakti",
    ):
        assert "Contract changed" not in stranger.get(f"/audit{query}").text, query
    assert told(stranger) == {"User: signed in"}


def test_what_belongs_to_no_organisation_is_shown_to_none(
    browser_of: BrowserOf, portfolio: Portfolio, database: Database
) -> None:
    with database.writing() as session:
        trail.record(session, portfolio.act(), "checked", "job_run", "0" * 32, {})
    assert told(browser_of("admin")) == {"User: signed in"}


FILTERS: list[tuple[str, set[str]]] = [
    ("", {"User: signed in", "Contract changed"}),
    ("?who=OFFICER", {"Contract changed"}),
    ("?who=nobody", set()),
    ("?what=sign_ins", {"User: signed in"}),
    ("?what=exports", set()),
    ("?what=contract", {"Contract changed"}),
    ("?what=position", set()),
    ("?thing=S-1", {"Contract changed"}),
    ("?thing=S-2", set()),
    ("?thing=admin@EXAMPLE.org", {"User: signed in"}),
    ("?person=KAISA@example.org", {"Contract changed"}),
    ("?person=Kaisa Kontakti", {"Contract changed"}),
    ("?person=Kaisa", set()),
    ("?who=officer&what=contract&thing=S-1", {"Contract changed"}),
]


@pytest.mark.parametrize(("query", "wanted"), FILTERS)
def test_the_trail_is_narrowed(browser_of: BrowserOf, contract_id: str, query: str, wanted: set[str]) -> None:
    assert told(browser_of("admin"), query) == wanted


@pytest.mark.parametrize(("query", "wanted"), FILTERS)
def test_many_people_or_things_are_found_as_few_are(
    browser_of: BrowserOf, contract_id: str, query: str, wanted: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_entries, "FEW", 0)
    assert told(browser_of("admin"), query) == wanted


def test_days_are_the_citys_both_included(
    browser_of: BrowserOf, portfolio: Portfolio, contract_id: str, database: Database
) -> None:
    admin, today = browser_of("admin"), portfolio.act().today.isoformat()
    assert "Contract changed" in told(admin, f"?since={today}&until={today}")
    assert told(admin, f"?until={portfolio.act().today.replace(year=2000).isoformat()}") == set()
    assert told(admin, f"?since={portfolio.act().today.replace(year=2100).isoformat()}") == set()


@pytest.mark.parametrize("query", ["since=yesterday", "until=32.1.2020", "who=" + "x" * 201])
@on_one_database
def test_a_filter_that_makes_no_sense_is_said_to_be_so(browser_of: BrowserOf, contract_id: str, query: str) -> None:
    answer = browser_of("admin").get(f"/audit?{query}")
    assert answer.status_code == 422
    assert "Contract changed" not in answer.text
    taken = browser_of("admin").get(f"/audit.csv?{query}")
    assert (taken.status_code, taken.headers["location"]) == (303, f"/audit?{query}")


def test_a_long_trail_comes_page_by_page(browser_of: BrowserOf, portfolio: Portfolio, database: Database) -> None:
    contract = portfolio.contract()
    with database.reading() as session:
        row: Contract = session.get_one(Contract, contract)
    act = portfolio.act()
    for number in range(5):
        with database.writing() as session:
            trail.record(session, act, "changed", "contract", row.id, {"value_cents": number * 100})
    admin, path, seen = browser_of("admin"), "/audit?what=contract&limit=2", []
    while path:
        page = admin.get(path).text
        seen += [int(part.partition('"')[0]) for part in page.split('id="entry-')[1:]]
        _, found, after = page.partition('href="/audit?what=contract&amp;cursor=')
        path = f"/audit?what=contract&limit=2&cursor={after.partition(chr(34))[0]}" if found else ""
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 5


def test_a_file_has_the_whole_trail_however_many_chunks(
    browser_of: BrowserOf, contract_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = browser_of("admin")
    whole = rows(admin)
    monkeypatch.setattr(audit, "CHUNK", 1)
    own = [row for row in rows(admin) if row["What was done"] != "Audit trail: taken out as a file"]
    assert own == whole


def test_erased_content_is_said_to_be_erased(browser_of: BrowserOf, contract_id: str, database: Database) -> None:
    admin = browser_of("admin")
    with database.writing() as session:
        seqs = select(AuditEntry.seq).where(AuditEntry.subject_id == contract_id)
        session.execute(delete(AuditPayload).where(AuditPayload.seq.in_(seqs)))
    assert "The content was erased when its time was up." in admin.get(f"/audit?thing={contract_id}").text
    assert rows(admin, f"?thing={contract_id}")[0]["After"] == "The content was erased when its time was up."


def test_taking_the_trail_out_is_told_in_it_without_whom_was_looked_for(
    browser_of: BrowserOf, contract_id: str, database: Database
) -> None:
    asked = {"who": "officer", "person": "Kaisa Kontakti", "thing": "owner@example.org"}
    rows(browser_of("admin"), f"?{urlencode(asked)}&what=contract")
    with database.reading() as session:
        last: Any = session.scalars(select(AuditPayload).order_by(AuditPayload.seq.desc())).first()
        wanted = {name: fingerprint(session, value) for name, value in asked.items()}
    assert last.payload["wanted"] == wanted | {"what": "contract"}


def test_a_failed_sign_in_stands_in_the_trail_with_its_address(
    browser_of: BrowserOf, portfolio: Portfolio, database: Database
) -> None:
    with pytest.raises(RuleBroken):
        sign_in_with_password(
            database, "viewer@example.org", "wrong", portfolio.clock(), Where(Channel.WEB, "2001:db8::7")
        )
    page = browser_of("admin").get("/audit?what=sign_ins&thing=viewer@example.org").text
    assert "User: sign-in failed" in page
    assert "someone who tried to sign in" in page
    assert "2001:db8::7" in page


# --- Words


def test_every_channel_and_group_has_its_word() -> None:
    assert set(words.CHANNELS) == set(Channel)
    assert set(words.GROUPS) == set(GROUPS)


def test_every_kind_of_thing_is_a_table_or_told_of_by_its_own_name() -> None:
    own = {"backup", "report", "question"}
    assert set(words.SUBJECTS) - own <= {table.name for table in Table.metadata.sorted_tables}


def test_a_search_that_takes_too_long_says_so_on_a_page(
    browser_of: BrowserOf, portfolio: Portfolio, contract_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the transaction is of no use any more: the page of the error asks nothing of it."""
    assert contract_id
    monkeypatch.setattr(audit, "LONGEST_SECONDS", 0)
    monkeypatch.setattr(time_limits, "STEPS_BETWEEN_LOOKS", 1)
    with portfolio.database.reading() as session:
        if not is_sqlite(session):
            monkeypatch.setattr(audit, "LONGEST_SECONDS", 0.001)  # none at all is no limit there
            slowly = func.coalesce(cast(func.pg_sleep(1), Text), "")
            monkeypatch.setattr(audit_entries, "cast", lambda content, kind: cast(content, kind).concat(slowly))
    browser = browser_of("admin")
    answer = browser.get("/audit?person=Olli")
    assert (answer.status_code, "Narrow it" in answer.text) == (422, True)
    monkeypatch.undo()
    assert browser.get("/audit").status_code == 200
