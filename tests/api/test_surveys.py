"""Surveys over the API: drafts, opening and closing, paper forms, results."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal
from tests.surveys import GRADE, SLUG, SURVEY, USEFUL, WORDS, a_project, a_survey, answered, closed

LIST = f"/projects/{SLUG}/surveys"
ONCE = "o" * 22
HAPPY = {"useful": "agree", "grade": 5, "words": "Kiitos"}


@pytest.fixture
def city(portfolio: Portfolio) -> Portfolio:
    a_project(portfolio)
    return portfolio


def defined(client: TestClient, city: Portfolio, **changes: Any) -> Any:
    answer = post(client, LIST, SURVEY | changes, city.reporter)
    assert answer.status_code == 201, answer.text
    return answer


def test_a_survey_is_defined_changed_opened_answered_closed_and_read(client: TestClient, city: Portfolio) -> None:
    made = defined(client, city)
    body = made.json()
    at = f"/surveys/{body['id']}"
    assert made.headers["location"] == f"/api/v1{at}"
    assert (body["status"], body["answered"], body["project"]) == ("draft", 0, SLUG)
    assert patch(client, at, {"questions": [USEFUL, GRADE, WORDS]}, city.reporter).status_code == 200
    assert post(client, f"{at}/open", {}, city.reporter).json()["status"] == "open"
    for number in range(5):
        taken = post(client, f"{at}/answers", {"answers": HAPPY, "once": f"{ONCE}{number}"}, city.reporter)
        assert taken.status_code == 201, taken.text
        assert taken.json() == {"survey_id": body["id"], "answered": number + 1}
    assert refusal(client.get(f"/api/v1{at}/results", headers=city.viewer)) == (409, "", "survey_results_not_yet")
    assert post(client, f"{at}/close", {}, city.reporter).json()["status"] == "closed"
    results = get(client, f"{at}/results", city.viewer)
    told = get(client, f"/projects/{SLUG}/summary", city.viewer)["surveys"][0]
    assert ({name: told[name] for name in results}, told["key"]) == (results, "end-of-course")
    until = {day: get(client, f"/projects/{SLUG}/summary", city.viewer, to=day) for day in ("2019-02-27", "2019-02-28")}
    assert [len(found["surveys"]) for found in until.values()] == [0, 1]
    assert (results["answered"], results["smallest_group"]) == (5, 5)
    useful, grade, words = results["results"]
    assert useful["counts"] == [
        {"option": "agree", "count": 5, "share": 1.0},
        {"option": "disagree", "count": 0, "share": 0.0},
    ]
    assert (grade["mean"], words["texts"]) == (5.0, ["Kiitos"] * 5)
    figures = get(client, f"/projects/{SLUG}/observations", city.viewer)["items"]
    assert {one["indicator"]: (one["value"], one["status"]) for one in figures} == {
        "useful": (100, "preliminary"),
        "grade": (5, "preliminary"),
    }


def test_a_list_has_every_survey_of_the_project_and_the_link_only_for_those_who_write_it(
    client: TestClient, city: Portfolio
) -> None:
    first = a_survey(city)
    a_survey(city, key="second")
    items = get(client, LIST, city.reporter)["items"]
    assert {one["key"] for one in items} == {"end-of-course", "second"}
    assert f"https://siepp.example.org/s/{first.survey.secret}" in {one["link"] for one in items}
    assert {one["link"] for one in get(client, LIST, city.viewer)["items"]} == {None}


def test_a_stale_change_and_a_repeated_post_are_told_apart(client: TestClient, city: Portfolio) -> None:
    made = defined(client, city)
    at = f"/surveys/{made.json()['id']}"
    stale = {**city.reporter, "If-Match": '"9"'}
    assert patch(client, at, {"title": {"fi": "Uusi"}}, stale).status_code == 412
    fresh = {**city.reporter, "If-Match": made.headers["etag"]}
    assert patch(client, at, {"title": {"fi": "Uusi", "en": "New"}}, fresh).status_code == 200
    again = {**city.reporter, "Idempotency-Key": "open-once"}
    first, second = (post(client, f"{at}/open", {}, again) for _ in range(2))
    assert first.json() == second.json()


def test_closing_twice_is_harmless_and_an_answer_sent_twice_counts_once(client: TestClient, city: Portfolio) -> None:
    at = f"/surveys/{a_survey(city).id}"
    for grade in (4, 5):
        body = {"answers": {"grade": grade}, "once": ONCE}
        assert post(client, f"{at}/answers", body, city.reporter).json()["answered"] == 1
    assert [post(client, f"{at}/close", {}, city.reporter).status_code for _ in range(2)] == [200, 200]


WRONG_PAPER = (
    ({"answers": {"grade": 9}, "once": ONCE}, (422, "answers.grade", "survey_answer_unfit")),
    ({"answers": {"grade": 1.5}, "once": ONCE}, (422, "answers.grade", "wrong_type")),
    ({"answers": {"name": "Kaisa"}, "once": ONCE}, (422, "answers.name", "survey_question_unknown")),
    ({"answers": {}, "once": ONCE}, (422, "answers", "survey_answer_empty")),
    ({"answers": {"grade": 3}, "once": "short"}, (422, "once", "wrong_format")),
    ({"answers": {"words": "131052-308T"}, "once": ONCE}, (422, "answers", "identity_code")),
    ({"answers": {"grade": 3}, "once": ONCE, "answered_at": "2019-03-01"}, (422, "answered_at", "unknown_field")),
)


def test_a_paper_form_that_does_not_fit_is_refused_with_its_field(client: TestClient, city: Portfolio) -> None:
    at = f"/surveys/{a_survey(city).id}"
    for body, told in WRONG_PAPER:
        answer = post(client, f"{at}/answers", body, city.reporter)
        assert refusal(answer) == told, body
        assert "131052" not in answer.text
    assert get(client, at, city.reporter)["answered"] == 0


WRONG_SURVEYS = (
    ({"languages": ["fi", "et"]}, (422, "languages.1", "wrong_choice")),
    ({"languages": []}, (422, "languages", "too_short")),
    ({"title": {}}, (422, "title", "missing_field")),
    ({"questions": [USEFUL | {"kind": "guess"}]}, (422, "questions.0.kind", "wrong_choice")),
    ({"questions": [GRADE | {"scale_max": 11}]}, (422, "questions.0.scale_max", "out_of_range")),
    ({"questions": [USEFUL | {"indicator": "nobody"}]}, (422, "questions.0.indicator", "indicator_unknown")),
    ({"key": "Loppu kysely"}, (422, "key", "wrong_format")),
)


def test_a_survey_that_does_not_fit_is_refused_with_its_field(client: TestClient, city: Portfolio) -> None:
    for changes, told in WRONG_SURVEYS:
        assert refusal(post(client, LIST, SURVEY | changes, city.reporter)) == told, changes
    assert get(client, LIST, city.reporter)["items"] == []


def test_only_those_who_write_the_project_write_its_surveys(client: TestClient, city: Portfolio) -> None:
    found = a_survey(city)
    at = f"/surveys/{found.id}"
    writes = [(LIST, SURVEY | {"key": "new"}), (f"{at}/open", {}), (f"{at}/close", {})]
    writes.append((f"{at}/answers", {"answers": {"grade": 3}, "once": ONCE}))
    for path, body in writes:
        assert post(client, path, body, city.viewer).status_code == 403, path
        assert post(client, path, body, city.stranger).status_code == 404, path
    assert patch(client, at, {"on_paper": False}, city.viewer).status_code == 403
    answered(city, found, *[HAPPY] * 5)
    closed(city, found)
    for path in (at, f"{at}/results", LIST):
        assert client.get(f"/api/v1{path}", headers=city.viewer).status_code == 200, path
        assert client.get(f"/api/v1{path}", headers=city.stranger).status_code == 404, path
