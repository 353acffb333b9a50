"""/summary: the portfolio in figures."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.http.reading import Read, answer
from app.language.group_words import group_word
from app.schemas.fields import Day
from app.schemas.summary import (
    LABELLED,
    GroupBy,
    JobsGroup,
    PromisedRead,
    SummaryFigures,
    SummaryGroup,
    SummaryRead,
)
from app.services.summary import OF_CONTRACTS, Figures, Summary, summarise

router = APIRouter(tags=["summary"])


def _figures(figures: Figures) -> dict[str, object]:
    names = set(SummaryFigures.model_fields) - {"promised"}
    promised = PromisedRead(min=figures.promised_min, max=figures.promised_max)
    return {name: getattr(figures, name) for name in names} | {"promised": promised}


def _group(key: str, figures: Figures, group_by: GroupBy, language: str) -> SummaryGroup | JobsGroup:
    name = group_word(group_by.value, key, language) if group_by in LABELLED else figures.name
    if group_by in OF_CONTRACTS:
        return SummaryGroup.model_validate(_figures(figures) | {"key": key, "name": name})
    jobs = {name: getattr(figures, name) for name in ("filled", "completed", "running")}
    return JobsGroup(key=key, name=name, **jobs)


def read_model(found: Summary, as_of: date, group_by: GroupBy | None, language: str) -> SummaryRead:
    groups = [_group(key, figures, group_by, language) for key, figures in found.groups.items()] if group_by else []
    return SummaryRead.model_validate(
        _figures(found.whole)
        | {
            "as_of": as_of,
            "group_by": group_by,
            "erased_as_of": found.whole.erased_as_of,
            "groups": [one.model_dump() for one in groups],
        }
    )


@router.get("/summary", response_model=SummaryRead, summary="The portfolio of the units you see, in figures")
def read_summary(
    read: Read,
    as_of: Annotated[Day | None, Query(description="Day it is to be true of; today by default.")] = None,
    group_by: Annotated[GroupBy | None, Query(description="Split it by this.")] = None,
) -> Response:
    """Counts the procurements signed by the day. Splits by group, form or channel of the job count jobs only."""
    day = as_of or read.act.today
    found = summarise(read.session, day, group_by, read.act)
    return answer(read_model(found, day, group_by, read.language))
