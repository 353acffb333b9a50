"""Importing a table of observations into projects that are here: every row or none.

A row that is wrong is named by its line and field; nothing that stands in it is repeated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError
from sqlalchemy.orm import Session

from app.rules.errors import DomainError, NotFound, RuleBroken
from app.schemas.observations import ObservationCreate
from app.schemas.projects import Slug
from app.services import known_outcomes, observations, projects
from app.services.acting import Act
from app.services.known_outcomes import KnownFigures
from app.services.outcome_imports import Difference, Kind, OutcomesReport, Result, act_within


class ObservationRow(ObservationCreate):
    """A figure and its project."""

    project: Slug = Field(description="What names the project in addresses.", examples=["digirasti"])


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that cannot be recorded, and why: what a body may not hold, or a rule that its figure breaks."""

    line: int
    error: ValidationError | DomainError


class RowsRefused(Exception):
    """Rows of a table are wrong, and nothing of it is recorded."""

    def __init__(self, rows: Sequence[WrongRow]) -> None:
        super().__init__(len(rows))
        self.rows = tuple(rows)


def import_observations(
    session: Session, rows: Sequence[tuple[int, Mapping[str, Any]]], unit_id: str, act: Act, *, dry_run: bool = False
) -> OutcomesReport:
    """Records the rows, each with its line and its fields, in projects of the unit's organisation. The same table again
    adds nothing; a figure corrected meanwhile stays as it is. A dry run takes all back and reports the same.

    Raises RowsRefused with every row that is wrong.
    """
    here = act_within(session, unit_id, act)
    with session.begin_nested() as savepoint:
        table = _Table(session, here)
        for line, fields in rows:
            table.read(line, fields)
        if table.wrong:
            savepoint.rollback()
            raise RowsRefused(table.wrong)
        if dry_run:
            savepoint.rollback()
    return table.report


class _Table:
    """The rows read so far."""

    def __init__(self, session: Session, act: Act) -> None:
        self.session, self.act = session, act
        self.report = OutcomesReport()
        self.wrong: list[WrongRow] = []
        self._known: dict[str, KnownFigures] = {}

    def read(self, line: int, fields: Mapping[str, Any]) -> None:
        try:
            self._record(line, ObservationRow.model_validate(fields))
        except (ValidationError, DomainError) as error:
            self.wrong.append(WrongRow(line, error))

    def _record(self, line: int, row: ObservationRow) -> None:
        command = ObservationCreate.model_validate(row.model_dump(exclude={"project"}))
        differing = self._known_in(row.project).differing(command)
        if differing is None:
            observations.add_observation(self.session, row.project, command, self.act)
            self.report.counts[Kind.OBSERVATION, Result.ADDED] += 1
        elif differing.same:
            self.report.counts[Kind.OBSERVATION, Result.ALREADY_THERE] += 1
        else:
            difference = Difference(row.project, Kind.OBSERVATION, line, command.indicator, differing.fields)
            self.report.differs(difference)

    def _known_in(self, slug: str) -> KnownFigures:
        """The project's figures before the import: the rows of one table are all its own."""
        if slug not in self._known:
            try:
                found = projects.find_project(self.session, slug, self.act.actor)
            except NotFound:
                raise RuleBroken("project_unknown", "project") from None
            self._known[slug] = known_outcomes.known_figures(self.session, found)
        return self._known[slug]
