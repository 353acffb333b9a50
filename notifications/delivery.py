"""What a sender promises, and how sending can fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol

from notifications.render import one_line

REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Delivery:
    """An accepted message; `refused` are the copy recipients who were not, with the server's reason."""

    refused: Mapping[str, str] = field(default_factory=dict)


class SendError(Exception):
    """Not sent, or not known to be. `reason` is one line of at most 300 characters, without credentials."""

    def __init__(self, reason: str) -> None:
        self.reason = short(reason)
        super().__init__(self.reason)


class TemporarySendError(SendError):
    """Worth trying again. `may_have_arrived`: the connection was lost while the server was taking the message."""

    def __init__(self, reason: str, may_have_arrived: bool = False) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived


class RecipientPutOff(TemporarySendError):
    """The server takes nothing for the message's own recipient for now, as where the mailbox is full; of others it
    does."""


class PermanentSendError(SendError):
    """The server refused this message or its recipient for good; nothing was sent."""


class RecipientRefused(PermanentSendError):
    """The server knows the message's own recipient not, or no longer: another message will fare no better."""


class Sender(Protocol):
    """Sends a message.

    The recipients that stand in the message's To decide: if all of them are refused, nothing goes to anyone; if one is
    accepted, the message is sent and the others refused are told in the Delivery. Raises TemporarySendError or
    PermanentSendError, nothing else, for what the world does.
    """

    def send(self, message: EmailMessage, sender: str, recipients: Sequence[str]) -> Delivery: ...


def short(reason: str) -> str:
    line = one_line(reason)
    return line if len(line) <= REASON_LENGTH else line[: REASON_LENGTH - 1] + "…"
