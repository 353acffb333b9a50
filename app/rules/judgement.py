"""judge(facts, as_of): how the obligation of one contract stands on a day, and why."""

from datetime import date
from typing import NamedTuple

from app.rules.clauses import PromisedRange, promised_range
from app.rules.facts import ContractFacts
from app.rules.outlook import Outlook, outlook_on
from app.rules.reasons import Reason, reasons_for
from app.rules.status import Standing, Status, next_change_on, standing_on


class Verdict(NamedTuple):
    """What is stored of a judgement, without the facts that it was made from."""

    as_of: date
    standing: Standing
    next_change_on: date | None
    promised: PromisedRange

    @property
    def status(self) -> Status:
        return self.standing.status


class Judgement(NamedTuple):
    """Every field of an obligation as of a day. Counts are chains, days are calendar days; `next_change_on` is the
    next day on which a field of `standing` would differ were no new fact recorded, None if never."""

    as_of: date
    standing: Standing
    next_change_on: date | None
    outlook: Outlook

    @property
    def status(self) -> Status:
        return self.standing.status

    @property
    def promised(self) -> PromisedRange:
        return promised_range(self.outlook.facts, self.standing.required)

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.as_of, self.standing, self.next_change_on, self.promised)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Made only when asked for: the daily check of a quiet portfolio needs none."""
        return reasons_for(self.outlook, self.standing)


def judge(facts: ContractFacts, as_of: date) -> Judgement:
    """Judges a contract's obligation as of the end of a day, from the facts dated by then."""
    outlook = outlook_on(facts, as_of)
    standing = standing_on(outlook, as_of)
    return Judgement(as_of, standing, next_change_on(outlook, standing), outlook)
