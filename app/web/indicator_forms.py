"""Indicators by form: what a figure means is said before the first figure, and mended where it is unclear."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.language.catalogues import msgid, translated
from app.language.formats import capitalised
from app.language.labels import label
from app.language.own_words import own_words
from app.rules.codes import LANGUAGES, CohortStage, Computation, Dimension, Direction, FigureUnit
from app.schemas.indicators import IndicatorChange, IndicatorCreate
from app.schemas.text import code_from
from app.services import figure_entry, indicators
from app.services.figure_entry import Parts
from app.services.projects import ProjectFound
from app.storage.models import Indicator
from app.web.contract_forms import choices
from app.web.figure_forms import part_name
from app.web.forms import VERSION, Form, FormView
from app.web.project_beside import beside, by_language, of_project, typed
from app.web.project_notices import address
from app.web.stale import compared, differences
from app.web.visiting import Look, Submit, Visit

router = APIRouter(include_in_schema=False)
PLAIN = ("direction", "target_on", "table", "counted_among", "headline", "accumulates")
NAMES = "category_names"
_CATEGORY = re.compile(rf"{NAMES}\.([a-z_]+)\.([a-z0-9_-]+)\.(fi|sv|en)")
UNITS = {
    FigureUnit.PEOPLE: (
        msgid("People"),
        msgid("How many people, each counted once. For example 27 people who started."),
    ),
    FigureUnit.COUNT: (
        msgid("Number of something else"),
        msgid("For example 11 courses or 419 letters."),
    ),
    FigureUnit.EUROS: (msgid("Sum of money"), msgid("A sum in euros.")),
    FigureUnit.PERCENT: (
        msgid("Share in percent"),
        msgid("Best recorded as so many out of so many: then it cannot be misread."),
    ),
    FigureUnit.SCORE: (msgid("Grade on a scale"), msgid("A mean, for example 4.3 on a scale from 1 to 5.")),
    FigureUnit.YES_NO: (msgid("Yes or no"), msgid("Whether something is done or in use.")),
}
EITHER_WAY = msgid("Neither: it is only followed")


@router.get("/projects/{slug}/indicators/new")
def new(slug: str, visit: Look) -> Response:
    return _new_page(visit, slug, FormView.of({"unit": FigureUnit.PEOPLE, "headline": True}))


@router.post("/projects/{slug}/indicators/new")
def define(slug: str, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        command = form.command(IndicatorCreate, **_codes(form, "key", "table"))
        indicator = indicators.define_indicator(submission.session, slug, command, submission.act)
        return address(f"/projects/{slug}/indicators/{indicator.key}", "indicator_defined")

    return submission.save(write, lambda view: _new_page(submission, slug, view))


@router.get("/projects/{slug}/indicators/{key}/change")
def change(slug: str, key: str, visit: Look) -> Response:
    found, indicator = indicators.find_indicator(visit.session, slug, key, visit.act)
    return _change_page(visit, found, indicator, FormView.of(_stored(indicator, visit.language)))


@router.post("/projects/{slug}/indicators/{key}/change")
def save(slug: str, key: str, submission: Submit) -> Response:
    form = submission.form

    def write() -> str:
        indicators.change_indicator(submission.session, slug, key, _change(form), submission.act, form.expected_version)
        return address(f"/projects/{slug}/indicators/{key}", "indicator_changed")

    def again(view: FormView) -> Response:
        return _change_page(submission, *indicators.find_indicator(submission.session, slug, key, submission.act), view)

    return submission.save(write, again)


def _codes(form: Form, *names: str) -> dict[str, str]:
    """Codes made of what was typed; the key of what has none, of its name."""
    made = {name: code_from(form.text(name)) for name in names}
    if "key" in made and not form.text("key"):
        made["key"] = code_from(next((text for one in LANGUAGES if (text := form.text(f"name.{one}"))), ""))
    return {name: code for name, code in made.items() if code}


def _change(form: Form) -> IndicatorChange:
    dimensions = [one for one in form.all("dimensions[]") if one]
    parts: dict[str, Any] = {"name": form.body("name"), "definition": form.body("definition")}
    parts |= {"dimensions": dimensions, NAMES: _names(form, dimensions)}
    parts["table"] = code_from(form.text("table")) or form.text("table") or None
    pairs = [(name, one) for name in form.values for one in form.all(name) if not _CATEGORY.fullmatch(name)]
    return Form(pairs, form.language).change(IndicatorChange, **parts)


def _names(form: Form, dimensions: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
    """The words for values, of dimensions that stay; a value without words goes by its code."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for name in form.values:
        match = _CATEGORY.fullmatch(name)
        if match is not None and match[1] in dimensions and form.text(name):
            found.setdefault(match[1], {}).setdefault(match[2], {})[match[3]] = form.text(name)
    return found


def _stored(row: Indicator, language: str) -> dict[str, object]:
    """An indicator as its form shows it."""
    values: dict[str, object] = {name: getattr(row, name) for name in PLAIN}
    values |= by_language("name", row.name) | by_language("definition", row.definition)
    values |= {name: typed(getattr(row, name), language) for name in ("target_min", "target_max")}
    for dimension, names in row.category_names.items():
        for value, words in names.items():
            values |= by_language(f"{NAMES}.{dimension}.{value}", words)
    return values | {"dimensions[]": row.dimensions, VERSION: row.version}


def _lists(visit: Visit, slug: str, own: Indicator | None = None) -> dict[str, Any]:
    """What the fields offer to choose from."""
    language = visit.language
    others = [
        row for row in indicators.list_indicators(visit.session, slug, visit.act) if own is None or row.id != own.id
    ]
    either = ("", translated(EITHER_WAY, language))
    return {
        "unit_choices": [
            (unit, translated(UNITS[unit][0], language), translated(UNITS[unit][1], language)) for unit in FigureUnit
        ],
        "directions": [*choices("direction", Direction, language), either],
        "dimensions": choices("dimension", Dimension, language),
        "stages": choices("cohort_stage", CohortStage, language),
        "computations": choices("computation", Computation, language),
        "others": [(row.key, own_words(row.name, language)) for row in others],
        "tables": sorted({row.table for row in others if row.table}),
    }


def _new_page(visit: Visit, slug: str, view: FormView) -> Response:
    shown = beside(visit, slug)
    return visit.page("indicator_forms/new.html", view=view, **shown, **_lists(visit, slug))


def _change_page(visit: Visit, found: ProjectFound, row: Indicator, view: FormView) -> Response:
    shown = of_project(visit, found)
    lists = _lists(visit, found.project.slug, row)
    words = {
        "direction": dict(lists["directions"]),
        "dimensions[]": dict(lists["dimensions"]),
        "counted_among": dict(lists["others"]),
    }
    return visit.page(
        "indicator_forms/change.html",
        view=compared(view, row.version),
        both=differences(view, FormView.of(_stored(row, visit.language)), words, visit.language),
        indicator=row,
        indicator_name=own_words(row.name, visit.language),
        named=_named(row, figure_entry.parts_of(visit.session, row), visit.language),
        **shown,
        **lists,
    )


def _named(row: Indicator, parts: Parts, language: str) -> Mapping[str, list[tuple[str, str]]]:
    """The values that can be given words, by the word for their dimension: the field and what the value is called."""
    return {
        capitalised(label("dimension", dimension, language)): [
            (f"{NAMES}.{dimension}.{value}", part_name(row, dimension, value, language)) for value in values
        ]
        for dimension, values in parts.items()
        if values
    }
