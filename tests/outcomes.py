"""Projects with indicators and figures, put there through the API, with the bodies of the interface."""

from typing import Any

from fastapi.testclient import TestClient

from tests.portfolio import Headers, Portfolio
from tests.registering import get, post

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


def settle_outcomes(client: TestClient, portfolio: Portfolio, text: str) -> dict[str, str]:
    """A project with one of everything, and ids by the noun that stands before them in an address. Every text that can
    be typed holds `text`; one figure raises a question."""
    words, path = {"fi": text, "en": text}, f"/projects/{SLUG}"
    named = {"name": words, "summary": words, "target_groups": [words], "areas": [words], "remarks": [words]}
    relations = [{"kind": "predecessor", "name": words, "programme": text}]
    a_project(client, portfolio, **named, budget_eur="1000.00", relations=relations, contact={"name": text})
    an_indicator(client, portfolio, name=words, definition=words)
    made(client, f"{path}/indicators", SHARE | {"name": words, "definition": words}, portfolio.reporter)
    figure = a_figure(client, portfolio, indicator="learnt", value=78, n=62, source=text, note=words)
    a_figure(client, portfolio, source=text, note=words)
    steps = {"name": words, "starts_on": "2019-03-01", "ends_on": "2019-12-31", "note": text}
    parts = {
        "milestones": steps | {"package": words},
        "risks": {"name": words, "likelihood": 2, "impact": 4, "measures": [words]},
        "funding": {"kind": "source", "name": words, "amount_eur": "999.00", "source": text},
    }
    ids = {noun: str(made(client, f"{path}/{noun}", body, portfolio.reporter)["id"]) for noun, body in parts.items()}
    question = get(client, f"{path}/questions", portfolio.viewer)["items"][0]["key"]
    reporter = next(one["id"] for one in get(client, "/users", portfolio.admin)["items"] if "reporter" in one["email"])
    return ids | {
        "projects": SLUG,
        "indicators": "learnt",
        "observations": str(figure["id"]),
        "questions": question,
        "reporters": reporter,
    }
