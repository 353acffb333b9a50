"""An address finds its route at one look, and the same route that FastAPI would find by trying all."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Match

from app.http.directory import Directory
from app.main import API, ROUTERS, create_app
from app.storage.session import Database
from app.web.routers import PAGES
from tests.conftest import settings_for

ADDRESSES = [
    (method, prefix + route.path.replace("{", "").replace("}", ""))  # type: ignore[attr-defined]
    for prefix, routers in ((API, ROUTERS), ("", PAGES))
    for router in routers
    for route in router.routes
    for method in sorted(route.methods)  # type: ignore[attr-defined]
]


def scope_of(app: FastAPI, method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": [], "app": app}


def found(app: FastAPI, method: str, path: str, *, directory: bool) -> Any:
    """The router that FastAPI passes the request on to."""
    for route in app.router.routes:
        if isinstance(route, Directory) and not directory:
            continue
        match, child_scope = route.matches(scope_of(app, method, path))
        if match is Match.FULL:
            return child_scope["siepp.directory"] if isinstance(route, Directory) else route
    return None


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The whole application, once: where its routes are does not depend on a database, and to try them all builds
    them all."""
    database = Database("sqlite://")
    yield create_app(settings_for("sqlite://", tmp_path_factory.mktemp("app")), database)
    database.dispose()


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_every_route_is_found_where_it_was(app: FastAPI, method: str, path: str) -> None:
    assert found(app, method, path, directory=True) is found(app, method, path, directory=False)


def test_the_directory_knows_all_routes(app: FastAPI) -> None:
    [directory] = [route for route in app.router.routes if isinstance(route, Directory)]
    assert all(directory.matches(scope_of(app, *address))[0] is Match.FULL for address in ADDRESSES)


def test_what_it_does_not_know_is_answered_as_ever(client: TestClient) -> None:
    assert client.get("/nowhere").status_code == 404
    assert client.put("/api/v1/contracts").status_code == 405
    assert client.get("/static/icon.svg").status_code == 200
