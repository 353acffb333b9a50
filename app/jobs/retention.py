"""Tells owners what will be erased, and erases what is due: each owner and contract in a transaction of its own."""

from dataclasses import dataclass

import structlog

from app.services import erasing, retention
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.storage.session import Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Counts:
    """What the job came to."""

    withdrawn: int = 0
    told: int = 0
    erased: int = 0
    failed: int = 0


def run(database: Database, act: Act) -> Counts:
    """Withdraws notices that are no longer true, tells owners, erases. May be run again at any time and by several at
    once; what a defect spoils is logged and waits for the next time.

    A check may be asked for a day ahead, to see what it would say. What is erased is gone, so here no day after the
    present one counts: in UTC, which is never ahead of the city's.
    """
    act = Act(SYSTEM, act.now, min(act.today, act.now.date()), BY_ITSELF)
    try:
        withdrawn = _withdraw(database, act)
        told, failed = _tell(database, act)
        erased, failures = _erase(database, act)
    except Exception:
        log.exception("retention_broke_off")
        return Counts(failed=1)
    return Counts(withdrawn, told, erased, failed + failures)


def _withdraw(database: Database, act: Act) -> int:
    withdrawn = 0
    with database.reading() as session:
        for contract_ids in retention.noticed_contracts(session):
            with database.writing() as writing:
                withdrawn += retention.withdraw_others(writing, contract_ids, act)
    return withdrawn


def _tell(database: Database, act: Act) -> tuple[int, int]:
    told = failed = 0
    with database.reading() as session:
        wanted = retention.owners_to_tell(session, act)
    for owner_id, contract_ids in wanted.items():
        try:
            with database.writing() as session:
                told += retention.tell_owner(session, owner_id, contract_ids, act)
        except Exception:  # one owner's trouble must not keep the others from hearing
            log.exception("owner_not_told_of_erasing", owner_id=owner_id)
            failed += 1
    return told, failed


def _erase(database: Database, act: Act) -> tuple[int, int]:
    erased = failed = 0
    with database.reading() as session:
        due = [one for one, plan in retention.due_contracts(session, act) if plan.may_erase(act)]
    for contract_id in due:
        try:
            with database.writing() as session:
                erased += erasing.erase_contract(session, contract_id, act) is not None
        except Exception:  # one contract's trouble must not keep the others' jobs
            log.exception("contract_not_erased", contract_id=contract_id)
            failed += 1
    return erased, failed
