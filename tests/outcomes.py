"""Projects with indicators and figures, put there through the API, with the bodies of the interface."""

from typing import Any

from fastapi.testclient import TestClient

from tests.portfolio import Headers, Portfolio
from tests.registering import post

SLUG = "women-to-work"
FINISHED = {
    "key": "finished",
    "name": {"fi": "Ryhmän päättäneet", "sv": "De som slutförde", "en": "Finished"},
    "definition": {"fi": "Loppuun asti osallistuneet.", "en": "Took part until the end."},
    "unit": "people",
    "direction": "up",
    "target_min": 250,
    "target_max": None,
    "target_on": "2021-02-28",
    "dimensions": ["next_step"],
}
FIGURE = {
    "indicator": "finished",
    "period_start": "2019-08-01",
    "period_end": "2019-11-30",
    "value": 21,
    "numerator": None,
    "denominator": None,
    "n": None,
    "breakdown": {},
    "status": "final",
    "source": "Report 2019, 3.2",
    "note": None,
}
SHARE = FINISHED | {
    **{"key": "learnt", "name": {"en": "Learnt skills"}, "definition": {"en": "Agree that they learnt skills."}},
    **{"unit": "percent", "target_min": None, "target_on": None, "dimensions": []},
}


def made(client: TestClient, path: str, body: Any, headers: Headers) -> Any:
    answer = post(client, path, body, headers)
    assert answer.status_code == 201, (path, answer.text)
    return answer.json()


def a_project(client: TestClient, portfolio: Portfolio, **changes: Any) -> str:
    """The slug of a project of the root unit, 1.3.2019–28.2.2021."""
    body = {
        "slug": SLUG,
        "unit_id": portfolio.root,
        "name": {"fi": "Women to work"},
        "starts_on": "2019-03-01",
        "ends_on": "2021-02-28",
    }
    return str(made(client, "/projects", body | changes, portfolio.admin)["slug"])


def an_indicator(client: TestClient, portfolio: Portfolio, slug: str = SLUG, **changes: Any) -> str:
    """The key of an indicator, by default of those who finished."""
    return str(made(client, f"/projects/{slug}/indicators", FINISHED | changes, portfolio.reporter)["key"])


def a_figure(client: TestClient, portfolio: Portfolio, slug: str = SLUG, **changes: Any) -> Any:
    """A figure as the API answers it, by default 21 who finished from August to November 2019."""
    return made(client, f"/projects/{slug}/observations", FIGURE | changes, portfolio.reporter)
