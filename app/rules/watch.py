"""When the service does not do its work: the daily check, the delivery."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.rules import policy
from app.rules.dates import ONE_DAY


class Trouble(StrEnum):
    """What those who run the service have to know, gravest first."""

    CHECK_MISSING = "check_missing"
    """The check of a day has not come to its end: nobody is reminded."""
    MAIL_WAITING = "mail_waiting"
    """Mail waits for hours: the mail server does not take it, or nobody hands it over."""
    MAIL_REFUSED = "mail_refused"
    """Mail reached nobody."""


@dataclass(frozen=True, slots=True)
class Work:
    """How the work stands. `checked` is the last day whose check came to its end, `queued_since` when the oldest mail
    that waits was made, `refused` how many mails of today and yesterday reached nobody, `begun` when the first thing
    was written at all."""

    checked: date | None
    queued_since: datetime | None
    refused: int
    begun: datetime | None = None


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
    if work.queued_since is not None and now - work.queued_since >= timedelta(hours=policy.ALERT_MAIL_WAITS_HOURS):
        found.append(Trouble.MAIL_WAITING)
    if work.refused:
        found.append(Trouble.MAIL_REFUSED)
    return found
