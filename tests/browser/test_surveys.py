"""A survey's form in Chromium: on the smallest phone, from right to left, without script; and as those see it who run
it."""

import pytest
from sqlalchemy import select

from app.schemas.surveys import SurveyChange
from app.services import projects, survey_templates, surveys
from app.services.acting import SYSTEM, Act
from app.storage.models import Survey, SurveyAnswer, SurveyCallback
from tests.browser.conftest import Served, Visitors
from tests.browser.test_every_page import TOO_WIDE, violations, violations_in_the_dark

SLUG = "women-to-work"


def opened(served: Served, key: str) -> tuple[str, str]:
    """Id and secret of one of the project's own questionnaires, open."""
    act = Act(SYSTEM, served.clock.now, served.clock.today)
    with served.database.writing() as session:
        found = projects.find_project(session, SLUG, SYSTEM)
        survey_templates.load_templates(session, found, act)
        wanted = select(Survey.id).where(Survey.project_id == found.id, Survey.key == key)
        survey_id = session.scalars(wanted).one()
        period = SurveyChange(period_start="2019-08-01", period_end="2019-11-30")
        surveys.change_survey(session, survey_id, period, act)
        return survey_id, surveys.open_survey(session, survey_id, act).survey.secret


def kept(served: Served, table: type) -> list[object]:
    with served.database.reading() as session:
        return list(session.scalars(select(table)))


@pytest.mark.parametrize("javascript", [False, True])
def test_someone_answers_in_arabic_on_a_small_phone_and_leaves_a_number(
    visitor: Visitors, served_anew: Served, javascript: bool
) -> None:
    _, secret = opened(served_anew, "group-feedback")
    made = visitor(served_anew, None, javascript=javascript, width=320)
    page = made.page
    made.go(f"/s/{secret}")
    page.click("nav a[lang=ar]")
    assert page.get_attribute("html", "dir") == "rtl"
    page.fill("textarea >> nth=0", "كنت في المنزل")
    page.click("label:has(input[value='5'])")
    page.click("main form button")
    page.wait_for_url("**/thanks?language=ar")
    assert page.get_attribute("html", "lang") == "ar"
    page.fill("#phone", "+358 40 123 4567")
    page.click("main form button")
    page.wait_for_url("**done=number")
    assert page.locator("#phone").count() == 0
    assert page.context.cookies() == []
    [answer] = kept(served_anew, SurveyAnswer)
    assert answer.answers == {"situation_before": "كنت في المنزل", "grade": 5}  # type: ignore[attr-defined]
    assert len(kept(served_anew, SurveyCallback)) == 1


def test_no_language_of_the_form_is_hard_to_use_or_too_wide(visitor: Visitors, served_anew: Served) -> None:
    _, secret = opened(served_anew, "participants")
    _, feedback = opened(served_anew, "group-feedback")
    made = visitor(served_anew, None, width=320)
    found = {}
    for language in ("fi", "sv", "en", "ru", "ar", "so"):
        for path in (f"/s/{secret}", f"/s/{feedback}/thanks", "/s/unknown"):
            made.go(f"{path}?language={language}")
            troubles = [*violations(made), *made.page.evaluate(TOO_WIDE), *violations_in_the_dark(made)]
            if troubles:
                found[f"{path} {language}"] = troubles
    made.troubles.clear()  # the browser complains of the survey that is not there
    assert found == {}


def test_errors_are_reached_from_their_summary(visitor: Visitors, served_anew: Served) -> None:
    _, secret = opened(served_anew, "group-feedback")
    made = visitor(served_anew, None, width=320, language="sv")
    made.go(f"/s/{secret}")
    made.page.fill("textarea >> nth=1", "Min kod är 131052-308T")
    made.page.click("main form button")
    assert violations(made) == []
    made.page.click("#errors a")
    assert made.page.evaluate("document.activeElement.name") == "answer.next_plan"
    assert "131052" not in made.page.content()
    made.troubles.clear()  # the browser complains of the refusal's status


def test_paper_forms_are_entered_with_the_keyboard_and_results_are_read(visitor: Visitors, served_anew: Served) -> None:
    survey_id, _ = opened(served_anew, "participants")
    made = visitor(served_anew, "reporter")
    page = made.page
    for path in ("", "/paper", "/calls", "/close"):
        made.go(f"/surveys/{survey_id}{path}")
        assert violations(made) == [], path
    made.go(f"/surveys/{survey_id}/paper")
    for _ in range(5):
        page.focus("input[name='answer.grade']")
        page.keyboard.press("ArrowRight")
        page.focus("#form button >> nth=-1")
        with page.expect_navigation(url="**done=entered"):  # from the second form on the address is the same
            page.keyboard.press("Enter")
    made.go(f"/surveys/{survey_id}/close")
    page.click("main form button")
    page.wait_for_url("**done=closed")
    assert page.locator(".result .mean strong").inner_text() == "2"
    assert len(kept(served_anew, SurveyAnswer)) == 5
    page.set_viewport_size({"width": 320, "height": 900})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert [*violations(made), *page.evaluate(TOO_WIDE)] == []
