"""/audit: the audit trail, for administrators of a whole organisation."""

from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import Pages, Read, answer, next_cursor
from app.schemas.audit import AuditFilter, AuditList, AuditRead
from app.schemas.fields import Day, Line
from app.services import audit
from app.services.audit import Entry
from app.storage.audit_entries import NEWEST_FIRST

router = APIRouter(prefix="/audit", tags=["audit"])


def _about(name: str) -> str | None:
    return AuditFilter.model_fields[name].description


def read_model(entry: Entry) -> AuditRead:
    values: dict[str, Any] = {one.name: getattr(entry, one.name) for one in fields(entry) if one.name != "name"}
    return AuditRead.model_validate(values | {"actor_name": entry.name, "erased": entry.is_erased})


@router.get("", response_model=AuditList, summary="The audit trail of your organisations")
def search(
    read: Read,
    pages: Pages,
    who: Annotated[Line | None, Query(description=_about("who"))] = None,
    what: Annotated[Line | None, Query(description=_about("what"))] = None,
    thing: Annotated[Line | None, Query(description=_about("thing"))] = None,
    since: Annotated[Day | None, Query(description=_about("since"))] = None,
    until: Annotated[Day | None, Query(description=_about("until"))] = None,
    person: Annotated[Line | None, Query(description=_about("person"))] = None,
) -> Response:
    """The newest first, for administrators of a whole organisation. Every write, file taken out and sign-in, with who,
    when, from where, before and after; people are fingerprints."""
    asked = AuditFilter(who=who, what=what, thing=thing, since=since, until=until, person=person)
    name, _, page = pages.sorted_by({"at": NEWEST_FIRST}, "at")
    found = audit.search(read.session, asked, read.state.settings.timezone, page, read.act)
    return answer(
        AuditList(items=[read_model(one) for one in found.entries], next_cursor=next_cursor(name, found.found))
    )
