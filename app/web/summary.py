"""/summary: the portfolio in figures, on a day, over time and by group, for looking at and for printing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from fastapi import APIRouter
from starlette.responses import Response

from app.language.catalogues import msgid, msgid_in, translated, translated_in
from app.language.formats import LOCALES, capitalised, day
from app.language.group_words import group_word
from app.language.labels import label
from app.rules.dates import add_months
from app.rules.errors import RuleBroken
from app.rules.status import WORST_FIRST, Status
from app.schemas.summary import LABELLED, GroupBy, SummaryQuestion
from app.services.summary import OF_CONTRACTS, Figures, Summary, folded, month_ends, over_time, summarise
from app.web import charts
from app.web.forms import Form, FormView, FormWrong
from app.web.visiting import Look, Visit

router = APIRouter(include_in_schema=False)
MONTHS_SHOWN = 12
"""How far back the picture goes unless someone says otherwise."""
GROUPS_LISTED = 100
GROUPS_DRAWN = 12
"""More groups than these are added up in one row, and left out of the picture."""
MONTH_PATTERNS = {"fi": "L/y", "sv": "L/y", "en": "LLL y"}
SPLITS = {
    GroupBy.UNIT: msgid_in("split by", "unit"),
    GroupBy.CLAUSE_TYPE: msgid_in("split by", "clause type"),
    GroupBy.SUPPLIER: msgid_in("split by", "supplier"),
    GroupBy.YEAR: msgid_in("split by", "year of signing"),
    GroupBy.TARGET_GROUP: msgid_in("split by", "target group"),
    GroupBy.EMPLOYMENT_FORM: msgid_in("split by", "form of employment"),
    GroupBy.CHANNEL: msgid_in("split by", "recruitment channel"),
}
OTHERS = msgid("others")
AT_THE_MOST = msgid_in("promised", "at the most")
FILTERS = {GroupBy.CLAUSE_TYPE: "clause_type", GroupBy.SUPPLIER: "supplier_id"}
"""Splits whose groups the contract list can be narrowed down to exactly, with its filter."""
LOST = (Status.CANNOT_BE_MET, Status.BREACHED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is to show."""

    as_of: date
    since: date
    group_by: GroupBy


@dataclass(frozen=True, slots=True)
class Group:
    """A row of the table; `address` leads to its contracts where there is such a list."""

    name: str
    figures: Figures
    address: str | None


@router.get("/summary")
def show_summary(visit: Look) -> Response:
    """A question that does not fit is answered for today, beside what was wrong with it."""
    form = Form([(name, value) for name, value in visit.request.query_params.multi_items()], visit.language)
    wrong: FormView | None = None
    try:
        question = form.command(SummaryQuestion)
        if question.as_of is not None and question.as_of > visit.act.today:
            raise RuleBroken("as_of_after_today", "as_of")
    except (FormWrong, RuleBroken) as error:
        question, wrong = SummaryQuestion(), form.view(error)
    asked = _asked(question, visit.act.today)
    view = FormView.of({"as_of": asked.as_of, "from_on": asked.since, "group_by": asked.group_by})
    if wrong is not None:
        view = replace(wrong, values={**view.values, **wrong.values})
    found = summarise(visit.session, asked.as_of, asked.group_by, visit.act)
    days = month_ends(asked.since, asked.as_of)
    points = over_time(visit.session, days, visit.act)
    return visit.page("summary/page.html", view.status, **_variables(visit, asked, found, days, points), form=view)


def _asked(question: SummaryQuestion, today: date) -> Asked:
    as_of = question.as_of or today
    since = question.from_on or add_months(as_of, -MONTHS_SHOWN)
    return Asked(as_of, min(since, as_of), question.group_by or GroupBy.UNIT)


def _variables(
    visit: Visit, asked: Asked, found: Summary, days: Sequence[date], points: Sequence[Figures]
) -> dict[str, Any]:
    language, is_today = visit.language, asked.as_of == visit.act.today
    groups = _groups(found, asked.group_by, language, linked=is_today)
    of_contracts = asked.group_by in OF_CONTRACTS
    return {
        "asked": asked,
        "is_today": is_today,
        "whole": found.whole,
        "lost": sum(found.whole.by_status[status] for status in LOST),
        "lost_address": _list_address(*(("status", status) for status in LOST)),
        "statuses": [(status, number) for status in WORST_FIRST if (number := found.whole.by_status[status])],
        "points": list(zip(days, points, strict=True)),
        "chart": _chart(days, points, language),
        "groups": groups,
        "of_contracts": of_contracts,
        "bars": _bars(groups, of_contracts),
        "drawn": GROUPS_DRAWN,
        "split": translated_in("split by", SPLITS[asked.group_by], language),
        "splits": [(one, capitalised(translated_in("split by", text, language))) for one, text in SPLITS.items()],
    }


def _list_address(*narrowed: tuple[str, str]) -> str:
    return f"/contracts?{urlencode(narrowed)}"


def _groups(found: Summary, group_by: GroupBy, language: str, *, linked: bool) -> list[Group]:
    """The groups under their names in the reader's language, the smallest of many added up as the last."""
    kept, others = folded(found.groups, GROUPS_LISTED)
    groups = [
        Group(
            capitalised(group_word(group_by.value, key, language)) if group_by in LABELLED else figures.name,
            figures,
            _list_address((FILTERS[group_by], key)) if linked and group_by in FILTERS else None,
        )
        for key, figures in kept.items()
    ]
    if others is not None:
        groups.append(Group(capitalised(translated(OTHERS, language)), others, None))
    return groups


def _bars(groups: Sequence[Group], of_contracts: bool) -> list[tuple[charts.Bar, Figures]]:
    """The largest groups as they are drawn, largest first."""
    largest = sorted(groups, key=lambda group: group.figures.size, reverse=True)[:GROUPS_DRAWN]
    drawn = charts.bars(
        [
            (
                group.name,
                group.figures.required if of_contracts else None,
                group.figures.filled,
                group.figures.completed,
            )
            for group in largest
        ]
    )
    return [(bar, group.figures) for bar, group in zip(drawn, largest, strict=True)]


def _chart(days: Sequence[date], points: Sequence[Figures], language: str) -> charts.TimeChart:
    """Lines of what is required, promised at the most, filled, completed and missing."""

    def named(name: str) -> charts.Series:
        return charts.Series(name, label("count", name, language), [getattr(point, name) for point in points])

    most = charts.Series(
        "most", translated_in("promised", AT_THE_MOST, language), [point.promised_max for point in points]
    )
    series = [named("required"), most, named("filled"), named("completed"), named("missing")]
    return charts.time_chart(days, _axis(days, language), [day(one, language) for one in days], series, band=(0, 1))


def _axis(days: Sequence[date], language: str) -> list[str]:
    """Months, since the days are their ends; the last day in full where it is not."""

    def month(on: date) -> str:
        return format_date(on, MONTH_PATTERNS[language], locale=LOCALES[language])

    whole_month = add_months(days[-1].replace(day=1), 1).toordinal() - 1 == days[-1].toordinal()
    return [*(month(one) for one in days[:-1]), month(days[-1]) if whole_month else day(days[-1], language)]
