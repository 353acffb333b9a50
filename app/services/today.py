"""The start page: what needs someone now, by what their roles ask of them, and what changed since they were last here.

The stored judgements say which contracts; the few that are shown are judged live, so that what is said of them is true.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.judgement import Judgement, judge
from app.rules.policy import NO_NEWS_DAYS
from app.rules.reasons import Reason
from app.rules.reminders import no_news
from app.rules.status import WORST_FIRST, Status
from app.rules.steps import Step, StepKind, next_step
from app.services import questions
from app.services.acting import Act, Actor, Permission, permissions
from app.services.clocks import CHECK
from app.services.projects import ProjectFound
from app.storage import contract_lists, contracts, keyset, stand_ins, today
from app.storage.contracts import SORTS, ContractFilter
from app.storage.facts import load_facts
from app.storage.models import Owner

SHOWN = 20
"""Tasks; the list of contracts has the rest."""
SHOWN_MESSAGES = 5
SHOWN_CHANGES = 15
COUNTED_CHANGES = 200
"""Of each kind: beyond it the page says "more than"."""
LOOKED_BACK = timedelta(days=7)
"""Where nobody knows when someone was last here."""
TROUBLE = (Status.OVERDUE, Status.AT_RISK, Status.CANNOT_BE_MET, Status.BREACHED)
"""Most urgent first: what can still be saved, then what is lost."""
WANTED = (Status.OVERDUE, Status.AT_RISK, Status.OPEN)
"""Where someone can still start."""
DECISIONS = frozenset({StepKind.TAKE_OPTION, StepKind.ADJUST, StepKind.CLOSE})


class Why(StrEnum):
    """Why a contract is on someone's list, most urgent first."""

    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    INTERRUPTED = "interrupted"
    ENDS_EARLY = "ends_early"
    CANNOT_BE_MET = "cannot_be_met"
    BREACHED = "breached"
    OPEN = "open"
    NO_NEWS = "no_news"


class Move(StrEnum):
    """What moves a task on, where it is no step of the contract's page."""

    TELL_SUPPLIER = "tell_supplier"
    NOTE = "note"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Task:
    """A contract that needs someone: `reasons` explain it, `move` is the one thing to do. `silent_days` where nothing
    was recorded for long."""

    why: Why
    row: Any
    judgement: Judgement
    reasons: Sequence[Reason]
    move: Step | Move
    silent_days: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The newest daily check: the day it was for, whether it came to its end, and how many contracts failed."""

    on: date
    finished: bool
    failed: int


class ChangeKind(StrEnum):
    STATUS = "status"
    ENDED = "ended"
    LOGGED = "logged"
    BOUGHT = "bought"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class BoughtLately:
    """What names a contract (storage.today.NAMED), how many purchases under it count since a moment, and their sum."""

    contract_id: str
    reference: str
    procurement_title: str
    supplier_name: str
    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a moment, by kind; `more` others are not shown, or at least so many where `many`."""

    since: datetime
    known: bool
    groups: dict[ChangeKind, Sequence[Any]]
    more: int
    many: bool


@dataclass(frozen=True, slots=True)
class Today:
    """`statuses` are those that "show all" lists; `more` where not every task is shown. `asked`: some role of theirs
    has tasks. `unreached` are owners whose mails go to others. `check` only for admins. `projects` are those that a
    project reporter writes, each with how many questions wait."""

    tasks: Sequence[Task]
    more: bool
    asked: bool
    statuses: Sequence[Status]
    own_only: bool
    messages: Sequence[Any]
    unreached: Sequence[Owner]
    changes: Changes
    counts: dict[Status, int]
    check: Check | None
    is_admin: bool
    projects: Sequence[tuple[ProjectFound, int]] = ()


def show_today(session: Session, since: datetime | None, timezone: ZoneInfo, act: Act) -> Today:
    """The start page of the actor; `since` is when they were last here, if anyone knows."""
    found = list(_candidates(session, act))
    tasks = _tasks(session, found, act)
    admin = _trees(act.actor, Role.ADMIN)
    officer = _trees(act.actor, Role.PROCUREMENT_OFFICER, Role.ADMIN)
    counted = today.by_status(session, act.actor.trees())
    roles = {grant.role for grant in act.actor.grants}
    liaison_only = Role.BUSINESS_LIAISON in roles and not roles & {Role.PROCUREMENT_OFFICER, Role.ADMIN}
    return Today(
        tasks=tasks[:SHOWN],
        more=len(tasks) > SHOWN,
        asked=bool(roles - {Role.VIEWER, Role.PROJECT_REPORTER}),
        statuses=WANTED if liaison_only else TROUBLE,
        own_only=roles <= {Role.CONTRACT_OWNER, Role.VIEWER, Role.PROJECT_REPORTER},
        messages=today.refused_messages(session, officer, SHOWN_MESSAGES) if officer else [],
        unreached=stand_ins.out_of_reach(session, officer, act.today, SHOWN_MESSAGES) if officer else [],
        changes=_changes(session, since, timezone, act),
        counts={status: counted[status] for status in WORST_FIRST if counted.get(status)},
        check=_last_check(session) if admin else None,
        is_admin=bool(admin),
        projects=questions.waiting(session, act) if Role.PROJECT_REPORTER in roles else (),
    )


def _trees(actor: Actor, *roles: Role) -> list[str]:
    """Paths of the units in which the actor has one of the roles."""
    return sorted({grant.path for grant in actor.grants if grant.role in roles})


def _candidates(session: Session, act: Act) -> Iterator[tuple[Why, Any]]:
    """Contracts with why they are here, for each role of the actor."""
    most = SHOWN + 1
    own = _trees(act.actor, Role.CONTRACT_OWNER)
    if own:
        for row in today.owned(session, act.actor.email, own, TROUBLE, 10 * most):
            yield Why.INTERRUPTED if row.status == Status.OPEN else Why(row.status), row
    officer = _trees(act.actor, Role.PROCUREMENT_OFFICER, Role.ADMIN)
    if officer:
        for row in today.ended_early(session, officer, act.today, most):
            yield Why.ENDS_EARLY, row
        for status in TROUBLE:
            yield from ((Why(status), row) for row in _of_status(session, officer, [status], most))
    liaison = _trees(act.actor, Role.BUSINESS_LIAISON)
    if liaison:
        for row in _of_status(session, liaison, WANTED, most):
            yield Why.INTERRUPTED if row.status == Status.OPEN and row.interrupted else Why(row.status), row
        long_ago = act.today - timedelta(days=NO_NEWS_DAYS)
        yield from ((Why.NO_NEWS, row) for row in today.unconfirmed(session, liaison, long_ago, most))


def _of_status(session: Session, trees: Sequence[str], statuses: Sequence[Status], limit: int) -> Sequence[Any]:
    wanted, page = ContractFilter(statuses), keyset.Page(limit)
    return contract_lists.page_of(session, trees, wanted, SORTS["latest_start_on"], page).rows


def _tasks(session: Session, found: Sequence[tuple[Why, Any]], act: Act) -> list[Task]:
    """Each contract once, for its most urgent reason, most urgent first; those shown are judged live. Silence that
    ended in a completed job since the last check is left out: other trouble only grows with time."""
    order = {why: place for place, why in enumerate(Why)}
    chosen: dict[str, tuple[Why, Any]] = {}
    for why, row in found:
        known = chosen.get(row.id)
        if known is None or order[why] < order[known[0]]:
            chosen[row.id] = (why, row)
    urgent = sorted(chosen.values(), key=lambda one: (order[one[0]], *_place(*one)))[: SHOWN + 1]
    ids = [row.id for _, row in urgent]
    facts = load_facts(session, ids)
    muting = today.mutings(session, ids)
    paths = contracts.paths_of(session, ids)
    tasks = []
    for why, row in urgent:
        judgement = judge(facts[row.id], act.today)
        if why is Why.NO_NEWS and no_news(judgement) is None:
            continue
        may = permissions(act.actor, paths[row.id], row.owner_email)
        step = next_step(
            judgement,
            muting[row.id],
            positions=Permission.POSITIONS in may,
            contracts=Permission.CONTRACTS in may,
            reminders=Permission.REMINDERS in may,
        )
        tasks.append(_task(why, row, judgement, _move(why, judgement, step, may)))
    return tasks


def _place(why: Why, row: Any) -> tuple[date, str]:
    """Among tasks of one kind: the earliest last day to start first, the longest silence first."""
    return row.last_recorded_on if why is Why.NO_NEWS else row.sort_start_on, row.id


def _task(why: Why, row: Any, judgement: Judgement, move: Step | Move) -> Task:
    silence = no_news(judgement) if why is Why.NO_NEWS else None
    return Task(why, row, judgement, _telling(why, judgement), move, None if silence is None else silence.count)


def _telling(why: Why, judgement: Judgement) -> list[Reason]:
    """The judgement in a sentence, and the one thing that it hides and this task is about."""
    reasons = judgement.reasons
    wanted = {
        Why.INTERRUPTED: ("can_be_continued", "interrupted"),
        Why.ENDS_EARLY: ("termination_leaves_obligation",),
    }.get(why, ("option_would_extend", "can_be_continued"))
    told = "can_be_continued" if reasons[0].values.get("limit") == "continuation" else ""
    more = next((reason for code in wanted for reason in reasons[1:] if reason.code == code != told), None)
    return [reasons[0], *([more] if more is not None else [])]


def _move(why: Why, judgement: Judgement, step: Step | None, may: frozenset[Permission]) -> Step | Move:
    """Who can log a job does that, who decides decides, who answers for the contract presses the supplier while there
    is time."""
    if why is Why.NO_NEWS:
        return Move.NOTE if Permission.NOTES in may else Move.LOOK
    kinds = DECISIONS | {StepKind.LOG_POSITION, StepKind.LOG_REPLACEMENT}
    if step is not None and (step.kind in kinds or (step.kind is StepKind.ACKNOWLEDGE and _is_lost(judgement))):
        return step
    if may & {Permission.REMINDERS, Permission.NOTES} and not _is_lost(judgement):
        return Move.TELL_SUPPLIER
    return Move.LOOK


def _is_lost(judgement: Judgement) -> bool:
    return judgement.status in {Status.CANNOT_BE_MET, Status.BREACHED}


def _last_check(session: Session) -> Check | None:
    run = today.last_run(session, CHECK)
    if run is None:
        return None
    return Check(run.for_on, run.finished_at is not None, int((run.counts or {}).get("failed", 0)))


def _changes(session: Session, since: datetime | None, timezone: ZoneInfo, act: Act) -> Changes:
    after = since or act.now - LOOKED_BACK
    on, trees, most = after.astimezone(timezone).date(), act.actor.trees(), COUNTED_CHANGES
    reading: dict[ChangeKind, Callable[[], Sequence[Any]]] = {
        ChangeKind.STATUS: lambda: _latest_by_contract(today.status_changes(session, trees, after, most)),
        ChangeKind.ENDED: lambda: today.ended(session, trees, on, most),
        ChangeKind.LOGGED: lambda: today.logged(session, trees, after, most),
        ChangeKind.BOUGHT: lambda: today.bought(session, trees, after, most),
        ChangeKind.HANDED_OVER: lambda: today.handed_over(session, trees, after, most),
    }
    found = {kind: rows for kind, read in reading.items() if (rows := read())}
    shown = _fairly(found, SHOWN_CHANGES)
    more = sum(map(len, found.values())) - sum(map(len, shown.values()))
    if ChangeKind.BOUGHT in shown:
        shown[ChangeKind.BOUGHT] = _bought(session, shown[ChangeKind.BOUGHT], after)
    return Changes(after, since is not None, shown, more, any(len(rows) >= most for rows in found.values()))


def _bought(session: Session, rows: Sequence[Any], since: datetime) -> list[BoughtLately]:
    """What was bought under the few contracts that are shown."""
    sums = today.sums_bought(session, [row.contract_id for row in rows], since)
    return [
        BoughtLately(row.contract_id, row.reference, row.procurement_title, row.supplier_name, *sums[row.contract_id])
        for row in rows
    ]


def _latest_by_contract(rows: Sequence[Any]) -> Sequence[Any]:
    """A contract whose status changed twice is told once, as it stands."""
    latest: dict[str, Any] = {}
    for row in rows:
        latest.setdefault(row.contract_id, row)
    order = [*TROUBLE, Status.OPEN, Status.ON_TRACK, Status.FULFILLED]
    places = {status: place for place, status in enumerate(order)}
    return sorted(latest.values(), key=lambda row: places.get(Status(row.status), len(order)))


def _fairly(found: dict[ChangeKind, Sequence[Any]], room: int) -> dict[ChangeKind, Sequence[Any]]:
    """So many lines altogether: each kind has its share, and what one leaves the others take."""
    shares = dict.fromkeys(found, 0)
    while room and any(shares[kind] < len(rows) for kind, rows in found.items()):
        for kind, rows in found.items():
            if room and shares[kind] < len(rows):
                shares[kind], room = shares[kind] + 1, room - 1
    return {kind: found[kind][:share] for kind, share in shares.items()}
