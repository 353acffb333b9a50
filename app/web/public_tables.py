"""/public-tables: what was published at quarter-ends, to look at and as files for whoever publishes it further."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from app.http.public_tables import read_model
from app.language.catalogues import msgid, translated
from app.language.formats import capitalised, day
from app.language.public_tables import OTHERS, TOTAL, under_limit, why_folded
from app.rules.errors import RuleBroken
from app.rules.public_tables import quarter_of
from app.schemas.public_tables import PublicTableList, PublicTableRead, PublicTablesQuestion
from app.services import public_tables
from app.web.forms import Form, FormView, FormWrong
from app.web.spreadsheets import Cell, Column, Kind, written
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)
TITLE = msgid("public tables")
FILE_NAMES = {"fi": "julkiset-taulukot", "sv": "offentliga-tabeller", "en": "public-tables"}
"""Of letters that every header can carry."""
QUARTER = msgid("{first}–{last}")


class Line(NamedTuple):
    """A row of a file: a category, the others or the total of a table. `code` is empty for those two."""

    table: PublicTableRead
    name: str
    code: str
    number: Cell


class Asked(NamedTuple):
    """The quarter that is shown, None where nothing was published yet, with its tables."""

    quarter: date | None
    tables: list[PublicTableRead]
    quarters: list[date]
    form: FormView


@router.get("/public-tables")
def show(visit: Look) -> Response:
    """Of the latest quarter unless another is asked for; a day that does not fit is told beside the choice."""
    asked = _asked(visit)
    choices = [(one.isoformat(), _named(one, visit.language)) for one in asked.quarters]
    return visit.page(
        "public_tables/page.html",
        asked.form.status,
        quarter=asked.quarter,
        tables=asked.tables,
        several=len({table.unit_id for table in asked.tables}) > 1,
        choices=choices,
        why=why_folded(visit.language),
        others=translated(OTHERS, visit.language),
        total=translated(TOTAL, visit.language),
        under_limit=under_limit(visit.language),
        form=asked.form,
    )


@router.get("/public-tables.csv")
def csv_file(visit: Look) -> Response:
    return _file(visit, Kind.CSV)


@router.get("/public-tables.xlsx")
def xlsx_file(visit: Look) -> Response:
    return _file(visit, Kind.XLSX)


@router.get("/public-tables.json")
def json_file(visit: Look) -> Response:
    asked = _asked(visit)
    body = PublicTableList(items=asked.tables, next_cursor=None).model_dump_json(indent=1)
    name = f"{FILE_NAMES[visit.language]}-{(asked.quarter or visit.act.today).isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, media_type="application/json")


def _file(visit: Visit, kind: Kind) -> Response:
    asked = _asked(visit)
    title = translated(TITLE, visit.language)
    lines = _lines(asked.tables, visit.language)
    file = written(kind, title, _columns(visit.language), lines, visit.language, visit.act.now)
    return file.answer(FILE_NAMES[visit.language], asked.quarter or visit.act.today)


def _asked(visit: Visit) -> Asked:
    form = Form(list(visit.request.query_params.multi_items()), visit.language)
    quarters = public_tables.quarters_published(visit.session, visit.act.actor)
    latest = quarters[0] if quarters else None
    wrong: FormView | None = None
    try:
        quarter = form.command(PublicTablesQuestion).quarter or latest
        found = _tables(visit, quarter)
    except (FormWrong, RuleBroken) as error:
        quarter, wrong = latest, form.view(error)
        found = _tables(visit, latest)
    view = FormView.of({"quarter": quarter})
    return Asked(quarter, found, quarters, replace(wrong, values=view.values) if wrong else view)


def _tables(visit: Visit, quarter: date | None) -> list[PublicTableRead]:
    if quarter is None:
        return []
    found = public_tables.list_tables(visit.session, quarter, visit.act.actor)
    return [read_model(one, visit.language) for one in found]


def _named(quarter_end: date, language: str) -> str:
    first, last = quarter_of(quarter_end)
    return translated(QUARTER, language).format(first=day(first, language), last=day(last, language))


def _lines(tables: Sequence[PublicTableRead], language: str) -> Iterator[Line]:
    for table in tables:
        for row in table.rows:
            yield Line(table, capitalised(row.name), row.code, row.count)
        if table.others is not None:
            yield Line(table, translated(OTHERS, language), "", table.others)
        total: Cell = under_limit(language) if table.total is None else table.total
        yield Line(table, translated(TOTAL, language), "", total)


def _columns(language: str) -> list[Column[Line]]:
    return [
        Column(translated(msgid("organisation"), language), 30, lambda line: line.table.unit_name),
        Column(translated(msgid("table"), language), 44, lambda line: line.table.title),
        Column(translated(msgid("first day of the period"), language), 14, lambda line: line.table.period_start),
        Column(translated(msgid("last day of the period"), language), 14, lambda line: line.table.period_end),
        Column(translated(msgid("group"), language), 36, lambda line: line.name),
        Column(translated(msgid("code"), language), 24, lambda line: line.code),
        Column(translated(msgid("count"), language), 12, lambda line: line.number),
    ]
