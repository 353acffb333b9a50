"""What was said of a contract, change by change; rows are only ever added (storage/judgements.py adds them)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage import keyset
from app.storage.models import JudgementChange

SORTS = {"seq": keyset.Sort((JudgementChange.seq,))}


def of_contract(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page) -> keyset.Slice:
    """A page of a contract's changes."""
    statement = select(
        JudgementChange.seq,
        JudgementChange.judged_on,
        JudgementChange.recorded_at,
        JudgementChange.status,
        JudgementChange.standing,
    )
    return keyset.fetch(session, statement.where(JudgementChange.contract_id == contract_id), sort, page)
