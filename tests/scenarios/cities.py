"""A city of 168 contracts over 42 owners on the eve of a day on which reminders of every kind fall due."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.jobs import daily_check, delivery
from app.rules.facts import EmploymentForm, TargetGroup
from app.schemas.closures import ClosureCreate
from app.schemas.handovers import HandoverCreate
from app.schemas.owners import OwnerReference
from app.schemas.positions import PositionChange, PositionCreate
from app.schemas.purchases import PurchaseCreate
from app.services.closures import close_obligation
from app.services.handovers import hand_over
from app.services.positions import change_position, log_position
from app.services.purchases import record_purchase
from app.storage.models import Owner
from app.storage.session import Database
from notifications.senders import RecordingSender
from tests.conftest import SetClock
from tests.portfolio import Portfolio, settle
from tests.scenarios.work import Job

DAY = date(2019, 9, 16)
OWNERS = 42
OF_EACH = 14
HANDED_OVER = 3
THRESHOLD = {
    "type": "purchase_threshold",
    "positions": None,
    "threshold_cents": 50_000_00,
    "positions_per_threshold": 1,
    "completion": "may_follow_contract",
}
NINE_MONTHS = timedelta(days=274)
BEGUN = date(2018, 6, 1)
FIXED: list[dict[str, Any]] = [
    *({"ends_on": DAY + timedelta(days=left) + NINE_MONTHS, "positions": 2} for left in (170, 80, 25, 5)),
    {"starts_on": date(2019, 1, 1), "ends_on": date(2021, 12, 31), "start_within_months": 6},  # overdue
    {"ends_on": DAY + timedelta(days=200)},  # cannot be met
    {"ends_on": DAY - timedelta(days=3)},  # breached
]


@dataclass(frozen=True)
class Eventful:
    """Contracts on which something happens: purchases, an end too early, a closure."""

    bought: str
    ended_early: str
    closed: str


def build(url: str) -> None:
    """Fills a migrated database: contracts of twelve kinds, what was told of them in spring, what came since."""
    database, clock = Database(url), SetClock(BEGUN)
    city = settle(database, clock)
    eventful = []
    for number in range(OF_EACH):
        clock.set(BEGUN + timedelta(days=number))
        for kind, terms in enumerate(FIXED):
            city.contract(owner=_owner(number * 12 + kind), **terms)
        eventful.append(_eventful(city, clock, number))
    clock.set(date(2019, 3, 1))
    daily_check.run_check(database, clock.today, clock)
    delivery.deliver_all(database, Job(url, clock.now).settings(), RecordingSender(), clock)
    for number, one in enumerate(eventful):
        clock.set(DAY - timedelta(days=20 - number))
        _let_things_happen(city, one)
    _hand_some_over(city, clock)
    _speak_every_language(database)
    database.dispose()


def _owner(number: int) -> str:
    return f"owner{number * 5 % OWNERS}@example.org"


def _eventful(city: Portfolio, clock: SetClock, number: int) -> Eventful:
    """Five contracts: bought from, broken off, completed, silent, closed."""
    owners = [_owner(number * 12 + kind) for kind in range(7, 12)]
    long = {"ends_on": date(2022, 12, 31)}
    bought = city.contract(owner=owners[0], **long, **THRESHOLD)
    broken_off, completed, silent, closed = (city.contract(owner=owner, **long) for owner in owners[1:])
    clock.set(DAY - timedelta(days=295 - number))
    ended_early = _log(city, broken_off)
    _log(city, completed)
    clock.set(date(2019, 2, 1))
    _log(city, silent)
    return Eventful(bought, ended_early, closed)


def _let_things_happen(city: Portfolio, to: Eventful) -> None:
    act = city.act()
    purchase = PurchaseCreate.model_validate({"on_date": str(act.today), "amount_eur": "120000.00"})
    ended_on = act.today - timedelta(days=60)
    end = PositionChange.model_validate({"ended_on": str(ended_on), "end_reason": "resigned"})
    closure = ClosureCreate(effective_on=act.today, reason="Ceased", decision_reference="HEL 1")
    with city.database.writing() as session:
        record_purchase(session, to.bought, purchase, act)
        change_position(session, to.ended_early, end, act)
        close_obligation(session, to.closed, closure, act)


def _log(city: Portfolio, contract_id: str) -> str:
    act = city.act()
    command = PositionCreate(
        starts_on=act.today, employment_form=EmploymentForm.EMPLOYMENT, target_group=TargetGroup.IMMIGRANT
    )
    with city.database.writing() as session:
        return log_position(session, contract_id, command, act).position.id


def _hand_some_over(city: Portfolio, clock: SetClock) -> None:
    """Three contracts change hands on the eve; these mails are queued at once."""
    clock.set(DAY - timedelta(days=1))
    contract_ids = [city.contract(owner=_owner(number), ends_on=date(2023, 1, 31)) for number in range(HANDED_OVER)]
    for number, contract_id in enumerate(contract_ids):
        with city.database.writing() as session:
            owner = OwnerReference(email=_owner(number + 9), name="Sirpa Seuraaja")
            hand_over(session, contract_id, HandoverCreate(owner=owner), city.act())


def _speak_every_language(database: Database) -> None:
    with database.writing() as session:
        for number, owner in enumerate(session.scalars(select(Owner).order_by(Owner.email))):
            owner.language = ("fi", "sv", "en")[number % 3]
