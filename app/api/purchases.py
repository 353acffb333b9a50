"""/contracts/{id}/purchases and /purchases/{id}: what was bought under a contract."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.schemas.fields import cents_to_money
from app.schemas.positions import VoidCommand
from app.schemas.purchases import PurchaseCreate, PurchaseList, PurchaseRead
from app.services import purchases
from app.services.purchases import Counted
from app.storage.purchases import SORTS

router = APIRouter(tags=["purchases"])


def read_model(found: Counted) -> PurchaseRead:
    """A purchase as the API gives it."""
    row = found.purchase
    names = ("id", "contract_id", "on_date", "reference", "recorded_on", "void_reason")
    values = {name: getattr(row, name) for name in names}
    values |= {"amount_eur": cents_to_money(row.amount_cents), "counts": found.counts}
    return PurchaseRead.model_validate(
        values | {"imported": row.row_key is not None, "voided": row.voided_at is not None}
    )


@router.get("/contracts/{contract_id}/purchases", response_model=PurchaseList, summary="Purchases of a contract")
def list_purchases(contract_id: PathKey, read: Read, paging: Pages) -> Response:
    """Newest first, voided ones too; sorts: on_date."""
    name, sort, page = paging.sorted_by(SORTS, "-on_date")
    listed = purchases.list_purchases(read.session, contract_id, sort, page, read.act)
    items = [read_model(one) for one in listed.items]
    return answer(PurchaseList(items=items, next_cursor=next_cursor(name, listed.found)))


@router.post(
    "/contracts/{contract_id}/purchases", status_code=201, response_model=PurchaseRead, summary="Record a purchase"
)
def record_purchase(contract_id: PathKey, command: PurchaseCreate, write: Write) -> Response:
    """The obligation is judged anew at once. Purchases outside the contract's period are kept without effect."""
    found = purchases.record_purchase(write.session, contract_id, command, write.act)
    body = read_model(found)
    return write.created(body, f"/api/v1/purchases/{body.id}", found.purchase.version)


@router.get("/purchases/{purchase_id}", response_model=PurchaseRead, summary="One purchase")
def read_purchase(purchase_id: PathKey, read: Read) -> Response:
    found = purchases.read_purchase(read.session, purchase_id, read.act)
    return answer(read_model(found), found.purchase.version)


@router.post("/purchases/{purchase_id}/void", response_model=PurchaseRead, summary="Void a purchase entered wrongly")
def void_purchase(purchase_id: PathKey, command: VoidCommand, write: Write) -> Response:
    """It then counts for nothing on any day; the trail keeps it."""
    found = purchases.void_purchase(write.session, purchase_id, command.reason, write.act, write.expected_version)
    return write.answer(read_model(found), found.purchase.version)
