"""The table of who may what in docs/access.md is what the service answers, and nobody of another city is let in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.access.city import City, a_city
from tests.access.table import MAY, NOTHING, PAGE, SECTIONS, section

pytestmark = pytest.mark.slow


@pytest.fixture
def city(tmp_path: Path, routes: FastAPI) -> Iterator[City]:
    with a_city(tmp_path, routes) as made:
        yield made


@pytest.mark.parametrize("title", list(SECTIONS))
def test_who_may_what_is_as_written_down(city: City, title: str) -> None:
    """After a change that is meant: `python -m tests.access` writes the table anew, for a person to look at."""
    rows = list(SECTIONS[title](city))
    kept = PAGE.read_text(encoding="utf-8").splitlines()
    found = section(title, rows, city.askers).splitlines()
    changed = [line for line in found if line not in kept]
    assert not changed, "run `python -m tests.access` and look at what it changes in docs/access.md"
    gone = [line for line in kept if _belongs(line, title) and line not in found]
    assert not gone, "run `python -m tests.access` and look at what it changes in docs/access.md"
    foreign = [place for place, asker in enumerate(city.askers) if asker.place == "foreign"]
    of_the_city = [row for row in rows if "{" in row.route or NOTHING in row.answers]
    let_in = [row.route for row in of_the_city if any(row.answers[one] == MAY for one in foreign)]
    assert let_in == [], "what has an id is closed to other cities, and their lists tell nothing of this one"


def _belongs(line: str, title: str) -> bool:
    of_api = "/api/v1/" in line or "/healthz" in line or "/readiness" in line
    return line.startswith("| `") and of_api == (title == "API")
