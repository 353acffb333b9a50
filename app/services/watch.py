"""Watches whether the service does its work, and tells those who run it: each trouble once a day to each reader.

An alert may itself wait for the mail server. So it is worded when it is sent, of what holds then; what is solved by
then is withdrawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.rules import policy
from app.rules.codes import DEFAULT_LANGUAGE, MessageStatus
from app.rules.dates import ONE_DAY
from app.rules.watch import Trouble, Work, troubles
from app.services import clocks, queue
from app.services.acting import Act
from app.services.clocks import CHECK, CLOCKS_APART
from app.services.delivery import From
from app.services.queue import LONGEST
from app.storage import alerts, condition
from app.storage import queue as waiting
from app.storage.alerts import Reader
from app.storage.models import Alert, new_id
from notifications.envelope import Address, Envelope, parse_address
from notifications.messages import ServiceTrouble
from notifications.render import render


@dataclass(frozen=True, slots=True)
class Watching:
    """What the watch has to know of the deployment: when the check begins and in which time zone, who is told instead
    of the administrators, and who sends."""

    check_at: time
    zone: ZoneInfo
    alert_to: tuple[str, ...]
    sender: From


@dataclass(frozen=True, slots=True)
class Claimed:
    """An alert taken for sending; without an envelope it was withdrawn."""

    alert_id: str
    attempt: int
    envelope: Envelope | None


def work_of(session: Session, now: datetime, act: Act) -> Work:
    """How the work stands; `now` is `act.now` in the city's time zone."""
    refused = alerts.refused_by_root(session, act.today - ONE_DAY)
    oldest = condition.queue(session, act.now).oldest
    checked = condition.last_whole_run(session, CHECK, now)
    ahead, witness = condition.made_after(session, act.now + CLOCKS_APART), clocks.witness(session, act)
    return Work(checked, oldest, sum(refused.values()), condition.begun_at(session), ahead, witness)


def find_troubles(session: Session, check_at: time, now: datetime, act: Act) -> list[Trouble]:
    """What is wrong; `now` is `act.now` in the city's time zone. Nothing can be in a database without organisations."""
    return troubles(work_of(session, now, act), now, check_at) if condition.organisations(session) else []


def queue_alerts(session: Session, found: Sequence[Trouble], watching: Watching, act: Act) -> list[Trouble]:
    """Queues what the readers have not been told today; gives the troubles of which there was something to queue."""
    refused = alerts.refused_by_root(session, act.today - ONE_DAY)
    readers = _readers(session, watching)
    new = []
    for trouble in found:
        of_theirs = [one for one in readers if trouble is not Trouble.MAIL_REFUSED or _concerns(one, refused)]
        one_each = {one.email: one for one in of_theirs}.values()
        if alerts.add(session, [_alert(trouble, one, act) for one in one_each]):
            new.append(trouble)
    return new


def _readers(session: Session, watching: Watching) -> list[Reader]:
    """Those named in the settings, else the administrators of each organisation, who may be the same people."""
    if watching.alert_to:
        return [
            Reader(email, email, alerts.language_of(session, email) or DEFAULT_LANGUAGE, None)
            for email in watching.alert_to
        ]
    return alerts.admins_of_roots(session)


def _concerns(reader: Reader, refused: Mapping[str, int]) -> bool:
    """Whether refused mail is of the reader's organisation."""
    return reader.root_id is None or reader.root_id in refused


def _alert(trouble: Trouble, reader: Reader, act: Act) -> dict[str, object]:
    return {
        "id": new_id(),
        "trouble": trouble,
        "for_on": act.today,
        "to_email": reader.email,
        "to_name": reader.name,
        "language": reader.language,
        "root_id": reader.root_id,
        "status": MessageStatus.QUEUED,
        "attempts": 0,
        "next_attempt_at": act.now,
        "created_at": act.now,
    }


def any_waits(session: Session, now: datetime) -> bool:
    """Whether an alert is due."""
    return waiting.any_due(session, Alert, now, LONGEST)


def claim_next(session: Session, found: Sequence[Trouble], watching: Watching, act: Act) -> Claimed | None:
    """Takes the alert that waits the longest; None where none is due. One of another day, or of a trouble that is none
    any more, is withdrawn."""
    alert = waiting.next_to_send(session, Alert, act.now, LONGEST)
    if alert is None:
        return None
    message = _worded(session, alert, watching, act) if alert.trouble in found and alert.for_on == act.today else None
    if message is None:
        queue.end(alert, MessageStatus.WITHDRAWN)
        return Claimed(alert.id, alert.attempts, None)
    queue.take(alert, act.now)
    return Claimed(alert.id, alert.attempts, _envelope(alert, message, watching.sender, act))


def _worded(session: Session, alert: Alert, watching: Watching, act: Act) -> ServiceTrouble | None:
    """What is told, as it stands; None where the reader's own organisation has no refused mail any more."""
    base = watching.sender.addresses.base_url
    match Trouble(alert.trouble):
        case Trouble.CHECK_MISSING:
            on, count, url = condition.last_whole_run(session, CHECK, act.now.astimezone(watching.zone)), 0, base
        case Trouble.MAIL_WAITING:
            mails = condition.queue(session, act.now)
            on, count, url = min(mails.oldest or act.now, act.now).date(), mails.waiting, f"{base}/messages"
        case Trouble.CLOCK_DOUBTED:
            on, count, url = act.today, policy.CLOCK_CHECKS, base
        case Trouble.MAIL_REFUSED:
            refused = alerts.refused_by_root(session, act.today - ONE_DAY)
            count = sum(refused.values()) if alert.root_id is None else refused.get(alert.root_id, 0)
            on, url = None, f"{base}/messages?status=refused"
            if not count:
                return None
    return ServiceTrouble(alert.language, alert.to_name, alert.trouble, on, count, url)


def _envelope(alert: Alert, message: ServiceTrouble, sender: From, act: Act) -> Envelope:
    address = parse_address(sender.mail_from)
    return Envelope(
        to=(Address(alert.to_email, alert.to_name),),
        cc=(),
        sender=address,
        message_id=f"<{alert.id}@{address.email.rpartition('@')[2]}>",
        date=act.now,
        mail=render(message),
        unsubscribe_url=None,
    )


def sent(session: Session, claimed: Claimed, now: datetime) -> None:
    """The mail server took it, whoever else may have taken the alert since."""
    alert = waiting.locked(session, Alert, claimed.alert_id)
    queue.end(alert, MessageStatus.SENT)
    alert.sent_at, alert.last_error = now, None


def put_off(session: Session, claimed: Claimed, reason: str, now: datetime) -> None:
    """Tried again after a pause that grows."""
    alert = waiting.locked(session, Alert, claimed.alert_id)
    if queue.is_held(alert, claimed.attempt):
        queue.put_off(alert, reason, now)


def refuse(session: Session, claimed: Claimed, reason: str) -> None:
    """No server takes it: the log and the figures tell of the trouble all the same."""
    alert = waiting.locked(session, Alert, claimed.alert_id)
    if queue.is_held(alert, claimed.attempt):
        alert.last_error = reason
        queue.end(alert, MessageStatus.REFUSED)
