"""Clients that write without pause, as integrations should: each write has a key, and is repeated until answered."""

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.storage.models import Contract, Position, Purchase
from app.storage.session import Database

ANSWER_SECONDS = 15
"""A process that is killed answers nothing; one that lives answers sooner, however busy."""
PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 300
"""For so long one write is asked for: most of the time whoever could answer has just been killed."""
STARTS_ON = date(2019, 9, 3)
"""A day on which no job of the city (tests.scenarios.cities) starts."""
WRITTEN = {200, 201}
AUTHORISED = {
    "purchases": {"Authorization": "Bearer token of procurement_officer@example.org"},
    "positions": {"Authorization": "Bearer token of business_liaison@example.org"},
}
"""By what is written, as whom (tests.portfolio)."""
ONCE_MORE = {409, 429, 500, 502, 503, 504}
"""Answers that say nothing about the write itself. 409: the same key is being worked on elsewhere."""


class Client(threading.Thread):
    """Writes purchases and jobs to contracts by chance, to one web process or another."""

    def __init__(self, ports: Sequence[int], contract_ids: Sequence[str], seed: int) -> None:
        super().__init__()
        self.ports, self.contract_ids, self.chance = ports, contract_ids, Random(seed)
        self.acknowledged: dict[str, tuple[str, str]] = {}
        """By key: what was written, and the id that the answer gave it."""
        self.statuses: Counter[int | None] = Counter()
        """By status; None where the connection broke."""
        self.wrong: list[str] = []
        self._enough = threading.Event()

    def end(self) -> None:
        """The write that is being repeated is repeated until it is answered."""
        self._enough.set()

    def run(self) -> None:
        while not self._enough.is_set():
            self._write_once(*self._something())
            time.sleep(PAUSE_SECONDS)

    def _something(self) -> tuple[str, str, dict[str, Any]]:
        contract_id = self.chance.choice(self.contract_ids)
        if self.chance.random() < 0.5:
            body = {"on_date": "2019-09-02", "amount_eur": f"{self.chance.randint(1, 90)}00.00"}
            return "purchases", contract_id, body
        body = {"starts_on": STARTS_ON.isoformat(), "employment_form": "employment", "target_group": "youth"}
        return "positions", contract_id, body

    def _write_once(self, what: str, contract_id: str, body: dict[str, Any]) -> None:
        key = uuid4().hex
        if what == "purchases":
            body["reference"] = key
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            status, answer = self._ask(contract_id, what, key, body)
            self.statuses[status] += 1
            if status in WRITTEN:
                self.acknowledged[key] = (what, json.loads(answer)["id"])
                return
            if status is not None and status not in ONCE_MORE:
                self.wrong.append(f"{what}: {status} {answer[:300]!r}")
                return
            time.sleep(PAUSE_SECONDS)
        self.wrong.append(f"{what}: unanswered for {PATIENCE_SECONDS} s")

    def _ask(self, contract_id: str, what: str, key: str, body: dict[str, Any]) -> tuple[int | None, bytes]:
        connection = HTTPConnection("127.0.0.1", self.chance.choice(self.ports), timeout=ANSWER_SECONDS)
        headers = AUTHORISED[what] | {"Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            connection.request("POST", f"/api/v1/contracts/{contract_id}/{what}", json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return None, b""
        finally:
            connection.close()


def start(number: int, *told: Any, seed: int) -> list[Client]:
    """So many clients, at work."""
    clients = [Client(*told, seed=seed + one) for one in range(number)]
    for client in clients:
        client.start()
    return clients


def end(clients: Sequence[Client]) -> None:
    for client in clients:
        client.end()
    for client in clients:
        client.join()


def chosen(database: Database, contracts: int = 40) -> list[str]:
    """Contracts to write to: few, so that the clients meet."""
    with database.reading() as session:
        return list(session.scalars(select(Contract.id).order_by(Contract.id).limit(contracts)))


def statuses(clients: Sequence[Client]) -> Counter[int | None]:
    return sum((Counter(client.statuses) for client in clients), Counter())


def acknowledged(clients: Sequence[Client]) -> dict[str, tuple[str, str]]:
    return {key: written for client in clients for key, written in client.acknowledged.items()}


def assert_written_once(database: Database, clients: Sequence[Client]) -> dict[str, int]:
    """What was acknowledged is there; what was asked for again, because no answer came, is there once. Figures."""
    wrong = [one for client in clients for one in client.wrong]
    assert not wrong, wrong[:5]
    written = acknowledged(clients)
    bought = {(key, one) for key, (what, one) in written.items() if what == "purchases"}
    logged = {one for what, one in written.values() if what == "positions"}
    with database.reading() as session:
        purchases = session.execute(select(Purchase.reference, Purchase.id).where(Purchase.reference.is_not(None)))
        positions = session.scalars(select(Position.id).where(Position.starts_on == STARTS_ON))
        assert sorted(map(tuple, purchases)) == sorted(bought)
        assert sorted(positions) == sorted(logged)
    return {"acknowledged": len(written), "asked_again": statuses(clients).total() - len(written)}
