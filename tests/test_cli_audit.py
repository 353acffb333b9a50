"""`siepp audit verify` and `siepp audit export`: where the trail breaks, and the trail as events for a log store."""

import json
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, update

from app.cli import cli
from app.services import trail
from app.services.acting import BY_ITSELF, SYSTEM, Act
from app.services.audit_events import Span, events
from app.storage import audit
from app.storage.models import AuditEntry, AuditPayload, Unit, new_id
from app.storage.session import Database
from tests.test_cli_exports import quiet as quiet

DAY = date(2026, 3, 1)


@pytest.fixture
def told(database: Database, quiet: None) -> Database:
    """Four links: one a day, the third at the last moment of its day in Helsinki, the fourth a change."""
    for number in range(4):
        at = datetime(2026, 3, 1 + number, 21, 59, 59, 999_000, tzinfo=UTC)
        act = Act(SYSTEM, at, at.date(), BY_ITSELF)
        with database.writing() as session:
            if number < 3:
                trail.record(session, act, "exported", "contract", f"list {number}", {"kind": "csv"})
            else:
                unit_id = new_id()
                path = f"/{unit_id}/"
                unit = Unit(id=unit_id, root_id=unit_id, path=path, name="Kaupunki", created_at=at)
                session.add(unit)
                session.flush()
                trail.record_row(session, act, "created", unit)
                unit.name, unit.liaison_name = "Ääkköskaupunki", "Lauri Luotsi"
                trail.record_row(session, act, "changed", unit)
    return database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["audit", *arguments])


def exported(*arguments: str) -> list[dict[str, Any]]:
    done = run("export", *arguments)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def targets(*arguments: str) -> list[str]:
    return [one["audit_event"]["target"]["id"] for one in exported(*arguments)][:4]


def test_each_link_is_an_event_in_the_form_of_the_cities_logger(told: Database) -> None:
    *_, first_of_unit, changed, own = exported()
    event = changed["audit_event"]
    assert changed["@timestamp"] == event["date_time"] == "2026-03-04T21:59:59.999Z"
    assert event["date_time_epoch"] == 1772661599999
    assert event["actor"] == {"id": "system", "ip_address": None, "channel": "job"}
    assert (event["origin"], event["environment"], event["status"]) == ("siepp", "127.0.0.1", "SUCCESS")
    assert (event["operation"], event["target"]["type"]) == ("UPDATE", "unit")
    assert event["extra"]["before"] == {"name": "Kaupunki"}
    assert event["extra"]["after"]["name"] == "Ääkköskaupunki"
    assert event["extra"]["after"]["liaison_name"].startswith("hmac:")
    assert event["extra"]["previous_hash"] == first_of_unit["audit_event"]["extra"]["hash"]
    assert first_of_unit["audit_event"]["operation"] == "CREATE"
    assert (own["audit_event"]["operation"], own["audit_event"]["target"]["type"]) == ("ACCESS", "audit_entry")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--since", "2026-03-02", "--until", "2026-03-03"), ["list 1", "list 2"]),
        (("--until", "2026-03-01"), ["list 0"]),
        (("--until", "2026-02-28"), []),
        (("--since", "2026-03-02", "--until", "2026-03-02"), ["list 1"]),
    ],
)
def test_days_are_those_of_the_city_both_included(
    told: Database, arguments: tuple[str, ...], wanted: list[str]
) -> None:
    assert targets(*arguments) == wanted


def test_a_file_gets_what_standard_output_would(told: Database, tmp_path: Path) -> None:
    assert run("export", "--until", "2026-03-04", str(tmp_path / "trail.jsonl")).exit_code == 0
    lines = (tmp_path / "trail.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == exported("--until", "2026-03-04", "-")
    assert len(lines) == 5


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(told: Database, tmp_path: Path) -> None:
    done = run("export", str(tmp_path / "missing" / "trail.jsonl"))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: The file cannot be written: No such file or directory.\n"


def test_the_export_stops_and_fails_where_the_chain_breaks(told: Database) -> None:
    with told.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.seq == 3).values(action="viewed"))
    done = run("export")
    assert done.exit_code == 1
    assert "The audit trail is broken at entry 3: it was changed" in done.stderr
    assert len(done.stdout.splitlines()) == 2
    assert run("export", "--until", "2026-03-02").exit_code == 0, "what lies before it is whole"
    verified = run("verify")
    assert (verified.exit_code, verified.stdout) == (1, "")
    assert "broken at entry 3: it was changed" in verified.stderr


@pytest.mark.parametrize(
    ("seq", "arguments", "sentence"),
    [
        (2, ("--since", "2026-03-03"), "broken at entry 2: it is missing"),
        (1, ("--since", "2026-03-02"), "broken at entry 1: it is missing"),
        (1, (), "broken at entry 1: it is missing"),
    ],
)
def test_a_part_is_only_as_whole_as_what_it_begins_with(
    told: Database, seq: int, arguments: tuple[str, ...], sentence: str
) -> None:
    with told.writing() as session:
        session.execute(delete(AuditPayload).where(AuditPayload.seq == seq))
        session.execute(delete(AuditEntry).where(AuditEntry.seq == seq))
    done = run("export", *arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in done.stderr


def test_a_trail_that_lost_its_end_is_found_by_whoever_asks_for_all_of_it(told: Database) -> None:
    with told.writing() as session:
        session.execute(update(audit.AuditHead).values(seq=9))
    verified = run("verify")
    assert "broken at entry 6: the last entries are missing" in verified.stderr


def test_erased_content_is_said_to_be_erased(told: Database) -> None:
    with told.writing() as session:
        session.execute(delete(AuditPayload).where(AuditPayload.seq == 5))
    extra = exported("--since", "2026-03-04")[1]["audit_event"]["extra"]
    assert (extra["erased"], extra["before"], extra["after"]) == (True, None, {})
    assert "1 of them with their content erased" in run("verify").stdout


def test_memory_does_not_grow_with_the_trail(database: Database) -> None:
    act = Act(SYSTEM, datetime(2026, 3, 1, tzinfo=UTC), DAY, BY_ITSELF)

    def peak(links: int) -> int:
        with database.writing() as session:
            for number in range(links):
                trail.record(session, act, "changed", "thing", str(number), {"text": "x" * 300})
        with database.reading() as session:
            tracemalloc.start()
            for _ in events(session, Span(None, act.now + timedelta(days=1)), "here"):
                pass
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(audit.CHUNK)
    assert peak(2 * audit.CHUNK) < 1.4 * peak(audit.CHUNK)
