"""Outcomes in and out as one document: what is new comes in once, what people wrote stays."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import func, select

from app.api.project_summaries import summary_model
from app.rules.codes import Role
from app.rules.errors import Conflict, Forbidden, RuleBroken
from app.schemas.funding import FundingChange
from app.schemas.milestones import MilestoneChange
from app.schemas.observations import ObservationChange
from app.schemas.outcomes import OutcomesDocument
from app.schemas.projects import ProjectChange
from app.schemas.risks import RiskChange
from app.services import funding, milestones, observations, outcomes, project_summaries, projects, risks
from app.services.acting import Act, Actor, GrantedRole
from app.services.observation_imports import RowsRefused, import_observations
from app.services.outcome_imports import Kind, OutcomesReport, Result, act_within, import_outcomes, import_seeds
from app.sources.outcomes.seeds import seeded
from app.sources.surveys import questionnaires
from app.storage.models import AuditEntry, Indicator, Observation, Project, Survey, Unit
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio, settle
from tests.postgres_copies import fresh_copy

DAY = date(2026, 11, 27)
THREE = ("digirasti", "women-to-work", "tyokykyohjelma")
ANSWER = {
    "code": "share_impossible",
    "figures": ["figures that nobody has"],
    "answer": "Ei enää.",
}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(DAY)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def template(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Portfolio:
    """A city with the outcomes of three projects, made once on each kind of database."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("outcomes") / "template.db"
        copy(sqlite_template, path)
        url = f"sqlite:///{path}"
    else:
        url = fresh_copy(request.getfixturevalue("postgres_url"))
    made = settle(Database(url), SetClock(DAY))
    import_into(made)
    made.database.dispose()
    return made


@pytest.fixture
def filled(template: Portfolio, tmp_path: Path, clock: SetClock) -> Iterator[Portfolio]:
    """A copy of it for one test."""
    source = template.database.engine.url
    if source.database is not None and source.get_backend_name() == "sqlite":
        copy(source.database, tmp_path / "filled.db")
        url = f"sqlite:///{tmp_path / 'filled.db'}"
    else:
        url = fresh_copy(source.render_as_string(hide_password=False))
    database = Database(url)
    yield replace(template, database=database, clock=clock)
    database.dispose()


@pytest.fixture
def elsewhere(sqlite_template: Path, tmp_path: Path, clock: SetClock) -> Iterator[Portfolio]:
    """Another installation, with nothing but units and users."""
    path = tmp_path / "elsewhere.db"
    copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield settle(database, clock)
    database.dispose()


def document(**changes: Any) -> OutcomesDocument:
    """Three of the seeds; `changes` are fields of Women to work's lists by their names."""
    plain = seeded(THREE)
    plain["projects"][1].update(changes)
    return OutcomesDocument.model_validate(plain)


def size_of(given: OutcomesDocument) -> dict[Kind, int]:
    """How many of each kind a document holds."""
    lists = {
        Kind.INDICATOR: "indicators",
        Kind.OBSERVATION: "observations",
        Kind.MILESTONE: "milestones",
        Kind.RISK: "risks",
        Kind.FUNDING: "funding",
        Kind.ANSWER: "answers",
    }
    counted = {kind: sum(len(getattr(one, name)) for one in given.projects) for kind, name in lists.items()}
    return {Kind.PROJECT: len(given.projects), **counted}


def import_into(
    portfolio: Portfolio, given: OutcomesDocument | None = None, *, unit_id: str = "", dry_run: bool = False
) -> OutcomesReport:
    with portfolio.database.writing() as session:
        unit = unit_id or portfolio.root
        return import_outcomes(session, given or document(), unit, portfolio.act(), dry_run=dry_run)


def export_from(portfolio: Portfolio) -> OutcomesDocument:
    with portfolio.database.reading() as session:
        return outcomes.export_outcomes(session, act_within(session, portfolio.root, portfolio.act()))


def counts(report: OutcomesReport, result: Result) -> dict[Kind, int]:
    return {kind: number for (kind, one), number in report.counts.items() if one is result and number}


def rows(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def figure(portfolio: Portfolio, key: str, part: str = "") -> str:
    """The id of Women to work's figure of an indicator, the whole or a part."""
    wanted = select(Observation.id).join(Indicator, Indicator.id == Observation.indicator_id)
    wanted = wanted.join(Project, Project.id == Indicator.project_id).where(Project.slug == "women-to-work")
    with portfolio.database.reading() as session:
        return session.scalars(wanted.where(Indicator.key == key, Observation.part == part)).one()


def correct(portfolio: Portfolio, observation_id: str, **changes: Any) -> None:
    command = ObservationChange.model_validate({"reason": "Laskettu uudelleen.", **changes})
    with portfolio.database.writing() as session:
        observations.correct_observation(session, observation_id, command, portfolio.act())


def told(portfolio: Portfolio) -> list[Any]:
    """What the API says of every project, without what belongs to one installation."""
    with portfolio.database.reading() as session:
        listed = [
            summary_model(project_summaries.summarise_project(session, slug, portfolio.act()), [], [], "fi")
            for slug in THREE
        ]
        return [_without_ids(one.model_dump(mode="json")) for one in listed]


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {"id", "unit_id", "answered_at", "answered_by"}
        return {key: _without_ids(inner) for key, inner in value.items() if key not in kept}
    return [_without_ids(inner) for inner in value] if isinstance(value, list) else value


# --- The seeds


def test_everything_comes_in_once_however_often_it_is_imported(portfolio: Portfolio) -> None:
    first, second = import_into(portfolio), import_into(portfolio)
    assert counts(first, Result.ADDED) == size_of(document())
    assert counts(first, Result.DIFFERS) == counts(first, Result.ALREADY_THERE) == {}
    assert counts(second, Result.ALREADY_THERE) == size_of(document())
    assert counts(second, Result.DIFFERS) == counts(second, Result.ADDED) == {}


def test_with_the_seeds_come_the_questionnaires_once(portfolio: Portfolio) -> None:
    for added in (len(questionnaires()), 0):
        with portfolio.database.writing() as session:
            report = import_seeds(session, portfolio.root, portfolio.act())
        assert counts(report, Result.ADDED).get(Kind.SURVEY, 0) == added
    assert rows(portfolio.database, Survey) == len(questionnaires())


def test_a_dry_run_of_the_seeds_leaves_nothing(portfolio: Portfolio) -> None:
    with portfolio.database.writing() as session:
        report = import_seeds(session, portfolio.root, portfolio.act(), dry_run=True)
    whole = size_of(OutcomesDocument.model_validate(seeded()))
    assert counts(report, Result.ADDED) == {**whole, Kind.SURVEY: len(questionnaires())}
    assert [rows(portfolio.database, table) for table in (Project, Survey, AuditEntry)] == [0, 0, 0]


def test_a_second_import_writes_nothing_not_even_in_the_trail(filled: Portfolio) -> None:
    before = rows(filled.database, AuditEntry)
    import_into(filled)
    assert rows(filled.database, AuditEntry) == before


def test_a_dry_run_says_the_same_and_changes_nothing(portfolio: Portfolio) -> None:
    dry = import_into(portfolio, dry_run=True)
    assert rows(portfolio.database, Project) == rows(portfolio.database, AuditEntry) == 0
    assert import_into(portfolio).counts == dry.counts


# --- What people wrote meanwhile


def test_a_corrected_figure_is_recognised_by_what_it_was_and_stays(filled: Portfolio) -> None:
    corrections: dict[str, dict[str, Any]] = {
        "employed": {"value": 4},
        "language_course": {"value": "4.0"},
        "no_plan": {"status": "final"},
        "other": {"breakdown": {"next_step": "no_plan_yet"}},
        "plan_pending": {"note": {"fi": "Laskettu uudelleen."}, "approximate": True},
        "work_trial": {"period_end": "2019-10-31"},
    }
    ids = {part: figure(filled, "finished", f"next_step={part}") for part in corrections}
    for part, changes in corrections.items():
        correct(filled, ids[part], **changes)
    report = import_into(filled)
    assert counts(report, Result.ADDED) == {}
    assert {(one.slug, one.kind, one.what) for one in report.differences} == {
        ("women-to-work", Kind.OBSERVATION, "finished")
    }
    fields = sorted(one.fields for one in report.differences)
    assert fields == sorted(tuple(sorted(changes)) for changes in corrections.values())
    with filled.database.reading() as session:
        for part, changes in corrections.items():
            kept = observations.read_observation(session, ids[part], filled.act()).observation
            assert {name: str(getattr(kept, name)) for name in changes} == {
                name: str(value) for name, value in changes.items()
            }


def test_a_figure_corrected_twice_is_recognised_by_the_first_one(filled: Portfolio) -> None:
    corrected = figure(filled, "letters_sent")
    correct(filled, corrected, period_start="2019-05-01")
    correct(filled, corrected, period_end="2019-10-31", value=170)
    report = import_into(filled)
    assert counts(report, Result.ADDED) == {}
    assert [one.fields for one in report.differences] == [("period_start", "period_end", "value")]


def test_a_voided_figure_does_not_come_back(filled: Portfolio) -> None:
    with filled.database.writing() as session:
        observations.void_observation(session, figure(filled, "letters_sent"), "Väärä hanke.", filled.act())
    report = import_into(filled)
    assert [(one.what, one.fields) for one in report.differences] == [("letters_sent", ())]
    assert counts(report, Result.ADDED) == {}


def test_a_final_figure_beside_the_preliminary_one_is_new(filled: Portfolio) -> None:
    final = {
        "indicator": "letters_sent",
        "period_start": date(2019, 3, 1),
        "period_end": date(2019, 11, 30),
        "value": 168,
        "status": "final",
        "source": "Loppuraportti 2021, luku 2",
    }
    report = import_into(filled, document(observations=[final]))
    assert counts(report, Result.ADDED) == {Kind.OBSERVATION: 1}


def test_changed_projects_money_steps_and_risks_stay_as_they_are(filled: Portfolio) -> None:
    act = filled.act()
    with filled.database.writing() as session:
        projects.change_project(session, "digirasti", ProjectChange.model_validate({"ends_on": "2021-12-31"}), act)
        _, money = funding.list_funding(session, "tyokykyohjelma", act)
        funding.change_funding(session, money[0].id, FundingChange.model_validate({"amount_eur": "1021600.00"}), act)
        steps = milestones.list_milestones(session, "tyokykyohjelma", act)
        for number, changes in enumerate(({"done_on": "2020-12-01"}, {"name": {"fi": "Selvitys"}})):
            milestones.change_milestone(session, steps[number].id, MilestoneChange.model_validate(changes), act)
        milestones.void_milestone(session, steps[2].id, "Peruttu.", act)
        risk = risks.list_risks(session, "tyokykyohjelma", act)[0]
        risks.change_risk(session, risk.id, RiskChange.model_validate({"reviewed_on": "2021-06-15"}), act)
    before = told(filled)
    report = import_into(filled)
    assert counts(report, Result.ADDED) == {}
    assert [(one.slug, one.kind, one.place, one.fields) for one in report.differences] == [
        ("digirasti", Kind.PROJECT, 1, ("ends_on",)),
        ("tyokykyohjelma", Kind.FUNDING, 1, ("amount_eur",)),
        ("tyokykyohjelma", Kind.MILESTONE, 1, ("done_on",)),
        ("tyokykyohjelma", Kind.MILESTONE, 2, ("name",)),
        ("tyokykyohjelma", Kind.MILESTONE, 3, ()),
        ("tyokykyohjelma", Kind.RISK, 1, ("reviewed_on",)),
    ]
    assert before == told(filled)


def test_what_the_document_adds_to_a_known_project_comes_in_beside(filled: Portfolio) -> None:
    steps = [*seeded(("women-to-work",))["projects"][0]["milestones"]]
    new = {"name": {"fi": "Loppuseminaari"}, "starts_on": steps[0]["starts_on"], "ends_on": steps[0]["ends_on"]}
    report = import_into(filled, document(milestones=[new, *steps]))
    assert counts(report, Result.ADDED) == {Kind.MILESTONE: 1}
    assert report.differences == []


def test_an_answer_to_what_is_not_asked_is_named(filled: Portfolio) -> None:
    report = import_into(filled, document(answers=[ANSWER]))
    assert [(one.kind, one.what, one.fields) for one in report.differences] == [(Kind.ANSWER, "share_impossible", ())]


# --- All or nothing


def test_one_wrong_figure_keeps_everything_out_and_is_named(portfolio: Portfolio) -> None:
    wrong = {
        "indicator": "finished",
        "period_start": date(2019, 8, 1),
        "period_end": date(2019, 11, 30),
        "value": 1,
        "breakdown": {"age_group": "55-64"},
        "source": "x",
    }
    with pytest.raises(RuleBroken) as refused:
        import_into(portfolio, document(observations=[wrong]))
    assert refused.value.code == "breakdown_not_allowed"
    assert refused.value.field == "projects.1.observations.0.breakdown.age_group"
    assert rows(portfolio.database, Project) == 0


def test_there_is_no_import_into_a_unit_that_does_not_exist(portfolio: Portfolio) -> None:
    with pytest.raises(RuleBroken) as refused:
        import_into(portfolio, unit_id="0" * 32)
    assert (refused.value.code, refused.value.field) == ("unit_unknown", "unit_id")


# --- Organisations and roles


def test_two_organisations_each_have_their_own(filled: Portfolio) -> None:
    report = import_into(filled, unit_id=filled.other_root)
    assert counts(report, Result.ADDED) == size_of(document())
    with filled.database.writing() as session:
        there = act_within(session, filled.other_root, filled.act())
        command = ObservationChange.model_validate({"reason": "Laskuvirhe.", "value": 166})
        observations.correct_observation(session, figure_in(filled, filled.other_root), command, there)
    assert import_into(filled).differences == []
    assert len(import_into(filled, unit_id=filled.other_root).differences) == 1
    assert [one.project.slug for one in export_from(filled).projects] == list(THREE)


def figure_in(portfolio: Portfolio, root_id: str) -> str:
    wanted = select(Observation.id).join(Indicator, Indicator.id == Observation.indicator_id)
    wanted = wanted.join(Project, Project.id == Indicator.project_id).where(Project.slug == "women-to-work")
    with portfolio.database.reading() as session:
        return session.scalars(wanted.where(Project.root_id == root_id, Indicator.key == "letters_sent")).one()


def acting_as(portfolio: Portfolio, role: Role, unit_id: str) -> Act:
    with portfolio.database.reading() as session:
        path = session.get_one(Unit, unit_id).path
    return replace(
        portfolio.act(), actor=Actor("someone", "Someone", "s@example.org", "fi", (GrantedRole(role, path),))
    )


def test_administrators_import_into_their_unit_and_nobody_else_begins_projects(portfolio: Portfolio) -> None:
    administrator = acting_as(portfolio, Role.ADMIN, portfolio.division)
    with portfolio.database.writing() as session:
        report = import_outcomes(session, document(), portfolio.division, administrator)
    assert counts(report, Result.ADDED) == size_of(document())
    with pytest.raises(RuleBroken), portfolio.database.writing() as session:
        import_outcomes(session, document(), portfolio.other_root, administrator)
    viewer = acting_as(portfolio, Role.VIEWER, portfolio.other_root)
    with pytest.raises(Forbidden), portfolio.database.writing() as session:
        import_outcomes(session, document(), portfolio.other_root, viewer)


def test_a_reporter_brings_figures_into_projects_that_are_there(filled: Portfolio) -> None:
    reporter = acting_as(filled, Role.PROJECT_REPORTER, filled.root)
    new = document().projects[1].observations[-1].model_dump() | {"period_end": date(2020, 1, 31)}
    with filled.database.writing() as session:
        report = import_outcomes(session, document(observations=[new]), filled.root, reporter)
    assert counts(report, Result.ADDED) == {Kind.OBSERVATION: 1}


def test_a_project_of_a_unit_that_the_importer_does_not_see_is_a_conflict(filled: Portfolio) -> None:
    administrator = acting_as(filled, Role.ADMIN, filled.division)
    with pytest.raises(Conflict) as refused, filled.database.writing() as session:
        import_outcomes(session, document(), filled.division, administrator)
    assert (refused.value.code, refused.value.field) == ("slug_taken", "projects.0.project.slug")


# --- Out and in again


def test_what_was_exported_makes_the_same_elsewhere(filled: Portfolio, elsewhere: Portfolio) -> None:
    correct(filled, figure(filled, "letters_sent"), value="165.0", note={"fi": "Tarkistettu."})
    exported = export_from(filled)
    text = json.dumps(exported.as_json())
    report = import_into(elsewhere, OutcomesDocument.model_validate(json.loads(text)))
    assert counts(report, Result.ADDED) == size_of(document())
    assert told(elsewhere) == told(filled)
    assert json.dumps(export_from(elsewhere).as_json()) == text


def test_what_was_voided_is_not_exported(filled: Portfolio) -> None:
    with filled.database.writing() as session:
        observations.void_observation(session, figure(filled, "letters_sent"), "Väärä hanke.", filled.act())
        steps = milestones.list_milestones(session, "digirasti", filled.act())
        milestones.void_milestone(session, steps[0].id, "Peruttu.", filled.act())
    exported = {one.project.slug: one for one in export_from(filled).projects}
    assert "letters_sent" not in {one.indicator for one in exported["women-to-work"].observations}
    assert len(exported["digirasti"].milestones) == len(document().projects[0].milestones) - 1


def test_who_sees_no_project_exports_none_and_every_export_is_in_the_trail(filled: Portfolio) -> None:
    stranger = acting_as(filled, Role.VIEWER, filled.other_root)
    with filled.database.reading() as session:
        given = outcomes.export_outcomes(session, stranger)
    assert given.projects == []
    with filled.database.writing() as session:
        outcomes.record_taken(session, given, stranger)
    with filled.database.reading() as session:
        last = session.execute(select(AuditEntry.action, AuditEntry.actor).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert tuple(last) == ("exported", "someone")


# --- Tables of observations


def row(**changes: Any) -> dict[str, Any]:
    return {
        "project": "women-to-work",
        "indicator": "finished",
        "period_start": "2020-01-01",
        "period_end": "2020-06-30",
        "value": "30",
        "source": "Seuranta 2020",
        **changes,
    }


def import_rows(portfolio: Portfolio, *given: dict[str, Any], dry_run: bool = False) -> OutcomesReport:
    numbered = list(enumerate(given, 2))
    with portfolio.database.writing() as session:
        return import_observations(session, numbered, portfolio.root, portfolio.act(), dry_run=dry_run)


def test_rows_are_recorded_once(filled: Portfolio) -> None:
    given = (row(), row(value="4", breakdown={"next_step": "employed"}), row(project="digirasti", indicator="courses"))
    assert counts(import_rows(filled, *given, dry_run=True), Result.ADDED) == {Kind.OBSERVATION: 3}
    assert counts(import_rows(filled, *given), Result.ADDED) == {Kind.OBSERVATION: 3}
    assert counts(import_rows(filled, *given), Result.ALREADY_THERE) == {Kind.OBSERVATION: 3}


def test_every_wrong_row_is_named_and_none_is_recorded(filled: Portfolio) -> None:
    before = rows(filled.database, Observation)
    with pytest.raises(RowsRefused) as refused:
        import_rows(
            filled,
            row(),
            row(value="many"),
            row(indicator="unheard_of"),
            row(project="unheard-of"),
            row(project="siepp", indicator="positions_filled"),
            row(period_end="2019-12-31"),
            row(source=None),
        )
    assert [wrong.line for wrong in refused.value.rows] == [3, 4, 5, 6, 7, 8]
    assert rows(filled.database, Observation) == before


def test_a_row_of_a_corrected_figure_differs_and_leaves_it(filled: Portfolio) -> None:
    import_rows(filled, row(indicator="letters_sent"))
    with filled.database.reading() as session:
        found = session.scalars(select(Observation).where(Observation.source == "Seuranta 2020")).one()
    correct(filled, found.id, value=31)
    [difference] = import_rows(filled, row(indicator="letters_sent")).differences
    assert (difference.place, difference.what, difference.fields) == (2, "letters_sent", ("value",))
