"""A rendered mail and its addresses to an e-mail message: the same envelope always gives the same bytes."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, getaddresses
from typing import Any

from notifications.render import Mail, one_line

# Unquoted addresses only (RFC 5321 dot-string); nothing in them can end a header or an SMTP command.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_MESSAGE_ID = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*>")
_MESSAGE_ID_LENGTH = 250
_URL = re.compile(r"https?://[!-;=?-~]+")
_URL_LENGTH = 900


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox; `name` may be empty. Raises ValueError for an address that is not local-part@domain in ASCII.

    A domain with other letters is written in its ASCII form. A name becomes one line.
    """

    email: str
    name: str = ""

    def __post_init__(self) -> None:
        email = _ascii_domain(self.email)
        if not _ADDRESS.fullmatch(email) or len(email) > 254:
            raise ValueError(f"{one_line(self.email)[:80]!r} is not an e-mail address.")
        object.__setattr__(self, "email", email)
        object.__setattr__(self, "name", one_line(self.name))


def parse_address(text: str) -> Address:
    """An address written as `name@example.org` or `Some Name <name@example.org>`; ValueError for anything else."""
    if one_line(text) != text.strip():
        raise ValueError("An e-mail address must be on one line, without control characters.")
    found = getaddresses([text])
    if len(found) != 1 or not found[0][1]:
        raise ValueError(f"{one_line(text)[:80]!r} is not an e-mail address.")
    name, email = found[0]
    return Address(email, name)


def _ascii_domain(email: str) -> str:
    local, at, domain = email.rpartition("@")
    if domain.isascii():
        return email
    try:
        return local + at + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return email  # refused by the pattern


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything about one mail.

    `message_id` is "<…@…>" and given by the caller, so that a second copy is known as one. `date` must have a time
    zone. `unsubscribe_url` is a page whose GET asks and whose POST acts. Raises ValueError for no recipient, a
    malformed message id or URL, and a date without time zone.
    """

    to: tuple[Address, ...]
    sender: Address
    message_id: str
    date: datetime
    mail: Mail
    cc: tuple[Address, ...] = ()
    unsubscribe_url: str | None = None

    def __post_init__(self) -> None:
        if not self.to:
            raise ValueError("A mail needs a recipient.")
        if not _MESSAGE_ID.fullmatch(self.message_id) or len(self.message_id) > _MESSAGE_ID_LENGTH:
            raise ValueError("A message id must look like <something@example.org>.")
        if self.date.utcoffset() is None:
            raise ValueError("The date of a mail needs a time zone.")
        url = self.unsubscribe_url
        if url is not None and (not _URL.fullmatch(url) or len(url) > _URL_LENGTH):
            raise ValueError("The unsubscribe link must be an http(s) address without spaces, in ASCII.")

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses of To and Cc, each once, To first."""
        return tuple(dict.fromkeys(address.email for address in (*self.to, *self.cc)))


def build_email(envelope: Envelope) -> EmailMessage:
    """The message to send: text and HTML in UTF-8, 7-bit on the wire, no line over 998 characters."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _header_address(envelope.sender)
    message["To"] = _header_addresses(envelope.to)
    if envelope.cc:
        message["Cc"] = _header_addresses(envelope.cc)
    message["Subject"] = one_line(envelope.mail.subject)
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if envelope.unsubscribe_url:
        # Without List-Unsubscribe-Post: mail programs must not act in the reader's name, only open the page.
        message["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
    message.set_content(envelope.mail.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(envelope.mail.html, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = envelope.mail.language  # last: setting the content drops the Content- headers
    # "=_" cannot occur in quoted-printable text, so the boundary never does; fixed, so that a second copy is identical.
    digest = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:32]
    message.set_boundary(f"=_siepp_{digest}")
    return message


def _header_address(address: Address) -> HeaderAddress:
    return HeaderAddress(display_name=address.name, addr_spec=address.email)


def _header_addresses(addresses: Iterable[Address]) -> tuple[HeaderAddress, ...]:
    return tuple(_header_address(address) for address in addresses)


class _SettledHeaders(EmailPolicy):
    """Writes the headers that the standard folding spoils.

    In Python 3.11 it drops the quotes of a long display name ("Meikäläinen, Maija" becomes two addresses) and encodes a
    long List-Unsubscribe link, which no mail program decodes. Ours are also the same in every version of Python.
    """

    def fold(self, name: str, value: Any) -> str:
        lowered = name.lower()
        if lowered in {"from", "to", "cc"}:
            return f"{name}: " + ",\r\n ".join(_folded_address(address) for address in value.addresses) + "\r\n"
        if lowered == "subject":
            return f"{name}: {_folded_text(str(value), len(name) + 2)}\r\n"
        if lowered in {"list-unsubscribe", "message-id"}:
            return f"{name}: {value}\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


_POLICY = _SettledHeaders(linesep="\r\n", cte_type="7bit")


def _folded_address(address: HeaderAddress) -> str:
    name = address.display_name
    if not name:
        return address.addr_spec
    if name.isascii() and "=?" not in name and len(name) <= 60:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address.addr_spec}>'
    return f"{_encoded(name, 10)}\r\n <{address.addr_spec}>"


def _folded_text(text: str, start: int) -> str:
    if text.isascii() and "=?" not in text and all(len(word) < 60 for word in text.split(" ")):
        return Header(text, "us-ascii", maxlinelen=76, header_name="x" * (start - 2)).encode(linesep="\r\n")
    return _encoded(text, start)


def _encoded(text: str, start: int) -> str:
    """RFC 2047 words of at most 75 characters, one a line; `start` columns of the first line are taken."""
    return Header(text, "utf-8", maxlinelen=76, header_name="x" * (start - 2)).encode(linesep="\r\n")
