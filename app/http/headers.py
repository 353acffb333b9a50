"""The headers of every answer, whatever gives it: pages, the API, files, errors. What a browser may do with it.

OWASP ASVS 5.0, chapter 3.4. A page has a policy of its own (web/pages.py); what has none is no page, and loads nothing.
"""

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import Scope

Header = tuple[bytes, bytes]
POLICY = b"content-security-policy"
NO_PAGE = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
UNUSED = [
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
]
"""What browsers offer and no page of ours wants."""
FIXED: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # addresses of links in mails are secrets
    (b"permissions-policy", ", ".join(f"{one}=()" for one in UNUSED).encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
YEAR_SECONDS = 365 * 24 * 3600
KEPT_FOR_GOOD = (b"cache-control", f"public, max-age={YEAR_SECONDS}, immutable".encode())
NOT_KEPT = (b"cache-control", b"no-store")
"""All that is no file of the release is of someone's contracts, or made for someone."""


def headers_for(scope: Scope, base_url: str, own: Sequence[Header], status: int) -> list[Header]:
    """What is added to an answer to a request that has the headers `own` already. Files of the release say for how long
    they are kept (web/release_files.py)."""
    added = [*FIXED, *_transport(base_url)]
    if not any(name.lower() == POLICY for name, _ in own):
        added.append((POLICY, NO_PAGE))
    if not scope["path"].startswith("/static/") or status >= HTTPStatus.BAD_REQUEST:
        added.append(NOT_KEPT)
    return added


@cache
def _transport(base_url: str) -> tuple[Header, ...]:
    """Where people come by encrypted connections, they come by no others for a year. A host with a name of its own
    says so for what is below it too; one that is a city's whole domain must not speak for the city."""
    parts = urlsplit(base_url)
    if parts.scheme != "https":
        return ()
    below = "; includeSubDomains" if (parts.hostname or "").count(".") > 1 else ""
    return ((b"strict-transport-security", f"max-age={YEAR_SECONDS}{below}".encode()),)
