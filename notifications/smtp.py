"""SMTP: the settings as a URL, and a sender that says whether a failure is worth trying again.

The dialogue is spoken step by step rather than with smtplib's sendmail, because nothing may go to a copy recipient
when the mail's own recipient is refused, and because only the step tells whether a lost message may have arrived.
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from notifications.delivery import (
    Delivery,
    PermanentSendError,
    RecipientPutOff,
    RecipientRefused,
    SendError,
    TemporarySendError,
)

STEP_TIMEOUT_SECONDS = 30.0
WHOLE_TIMEOUT_SECONDS = 120.0
# What the server says after the message was accepted changes nothing; it is not waited for longer than this.
QUIT_TIMEOUT_SECONDS = 5.0

_SENDER = "MAIL FROM"
_PORTS = {"none": 25, "starttls": 587, "tls": 465}
# "Authentication required", "too weak", "failed", "encryption needed": settings to be mended, not this mail's fault.
_SETTINGS_AT_FAULT = frozenset({530, 534, 535, 538})
_MAILBOX_FULL = re.compile(rb"[45]\.2\.2\b")
"""Servers say so for good, and it passes once its owner has cleared up: "should be used as a persistent transient
failure" (RFC 3463, X.2.2). So it is tried again, and says nothing of whether the address is right."""
_MAILBOX_UNAVAILABLE = 450
"""Of the answers for now the one that is about the recipient (RFC 5321, 4.2.3). 452, not enough room, is about the
server, unless its code says that the mailbox is full."""
_OURS_BY_CODE = re.compile(rb"[45]\.(7\.|1\.[78]\b|[35]\.)")
"""Answers to a recipient that are not about the recipient: a policy (not from here, not this sender), our own address
(5.1.7 and 5.1.8; servers such as Postfix speak of it only here), the server, or what we said to it."""
_OURS_BY_WORD = re.compile(rb"(?![45]\.\d)(?s:.*)\b(sender|relay|authenticat|policy)", re.IGNORECASE)
"""The same of servers such as Exim, which give no such code."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server; `tls` is "none", "starttls" or "tls" (from the first byte on)."""

    host: str
    port: int
    tls: str = "none"
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def smtp_settings(url: str) -> SmtpSettings:
    """Settings from `smtp://user:password@host:587?tls=starttls` or `smtps://…`; user and password percent-encoded.

    Without ?tls=, smtps means "tls" and smtp means "none"; a user name is refused without TLS unless the host is this
    machine. Ports default to 25, 587 (starttls) and 465 (tls). Raises ValueError with a sentence that never repeats
    the password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise ValueError("The SMTP address cannot be read; it should look like smtp://host:25.") from None
    if parts.scheme not in {"smtp", "smtps"} or not host or parts.path not in {"", "/"} or parts.fragment:
        raise ValueError("The SMTP address should look like smtp://host:25 or smtps://user:password@host:465.")
    settings = SmtpSettings(
        host=host,
        port=port if port is not None else _PORTS[_tls(parts.scheme, query)],
        tls=_tls(parts.scheme, query),
        user=_credential(parts.username),
        password=_credential(parts.password),
    )
    _check(settings)
    return settings


def _tls(scheme: str, query: dict[str, list[str]]) -> str:
    if set(query) - {"tls"} or len(query.get("tls", [])) > 1:
        raise ValueError("The SMTP address takes one option only: ?tls=none, ?tls=starttls or ?tls=tls.")
    asked = query.get("tls", ["tls" if scheme == "smtps" else "none"])[0]
    if asked not in _PORTS:
        raise ValueError("In the SMTP address, tls must be none, starttls or tls.")
    if scheme == "smtps" and asked != "tls":
        raise ValueError("In the SMTP address, smtps:// means TLS from the start; use smtp:// with ?tls= otherwise.")
    return asked


def _credential(encoded: str | None) -> str | None:
    # An empty name or password is no name or password: "smtp://:@host" is what an unset variable leaves.
    # What is not UTF-8 becomes a replacement sign, which is not ASCII and so is refused without being repeated.
    return unquote(encoded, errors="replace") if encoded else None


def _check(settings: SmtpSettings) -> None:
    if settings.port == 0:
        raise ValueError("The port of the SMTP address must be between 1 and 65535.")
    if (settings.user is None) != (settings.password is None):
        raise ValueError("The SMTP address needs both a user name and a password, or neither.")
    if not all((text or "").isascii() and (text or "x").isprintable() for text in (settings.user, settings.password)):
        raise ValueError("The user name and the password of the SMTP address must be printable ASCII.")
    if settings.user is not None and settings.tls == "none" and not _is_loopback(settings.host):
        raise ValueError("The SMTP address has a password but no TLS; add ?tls=starttls or use smtps://.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Watched:
    """An smtplib client that is cut off when the whole time is up, however slowly the server dribbles."""

    def __init__(self, host: str, port: int, *, whole_timeout: float, **options: Any) -> None:
        self._watch = threading.Timer(whole_timeout, self._cut)
        self._watch.daemon = True
        self._watch.start()
        try:
            super().__init__(host, port, **options)  # type: ignore[call-arg]
        except BaseException:
            self.release()
            raise

    def _cut(self) -> None:
        sock: socket.socket | None = getattr(self, "sock", None)
        if sock is not None:
            # The plain socket's method: SSLSocket's own would take the TLS layer from under the other thread.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def release(self) -> None:
        self._watch.cancel()
        self._watch.join()


class _Client(_Watched, smtplib.SMTP):
    pass


class _TlsClient(_Watched, smtplib.SMTP_SSL):
    pass


class SmtpSender:
    """Sends through an SMTP server, one connection a message.

    `step_timeout` and `whole_timeout` are seconds: for each answer of the server, and for everything from the
    connection on (the name look-up before it has the time limit of the operating system).
    """

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        ssl_context: ssl.SSLContext | None = None,
        step_timeout: float = STEP_TIMEOUT_SECONDS,
        whole_timeout: float = WHOLE_TIMEOUT_SECONDS,
    ) -> None:
        self._settings = settings
        self._context = ssl_context or ssl.create_default_context()
        self._step_timeout = step_timeout
        self._whole_timeout = whole_timeout

    def send(self, message: EmailMessage, sender: str, recipients: Sequence[str]) -> Delivery:
        """Sends; see Sender. Raises ValueError for an address that could end an SMTP command."""
        for address in (sender, *recipients):
            if not re.fullmatch(r"[!-;=?-~]+", address):
                raise ValueError("An e-mail address must be ASCII without spaces.")
        with self._connected() as client:
            _expect(client.mail(sender), _SENDER)
            refused = _offer(client, recipients, _primary(message, recipients))
            _transmit(client, message.as_bytes())
        return Delivery(refused)

    def greet(self) -> None:
        """Goes as far as a mail would: connects, encrypts, logs in. Sends none. Raises SendError."""
        with self._connected() as client:
            _expect(client.noop(), "NOOP")

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        where = f"{self._settings.host}:{self._settings.port}"
        client: _Client | _TlsClient | None = None
        try:
            client = self._connect()
            self._secure(client)
            yield client
            _leave(client)
        except SendError:
            if client is not None:
                _leave(client)
            raise
        except (OSError, smtplib.SMTPException) as error:
            raise TemporarySendError(f"{where}: {_connection_trouble(error)}") from error
        finally:
            if client is not None:
                client.release()
                client.close()

    def _connect(self) -> _Client | _TlsClient:
        host, port = self._settings.host, self._settings.port
        timeouts = {"timeout": self._step_timeout, "whole_timeout": self._whole_timeout}
        if self._settings.tls == "tls":
            return _TlsClient(host, port, context=self._context, **timeouts)
        return _Client(host, port, **timeouts)

    def _secure(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self._settings.tls == "starttls":
            # Raises where the server does not offer it: never in the clear when TLS was asked for.
            client.starttls(context=self._context)
            client.ehlo()
        if self._settings.user is not None and self._settings.password is not None:
            try:
                client.login(self._settings.user, self._settings.password)
            except smtplib.SMTPResponseException as error:
                # Not the server's own words here: some repeat what was sent to them, which was the password.
                reason = f"the server did not accept the user name and password ({error.smtp_code})"
                raise TemporarySendError(reason) from None
            except ValueError as error:
                raise TemporarySendError("the server asked for the password in a way that makes no sense") from error


def _primary(message: EmailMessage, recipients: Sequence[str]) -> frozenset[str]:
    header = message["To"]
    addressed = {address.addr_spec for address in header.addresses} if header is not None else set()
    return frozenset(addressed & set(recipients)) or frozenset(recipients)


def _offer(client: smtplib.SMTP, recipients: Sequence[str], primary: frozenset[str]) -> dict[str, str]:
    """Names the recipients to the server; returns those refused, or raises where no primary one was accepted."""
    refused: dict[str, str] = {}
    failures: list[SendError] = []
    # The mail's own recipients first: the copies need not be named where these are refused.
    for recipient in sorted(recipients, key=lambda address: address not in primary):
        if recipient not in primary and len(failures) == len(primary):
            break
        try:
            _expect_recipient(client.rcpt(recipient))
        except SendError as error:
            refused[recipient] = error.reason
            if recipient in primary:
                failures.append(error)
    if len(failures) == len(primary):
        raise next((error for error in failures if isinstance(error, TemporarySendError)), failures[0])
    return refused


def _transmit(client: smtplib.SMTP, content: bytes) -> None:
    code, reply = client.docmd("DATA")
    if code != 354:
        _expect((code, reply), "DATA", wanted=354)
    body = re.sub(rb"(?m)^\.", b"..", content)
    body = body if body.endswith(b"\r\n") else body + b"\r\n"
    try:
        client.send(body + b".\r\n")
        answer = client.getreply()
    except (OSError, smtplib.SMTPException) as error:
        # Nobody can say whether the server had the whole message when the connection went.
        trouble = f"while the message was being handed over: {_connection_trouble(error)}"
        raise TemporarySendError(trouble, may_have_arrived=True) from error
    if not 200 <= answer[0] < 600:
        raise TemporarySendError("the server's answer to the message makes no sense", may_have_arrived=True)
    _expect(answer, "the message")


def _expect(answer: tuple[int, bytes], step: str, wanted: int | None = None) -> None:
    code, reply = answer
    if code == wanted or (wanted is None and 200 <= code < 300):
        return
    reason = f"{code} {reply.decode('utf-8', 'replace')} (in answer to {step})"
    full = _MAILBOX_FULL.match(reply)
    if full and step != _SENDER:  # there it is our own that is full
        raise RecipientPutOff(reason)
    if 500 <= code < 600 and code not in _SETTINGS_AT_FAULT and not full:
        raise PermanentSendError(reason)
    raise TemporarySendError(reason)


def _expect_recipient(answer: tuple[int, bytes]) -> None:
    """Says whether it is the address that the server does not take. One refused because of us may be right, and it
    would else look as if everybody had gone."""
    code, reply = answer
    ours = _OURS_BY_CODE.match(reply) or _OURS_BY_WORD.match(reply)
    try:
        _expect(answer, "RCPT TO")
    except PermanentSendError as error:
        if ours:
            raise
        raise RecipientRefused(error.reason) from None
    except TemporarySendError as error:
        if ours or code != _MAILBOX_UNAVAILABLE:
            raise
        raise RecipientPutOff(error.reason) from None


def _leave(client: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        if client.sock is not None:
            client.sock.settimeout(QUIT_TIMEOUT_SECONDS)
        client.quit()


def _connection_trouble(error: Exception) -> str:
    """A sentence for a failed connection, from the kind of error rather than its text, which may hold credentials."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
        return f"the server answered {error.smtp_code} {words}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"the server does not offer what the settings ask for ({error})"
    # smtplib puts its own exception around a time-out; what it was is in the context.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the server closed the connection"
    if isinstance(error, smtplib.SMTPException):
        return f"the server did something unexpected ({type(error).__name__})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate was not accepted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason})"
    if isinstance(error, socket.gaierror):
        return "the name of the server was not found"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return f"the connection failed ({getattr(error, 'strerror', None) or type(error).__name__})"
