"""/messages: what was mailed to owners, or waits to be."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.rules.codes import MessageStatus
from app.schemas.fields import Key
from app.schemas.messages import MessageItem, MessageList, MessageRead, ToldRead
from app.services import messages
from app.services.messages import Shown
from app.storage.messages import NEWEST_FIRST, Wanted

router = APIRouter(prefix="/messages", tags=["messages"])


def _told(shown: Shown) -> list[ToldRead]:
    return [
        ToldRead(kind=one.kind, contract_id=one.contract_id, key=one.key, withdrawn=one.withdrawn_at is not None)
        for one in shown.told
    ]


def _columns(shown: Shown) -> dict[str, object]:
    """What a message says of all its contracts is shown only to those who see them all."""
    names = set(MessageItem.model_fields) - {"to", "reminders", "subject", "last_error"}
    columns = {name: getattr(shown.message, name) for name in names} | {"to": shown.message.to_email}
    return columns | {"subject": shown.subject, "last_error": shown.last_error}


def item_model(shown: Shown) -> MessageItem:
    return MessageItem.model_validate(_columns(shown) | {"reminders": _told(shown)})


def read_model(shown: Shown) -> MessageRead:
    """With its text only where the reader sees every contract it speaks of, and never with the owner's own links:
    who holds one acts as the owner."""
    texts = {"text": shown.text or None, "html": shown.html or None}
    return MessageRead.model_validate(_columns(shown) | texts | {"reminders": _told(shown)})


@router.get("", response_model=MessageList, summary="Messages to owners of contracts you see")
def list_messages(
    read: Read,
    pages: Pages,
    status: Annotated[MessageStatus | None, Query(description="Only of this status.")] = None,
    contract_id: Annotated[Key | None, Query(description="Only about this contract.")] = None,
) -> Response:
    """The newest first."""
    name, _, page = pages.sorted_by({"created_at": NEWEST_FIRST}, "created_at")
    shown, found = messages.list_messages(read.session, read.act, page, Wanted(status, contract_id))
    return answer(MessageList(items=[item_model(one) for one in shown], next_cursor=next_cursor(name, found)))


@router.get("/{message_id}", response_model=MessageRead, summary="One message with its text")
def read_message(message_id: PathKey, read: Read) -> Response:
    shown = messages.read_message(read.session, message_id, read.act)
    return answer(read_model(shown), shown.message.version)


@router.post("/{message_id}/retry", response_model=MessageRead, summary="Try a message again at once")
def retry_message(message_id: PathKey, write: Write) -> Response:
    shown = messages.retry_message(write.session, message_id, write.act, write.expected_version)
    return write.answer(read_model(shown), shown.message.version)
