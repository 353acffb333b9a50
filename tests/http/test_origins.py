"""Whose address gets into the trail: over a real server, with and without a proxy that is trusted."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.http.origins import where_of
from app.services.acting import Channel, Where


async def tells(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the address that the trail would keep."""
    await PlainTextResponse(where_of(Request(scope), Channel.WEB).address)(scope, receive, send)


@contextmanager
def server() -> Iterator[str]:
    config = uvicorn.Config(tells, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    socket = config.bind_socket()
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join(10)


@pytest.mark.parametrize(
    ("trusted", "sent", "address"),
    [
        (None, None, "127.0.0.1"),
        (None, "198.51.100.9", "198.51.100.9"),
        (None, "6.6.6.6, 198.51.100.9", "198.51.100.9"),
        (None, "198.51.100.9, not an address", ""),
        ("10.0.0.1", "198.51.100.9", "127.0.0.1"),
        ("127.0.0.1,10.0.0.0/8", "6.6.6.6, 198.51.100.9, 10.0.0.7", "198.51.100.9"),
    ],
)
def test_only_a_trusted_proxy_says_who_the_client_is(
    monkeypatch: pytest.MonkeyPatch, trusted: str | None, sent: str | None, address: str
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    if trusted is not None:
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", trusted)
    with server() as at:
        assert httpx2.get(at, headers={"X-Forwarded-For": sent} if sent else {}, timeout=10).text == address


@pytest.mark.parametrize(
    ("client", "where"),
    [
        (("192.0.2.7", 5), Where(Channel.API, "192.0.2.7")),
        (("2001:DB8::7", 5), Where(Channel.API, "2001:db8::7")),
        (("<script>", 5), Where(Channel.API)),
        (None, Where(Channel.API)),
    ],
)
def test_what_is_no_address_is_not_kept(client: tuple[str, int] | None, where: Where) -> None:
    scope = {"type": "http", "client": client, "headers": []}
    assert where_of(Request(scope), Channel.API) == where
