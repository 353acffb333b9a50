"""/projects/report: the report of projects as a PDF, and what else of their outcomes can be taken along."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.language.catalogues import SUPPORTED
from app.rules.errors import RuleBroken
from app.schemas.reports import ReportForm, ReportQuestion
from app.services import projects, reports
from app.services.reports import Report, Wanted
from app.web.forms import Form, FormView, FormWrong
from app.web.pages import LANGUAGE_NAMES
from app.web.project_words import project_name
from app.web.report_pdf.document import document_of
from app.web.report_pdf.typesetting import pdf_of
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)
PAGE = "/projects/report"
FILE_NAMES = {"fi": "hankkeiden-tulokset", "sv": "projektens-resultat", "en": "outcomes-of-projects"}
"""Of letters that every header can carry."""


@router.get(PAGE)
def choose(visit: Look) -> Response:
    """What a report holds, and the files; a question that does not fit is told beside its fields."""
    form, wrong = _sent(visit), None
    listed = projects.list_projects(visit.session, visit.act.actor)
    try:
        _wanted(visit, form)
    except (FormWrong, RuleBroken) as error:
        wrong = form.view(error)
    years = _years([one.project.starts_on for one in listed], visit.act.today)
    first_showing = {"year": years[1] if len(years) > 1 else years[0], "language": visit.language, "form": "internal"}
    view = FormView.of(first_showing | {name: text for name in form.values if (text := form.text(name))})
    if wrong is not None:
        view = replace(wrong, values={**view.values, **wrong.values})
    return visit.page(
        "project_reports/page.html",
        view.status,
        form=view,
        years=[(year, str(year)) for year in years],
        tongues=[(one, LANGUAGE_NAMES[one]) for one in SUPPORTED],
        forms=ReportForm,
        projects=[(one.project.slug, project_name(one.project, visit.language)) for one in listed],
    )


@router.get("/projects/report.pdf")
def all_projects(visit: Look) -> Response:
    """A question that does not fit leads to the page, which says so."""
    try:
        wanted, language = _wanted(visit, _sent(visit))
    except (FormWrong, RuleBroken):
        return RedirectResponse(f"{PAGE}?{visit.request.url.query}", 303)
    report = reports.report_of_projects(visit.session, wanted, visit.act)
    return _taken(visit, report, language, FILE_NAMES[language])


@router.get("/projects/{slug}/report.pdf")
def one_project(slug: str, visit: Look) -> Response:
    """The chapter of one project as a report of its own."""
    projects.find_project(visit.session, slug, visit.act.actor)
    try:
        wanted, language = _wanted(visit, _sent(visit))
    except (FormWrong, RuleBroken):
        return RedirectResponse(f"{PAGE}?{visit.request.url.query}", 303)
    report = reports.report_of_project(visit.session, slug, wanted, visit.act)
    return _taken(visit, report, language, slug, of_one=True)


def _sent(visit: Visit) -> Form:
    return Form(visit.request.query_params.multi_items(), visit.language)


def _wanted(visit: Visit, form: Form) -> tuple[Wanted, str]:
    """What the query asks for, and in which language: the reader's own unless it says another."""
    question = form.command(ReportQuestion)
    return reports.wanted_report(question, visit.act.today), question.language or visit.language


def _years(begun: Sequence[date], today: date) -> list[int]:
    """The years of which there can be a report, the latest first."""
    first = min((on.year for on in begun if on <= today), default=today.year)
    return list(range(today.year, first - 1, -1))


def _taken(visit: Visit, report: Report, language: str, name: str, *, of_one: bool = False) -> Response:
    """The report as a download. The connection goes back while it is being set; the trail says who took it before the
    first byte leaves."""
    wanted, slugs = report.wanted, [one.project.slug for one in report.projects]
    document = document_of(report, language, of_one=of_one)
    visit.session.rollback()
    pdf = pdf_of(document)
    with visit.writing() as session:
        reports.record_report_taken(session, wanted, slugs, language, visit.act)
    period = wanted.year or f"{wanted.since or report.made_on}-{wanted.until}"
    file_name = f"{name}-{period}-{wanted.form}.pdf"
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"', "Content-Language": language},
    )
