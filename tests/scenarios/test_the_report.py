"""Whoever knows the report finds each of its figures in the summaries, and the doubtful ones marked as such.

The expected figures were typed from the documents (report_of_2019), not from what the service is seeded with. SIEPP's
own row comes out of the demo's contracts; everything else out of what `siepp import outcomes` brings.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.config import load_settings
from app.jobs import demo as demo_job
from app.main import create_app
from app.services import demo
from app.services.acting import SYSTEM, Act
from app.services.outcome_imports import import_seeds
from app.sources.demo import city
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import settle
from tests.postgres_copies import fresh_copy
from tests.scenarios.report_of_2019 import (
    FIGURES,
    IN_WORDS,
    MONEY,
    PERIODS,
    RISKS,
    TARGETS,
    TIMETABLE,
    Said,
)

TODAY = date(2026, 11, 27)
REPORTED_ON = "2019-10-31"
SLUGS = tuple(FIGURES)
Summary = dict[str, Any]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def summaries(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Summary]:
    """What `GET /api/v1/projects/{slug}/summary` answers to a viewer, in English, by slug."""
    folder = tmp_path_factory.mktemp("report")
    if request.param == "sqlite":
        copy(sqlite_template, folder / "report.db")
        url = f"sqlite:///{folder / 'report.db'}"
    else:
        url = fresh_copy(request.getfixturevalue("postgres_url"))
    clock = SetClock(TODAY)
    portfolio = settle(Database(url), clock)
    with portfolio.database.writing() as session:
        import_seeds(session, portfolio.root, portfolio.act())
    portfolio.database.dispose()
    with _client(url, folder, clock) as client:
        return {slug: _summary(client, slug, portfolio.viewer) for slug in SLUGS}


@pytest.fixture(scope="module")
def demo_client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service over the whole demo."""
    folder = tmp_path_factory.mktemp("demo")
    copy(sqlite_template, folder / "demo.db")
    url = f"sqlite:///{folder / 'demo.db'}"
    database = Database(url)
    with database.writing() as session:
        demo.fill(session, Act(SYSTEM, datetime(2026, 11, 27, 9, tzinfo=UTC), TODAY))
    database.dispose()
    with _client(url, folder, SetClock(TODAY)) as client:
        yield client


@contextmanager
def _client(url: str, folder: Path, clock: SetClock) -> Iterator[TestClient]:
    environ = {"SIEPP_DATABASE_URL": url, "SIEPP_MAIL_DIR": str(folder / "mail")}
    demo_job.set_environment(environ, "127.0.0.1", 8000)
    database = Database(url)
    with TestClient(create_app(load_settings(environ), database, clock)) as client:
        yield client
    database.dispose()


def _summary(client: TestClient, slug: str, headers: dict[str, str], **query: str) -> Summary:
    answer = client.get(f"/api/v1/projects/{slug}/summary", params=query, headers={**headers, "Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    found: Summary = answer.json()
    return found


def by_key(summary: Summary) -> dict[str, Any]:
    return {one["key"]: one for one in summary["indicators"]}


def told(summary: Summary) -> dict[tuple[str, str], Said]:
    """Every figure of a summary that does not come from contracts, by indicator and part."""
    found: dict[tuple[str, str], Said] = {}
    for one in summary["indicators"]:
        latest = one["latest"]
        if one["computation"] is None and latest is not None and latest["value"] is not None:
            found[one["key"], ""] = Said(latest["value"], latest["value_max"], latest["approximate"], latest["n"])
        for parts in one["breakdowns"].values():
            for part in parts:
                value = part["count"] if part["count"] is not None else round(100 * part["share"], 2)
                found[one["key"], part["value"]] = Said(value)
    return found


# --- Every figure


@pytest.mark.parametrize("slug", SLUGS)
def test_every_figure_of_the_documents_is_in_the_summary_and_no_other(summaries: dict[str, Summary], slug: str) -> None:
    expected = {key: said if isinstance(said, Said) else Said(said) for key, said in FIGURES[slug].items()}
    assert told(summaries[slug]) == expected
    assert all(one["others"] == [] for one in summaries[slug]["indicators"])
    assert all(len(one["history"]) <= 1 for one in summaries[slug]["indicators"])


def test_each_figure_says_what_it_means_of_when_it_is_and_where_it_stands(summaries: dict[str, Summary]) -> None:
    for summary in summaries.values():
        for one in summary["indicators"]:
            assert all(one["definition"].get(language) for language in ("fi", "sv", "en"))
            latest = one["latest"]
            if latest is not None and one["computation"] is None:
                assert latest["source"].startswith(("Strategisten hankkeiden raportti", "Työkykyohjelman suunnitelma"))
                assert latest["period_start"] <= latest["period_end"]


def test_what_has_no_figure_says_so_in_words(summaries: dict[str, Summary]) -> None:
    for (slug, key), words in IN_WORDS.items():
        latest = by_key(summaries[slug])[key]["latest"]
        assert latest["value"] is None
        assert words in latest["note"]["en"]


def test_the_targets_are_those_of_the_documents(summaries: dict[str, Summary]) -> None:
    found = {
        (slug, one["key"]): (one["target_min"], one["target_max"], one["target_on"])
        for slug, summary in summaries.items()
        for one in summary["indicators"]
        if one["target_min"] is not None or one["target_max"] is not None
    }
    assert found == TARGETS


def test_the_cohort_of_women_to_work_adds_up(summaries: dict[str, Summary]) -> None:
    cohort = summaries["women-to-work"]["cohort"]
    assert (cohort["started"], cohort["dropped_out"]["count"], cohort["finished"]["count"]) == (27, 6, 21)
    assert (cohort["adds_up"], cohort["taking_part"]["count"]) == (True, 0)
    assert sum(step["count"] for step in cohort["next_steps"]) == 21
    assert {step["value"]: step["count"] for step in cohort["dropped_out_in"]} == {"early": 5, "later": 1}


# --- SIEPP's own row


def test_siepps_row_comes_out_of_the_contracts(demo_client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {city.USERS['viewer'].token}"}
    row = by_key(_summary(demo_client, "siepp", headers, to=REPORTED_ON))
    latest = {key: one["latest"] for key, one in row.items() if one["computation"] is not None}
    assert (latest["tenders_with_clause"]["value"], row["tenders_with_clause"]["target_met"]) == (28, True)
    promised = latest["positions_promised"]
    assert (promised["value"], promised["value_max"]) == (160, 280)
    assert (latest["positions_filled"]["value"], row["positions_filled"]["progress"]) == (46, 0.46)
    share = latest["innovative_share"]
    assert share["denominator"] == 28
    assert share["value"] == pytest.approx(100 * share["numerator"] / 28, abs=0.001)
    assert row["innovative_share"]["target_met"] is (share["value"] >= 33.3)
    assert latest["clause_considered"]["value"] > 0
    assert all(one["period_end"] == REPORTED_ON and one["source"] is None for one in latest.values())


def test_the_demos_other_projects_are_as_they_were_imported(
    demo_client: TestClient, summaries: dict[str, Summary]
) -> None:
    headers = {"Authorization": f"Bearer {city.USERS['reporter'].token}"}
    for slug in SLUGS:
        assert told(_summary(demo_client, slug, headers)) == told(summaries[slug])


# --- Projects


@pytest.mark.parametrize("slug", SLUGS)
def test_period_and_money_are_those_of_the_documents(summaries: dict[str, Summary], slug: str) -> None:
    project, money = summaries[slug]["project"], summaries[slug]["money"]
    assert (project["starts_on"], project["ends_on"], project["may_continue_until"]) == PERIODS[slug]
    total, sources = MONEY[slug]
    assert money["total"] == total
    assert {
        source["name"]["en"]: (source["share_percent"], source["amount_eur"]) for source in money["sources"]
    } == sources


def test_the_timetable_of_the_programme_has_every_step(summaries: dict[str, Summary]) -> None:
    steps = [
        (step["package"]["en"], step["name"]["en"].lower(), step["starts_on"], step["ends_on"])
        for step in summaries["tyokykyohjelma"]["timetable"]
    ]
    for package, words, first, last in TIMETABLE:
        matching = [step for step in steps if step[0] == package and words in step[1] and step[2:] == (first, last)]
        assert matching, (package, words)
    assert {package for package, *_ in TIMETABLE} == {package for package, *_ in steps}


def test_the_risks_have_their_weights_and_measures(summaries: dict[str, Summary]) -> None:
    risks = summaries["tyokykyohjelma"]["risks"]
    assert {risk["name"]["en"]: (risk["likelihood"], risk["impact"]) for risk in risks} == RISKS
    assert sorted(len(risk["measures"]) for risk in risks) == [5, 6, 8, 13]


# --- Figures that do not add up


def asked(summary: Summary, code: str) -> Any:
    """The one question of a code."""
    [question] = [one for one in summary["questions"] if one["code"] == code]
    return question


def open_questions(summary: Summary) -> list[str]:
    return [one["code"] for one in summary["questions"] if one["weight"] == "question" and one["answer"] is None]


def test_digirastis_follow_up_cannot_be_of_62_people(summaries: dict[str, Summary]) -> None:
    summary = summaries["digirasti"]
    question = asked(summary, "share_impossible")
    detail = question["detail"]
    assert (detail["n"], detail["fitting_n"]) == (62, [54, 88, 89, 90])
    assert sorted(detail["percents"]) == [7, 67, 78, 80]
    doubtful = {
        key
        for key, one in by_key(summary).items()
        if "share_impossible" in [found["code"] for found in one["questions"]]
    }
    assert doubtful == {"skills_better", "have_used_skills", "computer_search_easier", "situation_after"}
    assert open_questions(summary) == ["share_impossible"]


def test_its_situations_add_up_to_101_percent_which_rounding_explains(summaries: dict[str, Summary]) -> None:
    question = asked(summaries["digirasti"], "parts_rounded")
    assert (question["detail"]["total"], question["weight"]) == (101, "note")
    assert question["indicators"] == ["situation_after"]


def test_the_programmes_grant_and_own_share_are_400_euros_too_much(summaries: dict[str, Summary]) -> None:
    [question] = summaries["tyokykyohjelma"]["money"]["questions"]
    assert question["code"] == "funding_does_not_add_up"
    assert "1,226,400" in question["text"]


def test_paid_work_of_a_part_is_more_than_that_of_the_whole(summaries: dict[str, Summary]) -> None:
    summary = summaries["tyokykyohjelma"]
    question = asked(summary, "part_exceeds_whole")
    assert (question["indicators"], question["detail"]["part"], question["detail"]["whole"]) == (
        ["in_paid_work"],
        195,
        118,
    )
    assert sorted(open_questions(summary)) == ["funding_does_not_add_up", "part_exceeds_whole"]


def test_nothing_else_is_doubted(summaries: dict[str, Summary]) -> None:
    assert {slug: open_questions(summaries[slug]) for slug in ("siepp", "tyokyky-kayttoon", "women-to-work")} == {
        "siepp": [],
        "tyokyky-kayttoon": [],
        "women-to-work": [],
    }


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("tyokyky-kayttoon", ("18–63", "18–64")),
        ("women-to-work", ("after a few months", "6 months")),
        ("digirasti", ("Duunipolku", "Duuniosuma")),
    ],
)
def test_what_is_said_in_two_ways_is_remarked(summaries: dict[str, Summary], slug: str, words: tuple[str, str]) -> None:
    remarks = [remark["en"] for remark in summaries[slug]["project"]["remarks"]]
    assert [remark for remark in remarks if all(word in remark for word in words)] != []


def test_a_cut_text_and_a_number_that_means_two_things_are_noted(demo_client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {city.USERS['viewer'].token}"}

    def notes(slug: str, indicator: str) -> list[str]:
        query = {"indicator": indicator, "limit": "100"}
        items = demo_client.get(f"/api/v1/projects/{slug}/observations", params=query, headers=headers).json()["items"]
        return [one["note"]["en"] for one in items if one["note"] is not None]

    assert any("yksi meni" in note for note in notes("women-to-work", "finished"))
    assert any("advice clients" in note for note in notes("digirasti", "skills_better"))
