"""Erases a contract's jobs once their time is over, in one transaction: the jobs become counts of months, how the
obligation stood at the ends of quarters is kept, and so are contract, purchases and decisions, which are public.

Whatever is decided is decided from the facts under the contract's lock: erasing twice, by two at once or after a crash
is erasing once, and a restored backup is erased again.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.rules.codes import ArchivedBy
from app.rules.facts import ContractFacts
from app.rules.judgement import judge
from app.rules.kept_standings import kept_standings
from app.rules.outlook import outlook_on
from app.rules.retention import Clock
from app.services import retention as planning
from app.services import trail
from app.services.acting import Act
from app.storage import audit, erased_contracts, judgements, retention
from app.storage.erased_contracts import Cell
from app.storage.facts import load_facts
from app.storage.judgements import Stored


@dataclass(frozen=True, slots=True)
class Erased:
    """How many jobs went, and of how many links of the trail the content."""

    jobs: int
    payloads: int


def erase_contract(session: Session, contract_id: str, act: Act) -> Erased | None:
    """Erases the jobs of a contract, and everything that tells of single ones; None where it is not time."""
    stored = judgements.lock(session, [contract_id])
    plan = planning.plans(session, [contract_id], act).get(contract_id)
    if plan is None or not plan.may_erase(act) or not isinstance(plan.clock, Clock):
        return None
    facts = load_facts(session, [contract_id])[contract_id]
    root_id = retention.roots_of(session, [contract_id])[contract_id][0]
    erased_contracts.count_in(session, root_id, _counts(session, facts, act.today))
    payloads = audit.erase(session, retention.subjects_of(session, contract_id))
    retention.erase_mails(session, contract_id)
    jobs = retention.erase_jobs(session, contract_id)
    retention.erase_texts(session, contract_id)
    erased_contracts.add(session, contract_id, kept_standings(facts, plan.clock.over_on), act.today)
    session.flush()
    _store(session, stored[contract_id], act)
    trail.record(session, act, "erased", "contract", contract_id, {"jobs": jobs, "payloads": payloads})
    return Erased(jobs, payloads)


def _counts(session: Session, facts: ContractFacts, today: date) -> Counter[Cell]:
    """The jobs that counted, each by whoever began it, as public tables count them."""
    heads = [chain.members[0].id for chain in outlook_on(facts, today).chains]
    counts: Counter[Cell] = Counter()
    for row in retention.archived(session, heads):
        month = row.starts_on.replace(day=1)
        counts.update((month, by, getattr(row, by.value)) for by in ArchivedBy)
    return counts


def _store(session: Session, before: Stored, act: Act) -> None:
    """The stored judgement is the kept one from now on; nobody is reminded of it any more."""
    judgement = judge(load_facts(session, [before.contract_id])[before.contract_id], act.today)
    nothing = {"recheck_on": None, "acknowledged_at": None, "snoozed_until": None, "snoozed_on": None}
    written = {"judged_on": act.today, "facts_version": before.facts_version + 1}
    judgements.change(session, before.contract_id, judgements.values_of(judgement) | nothing | written)
