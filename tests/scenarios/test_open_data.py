"""A city publishes, another service takes it in and publishes again: what is carried comes out as it came."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.config import Settings
from app.http.open_data import publication_of
from app.rules.codes import ImportKind, ImportStatus
from app.rules.errors import Conflict
from app.schemas.purchases import PurchaseCreate
from app.services import demo, import_runs, ocds_exports, ocds_imports, purchases
from app.services.acting import SYSTEM, Act
from app.services.import_runs import NewFile
from app.services.ocds_carried import CARRIED, carried
from app.storage import audit
from app.storage.models import (
    Closure,
    Contract,
    Draft,
    ImportRun,
    Owner,
    Position,
    Procurement,
    Purchase,
    Unit,
    User,
    new_id,
)
from app.storage.schema import migrate
from app.storage.session import Database
from tests.conftest import SetClock, settings_for
from tests.ocds_schema import errors, needs_schemas
from tests.portfolio import Portfolio
from tests.registering import ABROAD, AWARD, THRESHOLD, a_contract, a_procurement, post, procurement_body

OWNER = "uusi.omistaja@example.org"
DOCUMENT = Path(__file__).parents[2] / "docs" / "open-data.md"


@pytest.fixture
def second(
    tmp_path: Path, sqlite_template: Path, request: pytest.FixtureRequest, database_url: str
) -> Iterator[Database]:
    """An empty database of the same kind."""
    if database_url.startswith("sqlite"):
        made = Database(f"sqlite:///{tmp_path}/second.db")
    else:
        from tests.postgres_copies import fresh_copy

        made = Database(fresh_copy(request.getfixturevalue("postgres_url")))
    migrate(made.engine)
    yield made
    made.dispose()


def act_on(clock: SetClock) -> Act:
    return Act(SYSTEM, clock.now, clock.today)


def published(database: Database, settings: Settings, clock: SetClock) -> dict[str, Any]:
    """The whole package, as the command line writes it."""
    publication, act = publication_of(settings), act_on(clock)
    with database.reading() as session:
        releases = ocds_exports.all_releases(session, publication, act)
        package: dict[str, Any] = json.loads("".join(ocds_exports.package(session, releases, publication, act)))
    return package


def one_unit(database: Database, clock: SetClock) -> str:
    """The only unit of a new city, with someone who may own contracts."""
    unit_id = new_id()
    with database.writing() as session:
        path = f"/{unit_id}/"
        unit = Unit(id=unit_id, parent_id=None, root_id=unit_id, path=path, name="Uusi kaupunki", created_at=clock.now)
        user = User(id=new_id(), email=OWNER, name="Outi Omistaja", language="fi", active=True, created_at=clock.now)
        session.add_all([unit, user])
    return unit_id


def imported(
    database: Database, file: Path, unit_id: str, clock: SetClock, owner: str | None = OWNER
) -> dict[str, int]:
    """Stages and activates a file in two transactions, as people do; gives the counts of the import."""
    content = file.read_bytes()
    new = NewFile(file.name, hashlib.sha256(content).hexdigest(), len(content))
    act = act_on(clock)
    with database.writing() as session:
        run = import_runs.start(session, ImportKind.OCDS, new, unit_id, act)
        ocds_imports.stage(session, run, ocds_imports.read(file), act, unit_id, owner=owner)
        import_id, foreseen = run.id, dict(run.counts)
    with database.writing() as session:
        run = import_runs.find(session, import_id, act, lock=True)
        ocds_imports.activate(session, run, act)
        assert run.status == ImportStatus.ACTIVE
        assert run.counts == foreseen
    return foreseen


def a_file(folder: Path, package: Any) -> Path:
    file = folder / f"{uuid4().hex}.json"
    file.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    return file


def eventful(client: TestClient, portfolio: Portfolio) -> None:
    """Contracts of every clause type with everything that can have become of them."""
    officer = portfolio.officer
    bought = a_contract(
        client,
        portfolio,
        a_procurement(
            client, portfolio, clause=THRESHOLD | {"max_positions": 4}, innovative_method="Markkinavuoropuhelu"
        ),
        options=[{"ends_on": "2021-02-28", "exercised_on": "2019-02-01"}, {"ends_on": "2022-02-28"}],
        parties=[ABROAD | {"role": "member"}],
    )
    for day, amount in (("2018-05-31", "400000.07"), ("2018-06-30", "700000.00"), ("2018-07-31", "-0.07")):
        post(
            client,
            f"/contracts/{bought}/purchases",
            {"on_date": day, "amount_eur": amount, "reference": "L-1"},
            officer,
        )
    post(client, f"/contracts/{bought}/purchases", {"on_date": "2017-01-31", "amount_eur": "1.00"}, officer)
    scored = a_procurement(client, portfolio, clause=AWARD | {"min_weekly_hours": "18.5", "target_groups": ["youth"]})
    promised = a_contract(client, portfolio, scored, committed_positions=2, counts_from="2018-02-01")
    decision = {"effective_on": "2018-06-01", "reason": "Palvelu supistui", "decision_reference": "HEL 2018-77"}
    post(client, f"/contracts/{promised}/adjustments", decision | {"delta": -1}, officer)
    ended = {"terminated_on": "2019-05-31", "decided_on": "2019-02-01"}
    assert client.patch(f"/api/v1/contracts/{promised}", json=ended, headers=officer).status_code == 200
    closed = a_contract(
        client, portfolio, unit_id=portfolio.office, parties=[ABROAD | {"role": "subcontractor"}], value_eur="0.10"
    )
    decision["effective_on"] = "2019-06-01"
    assert post(client, f"/contracts/{closed}/closure", decision, officer).status_code == 201
    reason = {"clause": None, "no_clause_reason": "Hankinta on lyhyt.\nEhto ei sovi.", "notice_id": "2018-012345"}
    assert post(client, "/procurements", procurement_body(portfolio, **reason), officer).status_code == 201
    job = {"starts_on": "2018-06-04", "employment_form": "employment", "target_group": "youth", "channel": "team"}
    assert post(client, f"/contracts/{bought}/positions", job, portfolio.liaison).status_code == 201


def assert_carried(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert len(after["releases"]) == len(before["releases"])
    for first, again in zip(before["releases"], after["releases"], strict=True):
        assert carried(again) == carried(first)
        assert len(carried(first)) > 5


@needs_schemas
def test_what_a_city_publishes_is_valid_and_comes_out_of_another_service_as_it_came(
    client: TestClient,
    portfolio: Portfolio,
    database: Database,
    second: Database,
    settings: Settings,
    clock: SetClock,
    tmp_path: Path,
) -> None:
    eventful(client, portfolio)
    first = published(database, settings, clock)
    assert errors(first) == []
    unit_id = one_unit(second, clock)
    file = a_file(tmp_path, first)
    counts = imported(second, file, unit_id, clock)
    assert counts == {"procurements": 4, "contracts": 3, "purchases": 3}
    other = settings_for("sqlite://", tmp_path)
    again = published(second, other, clock)
    assert errors(again) == []
    assert_carried(first, again)
    assert imported(second, file, unit_id, clock) == {"already_there": 4}
    assert imported(database, file, portfolio.root, clock, owner="owner@example.org") == {"already_there": 4}
    with second.reading() as session:
        assert session.scalars(select(Owner.email)).all() == [OWNER]
        assert session.scalars(select(Position.id)).all() == []


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_demo_comes_out_of_another_service_as_it_came(
    database: Database, second: Database, settings: Settings, clock: SetClock, tmp_path: Path
) -> None:
    clock.set(date(2026, 11, 21))
    with database.writing() as session:
        demo.fill(session, act_on(clock))
    first = published(database, settings, clock)
    assert len(first["releases"]) > 40
    counts = imported(second, a_file(tmp_path, first), one_unit(second, clock), clock)
    assert counts["procurements"] == len(first["releases"])
    assert_carried(first, published(second, settings, clock))


def test_nothing_of_people_leaves(
    client: TestClient, portfolio: Portfolio, database: Database, settings: Settings, clock: SetClock
) -> None:
    eventful(client, portfolio)
    contact = {"name": "Tiina Toimittaja", "email": "tiina@example.com", "phone": "+358 9 310 1641"}
    contract_id = a_contract(client, portfolio, reference="S-9", supplier_contact=contact)
    post(client, f"/contracts/{contract_id}/notes", {"text": "Soitettu Tiinalle"}, portfolio.officer)
    text = json.dumps(published(database, settings, clock), ensure_ascii=False)
    for secret in ("Olli", "owner@", "Tiina", "tiina", "310 1641", "Soitettu", "L-1", "supistui", "2018-06-04"):
        assert secret not in text, secret
    for code in ('"youth"', "team", "te_office"):
        assert code in ('"youth"',) or code not in text, code  # the clause of the tender names the group


def test_without_an_owner_everything_waits_as_a_draft_and_is_registered_once_there_is_one(
    client: TestClient,
    portfolio: Portfolio,
    database: Database,
    second: Database,
    settings: Settings,
    clock: SetClock,
    tmp_path: Path,
) -> None:
    eventful(client, portfolio)
    file = a_file(tmp_path, published(database, settings, clock))
    unit_id = one_unit(second, clock)
    assert imported(second, file, unit_id, clock, owner=None) == {"drafts": 4}
    assert imported(second, file, unit_id, clock, owner=None) == {"already_there": 4}
    assert imported(second, file, unit_id, clock)["procurements"] == 4
    with second.reading() as session:
        assert set(session.scalars(select(Draft.status))) == {"registered"}
        assert len(session.scalars(select(Procurement.ocid)).all()) == 4
        assert None not in session.scalars(select(Contract.ocds_id)).all()


def test_an_import_is_taken_back_whole_unless_something_was_recorded_since(
    client: TestClient,
    portfolio: Portfolio,
    database: Database,
    second: Database,
    settings: Settings,
    clock: SetClock,
    tmp_path: Path,
) -> None:
    eventful(client, portfolio)
    file, unit_id = a_file(tmp_path, published(database, settings, clock)), one_unit(second, clock)
    imported(second, file, unit_id, clock, owner=None)
    imported(second, file, unit_id, clock)
    act = act_on(clock)
    with second.reading() as session:
        numbers = session.scalars(select(ImportRun.number).order_by(ImportRun.number)).all()
    with pytest.raises(Conflict, match="draft_was_registered"):
        undo(second, numbers[0], act)
    undo(second, numbers[1], act)
    with second.reading() as session:
        for model in (Contract, Procurement, Purchase, Closure):
            assert session.scalars(select(model)).all() == []
        assert set(session.scalars(select(Draft.status))) == {"waiting"}
        assert audit.verify(session).broken_at is None
    undo(second, numbers[0], act)
    assert imported(second, file, unit_id, clock)["procurements"] == 4
    with second.writing() as session:
        contract_id = session.scalars(select(Purchase.contract_id)).first() or ""
        bought = PurchaseCreate.model_validate({"on_date": "2018-09-01", "amount_eur": "1.00"})
        purchases.record_purchase(session, contract_id, bought, act)
    with pytest.raises(Conflict, match="recorded_since_import"):
        undo(second, numbers[1] + 1, act)


def undo(database: Database, number: int, act: Act) -> None:
    with database.writing() as session:
        ocds_imports.undo(session, session.get_one(ImportRun, number), "Väärä tiedosto", act)


def test_the_document_names_every_field_that_is_carried() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [path for path in CARRIED if f"`{path}`" not in text] == []
