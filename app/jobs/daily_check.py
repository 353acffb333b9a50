"""Runs the daily check: many short transactions, each whole in itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

import structlog

from app.garbage import looking_for_no_cycles
from app.jobs import public_tables, retention
from app.jobs.stopping import Stopping, never
from app.services import check, survey_answers, trail
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.services.clocks import CHECK, CLOCKS_APART
from app.services.retention import tell_owner
from app.storage import jobs
from app.storage.session import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a check came to. `failed` counts what a defect spoiled: contracts that could not be judged and owners who
    could not be reminded, who stay due, and contracts found stored otherwise than the facts say."""

    judged: int
    changed: int
    mails: int
    reminders: int
    failed: int


def judge_all(
    database: Database, act: Act, *, everything: bool = False, stopping: Stopping = never
) -> tuple[int, int, int]:
    """Judges every contract on which something may differ by the day, or simply every contract: how many, how many
    changed, how many failed. One stored otherwise than it should have been is put right, and counts as failed."""
    judged = changed = failed = 0
    for contract_ids in _found(database, act.today, everything=everything):
        if stopping():
            break
        chunk = _judge(database, contract_ids, act, everything=everything)
        judged, changed = judged + chunk.judged, changed + chunk.changed
        failed += len(chunk.failed) + len(chunk.untrue)
    return judged, changed, failed


def _found(database: Database, today: date, *, everything: bool) -> Iterator[Sequence[str]]:
    """Contracts to judge, chunk by chunk. No reading session is open while they are: for one that is, the database
    keeps all that is written since; with SQLite that was 2.5 kB for each contract."""
    after = ""
    while True:
        with database.reading() as session:
            found = check.all_contracts(session, after) if everything else check.contracts_due(session, today, after)
        if not found:
            return
        for first in range(0, len(found), check.CHUNK):
            yield found[first : first + check.CHUNK]
        after = found[-1]


def _judge(database: Database, contract_ids: Sequence[str], act: Act, *, everything: bool) -> check.Judged:
    """One chunk in its transaction."""
    with looking_for_no_cycles(), database.writing() as session:
        chunk = check.judge_contracts(session, contract_ids, act, everything=everything)
    for contract_id, error in chunk.failed:
        log.error("contract_not_judged", contract_id=contract_id, exc_info=error)
    for contract_id in chunk.untrue:
        log.error("judgement_was_untrue", contract_id=contract_id)
    return chunk


def run_check(
    database: Database,
    today: date,
    now: Callable[[], datetime],
    *,
    everything: bool = False,
    stopping: Stopping = never,
) -> Counts:
    """The whole check for a day: judges what may have changed, or everything, then queues one mail per owner, and at
    last, by a clock that is believed, publishes the tables of a quarter that are due and erases what is kept for a time
    only. May be run again at any time: one that had to stop is not done, and the next goes on with what it left due."""
    act = Act(SYSTEM, now(), today, BY_ITSELF)
    with database.writing() as session:
        run_id = jobs.start(session, CHECK, today, act.now)
    judged, changed, failed = judge_all(database, act, everything=everything, stopping=stopping)
    notices = {} if stopping() else retention.notices_due(database, act)
    mails, reminders, unreminded = _remind_all(database, notices, act, stopping)
    counts = Counts(judged, changed, mails, reminders, failed + unreminded)
    if stopping():
        log.info("check_stopped", day=today.isoformat())
        return counts
    if clock_holds := retention.clock_holds(database, act):
        _erase_old_numbers(database, act)  # after the mails, which must not wait for it; before the check is done with
    if not counts.failed:
        _finish(database, run_id, counts, Act(SYSTEM, now(), today, BY_ITSELF))
    retention.tell(database, act, notices, stopping)
    if clock_holds:
        public_tables.publish_due(database, act)
        retention.erase_outdated(database, act, stopping)
        retention.erase(database, act, stopping)  # after the tables, which count the jobs of their quarter
    return counts


def _remind_all(
    database: Database, notices: dict[str, list[str]], act: Act, stopping: Stopping
) -> tuple[int, int, int]:
    """How many mails, how many reminders in them, and how many owners a defect kept from one. The notices that went
    into a mail are taken out of those given."""
    mails = reminders = failed = 0
    with database.reading() as session:
        owner_ids = check.owners_due(session, act)
    for owner_id in owner_ids:
        if stopping():
            break
        try:
            told = _remind(database, owner_id, notices.pop(owner_id, ()), act)
        except Exception:  # one owner's trouble must not keep the others' mail back
            log.exception("owner_not_reminded", owner_id=owner_id)
            failed += 1
            continue
        mails, reminders = mails + bool(told), reminders + told
    return mails, reminders, failed


def _remind(database: Database, owner_id: str, notices: Sequence[str], act: Act) -> int:
    """The owner's one mail of the day, with the notices of erasing in it: whatever is wrong with those, the reminders
    go out."""
    with database.writing() as session:
        told = check.remind_owner(session, owner_id, act, notices)
        try:
            with trail.attempting(session):
                tell_owner(session, owner_id, notices, act)
        except Exception:
            log.exception("owner_not_told_of_erasing", owner_id=owner_id)
        return told


def _finish(database: Database, run_id: str, counts: Counts, act: Act) -> None:
    with database.writing() as session:
        jobs.finish(session, run_id, asdict(counts), act.now)
        trail.record(session, act, "checked", "job_run", run_id, {"for_on": act.today} | asdict(counts))


def _erase_old_numbers(database: Database, act: Act) -> None:
    """Numbers left for a call after a survey, whose time is over."""
    with database.writing() as session:
        survey_answers.erase_old_numbers(session, act)


def is_done(database: Database, now: datetime) -> bool:
    """Whether the check of the day has been run to its end, on that day: one that was run for it beforehand, or while
    the clock was ahead, told what held then. `now` is in the city's time zone."""
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    with database.reading() as session:
        return jobs.is_finished(session, CHECK, now.date(), midnight, now + CLOCKS_APART)
