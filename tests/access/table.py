"""Asks the running service for every route as every role, and writes down who was let in: nothing is declared here.

An answer says no with 401, 403, 404 or the way to the log-in; 422 with "there is no such unit among yours" and the like
says it too. Any other answer says yes, one to a wrong or senseless body as well: who may not do a thing is told so
before what they send is looked at by the rules. That this order holds is seen as well: a route which answers all
alike, and a route which nobody may use, have to be named with a reason.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from httpx2 import Response

from tests.access.bodies import FORMS, OWN, QUERIES, body_of
from tests.access.city import MARK, OWNER, PLACES, SHARED, Asker, City
from tests.headers import lacking
from tests.web.a_city_with_everything import filled, paths

PAGE = Path(__file__).parents[2] / "docs/access.md"
MAY, NOTHING, MAY_NOT = "✓", "○", "–"
UNSEEN = re.compile(r"(unit|procurement|contract|owner|user|project|reporter|position)_unknown")
"""Codes of 422 that say: what the body names does not exist for you."""
ROLES = ("procurement_officer", "business_liaison", "contract_owner", "project_reporter", "viewer", "admin")
OF_THE_CITY = ("/suppliers", "/procurements/suppliers")
"""Lists of what all of a city shares."""
NOBODY = {
    "GET /sign-in/oidc": "where an identity provider is set",
    "GET /sign-in/oidc/callback": "comes back from the identity provider",
    "POST /sign-in/demo": "in the demo",
    "POST /settings/groups": "where an identity provider is set: administrators",
}
"""Routes that the city of the tests has no use for, with who may."""


@dataclass(frozen=True)
class Row:
    """A route, with an answer for each asker in their order."""

    route: str
    answers: tuple[str, ...]
    note: str = ""


def api_rows(city: City) -> Iterator[Row]:
    document: Any = city.client.app.openapi()  # type: ignore[attr-defined]
    for path, methods in sorted(document["paths"].items()):
        for method, operation in methods.items():
            route = f"{method.upper()} {path}"
            body = OWN.get(route) or body_of(operation, document, city.ids)
            yield _row(city, route, _call(city, route, json=_named(body, city), params=QUERIES.get(route)))


def page_rows(city: City) -> Iterator[Row]:
    for method in ("GET", "POST"):
        for path in paths(method):
            yield _row(city, f"{method} {path}", _page(city, f"{method} {path}"))


def _named(body: Any, city: City) -> Any:
    """A body with the ids of the city in the place of their names in braces."""
    if isinstance(body, dict):
        return {name: _named(value, city) for name, value in body.items()}
    return city.ids[body[1:-1]] if isinstance(body, str) and body[:1] == "{" else body


Ask = Callable[[Asker], Response]


def _call(city: City, route: str, **sent: Any) -> Ask:
    method, path = route.split()
    address = _address(path, city)
    return lambda asker: city.client.request(method, address, headers=asker.api, **sent)


def _page(city: City, route: str) -> Ask:
    method, path = route.split()
    address = _address(path, city)
    if method == "GET":
        return lambda asker: city.client.get(address, headers=asker.pages)
    fields = FORMS.get(route, {})
    files = {"file": ("ledger.csv", b"")} if path == "/imports/new" else None

    def send(asker: Asker) -> Response:
        return city.client.post(address, headers=asker.pages, data={"csrf": asker.csrf} | fields, files=files)

    return send


def _address(path: str, city: City) -> str:
    ids = city.ids | ({"contracts": city.ids["closed"]} if path.endswith(("/closure", "/closure/void")) else {})
    return filled(path, ids)


def _row(city: City, route: str, ask: Ask) -> Row:
    told = [(asker, ask(asker)) for asker in city.askers]
    broken = [f"{route}: {answer.status_code} to {asker}" for asker, answer in told if answer.status_code >= 500]
    assert not broken, broken
    unsafe = [lack for _, answer in told for lack in lacking(answer, route.split()[1])]
    assert not unsafe, f"{route}: {unsafe[0]}"
    path = route.split()[1].removeprefix("/api/v1")
    mark = SHARED if path.startswith(OF_THE_CITY) else MARK
    listing = route.startswith("GET") and "{" not in path and any(_holds(answer, mark) for _, answer in told)
    answers = tuple(_judged(answer, route, mark if listing else "") for _, answer in told)
    if MAY not in answers:
        assert route in NOBODY, f"{route}: nobody may, {[answer.status_code for _, answer in told]}; see NOBODY"
    elif "{" in route or _names_the_unit(route):
        unasked = f"{route}: foreign people get {told[-1][1].status_code} {told[-1][1].text[:200]}; see OWN"
        assert told[-1][1].status_code != 422 or answers[-1] == MAY_NOT, unasked
    return Row(route, answers, NOBODY.get(route, ""))


def _names_the_unit(route: str) -> bool:
    """Whether the body of a call, which has no id in its address, names a thing of the unit."""
    return route.startswith("POST /api/") and route.endswith(("/units", "/procurements", "/contracts", "/projects"))


def _judged(answer: Response, route: str, mark: str) -> str:
    status = answer.status_code
    to_log_in = route.startswith("GET") and answer.headers.get("location", "").startswith("/sign-in")
    if status in {401, 403, 404} or (status == 303 and to_log_in):
        return MAY_NOT
    if status == 422 and "json" in answer.headers["content-type"] and UNSEEN.fullmatch(answer.json()["code"]):
        return MAY_NOT
    return MAY if not mark or _holds(answer, mark) else NOTHING


def _holds(answer: Response, mark: str) -> bool:
    if not answer.content.startswith(b"PK"):
        return mark.encode() in answer.content or mark.encode("utf-16-be").hex().encode() in answer.content
    with ZipFile(BytesIO(answer.content)) as workbook:
        return any(mark.encode() in workbook.read(name) for name in workbook.namelist())


# --- Written down

HEAD = """# Who may what

Made by `python -m tests.access` from the answers of the running service, and compared with them by
`tests/access/test_table.py`: edit neither this nor a list of rights, there is none. Every route was asked by someone
who has not logged in, and by someone of every role: with the role in the unit where the thing lies or above it (own),
in another division of the same city (sibling), and in another city (foreign). A cell has one sign for each, in this
order.

| sign | the answer |
| --- | --- |
| ✓ | lets in; of lists: tells something of the unit's things |
| ○ | a list, a report or the way to another page, with nothing of the unit in it |
| – | 401, 403, 404, the way to the log-in, or "there is no such thing among yours" |

- *owner of the contract* has the role `contract_owner`, and the contract asked for is their own.
- Who writes is asked with a body that the rules would take or refuse for what it says, after they have seen who sends
  it; what was written is taken back. A form that begins something new, and names nothing of the unit, is shown to all
  who may begin such a thing anywhere.
- The user asked about, and whose token is asked for, is the one who asks in the column `contract_owner` (own); sessions
  are an administrator's.
- Suppliers are shared within a city. What a link in a mail opens (`/owner/…`, `/password/…`, `/s/…`,
  `/calendar/….ics`) is opened by whoever has the link, whatever their role, and is not listed.
- An API token opens at most what this table says of its user, within its scopes.
"""


SECTIONS: dict[str, Callable[[City], Iterator[Row]]] = {"API": api_rows, "Pages": page_rows}


def section(title: str, found: Sequence[Row], askers: Sequence[Asker]) -> str:
    names = ["not logged in", *(f"`{role}`" for role in ROLES), OWNER]
    lines = [f"## {title}", "", f"| route | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
    for row in found:
        note = f" ({row.note})" if row.note else ""
        lines.append(f"| `{row.route}`{note} | {' | '.join(_cells(row, askers))} |")
    return "\n".join(lines) + "\n"


def written(city: City) -> str:
    return "\n".join([HEAD, *(section(title, list(rows(city)), city.askers) for title, rows in SECTIONS.items())])


def _cells(row: Row, askers: Sequence[Asker]) -> Iterator[str]:
    by = {(asker.role, asker.place): answer for asker, answer in zip(askers, row.answers, strict=True)}
    yield by["", ""]
    for role in ROLES:
        yield "".join(by[role, place] for place in PLACES)
    yield by[OWNER, "own"]
