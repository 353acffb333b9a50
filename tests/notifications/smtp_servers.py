"""Mail servers on loopback: real ones (aiosmtpd), and a scripted one for what a real one does not do."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "siepp@example.org", "s/ecret:%@word"


@dataclass
class Mailbox:
    """What arrived, and a handler for aiosmtpd whose answers can be set by step ("MAIL", "RCPT <address>", "DATA")."""

    answers: dict[str, str] = field(default_factory=dict)
    arrived: list[Envelope] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    seconds_before_answer: float = 0

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: Any) -> str:
        if "MAIL" not in self.answers:
            envelope.mail_from = sender
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any) -> str:
        self.named.append(to)
        answer = self.answers.get(f"RCPT {to}", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds_before_answer)
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.arrived.append(envelope)
        return answer


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(mailbox: Mailbox, implicit_tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """Runs an aiosmtpd server; gives its port. `options` go to aiosmtpd's SMTP."""
    loop = asyncio.new_event_loop()
    sessions: list[SMTP] = []

    def factory() -> SMTP:
        sessions.append(SMTP(mailbox, hostname="mail.example.org", loop=loop, **options))
        return sessions[-1]

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    starting = loop.create_server(factory, "127.0.0.1", 0, ssl=implicit_tls)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result(30)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_shut(server, sessions), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _shut(server: asyncio.Server, sessions: list[SMTP]) -> None:
    server.close()
    for session in sessions:
        if session.transport is not None:
            session.transport.abort()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)


@contextmanager
def scripted_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Accepts one connection, hands it to `talk`, then closes it; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    connection.settimeout(30)
                    talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            # Wakes the accept of a server that nobody called.
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(31)


def dialogue(connection: socket.socket, last: str, answers: dict[str, str] | None = None) -> None:
    """Greets and answers 250 (354 to DATA) or as told, up to and with the command that begins with `last`."""
    connection.sendall(b"220 mail.example.org\r\n")
    lines = connection.makefile("rb")
    with lines:
        for line in lines:
            command = line.decode().strip()
            known = (answers or {}).items()
            answer = next((text for start, text in known if command.upper().startswith(start)), None)
            default = "354 go on" if command.upper() == "DATA" else "250 OK"
            connection.sendall(f"{answer or default}\r\n".encode())
            if command.upper().startswith(last):
                return


def until_closed(connection: socket.socket) -> None:
    """Reads and says nothing until the client goes away."""
    while connection.recv(65536):
        pass
