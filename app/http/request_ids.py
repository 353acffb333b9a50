"""The name of a request, by which its lines are found in the log: a proxy's own, or made here; answered back in
X-Request-ID, and shown to whoever met an error of ours."""

import re
from uuid import uuid4

from starlette.datastructures import Headers
from structlog import contextvars

from app.schemas.text import holds_identity_code

HEADER = "x-request-id"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{16,64}")
"""As proxies make them (nginx: 32 hex digits; Envoy, Traefik: a UUID). Anything else could be someone's words."""


def begin(headers: Headers) -> str:
    """Names the request, in every line that its task and the threads it uses write from now on. A task of the server
    is of one request, so that nothing has to be taken back at its end: what the server itself says of it is named
    too."""
    request_id = _taken(headers.get(HEADER)) or uuid4().hex
    contextvars.clear_contextvars()
    contextvars.bind_contextvars(request_id=request_id)
    return request_id


def _taken(value: str | None) -> str | None:
    """The id that came along, where it is one."""
    if value is None or not WELL_FORMED.fullmatch(value) or holds_identity_code(value):
        return None
    return value


def current() -> str | None:
    """The id of the request at hand."""
    found = contextvars.get_contextvars().get("request_id")
    return None if found is None else str(found)
