"""Outcomes as one document: projects with their indicators, figures, timetable, risks, money, and answered questions.

The same shape is read from the seeds (TOML) and from JSON, and written by the export. Units, people, corrections and
what was voided stay behind: they belong to one installation.
"""

from decimal import Decimal
from typing import Any

from pydantic import Field

from app.rules.questions import QuestionCode
from app.schemas.fields import Day, Input, Paragraphs
from app.schemas.funding import FundingCreate
from app.schemas.indicators import IndicatorCreate
from app.schemas.milestones import MilestoneCreate
from app.schemas.observations import ObservationCreate
from app.schemas.projects import ProjectFields
from app.schemas.risks import RiskCreate

MOST_PROJECTS = 500
MOST_OF_A_KIND = 10_000
"""More in one file is no document of outcomes."""


class RiskWithReview(RiskCreate):
    """A risk, and when it was looked at last."""

    reviewed_on: Day | None = Field(None, description="Day on which it was looked at last.", examples=[None])


class AnswerGiven(Input):
    """A question that was answered. `figures` are what it was asked about, written out in the question's order."""

    code: QuestionCode = Field(description="What was doubtful.", examples=["period_outside_project"])
    figures: list[str] = Field(
        max_length=MOST_OF_A_KIND, description="The figures behind it.", examples=[["2019-01-01", "2019-12-31"]]
    )
    answer: Paragraphs = Field(description="What was found.", examples=["Lähtötaso ennen hankkeen alkua."])


class ProjectOutcomes(Input):
    """A project with all that hangs on it, each list in the project's order."""

    project: ProjectFields
    funding: list[FundingCreate] = Field(
        default_factory=list, max_length=MOST_OF_A_KIND, description="Money.", examples=[[]]
    )
    indicators: list[IndicatorCreate] = Field(
        default_factory=list, max_length=MOST_OF_A_KIND, description="What its figures mean.", examples=[[]]
    )
    observations: list[ObservationCreate] = Field(
        default_factory=list, max_length=MOST_OF_A_KIND, description="Its figures.", examples=[[]]
    )
    milestones: list[MilestoneCreate] = Field(
        default_factory=list, max_length=MOST_OF_A_KIND, description="Its timetable.", examples=[[]]
    )
    risks: list[RiskWithReview] = Field(
        default_factory=list, max_length=MOST_OF_A_KIND, description="Its risks.", examples=[[]]
    )
    answers: list[AnswerGiven] = Field(
        default_factory=list,
        max_length=MOST_OF_A_KIND,
        description="Questions about its figures that were answered.",
        examples=[[]],
    )


class OutcomesDocument(Input):
    """The outcomes of projects."""

    projects: list[ProjectOutcomes] = Field(
        max_length=MOST_PROJECTS, description="Projects in their order.", examples=[[]]
    )

    def as_json(self) -> dict[str, Any]:
        """As JSON objects that `model_validate` reads back to the same: empty fields are left out, and a figure keeps
        the decimals it was reported with."""
        plain: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        for table, outcomes in zip(plain["projects"], self.projects, strict=True):
            for row, observation in zip(table.get("observations", ()), outcomes.observations, strict=True):
                for name in ("value", "value_max"):
                    if (figure := getattr(observation, name)) is not None:
                        row[name] = _as_reported(figure)
        return plain


def _as_reported(figure: Decimal) -> int | float | str:
    """A JSON number where that keeps the decimals (78 is not 78.0), text where it would not (78.50)."""
    if "." not in str(figure):
        return int(figure)
    return float(figure) if str(float(figure)) == str(figure) else str(figure)
