"""What shows whether the clock of this computer can be believed: the days of the daily checks and, where the database
is a server, the clock of that."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.rules.time_passed import LOOKED_BACK, Witness, is_believed
from app.services.acting import Act
from app.storage import condition, jobs

CHECK = "check"
"""The daily check among the jobs whose runs are kept."""
CLOCKS_APART = timedelta(hours=1)
"""Clocks of several machines are apart by less; what is further off was set wrong."""


def witness(session: Session, act: Act) -> Witness:
    """Days are those of `act.now`, in UTC, which is never ahead of the city's."""
    begun = condition.begun_at(session)
    checked = jobs.days_begun(session, CHECK, act.now - LOOKED_BACK - timedelta(days=1), act.now)
    server = condition.server_time(session)
    ahead = server is not None and act.now > server + CLOCKS_APART
    return Witness(checked, begun.date() if begun else None, ahead)


def are_believed(session: Session, act: Act) -> bool:
    """Whether something may be erased or published for good by this computer's clock."""
    return is_believed(witness(session, act), act.now.date())
