"""The fixed set of public tables: which there are, for which quarters, and what they count.

A reader may put together everything that was ever published. That nothing comes of it rests on what is published:

- A table has one dimension. Group by form or group by channel would have cells of one or two people nearly always, and
  their edges would have to be folded against each other. Tables of one dimension are tied by their total only, and
  folding takes that for known (rules/folding.py).
- Jobs are counted in the quarter in which they began (a flow), not as all that have begun by its end (a stock). From
  two stocks the jobs of the quarter between could be had by subtraction, folded or not; quarters have no job in common.
- A table is made once, a month after its quarter, and stays as it is. Were it made anew with what was logged later, the
  difference of the two would be those few people.
- A table of jobs has all categories in which there could be any, those without anybody too. What no clause accepts
  stands in no table: clauses are public, and a category known to be empty hides nobody beside it.
- Only the whole organisation has tables. Those of its divisions, or of all but one, would be subtracted from it.
- A project has tables of one indicator: the people who take part. Those who finished are among them, and two tables of
  which one is a part of the other bound each other. For the same reason a project's figures are published for periods
  that lie after everything published of it before, the longest that ends in the quarter. A project whose figures come
  from contracts has no tables of its own: its people are those of the jobs.

Obligations by status are counts of contracts. Whether one is met is the supplier's duty and no one's private matter:
they are not folded.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.rules import policy
from app.rules.codes import Channel, CohortStage, Dimension, FigureStatus, FigureUnit
from app.rules.dates import ONE_DAY, add_months
from app.rules.facts import ClauseFacts, EmploymentForm, PositionFacts, TargetGroup
from app.rules.folding import Folded, folded_counts
from app.rules.outcomes import WHOLE, IndicatorFacts, ObservationFacts
from app.rules.periods import Period
from app.rules.positions import Chain
from app.rules.status import WORST_FIRST

MONTHS = 3
"""Of a quarter."""


class TableKey(StrEnum):
    """The tables that every organisation has, in the order in which they are shown."""

    JOBS_BY_TARGET_GROUP = "jobs_by_target_group"
    JOBS_BY_EMPLOYMENT_FORM = "jobs_by_employment_form"
    JOBS_BY_CHANNEL = "jobs_by_channel"
    OBLIGATIONS_BY_STATUS = "obligations_by_status"


JOBS_BY = (TableKey.JOBS_BY_TARGET_GROUP, TableKey.JOBS_BY_EMPLOYMENT_FORM, TableKey.JOBS_BY_CHANNEL)
"""Of the same jobs: one total."""

CATEGORIES: dict[TableKey, tuple[str, ...]] = {
    TableKey.JOBS_BY_TARGET_GROUP: tuple(TargetGroup),
    TableKey.JOBS_BY_EMPLOYMENT_FORM: tuple(EmploymentForm),
    TableKey.JOBS_BY_CHANNEL: tuple(Channel),
    TableKey.OBLIGATIONS_BY_STATUS: WORST_FIRST,
}
"""In the order of the tables; what is least asked for stands last."""


class Table(NamedTuple):
    """A table with all its categories, shown or folded."""

    categories: tuple[str, ...]
    folded: Folded


PUBLIC_DIMENSIONS = (Dimension.AGE_GROUP, Dimension.POSTCODE_AREA, Dimension.TARGET_GROUP, Dimension.LANGUAGE)
"""What a project's people are counted by, in the order in which it is shown."""


NOT_KNOWN = ""
"""Code of those of a project's people of whom nothing is recorded in a dimension."""


def quarter_of(day: date) -> Period:
    """The quarter of the calendar year in which a day lies."""
    first = date(day.year, day.month - (day.month - 1) % MONTHS, 1)
    return Period(first, add_months(first, MONTHS) - ONE_DAY)


def is_quarter_end(day: date) -> bool:
    return quarter_of(day).last == day


def quarters_due(began_on: date, in_use_since: date, today: date) -> list[Period]:
    """The quarters of which there are to be tables, the earliest first: from the one in which the first contract or
    project began, those that ended long enough ago, and no more than some years of them.

    A city that has only just begun to record its old contracts (`in_use_since`) is given the same time for that.
    """
    latest = today - timedelta(days=policy.PUBLISHED_AFTER_DAYS)
    if in_use_since > latest:
        return []
    found: list[Period] = []
    quarter = quarter_of(latest + ONE_DAY)
    while len(found) < policy.PUBLISHED_QUARTERS_BACK:
        quarter = quarter_of(quarter.first - ONE_DAY)
        if quarter.last < began_on:
            break
        found.append(quarter)
    return found[::-1]


def begun(chains: Iterable[Chain], quarter: Period) -> list[PositionFacts]:
    """Whoever began each of the jobs that began in the quarter. Someone who goes on with a job begins no other."""
    return [chain.members[0] for chain in chains if quarter.holds(chain.first_start)]


def possible(key: TableKey, clause: ClauseFacts) -> frozenset[str]:
    """The categories in which a clause lets jobs count."""
    if key is TableKey.JOBS_BY_EMPLOYMENT_FORM:
        return clause.employment_forms
    if key is TableKey.JOBS_BY_TARGET_GROUP and clause.target_groups is not None:
        return clause.target_groups
    return frozenset(CATEGORIES[key])


def jobs_table(key: TableKey, categories: Container[str], counts: Mapping[str, int]) -> Table:
    """A table of jobs: those of its categories that were possible."""
    whole = {code: counts.get(code, 0) for code in CATEGORIES[key] if code in categories}
    return Table(tuple(whole), folded_counts(whole))


def obligations_table(counts: Mapping[str, int]) -> Table:
    """Contracts by status: nothing of people, nothing folded."""
    shown = tuple((code, counts.get(code, 0)) for code in CATEGORIES[TableKey.OBLIGATIONS_BY_STATUS])
    folded = Folded(shown, None, sum(count for _, count in shown))
    return Table(CATEGORIES[TableKey.OBLIGATIONS_BY_STATUS], folded)


def people_taking_part(indicators: Iterable[IndicatorFacts]) -> IndicatorFacts | None:
    """Of a project's indicators, in their order, the first that counts people who are no part of another's; None where
    none does or none may be broken down by anything public."""
    for one in indicators:
        whole = one.counted_among is None and one.stage in (None, CohortStage.STARTED)
        if one.unit is FigureUnit.PEOPLE and whole and not one.dimensions.isdisjoint(PUBLIC_DIMENSIONS):
            return one
    return None


class ProjectTables(NamedTuple):
    """The breakdowns of one figure of a project over one period."""

    period: Period
    by_dimension: dict[Dimension, Folded]


def project_tables(
    observations: Sequence[ObservationFacts], quarter: Period, published_until: date | None
) -> ProjectTables | None:
    """The tables of the people taking part in a project, from all observations of that indicator; None where there are
    none whose period ends in the quarter and begins after everything published before."""
    final = [
        one
        for one in observations
        if one.status is FigureStatus.FINAL
        and quarter.holds(one.period_end)
        and (published_until is None or one.period_start > published_until)
    ]
    ends = [(one.period_start, -one.period_end.toordinal()) for one in final if _dimension(one) is not None]
    if not ends:
        return None
    period = Period(min(ends)[0], date.fromordinal(-min(ends)[1]))
    ours = [one for one in final if (one.period_start, one.period_end) == period]
    whole = next((_exact(one) for one in ours if one.breakdown == WHOLE), None)
    by_dimension = {
        dimension: folded_counts(counts)
        for dimension in PUBLIC_DIMENSIONS
        if (counts := _counts([one for one in ours if _dimension(one) is dimension], whole))
    }
    return ProjectTables(period, by_dimension) if by_dimension else None


def _dimension(one: ObservationFacts) -> Dimension | None:
    """The public dimension of which this is a part, and of no other."""
    dimension = one.breakdown[0][0] if len(one.breakdown) == 1 else None
    return dimension if dimension in PUBLIC_DIMENSIONS else None


def _counts(parts: Iterable[ObservationFacts], whole: int | None) -> dict[str, int]:
    """Counts by category, in the order of the categories' codes; nothing where one of them is no exact count, or where
    someone is in several. Those of the whole who are in none are a category too: they could be had by subtraction."""
    counts: dict[str, int] = {}
    for one in sorted(parts, key=lambda one: one.breakdown):
        count = _exact(one)
        if count is None:
            return {}
        counts[one.breakdown[0][1]] = count
    if counts and whole is not None and whole != sum(counts.values()):
        counts[NOT_KNOWN] = whole - sum(counts.values())
    return counts if counts.get(NOT_KNOWN, 0) >= 0 else {}


def _exact(one: ObservationFacts) -> int | None:
    """The count of people, where it is one."""
    if one.value is None or one.value_max is not None or one.approximate or one.value % 1:
        return None
    return int(one.value)
