"""A company register on loopback that answers what it is told to, and keeps who asked what and when."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KNOWN = "0112038-9"
"""In the sample of the register, and in ours."""


def company(business_id: str = KNOWN, **changes: Any) -> dict[str, Any]:
    """A company as the register describes it, or with changes."""
    return {
        "businessId": {"value": business_id, "registrationDate": "1978-03-15", "source": "3"},
        "names": [
            {"name": "Siivous Oy", "type": "1", "registrationDate": "1997-09-01", "version": 1, "source": "1"},
            {"name": "Siivous", "type": "3", "registrationDate": "1997-09-01", "version": 1, "source": "1"},
            {
                "name": "Oy Siivous Ab",
                "type": "1",
                "registrationDate": "1966-06-10",
                "endDate": "1997-08-31",
                "version": 2,
                "source": "1",
            },
        ],
        "companyForms": [
            {
                "type": "OY",
                "version": 1,
                "source": "1",
                "descriptions": [
                    {"languageCode": "1", "description": "Osakeyhtiö"},
                    {"languageCode": "2", "description": "Aktiebolag"},
                    {"languageCode": "3", "description": "Limited company"},
                ],
            }
        ],
        "tradeRegisterStatus": "1",
        "registeredEntries": [],
        "lastModified": "2019-01-01T00:00:00",
    } | changes


def in_trouble(*codes: str, since: str | None = "2019-02-20", business_id: str = KNOWN) -> dict[str, Any]:
    """A company with situations that have not ended."""
    situations = [{"type": code, "registrationDate": since, "source": "1"} for code in codes]
    return company(business_id, companySituations=situations)


class LyingRegister:
    """`companies` are those it knows; `body`, `status` and `headers` override what would be true, `pause` is how many
    seconds it waits before each piece of its answer."""

    def __init__(self) -> None:
        self.address = ""
        self.companies: dict[str, dict[str, Any]] = {}
        self.body: bytes | None = None
        self.pieces = 1
        self.pause = 0.0
        self.status = 200
        self.headers: dict[str, str] = {}
        self.odd: dict[str, bytes] = {}
        """Answers about single companies."""
        self.asked: list[tuple[str, float]] = []
        self.agents: set[str] = set()

    @property
    def ids(self) -> list[str]:
        return [business_id for business_id, _ in self.asked]

    def knows(self, *companies: dict[str, Any]) -> None:
        self.companies |= {one["businessId"]["value"]: one for one in companies}

    def answer(self, business_id: str) -> bytes:
        if business_id in self.odd:
            return self.odd[business_id]
        if self.body is not None:
            return self.body
        found = [self.companies[business_id]] if business_id in self.companies else []
        return json.dumps({"totalResults": len(found), "companies": found}).encode()


@contextmanager
def running() -> Iterator[LyingRegister]:
    register = LyingRegister()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            assert parts.path == "/v3/companies", parts.path
            business_id = parse_qs(parts.query)["businessId"][0]
            register.asked.append((business_id, time.monotonic()))
            register.agents.add(self.headers["User-Agent"])
            body = register.answer(business_id)
            with suppress(ConnectionError):  # whoever has heard enough hangs up
                self._send(body, register.status, {"Content-Type": "application/json"} | register.headers)

        def _send(self, body: bytes, status: int, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            size = max(1, -(-len(body) // register.pieces))
            for begin in range(0, len(body), size):
                time.sleep(register.pause)
                self.wfile.write(body[begin : begin + size])
                self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            """What is asked stays between the two."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    register.address = f"http://localhost:{server.server_address[1]}/v3"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield register
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
