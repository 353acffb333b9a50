"""Every list as CSV and XLSX: what the list has, for whoever sees the list, and nothing of anyone else."""

import csv
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select

from app.jobs import daily_check
from app.language.catalogues import SUPPORTED
from app.services import list_exports
from app.storage.models import AuditEntry, AuditPayload, Grant, Purchase, User, new_id
from app.storage.session import Database
from app.web.exports.lists import LISTS, OF_ONE_CONTRACT
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.registering import post
from tests.web.signed_in import SignedInBrowser

BrowserOf = Callable[[str], SignedInBrowser]
JOB = {
    "starts_on": "2018-06-01",
    "employment_form": "employment",
    "target_group": "youth",
    "weekly_hours": "37.50",
    "channel": "team",
}
EVERY = [path.format(contract_id="{0}") for path in (*LISTS, *OF_ONE_CONTRACT)]


class City:
    """A contract under a threshold with two jobs and two purchases, one of the office below with a job, one of another
    city with both, and one that lacks someone."""

    def __init__(self, client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock) -> None:
        self.client, self.portfolio, self.clock = client, portfolio, clock
        threshold = {"type": "purchase_threshold", "positions": None, "threshold_cents": 10_000_000}
        threshold |= {"positions_per_threshold": 1, "starts_on": date(2018, 3, 1)}
        self.contract = portfolio.contract(**threshold)
        self.below = portfolio.contract(unit_id=portfolio.office)
        self.elsewhere = portfolio.contract(unit_id=portfolio.other_root, **threshold)
        portfolio.contract(supplier_contact_name="@Kaisa")
        clock.set(date(2019, 3, 2))
        first = self.job(self.contract, ended_on="2018-08-31", end_reason="resigned")
        self.job(self.contract, starts_on="2018-10-01", replaces_id=first, weekly_hours=None)
        self.job(self.below, target_group="immigrant")
        self.buy("2018-05-01", "125000.55", "-25 %", self.contract)
        self.buy("2019-01-15", "-1000.00", None, self.contract)
        stranger = portfolio.stranger
        post(client, f"/contracts/{self.elsewhere}/positions", JOB, portfolio.admin)
        post(
            client, f"/contracts/{self.elsewhere}/purchases", {"on_date": "2018-05-02", "amount_eur": "7.00"}, stranger
        )
        daily_check.run_check(database, clock.today, clock)

    def job(self, contract_id: str, **changes: Any) -> str:
        end = {name: changes.pop(name) for name in ("ended_on", "end_reason") if name in changes}
        body = {name: value for name, value in (JOB | changes).items() if value is not None}
        made = post(self.client, f"/contracts/{contract_id}/positions", body, self.portfolio.liaison)
        assert made.status_code == 201, made.text
        if end:
            path = f"/api/v1/positions/{made.json()['id']}"
            assert self.client.patch(path, json=end, headers=self.portfolio.liaison).status_code == 200
        return str(made.json()["id"])

    def buy(self, on: str, euros: str, reference: str | None, contract_id: str) -> None:
        body = {"on_date": on, "amount_eur": euros, "reference": reference}
        made = post(self.client, f"/contracts/{contract_id}/purchases", body, self.portfolio.officer)
        assert made.status_code == 201, made.text


@pytest.fixture
def city(client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock) -> City:
    return City(client, portfolio, database, clock)


def csv_of(browser: SignedInBrowser, path: str) -> list[dict[str, str]]:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.text)
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


def xlsx_of(browser: SignedInBrowser, path: str) -> list[dict[str, Any]]:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.text)
    with closing(CalamineWorkbook.from_filelike(BytesIO(answer.content))) as book:
        header, *rows = book.get_sheet_by_index(0).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


def limited_to(portfolio: Portfolio, email: str, unit_id: str) -> None:
    """Lets a user see one unit and what lies below it, instead of the whole city."""
    with portfolio.database.writing() as session:
        user_id = session.scalars(select(User.id).where(User.email == email)).one()
        grant = session.scalars(select(Grant).where(Grant.user_id == user_id)).one()
        grant.unit_id = unit_id


def test_jobs_have_their_contract_their_days_and_whether_they_count(city: City, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    one, two, other = csv_of(viewer, "/positions.csv?sort=reference")
    assert (one["Contract number"], one["Supplier"], one["Unit"]) == (
        "S-1",
        "Toimittaja 1 Oy",
        "Kaupunkiympäristön toimiala",
    )
    assert (one["Form of employment"], one["Target group"]) == ("employment", "young person starting a career")
    assert (one["First day"], one["Ended on"], one["Why it ended"]) == ("2018-06-01", "2018-08-31", "resigned")
    assert (one["Hours a week"], two["Hours a week"]) == ("37,5", "")
    assert (two["Continues the job that began on"], two["Counts"]) == ("2018-06-01", "yes")
    assert (other["Contract number"], other["Employed by"]) == ("S-2", "the supplier")
    as_sheet = xlsx_of(viewer, "/positions.xlsx?sort=reference")
    assert [row["First day"] for row in as_sheet] == [date(2018, 6, 1), date(2018, 10, 1), date(2018, 6, 1)]
    assert as_sheet[0]["Hours a week"] == 37.5


def test_purchases_are_exact_credit_notes_are_numbers_and_references_texts(city: City, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    bought, credited = csv_of(viewer, "/purchases.csv")
    assert (bought["Sum in euros without VAT"], bought["Reference"], bought["Counts"]) == ("125000,55", "'-25 %", "yes")
    assert (credited["Sum in euros without VAT"], credited["Reference"]) == ("-1000,00", "")
    sheet = xlsx_of(viewer, "/purchases.xlsx")
    assert [row["Sum in euros without VAT"] for row in sheet] == [125000.55, -1000]
    assert [row["Day"] for row in sheet] == [date(2018, 5, 1), date(2019, 1, 15)]
    assert sheet[0]["Reference"] == "-25 %"


def test_of_one_contract_there_are_its_own_rows_only(city: City, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    assert len(csv_of(viewer, f"/contracts/{city.contract}/positions.csv")) == 2
    assert len(csv_of(viewer, f"/contracts/{city.contract}/purchases.csv")) == 2
    assert csv_of(viewer, f"/contracts/{city.below}/purchases.csv") == []


def test_the_history_says_what_was_said_and_the_changes_who_did_what(city: City, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    said = xlsx_of(viewer, f"/contracts/{city.contract}/history.xlsx")
    assert (said[0]["Status"], said[-1]["Required"]) == ("no obligation", 1)
    assert said[0]["Recorded at"] == datetime.combine(date(2019, 3, 1), datetime.min.time().replace(hour=9))
    changed = csv_of(viewer, f"/contracts/{city.contract}/changes.csv")
    assert {row["What was done"] for row in changed} >= {"Position logged", "Position changed", "Purchase added"}
    ended = next(row for row in changed if row["Field"] == "ended")
    assert (ended["Before"], ended["After"].split(), ended["Moment"]) == (
        "empty",
        ["31", "August", "2018"],
        "2019-03-02 09:00",
    )


def test_procurements_and_suppliers_of_the_city_are_there(city: City, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    _, below, first = csv_of(viewer, "/procurements.csv")
    assert (first["Reference"], first["Clause type"]) == ("HEL 1", "purchase threshold")
    assert first["Purchase threshold in euros"] == "100000,00"
    assert (below["Positions required"], below["Accepted forms of employment"]) == ("1", "employment, apprenticeship")
    suppliers = [row["Supplier"] for row in csv_of(viewer, "/suppliers.csv")]
    assert suppliers == ["Toimittaja 1 Oy", "Toimittaja 2 Oy", "Toimittaja 4 Oy"]
    assert [row["Reference"] for row in csv_of(viewer, "/procurements.csv?q=HEL+2")] == ["HEL 2"]


def test_people_wanted_and_messages_are_there_with_whom_they_concern(city: City, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    (wanted,) = csv_of(viewer, "/people-wanted.csv")
    assert (wanted["Contract number"], wanted["Start by"], wanted["People"]) == ("S-4", "2019-05-31", "1")
    assert wanted["Supplier's contact person"] == "'@Kaisa"
    (message,) = csv_of(viewer, "/messages.csv")
    assert (message["Recipient's e-mail"], message["Status"]) == ("owner@example.org", "queued")
    assert message["What it tells of"].startswith("S-4: ")
    assert csv_of(viewer, "/messages.csv?status=sent") == []


def test_administrators_take_users_and_everyone_units(city: City, browser_of: BrowserOf) -> None:
    users = csv_of(browser_of("admin"), "/users.csv?q=viewer")
    assert [(row["E-mail"], row["Roles"]) for row in users] == [("viewer@example.org", "viewer, Helsinki")]
    assert browser_of("viewer").get("/users.csv").status_code == 403
    units = csv_of(browser_of("viewer"), "/units.csv")
    assert [(row["Unit"], row["Unit above"], row["Level"]) for row in units] == [
        ("Helsinki", "", "1"),
        ("Kaupunkiympäristön toimiala", "Helsinki", "2"),
        ("Hankintayksikkö", "Kaupunkiympäristön toimiala", "3"),
    ]


@pytest.mark.parametrize("read", [csv_of, xlsx_of])
def test_nothing_of_a_sibling_unit_appears(city: City, browser_of: BrowserOf, read: Any) -> None:
    """The viewer sees the office only: none of the division's contracts, jobs, purchases or messages."""
    limited_to(city.portfolio, "viewer@example.org", city.portfolio.office)
    viewer, kind = browser_of("viewer"), "csv" if read is csv_of else "xlsx"
    for path in OF_ONE_CONTRACT:
        assert viewer.get(f"{path}.{kind}".format(contract_id=city.contract)).status_code == 404, path
    for path in LISTS.keys() - {"/users", "/audit", "/suppliers"}:  # administrators', and shared by the city
        rows = read(viewer, f"{path}.{kind}")
        told = "\n".join(str(value) for row in rows for value in row.values())
        for secret in ("S-1", "S-3", "S-4", "HEL 1", "125000", "Toimittaja 1 Oy", "Toimittaja 3 Oy", "toimiala"):
            assert secret not in told, (path, secret)
    assert [row["Contract number"] for row in csv_of(viewer, "/positions.csv")] == ["S-2"]
    assert "Toimittaja 3 Oy" not in [row["Supplier"] for row in csv_of(viewer, "/suppliers.csv")]


def test_one_link_of_the_trail_tells_who_took_what(city: City, browser_of: BrowserOf, database: Database) -> None:
    admin, before = browser_of("admin"), 0
    asked = {"/contracts": "?status=open&latest_start_before=2030-01-01", "/messages": "?status=sent"}
    told = {"/contracts": {"statuses": ["open"], "latest_start_before": "2030-01-01"}, "/messages": {"status": "sent"}}
    for path in EVERY:
        admin.get(f"{path}.csv".format(city.contract) + asked.get(path, ""))
        with database.reading() as session:
            entry, payload = session.execute(
                select(AuditEntry, AuditPayload.payload)
                .join(AuditPayload, AuditPayload.seq == AuditEntry.seq)
                .where(AuditEntry.action == "exported", AuditEntry.seq > before)
            ).one()
            assert session.get_one(User, entry.actor).email == "admin@example.org", path
        before = entry.seq
        wanted = {"contract_id": city.contract} if "{0}" in path else told.get(path, {})
        assert (payload["kind"], payload["wanted"]) == ("csv", wanted), path


@pytest.mark.parametrize("path", ["/contracts", "/positions", "/purchases"])
def test_the_filters_of_the_contract_list_hold_for_what_hangs_on_contracts(
    city: City, browser_of: BrowserOf, path: str
) -> None:
    viewer = browser_of("viewer")
    found = csv_of(viewer, f"{path}.csv?unit_id={city.portfolio.office}&latest_start_before=2030-01-01")
    assert {row["Contract number"] for row in found} <= {"S-2"}
    wrong = viewer.get(f"{path}.csv?status=lost")
    assert (wrong.status_code, wrong.headers["location"]) == (303, "/contracts?status=lost")


def test_a_filter_that_does_not_fit_leads_to_the_list(city: City, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    wrong = {"/messages": "status=lost", "/people-wanted": "unit_id=x", "/procurements": "q=" + "x" * 201}
    for path, query in wrong.items():
        answer = viewer.get(f"{path}.csv?{query}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?{query}")
        assert viewer.get(f"{path}?{query}").status_code == 422


@pytest.mark.parametrize("language", SUPPORTED)
def test_a_file_speaks_the_readers_language_and_says_that_it_is_internal(
    city: City, browser_of: BrowserOf, language: str
) -> None:
    with city.portfolio.database.writing() as session:
        session.scalars(select(User).where(User.email == "admin@example.org")).one().language = language
    admin = browser_of("admin")
    internal = {"fi": "sisainen", "sv": "intern", "en": "internal"}[language]
    for path in EVERY:
        answer = admin.get(f"{path}.csv".format(city.contract))
        name = answer.headers["content-disposition"].partition("filename=")[2].strip('"')
        assert name.isascii(), path
        assert name.endswith(f"-{internal}-2019-03-02.csv"), path
        header = answer.content.decode("utf-8-sig").splitlines()[0].split(";")
        assert len(header) == len(set(header)), path
        assert all(title[0].isupper() for title in header), path


def test_every_list_is_offered_where_it_is_shown(city: City, browser_of: BrowserOf) -> None:
    admin = browser_of("admin")
    pages = ["/contracts", "/procurements", "/messages", "/people-wanted", "/users", "/units", "/audit"]
    shown = "".join(admin.get(page).text for page in [*pages, f"/contracts/{city.contract}"])
    shown += admin.get(f"/contracts/{city.contract}/changes").text
    for path in EVERY:
        for kind in ("csv", "xlsx"):
            assert f'href="{path}.{kind}"'.format(city.contract) in shown, path


def test_a_page_that_is_narrowed_offers_what_it_is_narrowed_to(city: City, browser_of: BrowserOf) -> None:
    viewer = browser_of("viewer")
    page = viewer.get(f"/contracts?unit_id={city.portfolio.division}&sort=reference").text
    for noun in ("contracts", "positions", "purchases"):
        assert f'href="/{noun}.xlsx?unit_id={city.portfolio.division}&amp;sort=reference"' in page


def test_all_rows_are_there_however_many_chunks(
    city: City, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {path: csv_of(browser_of("admin"), f"{path}.csv".format(city.contract)) for path in EVERY}
    monkeypatch.setattr(list_exports, "CHUNK", 1)
    monkeypatch.setattr(list_exports, "CONTRACTS_AT_ONCE", 1)
    for path in EVERY:
        again = csv_of(browser_of("admin"), f"{path}.csv".format(city.contract))
        # Signing in again changes the order of users, and is told in the trail.
        assert again == whole[path] or path in {"/users", "/audit"}, path
    assert len(whole["/positions"]) == 3


def test_purchases_of_many_pages_come_day_by_day(city: City, browser_of: BrowserOf, database: Database) -> None:
    rows = [
        {
            "id": new_id(),
            "contract_id": city.contract,
            "on_date": date(2018, 4, 1 + number % 28),
            "amount_cents": number,
            "recorded_on": date(2018, 5, 1),
            "created_at": city.clock(),
            "version": 1,
        }
        for number in range(2500)
    ]
    with database.writing() as session:
        session.execute(insert(Purchase), rows)
    found = csv_of(browser_of("viewer"), f"/contracts/{city.contract}/purchases.csv")
    assert len(found) == 2502
    assert [row["Day"] for row in found] == sorted(row["Day"] for row in found)
