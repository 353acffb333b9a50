"""One of every thing that has a page, put there through the API, so that a page of each can be asked for."""

from datetime import date
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.jobs import daily_check
from app.rules.codes import Role
from app.schemas.identities import GroupCreate
from app.services import identities, sessions
from app.services.acting import Act, Actor
from app.storage.models import Token
from app.storage.session import Database
from app.web.routers import PAGES
from tests.conftest import SetClock
from tests.notices import Lot, Notice, bring
from tests.outcomes import settle_outcomes
from tests.portfolio import Headers, Portfolio
from tests.registering import OWNER, THRESHOLD, contract_body, get, post, procurement_body
from tests.surveys import settle_surveys

ELSEWHERE = frozenset(
    {"/docs", "/owner/{token}", "/owner/{token}/acknowledgement", "/owner/{token}/snooze", "/password/{token}"}
    | {"/s/{secret}", "/s/{secret}/thanks", "/s/{secret}/call", "/calendar/{secret}.ics"}
)
"""The documentation, and what a link opens."""
OPEN = frozenset(
    {"/sign-in", "/sign-in/demo", "/sign-in/oidc", "/sign-in/oidc/callback", "/sign-out"}
    | {"/language", "/help", "/accessibility", "/feedback"}
)
"""For anyone, signed in or not."""


def paths(method: str) -> list[str]:
    """Templates of the pages' paths."""
    found = [route.path for router in PAGES for route in router.routes if method in getattr(route, "methods", ())]
    return sorted(set(found) - ELSEWHERE)


def filled(path: str, ids: dict[str, str]) -> str:
    """The path with ids; what stands before an id says of what."""
    parts = path.split("/")
    for place, part in enumerate(parts):
        if part.startswith("{"):
            noun = parts[place - 1]
            assert noun in ids, f"{path}: put one of {noun} into settle_everything()"
            parts[place] = ids[noun]
    return "/".join(parts)


def settle_everything(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock, text: str = "plain"
) -> dict[str, str]:
    """Ids by noun. Every text that can be typed holds `text`."""
    officer, liaison = portfolio.officer, portfolio.liaison
    terms: dict[str, Any] = {"title": text, "reference": text, "programme": text, "innovative_method": text}
    procurement_id = _made(client, "/procurements", procurement_body(portfolio, clause=THRESHOLD, **terms), officer)
    supplier = {"business_id": "0201256-6", "name": text}
    contact = {"name": text, "email": "contact@example.org", "phone": "+358 40 1", "language": "fi"}
    body = contract_body(
        procurement_id,
        reference=text,
        supplier=supplier,
        supplier_contact=contact,
        owner=OWNER | {"name": text},
        options=[{"ends_on": "2021-02-28"}, {"ends_on": "2022-02-28"}],
        parties=[{"identifier_scheme": "SE-ON", "identifier": "2120000142", "name": text, "role": "member"}],
    )
    contract_id = _made(client, "/contracts", body, officer)
    at = f"/contracts/{contract_id}"
    position = {"starts_on": "2018-06-01", "employment_form": "employment", "target_group": "youth"}
    ids = {
        "procurements": procurement_id,
        "contracts": contract_id,
        "positions": _made(client, f"{at}/positions", position, liaison),
        "purchases": _made(
            client, f"{at}/purchases", {"on_date": "2018-05-01", "amount_eur": "600000.00", "reference": text}, officer
        ),
        "options": get(client, f"{at}/options", officer)["items"][0]["id"],
        "adjustments": _made(
            client,
            f"{at}/adjustments",
            {"effective_on": "2018-06-01", "delta": 1, "reason": text, "decision_reference": text},
            officer,
        ),
        "units": portfolio.division,
        "owners": get(client, at, officer)["owner"]["id"],
    }
    _made(client, f"{at}/notes", {"text": text}, officer)
    notice = Notice([Lot(title=text, condition=text)], title=text)
    ids["imports"] = bring(database, notice, portfolio.root, portfolio.root, portfolio.act())
    ids["drafts"] = get(client, "/drafts", officer)["items"][0]["id"]
    ids |= _ledger(client, portfolio, contract_id, text)
    clock.now = clock.now.replace(year=2020, month=1, day=15)
    daily_check.run_check(database, clock.today, clock)
    _more(client, portfolio, ids, text)
    return settle_surveys(portfolio, text) | settle_outcomes(client, portfolio, text) | ids


def _ledger(client: TestClient, portfolio: Portfolio, contract_id: str, text: str) -> dict[str, str]:
    """A ledger brought in: a purchase of it waits, another was decided on and remembered, a row was refused."""
    lines = [
        "Y-tunnus;Sopimusnumero;Palveluluokka;Tulosyksikkö;Kirjauspäivä;Summa ilman ALV;Tositenumero",
        f"0201256-6;;{text};{text};1.5.2018;600000,00;{text}",
        f"0201256-6;{text} 2;{text};{text};2.5.2018;5,00;{text}",
        f"0201256-6;;{text};{text};2.5.2018;five;{text}",
    ]
    asked = {"kind": "purchases", "file_name": text}
    officer, content = portfolio.officer, "\n".join(lines).encode()
    path = client.post("/api/v1/imports", params=asked, content=content, headers=officer).headers["location"]
    client.app.state.readers.wait()  # type: ignore[attr-defined]
    assert client.post(f"{path}/activation", json={}, headers=officer).status_code == 200
    held = {one["reason"]: one["id"] for one in get(client, "/held-purchases", officer)["items"]}
    decision = {"contract_id": contract_id, "remember": ["business_id", "contract_number"]}
    unknown = held["contract_number_unknown"]
    assert post(client, f"/held-purchases/{unknown}/decision", decision, officer).status_code == 200
    [rule] = get(client, "/attachment-rules", officer)["items"]
    return {
        "imports": path.rpartition("/")[2],
        "held-purchases": held["looks_recorded"],
        "attachment-rules": rule["id"],
    }


def _more(client: TestClient, portfolio: Portfolio, ids: dict[str, str], text: str) -> None:
    admin = portfolio.admin
    ids["messages"] = get(client, "/messages", portfolio.officer)["items"][0]["id"]
    ids["users"] = next(
        user["id"] for user in get(client, "/users", admin)["items"] if "contract_owner" in user["email"]
    )
    group = GroupCreate(group=text, role=Role.VIEWER, unit_id=portfolio.division)
    ids["grants"] = get(client, f"/users/{ids['users']}/grants", admin)["items"][0]["id"]
    with portfolio.database.writing() as session:
        ids["groups"] = identities.add_group(session, group, "https://id.example.org", portfolio.act()).id
        ids["tokens"] = session.scalars(select(Token.id).limit(1)).one()
        admin_id = next(user["id"] for user in get(client, "/users", admin)["items"] if "admin" in user["email"])
        sessions.begin(session, admin_id, "password", portfolio.clock())
        ids["sessions"] = sessions.list_open(session, Act(Actor(admin_id, "", ""), portfolio.clock(), date.max))[0].id
    client.patch(f"/api/v1/users/{ids['users']}", json={"name": text}, headers=admin)
    liaison = {"name": text, "email": "liaison@example.org", "phone": "+358 40 2"}
    client.patch(f"/api/v1/units/{portfolio.division}", json={"name": text, "liaison": liaison}, headers=admin)


def _made(client: TestClient, path: str, body: Any, headers: Headers) -> str:
    answer = post(client, path, body, headers)
    assert answer.status_code == 201, (path, answer.text)
    return str(answer.json()["id"])
