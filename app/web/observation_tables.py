"""All parts of a whole by one form: recorded together or not at all, with their sum in sight."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from app.language import figures
from app.language.catalogues import msgid
from app.language.labels import label
from app.language.sentences import made
from app.rules.codes import Dimension, FigureUnit
from app.rules.errors import NotFound, RuleBroken
from app.rules.outcomes import ObservationFacts
from app.rules.parts import add_up
from app.schemas.observations import ObservationCreate
from app.schemas.text import code_from
from app.schemas.words import Words
from app.services import figure_entry, indicators, observations
from app.services.figure_entry import Entry
from app.services.questions import Asked
from app.storage.models import Indicator
from app.storage.observations import to_facts
from app.web import pages
from app.web.contract_forms import PART
from app.web.figure_forms import (
    Doubtful,
    Doubts,
    about_indicator,
    as_typed,
    doubts_of,
    field_lists,
    foretold,
    offered,
    part_name,
    unseen,
)
from app.web.forms import Form, FormView, FormWrong
from app.web.observations import choose_page
from app.web.project_beside import of_project
from app.web.project_notices import address
from app.web.visiting import Asks, Look, Submit, Visit

router = APIRouter(include_in_schema=False)
WHOLE = "whole"
SPARE_PARTS, FIRST_PARTS = 3, 8
"""So many empty rows are for parts that are not on the list yet; the latter where none is on it."""
COLUMNS: dict[str, tuple[str, ...]] = {
    FigureUnit.PERCENT: ("value", "numerator", "denominator"),
    FigureUnit.SCORE: ("value", "n"),
}
"""What is typed of each part; of other units the value alone."""
SHARED = ("period_start", "period_end", "status", "source", "n")
SUM = msgid("The parts add up to {total}.")
SUM_OF = msgid("The parts add up to {total}, the whole is {whole}.")
_ROW = re.compile(r"rows\.([0-9]{1,3})\.(?:value|numerator|denominator|n|part|name)")


class Line(NamedTuple):
    """A row of the table that is filled in: where it stands in the form, and which part it is; none is the whole."""

    at: str
    part: str | None


class Row(NamedTuple):
    """The same with its figure."""

    line: Line
    command: ObservationCreate


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the table as the page shows it: its code, and its name where it is known."""

    at: str
    part: str
    name: str


@router.get("/projects/{slug}/observations/table")
def new(slug: str, visit: Look, indicator: str = "", dimension: str = "") -> Response:
    """The form for one indicator and dimension; without them, their choice."""
    if not indicator:
        return choose_page(visit, slug)
    entry = _entry(visit, slug, indicator, dimension)
    return _page(visit, entry, dimension, FormView.of(offered(entry)))


@router.post("/projects/{slug}/observations/table/preview")
def preview(slug: str, asked: Asks) -> Response:
    """The sum of the parts and what is doubtful, as a piece of the page for the script, or the whole page."""
    form, dimension = asked.form, asked.form.text("dimension")
    entry = _entry(asked, slug, form.text("indicator"), dimension)
    doubts = foretold(form, lambda: _doubts(asked, entry, form))
    if PART in asked.request.headers:
        return pages.piece("observations/follows.html", asked.language, doubts=doubts)
    return _page(asked, entry, dimension, as_typed(form), doubts)


@router.post("/projects/{slug}/observations/table")
def record(slug: str, submission: Submit) -> Response:
    form, dimension = submission.form, submission.form.text("dimension")

    def write() -> str:
        entry = _entry(submission, slug, form.text("indicator"), dimension)
        rows = _rows(form, entry, dimension)
        unseen(form, _previewed(submission, entry, rows))
        with _as_in_the_form(rows, _columns(entry.indicator)):
            commands = [row.command for row in rows]
            observations.record_observations(submission.session, slug, commands, submission.act)
        names = _new_names(form)
        if names:
            indicators.name_parts(submission.session, slug, entry.indicator.key, {dimension: names}, submission.act)
        return address(f"/projects/{slug}/indicators/{entry.indicator.key}", "table_recorded")

    def again(view: FormView, doubts: Doubts | None = None) -> Response:
        entry = _entry(submission, slug, form.text("indicator"), dimension)
        return _page(submission, entry, dimension, view, doubts, decide=doubts is not None)

    try:
        return submission.save(write, again)
    except Doubtful as doubtful:
        submission.session.rollback()
        return again(as_typed(form), doubts_of(doubtful.asked, submission.language))


def _entry(visit: Visit, slug: str, indicator: str, dimension: str) -> Entry:
    """Raises NotFound where the indicator is not broken down by the dimension."""
    entry = figure_entry.entry_of(visit.session, slug, indicator, visit.act)
    if dimension not in entry.indicator.dimensions:
        raise NotFound("not_found")
    return entry


def _columns(indicator: Indicator) -> tuple[str, ...]:
    return COLUMNS.get(indicator.unit, ("value",))


def _lines(form: Form, columns: Sequence[str]) -> Iterator[Line]:
    """The rows with something in them, the whole first."""
    if any(form.text(f"{WHOLE}.{column}") for column in columns):
        yield Line(WHOLE, None)
    for number in _numbers(form.values):
        at = f"rows.{number}"
        if any(form.text(f"{at}.{column}") for column in columns):
            name = form.text(f"{at}.name")
            yield Line(at, form.text(f"{at}.part") or code_from(name) or name)


def _numbers(names: Iterable[str]) -> list[int]:
    return sorted({int(match[1]) for name in names if (match := _ROW.fullmatch(name))})


def _rows(form: Form, entry: Entry, dimension: str) -> list[Row]:
    """The figures of the table. Raises FormWrong or RuleBroken with the field named as the form has it; the latter
    where no row is filled in, too."""
    columns = _columns(entry.indicator)
    found = [Row(line, _command(form, line, columns, dimension)) for line in _lines(form, columns)]
    if not found:
        raise RuleBroken("value_required", "rows.0.value")
    return found


def _command(form: Form, line: Line, columns: Sequence[str], dimension: str) -> ObservationCreate:
    if line.part == "":
        raise RuleBroken("missing_field", f"{line.at}.name")
    own = {column: form.text(f"{line.at}.{column}") for column in columns}
    fields = {name: form.text(name) for name in ("indicator", *SHARED)} | {name: own[name] for name in own if own[name]}
    breakdown = {} if line.part is None else {dimension: line.part}
    try:
        return Form(fields.items(), form.language).command(ObservationCreate, breakdown=breakdown)
    except FormWrong as wrong:
        for error in wrong.errors:
            error["loc"] = ("body", *_place(line.at, [str(part) for part in error["loc"][1:]], columns))
        raise


def _place(at: str, field: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Where a figure's field stands in the form: in its row, or once for the whole table."""
    if field[0] == "breakdown":
        return [*at.split("."), "name"]
    return [*at.split("."), *field] if field[0] in columns else list(field)


@contextmanager
def _as_in_the_form(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[None]:
    """An error of one of the figures (`2.value`) is told at its row of the form, or once for the whole table."""
    try:
        yield
    except RuleBroken as error:
        place, _, field = error.field.partition(".")
        if not place.isdigit():
            raise
        at = rows[int(place)].line.at
        raise RuleBroken(error.code, ".".join(_place(at, field.split("."), columns)), **error.values) from error


def _previewed(visit: Visit, entry: Entry, rows: Sequence[Row]) -> Sequence[Asked]:
    with _as_in_the_form(rows, _columns(entry.indicator)):
        commands = [row.command for row in rows]
        return observations.preview_observations(visit.session, entry.found.project.slug, commands, visit.act)


def _new_names(form: Form) -> dict[str, Words]:
    """Words for the parts that are named for the first time."""
    typed = (form.text(f"rows.{number}.name") for number in _numbers(form.values))
    return {code_from(name): {form.language: name} for name in typed if code_from(name)}


def _doubts(visit: Visit, entry: Entry, form: Form) -> Doubts:
    dimension = form.text("dimension")
    rows = _rows(form, entry, dimension)
    asked = _previewed(visit, entry, rows)
    return doubts_of(asked, visit.language, _sum(entry, dimension, rows, visit.language))


def _sum(entry: Entry, dimension: str, rows: Sequence[Row], language: str) -> str:
    """What the parts come to, beside the whole as typed or recorded before; empty where they come to nothing."""
    unit = FigureUnit(entry.indicator.unit)
    if not add_up(unit, Dimension(dimension)):
        return ""
    given = [_figure(row.command) for row in rows if row.line.part is not None]
    total = figures.amount(sum(given, Decimal(0)), unit, language)
    whole = next((_figure(row.command) for row in rows if row.line.part is None), _whole_before(entry, rows))
    if whole is None:
        return made(SUM, {}, language, {"total": total})
    return made(SUM_OF, {}, language, {"total": total, "whole": figures.amount(whole, unit, language)})


def _figure(command: ObservationCreate) -> Decimal:
    given = command.model_dump(include={"period_start", "period_end", "value", "numerator", "denominator"})
    return ObservationFacts(id="", indicator="", **given).figure or Decimal(0)


def _whole_before(entry: Entry, rows: Sequence[Row]) -> Decimal | None:
    """The whole of the same period, where it was recorded before."""
    for row in entry.figures:
        same = (row.period_start, row.period_end) == (rows[0].command.period_start, rows[0].command.period_end)
        if same and not row.breakdown:
            return to_facts(row, entry.indicator.key).figure
    return None


def _shown(entry: Entry, dimension: str, view: FormView, language: str) -> list[Shown]:
    """Known parts first, then those typed anew and empty rows for more."""
    known = entry.parts[dimension]
    found = [
        Shown(f"rows.{number}", value, part_name(entry.indicator, dimension, value, language))
        for number, value in enumerate(known)
    ]
    typed = [number for number in _numbers(view.values) if view.text(f"rows.{number}.name")]
    spare = SPARE_PARTS if known else FIRST_PARTS
    last = max([len(known) - 1 + spare, *(number + 1 for number in typed)])
    return found + [Shown(f"rows.{number}", "", "") for number in range(len(known), last + 1)]


def _page(
    visit: Visit, entry: Entry, dimension: str, view: FormView, doubts: Doubts | None = None, *, decide: bool = False
) -> Response:
    language = visit.language
    return visit.page(
        "observations/table.html",
        view=view,
        doubts=doubts or Doubts(),
        decide=decide,
        dimension=dimension,
        dimension_word=label("dimension", dimension, language),
        columns=_columns(entry.indicator),
        rows=_shown(entry, dimension, view, language),
        **of_project(visit, entry.found),
        **about_indicator(entry.indicator, entry.figures, language),
        **field_lists(entry.indicator, entry.parts, language),
    )
