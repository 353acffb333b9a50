"""Projects with their money, timetable and risks; their indicators, and what was observed of them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.rules.codes import CohortStage, Computation, Direction, FigureStatus, FigureUnit, FundingKind
from app.storage.models.table import Code, Id, Table, Versioned, one_of
from app.storage.types import Exact

Words = Mapped[dict[str, str]]
"""A text by language code."""
WordsOrNone = Mapped[dict[str, str] | None]
Slug = String(60)


class Project(Versioned, Table):
    """A project whose outcomes are followed; `slug` names it in addresses, once in an organisation.

    `relations` are objects of kind, name (words) and, where the other project is here too, slug; `target_groups` and
    `areas` lists of words; `remarks` what a reader must know that is no figure's own.
    """

    __tablename__ = "project"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(Slug)
    root_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    name: Words = mapped_column(JSON)
    summary: WordsOrNone = mapped_column(JSON(none_as_null=True))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    may_continue_until: Mapped[date | None]
    programme: Mapped[str | None]
    budget_cents: Mapped[int | None] = mapped_column(BigInteger)
    budget_source: Mapped[str | None]
    target_groups: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    areas: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    relations: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    remarks: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("root_id", "slug"), Index(None, "unit_id"))


class ProjectUnit(Table):
    """A further unit that carries the project, and sees it."""

    __tablename__ = "project_unit"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class ProjectReporter(Table):
    """A user to whom the project's outcomes are given to write."""

    __tablename__ = "project_reporter"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class Funding(Versioned, Table):
    """Money that a project gets from a source, or used by a day. A source has a sum or a share of the budget."""

    __tablename__ = "funding"

    id: Mapped[Id]
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[Code]
    name: Words = mapped_column(JSON)
    amount_cents: Mapped[int | None] = mapped_column(BigInteger)
    share_percent: Mapped[Decimal | None] = mapped_column(Exact)
    until_on: Mapped[date | None]
    source: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (one_of("kind", FundingKind), Index(None, "project_id"))


class Milestone(Versioned, Table):
    """A step of a project's timetable. What it is on a day follows from its days."""

    __tablename__ = "milestone"

    id: Mapped[Id]
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    place: Mapped[int]
    package: WordsOrNone = mapped_column(JSON(none_as_null=True))
    name: Words = mapped_column(JSON)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    done_on: Mapped[date | None]
    note: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="period"), Index(None, "project_id"))


class Risk(Versioned, Table):
    """What may hinder a project; likelihood and impact from 1 to 4, `measures` a list of words."""

    __tablename__ = "risk"

    id: Mapped[Id]
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    place: Mapped[int]
    name: Words = mapped_column(JSON)
    likelihood: Mapped[int]
    impact: Mapped[int]
    measures: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    review_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("likelihood BETWEEN 1 AND 4", name="likelihood"),
        CheckConstraint("impact BETWEEN 1 AND 4", name="impact"),
        Index(None, "project_id"),
    )


class Indicator(Versioned, Table):
    """What a figure of a project means; `key` names it in the project. `category_names` are words for values of its
    dimensions, by dimension and value. With a `computation` its figures come from contracts and are never typed."""

    __tablename__ = "indicator"

    id: Mapped[Id]
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    key: Mapped[str] = mapped_column(String(60))
    place: Mapped[int]
    headline: Mapped[bool]
    name: Words = mapped_column(JSON)
    definition: Words = mapped_column(JSON)
    unit: Mapped[Code]
    direction: Mapped[str | None] = mapped_column(String(40))
    target_min: Mapped[Decimal | None] = mapped_column(Exact)
    target_max: Mapped[Decimal | None] = mapped_column(Exact)
    target_on: Mapped[date | None]
    dimensions: Mapped[list[str]] = mapped_column(JSON)
    category_names: Mapped[dict[str, dict[str, dict[str, str]]]] = mapped_column(JSON)
    scale_min: Mapped[Decimal | None] = mapped_column(Exact)
    scale_max: Mapped[Decimal | None] = mapped_column(Exact)
    table: Mapped[str | None] = mapped_column("table_key", String(60))
    counted_among: Mapped[str | None] = mapped_column(String(60))
    stage: Mapped[str | None] = mapped_column(String(40))
    accumulates: Mapped[bool]
    computation: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("project_id", "key"),
        one_of("unit", FigureUnit),
        one_of("direction", Direction),
        one_of("stage", CohortStage),
        one_of("computation", Computation),
    )


class Observation(Versioned, Table):
    """A figure over a period, both ends inclusive; `breakdown` is {} for the whole, and `part` the same in one text."""

    __tablename__ = "observation"

    id: Mapped[Id]
    indicator_id: Mapped[str] = mapped_column(ForeignKey("indicator.id"))
    period_start: Mapped[date]
    period_end: Mapped[date]
    value: Mapped[Decimal | None] = mapped_column(Exact)
    value_max: Mapped[Decimal | None] = mapped_column(Exact)
    numerator: Mapped[int | None] = mapped_column(BigInteger)
    denominator: Mapped[int | None] = mapped_column(BigInteger)
    n: Mapped[int | None] = mapped_column(BigInteger)
    breakdown: Mapped[dict[str, str]] = mapped_column(JSON)
    part: Mapped[str] = mapped_column(String(1000))
    status: Mapped[Code]
    approximate: Mapped[bool]
    source: Mapped[str]
    note: WordsOrNone = mapped_column(JSON(none_as_null=True))
    recorded_by: Mapped[str]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("status", FigureStatus),
        CheckConstraint("period_end >= period_start", name="period"),
        Index(None, "indicator_id", "period_end"),
    )


class Correction(Table):
    """What an observation held before it was corrected, and who corrected it when and why."""

    __tablename__ = "correction"

    id: Mapped[Id]
    observation_id: Mapped[str] = mapped_column(ForeignKey("observation.id"))
    before: Mapped[dict[str, object]] = mapped_column(JSON)
    reason: Mapped[str]
    corrected_by: Mapped[str]
    corrected_at: Mapped[datetime]

    __table_args__ = (Index(None, "observation_id"),)


class AnsweredQuestion(Table):
    """A question about figures that someone has answered; its key changes with the figures, and then it is asked
    again."""

    __tablename__ = "answered_question"

    id: Mapped[Id]
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    key: Mapped[str] = mapped_column(String(64))
    code: Mapped[Code]
    answer: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("project_id", "key"),)
