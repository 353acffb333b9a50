"""Contract owners: found by e-mail address, or added."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.rules.codes import DEFAULT_LANGUAGE
from app.rules.errors import Conflict, Forbidden, NotFound, RuleBroken
from app.schemas.owners import OwnerChange, OwnerReference
from app.services import trail
from app.services.acting import Act, Permission, trees_where
from app.services.holding import check_version
from app.storage import owners
from app.storage.models import Owner
from app.storage.units import ids_on_path

MOST_LISTED = 300
"""Owners to choose from; others are found by typing their address."""


def find_or_add_owner(session: Session, reference: OwnerReference, act: Act, field: str = "owner") -> Owner:
    """The owner with this address, added where there is none. A name or language given replaces the one kept, where
    all the owner's contracts lie in the actor's units: people of another organisation are not renamed, nor are its
    deputies.

    `field` is where the reference stands in the caller's body. Raises RuleBroken where one that the actor does not
    know of comes without a name. The caller has checked that the actor may write there.
    """
    owner = owners.by_email(session, reference.email)
    if owner is None:
        return _add(session, reference, act, field)
    trees = ["/"] if act.actor.everywhere else act.actor.trees()
    known = owners.has_contract(session, owner.id, trees) or owners.had_contract(session, owner.id, trees)
    if reference.name is None and not known:
        raise RuleBroken("owner_unknown", f"{field}.name")
    if owners.has_contract(session, owner.id, trees, outside=True) or _deputises_elsewhere(session, owner, act):
        return owner
    name, language = reference.name or owner.name, reference.language or owner.language
    if (name, language) != (owner.name, owner.language):
        owner.name, owner.language = name, language
        trail.record_row(session, act, "changed", owner)
    return owner


def _add(session: Session, reference: OwnerReference, act: Act, field: str) -> Owner:
    if reference.name is None:
        raise RuleBroken("owner_unknown", f"{field}.name")
    language = reference.language or DEFAULT_LANGUAGE
    added = owners.insert_if_new(session, reference.email, reference.name, language, act.now)
    owner = owners.by_email(session, reference.email)
    if owner is None:
        raise Conflict("stale")
    if added:
        trail.record_row(session, act, "created", owner)
    return owner


def change_owner(
    session: Session, owner_id: str, command: OwnerChange, act: Act, expected_version: int | None = None
) -> Owner:
    """Mends an owner's name, address or language, says that they have left, or names their deputy. Raises NotFound
    where the actor sees no contract of theirs, Forbidden where some lie outside the units in which the actor writes
    contracts, Conflict where another has the address, RuleBroken for a deputy who cannot be one."""
    owner = changeable(session, owner_id, act)
    check_version(owner, expected_version)
    taken = command.email and owners.by_email(session, command.email)
    if taken and taken.id != owner.id:
        raise Conflict("owner_email_taken", "email")
    for name, value in command.model_dump(exclude_unset=True, exclude={"deputy"}).items():
        setattr(owner, name, value)
    if command.email:
        owner.undeliverable_since = None  # of a new address nobody knows yet; of the old one someone says that it works
    if "deputy" in command.model_fields_set:
        _name_deputy(session, owner, command.deputy, act)
    trail.record_row(session, act, "changed", owner)
    return owner


def changeable(session: Session, owner_id: str, act: Act) -> Owner:
    """An owner whom the actor may change. Raises NotFound and Forbidden as `change_owner` does."""
    owner = find_owner(session, owner_id, act)
    if not may_change(session, owner, act):
        raise Forbidden("forbidden")
    return owner


def may_change(session: Session, owner: Owner, act: Act) -> bool:
    """Whether all of an owner's contracts lie where the actor writes contracts, and nobody of another organisation has
    named them their deputy: whoever changed the address would get that organisation's mails."""
    outside = owners.has_contract(session, owner.id, trees_where(act.actor, Permission.CONTRACTS), outside=True)
    return not outside and not _deputises_elsewhere(session, owner, act)


def _deputises_elsewhere(session: Session, owner: Owner, act: Act) -> bool:
    roots = sorted({ids_on_path(tree)[0] for tree in act.actor.trees()})
    return not act.actor.everywhere and owners.deputises_outside(session, owner.id, roots)


def _name_deputy(session: Session, owner: Owner, reference: OwnerReference | None, act: Act) -> None:
    """The deputy reads of contracts of the organisation that names them, and of no other."""
    if reference is None:
        owner.deputy_id = owner.deputy_root_id = None
        return
    roots = owners.roots_of_contracts(session, owner.id)
    if len(roots) != 1:
        raise RuleBroken("deputy_of_one_organisation", "deputy")
    deputy = find_or_add_owner(session, reference, act, "deputy")
    if deputy.id == owner.id:
        raise RuleBroken("deputy_is_owner", "deputy.email")
    session.flush()
    owner.deputy_id, owner.deputy_root_id = deputy.id, roots.pop()


def deputy_of(session: Session, owner: Owner) -> Owner | None:
    """Who is named to get the owner's mails while the owner cannot be reached."""
    return session.get(Owner, owner.deputy_id) if owner.deputy_id else None


def find_owner(session: Session, owner_id: str, act: Act) -> Owner:
    """An owner of contracts that the actor sees. Raises NotFound."""
    owner = session.get(Owner, owner_id)
    trees = ["/"] if act.actor.everywhere else act.actor.trees()
    if owner is None or not owners.has_contract(session, owner.id, trees):
        raise NotFound("not_found")
    return owner


def list_owners(session: Session, act: Act) -> Sequence[Owner]:
    """Owners of contracts that the actor sees, by name; so many as someone may choose from."""
    trees = ["/"] if act.actor.everywhere else act.actor.trees()
    return owners.in_trees(session, trees, MOST_LISTED)
