"""A project's surveys on pages: begun, worded, opened, paper entered, closed, results read, people called."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.services import survey_answers, surveys
from app.services.surveys import SurveyFound
from app.storage.models import Observation, Survey, SurveyAnswer, SurveyCallback
from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.surveys import SLUG, WORDS, a_project, a_survey, answered, closed
from tests.web.signed_in import SignedInBrowser
from tests.web.test_survey_forms import in_six

Browsers = Callable[[str], SignedInBrowser]
LIST = f"/projects/{SLUG}/surveys"
HAPPY = {"useful": "agree", "grade": 5, "situation": "at_work", "words": "Kiitos kaikille"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the pages send is written alike on both: tests/api/test_surveys.py, tests/services/test_surveys.py."""
    return sqlite_url


@pytest.fixture
def city(portfolio: Portfolio) -> Portfolio:
    a_project(portfolio)
    return portfolio


@pytest.fixture
def reporter(browser_of: Browsers) -> SignedInBrowser:
    return browser_of("reporter")


def kept(city: Portfolio, found: SurveyFound) -> Survey:
    with city.database.reading() as session:
        return session.get_one(Survey, found.id)


def begun(reporter: SignedInBrowser, **values: str) -> str:
    """The address of a survey begun on its page."""
    answer = reporter.post_form(f"{LIST}/new", values)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def test_a_survey_goes_from_its_beginning_to_its_results_on_pages(
    city: Portfolio, reporter: SignedInBrowser, database: Database
) -> None:
    page = begun(reporter, based_on="questionnaire:end-of-course")
    assert "End-of-course survey" in reporter.get(LIST).text
    told = reporter.post_form(page, {}, f"{page}/open")
    assert told.status_code == 422, "two of its questions give figures here, and figures speak of a period"
    days = {"period_start": "1.1.2019", "period_end": "2019-02-28"}
    assert reporter.post_form(f"{page}/change", days).headers["location"] == f"{page}?done=changed"
    assert reporter.post_form(page, {}, f"{page}/open").headers["location"] == f"{page}?done=opened"
    for _ in range(5):
        answer = reporter.post_form(f"{page}/paper", {"answer.grade": "4", "answer.recommend": "agree"})
        assert answer.headers["location"] == f"{page}/paper?done=entered"
    assert "5" in reporter.get(page).text
    assert reporter.post_form(f"{page}/close", {}).headers["location"] == f"{page}?done=closed"
    results = reporter.get(page).text
    assert "<strong>4</strong>" in results
    assert "5 · 100\N{NO-BREAK SPACE}%" in results
    with database.reading() as session:
        [figure] = session.scalars(select(Observation))
    assert (str(figure.value), figure.n) == ("4.00", 5)


def test_an_open_survey_shows_its_link_and_no_results(city: Portfolio, reporter: SignedInBrowser) -> None:
    found = a_survey(city)
    answered(city, found, *[HAPPY] * 6)
    page = reporter.get(f"/surveys/{found.id}").text
    assert f"https://siepp.example.org/s/{found.survey.secret}" in page
    assert "Kiitos kaikille" not in page
    assert "group-bar" not in page


def test_a_reader_sees_state_and_results_but_neither_link_nor_numbers_nor_ways_to_write(
    city: Portfolio, browser_of: Browsers
) -> None:
    found = a_survey(city)
    with city.database.writing() as session:
        command = survey_answers.CallbackCreate(phone="+358 40 123 4567")
        survey_answers.leave_number(session, found.survey.secret, command, city.act())
    viewer = browser_of("viewer")
    page = viewer.get(f"/surveys/{found.id}").text
    assert found.survey.secret not in page
    assert f"/surveys/{found.id}/close" not in page
    for path in ("calls", "paper", "close"):
        assert viewer.get(f"/surveys/{found.id}/{path}").status_code == 403, path
    answered(city, found, *[HAPPY] * 6)
    closed(city, found)
    results = viewer.get(f"/surveys/{found.id}").text
    assert results.count("Kiitos kaikille") == 6
    assert "123 4567" not in results


def test_four_answers_show_nothing(city: Portfolio, reporter: SignedInBrowser) -> None:
    found = a_survey(city)
    answered(city, found, *[HAPPY] * 4)
    closed(city, found)
    page = reporter.get(f"/surveys/{found.id}").text
    assert "Kiitos kaikille" not in page
    assert page.count("Fewer than 5 answered.") == 4


# --- Wording


def test_a_question_is_added_with_alternatives_one_on_a_line(city: Portfolio, reporter: SignedInBrowser) -> None:
    found = a_survey(city, opened=False)
    typed = {
        "kind": "multiple",
        "words.fi": "Mitä seuraavaksi?",
        "words.en": "What next?",
        "lines.fi": "Työ\nKurssi\n\n",
        "lines.en": "Work\nA course",
        "place": "1",
    }
    answer = reporter.post_form(f"/surveys/{found.id}/wording/new", typed)
    assert answer.headers["location"] == f"/surveys/{found.id}?done=worded#questions"
    first = kept(city, found).questions[0]
    assert (first["key"], first["kind"]) == ("what_next", "multiple")
    assert first["options"] == [
        {"key": "work", "words": {"fi": "Työ", "en": "Work"}},
        {"key": "a_course", "words": {"fi": "Kurssi", "en": "A course"}},
    ]


def test_alternatives_keep_their_keys_when_they_are_reworded_or_moved(
    city: Portfolio, reporter: SignedInBrowser
) -> None:
    found = a_survey(city, opened=False)
    page = f"/surveys/{found.id}/wording/situation"
    changed = {"lines.fi": "other (fi)\nunemployed (fi)\nTöissä", "lines.en": "Other\nUnemployed\nAt work"}
    assert reporter.post_form(page, changed).status_code == 303
    question = next(one for one in kept(city, found).questions if one["key"] == "situation")
    assert [option["key"] for option in question["options"]] == ["other", "unemployed", "at_work"]
    assert question["options"][2]["words"] == {"fi": "Töissä", "en": "At work"}


def test_a_question_is_moved_changed_and_removed(city: Portfolio, reporter: SignedInBrowser) -> None:
    found = a_survey(city, opened=False)
    page = f"/surveys/{found.id}/wording/words"
    assert reporter.post_form(page, {"place": "1", "words.fi": "Muuta?"}).status_code == 303
    first = kept(city, found).questions[0]
    assert (first["key"], first["words"]["fi"]) == ("words", "Muuta?")
    assert reporter.post_form(page, {"remove": "true"}).status_code == 303
    assert [one["key"] for one in kept(city, found).questions] == ["useful", "grade", "situation"]
    assert reporter.get(page).status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"words.fi": "", "words.en": ""}, "This is required"),
        ({"lines.en": "Other"}, "There are not as many alternatives"),
        ({"lines.fi": "", "lines.en": ""}, "at least two alternatives"),
        ({"indicator": "grade"}, "cannot be figures of that indicator"),
        ({"indicator": ""}, "Say both which indicator"),
        ({"words.fi": "131052-308T"}, "personal identity code"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_beside_it(
    city: Portfolio, reporter: SignedInBrowser, typed: dict[str, str], told: str
) -> None:
    found = a_survey(city, opened=False)
    answer = reporter.post_form(f"/surveys/{found.id}/wording/situation", typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert "131052" not in answer.text


def test_title_and_languages_are_changed(city: Portfolio, reporter: SignedInBrowser) -> None:
    found = a_survey(city, opened=False)
    typed = {f"title.{code}": words for code, words in in_six("Otsikko").items()}
    answer = reporter.post_form(
        f"/surveys/{found.id}/change", typed | {"languages[]": ["fi", "ar"], "intro.ar": "مرحبا", "on_paper": "false"}
    )
    assert answer.status_code == 303, answer.text
    row = kept(city, found)
    assert (row.title, row.intro, row.languages, row.on_paper) == (
        in_six("Otsikko"),
        {"ar": "مرحبا"},
        ["fi", "ar"],
        False,
    )
    assert 'dir="rtl"' in reporter.get(f"/surveys/{found.id}/preview?language=ar").text


def test_two_who_word_the_same_draft_do_not_overwrite_each_other_unawares(
    city: Portfolio, reporter: SignedInBrowser
) -> None:
    found = a_survey(city, opened=False)
    form = reporter.form(f"/surveys/{found.id}/wording/words")
    assert reporter.send(form, {"words.fi": "Yksi", "once": "one"}).status_code == 303
    assert reporter.send(form, {"words.fi": "Toinen", "once": "two"}).status_code == 412


def test_an_open_survey_has_no_page_to_word_it(city: Portfolio, reporter: SignedInBrowser) -> None:
    found = a_survey(city)
    for path in ("change", "wording/new", "wording/words"):
        answer = reporter.get(f"/surveys/{found.id}/{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/surveys/{found.id}"), path


def test_a_form_of_a_draft_sent_after_the_opening_changes_nothing(city: Portfolio, reporter: SignedInBrowser) -> None:
    found = a_survey(city, opened=False)
    form = reporter.form(f"/surveys/{found.id}/wording/words")
    with city.database.writing() as session:
        surveys.open_survey(session, found.id, city.act())
    assert reporter.send(form, {"words.fi": "Myöhässä"}).status_code == 409
    assert "Myöhässä" not in str(kept(city, found).questions)


# --- Paper and calls


def test_a_paper_form_sent_twice_counts_once_and_what_is_wrong_is_said(
    city: Portfolio, reporter: SignedInBrowser, database: Database
) -> None:
    found = a_survey(city, questions=[WORDS | {"required": True}], period_start=None, period_end=None)
    page = f"/surveys/{found.id}/paper"
    wrong = reporter.post_form(page, {"answer.words": "Olen 131052-308T"})
    assert wrong.status_code == 422
    assert "personal identity code" in wrong.text
    assert "308T" not in wrong.text
    form = reporter.form(page)
    for _ in range(2):
        assert reporter.send(form, {"answer.words": "Hyvä"}).status_code == 303
    with database.reading() as session:
        assert [row.answers for row in session.scalars(select(SurveyAnswer))] == [{"words": "Hyvä"}]


def test_who_was_called_is_taken_from_the_list(
    city: Portfolio, reporter: SignedInBrowser, database: Database, clock: SetClock
) -> None:
    found = a_survey(city)
    command = survey_answers.CallbackCreate(phone="+358 40 123 4567")
    with database.writing() as session:
        survey_answers.leave_number(session, found.survey.secret, command, city.act())
    page = f"/surveys/{found.id}/calls"
    assert "tel:+358401234567" in reporter.get(page).text
    assert reporter.post_form(page, {}).headers["location"] == f"{page}?done=called"
    assert "123 4567" not in reporter.get(page).text
    with database.reading() as session:
        assert session.scalars(select(SurveyCallback)).all() == []


def test_scripts_in_titles_questions_and_answers_are_shown_as_text(city: Portfolio, reporter: SignedInBrowser) -> None:
    bad = "<script>alert(1)</script>"
    words = {"fi": bad, "en": bad}
    found = a_survey(city, title=words, questions=[WORDS | {"words": words}], period_start=None, period_end=None)
    answered(city, found, *[{"words": bad}] * 5)
    pages = [LIST, f"{LIST}/new", f"/surveys/{found.id}", f"/surveys/{found.id}/paper", f"/s/{found.survey.secret}"]
    for page in (*pages, f"/surveys/{found.id}/preview"):
        assert bad not in reporter.get(page).text, page
    closed(city, found)
    assert bad not in reporter.get(f"/surveys/{found.id}").text
    with city.database.reading() as session:
        assert surveys.find_survey(session, found.id, city.act()).answered == 5
