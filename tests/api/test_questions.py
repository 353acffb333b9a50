"""Questions about figures through the API: listed until someone answers, and asked anew once the figures change."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import SetClock
from tests.outcomes import FIGURE, SHARE, SLUG, a_figure, a_project, made
from tests.portfolio import Portfolio
from tests.registering import get, patch, post, refusal

PATH = f"/projects/{SLUG}/questions"


@pytest.fixture
def clock() -> SetClock:
    """After the groups of the autumn of 2019 had ended."""
    return SetClock(date(2019, 12, 9))


@pytest.fixture
def figure(client: TestClient, portfolio: Portfolio) -> Any:
    """A share that no whole number of answerers gives."""
    slug = a_project(client, portfolio)
    made(client, f"/projects/{slug}/indicators", SHARE, portfolio.reporter)
    return a_figure(client, portfolio, **FIGURE | {"indicator": "learnt", "value": 78, "n": 62})


def questions(client: TestClient, portfolio: Portfolio) -> Any:
    return get(client, PATH, portfolio.viewer)["items"]


def test_a_question_waits_until_it_is_answered(client: TestClient, portfolio: Portfolio, figure: Any) -> None:
    (asked,) = questions(client, portfolio)
    assert (asked["answer"], asked["key"]) == (None, figure["questions"][0]["key"])
    assert get(client, "/projects", portfolio.viewer)["items"][0]["open_questions"] == 1
    answer = post(client, f"{PATH}/{asked['key']}/answer", {"answer": "Oikea n on 54."}, portfolio.reporter)
    assert answer.status_code == 201
    (answered,) = questions(client, portfolio)
    assert answered == answer.json()
    assert (answered["answer"], answered["answered_by"]) == ("Oikea n on 54.", "project_reporter@example.org")
    assert get(client, "/projects", portfolio.viewer)["items"][0]["open_questions"] == 0


def test_a_question_is_answered_once(client: TestClient, portfolio: Portfolio, figure: Any) -> None:
    path = f"{PATH}/{figure['questions'][0]['key']}/answer"
    made(client, path, {"answer": "Näin."}, portfolio.reporter)
    answer = post(client, path, {"answer": "Toisin."}, portfolio.reporter)
    assert refusal(answer) == (409, "", "already_answered")
    assert questions(client, portfolio)[0]["answer"] == "Näin."


def test_a_question_is_asked_anew_once_its_figure_changes(
    client: TestClient, portfolio: Portfolio, figure: Any
) -> None:
    made(client, f"{PATH}/{figure['questions'][0]['key']}/answer", {"answer": "Näin."}, portfolio.reporter)
    patch(client, f"/observations/{figure['id']}", {"value": 67, "reason": "x"}, portfolio.reporter)
    (asked,) = questions(client, portfolio)
    assert (asked["answer"], asked["key"] == figure["questions"][0]["key"]) == (None, False)
    patch(client, f"/observations/{figure['id']}", {"value": 77, "reason": "48 of 62"}, portfolio.reporter)
    assert questions(client, portfolio) == []


def test_a_figure_that_is_told_as_about_so_much_raises_no_question(
    client: TestClient, portfolio: Portfolio, figure: Any
) -> None:
    patch(client, f"/observations/{figure['id']}", {"approximate": True, "reason": "x"}, portfolio.reporter)
    assert questions(client, portfolio) == []


def test_what_nobody_asks_cannot_be_answered(client: TestClient, portfolio: Portfolio, figure: Any) -> None:
    answer = post(client, f"{PATH}/{'0' * 64}/answer", {"answer": "x"}, portfolio.reporter)
    assert answer.status_code == 404
    path = f"{PATH}/{figure['questions'][0]['key']}/answer"
    assert refusal(post(client, path, {"answer": ""}, portfolio.reporter)) == (422, "answer", "too_short")
    assert post(client, path, {"answer": "x"}, portfolio.viewer).status_code == 403
    assert post(client, path, {"answer": "x"}, portfolio.stranger).status_code == 404


def test_sources_that_do_not_add_up_to_the_budget_raise_a_question(client: TestClient, portfolio: Portfolio) -> None:
    slug = a_project(client, portfolio, budget_eur="1226000.00")
    for amount in ("1022000.00", "204400.00"):
        body = {"kind": "source", "name": {"fi": "Lähde"}, "amount_eur": amount}
        made(client, f"/projects/{slug}/funding", body, portfolio.reporter)
    (asked,) = questions(client, portfolio)
    assert (asked["code"], asked["indicators"]) == ("funding_does_not_add_up", [])
    assert get(client, f"/projects/{slug}/summary", portfolio.viewer)["money"]["questions"] == [asked]
