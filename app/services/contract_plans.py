"""What a list of contracts would bring: tried procurement by procurement, each as a form would register it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.rules.errors import DomainError, RuleBroken
from app.rules.reasons import Reason
from app.schemas.contracts import ContractCreate
from app.schemas.procurements import ProcurementCreate
from app.services import own_lists, trail
from app.services.acting import Act
from app.services.contracts import register_contract
from app.services.import_cells import nested
from app.services.import_runs import Refusal
from app.services.own_lists import ListRow
from app.services.procurement_comparison import differing
from app.services.procurements import ProcurementFound, find_procurement, register_procurement
from app.services.registering import LATER
from app.storage import known_contracts

Json = dict[str, Any]
PROCUREMENT, CONTRACT = "procurement.", "contract."
"""What the fields of a column begin with."""
REFERENCE = "procurement.reference"


class _NothingLeft(Exception):
    """All contracts of a procurement are refused: the procurement alone would be half of what the list says."""


def procurements_named(session: Session, reference: str, root_id: str | None, act: Act) -> Sequence[Any]:
    """The procurements by this reference that the actor sees, in one organisation or any."""
    trees = None if act.actor.everywhere else act.actor.trees()
    return known_contracts.procurements_named(session, reference, trees, root_id)


@dataclass(slots=True)
class ContractPlan:
    """Built up within a transaction that is taken back. `unit_id` buys where the list names no unit; `kept` is what
    comes true when the import is activated, as JSON: each procurement with its contracts."""

    session: Session
    root_id: str | None
    unit_id: str | None
    act: Act
    refused: list[Refusal] = field(default_factory=list)
    kept: list[Json] = field(default_factory=list)
    there: int = 0
    tried: set[str] = field(default_factory=set)
    """Contracts registered on trial: a second row that names one is no contract that was here before."""

    def counts(self) -> dict[str, int]:
        """Procurements and contracts that would be new, rows that are here already or refused, contracts with a
        warning."""
        contracts = [one for procurement in self.kept for one in procurement["contracts"]]
        new = sum(one["id"] is None for one in self.kept)
        warned = sum(bool(one["warnings"]) for one in contracts)
        counts = {"procurements": new, "contracts": len(contracts), "warned": warned}
        return dict(+Counter(counts | {"already_there": self.there, "refused": len(self.refused)}))

    def grouped(self, rows: Sequence[ListRow]) -> list[list[ListRow]]:
        """The rows by procurement, in the order in which the list names them."""
        groups: dict[str, list[ListRow]] = {}
        for row in rows:
            if reference := _reference(row.values):
                groups.setdefault(reference, []).append(row)
            else:
                self.refused.append(own_lists.lacks(row, REFERENCE))
        return list(groups.values())

    def take(self, rows: Sequence[ListRow]) -> None:
        """One procurement with its contracts: what is wrong with it is told of each of its rows."""
        values, agreeing = self._together(rows)
        try:
            with trail.attempting(self.session):
                self._try(agreeing, values)
        except _NothingLeft:
            return
        except (ValidationError, DomainError) as error:
            self.refused += [own_lists.refusal(row, error, PROCUREMENT) for row in agreeing]

    def _together(self, rows: Sequence[ListRow]) -> tuple[Json, list[ListRow]]:
        """What the rows say of their procurement: an empty cell says nothing, and a row that says something else than
        one before it is refused."""
        values: Json = {}
        agreeing = []
        for row in rows:
            said = row.within(PROCUREMENT)
            other = next((name for name, value in said.items() if values.get(name, value) != value), None)
            if other is None:
                values |= said
                agreeing.append(row)
            else:
                self.refused.append(own_lists.refusal(row, RuleBroken("procurement_differs", other)))
        return values, agreeing

    def _try(self, rows: Sequence[ListRow], values: Json) -> None:
        known = self._known(values)
        body = None if known is not None else self._body(values)
        found = known or register_procurement(self.session, ProcurementCreate.model_validate(body), self.act)
        contracts = self._contracts([row for row in rows if row.within(CONTRACT)], found, known is None, values)
        bare = self._bare([row for row in rows if not row.within(CONTRACT)], known is not None)
        if not contracts and not (bare and known is None):
            raise _NothingLeft
        procurement = found.procurement
        named = {"reference": procurement.reference, "title": procurement.title, "line": rows[0].line}
        self.kept.append(named | {"id": known and procurement.id, "body": body, "contracts": contracts})

    def _known(self, values: Json) -> ProcurementFound | None:
        """The procurement where it is registered. Raises RuleBroken where several have the reference."""
        named = procurements_named(self.session, _reference(values), self.root_id, self.act)
        unit_id = values.get("procurement.unit_id", self.unit_id)
        if len(named) > 1:
            named = [row for row in named if row.unit_id == unit_id]
            if len(named) != 1:
                raise RuleBroken("procurement_ambiguous", "reference")
        return find_procurement(self.session, named[0].id, self.act.actor) if named else None

    def _body(self, values: Json) -> Json:
        """Of a new procurement. Raises ValidationError, or RuleBroken where nobody says which unit buys."""
        body = {"unit_id": self.unit_id} | nested(values, PROCUREMENT) | {"reference": _reference(values)}
        if body["unit_id"] is None:
            raise RuleBroken("missing_field", "unit_id")
        return ProcurementCreate.model_validate(body).model_dump(mode="json")

    def _bare(self, rows: Sequence[ListRow], known: bool) -> bool:
        """Rows that tell of a procurement alone: one is enough. Whether there is one."""
        self.refused += [own_lists.refusal(row, RuleBroken("listed_twice", REFERENCE)) for row in rows[1:]]
        self.there += known and bool(rows)
        return bool(rows)

    def _contracts(self, rows: Sequence[ListRow], found: ProcurementFound, new: bool, values: Json) -> list[Json]:
        """Those that can be registered."""
        other = None if new else differing(values, found)
        kept: list[Json] = []
        for row in rows:
            try:
                with trail.attempting(self.session):
                    told = self._contract(row, found, other)
            except (ValidationError, DomainError) as error:
                self.refused.append(own_lists.refusal(row, error, CONTRACT))
                continue
            if told is None:
                self.there += 1
            else:
                kept.append(told)
        return kept

    def _contract(self, row: ListRow, found: ProcurementFound, other: str | None) -> Json | None:
        """What a row would bring; None where the contract was here before. `other` is a field in which the list differs
        from the procurement that is here: a new contract would stand under other terms than the list says."""
        procurement_id = found.procurement.id
        body = nested(row.values, CONTRACT)
        command = ContractCreate.model_validate(body | {"procurement_id": procurement_id})
        known = known_contracts.contract_id_of(self.session, procurement_id, command.reference, *command.supplier.key)
        if known is not None and known not in self.tried:
            return None
        if other is not None:
            raise RuleBroken("procurement_differs", other)
        registered = register_contract(self.session, command, self.act)
        self.tried.add(registered.contract.id)
        return {
            "line": row.line,
            "reference": command.reference,
            "supplier": registered.contract.supplier_name,
            "required": registered.judgement.standing.required,
            "warnings": [_kept(warning) for warning in registered.warnings],
            "body": command.model_dump(mode="json") | {"procurement_id": LATER},
        }


def _reference(values: Any) -> str:
    return " ".join(str(values.get(REFERENCE, "")).split())


def _kept(warning: Reason) -> Json:
    """A warning as JSON, from which language.list_remarks makes its sentence."""
    return {"code": warning.code, "values": {name: _plain(value) for name, value in warning.values.items()}}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | str | None) else str(value)
