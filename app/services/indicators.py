"""Indicators: what a project's figures mean is said before the first figure."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.rules.codes import CohortStage, Computation, FigureUnit
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.figures import COUNTED
from app.schemas.indicators import IndicatorChange, IndicatorCreate
from app.schemas.words import Words
from app.services import holding, projects, trail
from app.services.acting import Act
from app.services.projects import ProjectFound
from app.storage import indicators, observations
from app.storage.models import Indicator, new_id

COMPUTED_UNITS = {
    Computation.TENDERS_WITH_CLAUSE: FigureUnit.COUNT,
    Computation.POSITIONS_PROMISED: FigureUnit.COUNT,
    Computation.POSITIONS_FILLED: FigureUnit.PEOPLE,
    Computation.INNOVATIVE_SHARE: FigureUnit.PERCENT,
    Computation.CLAUSE_CONSIDERED: FigureUnit.COUNT,
}


def define_indicator(session: Session, slug: str, command: IndicatorCreate, act: Act) -> Indicator:
    """Defines what a figure means. Raises Conflict where the project has one of that key."""
    found = projects.hold_project(session, slug, act)
    if indicators.by_key(session, found.id, command.key) is not None:
        raise Conflict("key_taken", "key")
    indicator = Indicator(
        id=new_id(),
        project_id=found.id,
        place=indicators.next_place(session, found.id),
        created_at=act.now,
        **command.model_dump(),
    )
    _check(session, found, indicator)
    session.add(indicator)
    trail.record_row(session, act, "created", indicator)
    return indicator


def change_indicator(
    session: Session, slug: str, key: str, command: IndicatorChange, act: Act, expected_version: int | None = None
) -> Indicator:
    """Changes what was sent. Raises Conflict where a dimension that figures are broken down by would go."""
    found = projects.hold_project(session, slug, act)
    indicator = _indicator(session, found, key)
    holding.check_version(indicator, expected_version)
    for name, value in command.model_dump(exclude_unset=True).items():
        setattr(indicator, name, value)
    with session.no_autoflush:
        _check(session, found, indicator)
        _check_dimensions_in_use(session, indicator)
    trail.record_row(session, act, "changed", indicator)
    return indicator


def name_parts(session: Session, slug: str, key: str, names: Mapping[str, Mapping[str, Words]], act: Act) -> None:
    """Gives words to values of an indicator's dimensions that have none yet: by dimension and value."""
    found = projects.hold_project(session, slug, act)
    indicator = _indicator(session, found, key)
    kept = indicator.category_names
    added = {
        dimension: kept.get(dimension, {})
        | {value: words for value, words in of_dimension.items() if value not in kept.get(dimension, {})}
        for dimension, of_dimension in names.items()
    }
    if any(len(added[dimension]) > len(kept.get(dimension, {})) for dimension in added):
        indicator.category_names = kept | added
        _check(session, found, indicator)
        trail.record_row(session, act, "changed", indicator)


def find_indicator(session: Session, slug: str, key: str, act: Act) -> tuple[ProjectFound, Indicator]:
    """Raises NotFound where the project, as the actor sees it, has no such indicator."""
    found = projects.find_project(session, slug, act.actor)
    return found, _indicator(session, found, key)


def list_indicators(session: Session, slug: str, act: Act) -> Sequence[Indicator]:
    """A project's indicators, in its order."""
    return indicators.of_project(session, projects.find_project(session, slug, act.actor).id)


def _indicator(session: Session, found: ProjectFound, key: str) -> Indicator:
    indicator = indicators.by_key(session, found.id, key)
    if indicator is None:
        raise NotFound("not_found")
    return indicator


def _check(session: Session, found: ProjectFound, indicator: Indicator) -> None:
    _check_target(indicator)
    if indicator.accumulates and indicator.unit not in {*COUNTED, FigureUnit.EUROS}:
        raise RuleBroken("accumulates_not_counted", "accumulates")
    _check_scale(indicator)
    if len(set(indicator.dimensions)) < len(indicator.dimensions):
        raise RuleBroken("listed_twice", "dimensions")
    if set(indicator.category_names) - set(indicator.dimensions):
        raise RuleBroken("names_without_dimension", "category_names")
    _check_place_among_others(session, found, indicator)
    if indicator.computation is not None:
        _check_computation(found, indicator, Computation(indicator.computation))


def _check_target(indicator: Indicator) -> None:
    least, most = indicator.target_min, indicator.target_max
    if least is not None and most is not None and most < least:
        raise RuleBroken("target_reversed", "target_max")
    if indicator.target_on is not None and least is None and most is None:
        raise RuleBroken("target_missing", "target_min")


def _check_scale(indicator: Indicator) -> None:
    """A score lies on a scale, and nothing else does."""
    low, high = indicator.scale_min, indicator.scale_max
    if indicator.unit != FigureUnit.SCORE:
        if low is not None or high is not None:
            raise RuleBroken("scale_without_score", "scale_min" if low is not None else "scale_max")
        return
    if low is None or high is None:
        raise RuleBroken("scale_missing", "scale_min" if low is None else "scale_max")
    if high <= low:
        raise RuleBroken("scale_reversed", "scale_max")


def _check_place_among_others(session: Session, found: ProjectFound, indicator: Indicator) -> None:
    """The group it is counted among exists and does not lead back to it; a later stage of a cohort is held once."""
    others = {row.key: row for row in indicators.of_project(session, found.id) if row.id != indicator.id}
    above, seen = indicator.counted_among, {indicator.key}
    while above is not None:
        if above in seen:
            raise RuleBroken("counted_among_itself", "counted_among")
        if above not in others:
            raise RuleBroken("indicator_unknown", "counted_among")
        seen.add(above)
        above = others[above].counted_among
    if indicator.stage is None:
        return
    if indicator.unit not in COUNTED:
        raise RuleBroken("stage_not_counted", "stage")
    place = (indicator.stage, indicator.counted_among)
    if indicator.stage != CohortStage.STARTED and place in {(row.stage, row.counted_among) for row in others.values()}:
        raise RuleBroken("stage_taken", "stage")


def _check_computation(found: ProjectFound, indicator: Indicator, computation: Computation) -> None:
    if found.project.programme is None:
        raise RuleBroken("programme_missing", "computation")
    if indicator.unit != COMPUTED_UNITS[computation]:
        raise RuleBroken("computation_of_another_unit", "unit")
    if indicator.dimensions or indicator.stage:
        raise RuleBroken("computed_as_a_whole", "dimensions" if indicator.dimensions else "stage")


def _check_dimensions_in_use(session: Session, indicator: Indicator) -> None:
    used = {name for row in observations.of_indicator(session, indicator.id) for name in row.breakdown}
    if used - set(indicator.dimensions):
        raise Conflict("dimension_in_use", "dimensions")
