"""Positions of contracts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.rules.facts import PositionFacts
from app.storage.models import Party, Position
from app.storage.prepared import Prepared

_POSITION = Position.__table__.c
_FACTS = Prepared(
    select(*(_POSITION[name] for name in PositionFacts._fields))
    .where(_POSITION.contract_id == bindparam("contract_id"), _POSITION.voided_at.is_(None))
    .order_by(_POSITION.starts_on, _POSITION.id)
)


def get(session: Session, position_id: str) -> Position | None:
    return session.get(Position, position_id)


def of_contract(session: Session, contract_id: str) -> Sequence[Position]:
    """All of a contract's positions, voided ones too, by start."""
    wanted = select(Position).where(Position.contract_id == contract_id)
    return session.scalars(wanted.order_by(Position.starts_on, Position.id)).all()


def facts_of_contract(session: Session, contract_id: str) -> list[PositionFacts]:
    """A contract's positions as the rules see them, voided ones left out, by start."""
    return [PositionFacts._make(row) for row in _FACTS.all(session, contract_id=contract_id)]


def to_facts(position: Any) -> PositionFacts:
    """A position, or a row of its columns, as the rules see it."""
    return PositionFacts(**{name: getattr(position, name) for name in PositionFacts._fields})


def has_party(session: Session, contract_id: str, party_id: str) -> bool:
    """Whether the contract has this party."""
    found = session.get(Party, party_id)
    return found is not None and found.contract_id == contract_id
