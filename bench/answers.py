"""How long the service takes to answer, against a bare endpoint of the same framework that gives the same payload.

Eight connections ask one process; one writes. In every round the bare server and ours take turns.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, repeat

from app.services import sessions
from app.storage.session import Database
from bench import requests, serving
from bench.databases import SQLITE, kind_of
from bench.measuring import Effort, Figure, Taken, cpu_s, interleaved, wall_s
from bench.portfolio import SECRET, TODAY, key
from bench.serving import Server

CONNECTIONS = 8
USER, DIVISION, CONTRACT = key(2, 0), key(1, 100), key(8, 7)
AUTHORISED = {"Authorization": f"Bearer {SECRET}"}
CHEAP = requests.get("/api/v1/units?limit=1", **AUTHORISED)
ONE = f"/api/v1/contracts/{CONTRACT}"
LIST = "/api/v1/contracts?limit=50"
NARROWED = f"status=at_risk&unit_id={DIVISION}"
JOB = {"starts_on": str(TODAY), "employment_form": "employment", "target_group": "youth"}
Run = Callable[[], Taken]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An answer of ours to measure; at most `target` times what the bare one takes."""

    what: str
    request: bytes
    target: float | None = None


def answers(url: str, effort: Effort) -> list[Figure]:
    """The figures for one database, which holds a judged portfolio; it gets more positions by it."""
    at_most = 4 if kind_of(url) == SQLITE else 8
    json_of = [
        [
            Wanted("list of 50, by status and unit", requests.get(f"{LIST}&{NARROWED}", **AUTHORISED), at_most),
            Wanted("a cheap answer to someone known", CHEAP),
        ],
        [Wanted("list of 50 of all", requests.get(LIST, **AUTHORISED))],
        [Wanted("one contract, judged live", requests.get(ONE, **AUTHORISED), 5)],
    ]
    pages = {
        f"/contracts?{NARROWED}": ("page of the list", at_most),
        f"/contracts/{CONTRACT}": ("page of a contract", 5),
    }
    with serving.siepp(url, CHEAP) as ours:
        figures = [figure for wanted in json_of for figure in _reads(url, ours, wanted, effort)]
        figures += [_page(url, ours, path, what, target, effort) for path, (what, target) in pages.items()]
        return [*figures, _write(url, ours, effort), _start(url, effort)]


def signed_in(url: str) -> str:
    """Signs the generator's user in: gives the session's token."""
    database = Database(url)
    now = datetime.now(UTC)
    with database.writing() as session:
        token = sessions.begin(session, USER, "password", now)
    database.dispose()
    return token


def _reads(url: str, ours: Server, wanted: list[Wanted], effort: Effort) -> Iterator[Figure]:
    """The bare server gives what the first of ours gives."""
    payload = requests.ask(ours.port, wanted[0].request).body
    with serving.bare(url, payload) as bare:
        floors = {
            name: _asking(bare, repeat(requests.get(f"/{name}")), CONNECTIONS, effort.asked)
            for name in ("json", "text", "dicts")
        }
        taken = interleaved(
            floors | {one.what: _asking(ours, repeat(one.request), CONNECTIONS, effort.asked) for one in wanted},
            effort.rounds,
        )
    floor = wall_s(taken["json"])
    for one in wanted:
        details = _in_ms(taken, (one.what, *floors)) | {"payload_kb": len(payload) / 1000}
        yield Figure(f"{one.what} ÷ bare", kind_of(url), wall_s(taken[one.what]) / floor, one.target, details=details)


def _page(url: str, ours: Server, path: str, what: str, target: float, effort: Effort) -> Figure:
    """Against a server that renders the same template from values that are there already: what we add to that."""
    token = signed_in(url)
    asked = repeat(requests.get(path, Cookie=f"siepp={token}"))
    with serving.bare(url, page=path, cookie=token) as bare:
        runs = {
            "rendering": _asking(bare, repeat(requests.get("/page")), CONNECTIONS, effort.asked),
            what: _asking(ours, asked, CONNECTIONS, effort.asked),
        }
        taken = interleaved(runs, effort.rounds)
    ratio = wall_s(taken[what]) / wall_s(taken["rendering"])
    return Figure(f"{what} ÷ bare rendering", kind_of(url), ratio, target, details=_in_ms(taken, taken))


def _asking(server: Server, sent: Iterable[bytes], connections: int, asked: int) -> Run:
    """One round: the median seconds of an answer, and the processor's seconds for one."""

    def run() -> Taken:
        before = server.cpu_s()
        times = requests.times(server.port, sent, connections, asked)
        return Taken(times.p50_s, (server.cpu_s() - before) / asked)

    run()  # what is made once, is made
    return run


def _in_ms(taken: Mapping[str, list[Taken]], names: Iterable[str]) -> dict[str, float]:
    waited = {f"{name}_ms": wall_s(taken[name]) * 1000 for name in names}
    return waited | {f"{name}_cpu_ms": cpu_s(taken[name]) * 1000 for name in names}


def _write(url: str, ours: Server, effort: Effort) -> Figure:
    """One after another: the next job goes to the next contract."""
    numbers = count()
    logged = (requests.post(f"/api/v1/contracts/{key(8, number)}/positions", JOB, **AUTHORISED) for number in numbers)
    inserted = (requests.post("/insert", JOB | {"contract_id": key(8, number)}) for number in numbers)
    with serving.bare(url) as bare:
        runs = {
            "insert": _asking(bare, inserted, 1, effort.written),
            "log a position": _asking(ours, logged, 1, effort.written),
        }
        taken = interleaved(runs, effort.rounds)
    ratio = wall_s(taken["log a position"]) / wall_s(taken["insert"])
    return Figure("log a position ÷ bare INSERT and COMMIT", kind_of(url), ratio, 4, details=_in_ms(taken, taken))


def _start(url: str, effort: Effort) -> Figure:
    def start() -> Taken:
        with serving.siepp(url, CHEAP) as server:
            return Taken(server.started_s, server.cpu_s())

    taken = interleaved({"start": start}, effort.rounds)["start"]
    details = {"cpu_s": cpu_s(taken)}
    return Figure("start to the first answer", kind_of(url), wall_s(taken), 2, "s", details=details)


if __name__ == "__main__":
    for figure in answers(sys.argv[1], Effort()):
        rounded = {name: round(value, 2) for name, value in figure.details.items()}
        line = f"{figure.what}: {figure.value:.2f}{figure.unit} (target {figure.target}) {json.dumps(rounded)}"
        sys.stdout.write(line + "\n")
