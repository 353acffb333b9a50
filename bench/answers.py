"""How long the service takes to answer, against a bare endpoint of the same framework that gives the same payload.

Eight connections ask one process; one writes. In every round the bare server and ours take turns.
"""

import compileall
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
    """An answer or a page of ours to measure; at most `target` times what the bare one called `bare` takes."""

    what: str
    request: bytes
    bare: str
    target: float | None = None


def answers(url: str, effort: Effort) -> list[Figure]:
    """The figures for one database, which holds a judged portfolio; it gets more positions by it."""
    at_most = 4 if kind_of(url) == SQLITE else 8
    narrowed = Wanted(
        "list of 50, by status and unit", requests.get(f"{LIST}&{NARROWED}", **AUTHORISED), "list", at_most
    )
    of_all = Wanted("list of 50 of all", requests.get(LIST, **AUTHORISED), "list-of-all")
    one = Wanted("one contract, judged live", requests.get(ONE, **AUTHORISED), "contract", 5)
    cheap = Wanted("a cheap answer to someone known", CHEAP, "list")
    paths = {"list": f"/contracts?{NARROWED}", "contract": f"/contracts/{CONTRACT}"}
    token = signed_in(url)
    asked = {name: requests.get(path, Cookie=f"siepp={token}") for name, path in paths.items()}
    pages = [
        Wanted("page of the list", asked["list"], "list", at_most),
        Wanted("page of a contract", asked["contract"], "contract", 5),
    ]
    with serving.siepp(url, CHEAP) as ours:
        given = {some.bare: requests.ask(ours.port, some.request).body for some in (narrowed, of_all, one)}
        with serving.bare(url, given, paths, token) as bare:
            both = Servers(ours, bare, kind_of(url), effort)
            figures = [figure for some in ([narrowed, cheap], [of_all], [one]) for figure in both.reads(some)]
            figures += [*map(both.page, pages), both.write()]
        return [*figures, _start(url, effort)]


def signed_in(url: str) -> str:
    """Signs the generator's user in: gives the session's token."""
    database = Database(url)
    now = datetime.now(UTC)
    with database.writing() as session:
        token = sessions.begin(session, USER, "password", now)
    database.dispose()
    return token


@dataclass(frozen=True, slots=True)
class Servers:
    """Ours and the bare one beside it, over one database of this kind."""

    ours: Server
    bare: Server
    kind: str
    effort: Effort

    def reads(self, wanted: list[Wanted]) -> Iterator[Figure]:
        """The bare server gives what the first of ours gives."""
        name = wanted[0].bare
        floors = {how: self._bare(f"/{how}/{name}") for how in ("json", "text", "dicts")}
        taken = interleaved(floors | {one.what: self._ours(one.request) for one in wanted}, self.effort.rounds)
        payload_kb = len(requests.ask(self.bare.port, requests.get(f"/text/{name}")).body) / 1000
        floor = wall_s(taken["json"])
        for one in wanted:
            details = _in_ms(taken, (one.what, *floors)) | {"payload_kb": payload_kb}
            yield Figure(f"{one.what} ÷ bare", self.kind, wall_s(taken[one.what]) / floor, one.target, details=details)

    def page(self, wanted: Wanted) -> Figure:
        """Against the same template rendered from values that are there already: what we add to that."""
        runs = {"rendering": self._bare(f"/page/{wanted.bare}"), wanted.what: self._ours(wanted.request)}
        taken = interleaved(runs, self.effort.rounds)
        ratio = wall_s(taken[wanted.what]) / wall_s(taken["rendering"])
        what = f"{wanted.what} ÷ bare rendering"
        return Figure(what, self.kind, ratio, wanted.target, details=_in_ms(taken, taken))

    def write(self) -> Figure:
        """One after another: the next job goes to the next contract."""
        numbers = count()
        logged = (
            requests.post(f"/api/v1/contracts/{key(8, number)}/positions", JOB, **AUTHORISED) for number in numbers
        )
        inserted = (requests.post("/insert", JOB | {"contract_id": key(8, number)}) for number in numbers)
        runs = {
            "insert": _asking(self.bare, inserted, 1, self.effort.written),
            "log a position": _asking(self.ours, logged, 1, self.effort.written),
        }
        taken = interleaved(runs, self.effort.rounds)
        ratio = wall_s(taken["log a position"]) / wall_s(taken["insert"])
        return Figure("log a position ÷ bare INSERT and COMMIT", self.kind, ratio, 4, details=_in_ms(taken, taken))

    def _bare(self, path: str) -> Run:
        return _asking(self.bare, repeat(requests.get(path)), CONNECTIONS, self.effort.asked)

    def _ours(self, request: bytes) -> Run:
        return _asking(self.ours, repeat(request), CONNECTIONS, self.effort.asked)


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


def _start(url: str, effort: Effort) -> Figure:
    """Of modules that are compiled, as an installation has them."""
    for package in ("app", "notifications", "migrations"):
        compileall.compile_dir(serving.ROOT / package, quiet=2)

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
