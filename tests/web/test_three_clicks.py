"""Whoever knows the report finds each of its figures from the overview in three clicks, the doubtful ones marked."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copy

import pytest
from fastapi.testclient import TestClient

from app.language import figures
from app.language.own_words import category_name, own_words
from app.language.questions import question_sentence
from app.main import create_app
from app.rules.outcomes import ObservationFacts
from app.services import outcome_imports, project_summaries, projects
from app.services.project_summaries import IndicatorSummary, ProjectSummary
from app.services.questions import Asked
from app.storage import observations, people
from app.storage.session import Database
from tests.conftest import SetClock, settings_for
from tests.portfolio import Portfolio, settle
from tests.web.page_blocks import Page, Row, path_of, plain
from tests.web.signed_in import SignedInBrowser, sign_in

CLICKS = 3
TODAY = date(2026, 3, 17)
LANGUAGE = "fi"
VIEWER = "viewer@example.org"
FILES = (".csv", ".json", ".xlsx", ".pdf")
QUESTION = "kysymys"
"""The word of the mark."""


@pytest.fixture(scope="module")
def city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portfolio]:
    """A city with the seeded projects, made once: nobody writes here, and what leads where does not depend on the
    database."""
    path = tmp_path_factory.mktemp("three-clicks") / "siepp.db"
    copy(sqlite_template, path)
    made = settle(Database(f"sqlite:///{path}"), SetClock(TODAY))
    with made.database.writing() as session:
        outcome_imports.import_seeds(session, made.root, made.act())
        viewer = people.user_by_email(session, VIEWER)
        assert viewer is not None
        viewer.language = LANGUAGE
    yield made
    made.database.dispose()


@dataclass
class Reached:
    """The pages within three clicks of the overview, by their paths."""

    pages: dict[str, Page]

    def rows(self, name: str) -> Iterator[Row]:
        """Rows that tell of an indicator: those that name it, and all of the page that is headed by it."""
        for page in self.pages.values():
            for row in page.rows:
                if page.heading == name or name in row.text:
                    yield row


@pytest.fixture(scope="module")
def summaries(city: Portfolio) -> list[ProjectSummary]:
    """The seeded projects."""
    with city.database.reading() as session:
        act = city.act()
        found = project_summaries.summaries(session, projects.list_projects(session, act.actor), act)
        session.expunge_all()
        return found


@pytest.fixture(scope="module")
def reached(city: Portfolio, summaries: list[ProjectSummary], tmp_path_factory: pytest.TempPathFactory) -> Reached:
    """Follows every link that stays among the projects, as a browser would: /projects, then what it leads to."""
    url = city.database.engine.url.render_as_string()
    settings = settings_for(url, tmp_path_factory.mktemp("three-clicks"))
    with TestClient(create_app(settings, city.database, city.clock)) as client:
        pages = _followed(sign_in(client, city.database, VIEWER, city.clock()))
    assert len(pages) > len(summaries)
    return Reached(pages)


def _followed(browser: SignedInBrowser) -> dict[str, Page]:
    pages, ahead = dict[str, Page](), ["/projects"]
    for _ in range(CLICKS + 1):
        found: list[str] = []
        for path in ahead:
            answer = browser.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            if "html" in answer.headers["content-type"]:
                pages[path] = Page(path, answer.text)
                found += [path_of(link) for link in pages[path].links if path_of(link).startswith("/projects")]
        ahead = [path for path in dict.fromkeys(found) if path not in pages and not path.endswith(FILES)]
    return pages


def says(row: Row, wanted: list[str]) -> bool:
    """Whether a row has all the texts, none of them as a piece of a longer number or day."""
    return all(re.search(rf"(?<![\d.,–/]){re.escape(text)}(?![\d–])(?![.,]\d)", row.text) for text in wanted)


def told(found: IndicatorSummary, facts: ObservationFacts) -> list[str]:
    """What a row has to say of a figure: the figure itself, the part it is of, and its period."""
    parts = [category_name(found.row.category_names, one, value, LANGUAGE) for one, value in facts.breakdown]
    period = figures.period(facts.period_start, facts.period_end, LANGUAGE)
    return [plain(text) for text in (figures.figure(found.facts, facts, LANGUAGE), *parts, period)]


def kept(city: Portfolio, summary: ProjectSummary) -> Iterator[tuple[IndicatorSummary, ObservationFacts, str]]:
    """Every recorded figure with its indicator and note."""
    by_key = {one.row.key: one for one in summary.indicators}
    with city.database.reading() as session:
        rows = observations.of_project(session, summary.found.id)
        assert rows
        for row, key in rows:
            yield by_key[key], observations.to_facts(row, key), own_words(row.note or {}, LANGUAGE)


def questions_of(summary: ProjectSummary, facts: ObservationFacts) -> list[Asked]:
    return [one for one in summary.asked if one.open and facts.id in one.question.observation_ids]


def test_every_figure_stands_with_name_part_and_period_within_three_clicks(
    city: Portfolio, summaries: list[ProjectSummary], reached: Reached
) -> None:
    lost, count = [], 0
    for summary in summaries:
        for found, facts, note in kept(city, summary):
            name, wanted = own_words(found.row.name, LANGUAGE), [*told(found, facts), plain(note)]
            count += 1
            if not any(says(row, wanted) for row in reached.rows(name)):
                lost.append((summary.found.project.slug, name, wanted))
    assert lost == []
    assert count > 100


def test_every_doubtful_figure_is_marked_where_it_stands_and_the_mark_leads_to_the_question(
    city: Portfolio, summaries: list[ProjectSummary], reached: Reached
) -> None:
    unmarked, marked = [], 0
    for summary in summaries:
        for found, facts, _ in kept(city, summary):
            name, wanted = own_words(found.row.name, LANGUAGE), told(found, facts)
            address = f"/projects/{summary.found.project.slug}/questions#question-"
            for asked in questions_of(summary, facts):
                rows = [row for row in reached.rows(name) if says(row, wanted)]
                link = address + asked.question.key
                if not any(QUESTION in row.text and link in row.links for row in rows):
                    unmarked.append((name, wanted, asked.question.code))
                marked += 1
    assert unmarked == []
    assert marked > 5


def test_no_indicator_is_marked_that_nobody_doubts(summaries: list[ProjectSummary], reached: Reached) -> None:
    sure = [
        (one.found.project.slug, found.row.key) for one in summaries for found in one.indicators if not found.doubtful
    ]
    assert sure
    for slug, key in sure:
        page = reached.pages[f"/projects/{slug}/indicators/{key}"]
        assert not any(QUESTION in row.text.split() for row in page.rows), page.address


def test_every_open_question_is_told_in_full_on_the_project_and_in_the_list(
    summaries: list[ProjectSummary], reached: Reached
) -> None:
    asked = [(summary.found.project.slug, one.question) for summary in summaries for one in summary.asked if one.open]
    assert {one.code.value for _, one in asked} >= {"share_impossible", "funding_does_not_add_up"}
    for slug, question in asked:
        sentence = plain(question_sentence(question.code, question.values, LANGUAGE))
        for path in (f"/projects/{slug}", f"/projects/{slug}/questions"):
            assert sentence in reached.pages[path].text
    overview = reached.pages["/projects"]
    for slug, number in Counter(slug for slug, _ in asked).items():
        assert f"/projects/{slug}/questions" in [path_of(link) for link in overview.links]
        assert f"{number} avo" in overview.text
