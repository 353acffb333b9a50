"""Whom to ask: the topmost units of trees, and their administrators."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.storage.models import Grant, Unit, User
from app.storage.units import ids_on_path


def units_at(session: Session, paths: Sequence[str]) -> Sequence[Unit]:
    """The units with these paths, by name."""
    return session.scalars(select(Unit).where(Unit.path.in_(paths)).order_by(Unit.name)).all()


def admins_of(session: Session, path: str) -> Sequence[Any]:
    """`name` and `email` of the active administrators of a unit, by its own or an upper unit's grant, by name."""
    wanted = select(User.name, User.email).join(Grant, Grant.user_id == User.id)
    wanted = wanted.where(Grant.role == Role.ADMIN, Grant.unit_id.in_(ids_on_path(path)), User.active.is_(True))
    return session.execute(wanted.distinct().order_by(User.name, User.email)).all()
