"""The form behind a survey's link: for anyone, in their language, without cookie, script or trace."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.services import survey_answers, surveys
from app.services.surveys import SurveyFound
from app.storage.models import SurveyAnswer, SurveyCallback
from app.storage.session import Database
from tests.portfolio import Portfolio
from tests.surveys import GRADE, SURVEY, USEFUL, WORDS, a_project, a_survey, closed
from tests.web.signed_in import BASE_URL, SignedInBrowser

SIX = ("fi", "sv", "en", "ru", "ar", "so")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The form is words and checks; that answers are kept alike on both is in tests/services/test_surveys.py."""
    return sqlite_url


def in_six(words: str) -> dict[str, str]:
    return {one: f"{words} {one}" for one in SIX}


QUESTIONS: list[dict[str, Any]] = [
    USEFUL | {"words": in_six("Hyötyä?")},
    GRADE | {"words": in_six("Arvosana"), "low": in_six("Huono"), "high": in_six("Hyvä")},
    {
        "key": "steps",
        "kind": "multiple",
        "words": in_six("Mitä?"),
        "options": [{"key": one, "words": in_six(one)} for one in ("work", "course")],
    },
    WORDS | {"words": in_six("Muuta?"), "required": True},
]
FILLED = {"answer.useful": "agree", "answer.grade": "5", "answer.steps[]": ["work", "course"], "answer.words": "Kiitos"}
KEPT = {"useful": "agree", "grade": 5, "steps": ["work", "course"], "words": "Kiitos"}


@pytest.fixture
def found(portfolio: Portfolio) -> SurveyFound:
    a_project(portfolio)
    return a_survey(portfolio, languages=list(SIX), title=in_six("Kysely"), questions=QUESTIONS)


@pytest.fixture
def anyone(client: TestClient) -> SignedInBrowser:
    return SignedInBrowser(TestClient(client.app, base_url=BASE_URL, raise_server_exceptions=False))


def address(found: SurveyFound, more: str = "") -> str:
    return f"/s/{found.survey.secret}{more}"


def kept(database: Database) -> list[Any]:
    with database.reading() as session:
        return [row.answers for row in session.scalars(select(SurveyAnswer))]


def numbers(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(SurveyCallback.phone)))


def test_someone_answers_and_is_thanked(anyone: SignedInBrowser, found: SurveyFound, database: Database) -> None:
    answer = anyone.post_form(address(found), FILLED)
    assert (answer.status_code, answer.headers["location"]) == (303, address(found, "/thanks?language=fi"))
    assert "Kiitos vastauksistasi" in anyone.get(answer.headers["location"]).text
    assert kept(database) == [KEPT]


def test_no_cookie_is_set_and_no_script_is_loaded(anyone: SignedInBrowser, found: SurveyFound) -> None:
    for page in (anyone.get(address(found)), anyone.post_form(address(found), FILLED)):
        assert "set-cookie" not in page.headers
        assert "<script" not in page.text
    assert dict(anyone.client.cookies) == {}


def test_someone_signed_in_answers_as_anyone_else(
    client: TestClient, portfolio: Portfolio, browser_of: Any, found: SurveyFound, database: Database
) -> None:
    viewer = browser_of("viewer")
    page = viewer.get(address(found))
    assert "viewer@example.org" not in page.text
    assert viewer.post_form(address(found), FILLED).status_code == 303
    assert kept(database) == [KEPT]


@pytest.mark.parametrize("language", SIX)
def test_the_form_speaks_every_language_of_the_survey(
    anyone: SignedInBrowser, found: SurveyFound, language: str
) -> None:
    page = anyone.get(address(found), headers={"accept-language": f"{language}-XX,fi;q=0.5"})
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    assert f"Kysely {language}" in page.text
    assert page.headers["content-language"] == language
    assert anyone.get(address(found, f"?language={language}")).text.count(f"Muuta? {language}") == 1


def test_a_language_the_survey_does_not_have_falls_back_to_its_first(
    anyone: SignedInBrowser, found: SurveyFound
) -> None:
    for way in ({"headers": {"accept-language": "et"}}, {"params": {"language": "et"}}):
        assert '<html lang="fi"' in anyone.get(address(found), **way).text


def test_what_is_wrong_is_said_in_the_persons_language_and_nothing_typed_is_lost(
    anyone: SignedInBrowser, found: SurveyFound, database: Database
) -> None:
    wrong = FILLED | {"answer.words": "", "answer.grade": "9"}
    answer = anyone.post_form(address(found, "?language=ar"), wrong)
    assert answer.status_code == 422
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert "هذا السؤال يحتاج إلى إجابة." in answer.text
    assert re.search(r'name="answer.useful" value="agree" checked', answer.text)
    assert answer.text.count(" checked") == 3
    assert kept(database) == []
    again = anyone.post_form(address(found), FILLED | {"answer.words": "a" * 2001})
    assert again.status_code == 422
    assert "a" * 2001 in again.text


@pytest.mark.parametrize("typed", ["Olen 131052-308T", "Olen 1 3 1 0 5 2 - 3 0 8 T", "٠"])
def test_an_identity_code_is_refused_and_never_shown_again(
    anyone: SignedInBrowser, found: SurveyFound, database: Database, typed: str
) -> None:
    answer = anyone.post_form(address(found), FILLED | {"answer.words": typed})
    if typed == "٠":
        assert answer.status_code == 303, "a digit is no code"
        return
    assert answer.status_code == 422
    assert "henkilötunnus" in answer.text
    assert "308T" not in answer.text
    assert "3 0 8" not in answer.text
    assert kept(database) == []


def test_a_double_click_counts_once(anyone: SignedInBrowser, found: SurveyFound, database: Database) -> None:
    form = anyone.form(address(found))
    for _ in range(2):
        assert anyone.send(form, FILLED).status_code == 303
    assert kept(database) == [KEPT]
    anyone.post_form(address(found), FILLED)
    assert len(kept(database)) == 2


def test_a_form_we_did_not_show_is_not_taken(anyone: SignedInBrowser, found: SurveyFound, database: Database) -> None:
    for made_up in ("", "x" * 22, "x" * 22 + "." + "0" * 64, "ä.ä"):
        answer = anyone.post_form(address(found), FILLED | {"form": made_up})
        assert answer.status_code == 422
        assert "Lähetä vastauksesi uudelleen" in answer.text
    elsewhere = anyone.client.post(address(found), data={"answer.words": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    assert kept(database) == []


def test_a_form_of_another_survey_is_not_taken(
    anyone: SignedInBrowser, found: SurveyFound, portfolio: Portfolio
) -> None:
    other = a_survey(portfolio, key="other", languages=["fi"], questions=[WORDS], period_start=None, period_end=None)
    signed = dict(anyone.form(address(other))["fields"])["form"]
    assert anyone.post_form(address(found), FILLED | {"form": signed}).status_code == 422


def test_a_closed_survey_and_an_unknown_link_have_friendly_pages(
    anyone: SignedInBrowser, found: SurveyFound, portfolio: Portfolio, database: Database
) -> None:
    form = anyone.form(address(found))
    closed(portfolio, found)
    late = anyone.send(form, FILLED)
    for page in (anyone.get(address(found)), late):
        assert page.status_code == 410
        assert "Kysely on suljettu" in page.text
    draft = a_survey(portfolio, opened=False, key="draft")
    for unknown in ("/s/" + "0" * 32, "/s/x", address(draft), "/s/x/thanks"):
        page = anyone.get(unknown, headers={"accept-language": "so"})
        assert page.status_code == 404, unknown
        assert "Linkigan su" in page.text
    assert kept(database) == []


def test_a_day_too_full_is_said_in_the_persons_language(
    anyone: SignedInBrowser, found: SurveyFound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_answers, "MOST_ANSWERS_A_DAY", 1)
    assert anyone.post_form(address(found), FILLED).status_code == 303
    answer = anyone.post_form(address(found, "?language=ru"), FILLED)
    assert answer.status_code == 409
    assert "Попробуйте завтра" in answer.text
    assert "Kiitos" in answer.text


# --- The call


def test_consent_to_a_call_is_a_form_of_its_own_with_nothing_of_the_answers(
    anyone: SignedInBrowser, found: SurveyFound, database: Database
) -> None:
    answered = anyone.form(address(found))
    anyone.send(answered, FILLED)
    form = anyone.form(address(found, "/thanks"))
    assert form["action"] == address(found, "/call")
    assert {name for name, _ in form["fields"]} == {"form", "language", "phone"}
    assert dict(form["fields"])["form"] != dict(answered["fields"])["form"]
    answer = anyone.send(form, {"phone": "+358 40 123 4567"})
    assert answer.headers["location"] == address(found, "/thanks?language=fi&done=number")
    page = anyone.get(answer.headers["location"]).text
    assert 'name="phone"' not in page
    assert numbers(database) == ["+358 40 123 4567"]


@pytest.mark.parametrize("phone", ["", "ei", "131052-308T", "1" * 41])
def test_what_is_no_number_is_not_kept(
    anyone: SignedInBrowser, found: SurveyFound, database: Database, phone: str
) -> None:
    answer = anyone.post_form(address(found, "/thanks?language=so"), {"phone": phone})
    assert answer.status_code == 422
    assert "Kani ma aha lambar taleefan" in answer.text
    assert not phone or phone not in answer.text
    assert numbers(database) == []


def test_a_survey_that_asks_for_no_call_shows_no_such_form(
    anyone: SignedInBrowser, portfolio: Portfolio, database: Database
) -> None:
    a_project(portfolio)
    found = a_survey(portfolio, asks_for_call=False)
    assert 'name="phone"' not in anyone.get(address(found, "/thanks")).text
    assert anyone.client.post(address(found, "/call"), data={"phone": "+358 40 1"}).status_code == 410
    assert numbers(database) == []


def test_markup_in_a_text_is_shown_as_text(anyone: SignedInBrowser, found: SurveyFound) -> None:
    typed = '</textarea><script>alert("x")</script>'
    answer = anyone.post_form(address(found), FILLED | {"answer.words": typed, "answer.grade": "0"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_the_surveys_own_words_are_shown_as_text(anyone: SignedInBrowser, portfolio: Portfolio) -> None:
    a_project(portfolio)
    title = {"fi": "<b>Kysely</b>", "en": "<b>Survey</b>"}
    found = a_survey(portfolio, **(SURVEY | {"title": title}))
    assert "<b>Kysely" not in anyone.get(address(found)).text
    with portfolio.database.reading() as session:
        assert surveys.find_survey(session, found.id, portfolio.act()).answered == 0
