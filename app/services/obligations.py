"""How an obligation stands on any day, and what its owner asks of the reminders."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.errors import Conflict, RuleBroken
from app.rules.judgement import Judgement, judge
from app.rules.owners import out_of_reach
from app.rules.reminders import Muting
from app.services import holding, judgements, trail
from app.services.acting import SYSTEM, Act, Actor, GrantedRole, Permission
from app.services.holding import Held
from app.services.links import LinkInvalid, OwnerLink
from app.storage import judgements as stored_judgements
from app.storage.mails import contract_for_mail
from app.storage.models import Owner
from app.storage.units import Liaison, liaison_of


@dataclass(frozen=True, slots=True)
class Muted:
    """A judgement and what its owner asked of the reminders."""

    judgement: Judgement
    acknowledged_at: datetime | None
    snoozed_until: date | None


def judge_contract(session: Session, contract_id: str, as_of: date, act: Act) -> Judgement:
    """The judgement of a contract as of any day, live from the facts: what today's knowledge says of that day."""
    held = holding.find(session, contract_id, act.actor)
    return judge(holding.facts_of(session, held), as_of)


def acknowledge(session: Session, contract_id: str, act: Act) -> Muted:
    """Stops the repeats of the reminders until the facts change."""
    held = holding.hold(session, contract_id, act, Permission.REMINDERS)
    stored_judgements.change(session, held.id, {"acknowledged_at": act.now})
    trail.record(session, act, "acknowledged", "contract", held.id, {})
    return _look_again(session, held, act)


def snooze(session: Session, contract_id: str, until: date, act: Act) -> Muted:
    """Mutes the contract's reminders before a day, which is today at the earliest and the last day to start at the
    latest.

    Raises Conflict where nothing is missing or the last day to start has passed, RuleBroken for another day.
    """
    held = holding.hold(session, contract_id, act, Permission.REMINDERS)
    latest = latest_snooze(judge(holding.facts_of(session, held), act.today))
    if until <= act.today:
        raise RuleBroken("snooze_in_past", "until")
    if until > latest:
        raise RuleBroken("snooze_too_late", "until", until=until, latest=latest)
    stored_judgements.change(session, held.id, {"snoozed_until": until, "snoozed_on": act.today})
    trail.record(session, act, "snoozed", "contract", held.id, {"until": until})
    return _look_again(session, held, act)


def latest_snooze(judgement: Judgement) -> date:
    """The latest day a snooze may last to. Raises Conflict where there is no such day."""
    latest = judgement.standing.latest_start_on
    if latest is None:
        raise Conflict("nothing_missing")
    if latest <= judgement.as_of:
        raise Conflict("window_passed")
    return latest


def _look_again(session: Session, held: Held, act: Act) -> Muted:
    """The next check decides anew when to speak. Nothing was recorded on the contract itself."""
    judgement = judgements.rejudge(session, [held.id], act)[held.id]
    stored = stored_judgements.lock(session, [held.id])[held.id]
    return Muted(judgement, stored.acknowledged_at, stored.snoozed_until)


@dataclass(frozen=True, slots=True)
class OwnersView:
    """A contract as its owner is shown it; `latest_snooze` is None where nothing can be snoozed."""

    title: str
    reference: str
    supplier_name: str
    judgement: Judgement
    liaison: Liaison | None
    muting: Muting
    latest_snooze: date | None


def show_to_owner(session: Session, contract_id: str, act: Act) -> OwnersView:
    """What the page behind a mail's link shows."""
    held = holding.find(session, contract_id, act.actor)
    judgement = judge(holding.facts_of(session, held), act.today)
    row = contract_for_mail(session, held.id)
    try:
        latest = latest_snooze(judgement)
    except Conflict:
        latest = None
    muting = stored_judgements.read(session, held.id).muting
    liaison = liaison_of(session, row.Unit)
    return OwnersView(row.title, held.contract.reference, row.supplier_name, judgement, liaison, muting, latest)


def actor_of_link(session: Session, link: OwnerLink, today: date) -> Actor:
    """The owner who holds a signed link, able to act on this one contract while it is theirs.

    Raises LinkInvalid where the contract has another owner now, and where a link that acts is of an owner who has left:
    whoever stands in for them got links that only show it.
    """
    held = holding.find(session, link.contract_id, SYSTEM)
    if held.contract.owner_id != link.owner_id:
        raise LinkInvalid
    owner = session.get_one(Owner, link.owner_id)
    if link.act and out_of_reach(owner.left_on, None, today) is not None:
        raise LinkInvalid
    grant = GrantedRole(Role.CONTRACT_OWNER, held.paths[0])
    return Actor(f"mail:{owner.id}", owner.name, owner.email, owner.language, (grant,))
