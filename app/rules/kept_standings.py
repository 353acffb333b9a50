"""How an obligation stood at the ends of quarters: what is left of a contract whose jobs are erased.

A judgement tells by its days when people began and ended. So only the ends of quarters are kept, which is as finely as
open data tells of every contract (rules/open_milestones.py): counts of jobs, no form, group, channel or hours, and the
last days to start as the clause gives them, without those that a broken job had moved.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from app.rules.dates import ONE_DAY
from app.rules.facts import ContractFacts
from app.rules.judgement import Judgement, judge
from app.rules.public_tables import quarter_of
from app.rules.status import Standing


class KeptStandings(NamedTuple):
    """What holds from the end of each quarter on in which anything differed; the first from the beginning of time."""

    standings: tuple[tuple[date, Standing], ...]

    def at(self, day: date) -> Standing:
        """How it stood at the last end of a quarter by the day; from the last change on that is exact."""
        found = self.standings[0][1]
        for since, standing in self.standings:
            if since <= day:
                found = standing
        return found

    def told_as_of(self, day: date) -> date:
        """The day of which what is said of `day` is true: itself, once nothing changes any more."""
        if day >= self.standings[-1][0]:
            return day
        quarter = quarter_of(day)
        return day if quarter.last == day else quarter.first - ONE_DAY


def kept_standings(facts: ContractFacts, over_on: date) -> KeptStandings:
    """The standings to keep of a contract that is over since the end of a day."""
    found: list[tuple[date, Standing]] = []
    for day in _quarter_ends(_begin(facts), over_on):
        standing = _without_days_of_jobs(judge(facts, day))
        if not found or found[-1][1] != standing:
            found.append((day if found else date.min, standing))
    return KeptStandings(tuple(found))


def _begin(facts: ContractFacts) -> date:
    """The first day of which anything of the contract is dated."""
    days = [facts.starts_on, facts.counts_from, *(one.agreed_on for one in facts.positions)]
    days += [one.on_date for one in facts.purchases] + [one.effective_on for one in facts.adjustments]
    return min(days)


def _quarter_ends(first: date, last: date) -> Iterator[date]:
    """The end of the quarter before the first day, and so on to the first one after the last."""
    day = quarter_of(first).first - ONE_DAY
    while day <= last:
        yield day
        day = quarter_of(day + ONE_DAY).last
    yield day


def _without_days_of_jobs(judgement: Judgement) -> Standing:
    """A broken job that may be taken up again moves the last days to start, which tells when it ended."""
    outlook = judgement.outlook
    starts = outlook.unit_latest_starts[outlook.covered :]
    first = starts[0] if starts else None
    return judgement.standing._replace(missing_latest_starts=starts, latest_start_on=first)
