"""The page behind a mail's link: one contract for its owner, who may acknowledge or snooze without logging in.

GET only shows and asks, since mail scanners follow links; POST acts.
"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.http.origins import where_of
from app.http.state import state_of
from app.language.errors import error_sentence
from app.language.reasons import sentence
from app.rules.errors import Conflict, DomainError, RuleBroken
from app.schemas.obligations import SnoozeCommand
from app.services import links, obligations
from app.services.acting import Act, Channel
from app.services.links import LinkInvalid, OwnerLink
from app.web.pages import page

router = APIRouter(prefix="/owner", include_in_schema=False)


def _link(request: Request, token: str) -> OwnerLink:
    return links.read(state_of(request).settings.secret_key, token)


def _act(request: Request, session: Session, link: OwnerLink) -> Act:
    state = state_of(request)
    now = state.clock()
    today = state.day_at(now)
    return Act(obligations.actor_of_link(session, link, today), now, today, where_of(request, Channel.WEB))


def _view(session: Session, link: OwnerLink, act: Act) -> dict[str, Any]:
    """What the page shows of the contract today."""
    shown = obligations.show_to_owner(session, link.contract_id, act)
    language = act.actor.language
    latest = shown.latest_snooze
    return {
        "contract_id": link.contract_id,
        "title": shown.title,
        "reference": shown.reference,
        "supplier": shown.supplier_name,
        "standing": shown.judgement.standing,
        "sentences": [sentence(reason, language) for reason in shown.judgement.reasons],
        "liaison": shown.liaison,
        "acknowledged": shown.muting.acknowledged,
        "snoozed_until": shown.muting.snoozed_until,
        "latest_snooze": latest,
        "earliest_snooze": act.today + timedelta(days=1),
        "may_act": link.act,
    }


@router.get("/{token}")
def show(request: Request, token: str, done: str = "") -> Response:
    """Shows the contract and asks; changes nothing."""
    link, state = _link(request, token), state_of(request)
    with state.database.reading() as session:
        act = _act(request, session, link)
        view = _view(session, link, act)
    return page("owner.html", act.actor.language, **view, token=token, done=done, error=None)


@router.post("/{token}/acknowledgement")
def acknowledge(request: Request, token: str) -> Response:
    link, state = _acting_link(request, token), state_of(request)
    with state.database.writing() as session:
        act = _act(request, session, link)
        obligations.acknowledge(session, link.contract_id, act)
    return RedirectResponse(f"/owner/{token}?done=acknowledged", 303)


@router.post("/{token}/snooze")
def snooze(request: Request, token: str, until: Annotated[str, Form(max_length=20)] = "") -> Response:
    """A day that does not fit brings the page back with the reason beside the field."""
    link, state = _acting_link(request, token), state_of(request)
    with state.database.writing() as session:
        act = _act(request, session, link)
        try:
            day = SnoozeCommand.model_validate({"until": until}).until
            obligations.snooze(session, link.contract_id, day, act)
        except (RuleBroken, Conflict, ValueError) as error:
            session.rollback()
            told = _words(error, act.actor.language)
            view = _view(session, link, act)
            return page("owner.html", act.actor.language, 422, **view, token=token, done="", error=told)
    return RedirectResponse(f"/owner/{token}?done=snoozed", 303)


def _words(error: Exception, language: str) -> str:
    if isinstance(error, DomainError):
        return error_sentence(error.code, error.values, language)
    return error_sentence("not_a_date", {}, language)


def _acting_link(request: Request, token: str) -> OwnerLink:
    link = _link(request, token)
    if not link.act:
        raise LinkInvalid
    return link
