"""Sign-in by an identity provider: its word becomes a user, its groups become roles.

A person is known by issuer and subject, never by e-mail alone: an address can change hands. Only once, and only where
the provider vouches for the address, is a user linked who is known here by that address and has no identity yet. Roles
that come from groups are renewed at each sign-in; roles given here stay as they are.
"""

from datetime import datetime
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from app.rules.codes import DEFAULT_LANGUAGE, LANGUAGES, GrantSource
from app.rules.errors import Conflict, NotFound
from app.schemas.fields import Email, Line
from app.schemas.identities import GroupCreate
from app.schemas.text import holds_control_characters, holds_identity_code
from app.services import calendars, sessions, tokens, trail
from app.services.acting import Act, Permission, Where, require
from app.services.units import named_unit
from app.sources.providers import Person
from app.storage import identities, people, units
from app.storage.models import Grant, IdentityGroup, SignInIdentity, User, new_id

PROVIDER = "identity_provider"
"""Who gives and takes roles, in the trail."""
NAMED = 3
"""So many administrators are named to someone who may not come in."""
MAX_SUBJECT = 255
"""OpenID Connect Core, 2: no subject is longer."""
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_NAME: TypeAdapter[str] = TypeAdapter(Line)


class Admitted(NamedTuple):
    """Who may come in; else why not: `no_role`, `inactive`, `unverified`, `unusable`."""

    user: User | None
    refusal: str = ""


class Contact(NamedTuple):
    """Whom to ask."""

    name: str
    email: str


def admit(session: Session, person: Person, now: datetime, where: Where) -> Admitted:
    """The user a person is, with the roles of their groups as of now. A refusal is written down too: the caller commits
    in any case, so that roles that are gone are gone."""
    admitted = _known(session, person, now, where)
    if admitted.user is not None:
        session.flush()
        _renew_grants(session, admitted.user, person, now, where)
        if not people.grants_of(session, admitted.user.id):
            sessions.end_all(session, admitted.user.id, now, where=where)
            admitted = Admitted(admitted.user, "no_role")
    if admitted.refusal:
        subject_id = admitted.user.id if admitted.user else "unknown"
        payload = {"method": "oidc", "reason": admitted.refusal}
        trail.record_of(session, PROVIDER, now, "sign_in_failed", User.__tablename__, subject_id, payload, where)
        return Admitted(None, admitted.refusal)
    return admitted


def whom_to_ask(session: Session) -> list[Contact]:
    """Administrators of whole organisations, for someone who was not admitted."""
    return [Contact(row.name, row.email) for row in identities.admins_of_roots(session, NAMED)]


def _known(session: Session, person: Person, now: datetime, where: Where) -> Admitted:
    if not _is_usable(person.subject):
        return Admitted(None, "unusable")
    user = identities.user_of(session, person.issuer, person.subject)
    if user is not None:
        return Admitted(user, "" if user.active else "inactive")
    namesake = people.user_by_email(session, person.email) if person.email else None
    if namesake is not None:
        return _linked(session, namesake, person, now, where)
    if not identities.meanings(session, person.issuer, person.groups):
        return Admitted(None, "no_role")
    return _created(session, person, now, where)


def _linked(session: Session, user: User, person: Person, now: datetime, where: Where) -> Admitted:
    """The first sign-in of a user whom an administrator added by address."""
    if not person.email_verified or identities.has_identity(session, user.id, person.issuer):
        return Admitted(None, "unverified")
    if not user.active:
        return Admitted(user, "inactive")
    _end_what_others_began(session, user, now, where)
    _link(session, user, person, now, where)
    return Admitted(user)


def _end_what_others_began(session: Session, user: User, now: datetime, where: Where) -> None:
    """The account is the person's from now on: a password, sessions and tokens from before may be someone else's."""
    user.password_hash = None
    sessions.end_all(session, user.id, now, by=PROVIDER, where=where)
    tokens.revoke_all(session, user.id, now, PROVIDER, where)
    calendars.revoke_of(session, user.id, now, PROVIDER, where)


def _created(session: Session, person: Person, now: datetime, where: Where) -> Admitted:
    """A user from what the provider says. An address that nobody vouches for must not be that of someone answerable
    for contracts: it would open those."""
    if not person.email_verified and identities.has_owner(session, person.email):
        return Admitted(None, "unverified")
    try:
        email = _EMAIL.validate_python(person.email)
        name = _NAME.validate_python(person.name or person.email)
    except ValidationError:
        return Admitted(None, "unusable")
    if holds_identity_code(f"{name} {email}"):
        return Admitted(None, "unusable")
    language = person.language if person.language in LANGUAGES else DEFAULT_LANGUAGE
    user = User(id=new_id(), email=email, name=name, language=language, active=True, created_at=now)
    session.add(user)
    session.flush()
    payload = {"email": email, "name": name, "language": language}
    trail.record_of(session, PROVIDER, now, "created", User.__tablename__, user.id, payload, where)
    _link(session, user, person, now, where)
    return Admitted(user)


def _link(session: Session, user: User, person: Person, now: datetime, where: Where) -> None:
    identity = SignInIdentity(
        id=new_id(), user_id=user.id, issuer=person.issuer, subject=person.subject, created_at=now
    )
    session.add(identity)
    session.flush()
    payload = trail.contents(identity)
    trail.record_of(session, PROVIDER, now, "linked", SignInIdentity.__tablename__, identity.id, payload, where)


def _is_usable(subject: str) -> bool:
    """Whether it can be kept: a personal identity code never is."""
    plain = not (holds_identity_code(subject) or holds_control_characters(subject))
    return plain and 0 < len(subject) <= MAX_SUBJECT


def _renew_grants(session: Session, user: User, person: Person, now: datetime, where: Where) -> None:
    """Roles as the groups say now. The provider is believed even where an organisation loses its last administrator:
    the command line can give that role."""
    wanted = identities.meanings(session, person.issuer, person.groups)
    for grant in identities.grants(session, user.id):
        if (grant.role, grant.unit_id) in wanted:
            wanted.remove((grant.role, grant.unit_id))
        elif identities.from_groups(grant):
            _record(session, "withdrawn", grant, now, where)
            session.delete(grant)
    for role, unit_id in sorted(wanted):
        source = GrantSource.IDENTITY.value
        grant = Grant(id=new_id(), user_id=user.id, role=role, unit_id=unit_id, created_at=now, source=source)
        session.add(grant)
        session.flush()
        _record(session, "granted", grant, now, where)
    session.flush()


def _record(session: Session, action: str, grant: Grant, now: datetime, where: Where) -> None:
    trail.record_of(session, PROVIDER, now, action, Grant.__tablename__, grant.id, trail.contents(grant), where)


# --- The table from groups to grants


class GroupRow(NamedTuple):
    """A line of the table, with its unit."""

    group: IdentityGroup
    unit_name: str
    unit_path: str


def list_groups(session: Session, act: Act) -> list[GroupRow]:
    """The lines for units of which the actor is admin."""
    rows = identities.group_rows(session, None if act.actor.everywhere else act.actor.trees())
    return [GroupRow(*row) for row in rows if act.actor.has_role((), row.path)]


def add_group(session: Session, command: GroupCreate, issuer: str, act: Act) -> IdentityGroup:
    """Members of a group get a role in a unit of which the actor is admin, from their next sign-in on. Raises Conflict
    where they do already."""
    unit = named_unit(session, command.unit_id, act.actor, "unit_id")
    require(act.actor, Permission.PEOPLE, [unit.path])
    if identities.has_group(session, issuer, command.group, command.role, unit.id):
        raise Conflict("group_exists", "group")
    line = IdentityGroup(
        id=new_id(), issuer=issuer, group=command.group, role=command.role.value, unit_id=unit.id, created_at=act.now
    )
    session.add(line)
    trail.record_row(session, act, "created", line)
    return line


def remove_group(session: Session, group_id: str, act: Act) -> None:
    """Takes a line away; who had a role by it loses that at the next sign-in."""
    line = identities.get_group(session, group_id)
    if line is None:
        raise NotFound("not_found")
    if not act.actor.has_role((), units.path_of(session, line.unit_id)):
        raise NotFound("not_found")
    trail.record_row(session, act, "removed", line)
    session.delete(line)
