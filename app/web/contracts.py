"""The page of one contract, as of today or any past day; the text for its supplier; who changed what."""

from datetime import datetime, time
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import Pages, PathKey, next_cursor
from app.rules.dates import ONE_DAY
from app.rules.errors import RuleBroken
from app.schemas.contract_pages import PageDay
from app.services import changes, contract_pages, supplier_texts
from app.services.acting import Permission
from app.services.contract_pages import ContractView
from app.storage.contract_pages import PURCHASES_NEWEST_FIRST
from app.web.change_words import ChangeWords
from app.web.company_words import companies_told
from app.web.contract_words import ContractWords
from app.web.exports.listing import addresses
from app.web.forms import Form, FormView, FormWrong
from app.web.notices import notice
from app.web.timeline import timeline_of
from app.web.visiting import Look

router = APIRouter(include_in_schema=False)
ON_PAGE = 50
"""Changes on their own page."""
FILES = ("positions", "purchases", "history")


@router.get("/contracts/{contract_id}")
def show(contract_id: PathKey, visit: Look, pages: Pages) -> Response:
    """A day that is none, or is to come, is told beside the field; the page is then today's."""
    query = visit.request.query_params
    form, today = Form(query.multi_items(), visit.language), visit.act.today
    day, wrong = today, None
    try:
        day = form.command(PageDay).as_of or today
        if day > today:
            raise RuleBroken("as_of_after_today", "as_of")
    except (FormWrong, RuleBroken) as error:
        day, wrong = today, form.view(error)
    until = datetime.combine(day + ONE_DAY, time.min, visit.state.settings.timezone)
    name, _, page = pages.sorted_by({"on_date": PURCHASES_NEWEST_FIRST}, "on_date")
    view = contract_pages.show_contract(visit.session, contract_id, day, until, visit.act, page)
    return visit.page(
        "contracts/page.html",
        200 if wrong is None else 422,
        view=view,
        words=ContractWords(view, visit.language),
        companies=companies_told(visit, view.companies, view.in_trouble),
        changes=ChangeWords(visit.language),
        timeline=timeline_of(view.judgement, visit.language, today),
        Permission=Permission,
        notice=None if view.is_past else notice(view, query, visit.language),
        as_of=wrong or FormView.of({"as_of": view.as_of}),
        purchases_address=_purchases_address(view, name),
        is_first_page=pages.cursor is None,
        timezone=visit.state.settings.timezone,
        files={noun: addresses(f"/contracts/{contract_id}/{noun}") for noun in FILES},
    )


def _purchases_address(view: ContractView, name: str) -> str | None:
    """Where the older purchases are, on the same day."""
    cursor = next_cursor(name, view.purchases.found) if view.purchases else None
    if cursor is None:
        return None
    kept = {"as_of": str(view.as_of)} if view.is_past else {}
    return f"?{urlencode(kept | {'cursor': cursor})}#purchases"


@router.get("/contracts/{contract_id}/supplier-text")
def supplier_text(contract_id: PathKey, visit: Look) -> Response:
    """The text of the mails for the supplier, to copy or to open in a mail program."""
    page_url = f"{visit.state.settings.base_url}/contracts/{contract_id}"
    text = supplier_texts.text_for_supplier(visit.session, contract_id, page_url, visit.act)
    return visit.page("contracts/supplier_text.html", text=text, contract_id=contract_id)


@router.get("/contracts/{contract_id}/changes")
def list_changes(
    contract_id: PathKey, visit: Look, before: Annotated[int | None, Query(ge=1, le=2**62)] = None
) -> Response:
    """Everything that was changed on the contract, the newest first."""
    shown = changes.list_changes(visit.session, contract_id, ON_PAGE, before, visit.act)
    return visit.page(
        "contracts/changes.html",
        shown=shown,
        changes=ChangeWords(visit.language),
        contract_id=contract_id,
        is_first_page=before is None,
        files=addresses(f"/contracts/{contract_id}/changes"),
        timezone=visit.state.settings.timezone,
    )
