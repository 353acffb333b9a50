"""One city among many in the same database: what its people wait for, against the same city with a database of its own.

Run as `scripts/bench --cities 300`. The cities are alike; the one measured is the first of them.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from sqlalchemy.orm import Session

from app.rules.status import Status
from app.services import contracts, tokens
from app.services.acting import Act
from app.services.summary import summarise
from app.storage.contracts import SORTS, ContractFilter
from app.storage.keyset import Page
from app.storage.session import Database
from bench.check import act_on, full_check
from bench.databases import kind_of
from bench.measuring import Effort, Figure, Taken, interleaved, timed, wall_s
from bench.portfolio import SECRET, TODAY

TIMES = 20
"""A page alone is over too soon to be timed."""
Read = Callable[[Session, Act], object]


def figures(url: str, alone_url: str, cities: int, effort: Effort) -> list[Figure]:
    """The portfolio of so many cities, and one of a single city that has as many contracts as each of them."""
    many, alone, kind = Database(url), Database(alone_url), kind_of(url)
    days = (TODAY + timedelta(days=number) for number in count(1))
    reads = {"list of 50 by status": _list, "list of 50 of all": _list_of_all, "summary": _summary}
    runs: dict[str, Callable[[], Taken]] = {
        "check, many": lambda: full_check(many, next(days)),
        "check, alone": lambda: full_check(alone, next(days)),
    }
    for name, read in reads.items():
        runs |= {f"{name}, many": _timed(many, read), f"{name}, alone": _timed(alone, read)}
    taken = interleaved(runs, effort.rounds)
    many.dispose()
    alone.dispose()
    wall = {name: wall_s(one) for name, one in taken.items()}

    def ratio(name: str, times: int = 1) -> float:
        return wall[f"{name}, many"] / wall[f"{name}, alone"] / times

    found = [Figure(f"{name}: one city among {cities} ÷ alone", kind, ratio(name), details=wall) for name in reads]
    return [Figure(f"full check: {cities} cities ÷ as many times one", kind, ratio("check", cities)), *found]


def _timed(database: Database, read: Read) -> Callable[[], Taken]:
    """Some reads one after another, each in a session of its own, for someone of the first city."""
    with database.reading() as session:
        actor = tokens.holder(session, SECRET, TODAY).actor
    act = Act(actor, act_on(TODAY).now, TODAY)

    def run() -> Taken:
        def work() -> None:
            for _ in range(TIMES):
                with database.reading() as session:
                    read(session, act)

        return timed(work)

    run()  # what is made once, is made
    return run


def _list(session: Session, act: Act) -> object:
    wanted = ContractFilter(statuses=(Status.AT_RISK,))
    return contracts.list_contracts(session, wanted, SORTS["latest_start_on"], Page(50, None), act)


def _list_of_all(session: Session, act: Act) -> object:
    return contracts.list_contracts(session, ContractFilter(), SORTS["latest_start_on"], Page(50, None), act)


def _summary(session: Session, act: Act) -> object:
    return summarise(session, act.today, None, act)
