"""Whose jobs are to be erased when: the clock of each contract, the notice to its owner, the list for those who write
contracts. Erasing itself is in services/erasing.py.

Nothing is erased without a notice in force that its owner has had for the whole of its time, or that could not be
delivered and has been shown to people for as long. A notice says until when the clock ran; where facts, disputes, the
months or the owner change, it is withdrawn, and a later erasing needs another.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from app.rules import policy
from app.rules.codes import MessageStatus
from app.rules.facts import ContractFacts
from app.rules.reminders import Reminder, ReminderKind
from app.rules.retention import Clock, NotYet, Running, clock_of, may_be_due_on, months_kept
from app.services import holding, public_tables
from app.services import outbox as posting
from app.services.acting import Act, Permission, may, trees_where
from app.storage import contracts, disputes, erased_contracts, judgements, outbox, retention
from app.storage.facts import load_facts
from app.storage.models import Dispute, Owner

CHUNK = 500
"""Contracts looked at together: their facts fit into memory whatever they are."""
MOST_IN_A_MAIL = 50
"""Contracts in one notice; the others come the next day."""
MOST_LISTED = 1000
"""Contracts looked at for the list: a city that has just begun may have years of them."""
NOTICE = timedelta(days=policy.ERASURE_NOTICE_DAYS)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in force: the clock's day it was told for, the day it named, and since when its time runs; None where
    it has not gone out yet."""

    id: str
    due_on: date
    erase_on: date
    sent: bool
    refused: bool
    since: Any
    owner_is_told: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of a contract's jobs."""

    clock: Clock | Running
    notice: Told | None

    @property
    def notice_fits(self) -> bool:
        """Whether the owner has been told of this very erasing."""
        due = self.clock.erase_on if isinstance(self.clock, Clock) else None
        return self.notice is not None and self.notice.due_on == due and self.notice.owner_is_told

    def needs_notice(self, today: date) -> bool:
        return isinstance(self.clock, Clock) and today >= self.clock.notice_on and not self.notice_fits

    def may_erase(self, act: Act) -> bool:
        """Whether the notice's time is over, counted from when it went out or was refused for good."""
        if not isinstance(self.clock, Clock) or self.notice is None or not self.notice_fits:
            return False
        since = self.notice.since
        if since is None or act.today < max(self.notice.erase_on, self.clock.erase_on):
            return False
        return bool(act.now.date() - since.date() >= NOTICE)  # in days, which no change of the hour cuts short


def erase_on(clock: Clock, today: date) -> date:
    """The earliest day to name in a notice made today."""
    return max(clock.erase_on, today + NOTICE)


def plans(session: Session, contract_ids: Sequence[str], act: Act) -> dict[str, Plan]:
    """What is to become of contracts whose jobs are not erased."""
    facts = load_facts(session, contract_ids)
    return _plans(session, {one: facts[one] for one in contract_ids if one in facts and facts[one].kept is None}, act)


def _plans(session: Session, facts: Mapping[str, ContractFacts], act: Act) -> dict[str, Plan]:
    contract_ids = list(facts)
    stays, roots = disputes.stays(session, contract_ids), retention.roots_of(session, contract_ids)
    told = retention.notices(session, contract_ids)
    found = {}
    for contract_id in contract_ids:
        months = months_kept(roots[contract_id][1])
        clock = clock_of(facts[contract_id], stays.get(contract_id, ()), months, act.today)
        found[contract_id] = Plan(clock, _told(told.get(contract_id)))
    return found


def _told(row: Any) -> Told | None:
    if row is None or row.status == MessageStatus.WITHDRAWN:
        return None
    sent, refused = row.status == MessageStatus.SENT, row.status == MessageStatus.REFUSED
    since = row.sent_at if sent else row.rendered_at or row.created_at if refused else None  # refused when last worded
    is_owner = row.owner_id == row.contract_owner_id
    return Told(row.id, date.fromisoformat(row.key), row.on_date, sent, refused, since, is_owner)


def due_contracts(session: Session, act: Act, trees: Sequence[str] = ("/",)) -> Iterator[tuple[str, Plan]]:
    """Contracts in the trees of whose erasing the owner is to have heard by today, with what is to become of them."""
    kept = retention.months_of_roots(session)
    days = {root_id: may_be_due_on(act.today, months_kept(own)) for root_id, own in kept.items()}
    for ids in retention.ended_by(session, days, trees, CHUNK):
        yield from plans(session, ids, act).items()


def erasable(session: Session, act: Act) -> list[str]:
    """Contracts whose jobs may be erased now. An organisation of which tables are due that count such jobs waits until
    they are published: they are made once, and from the jobs."""
    due = [contract_id for contract_id, plan in due_contracts(session, act) if plan.may_erase(act)]
    found: list[str] = []
    waits: dict[str, bool] = {}
    for first in range(0, len(due), CHUNK):
        for contract_id, (root_id, _) in retention.roots_of(session, due[first : first + CHUNK]).items():
            if root_id not in waits:
                waits[root_id] = public_tables.is_due(session, root_id, act)
            if not waits[root_id]:
                found.append(contract_id)
    return sorted(found)


def owners_to_tell(session: Session, act: Act) -> dict[str, list[str]]:
    """By owner the contracts of whose erasing they are to hear."""
    wanted = [contract_id for contract_id, plan in due_contracts(session, act) if plan.needs_notice(act.today)]
    by_owner: dict[str, list[str]] = defaultdict(list)
    for first in range(0, len(wanted), CHUNK):
        for contract_id, owner_id in judgements.owners_of(session, wanted[first : first + CHUNK]).items():
            by_owner[owner_id].append(contract_id)
    return {owner_id: sorted(ids)[:MOST_IN_A_MAIL] for owner_id, ids in sorted(by_owner.items())}


def tell_owner(session: Session, owner_id: str, contract_ids: Sequence[str], act: Act) -> int:
    """Puts the notices into the owner's one mail of the day, and says how many; none where that mail has gone out.

    Whoever has a mail every day would never hear of it if the notices came after the mail: they are told in the
    transaction that makes it.
    """
    if not contract_ids:
        return 0
    judgements.lock(session, contract_ids)
    ours = [one for one, owner in judgements.owners_of(session, contract_ids).items() if owner == owner_id]
    due: dict[str, list[Reminder]] = {}
    for contract_id, plan in plans(session, sorted(ours), act).items():
        if plan.needs_notice(act.today) and isinstance(plan.clock, Clock):
            key, day = plan.clock.erase_on.isoformat(), erase_on(plan.clock, act.today)
            due[contract_id] = [Reminder(ReminderKind.ERASURE_AHEAD, key, day)]
    withdraw_others(session, sorted(due), act)
    owner = session.get_one(Owner, owner_id)
    return len(due) if due and posting.queue_reminders(session, owner, due, act, joins=True) else 0


def noticed_contracts(session: Session, after: str) -> Sequence[str]:
    """The next contracts, in the order of ids, with a notice in force."""
    return retention.noticed(session, after, CHUNK)


def withdraw_others(session: Session, contract_ids: Sequence[str], act: Act) -> int:
    """Takes back the notices of another erasing than the one that the facts say now, and says how many."""
    judgements.lock(session, contract_ids)
    told = retention.notices(session, contract_ids)
    found = plans(session, sorted(told), act)
    gone = [told[contract_id].id for contract_id, plan in found.items() if not plan.notice_fits]
    outbox.withdraw(session, gone, act.now)
    return len(gone)


def still_ahead(session: Session, contract_ids: Sequence[str], act: Act) -> Mapping[str, str]:
    """By contract the key of the notice that is true today: asked before a mail goes out."""
    return {
        contract_id: plan.clock.erase_on.isoformat()
        for contract_id, plan in plans(session, contract_ids, act).items()
        if isinstance(plan.clock, Clock) and act.today >= plan.clock.notice_on
    }


@dataclass(frozen=True, slots=True)
class JobsKept:
    """What becomes of one contract's jobs, with the dispute that keeps them; `clock` is None once they are erased."""

    clock: Clock | Running | None
    erase_on: date | None
    erased_on: date | None
    dispute: Dispute | None

    def days(self) -> dict[str, Any]:
        """As the API names them."""
        running = self.clock if isinstance(self.clock, Running) else None
        clock = self.clock if isinstance(self.clock, Clock) else None
        return {
            "kept_because": None if running is None else running.reason.value,
            "kept_until": None if running is None else running.until,
            "over_on": None if clock is None else clock.over_on,
            "notice_on": None if clock is None else clock.notice_on,
            "erase_on": self.erase_on,
            "erased_on": self.erased_on,
        }


def read_plan(session: Session, contract_id: str, act: Act) -> JobsKept:
    """Raises NotFound outside the actor's units."""
    held = holding.find(session, contract_id, act.actor)
    return jobs_kept(session, held.id, holding.facts_of(session, held), act)


def jobs_kept(session: Session, contract_id: str, facts: ContractFacts, act: Act) -> JobsKept:
    """The same of a contract that the actor is known to see, and whose facts are at hand."""
    erased = erased_contracts.get(session, contract_id) if facts.kept is not None else None
    if erased is not None:
        return JobsKept(None, None, erased.erased_on, None)
    plan = _plans(session, {contract_id: facts}, act)[contract_id]
    day = _day(plan, act.today) if _is_soon(plan, act.today) else None
    if day is None and isinstance(plan.clock, Clock):
        day = plan.clock.erase_on
    is_kept = isinstance(plan.clock, Running) and plan.clock.reason is NotYet.KEPT_FOR_DISPUTE
    return JobsKept(plan.clock, day, None, disputes.in_force(session, contract_id) if is_kept else None)


@dataclass(frozen=True, slots=True)
class SoonErased:
    """A contract's row as lists have it, with the earliest day on which its jobs go."""

    row: Any
    erase_on: date
    plan: Plan


def list_soon(session: Session, act: Act) -> list[SoonErased]:
    """What will be erased within the time of a notice, of those contracts whose writers the actor is among; the
    earliest first."""
    found = due_contracts(session, act, trees_where(act.actor, Permission.CONTRACTS))
    due = dict(islice(((one, plan) for one, plan in found if _is_soon(plan, act.today)), MOST_LISTED))
    paths = contracts.paths_of(session, list(due))
    rows = [
        SoonErased(row, _day(due[row.id], act.today), due[row.id])
        for row in contracts.rows_of(session, list(due))
        if may(act.actor, Permission.CONTRACTS, paths[row.id], row.owner_email)
    ]
    return sorted(rows, key=lambda one: (one.erase_on, one.row.id))


def _is_soon(plan: Plan, today: date) -> bool:
    return isinstance(plan.clock, Clock) and today >= plan.clock.notice_on


def _day(plan: Plan, today: date) -> date:
    """The earliest day on which the jobs of a contract whose clock runs may go."""
    if plan.notice is not None and plan.notice_fits:
        return max(plan.notice.erase_on, today)
    return erase_on(plan.clock, today) if isinstance(plan.clock, Clock) else date.max
