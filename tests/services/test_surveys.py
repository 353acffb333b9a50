"""Surveys worded, opened, answered without a trace, closed; figures recorded, numbers erased. On both databases."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from app.jobs import daily_check
from app.rules.codes import Role
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken, Stale
from app.schemas.surveys import CallbackCreate, SurveyAnswerCreate, SurveyChange, SurveyCreate, SurveyStart
from app.services import observations, outcome_imports, projects, survey_answers, survey_templates, surveys
from app.sources.surveys import questionnaires
from app.storage.models import AuditEntry, AuditPayload, Observation, Survey, SurveyAnswer, SurveyCallback
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.surveys import (
    GRADE,
    SITUATION,
    SLUG,
    SURVEY,
    USEFUL,
    WORDS,
    a_project,
    a_survey,
    act_of,
    answer,
    answered,
    closed,
)
from tests.witnesses import checked_daily

HAPPY: dict[str, Any] = {"useful": "agree", "grade": 5, "situation": "at_work", "words": "Kiitos"}
ONCE = "o" * 22


@pytest.fixture
def city(portfolio: Portfolio) -> Portfolio:
    a_project(portfolio)
    return portfolio


def kept(database: Database, table: type) -> list[Any]:
    with database.reading() as session:
        return list(session.scalars(select(table)))


# --- Wording


UNFIT = (
    ({"questions": [USEFUL, USEFUL]}, "questions.1.key", "listed_twice"),
    ({"languages": ["fi", "fi"]}, "languages", "listed_twice"),
    ({"period_end": "2018-12-31"}, "period_end", "survey_period_reversed"),
    ({"questions": [SITUATION | {"options": []}]}, "questions.0.options", "survey_options_missing"),
    ({"questions": [WORDS | {"options": SITUATION["options"]}]}, "questions.0.options", "survey_options_unwanted"),
    ({"questions": [USEFUL | {"flow": None}]}, "questions.0.flow", "survey_flow_incomplete"),
    ({"questions": [GRADE | {"indicator": None}]}, "questions.0.indicator", "survey_flow_incomplete"),
    ({"questions": [USEFUL | {"indicator": "nobody"}]}, "questions.0.indicator", "indicator_unknown"),
    ({"questions": [USEFUL | {"indicator": "grade"}]}, "questions.0.flow", "survey_flow_unfit"),
    ({"questions": [USEFUL | {"shared": []}]}, "questions.0.flow", "survey_flow_unfit"),
    ({"questions": [GRADE | {"scale_max": 4}]}, "questions.0.flow", "survey_flow_unfit"),
    ({"questions": [SITUATION | {"dimension": "age_group"}]}, "questions.0.flow", "survey_flow_unfit"),
    ({"questions": [SITUATION | {"flow": "counts_by"}]}, "questions.0.flow", "survey_flow_unfit"),
)


def test_what_does_not_fit_together_is_refused_with_its_field(city: Portfolio) -> None:
    for changes, field, code in UNFIT:
        with pytest.raises(RuleBroken) as refused:
            a_survey(city, opened=False, **changes)
        assert (refused.value.field, refused.value.code) == (field, code), changes
    assert kept(city.database, Survey) == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"questions": []}, "questions", "survey_without_questions"),
        ({"languages": ["fi", "sv"]}, "title", "survey_words_missing"),
        ({"title": {"fi": "Kysely"}}, "title", "survey_words_missing"),
        ({"questions": [WORDS | {"words": {"fi": "Mitä?"}}]}, "questions.0.words", "survey_words_missing"),
        ({"questions": [GRADE | {"low": {"fi": "Huono"}}]}, "questions.0.low", "survey_words_missing"),
        ({"period_start": None}, "period_start", "survey_period_missing"),
        ({"period_start": "2019-03-02", "period_end": "2019-03-31"}, "period_start", "period_in_future"),
    ],
)
def test_what_is_not_whole_is_not_opened(city: Portfolio, changes: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        a_survey(city, **changes)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_survey_without_figures_needs_no_period(city: Portfolio) -> None:
    assert a_survey(city, questions=[WORDS], period_start=None, period_end=None).status == "open"


def test_a_draft_changes_and_an_open_survey_does_not(city: Portfolio) -> None:
    draft = a_survey(city, opened=False)
    with city.database.writing() as session:
        found = surveys.change_survey(session, draft.id, SurveyChange(questions=[WORDS]), city.act(), 1)
        assert [one["key"] for one in found.survey.questions] == ["words"]
    with pytest.raises(Stale), city.database.writing() as session:
        surveys.open_survey(session, draft.id, city.act(), 1)
    with city.database.writing() as session:
        surveys.open_survey(session, draft.id, city.act(), 2)
    with pytest.raises(Conflict) as refused, city.database.writing() as session:
        surveys.change_survey(session, draft.id, SurveyChange(questions=[GRADE]), city.act())
    assert refused.value.code == "survey_not_draft"


def test_a_key_names_one_survey_of_a_project(city: Portfolio) -> None:
    a_survey(city)
    with pytest.raises(Conflict) as refused:
        a_survey(city)
    assert (refused.value.field, refused.value.code) == ("key", "key_taken")


# --- Answering


def test_nothing_is_kept_of_who_answered_when_and_in_which_order(city: Portfolio, clock: SetClock) -> None:
    found = a_survey(city)
    for day in (1, 2, 3):
        clock.set(date(2019, 3, day))
        answered(city, found, HAPPY | {"words": f"Päivä {day}"})
    assert {column.key for column in inspect(SurveyAnswer).column_attrs} == {"id", "survey_id", "answers"}
    with city.database.reading() as session:
        payloads = [str(one.payload) for one in session.scalars(select(AuditPayload))]
        told = session.scalars(select(AuditEntry).where(AuditEntry.subject == "survey_answer")).all()
    assert not any("Päivä" in one for one in payloads)
    assert told == []
    if city.database.engine.dialect.name == "sqlite":
        with city.database.engine.connect() as connection, pytest.raises(Exception, match="no such column"):
            connection.execute(text("SELECT rowid FROM survey_answer"))


def test_closing_mixes_the_answers(city: Portfolio) -> None:
    found = a_survey(city)
    answered(city, found, *[{"words": f"Vastaus {number}"} for number in range(12)])
    before = {row.id: row.answers for row in kept(city.database, SurveyAnswer)}
    closed(city, found)
    after = {row.id: row.answers for row in kept(city.database, SurveyAnswer)}
    assert sorted(map(str, before.values())) == sorted(map(str, after.values()))
    assert not before.keys() & after.keys()


def test_a_form_sent_twice_counts_once_and_its_last_answers_stand(city: Portfolio) -> None:
    found = a_survey(city)
    with city.database.writing() as session:
        answer(session, found, city.act(), ONCE, grade=4)
    with city.database.writing() as session:
        answer(session, found, city.act(), ONCE, grade=5)
    [row] = kept(city.database, SurveyAnswer)
    assert row.answers == {"grade": 5}
    assert ONCE not in row.id


def test_what_does_not_fit_is_refused_and_not_kept(city: Portfolio) -> None:
    found = a_survey(city)
    for answers, field, code in (
        ({"grade": 6}, "answers.grade", "survey_answer_unfit"),
        ({"name": "Kaisa"}, "answers.name", "survey_question_unknown"),
        ({"words": "a" * 2001}, "answers.words", "survey_answer_too_long"),
        ({}, "answers", "survey_answer_empty"),
    ):
        with pytest.raises(RuleBroken) as refused, city.database.writing() as session:
            answer(session, found, city.act(), **answers)
        assert (refused.value.field, refused.value.code) == (field, code)
    assert kept(city.database, SurveyAnswer) == []


def test_an_identity_code_is_refused_before_anything_sees_it() -> None:
    with pytest.raises(ValueError, match="identity_code") as refused:
        SurveyAnswerCreate(answers={"words": "Soita 131052-308T"}, once=ONCE)
    assert "identity_code" in str(refused.value.errors(include_input=False))


def test_a_day_takes_only_so_many_answers_and_the_next_day_more(
    city: Portfolio, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_answers, "MOST_ANSWERS_A_DAY", 2)
    found = a_survey(city)
    answered(city, found, HAPPY, HAPPY)
    with pytest.raises(Conflict) as refused:
        answered(city, found, HAPPY)
    assert refused.value.code == "survey_full"
    clock.set(date(2019, 3, 2))
    answered(city, found, HAPPY)
    assert len(kept(city.database, SurveyAnswer)) == 3


def test_a_draft_is_not_found_by_its_link_and_a_closed_survey_takes_no_answer(city: Portfolio) -> None:
    draft = a_survey(city, opened=False, key="draft")
    with pytest.raises(NotFound):
        answered(city, draft, HAPPY)
    found = a_survey(city)
    closed(city, found)
    with pytest.raises(Conflict) as refused:
        answered(city, found, HAPPY)
    assert refused.value.code == "survey_not_open"


def test_what_is_answered_while_the_survey_closes_is_in_or_refused_and_never_lost(city: Portfolio) -> None:
    found = a_survey(city)
    taken: list[bool] = []

    def keep_answering() -> None:
        for _ in range(15):
            try:
                answered(city, found, {"grade": 5})
                taken.append(True)
            except Conflict:
                taken.append(False)

    people = [threading.Thread(target=keep_answering) for _ in range(2)]
    for one in people:
        one.start()
    closed(city, found)
    for one in people:
        one.join()
    assert len(kept(city.database, SurveyAnswer)) == sum(taken)


# --- Results and figures


def test_results_are_shown_only_once_the_survey_is_closed(city: Portfolio) -> None:
    found = a_survey(city)
    answered(city, found, *[HAPPY] * 6)
    with city.database.reading() as session:
        assert surveys.find_survey(session, found.id, city.act()).answered == 6
        with pytest.raises(Conflict) as refused:
            survey_answers.results(session, found.id, city.act())
    assert refused.value.code == "survey_results_not_yet"
    closed(city, found)
    with city.database.reading() as session:
        useful, grade, situation, words = survey_answers.results(session, found.id, city.act()).results
    assert (useful.count_of("agree"), grade.mean, words.texts) == (6, 5, ("Kiitos",) * 6)
    assert situation.n == 6


@pytest.mark.parametrize(("days", "end"), [({}, 3), ({"period_start": None, "period_end": None}, 5)])
def test_a_closed_survey_belongs_where_its_period_ends_or_to_the_day_it_was_closed(
    city: Portfolio, clock: SetClock, days: dict[str, Any], end: int
) -> None:
    clock.set(date(2019, 3, 5))
    ends = {} if days else {"period_end": "2019-03-03"}
    closed(city, a_survey(city, questions=[WORDS], **(days | ends)))

    def told(since: date, until: date) -> int:
        with city.database.reading() as session:
            return len(survey_answers.results_within(session, SLUG, city.act(), since, until))

    day, before, after = (date(2019, 3, end + more) for more in (0, -1, 1))
    assert (told(before, before), told(before, day), told(day, after), told(after, after)) == (0, 1, 1, 0)


def test_closing_records_preliminary_figures_with_numerator_mean_and_n(city: Portfolio) -> None:
    found = a_survey(city)
    unhappy = {"useful": "disagree", "grade": 2, "situation": "unemployed"}
    other = {"useful": "agree", "grade": 4, "situation": "other"}
    answered(city, found, *[HAPPY] * 7, *[unhappy] * 5, *[other] * 6)
    closed(city, found)
    with city.database.reading() as session:
        rows = observations.list_observations(session, SLUG, None, city.act())
    figures = {
        (one.indicator.key, one.observation.part): (
            one.observation.numerator,
            one.observation.denominator,
            one.observation.value,
            one.observation.n,
        )
        for one in rows
    }
    assert figures[("useful", "")] == (13, 18, None, None)
    assert [str(one) for one in figures[("grade", "")][2:]] == ["3.83", "18"]
    assert figures[("situation_after", "situation=at_work")] == (7, 18, None, None)
    assert len(figures) == 5
    of_all = {(str(row.observation.status), row.observation.source, row.observation.period_end) for row in rows}
    assert of_all == {("preliminary", "Loppukysely", date(2019, 2, 28))}


def test_closing_again_records_nothing_more(city: Portfolio) -> None:
    found = a_survey(city)
    answered(city, found, *[HAPPY] * 5)
    first = closed(city, found)
    before = len(kept(city.database, Observation))
    again = closed(city, found)
    assert before > 0
    assert (len(kept(city.database, Observation)), again.survey.version) == (before, first.survey.version)


def test_four_answers_are_closed_without_a_figure(city: Portfolio) -> None:
    found = a_survey(city)
    answered(city, found, *[HAPPY] * 4)
    assert closed(city, found).status == "closed"
    assert kept(city.database, Observation) == []


def test_a_survey_closed_before_its_period_is_over_speaks_of_the_days_until_then(city: Portfolio) -> None:
    found = a_survey(city, period_end="2019-12-31")
    answered(city, found, *[HAPPY] * 5)
    closed(city, found)
    assert {row.period_end for row in kept(city.database, Observation)} == {date(2019, 3, 1)}


# --- Paper, numbers, roles


def test_paper_forms_are_entered_by_those_who_write_the_project(city: Portfolio) -> None:
    found = a_survey(city)
    command = SurveyAnswerCreate(answers={"grade": 3}, once=ONCE)
    with city.database.writing() as session:
        entered = survey_answers.enter_paper_answer(session, found.id, command, act_of(city, Role.PROJECT_REPORTER))
        assert entered.answered == 1
    for role, error in ((Role.VIEWER, Forbidden), (Role.PROCUREMENT_OFFICER, Forbidden)):
        with pytest.raises(error), city.database.writing() as session:
            survey_answers.enter_paper_answer(session, found.id, command, act_of(city, role))
    [told] = [row for row in kept(city.database, AuditEntry) if row.subject == "survey_answer"]
    assert (told.action, told.subject_id) == ("entered", found.id)


def test_no_paper_is_entered_where_none_is_taken(city: Portfolio) -> None:
    found = a_survey(city, on_paper=False)
    with pytest.raises(Conflict) as refused, city.database.writing() as session:
        survey_answers.enter_paper_answer(
            session, found.id, SurveyAnswerCreate(answers={"grade": 3}, once=ONCE), city.act()
        )
    assert refused.value.code == "survey_not_on_paper"


def test_someone_of_another_city_finds_no_survey_of_this_one(city: Portfolio) -> None:
    found = a_survey(city)
    stranger = act_of(city, Role.PROJECT_REPORTER, city.other_root)
    with city.database.reading() as session, pytest.raises(NotFound):
        surveys.find_survey(session, found.id, stranger)
    with city.database.writing() as session, pytest.raises(NotFound):
        surveys.close_survey(session, found.id, stranger)


def test_whoever_only_reads_the_project_writes_no_survey_of_it(city: Portfolio) -> None:
    found = a_survey(city)
    viewer = act_of(city, Role.VIEWER)
    with city.database.reading() as session:
        assert not surveys.find_survey(session, found.id, viewer).may_write
        with pytest.raises(Forbidden):
            survey_answers.list_callbacks(session, found.id, viewer)
    for attempt in (surveys.close_survey, surveys.open_survey):
        with pytest.raises(Forbidden), city.database.writing() as session:
            attempt(session, found.id, viewer)
    with pytest.raises(Forbidden), city.database.writing() as session:
        surveys.define_survey(session, SLUG, SurveyCreate.model_validate(SURVEY | {"key": "other"}), viewer)


def leave(city: Portfolio, secret: str, phone: str = "+358 40 123 4567") -> None:
    with city.database.writing() as session:
        survey_answers.leave_number(session, secret, CallbackCreate(phone=phone), city.act())


def test_a_number_stands_apart_from_every_answer_and_is_erased_once_called(city: Portfolio) -> None:
    found = a_survey(city)
    answered(city, found, HAPPY)
    leave(city, found.survey.secret)
    leave(city, found.survey.secret)
    assert {column.key for column in inspect(SurveyCallback).column_attrs} == {"id", "survey_id", "phone", "keep_until"}
    with city.database.reading() as session:
        [row] = survey_answers.list_callbacks(session, found.id, city.act())
    with city.database.writing() as session:
        survey_answers.mark_called(session, found.id, row.id, city.act())
    assert kept(city.database, SurveyCallback) == []
    assert not any("123 4567" in str(one.payload) for one in kept(city.database, AuditPayload))
    with pytest.raises(NotFound), city.database.writing() as session:
        survey_answers.mark_called(session, found.id, row.id, city.act())


def test_a_survey_that_asks_for_no_call_takes_no_number(city: Portfolio) -> None:
    found = a_survey(city, asks_for_call=False)
    with pytest.raises(NotFound):
        leave(city, found.survey.secret)


def test_a_number_is_there_on_its_last_day_and_erased_the_day_after(city: Portfolio, clock: SetClock) -> None:
    leave(city, a_survey(city).survey.secret)
    for day, left in ((date(2019, 10, 31), 1), (date(2019, 11, 1), 0), (date(2019, 11, 1), 0)):
        clock.set(day)
        with city.database.writing() as session:
            survey_answers.erase_old_numbers(session, city.act())
        assert len(kept(city.database, SurveyCallback)) == left


def test_the_daily_check_erases_numbers_whose_time_is_over(city: Portfolio, clock: SetClock) -> None:
    leave(city, a_survey(city).survey.secret)
    clock.set(date(2019, 11, 1))
    daily_check.run_check(city.database, clock.today, clock)
    assert len(kept(city.database, SurveyCallback)) == 1  # months without a check: the clock may be ahead
    checked_daily(city.database, clock.today)
    for _ in range(2):
        daily_check.run_check(city.database, clock.today, clock)
    assert kept(city.database, SurveyCallback) == []


# --- Where a survey begins


def test_the_questionnaires_of_a_project_are_put_there_once_as_drafts(city: Portfolio) -> None:
    for _ in range(2):
        with city.database.writing() as session:
            found = projects.find_project(session, SLUG, city.act().actor)
            survey_templates.load_templates(session, found, city.act())
    rows = kept(city.database, Survey)
    assert {(row.key, row.status) for row in rows} == {("end-of-course", "draft"), ("follow-up", "draft")}
    end = next(row for row in rows if row.key == "end-of-course")
    linked = {one["key"]: one["indicator"] for one in end.questions}
    assert (linked["grade"], linked["recommend"]) == ("grade", None), "this city has no indicator of recommending"


def test_every_questionnaire_finds_its_indicators_among_the_outcomes_that_come_with_the_service(
    portfolio: Portfolio, clock: SetClock
) -> None:
    clock.set(date(2026, 3, 17))
    with portfolio.database.writing() as session:
        outcome_imports.import_seeds(session, portfolio.division, portfolio.act())
    linked = {
        (row.key, one["key"]): one["indicator"]
        for row in kept(portfolio.database, Survey)
        for one in row.questions
        if one["indicator"]
    }
    meant = {
        (one.key, question["key"]): question["indicator"]
        for one in questionnaires()
        for question in one.body["questions"]
        if "indicator" in question
    }
    assert linked == meant
    assert len(meant) == 12


def test_every_questionnaire_can_be_opened_once_it_has_a_period(city: Portfolio) -> None:
    for one in questionnaires():
        start = SurveyStart(based_on=f"questionnaire:{one.key}")
        with city.database.writing() as session:
            found = survey_templates.start_survey(session, SLUG, start, city.act())
            period = SurveyChange(period_start="2019-01-01", period_end="2019-02-28")
            surveys.change_survey(session, found.id, period, city.act())
            assert surveys.open_survey(session, found.id, city.act()).status == "open", one.key
    assert len(kept(city.database, Survey)) == 6


def test_a_copy_is_a_draft_of_the_same_questions_with_a_key_of_its_own(city: Portfolio) -> None:
    found = a_survey(city)
    closed(city, found)
    with city.database.writing() as session:
        copy = survey_templates.start_survey(session, SLUG, SurveyStart(based_on=f"survey:{found.id}"), city.act())
        again = survey_templates.start_survey(session, SLUG, SurveyStart(based_on=f"survey:{found.id}"), city.act())
        assert copy.survey.questions == found.survey.questions
        assert (copy.survey.key, again.survey.key) == ("loppukysely", "loppukysely-2")
        assert copy.survey.secret != found.survey.secret
        assert (copy.survey.period_start, copy.answered, copy.status) == (None, 0, "draft")


def test_a_copy_named_in_one_language_keeps_its_title_in_the_others(city: Portfolio) -> None:
    found = a_survey(city, opened=False, languages=["fi", "sv"], title={"fi": "Kysely", "sv": "Enkät"})
    start = SurveyStart.model_validate({"based_on": f"survey:{found.id}", "title": {"fi": "Syksyn kysely"}})
    with city.database.writing() as session:
        copy = survey_templates.start_survey(session, SLUG, start, city.act())
        assert (copy.survey.title, copy.survey.key) == ({"fi": "Syksyn kysely", "sv": "Enkät"}, "syksyn-kysely")


@pytest.mark.parametrize("based_on", ["questionnaire:nothing", "survey:" + "0" * 32, "loppukysely"])
def test_a_survey_does_not_begin_from_what_is_not_there(city: Portfolio, based_on: str) -> None:
    with pytest.raises(RuleBroken) as refused, city.database.writing() as session:
        survey_templates.start_survey(session, SLUG, SurveyStart(based_on=based_on), city.act())
    assert refused.value.code == "survey_source_unknown"
