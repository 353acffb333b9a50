"""Daily checks that have been, for tests that go from one day to another far away at once."""

from datetime import UTC, date, datetime, time, timedelta

from app.services.clocks import CHECK
from app.storage.models import JobRun
from app.storage.session import Database


def checked_daily(database: Database, until: date, days: int = 30) -> None:
    """A check was begun on each of so many days before a day: the clock is believed, however far it was set."""
    with database.writing() as session:
        session.add_all(checks_before(until, days))


def checks_before(until: date, days: int) -> list[JobRun]:
    """The runs of so many days before a day, not yet kept."""
    runs = [datetime.combine(until - timedelta(days=back), time(5), UTC) for back in range(1, days + 1)]
    return [JobRun(job=CHECK, for_on=at.date(), started_at=at, finished_at=at, counts=None) for at in runs]
