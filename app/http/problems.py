"""The one map from errors to HTTP: problem+json (RFC 9457) in the reader's language, never a traceback."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from types import MappingProxyType
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.http import request_ids
from app.http.paces import ACCOUNT
from app.language.catalogues import negotiate
from app.language.errors import error_sentence
from app.rules.codes import DEFAULT_LANGUAGE
from app.rules.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken, Stale
from app.services.wrong_fields import code_of, field_of, values_of

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 1024 * 1024
"""Larger bodies get 413: no single thing of the API is near it."""
RETRY_AFTER_SECONDS = 60
"""Half a million rows of a ledger are read in it."""
MEDIA_TYPE = "application/problem+json"
STATUS = {
    RuleBroken: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    Forbidden: HTTPStatus.FORBIDDEN,
}


class Unauthenticated(Exception):
    """No valid token came with the request; `code` says what was wrong with the one that came."""

    def __init__(self, code: str = "unauthenticated") -> None:
        super().__init__(code)
        self.code = code


class BodyTooLarge(Exception):
    """The body is larger than what was asked for takes: `limit_bytes`."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__()
        self.limit_bytes = limit_bytes


class Unavailable(Exception):
    """The request is right, and there is no room for it just now; `code` says of what."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def status_of(error: DomainError) -> HTTPStatus:
    """The answer's status, by the error's kind."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def language_of(request: Request) -> str:
    """What a page's reader has chosen, else the language the client asks for, else the user's own, else Finnish."""
    chosen = getattr(request.state, "chosen_language", None)
    if chosen is not None:
        return str(chosen)
    own = getattr(request.state, "language", DEFAULT_LANGUAGE)
    return negotiate(request.headers.get("accept-language"), own)


def problem(
    status: HTTPStatus,
    code: str,
    language: str,
    values: Mapping[str, Any] | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer that says what is wrong: `code` names it for machines, `detail` for people. Where we are to blame,
    `request_id` leads whoever is asked about it to what the log says."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": error_sentence(code, values or {}, language),
    }
    if errors:
        body["errors"] = list(errors)
    request_id = request_ids.current()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and request_id is not None:
        body["request_id"] = request_id
    return JSONResponse(body, status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def field_error(field: str, code: str, language: str, values: Mapping[str, Any] | None = None) -> dict[str, str]:
    return {"field": field, "code": code, "message": error_sentence(code, values or {}, language)}


def on_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 - registered for nothing else
    if isinstance(error, Forbidden):
        note_refused(request, error.code)
    return problem_for(error, language_of(request))


def note_refused(request: Request, reason: str) -> None:
    """A line for whoever looks for attempts at what is not theirs (OWASP ASVS 5.0, 16.3.2). That something was sought
    in the units of others, which is not found, shows in the log as 404s of one user."""
    log.warning("refused", reason=reason, user=getattr(request.state, ACCOUNT, None))


def problem_for(error: DomainError, language: str) -> Response:
    """The answer to an error of the rules or services."""
    status = status_of(error)
    errors = [field_error(error.field, error.code, language, error.values)] if error.field else []
    return problem(status, error.code, language, error.values, errors)


def on_unauthenticated(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unauthenticated)  # noqa: S101 - registered for nothing else
    note_refused(request, error.code)
    headers = {"WWW-Authenticate": "Bearer"}
    return problem(HTTPStatus.UNAUTHORIZED, error.code, language_of(request), headers=headers)


def on_validation_error(request: Request, error: Exception) -> Response:
    """A body or parameter that does not fit: every field named, no value echoed."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    language = language_of(request)
    errors = [field_error_of(one, language) for one in error.errors()]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, errors[0]["code"], language, values_of(error.errors()[0]), errors)


def field_error_of(
    error: Mapping[str, Any], language: str, worded: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """One of Pydantic's errors, `loc` beginning with the place it came in. `worded` gives other codes for some."""
    code = code_of(error)
    return field_error(field_of(error, error["loc"][1:]), worded.get(code, code), language, values_of(error))


def on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    codes = {400: "not_json", 404: "not_found", 405: "method_not_allowed"}
    status = HTTPStatus(error.status_code)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return body_too_large(language_of(request))
    if status == HTTPStatus.BAD_REQUEST:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = codes.get(error.status_code, "internal")
    return problem(status, code, language_of(request), headers=error.headers)


def body_too_large(language: str, limit_bytes: int = MAX_BODY_BYTES) -> Response:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", language, {"limit_bytes": limit_bytes})


def too_many_requests(language: str, wait_seconds: float) -> Response:
    """`wait_seconds` until another request is answered; see paces.py."""
    headers = {"Retry-After": str(ceil(wait_seconds))}
    return problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", language, headers=headers)


def on_body_too_large(request: Request, error: Exception) -> Response:
    assert isinstance(error, BodyTooLarge)  # noqa: S101 - registered for nothing else
    return body_too_large(language_of(request), error.limit_bytes)


def on_unavailable(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)  # noqa: S101 - registered for nothing else
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, error.code, language_of(request), headers=headers)


def on_lost_race(request: Request, error: Exception) -> Response:
    """Two requests wanted the same thing; the other one was first."""
    status = HTTPStatus.PRECONDITION_FAILED if isinstance(error, StaleDataError) else HTTPStatus.CONFLICT
    return problem(status, "stale", language_of(request))


def on_database_away(request: Request, error: Exception) -> Response:
    log.error("database_unavailable", error=type(error).__name__)
    unavailable = HTTPStatus.SERVICE_UNAVAILABLE
    return problem(unavailable, "database_unavailable", language_of(request), headers={"Retry-After": "10"})


def on_too_large(request: Request, _error: Exception) -> Response:
    """A number that fits its field and yet no column."""
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "out_of_range", language_of(request))


def on_defect(request: Request, error: Exception) -> Response:
    """A defect of ours: logged with its place, told without it."""
    log.error("defect", error=type(error).__name__, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", language_of(request))


def install(app: FastAPI) -> None:
    for kind in STATUS:
        app.add_exception_handler(kind, on_domain_error)
    app.add_exception_handler(Unauthenticated, on_unauthenticated)
    app.add_exception_handler(BodyTooLarge, on_body_too_large)
    app.add_exception_handler(Unavailable, on_unavailable)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(StaleDataError, on_lost_race)
    app.add_exception_handler(IntegrityError, on_lost_race)
    app.add_exception_handler(OperationalError, on_database_away)
    app.add_exception_handler(InterfaceError, on_database_away)
    app.add_exception_handler(PoolTimeout, on_database_away)
    app.add_exception_handler(DataError, on_too_large)
    app.add_exception_handler(Exception, on_defect)
