"""What the processes of these tests do. They are forked from a server that has imported the application, so that a
random moment of their life is a moment of work, and are processes of their own: killed, they leave what they left."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event

from app.config import Settings
from app.jobs import daily_check, delivery
from app.jobs.scheduler import Scheduler
from app.rules.codes import LANGUAGES, ImportStatus
from app.rules.facts import EmploymentForm, TargetGroup
from app.schemas.positions import PositionCreate
from app.services import check as checking
from app.services import imports
from app.services.acting import SYSTEM, Act
from app.services.positions import log_position
from app.storage.session import Database
from notifications.render import render
from notifications.senders import SmtpSender
from notifications.smtp import SmtpSettings
from tests.notifications.sample_mails import handover, several
from tests.scenarios.people import People

HELSINKI = ZoneInfo("Europe/Helsinki")
CHUNK = 40
"""Contracts judged in one transaction, so that a judging of these tests has several to be killed between."""


@dataclass(frozen=True)
class Job:
    """Where and when to work: `now` is the time at the start, from which the process's own clock goes on."""

    url: str
    now: datetime
    port: int = 0
    mail_dir: str = ""

    @property
    def today(self) -> date:
        return self.now.astimezone(HELSINKI).date()

    def later(self, pause: timedelta) -> "Job":
        return replace(self, now=self.now + pause)

    def clock(self) -> Callable[[], datetime]:
        began = monotonic()
        return lambda: self.now + timedelta(seconds=monotonic() - began)

    def settings(self) -> Settings:
        return Settings(
            database_url=self.url,
            secret_key="a secret that only the tests know, long enough",
            base_url="https://siepp.example.org",
            smtp=SmtpSettings("127.0.0.1", self.port) if self.port else None,
            mail_dir=Path(self.mail_dir or "mail"),
            mail_from="SIEPP <siepp@example.org>",
            timezone=HELSINKI,
            check_at=time(7),
            log_format="text",
        )


for language in LANGUAGES:
    # Templates are compiled once here, not in each process that is forked: a moment of it is then a moment of work.
    render(several(language))
    render(handover(language))


def check(database: Database, job: Job) -> Any:
    """The daily check."""
    checking.CHUNK = CHUNK
    return daily_check.run_check(database, job.today, job.clock())


def deliver(database: Database, job: Job) -> Any:
    """The delivery of what is due, to the mail server of the test."""
    settings = job.settings()
    assert settings.smtp is not None
    return delivery.deliver_all(database, settings, SmtpSender(settings.smtp), job.clock())


def ring(database: Database, job: Job) -> Any:
    """A scheduler with its threads; its half-minute bells are rung at once."""
    checking.CHUNK = CHUNK
    scheduler = Scheduler(job.settings(), database, job.clock())
    scheduler.start()
    try:
        scheduler.catch_up()
        scheduler.post()
    finally:
        scheduler.stop()


def settle_import(database: Database, job: Job, import_id: str, status: ImportStatus, dies_at: int) -> int:
    """Activates an import that is ready, or undoes one that is active; the number of its statements, the commit
    included. Before the one of this number the process is killed, by itself: no moment is as exact from outside."""
    act = Act(SYSTEM, job.now, job.today)
    ahead = imports.reckoned(database, import_id, status, act)
    number = count()

    def step(*_: object) -> None:
        if next(number) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with database.writing() as session:
        for what in ("before_cursor_execute", "commit"):
            event.listen(database.engine, what, step)
        if status is ImportStatus.READY:
            imports.activate(session, import_id, act, ahead=ahead)
        else:
            imports.undo(session, import_id, "The wrong month", act, ahead=ahead)
    return next(number)


def post_positions(database: Database, job: Job, contract_ids: Sequence[str]) -> int:
    """Logs a job under each contract, one transaction each, as requests do."""
    clock = job.clock()
    for contract_id in contract_ids:
        command = PositionCreate(
            starts_on=job.today,
            employment_form=EmploymentForm.EMPLOYMENT,
            target_group=TargetGroup.YOUTH,
        )
        with database.writing() as session:
            log_position(session, contract_id, command, Act(SYSTEM, clock(), job.today))
    return len(contract_ids)


def write_by_chance(database: Database, job: Job, contract_ids: Sequence[str], owners: Sequence[str], seed: int) -> Any:
    """Sixty writes of any kind to the given contracts; what was done."""
    people, clock = People(database, Random(seed), owners), job.clock()
    for _ in range(60):
        people.write(people.chance.choice(contract_ids), Act(SYSTEM, clock(), job.today))
    return people.done


def run(
    pipe: Connection, work: Callable[..., Any], job: Job, barrier: Barrier | None, arguments: Sequence[Any]
) -> None:
    """The life of a process: says that it begins, works, says what came of it and how many seconds it took."""
    database = Database(job.url)
    assert database.is_up()
    if barrier is not None:
        barrier.wait(60)
    pipe.send("begun")
    began = monotonic()
    try:
        came = work(database, job, *arguments)
    except Exception as error:
        pipe.send((error.__class__.__name__ + ": " + str(error)[:2000], None, 0.0))
        raise
    pipe.send((None, came, monotonic() - began))
