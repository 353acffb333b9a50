"""/calendar-feed: one's own calendar address."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.calendars import address_of
from app.http.reading import Read, answer
from app.http.writing import Write
from app.schemas.calendars import CalendarFeedCreated, CalendarFeedRead
from app.services import calendars

router = APIRouter(prefix="/calendar-feed", tags=["calendar"])


@router.get("", response_model=CalendarFeedRead, summary="One's own calendar address")
def read_feed(read: Read) -> Response:
    """When it was made and last read; 404 where there is none."""
    feed = calendars.read_feed(read.session, read.act)
    return answer(CalendarFeedRead(created_at=feed.created_at, read_at=feed.read_at, expires_on=feed.expires_on))


@router.post("", status_code=201, response_model=CalendarFeedCreated, summary="Make one's own calendar address")
def make_feed(write: Write) -> Response:
    """The address is in this answer only; one made before shows nothing any more. It holds the last days to start, the
    ends and the expected completions of the contracts that one's roles open, or of which one is the owner. Since
    whoever has it reads them, a token needs the scope `read` too, and the address ends with it."""
    secret = calendars.make_feed(write.session, write.act)
    bounds = write.act.actor.bounds
    last = bounds.expires_on if bounds is not None else None
    body = CalendarFeedCreated(created_at=write.act.now, read_at=None, expires_on=last, address=None)
    remembered = write.created(body, "/api/v1/calendar-feed")
    shown = body.model_copy(update={"address": address_of(write.state.settings, secret)})
    location = {"Location": remembered.headers["Location"]}
    return Response(shown.model_dump_json(), 201, location, media_type="application/json")


@router.delete("", status_code=204, summary="Take one's own calendar address away")
def revoke_feed(write: Write) -> Response:
    """From now on it shows nothing; 404 where there is none."""
    calendars.revoke_feed(write.session, write.act)
    return Response(status_code=204)
