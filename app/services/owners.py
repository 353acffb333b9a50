"""Contract owners: found by e-mail address, or added."""

from sqlalchemy.orm import Session

from app.rules.codes import DEFAULT_LANGUAGE
from app.rules.errors import Conflict, RuleBroken
from app.schemas.owners import OwnerReference
from app.services import trail
from app.services.acting import Act
from app.storage import owners
from app.storage.models import Owner


def find_or_add_owner(session: Session, reference: OwnerReference, act: Act, field: str = "owner") -> Owner:
    """The owner with this address, added where there is none. A name or language given replaces the one kept, where
    all the owner's contracts lie in the actor's units: people of another organisation are not renamed.

    `field` is where the reference stands in the caller's body. Raises RuleBroken where one that the actor does not
    know of comes without a name. The caller has checked that the actor may write there.
    """
    owner = owners.by_email(session, reference.email)
    if owner is None:
        return _add(session, reference, act, field)
    trees = ["/"] if act.actor.everywhere else act.actor.trees()
    if reference.name is None and not owners.has_contract(session, owner.id, trees):
        raise RuleBroken("owner_unknown", f"{field}.name")
    if owners.has_contract(session, owner.id, trees, outside=True):
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
