"""/projects/{slug}/funding and /funding/{id}: where a project's money comes from, and what it has used."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.schemas.fields import cents_to_money
from app.schemas.funding import FundingChange, FundingCreate, FundingList, FundingRead
from app.schemas.positions import VoidCommand
from app.services import funding
from app.storage.funding import amount_of
from app.storage.models import Funding

router = APIRouter(tags=["projects"])
PLAIN = ("id", "kind", "name", "share_percent", "until_on", "source")


def read_model(row: Funding, budget_cents: int | None) -> FundingRead:
    """A source or a use as the API gives it."""
    amount = amount_of(row, budget_cents)
    return FundingRead(
        **{name: getattr(row, name) for name in PLAIN},
        amount_eur=None if amount is None else cents_to_money(amount),
        voided=row.voided_at is not None,
    )


@router.get("/projects/{slug}/funding", response_model=FundingList, summary="Money of a project")
def list_funding(slug: str, read: Read, pages: Pages) -> Response:
    found, rows = funding.list_funding(read.session, slug, read.act)
    page, cursor = in_pages(pages, rows, lambda row: row.id)
    items = [read_model(row, found.project.budget_cents) for row in page]
    return answer(FundingList(items=items, next_cursor=cursor))


@router.post("/projects/{slug}/funding", status_code=201, response_model=FundingRead, summary="Add a source or a use")
def add_funding(slug: str, command: FundingCreate, write: Write) -> Response:
    found, row = funding.add_funding(write.session, slug, command, write.act)
    return write.created(read_model(row, found.project.budget_cents), f"/api/v1/funding/{row.id}", row.version)


@router.get("/funding/{funding_id}", response_model=FundingRead, summary="One source or use")
def read_funding(funding_id: PathKey, read: Read) -> Response:
    found, row = funding.read_funding(read.session, funding_id, read.act)
    return answer(read_model(row, found.project.budget_cents), row.version)


@router.patch("/funding/{funding_id}", response_model=FundingRead, summary="Change a source or a use")
def change_funding(funding_id: PathKey, command: FundingChange, write: Write) -> Response:
    """Changes only the fields sent."""
    found, row = funding.change_funding(write.session, funding_id, command, write.act, write.expected_version)
    return write.answer(read_model(row, found.project.budget_cents), row.version)


@router.post("/funding/{funding_id}/void", response_model=FundingRead, summary="Void what was entered wrongly")
def void_funding(funding_id: PathKey, command: VoidCommand, write: Write) -> Response:
    found, row = funding.void_funding(write.session, funding_id, command.reason, write.act, write.expected_version)
    return write.answer(read_model(row, found.project.budget_cents), row.version)
