"""A project's risk register: risks added, looked at again, entered wrongly."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.rules.errors import RuleBroken
from app.schemas.risks import RiskChange, RiskCreate
from app.services import project_parts, projects, trail
from app.services.acting import Act
from app.storage import risks
from app.storage.models import Risk, new_id


def add_risk(session: Session, slug: str, command: RiskCreate, act: Act) -> Risk:
    found = projects.hold_project(session, slug, act)
    place = risks.next_place(session, found.id)
    risk = Risk(id=new_id(), project_id=found.id, place=place, created_at=act.now, **command.model_dump())
    return project_parts.keep(session, risk, act)


def change_risk(
    session: Session, risk_id: str, command: RiskChange, act: Act, expected_version: int | None = None
) -> Risk:
    """Changes what was sent. Raises RuleBroken where it was looked at on a day to come."""
    _, risk = project_parts.hold_part(session, risks.get, risk_id, act, expected_version)
    if command.reviewed_on is not None and command.reviewed_on > act.today:
        raise RuleBroken("done_after_today", "reviewed_on")
    project_parts.fill(risk, command.model_dump(exclude_unset=True))
    trail.record_row(session, act, "changed", risk)
    return risk


def void_risk(session: Session, risk_id: str, reason: str, act: Act, expected_version: int | None = None) -> Risk:
    """Voids a risk entered wrongly."""
    _, risk = project_parts.hold_part(session, risks.get, risk_id, act, expected_version)
    return project_parts.void(session, risk, reason, act)


def read_risk(session: Session, risk_id: str, act: Act) -> Risk:
    return project_parts.find_part(session, risks.get, risk_id, act)[1]


def list_risks(session: Session, slug: str, act: Act) -> Sequence[Risk]:
    """A project's risks, voided ones too, in the order of entry."""
    return risks.of_project(session, projects.find_project(session, slug, act.actor).id)
