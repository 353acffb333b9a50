"""What people type is shown as they typed it, and never becomes part of a page."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from app.storage.session import Database
from tests.conftest import SetClock
from tests.portfolio import Portfolio
from tests.web.a_city_with_everything import filled, paths, settle_everything
from tests.web.signed_in import SignedInBrowser

PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{70001*70003}}${70001*70003}"
PRODUCT = str(70001 * 70003)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """How a text is shown does not depend on the database."""
    return sqlite_url


def test_markup_in_any_text_stays_text_on_every_page(
    client: TestClient,
    portfolio: Portfolio,
    database: Database,
    clock: SetClock,
    browser_of: Callable[[str], SignedInBrowser],
) -> None:
    ids = settle_everything(client, portfolio, database, clock, PAYLOAD)
    admin, shown = browser_of("admin"), 0
    for path in paths("GET"):
        answer = admin.get(filled(path, ids))
        if "html" in answer.headers.get("content-type", ""):
            assert "<img src=x" not in answer.text, path
            assert "<script>alert" not in answer.text, path
            assert PRODUCT not in answer.text, path
            shown += "&lt;img src=x" in answer.text
    assert shown > 10, "hardly any page shows what was typed: the test sees nothing"


@pytest.mark.parametrize(
    "path", ["/contracts", "/messages", "/procurements", "/summary", "/sign-in", "/", "/people-wanted"]
)
@pytest.mark.parametrize(
    "name", ["q", "status", "unit_id", "sort", "cursor", "next", "done", "as_of", "group_by", "to"]
)
def test_markup_in_an_address_stays_text(browser_of: Callable[[str], SignedInBrowser], path: str, name: str) -> None:
    answer = browser_of("viewer").get(path, params={name: PAYLOAD})
    assert answer.status_code < 500
    assert "<img src=x" not in answer.text
    assert "<script>alert" not in answer.text
