"""A small city for tests that need a database: units, users with tokens, and contracts put straight into the tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.rules.codes import BUSINESS_ID_SCHEME, Role
from app.rules.policy import DEFAULT_EMPLOYMENT_FORMS
from app.services.acting import SYSTEM, Act
from app.services.judgements import first_judgement
from app.storage.models import Clause, Contract, Grant, Owner, Procurement, Supplier, Token, Unit, User, new_id
from app.storage.people import token_hash
from app.storage.session import Database

Clock = Callable[[], datetime]
Headers = dict[str, str]
Row = dict[str, Any]


@dataclass
class Portfolio:
    """Ids of what was put there and, per role, the headers that say who asks. Everyone but `stranger` sits at the root;
    `stranger` is a procurement officer of another city."""

    database: Database
    clock: Clock
    root: str = ""
    division: str = ""
    office: str = ""
    other_root: str = ""
    headers: dict[str, Headers] = field(default_factory=dict)
    count: int = 0

    def __getattr__(self, name: str) -> Headers:
        try:
            return self.__dict__["headers"][name]
        except KeyError:
            raise AttributeError(name) from None

    def act(self) -> Act:
        now = self.clock()
        return Act(SYSTEM, now, now.astimezone(ZoneInfo("Europe/Helsinki")).date())

    def contract(self, *, unit_id: str | None = None, owner: str = "owner@example.org", **terms: Any) -> str:
        """Registers the contract of the worked examples, or what `terms` say of clause and contract; gives its id."""
        with self.database.writing() as session:
            return _register(session, self, unit_id or self.division, owner, terms)


CLAUSE = {
    "type": "fixed_count",
    "positions": 1,
    "min_duration_months": 9,
    "employment_forms": list(DEFAULT_EMPLOYMENT_FORMS),
    "replacement_allowed": True,
    "completion": "within_contract",
    "replacement_within_months": 3,
}
CONTRACT = {"starts_on": date(2018, 3, 1), "ends_on": date(2020, 2, 28), "supplier_language": "fi"}


def _register(session: Session, city: Portfolio, unit_id: str, owner_email: str, terms: dict[str, Any]) -> str:
    act = city.act()
    city.count += 1
    unit = session.get_one(Unit, unit_id)
    clause_terms = CLAUSE | {name: value for name, value in terms.items() if name in Clause.__table__.columns}
    contract_terms = CONTRACT | {name: value for name, value in terms.items() if name not in clause_terms}
    owner = session.query(Owner).filter_by(email=owner_email).one_or_none()
    if owner is None:
        owner = Owner(id=new_id(), email=owner_email, name="Olli Omistaja", language="fi", created_at=act.now)
    number = f"{city.count:07}"
    supplier = Supplier(
        id=new_id(),
        root_id=unit.root_id,
        scheme=BUSINESS_ID_SCHEME,
        identifier=number,
        name=f"Toimittaja {city.count} Oy",
        created_at=act.now,
    )
    procurement = Procurement(
        id=new_id(),
        unit_id=unit_id,
        reference=f"HEL {city.count}",
        title=f"Siivouspalvelut {city.count}",
        kind="services",
        created_at=act.now,
    )
    session.add_all([owner, supplier, procurement])
    session.flush()
    contract = Contract(
        id=new_id(),
        procurement_id=procurement.id,
        unit_id=unit_id,
        supplier_id=supplier.id,
        owner_id=owner.id,
        reference=f"S-{city.count}",
        created_at=act.now,
        **{"registered_on": act.today, "last_recorded_on": act.today} | contract_terms,
    )
    session.add_all([Clause(procurement_id=procurement.id, **clause_terms), contract])
    session.flush()
    first_judgement(session, contract.id, (unit.path, unit.path), act)
    return contract.id


def settle(database: Database, clock: Clock) -> Portfolio:
    """Row by row of one kind at once: every test that needs a city begins with this."""
    city, now = Portfolio(database, clock), clock()
    units = [helsinki := _unit_row(now, "Helsinki", None), vantaa := _unit_row(now, "Vantaa", None)]
    units.append(division := _unit_row(now, "Kaupunkiympäristön toimiala", helsinki["path"]))
    units.append(office := _unit_row(now, "Hankintayksikkö", division["path"]))
    city.root, city.other_root, city.division, city.office = (one["id"] for one in (helsinki, vantaa, division, office))
    people = {name: (role, city.root, f"{role}@example.org") for role, name in ROLE_NAMES.items()}
    people["owner"] = (Role.CONTRACT_OWNER, city.root, "owner@example.org")
    people["stranger"] = (Role.PROCUREMENT_OFFICER, city.other_root, "stranger@example.org")
    with database.writing() as session:
        session.execute(insert(Unit), units)
        _add(session, [_user_rows(now, *person) for person in people.values()])
    city.headers = {name: _headers(email) for name, (_, _, email) in people.items()}
    return city


ROLE_NAMES = {
    Role.PROCUREMENT_OFFICER: "officer",
    Role.BUSINESS_LIAISON: "liaison",
    Role.CONTRACT_OWNER: "other_owner",
    Role.PROJECT_REPORTER: "reporter",
    Role.VIEWER: "viewer",
    Role.ADMIN: "admin",
}


def _unit(session: Session, clock: Clock, name: str, parent_id: str | None) -> str:
    above = session.get_one(Unit, parent_id).path if parent_id else None
    row = _unit_row(clock(), name, above)
    session.execute(insert(Unit), [row])
    return str(row["id"])


def _unit_row(now: datetime, name: str, above: str | None) -> Row:
    """A unit below the one with the path."""
    unit_id = new_id()
    parents = (above or "").strip("/").split("/") if above else []
    return {
        "id": unit_id,
        "parent_id": parents[-1] if parents else None,
        "root_id": parents[0] if parents else unit_id,
        "path": f"{above or '/'}{unit_id}/",
        "name": name,
        "version": 1,
        "created_at": now,
    }


def _user(session: Session, clock: Clock, role: Role, unit_id: str, email: str) -> Headers:
    _add(session, [_user_rows(clock(), role, unit_id, email)])
    return _headers(email)


def _user_rows(now: datetime, role: Role, unit_id: str, email: str) -> tuple[Row, Row, Row]:
    """A user with a role and a token."""
    user_id = new_id()
    user = {"id": user_id, "email": email, "name": email, "language": "en", "version": 1, "created_at": now}
    grant = {"id": new_id(), "user_id": user_id, "role": role, "unit_id": unit_id, "created_at": now}
    token = {"id": new_id(), "user_id": user_id, "name": "test", "token_hash": token_hash(_secret(email))}
    return user, grant, token | {"created_at": now}


def _add(session: Session, people: list[tuple[Row, Row, Row]]) -> None:
    for table, rows in zip((User, Grant, Token), zip(*people, strict=True), strict=True):
        session.execute(insert(table), list(rows))


def _headers(email: str) -> Headers:
    return {"Authorization": f"Bearer {_secret(email)}"}


def _secret(email: str) -> str:
    return f"token of {email}"
