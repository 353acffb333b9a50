"""To which contract a purchase of a ledger belongs: by the contract's number where the row names one, else by supplier,
day and what the contract takes; what a person decided once is remembered. What could belong to two is held.

Only contracts with a purchase threshold are candidates: on others purchases have no effect.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from app.rules.codes import HeldReason


class Candidate(NamedTuple):
    """A contract that purchases may belong to, on its days (`first` to `last`, both included). The supplier's business
    ID is None for one from abroad; an empty set of accounts, service classes or buying units takes any."""

    contract_id: str
    number: str
    business_id: str | None
    members: frozenset[str]
    """Business IDs of the consortium's members and subcontractors."""
    first: date
    last: date
    accounts: frozenset[str] = frozenset()
    service_classes: frozenset[str] = frozenset()
    buying_units: frozenset[str] = frozenset()


class Remembered(NamedTuple):
    """What a person decided: rows with all that is named here belong to the contract, or (None) to no contract here."""

    contract_id: str | None
    contract_number: str | None = None
    business_id: str | None = None
    account: str | None = None
    service_class: str | None = None
    buying_unit: str | None = None


class Says(Protocol):
    """What a row of a ledger says of where it belongs."""

    @property
    def contract_number(self) -> str | None: ...
    @property
    def business_id(self) -> str | None: ...
    @property
    def on_date(self) -> date: ...
    @property
    def account(self) -> str | None: ...
    @property
    def service_class(self) -> str | None: ...
    @property
    def buying_unit(self) -> str | None: ...


class Bought(NamedTuple):
    """The same by itself."""

    contract_number: str | None
    business_id: str | None
    on_date: date
    account: str | None = None
    service_class: str | None = None
    buying_unit: str | None = None


class Unattached(StrEnum):
    """Why a purchase belongs to no contract."""

    NO_CONTRACT = "no_contract"
    """The supplier has no contract with a purchase threshold."""
    OUTSIDE_PERIOD = "outside_period"
    OUTSIDE_SCOPE = "outside_scope"
    """The supplier's contracts take other accounts, service classes or buying units."""
    LEFT_OUT = "left_out"
    """A person decided that rows like this belong to no contract here."""


class Attached(NamedTuple):
    contract_id: str


class Held(NamedTuple):
    """A person must decide between these contracts, or leave the purchase out."""

    reason: HeldReason
    candidates: tuple[str, ...]


Place = Attached | Held | Unattached


class Attachments:
    """The contracts of an organisation, found by number and by supplier."""

    def __init__(self, candidates: Iterable[Candidate], remembered: Iterable[Remembered] = ()) -> None:
        self._by_number: dict[str, list[Candidate]] = defaultdict(list)
        self._by_supplier: dict[str, list[Candidate]] = defaultdict(list)
        self._known: dict[str, Candidate] = {}
        for one in candidates:
            self._known[one.contract_id] = one
            self._by_number[same(one.number)].append(one)
            if one.business_id is not None:
                self._by_supplier[one.business_id].append(one)
        self._alone = {
            supplier: (theirs[0].first, theirs[0].last, Attached(theirs[0].contract_id))
            for supplier, theirs in self._by_supplier.items()
            if len(theirs) == 1 and not (theirs[0].accounts or theirs[0].service_classes or theirs[0].buying_units)
        }
        self._remembered = [rule for rule in remembered if rule.contract_id is None or rule.contract_id in self._known]
        self._numbers = {same(rule.contract_number) for rule in self._remembered if rule.contract_number}

    def concerns(self, business_id: str | None, contract_number: str | None) -> bool:
        """Whether a row could belong to one of the contracts, or be held: asked before the rest of it is read."""
        if business_id in self._by_supplier:
            return True
        if not contract_number:
            return False
        number = same(contract_number)
        return number in self._by_number or number in self._numbers

    def place(self, row: Says) -> Place:
        """Where a purchase belongs."""
        if row.contract_number:
            return self._by_its_number(row)
        alone = self._alone.get(row.business_id or "")
        if alone is not None:  # most rows: a ledger has a million of them
            return alone[2] if alone[0] <= row.on_date <= alone[1] else Unattached.OUTSIDE_PERIOD
        found = self._by_supplier.get(row.business_id or "")
        if not found:
            return Unattached.NO_CONTRACT
        return self._one_of(found, row)

    def siblings(self, contract_id: str) -> list[str]:
        """The other contracts of its supplier: a purchase of one of them may have been another's once."""
        theirs = self._by_supplier.get(self._known[contract_id].business_id or "", [])
        return [one.contract_id for one in theirs if one.contract_id != contract_id]

    def _by_its_number(self, row: Says) -> Place:
        """The row names a contract: no other one is taken instead, however well it fits."""
        named = self._by_number.get(same(row.contract_number or ""), [])
        theirs = [one for one in named if row.business_id in {None, one.business_id} | one.members]
        if not theirs:
            return self._by_odd_number(row, named)
        running = _running(theirs, row)
        if not running:
            return Unattached.OUTSIDE_PERIOD
        return Attached(running[0].contract_id) if len(running) == 1 else self._decided(running, row)

    def _by_odd_number(self, row: Says, named: Sequence[Candidate]) -> Place:
        """The number is another supplier's contract's, one of the ledger's own, or of a contract without a threshold:
        a person explains it once, where the supplier has a contract it could mean."""
        theirs = [one for one in _running(self._by_supplier.get(row.business_id or "", []), row) if in_scope(one, row)]
        chosen = self._chosen(self._known, row)
        if chosen is not None:
            known = [self._known[chosen.contract_id]] if chosen.contract_id is not None else []
            return _of_rule(chosen) if chosen.contract_id is None or _running(known, row) else Unattached.OUTSIDE_PERIOD
        if named:
            return Held(HeldReason.SUPPLIER_DIFFERS, _ids([*named, *theirs]))
        return Held(HeldReason.CONTRACT_NUMBER_UNKNOWN, _ids(theirs)) if theirs else Unattached.NO_CONTRACT

    def _one_of(self, found: Sequence[Candidate], row: Says) -> Place:
        running = _running(found, row)
        if not running:
            return Unattached.OUTSIDE_PERIOD
        wanted = [one for one in running if in_scope(one, row)]
        if not wanted:
            return Unattached.OUTSIDE_SCOPE
        return Attached(wanted[0].contract_id) if len(wanted) == 1 else self._decided(wanted, row)

    def _decided(self, running: Sequence[Candidate], row: Says) -> Place:
        """Among several the one that was decided on for rows like this."""
        ids = _ids(running)
        chosen = self._chosen(ids, row)
        return Held(HeldReason.AMBIGUOUS, ids) if chosen is None else _of_rule(chosen)

    def _chosen(self, ids: Collection[str], row: Says) -> Remembered | None:
        """The one rule that speaks of such a row and of one of these contracts, or of none: the rule that names most
        decides, and of two that name as much and say different things neither does."""
        rules = [rule for rule in self._remembered if (rule.contract_id is None or rule.contract_id in ids)]
        rules = [rule for rule in rules if fits(rule, row)]
        most = max(map(_named, rules), default=0)
        best = {rule.contract_id: rule for rule in rules if _named(rule) == most}
        return best.popitem()[1] if len(best) == 1 else None


def in_scope(one: Candidate, row: Says) -> bool:
    """Whether the contract takes purchases of this account, service class and buying unit."""
    return (
        (not one.accounts or same(row.account or "") in one.accounts)
        and (not one.service_classes or same(row.service_class or "") in one.service_classes)
        and (not one.buying_units or same(row.buying_unit or "") in one.buying_units)
    )


def fits(rule: Remembered, row: Says) -> bool:
    """Whether the row has all that the rule names. A rule without a contract number is for rows without one."""
    if (rule.contract_number is None) != (not row.contract_number):
        return False
    return all(
        wanted is None or (has is not None and same(wanted) == same(has))
        for wanted, has in zip(
            rule[1:],
            (row.contract_number, row.business_id, row.account, row.service_class, row.buying_unit),
            strict=True,
        )
    )


def same(text: str) -> str:
    """A number or name as it is compared: whatever its letters' case and the spaces in it."""
    return " ".join(text.split()).casefold()


def _running(candidates: Iterable[Candidate], row: Says) -> list[Candidate]:
    return [one for one in candidates if one.first <= row.on_date <= one.last]


def _of_rule(rule: Remembered) -> Place:
    return Unattached.LEFT_OUT if rule.contract_id is None else Attached(rule.contract_id)


def _named(rule: Remembered) -> int:
    return sum(one is not None for one in rule[1:])


def _ids(candidates: Iterable[Candidate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.contract_id for one in candidates))
