"""Every error page says what happened and what to do, in every language."""

import re

import pytest

from app.language.catalogues import SUPPORTED
from app.web.pages import page

STATUSES = [401, 403, 404, 405, 409, 410, 412, 413, 422, 429, 500, 503, 418]


def shown(status: int, language: str, code: str = "") -> str:
    values = {"code": code, "detail": "<b>What happened.</b>", "status": status, "request_id": None}
    answer = page("errors/page.html", language, status, **values)
    return bytes(answer.body).decode()


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_status_has_a_heading_of_its_own_and_a_way_on(language: str) -> None:
    headings = set()
    for status in STATUSES:
        html = shown(status, language)
        headings.add(re.findall(r"<h1>(.*?)</h1>", html)[0])
        assert "&lt;b&gt;What happened.&lt;/b&gt;" in html
        assert '<a href="/">' in html
        assert html.count("<li>") >= 2
    assert len(headings) == len(STATUSES)


def test_a_form_open_for_too_long_is_no_lack_of_rights() -> None:
    assert shown(403, "en", "form_expired") != shown(403, "en")
    assert "had been open for too long" in shown(403, "en", "form_expired")
