"""Tells owners what will be erased, and erases what is due: each owner and contract in a transaction of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from app.jobs.stopping import Stopping, never
from app.rules.dates import ONE_DAY
from app.rules.time_passed import may_erase, missed_days
from app.services import clocks, erasing, outdated, retention
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.storage.session import Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Counts:
    """What the job came to."""

    told: int = 0
    erased: int = 0
    failed: int = 0


def notices_due(database: Database, act: Act) -> dict[str, list[str]]:
    """By owner the contracts of whose erasing they are to hear; first what is no longer true is withdrawn. Nothing
    where something goes wrong: the check goes on."""
    if _is_past(act):
        return {}
    try:
        _withdraw(database, act)
        with database.reading() as session:
            return retention.owners_to_tell(session, act)
    except Exception:
        log.exception("notices_of_erasing_not_found")
        return {}


def run(database: Database, act: Act, notices: Mapping[str, Sequence[str]], stopping: Stopping = never) -> Counts:
    """Tells the owners of whom no mail has told yet, and erases. May be run again at any time and by several at once;
    what a defect spoils is logged and waits for the next time.

    A check may be asked for another day, to see what it would say. What is erased is gone, so here no day after the
    present one counts: in UTC, which is never ahead of the city's.
    """
    if _is_past(act):
        return Counts()
    told, failed = _tell(database, notices, act, stopping)
    if not clock_holds(database, act):
        return Counts(told, 0, failed)
    try:
        erased, failures = _erase(database, Act(SYSTEM, act.now, min(act.today, act.now.date()), BY_ITSELF), stopping)
    except Exception:
        log.exception("retention_broke_off")
        return Counts(told, 0, failed + 1)
    return Counts(told, erased, failed + failures)


def erase_outdated(database: Database, act: Act, stopping: Stopping = never) -> dict[str, int]:
    """Erases what else is kept for a time only, by kind; what goes wrong is logged and waits for the next time."""
    erased = dict.fromkeys(outdated.KINDS, 0)
    if not clock_holds(database, act):
        return erased
    act = Act(SYSTEM, act.now, min(act.today, act.now.date()), BY_ITSELF)
    for kind in erased:
        try:
            more = outdated.AT_ONCE
            while more == outdated.AT_ONCE and not stopping():
                with database.writing() as session:
                    more = outdated.erase_some(session, kind, act)
                erased[kind] += more
        except Exception:
            log.exception("outdated_not_erased", kind=kind)
    return erased


def clock_holds(database: Database, act: Act) -> bool:
    """Whether this computer's clock is believed so far that something may be erased for good; it is logged where it is
    not, and `siepp watch` tells."""
    with database.reading() as session:
        witness, today = clocks.witness(session, act), act.now.date()
    if holds := may_erase(witness, today):
        return holds
    log.warning("erasing_waits", days_without_a_check=missed_days(witness, today), database_is_behind=witness.is_ahead)
    return False


def _is_past(act: Act) -> bool:
    """A check asked for a day long gone, of which most contracts run: it must take back no notice."""
    return act.today < act.now.date() - ONE_DAY


def _withdraw(database: Database, act: Act) -> None:
    with database.reading() as session:
        for contract_ids in retention.noticed_contracts(session):
            with database.writing() as writing:
                retention.withdraw_others(writing, contract_ids, act)


def _tell(database: Database, notices: Mapping[str, Sequence[str]], act: Act, stopping: Stopping) -> tuple[int, int]:
    told = failed = 0
    for owner_id, contract_ids in notices.items():
        if stopping():
            break
        try:
            with database.writing() as session:
                told += retention.tell_owner(session, owner_id, contract_ids, act)
        except Exception:  # one owner's trouble must not keep the others from hearing
            log.exception("owner_not_told_of_erasing", owner_id=owner_id)
            failed += 1
    return told, failed


def _erase(database: Database, act: Act, stopping: Stopping) -> tuple[int, int]:
    erased = failed = 0
    with database.reading() as session:
        due = retention.erasable(session, act)
    for contract_id in due:
        if stopping():
            break
        try:
            with database.writing() as session:
                erased += erasing.erase_contract(session, contract_id, act) is not None
        except Exception:  # one contract's trouble must not keep the others' jobs
            log.exception("contract_not_erased", contract_id=contract_id)
            failed += 1
    return erased, failed
