"""The API's own description, and its documentation page."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.storage.session import Database


@pytest.fixture(scope="module")
def document() -> Any:
    """Made without a database: nothing is asked of it."""
    database = Database("sqlite://")
    app = create_app(Settings(**dict.fromkeys(Settings.__slots__)), database)  # type: ignore[arg-type]
    made = app.openapi()
    database.dispose()
    return made


def fields(document: Any) -> Iterator[tuple[str, Any]]:
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            yield f"{name}.{field}", described


def referred(document: Any, field: Any) -> Iterator[Any]:
    """The schemas a field refers to, through unions too."""
    if "$ref" in field:
        yield document["components"]["schemas"][field["$ref"].rpartition("/")[2]]
    for choice in (*field.get("anyOf", ()), *field.get("oneOf", ())):
        yield from referred(document, choice)


def test_every_field_has_a_description_and_an_example(document: Any) -> None:
    """A field that is an object of its own shows the examples of that object's fields."""
    ours = [(name, field) for name, field in fields(document) if not name.startswith(("HTTPValidation", "Validation"))]
    assert len(ours) > 200
    lacking = []
    for name, field in ours:
        others = list(referred(document, field))
        described = field.get("description") or any(other.get("description") for other in others)
        shown = "examples" in field or any("properties" in other for other in others)
        if not (described and shown):
            lacking.append(name)
    assert lacking == []


def test_every_parameter_has_a_description(document: Any) -> None:
    lacking = [
        f"{method} {path}: {parameter['name']}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", [])
        if parameter["in"] != "path" and not parameter.get("description")
    ]
    assert lacking == []


def test_every_call_has_a_summary_of_its_own(document: Any) -> None:
    summaries = [operation["summary"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(summaries) == len(set(summaries))


NAMED_IN_THE_INTERFACE = """
/units /units/{} /users /users/{} /users/{}/grants /tokens /suppliers /suppliers/{} /procurements /procurements/{}
/contracts /contracts/{} /contracts/{}/obligation /contracts/{}/positions /positions/{} /contracts/{}/purchases
/purchases/{} /positions/{}/void /purchases/{}/void /adjustments/{}/void /contracts/{}/notes
/contracts/{}/acknowledgement /contracts/{}/snooze /contracts/{}/adjustments /contracts/{}/options
/contracts/{}/options/{}/exercise /contracts/{}/closure /contracts/{}/handover /contracts/{}/history /summary
/messages /messages/{} /messages/{}/retry
/projects /projects/{} /projects/{}/indicators /projects/{}/observations /projects/{}/summary
"""


def test_every_path_others_build_on_is_there(document: Any) -> None:
    there = {re.sub(r"\{[^}]+\}", "{}", path).removeprefix("/api/v1") for path in document["paths"]}
    assert set(NAMED_IN_THE_INTERFACE.split()) - there == set()
    assert {"/healthz", "/readiness"} <= there


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_documentation_asks_no_other_host(client: TestClient) -> None:
    page = client.get("/docs")
    assert re.findall(r"""(?:src|href)=["'](https?:)?//""", page.text) == []
    for path in re.findall(r"""(?:src|href)=["'](/[^"']+)""", page.text):
        assert client.get(path).status_code == 200
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
