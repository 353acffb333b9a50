"""Ways to send a message: SMTP, files, memory. The one place to import senders, envelopes and their errors from."""

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from notifications.delivery import (
    Delivery,
    PermanentSendError,
    RecipientPutOff,
    RecipientRefused,
    Sender,
    SendError,
    TemporarySendError,
)
from notifications.envelope import Address, Envelope, build_email, parse_address
from notifications.smtp import SmtpSender, SmtpSettings, smtp_settings

__all__ = [
    "Address",
    "Delivery",
    "Envelope",
    "FileSender",
    "PermanentSendError",
    "RecipientPutOff",
    "RecipientRefused",
    "RecordingSender",
    "SendError",
    "Sender",
    "Sent",
    "SmtpSender",
    "SmtpSettings",
    "TemporarySendError",
    "build_email",
    "parse_address",
    "smtp_settings",
]


class FileSender:
    """Writes each message as `<message id>.eml` into a directory, which it makes; the same message id overwrites."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def send(self, message: EmailMessage, sender: str, recipients: Sequence[str]) -> Delivery:
        try:
            self._write(self.path_of(str(message["Message-ID"])), message.as_bytes())
        except OSError as error:
            raise TemporarySendError(f"The message could not be written: {error.strerror or error}.") from error
        return Delivery()

    def path_of(self, message_id: str) -> Path:
        """Where the message with this id is written; ids that are no file names get one with a hash in it."""
        name = message_id.strip("<>")
        safe = re.sub(r"[^A-Za-z0-9._@+-]", "_", name)[:200].lstrip(".")
        if safe != name:
            safe = f"{safe[:150]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
        return self.directory / f"{safe}.eml"

    def _write(self, path: Path, content: bytes) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self.directory, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # Only a whole file gets the name: whoever reads the directory never sees half a message.
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


@dataclass(frozen=True, slots=True)
class Sent:
    """What a RecordingSender was given."""

    message: EmailMessage
    sender: str
    recipients: tuple[str, ...]


class RecordingSender:
    """Keeps messages in memory, for tests. `failures` are raised first, one a call; None in it lets a message pass."""

    def __init__(self, failures: Sequence[SendError | None] = ()) -> None:
        self.sent: list[Sent] = []
        self.failures = list(failures)

    def send(self, message: EmailMessage, sender: str, recipients: Sequence[str]) -> Delivery:
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        self.sent.append(Sent(message, sender, tuple(recipients)))
        return Delivery()
