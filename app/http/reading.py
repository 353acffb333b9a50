"""Reading: the session, who asks and when, lists page by page, and answers with an ETag."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, BaseModel
from pydantic_core import to_json
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.http.opening import opened_by_route
from app.http.origins import where_of
from app.http.paces import recognised
from app.http.problems import Unauthenticated, language_of
from app.http.state import State, state_of
from app.rules.codes import TokenScope
from app.rules.errors import NotFound, RuleBroken
from app.services import tokens
from app.services.acting import Act, Channel
from app.storage import keyset

bearer = HTTPBearer(auto_error=False, description="An API token, made with `siepp token create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]
Thing = TypeVar("Thing")
IMPORTS = "/api/v1/imports"
"""What a token with the scope "import" opens."""
MAX_LIMIT = 200
DEFAULT_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """One request that reads: its session, who asks and when, and the language to answer in."""

    session: Session
    act: Act
    language: str
    state: State


def act_of(request: Request, session: Session, credentials: HTTPAuthorizationCredentials | None) -> Act:
    """Who acts and when; the one place of a request that reads the clock. Raises Unauthenticated, or Forbidden where
    the token does not open this. The day's first request writes down that the token is in use; the others only read."""
    state = state_of(request)
    now = state.clock()
    today = state.day_at(now)
    if credentials is None:
        raise Unauthenticated
    try:
        holder = tokens.holder(session, credentials.credentials, today)
    except tokens.TokenUseless as useless:
        raise Unauthenticated(useless.code) from None
    request.state.language = holder.actor.language
    recognised(request, holder.actor.id)
    if not holder.noted:
        session.rollback()  # or requests that hold one connection and want a second would wait for each other
        with state.database.writing() as writing:
            tokens.note_used(writing, holder.token_id, today)
    tokens.require_scope(holder.actor, *accepted_scopes(request))
    return Act(holder.actor, now, today, where_of(request, Channel.API))


def accepted_scopes(request: Request) -> tuple[TokenScope, ...]:
    """Any one of these opens the way; the first is the one to ask for."""
    plain = TokenScope.READ if request.method in {"GET", "HEAD"} else TokenScope.WRITE
    return (plain, TokenScope.IMPORT) if request.scope["path"].startswith(IMPORTS) else (plain,)


def known(request: Request, credentials: HTTPAuthorizationCredentials | None) -> Act:
    """Who acts and when, for what opens no session of its own. Raises as `act_of`."""
    with state_of(request).database.reading() as session:
        return act_of(request, session, credentials)


def reading(request: Request, credentials: Credentials) -> Iterator[Reading]:
    state = state_of(request)
    with state.database.reading() as session:
        act = act_of(request, session, credentials)
        yield Reading(session, act, language_of(request), state)


Read = Annotated[Reading, Depends(opened_by_route(reading), scope="function")]


def _key_or_nothing(value: str) -> str:
    """What cannot be an id names nothing: 404, as for an id nobody has."""
    if len(value) != 32 or not set(value) <= set("0123456789abcdef"):
        raise NotFound("not_found")
    return value


PathKey = Annotated[str, AfterValidator(_key_or_nothing)]
"""An opaque id in a path."""


def etag(version: int) -> str:
    return f'"{version}"'


def answer(body: BaseModel, version: int | None = None, status: int = 200) -> Response:
    """A body as JSON; a single thing with its version as ETag."""
    headers = {} if version is None else {"ETag": etag(version)}
    return Response(body.model_dump_json(), status, headers, media_type="application/json")


def answer_list(items: Sequence[Mapping[str, Any]], cursor: str | None) -> Response:
    """A page of a long list as JSON, from plain values in the order of the schema's fields. They come from our own
    tables: to check each against the schema would take longer than to read it, so a test does."""
    return Response(to_json({"next_cursor": cursor, "items": items}), media_type="application/json")


@dataclass(frozen=True, slots=True)
class Paging:
    """`limit`, `cursor` and `sort` as they came."""

    limit: int
    cursor: str | None
    sort: str | None

    def sorted_by(self, sorts: Mapping[str, keyset.Sort], default: str) -> tuple[str, keyset.Sort, keyset.Page]:
        """The order asked for, by its name, and the page. A minus before the name turns it round."""
        name = self.sort or default
        order = sorts.get(name.removeprefix("-"))
        if order is None:
            raise RuleBroken("sort_unknown", "sort", choices=", ".join(sorts))
        if name.startswith("-"):
            order = keyset.Sort(order.columns, not order.descending)
        return name, order, keyset.Page(self.limit, self._after(name, order))

    def _after(self, name: str, order: keyset.Sort) -> tuple[Any, ...] | None:
        if self.cursor is None:
            return None
        try:
            sort, values = json.loads(base64.urlsafe_b64decode(self.cursor.encode()))
            if sort != name:
                raise ValueError("another order")
            return keyset.restore(order, values)
        except (ValueError, TypeError, RecursionError):
            raise RuleBroken("cursor_invalid", "cursor") from None


def in_pages(
    paging: Paging, things: Sequence[Thing], id_of: Callable[[Thing], str]
) -> tuple[Sequence[Thing], str | None]:
    """A page of a short list that is at hand as a whole, such as the positions of a contract, and its next cursor: the
    id of the page's last thing. Such a list has one order. Raises RuleBroken for a cursor that names nothing of it."""
    if paging.sort is not None:
        raise RuleBroken("sort_unknown", "sort", choices="")
    begin = 0
    if paging.cursor is not None:
        ids = [id_of(thing) for thing in things]
        if paging.cursor not in ids:
            raise RuleBroken("cursor_invalid", "cursor")
        begin = ids.index(paging.cursor) + 1
    page = things[begin : begin + paging.limit]
    return page, id_of(page[-1]) if begin + paging.limit < len(things) else None


async def paging(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="At most so many items.")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the page before.")] = None,
    sort: Annotated[str | None, Query(max_length=40, description="Order; with a minus before it turned round.")] = None,
) -> Paging:
    """Asynchronous, as all that reads nothing but the address: a synchronous one would wait for a thread."""
    return Paging(limit, cursor, sort)


Pages = Annotated[Paging, Depends(paging)]


def next_cursor(name: str, found: keyset.Slice) -> str | None:
    """The opaque place where the next page begins."""
    if found.next_after is None:
        return None
    text = json.dumps([name, keyset.plain(found.next_after)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode()
