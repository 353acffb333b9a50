"""The daily check against its floors: all that must be read, the rule alone, and the loop that others would write."""

import gc
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import count
from math import log10
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.jobs.daily_check import judge_all
from app.rules.facts import ContractFacts, PositionFacts, PurchaseFacts
from app.rules.judgement import judge
from app.rules.recheck import recheck_on
from app.rules.reminders import Muting, events, reminders_due
from app.services import tokens
from app.services.acting import SYSTEM, Act
from app.services.summary import summarise
from app.storage import judgements, outbox
from app.storage.facts import clause_facts, load_facts
from app.storage.models import Clause, Contract, Position, Purchase, StoredJudgement
from app.storage.session import Database
from bench import bulk
from bench.databases import SQLITE, kind_of
from bench.measuring import Effort, Figure, Taken, cpu_s, interleaved, peak_mb, timed, wall_s
from bench.portfolio import NOON, SECRET, TODAY, key

CHUNK = 2000
PURCHASED = "SELECT contract_id, SUM(amount_cents) FROM purchase GROUP BY contract_id"
POSITIONS = "SELECT contract_id, starts_on, ended_on FROM position"


def act_on(day: date) -> Act:
    return Act(SYSTEM, datetime.now(UTC), day)


def floor(database: Database) -> Taken:
    """What any judgement of all contracts must read: a sum of purchases by contract and a scan of the positions, by
    the driver alone."""

    def read() -> None:
        with closing(database.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            for statement in (PURCHASED, POSITIONS):
                cursor.execute(statement)
                while cursor.fetchmany(CHUNK):
                    pass

    return timed(read)


def in_memory(database: Database, day: date) -> Taken:
    """The rule alone, on facts already loaded: judgement, reminders due, next day to look."""
    wall = cpu = 0.0
    for facts, told in _loaded(database):
        gc.disable()  # as the check itself
        began = perf_counter(), process_time()
        for contract_id, of_contract in facts.items():
            judgement = judge(of_contract, day)
            reminders_due(judgement, told.get(contract_id, set()), Muting())
            recheck_on(judgement, Muting())
        wall, cpu = wall + perf_counter() - began[0], cpu + process_time() - began[1]
        gc.enable()
    return Taken(wall, cpu)


def _loaded(database: Database) -> Iterator[tuple[dict[str, ContractFacts], Any]]:
    after = ""
    with database.reading() as session:
        while some := judgements.all_ids(session, after, CHUNK):
            yield load_facts(session, some), outbox.told_keys(session, some)
            after = some[-1]


def full_check(database: Database, day: date) -> Taken:
    """The check of a day that looks at every contract."""
    return timed(lambda: judge_all(database, act_on(day), everything=True))


def quiet_day(database: Database, day: date, share: int) -> Taken:
    """The check of a day on which nothing is due but one contract in `share`, each with a new purchase and a new
    position."""
    judge_all(database, act_on(day))
    with database.writing() as session:
        ids = session.scalars(select(StoredJudgement.contract_id).order_by(StoredJudgement.contract_id)).all()[::share]
        _record(session, ids, day)
        for some in (ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK)):
            touched = update(StoredJudgement).where(StoredJudgement.contract_id.in_(some))
            session.execute(touched.values(recheck_on=day))
    return timed(lambda: judge_all(database, act_on(day)))


def _record(session: Session, contract_ids: Sequence[str], day: date) -> None:
    at = datetime.now(UTC)
    logged = {"version": 1, "created_at": at}
    purchase = {"on_date": day, "amount_cents": 1_000_000, "recorded_on": day} | logged
    position = {"starts_on": day, "agreed_on": day, "logged_on": day, "channel": "team"} | logged
    position |= {"employment_form": "employment", "target_group": "youth"}
    session.execute(insert(Purchase), [purchase | {"contract_id": one} for one in contract_ids])
    session.execute(insert(Position), [position | {"contract_id": one} for one in contract_ids])


def naive_loop(database: Database, day: date, contracts: int) -> Taken:
    """What one would write first: entities, one contract after another, everything written back. The time is for all
    contracts, reckoned from the first `contracts` of them; what it wrote is taken back."""
    with database.reading() as session:
        contracts_in_all = session.scalar(select(func.count()).select_from(Contract)) or 0

    def loop() -> None:
        with database.writing() as session:
            for contract in session.scalars(select(Contract).order_by(Contract.id).limit(contracts)):
                _judge_naively(session, contract, day)
            session.rollback()

    taken = timed(loop)
    times = max(1.0, contracts_in_all / contracts)
    return Taken(taken.wall_s * times, taken.cpu_s * times)


def _judge_naively(session: Session, contract: Contract, day: date) -> None:
    clause = session.get_one(Clause, contract.procurement_id)
    positions = session.scalars(select(Position).where(Position.contract_id == contract.id)).all()
    purchases = session.scalars(select(Purchase).where(Purchase.contract_id == contract.id)).all()
    facts = ContractFacts(
        clause=clause_facts(clause, contract.committed_positions),
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        counts_from=contract.counts_from or contract.starts_on,
        registered_on=contract.registered_on,
        last_recorded_on=contract.last_recorded_on,
        positions=tuple(PositionFacts._make(getattr(one, n) for n in PositionFacts._fields) for one in positions),
        purchases=tuple(PurchaseFacts._make(getattr(one, n) for n in PurchaseFacts._fields) for one in purchases),
    )
    stored = session.get_one(StoredJudgement, contract.id)
    for name, value in judgements.values_of(judge(facts, day)).items():
        setattr(stored, name, value)
    stored.judged_on = day
    session.flush()


def differing(database: Database, day: date, contract_ids: Sequence[str]) -> list[str]:
    """Contracts whose stored judgement is not what the rule says live on a day: there must be none."""
    with database.reading() as session:
        facts = load_facts(session, contract_ids)
        stored = {one: judgements.read(session, one) for one in contract_ids}
    return [one for one in contract_ids if not stored[one].says(judge(facts[one], day))]


def tell_all(database: Database, day: date) -> int:
    """Keeps as told what the service would have told by a day, had it run all along; gives the number."""
    owner, at = key(5, 0), f"{day}{NOON}"
    message = (key(14, 0), "reminders", owner, str(day), "owner0@example.org", "Owner 0", "[]", "fi", "sent", 1, at)
    bulk.put(database.engine, "message", MESSAGE, [(*message, False, 1)])
    return bulk.put(database.engine, "told", TOLD, list(_told(database, day, message[0])))


MESSAGE = (
    *("id", "kind", "owner_id", "for_on", "to_email", "to_name", "copies", "language", "status", "attempts"),
    *("created_at", "may_have_arrived", "version"),
)
TOLD = ("id", "message_id", "contract_id", "kind", "key", "on_date", "count")


def _told(database: Database, day: date, message_id: str) -> Iterator[tuple[Any, ...]]:
    number = 0
    for facts, _ in _loaded(database):
        for contract_id, of_contract in facts.items():
            judgement = judge(of_contract, day)
            told = {one.reminder_key: one for one in reminders_due(judgement, set(), Muting())}
            told |= {one.reminder_key: one for one in events(judgement) if one.on >= of_contract.registered_on}
            for one in told.values():
                number += 1
                yield (key(15, number), message_id, contract_id, one.kind.value, one.key, str(one.on), one.count)


def figures(url: str, smaller_url: str, effort: Effort) -> list[Figure]:
    """The figures of the check and the summary on a judged portfolio; the check also on one a tenth its size."""
    database, smaller = Database(url), Database(smaller_url)
    days = (TODAY + timedelta(days=number) for number in count(1))
    taken = interleaved(
        {
            "floor": lambda: floor(database),
            "in memory": lambda: in_memory(database, TODAY),
            "full": lambda: full_check(database, next(days)),
            "full, a tenth": lambda: full_check(smaller, next(days)),
            "quiet": lambda: quiet_day(database, next(days), 100),
            "naive": lambda: naive_loop(database, TODAY, effort.naive),
            "summary": lambda: summary(database, TODAY),
            "summary, judged": lambda: summary(database, TODAY + timedelta(days=1)),
        },
        effort.rounds,
    )
    wall = {name: wall_s(one) for name, one in taken.items()}
    cpu = {f"{name}, cpu": cpu_s(one) for name, one in taken.items()}
    kind = kind_of(url)
    database.dispose()
    smaller.dispose()

    def ratio(what: str, value: float, target: float | None, *, at_least: bool = False) -> Figure:
        return Figure(what, kind, value, target, at_least=at_least, details=wall | cpu)

    return [
        ratio("full check ÷ (floor + the rule in memory)", wall["full"] / (wall["floor"] + wall["in memory"]), 1.6),
        ratio("full check ÷ floor", wall["full"] / wall["floor"], 5 if kind == SQLITE else 4),
        ratio("day with 1 % changed ÷ full check", wall["quiet"] / wall["full"], 0.12),
        ratio("naive loop ÷ full check", wall["naive"] / wall["full"], 50, at_least=True),
        ratio("growth of the full check (exponent)", log10(wall["full"] / wall["full, a tenth"]), 1.05),
        ratio("summary ÷ the same from the facts", wall["summary"] / wall["summary, judged"], 0.25),
        ratio("summary ÷ floor", wall["summary"] / wall["floor"], None),
        Figure("peak memory of the full check", kind, _peak(url, next(days)), 150, "MB"),
    ]


def summary(database: Database, day: date) -> Taken:
    """The whole city's figures for TODAY, asked for by one of its people on a day: on TODAY itself they are summed from
    what is stored, on any other they are judged from the facts."""

    def read() -> None:
        with database.reading() as session:
            actor = tokens.holder(session, SECRET, TODAY).actor
            summarise(session, TODAY, None, Act(actor, datetime.now(UTC), day))

    return timed(read)


def _peak(url: str, day: date) -> float:
    """Of a process that does nothing else."""
    command = [sys.executable, "-m", "bench.check", url, str(day)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    return float(done.stdout)


if __name__ == "__main__":
    judge_all(Database(sys.argv[1]), act_on(date.fromisoformat(sys.argv[2])), everything=True)
    print(peak_mb())
