"""/held-purchases: purchases of ledgers that wait for a person to say where they belong."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, next_cursor
from app.http.writing import Write
from app.schemas.fields import cents_to_money
from app.schemas.held_rows import CandidateRead, Decision, DecisionRead, HeldRowList, HeldRowRead
from app.services import held_rows
from app.services.held_rows import Earlier, HeldFound
from app.storage.held_rows import OLDEST_FIRST

router = APIRouter(prefix="/held-purchases", tags=["imports"])
PLAIN = tuple(name for name in HeldRowRead.model_fields if name not in {"amount_eur", "candidates", "corrects"})


def read_model(found: HeldFound) -> HeldRowRead:
    """A purchase that waits as the API gives it."""
    values = {name: getattr(found.row, name) for name in PLAIN}
    candidates = [
        CandidateRead(
            contract_id=one.id,
            reference=one.reference,
            title=one.title,
            supplier=one.supplier_name,
            starts_on=one.starts_on,
            effective_end_on=one.effective_end_on,
        )
        for one in found.candidates
    ]
    values |= {"amount_eur": cents_to_money(found.row.amount_cents), "candidates": candidates}
    values["corrects"] = [_earlier(one) for one in found.earlier]
    return HeldRowRead.model_validate(values)


def _earlier(found: Earlier) -> dict[str, object]:
    contract = {"contract_id": None, "contract_reference": None}
    if found.contract is not None:
        contract = {"contract_id": found.contract.id, "contract_reference": found.contract.reference}
    return {"on_date": found.on_date, "amount_eur": cents_to_money(found.amount_cents)} | contract


@router.get("", response_model=HeldRowList, summary="Purchases that wait for a decision")
def list_held(read: Read, paging: Pages) -> Response:
    """Those that came first, first."""
    name, _, page = paging.sorted_by({"id": OLDEST_FIRST}, "id")
    listed = held_rows.list_held(read.session, page, read.act)
    items = [read_model(one) for one in listed.items]
    return answer(HeldRowList(items=items, next_cursor=next_cursor(name, listed.found)))


@router.get("/{held_id}", response_model=HeldRowRead, summary="One purchase that waits for a decision")
def read_held(held_id: PathKey, read: Read) -> Response:
    return answer(read_model(held_rows.find_held(read.session, held_id, read.act)))


@router.post("/{held_id}/decision", response_model=DecisionRead, summary="Say to which contract a purchase belongs")
def decide(held_id: PathKey, command: Decision, write: Write) -> Response:
    """The obligation is judged anew at once."""
    settled = held_rows.decide(write.session, held_id, command.contract_id, command.remember, write.act)
    return write.answer(DecisionRead(settled=settled))
