"""Figures for Prometheus: those of this process, and those of the database, which every replica tells alike. And who
may read them."""

import hmac
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from ipaddress import ip_address
from typing import NamedTuple

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request

from app.http.problems import Unauthenticated
from app.http.state import State, state_of
from app.rules.codes import MessageStatus
from app.rules.errors import NotFound
from app.rules.status import Status
from app.rules.watch import Trouble
from app.services import watch
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.services.clocks import CHECK
from app.storage import figures
from app.storage.figures import UNFINISHED, Figures

log = structlog.get_logger(__name__)
KEPT_SECONDS = 10.0
"""However often someone asks, and however many, the database is read so often at the most."""
FORWARDED = ("x-forwarded-", "x-real-ip", "x-original-", "x-envoy-", "forwarded", "via", "cf-")
"""How the names of headers begin that proxies add: a request that came through one came from elsewhere."""


class _Kept(NamedTuple):
    """What was read at a moment of the process's own clock; None where the database did not answer."""

    at: float
    now: datetime
    found: Figures | None
    troubles: Sequence[Trouble] = ()


class DatabaseFigures(Collector):
    """Reads the database when someone asks and what was read last is old. One request reads, the others wait for it:
    however many ask, they take one connection."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing beforehand: else the registry would read the database to learn the names."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        yield InfoMetricFamily("siepp_build", "The release that runs.", {"version": version("siepp")})
        kept = self._latest()
        yield _gauge("siepp_database_up", "Whether the database answers.", float(kept.found is not None))
        if kept.found is not None:
            yield from _mail(kept.found, kept.now)
            yield from _work(kept.found)
            yield _troubles(kept.troubles)

    def _latest(self) -> _Kept:
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept.at >= KEPT_SECONDS:
                self._kept = self._read(time.monotonic(), self._state.clock())
            return self._kept

    def troubles(self) -> Sequence[Trouble]:
        """What is wrong with the work of the service; nothing where the database does not answer."""
        return self._latest().troubles

    def _read(self, at: float, now: datetime) -> _Kept:
        act = Act(SYSTEM, now, self._state.day_at(now), BY_ITSELF)
        here = now.astimezone(self._state.settings.timezone)
        try:
            with self._state.database.reading() as session:
                found = figures.read(session, CHECK)
                return _Kept(at, now, found, watch.find_troubles(session, self._state.settings.check_at, here, act))
        except Exception as error:  # whatever it is: figures that say so are worth more than none
            log.error("figures_not_read", error=type(error).__name__)
            return _Kept(at, now, None)


def _mail(found: Figures, now: datetime) -> Iterator[GaugeMetricFamily]:
    yield _by_status("siepp_messages", "Mails by status.", MessageStatus, found.messages)
    waits = (now - found.queued_since).total_seconds() if found.queued_since else 0
    yield _gauge("siepp_queue_length", "Mails that wait to be sent.", found.messages.get(MessageStatus.QUEUED, 0))
    yield _gauge(
        "siepp_queue_age_seconds", "How long the oldest of them has waited; 0 where none waits.", max(waits, 0)
    )
    yield from _moment("siepp_last_delivery", "When a mail server last took a mail.", found.last_sent_at)


def _work(found: Figures) -> Iterator[GaugeMetricFamily]:
    yield _by_status("siepp_contracts", "Contracts by judgement.", Status, found.contracts)
    about = "Imports being read, and those that wait for a person."
    yield _by_status("siepp_imports", about, UNFINISHED, found.imports)
    yield from _moment("siepp_last_check", "When a daily check last came to its end.", found.check_finished_at)
    if found.check_started_at is not None and found.check_finished_at is not None:
        took = (found.check_finished_at - found.check_started_at).total_seconds()
        yield _gauge("siepp_last_check_duration_seconds", "How long that check took.", took)


def _troubles(found: Sequence[Trouble]) -> GaugeMetricFamily:
    family = GaugeMetricFamily("siepp_trouble", "1 where the service does not do its work.", labels=("trouble",))
    for trouble in Trouble:
        family.add_metric((trouble,), float(trouble in found))
    return family


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value)


def _moment(name: str, about: str, at: datetime | None) -> Iterator[GaugeMetricFamily]:
    """Left out where it never happened: 0 would be 1970."""
    if at is not None:
        yield _gauge(f"{name}_timestamp_seconds", about, at.timestamp())


def _by_status(name: str, about: str, statuses: Iterable[str], counts: Mapping[str, int]) -> GaugeMetricFamily:
    """A line for every status: one that is missing now and then cannot be watched."""
    family = GaugeMetricFamily(name, about, labels=("status",))
    for status in statuses:
        family.add_metric((str(status),), counts.get(status, 0))
    return family


def registry_of(of_database: DatabaseFigures) -> CollectorRegistry:
    """The figures of one process, those of the database with them."""
    registry = CollectorRegistry()
    registry.register(of_database)
    return registry


def troubles_of(request: Request) -> Sequence[Trouble]:
    """What is wrong with the work of the service, as it was read last."""
    of_database: DatabaseFigures = request.app.state.figures
    return of_database.troubles()


def check_reader(request: Request) -> None:
    """With SIEPP_METRICS_TOKEN only who sends it as bearer may read the figures. Without, only who asks from this
    machine or a private network, and not through a proxy, which lets the world in. Raises Unauthenticated, NotFound."""
    token = state_of(request).settings.metrics_token
    if token is None:
        if not _is_near(request):
            raise NotFound("not_found")
        return
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(sent.strip().encode(), token.encode()):
        raise Unauthenticated


def _is_near(request: Request) -> bool:
    if any(header.startswith(FORWARDED) for header in request.headers):
        return False
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return address.is_loopback or address.is_private
