"""The identity provider of the organisation: its settings, and what it says of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

REQUIRED = ("SIEPP_OIDC_ISSUER", "SIEPP_OIDC_CLIENT_ID", "SIEPP_OIDC_CLIENT_SECRET")
LOOPBACK = "localhost"
"""Only there may the provider be asked without encryption: for tests and development."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in with OpenID Connect, and who we are to it."""

    issuer: str
    client_id: str
    client_secret: str
    groups_claim: str = "groups"
    name: str = ""
    """What people know it by, for the button; empty: the words of the page."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who someone is, as the provider says after a sign-in."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    language: str
    groups: frozenset[str]


def provider_settings(environ: Mapping[str, str]) -> Provider | None:
    """The provider of the environment; None where none is set. Raises ValueError with a sentence."""
    given = {name: (environ.get(name) or "").strip() for name in REQUIRED}
    if not any(given.values()):
        return None
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise ValueError(f"{' and '.join(missing)} must be set too, or none of SIEPP_OIDC_….")
    issuer, client_id, client_secret = given.values()
    if not _is_safe(issuer):
        raise ValueError("SIEPP_OIDC_ISSUER must be an address that begins with https://, without query or fragment.")
    claim = (environ.get("SIEPP_OIDC_GROUPS_CLAIM") or "").strip() or "groups"
    return Provider(issuer, client_id, client_secret, claim, (environ.get("SIEPP_OIDC_NAME") or "").strip())


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == LOOPBACK)
    return encrypted and bool(parts.hostname) and not (parts.query or parts.fragment)
