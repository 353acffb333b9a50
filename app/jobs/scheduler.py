"""Rings the bells: the check once a day; every half minute, each beside the others, what was missed, the delivery, the
company register and what imports left. APScheduler decides nothing.

As many copies may run as wished: what is due is decided from the database, and done once.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from app import logs
from app.config import Settings
from app.jobs import daily_check, delivery, imports, watch
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.storage.session import Database

log = structlog.get_logger(__name__)
RING_SECONDS = 30
WATCH_SECONDS = 300
"""What it looks for has gone wrong for hours; after a start there is time to make up for what was missed."""
PAUSE_AFTER_FAILURE = timedelta(minutes=15)
"""How long a check that could not do all waits before it is made up for."""
SET_BACK_SECONDS = 60
"""A clock that went back by more was set. By less, bells ring late by less."""


class Scheduler:
    """The bells of one process; `start` and `stop`."""

    def __init__(self, settings: Settings, database: Database, clock: Callable[[], datetime]) -> None:
        self.settings, self.database, self.clock = settings, database, clock
        self._checking = threading.Lock()
        self._tried_at = datetime.min.replace(tzinfo=UTC)
        self._stopped = threading.Event()
        self._minding = threading.Thread(target=self._mind_the_clock, name="clock", daemon=True)
        # misfire_grace_time None: a bell that rings late still rings (the default of a second would drop the check).
        self._scheduler = BackgroundScheduler(
            timezone=settings.timezone,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._hang_bells()

    def _hang_bells(self) -> None:
        at, zone = self.settings.check_at, self.settings.timezone
        self._add(self.midnight, CronTrigger(hour=0, minute=0, second=5, timezone=zone))
        self._add(self.morning, CronTrigger(hour=at.hour, minute=at.minute, timezone=zone))
        self._add(self.catch_up, IntervalTrigger(seconds=RING_SECONDS))
        self._add(self.post, IntervalTrigger(seconds=RING_SECONDS))
        self._add(self.tidy, IntervalTrigger(seconds=RING_SECONDS))
        self._add(self.watch, IntervalTrigger(seconds=WATCH_SECONDS))
        self._add(self.midnight, None)
        if self.settings.company_register is not None:
            self._ask_the_register(self.settings.company_register)

    def _ask_the_register(self, address: str) -> None:
        """A bell of its own: a slow register keeps no mail waiting."""
        from app.jobs import companies  # as late as here: see sources/companies.py
        from app.sources.company_register import CompanyRegister

        asking = companies.Asking(self.database, CompanyRegister(address), self.clock, self.settings.timezone)
        refresh = _logged("companies", partial(companies.refresh_due, asking))
        self._scheduler.add_job(refresh, IntervalTrigger(seconds=RING_SECONDS))

    def _add(self, bell: Callable[[], None], trigger: BaseTrigger | None) -> None:
        self._scheduler.add_job(_logged(bell.__name__, bell), trigger)

    def start(self) -> None:
        self._scheduler.start()
        self._minding.start()

    def stop(self) -> None:
        self._stopped.set()
        self._minding.join()
        # A bell that rang just now would find nobody to do its work, and that would be in the log as a failure.
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=True)

    def _mind_the_clock(self) -> None:
        """APScheduler rings at times of the computer's clock: where that is set back by a day, no bell would ring for
        a day. So the bells are hung anew."""
        ahead = time.time() - time.monotonic()
        while not self._stopped.wait(RING_SECONDS):
            before, ahead = ahead, time.time() - time.monotonic()
            if ahead < before - SET_BACK_SECONDS:
                log.warning("clock_was_set_back", seconds=round(before - ahead))
                self._scheduler.remove_all_jobs()
                self._hang_bells()

    def midnight(self) -> None:
        """A new day: lists and filters are true from its first minutes, though mails wait until the morning."""
        daily_check.judge_all(self.database, self._act(), stopping=self._stopped.is_set)

    def morning(self) -> None:
        """The daily check, unless it is done or being done here."""
        with self._checking:
            here = self.clock().astimezone(self.settings.timezone)
            if daily_check.is_done(self.database, here):
                return
            today = here.date()
            self._tried_at = here
            counts = daily_check.run_check(self.database, today, self.clock, stopping=self._stopped.is_set)
        if not self._stopped.is_set():
            log.info("checked", day=today.isoformat(), mails=counts.mails, failed=counts.failed)

    def post(self) -> None:
        """Delivers what is due: a bell of its own, so that no mail waits for the end of a check, nor a check for a slow
        mail server."""
        sender = delivery.make_sender(self.settings)
        delivery.deliver_all(self.database, self.settings, sender, self.clock, self._stopped.is_set)

    def tidy(self) -> None:
        """Ends imports that nobody goes on with, and clears away what is over: a bell of its own, since the rows of a
        large ledger take their time."""
        imports.tidy(self.database, self._act, self._stopped.is_set)

    def watch(self) -> None:
        """Tells those who run the service what it does not do."""
        sender = delivery.make_sender(self.settings)
        watch.look(self.database, self.settings, sender, self.clock, self._stopped.is_set)

    def _act(self) -> Act:
        now = self.clock()
        return Act(SYSTEM, now, now.astimezone(self.settings.timezone).date(), BY_ITSELF)

    def catch_up(self) -> None:
        """Every half minute: makes up for what was missed, whatever kept it."""
        now = self.clock()
        here = now.astimezone(self.settings.timezone)
        tried = self._tried_at <= now < self._tried_at + PAUSE_AFTER_FAILURE
        if here.time() >= self.settings.check_at and not tried and not daily_check.is_done(self.database, here):
            self.morning()
        else:
            self.midnight()


def _logged(job: str, work: Callable[[], object]) -> Callable[[], None]:
    """One run of a job: its lines name it, and what it could not do is logged among them. The bell rings again."""

    def run() -> None:
        with logs.run_of(job):
            try:
                work()
            except Exception:
                log.exception("job_failed")

    run.__name__ = job
    return run
