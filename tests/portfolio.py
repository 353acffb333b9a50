"""A small city for tests that need a database: units, users with tokens, and contracts put straight into the tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

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
    city = Portfolio(database, clock)
    with database.writing() as session:
        city.root = _unit(session, clock, "Helsinki", None)
        city.division = _unit(session, clock, "Kaupunkiympäristön toimiala", city.root)
        city.office = _unit(session, clock, "Hankintayksikkö", city.division)
        city.other_root = _unit(session, clock, "Vantaa", None)
        for role in Role:
            city.headers[ROLE_NAMES[role]] = _user(session, clock, role, city.root, f"{role}@example.org")
        city.headers["owner"] = _user(session, clock, Role.CONTRACT_OWNER, city.root, "owner@example.org")
        city.headers["stranger"] = _user(
            session, clock, Role.PROCUREMENT_OFFICER, city.other_root, "stranger@example.org"
        )
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
    above = session.get_one(Unit, parent_id) if parent_id else None
    unit_id = new_id()
    path = f"{above.path if above else '/'}{unit_id}/"
    root_id = above.root_id if above else unit_id
    unit = Unit(id=unit_id, parent_id=parent_id, root_id=root_id, path=path, name=name, created_at=clock())
    session.add(unit)
    session.flush()
    return unit_id


def _user(session: Session, clock: Clock, role: Role, unit_id: str, email: str) -> Headers:
    user = User(id=new_id(), email=email, name=email, language="en", active=True, created_at=clock())
    session.add(user)
    session.flush()
    secret = f"token of {email}"
    session.add_all(
        [
            Grant(id=new_id(), user_id=user.id, role=role, unit_id=unit_id, created_at=clock()),
            Token(id=new_id(), user_id=user.id, name="test", token_hash=token_hash(secret), created_at=clock()),
        ]
    )
    return {"Authorization": f"Bearer {secret}"}
