"""Someone signed in, without a browser: pages are fetched, forms filled in and sent as a browser would."""

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from app.services import sessions
from app.storage import people
from app.storage.session import Database

BASE_URL = "https://siepp.example.org"
Value = str | Sequence[str]


class FormReader(HTMLParser):
    """The forms of a page: action and the fields a browser would send, as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._select: str | None = None
        self._area: str | None = None
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            self.forms.append({"action": given.get("action") or "", "method": given.get("method"), "fields": []})
            self._open = True
        elif not self._open or (name is None and tag != "option"):
            return
        elif tag == "input" and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self._fields().append((name, given.get("value") or ""))
        elif tag == "select":
            self._select, self._first = name, True
        elif tag == "option" and self._select is not None:
            if "selected" in given or self._first:
                fields = self._fields()
                if not self._first:
                    fields[:] = [pair for pair in fields if pair[0] != self._select]
                fields.append((self._select, given.get("value") or ""))
            self._first = False
        elif tag == "textarea":
            self._area = name
            self._fields().append((name, ""))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            fields = self._fields()
            fields[-1] = (self._area, fields[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "form":
            self._open = False

    def _fields(self) -> list[tuple[str, str]]:
        fields: list[tuple[str, str]] = self.forms[-1]["fields"]
        return fields


class SignedInBrowser:
    """Redirects are not followed: a test sees where it is sent."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **options: Any) -> Response:
        return self.client.get(path, follow_redirects=False, **options)

    def form(self, path: str, action: str | None = None) -> dict[str, Any]:
        """The form of a page with this action; without one the first that is not the header's."""
        page = self.get(path)
        assert page.status_code == 200, (path, page.status_code, page.text[:400])
        return form_in(page.text, action)

    def post_form(self, path: str, values: Mapping[str, Value], action: str | None = None) -> Response:
        """Fills in a page's form and sends it; fields not named keep what the page put there."""
        return self.send(self.form(path, action), values, path)

    def send(self, form: dict[str, Any], values: Mapping[str, Value], path: str = "/") -> Response:
        pairs = [(name, value) for name, value in form["fields"] if name not in values]
        for name, value in values.items():
            pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return self.client.post(form["action"] or path, data=_grouped(pairs), follow_redirects=False)


def form_in(html: str, action: str | None = None) -> dict[str, Any]:
    reader = FormReader()
    reader.feed(html)
    header = {"/language", "/sign-out"}
    for form in reader.forms:
        if form["action"] == action or (action is None and form["action"] not in header and form["method"] == "post"):
            return form
    raise AssertionError(f"no such form among {[form['action'] for form in reader.forms]}")


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data


def sign_in(client: TestClient, database: Database, email: str, now: Any) -> SignedInBrowser:
    """Begins a session for a user, as a log-in does, and gives the browser that has its cookie."""
    with database.writing() as session:
        user = people.user_by_email(session, email)
        assert user is not None, email
        token = sessions.begin(session, user.id, "password", now)
    browser = TestClient(client.app, base_url=BASE_URL, raise_server_exceptions=False)
    browser.portal = client.portal  # where the service runs already: alone each request would begin a thread and a loop
    browser.cookies.set("__Host-siepp", token)
    return SignedInBrowser(browser)
