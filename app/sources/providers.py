"""The identity provider of the organisation: its settings, what it says of a person, and what can go wrong with it.

Apart from how it is spoken to (`oidc.py`): those libraries take a tenth of the service's start, also where none is set.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

REQUIRED = ("SIEPP_OIDC_ISSUER", "SIEPP_OIDC_CLIENT_ID", "SIEPP_OIDC_CLIENT_SECRET")
LOOPBACK = "localhost"
"""Only there may the provider be asked without encryption: for tests and development."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in with OpenID Connect, and who we are to it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
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


class ProviderAway(Exception):
    """The provider cannot be reached, or what answers is none."""


class NotBelieved(Exception):
    """The provider did not confirm who it is: refused, or its answer does not hold."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes to sign in, and what must come back or be shown when it returns."""

    address: str
    state: str
    nonce: str
    verifier: str


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
