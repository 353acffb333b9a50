"""Starts and stops real servers: ours as `siepp serve` runs it, and the bare one beside it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import requests

PATIENCE_S = 60
ROOT = Path(__file__).parents[1]
SECRET_KEY = "a secret of the bench alone, long enough"  # noqa: S105 - signs what is thrown away
ANSWERS, PAGES, DATABASE, COOKIE = "BENCH_ANSWERS", "BENCH_PAGES", "BENCH_DATABASE", "BENCH_COOKIE"
"""Variables that tell the bare server the folders of its answers and of its pages' addresses, a file for each name;
where to insert; and for whom pages are rendered."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; `started_s` is how long it took from the command to the first answer."""

    port: int
    pid: int
    started_s: float

    def cpu_s(self) -> float:
        """Seconds of the processor its process has used so far, as Linux counts them: to hundredths."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def siepp(url: str, first: bytes, *, scheduler: bool = False) -> Iterator[Server]:
    """`siepp serve` with one process; `first` is the request it must have answered."""
    port = _free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    command += [] if scheduler else ["--no-scheduler"]
    with TemporaryDirectory() as mails:
        settings = {
            "SIEPP_DATABASE_URL": url,
            "SIEPP_SECRET_KEY": SECRET_KEY,
            "SIEPP_BASE_URL": f"http://127.0.0.1:{port}",
            "SIEPP_MAIL_DIR": mails,
            "SIEPP_CHECK_AT": "00:00",  # so that a check is due at whatever hour this runs
            "SIEPP_REQUESTS_PER_MINUTE": "0",  # the service is to be measured, and not how it defends itself
        }
        with _running(command, settings, port, first) as server:
            yield server


@contextmanager
def bare(url: str, answers: Mapping[str, bytes], pages: Mapping[str, str], cookie: str) -> Iterator[Server]:
    """The bare server with the JSON of answers and the addresses of pages to give, by name; the pages are as someone
    signed in has them."""
    port = _free_port()
    with TemporaryDirectory() as folder:
        told = {DATABASE: url, COOKIE: cookie, "SIEPP_SECRET_KEY": SECRET_KEY, "SIEPP_DATABASE_URL": url}
        addresses = {name: path.encode() for name, path in pages.items()}
        for variable, files in ((ANSWERS, answers), (PAGES, addresses)):
            told[variable] = str(Path(folder) / variable)
            Path(told[variable]).mkdir()
            for name, content in files.items():
                (Path(told[variable]) / name).write_bytes(content)
        command = [sys.executable, "-m", "bench.bare", str(port)]
        with _running(command, told, port, requests.get("/")) as server:
            yield server


@contextmanager
def _running(command: Sequence[str], variables: Mapping[str, str], port: int, first: bytes) -> Iterator[Server]:
    """Its log goes where nobody reads it, through a file as it would."""
    with TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - commands of our own
            command, env={**os.environ, **variables}, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            _wait(process, port, first, Path(log.name))
            yield Server(port, process.pid, time.perf_counter() - begun)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _wait(process: subprocess.Popen[bytes], port: int, first: bytes, log: Path) -> None:
    """Until it has answered. Raises RuntimeError with its log where it stops instead, or answers with an error."""
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until and process.poll() is None:
        try:
            answer = requests.ask(port, first)
        except OSError:
            time.sleep(0.002)
            continue
        if answer.status == 200:
            return
        break
    raise RuntimeError(f"The server did not come up: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
