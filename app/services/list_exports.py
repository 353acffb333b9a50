"""Lists as people see them, taken out whole: the same rights, the same filters, a chunk in memory at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.rules.clauses import purchase_counts
from app.rules.codes import Role
from app.rules.errors import RuleBroken
from app.rules.facts import ClauseType
from app.rules.positions import Account
from app.rules.status import Standing
from app.services import (
    changes,
    contracts,
    history,
    holding,
    messages,
    people_wanted,
    positions,
    procurements,
    suppliers,
    units,
    users,
)
from app.services.acting import Act, GrantedRole
from app.services.changes import Change
from app.services.messages import Shown
from app.services.people_wanted import Opening
from app.services.units import Branch
from app.services.users import GivenRole
from app.storage import contracts as contract_rows
from app.storage import exports, keyset, purchases
from app.storage import units as unit_rows
from app.storage.contract_pages import standing
from app.storage.contracts import ContractFilter
from app.storage.facts import load_facts_but_purchases
from app.storage.history import SORTS as HISTORY_SORTS
from app.storage.messages import Wanted
from app.storage.people import USER_SORTS
from app.storage.procurements import ProcurementFilter
from app.storage.purchases import SORTS as PURCHASE_SORTS
from app.storage.suppliers import SORTS as SUPPLIER_SORTS

CHUNK = 1000
CONTRACTS_AT_ONCE = 100
"""Whose jobs are in memory together, each contract with its facts."""


@dataclass(frozen=True, slots=True)
class ContractList:
    """Which contracts, and in which order."""

    wanted: ContractFilter
    sort: keyset.Sort


class OfContract(NamedTuple):
    """A contract's row as lists have it, with the name of the unit that owns it."""

    row: Any
    unit_name: str


class ExportedPosition(NamedTuple):
    """A job with its contract; `job` has its columns, its employer's name and the first day of the one it replaces."""

    contract: OfContract
    job: Any
    account: Account


class ExportedPurchase(NamedTuple):
    contract: OfContract
    purchase: Any
    counts: bool


class ExportedChange(NamedTuple):
    """A link of the trail of one contract."""

    contract: OfContract
    change: Change


class ExportedSaying(NamedTuple):
    """What the service said of a contract from a day on; `said` is a row of the history."""

    contract: OfContract
    said: Any
    standing: Standing


class Named(NamedTuple):
    """A row with the name of the unit that it belongs to; empty where there is none."""

    row: Any
    unit_name: str


class ExportedUser(NamedTuple):
    user: Any
    roles: Sequence[GivenRole]


class ExportedUnit(NamedTuple):
    """A unit with the name of the one above it, where the actor sees that."""

    branch: Branch
    above: str


def within(session: Session, unit_id: str, act: Act) -> Act:
    """The same act by someone who sees one unit and what lies below it. Raises RuleBroken where there is none."""
    unit = unit_rows.get(session, unit_id)
    if unit is None or not act.actor.sees(unit.path):
        raise RuleBroken("unit_unknown", "unit_id")
    return replace(act, actor=replace(act.actor, everywhere=False, grants=(GrantedRole(Role.VIEWER, unit.path),)))


def _chunks(read: Callable[[keyset.Page], keyset.Slice], size: int | None = None) -> Iterator[Sequence[Any]]:
    """The rows of a list, one page at a time, each found by the last row of the one before."""
    after: tuple[Any, ...] | None = None
    while True:
        found = read(keyset.Page(size or CHUNK, after))
        yield found.rows
        if found.next_after is None:
            return
        after = found.next_after


# --- Contracts and what hangs on them


def contract_list(session: Session, asked: ContractList, act: Act) -> Iterator[OfContract]:
    """Every contract of the list that the actor sees, in its order."""
    for chunk in _contract_chunks(session, asked, act, CHUNK):
        yield from chunk


def _contract_chunks(session: Session, asked: ContractList, act: Act, size: int) -> Iterator[list[OfContract]]:
    def read(page: keyset.Page) -> keyset.Slice:
        return contracts.list_contracts(session, asked.wanted, asked.sort, page, act)

    for rows in _chunks(read, min(size, CHUNK)):
        yield _with_units(session, rows)


def _with_units(session: Session, rows: Sequence[Any]) -> list[OfContract]:
    names = exports.unit_names(session, (row.unit_id for row in rows))
    return [OfContract(row, names[row.unit_id]) for row in rows]


def _one(session: Session, contract_id: str, act: Act) -> list[OfContract]:
    """Raises NotFound outside the actor's units."""
    return _with_units(session, [holding.seen(contract_rows.row_of(session, contract_id), act.actor)])


def positions_of_list(session: Session, asked: ContractList, act: Act) -> Iterator[ExportedPosition]:
    """Every job of the contracts of a list, voided ones too, contract by contract."""
    for chunk in _contract_chunks(session, asked, act, CONTRACTS_AT_ONCE):
        yield from _positions(session, chunk, act)


def positions_of_contract(session: Session, contract_id: str, act: Act) -> Iterator[ExportedPosition]:
    yield from _positions(session, _one(session, contract_id, act), act)


def _positions(session: Session, listed: Sequence[OfContract], act: Act) -> Iterator[ExportedPosition]:
    jobs = exports.positions_of(session, [one.row.id for one in listed])
    facts = load_facts_but_purchases(session, list(jobs))
    for contract in listed:
        for job in jobs.get(contract.row.id, ()):
            yield ExportedPosition(contract, job, positions.account_of(job, facts[contract.row.id], act))


def purchases_of_list(session: Session, asked: ContractList, act: Act) -> Iterator[ExportedPurchase]:
    """Every purchase of the contracts of a list, voided ones too, contract by contract and day by day."""
    for chunk in _contract_chunks(session, asked, act, CHUNK):
        having = exports.with_purchases(session, [one.row.id for one in chunk])
        for contract in chunk:
            if contract.row.id in having:
                yield from _purchases(session, contract)


def purchases_of_contract(session: Session, contract_id: str, act: Act) -> Iterator[ExportedPurchase]:
    for contract in _one(session, contract_id, act):
        yield from _purchases(session, contract)


def _purchases(session: Session, contract: OfContract) -> Iterator[ExportedPurchase]:
    def read(page: keyset.Page) -> keyset.Slice:
        return purchases.of_contract(session, contract.row.id, PURCHASE_SORTS["on_date"], page)

    for rows in _chunks(read):
        for row in rows:
            yield ExportedPurchase(contract, row, _counts(contract.row, row))


def _counts(contract: Any, purchase: Any) -> bool:
    if contract.clause_type != ClauseType.PURCHASE_THRESHOLD or purchase.voided_at is not None or purchase.replaced:
        return False
    return purchase_counts(purchase.on_date, contract.starts_on, contract.effective_end_on)


def sayings_of_contract(session: Session, contract_id: str, act: Act) -> Iterator[ExportedSaying]:
    """What the service said of a contract, from the first day on."""
    (contract,) = _one(session, contract_id, act)

    def read(page: keyset.Page) -> keyset.Slice:
        return history.list_history(session, contract_id, HISTORY_SORTS["seq"], page, act)

    for rows in _chunks(read):
        yield from (ExportedSaying(contract, row, standing(row.standing)) for row in rows)


def changes_of_contract(session: Session, contract_id: str, act: Act) -> Iterator[ExportedChange]:
    """Who changed what on a contract, the newest first."""
    (contract,) = _one(session, contract_id, act)
    before: int | None = None
    while True:
        found = changes.list_changes(session, contract_id, CHUNK, before, act)
        yield from (ExportedChange(contract, change) for change in found.changes)
        if found.before is None:
            return
        before = found.before


def people_wanted_list(session: Session, unit_id: str | None, act: Act) -> Iterator[Opening]:
    """Who needs someone by when, the soonest first."""
    after: tuple[Any, ...] | None = None
    while True:
        wanted = people_wanted.list_people_wanted(session, unit_id, keyset.Page(CONTRACTS_AT_ONCE, after), act)
        yield from wanted.openings
        after = wanted.found.next_after
        if after is None:
            return


# --- Other lists


def procurement_list(session: Session, wanted: ProcurementFilter, sort: keyset.Sort, act: Act) -> Iterator[Named]:
    def read(page: keyset.Page) -> keyset.Slice:
        return procurements.list_procurements(session, wanted, sort, page, act)

    for rows in _chunks(read):
        names = exports.unit_names(session, (row.unit_id for row in rows))
        yield from (Named(row, names[row.unit_id]) for row in rows)


def supplier_list(session: Session, act: Act) -> Iterator[Named]:
    """The suppliers of the actor's organisations by name, each with its organisation's."""

    def read(page: keyset.Page) -> keyset.Slice:
        return suppliers.list_suppliers(session, None, SUPPLIER_SORTS["name"], page, act)

    for rows in _chunks(read):
        names = exports.unit_names(session, (row.root_id for row in rows))
        yield from (Named(row, names[row.root_id]) for row in rows)


def message_list(session: Session, which: Wanted, act: Act) -> Iterator[Shown]:
    """The messages about contracts in the actor's units, the newest first."""
    after: tuple[Any, ...] | None = None
    while True:
        shown, found = messages.list_messages(session, act, keyset.Page(CHUNK, after), which)
        yield from shown
        after = found.next_after
        if after is None:
            return


def user_list(session: Session, q: str | None, act: Act) -> Iterator[ExportedUser]:
    def read(page: keyset.Page) -> keyset.Slice:
        return users.list_users(session, q, USER_SORTS["name"], page, act)

    for rows in _chunks(read):
        roles = users.roles_of(session, [row.id for row in rows], act)
        yield from (ExportedUser(row, roles[row.id]) for row in rows)


def unit_list(session: Session, act: Act) -> Iterator[ExportedUnit]:
    """The units that the actor sees, each before those below it."""
    branches = units.tree(session, act.actor)
    names = {branch.unit.id: branch.unit.name for branch in branches}
    yield from (ExportedUnit(branch, names.get(branch.unit.parent_id or "", "")) for branch in branches)
