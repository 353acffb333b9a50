"""/units: the organisation's tree, with the lead days and the liaison of each unit."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.rules.policy import DEFAULT_LEAD_DAYS, RETENTION_MONTHS
from app.schemas.units import UnitChange, UnitCreate
from app.services import units
from app.services.acting import Permission, require
from app.storage.models import Unit
from app.web.exports.listing import addresses
from app.web.forms import VERSION, Form, FormView
from app.web.stale import afresh
from app.web.visiting import Look, Submit, Visit

router = APIRouter(prefix="/units", include_in_schema=False)
KEPT = ("name", "lead_days")
"""Fields of a unit's form that are taken as they are."""
INDENT = "\N{NO-BREAK SPACE}" * 3


@router.get("")
def list_units(visit: Look, done: str = "") -> Response:
    branches = units.tree(visit.session, visit.act.actor)
    return visit.page(
        "units/list.html",
        branches=branches,
        done=done,
        default_days=DEFAULT_LEAD_DAYS,
        people=Permission.PEOPLE,
        files=addresses("/units"),
    )


@router.get("/new")
def new(visit: Look, parent: str = "") -> Response:
    return _new_page(visit, FormView.of({"parent_id": parent} if parent else {}))


@router.post("/new")
def add(submission: Submit) -> Response:
    def write() -> str:
        units.add_unit(submission.session, submission.form.command(UnitCreate), submission.act)
        return "/units?done=added"

    return submission.save(write, lambda view: _new_page(submission, view))


@router.get("/{unit_id}")
def show(unit_id: PathKey, visit: Look) -> Response:
    unit = units.find_unit(visit.session, unit_id, visit.act.actor)
    return _change_page(visit, unit, FormView.of(_values(unit)))


@router.post("/{unit_id}")
def change(unit_id: PathKey, submission: Submit) -> Response:
    def write() -> str:
        command, version = _change(submission.form), submission.form.expected_version
        units.change_unit(submission.session, unit_id, command, submission.act, version)
        return "/units?done=changed"

    def again(view: FormView) -> Response:
        unit = units.find_unit(submission.session, unit_id, submission.act.actor)
        return _change_page(submission, unit, view)

    return submission.save(write, again)


def _change(form: Form) -> UnitChange:
    """Empty lead days and an empty liaison are those of the unit above; a root has no unit above."""
    liaison = form.body("liaison")
    parent = {"parent_id": form.text("parent_id")} if form.text("parent_id") else {}
    names = [*KEPT, "retention_months"] if "retention_months" in form.values else KEPT
    kept = Form([(name, form.text(name)) for name in names], form.language)
    return kept.change(UnitChange, liaison=liaison or None, **parent)


def unit_choices(visit: Visit, without: str | None = None) -> list[tuple[str, str]]:
    """The units that the visitor administers, to choose from; `without` leaves out the subtree with this path."""
    branches = units.tree(visit.session, visit.act.actor, administered=True)
    return [
        (branch.unit.id, INDENT * branch.depth + branch.unit.name)
        for branch in branches
        if without is None or not branch.unit.path.startswith(without)
    ]


def _values(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "parent_id": unit.parent_id,
        "lead_days": unit.lead_days,
        "retention_months": unit.retention_months,
        "liaison.name": unit.liaison_name,
        "liaison.email": unit.liaison_email,
        "liaison.phone": unit.liaison_phone,
        VERSION: unit.version,
    }


def _new_page(visit: Visit, view: FormView) -> Response:
    parents = unit_choices(visit)
    if not parents:
        require(visit.act.actor, Permission.PEOPLE, [])
    return visit.page("units/new.html", form=view, parents=parents, default_days=DEFAULT_LEAD_DAYS)


def _change_page(visit: Visit, unit: Unit, view: FormView) -> Response:
    require(visit.act.actor, Permission.PEOPLE, [unit.path])
    described = units.read_unit(visit.session, unit.id, visit.act)
    above = [one for one in units.tree(visit.session, visit.act.actor) if one.unit.id == unit.parent_id]
    return visit.page(
        "units/change.html",
        form=afresh(view, _values(unit)),
        unit=unit,
        inherited=described.inherited,
        above=above[0] if above else None,
        parents=unit_choices(visit, without=unit.path) if unit.parent_id else [],
        default_days=DEFAULT_LEAD_DAYS,
        default_months=RETENTION_MONTHS,
    )
