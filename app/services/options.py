"""Options: extensions of a contract, added and taken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.rules.contracts import effective_end_on
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.facts import ContractFacts, OptionFacts
from app.schemas.options import ExerciseCommand, OptionCreate
from app.services import holding, trail
from app.services.acting import Act, Permission
from app.services.foresight import Foreseen, find_for, foresee
from app.services.holding import Held
from app.storage import contracts
from app.storage.models import Contract, ContractOption, new_id


def list_options(session: Session, contract_id: str, act: Act) -> Sequence[ContractOption]:
    return contracts.options_of(session, holding.find(session, contract_id, act.actor).id)


def add_option(
    session: Session, contract_id: str, command: OptionCreate, act: Act, expected_version: int | None = None
) -> ContractOption:
    """Adds an option, taken already or not. Raises RuleBroken where it would not prolong the contract, ends on the day
    of another one, or was taken on a day that does not fit."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS, expected_version)
    _check_new(session, held, command, act)
    option = put(session, held.contract, command, act)
    return _written(session, held, option, act)


def preview_option(session: Session, contract_id: str, command: OptionCreate, act: Act) -> Foreseen:
    """How the obligation would stand with the option; writes nothing. Raises what `add_option` would."""
    held = find_for(session, contract_id, act, Permission.CONTRACTS)
    _check_new(session, held, command, act)
    added = OptionFacts(new_id(), command.ends_on, command.exercised_on)
    return foresee(session, held, act, lambda facts: replace(facts, options=_by_end((*facts.options, added))))


def exercise_option(
    session: Session,
    contract_id: str,
    option_id: str,
    command: ExerciseCommand,
    act: Act,
    expected_version: int | None = None,
) -> ContractOption:
    """Takes an option: from that day on the contract lasts until the option's end. Raises Conflict where it is taken
    already, RuleBroken on a day to come or one on which the contract had ended."""
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS, expected_version)
    option = _find(session, held, option_id)
    if option.exercised_on is not None:
        raise Conflict("option_already_exercised")
    check_exercise(holding.facts_of(session, held), command.exercised_on, act.today)
    option.exercised_on = command.exercised_on
    trail.record_row(session, act, "exercised", option)
    return _written(session, held, option, act)


def preview_exercise(
    session: Session, contract_id: str, option_id: str, command: ExerciseCommand, act: Act
) -> Foreseen:
    """How the obligation would stand with the option taken; writes nothing. Raises what `exercise_option` would."""
    held = find_for(session, contract_id, act, Permission.CONTRACTS)
    option = _find(session, held, option_id)
    if option.exercised_on is not None:
        raise Conflict("option_already_exercised")
    check_exercise(holding.facts_of(session, held), command.exercised_on, act.today)
    taken = OptionFacts(option.id, option.ends_on, command.exercised_on)

    def take(facts: ContractFacts) -> ContractFacts:
        others = [one for one in facts.options if one.id != taken.id]
        return replace(facts, options=_by_end((*others, taken)))

    return foresee(session, held, act, take)


def put(session: Session, contract: Contract, command: OptionCreate, act: Act) -> ContractOption:
    """Keeps an option that was checked."""
    values = {"ends_on": command.ends_on, "exercised_on": command.exercised_on}
    option = ContractOption(id=new_id(), contract_id=contract.id, **values)
    session.add(option)
    trail.record_row(session, act, "created", option)
    return option


def check_order(ends_on: date, options: Sequence[OptionCreate]) -> None:
    """Raises RuleBroken where an option does not end after the contract's base period and the option before it."""
    last = ends_on
    for number, option in enumerate(options):
        if option.ends_on <= last:
            code = "option_order" if number and option.ends_on > ends_on else "option_not_after_end"
            raise RuleBroken(code, f"options.{number}.ends_on")
        last = option.ends_on


def check_exercise(facts: ContractFacts, exercised_on: date, today: date, field: str = "exercised_on") -> None:
    """Raises RuleBroken where an option was taken on a day to come, or when the contract, by the rest of its facts, had
    ended."""
    if exercised_on > today:
        raise RuleBroken("exercised_after_today", field)
    if exercised_on > effective_end_on(facts, exercised_on):
        raise RuleBroken("exercise_after_contract_end", field)


def check_exercises(facts: ContractFacts, today: date, fields: Sequence[str]) -> None:
    """The same for all options of a contract: each with the others as they are. `fields` are those to name, by
    option in the order of their last days."""
    for option, field in zip(facts.options, fields, strict=True):
        if option.exercised_on is not None:
            others = tuple(other for other in facts.options if other.id != option.id)
            check_exercise(replace(facts, options=others), option.exercised_on, today, field)


def _check_new(session: Session, held: Held, command: OptionCreate, act: Act) -> None:
    if command.ends_on <= held.contract.ends_on:
        raise RuleBroken("option_not_after_end", "ends_on")
    if any(option.ends_on == command.ends_on for option in contracts.options_of(session, held.id)):
        raise RuleBroken("option_order", "ends_on")
    if command.exercised_on is not None:
        check_exercise(holding.facts_of(session, held), command.exercised_on, act.today)


def _by_end(options: Sequence[OptionFacts]) -> tuple[OptionFacts, ...]:
    return tuple(sorted(options, key=lambda option: option.ends_on))


def _written(session: Session, held: Held, option: ContractOption, act: Act) -> ContractOption:
    """The contract is judged anew; its version counts changes of its options too."""
    flag_modified(held.contract, "last_recorded_on")
    holding.recorded(session, held, act)
    return option


def _find(session: Session, held: Held, option_id: str) -> ContractOption:
    for option in contracts.options_of(session, held.id):
        if option.id == option_id:
            return option
    raise NotFound("not_found")
