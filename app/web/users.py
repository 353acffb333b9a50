"""/users: who may do what, and where. Administrators see those with a role in their units."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, next_cursor
from app.language.formats import capitalised
from app.language.labels import label
from app.rules.codes import LANGUAGES, Role, TokenScope
from app.rules.errors import Forbidden
from app.schemas.users import GrantCreate, UserChange, UserCreate
from app.services import accounts, users
from app.services.tokens import scopes_of
from app.services.users import administers, find_user
from app.storage.models import User
from app.storage.people import USER_SORTS
from app.web.exports.listing import addresses
from app.web.forms import VERSION, FormView
from app.web.stale import afresh
from app.web.units import unit_choices
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/users", include_in_schema=False)
LONGEST_SEARCH = 200
"""Of what is searched for, in signs."""


@router.get("")
def list_users(visit: Look, pages: Pages, q: str = "", done: str = "") -> Response:
    _only_admins(visit)
    name, sort, page = pages.sorted_by(USER_SORTS, "name")
    found = users.list_users(visit.session, q.strip()[:LONGEST_SEARCH] or None, sort, page, visit.act)
    cursor = next_cursor(name, found)
    asked = {"q": q} if q else {}
    return visit.page(
        "users/list.html",
        found=found.rows,
        roles=users.roles_of(visit.session, [row.id for row in found.rows], visit.act),
        form=FormView.of(asked),
        q=q,
        done=done,
        files=addresses("/users", asked),
        first_address="" if pages.cursor is None else f"/users?{urlencode(asked)}",
        next_address="" if cursor is None else f"/users?{urlencode(asked | {'cursor': cursor})}",
    )


@router.get("/new")
def new(visit: Look) -> Response:
    return _new_page(visit, FormView.of({"language": "fi"}))


@router.post("/new")
def add(submission: Submit) -> Response:
    def write() -> str:
        user = users.add_user(submission.session, submission.form.command(UserCreate), submission.act)
        return f"/users/{user.id}?done=added"

    return submission.save(write, lambda view: _new_page(submission, view))


@router.get("/{user_id}")
def show(user_id: PathKey, visit: Look, done: str = "") -> Response:
    return _page(visit, user_id, done=done)


@router.post("/{user_id}")
def change(user_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = submission.form.change(UserChange), submission.form.expected_version
        users.change_user(submission.session, user_id, command, submission.act, version)
        return f"/users/{user_id}?done=changed"

    return submission.save(write, lambda view: _page(submission, user_id, changing=view))


@router.post("/{user_id}/grants")
def give(user_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        users.give_grant(submission.session, user_id, submission.form.command(GrantCreate), submission.act)
        return f"/users/{user_id}?done=granted"

    return submission.save(write, lambda view: _page(submission, user_id, giving=view))


@router.post("/{user_id}/grants/{grant_id}/withdraw")
def withdraw(user_id: PathKey, grant_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        users.withdraw_grant(submission.session, user_id, grant_id, submission.act)
        return f"/users/{user_id}?done=withdrawn"

    return submission.save(write, lambda view: _page(submission, user_id, refused=view))


@router.post("/{user_id}/password-link")
def make_password_link(user_id: PathKey, submission: Submit) -> Response:
    """The link is in this answer only."""
    settings = submission.state.settings
    token = accounts.make_link(submission.session, user_id, submission.act, settings.secret_key)
    return _page(submission, user_id, link=f"{settings.base_url}/password/{token}")


@router.post("/{user_id}/sign-out")
def sign_out(user_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        users.sign_out_everywhere(submission.session, user_id, submission.act)
        return f"/users/{user_id}?done=signed_out"

    return submission.save(write, lambda view: _page(submission, user_id, refused=view))


@router.post("/{user_id}/tokens/{token_id}/revoke")
def revoke_token(user_id: PathKey, token_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        users.revoke_token(submission.session, user_id, token_id, submission.act)
        return f"/users/{user_id}?done=token_revoked"

    return submission.save(write, lambda view: _page(submission, user_id, refused=view))


def role_choices(language: str) -> list[tuple[str, str]]:
    return [(role.value, capitalised(label("role", role, language))) for role in Role]


def scope_choices(language: str) -> list[tuple[str, str]]:
    return [(scope.value, capitalised(label("token_scope", scope, language))) for scope in TokenScope]


def language_choices(language: str) -> list[tuple[str, str]]:
    return [(code, capitalised(label("language", code, language))) for code in LANGUAGES]


def _only_admins(visit: Visit) -> None:
    if not visit.is_admin:
        raise Forbidden("forbidden")


def _new_page(visit: Visit, view: FormView) -> Response:
    _only_admins(visit)
    return visit.page("users/new.html", form=view, **_choices(visit))


def _choices(visit: Visit) -> dict[str, Any]:
    return {
        "role_choices": role_choices(visit.language),
        "language_choices": language_choices(visit.language),
        "unit_choices": unit_choices(visit),
    }


def _values(user: User) -> dict[str, Any]:
    return {"name": user.name, "language": user.language, "active": user.active, VERSION: user.version}


def _page(
    visit: Visit,
    user_id: str,
    done: str = "",
    link: str = "",
    changing: FormView | None = None,
    giving: FormView | None = None,
    refused: FormView | None = None,
) -> Response:
    """A user with their roles. What was wrong stands in the form that it was sent with."""
    _only_admins(visit)
    user = find_user(visit.session, user_id, visit.act.actor)
    may_change = administers(visit.session, user, visit.act.actor)
    return visit.page(
        "users/page.html",
        user=user,
        tokens=users.tokens_of(visit.session, user_id, visit.act) if may_change else (),
        scopes_of=scopes_of,
        scope_choices=scope_choices(visit.language),
        roles=users.roles_of(visit.session, [user_id], visit.act)[user_id],
        may_change=may_change,
        changing=afresh(changing, _values(user)) if changing else FormView.of(_values(user)),
        giving=giving or FormView(),
        refused=refused or FormView(),
        done=done,
        password_link=link,
        link_days=accounts.LINK_LASTS.days,
        **_choices(visit),
    )
