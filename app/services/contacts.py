"""Whom someone may ask: the business liaison and the administrators of their units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.services.acting import Actor
from app.storage import contacts
from app.storage.units import Liaison, inherited


@dataclass(frozen=True, slots=True)
class UnitContacts:
    """A unit, its liaison (its own or an upper unit's), its administrators and the lead days that hold in it."""

    unit_name: str
    liaison: Liaison | None
    admins: Sequence[Any]
    lead_days: int


def whom_to_ask(session: Session, actor: Actor) -> list[UnitContacts]:
    """One entry for each topmost unit of the actor; none for a stranger."""
    units = contacts.units_at(session, actor.trees())
    holds = inherited(session, [unit.path for unit in units])
    return [
        UnitContacts(
            unit.name, holds[unit.path].liaison, contacts.admins_of(session, unit.path), holds[unit.path].lead_days
        )
        for unit in units
    ]
