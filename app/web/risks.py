"""A project's risks by form: added, looked at again, and voided where they were entered wrongly."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.catalogues import msgid, translated
from app.language.own_words import own_words
from app.rules.policy import RISK_DEGREES
from app.schemas.positions import VoidCommand
from app.schemas.risks import RiskChange, RiskCreate
from app.services import projects, risks
from app.storage.models import Risk
from app.web.contract_forms import renewed
from app.web.forms import VERSION, Form, FormView
from app.web.project_beside import as_rows, beside, by_language, closed_up, of_project, rows_shown
from app.web.project_notices import address
from app.web.stale import compared, differences
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)
PART = "risks"
"""Where on the project's page they stand."""
PLAIN = ("likelihood", "impact", "review_on", "reviewed_on")
MEASURES = "measures"
SMALL, LARGE = msgid("1, small"), msgid("4, large")


@router.get("/projects/{slug}/risks/new")
def new(slug: str, visit: Look) -> Response:
    return _new_page(visit, slug, FormView())


@router.post("/projects/{slug}/risks/new")
def add(slug: str, sent: Submit) -> Response:
    submission = closed_up(sent, MEASURES)

    def write() -> str:
        command = submission.form.command(RiskCreate)
        risks.add_risk(submission.session, slug, command, submission.act)
        return address(f"/projects/{slug}", "risk_added", PART)

    return submission.save(write, lambda view: _new_page(submission, slug, view))


@router.get("/risks/{risk_id}/change")
def change(risk_id: PathKey, visit: Look) -> Response:
    risk = risks.read_risk(visit.session, risk_id, visit.act)
    return _change_page(visit, risk, FormView.of(_stored(risk)))


@router.post("/risks/{risk_id}/change")
def save(risk_id: PathKey, sent: Submit) -> Response:
    submission = closed_up(sent, MEASURES)
    form = submission.form

    def write() -> str:
        risks.change_risk(submission.session, risk_id, _change(form), submission.act, form.expected_version)
        return _done(submission, risk_id, "risk_changed")

    def again(view: FormView) -> Response:
        return _change_page(submission, _found(submission, risk_id), view)

    return submission.save(write, again)


@router.get("/risks/{risk_id}/void")
def ask_void(risk_id: PathKey, visit: Look) -> Response:
    risk = _found(visit, risk_id)
    return _void_page(visit, risk, FormView.of({VERSION: risk.version}))


@router.post("/risks/{risk_id}/void")
def void(risk_id: PathKey, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        reason = form.command(VoidCommand).reason
        risks.void_risk(submission.session, risk_id, reason, submission.act, form.expected_version)
        return _done(submission, risk_id, "risk_voided")

    return submission.save(write, lambda view: _void_page(submission, _found(submission, risk_id), view))


def _change(form: Form) -> RiskChange:
    return form.change(RiskChange, name=form.body("name"), measures=form.body().get(MEASURES, []))


def _found(visit: Visit, risk_id: str) -> Risk:
    return risks.read_risk(visit.session, risk_id, visit.act)


def _done(visit: Visit, risk_id: str, code: str) -> str:
    found = projects.find_by_id(visit.session, _found(visit, risk_id).project_id, visit.act.actor)
    return address(f"/projects/{found.project.slug}", code, PART)


def _stored(row: Risk) -> dict[str, object]:
    """A risk as its form shows it."""
    values = {name: getattr(row, name) for name in PLAIN}
    return {**by_language("name", row.name), **values, **as_rows(MEASURES, row.measures), VERSION: row.version}


def _new_page(visit: Visit, slug: str, view: FormView) -> Response:
    shown = beside(visit, slug)
    return visit.page("risks/new.html", view=view, **_lists(visit, view), **shown)


def _degrees(language: str) -> list[tuple[int, str]]:
    """Likelihood and impact to choose from; the ends say in words what they are."""
    ends = {1: translated(SMALL, language), RISK_DEGREES: translated(LARGE, language)}
    return [(degree, ends.get(degree, str(degree))) for degree in range(1, RISK_DEGREES + 1)]


def _lists(visit: Visit, view: FormView) -> dict[str, Any]:
    return {"degrees": _degrees(visit.language), "measures": rows_shown(view, MEASURES)}


def _change_page(visit: Visit, row: Risk, view: FormView) -> Response:
    shown = of_project(visit, projects.find_by_id(visit.session, row.project_id, visit.act.actor))
    return visit.page(
        "risks/change.html",
        view=compared(view, row.version),
        both=differences(view, FormView.of(_stored(row)), {}, visit.language),
        risk=row,
        **_lists(visit, view),
        **shown,
    )


def _void_page(visit: Visit, row: Risk, view: FormView) -> Response:
    shown = of_project(visit, projects.find_by_id(visit.session, row.project_id, visit.act.actor))
    view = renewed(view, row.version, visit.language)
    what = own_words(row.name, visit.language)
    return visit.page("risks/void.html", view=view, risk=row, what=what, **shown)
