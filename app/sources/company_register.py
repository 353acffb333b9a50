"""The company register of the Finnish Patent and Registration Office (PRH open data, version 3): one company by its
business ID. The one place that talks to it.

Its terms (avoindata.prh.fi) allow 300 searches a minute for all its users together, and ask to be named as the source
(CC BY 4.0). A process of ours takes at most a fifth of that, and waits as long as the register asks it to. Limited
companies, cooperatives and others of the trade register are in it; municipalities, associations and foundations are
not.
"""

import json
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

import httpx2

from app.rules.codes import CompanySituation
from app.sources.companies import RegisteredCompany, RegisteredSituation, RegisterUnavailable

INTERVAL_SECONDS = 1.0
"""Between two requests of one process; see above."""
TIMEOUT_SECONDS = 5.0
"""For each step of a request: a register that takes longer is away."""
DEADLINE_SECONDS = 15.0
"""For the whole of it, however steadily it drips."""
MAX_ANSWER = 1024 * 1024
"""A company with a long history takes some tens of kilobytes."""
LONGEST_WAIT = timedelta(days=1)
"""Whoever asks for more than a day means something else."""
USER_AGENT = "SIEPP (follows employment clauses of public contracts)"
CURRENT_NAME = "1"
"""The type of a company's own name; others are parallel names and names of parts of the business."""
LONGEST_TEXT = 1000
"""Signs of a name, as the register's own description says."""
LANGUAGES = {"1": "fi", "2": "sv", "3": "en"}
SITUATIONS = {
    "KONK": CompanySituation.BANKRUPTCY,
    "SELTILA": CompanySituation.LIQUIDATION,
    "SANE": CompanySituation.RESTRUCTURING,
}
Kind = TypeVar("Kind")


class CompanyRegister:
    """The register as one process asks it, at its own pace. Not for several threads at once."""

    def __init__(self, address: str, *, interval: float = INTERVAL_SECONDS, timeout: float = TIMEOUT_SECONDS) -> None:
        """`address` is without a slash at its end; the other two are seconds."""
        self._address, self._interval, self._timeout = address, interval, timeout
        self._next = self._resting_until = time.monotonic()

    @property
    def is_resting(self) -> bool:
        """Whether it would be asked nothing now."""
        return time.monotonic() < self._resting_until

    def rest(self, wait: timedelta) -> None:
        """Leaves it alone for so long."""
        self._resting_until = time.monotonic() + wait.total_seconds()

    def find(self, business_id: str) -> RegisteredCompany | None:
        """The company with this ID, written 0112038-9; None where the register knows none. Waits for its turn.
        Raises RegisterUnavailable, at once while it is to be left alone."""
        if self.is_resting:
            raise RegisterUnavailable("resting", timedelta(seconds=self._resting_until - time.monotonic()))
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._interval
        try:
            return _company(self._answer(business_id), business_id)
        except RegisterUnavailable as away:
            self.rest(away.retry_after or timedelta(0))
            raise

    def _answer(self, business_id: str) -> object:
        """What the register answers, read as JSON."""
        deadline = time.monotonic() + max(DEADLINE_SECONDS, self._timeout)
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
        try:
            with (
                httpx2.Client(timeout=self._timeout, follow_redirects=False, verify=_trusted()) as client,
                client.stream(
                    "GET", f"{self._address}/companies", params={"businessId": business_id}, headers=headers
                ) as answer,
            ):
                if answer.status_code != httpx2.codes.OK:  # a redirect is none either: nobody leads us elsewhere
                    raise RegisterUnavailable(f"status {answer.status_code}", _retry_after(answer.headers))
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MAX_ANSWER:
                        raise RegisterUnavailable("endless answer")
                    if time.monotonic() > deadline:
                        raise RegisterUnavailable("slow answer")
            return json.loads(body)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError) as error:
            raise RegisterUnavailable(type(error).__name__) from error


@cache
def _trusted() -> ssl.SSLContext:
    """Whom encrypted connections trust; reading that takes long, and it does not change."""
    return httpx2.create_ssl_context()


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long to wait, where the answer says it in seconds; a date is rare and needs a clock both sides share."""
    text = headers.get("retry-after", "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)


# --- What the answer says: read strictly, so that what answers in the register's place is not taken for it


def _company(answer: object, business_id: str) -> RegisteredCompany | None:
    listed = _is(dict, answer).get("companies")
    companies = [_is(dict, one) for one in _is(list, listed)]
    if not companies:
        return None
    own = [one for one in companies if _is(dict, one.get("businessId")).get("value") == business_id]
    if len(own) != 1:
        raise RegisterUnavailable("another company")
    company = own[0]
    return RegisteredCompany(business_id, _name(company), _forms(company), _situations(company))


def _is(kind: type[Kind], value: object) -> Kind:
    """The value, where it is of that kind."""
    if not isinstance(value, kind):
        raise RegisterUnavailable("not the register's format")
    return value


def _lasting(company: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The entries of a list that have no end, the newest version first; a list left out is empty."""
    entries = [_is(dict, one) for one in _is(list, company.get(name) or [])]
    lasting = [one for one in entries if not one.get("endDate")]
    return sorted(lasting, key=lambda one: _is(int, one.get("version", 1)))


def _name(company: Mapping[str, Any]) -> str | None:
    names = [one for one in _lasting(company, "names") if _is(str, one.get("type")) == CURRENT_NAME]
    return _line(names[0].get("name")) or None if names else None


def _forms(company: Mapping[str, Any]) -> dict[str, str]:
    """The company's form in words, by language."""
    for form in _lasting(company, "companyForms")[:1]:
        described = [_is(dict, one) for one in _is(list, form.get("descriptions") or [])]
        words = {LANGUAGES.get(_is(str, one.get("languageCode")), ""): one.get("description") for one in described}
        return {language: _line(text) for language, text in words.items() if language and text}
    return {}


def _situations(company: Mapping[str, Any]) -> tuple[RegisteredSituation, ...]:
    """Those that put an obligation at risk, the gravest first, each once, with the day of its first entry."""
    since: dict[CompanySituation, date | None] = {}
    for entry in _lasting(company, "companySituations"):
        code, day = SITUATIONS.get(_is(str, entry.get("type"))), _day(entry.get("registrationDate"))
        if code is not None:
            known = since.get(code)
            since[code] = min(day, known) if day and known else day or known
    return tuple(RegisteredSituation(code, since[code]) for code in CompanySituation if code in since)


def _day(value: object) -> date | None:
    return None if value is None else _read(date.fromisoformat, _is(str, value))


def _read(reader: Callable[[str], Kind], text: str) -> Kind:
    try:
        return reader(text)
    except ValueError as error:
        raise RegisterUnavailable("not the register's format") from error


def _line(value: object) -> str:
    """A text in one line, without signs that nobody types."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in _is(str, value)).split())
    return text[:LONGEST_TEXT]
