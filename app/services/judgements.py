"""Keeps each contract's stored judgement true: with every write that touches it, and for the page of one contract."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.rules.judgement import Judgement, Verdict, judge
from app.services.acting import Act
from app.storage import facts as facts_storage
from app.storage import judgements
from app.storage.judgements import Stored


def rejudge(session: Session, contract_ids: Sequence[str], act: Act) -> dict[str, Judgement]:
    """Judges contracts whose facts this transaction changed, and stores what is different."""
    stored = judgements.lock(session, contract_ids)
    session.flush()
    facts = facts_storage.load_facts(session, contract_ids)
    judged = {contract_id: judge(facts[contract_id], act.today) for contract_id in contract_ids}
    store(session, stored, judged, act)
    return judged


def store(
    session: Session, stored: Mapping[str, Stored], judged: Mapping[str, Judgement] | Mapping[str, Verdict], act: Act
) -> None:
    """Stores how contracts stand whose facts this transaction changed; `stored` are their rows, which it holds.

    The next daily check looks at each of them again, since a reminder may have fallen due. An acknowledgement ends
    when what it acknowledged has changed.
    """
    changes: list[dict[str, Any]] = []
    history: list[tuple[str, Judgement | Verdict]] = []
    for contract_id, judgement in judged.items():
        before = stored[contract_id]
        values = {"contract_id": contract_id, "judged_on": act.today, "recheck_on": act.today}
        values |= {"facts_version": before.facts_version + 1} | judgements.values_of(judgement)
        if situation(before.standing) != situation(judgement.standing):
            values |= {"acknowledged_at": None}
        if before.snoozed_until is not None and not snooze_fits(judgement, before):
            values |= {"snoozed_until": None}
        changes.append(values)
        if before.standing != judgement.standing:
            history.append((contract_id, judgement))
    judgements.change_many(session, changes)
    judgements.add_history(session, history, act.now)


def situation(standing: Any) -> tuple[object, ...]:
    """What an acknowledgement acknowledges: a change of it makes the repeats speak again."""
    return (standing.required, standing.covered, standing.effective_end_on, standing.missing_latest_starts)


def snooze_fits(judgement: Judgement | Verdict, stored: Stored) -> bool:
    """A snooze may last until the last day to start at the most: when that day moves before it, the snooze ends."""
    latest = judgement.standing.latest_start_on
    return stored.snoozed_until is not None and (latest is None or stored.snoozed_until <= latest)


def first_judgement(session: Session, contract_id: str, paths: tuple[str, str], act: Act) -> Judgement:
    """Judges and stores a newly registered contract; `paths` are those of its own unit and of its procurement's."""
    session.flush()
    judgement = judge(facts_storage.load_facts(session, [contract_id])[contract_id], act.today)
    values = {"unit_path": paths[0], "procurement_unit_path": paths[1], "judged_on": act.today}
    judgements.add(session, contract_id, values | {"recheck_on": act.today} | judgements.values_of(judgement))
    judgements.add_history(session, [(contract_id, judgement)], act.now)
    return judgement
