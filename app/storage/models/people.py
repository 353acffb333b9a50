"""Units, users with their grants and tokens, and owners of contracts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import LANGUAGES, GrantSource, Role, SignInMethod
from app.storage.models.table import Code, Email, Id, Table, Versioned, one_of


class Unit(Versioned, Table):
    """A node of the organisation's tree. `path` is '/root/…/id/': a unit's subtree is what begins with its path.
    `retention_months` is set on a root only."""

    __tablename__ = "unit"

    id: Mapped[Id]
    parent_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("unit.id"))
    root_id: Mapped[str] = mapped_column(String(32))
    path: Mapped[str] = mapped_column(String(660), unique=True)
    name: Mapped[str]
    lead_days: Mapped[int | None]
    retention_months: Mapped[int | None]
    liaison_name: Mapped[str | None]
    liaison_email: Mapped[str | None] = mapped_column(String(254))
    liaison_phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "parent_id"), Index(None, "root_id"))


class User(Versioned, Table):
    """Someone who may log in; `email` is lower-cased. `password_hash` is empty for those who come by other ways.

    `failed_sign_ins` and `locked_until` are written past the mapper: a wrong password is no change of the user, and
    must not make an edit of the user stale."""

    __tablename__ = "user_account"

    id: Mapped[Id]
    email: Mapped[Email] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[Code]
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="1")
    created_at: Mapped[datetime]
    failed_sign_ins: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]

    __table_args__ = (one_of("language", LANGUAGES),)


class Grant(Table):
    """A role in a unit, and so in all units below it. Those whose `source` is "identity" come from the groups of the
    identity provider and are renewed at each sign-in."""

    __tablename__ = "role_grant"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Code]
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]
    source: Mapped[Code] = mapped_column(default=GrantSource.LOCAL.value, server_default=GrantSource.LOCAL.value)

    __table_args__ = (
        UniqueConstraint("user_id", "unit_id", "role"),
        one_of("role", Role),
        one_of("source", GrantSource),
    )


class Token(Table):
    """An API token; only its SHA-256 is kept. `scopes` are listed with spaces between, as OAuth does. The first tokens
    have neither them nor a last day: they open everything until they are revoked."""

    __tablename__ = "token"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    scopes: Mapped[str | None] = mapped_column(String(100))
    expires_on: Mapped[date | None]
    last_used_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("user_id", "name"),)


class BrowserSession(Table):
    """A sign-in with a browser; only the SHA-256 of its token is kept. `seen_before_at` is when the user was last seen
    before it began."""

    __tablename__ = "browser_session"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[Code]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    seen_before_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "user_id"), one_of("method", SignInMethod))


class SignInIdentity(Table):
    """Who a user is at an identity provider: the provider's own name for the person, which never changes hands."""

    __tablename__ = "sign_in_identity"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))


class IdentityGroup(Table):
    """Members of this group at the identity provider get this role in this unit."""

    __tablename__ = "identity_group"

    id: Mapped[Id]
    issuer: Mapped[str] = mapped_column(String(500))
    group: Mapped[str] = mapped_column("group_name", String(200))
    role: Mapped[Code]
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("issuer", "group_name", "unit_id", "role"), one_of("role", Role))


class UnknownSignIn(Table):
    """Failed sign-ins with addresses that nobody has, by a few bits of their digest: so they meet the same pauses as
    those of users, no address is kept, and the table cannot grow beyond the number of buckets."""

    __tablename__ = "unknown_sign_in"

    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]


class Owner(Versioned, Table):
    """A person answerable for contracts: one row per lower-cased e-mail address, with one language.

    From `left_on` on they answer for nothing any more. `undeliverable_since` is when a mail server had refused
    their address for good, or for days. While either holds, the owner `deputy_id` gets their mails about contracts of
    the organisation `deputy_root_id`, whose people chose the deputy (services/stand_ins.py)."""

    __tablename__ = "owner"

    id: Mapped[Id]
    email: Mapped[Email] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[Code]
    created_at: Mapped[datetime]
    left_on: Mapped[date | None]
    undeliverable_since: Mapped[datetime | None]
    deputy_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("owner.id"))
    deputy_root_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (one_of("language", LANGUAGES), Index(None, "deputy_id"))
