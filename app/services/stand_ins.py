"""Who is told instead of an owner who cannot be reached: the deputy, else the administrators of the unit.

The reminders stay what they are: the owner's one mail of the day, under the same keys, goes to someone else. It is
decided anew at each attempt, so that a mail goes back to the owner once they can be reached.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.rules.codes import DEFAULT_LANGUAGE
from app.rules.owners import OutOfReach, out_of_reach
from app.services import trail
from app.services.acting import Act
from app.storage import contracts, outbox, owners, stand_ins
from app.storage.models import Message, Owner, Told
from app.storage.units import ids_on_path


@dataclass(frozen=True, slots=True)
class StandIn:
    """Someone who gets an owner's mail: `why`, and in which `role` ("deputy" or "admin"). `copies` are the addresses of
    the other administrators of the same unit."""

    why: OutOfReach
    role: str
    name: str
    email: str
    language: str
    copies: tuple[str, ...] = ()


def why_not(owner: Owner, today: date) -> OutOfReach | None:
    """Why an owner cannot be reached, if so."""
    return out_of_reach(owner.left_on, owner.undeliverable_since, today)


def stand_in(session: Session, owner: Owner, paths: Sequence[str], today: date) -> StandIn | None:
    """Who gets a mail of an owner about contracts in the units with these paths, which belong to one organisation.
    None: the owner, who can be reached, or in whose stead nobody is to be found; what no server takes is shown to
    people."""
    why = why_not(owner, today)
    if why is None:
        return None
    line = _above_all(paths)
    deputy = session.get(Owner, owner.deputy_id) if owner.deputy_id and owner.deputy_root_id in line else None
    if deputy is not None and why_not(deputy, today) is None:
        return StandIn(why, "deputy", deputy.name, deputy.email, deputy.language)
    for unit_id in reversed(line):
        admins = [one for one in stand_ins.admins_at(session, unit_id) if _may_be_told(session, one.email, today)]
        if admins:
            first, others = admins[0], tuple(one.email for one in admins[1:])
            return StandIn(why, "admin", first.name, first.email, first.language or DEFAULT_LANGUAGE, others)
    return None


def _above_all(paths: Sequence[str]) -> list[str]:
    """Ids of the units above all of these, from the root down: who administers one of them may see what lies below."""
    lines = [ids_on_path(path) for path in paths]
    shared: list[str] = []
    for level in zip(*lines, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return shared


def _may_be_told(session: Session, email: str, today: date) -> bool:
    """Not an administrator who is an owner out of reach, too."""
    known = owners.find(session, email)
    return known is None or why_not(known, today) is None


def of_told(session: Session, message: Message, told: Sequence[Told], today: date) -> StandIn | None:
    """Who gets a mail in the owner's stead; `told` is of one organisation (see `of_one_organisation`)."""
    owner = session.get_one(Owner, message.owner_id)
    if why_not(owner, today) is None:
        return None
    return stand_in(session, owner, _paths(session, {one.contract_id for one in told}), today)


def of_one_organisation(session: Session, message: Message, told: Sequence[Told], today: date) -> list[Told]:
    """What of a mail can go to one stand-in: nobody may read of contracts of two organisations but their owner. The
    first reminder decides which."""
    owner = session.get_one(Owner, message.owner_id)
    if why_not(owner, today) is None:
        return list(told)
    paths = contracts.paths_of(session, sorted({one.contract_id for one in told}))
    roots = {contract_id: ids_on_path(path)[0] for contract_id, (path, _) in paths.items()}
    return [one for one in told if roots[one.contract_id] == roots[told[0].contract_id]]


def _paths(session: Session, contract_ids: Iterable[str]) -> list[str]:
    """Paths of the contracts' own units."""
    return sorted(path for path, _ in contracts.paths_of(session, sorted(contract_ids)).values())


def note_refusal(session: Session, message: Message, act: Act) -> bool:
    """Remembers that a mail server refused the address a message went to, and says whether someone else can be told
    in its stead: then the message is to be tried again at once, and not to that address. An administrator is no owner:
    what reached nobody is shown to people."""
    person = owners.by_email(session, message.to_email)
    if person is None:
        return False
    if person.undeliverable_since is None:  # else another mail to them was refused meanwhile
        person.undeliverable_since = act.now
        trail.record_row(session, act, "changed", person)
        session.flush()
    # Asked as the next attempt will ask: were somebody found here and not there, it would be tried without end.
    told = [one for one in outbox.told_in(session, [message.id])[message.id] if one.withdrawn_at is None]
    told = of_one_organisation(session, message, told, act.today)
    return bool(told) and of_told(session, message, told, act.today) is not None


def try_again(session: Session, message: Message, act: Act) -> None:
    """Someone asks that a mail be tried again: its owner's address is believed until it is refused once more."""
    owner = session.get_one(Owner, message.owner_id)
    if owner.undeliverable_since is not None:
        owner.undeliverable_since = None
        trail.record_row(session, act, "changed", owner)
