"""Traces, to a real receiver of OTLP on loopback: nothing that a client sent is in them, nothing is loaded unasked."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from app.telemetry import LAST_SPANS_MILLISECONDS
from tests.portfolio import Portfolio
from tests.test_stopping import connected, serving

SIEPP = Path(sys.executable).with_name("siepp")
SECRETS = ("Salaista", "tunnus", "siepp_", "owner@example.org", "010170")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Receiver(BaseHTTPRequestHandler):
    """A collector: keeps what came."""

    bodies: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Receiver.bodies = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def spans() -> list[Span]:
    requests = [ExportTraceServiceRequest.FromString(body) for body in Receiver.bodies]
    return [span for one in requests for of in one.resource_spans for scope in of.scope_spans for span in scope.spans]


def attributes(span: Span) -> dict[str, str | int]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.slow
def test_requests_statements_and_jobs_are_traced_without_what_was_sent(
    portfolio: Portfolio, sqlite_url: str, tmp_path: Path, collector: str
) -> None:
    contract_id = portfolio.contract(owner="owner@example.org")
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "FASTAPI_OTEL_AUTO_CONFIGURE": "true"}
    settings["OTEL_BSP_SCHEDULE_DELAY"] = "200"  # milliseconds until what was traced is sent
    with serving(sqlite_url, tmp_path, settings) as (process, port):
        connected(port).close()
        for path in (f"/api/v1/contracts/{contract_id}", "/api/v1/contracts?q=Salaista", "/calendar/tunnus.ics"):
            headers = portfolio.officer | {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "X-Secret": "Salaista"}
            headers["tracestate"] = "city=Salaista"
            with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                connection.request("GET", path, headers=headers)
                connection.getresponse().read()
        until = time.monotonic() + 60
        while "job midnight" not in {span.name for span in spans()}:
            assert time.monotonic() < until, "the scheduler's first job was not traced"
            time.sleep(0.1)
        process.terminate()
        _out, said = process.communicate(timeout=60)
    found = spans()
    names = {span.name for span in found}
    assert {"GET /api/v1/contracts/{contract_id}", "GET /api/v1/contracts", "job midnight"} <= names, said[-2000:]
    request = next(span for span in found if span.name == "GET /api/v1/contracts/{contract_id}")
    assert request.trace_id.hex() == TRACE
    assert attributes(request)["http.response.status_code"] == 200
    below = [attributes(span) for span in found if span.parent_span_id == request.span_id]
    assert all(one["db.system.name"] == "sqlite" for one in below)
    assert any("FROM contract" in str(one["db.query.text"]) for one in below)
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano for span in found)
    sent = b"".join(Receiver.bodies).decode("utf-8", "replace")
    assert contract_id not in sent
    assert [one for one in (*SECRETS, *portfolio.officer.values()) if one in sent] == []


@pytest.mark.parametrize(
    ("settings", "loaded"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:9/v1/traces"}, True),
    ],
)
def test_nothing_of_it_is_loaded_unless_it_is_said_where_traces_go(settings: dict[str, str], loaded: bool) -> None:
    code = (
        "import sys; from sqlalchemy import create_engine; from app import telemetry; import app.main;"
        "telemetry.start(create_engine('sqlite://'));"
        "print('opentelemetry.sdk.trace' in sys.modules, telemetry.is_on())"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=plain | settings, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == [str(loaded)] * 2


def test_where_it_is_not_installed_the_service_runs_and_says_so() -> None:
    """Some platforms set the variable for every process."""
    code = (
        "import sys; sys.modules['opentelemetry.sdk.trace'] = None;"
        "from sqlalchemy import create_engine; from app import telemetry;"
        "telemetry.start(create_engine('sqlite://')); print(telemetry.is_on())"
    )
    settings = os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert "opentelemetry_not_installed" in done.stdout + done.stderr
    assert "False" in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OTEL_BSP_SCHEDULE_DELAY", "soon", "OTEL_BSP_SCHEDULE_DELAY is no number."),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "many", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT is no number."),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "0", "A variable of OpenTelemetry (OTEL_…) cannot be used: "),
    ],
)
def test_a_variable_that_cannot_be_used_is_told_in_a_sentence(
    sqlite_url: str, tmp_path: Path, name: str, value: str, said: str
) -> None:
    settings = settings_of(sqlite_url) | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", name: value}
    done = subprocess.run(
        [SIEPP, "check"], env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_collector_that_hangs_does_not_keep_a_command(sqlite_url: str, tmp_path: Path) -> None:
    """It takes the connection and never answers: the process waits for it no longer than it may."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings = settings_of(sqlite_url)
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        code = (
            "import atexit, time; atexit.register(lambda: print(time.monotonic() - begun));"
            "from sqlalchemy import create_engine; from app import telemetry;"
            "telemetry.start(create_engine('sqlite://'))\n"
            "with telemetry.span('work'): pass\n"
            "begun = time.monotonic()"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 0, done.stderr
    waited = float(done.stdout)
    assert LAST_SPANS_MILLISECONDS / 1000 - 0.1 < waited < 10, "OpenTelemetry's own patience is ten seconds"


def settings_of(url: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "SIEPP_"))}
    return plain | {"SIEPP_DATABASE_URL": url, "SIEPP_SECRET_KEY": "a secret key that is long enough to be one"}
