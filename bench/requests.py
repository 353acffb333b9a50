"""A client light enough to measure a server beside it: one thread, kept connections, requests made beforehand."""

import json
import selectors
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice, repeat
from statistics import median, quantiles

TIMEOUT_S = 60
AT_ONCE = 1 << 20


class WrongAnswer(Exception):
    """The server answered with another status than a good one."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the first byte sent to the last one received."""

    p50_s: float
    p99_s: float


def get(path: str, **headers: str) -> bytes:
    """The bytes of a GET; an underscore in a header's name stands for its dash."""
    return _request("GET", path, b"", headers)


def post(path: str, body: object, **headers: str) -> bytes:
    """The bytes of a POST with a body of JSON."""
    return _request("POST", path, json.dumps(body).encode(), {"Content_Type": "application/json", **headers})


def _request(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(port: int, request: bytes) -> Answer:
    """One request on a connection of its own. Raises OSError where nobody answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        connection.sendall(request)
        received = b""
        while (answer := _answer_in(received)) is None:
            part = connection.recv(AT_ONCE)
            if not part:
                raise ConnectionError("closed before the answer was whole")
            received += part
    return answer


def _answer_in(received: bytes) -> Answer | None:
    """The answer, once it is whole."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if len(body) < int(headers.get("content-length", "0")):
        return None
    return Answer(int(first.split(" ")[1]), headers, body)


def p50(port: int, request: bytes, connections: int, count: int) -> float:
    """Median seconds of one request sent `count` times over so many connections at once."""
    return times(port, repeat(request), connections, count).p50_s


def times(port: int, requests: Iterable[bytes], connections: int, count: int) -> Times:
    """Sends the first `count` requests; each connection sends its next one when it has its answer. Raises WrongAnswer
    unless every answer has a status of 2xx."""
    left = islice(requests, count)
    taken: list[float] = []
    with selectors.DefaultSelector() as selector:
        for _ in range(min(connections, count)):
            made = _Connection(port)
            selector.register(made.socket, selectors.EVENT_READ, made)
            made.send(next(left))
        while selector.get_map():
            for key, _ in selector.select(TIMEOUT_S) or _give_up():
                connection: _Connection = key.data
                seconds = connection.receive()
                if seconds is None:
                    continue
                taken.append(seconds)
                following = next(left, None)
                if following is None:
                    selector.unregister(connection.socket)
                    connection.socket.close()
                else:
                    connection.send(following)
    return Times(median(taken), quantiles(taken, n=100)[-1])


def _give_up() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError("the server is silent")


class _Connection:
    """One kept connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began, self.received = 0.0, b""

    def send(self, request: bytes) -> None:
        self.received = b""
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> float | None:
        """Seconds the answer took, once it is whole."""
        part = self.socket.recv(AT_ONCE)
        if not part:
            raise ConnectionError("closed before the answer was whole")
        self.received += part
        answer = _answer_in(self.received)
        if answer is None:
            return None
        if not 200 <= answer.status < 300:
            raise WrongAnswer(f"{answer.status}: {answer.body[:500]!r}")
        return time.perf_counter() - self.began
