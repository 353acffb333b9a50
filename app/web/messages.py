"""/messages: what was sent to whom and why, what failed, and trying it again."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, next_cursor
from app.language.formats import capitalised
from app.language.labels import label
from app.language.mail_failures import failure_sentence
from app.rules.codes import MessageStatus
from app.schemas.messages import MessageFilter
from app.services import messages
from app.services.acting import Permission
from app.services.mails import Addresses
from app.services.messages import Shown
from app.storage.messages import NEWEST_FIRST, Wanted
from app.web.exports.listing import addresses
from app.web.forms import Form, FormView, FormWrong
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/messages", include_in_schema=False)
FILTERS = ("status", "to", "contract", "for_on", "contract_id")


@router.get("")
def list_messages(visit: Look, pages: Pages) -> Response:
    """The newest first. A filter that makes no sense is said to be so, and nothing is listed."""
    form = _form(visit)
    asked = {name: form.text(name) for name in FILTERS if form.text(name)}
    try:
        which = chosen_of(visit)
    except FormWrong as error:
        return _list(visit, form.view(error), [], asked, None, status=422)
    name, _, page = pages.sorted_by({"created_at": NEWEST_FIRST}, "created_at")
    shown, found = messages.list_messages(visit.session, visit.act, page, which)
    defaults = asked | ({"for_on": str(which.on)} if which.on else {})
    return _list(visit, FormView.of(defaults), shown, asked, next_cursor(name, found), first=pages.cursor is None)


def _form(visit: Visit) -> Form:
    return Form(visit.request.query_params.multi_items(), visit.language)


def chosen_of(visit: Visit) -> Wanted:
    """Which messages the address asks for. Raises FormWrong where a filter makes no sense."""
    chosen = _form(visit).command(MessageFilter)
    return Wanted(chosen.status, chosen.contract_id, chosen.to, chosen.contract, chosen.for_on)


def _list(
    visit: Visit,
    form: FormView,
    shown: list[Shown],
    asked: dict[str, str],
    cursor: str | None,
    status: int = 200,
    first: bool = True,
) -> Response:
    kept = {name: value for name, value in asked.items() if name != "contract_id"}
    return visit.page(
        "messages/list.html",
        status,
        form=form,
        items=[_item(visit, one) for one in shown],
        status_choices=[
            (str(code), capitalised(label("message_status", code, visit.language))) for code in MessageStatus
        ],
        asked=asked,
        files=addresses("/messages", asked),
        first_address="" if first else _address(asked),
        next_address="" if cursor is None else _address(asked | {"cursor": cursor}),
        without_contract=_address(kept),
    )


def _address(query: dict[str, str]) -> str:
    return f"/messages?{urlencode(query)}" if query else "/messages"


def _item(visit: Visit, shown: Shown) -> dict[str, Any]:
    """A message with its trouble in plain words and whether this person may try it again."""
    reason = shown.last_error
    may_retry = messages.is_worth_retrying(shown, visit.act) and visit.may(Permission.MESSAGES, shown.paths)
    return {
        "shown": shown,
        "message": shown.message,
        "trouble": None if reason is None else failure_sentence(reason, visit.language),
        "retry": FormView.of({"version": shown.message.version}) if may_retry else None,
    }


@router.get("/{message_id}")
def read_message(visit: Look, message_id: PathKey, done: str = "") -> Response:
    return _page(visit, message_id, done)


def _page(visit: Visit, message_id: str, done: str = "", view: FormView | None = None) -> Response:
    shown = messages.read_message(visit.session, message_id, visit.act)
    settings = visit.state.settings
    addresses = Addresses(settings.base_url, settings.secret_key)
    return visit.page(
        "messages/page.html",
        **_item(visit, shown),
        words=messages.worded(visit.session, shown, addresses, visit.act),
        told=list(zip(shown.told, messages.why_withdrawn(visit.session, shown, visit.state.day_at), strict=True)),
        done=done,
        wrong=view,
    )


@router.post("/{message_id}/retry")
def retry(submission: Submit, message_id: PathKey) -> Response:
    def write() -> str:
        version = submission.form.expected_version
        messages.retry_message(submission.session, message_id, submission.act, version)
        return f"/messages/{message_id}?done=retried"

    return submission.save(write, lambda view: _page(submission, message_id, view=view))
