"""Runs the daily check: many short transactions, each whole in itself."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

import structlog

from app.services import check, trail
from app.services.acting import SYSTEM, Act
from app.storage import jobs
from app.storage.session import Database

log = structlog.get_logger()
JOB = "check"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a check came to. `failed` contracts could not be judged, or owners reminded, because of a defect; they stay
    due."""

    judged: int
    changed: int
    mails: int
    reminders: int
    failed: int


def judge_all(database: Database, act: Act) -> tuple[int, int, int]:
    """Judges every contract on which something may differ by the day: how many, how many changed, how many failed."""
    judged = changed = failed = 0
    with database.reading() as due:
        for contract_ids in check.contracts_due(due, act.today):
            with database.writing() as session:
                chunk = check.judge_contracts(session, contract_ids, act)
            for contract_id, error in chunk.failed:
                log.error("contract_not_judged", contract_id=contract_id, exc_info=error)
            judged, changed, failed = judged + chunk.judged, changed + chunk.changed, failed + len(chunk.failed)
    return judged, changed, failed


def run_check(database: Database, today: date, now: Callable[[], datetime]) -> Counts:
    """The whole check for a day: judges, then queues one mail per owner. May be run again at any time."""
    act = Act(SYSTEM, now(), today)
    with database.writing() as session:
        run_id = jobs.start(session, JOB, today, act.now)
    judged, changed, failed = judge_all(database, act)
    mails = reminders = 0
    with database.reading() as session:
        owner_ids = check.owners_due(session, act)
    for owner_id in owner_ids:
        try:
            with database.writing() as session:
                told = check.remind_owner(session, owner_id, act)
        except Exception:  # one owner's trouble must not keep the others' mail back
            log.exception("owner_not_reminded", owner_id=owner_id)
            failed += 1
            continue
        mails, reminders = mails + bool(told), reminders + told
    counts = Counts(judged, changed, mails, reminders, failed)
    if not failed:
        _finish(database, run_id, counts, Act(SYSTEM, now(), today))
    return counts


def _finish(database: Database, run_id: str, counts: Counts, act: Act) -> None:
    with database.writing() as session:
        jobs.finish(session, run_id, asdict(counts), act.now)
        trail.record(session, act, "checked", "job_run", run_id, {"for_on": act.today} | asdict(counts))


def is_done(database: Database, today: date) -> bool:
    """Whether the check of a day has been run to its end."""
    with database.reading() as session:
        return jobs.is_finished(session, JOB, today)
