"""Month arithmetic: what the prose of the domain rules says, and the definition of the latest start itself."""

from datetime import date, timedelta

import pytest

from app.rules.dates import ONE_DAY, add_months, completes_on, days_needed, latest_start
from tests.factories import d


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("31.5.2018", 9, "28.2.2019"),
        ("31.5.2019", 9, "29.2.2020"),
        ("30.5.2019", 9, "29.2.2020"),
        ("28.5.2019", 9, "28.2.2020"),
        ("31.8.2019", 1, "30.9.2019"),
        ("1.12.2019", 1, "1.1.2020"),
        ("29.2.2020", 12, "28.2.2021"),
        ("15.1.2019", 0, "15.1.2019"),
    ],
)
def test_months_clip_to_the_end_of_the_month(day: str, months: int, later: str) -> None:
    assert add_months(d(day), months) == d(later)


@pytest.mark.parametrize(
    ("start", "completes"),
    [
        ("15.1.2019", "14.10.2019"),
        ("29.5.2019", "28.2.2020"),
        ("30.5.2019", "28.2.2020"),
        ("31.5.2019", "28.2.2020"),
        ("1.6.2019", "29.2.2020"),
        ("31.5.2018", "27.2.2019"),
        ("1.3.2018", "30.11.2018"),
    ],
)
def test_nine_months_complete_the_day_before_the_same_day_of_the_month(start: str, completes: str) -> None:
    assert completes_on(d(start), 9) == d(completes)


@pytest.mark.parametrize(
    ("deadline", "latest"),
    [
        ("28.2.2020", "31.5.2019"),
        ("29.2.2020", "1.6.2019"),
        ("27.2.2020", "28.5.2019"),
        ("28.2.2021", "1.6.2020"),
        ("28.2.2027", "1.6.2026"),
        ("14.10.2019", "15.1.2019"),
    ],
)
def test_the_latest_start_for_nine_months_is_the_last_of_the_days_that_complete_in_time(
    deadline: str, latest: str
) -> None:
    assert latest_start(d(deadline), 9) == d(latest)


@pytest.mark.parametrize("months", [1, 3, 6, 9, 12])
def test_the_latest_start_completes_by_the_deadline_and_the_day_after_does_not(months: int) -> None:
    for offset in range(3 * 365):
        deadline = date(2019, 1, 1) + timedelta(days=offset)
        start = latest_start(deadline, months)
        assert completes_on(start, months) <= deadline < completes_on(start + ONE_DAY, months)


@pytest.mark.parametrize(
    ("first_start", "days"), [("31.5.2019", 274), ("1.3.2019", 275), ("7.1.2019", 273), ("1.5.2019", 276)]
)
def test_the_days_that_nine_months_need_depend_on_the_first_day(first_start: str, days: int) -> None:
    assert days_needed(d(first_start), 9) == days
