"""Errors on pages: what happened and what to do, as a page. The API's paths keep their problem+json."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.http import problems, request_ids
from app.language.errors import error_sentence
from app.services.links import LinkExpired, LinkInvalid
from app.web.pages import page
from app.web.visiting import FormRefused, NotSignedIn, chosen_language, sign_in_address

Handler = Callable[[Request, Exception], Response]
NOT_PAGES = ("/api/", "/metrics", "/healthz", "/readiness")


def as_page(request: Request, answer: Response) -> Response:
    """The answer to an error, as a page where a page was asked for."""
    if request.url.path.startswith(NOT_PAGES) or answer.media_type != problems.MEDIA_TYPE:
        return answer
    problem = json.loads(bytes(answer.body))
    shown = _told(request, HTTPStatus(answer.status_code), problem["code"], problem["detail"])
    if "retry-after" in answer.headers:
        shown.headers["retry-after"] = answer.headers["retry-after"]
    return shown


def _told(request: Request, status: HTTPStatus, code: str, detail: str) -> Response:
    """The page of an error; it needs no database and no one signed in."""
    language = chosen_language(request)
    request_id = request_ids.current() if status >= HTTPStatus.INTERNAL_SERVER_ERROR else None
    values = {"code": code, "detail": detail, "status": status.value, "request_id": request_id}
    return page("errors/page.html", language, status, **values)


def _on_pages(handler: Handler) -> Handler:
    def handle(request: Request, error: Exception) -> Response:
        chosen_language(request)
        return as_page(request, handler(request, error))

    return handle


def on_not_signed_in(request: Request, _error: Exception) -> Response:
    """Signs in first. A form sent too late is said to be so; what was typed stays in the page before."""
    if request.method == "POST":
        return _code(request, HTTPStatus.UNAUTHORIZED, "signed_out_meanwhile")
    return RedirectResponse(sign_in_address(request), 303)


def on_form_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, FormRefused)  # noqa: S101 - registered for nothing else
    problems.note_refused(request, error.code)
    return _code(request, HTTPStatus.FORBIDDEN, error.code)


def on_useless_link(request: Request, error: Exception) -> Response:
    """A link too old, or one that never was or no longer is good for anything."""
    if isinstance(error, LinkExpired):
        return _code(request, HTTPStatus.GONE, "link_expired")
    return _code(request, HTTPStatus.NOT_FOUND, "link_invalid")


def _code(request: Request, status: HTTPStatus, code: str) -> Response:
    return _told(request, status, code, error_sentence(code, {}, chosen_language(request)))


def install(app: FastAPI) -> None:
    """Wraps the handlers of the API, so that there is one map from errors to HTTP."""
    for kind, handler in list(app.exception_handlers.items()):
        if handler.__module__ == problems.__name__:
            app.add_exception_handler(kind, _on_pages(cast(Handler, handler)))
    app.add_exception_handler(NotSignedIn, on_not_signed_in)
    app.add_exception_handler(FormRefused, on_form_refused)
    app.add_exception_handler(LinkExpired, on_useless_link)
    app.add_exception_handler(LinkInvalid, on_useless_link)
