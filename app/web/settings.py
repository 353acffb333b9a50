"""/settings: what the service goes by and where each is set; groups of the identity provider; one's own API tokens."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.rules import policy
from app.rules.codes import TokenScope
from app.rules.errors import Forbidden, NotFound
from app.schemas.identities import GroupCreate
from app.schemas.tokens import TokenCreate
from app.services import identities, tokens, units
from app.storage import keyset
from app.storage.people import TOKEN_SORTS
from app.web.forms import FormView
from app.web.units import unit_choices
from app.web.users import role_choices, scope_choices
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/settings", include_in_schema=False)
TOKENS_SHOWN = 200
"""Nobody has more; whoever does sees the newest."""


@router.get("")
def show(visit: Look, done: str = "") -> Response:
    return _page(visit, done=done)


@router.post("/tokens")
def make_token(submission: Submit) -> Response:
    """The secret is in this answer only; a form sent twice makes one token, and says no secret the second time."""
    secrets: list[str] = []

    def write() -> str:
        command = submission.form.command(TokenCreate)
        made = tokens.create_token(submission.session, submission.act.actor.id, command, submission.act)
        secrets.append(made.secret)
        return "/settings?done=token#tokens"

    answer = submission.save(write, lambda view: _page(submission, naming=view))
    return _page(submission, secret=secrets[0]) if secrets and answer.status_code == 303 else answer


@router.post("/tokens/{token_id}/revoke")
def revoke_token(token_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        tokens.revoke_token(submission.session, token_id, submission.act)
        return "/settings?done=revoked#tokens"

    return submission.save(write, lambda view: _page(submission, naming=view))


@router.post("/groups")
def add_group(submission: Submit) -> Response:
    provider = submission.state.settings.oidc
    if provider is None:
        raise NotFound("not_found")
    if not submission.is_admin:
        raise Forbidden("forbidden")

    def write() -> str:
        command = submission.form.command(GroupCreate)
        identities.add_group(submission.session, command, provider.issuer, submission.act)
        return "/settings?done=group#groups"

    return submission.save(write, lambda view: _page(submission, grouping=view))


@router.post("/groups/{group_id}/remove")
def remove_group(group_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        identities.remove_group(submission.session, group_id, submission.act)
        return "/settings?done=group_removed#groups"

    return submission.save(write, lambda view: _page(submission, grouping=view))


def _page(
    visit: Visit,
    done: str = "",
    secret: str = "",
    naming: FormView | None = None,
    grouping: FormView | None = None,
) -> Response:
    newest = keyset.Sort(TOKEN_SORTS["created"].columns, descending=True)
    own = tokens.list_tokens(visit.session, newest, keyset.Page(TOKENS_SHOWN), visit.act)
    return visit.page(
        "settings/page.html",
        policy=policy,
        tokens=own.rows,
        scope_choices=scope_choices(visit.language),
        scopes_of=tokens.scopes_of,
        longest=tokens.longest(visit.act.today),
        secret=secret,
        naming=naming or FormView.of({"scopes[]": list(TokenScope), "expires_on": visit.act.today + tokens.LASTS}),
        grouping=grouping or FormView(),
        done=done,
        **(_for_admins(visit) if visit.is_admin else _for_others(visit)),
    )


def _for_others(visit: Visit) -> dict[str, Any]:
    return {"branches": units.tree(visit.session, visit.act.actor), "groups": None, "environment": None}


def _for_admins(visit: Visit) -> dict[str, Any]:
    settings = visit.state.settings
    shown = _for_others(visit) | {"environment": settings}
    if settings.oidc is not None:
        shown |= {
            "groups": identities.list_groups(visit.session, visit.act),
            "role_choices": role_choices(visit.language),
            "unit_choices": unit_choices(visit),
        }
    return shown
