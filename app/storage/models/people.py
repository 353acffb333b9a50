"""Units, users with their grants and tokens, and owners of contracts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import LANGUAGES, Role
from app.storage.models.table import Code, Email, Id, Table, Versioned, one_of


class Unit(Versioned, Table):
    """A node of the organisation's tree. `path` is '/root/…/id/': a unit's subtree is what begins with its path."""

    __tablename__ = "unit"

    id: Mapped[Id]
    parent_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("unit.id"))
    root_id: Mapped[str] = mapped_column(String(32))
    path: Mapped[str] = mapped_column(String(660), unique=True)
    name: Mapped[str]
    lead_days: Mapped[int | None]
    liaison_name: Mapped[str | None]
    liaison_email: Mapped[str | None] = mapped_column(String(254))
    liaison_phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "parent_id"),)


class User(Versioned, Table):
    """Someone who may log in; `email` is lower-cased. `password_hash` is empty for those who come by other ways."""

    __tablename__ = "user_account"

    id: Mapped[Id]
    email: Mapped[Email] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[Code]
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="1")
    created_at: Mapped[datetime]

    __table_args__ = (one_of("language", LANGUAGES),)


class Grant(Table):
    """A role in a unit, and so in all units below it."""

    __tablename__ = "role_grant"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Code]
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "unit_id", "role"), one_of("role", Role))


class Token(Table):
    """An API token; only its SHA-256 is kept."""

    __tablename__ = "token"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "name"),)


class Owner(Versioned, Table):
    """A person answerable for contracts: one row per lower-cased e-mail address, with one language."""

    __tablename__ = "owner"

    id: Mapped[Id]
    email: Mapped[Email] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[Code]
    created_at: Mapped[datetime]

    __table_args__ = (one_of("language", LANGUAGES),)
