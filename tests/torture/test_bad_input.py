"""Nonsense in great numbers over the API, the forms and the imports: none accepted, nothing half-written."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, insert, select

from app.rules.codes import Role
from app.storage.models import Contract, Grant, Purchase, Table, User, new_id
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Headers, Portfolio
from tests.torture.amounts import BAD_INPUTS
from tests.torture.figures import tell
from tests.torture.nonsense import IDENTITY_CODE, NEVER, Schemas, bad_body
from tests.web.a_city_with_everything import ELSEWHERE, OPEN, filled, paths, settle_everything
from tests.web.signed_in import FormReader, SignedInBrowser

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

COMES_AND_GOES = {"browser_session", "unknown_sign_in"}
"""Written by whoever asks, whatever they ask."""
REFUSALS = {400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def ids(client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock) -> dict[str, str]:
    made = settle_everything(client, portfolio, database, clock)
    with database.reading() as session:
        owner_id, supplier_id = session.execute(select(Contract.owner_id, Contract.supplier_id)).first() or ("", "")
        made |= {"owners": owner_id, "suppliers": supplier_id, "questions": "0" * 32}
    return made


@pytest.fixture
def may_all(database: Database, portfolio: Portfolio, ids: dict[str, str], clock: SetClock) -> Headers:
    """Of the officer, who has every other role as well: what is refused is refused for what it says."""
    with database.writing() as session:
        user_id = session.scalars(select(User.id).where(User.email == "procurement_officer@example.org")).one()
        held = set(session.scalars(select(Grant.role).where(Grant.user_id == user_id)))
        rows = [
            {"id": new_id(), "user_id": user_id, "role": role, "unit_id": portfolio.root, "created_at": clock()}
            for role in set(Role) - held
        ]
        session.execute(insert(Grant), rows)
    return portfolio.officer


def contents(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    tables = [one for one in Table.metadata.sorted_tables if one.name not in COMES_AND_GOES]
    with database.reading() as session:
        return {one.name: session.execute(select(func.count()).select_from(one)).scalar_one() for one in tables}


def test_the_api_takes_no_nonsense(
    client: TestClient, database: Database, ids: dict[str, str], may_all: Headers
) -> None:
    document = cast(FastAPI, client.app).openapi()
    schemas, chance, statuses = Schemas(document), Random(BAD_INPUTS), Counter[int]()
    operations = [
        (method.upper(), path, operation["requestBody"]["content"]["application/json"]["schema"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    before = contents(database)
    for number in range(BAD_INPUTS // 2):
        method, path, schema = operations[number % len(operations)]
        body = bad_body(schemas, schema, chance)
        address = _address(path, ids)
        answer = client.request(method, address, content=_written(body, chance), headers=may_all | JSON)
        statuses[answer.status_code] += 1
        assert answer.status_code in REFUSALS, (method, address, schemas.misfit(schema, body), answer.text[:300])
        assert IDENTITY_CODE not in answer.text
    assert contents(database) == before
    told = {str(status): count for status, count in sorted(statuses.items())}
    assert statuses[422] > 0.8 * statuses.total(), f"refused for what it says, not for who asks or of what: {told}"
    tell("nonsense over the API", inputs=statuses.total(), accepted=0, **told)


JSON = {"Content-Type": "application/json"}


def _address(path: str, ids: dict[str, str]) -> str:
    return "/api/v1" + filled(path.removeprefix("/api/v1"), ids)


def _written(body: Any, chance: Random) -> bytes:
    """As JSON; now and then broken JSON."""
    text = json.dumps(body).encode()
    return text[: len(text) // 2] if chance.random() < 0.03 else text


def test_the_forms_take_no_nonsense(
    browser_of: Callable[[str], SignedInBrowser], database: Database, ids: dict[str, str], may_all: Headers
) -> None:
    """Every field of a form at once, since some do not apply. A look at what would come of it is answered 200, as a
    page is."""
    browser, chance, statuses = browser_of("officer"), Random(BAD_INPUTS), Counter[int]()
    forms = _forms_to_type_in(browser, ids)
    assert len(forms) > 20
    before = contents(database)
    for number in range(BAD_INPUTS * 3 // 10):
        action, fields = forms[number % len(forms)]
        wrong = str(chance.choice(NEVER))
        sent = fields | dict.fromkeys(_typed(fields), wrong)
        answer = browser.client.post(action, data=sent, follow_redirects=False)
        statuses[answer.status_code] += 1
        assert answer.status_code in {*REFUSALS, 200}, (action, wrong[:100], answer.text[-300:])
        assert IDENTITY_CODE not in answer.text
    assert contents(database) == before
    told = {str(status): count for status, count in sorted(statuses.items())}
    tell("nonsense over the forms", inputs=statuses.total(), accepted=0, forms=len(forms), **told)


NOT_TYPED = {"csrf", "version", "once", "language", "next", "unit", "filters"}


def _typed(fields: dict[str, str]) -> set[str]:
    """Names of what a person fills in. What stood there before (was.…) goes along unseen."""
    return {name for name in fields if name not in NOT_TYPED and not name.startswith("was.")}


def _forms_to_type_in(browser: SignedInBrowser, ids: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Action and fields of every form with something to type on the pages of the city."""
    found = {}
    for path in sorted(set(paths("GET")) - OPEN - ELSEWHERE):
        page = browser.client.get(filled(path, ids), follow_redirects=False)
        if page.status_code != 200 or "html" not in page.headers["content-type"]:
            continue
        reader = FormReader()
        reader.feed(page.text)
        for form in reader.forms:
            fields = dict(form["fields"])
            if (form["method"] or "").lower() == "post" and "csrf" in fields and _typed(fields):
                found[form["action"] or filled(path, ids)] = fields
    return sorted(found.items())


HEADER = ["Toimittajan y-tunnus", "Kirjauspäivämäärä", "Tositenumero", "Laskun summa ilman ALV"]
GOOD = ["0201256-6", "1.6.2018", "T-1", "1000,00"]
BAD_CELLS: list[list[str]] = [
    ["", "30.2.2019", "1.6.2999", "eilen", "0.0.0000", IDENTITY_CODE],
    ["", "kymmenen", "1e999", "NaN", "--5", "1,2,3", "9" * 40],
]
"""Of the day and of the amount: without either nothing can be bought."""


def test_no_row_of_a_broken_ledger_counts(
    client: TestClient, database: Database, portfolio: Portfolio, ids: dict[str, str]
) -> None:
    chance, rows, counts = Random(BAD_INPUTS), BAD_INPUTS // 5, Counter[str]()
    before = _purchases(database)
    answer = client.post(
        f"/api/v1/imports?kind=purchases&unit_id={portfolio.root}&file_name=ostot.csv",
        content=_ledger(rows, chance),
        headers=portfolio.officer | {"Content-Type": "application/octet-stream"},
    )
    assert answer.status_code in {200, 201, 202}, answer.text
    run = answer.json()
    while run["status"] == "reading":
        run = client.get(f"/api/v1/imports/{run['id']}", headers=portfolio.officer).json()
    counts.update(run["counts"])
    assert counts["refused"] == rows
    assert counts["new"] == counts["held"] == 0
    assert _purchases(database) == before
    assert IDENTITY_CODE not in str(client.get(f"/api/v1/imports/{run['id']}", headers=portfolio.officer).json())
    tell("rows of broken ledgers", inputs=rows, accepted=0, refused=counts["refused"])


def _ledger(rows: int, chance: Random) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";")
    writer.writerow(HEADER)
    for number in range(rows):
        row = [*GOOD]
        row[2] = f"T-{number}"
        place = chance.choice([0, 1])
        row[1 if place == 0 else 3] = chance.choice(BAD_CELLS[place])
        writer.writerow(row)
    return made.getvalue().encode()


def _purchases(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(Purchase)).scalar_one()
