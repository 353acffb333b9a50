"""What a link of the trail says: from where, what changed rows held before, persons as fingerprints, whose it is."""

import ast
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

import app
from app.schemas.contracts import ContractChange
from app.schemas.owners import OwnerChange
from app.services import sessions, trail
from app.services.acting import BY_ITSELF, SYSTEM, Act, Actor, Channel, GrantedRole, Role, Where
from app.services.changes import newest
from app.services.contracts import change_contract
from app.services.owners import change_owner
from app.storage import audit
from app.storage.fingerprints import fingerprint, is_fingerprint
from app.storage.models import AuditEntry, AuditPayload, Contract, Grant, Owner, Unit, User, new_id
from app.storage.session import Database
from tests.portfolio import Portfolio

HERE = Where(Channel.WEB, "192.0.2.7")


def last(database: Database) -> tuple[AuditEntry, dict[str, Any]]:
    with database.reading() as session:
        assert audit.verify(session).broken_at is None
        joined = select(AuditEntry, AuditPayload.payload).join(AuditPayload, AuditPayload.seq == AuditEntry.seq)
        entry, payload = session.execute(joined.order_by(AuditEntry.seq.desc()).limit(1)).one()
        return entry, payload


def officer_of(portfolio: Portfolio, *unit_ids: str) -> Act:
    with portfolio.database.reading() as session:
        paths = [session.get_one(Unit, unit_id).path for unit_id in unit_ids]
        user = session.scalars(select(User).where(User.email == "procurement_officer@example.org")).one()
        actor = Actor(user.id, "Olga", "o@example.org", "fi", tuple(GrantedRole(Role.ADMIN, path) for path in paths))
    return replace(portfolio.act(), actor=actor, where=HERE)


def test_a_changed_row_tells_before_and_after_and_where_from(portfolio: Portfolio, database: Database) -> None:
    contract_id = portfolio.contract()
    with database.writing() as session:
        command = ContractChange.model_validate({"ends_on": "2020-03-31", "reference": "S-uusi"})
        change_contract(session, contract_id, command, officer_of(portfolio, portfolio.root))
    entry, payload = last(database)
    assert (entry.action, entry.subject, entry.root_id) == ("changed", "contract", portfolio.root)
    assert payload["@before"] == {"ends_on": "2020-02-28", "reference": "S-1"}
    assert (payload["ends_on"], payload["reference"]) == ("2020-03-31", "S-uusi")
    assert payload["@from"] == {"channel": "web", "address": "192.0.2.7"}


def test_a_new_row_has_no_before_and_one_changed_again_has_what_it_was_given(
    portfolio: Portfolio, database: Database
) -> None:
    act = portfolio.act()
    with database.writing() as session:
        owner = Owner(id=new_id(), email="a@example.org", name="A", language="fi", created_at=act.now)
        session.add(owner)
        session.flush()
        owner.language = "sv"
        trail.record_row(session, act, "created", owner)
        assert "@before" not in _noted(session)[-1]
        owner.language = "en"
        trail.record_row(session, act, "changed", owner)
        assert _noted(session)[-1]["@before"] == {"language": "sv"}
        trail.record_row(session, act, "changed", owner)
        assert _noted(session)[-1]["@before"] == {}


def test_what_was_set_back_before_it_was_told_did_not_change(portfolio: Portfolio, database: Database) -> None:
    contract_id = portfolio.contract()
    with database.writing() as session:
        contract = session.get_one(Contract, contract_id)
        contract.reference = "S-toinen"
        session.flush()
        contract.reference, contract.value_cents = "S-1", 500
        trail.record_row(session, portfolio.act(), "changed", contract)
        assert _noted(session)[-1]["@before"] == {"value_cents": None}


def test_what_a_savepoint_took_back_is_no_change(portfolio: Portfolio, database: Database) -> None:
    contract_id = portfolio.contract()
    with database.writing() as session:
        contract = session.get_one(Contract, contract_id)
        with trail.trying(session):
            contract.reference = "S-toinen"
            session.flush()
        trail.record_row(session, portfolio.act(), "changed", contract)
        assert _noted(session)[-1]["@before"] == {}


def _noted(session: Session) -> list[dict[str, Any]]:
    return [payload for _, payload in session.info[audit.LINKS]]


def test_names_and_addresses_of_people_stand_in_the_trail_as_fingerprints(
    portfolio: Portfolio, database: Database
) -> None:
    contract_id = portfolio.contract(owner="olli@example.org")
    with database.writing() as session:
        owner = session.scalars(select(Owner).where(Owner.email == "olli@example.org")).one()
        change_owner(session, owner.id, OwnerChange(email="uusi@example.org"), officer_of(portfolio, portfolio.root))
        known = {name: fingerprint(session, name) for name in ("olli@example.org", "uusi@example.org", "Olli Omistaja")}
    _, payload = last(database)
    assert payload["@before"] == {"email": known["olli@example.org"]}
    assert (payload["email"], payload["name"]) == (known["uusi@example.org"], known["Olli Omistaja"])
    assert contract_id


def test_a_contacts_change_shows_in_the_contracts_history_without_the_contact(
    portfolio: Portfolio, database: Database
) -> None:
    contract_id = portfolio.contract(supplier_contact_name="Kaisa Kontakti")
    act = officer_of(portfolio, portfolio.root)
    contact = {"supplier_contact": {"name": "Kalle Kontakti", "language": "fi"}}
    with database.writing() as session:
        change_contract(session, contract_id, ContractChange.model_validate(contact), act)
    with database.reading() as session:
        [change] = newest(session, contract_id, datetime(2100, 1, 1, tzinfo=UTC), 9)
    assert [field.name for field in change.fields] == ["supplier_contact_name"]
    assert is_fingerprint(change.fields[0].before)
    assert is_fingerprint(change.fields[0].after)


def test_links_from_before_fingerprints_stay_readable_and_make_no_false_changes(
    portfolio: Portfolio, database: Database
) -> None:
    """As the version before wrote them: what a row held, in clear."""
    contract_id = portfolio.contract(supplier_contact_name="Kaisa Kontakti")
    act = officer_of(portfolio, portfolio.root)
    with database.writing() as session:
        contents = trail.contents(session.get_one(Contract, contract_id))
        session.info.setdefault(audit.LINKS, []).append(
            (_link(act, "created", contract_id), contents | {"value_cents": None})
        )
        session.info[audit.LINKS].append((_link(act, "voided", contract_id), contents | {"value_cents": 5}))
    with database.writing() as session:
        change_contract(session, contract_id, ContractChange.model_validate({"ends_on": "2020-03-31"}), act)
    with database.reading() as session:
        told = newest(session, contract_id, datetime(2100, 1, 1, tzinfo=UTC), 9)
    fields = [{one.name: (one.before, one.after) for one in change.fields} for change in told]
    assert fields[0] == {"ends_on": ("2020-02-28", "2020-03-31")}
    assert fields[1] == {"value_cents": (None, 5)}
    assert fields[2]["supplier_contact_name"] == (None, "Kaisa Kontakti")


def _link(act: Act, action: str, contract_id: str) -> dict[str, Any]:
    row = {"actor": act.actor.id, "action": action, "subject": "contract", "subject_id": contract_id}
    return row | {"at": act.now, "root_id": None}


# --- Whose it is


@pytest.mark.parametrize("units", [("root",), ("division", "office")])
def test_whoever_works_in_one_organisation_leaves_links_of_it(
    portfolio: Portfolio, database: Database, units: tuple[str, ...]
) -> None:
    act = officer_of(portfolio, *(getattr(portfolio, unit) for unit in units))
    with database.writing() as session:
        trail.record(session, act, "exported", "contract", "list", {})
    assert last(database)[0].root_id == portfolio.root


def test_nothing_is_asked_for_the_links_of_someone_of_one_organisation(
    portfolio: Portfolio, database: Database
) -> None:
    contract_id, act = portfolio.contract(), officer_of(portfolio, portfolio.root)
    statements: list[str] = []
    with database.writing() as session:
        trail.record(session, act, "acknowledged", "contract", contract_id, {})
        listen = (session.connection(), "before_cursor_execute", lambda *given: statements.append(given[2]))
        event.listen(*listen)
        audit.write_links(session)
        event.remove(*listen)
    assert [statement.split()[0] for statement in statements] == ["SELECT", "INSERT", "INSERT", "UPDATE"]


@pytest.mark.parametrize("actor", ["system", "of two"])
def test_of_whom_works_in_several_the_thing_says_whose_it_is(
    portfolio: Portfolio, database: Database, actor: str
) -> None:
    contract_id = portfolio.contract()
    with database.reading() as session:
        procurement_id = session.get_one(Contract, contract_id).procurement_id
        owner_id = session.get_one(Contract, contract_id).owner_id
        user_id = session.scalars(select(User.id).where(User.email == "viewer@example.org")).one()
    both = officer_of(portfolio, portfolio.root, portfolio.other_root)
    act = both if actor == "of two" else replace(portfolio.act(), where=BY_ITSELF)
    things: list[tuple[str, str, dict[str, Any]]] = [
        ("contract", contract_id, {}),
        ("position", new_id(), {"contract_id": contract_id}),
        ("clause", procurement_id, {"procurement_id": procurement_id}),
        ("procurement", procurement_id, {"unit_id": portfolio.office}),
        ("supplier", new_id(), {"root_id": portfolio.root}),
        ("unit", portfolio.office, {}),
        ("owner", owner_id, {}),
        ("user_account", user_id, {}),
        ("public_table", portfolio.root, {}),
    ]
    for subject, subject_id, payload in things:
        with database.writing() as session:
            trail.record(session, act, "changed", subject, subject_id, payload)
        assert last(database)[0].root_id == portfolio.root, subject
    for subject, subject_id in (("job_run", new_id()), ("contract", new_id()), ("user_account", "unknown")):
        with database.writing() as session:
            trail.record(session, act, "changed", subject, subject_id, {})
        assert last(database)[0].root_id is None, subject


def test_a_sign_in_belongs_to_the_organisation_of_the_user_and_to_none_where_there_are_two(
    portfolio: Portfolio, database: Database
) -> None:
    with database.reading() as session:
        user_id = session.scalars(select(User.id).where(User.email == "viewer@example.org")).one()
    with database.writing() as session:
        sessions.begin(session, user_id, "password", portfolio.clock(), HERE)
    entry, payload = last(database)
    assert (entry.action, entry.root_id) == ("signed_in", portfolio.root)
    assert payload["@from"] == {"channel": "web", "address": "192.0.2.7"}
    now = portfolio.clock()
    with database.writing() as session:
        unit_id = portfolio.other_root
        session.add(Grant(id=new_id(), user_id=user_id, role="viewer", unit_id=unit_id, created_at=now))
        session.flush()
        sessions.end_all(session, user_id, now, where=HERE)
    assert last(database)[0].root_id is None


# --- Where the chain breaks


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"action": "voided"}, audit.Fault.CHANGED),
        ({"root_id": "0" * 32}, audit.Fault.ORGANISATION),
        ({"root_id": None}, audit.Fault.ORGANISATION),
    ],
)
def test_a_link_that_was_changed_is_found_and_named(
    portfolio: Portfolio, database: Database, values: dict[str, Any], fault: audit.Fault
) -> None:
    _three_links(portfolio)
    with database.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.seq == 2).values(values))
    with database.reading() as session:
        verdict = audit.verify(session)
    assert (verdict.broken_at, verdict.fault) == (2, fault)


@pytest.mark.parametrize(
    ("seq", "broken_at", "fault"), [(2, 2, audit.Fault.MISSING), (3, 3, audit.Fault.END), (1, 1, audit.Fault.MISSING)]
)
def test_a_link_that_was_taken_out_is_found_and_named(
    portfolio: Portfolio, database: Database, seq: int, broken_at: int, fault: audit.Fault
) -> None:
    _three_links(portfolio)
    with database.writing() as session:
        session.execute(AuditPayload.__table__.delete().where(AuditPayload.seq == seq))
        session.execute(AuditEntry.__table__.delete().where(AuditEntry.seq == seq))
    with database.reading() as session:
        verdict = audit.verify(session)
    assert (verdict.broken_at, verdict.fault) == (broken_at, fault)


def test_content_that_was_changed_is_found_and_content_that_was_erased_is_not_missed(
    portfolio: Portfolio, database: Database
) -> None:
    _three_links(portfolio)
    with database.writing() as session:
        session.execute(AuditPayload.__table__.delete().where(AuditPayload.seq == 2))
    with database.reading() as session:
        verdict = audit.verify(session)
        assert (verdict.broken_at, verdict.erased_payloads) == (None, 1)
    with database.writing() as session:
        session.execute(update(AuditPayload).where(AuditPayload.seq == 3).values(payload={"n": 9}))
    with database.reading() as session:
        assert audit.verify(session).fault is audit.Fault.CONTENT


def _three_links(portfolio: Portfolio) -> None:
    act = Act(SYSTEM, portfolio.clock(), date(2019, 1, 1), BY_ITSELF)
    for number in range(3):
        with portfolio.database.writing() as session:
            trail.record(session, act, "changed", "unit", portfolio.office, {"n": number})


# --- Nobody forgets it


def test_whoever_makes_an_act_or_a_link_says_where_it_comes_from() -> None:
    wanted = {"Act": 4, "record_of": 8}
    short = []
    for path in Path(app.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = len(node.args) + sum(one.arg == "where" for one in node.keywords)
                if given < wanted.get(name, 0):
                    short.append(f"{path.name}:{node.lineno}")
    assert short == []
