"""Projects through the API: who begins them, who sees them, whom they are given to."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from app.rules.codes import Role
from app.storage.models import User
from app.storage.session import Database
from tests.conftest import SetClock
from tests.outcomes import FIGURE, SLUG, a_figure, a_project, an_indicator, made
from tests.portfolio import Headers, Portfolio, _user
from tests.registering import get, patch, post, refusal


@pytest.fixture
def clock() -> SetClock:
    """After the groups of the autumn of 2019 had ended."""
    return SetClock(date(2019, 12, 9))


def another_reporter(portfolio: Portfolio, database: Database, clock: SetClock, email: str) -> Headers:
    with database.writing() as session:
        return _user(session, clock, Role.PROJECT_REPORTER, portfolio.root, email)


def test_a_project_comes_back_as_it_was_sent(client: TestClient, portfolio: Portfolio) -> None:
    body = {
        "slug": "digirasti",
        "unit_id": portfolio.division,
        "further_unit_ids": [portfolio.office],
        "name": {"fi": "Digirasti"},
        "summary": {"fi": "Digitaitoja.\nNeuvontaa."},
        "starts_on": "2019-04-01",
        "ends_on": "2021-12-31",
        "may_continue_until": "2022-12-31",
        "programme": "SIEPP",
        "budget_eur": "269500.00",
        "budget_source": "Report 2019",
        "target_groups": [{"fi": "pitkäaikaistyöttömät"}],
        "areas": [{"fi": "Kontula", "sv": "Gårdsbacka"}],
        "relations": [{"kind": "predecessor", "name": {"fi": "HANDU"}, "slug": None, "programme": "HANDU"}],
        "remarks": [{"en": "Age limits differ."}],
        "contact": {"name": "Palvelutori", "email": "tori@example.org", "phone": None},
    }
    answer = post(client, "/projects", body, portfolio.admin)
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/projects/digirasti")
    assert answer.json() == body
    assert get(client, "/projects/digirasti", portfolio.viewer) == body


def test_only_administrators_begin_projects(client: TestClient, portfolio: Portfolio) -> None:
    body = {"slug": "x", "unit_id": portfolio.root, "name": {"fi": "X"}, "starts_on": "2019-01-01"}
    allowed = {"officer": 403, "liaison": 403, "viewer": 403, "admin": 201}
    found = {who: post(client, "/projects", body, portfolio.headers[who]).status_code for who in allowed}
    assert found == allowed


@pytest.mark.parametrize("slug", [SLUG, "new", "sum"])
def test_a_name_in_addresses_is_given_once_and_never_reserved(
    client: TestClient, portfolio: Portfolio, slug: str
) -> None:
    a_project(client, portfolio)
    body = {"slug": slug, "unit_id": portfolio.root, "name": {"fi": "X"}, "starts_on": "2019-01-01"}
    assert refusal(post(client, "/projects", body, portfolio.admin)) == (409, "slug", "slug_taken")


def test_another_city_may_have_a_project_of_the_same_name(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    a_project(client, portfolio)
    with database.writing() as session:
        headers = _user(session, clock, Role.ADMIN, portfolio.other_root, "admin@elsewhere.example.org")
    body = {"slug": SLUG, "unit_id": portfolio.other_root, "name": {"fi": "Vantaan oma"}, "starts_on": "2019-01-01"}
    made(client, "/projects", body, headers)
    assert get(client, f"/projects/{SLUG}", headers)["name"] == {"fi": "Vantaan oma"}
    assert get(client, f"/projects/{SLUG}", portfolio.viewer)["name"] == {"fi": "Women to work"}


WRONG = (
    ({"slug": "Ei käy"}, "slug", "wrong_format"),
    ({"name": {}}, "name", "missing_field"),
    ({"name": {"de": "X"}}, "name.de", "unknown_field"),
    ({"ends_on": "2018-12-31"}, "ends_on", "project_ends_before_start"),
    ({"ends_on": "2019-12-31", "may_continue_until": "2019-12-31"}, "may_continue_until", "continues_before_end"),
    ({"may_continue_until": "2019-12-31"}, "may_continue_until", "continues_before_end"),
    ({"unit_id": "0" * 32}, "unit_id", "unit_unknown"),
    ({"further_unit_ids": ["0" * 32]}, "further_unit_ids.0", "unit_unknown"),
    ({"name": {"fi": "131052-308T"}}, "name", "identity_code"),
    ({"budget_eur": -1}, "budget_eur", "out_of_range"),
)


def test_what_does_not_fit_is_refused_with_its_field(client: TestClient, portfolio: Portfolio) -> None:
    body = {"slug": "x", "unit_id": portfolio.root, "name": {"fi": "X"}, "starts_on": "2019-01-01"}
    for changes, field, code in WRONG:
        answer = post(client, "/projects", body | changes, portfolio.admin)
        assert (answer.status_code, refusal(answer)[2]) == (422, code), changes
        assert field in {error["field"] for error in answer.json()["errors"]}, changes
        assert "131052" not in answer.text
    assert get(client, "/projects", portfolio.viewer)["items"] == []


def test_a_project_that_ends_on_the_day_it_starts_is_taken(client: TestClient, portfolio: Portfolio) -> None:
    a_project(client, portfolio, ends_on="2019-03-01", may_continue_until="2019-03-02")


def test_a_change_leaves_alone_what_was_not_sent_and_a_stale_one_is_refused(
    client: TestClient, portfolio: Portfolio
) -> None:
    slug = a_project(client, portfolio, areas=[{"fi": "Kontula"}])
    answer = patch(client, f"/projects/{slug}", {"ends_on": "2021-12-31"}, portfolio.admin)
    assert (answer.json()["ends_on"], answer.json()["areas"]) == ("2021-12-31", [{"fi": "Kontula"}])
    stale = client.patch(
        f"/api/v1/projects/{slug}", json={"ends_on": None}, headers=portfolio.admin | {"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    assert patch(client, f"/projects/{slug}", {"ends_on": None}, portfolio.reporter).status_code == 403


def test_outside_its_units_a_project_does_not_exist(client: TestClient, portfolio: Portfolio) -> None:
    slug = a_project(client, portfolio)
    figure = a_figure(client, portfolio, indicator=an_indicator(client, portfolio))["id"]
    for path in ("", "/summary", "/indicators", "/indicators/finished", "/observations", "/questions", "/risks"):
        answer = client.get(f"/api/v1/projects/{slug}{path}", headers=portfolio.stranger)
        assert answer.status_code == 404, path
    assert client.get(f"/api/v1/observations/{figure}", headers=portfolio.stranger).status_code == 404
    assert post(client, f"/projects/{slug}/observations", FIGURE, portfolio.stranger).status_code == 404
    assert get(client, "/projects", portfolio.stranger)["items"] == []


def test_a_unit_that_carries_it_too_sees_it(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    with database.writing() as session:
        viewer = _user(session, clock, Role.VIEWER, portfolio.office, "office@example.org")
    slug = a_project(client, portfolio)
    assert client.get(f"/api/v1/projects/{slug}", headers=viewer).status_code == 404
    patch(client, f"/projects/{slug}", {"further_unit_ids": [portfolio.office]}, portfolio.admin)
    assert client.get(f"/api/v1/projects/{slug}", headers=viewer).status_code == 200


def test_every_reporter_of_the_unit_writes_until_it_is_given_to_some(
    client: TestClient, portfolio: Portfolio, database: Database, clock: SetClock
) -> None:
    slug, other = a_project(client, portfolio), another_reporter(portfolio, database, clock, "rita@example.org")
    an_indicator(client, portfolio)
    assert post(client, f"/projects/{slug}/observations", FIGURE, other).status_code == 201
    given = made(client, f"/projects/{slug}/reporters", {"email": "Rita@example.org"}, portfolio.admin)
    assert [one["email"] for one in get(client, f"/projects/{slug}/reporters", portfolio.admin)["items"]] == [
        "rita@example.org"
    ]
    later = FIGURE | {"period_start": "2019-12-01", "period_end": "2019-12-31", "status": "preliminary"}
    clock.set(date(2020, 3, 1))
    assert post(client, f"/projects/{slug}/observations", later, portfolio.reporter).status_code == 403
    assert post(client, f"/projects/{slug}/observations", later, other).status_code == 201
    assert post(client, f"/projects/{slug}/observations", later, portfolio.admin).status_code == 201
    taken = client.delete(f"/api/v1/projects/{slug}/reporters/{given['user_id']}", headers=portfolio.admin)
    assert taken.status_code == 200
    assert post(client, f"/projects/{slug}/observations", later, portfolio.reporter).status_code == 201


def test_a_project_is_given_only_to_a_reporter_of_its_unit(
    client: TestClient, portfolio: Portfolio, database: Database
) -> None:
    slug = a_project(client, portfolio)
    for email in ("viewer@example.org", "nobody@example.org", "stranger@example.org"):
        answer = post(client, f"/projects/{slug}/reporters", {"email": email}, portfolio.admin)
        assert refusal(answer) == (422, "email", "reporter_unknown")
    assert (
        post(client, f"/projects/{slug}/reporters", {"email": "x@example.org"}, portfolio.reporter).status_code == 403
    )
    with database.reading() as session:
        unknown = session.query(User.id).filter_by(email="viewer@example.org").scalar()
    assert client.delete(f"/api/v1/projects/{slug}/reporters/{unknown}", headers=portfolio.admin).status_code == 404


def test_giving_it_twice_gives_it_once(client: TestClient, portfolio: Portfolio) -> None:
    slug = a_project(client, portfolio)
    for _ in range(2):
        made(client, f"/projects/{slug}/reporters", {"email": "project_reporter@example.org"}, portfolio.admin)
    assert len(get(client, f"/projects/{slug}/reporters", portfolio.admin)["items"]) == 1


def test_a_viewer_and_an_officer_only_look(client: TestClient, portfolio: Portfolio) -> None:
    slug = a_project(client, portfolio)
    an_indicator(client, portfolio)
    for who in ("viewer", "officer", "liaison", "owner"):
        answer = post(client, f"/projects/{slug}/observations", FIGURE, portfolio.headers[who])
        assert answer.status_code == 403, who
        assert client.get(f"/api/v1/projects/{slug}/summary", headers=portfolio.headers[who]).status_code == 200
