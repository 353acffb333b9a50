"""What a clause would require, by when, and how it would be worded, from a form not yet complete. Stores nothing."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.language.clause_terms import WordedTerms
from app.language.clause_wording import WORDED, Wording, clause_wording
from app.rules.facts import ClauseType, ContractFacts, OptionFacts
from app.rules.policy import DEFAULT_LEAD_DAYS
from app.rules.reasons import Reason
from app.rules.requirements import required_people, requirements
from app.rules.warnings import clause_advice
from app.schemas.drafts import ContractDraft, RegistrationDraft
from app.services import clauses
from app.services.acting import Act
from app.storage import units
from app.storage.facts import clause_facts
from app.storage.models import Clause


@dataclass(frozen=True, slots=True)
class ContractPreview:
    """What the clause would require of one contract, and what there is to think of; both empty without its days."""

    number: int
    requirements: tuple[Reason, ...] = ()
    advice: tuple[Reason, ...] = ()
    promise_missing: bool = False
    """Under an award criterion, as long as nobody says what the supplier promised."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`people` is what the clause asks for without regard to contracts; `wordings` are the clause for the tender."""

    people: tuple[Reason, ...]
    contracts: tuple[ContractPreview, ...]
    wordings: tuple[Wording, ...]


def preview(session: Session, draft: RegistrationDraft, act: Act) -> Preview | None:
    """The preview of a registration; None while its clause is not whole."""
    if draft.clause is None:
        return None
    clause = Clause()
    clauses.fill(clause, draft.clause)
    lead_days = _lead_days(session, draft.unit_id, act)
    promised = clause.type == ClauseType.AWARD_CRITERION
    shown = tuple(
        _contract(number, contract, clause, draft, lead_days, act) for number, contract in enumerate(draft.contracts)
    )
    people = () if promised else required_people(clause_facts(clause, None))
    return Preview(people, shown, wordings(clause))


def wordings(clause: Clause) -> tuple[Wording, ...]:
    """A clause in every language of tenders."""
    terms = worded(clause)
    return tuple(clause_wording(terms, language) for language in WORDED)


def worded(clause: Clause) -> WordedTerms:
    """What a clause is worded from."""
    return WordedTerms(**{name: getattr(clause, name) for name in WordedTerms.__dataclass_fields__})


def _contract(
    number: int, contract: ContractDraft, clause: Clause, draft: RegistrationDraft, lead_days: int, act: Act
) -> ContractPreview:
    if clause.type == ClauseType.AWARD_CRITERION and contract.committed_positions is None:
        return ContractPreview(number, promise_missing=True)
    facts = _facts(contract, clause, draft, lead_days, act)
    if facts is None:
        return ContractPreview(number)
    as_of = max(act.today, facts.starts_on)
    return ContractPreview(number, requirements(facts, as_of), clause_advice(facts, draft.signed_on))


def _facts(
    contract: ContractDraft, clause: Clause, draft: RegistrationDraft, lead_days: int, act: Act
) -> ContractFacts | None:
    """The facts as they would be on the day of registration; None without a period."""
    starts_on, ends_on = contract.starts_on, contract.ends_on
    if starts_on is None or ends_on is None or ends_on < starts_on:
        return None
    options = sorted(contract.options, key=lambda option: option.ends_on)
    value = contract.value_eur
    if value is None and len(draft.contracts) == 1:
        value = draft.estimated_value_eur
    return ContractFacts(
        clause=clause_facts(clause, contract.committed_positions),
        starts_on=starts_on,
        ends_on=ends_on,
        counts_from=min(contract.counts_from or starts_on, starts_on),
        registered_on=act.today,
        last_recorded_on=act.today,
        lead_days=lead_days,
        value_cents=value,
        options=tuple(OptionFacts(str(n), one.ends_on, one.exercised_on) for n, one in enumerate(options)),
    )


def _lead_days(session: Session, unit_id: str | None, act: Act) -> int:
    """Those of the unit that buys, where the actor sees it."""
    unit = units.get(session, unit_id) if unit_id is not None else None
    if unit is None or not act.actor.sees(unit.path):
        return DEFAULT_LEAD_DAYS
    return units.inherited(session, [unit.path])[unit.path].lead_days
