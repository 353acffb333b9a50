"""What the company register says of a company, where the register is, and what can go wrong with it.

Apart from how it is spoken to (`company_register.py`): the HTTP client takes a tenth of the service's start, also where
no register is set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from app.rules.codes import CompanySituation
from app.sources.providers import LOOPBACK

SETTING = "SIEPP_COMPANY_REGISTER_URL"


@dataclass(frozen=True, slots=True)
class RegisteredSituation:
    """What puts a company's obligations at risk; `since` is the day of the register's entry, where it tells one."""

    code: CompanySituation
    since: date | None


@dataclass(frozen=True, slots=True)
class RegisteredCompany:
    """A company as the register has it today: its current name, its form in the languages that the register knows (by
    their codes), and its situations that have not ended."""

    business_id: str
    name: str | None
    forms: Mapping[str, str]
    situations: tuple[RegisteredSituation, ...]


class RegisterUnavailable(Exception):
    """The register gave no answer that can be used: away, overloaded, or something else answers in its place.
    `retry_after` is how long it asks to be left alone, where it does."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


def register_address(environ: Mapping[str, str]) -> str | None:
    """Where the register is; None where none is set, and then nobody is asked. Raises ValueError with a sentence."""
    address = (environ.get(SETTING) or "").strip().rstrip("/")
    if not address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port  # raises where it is none
    except ValueError:
        parts, port = urlsplit(""), None
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == LOOPBACK)
    plain = parts.username is None and port != 0 and not (parts.query or parts.fragment)
    if not (encrypted and parts.hostname and plain):
        raise ValueError(
            f"{SETTING} must be the address of the company register's interface, which begins with https://, such as "
            "https://avoindata.prh.fi/opendata-ytj-api/v3."
        )
    return address
