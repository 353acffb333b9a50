"""The trail as people search it: by organisation, who, what, which thing and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.storage import keyset
from app.storage.changes import MAIL, PARTS
from app.storage.models import AuditEntry, AuditPayload, Contract, Owner, Procurement, Supplier, Unit, User
from app.storage.searching import has_part

NEWEST_FIRST = keyset.Sort((AuditEntry.at, AuditEntry.seq), descending=True)
SIGN_INS = ("signed_in", "signed_out", "signed_out_everywhere", "sign_in_failed", "sign_in_paused")
EXPORTED = "exported"
FEW = 50
"""People or things; of more, some are met soon on the way through the organisation's links."""


Ids = Select[*tuple[Any, ...]]
"""A query for ids."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links: `roots` are organisations, None for all and for what belongs to none; `who` a part of a name or an
    address, or an id; `thing` an id, a contract's or procurement's reference, a name or an address; `value` the
    fingerprints one of which the content has; `until` is past the last moment."""

    roots: Sequence[str] | None
    who: str | None = None
    subject: str | None = None
    actions: Sequence[str] = ()
    thing: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    value: Sequence[str] = ()


def search(session: Session, wanted: Wanted, page: keyset.Page) -> keyset.Slice:
    """A page of the links, the newest first, with the name of who acted as it is today."""
    actors = None if wanted.who is None else _few(session, _people(wanted.who))
    things = None if wanted.thing is None else _few(session, _things(wanted.thing))
    statement = (
        select(
            *(getattr(AuditEntry, name) for name in ("seq", "at", "actor", "action", "subject", "subject_id")),
            AuditPayload.payload,
            func.coalesce(User.name, Owner.name).label("name"),
        )
        .outerjoin(AuditPayload, AuditPayload.seq == AuditEntry.seq)
        .outerjoin(User, User.id == AuditEntry.actor)
        .outerjoin(Owner, Owner.id == func.substr(AuditEntry.actor, len(MAIL) + 1))
        .where(*_of_whom_and_what(wanted.roots, actors, things), *_conditions(wanted))
    )
    return keyset.fetch(session, statement, NEWEST_FIRST, page)


def _few(session: Session, ids: Ids) -> Ids | Sequence[str]:
    """The ids themselves where they are few, else the query for them."""
    found = session.scalars(ids.limit(FEW + 1)).all()
    return found if len(found) <= FEW else ids


def _of_whom_and_what(
    roots: Sequence[str] | None, actors: Ids | Sequence[str] | None, things: Ids | Sequence[str] | None
) -> Iterator[ColumnElement[bool]]:
    """Few people or things are found by their own index: the organisation's would lead through the whole trail."""
    few = any(ids is not None and not isinstance(ids, Select) for ids in (actors, things))
    if roots is not None:
        yield func.coalesce(AuditEntry.root_id, "").in_(roots) if few else AuditEntry.root_id.in_(roots)
    if actors is not None:
        yield AuditEntry.actor.in_(actors)
    if things is not None:
        yield AuditEntry.subject_id.in_(things)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.subject is not None:
        yield AuditEntry.subject == wanted.subject
    if wanted.actions:
        yield AuditEntry.action.in_(wanted.actions)
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until
    if wanted.value:
        content = cast(AuditPayload.payload, Text)
        yield or_(*(content.contains(one, autoescape=True) for one in wanted.value))


def _people(part: str) -> Select[*tuple[Any, ...]]:
    """How the trail names whoever has this part in their name or address, or this id."""
    users = select(User.id.label("id")).where(
        or_(has_part(User.name, part), has_part(User.email, part), User.id == part)
    )
    mail = literal(MAIL).concat(Owner.id)
    owners = select(mail.label("id")).where(or_(has_part(Owner.name, part), has_part(Owner.email, part)))
    found = union_all(users, owners).subquery()
    return select(found.c.id)


def _things(text: str) -> Select[*tuple[Any, ...]]:
    """Ids of what is called so: of a contract also what hangs on it. What is called so elsewhere leads to no link of
    one's own organisation."""
    contracts = select(Contract.id).where(or_(Contract.reference == text, Contract.id == text))
    named = (
        select(literal(text)),
        contracts,
        *(select(part.id).where(part.contract_id.in_(contracts)) for part in PARTS),
        select(Procurement.id).where(Procurement.reference == text),
        select(Supplier.id).where(or_(Supplier.name == text, Supplier.identifier == text)),
        select(Unit.id).where(Unit.name == text),
        select(User.id).where(or_(User.email == text.lower(), User.name == text)),
        select(Owner.id).where(or_(Owner.email == text.lower(), Owner.name == text)),
    )
    found = union_all(*named).subquery()
    return select(found.c[0])


def bounds(session: Session, since: datetime | None, until: datetime | None) -> tuple[int | None, int | None]:
    """The first and the last link of a time: first None where there is none, last None where it is the end."""
    when: list[ColumnElement[bool]] = []
    if since is not None:
        when.append(AuditEntry.at >= since)
    if until is not None:
        when.append(AuditEntry.at < until)
    first, last = session.execute(select(func.min(AuditEntry.seq), func.max(AuditEntry.seq)).where(*when)).one()
    begin = 1 if since is None and (until is None or first is not None) else first
    return begin, None if until is None else last


def hash_of(session: Session, seq: int) -> str | None:
    """The hash of a link; None where it is not there."""
    return session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq))
