"""What exported lists show beside their own rows."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.models import Unit


def unit_names(session: Session, unit_ids: Iterable[str]) -> dict[str, str]:
    """Names by id."""
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(sorted(set(unit_ids)))))
    return {row.id: row.name for row in rows}
