"""The bench runs, and what it measured was true: never a timing."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATABASES = ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", DATABASES)
def test_every_figure_can_be_taken_and_what_is_stored_is_what_the_rule_says(database: str, tmp_path: Path) -> None:
    if database == "PostgreSQL" and os.environ.get("SIEPP_TEST_WITHOUT_POSTGRES") == "1":
        pytest.skip("SIEPP_TEST_WITHOUT_POSTGRES=1: the PostgreSQL half of the tests was left out by hand")
    file = tmp_path / "figures.json"
    command = ["scripts/bench", "--quick", "--database", database, "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    figures = json.loads(file.read_text())["figures"]
    assert len(figures) >= 15
    for figure in figures:
        assert figure["what"] in done.stdout
        assert figure["value"] > 0 or "exponent" in figure["what"]  # of so few contracts either may take longer
