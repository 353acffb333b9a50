"""What ledgers bring: purchases staged, which count for nothing yet, and what they replace."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.rules.codes import ImportStatus
from app.storage.lists import listed
from app.storage.models import (
    Contract,
    HiddenImport,
    ImportedContract,
    ImportRun,
    Purchase,
    StoredJudgement,
    Supplier,
)
from app.storage.session import is_sqlite

CHUNK = 5000
RELEASED = "~"
"""Behind the key of a row that was replaced, once what it said has come again; the number of its own import follows."""
VOUCHER_LENGTH = 16
"""Signs of a row's key that name its voucher."""
ID_LENGTH = 32
IDS, PAIRS = listed("contract_ids"), listed("rows")
RowKey = tuple[str, str]
"""A contract's id, and the name of one of its rows."""
PURCHASE = Purchase.__table__.c
HIDDEN = select(HiddenImport.number)


class Staged(NamedTuple):
    """A purchase of a ledger on its way to its contract."""

    contract_id: str
    on_date: date
    amount_cents: int
    reference: str | None
    row_key: str


def counting(supposed: Any = 0, undone: Any = None) -> ColumnElement[bool]:
    """Whether a purchase counts: not voided, its import not hidden, and not replaced by one that is not hidden.
    `supposed` is the number of an import that is looked at as if it were active, `undone` of one as if it were not."""
    hidden: Any = HIDDEN.where(HiddenImport.number != supposed)
    if undone is not None:
        hidden = hidden.union_all(select(undone))
    return (
        Purchase.voided_at.is_(None)
        & or_(Purchase.import_number.is_(None), Purchase.import_number.not_in(hidden))
        & or_(Purchase.replaced_in.is_(None), Purchase.replaced_in.in_(hidden))
    )


def known() -> ColumnElement[bool]:
    """Whether a purchase is to be shown at all: not that of an import which is still being read or looked at."""
    return or_(Purchase.import_number.is_(None), Purchase.import_number.not_in(HIDDEN))


def replaced() -> ColumnElement[bool]:
    """Whether a later import brought the corrected form of the purchase."""
    return Purchase.replaced_in.is_not(None) & Purchase.replaced_in.not_in(HIDDEN)


def with_history(session: Session, contract_ids: Sequence[str]) -> set[str]:
    """Those of the contracts that have purchases of a ledger already."""
    statement = select(IDS.c.value).where(
        select(PURCHASE.id).where(PURCHASE.contract_id == IDS.c.value, PURCHASE.row_key.is_not(None)).exists()
    )
    return set(session.scalars(statement, {"contract_ids": contract_ids}))


def from_elsewhere(session: Session, contract_ids: Sequence[str], layout: str) -> dict[str, Counter[tuple[date, int]]]:
    """By contract, days and amounts of the counting purchases that were recorded by hand, or came in a ledger of other
    columns: no key tells whether a row of the present one is the same."""
    other = select(ImportRun.number).where(or_(ImportRun.layout.is_(None), ImportRun.layout != layout))
    statement = (
        select(Purchase.contract_id, Purchase.on_date, Purchase.amount_cents)
        .join_from(IDS, Purchase, Purchase.contract_id == IDS.c.value)
        .where(counting(), or_(Purchase.import_number.is_(None), Purchase.import_number.in_(other)))
    )
    found: dict[str, Counter[tuple[date, int]]] = {}
    for contract_id, on_date, cents in session.execute(statement, {"contract_ids": contract_ids}):
        found.setdefault(contract_id, Counter())[on_date, cents] += 1
    return found


def known_keys(session: Session, rows: Iterable[RowKey], only: ColumnElement[bool] | None = None) -> set[RowKey]:
    """Those of the rows that are there already, voided ones too; or `only` those for which this holds.

    Contract and key travel as one text, so that each row is one look-up: asked for some contracts and some keys, SQLite
    looks up every key in every contract.
    """
    row = PAIRS.c.value
    found = (PURCHASE.contract_id == func.substr(row, 1, ID_LENGTH)) & (
        PURCHASE.row_key == func.substr(row, ID_LENGTH + 1)
    )
    statement = select(PURCHASE.contract_id, PURCHASE.row_key).join_from(PAIRS, Purchase.__table__, found)
    if only is not None:
        statement = statement.where(only)
    asked = sorted(contract_id + row_key for contract_id, row_key in rows)
    if not asked:
        return set()
    return {(one.contract_id, one.row_key) for one in session.execute(statement, {"rows": asked})}


def release_keys(session: Session, keys: Iterable[RowKey]) -> None:
    """Renames replaced rows, so that what they said can come once more: a correction that is taken back."""
    for contract_id, row_key in sorted(keys):
        found = (Purchase.contract_id == contract_id, Purchase.row_key == row_key)
        purchase = session.scalars(select(Purchase).where(*found)).one()
        purchase.row_key = f"{row_key}{RELEASED}{purchase.import_number}"
    session.flush()


def touch(session: Session, number: int, contract_ids: Iterable[str]) -> None:
    """The import brings something to these contracts: noted before it is whole, so that it can be taken back."""
    rows = [
        {"number": number, "contract_id": one, "rows": 0, "cents": 0, "corrected": 0} for one in sorted(contract_ids)
    ]
    if rows:
        session.execute(insert(ImportedContract), rows)


def touched(session: Session, number: int) -> list[str]:
    """Ids of the contracts that an import brings something to, in order."""
    wanted = select(ImportedContract.contract_id).where(ImportedContract.number == number)
    return list(session.scalars(wanted.order_by(ImportedContract.contract_id)))


def set_tallies(session: Session, number: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """What the import brings to each contract, as columns of ImportedContract with `contract_id`."""
    if rows:
        session.execute(update(ImportedContract), [{"number": number, **row} for row in rows])


def tally(session: Session, number: int, contract_ids: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """Rows, cents and corrections that an import brings, by contract, as they stand in the tables."""
    brought = (
        select(PURCHASE.contract_id, func.count(), func.sum(PURCHASE.amount_cents))
        .where(PURCHASE.contract_id.in_(contract_ids), PURCHASE.import_number == number)
        .group_by(PURCHASE.contract_id)
    )
    corrected = (
        select(PURCHASE.contract_id, func.count())
        .where(PURCHASE.contract_id.in_(contract_ids), PURCHASE.replaced_in == number)
        .group_by(PURCHASE.contract_id)
    )
    replaced_rows: dict[str, int] = {row[0]: row[1] for row in session.execute(corrected)}
    found = {one: (rows, int(cents), replaced_rows.pop(one, 0)) for one, rows, cents in session.execute(brought)}
    return found | {one: (0, 0, count) for one, count in replaced_rows.items()}


def imported_contracts(session: Session, number: int, limit: int | None = None) -> Sequence[Any]:
    """What an import brings to contracts, those whose obligation grows most first, with what names them."""
    statement = (
        select(
            ImportedContract.contract_id,
            ImportedContract.rows,
            ImportedContract.cents,
            ImportedContract.corrected,
            ImportedContract.required_before,
            ImportedContract.required_after,
            Contract.reference,
            Supplier.name.label("supplier_name"),
            StoredJudgement.unit_path,
            StoredJudgement.procurement_unit_path,
        )
        .join(Contract, Contract.id == ImportedContract.contract_id)
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(ImportedContract.number == number)
    )
    grown = func.coalesce(ImportedContract.required_after - ImportedContract.required_before, 0)
    return session.execute(statement.order_by(grown.desc(), Contract.reference, Contract.id).limit(limit)).all()


def imported_contract_count(session: Session, number: int) -> int:
    """How many contracts an import brings something to."""
    return session.execute(select(func.count()).where(ImportedContract.number == number)).scalar_one()


def advance(session: Session, number: int, progress: Mapping[str, Any]) -> bool:
    """Notes how far the reading is, as columns of ImportRun; False where somebody ended it meanwhile."""
    wanted = update(ImportRun).where(ImportRun.number == number, ImportRun.status == ImportStatus.READING)
    result = session.execute(wanted.values(progress).execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def to_sweep(session: Session) -> Sequence[Any]:
    """Hidden imports that nobody waits for any more: number, status, when and why undone."""
    over = (ImportStatus.DISCARDED, ImportStatus.FAILED, ImportStatus.UNDONE)
    columns = (ImportRun.number, ImportRun.status, ImportRun.undone_at, ImportRun.undo_reason)
    statement = select(*columns).join(HiddenImport, HiddenImport.number == ImportRun.number)
    return session.execute(statement.where(ImportRun.status.in_(over)).order_by(ImportRun.number)).all()


def delete_staged(session: Session, contract_id: str, number: int, most: int) -> int:
    """Deletes purchases that never counted, so many at the most; how many it were."""
    some = select(Purchase.id).where(Purchase.contract_id == contract_id, Purchase.import_number == number).limit(most)
    result = session.execute(delete(Purchase).where(Purchase.id.in_(some)).execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]


def void_undone(session: Session, contract_id: str, number: int, at: datetime, reason: str, most: int) -> int:
    """Voids purchases of an undone import, so many at the most, and forgets their keys: the rows may come again."""
    some = (
        select(Purchase.id)
        .where(Purchase.contract_id == contract_id, Purchase.import_number == number, Purchase.row_key.is_not(None))
        .limit(most)
    )
    values: dict[Any, Any] = {
        Purchase.row_key: None,
        Purchase.lineage: None,
        Purchase.voided_at: case((Purchase.voided_at.is_(None), at), else_=Purchase.voided_at),
        Purchase.void_reason: case((Purchase.voided_at.is_(None), reason), else_=Purchase.void_reason),
        Purchase.version: Purchase.version + 1,
    }
    statement = update(Purchase).where(Purchase.id.in_(some)).values(values)
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]


def forget_replacements(session: Session, contract_id: str, number: int) -> None:
    """What an import replaced that never came, or was undone, is no longer marked; and rows whose keys were renamed for
    what is gone are known by their keys again."""
    released = select(Purchase).where(Purchase.contract_id == contract_id, Purchase.row_key.contains(RELEASED))
    for purchase in session.scalars(released.order_by(Purchase.replaced_in.is_not(None), Purchase.id)).all():
        row_key = str(purchase.row_key).partition(RELEASED)[0]
        if not known_keys(session, [(contract_id, row_key)]):
            purchase.row_key = row_key
            session.flush()
    wanted = update(Purchase).where(Purchase.contract_id == contract_id, Purchase.replaced_in == number)
    session.execute(wanted.values(replaced_in=None).execution_options(synchronize_session=False))


def forget_touched(session: Session, number: int) -> None:
    """An import that never came brought nothing to any contract."""
    session.execute(delete(ImportedContract).where(ImportedContract.number == number))


COLUMNS = (
    *("id", "contract_id", "on_date", "amount_cents", "reference", "row_key", "import_number", "recorded_on"),
    *("created_at", "version"),
)


def add_staged(
    session: Session, rows: Sequence[Staged], ids: Sequence[str], number: int, on: date, at: datetime
) -> None:
    """Adds purchases in the words of the driver: SQLAlchemy takes longer over a million rows than the database needs
    for them. PostgreSQL gets them as a stream (COPY)."""
    if not rows:
        return
    connection = session.connection()
    days = {row.on_date: row.on_date.isoformat() for row in rows}
    if is_sqlite(session):
        moment = PURCHASE.created_at.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        fixed = (number, on.isoformat(), moment(at) if moment else at, 1)
        marks = ", ".join("?" * len(COLUMNS))
        connection.exec_driver_sql(
            f"INSERT INTO purchase ({', '.join(COLUMNS)}) VALUES ({marks})",  # noqa: S608 - names of ours
            [
                (one, contract_id, days[on_date], cents, reference, row_key, *fixed)
                for one, (contract_id, on_date, cents, reference, row_key) in zip(ids, rows, strict=True)
            ],
        )
        return
    fixed_text = f"{number}\t{on.isoformat()}\t{at.isoformat()}\t1\n"
    lines = [
        f"{one}\t{contract_id}\t{days[on_date]}\t{cents}\t{_copied(reference)}\t{row_key}\t{fixed_text}"
        for one, (contract_id, on_date, cents, reference, row_key) in zip(ids, rows, strict=True)
    ]
    with connection.connection.cursor().copy(f"COPY purchase ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        copy.write("".join(lines))


def _copied(text: str | None) -> str:
    """A text as a cell of COPY's text format, in which what parts cells and rows is escaped."""
    if text is None:
        return "\\N"
    return text if text.isalnum() else text.translate(_ESCAPED)


_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
