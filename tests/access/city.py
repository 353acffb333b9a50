"""A city with one of everything, and someone of every role in it, beside it and in another city; nothing that they do
stays, so that each finds it as the one before did."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.main import create_app, with_routes
from app.rules.codes import Role
from app.services import sessions
from app.storage import audit, people
from app.storage.models import Contract, Supplier, Token, User
from app.storage.schema import migrate
from app.storage.session import Database
from tests.conftest import SetClock, settings_for
from tests.outcomes import SLUG
from tests.portfolio import ROLE_NAMES, Headers, Portfolio, _unit, _user, settle
from tests.web.a_city_with_everything import settle_everything
from tests.web.signed_in import form_in

MARK = "Tunnistettava merkkijono"
"""Stands in every text of the unit's things that can be typed: an answer that holds it tells something of them."""
SHARED = "Kaupungin yhteinen nimi"
"""In its place in the names of suppliers, which all of a city sees, and of who asks, which stands on every page."""
PLACES = ("own", "sibling", "foreign")
OWNER = "owner of the contract"


class TakenBack(Database):
    """Once it is told so, it takes back what was written when the transaction ends; the answer is what it would be."""

    taking_back = False

    @contextmanager
    def writing(self) -> Iterator[Session]:
        if not self.taking_back:
            with super().writing() as session:
                yield session
            return
        with self._write() as session:
            yield session
            audit.write_links(session)
            session.rollback()


@dataclass(frozen=True)
class Asker:
    """Someone with a role in a place, and what says so: to the API a token, to pages a session and its forms' token."""

    role: str
    place: str
    api: Headers
    pages: Headers
    csrf: str

    def __str__(self) -> str:
        return f"{self.role} ({self.place})" if self.role else "nobody"


@dataclass(frozen=True)
class City:
    client: TestClient
    portfolio: Portfolio
    ids: dict[str, str]
    """By the noun that stands before an id in an address."""
    askers: list[Asker]


@contextmanager
def a_city(folder: Path, routes: FastAPI | None = None) -> Iterator[City]:
    url = f"sqlite:///{folder / 'access.db'}"
    database = TakenBack(url)
    migrate(database.engine)
    clock = SetClock(date(2019, 3, 1))
    settings: Settings = settings_for(url, folder)
    app = create_app(settings, database, clock, routes or with_routes())
    with TestClient(app, base_url=settings.base_url, raise_server_exceptions=False, follow_redirects=False) as client:
        portfolio = settle(database, clock)
        emails = _people_elsewhere(portfolio)
        ids = settle_everything(client, portfolio, database, clock, MARK)
        ids |= _more_ids(client, portfolio)
        _share_names(portfolio)
        askers = [_asker(client, database, clock, *who, email) for who, email in emails.items()]
        for asker in askers:  # a day's first use of a token is noted; and who has a calendar can look at it
            assert client.post("/api/v1/calendar-feed", headers=asker.api).status_code == 201
        askers.insert(0, _nobody(client))
        database.taking_back = True
        yield City(client, portfolio, ids, askers)
    database.dispose()


def _people_elsewhere(portfolio: Portfolio) -> dict[tuple[str, str], str]:
    """E-mail addresses by role and place: to those at the root, above all that lies in the city, come others in a
    division where nothing of it lies, and in another city."""
    emails = {(role.value, "own"): f"{role.value}@example.org" for role in ROLE_NAMES}
    emails[OWNER, "own"] = "owner@example.org"
    with portfolio.database.writing() as session:
        sibling = _unit(session, portfolio.clock, "Sosiaali- ja terveystoimiala", portfolio.root)
        for place, unit_id in (("sibling", sibling), ("foreign", portfolio.other_root)):
            for role in Role:
                email = f"{role.value}@{place}.example.org"
                _user(session, portfolio.clock, role, unit_id, email)
                emails[role.value, place] = email
    return emails


def _more_ids(client: TestClient, portfolio: Portfolio) -> dict[str, str]:
    """What the routes of the API name beside what the pages do, and a contract that is closed."""
    with portfolio.database.reading() as session:
        contract = session.scalars(select(Contract).order_by(Contract.id)).first()
        assert contract is not None
        user = people.user_by_email(session, "contract_owner@example.org")
        assert user is not None
        token_id = session.scalars(select(Token.id).where(Token.user_id == user.id)).one()
        found = {"suppliers": contract.supplier_id, "owners": contract.owner_id, "tokens": token_id}
    closed = portfolio.contract()
    decision = {"effective_on": portfolio.act().today.isoformat(), "reason": MARK, "decision_reference": MARK}
    _sent(client, f"contracts/{closed}/closure", decision, portfolio.officer)
    _sent(client, f"projects/{SLUG}/reporters", {"email": "project_reporter@example.org"}, portfolio.admin)
    return found | {"closed": closed}


def _sent(client: TestClient, path: str, body: dict[str, str], headers: Headers) -> None:
    answer = client.post(f"/api/v1/{path}", json=body, headers=headers)
    assert answer.status_code == 201, answer.text


def _share_names(portfolio: Portfolio) -> None:
    """Leaves the mark in the name of a user who does not ask, so that lists of users have it."""
    with portfolio.database.writing() as session:
        _user(session, portfolio.clock, Role.VIEWER, portfolio.division, "marked@example.org")
        session.execute(update(Supplier).values(name=SHARED))
        session.execute(update(User).values(name=SHARED))
        session.execute(update(User).where(User.email == "marked@example.org").values(name=MARK))


def _nobody(client: TestClient) -> Asker:
    """Someone who has not signed in, with the cookie that the forms for strangers want."""
    page = client.get("/sign-in")
    visit = page.cookies["__Host-siepp_visit"]
    client.cookies.clear()
    form = form_in(page.text, "/language")
    return Asker("", "", {}, {"Cookie": f"__Host-siepp_visit={visit}"}, dict(form["fields"])["csrf"])


def _asker(client: TestClient, database: Database, clock: SetClock, role: str, place: str, email: str) -> Asker:
    with database.writing() as session:
        user = people.user_by_email(session, email)
        assert user is not None, email
        token = sessions.begin(session, user.id, "password", clock())
    pages = {"Cookie": f"__Host-siepp={token}"}
    form = form_in(client.get("/account", headers=pages).text, "/language")
    return Asker(role, place, {"Authorization": f"Bearer token of {email}"}, pages, dict(form["fields"])["csrf"])
