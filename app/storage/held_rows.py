"""Purchases of ledgers that wait for a person to say where they belong."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session, aliased

from app.rules.codes import ImportStatus
from app.storage import keyset
from app.storage.ledger_rows import HIDDEN
from app.storage.lists import listed
from app.storage.models import Contract, HeldRow, ImportRun, Procurement, StoredJudgement, Supplier, Unit

KEYS = listed("row_keys")


def superseded() -> ColumnElement[bool]:
    """Whether a later import that is active brought the row anew: nobody is asked about the earlier form."""
    return HeldRow.replaced_in.is_not(None) & HeldRow.replaced_in.not_in(HIDDEN)


def held_keys(session: Session, row_keys: Sequence[str], root_id: str | None, *, superseded_too: bool) -> set[str]:
    """Those of the keys that a person of the organisation (None: of any) was, or is to be, asked about. Two that share
    a ledger have the same keys."""
    statement = select(HeldRow.row_key).join_from(KEYS, HeldRow.__table__, HeldRow.row_key == KEYS.c.value)
    if not superseded_too:
        statement = statement.where(~superseded())
    if root_id is not None:
        # Not joined: SQLite would begin with the imports, and go through all the keys for each row of theirs.
        ours = (ImportRun.root_id == root_id) | ImportRun.root_id.is_(None)
        statement = statement.where(select(ImportRun.id).where(ImportRun.number == HeldRow.number, ours).exists())
    return set(session.scalars(statement, {"row_keys": row_keys}))


def any_held(session: Session) -> bool:
    return session.execute(select(HeldRow.id).limit(1)).first() is not None


def forget_held(session: Session, number: int) -> None:
    """Rows of an import that was never activated, or was undone, wait for nobody."""
    session.execute(delete(HeldRow).where(HeldRow.number == number))


def add_held(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(insert(HeldRow), rows)


def waiting_count(session: Session, number: int) -> int:
    """Purchases of an import that wait for a decision."""
    waiting = (HeldRow.number == number, HeldRow.decided_at.is_(None), ~superseded())
    return session.execute(select(func.count()).where(*waiting)).scalar_one()


COLUMNS = (
    HeldRow.id,
    HeldRow.line,
    HeldRow.reason,
    HeldRow.contract_number,
    HeldRow.business_id,
    HeldRow.on_date,
    HeldRow.amount_cents,
    HeldRow.reference,
    HeldRow.account,
    HeldRow.service_class,
    HeldRow.buying_unit,
    HeldRow.candidates,
    HeldRow.row_key,
    HeldRow.decided_at,
    HeldRow.number,
    HeldRow.lineage,
    superseded().label("is_superseded"),
    ImportRun.id.label("import_id"),
    ImportRun.root_id,
    ImportRun.actor_id,
    ImportRun.kind,
    Unit.path,
)
OLDEST_FIRST = keyset.Sort((HeldRow.id,))


def waiting(session: Session, root_ids: Sequence[str] | None, actor_id: str, page: keyset.Page) -> keyset.Slice:
    """A page of the purchases that wait, of active imports of these organisations (None: of all) or of the actor."""
    return keyset.fetch(session, _waiting_for(root_ids, actor_id), OLDEST_FIRST, page)


def waiting_for(session: Session, root_ids: Sequence[str] | None, actor_id: str, most: int) -> int:
    """How many they are, counted so far at the most."""
    some = _waiting_for(root_ids, actor_id).with_only_columns(HeldRow.id).limit(most).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def _waiting_for(root_ids: Sequence[str] | None, actor_id: str) -> keyset.Rows:
    undecided = aliased(HeldRow)  # few of all there ever were
    some = HeldRow.id.in_(select(undecided.id).where(undecided.decided_at.is_(None)))
    statement = _with_import().where(some, ~superseded(), ImportRun.status == ImportStatus.ACTIVE)
    if root_ids is None:
        return statement
    return statement.where(ImportRun.root_id.in_(root_ids) | (ImportRun.actor_id == actor_id))


def with_import(session: Session, held_id: str) -> Any:
    """COLUMNS of a purchase of an active import that waits, or did until someone decided; or None."""
    wanted = _with_import().where(HeldRow.id == held_id, ImportRun.status == ImportStatus.ACTIVE)
    return session.execute(wanted).one_or_none()


def lock(session: Session, held_ids: Sequence[str]) -> Sequence[HeldRow]:
    """The rows for deciding on them, in the order of their ids."""
    statement = select(HeldRow).where(HeldRow.id.in_(held_ids)).order_by(HeldRow.id).with_for_update(of=HeldRow)
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def alike(session: Session, number: int, business_id: str | None, limit: int) -> Sequence[Any]:
    """COLUMNS of the purchases of an import's supplier that wait."""
    statement = _with_import().where(
        HeldRow.number == number,
        HeldRow.decided_at.is_(None),
        ~superseded(),
        HeldRow.business_id.is_not_distinct_from(business_id),
    )
    return session.execute(statement.order_by(HeldRow.id).limit(limit)).all()


def references(session: Session, contract_ids: Sequence[str]) -> dict[str, Any]:
    """By id, what a person knows contracts by: reference, supplier, title, days; and their units' paths."""
    columns = (
        Contract.id,
        Contract.reference,
        Supplier.name.label("supplier_name"),
        Procurement.title,
        Contract.starts_on,
        StoredJudgement.effective_end_on,
        StoredJudgement.unit_path,
        StoredJudgement.procurement_unit_path,
    )
    statement = (
        select(*columns)
        .join(StoredJudgement, StoredJudgement.contract_id == Contract.id)
        .join(Procurement, Procurement.id == Contract.procurement_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .where(Contract.id.in_(contract_ids))
    )
    return {row.id: row for row in session.execute(statement)}


def _with_import() -> keyset.Rows:
    return (
        select(*COLUMNS)
        .join(ImportRun, ImportRun.number == HeldRow.number)
        .outerjoin(Unit, Unit.id == ImportRun.root_id)
    )
