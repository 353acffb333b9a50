"""Messages: what was mailed to owners, or waits to be."""

from datetime import datetime

from pydantic import Field

from app.rules.codes import MessageKind, MessageStatus
from app.rules.reminders import ReminderKind
from app.schemas.fields import Day, Input, Key, Line, Listing, Output


class MessageFilter(Input):
    """Which messages to show; what is left out does not narrow."""

    status: MessageStatus | None = Field(default=None, description="Only of this status.", examples=["refused"])
    to: Line | None = Field(default=None, description="A part of the recipient's name or address.", examples=["olli"])
    contract: Line | None = Field(
        default=None, description="A part of the contract's reference or of its procurement's title.", examples=["S-17"]
    )
    contract_id: Key | None = Field(
        default=None, description="Only about this contract.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"]
    )
    for_on: Day | None = Field(default=None, description="Only of this day.", examples=["2019-03-02"])


class ToldRead(Output):
    """One reminder in a message."""

    kind: ReminderKind = Field(description="Kind of reminder.", examples=["window_closing"])
    contract_id: str = Field(description="Contract it is about.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506171"])
    key: str = Field(description="What makes it unique on the contract.", examples=["2019-05-31/30"])
    withdrawn: bool = Field(description="Its reason was gone before it was sent.", examples=[False])


class MessageItem(Output):
    """A message without its text."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506175"])
    kind: MessageKind = Field(description="The day's reminders, or a handover.", examples=["reminders"])
    status: MessageStatus = Field(description="What became of it.", examples=["sent"])
    to: str = Field(description="Address of the contract owner.", examples=["owner@example.org"])
    language: str = Field(description="Language it is written in.", examples=["fi"])
    subject: str | None = Field(
        description="Subject; empty until it is worded.", examples=["Aloitus viimeistään 31.5.2019"]
    )
    message_id: str | None = Field(
        description="Message-ID; the same in every copy.", examples=["<01932f7a5c7b7e6f9a3c1d2e4f506175@example.org>"]
    )
    reminders: list[ToldRead] = Field(description="What it tells of contracts you see.", examples=[[]])
    attempts: int = Field(description="How often delivery was tried.", examples=[1])
    next_attempt_at: datetime | None = Field(description="When it is tried next.", examples=[None])
    last_error: str | None = Field(description="What the mail server said last.", examples=["450 try again later"])
    created_at: datetime = Field(description="When it was decided.", examples=["2019-03-02T05:00:00Z"])
    sent_at: datetime | None = Field(description="When the mail server took it.", examples=["2019-03-02T05:00:31Z"])


class MessageRead(MessageItem):
    """A message with its text, where you see every contract it speaks of."""

    text: str | None = Field(description="The text part.", examples=["Hei Olli, …"])
    html: str | None = Field(description="The HTML part.", examples=["<!doctype html>…"])


class MessageList(Listing):
    """Messages to owners of contracts you see."""

    items: list[MessageItem] = Field(description="The newest first.", examples=[[]])
