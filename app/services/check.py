"""The daily check: judges what may have changed, then puts one mail per owner into the outbox.

Both halves may be run twice, by two processes at once, or break off anywhere: what is due stays due until the
transaction that tells it has committed, and what is told has a key that nobody can tell again unless it is withdrawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.rules.judgement import Judgement, judge
from app.rules.recheck import recheck_on
from app.rules.reminders import Muting, Reminder, reminders_due
from app.services import outbox as posting
from app.services.acting import Act
from app.services.judgements import situation
from app.storage import judgements, outbox
from app.storage.facts import load_facts
from app.storage.judgements import Stored
from app.storage.models import Owner

CHUNK = 2000
"""Contracts judged in one transaction: enough to spread the cost of a statement, few enough to keep memory small."""
FOUND_AT_A_TIME = 50_000
"""Contracts looked up at once: on most days all that are due, and never so many that their ids take more than 6 MB."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one chunk came to. Contracts that a defect kept from being judged have `failed`, with why; they stay due.
    Those that were not due, and yet stored otherwise than the facts say, were `untrue`."""

    judged: int
    changed: int
    failed: tuple[tuple[str, Exception], ...]
    untrue: tuple[str, ...]


def contracts_due(session: Session, today: date, after: str) -> Sequence[str]:
    """The next contracts, in the order of ids, on which something may differ by a day."""
    return judgements.due(session, today, after, FOUND_AT_A_TIME)


def all_contracts(session: Session, after: str) -> Sequence[str]:
    """The next of all contracts, in the order of ids."""
    return judgements.all_ids(session, after, FOUND_AT_A_TIME)


def judge_contracts(session: Session, contract_ids: Sequence[str], act: Act, *, everything: bool = False) -> Judged:
    """Judges those of the contracts that are still due, or all, keeps what differs, and leaves due those with something
    to tell."""
    stored = judgements.lock(session, contract_ids)
    if not everything:
        stored = {contract_id: one for contract_id, one in stored.items() if _is_due(one, act.today)}
    facts = load_facts(session, list(stored))
    told = outbox.told_keys(session, list(stored))
    changes: list[dict[str, Any]] = []
    history: list[tuple[str, Judgement]] = []
    failed: list[tuple[str, Exception]] = []
    untrue: list[str] = []
    for contract_id, before in stored.items():
        try:
            judgement = judge(facts[contract_id], act.today)
        except Exception as error:  # one contract's trouble must not keep the others from being judged
            failed.append((contract_id, error))
            continue
        muting = _muting(before, judgement)
        due = reminders_due(judgement, told.get(contract_id, set()), muting)
        recheck = act.today if due else recheck_on(judgement, muting)
        changes += _differing(before, judgement, muting, recheck)
        if before.standing != judgement.standing:
            history.append((contract_id, judgement))
        if everything and not before.says(judgement) and not _is_due(before, act.today):
            untrue.append(contract_id)
    judgements.change_many(session, changes)
    judgements.add_history(session, history, act.now)
    return Judged(len(stored) - len(failed), len(history), tuple(failed), tuple(untrue))


def _is_due(stored: Stored, today: date) -> bool:
    """Seen again under the lock: another check may have been here meanwhile."""
    return (stored.recheck_on is not None and stored.recheck_on <= today) or stored.judged_on > today


def _muting(before: Stored, judgement: Judgement) -> Muting:
    """What is left of what the owner asked for: an acknowledgement ends when what it acknowledged has changed."""
    muting = before.muting
    if muting.acknowledged and situation(before.standing) != situation(judgement.standing):
        return replace(muting, acknowledged=False)
    return muting


def _differing(before: Stored, judgement: Judgement, muting: Muting, recheck: date | None) -> Iterator[dict[str, Any]]:
    """The columns of the stored row to write; mostly nothing differs but the day to look again, if that."""
    days = {"contract_id": before.contract_id, "judged_on": judgement.as_of, "recheck_on": recheck}
    if not before.says(judgement) or before.muting != muting:
        acknowledged_at = before.acknowledged_at if muting.acknowledged else None
        yield judgements.values_of(judgement) | days | {"acknowledged_at": acknowledged_at}
    elif before.recheck_on != recheck or before.judged_on > judgement.as_of:
        yield days


def owners_due(session: Session, act: Act) -> Sequence[str]:
    """Owners on whose contracts something may be due and who have had no mail of reminders today."""
    mailed = outbox.owners_mailed(session, act.today)
    return [owner_id for owner_id in judgements.due_owners(session, act.today) if owner_id not in mailed]


def remind_owner(session: Session, owner_id: str, act: Act, others: Sequence[str] = ()) -> int:
    """Puts the owner's one mail of the day into the outbox and gives the number of reminders in it, 0 where there is
    nothing to say or the owner has a mail of that day.

    What is told and when to look again is decided and kept in this one transaction. `others` are contracts that it
    will hold as well: all are held at once, in one order, so that no other writer is blocked.
    """
    ids = judgements.due_contracts_of(session, owner_id, act.today)
    stored = judgements.lock(session, [*ids, *others])
    ids = judgements.due_contracts_of(session, owner_id, act.today)  # as they are now that nobody else can change them
    facts = load_facts(session, ids)
    told = outbox.told_keys(session, ids)
    judged = {contract_id: judge(facts[contract_id], act.today) for contract_id in ids if contract_id in stored}
    due = {
        contract_id: reminders_due(judgement, told.get(contract_id, set()), stored[contract_id].muting)
        for contract_id, judgement in judged.items()
    }
    due = {contract_id: reminders for contract_id, reminders in due.items() if reminders}
    if due and not posting.queue_reminders(session, session.get_one(Owner, owner_id), most_urgent_first(due), act):
        return 0
    days = {contract_id: recheck_on(judgement, stored[contract_id].muting) for contract_id, judgement in judged.items()}
    judgements.change_many(session, [{"contract_id": key, "recheck_on": day} for key, day in days.items()])
    return sum(map(len, due.values()))


def most_urgent_first(due: Mapping[str, Sequence[Reminder]]) -> dict[str, Sequence[Reminder]]:
    """The contracts in the order in which the mail speaks of them."""
    return dict(sorted(due.items(), key=lambda item: (item[1][0].urgency, item[0])))
