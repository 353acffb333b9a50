"""What is kept for a time only: found by how old it is, and deleted or emptied so many rows at a time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.rules.codes import MessageStatus
from app.storage.models import (
    Alert,
    AuditEntry,
    BrowserSession,
    Contract,
    ErasedContract,
    Feedback,
    Message,
    Owner,
    OwnershipChange,
    RememberedAnswer,
    SignInIdentity,
    Table,
    User,
)

ADDRESS = "@erased.invalid"
"""Ends the address of a person whose own is erased, after their id: no mail goes to such a name (RFC 2606)."""
NAME = "–"
WITHOUT_TEXT: Mapping[str, object] = {
    "subject": None,
    "text": None,
    "html": None,
    "unsubscribe_url": None,
    "last_error": None,
    "may_have_arrived": False,
}
"""What a mail holds once its text is erased: one that was refused and is tried again is worded anew."""


def delete_some(session: Session, table: type[Table], old: ColumnElement[bool], most: int) -> int:
    """Deletes rows that are old, and says how many."""
    key: Any = table.__mapper__.primary_key[0]
    ids = session.scalars(select(key).where(old).limit(most)).all()
    session.execute(delete(table).where(key.in_(ids)))
    return len(ids)


def empty_some(
    session: Session, table: type[Table], old: ColumnElement[bool], values: Mapping[str, object], most: int
) -> int:
    """Empties columns of rows that are old, and says of how many."""
    key: Any = table.__mapper__.primary_key[0]
    ids = session.scalars(select(key).where(old).limit(most)).all()
    session.execute(update(table).where(key.in_(ids)).values(values))
    return len(ids)


def answers_before(moment: datetime) -> ColumnElement[bool]:
    return RememberedAnswer.created_at < moment


def sessions_before(moment: datetime) -> ColumnElement[bool]:
    return or_(BrowserSession.expires_at < moment, BrowserSession.ended_at < moment)


def alerts_before(moment: datetime) -> ColumnElement[bool]:
    return Alert.created_at < moment


def needs_no_text() -> ColumnElement[bool]:
    """Mails that are on no way to anyone."""
    return Message.status != MessageStatus.QUEUED


def texts_before(moment: datetime) -> ColumnElement[bool]:
    return and_(Message.text.is_not(None), Message.created_at < moment, needs_no_text())


def addresses_handled_before(moment: datetime) -> ColumnElement[bool]:
    return and_(Feedback.answer_to.is_not(None), Feedback.handled_at < moment)


def feedback_before(moment: datetime) -> ColumnElement[bool]:
    return Feedback.created_at < moment


def former_users(session: Session, moment: datetime, most: int) -> Sequence[str]:
    """Ids of users who may not sign in any more, and of whom nothing was written since a moment. They are held, and
    asked about once more then: someone may just have taken them back."""
    since = exists().where(AuditEntry.subject_id == User.id, AuditEntry.at >= moment)
    kept = (User.active.is_(False), User.created_at < moment, User.email.not_like(f"%{ADDRESS}"))
    useless = select(User.id).where(*kept, ~since)
    found = session.scalars(useless.limit(most)).all()
    session.execute(select(User.id).where(User.id.in_(found)).order_by(User.id).with_for_update())
    return session.scalars(useless.where(User.id.in_(found))).all()


def erase_user(session: Session, user_id: str) -> None:
    """Their name and address, and who they are at an identity provider."""
    nobody = {"email": user_id + ADDRESS, "name": NAME, "password_hash": None, "version": User.version + 1}
    session.execute(update(User).where(User.id == user_id).values(nobody))
    session.execute(delete(SignInIdentity).where(SignInIdentity.user_id == user_id))


def former_owners(session: Session, moment: datetime, day: date, most: int) -> Sequence[str]:
    """Ids of owners who own no contract but erased ones, handed over none since a day, are nobody's deputy, and have
    no account. They are held, and asked about once more then: someone may just have given them a contract."""
    other = aliased(Owner)
    deputises = exists().where(other.deputy_id == Owner.id)
    erased = exists().where(ErasedContract.contract_id == Contract.id)
    owns = exists().where(Contract.owner_id == Owner.id, ~erased)
    # Lists that are made once: to look for each owner among the mails of two years took forty seconds for 300.
    gave = select(OwnershipChange.from_owner_id).where(OwnershipChange.changed_on >= day)
    handed_over = gave.union_all(select(OwnershipChange.to_owner_id).where(OwnershipChange.changed_on >= day))
    written_to = select(Message.owner_id).where(Message.created_at >= moment)
    signs_in = exists().where(User.email == Owner.email, User.active.is_(True))
    kept = (Owner.created_at < moment, Owner.email.not_like(f"%{ADDRESS}"))
    lately = (Owner.id.in_(handed_over), Owner.id.in_(written_to))
    useless = select(Owner.id).where(*kept, ~owns, ~deputises, ~signs_in, *(~one for one in lately))
    found = session.scalars(useless.limit(most)).all()
    session.execute(select(Owner.id).where(Owner.id.in_(found)).order_by(Owner.id).with_for_update())
    return session.scalars(useless.where(Owner.id.in_(found))).all()


def erase_owners(session: Session, owner_ids: Sequence[str]) -> None:
    """Their names and addresses, also where mails went: of all at once, since their mails are looked for among all."""
    named = {"name": NAME, "deputy_id": None, "deputy_root_id": None, "version": Owner.version + 1}
    whole = {"synchronize_session": False}
    owners = update(Owner).where(Owner.id.in_(owner_ids)).values(named | {"email": Owner.id + ADDRESS})
    session.execute(owners.execution_options(**whole))
    mails = update(Message).where(Message.owner_id.in_(owner_ids))
    nobody: dict[str, object] = {
        "to_email": Message.owner_id + ADDRESS,
        "to_name": NAME,
        "copies": [],
        "subject": None,
        "text": None,
        "html": None,
    }
    values = {**nobody, "unsubscribe_url": None, "version": Message.version + 1}
    session.execute(mails.values(values).execution_options(**whole))
