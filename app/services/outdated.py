"""What is kept for a time only, beside the jobs of contracts (services/erasing.py): each with its period and why.

docs/privacy.md lists the periods; a test compares the two.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.rules.dates import add_months
from app.services import sessions, trail
from app.services.acting import Act
from app.storage import audit, outdated
from app.storage.models import Alert, BrowserSession, Feedback, Message, RememberedAnswer

ANSWERS_DAYS = 7
"""A client that lost an answer asks again within hours; the answers repeat what was written."""
MAIL_TEXT_MONTHS = 12
"""Whoever asks what a mail said does so within the year; that it went, to whom and when is kept longer."""
ALERT_DAYS = 90
"""Alerts name people; after a quarter nobody asks any more when one went out."""
FEEDBACK_ADDRESS_DAYS = 90
"""After feedback is handled, time to answer once more."""
FEEDBACK_MONTHS = 24
"""Two years of feedback show what troubles people; older texts say nothing of today's service."""
FORMER_PEOPLE_MONTHS = 24
"""Users who may not sign in any more, owners without contracts: as long as the jobs they dealt with."""
AT_ONCE = 500
"""Rows in a transaction: nobody waits long for it, and a killed one is made up for the next time."""

Erase = Callable[[Session, Act], int]


def _answers(session: Session, act: Act) -> int:
    old = outdated.answers_before(act.now - timedelta(days=ANSWERS_DAYS))
    return outdated.delete_some(session, RememberedAnswer, old, AT_ONCE)


def _sessions(session: Session, act: Act) -> int:
    return outdated.delete_some(session, BrowserSession, outdated.sessions_before(act.now - sessions.KEPT), AT_ONCE)


def _mail_texts(session: Session, act: Act) -> int:
    old = outdated.texts_before(_months_ago(act, MAIL_TEXT_MONTHS))
    return outdated.empty_some(session, Message, old, outdated.WITHOUT_TEXT, AT_ONCE)


def _alerts(session: Session, act: Act) -> int:
    old = outdated.alerts_before(act.now - timedelta(days=ALERT_DAYS))
    return outdated.delete_some(session, Alert, old, AT_ONCE)


def _feedback_addresses(session: Session, act: Act) -> int:
    old = outdated.addresses_handled_before(act.now - timedelta(days=FEEDBACK_ADDRESS_DAYS))
    return outdated.empty_some(session, Feedback, old, {"answer_to": None}, AT_ONCE)


def _feedback(session: Session, act: Act) -> int:
    return outdated.delete_some(session, Feedback, outdated.feedback_before(_months_ago(act, FEEDBACK_MONTHS)), AT_ONCE)


def _former_users(session: Session, act: Act) -> int:
    ids = outdated.former_users(session, _months_ago(act, FORMER_PEOPLE_MONTHS), AT_ONCE)
    for user_id in ids:
        outdated.erase_user(session, user_id)
    audit.erase(session, ids)
    return len(ids)


def _former_owners(session: Session, act: Act) -> int:
    moment = _months_ago(act, FORMER_PEOPLE_MONTHS)
    ids = outdated.former_owners(session, moment, moment.date(), AT_ONCE)
    if ids:  # or all mails would be gone through for nobody, day by day
        outdated.erase_owners(session, ids)
    audit.erase(session, ids)
    return len(ids)


def _months_ago(act: Act, months: int) -> datetime:
    return datetime.combine(add_months(act.now.date(), -months), act.now.timetz())


KINDS: dict[str, Erase] = {
    "remembered_answer": _answers,
    "browser_session": _sessions,
    "message": _mail_texts,
    "alert": _alerts,
    "feedback_address": _feedback_addresses,
    "feedback": _feedback,
    "user_account": _former_users,
    "owner": _former_owners,
}
"""By what the trail calls them."""


def erase_some(session: Session, kind: str, act: Act) -> int:
    """Erases at most AT_ONCE of a kind whose time is over, and says how many."""
    erased = KINDS[kind](session, act)
    if erased:
        trail.record(session, act, "erased", kind, "expired", {"count": erased})
    return erased
