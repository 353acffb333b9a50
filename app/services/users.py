"""Users and their grants: administrators see and change them in their own trees, everyone sees oneself."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.rules.codes import GrantSource, Role
from app.rules.errors import Conflict, Forbidden, NotFound
from app.schemas.users import GrantCreate, UserChange, UserCreate
from app.services import calendars, holding, passwords, sessions, tokens, trail
from app.services.acting import Act, Actor, Permission, require
from app.services.units import named_unit
from app.storage import keyset, people, units
from app.storage.models import Grant, Token, User, new_id


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role of a user, for a page."""

    grant: Grant
    unit_name: str
    may_withdraw: bool

    @property
    def from_groups(self) -> bool:
        """Whether the groups of the identity provider gave it, and will again."""
        return self.grant.source == GrantSource.IDENTITY


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
        password_hash=None if password is None else passwords.hashed(_checked(password, command)),
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
    if not user.active:
        _shut_out(session, user, act)
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


def roles_of(session: Session, user_ids: Sequence[str], act: Act) -> dict[str, list[GivenRole]]:
    """The roles of users with the names of their units: one's own all, those of others where the actor is admin."""
    found: dict[str, list[GivenRole]] = {user_id: [] for user_id in user_ids}
    for grant, path, name in people.grants_with_units(session, user_ids):
        may_withdraw = act.actor.has_role((), path)
        if may_withdraw or grant.user_id == act.actor.id:
            found[grant.user_id].append(GivenRole(grant, name, may_withdraw))
    return found


def administers(session: Session, user: User, actor: Actor) -> bool:
    """Whether the actor may change or close this account."""
    try:
        require_admin_over_all(session, user, actor)
    except Forbidden:
        return False
    return True


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


def tokens_of(session: Session, user_id: str, act: Act) -> Sequence[Token]:
    """The tokens of a user that open anything, for administrators over all of the user's roles, and oneself."""
    user = find_user(session, user_id, act.actor)
    if user.id != act.actor.id:
        require_admin_over_all(session, user, act.actor)
    return tokens.usable(session, user.id, act.today)


def revoke_token(session: Session, user_id: str, token_id: str, act: Act) -> None:
    """Revokes a user's token, for the same; once more changes nothing."""
    user = find_user(session, user_id, act.actor)
    if user.id != act.actor.id:
        require_admin_over_all(session, user, act.actor)
    tokens.revoke_token_of(session, user.id, token_id, act)


def sign_out_everywhere(session: Session, user_id: str, act: Act) -> None:
    """Ends someone's sessions and tokens and takes the calendar address away, for administrators over all of the
    user's roles."""
    user = find_user(session, user_id, act.actor)
    require_admin_over_all(session, user, act.actor)
    _shut_out(session, user, act)


def _shut_out(session: Session, user: User, act: Act) -> None:
    sessions.end_all(session, user.id, act.now, by=act.actor.id, where=act.where)
    tokens.revoke_all(session, user.id, act.now, act.actor.id, act.where)
    calendars.revoke_of(session, user.id, act.now, act.actor.id, act.where)


def require_admin_over_all(session: Session, user: User, actor: Actor) -> None:
    """Raises Forbidden where the user has a grant outside the trees of which the actor is admin: an account is shared
    by all units the person works for, and only who is above all of them may change or close it."""
    for _role, path in people.grants_of(session, user.id):
        require(actor, Permission.PEOPLE, [path])
    _require_admin_somewhere(actor)


def _give(session: Session, user: User, command: GrantCreate, act: Act, field: str) -> Grant:
    unit = named_unit(session, command.unit_id, act.actor, field)
    require(act.actor, Permission.PEOPLE, [unit.path])
    held = people.grant_in(session, user.id, unit.id, command.role)
    if held is not None:
        return _keep(session, held, act, field)
    grant = Grant(id=new_id(), user_id=user.id, role=command.role.value, unit_id=unit.id, created_at=act.now)
    session.add(grant)
    trail.record_row(session, act, "granted", grant)
    return grant


def _keep(session: Session, held: Grant, act: Act, field: str) -> Grant:
    """A role that the identity provider's groups gave stays from now on, whatever they say. Raises Conflict where an
    administrator gave it already."""
    if held.source == GrantSource.LOCAL:
        raise Conflict("grant_exists", field)
    held.source = GrantSource.LOCAL.value
    trail.record_row(session, act, "granted", held)
    return held


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


def _checked(password: str, command: UserCreate) -> str:
    return passwords.checked(password, (command.name, command.email))


def _is_admin_somewhere(actor: Actor) -> bool:
    return actor.everywhere or any(grant.role == Role.ADMIN for grant in actor.grants)


def _require_admin_somewhere(actor: Actor) -> None:
    if not _is_admin_somewhere(actor):
        raise Forbidden("forbidden")


def _record(session: Session, act: Act, action: str, user: User) -> None:
    """The trail tells that a password is there, not its hash."""
    unsaid = ("password_hash", "failed_sign_ins", "locked_until")
    trail.record_row(session, act, action, user, but=unsaid, has_password=user.password_hash is not None)
