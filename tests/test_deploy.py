"""The files for running the service say what the service understands."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from app.cli.opening import MODULES
from app.storage.models.table import Table

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SETTING = re.compile(r"\bSIEPP_[A-Z_]*[A-Z]\b")
UNITS = ("siepp.service", "siepp-scheduler.service")


def known_settings() -> set[str]:
    """Those that the settings are read from, wherever that is."""
    sources = [ROOT / "app" / "config.py", *(ROOT / "app" / "sources").glob("*.py")]
    return {name for source in sources for name in SETTING.findall(source.read_text(encoding="utf-8"))}


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", [*sorted(path.name for path in DEPLOY.iterdir()), "../docs/operations.md"])
def test_every_setting_that_is_named_is_read(file: str) -> None:
    named = set(SETTING.findall((DEPLOY / file).read_text(encoding="utf-8")))
    assert named <= known_settings()


def test_every_command_that_is_started_is_one() -> None:
    texts = [(DEPLOY / name).read_text(encoding="utf-8") for name in UNITS]
    started = [name for text in texts for name in re.findall(r"^Exec\w+=\S+/siepp (\w+)", text, re.MULTILINE)]
    commands = [one["command"] for one in compose()["services"].values() if one.get("image") == "siepp"]
    started += [command[1] for command in commands]
    assert set(started) == {"migrate", "serve", "scheduler"}
    assert set(started) <= set(MODULES)


def test_the_schema_is_brought_up_before_two_replicas_and_a_scheduler_begin() -> None:
    services = compose()["services"]
    for name in ("web", "scheduler"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    assert [name for name, one in services.items() if "build" in one] == ["migrate"]
    assert services["web"]["deploy"]["replicas"] == 2
    assert "--no-scheduler" in services["web"]["command"]
    assert services["database"]["image"].startswith("postgres:")


def test_every_figure_that_an_alert_watches_is_there(client: TestClient) -> None:
    figures = TestClient(client.app, client=("127.0.0.1", 50000)).get("/metrics").text
    there = {"up", *re.findall(r"^# TYPE (\w+)", figures, re.MULTILINE)}
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    watched = {name for rule in rules for name in re.findall(r"\bsiepp_\w+", rule["expr"])}
    assert len(watched) > 4
    assert {name.removesuffix("_bucket") for name in watched} <= there


def test_every_alert_is_explained() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules if f"`{rule['alert']}`" not in manual] == []


def test_each_alert_tells_when_it_should_and_not_before() -> None:
    """tests/alerts.yaml, where Debian's prometheus (20 MB) is installed."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed here")
    tried = ROOT / "tests" / "alerts.yaml"
    done = subprocess.run([promtool, "test", "rules", tried], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tried() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    tried = yaml.safe_load((ROOT / "tests" / "alerts.yaml").read_text(encoding="utf-8"))["tests"]
    told = {case["alertname"] for one in tried for case in one["alert_rule_test"] if case.get("exp_alerts")}
    assert told == {rule["alert"] for rule in rules}


def test_the_plan_for_a_nation_names_every_table() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    plan = manual.partition("*Citus, on paper.*")[2].partition("## ")[0]
    assert [name for name in Table.metadata.tables if f"`{name}`" not in plan] == []


def test_the_proxy_writes_down_no_address_which_may_hold_a_secret() -> None:
    """The service leaves them out of its log; a line of the proxy's for an upstream that is away has them too."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"^\s*(?:access|error)_log (.+);", text, re.MULTILINE) == ["off", "stderr crit"]


@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_the_units(name: str, tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("systemd-analyze is not installed here")
    text = (DEPLOY / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace("/opt/siepp/.venv/bin/siepp", "/bin/true"), encoding="utf-8")
    done = subprocess.run([verifier, "verify", tmp_path / name], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if name in line] == []


def test_the_command_by_hand_has_the_settings_of_the_service(tmp_path: Path) -> None:
    """systemd and a shell read the same file; a database named beforehand goes before it."""
    settings, siepp = tmp_path / "siepp.env", tmp_path / "siepp"
    shutil.copy(DEPLOY / "siepp.env", settings)
    text = (DEPLOY / "siepp").read_text(encoding="utf-8")
    text = text.replace("/etc/siepp/siepp.env", str(settings)).replace("/opt/siepp/.venv/bin/siepp", "/usr/bin/env")
    siepp.write_text(text, encoding="utf-8")

    def lines(environment: dict[str, str]) -> list[str]:
        done = subprocess.run(["/bin/sh", siepp], env=environment, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    told = lines({})
    assert "SIEPP_MAIL_FROM=SIEPP <siepp@example.org>" in told
    assert any(line.startswith("SIEPP_DATABASE_URL=postgresql+psycopg://") for line in told)
    assert "SIEPP_DATABASE_URL=sqlite:///new.db" in lines({"SIEPP_DATABASE_URL": "sqlite:///new.db"})


def test_the_image_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "USER 10001" in text
    assert "chmod 0770 /var/lib/siepp" in text
    assert "postgresql-client" in text
    copied = {
        line.split()[1].split("/")[0] for line in text.splitlines() if line.startswith("COPY ") and "--" not in line
    }
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert [name for name in copied if f"!{name}" not in let_in] == []
