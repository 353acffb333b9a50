"""deploy/nginx.conf in a real nginx, in front of two replicas that say what reached them."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.http.uploads import FORM_BYTES, LARGEST_LEDGER

CONFIGURATION = Path(__file__).parent.parent / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")


class Answering(BaseHTTPRequestHandler):
    """Tells as JSON what was asked, and with which headers; /away is answered 503, /breaks not at all."""

    protocol_version = "HTTP/1.1"
    server: "Replica"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path == "/breaks":
            self.close_connection = True
            return
        body = json.dumps({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}}).encode()
        self.send_response(503 if self.path == "/away" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


class Replica(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def go(self) -> None:
        self.shutdown()
        self.server_close()


@dataclass
class Proxied:
    port: int
    replicas: list[Replica] = field(default_factory=list)

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        """Status and body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, headers=named)
            with connection.getresponse() as answer:
                return answer.status, answer.read().decode()

    def status(self, path: str, method: str = "GET", **headers: str) -> int:
        return self.ask(path, method, **headers)[0]

    @property
    def asked(self) -> list[str]:
        return [path for replica in self.replicas for path in replica.asked]


def written(folder: Path, port: int, replicas: list[Replica]) -> Path:
    """The file with what names the network of deploy/compose.yaml put right for here. Debian's nginx of today does
    not look up a name again (`resolve`)."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    servers = "".join(f"server 127.0.0.1:{replica.server_port};" for replica in replicas)
    for pattern, here in (
        (r"^resolver [^;]+;", ""),
        (r"server web:8000 resolve;", servers),
        (r"listen 8080;", f"listen 127.0.0.1:{port};"),
        (r"error_log stderr", f"error_log {folder / 'errors'}"),
    ):
        text, found = re.subn(pattern, here, text, flags=re.MULTILINE)
        assert found == 1
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder / kind};" for kind in kinds)
    main = folder / "main.conf"
    head = f"daemon off; master_process off; pid {folder / 'pid'}; error_log {folder / 'errors'};"
    main.write_text(f"{head} events {{}} http {{ {places}\n{text} }}", encoding="utf-8")
    return main


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Proxied]:
    replicas = [Replica(), Replica()]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert NGINX is not None
    command = [NGINX, "-e", str(tmp_path / "errors"), "-c", str(written(tmp_path, port, replicas))]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command) as nginx:
        try:
            until_it_answers(port, nginx)
            yield Proxied(port, replicas)
        finally:
            nginx.terminate()
            for replica in replicas:
                replica.go()


def until_it_answers(port: int, nginx: subprocess.Popen[bytes]) -> None:
    while nginx.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=20).close()
            return
        except ConnectionRefusedError:
            continue
    pytest.fail("nginx ended")


def test_what_a_client_says_of_itself_does_not_reach_the_service(proxied: Proxied) -> None:
    said = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "gopher", "X_Request_ID": "f" * 32}
    reached = json.loads(proxied.ask("/", **said)[1])
    assert reached["x-forwarded-for"] == "127.0.0.1"
    assert reached["x-forwarded-proto"] == "http"
    assert re.fullmatch(r"[0-9a-f]{32}", reached["x-request-id"])
    assert reached["x-request-id"] != "f" * 32


@pytest.mark.parametrize("path", ["/metrics", "//metrics", "/%6detrics", "/x/../metrics", "/metrics?a=b"])
def test_figures_do_not_come_out_in_any_spelling(proxied: Proxied, path: str) -> None:
    assert proxied.status(path) == 404
    assert proxied.asked == []


def test_a_database_that_is_away_is_told_in_the_service_s_own_words_each_time(proxied: Proxied) -> None:
    """nginx would take a replica whose 503 it passes by for gone, and answer the next itself."""
    told = [proxied.ask("/away") for _ in range(4)]
    assert [(status, json.loads(body)["path"]) for status, body in told] == [(503, "/away")] * 4
    assert len(proxied.asked) == 4
    assert proxied.status("/") == 200


def test_where_one_replica_is_gone_the_other_answers(proxied: Proxied) -> None:
    proxied.replicas[0].go()
    assert [proxied.status("/") for _ in range(4)] == [200] * 4


def test_where_a_machine_is_gone_that_refuses_nothing_the_other_replica_answers_soon(proxied: Proxied) -> None:
    """Whose queue is full drops who wants to connect, as a machine does that lost its power."""
    port = proxied.replicas[0].server_port
    proxied.replicas[0].go()
    with socket.create_server(("127.0.0.1", port), backlog=0), ExitStack() as waiting:
        for _ in range(4):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        began = time.monotonic()
        assert [proxied.status("/") for _ in range(4)] == [200] * 4
        assert time.monotonic() - began > 1.9


def test_what_may_have_written_something_is_not_sent_to_another_replica(proxied: Proxied) -> None:
    assert proxied.status("/breaks", "POST") == 502
    assert proxied.asked == ["/breaks"]


def test_what_only_reads_is_asked_of_the_other_replica(proxied: Proxied) -> None:
    assert proxied.status("/breaks") == 502
    assert proxied.asked == ["/breaks", "/breaks"]


def test_the_largest_ledger_comes_through_and_is_the_service_s_to_judge(proxied: Proxied) -> None:
    # Only announced: the replica answers before anything of it was sent.
    assert proxied.status("/", "POST", Content_Length=str(LARGEST_LEDGER + FORM_BYTES)) == 200
    assert proxied.status("/", "POST", Content_Length=str(2 * LARGEST_LEDGER)) == 413
    assert len(proxied.asked) == 1
