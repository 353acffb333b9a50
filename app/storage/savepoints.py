"""A part of a transaction that can be tried and taken back, with the links of the trail that it made."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session, SessionTransaction

from app.storage.audit import LINKS


@contextmanager
def savepoint(session: Session) -> Iterator[SessionTransaction]:
    """Kept at the block's end, taken back where it raises or where the block itself rolls it back. Either way the
    links noted before stay, and none stays of what was taken back: a rollback would let go of all of them."""
    before = list(session.info.get(LINKS, ()))
    nested = session.begin_nested()
    try:
        yield nested
    except BaseException:
        if nested.is_active:
            nested.rollback()
        session.info[LINKS] = before
        raise
    if nested.is_active:
        nested.commit()
    else:
        session.info[LINKS] = before
