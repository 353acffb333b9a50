"""What the company register says of suppliers: kept for a while, asked again by the clock, never by a page.

A bankruptcy, a liquidation or a restructuring is a risk that is told; nothing that the register says or fails to say
keeps anybody from registering.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import BUSINESS_ID_SCHEME, CompanySituation
from app.rules.status import Standing
from app.rules.suppliers import is_at_stake
from app.schemas.text import holds_identity_code
from app.services.acting import Act
from app.sources.companies import RegisteredCompany, RegisteredSituation
from app.storage import companies

FRESH_FOR = timedelta(days=7)
"""A bankruptcy is known here a week after the register has it at the latest, and a city with 20 000 suppliers asks
about two a minute: far from what the register's terms allow."""
MISS_FRESH_FOR = timedelta(days=30)
"""Who is not in the register is most often a municipality, an association or a foundation, and stays so."""
AGAIN_AFTER = timedelta(hours=1)
"""About a company of which no answer came, or whoever wanted to ask broke off."""
PAUSE = timedelta(minutes=15)
"""When the register is plainly away, nobody is asked about for so long; longer where it says so."""
ROUND = 20
"""Companies asked about at a time: less than the register's pace allows between two rounds of the clock."""
MOST_WAITING = 200
"""Typed business IDs that wait to be asked about: no one's typing fills the table or keeps the register busy."""
_BUSINESS_ID = re.compile(r"[0-9]{7}-[0-9]")


@dataclass(frozen=True, slots=True)
class Situation:
    """What puts a company's obligations at risk; `since` is the day of the register's entry, where it tells one,
    `seen_on` the day on which the service first saw it."""

    code: CompanySituation
    since: date | None
    seen_on: date


@dataclass(frozen=True, slots=True)
class CompanyKnown:
    """A company as the register last had it; `fetched_at` is None while it was not asked, and then `late` tells
    whether the register was tried in vain. `forms` is by language."""

    business_id: str
    found: bool
    name: str | None
    forms: dict[str, str]
    situations: tuple[Situation, ...]
    fetched_at: datetime | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class PartyKnown:
    """A party of a contract, by the name that the contract has for it, with what the register says."""

    supplier_id: str
    name: str
    company: CompanyKnown


# --- What is known


def of_contract(session: Session, contract_id: str) -> tuple[PartyKnown, ...]:
    """What is known of a contract's supplier and its other parties, where the register was asked. The caller has seen
    to it that the actor sees the contract."""
    rows = companies.of_contract(session, contract_id)
    return tuple(PartyKnown(row.supplier_id, row.supplier_name, _known(row)) for row in rows)


def at_risk(parties: Sequence[PartyKnown], standing: Standing, day: date) -> tuple[PartyKnown, ...]:
    """The parties in trouble, while that matters to the obligation."""
    return tuple(one for one in parties if one.company.situations) if is_at_stake(standing, day) else ()


def in_trouble_on(session: Session, contract_id: str, standing: Standing, day: date) -> tuple[PartyKnown, ...]:
    """The parties in trouble, while that matters to the obligation; asked for only then."""
    return at_risk(of_contract(session, contract_id), standing, day) if is_at_stake(standing, day) else ()


def known(session: Session, business_ids: Collection[str], now: datetime) -> dict[str, CompanyKnown]:
    """What is known of companies, by business ID; also of those that wait to be asked about."""
    rows = companies.known(session, business_ids) if business_ids else {}
    return {one: _known(row, late=row.fetched_at is None and row.ask_at > now) for one, row in rows.items()}


def in_trouble(session: Session, rows: Sequence[Any], day: date) -> dict[str, tuple[Situation, ...]]:
    """The situations of the suppliers of a list's contracts, by the contract's id, where they matter to it. `rows` are
    those of storage.contract_lists."""
    ids = {row.identifier for row in rows if row.scheme == BUSINESS_ID_SCHEME}
    found = companies.known(session, ids) if ids else {}
    troubled = {one: _situations(company) for one, company in found.items() if company.situations}
    return {
        row.id: troubled[row.identifier]
        for row in rows
        if row.identifier in troubled and row.scheme == BUSINESS_ID_SCHEME and is_at_stake(row, day)
    }


def _known(row: Any, *, late: bool = False) -> CompanyKnown:
    situations = _situations(row)
    return CompanyKnown(row.business_id, row.found, row.name, dict(row.forms), situations, row.fetched_at, late)


def _situations(row: Any) -> tuple[Situation, ...]:
    return tuple(
        Situation(
            CompanySituation(one["code"]),
            None if one["since"] is None else date.fromisoformat(one["since"]),
            date.fromisoformat(one["seen_on"]),
        )
        for one in row.situations
    )


# --- Asking


def want(session: Session, business_ids: Collection[str], act: Act) -> None:
    """Someone typed these: the register is asked about those of which nothing is known, when the clock next does."""
    room = MOST_WAITING - companies.waiting(session)
    companies.add_wanted(session, sorted(filter(_BUSINESS_ID.fullmatch, business_ids))[: max(room, 0)], act.now)


def is_any_due(session: Session, act: Act) -> bool:
    return companies.is_any_due(session, act.now)


def take_due(session: Session, act: Act) -> Sequence[str]:
    """Business IDs of a round of companies to ask about now, suppliers that were never asked about among them. They
    are due again after a while, should the caller break off: of two processes each takes its own."""
    room = ROUND - len(companies.due(session, act.now, ROUND))
    companies.add_wanted(session, companies.unknown_suppliers(session, max(room, 0)), act.now)
    taken = companies.due(session, act.now, ROUND)
    companies.forget_strangers(session, taken)
    companies.change_many(session, taken, {"ask_at": act.now + AGAIN_AFTER})
    return sorted(companies.known(session, taken))


def has_form(business_id: str) -> bool:
    """Whether the register could know it: what came in by other ways may not even look like a business ID."""
    return _BUSINESS_ID.fullmatch(business_id) is not None


def keep(session: Session, business_id: str, told: RegisteredCompany | None, act: Act) -> bool:
    """Keeps what the register told; None: it knows no such company. Says whether a situation is new."""
    row = companies.get(session, business_id)
    if row is None:
        return False
    before = {one["code"]: one["seen_on"] for one in row.situations}
    row.fetched_at = act.now
    row.found = told is not None
    row.ask_at = act.now + (MISS_FRESH_FOR if told is None else FRESH_FOR)
    row.name = None if told is None or holds_identity_code(told.name or "") else told.name
    row.forms = {} if told is None else dict(told.forms)
    row.situations = [] if told is None else [_kept(one, before, act.today) for one in told.situations]
    return any(one["code"] not in before for one in row.situations)


def _kept(situation: RegisteredSituation, before: dict[str | None, str | None], today: date) -> dict[str, str | None]:
    seen_on = before.get(situation.code.value) or today.isoformat()
    since = None if situation.since is None else situation.since.isoformat()
    return {"code": situation.code.value, "since": since, "seen_on": seen_on}


def pause(session: Session, asked_for: timedelta | None, act: Act) -> timedelta:
    """The register is away: for a while, which is given back, nobody is asked about by any process."""
    wait = max(asked_for or PAUSE, PAUSE)
    companies.put_off(session, act.now + wait)
    return wait


def wake(session: Session, act: Act, *, everything: bool = False) -> None:
    """Someone wants it now: what was put off is due again, or simply every company."""
    if everything:
        companies.wake_all(session, act.now)
    else:
        companies.wake(session, act.now, act.now - FRESH_FOR, act.now - MISS_FRESH_FOR)
