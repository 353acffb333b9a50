"""Forms of the rows of ledgers, purchases and held rows alike: which are of one row, and which takes whose place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.rules.codes import ImportStatus
from app.storage import held_rows
from app.storage.ledger_rows import CHUNK, RELEASED, VOUCHER_LENGTH, counting
from app.storage.lists import listed
from app.storage.models import HeldRow, ImportedContract, ImportRun, Purchase

IDS, AROUND, LINEAGES = listed("contract_ids"), listed("around_ids"), listed("lineages")
LIVE = (ImportStatus.READING, ImportStatus.READY, ImportStatus.ACTIVE)
"""Imports whose rows count, or would once they are activated."""
PURCHASES, HELD = cast("Table", Purchase.__table__), cast("Table", HeldRow.__table__)


class FormFound(NamedTuple):
    """A form as it is compared with others: `places` are its contract, or the contracts it could belong to."""

    id: str
    is_held: bool
    key: str
    number: int
    lineage: str | None
    places: tuple[str, ...]
    on_date: date
    amount_cents: int

    @property
    def voucher(self) -> str:
        return self.key[:VOUCHER_LENGTH]


def _voucher(row_key: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    return func.substr(row_key, 1, VOUCHER_LENGTH)


def _earlier_held(number: int, root_id: str | None, *columns: Any) -> Select[Any]:
    """Rows of other active ledgers of the organisation (None: of any) that wait, or that a person left out; of those
    decided on for a contract, that contract's purchase is the form."""
    statement = select(*columns).join(ImportRun, ImportRun.number == HeldRow.number)
    statement = statement.where(
        HeldRow.number != number,
        ImportRun.status == ImportStatus.ACTIVE,
        HeldRow.contract_id.is_(None),
        ~held_rows.superseded(),
    )
    if root_id is None:
        return statement
    return statement.where((ImportRun.root_id == root_id) | ImportRun.root_id.is_(None))


def _earlier_vouchers(number: int, root_id: str | None) -> Select[Any]:
    bought = (
        select(_voucher(Purchase.row_key))
        .join_from(AROUND, Purchase, Purchase.contract_id == AROUND.c.value)
        .where(Purchase.row_key.is_not(None), Purchase.import_number != number, counting())
    )
    both = bought.union_all(_earlier_held(number, root_id, _voucher(HeldRow.row_key))).subquery()
    return select(both.c[0])


def vouchers_met(
    session: Session, number: int, root_id: str | None, contract_ids: Sequence[str], around: Sequence[str]
) -> dict[str, set[str]]:
    """Vouchers of which this import adds purchases to these contracts, and of which earlier ledgers brought rows to
    those around them or to whom must decide: each with the contracts it adds to."""
    statement = (
        select(_voucher(Purchase.row_key), Purchase.contract_id)
        .join_from(IDS, Purchase, Purchase.contract_id == IDS.c.value)
        .where(Purchase.import_number == number)
        .distinct()
    )
    added: dict[str, set[str]] = {}
    for voucher, contract_id in session.execute(statement, {"contract_ids": contract_ids}):
        added.setdefault(voucher, set()).add(contract_id)
    return _met(session, added, _earlier_vouchers(number, root_id), around)


def _met(
    session: Session, added: dict[str, set[str]], earlier: Select[Any], around: Sequence[str]
) -> dict[str, set[str]]:
    """Those that came before as well: compared here, since PostgreSQL, which knows little of rows just staged, would
    go through the earlier ones for each of them."""
    if not added:
        return {}
    rows = session.scalars(earlier, {"around_ids": around}, execution_options={"yield_per": CHUNK})
    return {one: added[one] for one in {one for one in rows if one in added}}


def held_vouchers_met(session: Session, number: int, root_id: str | None, around: Sequence[str]) -> dict[str, set[str]]:
    """The same of the rows that this import holds: each voucher with the contracts they could belong to."""
    added: dict[str, set[str]] = {}
    rows = session.execute(select(_voucher(HeldRow.row_key), HeldRow.candidates).where(HeldRow.number == number))
    for one, candidates in rows:
        added.setdefault(one, set()).update(candidates)
    return _met(session, added, _earlier_vouchers(number, root_id), around)


def forms_of(
    session: Session, number: int, root_id: str | None, contract_ids: Sequence[str], vouchers: Sequence[str]
) -> list[FormFound]:
    """The forms of these vouchers that hold as yet, and those that this import adds, by day and amount. Nobody decides
    on the held ones until the transaction ends."""
    columns: tuple[Any, ...] = (HeldRow.id, HeldRow.row_key, HeldRow.number, HeldRow.lineage, HeldRow.candidates)
    columns = (*columns, HeldRow.on_date, HeldRow.amount_cents)
    among = _voucher(HeldRow.row_key).in_(vouchers)
    known = set(contract_ids)
    found = []
    for statement in (_earlier_held(number, root_id, *columns), select(*columns).where(HeldRow.number == number)):
        locked = statement.where(among).order_by(HeldRow.id).with_for_update(of=HeldRow)
        for row in session.execute(locked):
            if known.intersection(row.candidates):
                places, rest = tuple(row.candidates), (row.on_date, row.amount_cents)
                found.append(FormFound(row.id, True, row.row_key, row.number, row.lineage, places, *rest))
    bought = (
        select(Purchase.id, Purchase.row_key, Purchase.import_number, Purchase.lineage, Purchase.contract_id)
        .add_columns(Purchase.on_date, Purchase.amount_cents)
        .join_from(IDS, Purchase, Purchase.contract_id == IDS.c.value)
        .where(
            _voucher(Purchase.row_key).in_(vouchers),
            or_(counting(), Purchase.import_number == number),
            Purchase.voided_at.is_(None),
        )
    )
    for row in _rows(session, bought, {"contract_ids": contract_ids}):
        key, rest = row.row_key.partition(RELEASED)[0], (row.on_date, row.amount_cents)
        found.append(FormFound(row.id, False, key, row.import_number, row.lineage, (row.contract_id,), *rest))
    return sorted(found, key=lambda one: (one.on_date, one.amount_cents, one.id))


def join(session: Session, lineages: Mapping[str, Sequence[FormFound]]) -> None:
    """From now on these are the forms of one row each. Who decided on a row that is a purchase now finds it too."""
    rows = [(lineage, form) for lineage, forms in lineages.items() for form in forms]
    of_id = [{"at": form.id, "of": lineage} for lineage, form in rows if form.is_held]
    bought = [{"at": form.id, "of": lineage} for lineage, form in rows if not form.is_held]
    twins = [
        {"at": form.number, "key": form.key, "of": lineage}
        for lineage, form in rows
        if not form.is_held and form.number
    ]
    for table, values in ((HELD, of_id), (PURCHASES, bought)):
        if values:
            changed = update(table).where(table.c.id == bindparam("at")).values(lineage=bindparam("of"))
            session.execute(changed, values)
    if twins:
        decided = (
            HELD.c.number == bindparam("at"),
            HELD.c.row_key == bindparam("key"),
            HELD.c.contract_id.is_not(None),
        )
        session.execute(update(HELD).where(*decided).values(lineage=bindparam("of")), twins)


class FormStored(NamedTuple):
    """A form as it stands in its table; `contract_id` is None for a held row."""

    id: str
    contract_id: str | None
    number: int
    lineage: str
    replaced_in: int | None
    is_settled: bool


def stored(session: Session, lineages: Iterable[str]) -> list[FormStored]:
    """All forms of these lineages that live imports brought."""
    wanted = {"lineages": sorted(set(lineages))}
    if not wanted["lineages"]:
        return []
    bought = (
        select(Purchase.id, Purchase.contract_id, Purchase.import_number, Purchase.lineage, Purchase.replaced_in)
        .join_from(LINEAGES, Purchase, Purchase.lineage == LINEAGES.c.value)
        .join(ImportRun, ImportRun.number == Purchase.import_number)
        .where(ImportRun.status.in_(LIVE))
    )
    held = (
        select(HeldRow.id, HeldRow.number, HeldRow.lineage, HeldRow.replaced_in, HeldRow.decided_at)
        .join_from(LINEAGES, HeldRow, HeldRow.lineage == LINEAGES.c.value)
        .join(ImportRun, ImportRun.number == HeldRow.number)
        .where(ImportRun.status.in_(LIVE))
    )
    found = [FormStored._make([*row, True]) for row in _rows(session, bought, wanted)]
    for id_, number, lineage, replaced_in, decided_at in _rows(session, held, wanted):
        found.append(FormStored(id_, None, number, lineage, replaced_in, decided_at is not None))
    return found


def _rows(session: Session, statement: Any, parameters: Mapping[str, Any]) -> Sequence[Any]:
    return session.execute(statement, parameters).all()


def replace(session: Session, changed: Sequence[tuple[FormStored, int | None]]) -> None:
    """Notes which import's form takes the place of each, and that it concerns the contracts."""
    for table, is_held in ((PURCHASES, False), (HELD, True)):
        values = [{"at": one.id, "by": by} for one, by in changed if (one.contract_id is None) == is_held]
        if values:
            noted = update(table).where(table.c.id == bindparam("at")).values(replaced_in=bindparam("by"))
            session.execute(noted, values)


def of_import(session: Session, number: int, contract_ids: Sequence[str]) -> dict[str, set[str]]:
    """By contract, lineages to which an import brought purchases of these contracts, or of which it replaced some. All
    purchases of the contracts are gone through."""
    ours = or_(Purchase.import_number == number, Purchase.replaced_in == number)
    columns = (Purchase.contract_id, Purchase.lineage)
    statement = select(*columns).join_from(IDS, Purchase, Purchase.contract_id == IDS.c.value)
    statement = statement.where(ours, Purchase.lineage.is_not(None)).distinct()
    found: dict[str, set[str]] = {}
    for contract_id, lineage in session.execute(statement, {"contract_ids": contract_ids}):
        found.setdefault(contract_id, set()).add(str(lineage))
    return found


def of_held(session: Session, number: int) -> set[str]:
    """Lineages to which an import brought rows that it held."""
    statement = select(HeldRow.lineage).where(HeldRow.number == number, HeldRow.lineage.is_not(None))
    return set(session.scalars(statement.distinct()))


def counting_before(session: Session, lineages: Iterable[str], number: int) -> Sequence[Any]:
    """Purchases of these lineages that count, from imports before this one: id, contract, day, amount, lineage."""
    wanted = sorted(set(lineages))
    if not wanted:
        return []
    columns = (Purchase.id, Purchase.contract_id, Purchase.on_date, Purchase.amount_cents, Purchase.lineage)
    statement = (
        select(*columns)
        .join_from(LINEAGES, Purchase, Purchase.lineage == LINEAGES.c.value)
        .where(counting(), Purchase.import_number < number)
    )
    return session.execute(statement.order_by(Purchase.id), {"lineages": wanted}).all()


def keys_in(session: Session, contract_id: str, wanted: Mapping[str, str]) -> set[str]:
    """Those of the keys by which a purchase of the contract is known that is of the lineage wanted with it."""
    statement = select(Purchase.row_key, Purchase.lineage).where(
        Purchase.contract_id == contract_id, Purchase.lineage.in_(select(LINEAGES.c.value))
    )
    found = _rows(session, statement, {"lineages": sorted(set(wanted.values()))}) if wanted else []
    return {key for key, lineage in found if key in wanted and wanted[key] == lineage}


def numbers(session: Session, lineages: Iterable[str]) -> set[int]:
    """Numbers of the imports that brought forms of these lineages."""
    return {one.number for one in stored(session, lineages)}


def concerned(session: Session, pairs: Iterable[tuple[int, str]]) -> None:
    """Notes that imports concern contracts, where they are not known to as yet."""
    wanted = set(pairs)
    of = {number for number, _ in wanted}
    known = select(ImportedContract.number, ImportedContract.contract_id).where(ImportedContract.number.in_(of))
    ids = {contract_id for _, contract_id in wanted}
    there = {(row.number, row.contract_id) for row in session.execute(known) if row.contract_id in ids}
    session.add_all(
        ImportedContract(number=number, contract_id=contract_id, rows=0, cents=0, corrected=0)
        for number, contract_id in sorted(wanted - there)
    )
    session.flush()
