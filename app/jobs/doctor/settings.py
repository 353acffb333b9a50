"""Examines the settings: each that cannot be used is named, and those that can are looked at for what they mean."""

import re
from collections.abc import Iterator, Mapping
from datetime import time
from email.utils import parseaddr
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from app.config import SECRET_KEY_MIN_LENGTH, Settings, SettingWrong, load_settings
from app.jobs.doctor.findings import Finding, Findings, look, well, wrong
from app.rules.errors import RuleBroken
from app.services import passwords

INSTEAD = {"SIEPP_SECRET_KEY": "-" * SECRET_KEY_MIN_LENGTH}
"""What stands for a setting that cannot be used, so that the others can be read."""
TOGETHER = "SIEPP_OIDC_"
NAMED = re.compile(r"SIEPP_[A-Z_]*[A-Z]")
DISTINCT_SIGNS = 10
"""A secret of 32 signs has fewer by chance only once in a million years: it was typed."""
FROM_A_MANUAL = re.compile(r"change.?me|replace.?me|placeholder|example|your.?secret|siepp", re.IGNORECASE)
MAIL_HOURS = (time(5), time(16))
"""Reminders that come in these are read on the day they are of."""
LATEST_CHECK = time(22)
"""A check that fails is tried again until midnight; later than this there is no time for it."""
MAKE_ONE = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


class Read(NamedTuple):
    """The settings as far as they can be used; `unusable` are the variables that cannot, with what was wrong."""

    settings: Settings | None
    unusable: Mapping[str, str]


def read(environ: Mapping[str, str]) -> Read:
    """Reads the settings again and again, each time without the variables that the last attempt named."""
    left, unusable = dict(environ), dict[str, str]()
    while True:
        try:
            return Read(load_settings(left), unusable)
        except SettingWrong as error:
            name = next((name for name in NAMED.findall(str(error)) if name not in unusable), None)
            if name is None:
                return Read(None, unusable | {"SIEPP": str(error)})
            unusable[name] = str(error)
            left = _without(left, name)


def _without(environ: Mapping[str, str], name: str) -> dict[str, str]:
    """Those of the identity provider are set together, or none of them is."""
    gone = TOGETHER if name.startswith(TOGETHER) else name
    left = {key: value for key, value in environ.items() if not key.startswith(gone)}
    return left | {name: INSTEAD[name]} if name in INSTEAD else left


def examine(found: Read) -> Findings:
    for sentence in found.unusable.values():
        yield wrong("Settings", sentence)
    if found.settings is None:
        return
    if "SIEPP_SECRET_KEY" not in found.unusable:
        yield secret_key(found.settings.secret_key)
    if "SIEPP_BASE_URL" not in found.unusable:
        yield base_url(found.settings.base_url)
    if "SIEPP_CHECK_AT" not in found.unusable:
        yield check_at(found.settings.check_at)
    yield well("Time zone", f"Calendar days are those of {found.settings.timezone.key}.")
    yield from _sender(found.settings)


def secret_key(key: str) -> Finding:
    """Whoever guesses it signs links that acknowledge and hand over for any owner."""
    about = "Secret key"
    try:
        passwords.checked(key[: passwords.MAX_LENGTH])
    except RuleBroken:
        return wrong(about, f"SIEPP_SECRET_KEY can be guessed. {MAKE_ONE}")
    if FROM_A_MANUAL.search(key):
        return wrong(about, f"SIEPP_SECRET_KEY looks like one of a manual. {MAKE_ONE}")
    if len(set(key)) < DISTINCT_SIGNS:
        return wrong(about, f"SIEPP_SECRET_KEY has few different signs, and can be guessed. {MAKE_ONE}")
    return well(about, "It is long enough and looks made by chance.")


def base_url(address: str) -> Finding:
    about = "Base URL"
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.username is not None:
        return wrong(about, "SIEPP_BASE_URL has a user name in it, which every mail would show: take it out.")
    if is_own_computer(host):
        return wrong(about, f"{address} leads nobody else here: set SIEPP_BASE_URL to what people type.")
    if parts.scheme != "https":
        return wrong(about, f"{address} is not encrypted: set SIEPP_BASE_URL to one that begins with https://.")
    if "." not in host and ":" not in host:
        return look(about, f"{host} is a name of the local network only: do all readers of mails reach it?")
    return well(about, f"Mails link to {address}.")


def is_own_computer(host: str) -> bool:
    """Whether a name or an address means this very computer, or no particular one."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def check_at(at: time) -> Finding:
    about, told = "Daily check", at.isoformat("minutes")
    if at >= LATEST_CHECK:
        return wrong(
            about,
            f"SIEPP_CHECK_AT is {told}: a check that fails has no time left to be made up for before midnight. Set an "
            "hour of the morning.",
        )
    if not MAIL_HOURS[0] <= at <= MAIL_HOURS[1]:
        return look(about, f"SIEPP_CHECK_AT is {told}: reminders will come outside working hours.")
    return well(about, f"It runs at {told}.")


def _sender(settings: Settings) -> Iterator[Finding]:
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()
    if settings.smtp is not None and ("." not in domain or domain.startswith("example.")):
        yield wrong(
            "Sender", f"SIEPP_MAIL_FROM is an address at {domain}: answers and bounces reach nobody. Set one of yours."
        )
