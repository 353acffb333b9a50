"""Everything the page of one contract shows, as of today or any past day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.rules.clauses import NextThreshold, next_threshold, purchase_counts, purchased_cents
from app.rules.contracts import next_open_option
from app.rules.errors import Conflict
from app.rules.facts import PurchaseThreshold
from app.rules.judgement import Judgement, judge
from app.rules.pace import Pace, pace
from app.rules.positions import account, replaceable
from app.rules.progress import Progress, progress_of
from app.rules.reasons import Reason
from app.rules.reminders import Muting, ReminderKind
from app.rules.reminders_ahead import ReminderAhead, next_reminder
from app.rules.status import Standing, Status
from app.rules.steps import Step, next_step
from app.rules.warnings import registration_warnings
from app.services import changes, companies, holding, import_runs
from app.services.acting import Act, Actor, Permission, permissions
from app.services.changes import Change
from app.services.companies import PartyKnown
from app.services.obligations import latest_snooze
from app.services.retention import JobsKept, jobs_kept
from app.storage import contract_pages as parts
from app.storage import keyset

SHOWN = 10
"""Of notes, handovers, reminders, changes and what the service said so many, the newest."""
FIRST_PURCHASES = keyset.Page(50)


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A position as the page shows it: how far it has come, or why it does not count. `ends_on` is its last day as
    known, only planned where `is_planned`; `replaceable`: another may take it up again."""

    row: Any
    ends_on: date | None
    is_planned: bool
    progress: Progress | None
    not_counted: tuple[str, ...]
    replaceable: bool


@dataclass(frozen=True, slots=True)
class PurchasesShown:
    """A page of the purchases, each with whether it counts; `cents` is the sum of all that do."""

    lines: Sequence[tuple[Any, bool]]
    found: keyset.Slice
    cents: int
    ahead: NextThreshold | None
    pace: Pace | None
    imports: Mapping[int, str]
    """Ids of the imports they came with, by number: of those that the actor may see."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the service said from a day on."""

    on: date
    status: Status
    standing: Standing


@dataclass(frozen=True, slots=True)
class ReminderTold:
    """A reminder that a message told."""

    kind: ReminderKind
    on: date
    to: str
    message_id: str
    message_status: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What someone may do here, the one step asked of them, and how long reminders can be muted; nothing of it on a
    past day."""

    may: frozenset[Permission] = frozenset()
    step: Step | None = None
    latest_snooze: date | None = None


@dataclass(frozen=True, slots=True)
class Reminders:
    """What was told of the contract, the newest first, and what comes next; `has_more` where not all is shown."""

    told: Sequence[ReminderTold]
    has_more: bool
    ahead: ReminderAhead | None
    muting: Muting


@dataclass(frozen=True, slots=True)
class History:
    """What the service said, who changed what, and who was the owner, each newest first; `has_more_changes` where not
    all changes are shown."""

    said: Sequence[Said]
    changes: Sequence[Change]
    has_more_changes: bool
    handovers: Sequence[Any]


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract's page. `judgement.as_of` lies before today on a past day; `row` is the contract with its clause and
    the names around it; `open_option` is the id of the option to be taken next."""

    row: Any
    judgement: Judgement
    reasons: tuple[Reason, ...]
    is_past: bool
    positions: Sequence[PositionLine]
    voided: Sequence[Any]
    purchases: PurchasesShown | None
    decisions: Sequence[Any]
    parties: Sequence[Any]
    notes: Sequence[Any]
    reminders: Reminders
    history: History
    asked: Asked
    jobs_kept: JobsKept | None = None
    """What becomes of its jobs, and when; nothing on a past day."""
    companies: tuple[PartyKnown, ...] = ()
    """What the company register says of the parties today; nothing on a past day."""

    @property
    def as_of(self) -> date:
        return self.judgement.as_of

    @property
    def warnings(self) -> tuple[Reason, ...]:
        return registration_warnings(self.judgement.outlook.facts, self.row.signed_on)

    @property
    def in_trouble(self) -> tuple[PartyKnown, ...]:
        """The parties whose situation puts the obligation at risk."""
        return companies.at_risk(self.companies, self.judgement.standing, self.as_of)

    @property
    def taken_options(self) -> frozenset[str]:
        """Ids of the options taken by the day."""
        options = self.judgement.outlook.facts.options
        return frozenset(one.id for one in options if one.exercised_on is not None and one.exercised_on <= self.as_of)

    @property
    def terminated_on(self) -> date | None:
        """The last day of a termination decided by the day."""
        termination = self.judgement.outlook.facts.termination
        decided = termination is not None and termination.decided_on <= self.as_of
        return termination.terminated_on if termination is not None and decided else None

    @property
    def by_purchases(self) -> bool:
        return isinstance(self.judgement.outlook.facts.clause.terms, PurchaseThreshold)

    @property
    def open_option(self) -> str | None:
        found = next_open_option(self.judgement.outlook.facts, self.as_of)
        return None if found is None else found[0]

    @property
    def said_otherwise(self) -> Said | None:
        """What the service said on that past day, where today's knowledge says something else of it."""
        if not self.is_past or not self.history.said:
            return None
        then = self.history.said[0]
        return None if then.standing == self.judgement.standing else then


def show_contract(
    session: Session,
    contract_id: str,
    as_of: date,
    until: datetime,
    act: Act,
    purchases_page: keyset.Page = FIRST_PURCHASES,
) -> ContractView:
    """The page as of a day, today at the latest; `until` is the end of that day, before which changes are shown.
    Raises NotFound outside the actor's units."""
    row = holding.seen(parts.head(session, contract_id), act.actor)
    judgement = judge(holding.facts_of(session, row), min(as_of, act.today))
    muting = Muting(row.acknowledged_at is not None, row.snoozed_until, row.snoozed_on)
    is_past = judgement.as_of < act.today
    rows = parts.positions(session, contract_id)
    return ContractView(
        row=row,
        judgement=judgement,
        reasons=judgement.reasons,
        is_past=is_past,
        positions=list(_positions(rows, judgement, is_past=is_past)),
        voided=[] if is_past else [one for one in rows if one.voided_at is not None],
        purchases=_purchases(session, contract_id, judgement, purchases_page, act.actor),
        decisions=[
            one for one in parts.decisions(session, contract_id) if _known(one, judgement.as_of, is_past=is_past)
        ],
        parties=parts.parties(session, contract_id),
        notes=parts.notes(session, contract_id, judgement.as_of, SHOWN),
        reminders=_reminders(session, contract_id, judgement, muting, is_past=is_past),
        history=_history(session, contract_id, judgement.as_of, until),
        asked=Asked() if is_past else _asked(row, judgement, muting, act.actor),
        jobs_kept=None if is_past else jobs_kept(session, contract_id, judgement.outlook.facts, act),
        companies=() if is_past else companies.of_contract(session, contract_id),
    )


def _positions(rows: Sequence[Any], judgement: Judgement, *, is_past: bool) -> Iterator[PositionLine]:
    """Those that count, chain by chain, then those that do not; on a past day only what was agreed by then."""
    outlook, facts = judgement.outlook, judgement.outlook.facts
    valid = {row.id: row for row in rows if row.voided_at is None}
    open_ended = replaceable(facts.positions) if facts.clause.replacement_allowed else {}
    for progress in progress_of(outlook):
        row = valid.pop(progress.position_id)
        yield PositionLine(row, *_end(row, outlook.as_of), progress, (), row.id in open_ended)
    for position in facts.positions:
        row = valid.get(position.id)
        if row is not None and not (is_past and position.agreed_on > outlook.as_of):
            codes = account(position, facts, outlook.effective_end_on, outlook.as_of).not_counted_because
            yield PositionLine(row, *_end(row, outlook.as_of), None, codes, row.id in open_ended)


def _end(row: Any, as_of: date) -> tuple[date | None, bool]:
    """A job's last day as known on a day, and whether it is only planned."""
    if row.ended_on is not None and row.ended_on <= as_of:
        return row.ended_on, False
    return row.planned_end_on, row.planned_end_on is not None and row.planned_end_on > as_of


def _purchases(
    session: Session, contract_id: str, judgement: Judgement, page: keyset.Page, actor: Actor
) -> PurchasesShown | None:
    """None under clauses that ask nothing of purchases and where there are none."""
    outlook, facts = judgement.outlook, judgement.outlook.facts
    found = parts.purchases(session, contract_id, outlook.as_of, page)
    by_purchases = isinstance(facts.clause.terms, PurchaseThreshold)
    if not by_purchases and not found.rows:
        return None
    first, last = facts.starts_on, min(outlook.effective_end_on, outlook.as_of)
    lines = [
        (row, by_purchases and row.voided_at is None and not row.replaced and purchase_counts(row.on_date, first, last))
        for row in found.rows
    ]
    day, end = outlook.as_of, outlook.effective_end_on
    cents = purchased_cents(facts, end, day)
    came_with = {row.import_number for row in found.rows if row.import_number is not None}
    brought = import_runs.ids_of(session, came_with, actor) if came_with else {}
    return PurchasesShown(lines, found, cents, next_threshold(facts, end, day), pace(facts, end, day), brought)


def _known(decision: Any, day: date, *, is_past: bool) -> bool:
    """On a past day only what had taken effect and counts; today also what is to come and what was voided."""
    return not is_past or (decision.voided_at is None and decision.effective_on <= day)


def _reminders(session: Session, contract_id: str, judgement: Judgement, muting: Muting, *, is_past: bool) -> Reminders:
    rows = parts.told(session, contract_id)
    keys = frozenset((ReminderKind(row.kind), row.key) for row in rows)
    told = [
        ReminderTold(ReminderKind(row.kind), row.for_on, row.to_name, row.message_id, row.status)
        for row in rows
        if row.for_on <= judgement.as_of
    ]
    ahead = None if is_past else next_reminder(judgement, keys, muting)
    return Reminders(told[:SHOWN], len(told) > SHOWN, ahead, muting)


def _history(session: Session, contract_id: str, day: date, until: datetime) -> History:
    said = [
        Said(row.judged_on, Status(row.status), parts.standing(row.standing))
        for row in parts.said(session, contract_id, day, SHOWN)
    ]
    newest = changes.newest(session, contract_id, until, SHOWN + 1)
    handovers = parts.handovers(session, contract_id, day, SHOWN)
    return History(said, newest[:SHOWN], len(newest) > SHOWN, handovers)


def _asked(row: Any, judgement: Judgement, muting: Muting, actor: Actor) -> Asked:
    if judgement.outlook.facts.kept is not None:
        return Asked()
    may = permissions(actor, (row.unit_path, row.procurement_unit_path), row.owner_email)
    step = next_step(
        judgement,
        muting,
        positions=Permission.POSITIONS in may,
        contracts=Permission.CONTRACTS in may,
        reminders=row.owner_email == actor.email and Permission.REMINDERS in may,
    )
    try:
        latest = latest_snooze(judgement)
    except Conflict:
        latest = None
    return Asked(may, step, latest)
