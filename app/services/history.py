"""What the service itself said of a contract, and when."""

from sqlalchemy.orm import Session

from app.services import holding
from app.services.acting import Act
from app.storage import history, keyset


def list_history(session: Session, contract_id: str, sort: keyset.Sort, page: keyset.Page, act: Act) -> keyset.Slice:
    """A page of the changes of a contract's judgement. What was said on a day is the last change judged by then."""
    return history.of_contract(session, holding.find(session, contract_id, act.actor).id, sort, page)
