"""Tells owners what will be erased, and erases what is due: each owner and contract in a transaction of its own."""

from collections.abc import Mapping, Sequence

import structlog

from app.jobs.stopping import Stopping, never
from app.rules.dates import ONE_DAY
from app.rules.time_passed import Pause, doubtful_pause, is_believed
from app.services import clocks, erasing, outdated, retention
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.storage.session import Database

log = structlog.get_logger()


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


def tell(database: Database, act: Act, notices: Mapping[str, Sequence[str]], stopping: Stopping = never) -> None:
    """Tells the owners whom no mail has told yet. What a defect spoils is logged and waits for the next time."""
    if _is_past(act):
        return
    for owner_id, contract_ids in notices.items():
        if stopping():
            break
        try:
            with database.writing() as session:
                retention.tell_owner(session, owner_id, contract_ids, act)
        except Exception:  # one owner's trouble must not keep the others from hearing
            log.exception("owner_not_told_of_erasing", owner_id=owner_id)


def erase(database: Database, act: Act, stopping: Stopping = never) -> None:
    """Erases the jobs that are due, by a clock that is believed. May be run again at any time and by several at once;
    what a defect spoils is logged and waits for the next time.

    A check may be asked for another day, to see what it would say. What is erased is gone, so here no day after the
    present one counts: in UTC, which is never ahead of the city's.
    """
    if _is_past(act):
        return
    try:
        _erase(database, Act(SYSTEM, act.now, min(act.today, act.now.date()), BY_ITSELF), stopping)
    except Exception:
        log.exception("retention_broke_off")


def erase_outdated(database: Database, act: Act, stopping: Stopping = never) -> dict[str, int]:
    """Erases what else is kept for a time only, by kind, by a clock that is believed; what goes wrong is logged and
    waits for the next time."""
    erased = dict.fromkeys(outdated.KINDS, 0)
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
    """Whether this computer's clock is believed so far that something may be erased or published for good; where it is
    not, `siepp watch` tells, and so does the log, save of an empty database, in which nothing is due."""
    with database.reading() as session:
        witness, today = clocks.witness(session, act), act.now.date()
    if is_believed(witness, today):
        return True
    if witness.begun is not None:
        pause = doubtful_pause(witness, today) or Pause(0, 0)
        log.warning("erasing_waits", pause_days=pause.days, checks_since=pause.checks_since, ahead=witness.is_ahead)
    return False


def _is_past(act: Act) -> bool:
    """A check asked for a day long gone, of which most contracts run: it must take back no notice."""
    return act.today < act.now.date() - ONE_DAY


def _withdraw(database: Database, act: Act) -> None:
    after = ""
    while True:
        with database.reading() as session:
            contract_ids = retention.noticed_contracts(session, after)
        if not contract_ids:
            return
        with database.writing() as session:
            retention.withdraw_others(session, contract_ids, act)
        after = contract_ids[-1]


def _erase(database: Database, act: Act, stopping: Stopping) -> None:
    with database.reading() as session:
        due = retention.erasable(session, act)
    for contract_id in due:
        if stopping():
            break
        try:
            with database.writing() as session:
                erasing.erase_contract(session, contract_id, act)
        except Exception:  # one contract's trouble must not keep the others' jobs
            log.exception("contract_not_erased", contract_id=contract_id)
