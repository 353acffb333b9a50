"""A request's transaction lives in one thread: it is opened, used and closed where its route runs.

Left to itself FastAPI changes threads three times for a dependency that has a beginning and an end: for the one, the
route and the other. Each change costs as much as a query, and more while other requests want the interpreter. So such
a dependency only says how to open what the route wants, and the thread of the route does the rest. It commits before
the answer leaves: a commit that fails is the request's error.
"""

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import copy
from functools import partial, wraps
from typing import Any, Generic, NoReturn, TypeVar

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

Opened = TypeVar("Opened")


class Opening(Generic[Opened]):
    """What a route wants, not yet open."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Opened]], known: Callable[[], object] | None) -> None:
        self._begin, self._known = begin, known
        self.begun = False

    def open(self) -> AbstractContextManager[Opened]:
        self.begun = True
        return self._begin()

    def refuse(self, error: Exception) -> NoReturn:
        """Raises what is wrong with the request, unless opening raises first: a stranger hears nothing but that."""
        if self._known is not None:
            self._known()
            raise error
        with self.open():
            raise error


def opened_by_route(
    begin: Callable[..., Iterator[Opened]], known: Callable[[Any, Any], object] | None = None
) -> Callable[..., AsyncIterator[Opening[Opened]]]:
    """A dependency, of scope "function", from a generator of one value that FastAPI would take as it is.

    `known` is called with the request and its credentials where the request is wrong, and raises where a stranger sent
    it: for what keeps others waiting, or takes long, when it is opened.
    """
    manager = contextmanager(begin)

    async def dependency(**values: Any) -> AsyncIterator[Opening[Opened]]:
        asking = None if known is None else partial(known, values["request"], values["credentials"])
        opening = Opening(partial(manager, **values), asking)
        try:
            yield opening
        except Exception as error:
            if not opening.begun:
                await run_in_threadpool(opening.refuse, error)
            raise

    dependency.__signature__ = inspect.signature(begin)  # type: ignore[attr-defined]
    return dependency


def in_one_thread(router: APIRouter) -> APIRouter:
    """The router with routes that open what they want themselves; a dependency made by `opened_by_route` needs it."""
    made = copy(router)
    made.routes = [_opening(route) if isinstance(route, APIRoute) else route for route in router.routes]
    return made


def _opening(route: APIRoute) -> APIRoute:
    made = copy(route)
    if not inspect.iscoroutinefunction(route.endpoint):
        made.endpoint = _whole(route.endpoint)
    return made


def _whole(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    def whole(**values: Any) -> Any:
        with ExitStack() as stack:
            for name, value in values.items():
                if isinstance(value, Opening):
                    values[name] = stack.enter_context(value.open())
            return endpoint(**values)

    return whole
