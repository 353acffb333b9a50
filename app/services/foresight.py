"""What a write would change in how an obligation stands, judged without writing anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.rules.facts import ContractFacts
from app.rules.judgement import Judgement, judge
from app.services import holding
from app.services.acting import Act, Permission, require
from app.services.holding import Held


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The judgements without and with a write, as of one day: today, or the later day on which the write takes
    effect."""

    before: Judgement
    after: Judgement
    today: date

    @property
    def changes(self) -> bool:
        """Whether the obligation would stand in another way."""
        return self.before.standing != self.after.standing

    @property
    def on(self) -> date:
        return self.after.as_of


def find_for(session: Session, contract_id: str, act: Act, permission: Permission) -> Held:
    """The contract for someone about to write to it. Raises NotFound outside the actor's units, Forbidden where no role
    of the actor allows it."""
    held = holding.find(session, contract_id, act.actor)
    require(act.actor, permission, held.paths, held.owner_email)
    return held


def foresee(
    session: Session, held: Held, act: Act, change: Callable[[ContractFacts], ContractFacts], on: date | None = None
) -> Foreseen:
    """Judges the contract without and with a change of its facts, as of `on` where that day is still to come."""
    facts = holding.facts_of(session, held)
    day = max(act.today, on or act.today)
    return Foreseen(judge(facts, day), judge(change(facts), day), act.today)
