"""A project by form: begun and changed by administrators of its unit."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.language.own_words import own_words
from app.rules.codes import LANGUAGES, RelationKind
from app.schemas.projects import ProjectChange, ProjectCreate
from app.schemas.text import code_from
from app.services import projects
from app.services.acting import Permission, require
from app.services.projects import ProjectFound
from app.storage.models import Project, Unit
from app.web.contract_forms import choices
from app.web.forms import VERSION, Form, FormView
from app.web.project_beside import as_rows, by_language, closed_up, of_project, rows_shown
from app.web.project_notices import address
from app.web.registering import euros_typed
from app.web.stale import compared, differences
from app.web.units import unit_choices
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)
PLAIN = ("unit_id", "starts_on", "ends_on", "may_continue_until", "programme", "budget_source")
TEXTS = ("target_groups", "areas", "remarks")
RELATIONS = "relations"
LISTS = (*TEXTS, RELATIONS)
FURTHER = "further_unit_ids[]"


@router.get("/projects/new")
def new(visit: Look) -> Response:
    return _new_page(visit, FormView())


@router.post("/projects/new")
def add(sent: Submit) -> Response:
    submission = closed_up(sent, *LISTS)
    form = submission.form

    def write() -> str:
        command = form.command(ProjectCreate, **_name_in_addresses(form))
        found = projects.add_project(submission.session, command, submission.act)
        return address(f"/projects/{found.project.slug}", "project_added")

    return submission.save(write, lambda view: _new_page(submission, view))


@router.get("/projects/{slug}/change")
def change(slug: str, visit: Look) -> Response:
    found = projects.find_project(visit.session, slug, visit.act.actor)
    return _change_page(visit, found, FormView.of(_stored(visit, found)))


@router.post("/projects/{slug}/change")
def save(slug: str, sent: Submit) -> Response:
    submission = closed_up(sent, *LISTS)
    form = submission.form

    def write() -> str:
        found = projects.find_project(submission.session, slug, submission.act.actor)
        command = _change(submission, form, found)
        projects.change_project(submission.session, slug, command, submission.act, form.expected_version)
        return address(f"/projects/{slug}", "project_changed")

    def again(view: FormView) -> Response:
        return _change_page(submission, projects.find_project(submission.session, slug, submission.act.actor), view)

    return submission.save(write, again)


def _name_in_addresses(form: Form) -> dict[str, Any]:
    """What names the project in addresses: as typed, else made from its name."""
    names = (form.text(f"name.{language}") for language in LANGUAGES)
    made = code_from(next(filter(None, (form.text("slug"), *names)), ""), "-")
    return {"slug": made} if made else {}


def _change(visit: Visit, form: Form, found: ProjectFound) -> ProjectChange:
    """Texts and lists as a whole; units only where others were chosen, since one may lie outside what the visitor
    administers."""
    body = form.body()
    parts: dict[str, Any] = {name: body.get(name, []) for name in LISTS}
    parts |= {"name": form.body("name"), "summary": form.body("summary") or None}
    parts["contact"] = form.body("contact") or None
    chosen = sorted(one for one in form.all(FURTHER) if one)
    offered = [unit_id for unit_id in _further(visit, found) if unit_id in dict(unit_choices(visit))]
    if chosen != sorted(offered):
        parts["further_unit_ids"] = chosen
    kept = ["further_unit_ids", *(["unit_id"] if form.text("unit_id") == found.project.unit_id else [])]
    pairs = [(name, one) for name in form.values for one in form.all(name) if name.removesuffix("[]") not in kept]
    return Form(pairs, form.language).change(ProjectChange, **parts)


def _further(visit: Visit, found: ProjectFound) -> Sequence[str]:
    return projects.further_unit_ids(visit.session, found)


def _stored(visit: Visit, found: ProjectFound) -> dict[str, object]:
    """A project as its form shows it."""
    row = found.project
    values: dict[str, object] = {name: getattr(row, name) for name in PLAIN}
    values |= by_language("name", row.name) | by_language("summary", row.summary)
    values |= {"budget_eur": euros_typed(row.budget_cents), FURTHER: _further(visit, found)}
    values |= {f"contact.{part}": getattr(row, f"contact_{part}") for part in ("name", "email", "phone")}
    for name in TEXTS:
        values |= as_rows(name, getattr(row, name))
    for number, relation in enumerate(row.relations):
        values |= _relation(f"{RELATIONS}.{number}", relation)
    return values | {VERSION: row.version}


def _relation(at: str, relation: dict[str, object]) -> dict[str, object]:
    name = relation["name"]
    plain = {f"{at}.{part}": relation.get(part) for part in ("kind", "slug", "programme")}
    return plain | by_language(f"{at}.name", name if isinstance(name, dict) else {})


def _lists(visit: Visit, view: FormView, own: Project | None = None) -> dict[str, Any]:
    """What the fields offer to choose from, and how many rows the lists have."""
    listed = [one.project for one in projects.list_projects(visit.session, visit.act.actor)]
    others = [row for row in listed if own is None or row.id != own.id]
    return {
        "units": unit_choices(visit),
        "kinds": choices("relation_kind", RelationKind, visit.language),
        "others": [
            (row.slug, own_words(row.name, visit.language)) for row in others if own is None or row.id != own.id
        ],
        "rows": {name: rows_shown(view, name) for name in TEXTS} | {RELATIONS: rows_shown(view, RELATIONS, 1)},
    }


def _new_page(visit: Visit, view: FormView) -> Response:
    lists = _lists(visit, view)
    if not lists["units"]:
        require(visit.act.actor, Permission.PROJECTS, [])
    return visit.page("project_forms/new.html", view=view, **lists)


def _change_page(visit: Visit, found: ProjectFound, view: FormView) -> Response:
    row = found.project
    shown = of_project(visit, found, Permission.PROJECTS)
    lists = _lists(visit, view, row)
    if row.unit_id not in dict(lists["units"]):  # seen by way of a further unit
        lists["units"] = [(row.unit_id, visit.session.get_one(Unit, row.unit_id).name), *lists["units"]]
    stored = FormView.of(_stored(visit, found))
    words = {
        "unit_id": dict(lists["units"]),
        FURTHER: dict(lists["units"]),
        **{f"{RELATIONS}.{number}.kind": dict(lists["kinds"]) for number in lists["rows"][RELATIONS]},
    }
    return visit.page(
        "project_forms/change.html",
        view=compared(view, row.version),
        both=differences(view, stored, words, visit.language),
        **shown,
        **lists,
    )
