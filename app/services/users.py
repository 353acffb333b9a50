"""Users and their grants: administrators see and change them in their own trees, everyone sees oneself."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.errors import Conflict, Forbidden, NotFound
from app.schemas.users import GrantCreate, UserChange, UserCreate
from app.services import holding, signing_in, trail
from app.services.acting import Act, Actor, Permission, require
from app.services.units import named_unit
from app.storage import keyset, people, units
from app.storage.models import Grant, User, new_id


def add_user(session: Session, command: UserCreate, act: Act, password: str | None = None) -> User:
    """Adds a user, with a first role where one is given; any administrator may. A password is for those who log in
    with one. Raises Conflict where the address has a user."""
    _require_admin_somewhere(act.actor)
    if people.user_by_email(session, command.email) is not None:
        raise Conflict("email_taken", "email")
    user = User(
        id=new_id(),
        email=command.email,
        name=command.name,
        language=command.language.value,
        password_hash=None if password is None else signing_in.password_hash(password),
        active=True,
        created_at=act.now,
    )
    session.add(user)
    _record(session, act, "created", user)
    if command.grant is not None:
        _give(session, user, command.grant, act, "grant.unit_id")
    return user


def change_user(
    session: Session, user_id: str, command: UserChange, act: Act, expected_version: int | None = None
) -> User:
    """Changes what was sent. Raises Forbidden unless the actor is admin over all of the user's grants, or it is their
    own name or language; Conflict where an organisation would lose its last administrator."""
    user = find_user(session, user_id, act.actor)
    sent = command.model_dump(exclude_unset=True)
    if user.id != act.actor.id or "active" in sent:
        require_admin_over_all(session, user, act.actor)
    if sent.get("active") is False:
        _keep_an_admin(session, user, [row.Grant for row in people.grant_rows(session, user.id)])
    session.refresh(user)
    holding.check_version(user, expected_version)
    for name, value in sent.items():
        setattr(user, name, value)
    _record(session, act, "changed", user)
    return user


def find_user(session: Session, user_id: str, actor: Actor) -> User:
    """Raises NotFound unless it is the actor or someone with a grant in the actor's trees as admin. One without any
    grant belongs to nobody: an admin who knows the id may give the first."""
    user = people.get_user(session, user_id)
    if user is None:
        raise NotFound("not_found")
    paths = [path for _role, path in people.grants_of(session, user_id)]
    known = actor.has_role((), *paths) if paths else _is_admin_somewhere(actor)
    if not (known or user_id == actor.id):
        raise NotFound("not_found")
    return user


def list_users(session: Session, q: str | None, sort: keyset.Sort, page: keyset.Page, act: Act) -> keyset.Slice:
    """A page of the users with a grant where the actor is admin, and of the actor."""
    actor = act.actor
    trees = None if actor.everywhere else [grant.path for grant in actor.grants if grant.role == Role.ADMIN]
    return people.users_in(session, trees, actor.id, q, sort, page)


def list_grants(session: Session, user_id: str, act: Act) -> Sequence[Grant]:
    """A user's grants: one's own all, those of others where the actor is admin."""
    user = find_user(session, user_id, act.actor)
    rows = people.grant_rows(session, user.id)
    return [row.Grant for row in rows if user.id == act.actor.id or act.actor.has_role((), row.path)]


def give_grant(session: Session, user_id: str, command: GrantCreate, act: Act) -> Grant:
    """Gives a role in a unit of which the actor is admin. Raises Conflict where the user has it."""
    return _give(session, find_user(session, user_id, act.actor), command, act, "unit_id")


def withdraw_grant(session: Session, user_id: str, grant_id: str, act: Act) -> None:
    """Takes a role away. Raises Conflict where an organisation would lose its last administrator."""
    user = find_user(session, user_id, act.actor)
    grant = people.get_grant(session, grant_id)
    if grant is None or grant.user_id != user.id:
        raise NotFound("not_found")
    path = units.path_of(session, grant.unit_id)
    if not act.actor.has_role((), path):
        raise (Forbidden("forbidden") if user.id == act.actor.id else NotFound("not_found"))
    _keep_an_admin(session, user, [grant])
    trail.record_row(session, act, "withdrawn", grant)
    session.delete(grant)


def require_admin_over_all(session: Session, user: User, actor: Actor) -> None:
    """Raises Forbidden where the user has a grant outside the trees of which the actor is admin: an account is shared
    by all units the person works for, and only who is above all of them may change or close it."""
    for _role, path in people.grants_of(session, user.id):
        require(actor, Permission.PEOPLE, [path])
    _require_admin_somewhere(actor)


def _give(session: Session, user: User, command: GrantCreate, act: Act, field: str) -> Grant:
    unit = named_unit(session, command.unit_id, act.actor, field)
    require(act.actor, Permission.PEOPLE, [unit.path])
    same = (command.role, unit.id)
    if any((row.Grant.role, row.Grant.unit_id) == same for row in people.grant_rows(session, user.id)):
        raise Conflict("grant_exists", field)
    grant = Grant(id=new_id(), user_id=user.id, role=command.role.value, unit_id=unit.id, created_at=act.now)
    session.add(grant)
    trail.record_row(session, act, "granted", grant)
    return grant


def _keep_an_admin(session: Session, user: User, lost: Sequence[Grant]) -> None:
    """Raises Conflict where the user is the only active admin of a root and would lose that. The trees are held, so
    that of two administrators only one can go at a time."""
    if not user.active:
        return
    roots = units.roots_among(session, [grant.unit_id for grant in lost if grant.role == Role.ADMIN])
    for root_id in roots:
        units.hold_tree(session, root_id)
        if not people.has_other_admin(session, root_id, user.id):
            raise Conflict("last_admin")


def _is_admin_somewhere(actor: Actor) -> bool:
    return actor.everywhere or any(grant.role == Role.ADMIN for grant in actor.grants)


def _require_admin_somewhere(actor: Actor) -> None:
    if not _is_admin_somewhere(actor):
        raise Forbidden("forbidden")


def _record(session: Session, act: Act, action: str, user: User) -> None:
    """The trail tells that a password is there, not its hash."""
    session.flush()
    payload = trail.contents(user)
    payload["has_password"] = payload.pop("password_hash") is not None
    trail.record(session, act, action, User.__tablename__, user.id, payload)
