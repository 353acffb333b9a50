"""When the service does not do its work: the daily check, the delivery, erasing and publishing by a clock that is
believed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.rules import policy
from app.rules.dates import ONE_DAY
from app.rules.time_passed import Witness, is_news


class Trouble(StrEnum):
    """What those who run the service have to know, gravest first."""

    CHECK_MISSING = "check_missing"
    """The check of a day has not come to its end: nobody is reminded."""
    MAIL_WAITING = "mail_waiting"
    """Mail waits for hours: the mail server does not take it, or nobody hands it over."""
    CLOCK_DOUBTED = "clock_doubted"
    """Nothing is erased or published: the clock may be ahead, or the service stood still for long."""
    MAIL_REFUSED = "mail_refused"
    """Mail reached nobody."""


@dataclass(frozen=True, slots=True)
class Work:
    """How the work stands. `checked` is the last day whose check came to its end, `queued_since` when the oldest mail
    that waits was made, `refused` how many mails of today and yesterday reached nobody, `begun` when the first thing
    was written at all. Of some mail that waits nobody knows since when: it was made `while_ahead`, at a time that is
    still to come. `witness` is what speaks for the clock."""

    checked: date | None
    queued_since: datetime | None
    refused: int
    begun: datetime | None = None
    while_ahead: bool = False
    witness: Witness | None = None


def check_wanted(now: datetime, check_at: time, grace: timedelta) -> date:
    """The last day whose check is to be done by now. `now` is in the city's time zone; the check of a day may begin
    at `check_at` and take as long as the grace."""
    due = now - grace
    return due.date() if due.time() >= check_at else due.date() - ONE_DAY


def troubles(work: Work, now: datetime, check_at: time) -> list[Trouble]:
    """What is wrong, gravest first. The check runs every day, working day or not, from the day on which the service
    was taken into use: nobody who has just installed it is to be told that yesterday's is missing."""
    found = []
    wanted = check_wanted(now, check_at, timedelta(hours=policy.ALERT_CHECK_AFTER_HOURS))
    was_there = work.begun is None or work.begun.astimezone(now.tzinfo).date() <= wanted
    if was_there and (work.checked is None or work.checked < wanted):
        found.append(Trouble.CHECK_MISSING)
    waits = work.queued_since is not None and now - work.queued_since >= timedelta(hours=policy.ALERT_MAIL_WAITS_HOURS)
    if waits or work.while_ahead:
        found.append(Trouble.MAIL_WAITING)
    if work.witness is not None and is_news(work.witness, now.astimezone(UTC).date()):
        found.append(Trouble.CLOCK_DOUBTED)
    if work.refused:
        found.append(Trouble.MAIL_REFUSED)
    return found
