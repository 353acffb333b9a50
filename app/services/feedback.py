"""Feedback on the service: anyone may give it, the administrators of an organisation read it and mark it handled.

The trail tells that feedback came and was handled; the text and the address stay out of it, so that they are gone once
the feedback is.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.errors import Conflict, Forbidden, NotFound
from app.schemas.feedback import FeedbackCreate, FeedbackMark
from app.services import trail
from app.services.acting import Act, Actor, Where
from app.services.holding import check_version
from app.storage import feedback, keyset
from app.storage.models import Feedback, new_id

MOST_A_DAY = 200
"""From those signed in, and as many from everyone else: more is a machine, and must not fill the database nor keep the
city's own people from being heard."""
TRIES = 20
"""So many may write at the same moment before one of them is asked to send again."""


def give_feedback(session: Session, command: FeedbackCreate, language: str, signed_in: bool, act: Act) -> str:
    """Keeps feedback and gives its id. Raises Conflict where the day's bound is reached."""
    values = command.model_dump() | {
        "id": new_id(),
        "language": language,
        "signed_in": signed_in,
        "received_on": act.today,
        "created_at": act.now,
        "version": 1,
    }
    for _ in range(TRIES):
        number = feedback.last_number(session, act.today, signed_in) + 1
        if number > MOST_A_DAY:
            break
        if feedback.add(session, values | {"number": number}):
            told = {"topic": command.topic.value, "language": language, "with_address": command.answer_to is not None}
            trail.record(session, act if signed_in else _untraced(act), "given", "feedback", values["id"], told)
            return str(values["id"])
    raise Conflict("feedback_full")


def _untraced(act: Act) -> Act:
    """Nobody needs to be signed in to speak: where a stranger's feedback came from stays unknown."""
    return replace(act, where=Where(act.where.channel))


def may_read(actor: Actor) -> bool:
    """Feedback belongs to no unit: the administrators of a whole organisation read it."""
    return actor.everywhere or any(grant.role is Role.ADMIN and grant.path.count("/") == 2 for grant in actor.grants)


def list_feedback(session: Session, page: keyset.Page, handled: bool | None, act: Act) -> keyset.Slice:
    """A page of the feedback, the newest first. Raises Forbidden for everyone but administrators."""
    _require_reader(act.actor)
    return feedback.received(session, page, handled)


def mark_feedback(session: Session, command: FeedbackMark, act: Act, expected_version: int | None = None) -> Feedback:
    """Marks feedback as handled, or as to be handled again. Raises Forbidden for everyone but administrators."""
    _require_reader(act.actor)
    row = feedback.get(session, command.feedback_id)
    if row is None:
        raise NotFound("not_found")
    check_version(row, expected_version)
    row.handled_at = act.now if command.handled else None
    row.handled_by = act.actor.name if command.handled else None
    session.flush()
    trail.record(session, act, "handled" if command.handled else "reopened", "feedback", row.id, {})
    return row


def _require_reader(actor: Actor) -> None:
    if not may_read(actor):
        raise Forbidden("forbidden")
