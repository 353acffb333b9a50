"""Delivery of the outbox: at least once, and said so.

One message at a time: a short transaction takes it, checks its reasons again and words it; the mail server is spoken
to outside any transaction; a second short transaction keeps what came of it. A process that dies in between leaves a
lease that runs out, and the second copy has the same Message-ID.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.rules.codes import MessageKind, MessageStatus
from app.rules.judgement import judge
from app.rules.owners import is_closed_for_long
from app.rules.reminders import ReminderKind, is_repeat, is_snoozed, still_holds
from app.services import mails, queue, retention, stand_ins
from app.services.acting import Act
from app.services.mails import Addresses
from app.services.queue import LONGEST
from app.storage import judgements, outbox
from app.storage import queue as waiting
from app.storage.facts import load_facts
from app.storage.models import Message, Owner, Told
from notifications.envelope import Address, Envelope, parse_address
from notifications.render import Mail, render

NEVER_MUTED = frozenset({ReminderKind.HANDOVER, ReminderKind.ERASURE_AHEAD})
"""Whoever is to answer for a contract, or to say that it must not be erased, hears of it whatever they asked for."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message taken for delivery; without an envelope it was withdrawn instead."""

    message_id: str
    attempt: int
    envelope: Envelope | None


class NotWorded(Exception):
    """A due message that could not be judged or put into words."""

    def __init__(self, message_id: str) -> None:
        super().__init__(message_id)
        self.message_id = message_id


@dataclass(frozen=True, slots=True)
class From:
    """Who sends, and where the links lead."""

    mail_from: str
    addresses: Addresses


def claim_next(session: Session, sender: From, act: Act) -> Claimed | None:
    """Takes the message that waits the longest; None where none is due. A message whose reasons are all gone is
    withdrawn, one that cannot have reached anyone is worded anew. Raises NotWorded, upon which the caller rolls back
    and sets the message aside."""
    message = waiting.next_to_send(session, Message, act.now, LONGEST)
    if message is None:
        return None
    message_id = message.id
    try:
        return _claim(session, message, sender, act)
    except DBAPIError:
        raise
    except Exception as error:
        raise NotWorded(message_id) from error


def _claim(session: Session, message: Message, sender: From, act: Act) -> Claimed:
    _remember_the_dead(message)
    told = _to_one_reader(session, message, _still_to_tell(session, message, act), act)
    if not told:
        queue.end(message, MessageStatus.WITHDRAWN)
        return Claimed(message.id, message.attempts, None)
    if not message.may_have_arrived:
        _word(session, message, told, sender, act)
    queue.take(message, act.now)
    session.flush()
    return Claimed(message.id, message.attempts, _envelope(message, sender))


def _remember_the_dead(message: Message) -> None:
    """A lease that ran out: whoever held it died on the way, and nobody knows how far it came."""
    if message.leased_until is not None:
        message.may_have_arrived = True


def set_aside(session: Session, message_id: str, reason: str, act: Act) -> None:
    """Puts off the message that `claim_next` could not word, so that it holds up no other; it is shown to people.
    Another delivery that has stumbled over it too, or has taken it since, is left to its own."""
    message = waiting.locked(session, Message, message_id)
    if not waiting.is_due(message, act.now, LONGEST):
        return
    _remember_the_dead(message)
    message.attempts += 1
    queue.put_off(message, reason, act.now)


def _still_to_tell(session: Session, message: Message, act: Act) -> list[Told]:
    """What the message tells and is still so; the rest is withdrawn and its contracts are looked at again today.

    A message that may have arrived already goes out as it was, unless nothing of it holds.
    """
    told = [one for one in outbox.told_in(session, [message.id])[message.id] if one.withdrawn_at is None]
    contract_ids = sorted({one.contract_id for one in told})
    stored = judgements.lock(session, contract_ids)
    facts = load_facts(session, contract_ids)
    keys = outbox.told_keys(session, contract_ids)
    owners = judgements.owners_of(session, contract_ids)  # a contract handed over since is reminded of to its new owner
    erasing = [one.contract_id for one in told if one.kind == ReminderKind.ERASURE_AHEAD]
    ahead = retention.still_ahead(session, erasing, act) if erasing else {}
    gone = []
    for one in told:
        judgement = judge(facts[one.contract_id], act.today)
        muting = stored[one.contract_id].muting
        kind = ReminderKind(one.kind)
        others = keys[one.contract_id] - {(kind, one.key)}
        holds = _is_erased_then(one, ahead) or still_holds(judgement, kind, one.key)
        holds = holds and owners[one.contract_id] == message.owner_id
        if kind not in NEVER_MUTED:
            acknowledged = muting.acknowledged and is_repeat(kind, one.key, others)
            holds = holds and not acknowledged and not is_snoozed(judgement, muting)
        if not holds:
            gone.append(one)
    if gone and (not message.may_have_arrived or len(gone) == len(told)):
        _withdraw(session, gone, act)
        return [one for one in told if one not in gone]
    return told


def _is_erased_then(told: Told, ahead: Mapping[str, str]) -> bool:
    """Whether it tells of an erasing that is still ahead."""
    return told.kind == ReminderKind.ERASURE_AHEAD and ahead.get(told.contract_id) == told.key


def _withdraw(session: Session, gone: Sequence[Told], act: Act) -> None:
    outbox.withdraw(session, [one.id for one in gone], act.now)
    for contract_id in {one.contract_id for one in gone}:
        judgements.change(session, contract_id, {"recheck_on": act.today})


def _to_one_reader(session: Session, message: Message, told: list[Told], act: Act) -> list[Told]:
    """What can go to whoever stands in for the owner; the rest waits for the next day's mail."""
    if message.may_have_arrived or not told:
        return told
    kept = stand_ins.of_one_organisation(session, message, told, act.today)
    if len(kept) < len(told):
        _withdraw(session, [one for one in told if one not in kept], act)
    return kept


def _word(session: Session, message: Message, told: Sequence[Told], sender: From, act: Act) -> None:
    """Words it for the owner as the owner is known now: name, address and language may have been mended. Where the
    owner cannot be reached, for whoever stands in."""
    owner = session.get_one(Owner, message.owner_id)
    instead = stand_ins.of_told(session, message, told, act.today)
    reader = instead or owner
    if message.to_email != reader.email:
        message.closed_since = None  # that was said of another address
    message.to_email, message.to_name, message.language = reader.email, reader.name, reader.language
    if message.kind == MessageKind.REMINDERS:
        message.copies = list(instead.copies) if instead else []
    mail = render(mails.compose(session, message, told, sender.addresses, act.today, instead))
    message.subject, message.text, message.html = mail.subject, mail.text, mail.html
    message.rendered_at = act.now
    message.message_id = f"<{message.id}@{parse_address(sender.mail_from).email.rpartition('@')[2]}>"
    message.unsubscribe_url = None
    if not message.copies and instead is None:
        message.unsubscribe_url = sender.addresses.owner_page(told[0].contract_id, message.owner_id, act=True)


def _envelope(message: Message, sender: From) -> Envelope:
    text = Mail(message.subject or "", message.text or "", message.html or "", message.language)
    to, others = Address(message.to_email, message.to_name), tuple(map(Address, message.copies))
    all_alike = message.kind == MessageKind.REMINDERS  # administrators: it has arrived where any of them has it
    return Envelope(
        to=(to, *others) if all_alike else (to,),
        cc=() if all_alike else others,
        sender=parse_address(sender.mail_from),
        message_id=message.message_id or "",
        date=message.rendered_at or message.created_at,
        mail=text,
        unsubscribe_url=message.unsubscribe_url,
    )


def sent(session: Session, claimed: Claimed, refused_copies: Sequence[str], now: datetime) -> None:
    """The mail server took it, whoever else may have taken the message since. Copies it refused are shown beside it."""
    message = waiting.locked(session, Message, claimed.message_id)
    queue.end(message, MessageStatus.SENT)
    message.sent_at = now
    message.last_error = "; ".join(refused_copies) or None


def put_off(session: Session, claimed: Claimed, reason: str, may_have_arrived: bool, now: datetime) -> None:
    """A temporary failure: tried again after a pause that grows. Where nothing can have arrived, the next attempt may
    word it anew."""
    message = _still_held(session, claimed)
    if message is not None:
        message.may_have_arrived = message.may_have_arrived or may_have_arrived
        message.closed_since = None
        queue.put_off(message, reason, now)


def put_off_by_mailbox(session: Session, claimed: Claimed, reason: str, act: Act) -> None:
    """The server takes nothing for the address for now, as where a mailbox is full. Where that has lasted for days,
    without another failure between, whoever stands in for the owner is told; where nobody does, it is tried on."""
    message = _still_held(session, claimed)
    if message is None:
        return
    since = min(message.closed_since or act.now, act.now)  # not while the clock was ahead
    if is_closed_for_long(since, act.now) and stand_ins.note_refusal(session, message, act):
        _hand_on(message, reason, act)
    else:
        message.closed_since = since
        queue.put_off(message, reason, act.now)


def _hand_on(message: Message, reason: str, act: Act) -> None:
    """Due at once, for someone else."""
    message.last_error, message.leased_until = reason, None
    message.next_attempt_at, message.may_have_arrived = act.now, False


def refuse(session: Session, claimed: Claimed, reason: str, act: Act, *, no_such_address: bool = False) -> None:
    """A permanent failure: shown to people, who may mend the address and try again. Where it is the address that the
    server does not take, whoever stands in for the owner is told at once."""
    message = _still_held(session, claimed)
    if message is None:
        return
    if no_such_address and stand_ins.note_refusal(session, message, act):
        _hand_on(message, reason, act)
    else:
        message.last_error = reason
        queue.end(message, MessageStatus.REFUSED)


def _still_held(session: Session, claimed: Claimed) -> Message | None:
    """The message, unless the lease ran out and another delivery took it since: what that one does then counts."""
    message = waiting.locked(session, Message, claimed.message_id)
    return message if queue.is_held(message, claimed.attempt) else None
