"""/projects.csv, /projects.xlsx and /projects.json: every figure of every project, and the outcomes as one document."""

import json
from collections.abc import Callable
from decimal import Decimal

from fastapi import APIRouter
from starlette.responses import Response

from app.language.catalogues import msgid, translated
from app.language.labels import label
from app.language.own_words import category_name, own_words
from app.services import exports, outcomes
from app.services.exports import ExportedFigure
from app.web.figure_words import FROM_CONTRACTS
from app.web.spreadsheets import Cell, Column, Kind, closing_on_error, written
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)
TITLE = msgid("figures of projects")
FILE_NAMES = {"fi": "hankkeiden-luvut", "sv": "projektens-siffror", "en": "figures-of-projects"}
"""Of letters that every header can carry."""
DOUBTFUL = msgid("yes")
PLACES = Decimal("0.0001")
"""A percentage that was calculated is written with no more."""
Figured = Callable[[ExportedFigure, str], Cell]


@router.get("/projects.csv")
def csv_file(visit: Look) -> Response:
    return _file(visit, Kind.CSV)


@router.get("/projects.xlsx")
def xlsx_file(visit: Look) -> Response:
    return _file(visit, Kind.XLSX)


@router.get("/projects.json")
def json_file(visit: Look) -> Response:
    """The whole document, as `siepp import outcomes` reads it back."""
    document = outcomes.export_outcomes(visit.session, visit.act)
    with visit.writing() as session:
        outcomes.record_taken(session, document, visit.act)
    body = json.dumps(document.as_json(), ensure_ascii=False, indent=1)
    name = f"{FILE_NAMES[visit.language]}-{visit.act.today.isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="application/json", headers=headers)


def _file(visit: Visit, kind: Kind) -> Response:
    """The figures as a download. The trail says who took them before the first byte leaves."""
    rows = exports.project_figures(visit.session, visit.act)
    file = written(
        kind, translated(TITLE, visit.language), _columns(visit.language), rows, visit.language, visit.act.now
    )
    with closing_on_error(file.file), visit.writing() as session:
        exports.record_taken(session, "observation", kind, file.rows, visit.act)
    return file.answer(FILE_NAMES[visit.language], visit.act.today)


def _columns(language: str) -> list[Column[ExportedFigure]]:
    def of(cell: Figured) -> Callable[[ExportedFigure], Cell]:
        return lambda row: cell(row, language)

    return [Column(translated(text, language), width, of(cell)) for text, width, cell in COLUMNS]


def _number(value: Decimal | None) -> Cell:
    """Whole numbers as such; others as they were reported, or to some decimals where they were calculated."""
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    return round(value, -int(PLACES.as_tuple().exponent)).normalize()


def _value(row: ExportedFigure, language: str) -> Cell:
    return _number(row.figure.facts.figure)


def _parts(row: ExportedFigure, language: str) -> Cell:
    names = row.indicator.row.category_names
    told = [
        f"{label('dimension', dimension, language)}: {category_name(names, dimension, value, language)}"
        for dimension, value in row.figure.facts.breakdown
    ]
    return "; ".join(told)


def _part_codes(row: ExportedFigure, language: str) -> Cell:
    return "&".join(f"{dimension}={value}" for dimension, value in row.figure.facts.breakdown)


def _source(row: ExportedFigure, language: str) -> Cell:
    return translated(FROM_CONTRACTS, language) if row.figure.row is None else row.figure.row.source


def _note(row: ExportedFigure, language: str) -> Cell:
    kept = row.figure.row
    return "" if kept is None or kept.note is None else own_words(kept.note, language)


def _yes(told: bool, language: str) -> Cell:
    return translated(DOUBTFUL, language) if told else ""


COLUMNS: tuple[tuple[str, int, Figured], ...] = (
    (msgid("project"), 26, lambda row, language: own_words(row.project.name, language)),
    (msgid("project's name in addresses"), 18, lambda row, language: row.project.slug),
    (msgid("indicator"), 36, lambda row, language: own_words(row.indicator.row.name, language)),
    (msgid("indicator's key"), 22, lambda row, language: row.indicator.row.key),
    (msgid("what is counted"), 50, lambda row, language: own_words(row.indicator.row.definition, language)),
    (msgid("unit of figure"), 12, lambda row, language: label("figure_unit", row.indicator.row.unit, language)),
    (msgid("period begins"), 12, lambda row, language: row.figure.facts.period_start),
    (msgid("period ends"), 12, lambda row, language: row.figure.facts.period_end),
    (msgid("figure"), 12, _value),
    (msgid("upper end of a range"), 12, lambda row, language: _number(row.figure.facts.value_max)),
    (msgid("numerator"), 12, lambda row, language: row.figure.facts.numerator),
    (msgid("denominator"), 12, lambda row, language: row.figure.facts.denominator),
    (msgid("number of people (n)"), 8, lambda row, language: row.figure.facts.people),
    (msgid("part of the whole"), 30, _parts),
    (msgid("part in codes"), 26, _part_codes),
    (msgid("status of figure"), 12, lambda row, language: label("figure_status", row.figure.facts.status, language)),
    (msgid("approximate"), 12, lambda row, language: _yes(row.figure.facts.approximate, language)),
    (msgid("source"), 40, _source),
    (msgid("note"), 40, _note),
    (msgid("to be checked"), 14, lambda row, language: _yes(row.doubtful, language)),
)
"""Title, width in characters, and a row's cell in a language."""
