"""/users and their grants."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api.tokens import read_model as token_model
from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.rules.codes import Role
from app.schemas.tokens import TokenList
from app.schemas.users import (
    GrantCreate,
    GrantList,
    GrantRead,
    Language,
    UserChange,
    UserCreate,
    UserList,
    UserRead,
)
from app.services import users
from app.storage.models import Grant
from app.storage.people import USER_SORTS

router = APIRouter(tags=["users"])
Part = Annotated[str | None, Query(max_length=200, description="Part of the name or e-mail address.")]


def read_model(row: Any) -> UserRead:
    """A user, or a row of its columns, as the API gives it."""
    values = {name: getattr(row, name) for name in UserRead.model_fields}
    return UserRead(**values | {"language": Language(row.language)})


def grant_model(grant: Grant) -> GrantRead:
    return GrantRead(id=grant.id, role=Role(grant.role), unit_id=grant.unit_id, created_at=grant.created_at)


@router.get("/users", response_model=UserList, summary="Users of one's units")
def list_users(paging: Pages, read: Read, q: Part = None) -> Response:
    """Administrators see those with a role in their units, others only themselves. Sorted by `name` (default),
    `email` or `created`."""
    name, sort, page = paging.sorted_by(USER_SORTS, "name")
    found = users.list_users(read.session, q, sort, page, read.act)
    return answer(UserList(items=[read_model(row) for row in found.rows], next_cursor=next_cursor(name, found)))


@router.post("/users", status_code=201, response_model=UserRead, summary="Add a user")
def add_user(command: UserCreate, write: Write) -> Response:
    """For administrators, with a first role in a unit of theirs. A user without any role is in no list; whoever knows
    the id can still give one."""
    user = users.add_user(write.session, command, write.act)
    return write.created(read_model(user), f"/api/v1/users/{user.id}", user.version)


@router.get("/users/me", response_model=UserRead, summary="Oneself")
def read_oneself(read: Read) -> Response:
    user = users.find_user(read.session, read.act.actor.id, read.act.actor)
    return answer(read_model(user), user.version)


@router.get("/users/{user_id}", response_model=UserRead, summary="One user")
def read_user(user_id: PathKey, read: Read) -> Response:
    user = users.find_user(read.session, user_id, read.act.actor)
    return answer(read_model(user), user.version)


@router.patch("/users/{user_id}", response_model=UserRead, summary="Change a user, or end the access")
def change_user(user_id: PathKey, command: UserChange, write: Write) -> Response:
    """Administrators over all of the user's roles; users themselves may change their name and language. The last
    administrator of an organisation stays (409)."""
    user = users.change_user(write.session, user_id, command, write.act, write.expected_version)
    return write.answer(read_model(user), user.version)


@router.get("/users/{user_id}/tokens", response_model=TokenList, summary="Tokens of a user")
def list_tokens(user_id: PathKey, read: Read) -> Response:
    """Those that open anything, for administrators over all of the user's roles. One's own with what they were before:
    `/tokens`."""
    found = users.tokens_of(read.session, user_id, read.act)
    return answer(TokenList(items=[token_model(token) for token in found], next_cursor=None))


@router.delete("/users/{user_id}/tokens/{token_id}", status_code=204, summary="Revoke a token of a user")
def revoke_token(user_id: PathKey, token_id: PathKey, write: Write) -> Response:
    """From now on it opens nothing; for administrators over all of the user's roles."""
    users.revoke_token(write.session, user_id, token_id, write.act)
    return Response(status_code=204)


@router.get("/users/{user_id}/grants", response_model=GrantList, summary="Roles of a user")
def list_grants(user_id: PathKey, read: Read) -> Response:
    """One's own all; those of others in the units that one administers."""
    found = users.list_grants(read.session, user_id, read.act)
    return answer(GrantList(items=[grant_model(grant) for grant in found], next_cursor=None))


@router.post("/users/{user_id}/grants", status_code=201, response_model=GrantRead, summary="Give a role")
def give_grant(user_id: PathKey, command: GrantCreate, write: Write) -> Response:
    """In a unit that one administers; the role holds in all units below it too."""
    grant = users.give_grant(write.session, user_id, command, write.act)
    return write.created(grant_model(grant), f"/api/v1/users/{user_id}/grants")


@router.delete("/users/{user_id}/grants/{grant_id}", status_code=204, summary="Take a role away")
def withdraw_grant(user_id: PathKey, grant_id: PathKey, write: Write) -> Response:
    """The last administrator of an organisation stays (409)."""
    users.withdraw_grant(write.session, user_id, grant_id, write.act)
    return Response(status_code=204)
