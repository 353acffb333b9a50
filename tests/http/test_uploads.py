"""Files that come slowly: whoever sends them keeps no thread of the service for long."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from types import SimpleNamespace
from typing import Any, cast

import anyio
import pytest
from starlette.requests import Request

from app.http import uploads
from app.http.uploads import body_pieces
from app.rules.errors import RuleBroken
from app.web import imports
from tests.web.signed_in import SignedInBrowser


def read(seconds_between: float, pieces: int) -> bytes:
    """A body that comes a byte at a time, as a route reads it."""

    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(pieces):
            await anyio.sleep(seconds_between)
            yield b"x"

    request = cast(Request, SimpleNamespace(stream=dripping))

    async def reading() -> bytes:
        return await anyio.to_thread.run_sync(lambda: b"".join(body_pieces(request)))

    with ThreadPoolExecutor(1) as apart:  # tests in a browser leave their own event loop in this thread
        return apart.submit(anyio.run, reading).result()


def test_a_body_of_a_byte_now_and_then_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PATIENCE_SECONDS", 0.5)
    assert read(0, 100) == b"x" * 100
    with pytest.raises(RuleBroken) as refused:
        read(0.05, 100)
    assert refused.value.code == "upload_incomplete"


def test_only_so_many_forms_are_read_at_once(
    browser_of: Callable[[str], SignedInBrowser], monkeypatch: pytest.MonkeyPatch
) -> None:
    door: Any = BoundedSemaphore(1)
    monkeypatch.setattr(imports, "DOOR", door)
    browser = browser_of("officer").client
    files = {"file": ("ledger.csv", b"x")}
    with door:
        busy = browser.post("/imports/new", files=files)
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "60")
    assert browser.post("/imports/new", files=files).status_code != 503
    assert door.acquire(blocking=False)
