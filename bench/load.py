"""Many people at once: a realistic mix of reading and writing, with the scheduler and an import beside it.

Run as `scripts/bench --load SECONDS`. Counts what must not happen: an answer that is none, a job logged and then not
there, a row of the ledger lost.
"""

import csv
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import select

from app.rules.codes import MessageStatus
from app.storage.models import Message, Position
from app.storage.session import Database
from bench import requests, serving
from bench.answers import AUTHORISED, JOB, NARROWED, signed_in
from bench.databases import kind_of
from bench.measuring import Figure
from bench.portfolio import SEED, TODAY, business_ids, key

USERS = 50
THINKING_S = (0.5, 1.5)
LEDGER_ROWS = 20_000
HEADER = ("Toimittajan y-tunnus", "Kirjauspäivämäärä", "Tositenumero", "Laskun summa ilman ALV")
LOGGED = "log a position"


@dataclass
class Seen:
    """What happened; each user adds to it under the lock."""

    taken_s: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    logged: list[str] = field(default_factory=list)
    queue_age_s: float = 0.0
    mails: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float, answer: requests.Answer | None) -> None:
        good = answer is not None and answer.status in {200, 201}
        with self.lock:
            self.taken_s.setdefault(what, []).append(seconds)
            if not good:
                self.wrong[f"{what}: {answer.status if answer else 'no answer'}"] += 1
            elif what == LOGGED and answer is not None:
                self.logged.append(json.loads(answer.body)["id"])


def load(url: str, contracts: int, seconds: float) -> list[Figure]:
    """So many seconds of it on a judged portfolio."""
    seen, until = Seen(), time.monotonic() + seconds
    cookie = {"Cookie": f"siepp={signed_in(url)}"}
    with serving.siepp(url, requests.get("/healthz"), scheduler=True) as server, TemporaryDirectory() as folder:
        users = [
            threading.Thread(
                target=_use, args=(server.port, _habits(Random(SEED + n), contracts, cookie), seen, until, n)
            )
            for n in range(USERS)
        ]
        others = [
            threading.Thread(target=_import, args=(url, Path(folder), contracts, seen, until)),
            threading.Thread(target=_watch, args=(url, seen, until)),
        ]
        for thread in [*users, *others]:
            thread.start()
        for thread in [*users, *others]:
            thread.join()
    return _figures(url, seen)


def _habits(random: Random, contracts: int, cookie: dict[str, str]) -> Callable[[], tuple[str, bytes]]:
    """What one person asks for next."""

    def contract() -> str:
        return key(8, random.randrange(contracts))

    kinds: dict[str, tuple[int, Callable[[], bytes]]] = {
        "today": (10, lambda: requests.get("/", **cookie)),
        "list": (25, lambda: requests.get(f"/contracts?{NARROWED}", **cookie)),
        "contract": (30, lambda: requests.get(f"/contracts/{contract()}", **cookie)),
        "list as JSON": (15, lambda: requests.get(f"/api/v1/contracts?{NARROWED}", **AUTHORISED)),
        "contract as JSON": (10, lambda: requests.get(f"/api/v1/contracts/{contract()}", **AUTHORISED)),
        LOGGED: (10, lambda: requests.post(f"/api/v1/contracts/{contract()}/positions", JOB, **AUTHORISED)),
    }
    weights = [weight for weight, _ in kinds.values()]

    def following() -> tuple[str, bytes]:
        what = random.choices(list(kinds), weights)[0]
        return what, kinds[what][1]()

    return following


def _use(port: int, following: Callable[[], tuple[str, bytes]], seen: Seen, until: float, number: int) -> None:
    random = Random(number)
    time.sleep(random.uniform(0, THINKING_S[1]))
    while time.monotonic() < until:
        what, request = following()
        began = time.perf_counter()
        try:
            answer: requests.Answer | None = requests.ask(port, request)
        except OSError:
            answer = None
        seen.note(what, time.perf_counter() - began, answer)
        time.sleep(random.uniform(*THINKING_S))


def _import(url: str, folder: Path, contracts: int, seen: Seen, until: float) -> None:
    """One ledger after another, as `siepp import` does it."""
    number = 0
    while time.monotonic() < until:
        number += 1
        file = folder / f"{number}.csv"
        _write_ledger(file, contracts, number)
        command = [sys.executable, "-m", "app.cli", "import", "purchases", str(file)]
        environment = os.environ | {"SIEPP_DATABASE_URL": url, "SIEPP_SECRET_KEY": serving.SECRET_KEY}
        began = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603 - our own
        with seen.lock:
            seen.taken_s.setdefault("import of a ledger", []).append(time.perf_counter() - began)
            if done.returncode:
                seen.wrong[f"import: {done.stderr.strip()[-200:]}"] += 1


def _write_ledger(file: Path, contracts: int, number: int) -> None:
    random, suppliers = Random(SEED + number), business_ids(max(1, contracts // 2))
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow(HEADER)
        for row in range(LEDGER_ROWS):
            day = TODAY - timedelta(days=random.randrange(300))
            cents = random.randint(1_000, 1_000_000)
            amount = f"{cents // 100},{cents % 100:02d}"
            writer.writerow((random.choice(suppliers), f"{day:%d.%m.%Y}", f"{number}-{row}", amount))


def _watch(url: str, seen: Seen, until: float) -> None:
    """How long a mail was seen in the queue, at worst. Its own moment does not tell: all mails of a check have that of
    the check's beginning, and the last of them are made long after it."""
    database, first_seen = Database(url), dict[str, float]()
    queued = select(Message.id).where(Message.status == MessageStatus.QUEUED)
    while time.monotonic() < until:
        with database.reading() as session:
            ids = session.scalars(queued).all()
        now = time.monotonic()
        first_seen = {one: first_seen.get(one, now) for one in ids}
        seen.queue_age_s = max(seen.queue_age_s, *(now - at for at in first_seen.values()), 0.0)
        seen.mails.update(ids)
        time.sleep(1)
    database.dispose()


def _lost(url: str, seen: Seen) -> int:
    """Jobs whose logging was confirmed and that are not there."""
    database = Database(url)
    with database.reading() as session:
        there = set(session.scalars(select(Position.id)))
    database.dispose()
    return len(set(seen.logged) - there)


def _figures(url: str, seen: Seen) -> list[Figure]:
    kind = kind_of(url)
    lost = _lost(url, seen)
    if seen.wrong or lost:
        raise RuntimeError(f"{kind}: {lost} jobs lost; wrong answers: {dict(seen.wrong)}")
    figures = [Figure(f"load: {what}, {name}", kind, value, unit="ms") for what, name, value in _times(seen)]
    return [
        *figures,
        Figure("load: answers, none of them wrong", kind, sum(map(len, seen.taken_s.values()))),
        Figure("load: jobs logged, none of them lost", kind, len(seen.logged)),
        Figure("load: mails seen in the queue", kind, len(seen.mails)),
        Figure("load: oldest mail in the queue", kind, seen.queue_age_s, unit="s"),
    ]


def _times(seen: Seen) -> Iterator[tuple[str, str, float]]:
    for what, taken in sorted(seen.taken_s.items()):
        yield what, "p50", median(taken) * 1000
        if len(taken) > 1:
            yield what, "p99", quantiles(taken, n=100, method="inclusive")[-1] * 1000
