"""Sources and uses of a project's money."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rules.codes import FundingKind
from app.rules.outcomes import FundingFacts
from app.storage.models import Funding, Project


def get(session: Session, funding_id: str) -> Funding | None:
    return session.get(Funding, funding_id, populate_existing=True)


def of_project(session: Session, project_id: str) -> Sequence[Funding]:
    """Sources before uses, in the order of entry, voided ones too."""
    wanted = select(Funding).where(Funding.project_id == project_id)
    return session.scalars(wanted.order_by(Funding.kind, Funding.id)).all()


def amount_of(row: Funding, budget_cents: int | None) -> int | None:
    """A row's cents: as given, or its share of the budget, half a cent up; None where neither is known."""
    if row.amount_cents is not None or row.share_percent is None or budget_cents is None:
        return row.amount_cents
    return int((row.share_percent * budget_cents + 50) // 100)


def to_facts(project: Project, rows: Sequence[Funding]) -> FundingFacts:
    """A project's money as the rules see it; without sources where the amount of one of them is not known."""
    counted = [row for row in rows if row.voided_at is None]
    sources = [amount_of(row, project.budget_cents) for row in counted if row.kind == FundingKind.SOURCE]
    known = tuple(amount for amount in sources if amount is not None)
    used = sum(row.amount_cents or 0 for row in counted if row.kind == FundingKind.USE)
    return FundingFacts(project.budget_cents, known if len(known) == len(sources) else (), used)
