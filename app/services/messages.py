"""Messages as people look at them, and trying one again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import MessageStatus
from app.rules.errors import Conflict, NotFound
from app.services import trail
from app.services.acting import Act, Actor, Permission, require
from app.services.holding import check_version
from app.storage import keyset, messages, outbox
from app.storage.models import Message


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with the reminders whose contracts the actor sees; `whole` where these are all of them."""

    message: Any
    told: Sequence[Any]
    whole: bool


def list_messages(
    session: Session, act: Act, page: keyset.Page, status: str | None, contract_id: str | None
) -> tuple[list[Shown], keyset.Slice]:
    """A page of the messages about contracts in the actor's units, the newest first."""
    found = messages.visible(session, act.actor.trees(), page, status, contract_id)
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
    paths = [path for one in shown.told for path in (one.unit_path, one.procurement_unit_path)]
    require(act.actor, Permission.MESSAGES, paths)
    message: Message = outbox.locked(session, message_id)
    check_version(message, expected_version)
    if message.status not in {MessageStatus.REFUSED, MessageStatus.QUEUED}:
        raise Conflict("message_not_retryable")
    message.status, message.next_attempt_at = MessageStatus.QUEUED, act.now
    trail.record(session, act, "retried", "message", message_id, {})
    session.flush()
    return Shown(message, shown.told, shown.whole)
