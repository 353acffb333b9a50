"""A project's outcomes in a period: each figure in its own definition, with its period, n, source and what is doubtful.

The overview shows the headline figures of all projects beside one another, and never adds them up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.rules import cohorts, indicators, sums
from app.rules.codes import Computation, Dimension, FundingKind
from app.rules.errors import NotFound, RuleBroken
from app.rules.indicators import Part, Progress, Trend
from app.rules.milestones import MilestoneState, milestone_state
from app.rules.outcomes import FundingFacts, IndicatorFacts, ObservationFacts, ProjectFacts
from app.rules.risks import RiskFacts, RiskLevel, review_due, risk_level, weightiest_first
from app.rules.shares import Interval
from app.rules.sums import SumReason
from app.services import projects, questions
from app.services.acting import Act
from app.services.computed_figures import computed
from app.services.project_facts import facts_of, rows_of
from app.services.projects import ProjectFound
from app.services.questions import Asked
from app.storage import indicators as stored_indicators
from app.storage import milestones, risks
from app.storage.models import Funding, Indicator, Milestone, Observation, Risk


@dataclass(frozen=True, slots=True)
class Figure:
    """An observation as the rules see it; `row` is None for one that is computed from the contracts."""

    facts: ObservationFacts
    row: Observation | None


@dataclass(frozen=True, slots=True)
class IndicatorSummary:
    """What is to be said of an indicator in a period. `parts` are those of the latest period that has some."""

    row: Indicator
    facts: IndicatorFacts
    latest: Figure | None
    total: ObservationFacts | None
    """Figures of several periods added up, where they accumulate."""
    progress: Progress | None
    trend: Trend | None
    age_days: int | None
    interval: Interval | None
    parts: dict[Dimension, tuple[Part, ...]]
    history: tuple[Figure, ...]
    others: tuple[Figure, ...]
    """Figures of the period that neither the history nor the parts show: parts of earlier periods, parts by several
    dimensions."""
    asked: tuple[Asked, ...]
    rows: Mapping[str, Observation]

    @property
    def held(self) -> ObservationFacts | None:
        """What is held against the target: figures added up, where they are, else the latest."""
        return self.total or (None if self.latest is None else self.latest.facts)

    @property
    def beyond_target_day(self) -> bool:
        """Whether what is held against the target speaks of days after the one by which it was to be reached."""
        held, day = self.held, self.facts.target_on
        return held is not None and day is not None and held.period_end > day

    @property
    def doubtful(self) -> bool:
        """Whether someone is to answer a question about it."""
        return any(one.open for one in self.asked)

    def figure_of(self, part: Part) -> Figure:
        """A part as a figure, with its source and note."""
        return Figure(part.observation, self.rows.get(part.observation.id))


@dataclass(frozen=True, slots=True)
class Step:
    milestone: Milestone
    state: MilestoneState


@dataclass(frozen=True, slots=True)
class RiskSummary:
    risk: Risk
    facts: RiskFacts
    level: RiskLevel
    review_due: bool


@dataclass(frozen=True, slots=True)
class Money:
    """A project's budget, sources and uses in cents; `sources_cents` is None where a source's sum is not known."""

    budget_cents: int | None
    sources: tuple[Funding, ...]
    uses: tuple[Funding, ...]
    sources_cents: int | None
    used_cents: int
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """A project in a period; timetable and risks as they stand on its last day."""

    found: ProjectFound
    since: date | None
    as_of: date
    facts: ProjectFacts
    indicators: tuple[IndicatorSummary, ...]
    flow: cohorts.Flow | None
    timetable: tuple[Step, ...]
    risks: tuple[RiskSummary, ...]
    money: Money
    asked: tuple[Asked, ...]

    @property
    def headlines(self) -> list[IndicatorSummary]:
        return [one for one in self.indicators if one.row.headline]

    @property
    def open_questions(self) -> int:
        return sum(one.open for one in self.asked)


def summarise_project(
    session: Session, slug: str, act: Act, since: date | None = None, until: date | None = None
) -> ProjectSummary:
    """A project's outcomes from a day to a day, today by default. Raises RuleBroken where they are reversed, NotFound
    where the actor does not see the project."""
    found = projects.find_project(session, slug, act.actor)
    if since is not None and until is not None and until < since:
        raise RuleBroken("period_reversed", "to")
    return _summary(session, found, act, since, until)


def summaries(session: Session, listed: Iterable[ProjectFound], act: Act) -> list[ProjectSummary]:
    """Projects that the actor is known to see, as they stand today."""
    return [_summary(session, found, act, None, None) for found in listed]


def sum_reasons(session: Session, names: Sequence[str], act: Act) -> tuple[SumReason, ...]:
    """Why two figures, each named SLUG.KEY, cannot be added up. Raises RuleBroken where there is no such figure."""
    return sums.sum_reasons(*(_summand(session, name, act) for name in names))


def _summand(session: Session, name: str, act: Act) -> sums.Summand:
    slug, _, key = name.partition(".")
    try:
        summary = summarise_project(session, slug, act)
    except NotFound:
        raise RuleBroken("figure_unknown", "of") from None
    for one in summary.indicators:
        if one.row.key == key and one.latest is not None:
            return sums.Summand(slug, one.facts, one.latest.facts)
    raise RuleBroken("figure_unknown", "of")


def _summary(session: Session, found: ProjectFound, act: Act, since: date | None, until: date | None) -> ProjectSummary:
    as_of = min(until or act.today, act.today)
    rows = rows_of(session, found)
    facts = facts_of(found, rows)
    known = {one.observation.id: one.observation for one in rows.observations}
    # A question about figures that are not told of would speak of what the reader does not see.
    later = {key for key, one in known.items() if until is not None and one.period_end > as_of}
    asked = [one for one in questions.asked_of(session, found, facts) if later.isdisjoint(one.question.observation_ids)]
    by_computation = {Computation(row.computation): row for row in rows.indicators if row.computation is not None}
    figures = (*facts.observations, *computed(session, found, by_computation, as_of))
    within = [one for one in figures if one.period_end <= as_of or until is None]
    told = _Told(known, within, since, until, act.today, asked)
    return ProjectSummary(
        found=found,
        since=since,
        as_of=as_of,
        facts=facts,
        indicators=tuple(told.summary(row) for row in rows.indicators),
        flow=cohorts.latest_flow(facts, since, until),
        timetable=_timetable(session, found, as_of),
        risks=_risks(session, found, as_of),
        money=_money(rows.funding, facts.funding, as_of, asked),
        asked=tuple(asked),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Puts together what is said of each indicator of one project."""

    known: dict[str, Observation]
    figures: Sequence[ObservationFacts]
    since: date | None
    until: date | None
    today: date
    asked: Sequence[Asked]

    def summary(self, row: Indicator) -> IndicatorSummary:
        facts = stored_indicators.to_facts(row)
        of_it = [one for one in self.figures if one.indicator == row.key]
        period = (facts, of_it, self.since, self.until)
        latest, parts = indicators.latest(*period), indicators.breakdowns(*period)
        history, so_far = indicators.history(*period), indicators.so_far(*period)
        shown = {one.id for one in history} | {part.observation.id for some in parts.values() for part in some}
        others = [one for one in of_it if one.id not in shown and self._within(one)]
        return IndicatorSummary(
            row=row,
            facts=facts,
            latest=None if latest is None else self._figure(latest),
            total=None if so_far is latest else so_far,
            progress=None if so_far is None else indicators.progress(facts, so_far),
            trend=indicators.trend(*period),
            age_days=None if latest is None else indicators.age_days(latest, self.today),
            interval=None if latest is None else indicators.interval(facts, latest),
            parts=parts,
            history=tuple(map(self._figure, history)),
            others=tuple(map(self._figure, others)),
            asked=tuple(one for one in self.asked if row.key in one.question.indicators),
            rows=self.known,
        )

    def _figure(self, facts: ObservationFacts) -> Figure:
        return Figure(facts, self.known.get(facts.id))

    def _within(self, one: ObservationFacts) -> bool:
        return self.since is None or one.period_end >= self.since


def _timetable(session: Session, found: ProjectFound, as_of: date) -> tuple[Step, ...]:
    rows = (row for row in milestones.of_project(session, found.id) if row.voided_at is None)
    return tuple(Step(row, milestone_state(row.starts_on, row.ends_on, row.done_on, as_of)) for row in rows)


def _risks(session: Session, found: ProjectFound, as_of: date) -> tuple[RiskSummary, ...]:
    rows = {row.id: row for row in risks.of_project(session, found.id) if row.voided_at is None}
    return tuple(
        RiskSummary(rows[facts.id], facts, risk_level(facts.likelihood, facts.impact), review_due(facts, as_of))
        for facts in weightiest_first(map(risks.to_facts, rows.values()))
    )


def _money(rows: Sequence[Funding], facts: FundingFacts, as_of: date, asked: Sequence[Asked]) -> Money:
    """Money used by a later day is told of later."""
    counted = [row for row in rows if row.voided_at is None and (row.until_on is None or row.until_on <= as_of)]
    return Money(
        budget_cents=facts.budget_cents,
        sources=tuple(row for row in counted if row.kind == FundingKind.SOURCE),
        uses=tuple(row for row in counted if row.kind == FundingKind.USE),
        sources_cents=sum(facts.source_cents) if facts.source_cents else None,
        used_cents=sum(row.amount_cents or 0 for row in counted if row.kind == FundingKind.USE),
        asked=tuple(one for one in asked if not one.question.indicators),
    )
