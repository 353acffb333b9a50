"""Contracts: registered, changed, terminated, read; with their parties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.rules.codes import PartyRole
from app.rules.errors import Conflict, NotFound, RuleBroken
from app.rules.facts import ClauseType
from app.rules.judgement import Judgement, judge
from app.rules.reasons import Reason
from app.rules.warnings import registration_warnings
from app.schemas.contracts import ContractChange, ContractCreate, PartyReference, SupplierContact
from app.services import companies, holding, options, trail
from app.services import judgements as judging
from app.services.acting import Act, Permission, require
from app.services.companies import PartyKnown
from app.services.owners import find_or_add_owner
from app.services.procurements import ProcurementFound, find_procurement, writable_unit
from app.services.suppliers import find_or_add_supplier
from app.storage import contract_lists, contracts, judgements, keyset, procurements, units
from app.storage.contracts import ContractFilter
from app.storage.models import Clause, Contract, ContractOption, Party, Unit, new_id

LEDGER = ("ledger_accounts", "ledger_service_classes", "ledger_buying_units")
PLAIN = ("reference", "starts_on", "ends_on", "counts_from", "committed_positions", *LEDGER)
"""Fields that are columns of the same name; `_check` sees whether they fit together."""


@dataclass(frozen=True, slots=True)
class ContractFound:
    """A contract's row, as `contracts.row_of` has it, with what is to be said of it: its parties, the judgement of
    today."""

    contract: Any
    parties: Sequence[Any]
    judgement: Judgement
    warnings: tuple[Reason, ...]
    in_trouble: tuple[PartyKnown, ...] = ()
    """Parties whose situation in the company register puts the obligation at risk."""


def register_contract(session: Session, command: ContractCreate, act: Act) -> ContractFound:
    """Registers a contract with its parties and options, and judges it for the first time.

    Raises RuleBroken naming the field that does not fit, Conflict where the procurement has no clause or the supplier
    already has a contract by this reference under it.
    """
    procurement = _procurement_for(session, command.procurement_id, act)
    bought_by, clause = procurement.unit, procurement.clause
    if clause is None:
        raise Conflict("no_clause", "procurement_id")
    unit = bought_by
    if command.unit_id is not None:
        unit = writable_unit(session, command.unit_id, act, bought_by.root_id)
    contract = _new(session, command, unit, act)
    options.check_order(command.ends_on, command.options)
    _check(session, contract, clause, [])
    session.add(contract)
    trail.record_row(session, act, "created", contract)
    _set_parties(session, contract, command.parties, bought_by.root_id, act)
    for option in command.options:
        options.put(session, contract, option, act)
    judgement = judging.first_judgement(session, contract.id, (unit.path, bought_by.path), act)
    fields = [f"options.{number}.exercised_on" for number in range(len(command.options))]
    options.check_exercises(judgement.outlook.facts, act.today, fields)
    return _found(session, contract, judgement)


def change_contract(
    session: Session, contract_id: str, command: ContractChange, act: Act, expected_version: int | None = None
) -> ContractFound:
    """Changes what was sent, a termination too, and judges anew. Raises RuleBroken where the result would not fit."""
    held = holding.find(session, contract_id, act.actor)
    require(act.actor, Permission.CONTRACTS, held.paths)
    sent, root_id = command.model_fields_set, units.ids_on_path(held.paths[1])[0]
    unit = writable_unit(session, command.unit_id, act, root_id) if "unit_id" in sent else None
    held = holding.hold(session, contract_id, act, Permission.CONTRACTS)
    contract = held.contract
    holding.check_version(contract, expected_version)
    with session.no_autoflush:
        _fill(contract, command, act.today)
        _check(session, contract, contracts.clause_of(session, contract), contracts.options_of(session, contract_id))
    if unit is not None:
        contract.unit_id = unit.id
        judgements.change(session, contract_id, {"unit_path": unit.path})
    if "parties" in sent:
        _set_parties(session, contract, command.parties, root_id, act)
    contract.last_recorded_on = act.today
    flag_modified(contract, "last_recorded_on")
    trail.record_row(session, act, "changed", contract)
    judgement = holding.recorded(session, held, act)
    if sent & {"ends_on", "terminated_on", "decided_on"}:
        field = "terminated_on" if "terminated_on" in sent else "ends_on"
        facts = judgement.outlook.facts
        options.check_exercises(facts, act.today, [field] * len(facts.options))
    return _found(session, contract, judgement)


def read_contract(session: Session, contract_id: str, act: Act) -> ContractFound:
    """A contract, judged live for today."""
    row = holding.seen(contracts.row_of(session, contract_id), act.actor)
    return _told(session, row, judge(holding.facts_of(session, row), act.today))


def list_contracts(
    session: Session, wanted: ContractFilter, sort: keyset.Sort, page: keyset.Page, act: Act
) -> keyset.Slice:
    """A page of the contracts seen from the actor's units, each with its stored judgement."""
    trees = None if act.actor.everywhere else act.actor.trees()
    return contract_lists.page_of(session, trees, wanted, sort, page)


def paths_of(session: Session, contract_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The paths of each contract's own unit and of its procurement's: who may do what with it."""
    return contracts.paths_of(session, contract_ids)


def _found(session: Session, contract: Contract, judgement: Judgement) -> ContractFound:
    """What is to be said after a write."""
    session.flush()
    return _told(session, contracts.row_of(session, contract.id), judgement)


def _told(session: Session, row: Any, judgement: Judgement) -> ContractFound:
    warnings = registration_warnings(judgement.outlook.facts, row.signed_on)
    in_trouble = companies.in_trouble_on(session, row.id, judgement.standing, judgement.as_of)
    return ContractFound(row, contracts.party_rows(session, row.id), judgement, warnings, in_trouble)


def _new(session: Session, command: ContractCreate, unit: Unit, act: Act) -> Contract:
    """The contract as it would be kept, with its owner and supplier."""
    owner = find_or_add_owner(session, command.owner, act)
    supplier = find_or_add_supplier(session, unit.root_id, command.supplier, act)
    contract = Contract(
        id=new_id(),
        procurement_id=command.procurement_id,
        unit_id=unit.id,
        supplier_id=supplier.id,
        owner_id=owner.id,
        value_cents=command.value_eur,
        registered_on=act.today,
        last_recorded_on=act.today,
        created_at=act.now,
        **{name: getattr(command, name) for name in PLAIN},
    )
    _set_contact(contract, command.supplier_contact or SupplierContact())
    return contract


def _procurement_for(session: Session, procurement_id: str, act: Act) -> ProcurementFound:
    """The procurement of a new contract, kept as it is meanwhile. Raises RuleBroken where the actor sees none."""
    try:
        found = find_procurement(session, procurement_id, act.actor)
    except NotFound:
        raise RuleBroken("procurement_unknown", "procurement_id") from None
    units.hold_tree(session, found.unit.root_id, shared=True)
    procurements.lock(session, procurement_id, shared=True)
    found = find_procurement(session, procurement_id, act.actor)
    require(act.actor, Permission.CONTRACTS, [found.unit.path])
    return found


def _fill(contract: Contract, command: ContractChange, today: date) -> None:
    sent = command.model_fields_set
    for name in sent.intersection(PLAIN):
        setattr(contract, name, getattr(command, name))
    if "value_eur" in sent:
        contract.value_cents = command.value_eur
    if "supplier_contact" in sent:
        contact = command.supplier_contact
        _set_contact(contract, contact or SupplierContact(), None if contact is None else contact.model_fields_set)
    if sent & {"terminated_on", "decided_on"}:
        _terminate(contract, command, today)


def _set_contact(contract: Contract, contact: SupplierContact, names: set[str] | None = None) -> None:
    for name in names if names is not None else SupplierContact.model_fields:
        column = "supplier_language" if name == "language" else f"supplier_contact_{name}"
        setattr(contract, column, getattr(contact, name))


def _terminate(contract: Contract, command: ContractChange, today: date) -> None:
    """Sets the termination's days, or takes it back. The day of the decision is by default the earlier of the last day
    and today; one already kept stays while it fits."""
    sent = command.model_fields_set
    last = command.terminated_on if "terminated_on" in sent else contract.terminated_on
    if last is None:
        if command.decided_on is not None:
            raise RuleBroken("decided_without_termination", "decided_on")
        contract.terminated_on = contract.decided_on = None
        return
    decided = command.decided_on if "decided_on" in sent else contract.decided_on
    if decided is None or ("decided_on" not in sent and decided > last):
        decided = min(last, today)
    if decided > today:
        raise RuleBroken("decided_after_today", "decided_on")
    if decided > last:
        raise RuleBroken("decided_after_termination", "decided_on")
    contract.terminated_on, contract.decided_on = last, decided


def _check(session: Session, contract: Contract, clause: Clause, kept: Sequence[ContractOption]) -> None:
    """Raises RuleBroken or Conflict where the contract as it would be does not fit; `kept` are its stored options."""
    if contract.ends_on < contract.starts_on:
        raise RuleBroken("ends_before_starts", "ends_on")
    if contract.counts_from is not None and contract.counts_from > contract.starts_on:
        raise RuleBroken("counts_from_after_start", "counts_from")
    promises = clause.type == ClauseType.AWARD_CRITERION
    if promises and contract.committed_positions is None:
        raise RuleBroken("committed_positions_required", "committed_positions")
    if not promises and contract.committed_positions is not None:
        raise RuleBroken("committed_positions_not_allowed", "committed_positions")
    if any(option.ends_on <= contract.ends_on for option in kept):
        raise RuleBroken("option_not_after_end", "ends_on")
    longest = max([contract.ends_on, *(option.ends_on for option in kept)])
    if contract.terminated_on is not None and not contract.starts_on <= contract.terminated_on <= longest:
        raise RuleBroken("terminated_outside_period", "terminated_on")
    if contracts.reference_taken(session, contract):
        raise Conflict("reference_taken", "reference")


def _set_parties(
    session: Session, contract: Contract, references: Sequence[PartyReference], root_id: str, act: Act
) -> None:
    """Makes these the contract's parties beside its supplier: the ones kept keep their ids. Raises RuleBroken where
    one is listed twice or is the supplier, Conflict where a position names one that is left out."""
    wanted: dict[str, PartyRole] = {}
    for number, reference in enumerate(references):
        field = f"parties.{number}"
        supplier = find_or_add_supplier(session, root_id, reference, act, field)
        if supplier.id == contract.supplier_id or supplier.id in wanted:
            raise RuleBroken("listed_twice", field)
        wanted[supplier.id] = reference.role
    for party in contracts.parties_of(session, contract.id):
        role = wanted.pop(party.supplier_id, None)
        if role is None:
            _take_off(session, party, act)
        elif role != party.role:
            party.role = role
            trail.record_row(session, act, "changed", party)
    for supplier_id, role in wanted.items():
        party = Party(id=new_id(), contract_id=contract.id, supplier_id=supplier_id, role=role)
        session.add(party)
        trail.record_row(session, act, "created", party)


def _take_off(session: Session, party: Party, act: Act) -> None:
    if contracts.employs(session, party.id):
        raise Conflict("has_positions", "parties")
    trail.record(session, act, "removed", party.__tablename__, party.id, trail.contents(party))
    session.delete(party)
    session.flush()
