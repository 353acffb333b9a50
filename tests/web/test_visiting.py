"""Pages know their visitor by a cookie, and take forms only from themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.web.visiting import local_path
from tests.conftest import SetClock
from tests.web.signed_in import BASE_URL, SignedInBrowser, form_in

Browsers = Callable[[str], SignedInBrowser]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Languages, cookies and forms from elsewhere: no database has a say. Sessions: tests/services/test_sessions.py."""
    return sqlite_url


@pytest.mark.parametrize("path", ["/", "/contracts?status=open&q=a", "/help#terms", "/contracts/1?as_of=2019-01-01"])
def test_a_path_of_ours_is_gone_back_to(path: str) -> None:
    assert local_path(path) == path


ELSEWHERE = [
    *("", "contracts", "//evil.example", "/\\evil.example", "\\\\evil", "https://evil.example", "javascript:alert(1)"),
    *("/\t/evil.example", "/\n/evil.example", " //evil.example", "/a\\..\\b"),
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_whatever_could_lead_elsewhere_leads_to_the_start_page(path: str) -> None:
    assert local_path(path) == "/"


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(client: TestClient) -> None:
    answer = client.get("/account?x=1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount%3Fx%3D1")


def test_a_form_without_the_token_of_its_session_is_refused(browser_of: Browsers) -> None:
    officer, viewer = browser_of("officer"), browser_of("viewer")
    form = officer.form("/account", "/language")
    for token in ("", "0" * 64, viewer.form("/account", "/language")["fields"][0][1]):
        answer = officer.send(form, {"csrf": token, "language": "sv"})
        assert answer.status_code == 403
        assert "text/html" in answer.headers["content-type"]
    assert officer.send(form, {"language": "sv"}).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": BASE_URL}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": BASE_URL}, 403),
    ],
)
def test_a_form_from_another_site_is_refused(browser_of: Browsers, headers: dict[str, str], status: int) -> None:
    officer = browser_of("officer")
    data = dict(officer.form("/account", "/language")["fields"]) | {"language": "fi", "next": "/help"}
    assert officer.client.post("/language", data=data, headers=headers, follow_redirects=False).status_code == status


def test_the_cookie_is_for_this_host_alone_and_not_for_scripts(client: TestClient) -> None:
    browser = TestClient(client.app, base_url=BASE_URL)
    cookie = browser.get("/sign-in").headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}


def test_a_session_unused_or_too_old_is_over(browser_of: Browsers, clock: SetClock) -> None:
    officer = browser_of("officer")
    assert officer.get("/account").status_code == 200
    clock.now += timedelta(days=1)
    assert officer.get("/account").status_code == 303


def test_the_language_is_the_users_own_else_the_cookies_else_the_browsers_else_finnish(
    client: TestClient, browser_of: Browsers
) -> None:
    browser = TestClient(client.app, base_url=BASE_URL)
    assert browser.get("/sign-in").headers["content-language"] == "fi"
    assert browser.get("/sign-in", headers={"Accept-Language": "sv-FI, en;q=0.5"}).headers["content-language"] == "sv"
    form = form_in(browser.get("/sign-in").text, "/language")
    browser.post("/language", data=dict(form["fields"]) | {"language": "en"}, follow_redirects=False)
    assert browser.get("/sign-in", headers={"Accept-Language": "sv"}).headers["content-language"] == "en"
    officer = browser_of("officer")
    assert officer.get("/account").headers["content-language"] == "en"
    officer.post_form("/account", {"language": "sv", "next": "/account"}, "/language")
    assert officer.get("/account", headers={"Accept-Language": "fi"}).headers["content-language"] == "sv"


def test_choosing_a_language_leads_to_no_other_site(browser_of: Browsers) -> None:
    answer = browser_of("officer").post_form("/account", {"language": "fi", "next": "//evil.example"}, "/language")
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("path", ["/no-such-page", "/contracts/" + "0" * 32])
def test_what_is_not_there_is_told_as_a_page(browser_of: Browsers, path: str) -> None:
    answer = browser_of("officer").get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>" in answer.text


def test_pages_may_load_and_send_nothing_elsewhere_and_be_framed_nowhere(browser_of: Browsers) -> None:
    headers = browser_of("officer").get("/account").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "same-origin")


def test_a_form_in_another_encoding_is_refused_before_anyone_decodes_it(browser_of: Browsers) -> None:
    """The sender of a multipart form names its encoding, and some take time that grows with the square."""
    officer = browser_of("officer")
    csrf = dict(officer.form("/account", "/language")["fields"])["csrf"]
    body = f'--xx\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n--xx--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=xx; charset=punycode"}
    assert officer.client.post("/language", content=body, headers=headers).status_code == 403


@pytest.mark.timeout(20)
def test_thousands_of_marks_on_one_letter_stop_nobody(client: TestClient) -> None:
    """Putting the marks in order takes time that grows with the square of their number."""
    browser = TestClient(client.app, base_url=BASE_URL)
    fields = dict(form_in(browser.get("/sign-in").text, "/sign-in")["fields"])
    many = "a" + "\u0301" * 9_000 + "\u0327" * 9_000
    for name in ("email", "password"):
        assert browser.post("/sign-in", data=fields | {name: many}).status_code == 422
    assert browser.post("/sign-in", data=fields | {"email": many * 2}).status_code == 403


def test_neither_an_address_nor_a_cookie_gives_back_an_identity_code(client: TestClient) -> None:
    browser = TestClient(client.app, base_url=BASE_URL)
    browser.cookies.set("__Host-siepp_visit", "131052-308T")
    assert "308T" not in str(browser.get("/sign-in").headers)
    assert local_path("/131052-308T") == "/"
    assert local_path("/%31%331052-308T") == "/"
