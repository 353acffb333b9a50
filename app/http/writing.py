"""Writing: one transaction a request, committed before the answer; If-Match and Idempotency-Key."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.http.opening import opened_by_route
from app.http.problems import language_of
from app.http.reading import Credentials, act_of, etag, known
from app.http.state import State, state_of
from app.rules.errors import RuleBroken
from app.services import repetition
from app.services.acting import Act

REPLAYED = "Idempotency-Replayed"


class AlreadyAnswered(Exception):
    """The request came before with the same key and body: its first answer is given again."""

    def __init__(self, answer: repetition.Answer) -> None:
        super().__init__()
        self.answer = answer


def on_already_answered(_request: Request, error: Exception) -> Response:
    assert isinstance(error, AlreadyAnswered)  # noqa: S101 - registered for nothing else
    answer = error.answer
    headers = {**answer.headers, REPLAYED: "true"}
    return Response(answer.body, answer.status_code, headers, media_type="application/json")


@dataclass(frozen=True, slots=True)
class Writing:
    """One request that writes. Its transaction commits when the route returns, before the answer leaves."""

    session: Session
    act: Act
    language: str
    state: State
    expected_version: int | None
    """What If-Match names; None where the client takes any."""
    remembered_id: str | None

    def answer(
        self, body: BaseModel, version: int | None = None, status: int = 200, location: str | None = None
    ) -> Response:
        """The answer; with an Idempotency-Key it is remembered in the same transaction."""
        headers = {}
        if version is not None:
            headers["ETag"] = etag(version)
        if location is not None:
            headers["Location"] = location
        text = body.model_dump_json()
        if self.remembered_id is not None:
            repetition.remember(self.session, self.remembered_id, repetition.Answer(status, headers, text))
        return Response(text, status, headers, media_type="application/json")

    def created(self, body: BaseModel, location: str, version: int | None = None) -> Response:
        return self.answer(body, version, 201, location)


async def request_hash(request: Request) -> str:
    """What a repeated request must have in common with the first: method, path and body."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    digest.update(await request.body())
    return digest.hexdigest()


def _expected_version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/")
    number = text[1:-1]
    if len(text) < 3 or text[0] != '"' or text[-1] != '"' or not (number.isascii() and number.isdigit()):
        raise RuleBroken("if_match_malformed", "If-Match")
    return int(number[:18])


def writing(
    request: Request,
    credentials: Credentials,
    body_hash: Annotated[str, Depends(request_hash)],
    if_match: Annotated[str | None, Header(max_length=100, description="ETag that must still hold, else 412.")] = None,
    idempotency_key: Annotated[
        str | None,
        Header(max_length=200, description="POST only: the same key and body again answers the first result."),
    ] = None,
) -> Iterator[Writing]:
    state, act = state_of(request), None
    if state.database.one_writer:
        act = known(request, credentials)  # strangers never get as far as the write lock
    with state.database.writing() as session:
        act = act or act_of(request, session, credentials)
        remembered_id = None
        if idempotency_key is not None and request.method == "POST":
            claim = repetition.claim(session, act, idempotency_key, body_hash)
            if isinstance(claim, repetition.Answer):
                raise AlreadyAnswered(claim)
            remembered_id = claim
        language = language_of(request)
        yield Writing(session, act, language, state, _expected_version(if_match), remembered_id)


Write = Annotated[Writing, Depends(opened_by_route(writing, known), scope="function")]
