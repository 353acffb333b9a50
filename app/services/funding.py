"""A project's money: sources and uses added, changed, entered wrongly."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.rules.codes import FundingKind
from app.rules.errors import RuleBroken
from app.schemas.funding import FundingChange, FundingCreate
from app.services import project_parts, projects, trail
from app.services.acting import Act
from app.services.projects import ProjectFound
from app.storage import funding
from app.storage.models import Funding, new_id


def add_funding(session: Session, slug: str, command: FundingCreate, act: Act) -> tuple[ProjectFound, Funding]:
    """Adds a source or a use. Raises RuleBroken where a use has no sum or no day, or a source both sum and share."""
    found = projects.hold_project(session, slug, act)
    row = Funding(id=new_id(), project_id=found.id, created_at=act.now, **_values(command.model_dump()))
    _check(row, act)
    return found, project_parts.keep(session, row, act)


def change_funding(
    session: Session, funding_id: str, command: FundingChange, act: Act, expected_version: int | None = None
) -> tuple[ProjectFound, Funding]:
    """Changes what was sent."""
    found, row = project_parts.hold_part(session, funding.get, funding_id, act, expected_version)
    project_parts.fill(row, _values(command.model_dump(exclude_unset=True)))
    with session.no_autoflush:
        _check(row, act)
    trail.record_row(session, act, "changed", row)
    return found, row


def void_funding(
    session: Session, funding_id: str, reason: str, act: Act, expected_version: int | None = None
) -> tuple[ProjectFound, Funding]:
    """Voids a source or a use entered wrongly."""
    found, row = project_parts.hold_part(session, funding.get, funding_id, act, expected_version)
    return found, project_parts.void(session, row, reason, act)


def read_funding(session: Session, funding_id: str, act: Act) -> tuple[ProjectFound, Funding]:
    return project_parts.find_part(session, funding.get, funding_id, act)


def list_funding(session: Session, slug: str, act: Act) -> tuple[ProjectFound, Sequence[Funding]]:
    """Sources before uses, voided ones too."""
    found = projects.find_project(session, slug, act.actor)
    return found, funding.of_project(session, found.id)


def _values(sent: dict[str, Any]) -> dict[str, Any]:
    if "amount_eur" in sent:
        sent["amount_cents"] = sent.pop("amount_eur")
    return sent


def _check(row: Funding, act: Act) -> None:
    if row.amount_cents is not None and row.share_percent is not None:
        raise RuleBroken("sum_and_share", "share_percent")
    if row.kind == FundingKind.SOURCE:
        if row.until_on is not None:
            raise RuleBroken("source_without_day", "until_on")
        return
    if row.amount_cents is None:
        raise RuleBroken("use_needs_sum", "amount_eur")
    if row.until_on is None:
        raise RuleBroken("use_needs_day", "until_on")
    if row.until_on > act.today:
        raise RuleBroken("done_after_today", "until_on")
