"""Finds the router of an address at one look, where FastAPI tries the routes of every router in turn.

With a hundred and fifty routes the trying takes longer than a query. It also makes FastAPI build every route for the
first request; now a router is built when it is first wanted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import NoReturn

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, NoMatchFound, compile_path
from starlette.types import Receive, Scope, Send

FOUND = "siepp.directory"
PREFIX = "siepp.prefix"


class Directory(BaseRoute):
    """The first of an application's routes: passes a request on to the router that has its path and method. What it
    does not know, it leaves to the routes behind it, which are all there still."""

    def __init__(self) -> None:
        self._routers: dict[str, list[tuple[BaseRoute, str]]] = defaultdict(list)
        self._patterns: dict[str, list[str]] = defaultdict(list)

    def add(self, router: BaseRoute, prefix: str, routes: Iterable[BaseRoute]) -> None:
        """A router as the application includes it, with its routes. Routers are looked at in the order they came in."""
        for route in routes:
            if isinstance(route, APIRoute):
                pattern = compile_path(prefix + route.path)[0].pattern.strip("^$")
                for method in route.methods or ():
                    self._patterns[method].append("(" + re.sub(r"\(\?P<\w+>", "(?:", pattern) + ")")
                    self._routers[method].append((router, prefix))

    @cached_property
    def _whole(self) -> dict[str, re.Pattern[str]]:
        """For each method the paths of all its routes, each of them a group."""
        return {method: re.compile("|".join(patterns)) for method, patterns in self._patterns.items()}

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope.get("root_path") or scope["method"] not in self._whole:
            return Match.NONE, {}
        found = self._whole[scope["method"]].fullmatch(scope["path"])
        if found is None or found.lastindex is None:
            return Match.NONE, {}
        router, prefix = self._routers[scope["method"]][found.lastindex - 1]
        match, child_scope = router.matches(scope)
        return match, {**child_scope, FOUND: router, PREFIX: prefix}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope[FOUND].handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> NoReturn:
        raise NoMatchFound(name, path_params)


def template_of(scope: Scope) -> str:
    """The template of the address that a request was answered at, such as /api/v1/contracts/{contract_id}: what was
    sent may hold what must not be kept. A dash where there is no such route."""
    path = getattr(scope.get("route"), "path", None)
    return "-" if path is None else f"{scope.get(PREFIX, '')}{path}"
