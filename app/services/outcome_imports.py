"""Importing outcomes: what is new is added, once, however often a document is imported.

What a person has corrected, changed or voided meanwhile is never overwritten: the report names it as differing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.rules.codes import Role
from app.rules.errors import DomainError, RuleBroken
from app.schemas.indicators import IndicatorCreate
from app.schemas.observations import QuestionAnswer
from app.schemas.outcomes import AnswerGiven, OutcomesDocument, ProjectOutcomes, RiskWithReview
from app.schemas.projects import ProjectCreate
from app.schemas.risks import RiskChange, RiskCreate
from app.services import (
    funding,
    indicators,
    known_outcomes,
    milestones,
    observations,
    outcomes,
    projects,
    questions,
    risks,
    survey_templates,
)
from app.services.acting import Act, GrantedRole
from app.services.known_outcomes import KnownFigures, KnownParts, differing_fields
from app.services.project_facts import load_facts
from app.services.projects import ProjectFound
from app.sources.outcomes.seeds import SLUGS, seeded
from app.storage import units
from app.storage.models import Unit

Command = TypeVar("Command", bound=BaseModel)
LISTED_AT_MOST = 200
"""Differences named in a report; the counts are of all of them."""


class Kind(StrEnum):
    """What a document is made of."""

    PROJECT = "project"
    INDICATOR = "indicator"
    OBSERVATION = "observation"
    MILESTONE = "milestone"
    RISK = "risk"
    FUNDING = "funding"
    ANSWER = "answer"
    SURVEY = "survey"


class Result(StrEnum):
    """What became of one of them."""

    ADDED = "added"
    ALREADY_THERE = "already_there"
    DIFFERS = "differs"


class Difference(NamedTuple):
    """Something that is here and not as the document has it. `place` is its number in its list, from 1 on; `fields`
    are those that differ, none where it was voided here or is asked no more."""

    slug: str
    kind: Kind
    place: int
    what: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class OutcomesReport:
    """What became of a document's parts, and those that somebody must look at."""

    counts: Counter[tuple[Kind, Result]] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def total(self, result: Result) -> int:
        return sum(number for (_, one), number in self.counts.items() if one is result)

    def differs(self, difference: Difference) -> None:
        self.counts[difference.kind, Result.DIFFERS] += 1
        if len(self.differences) < LISTED_AT_MOST:
            self.differences.append(difference)


def import_outcomes(
    session: Session, document: OutcomesDocument, unit_id: str, act: Act, *, dry_run: bool = False
) -> OutcomesReport:
    """Imports projects into the organisation of a unit, which carries those that are new: all of it or nothing.

    A dry run does the same, takes it back and reports the same. Raises what the services raise, with `field` naming
    the place in the document, and RuleBroken where there is no such unit.
    """
    here = act_within(session, unit_id, act)
    if not dry_run:
        return _import(session, document, unit_id, here)
    with session.begin_nested() as savepoint:
        report = _import(session, document, unit_id, here)
        savepoint.rollback()
    return report


def import_seeds(
    session: Session, unit_id: str, act: Act, *, slugs: Sequence[str] = SLUGS, dry_run: bool = False
) -> OutcomesReport:
    """The outcomes of the sister projects that come with the service, and their questionnaires as drafts, in the same
    way."""
    document = OutcomesDocument.model_validate(seeded(slugs))
    with session.begin_nested() as savepoint:
        report = import_outcomes(session, document, unit_id, act)
        here = act_within(session, unit_id, act)
        for slug in slugs:
            found = projects.find_project(session, slug, here.actor)
            drafts = survey_templates.load_templates(session, found, here)
            report.counts[Kind.SURVEY, Result.ADDED] += len(drafts)
        if dry_run:
            savepoint.rollback()
    return report


def act_within(session: Session, unit_id: str, act: Act) -> Act:
    """The same act by someone who sees the unit's organisation only, so that a project of another one that bears the
    same name is not meant. Raises RuleBroken where there is no such unit."""
    unit = units.get(session, unit_id)
    if unit is None or not act.actor.sees_project(unit.path):
        raise RuleBroken("unit_unknown", "unit_id")
    if not act.actor.everywhere:
        return act
    root = session.get_one(Unit, unit.root_id)
    grants = (GrantedRole(Role.ADMIN, root.path),)
    return replace(act, actor=replace(act.actor, everywhere=False, grants=grants))


def _import(session: Session, document: OutcomesDocument, unit_id: str, act: Act) -> OutcomesReport:
    report = OutcomesReport()
    for place, one in enumerate(document.projects):
        with at(f"projects.{place}"):
            _ProjectImport(session, one, act, report).run(unit_id)
    return report


@contextmanager
def at(place: str) -> Iterator[None]:
    """Says where in the document an error arose."""
    try:
        yield
    except DomainError as error:
        error.field = f"{place}.{error.field}" if error.field else place
        raise


class _ProjectImport:
    """One project of a document, and what of it is here."""

    def __init__(self, session: Session, given: ProjectOutcomes, act: Act, report: OutcomesReport) -> None:
        self.session, self.given, self.act, self.report = session, given, act, report
        self.slug = given.project.slug

    def run(self, unit_id: str) -> None:
        found = self._project(unit_id)
        known = known_outcomes.of_project(self.session, found)
        self._indicators(known.indicators)
        self._observations(known.figures)
        self._parts(
            Kind.FUNDING,
            "funding",
            self.given.funding,
            known.funding,
            lambda one: funding.add_funding(self.session, self.slug, one, self.act),
        )
        self._parts(
            Kind.MILESTONE,
            "milestones",
            self.given.milestones,
            known.milestones,
            lambda one: milestones.add_milestone(self.session, self.slug, one, self.act),
        )
        self._parts(Kind.RISK, "risks", self.given.risks, known.risks, self._add_risk)
        self._answers(found)

    def _count(self, kind: Kind, result: Result) -> None:
        self.report.counts[kind, result] += 1

    def _differs(self, kind: Kind, place: int, what: str, fields: Iterable[str]) -> None:
        self.report.differs(Difference(self.slug, kind, place + 1, what, tuple(fields)))

    def _project(self, unit_id: str) -> ProjectFound:
        fields = self.given.project
        known = known_outcomes.project_named(self.session, self.slug, self.act.actor)
        if known is None:
            with at("project"):
                body = {**fields.model_dump(mode="json"), "unit_id": unit_id}
                added = projects.add_project(self.session, ProjectCreate.model_validate(body), self.act)
            self._count(Kind.PROJECT, Result.ADDED)
            return added
        if differing := differing_fields(fields, outcomes.project_fields(known.project)):
            self._differs(Kind.PROJECT, 0, self.slug, differing)
        else:
            self._count(Kind.PROJECT, Result.ALREADY_THERE)
        return known

    def _indicators(self, known: dict[str, IndicatorCreate]) -> None:
        for place, command in _groups_first(self.given.indicators):
            there = known.get(command.key)
            if there is None:
                with at(f"indicators.{place}"):
                    indicators.define_indicator(self.session, self.slug, command, self.act)
                self._count(Kind.INDICATOR, Result.ADDED)
            elif differing := differing_fields(command, there):
                self._differs(Kind.INDICATOR, place, command.key, differing)
            else:
                self._count(Kind.INDICATOR, Result.ALREADY_THERE)

    def _observations(self, known: KnownFigures) -> None:
        for place, command in enumerate(self.given.observations):
            with at(f"observations.{place}"):
                differing = known.differing(command)
                if differing is None:
                    observations.add_observation(self.session, self.slug, command, self.act)
                    self._count(Kind.OBSERVATION, Result.ADDED)
                elif differing.same:
                    self._count(Kind.OBSERVATION, Result.ALREADY_THERE)
                else:
                    self._differs(Kind.OBSERVATION, place, command.indicator, differing.fields)

    def _parts(
        self,
        kind: Kind,
        name: str,
        given: Sequence[Command],
        known: KnownParts,
        add: Callable[[Command], object],
    ) -> None:
        for place, (command, differing) in enumerate(zip(given, known.differing(given), strict=True)):
            with at(f"{name}.{place}"):
                if differing is None:
                    add(command)
                    self._count(kind, Result.ADDED)
                elif differing.same:
                    self._count(kind, Result.ALREADY_THERE)
                else:
                    self._differs(kind, place, "", differing.fields)

    def _add_risk(self, command: RiskWithReview) -> None:
        plain = RiskCreate.model_validate(command.model_dump(exclude={"reviewed_on"}))
        added = risks.add_risk(self.session, self.slug, plain, self.act)
        if command.reviewed_on is not None:
            reviewed = RiskChange.model_validate({"reviewed_on": command.reviewed_on})
            risks.change_risk(self.session, added.id, reviewed, self.act)

    def _answers(self, found: ProjectFound) -> None:
        """Answers go to the questions that the figures here ask."""
        if not self.given.answers:
            return
        facts = load_facts(self.session, found)
        by_meaning = {
            (one.question.code, one.question.figures): one for one in questions.asked_of(self.session, found, facts)
        }
        for place, given in enumerate(self.given.answers):
            asked = by_meaning.get((given.code, tuple(given.figures)))
            if asked is None:
                self._differs(Kind.ANSWER, place, given.code, ())
            elif asked.answer is None:
                self._answer(asked.question.key, given)
            elif asked.answer.answer != given.answer:
                self._differs(Kind.ANSWER, place, given.code, ("answer",))
            else:
                self._count(Kind.ANSWER, Result.ALREADY_THERE)

    def _answer(self, key: str, given: AnswerGiven) -> None:
        questions.answer_question(self.session, self.slug, key, QuestionAnswer(answer=given.answer), self.act)
        self._count(Kind.ANSWER, Result.ADDED)


def _groups_first(given: Sequence[IndicatorCreate]) -> list[tuple[int, IndicatorCreate]]:
    """Indicators with their places, each after the one it is counted among; else in the document's order."""
    waiting = list(enumerate(given))
    ordered: list[tuple[int, IndicatorCreate]] = []
    while waiting:
        keys = {command.key for _, command in waiting}
        ready = next((one for one in waiting if one[1].counted_among not in keys), waiting[0])
        waiting.remove(ready)
        ordered.append(ready)
    return ordered
