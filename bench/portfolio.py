"""A city's portfolio of any size, the same for the same seed: three positions and thirty purchases to a contract."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Engine
from stdnum.fi import ytunnus

from app.rules.codes import BUSINESS_ID_SCHEME
from app.rules.facts import ClauseType, Completion
from app.rules.policy import DEFAULT_EMPLOYMENT_FORMS
from app.storage.people import token_hash
from app.storage.schema import migrate
from app.storage.session import Database
from bench import bulk

TODAY = date(2026, 1, 15)
"""The day on which the portfolio stands; measuring goes on from here."""
NOON = " 12:00:00.000000"
SECRET = "bench-token"  # noqa: S105 - opens a database that is thrown away
SEED = 20_260_115
PURCHASES, POSITIONS = 30, 3
CONTRACTS_PER_OWNER, CONTRACTS_PER_SUPPLIER = 33, 2
UNITS_APART = 10_000
"""Between the numbers of two cities' units."""
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """What the rows of a contract have in common."""

    id: str
    number: int
    type: ClauseType
    starts_on: date
    ends_on: date

    @property
    def seen_until(self) -> date:
        """The last day of which something can be recorded."""
        return min(self.ends_on, TODAY)


@dataclass(slots=True)
class City:
    """Units and people of a city; `leaves` are the units that buy, with their paths."""

    number: int
    root: str
    units: list[Row] = field(default_factory=list)
    leaves: list[tuple[str, str]] = field(default_factory=list)
    owners: int = 1
    suppliers: int = 1

    def owner(self, number: int) -> str:
        """The id of one of its owners; those of all cities are counted on."""
        return key(5, self.number * self.owners + number)

    def supplier(self, number: int) -> str:
        """The id of one of its suppliers, likewise."""
        return key(6, self.number * self.suppliers + number)


def key(kind: int, number: int) -> str:
    """An id: those of one kind lie together and in order, as ids made one after another do."""
    return f"{kind:04x}{number:028x}"


def business_ids(count: int) -> list[str]:
    """So many valid Finnish business IDs, always the same."""
    found = (f"{number:07d}-{digit}" for number in range(1_000_000, 10_000_000) for digit in range(10))
    return list(islice(filter(ytunnus.is_valid, found), count))


def fill(url: str, contracts: int, cities: int = 1) -> None:
    """Migrates an empty database and fills it with so many contracts, none of them judged yet; each city gets as many
    of them, and the one user is of the first."""
    database = Database(url)
    migrate(database.engine)
    made = [_city(number) for number in range(cities)]
    for city in made:
        city.owners = max(1, contracts // CONTRACTS_PER_OWNER // cities)
        city.suppliers = max(1, contracts // CONTRACTS_PER_SUPPLIER // cities)
    _people(database.engine, made)
    for first in range(0, contracts, 20_000):
        _contracts(database.engine, made, range(first, min(contracts, first + 20_000)), Random(SEED + first))
    bulk.settle(database.engine)
    database.dispose()


def _city(number: int) -> City:
    """A root, eight divisions, ten units in each."""
    first = number * UNITS_APART
    root = key(1, first)
    city = City(number, root, [(root, None, root, f"/{root}/", f"City {number}")])
    for division in range(8):
        above = key(1, first + 100 + division)
        path = f"/{root}/{above}/"
        city.units.append((above, root, root, path, f"Division {division}"))
        for service in range(10):
            unit = key(1, first + 1000 + 10 * division + service)
            city.units.append((unit, above, root, f"{path}{unit}/", f"Service {division}.{service}"))
            city.leaves.append((unit, f"{path}{unit}/"))
    return city


def _people(engine: Engine, cities: Sequence[City]) -> None:
    now = f"{TODAY}{NOON}"
    of_unit = ("id", "parent_id", "root_id", "path", "name", "created_at", "version")
    bulk.put(engine, "unit", of_unit, [(*unit, now, 1) for city in cities for unit in city.units])
    user = key(2, 0)
    columns = ("id", "email", "name", "language", "created_at", "version")
    bulk.put(engine, "user_account", columns, [(user, "officer@example.org", "Olga Officer", "fi", now, 1)])
    roles = enumerate(("procurement_officer", "business_liaison"))
    grants = [(key(3, number), user, role, cities[0].root, now) for number, role in roles]
    bulk.put(engine, "role_grant", ("id", "user_id", "role", "unit_id", "created_at"), grants)
    token = (key(4, 0), user, "bench", token_hash(SECRET), now)
    bulk.put(engine, "token", ("id", "user_id", "name", "token_hash", "created_at"), [token])
    count = sum(city.owners for city in cities)
    owners = ((key(5, n), f"owner{n}@example.org", f"Owner {n}", "fi", now, 1) for n in range(count))
    bulk.put(engine, "owner", columns, owners)
    of_supplier = ("id", "root_id", "scheme", "identifier", "name", "created_at", "version")
    suppliers = (
        (city.supplier(n), city.root, BUSINESS_ID_SCHEME, one, f"Supplier {n} Oy", now, 1)
        for city in cities
        for n, one in enumerate(business_ids(city.suppliers))
    )
    bulk.put(engine, "supplier", of_supplier, suppliers)


TYPES = (ClauseType.FIXED_COUNT,) * 4 + (ClauseType.PURCHASE_THRESHOLD,) * 4 + (ClauseType.AWARD_CRITERION,) * 2


def _contracts(engine: Engine, cities: Sequence[City], numbers: range, random: Random) -> None:
    """A stretch of contracts with all that hangs on them: few enough to be held in memory."""
    made: list[Contract] = []
    rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for number in numbers:
        city = cities[number % len(cities)]
        starts_on = TODAY - timedelta(days=random.randint(-60, 1500))
        ends_on = starts_on + timedelta(days=random.randint(500, 1800))
        contract = Contract(key(8, number), number, random.choice(TYPES), starts_on, ends_on)
        made.append(contract)
        unit, unit_path = random.choice(city.leaves)
        buyer, buyer_path = (unit, unit_path) if random.random() < 0.7 else random.choice(city.leaves)
        rows["procurement"].append(_procurement(contract, buyer))
        rows["clause"].append(_clause(contract, random))
        owner, supplier = city.owner(random.randrange(city.owners)), city.supplier(random.randrange(city.suppliers))
        rows["contract"].append(_contract(contract, unit, supplier, owner))
        rows["contract_option"] += _options(contract, random)
        rows["adjustment"] += _adjustments(contract, random)
        rows["closure"] += _closures(contract, random)
        rows["position"] += _positions(contract, random)
        rows["judgement"].append(_unjudged(contract, unit_path, buyer_path))
    for table, columns in COLUMNS.items():
        bulk.put(engine, table, columns, rows[table])
    bulk.put(engine, "purchase", PURCHASE, (row for contract in made for row in _purchases(contract, random)))


COLUMNS: dict[str, Sequence[str]] = {
    "procurement": ("id", "unit_id", "reference", "title", "kind", "created_at", "version"),
    "clause": (
        *("procurement_id", "type", "positions", "threshold_cents", "positions_per_threshold", "points_per_position"),
        *("max_points", "min_duration_months", "employment_forms", "replacement_allowed", "completion"),
        "replacement_within_months",
    ),
    "contract": (
        *("id", "procurement_id", "unit_id", "supplier_id", "owner_id", "reference", "starts_on", "ends_on"),
        *("committed_positions", "value_cents", "supplier_language", "registered_on", "last_recorded_on"),
        *("created_at", "version"),
    ),
    "contract_option": ("id", "contract_id", "ends_on", "exercised_on"),
    "adjustment": (
        *("id", "contract_id", "effective_on", "delta", "reason", "decision_reference", "recorded_on"),
        *("created_at", "version"),
    ),
    "closure": (
        *("id", "contract_id", "effective_on", "reason", "decision_reference", "recorded_on", "created_at"),
        "version",
    ),
    "position": (
        *("id", "contract_id", "starts_on", "agreed_on", "planned_end_on", "ended_on", "end_reason"),
        *("end_recorded_on", "employment_form", "target_group", "channel", "replaces_id", "logged_on"),
        *("created_at", "version"),
    ),
    "judgement": (
        *("contract_id", "unit_path", "procurement_unit_path", "status", "required", "completed", "late", "running"),
        *("upcoming", "interrupted", "filled", "covered", "missing", "effective_end_on", "missing_latest_starts"),
        *("promised_min", "judged_on", "recheck_on"),
    ),
}
PURCHASE = ("id", "contract_id", "on_date", "amount_cents", "recorded_on", "created_at", "version")


def _procurement(contract: Contract, buyer: str) -> Row:
    number = contract.number
    return (key(7, number), buyer, f"HEL 2026-{number:07d}", f"Service {number}", "services", f"{TODAY}{NOON}", 1)


def _clause(contract: Contract, random: Random) -> Row:
    fixed, threshold, award = (contract.type is one for one in ClauseType)
    return (
        *(key(7, contract.number), contract.type.value, random.randint(1, 3) if fixed else None),
        *(50_000_000 if threshold else None, 1 if threshold else None, 200 if award else None, 1000 if award else None),
        *(9, json.dumps(list(DEFAULT_EMPLOYMENT_FORMS)), True),
        *(random.choice(list(Completion)).value, 3),
    )


def _contract(contract: Contract, unit: str, supplier: str, owner: str) -> Row:
    promises = contract.type is ClauseType.AWARD_CRITERION
    recorded = min(TODAY, contract.starts_on + timedelta(days=20))
    return (
        *(contract.id, key(7, contract.number), unit, supplier, owner, f"S-{contract.number:07d}"),
        *(str(contract.starts_on), str(contract.ends_on), 1 + contract.number % 3 if promises else None),
        *(200_000_000, "fi", str(recorded), str(max(recorded, contract.seen_until - timedelta(days=10)))),
        *(f"{recorded}{NOON}", 1),
    )


def _options(contract: Contract, random: Random) -> Iterator[Row]:
    if random.random() < 0.3:
        exercised = contract.ends_on - timedelta(days=90)
        taken = exercised <= TODAY and random.random() < 0.5
        ends_on = contract.ends_on + timedelta(days=365)
        yield (key(9, contract.number), contract.id, str(ends_on), str(exercised) if taken else None)


def _adjustments(contract: Contract, random: Random) -> Iterator[Row]:
    if random.random() < 0.03 and contract.starts_on < TODAY:
        day = str(contract.starts_on)
        delta = random.choice((-1, 1))
        yield (key(10, contract.number), contract.id, day, delta, "Agreed", "§ 1", day, f"{day}{NOON}", 1)


def _closures(contract: Contract, random: Random) -> Iterator[Row]:
    if random.random() < 0.03 and contract.starts_on < TODAY:
        day = str(contract.seen_until)
        yield (key(11, contract.number), contract.id, day, "Done", "§ 2", day, f"{day}{NOON}", 1)


FORMS = ("employment", "apprenticeship", "work_trial")
GROUPS = ("youth", "immigrant", "long_term_unemployed", "partial_work_ability")


def _positions(contract: Contract, random: Random) -> Iterator[Row]:
    """Two jobs and a third that takes up the second one where it broke off."""
    broken = random.random() < 0.4
    ended: date | None = None
    for number in range(POSITIONS):
        begins = contract.starts_on + timedelta(days=random.randint(0, 400))
        replaces = None
        if number == 2 and ended is not None:
            begins, replaces = ended + timedelta(days=random.randint(5, 60)), key(12, POSITIONS * contract.number + 1)
        ended = begins + timedelta(days=random.randint(20, 150)) if number == 1 and broken else None
        ended = ended if ended is not None and ended <= TODAY else None
        logged = min(begins + timedelta(days=3), TODAY)
        end = None if ended is None else str(ended)
        yield (
            *(key(12, POSITIONS * contract.number + number), contract.id, str(begins), str(min(begins, logged))),
            *(None, end, None if end is None else "resigned", end),
            *(random.choice(FORMS), random.choice(GROUPS), "team", replaces, str(logged), f"{logged}{NOON}", 1),
        )


def _purchases(contract: Contract, random: Random) -> Iterator[Row]:
    """About forty thousand euros every few weeks, now and then a credit note; in the order of their days."""
    days = (contract.seen_until - contract.starts_on).days + 1
    if days < 1:
        return
    for number, offset in enumerate(sorted(random.randrange(days) for _ in range(PURCHASES))):
        day = str(contract.starts_on + timedelta(days=offset))
        cents = random.randint(200_000, 8_000_000) if random.random() < 0.97 else -random.randint(10_000, 200_000)
        yield (key(13, PURCHASES * contract.number + number), contract.id, day, cents, day, f"{day}{NOON}", 1)


def _unjudged(contract: Contract, unit_path: str, buyer_path: str) -> Row:
    """A row that the first check makes true."""
    day = str(TODAY)
    return (
        *(contract.id, unit_path, buyer_path, "no_obligation", *[0] * 9, str(contract.ends_on), "[]", 0),
        *(day, day),
    )
