"""Observations: figures recorded, corrected and entered wrongly. What is doubtful is asked, never a block."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.observations import check_observation
from app.schemas.observations import ObservationChange, ObservationCreate
from app.services import holding, projects, questions, trail
from app.services.acting import Act, Permission
from app.services.project_facts import facts_of, load_facts, rows_of
from app.services.projects import ProjectFound
from app.services.questions import Asked
from app.storage import indicators, observations
from app.storage.models import Correction, Indicator, Observation, new_id

FIELDS = (
    *("period_start", "period_end", "value", "value_max", "numerator", "denominator", "n"),
    *("breakdown", "status", "approximate", "source", "note"),
)
"""What a correction may change, and keeps as it was."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An observation with its indicator, and the questions in which it has a part."""

    observation: Observation
    indicator: Indicator
    asked: tuple[Asked, ...] = ()


def record_observation(session: Session, slug: str, command: ObservationCreate, act: Act) -> Recorded:
    """Records a figure. Raises RuleBroken naming the field where indicator, period or figure do not fit."""
    return record_in(session, projects.hold_project(session, slug, act), command, act)


def record_in(session: Session, found: ProjectFound, command: ObservationCreate, act: Act) -> Recorded:
    """The same in a project that is held."""
    return _recorded(session, found, *_add(session, found, command, act))


def add_observation(session: Session, slug: str, command: ObservationCreate, act: Act) -> None:
    """The same without asking what is doubtful, which for each of thousands of figures would go through all of them."""
    _add(session, projects.hold_project(session, slug, act), command, act)


def _add(session: Session, found: ProjectFound, command: ObservationCreate, act: Act) -> tuple[Observation, Indicator]:
    indicator = _indicator(session, found, command.indicator)
    observation = _new(indicator, command, act)
    _check(session, indicator, observation, act)
    session.add(observation)
    trail.record_row(session, act, "recorded", observation)
    return observation, indicator


def preview_observation(session: Session, slug: str, command: ObservationCreate, act: Act) -> tuple[Asked, ...]:
    """What recording the figure would raise questions about; writes nothing. Raises what `record_observation` would."""
    return _preview(session, slug, {"": command}, act)


def preview_observations(
    session: Session, slug: str, commands: Sequence[ObservationCreate], act: Act
) -> tuple[Asked, ...]:
    """The same for several figures that are recorded in one go. An error's field says which of them it is about:
    `2.value` is of the third."""
    return _preview(session, slug, {f"{place}.": command for place, command in enumerate(commands)}, act)


def record_observations(session: Session, slug: str, commands: Sequence[ObservationCreate], act: Act) -> list[Recorded]:
    """Records several figures in one go: whoever commits only without an error keeps all of them or none. Errors are
    those of `preview_observations`."""
    recorded = []
    for place, command in enumerate(commands):
        with _told_of(f"{place}."):
            recorded.append(record_observation(session, slug, command, act))
    return recorded


def _preview(session: Session, slug: str, commands: Mapping[str, ObservationCreate], act: Act) -> tuple[Asked, ...]:
    found = projects.find_project(session, slug, act.actor)
    projects.require_project(session, found, act.actor, Permission.OUTCOMES)
    drafts = []
    for place, command in commands.items():
        with _told_of(place):
            indicator = _indicator(session, found, command.indicator)
            draft = _new(indicator, command, act)
            _check(session, indicator, draft, act)
            drafts.append(observations.to_facts(draft, indicator.key))
    asked = questions.asked_of(session, found, load_facts(session, found, drafts))
    ids = {draft.id for draft in drafts}
    return tuple(one for one in asked if ids.intersection(one.question.observation_ids))


@contextmanager
def _told_of(place: str) -> Iterator[None]:
    """An error of one figure among several says which."""
    try:
        yield
    except RuleBroken as error:
        if not place or not error.field:
            raise
        raise RuleBroken(error.code, f"{place}{error.field}", **error.values) from error


def correct_observation(
    session: Session, observation_id: str, command: ObservationChange, act: Act, expected_version: int | None = None
) -> Recorded:
    """Corrects a figure; what it was is kept with who, when and why. Raises Conflict on a voided one, RuleBroken where
    nothing would change or the result would not fit."""
    found, observation, indicator = _hold(session, observation_id, act, expected_version)
    before = {name: _plain(getattr(observation, name)) for name in FIELDS}
    for name, value in command.model_dump(exclude_unset=True, exclude={"reason"}).items():
        setattr(observation, name, value)
    observation.part = observations.part_of(observation.breakdown)
    changed = {name: old for name, old in before.items() if old != _plain(getattr(observation, name))}
    with session.no_autoflush:
        if not changed:
            raise RuleBroken("nothing_changed", "value")
        _check(session, indicator, observation, act)
    correction = Correction(
        id=new_id(),
        observation_id=observation.id,
        before=changed,
        reason=command.reason,
        corrected_by=act.actor.name,
        corrected_at=act.now,
    )
    session.add(correction)
    trail.record_row(session, act, "corrected", observation)
    return _recorded(session, found, observation, indicator)


def void_observation(
    session: Session, observation_id: str, reason: str, act: Act, expected_version: int | None = None
) -> Recorded:
    """Voids a figure entered wrongly: it then counts for nothing, and stays in the trail."""
    _, observation, indicator = _hold(session, observation_id, act, expected_version)
    observation.voided_at, observation.void_reason = act.now, reason
    trail.record_row(session, act, "voided", observation)
    return Recorded(observation, indicator)


def read_observation(session: Session, observation_id: str, act: Act) -> Recorded:
    found, observation, indicator = _find(session, observation_id, act)
    return _recorded(session, found, observation, indicator)


def project_of(session: Session, indicator: Indicator, act: Act) -> ProjectFound:
    """The project of an indicator. Raises NotFound where the actor does not see it."""
    return projects.find_by_id(session, indicator.project_id, act.actor)


def list_corrections(session: Session, observation_id: str, act: Act) -> list[Correction]:
    """What a figure was before, the newest first."""
    _, observation, _ = _find(session, observation_id, act)
    return list(observations.corrections(session, observation.id))


def list_observations(session: Session, slug: str, indicator: str | None, act: Act) -> list[Recorded]:
    """A project's figures, voided ones too, each with its questions; those of one indicator where its key is given."""
    found = projects.find_project(session, slug, act.actor)
    rows = rows_of(session, found)
    by_id = {row.id: row for row in rows.indicators}
    asked = questions.asked_of(session, found, facts_of(found, rows))
    return [
        Recorded(row, by_id[row.indicator_id], _about(asked, row.id))
        for row, key in rows.observations
        if indicator is None or key == indicator
    ]


def _indicator(session: Session, found: ProjectFound, key: str) -> Indicator:
    indicator = indicators.by_key(session, found.id, key)
    if indicator is None:
        raise RuleBroken("indicator_unknown", "indicator")
    if indicator.computation is not None:
        raise RuleBroken("indicator_computed", "indicator")
    return indicator


def _new(indicator: Indicator, command: ObservationCreate, act: Act) -> Observation:
    """No row of the session yet, so that a preview writes nothing."""
    values = command.model_dump(exclude={"indicator"})
    return Observation(
        id=new_id(),
        indicator_id=indicator.id,
        part=observations.part_of({one.value: part for one, part in command.breakdown.items()}),
        recorded_by=act.actor.name,
        created_at=act.now,
        **values,
    )


def _check(session: Session, indicator: Indicator, observation: Observation, act: Act) -> None:
    others = [
        observations.to_facts(row, indicator.key)
        for row in observations.beside(session, observation)
        if row.id != observation.id and row.voided_at is None
    ]
    facts = observations.to_facts(observation, indicator.key)
    check_observation(indicators.to_facts(indicator), facts, others, act.today, has_note=observation.note is not None)


def _recorded(session: Session, found: ProjectFound, observation: Observation, indicator: Indicator) -> Recorded:
    if observation.voided_at is not None:
        return Recorded(observation, indicator)
    asked = questions.asked_of(session, found, load_facts(session, found))
    return Recorded(observation, indicator, _about(asked, observation.id))


def _about(asked: list[Asked], observation_id: str) -> tuple[Asked, ...]:
    return tuple(one for one in asked if observation_id in one.question.observation_ids)


def _find(session: Session, observation_id: str, act: Act) -> tuple[ProjectFound, Observation, Indicator]:
    row = observations.get(session, observation_id)
    if row is None:
        raise NotFound("not_found")
    observation, indicator = row
    return projects.find_by_id(session, indicator.project_id, act.actor), observation, indicator


def _hold(
    session: Session, observation_id: str, act: Act, expected_version: int | None
) -> tuple[ProjectFound, Observation, Indicator]:
    found, observation, indicator = _find(session, observation_id, act)
    projects.hold_found(session, found, act)
    session.refresh(observation)
    holding.check_version(observation, expected_version)
    if observation.voided_at is not None:
        raise Conflict("already_voided")
    return found, observation, indicator


def _plain(value: object) -> Mapping[str, Any] | object:
    """A field as a correction keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
