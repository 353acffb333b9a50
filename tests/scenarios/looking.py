"""What must be true of a database whatever happened to the processes that worked on it."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import select

from app.rules.judgement import judge
from app.rules.reminders import reminders_due
from app.storage import audit, judgements, outbox
from app.storage.facts import load_facts
from app.storage.models import JudgementChange, Message, StoredJudgement, Told
from app.storage.session import Database

Reminded = tuple[str, str, str]


def told(database: Database) -> Counter[Reminded]:
    """How often each reminder is told: contract, kind, key; those withdrawn left out."""
    wanted = select(Told.contract_id, Told.kind, Told.key).where(Told.withdrawn_at.is_(None))
    with database.reading() as session:
        return Counter((row.contract_id, row.kind, row.key) for row in session.execute(wanted))


def mails(database: Database) -> set[tuple[Any, ...]]:
    """Who is told what in one mail of a day, and what of it was counted."""
    wanted = select(
        Message.id, Message.kind, Message.owner_id, Message.for_on, Told.contract_id, Told.kind, Told.key, Told.count
    ).join(Told, Told.message_id == Message.id)
    found: dict[str, tuple[Any, ...]] = {}
    with database.reading() as session:
        for message_id, kind, owner_id, for_on, *one in session.execute(wanted):
            known = found.get(message_id, (kind, owner_id, for_on, frozenset()))
            found[message_id] = (*known[:3], known[3] | {tuple(one)})
    assert len(set(found.values())) == len(found), "two mails that say the same"
    return set(found.values())


def history(database: Database) -> Counter[tuple[str, date, str]]:
    """What was said of contracts, and how often."""
    wanted = select(JudgementChange.contract_id, JudgementChange.judged_on, JudgementChange.status)
    with database.reading() as session:
        return Counter(tuple(row) for row in session.execute(wanted))


def assert_nothing_is_half_written(database: Database) -> None:
    """Messages that tell nothing, reminders without a message, two mails of a day, a reminder told twice."""
    with database.reading() as session:
        empty = session.scalars(select(Message.id).where(Message.id.not_in(select(Told.message_id)))).all()
        orphans = session.scalars(select(Told.id).where(Told.message_id.not_in(select(Message.id)))).all()
        of_a_day = select(Message.owner_id, Message.for_on)
        of_a_day = of_a_day.where(Message.kind == "reminders", Message.status != "withdrawn")
        per_day = Counter(tuple(row) for row in session.execute(of_a_day))
    assert not empty, f"messages that tell nothing: {empty}"
    assert not orphans, f"reminders without a message: {orphans}"
    assert max(per_day.values(), default=1) == 1, "an owner has two mails of one day"
    assert max(told(database).values(), default=1) == 1, "a reminder is told twice"


def assert_stored_is_live(database: Database, day: date) -> None:
    """Every stored judgement is what the facts say of the day."""
    with database.reading() as session:
        stored = {row["contract_id"]: row for row in session.execute(select(*COLUMNS)).mappings()}
        facts = load_facts(session, list(stored))
    assert stored, "no contract at all"
    wrong = {}
    for contract_id, row in stored.items():
        live = judgements.values_of(judge(facts[contract_id], day))
        if kept := {name: row[name] for name in live if row[name] != live[name]}:
            wrong[contract_id] = {name: (value, live[name]) for name, value in kept.items()}
    assert not wrong, f"stored and live differ on {day}: {wrong}"


def assert_nothing_is_left_to_tell(database: Database, day: date) -> None:
    """After the check of a day on which no owner had a mail before: nothing due was forgotten."""
    with database.reading() as session:
        stored = {one: judgements.read(session, one) for one in judgements.all_ids(session)}
        facts, keys = load_facts(session, list(stored)), outbox.told_keys(session, list(stored))
    left = {
        contract_id: due
        for contract_id, one in stored.items()
        if (due := reminders_due(judge(facts[contract_id], day), keys.get(contract_id, set()), one.muting))
    }
    assert not left, f"due on {day} and not told: {left}"


def assert_trail_holds(database: Database) -> None:
    with database.reading() as session:
        verdict = audit.verify(session)
    assert verdict.broken_at is None, f"the audit trail is broken at entry {verdict.broken_at}"
    assert verdict.entries > 0


COLUMNS = StoredJudgement.__table__.columns
