"""A project's money by form: sources and uses added, changed, and voided where they were entered wrongly."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.catalogues import msgid, translated
from app.language.formats import capitalised
from app.language.labels import label
from app.language.own_words import own_words
from app.rules.codes import FundingKind
from app.schemas.funding import FundingChange, FundingCreate
from app.schemas.positions import VoidCommand
from app.services import funding
from app.services.projects import ProjectFound
from app.storage.models import Funding
from app.web.contract_forms import renewed
from app.web.forms import VERSION, Form, FormView
from app.web.project_beside import beside, by_language, of_project, typed
from app.web.project_notices import address
from app.web.registering import euros_typed
from app.web.stale import compared, differences
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)
PART = "money"
"""Where on the project's page it stands."""
HINTS = {
    FundingKind.SOURCE: msgid("Who gives money to the project, and how much."),
    FundingKind.USE: msgid("What the project has used by a day."),
}


@router.get("/projects/{slug}/funding/new")
def new(slug: str, visit: Look) -> Response:
    return _new_page(visit, slug, FormView.of({"kind": FundingKind.SOURCE}))


@router.post("/projects/{slug}/funding/new")
def add(slug: str, submission: Submit) -> Response:
    def write() -> str:
        command = submission.form.command(FundingCreate)
        funding.add_funding(submission.session, slug, command, submission.act)
        return address(f"/projects/{slug}", "funding_added", PART)

    return submission.save(write, lambda view: _new_page(submission, slug, view))


@router.get("/funding/{funding_id}/change")
def change(funding_id: PathKey, visit: Look) -> Response:
    found, row = funding.read_funding(visit.session, funding_id, visit.act)
    return _change_page(visit, found, row, FormView.of(_stored(row, visit.language)))


@router.post("/funding/{funding_id}/change")
def save(funding_id: PathKey, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        command = _change(form)
        found, _ = funding.change_funding(
            submission.session, funding_id, command, submission.act, form.expected_version
        )
        return address(f"/projects/{found.project.slug}", "funding_changed", PART)

    def again(view: FormView) -> Response:
        return _change_page(submission, *funding.read_funding(submission.session, funding_id, submission.act), view)

    return submission.save(write, again)


@router.get("/funding/{funding_id}/void")
def ask_void(funding_id: PathKey, visit: Look) -> Response:
    found, row = funding.read_funding(visit.session, funding_id, visit.act)
    return _void_page(visit, found, row, FormView.of({VERSION: row.version}))


@router.post("/funding/{funding_id}/void")
def void(funding_id: PathKey, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        reason = form.command(VoidCommand).reason
        found, _ = funding.void_funding(submission.session, funding_id, reason, submission.act, form.expected_version)
        return address(f"/projects/{found.project.slug}", "funding_voided", PART)

    def again(view: FormView) -> Response:
        return _void_page(submission, *funding.read_funding(submission.session, funding_id, submission.act), view)

    return submission.save(write, again)


def _change(form: Form) -> FundingChange:
    return form.change(FundingChange, name=form.body("name"))


def _stored(row: Funding, language: str) -> dict[str, object]:
    """A source or a use as its form shows it."""
    return {
        **by_language("name", row.name),
        "amount_eur": euros_typed(row.amount_cents),
        "share_percent": typed(row.share_percent, language),
        "until_on": row.until_on,
        "source": row.source,
        VERSION: row.version,
    }


def _kinds(language: str) -> list[tuple[str, str, str]]:
    return [
        (kind, capitalised(label("funding_kind", kind, language)), translated(HINTS[kind], language))
        for kind in FundingKind
    ]


def _new_page(visit: Visit, slug: str, view: FormView) -> Response:
    return visit.page("funding/new.html", view=view, kinds=_kinds(visit.language), **beside(visit, slug))


def _change_page(visit: Visit, found: ProjectFound, row: Funding, view: FormView) -> Response:
    variables: dict[str, Any] = {
        "view": compared(view, row.version),
        "both": differences(view, FormView.of(_stored(row, visit.language)), {}, visit.language),
        "funding": row,
    }
    return visit.page("funding/change.html", **variables, **of_project(visit, found))


def _void_page(visit: Visit, found: ProjectFound, row: Funding, view: FormView) -> Response:
    view = renewed(view, row.version, visit.language)
    what = own_words(row.name, visit.language)
    return visit.page("funding/void.html", view=view, funding=row, what=what, **of_project(visit, found))
