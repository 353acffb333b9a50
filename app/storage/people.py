"""Users, their grants and tokens."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.storage import keyset
from app.storage.models import Grant, Token, Unit, User
from app.storage.prepared import Prepared
from app.storage.searching import has_part
from app.storage.units import in_trees

USER_SORTS = {
    "name": keyset.Sort((User.name, User.id)),
    "email": keyset.Sort((User.email,)),
    "created": keyset.Sort((User.id,)),
}
TOKEN_SORTS = {"created": keyset.Sort((Token.id,))}

_USER, _TOKEN, _GRANT, _UNIT = (model.__table__.c for model in (User, Token, Grant, Unit))
WHO = (_USER.id, _USER.name, _USER.email, _USER.language, _GRANT.role, _UNIT.path)
"""Who acts, with a role in the unit that has the path."""


def with_grants(source: FromClause) -> FromClause:
    """Joins a source that has the users with their grants."""
    grants = source.outerjoin(Grant.__table__, _GRANT.user_id == _USER.id)
    return grants.outerjoin(Unit.__table__, _UNIT.id == _GRANT.unit_id)


_BY_TOKEN = Prepared(
    select(
        *WHO,
        *(_TOKEN[name] for name in ("scopes", "expires_on", "last_used_on", "revoked_at")),
        _TOKEN.id.label("token_id"),
    )
    .select_from(with_grants(Token.__table__.join(User.__table__, _USER.id == _TOKEN.user_id)))
    .where(_TOKEN.token_hash == bindparam("token_hash"), _USER.active)
    .order_by(_GRANT.id)
)


def token_hash(token: str) -> str:
    """What is kept of a token: it is long and random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def rows_by_token(session: Session, token: str) -> Sequence[Any]:
    """The active user whose token it is, a revoked or an old one too: columns of WHO and what the token opens until
    when, a row for each grant and one where there is none."""
    return _BY_TOKEN.all(session, token_hash=token_hash(token))


def user_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.lower()))


def get_user(session: Session, user_id: str) -> User | None:
    return session.get(User, user_id)


def users_in(
    session: Session, trees: Sequence[str] | None, own_id: str, q: str | None, sort: keyset.Sort, page: keyset.Page
) -> keyset.Slice:
    """A page of those with a grant in these trees (None: of everyone), and of the one who asks."""
    statement = select(User.id, User.email, User.name, User.language, User.active, User.created_at)
    if trees is not None:
        statement = statement.where(or_(User.id == own_id, _has_grant_in(trees)))
    if q:
        statement = statement.where(or_(has_part(User.name, q), has_part(User.email, q)))
    return keyset.fetch(session, statement, sort, page)


def _has_grant_in(trees: Sequence[str]) -> ColumnElement[bool]:
    here = (Grant.user_id == User.id, Grant.unit_id == Unit.id, *in_trees(trees))
    return exists().where(*here)


def grants_of(session: Session, user_id: str) -> list[tuple[str, str]]:
    """The user's roles, each with the path of the unit it is given in."""
    return [(row.Grant.role, row.path) for row in grant_rows(session, user_id)]


def grant_rows(session: Session, user_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """`Grant` and its unit's `path`, oldest first."""
    wanted = select(Grant, Unit.path).join(Unit, Unit.id == Grant.unit_id).where(Grant.user_id == user_id)
    return session.execute(wanted.order_by(Grant.id)).all()


def grants_with_units(session: Session, user_ids: Sequence[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """`Grant` with its unit's `path` and `name`, for each of the users, in the tree's order."""
    wanted = select(Grant, Unit.path, Unit.name).join(Unit, Unit.id == Grant.unit_id)
    return session.execute(wanted.where(Grant.user_id.in_(user_ids)).order_by(Unit.path, Grant.id)).all()


def grant_in(session: Session, user_id: str, unit_id: str, role: str) -> Grant | None:
    wanted = select(Grant).where(Grant.user_id == user_id, Grant.unit_id == unit_id, Grant.role == role)
    return session.scalar(wanted)


def get_grant(session: Session, grant_id: str) -> Grant | None:
    return session.get(Grant, grant_id)


def has_other_admin(session: Session, unit_id: str, user_id: str) -> bool:
    """Whether an active user other than this one is admin of the unit itself."""
    wanted = select(Grant.id).join(User, User.id == Grant.user_id)
    here = (Grant.unit_id == unit_id, Grant.role == Role.ADMIN, User.active, User.id != user_id)
    return session.scalar(wanted.where(*here).limit(1)) is not None


def get_token(session: Session, token_id: str) -> Token | None:
    return session.get(Token, token_id)


def unrevoked_tokens(session: Session, user_id: str) -> Sequence[Token]:
    own = (Token.user_id == user_id, Token.revoked_at.is_(None))
    return session.scalars(select(Token).where(*own).order_by(Token.id)).all()


def has_token_named(session: Session, user_id: str, name: str) -> bool:
    return session.scalar(select(Token.id).where(Token.user_id == user_id, Token.name == name)) is not None


def tokens_of(session: Session, user_id: str, sort: keyset.Sort, page: keyset.Page) -> keyset.Slice:
    """A page of the user's tokens, revoked ones too."""
    columns = (Token.id, Token.name, Token.created_at, Token.revoked_at)
    more = (Token.scopes, Token.expires_on, Token.last_used_on)
    return keyset.fetch(session, select(*columns, *more).where(Token.user_id == user_id), sort, page)


def note_token_used(session: Session, token_id: str, today: date) -> None:
    """Past the mapper, and once a day at the most however many requests come at once."""
    earlier = or_(Token.last_used_on.is_(None), Token.last_used_on < today)
    noted = update(Token).where(Token.id == token_id, earlier).values(last_used_on=today)
    session.execute(noted.execution_options(synchronize_session=False))
