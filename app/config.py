"""Settings from the environment; a wrong value stops the start with a sentence that names the variable."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from stdnum.fi import ytunnus

from app.sources.companies import register_address
from app.sources.providers import Provider, provider_settings
from notifications.smtp import SmtpSettings, smtp_settings

SECRET_KEY_MIN_LENGTH = 32
METRICS_TOKEN_MIN_LENGTH = 20


class SettingWrong(Exception):
    """A variable of the environment cannot be used; the message names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Settings:
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    base_url: str
    smtp: SmtpSettings | None
    mail_dir: Path
    mail_from: str
    timezone: ZoneInfo
    check_at: time
    log_format: str
    oidc: Provider | None = None
    company_register: str | None = None
    """Where the company register is; None: nobody is asked."""
    demo: bool = False
    """Whether the log-in page offers the users of the demo."""
    ocid_prefix: str = ""
    """What ids of procurements in open data begin with; empty: the host of `base_url`."""
    business_id: str | None = None
    """The city's own, for open data."""
    requests_per_minute: int = 0
    """How many requests one user may send, see http/paces.py; 0: as many as they like."""
    metrics_token: str | None = field(default=None, repr=False)
    """Who sends it may read /metrics; None: who asks from a private network."""
    alert_to: tuple[str, ...] = ()
    """Who is told of troubles of the service; empty: the administrators of each organisation."""


def load_settings(environ: Mapping[str, str] = os.environ, *, demo: bool = False) -> Settings:
    """Reads the `SIEPP_…` variables. Raises SettingWrong. The demo makes its own secret key where none is set."""
    get = environ.get
    return Settings(
        database_url=_database_url(get("SIEPP_DATABASE_URL") or "sqlite:///siepp.db"),
        secret_key=_secret_key(get("SIEPP_SECRET_KEY") or "", demo),
        base_url=_base_url(get("SIEPP_BASE_URL") or "http://127.0.0.1:8000"),
        smtp=_smtp(get("SIEPP_SMTP_URL") or ""),
        mail_dir=Path(get("SIEPP_MAIL_DIR") or "mail"),
        mail_from=_mail_from(get("SIEPP_MAIL_FROM") or "SIEPP <siepp@localhost>"),
        timezone=_timezone(get("SIEPP_TIMEZONE") or "Europe/Helsinki"),
        check_at=_check_at(get("SIEPP_CHECK_AT") or "07:00"),
        log_format=_log_format(get("SIEPP_LOG_FORMAT") or "text"),
        oidc=_oidc(environ),
        company_register=_company_register(environ),
        demo=demo,
        ocid_prefix=_ocid_prefix(get("SIEPP_OCID_PREFIX") or ""),
        business_id=_business_id(get("SIEPP_BUSINESS_ID") or ""),
        requests_per_minute=_requests_per_minute(get("SIEPP_REQUESTS_PER_MINUTE") or "6000"),
        metrics_token=_metrics_token(get("SIEPP_METRICS_TOKEN") or ""),
        alert_to=_alert_to(get("SIEPP_ALERT_TO") or ""),
    )


def _database_url(value: str) -> str:
    try:
        backend = make_url(value).drivername
    except (ArgumentError, ValueError):
        backend = ""
    if backend not in {"sqlite", "postgresql+psycopg"}:
        raise SettingWrong(
            "SIEPP_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://, for example sqlite:///siepp.db."
        )
    return value


def _secret_key(value: str, demo: bool) -> str:
    if demo and not value:
        return secrets.token_urlsafe(SECRET_KEY_MIN_LENGTH)
    if len(value) < SECRET_KEY_MIN_LENGTH:
        raise SettingWrong(
            f"SIEPP_SECRET_KEY must be set to a secret of at least {SECRET_KEY_MIN_LENGTH} characters: it signs the "
            "links in mails. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return value


def _base_url(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise SettingWrong(
            "SIEPP_BASE_URL must be the address people reach the service at, such as https://siepp.example.org."
        )
    return value.rstrip("/")


def _smtp(value: str) -> SmtpSettings | None:
    if not value:
        return None
    try:
        return smtp_settings(value)
    except ValueError as error:
        raise SettingWrong(f"SIEPP_SMTP_URL cannot be used: {error}") from None


def _oidc(environ: Mapping[str, str]) -> Provider | None:
    try:
        return provider_settings(environ)
    except ValueError as error:
        raise SettingWrong(str(error)) from None


def _company_register(environ: Mapping[str, str]) -> str | None:
    try:
        return register_address(environ)
    except ValueError as error:
        raise SettingWrong(str(error)) from None


def _mail_from(value: str) -> str:
    if "@" not in parseaddr(value)[1] or "\n" in value or "\r" in value:
        raise SettingWrong("SIEPP_MAIL_FROM must be an e-mail address, such as SIEPP <siepp@example.org>.")
    return value


def _timezone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingWrong("SIEPP_TIMEZONE must be the name of a time zone, such as Europe/Helsinki.") from None


def _check_at(value: str) -> time:
    hours, colon, minutes = value.partition(":")
    digits = colon and value.isascii() and hours.isdigit() and minutes.isdigit()
    if not (digits and int(hours) < 24 and int(minutes) < 60):
        raise SettingWrong("SIEPP_CHECK_AT must be a time of day, such as 07:00.")
    return time(int(hours), int(minutes))


def _log_format(value: str) -> str:
    if value not in {"text", "json"}:
        raise SettingWrong("SIEPP_LOG_FORMAT must be text or json.")
    return value


def _ocid_prefix(value: str) -> str:
    if value and not re.fullmatch(r"ocds-[a-z0-9]{6}", value):
        raise SettingWrong(
            "SIEPP_OCID_PREFIX must be the prefix that Open Contracting Partnership registered, such as ocds-213czf."
        )
    return value


def _business_id(value: str) -> str | None:
    if value and not ytunnus.is_valid(value):
        raise SettingWrong("SIEPP_BUSINESS_ID must be a Finnish business ID, such as 0201256-6.")
    return ytunnus.format(ytunnus.validate(value)) if value else None


def _requests_per_minute(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 8):
        raise SettingWrong("SIEPP_REQUESTS_PER_MINUTE must be a whole number, such as 6000; 0 sets no limit.")
    return int(value)


def _metrics_token(value: str) -> str | None:
    if value and (len(value) < METRICS_TOKEN_MIN_LENGTH or not value.isascii() or not value.isprintable()):
        raise SettingWrong(
            f"SIEPP_METRICS_TOKEN must be at least {METRICS_TOKEN_MIN_LENGTH} plain signs. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return value or None


def _alert_to(value: str) -> tuple[str, ...]:
    addresses = tuple(one.strip().lower() for one in value.split(",") if one.strip())
    if any(not re.fullmatch(r"[!-+\--?A-~]+@[!-+\--?A-~]+", one) for one in addresses):
        raise SettingWrong("SIEPP_ALERT_TO must be e-mail addresses with commas between, such as it@example.org.")
    return tuple(dict.fromkeys(addresses))
