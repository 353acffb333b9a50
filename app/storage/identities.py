"""Who users are at an identity provider, and what its groups mean here."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.rules.codes import GrantSource, Role
from app.storage.models import Grant, IdentityGroup, Owner, SignInIdentity, Unit, User
from app.storage.units import in_trees


def user_of(session: Session, issuer: str, subject: str) -> User | None:
    """The user who is this subject there."""
    wanted = select(User).join(SignInIdentity, SignInIdentity.user_id == User.id)
    return session.scalar(wanted.where(SignInIdentity.issuer == issuer, SignInIdentity.subject == subject))


def has_identity(session: Session, user_id: str, issuer: str) -> bool:
    here = (SignInIdentity.user_id == user_id, SignInIdentity.issuer == issuer)
    return session.scalar(select(SignInIdentity.id).where(*here)) is not None


def has_owner(session: Session, email: str) -> bool:
    """Whether someone with this address is answerable for contracts."""
    return session.scalar(select(Owner.id).where(Owner.email == email)) is not None


def meanings(session: Session, issuer: str, groups: Iterable[str]) -> set[tuple[str, str]]:
    """Role and unit of each grant that members of these groups get."""
    here = (IdentityGroup.issuer == issuer, IdentityGroup.group.in_(sorted(groups)))
    return {(row.role, row.unit_id) for row in session.execute(select(IdentityGroup).where(*here)).scalars()}


def grants(session: Session, user_id: str) -> Sequence[Grant]:
    return session.scalars(select(Grant).where(Grant.user_id == user_id).order_by(Grant.id)).all()


def from_groups(grant: Grant) -> bool:
    return grant.source == GrantSource.IDENTITY


def group_rows(session: Session, trees: Sequence[str] | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """`IdentityGroup` with its unit's `name` and `path`, for units in these trees."""
    wanted = select(IdentityGroup, Unit.name, Unit.path).join(Unit, Unit.id == IdentityGroup.unit_id)
    return session.execute(wanted.where(*in_trees(trees)).order_by(IdentityGroup.group, Unit.path)).all()


def get_group(session: Session, group_id: str) -> IdentityGroup | None:
    return session.get(IdentityGroup, group_id)


def has_group(session: Session, issuer: str, group: str, role: str, unit_id: str) -> bool:
    here = (IdentityGroup.issuer == issuer, IdentityGroup.group == group)
    same = (IdentityGroup.role == role, IdentityGroup.unit_id == unit_id)
    return session.scalar(select(IdentityGroup.id).where(*here, *same)) is not None


def admins_of_roots(session: Session, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """`name` and `email` of active administrators of whole organisations."""
    wanted = (
        select(User.name, User.email)
        .join(Grant, Grant.user_id == User.id)
        .join(Unit, Unit.id == Grant.unit_id)
        .where(User.active, Grant.role == Role.ADMIN, Unit.parent_id.is_(None))
        .distinct()
    )
    return session.execute(wanted.order_by(User.name).limit(limit)).all()
