"""Puts mail into the outbox, in the transaction of the decision; delivery is another matter (services/delivery.py)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import MessageKind, MessageStatus
from app.rules.owners import out_of_reach
from app.rules.reminders import Reminder, ReminderKind
from app.services.acting import Act
from app.storage import outbox
from app.storage.models import Owner, new_id


def _message(owner: Owner, kind: MessageKind, copies: Sequence[str], act: Act) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": kind,
        "owner_id": owner.id,
        "for_on": act.today,
        "to_email": owner.email,
        "to_name": owner.name,
        "copies": list(copies),
        "language": owner.language,
        "status": MessageStatus.QUEUED,
        "attempts": 0,
        "next_attempt_at": act.now,
        "created_at": act.now,
        "may_have_arrived": False,
        "version": 1,
    }


def _told(message_id: str, contract_id: str, reminder: Reminder, act: Act) -> dict[str, Any]:
    return {
        "id": new_id(),
        "message_id": message_id,
        "contract_id": contract_id,
        "kind": reminder.kind,
        "key": reminder.key,
        "on_date": reminder.on,
        "count": reminder.count,
    }


def queue_reminders(
    session: Session, owner: Owner, due: Mapping[str, Sequence[Reminder]], act: Act, *, joins: bool = False
) -> bool:
    """Queues the owner's one mail of the day with the reminders due by contract, and marks them told.

    A mail of an earlier day that could not be sent takes the new reminders with it: after days without a mail server
    the owner finds one mail, not one for each day. False where the owner has a mail of that day already, or one that
    may be arriving: what arises later the same day waits for the next day's; with `joins` the mail of the day takes
    it in while it has not gone out. The caller holds the contracts'
    judgements, so that nobody else can tell the same.
    """
    waits, waiting = outbox.waiting_for(session, owner.id)
    if waiting is not None and waiting.for_on < act.today:
        waiting.for_on, waiting.next_attempt_at = act.today, act.now
        message_id = waiting.id
    elif waiting is not None and joins:
        message_id = waiting.id
    elif waits:
        return False
    else:
        message = _message(owner, MessageKind.REMINDERS, (), act)
        message_id = message["id"]
        if not outbox.add_message(session, message):
            return False
    told = [_told(message_id, contract_id, one, act) for contract_id, reminders in due.items() for one in reminders]
    outbox.add_told(session, told)
    return True


def queue_handover(session: Session, contract_id: str, change_id: str, owner: Owner, former: Owner, act: Act) -> None:
    """Queues the mail to the new owner of a contract, the former one in copy unless they have left or cannot be
    reached; sent at once, on its own."""
    gone = out_of_reach(former.left_on, former.undeliverable_since, act.today) is not None
    message = _message(owner, MessageKind.HANDOVER, [] if gone else [former.email], act)
    outbox.add_message(session, message)
    reminder = Reminder(ReminderKind.HANDOVER, change_id, act.today)
    outbox.add_told(session, [_told(message["id"], contract_id, reminder, act)])
