"""What every answer must say to a browser, whatever gave it (OWASP ASVS 5.0, chapters 3.3 and 3.4)."""

from collections.abc import Iterator

from httpx2 import Response

FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}
OPEN_HEADERS = ("access-control-allow-origin", "server", "x-powered-by")
"""What no answer has: no other site may read it, and nobody needs to know what it is made with."""


def lacking(answer: Response, path: str) -> list[str]:
    """What an answer of a service that people reach by https lacks, or has and should not."""
    return [*_headers(answer, path), *_policy(answer, path), *_cookies(answer)]


def _headers(answer: Response, path: str) -> Iterator[str]:
    for name, value in FIXED.items():
        if answer.headers.get_list(name) != [value]:
            yield f"{name}: {answer.headers.get_list(name)}"
    if "camera=()" not in answer.headers.get("permissions-policy", ""):
        yield "permissions-policy"
    if not path.startswith("/static/") and "no-store" not in answer.headers.get("cache-control", ""):
        yield "cache-control"
    yield from (name for name in OPEN_HEADERS if name in answer.headers)


def _policy(answer: Response, path: str) -> Iterator[str]:
    policies = answer.headers.get_list("content-security-policy")
    if len(policies) != 1:
        yield f"content-security-policy: {policies}"
        return
    for directive in ("default-src", "frame-ancestors 'none'", "base-uri 'none'", "form-action"):
        if directive not in policies[0]:
            yield f"content-security-policy without {directive}"
    if "unsafe" in policies[0] and path != "/docs":
        yield "content-security-policy with unsafe"


def _cookies(answer: Response) -> Iterator[str]:
    for cookie in answer.headers.get_list("set-cookie"):
        said = cookie.lower()
        if not cookie.startswith("__Host-") or "path=/;" not in f"{said};".replace(" ", ""):
            yield f"no cookie of this host alone: {cookie}"
        yield from (
            f"cookie without {word}: {cookie}" for word in ("secure", "httponly", "samesite=") if word not in said
        )
