"""What every request passes before a route sees it: size, forbidden signs, figures and the access log."""

import time
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from urllib.parse import unquote

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http import request_ids
from app.http.directory import template_of
from app.http.headers import headers_for
from app.http.paces import Paces
from app.http.problems import (
    MAX_BODY_BYTES,
    BodyTooLarge,
    body_too_large,
    language_of,
    on_defect,
    problem_for,
    too_many_requests,
)
from app.http.uploads import body_limit
from app.rules.errors import RuleBroken
from app.schemas.text import holds_control_characters, holds_identity_code

log = structlog.get_logger(__name__)
AsPage = Callable[[Request, Response], Response]
"""Turns the answer to an error into a page where a page was asked for."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Others are counted as one: whoever invents methods must not make figures without end."""
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds: most answers take some hundredths, and whoever waits for ten has given up."""


class Guard:
    """Outermost layer: refuses what must not come near a route, and sees to the headers of every answer."""

    def __init__(
        self, app: ASGIApp, registry: CollectorRegistry, as_page: AsPage, base_url: str, paces: Paces | None
    ) -> None:
        self.app, self.as_page, self.base_url, self.paces = app, as_page, base_url, paces
        labels = ("method", "route", "status")
        self.requests = Counter("siepp_http_requests_total", "Requests answered.", labels, registry=registry)
        self.seconds = Histogram(
            "siepp_http_request_seconds",
            "Time to answer, by class of status.",
            labels,
            buckets=BUCKETS,
            registry=registry,
        )
        self._figures = cache(self._figures_of)  # found once for each kind of answer, of which there are some hundreds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = request_ids.begin(Headers(scope=scope))
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                named = (request_ids.HEADER.encode(), request_id.encode())
                own = message["headers"]
                message["headers"] = [*own, *headers_for(scope, self.base_url, own, status), named]
            await send(message)

        try:
            await self._answer(scope, receive, sending)
        except Exception as error:
            if status:  # half an answer is out: only breaking off tells the reader so, and the server logs why
                raise
            await self.as_page(Request(scope), on_defect(Request(scope), error))(scope, receive, sending)
        finally:
            self._account(scope, status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = self.paces.wait(scope) if self.paces else 0.0
        if wait:
            log.warning("too_many_requests")
        refusal = too_many_requests(language_of(Request(scope)), wait) if wait else _refusal(scope)
        if refusal is not None:
            await self.as_page(Request(scope), refusal)(scope, receive, send)
            return
        await self.app(scope, _limited(receive, body_limit(scope)), send)
        if self.paces:
            self.paces.learn(scope)

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        """Counts and logs by the route's template: an address as it was sent may hold what must not be kept."""
        route = template_of(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        answered, took = self._figures(method, route, status)
        answered.inc()
        took.observe(seconds)
        log.info("request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 1))

    def _figures_of(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        return (
            self.requests.labels(method, route, str(status)),
            self.seconds.labels(method, route, f"{status // 100}xx"),
        )


def _refusal(scope: Scope) -> Response | None:
    """An answer that refuses the request by its address or declared length, or None."""
    headers = Headers(scope=scope)
    path, query = unquote(scope["path"]), unquote(scope["query_string"].decode("latin-1").replace("+", " "))
    key = headers.get("idempotency-key")
    if holds_identity_code(f"{path}\n{query}") or (key is not None and holds_identity_code(key)):
        return problem_for(RuleBroken("identity_code", "address"), language_of(Request(scope)))
    address = path + query
    if not address.isprintable() and holds_control_characters(address):  # the first asks the same of most, and at once
        return problem_for(RuleBroken("control_characters", "address"), language_of(Request(scope)))
    length, limit = headers.get("content-length", "0"), body_limit(scope)
    if length.isdigit() and int(length[:19]) > limit:
        return body_too_large(language_of(Request(scope)), limit)
    return None


def _limited(receive: Receive, limit: int) -> Receive:
    """Counts a body sent in pieces, whose length nobody declared."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            if limit > MAX_BODY_BYTES:
                raise BodyTooLarge(limit)
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)  # what FastAPI lets through
        return message

    return counting
