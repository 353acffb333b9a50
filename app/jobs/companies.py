"""Asks the company register about suppliers, a round at a time. Nobody waits for it: each answer is kept in a
transaction of its own, and the register is asked outside of any."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from app.services import companies
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.sources.companies import RegisterUnavailable
from app.sources.company_register import CompanyRegister
from app.storage.session import Database

log = structlog.get_logger(__name__)
FAILURES_IN_A_ROW = 3
"""After so many the register is taken to be away: one odd answer must not keep the other companies waiting."""


class Counts(NamedTuple):
    """What came of asking. `new_risks` are companies with a situation not seen before; `unanswered` wait."""

    found: int = 0
    missing: int = 0
    new_risks: int = 0
    unanswered: int = 0

    def plus(self, other: "Counts") -> "Counts":
        return Counts(*map(sum, zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Asking:
    """Where companies are kept, whom to ask, and what time it is."""

    database: Database
    register: CompanyRegister
    clock: Callable[[], datetime]
    timezone: ZoneInfo

    def act(self) -> Act:
        now = self.clock()
        return Act(SYSTEM, now, now.astimezone(self.timezone).date(), BY_ITSELF)


def refresh_due(asking: Asking) -> Counts | None:
    """One round of the companies that are due. Where none is, or the register is to be left alone: None, and nothing
    is written."""
    act = asking.act()
    if asking.register.is_resting:
        return None
    with asking.database.reading() as session:
        if not companies.is_any_due(session, act):
            return None
    with asking.database.writing() as session:
        due = companies.take_due(session, act)
    counts = _ask(asking, due)
    log.info("companies_asked", found=counts.found, missing=counts.missing, unanswered=counts.unanswered)
    return counts


def refresh_all(asking: Asking, *, everything: bool = False) -> Counts:
    """Round after round until nothing is due or the register is away; what was put off is due at once. With
    `everything` every company is."""
    with asking.database.writing() as session:
        companies.wake(session, asking.act(), everything=everything)
    total = Counts()
    while (counts := refresh_due(asking)) is not None:
        total = total.plus(counts)
    return total


def _ask(asking: Asking, business_ids: Sequence[str]) -> Counts:
    counts, in_a_row = Counts(), 0
    for number, business_id in enumerate(business_ids):
        try:
            counts = counts.plus(_ask_about(asking, business_id))
            in_a_row = 0
        except RegisterUnavailable as away:
            in_a_row += 1
            log.warning("company_register_unavailable", reason=away.reason)
            if away.retry_after is not None or in_a_row == FAILURES_IN_A_ROW:
                _pause(asking, away)
                return counts.plus(Counts(unanswered=len(business_ids) - number))
            counts = counts.plus(Counts(unanswered=1))
    return counts


def _pause(asking: Asking, away: RegisterUnavailable) -> None:
    with asking.database.writing() as session:
        asking.register.rest(companies.pause(session, away.retry_after, asking.act()))


def _ask_about(asking: Asking, business_id: str) -> Counts:
    told = asking.register.find(business_id) if companies.has_form(business_id) else None
    with asking.database.writing() as session:
        new_risk = companies.keep(session, business_id, told, asking.act())
    return Counts(found=int(told is not None), missing=int(told is None), new_risks=int(new_risk))
