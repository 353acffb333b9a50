"""Lists taken out of the service as a whole: their rows, a chunk at a time, and the trail of who took them."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.services import contracts, trail
from app.services.acting import Act
from app.storage import exports, keyset
from app.storage.contracts import ContractFilter

CHUNK = 1000


class ExportedContract(NamedTuple):
    """A row of the contract list with the name of the unit that owns the contract."""

    row: Any
    unit_name: str


def contract_rows(session: Session, wanted: ContractFilter, sort: keyset.Sort, act: Act) -> Iterator[ExportedContract]:
    """Every contract of the list that the actor sees, in its order; one chunk is in memory at a time."""
    after: tuple[Any, ...] | None = None
    while True:
        found = contracts.list_contracts(session, wanted, sort, keyset.Page(CHUNK, after), act)
        names = exports.unit_names(session, (row.unit_id for row in found.rows))
        for row in found.rows:
            yield ExportedContract(row, names[row.unit_id])
        if found.next_after is None:
            return
        after = found.next_after


def record_contracts_taken(session: Session, kind: str, rows: int, wanted: ContractFilter, act: Act) -> None:
    """Leaves in the trail who took how many rows of which list, and as what kind of file."""
    narrowed = {name: value for name, value in asdict(wanted).items() if value}
    trail.record(session, act, "exported", "contract", "list", {"kind": kind, "rows": rows, "wanted": narrowed})
