"""When those who run the service have to be told: at the limit, just before it, just after."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.rules import policy
from app.rules.time_passed import Witness
from app.rules.watch import Trouble, Work, check_wanted, troubles

HELSINKI = ZoneInfo("Europe/Helsinki")
CHECK_AT = time(7)
SUNDAY, SATURDAY, FRIDAY = date(2026, 11, 22), date(2026, 11, 21), date(2026, 11, 20)
LIMIT = timedelta(hours=policy.ALERT_CHECK_AFTER_HOURS)
SECOND = timedelta(seconds=1)


def at(hour: int, minute: int = 0, second: int = 0, on: date = SUNDAY) -> datetime:
    return datetime.combine(on, time(hour, minute, second), HELSINKI)


def work(checked: date | None = SUNDAY, queued_since: datetime | None = None, refused: int = 0) -> Work:
    return Work(checked, queued_since, refused)


@pytest.mark.parametrize(
    ("now", "checked", "wrong"),
    [
        (at(10) - SECOND, SATURDAY, False),
        (at(10), SATURDAY, True),
        (at(10), SUNDAY, False),
        (at(0), SATURDAY, False),
        (at(0), FRIDAY, True),
        (at(10), None, True),
        (at(10), SUNDAY + timedelta(1), False),
    ],
)
def test_a_check_is_missed_some_hours_after_it_should_have_begun_on_any_day(
    now: datetime, checked: date | None, wrong: bool
) -> None:
    assert (Trouble.CHECK_MISSING in troubles(work(checked), now, CHECK_AT)) is wrong


@pytest.mark.parametrize(
    ("now", "begun", "wrong"),
    [
        (at(2), at(1), False),
        (at(10), at(1), True),
        (at(2), at(23, 59, 59, on=SATURDAY), True),
        (at(2), at(0).astimezone(UTC), False),  # Saturday still in UTC
    ],
)
def test_no_check_is_missed_before_the_service_was_there(now: datetime, begun: datetime, wrong: bool) -> None:
    found = troubles(Work(None, None, 0, begun), now, CHECK_AT)
    assert (Trouble.CHECK_MISSING in found) is wrong


@pytest.mark.parametrize(
    ("waits", "wrong"),
    [
        (timedelta(hours=policy.ALERT_MAIL_WAITS_HOURS) - SECOND, False),
        (timedelta(hours=policy.ALERT_MAIL_WAITS_HOURS), True),
        (timedelta(hours=policy.ALERT_MAIL_WAITS_HOURS) + SECOND, True),
    ],
)
def test_mail_waits_too_long_after_some_hours(waits: timedelta, wrong: bool) -> None:
    now = at(20)
    assert (Trouble.MAIL_WAITING in troubles(work(queued_since=now - waits), now, CHECK_AT)) is wrong


def test_refused_mail_is_told_from_the_first() -> None:
    assert troubles(work(refused=1), at(12), CHECK_AT) == [Trouble.MAIL_REFUSED]
    assert troubles(work(refused=0), at(12), CHECK_AT) == []


def test_the_gravest_is_told_first() -> None:
    doubted = Witness(frozenset(), FRIDAY, is_ahead=True)
    found = troubles(replace(work(None, at(0, on=FRIDAY), 2), witness=doubted), at(12), CHECK_AT)
    assert found == list(Trouble)


@pytest.mark.parametrize("hour", range(24))
def test_a_late_check_is_wanted_from_the_next_day_on(hour: int) -> None:
    """One that begins at 23 has until 2: on the day itself only that of the day before is wanted."""
    assert check_wanted(at(hour), time(23), LIMIT) == (SATURDAY if hour >= 2 else FRIDAY)


@pytest.mark.parametrize("on", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_days_on_which_clocks_are_moved_have_their_check(on: date) -> None:
    assert check_wanted(at(10, on=on), CHECK_AT, LIMIT) == on
    assert check_wanted(at(9, 59, 59, on=on), CHECK_AT, LIMIT) == on - timedelta(1)
