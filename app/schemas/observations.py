"""Observations: figures over a period."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.rules.codes import Dimension, FigureStatus
from app.schemas.fields import Day, Input, Line, Listing, Output, Paragraphs, if_sent
from app.schemas.indicators import Code, Figure, FigureOut
from app.schemas.words import Description, Words

People = Annotated[int, Field(ge=0, le=100_000_000, strict=True)]
BREAKDOWN = {"next_step": "language_course"}


def _in_finnish(value: Any) -> Any:
    """A note in one language only may be sent as plain text; it is taken for Finnish."""
    return {"fi": value} if isinstance(value, str) else value


def _as_number(value: Any) -> Any:
    """Yes and no are 1 and 0."""
    return int(value) if isinstance(value, bool) else value


Value = Annotated[Figure, BeforeValidator(_as_number)]
Note = Annotated[Description, BeforeValidator(_in_finnish)]
SOURCE = "Strategisten hankkeiden raportti 2019, luku 3.2"


class ObservationCreate(Input):
    """Record a figure. A share has numerator and denominator, or a reported percentage with its n; an empty breakdown
    is the whole. A finding that is in words only has a note and no value."""

    indicator: Code = Field(description="Key of the indicator.", examples=["finished"])
    period_start: Day = Field(description="First day it speaks of.", examples=["2019-08-01"])
    period_end: Day = Field(description="Last day it speaks of.", examples=["2019-11-30"])
    value: Value | None = Field(None, description="The figure in the indicator's unit.", examples=[21])
    value_max: Figure | None = Field(None, description="Upper end where it is a range.", examples=[None])
    numerator: People | None = Field(None, description="Of a share: how many.", examples=[None])
    denominator: People | None = Field(None, description="Of a share: out of how many.", examples=[None])
    n: People | None = Field(None, description="How many people the figure speaks of.", examples=[None])
    breakdown: dict[Dimension, Code] = Field(
        default_factory=dict, description="Which part of the whole it is of, by dimension.", examples=[BREAKDOWN]
    )
    status: FigureStatus = Field(FigureStatus.PRELIMINARY, description="Preliminary or final.", examples=["final"])
    approximate: bool = Field(False, description='Whether the source says "about".', examples=[False])
    source: Line = Field(description="Where the figure comes from.", examples=[SOURCE])
    note: Note | None = Field(None, description="What a reader must know of it.", examples=[None])


class ObservationChange(Input):
    """Correct a figure: only the fields sent change; the earlier figure is kept with who, when and why."""

    reason: Paragraphs = Field(description="Why it is corrected.", examples=["Laskuvirhe raportissa"])
    period_start: Day = if_sent(description="First day it speaks of.", examples=["2019-08-01"])
    period_end: Day = if_sent(description="Last day it speaks of.", examples=["2019-11-30"])
    value: Value | None = if_sent(description="The figure in the indicator's unit.", examples=[21])
    value_max: Figure | None = if_sent(description="Upper end where it is a range.", examples=[None])
    numerator: People | None = if_sent(description="Of a share: how many.", examples=[None])
    denominator: People | None = if_sent(description="Of a share: out of how many.", examples=[None])
    n: People | None = if_sent(description="How many people the figure speaks of.", examples=[None])
    breakdown: dict[Dimension, Code] = if_sent(description="Which part it is of.", examples=[BREAKDOWN])
    status: FigureStatus = if_sent(description="Preliminary or final.", examples=["final"])
    approximate: bool = if_sent(description='Whether the source says "about".', examples=[False])
    source: Line = if_sent(description="Where the figure comes from.", examples=[SOURCE])
    note: Note | None = if_sent(description="What a reader must know of it.", examples=[None])


class QuestionRead(Output):
    """Something in the figures that cannot be right, or wants a look: never a block."""

    key: str = Field(description="Names the question as long as the figures stay; for answering it.", examples=["5f…"])
    code: str = Field(description="What is doubtful.", examples=["share_impossible"])
    weight: str = Field(description="question: wants an answer; note: worth knowing.", examples=["question"])
    text: str = Field(description="The same as a sentence.", examples=["No whole number out of 62 gives 78 %."])
    indicators: list[str] = Field(description="Keys of the indicators it is about.", examples=[["skills_better"]])
    detail: dict[str, Any] = Field(description="The values behind it.", examples=[{"n": 62, "fitting_n": [54, 88]}])
    answer: str | None = Field(description="What someone answered.", examples=[None])
    answered_by: str | None = Field(description="Who.", examples=[None])
    answered_at: datetime | None = Field(description="When.", examples=[None])


class ObservationRead(Output):
    """A figure over a period."""

    id: str = Field(description="Opaque id.", examples=["01932f7a5c7b7e6f9a3c1d2e4f506172"])
    indicator: str = Field(description="Key of the indicator.", examples=["finished"])
    period_start: date = Field(description="First day it speaks of.", examples=["2019-08-01"])
    period_end: date = Field(description="Last day it speaks of.", examples=["2019-11-30"])
    value: FigureOut | None = Field(description="The figure; a share in percent.", examples=[21])
    value_max: FigureOut | None = Field(description="Upper end where it is a range.", examples=[None])
    numerator: int | None = Field(description="Of a share: how many.", examples=[None])
    denominator: int | None = Field(description="Of a share: out of how many.", examples=[None])
    n: int | None = Field(description="How many people it speaks of.", examples=[None])
    breakdown: dict[str, str] = Field(description="Which part of the whole it is of.", examples=[BREAKDOWN])
    status: FigureStatus = Field(description="Preliminary or final.", examples=["final"])
    approximate: bool = Field(description='Whether the source says "about".', examples=[False])
    source: str = Field(description="Where it comes from.", examples=[SOURCE])
    note: Words | None = Field(description="What a reader must know of it, by language.", examples=[None])
    recorded_at: datetime = Field(description="When it was recorded.", examples=["2019-12-02T08:00:00Z"])
    voided: bool = Field(description="Entered wrongly: it counts for nothing.", examples=[False])
    void_reason: str | None = Field(description="Why it was voided.", examples=[None])
    questions: list[QuestionRead] = Field(description="What is doubtful about it.", examples=[[]])


class CorrectionRead(Output):
    """What a figure was before it was corrected."""

    before: dict[str, Any] = Field(description="The fields as they were.", examples=[{"value": "20"}])
    reason: str = Field(description="Why it was corrected.", examples=["Laskuvirhe raportissa"])
    corrected_by: str = Field(description="Who corrected it.", examples=["Rita Raportoija"])
    corrected_at: datetime = Field(description="When.", examples=["2019-12-03T08:00:00Z"])


class CorrectionList(Listing):
    """Corrections of a figure."""

    items: list[CorrectionRead] = Field(description="The newest first.", examples=[[]])


class ObservationList(Listing):
    """Observations of a project."""

    items: list[ObservationRead] = Field(description="By indicator, period and part.", examples=[[]])


class QuestionAnswer(Input):
    """Answer a question about figures; it is listed no more while they stay as they are."""

    answer: Paragraphs = Field(description="What was found.", examples=["Raportin n on väärin, oikea on 54."])


class QuestionList(Listing):
    """What is doubtful in a project's figures."""

    items: list[QuestionRead] = Field(description="Unanswered first.", examples=[[]])
