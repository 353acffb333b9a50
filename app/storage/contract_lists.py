"""Lists of contracts, each with its stored judgement: a page costs the same however many contracts there are.

First the keys of the page are taken from an index of the judgements, status by status in the order of the list; only
then what is shown of each is looked up. The statement of each kind of question is made once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, false, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.rules.status import Status
from app.storage import keyset
from app.storage.contracts import COLUMNS, SORTS, ContractFilter, joined
from app.storage.judgements import NEVER, ROOT_ID, roots_of
from app.storage.models import Clause, Contract, Owner, Procurement, StoredJudgement, Supplier
from app.storage.prepared import Prepared
from app.storage.searching import has_part

BY_START = SORTS["latest_start_on"].columns
STATUSES = tuple(Status)
ESCAPE = "\\"

Rows = Select[*tuple[Any, ...]]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """What decides how a question is put, beside its values. `roots`: in how many organisations the trees lie, 0
    where that does not narrow. `after_never`: the page before ended among the contracts where nobody has to start."""

    sort: tuple[InstrumentedAttribute[Any], ...]
    descending: bool
    statuses: tuple[Status, ...]
    trees: int | None
    roots: int
    given: frozenset[str]
    q: str | None
    after: bool
    after_never: bool


def page_of(
    session: Session, trees: Sequence[str] | None, wanted: ContractFilter, sort: keyset.Sort, page: keyset.Page
) -> keyset.Slice:
    """Rows of COLUMNS of the contracts in these trees, by their own unit or their procurement's; in one statement."""
    statuses = tuple(sorted(set(wanted.statuses))) or STATUSES
    values: dict[str, Any] = {
        "supplier_id": wanted.supplier_id,
        "clause_type": wanted.clause_type,
        "owner_email": wanted.owner_email,
        "latest_start_before": wanted.latest_start_before,
        "unit": None if wanted.unit_id is None else f"%/{_escaped(wanted.unit_id)}/%",
    }
    values = {name: value for name, value in values.items() if value is not None}
    given = frozenset(values)
    values |= {f"tree_{number}": f"{_escaped(tree)}%" for number, tree in enumerate(trees or ())}
    roots = roots_of(trees or ())
    values |= {f"root_{number}": root for number, root in enumerate(roots)}
    values |= {f"after_{number}": value for number, value in enumerate(page.after or ())}
    kind = Kind(
        sort=sort.columns,
        descending=sort.descending,
        statuses=statuses,
        trees=None if trees is None else len(trees),
        roots=len(roots),
        given=given,
        q=wanted.q or None,
        after=page.after is not None,
        after_never=page.after is not None and page.after[0] == NEVER,
    )
    rows = _statement(kind).all(session, **values, rows=page.limit + 1)
    return keyset.cut(rows, sort, page)


def _escaped(part: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        part = part.replace(sign, ESCAPE + sign)
    return part


@lru_cache(maxsize=200)
def _statement(kind: Kind) -> Prepared:
    """Keys from the index, then the rows: neither database looks up more contracts than it shows."""
    sort = keyset.Sort(kind.sort, kind.descending)
    keys = _by_start(kind, sort) if kind.sort is BY_START else _by_contract(kind, sort)
    first = select(keys.subquery())
    found = first.order_by(*_order(first.selected_columns, kind)).limit(bindparam("rows")).subquery("found")
    contracts = Contract.__table__
    shown = select(*COLUMNS).select_from(joined(found.join(contracts, contracts.c.id == found.c.id)))
    return Prepared(shown.order_by(*_order(found.c, kind)))


def _order(columns: Any, kind: Kind) -> list[ColumnElement[Any]]:
    """Contracts where nobody has to start come last either way."""
    order = [column.desc() if kind.descending else column.asc() for column in (columns.sort, columns.id)]
    return [case((columns.sort == NEVER, 1), else_=0), *order] if _in_two_parts(kind) else order


def _in_two_parts(kind: Kind) -> bool:
    return kind.sort is BY_START and kind.descending


def _by_start(kind: Kind, sort: keyset.Sort) -> Any:
    """Keys in the order of the index of judgements, which has one within each status, so status by status. What one
    supplier or owner has, or a text is found in, is looked up by that and sorted."""
    statement: Rows = select(StoredJudgement.sort_start_on.label("sort"), StoredJudgement.contract_id.label("id"))
    if kind.given & {"supplier_id", "owner_email", "clause_type"}:
        statement = _with_contract(statement.join(Contract, Contract.id == StoredJudgement.contract_id), kind)
    statement = statement.where(*_of_judgement(kind), *_of_contract(kind, StoredJudgement.contract_id))
    limited = [
        statement.where(*of_statuses, *part).order_by(*keyset.order(sort)).limit(bindparam("rows"))
        for of_statuses in _statuses(kind)
        for part in _parts(kind, sort)
    ]
    return union_all(*(select(arm.subquery()) for arm in limited))


def _statuses(kind: Kind) -> list[list[Condition]]:
    if kind.q is None and not kind.given & {"supplier_id", "owner_email"}:
        there = _of_organisations(kind)
        return [[*there, StoredJudgement.status == status, *_before(kind, status)] for status in kind.statuses]
    return [_any_status(kind)]


def _of_organisations(kind: Kind) -> list[Condition]:
    """Within one organisation, too, the index has the order of each status; of several, their rows are sorted."""
    return [ROOT_ID.in_([bindparam(f"root_{number}") for number in range(kind.roots)])] if kind.roots else []


def _any_status(kind: Kind) -> list[Condition]:
    chosen = or_(*(StoredJudgement.status == status for status in kind.statuses))
    return [*([chosen] if len(kind.statuses) < len(STATUSES) else []), *_before(kind, None)]


def _before(kind: Kind, status: Status | None) -> list[Condition]:
    """The index has the last day to start of every status but closed, which has its own place in the order."""
    if "latest_start_before" not in kind.given:
        return []
    placed = status not in {None, Status.CLOSED}
    column = StoredJudgement.sort_start_on if placed else StoredJudgement.latest_start_on
    return [column < bindparam("latest_start_before")]


def _parts(kind: Kind, sort: keyset.Sort) -> list[list[Condition]]:
    """Conditions for the rows after the place of the page; the order turned round has two parts."""
    place = _after(kind, sort)
    if not _in_two_parts(kind):
        return [place]
    never = [StoredJudgement.sort_start_on == NEVER]
    return [never + place] if kind.after_never else [[StoredJudgement.sort_start_on < NEVER, *place], never]


def _after(kind: Kind, sort: keyset.Sort) -> list[Condition]:
    values = tuple(bindparam(f"after_{number}", type_=column.type) for number, column in enumerate(sort.columns))
    return [keyset.beyond(sort, values)] if kind.after else []


def _by_contract(kind: Kind, sort: keyset.Sort) -> Any:
    """Keys in the order of an index of the contracts, each looked up among the judgements."""
    statement = _with_contract(select(kind.sort[0].label("sort"), Contract.id.label("id")), kind)
    judged = [StoredJudgement.contract_id == Contract.id, *_of_judgement(kind), *_any_status(kind)]
    statement = statement.where(exists().where(*judged), *_of_contract(kind, Contract.id), *_after(kind, sort))
    return statement.order_by(*keyset.order(sort)).limit(bindparam("rows"))


def _with_contract(statement: Rows, kind: Kind) -> Rows:
    if "clause_type" in kind.given:
        statement = statement.join(Clause, Clause.procurement_id == Contract.procurement_id)
    if "owner_email" in kind.given:
        statement = statement.join(Owner, Owner.id == Contract.owner_id)
    return statement


def _of_judgement(kind: Kind) -> list[Condition]:
    """Conditions on the units, which the index of judgements answers."""
    paths = (StoredJudgement.unit_path, StoredJudgement.procurement_unit_path)
    conditions: list[Condition] = []
    if "unit" in kind.given:
        conditions.append(or_(*(path.like(bindparam("unit"), escape=ESCAPE) for path in paths)))
    if kind.trees is not None:
        trees: list[ColumnElement[Any]] = [bindparam(f"tree_{number}") for number in range(kind.trees)]
        conditions.append(or_(false(), *(path.like(tree, escape=ESCAPE) for tree in trees for path in paths)))
    return conditions


def _of_contract(kind: Kind, contract_id: ColumnElement[str] | InstrumentedAttribute[str]) -> list[Condition]:
    """Conditions that need more than the judgement."""
    narrowed: dict[str, Condition] = {
        "supplier_id": Contract.supplier_id == bindparam("supplier_id"),
        "clause_type": Clause.type == bindparam("clause_type"),
        "owner_email": Owner.email == bindparam("owner_email"),
    }
    conditions = [condition for name, condition in narrowed.items() if name in kind.given]
    return conditions + ([contract_id.in_(_matching(kind.q))] if kind.q is not None else [])


def _matching(q: str) -> Any:
    """Ids of the contracts in which a text is found: each table is searched once, not once for every contract."""
    procurements = select(Procurement.id).where(or_(has_part(Procurement.reference, q), has_part(Procurement.title, q)))
    suppliers = select(Supplier.id).where(has_part(Supplier.name, q))
    return union_all(
        select(Contract.id).where(has_part(Contract.reference, q)),
        select(Contract.id).where(Contract.procurement_id.in_(procurements)),
        select(Contract.id).where(Contract.supplier_id.in_(suppliers)),
    )
