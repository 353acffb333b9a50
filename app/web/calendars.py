"""/calendar: a user's days for a calendar program, by a secret address; /account/calendar: that address."""

from datetime import UTC, date, datetime, time, timedelta

import icalendar
from fastapi import APIRouter
from icalendar.prop import vDuration
from starlette.responses import Response

from app.http.calendars import address_of
from app.language.calendars import calendar_name, day_title, more_sentence
from app.rules.dates import ONE_DAY
from app.services import calendars
from app.services.calendars import Calendar, CalendarDay
from app.web.account import account_page
from app.web.visiting import Anyone, Submit, Visit

router = APIRouter(include_in_schema=False)
READ_EVERY = timedelta(hours=6)
"""What programs are asked to keep to: a day that moves shows the same working day."""
HEADERS = {"Cache-Control": "private", "Content-Disposition": 'inline; filename="siepp.ics"'}


@router.get("/calendar/{secret}.ics")
def show(secret: str, visit: Anyone) -> Response:
    """The calendar as a file; 404 alike for an address that never was and one that was taken away."""
    now, today = visit.act.now, visit.act.today
    calendar = calendars.show_calendar(visit.session, secret, now, today)
    if calendar.due_for_note is not None:
        with visit.writing() as session:
            calendars.note_read(session, calendar.due_for_note, now)
    return Response(written(calendar, visit, now), headers=HEADERS, media_type="text/calendar; charset=utf-8")


@router.post("/account/calendar")
def make(submission: Submit) -> Response:
    """The address is in this answer only; a form sent twice makes one, and says none the second time."""
    made: list[str] = []

    def write() -> str:
        secret = calendars.make_feed(submission.session, submission.act)
        made.append(address_of(submission.state.settings, secret))
        return "/account?done=calendar#calendar"

    answer = submission.save(write, lambda view: account_page(submission, changing=view))
    return account_page(submission, calendar_address=made[0]) if made and answer.status_code == 303 else answer


@router.post("/account/calendar/revoke")
def revoke(submission: Submit) -> Response:
    def write() -> str:
        calendars.revoke_feed(submission.session, submission.act)
        return "/account?done=calendar_revoked#calendar"

    return submission.save(write, lambda view: account_page(submission, changing=view))


def written(calendar: Calendar, visit: Visit, now: datetime) -> bytes:
    """The calendar as RFC 5545 has it, with the names and the pace of RFC 7986 and of the programs before it."""
    file = icalendar.Calendar()
    file.add("prodid", "-//SIEPP//Employment clauses//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        file.add(name, calendar_name(calendar.language))
    file.add("refresh-interval", vDuration(READ_EVERY), parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", vDuration(READ_EVERY))
    for day in calendar.days:
        file.add_component(_event(day, calendar.language, visit, now))
    return bytes(file.to_ical())


def _event(day: CalendarDay, language: str, visit: Visit, now: datetime) -> icalendar.Event:
    """A whole day on which nobody counts as busy."""
    settings = visit.state.settings
    address = f"{settings.base_url}/contracts/{day.contract_id}"
    event = icalendar.Event()
    event.add("uid", day.uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("last-modified", min(now, _midnight(day.changed_on, visit)).astimezone(UTC))
    event.add("sequence", day.revision)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + ONE_DAY)  # the first day that is no longer meant
    event.add("summary", day_title(day.kind, day.count, day.months, day.title, day.reference, language))
    event.add("description", more_sentence(address, language))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event


def _midnight(on: date, visit: Visit) -> datetime:
    return datetime.combine(on, time.min, visit.state.settings.timezone)
