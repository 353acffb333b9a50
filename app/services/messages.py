"""Messages as people look at them, and trying one again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import MessageStatus
from app.rules.errors import Conflict, NotFound
from app.rules.judgement import judge
from app.rules.reminders import ReminderKind, still_holds
from app.services import mails, stand_ins, trail
from app.services.acting import Act, Actor, Permission, require
from app.services.holding import check_version
from app.services.mails import Addresses
from app.storage import keyset, messages, outbox
from app.storage import queue as waiting
from app.storage.facts import load_facts
from app.storage.messages import Wanted
from app.storage.models import Message
from notifications.render import render

OWNER_LINK = re.compile(r"/owner/[\w.~-]+")
"""The signed links of a mail: who holds one acts as the owner."""


def without_links(text: str | None) -> str | None:
    """A mail's text as others than its owner may read it."""
    return None if text is None else OWNER_LINK.sub("/owner/…", text)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with the reminders whose contracts the actor sees; `whole` where these are all of them."""

    message: Any
    told: Sequence[Any]
    whole: bool

    @property
    def paths(self) -> list[str]:
        return [path for one in self.told for path in (one.unit_path, one.procurement_unit_path)]

    @property
    def subject(self) -> str | None:
        """What a message says of all its contracts is shown only to those who see them all."""
        return self.message.subject if self.whole else None

    @property
    def last_error(self) -> str | None:
        return self.message.last_error if self.whole else None

    @property
    def text(self) -> str | None:
        """Only of a message read by itself: lists come without texts."""
        return without_links(self.message.text) if self.whole else None

    @property
    def html(self) -> str | None:
        return without_links(self.message.html) if self.whole else None


@dataclass(frozen=True, slots=True)
class Words:
    """A mail as it went, or as it would go now."""

    subject: str
    text: str


class WhyWithdrawn(StrEnum):
    OTHER_OWNER = "other_owner"
    REASON_GONE = "reason_gone"
    MUTED = "muted"


def list_messages(session: Session, act: Act, page: keyset.Page, which: Wanted) -> tuple[list[Shown], keyset.Slice]:
    """A page of the messages about contracts in the actor's units, the newest first."""
    trees = None if act.actor.everywhere else act.actor.trees()
    found = messages.visible(session, trees, page, which)
    told = messages.told_with_paths(session, [row.id for row in found.rows])
    by_message = {row.id: [one for one in told if one.message_id == row.id] for row in found.rows}
    return [_shown(row, by_message[row.id], act.actor) for row in found.rows], found


def read_message(session: Session, message_id: str, act: Act) -> Shown:
    """One message. Raises NotFound where it tells nothing of a contract the actor sees."""
    message = outbox.get(session, message_id)
    if message is None:
        raise NotFound("not_found")
    shown = _shown(message, messages.told_with_paths(session, [message_id]), act.actor)
    if not shown.told:
        raise NotFound("not_found")
    return shown


def _shown(message: Any, told: Sequence[Any], actor: Actor) -> Shown:
    seen = [one for one in told if actor.sees(one.unit_path, one.procurement_unit_path)]
    return Shown(message, seen, len(seen) == len(told))


def retry_message(session: Session, message_id: str, act: Act, expected_version: int | None = None) -> Shown:
    """Tries a refused or waiting message again at once. Raises Conflict for one that is sent or withdrawn."""
    shown = read_message(session, message_id, act)
    require(act.actor, Permission.MESSAGES, shown.paths)
    message = waiting.locked(session, Message, message_id)
    check_version(message, expected_version)
    if message.status not in {MessageStatus.REFUSED, MessageStatus.QUEUED}:
        raise Conflict("message_not_retryable")
    if message.status == MessageStatus.REFUSED:
        stand_ins.try_again(session, message, act)
    message.status, message.next_attempt_at, message.closed_since = MessageStatus.QUEUED, act.now, None
    trail.record(session, act, "retried", "message", message_id, {})
    session.flush()
    return Shown(message, shown.told, shown.whole)


def is_worth_retrying(shown: Shown, act: Act) -> bool:
    """Whether trying a message again at once changes anything: it was refused, or waits for a later attempt."""
    message = shown.message
    waits = message.status == MessageStatus.QUEUED and (message.next_attempt_at or act.now) > act.now
    return waits or message.status == MessageStatus.REFUSED


def worded(session: Session, shown: Shown, addresses: Addresses, act: Act) -> Words | None:
    """The mail as it went. One that waits and cannot have reached anyone is worded as it would be today: its next
    attempt words it anew. None where the actor does not see every contract it speaks of, or nothing is left to tell."""
    message = shown.message
    if not shown.whole:
        return None
    if message.status == MessageStatus.QUEUED and not message.may_have_arrived:
        told = [one for one in outbox.told_in(session, [message.id])[message.id] if one.withdrawn_at is None]
        if not told:
            return None
        instead = stand_ins.of_told(session, message, told, act.today)
        mail = render(mails.compose(session, message, told, addresses, act.today, instead))
        return Words(mail.subject, without_links(mail.text) or "")
    return None if message.text is None else Words(message.subject or "", without_links(message.text) or "")


def why_withdrawn(session: Session, shown: Shown, day_at: Callable[[datetime], date]) -> list[WhyWithdrawn | None]:
    """For each reminder told why it was withdrawn, by what is known today of that day in the city; None for one
    that was not."""
    facts = load_facts(session, sorted({one.contract_id for one in shown.told if one.withdrawn_at is not None}))
    reasons: list[WhyWithdrawn | None] = []
    for one in shown.told:
        if one.withdrawn_at is None:
            reasons.append(None)
            continue
        day = day_at(one.withdrawn_at)
        if messages.owner_on(session, one.contract_id, day) != shown.message.owner_id:
            reasons.append(WhyWithdrawn.OTHER_OWNER)
        elif not still_holds(judge(facts[one.contract_id], day), ReminderKind(one.kind), one.key):
            reasons.append(WhyWithdrawn.REASON_GONE)
        else:
            reasons.append(WhyWithdrawn.MUTED)
    return reasons
