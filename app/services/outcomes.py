"""The outcomes of projects as one document, taken out of the service: what `outcome_imports` reads back."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.schemas.fields import cents_to_money
from app.schemas.funding import FundingCreate
from app.schemas.indicators import IndicatorCreate
from app.schemas.milestones import MilestoneCreate
from app.schemas.observations import ObservationCreate
from app.schemas.outcomes import AnswerGiven, OutcomesDocument, ProjectOutcomes, RiskWithReview
from app.schemas.projects import ProjectFields
from app.services import projects, questions, trail
from app.services.acting import Act
from app.services.project_facts import facts_of, rows_of
from app.services.projects import ProjectFound
from app.storage import milestones, risks
from app.storage.models import Funding, Indicator, Milestone, Observation, Project, Risk

Schema = TypeVar("Schema", bound=BaseModel)
Part = TypeVar("Part", Funding, Milestone, Risk)


def export_outcomes(session: Session, act: Act) -> OutcomesDocument:
    """All projects that the actor sees, with what counts of their outcomes. Figures that are computed from contracts
    are no part of it: they come out of the contracts again. Whoever gives it away records that (`record_taken`)."""
    return OutcomesDocument(projects=[outcomes_of(session, one) for one in projects.list_projects(session, act.actor)])


def record_taken(session: Session, document: OutcomesDocument, act: Act) -> None:
    """Leaves in the trail who took the outcomes."""
    found = document.projects
    counts = {"projects": len(found), "observations": sum(len(one.observations) for one in found)}
    trail.record(session, act, "exported", "project", "list", counts)


def outcomes_of(session: Session, found: ProjectFound) -> ProjectOutcomes:
    """One project's outcomes; voided ones are left out."""
    rows = rows_of(session, found)
    asked = questions.asked_of(session, found, facts_of(found, rows))
    return ProjectOutcomes(
        project=project_fields(found.project),
        funding=[funding_fields(row) for row in standing(rows.funding)],
        indicators=[indicator_fields(row) for row in rows.indicators],
        observations=[observation_fields(*row) for row in rows.observations if row.observation.voided_at is None],
        milestones=[milestone_fields(row) for row in standing(milestones.of_project(session, found.id))],
        risks=[risk_fields(row) for row in standing(risks.of_project(session, found.id))],
        answers=[
            AnswerGiven(code=one.question.code, figures=list(one.question.figures), answer=one.answer.answer)
            for one in asked
            if one.answer is not None
        ],
    )


def standing(rows: Iterable[Part]) -> list[Part]:
    return [row for row in rows if row.voided_at is None]


# --- Rows as what would make them


def project_fields(row: Project) -> ProjectFields:
    contact = {part: getattr(row, f"contact_{part}") for part in ("name", "email", "phone")}
    more = {"contact": contact if row.contact_name is not None else None, "budget_eur": _money(row.budget_cents)}
    return _filled(ProjectFields, row, more)


def funding_fields(row: Funding) -> FundingCreate:
    return _filled(FundingCreate, row, {"amount_eur": _money(row.amount_cents)})


def indicator_fields(row: Indicator) -> IndicatorCreate:
    return _filled(IndicatorCreate, row)


def observation_fields(row: Observation, indicator: str) -> ObservationCreate:
    return _filled(ObservationCreate, row, {"indicator": indicator})


def milestone_fields(row: Milestone) -> MilestoneCreate:
    return _filled(MilestoneCreate, row)


def risk_fields(row: Risk) -> RiskWithReview:
    return _filled(RiskWithReview, row)


def _filled(schema: type[Schema], row: object, more: Mapping[str, Any] | None = None) -> Schema:
    """The fields of a body from the columns of the same name, and those that are kept otherwise."""
    given = more or {}
    plain = {name: getattr(row, name) for name in schema.model_fields if name not in given}
    return schema.model_validate({**plain, **given})


def _money(cents: int | None) -> str | None:
    return None if cents is None else cents_to_money(cents)
