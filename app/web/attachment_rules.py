"""What was decided once about purchases of ledgers, on a page; each rule can be revoked."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.formats import capitalised
from app.language.import_words import REMEMBERED, remembered_word
from app.rules.errors import Forbidden
from app.services import attachment_rules
from app.services.acting import Permission, may_somewhere
from app.web.forms import FormView
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)


@router.get("/attachment-rules")
def list_rules(visit: Look, done: str = "") -> Response:
    return _page(visit, FormView(), done)


@router.post("/attachment-rules/{rule_id}/revocation")
def revoke(rule_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        attachment_rules.revoke_rule(submission.session, rule_id, submission.act)
        return "/attachment-rules?done=revoked"

    return submission.save(write, lambda view: _page(submission, view))


def _page(visit: Visit, view: FormView, done: str = "") -> Response:
    if not may_somewhere(visit.act.actor, Permission.CONTRACTS):
        raise Forbidden("forbidden")
    rows = attachment_rules.list_rules(visit.session, visit.act)
    return visit.page(
        "attachment_rules/list.html",
        rows=[(row, _words(row.AttachmentRule, visit.language)) for row in rows],
        view=view,
        done=done,
        timezone=visit.state.settings.timezone,
    )


def _words(rule: Any, language: str) -> str:
    """What purchases have to say for the rule to decide on them."""
    named = [
        f"{remembered_word(field, language)} {getattr(rule, field)}" for field in REMEMBERED if getattr(rule, field)
    ]
    return capitalised(", ".join(named))
