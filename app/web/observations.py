"""Figures by form: recorded one by one, corrected with a reason, and voided where they were entered wrongly.

What is doubtful is asked before a figure is saved, and whoever typed it decides: it is never a block.
"""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import PathKey
from app.language.figures import target_by
from app.language.labels import label
from app.language.own_words import own_words
from app.schemas.observations import ObservationChange, ObservationCreate
from app.schemas.positions import VoidCommand
from app.services import figure_entry, indicators, observations
from app.services.figure_entry import Entry
from app.services.observations import FIELDS, Recorded
from app.services.questions import Asked
from app.storage import indicators as stored_indicators
from app.storage.models import Observation
from app.web import pages
from app.web.contract_forms import PART, renewed
from app.web.figure_forms import (
    Doubtful,
    Doubts,
    about_indicator,
    as_typed,
    breakdown_of,
    doubts_of,
    earlier,
    field_lists,
    foretold,
    offered,
    unseen,
    worked_out,
)
from app.web.forms import VERSION, Form, FormView
from app.web.project_beside import beside, by_language, of_project, typed
from app.web.project_notices import address
from app.web.stale import compared, differences
from app.web.visiting import Asks, Look, Submit, Visit

router = APIRouter(include_in_schema=False)
KEPT = ("period_start", "period_end", "status", "approximate")
WHOLE_NUMBERS = ("numerator", "denominator", "n")


@router.get("/projects/{slug}/observations/new")
def new(slug: str, visit: Look, indicator: str = "", like: str = "") -> Response:
    """The form for one indicator; without one, its choice. `like` is a figure whose next part is recorded."""
    if not indicator:
        return choose_page(visit, slug)
    entry = figure_entry.entry_of(visit.session, slug, indicator, visit.act)
    return _new_page(visit, entry, FormView.of(offered(entry) | _next_part(entry, like)))


@router.post("/projects/{slug}/observations/preview")
def preview(slug: str, asked: Asks) -> Response:
    """What is doubtful, as a piece of the page for the script, or the whole page."""
    entry = figure_entry.entry_of(asked.session, slug, asked.form.text("indicator"), asked.act)
    doubts = foretold(asked.form, lambda: _doubts(asked, entry, asked.form))
    if PART in asked.request.headers:
        return pages.piece("observations/follows.html", asked.language, doubts=doubts)
    return _new_page(asked, entry, as_typed(asked.form), doubts)


@router.post("/projects/{slug}/observations/new")
def record(slug: str, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        entry = _entry(submission, slug)
        command, names = _command(form, entry)
        unseen(form, observations.preview_observation(submission.session, slug, command, submission.act))
        recorded = observations.record_observation(submission.session, slug, command, submission.act)
        if names:
            indicators.name_parts(submission.session, slug, entry.indicator.key, names, submission.act)
        return _address(slug, recorded, "observation_recorded")

    try:
        return submission.save(write, lambda view: _new_page(submission, _entry(submission, slug), view))
    except Doubtful as doubtful:
        submission.session.rollback()
        return _asked_page(submission, slug, doubtful.asked)


@router.get("/observations/{observation_id}/correct")
def ask_correction(observation_id: PathKey, visit: Look) -> Response:
    recorded = observations.read_observation(visit.session, observation_id, visit.act)
    return _correct_page(visit, recorded, FormView.of(_stored(recorded.observation, visit.language)))


@router.post("/observations/{observation_id}/correct")
def correct(observation_id: PathKey, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        before = _found(submission, observation_id)
        breakdown, names = breakdown_of(form, before.indicator)
        note = form.body("note") or None
        command = form.change(ObservationChange, breakdown=breakdown, note=note)
        recorded = observations.correct_observation(
            submission.session, observation_id, command, submission.act, form.expected_version
        )
        slug = _slug(submission, recorded)
        if names:
            indicators.name_parts(submission.session, slug, recorded.indicator.key, names, submission.act)
        return _address(slug, recorded, "observation_corrected")

    return submission.save(write, lambda view: _correct_page(submission, _found(submission, observation_id), view))


@router.get("/observations/{observation_id}/void")
def ask_void(observation_id: PathKey, visit: Look) -> Response:
    recorded = observations.read_observation(visit.session, observation_id, visit.act)
    return _void_page(visit, recorded, FormView.of({VERSION: recorded.observation.version}))


@router.post("/observations/{observation_id}/void")
def void(observation_id: PathKey, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        reason = form.command(VoidCommand).reason
        recorded = observations.void_observation(
            submission.session, observation_id, reason, submission.act, form.expected_version
        )
        place = f"/projects/{_slug(submission, recorded)}/indicators/{recorded.indicator.key}"
        return address(place, "observation_voided")

    return submission.save(write, lambda view: _void_page(submission, _found(submission, observation_id), view))


def _entry(visit: Any, slug: str) -> Entry:
    return figure_entry.entry_of(visit.session, slug, visit.form.text("indicator"), visit.act)


def _found(visit: Visit, observation_id: str) -> Recorded:
    return observations.read_observation(visit.session, observation_id, visit.act)


def _slug(visit: Visit, recorded: Recorded) -> str:
    return observations.project_of(visit.session, recorded.indicator, visit.act).project.slug


def _address(slug: str, recorded: Recorded, code: str) -> str:
    place = f"/projects/{slug}/indicators/{recorded.indicator.key}"
    return address(place, code, observation=recorded.observation.id)


def _command(form: Form, entry: Entry) -> tuple[ObservationCreate, dict[str, Any]]:
    """The figure, and words for parts that are named for the first time."""
    breakdown, names = breakdown_of(form, entry.indicator)
    return form.command(ObservationCreate, breakdown=breakdown), names


def _doubts(visit: Visit, entry: Entry, form: Form) -> Doubts:
    command, _ = _command(form, entry)
    slug, language = entry.found.project.slug, visit.language
    asked = observations.preview_observation(visit.session, slug, command, visit.act)
    return doubts_of(asked, language, worked_out(entry.indicator, command, language))


def _next_part(entry: Entry, like: str) -> dict[str, object]:
    """Of the figure whose next part is recorded: its period, source and status; the part itself is chosen anew."""
    row = next((one for one in entry.figures if one.id == like), None)
    if row is None:
        return {}
    return {name: getattr(row, name) for name in ("period_start", "period_end", "source", "status")}


def choose_page(visit: Visit, slug: str) -> Response:
    shown = beside(visit, slug)
    listed = indicators.list_indicators(visit.session, slug, visit.act)
    choices = [
        {
            "key": row.key,
            "name": own_words(row.name, visit.language),
            "definition": own_words(row.definition, visit.language),
            "unit": label("figure_unit", row.unit, visit.language),
            "target": target_by(stored_indicators.to_facts(row), visit.language),
            "dimensions": [(one, label("dimension", one, visit.language)) for one in row.dimensions],
            "computed": row.computation is not None,
        }
        for row in listed
    ]
    return visit.page("observations/choose.html", view=FormView(), choices=choices, **shown)


def _asked_page(submission: Any, slug: str, asked: Sequence[Asked]) -> Response:
    """The form again with what is doubtful above it, and two ways on."""
    doubts = doubts_of(asked, submission.language)
    return _new_page(submission, _entry(submission, slug), as_typed(submission.form), doubts, decide=True)


def _new_page(
    visit: Visit, entry: Entry, view: FormView, doubts: Doubts | None = None, *, decide: bool = False
) -> Response:
    variables = {
        **of_project(visit, entry.found),
        **about_indicator(entry.indicator, entry.figures, visit.language),
        **field_lists(entry.indicator, entry.parts, visit.language),
    }
    return visit.page("observations/new.html", view=view, doubts=doubts or Doubts(), decide=decide, **variables)


def _stored(row: Observation, language: str) -> dict[str, object]:
    """A figure as its form shows it."""
    values: dict[str, object] = {name: getattr(row, name) for name in (*KEPT, *WHOLE_NUMBERS, "source")}
    values |= {name: typed(getattr(row, name), language) for name in ("value", "value_max")}
    values |= {f"breakdown.{dimension}": value for dimension, value in row.breakdown.items()}
    return values | by_language("note", row.note) | {VERSION: row.version}


def _correct_page(visit: Visit, recorded: Recorded, view: FormView) -> Response:
    row, indicator, language = recorded.observation, recorded.indicator, visit.language
    found = observations.project_of(visit.session, indicator, visit.act)
    parts = figure_entry.parts_of(visit.session, indicator)
    lists = field_lists(indicator, parts, language)
    words = {f"breakdown.{dimension}": dict(values) for dimension, _, values in lists["parts_known"]}
    words |= {"status": {one[0]: one[1] for one in lists["statuses"]}, "value": {}}
    both = differences(view, FormView.of(_stored(row, language)), words, language)
    variables = {
        **of_project(visit, found),
        **about_indicator(indicator, (), language),
        **lists,
        "row": row,
        "now": earlier(indicator, row, language),
        "note": own_words(row.note or {}, language),
        "view": compared(view, row.version),
        "both": [one for one in both if one.name.partition(".")[0] in FIELDS],
        "timezone": visit.state.settings.timezone,
    }
    return visit.page("observations/correct.html", **variables)


def _void_page(visit: Visit, recorded: Recorded, view: FormView) -> Response:
    row, indicator = recorded.observation, recorded.indicator
    found = observations.project_of(visit.session, indicator, visit.act)
    now = earlier(indicator, row, visit.language)
    return visit.page(
        "observations/void.html",
        view=renewed(view, row.version, visit.language),
        row=row,
        what=", ".join(filter(None, (own_words(indicator.name, visit.language), now.part, now.figure, now.period))),
        indicator=indicator,
        **of_project(visit, found),
    )
