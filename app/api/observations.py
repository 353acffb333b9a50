"""/projects/{slug}/observations and /observations/{id}: figures over a period."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api import questions
from app.http.reading import Pages, PathKey, Read, answer, in_pages
from app.http.writing import Write
from app.schemas.observations import (
    CorrectionList,
    CorrectionRead,
    ObservationChange,
    ObservationCreate,
    ObservationList,
    ObservationRead,
)
from app.schemas.positions import VoidCommand
from app.schemas.text import LONGEST_CODE
from app.services import observations
from app.services.observations import Recorded
from app.storage.observations import to_facts

router = APIRouter(tags=["projects"])
PLAIN = (
    *("id", "period_start", "period_end", "value_max", "numerator", "denominator", "n", "breakdown", "status"),
    *("approximate", "source", "note", "void_reason"),
)


def read_model(found: Recorded, language: str) -> ObservationRead:
    """A figure as the API gives it; a share given by its parts has its percentage worked out."""
    row = found.observation
    return ObservationRead(
        **{name: getattr(row, name) for name in PLAIN},
        indicator=found.indicator.key,
        value=to_facts(row, found.indicator.key).figure,
        recorded_at=row.created_at,
        voided=row.voided_at is not None,
        questions=[questions.read_model(one, language) for one in found.asked],
    )


@router.get("/projects/{slug}/observations", response_model=ObservationList, summary="Figures of a project")
def list_observations(
    slug: str,
    read: Read,
    pages: Pages,
    indicator: Annotated[str | None, Query(max_length=LONGEST_CODE, description="Key of one indicator.")] = None,
) -> Response:
    """By indicator, period and part, voided ones too."""
    found = observations.list_observations(read.session, slug, indicator, read.act)
    page, cursor = in_pages(pages, found, lambda one: one.observation.id)
    return answer(ObservationList(items=[read_model(one, read.language) for one in page], next_cursor=cursor))


@router.post(
    "/projects/{slug}/observations", status_code=201, response_model=ObservationRead, summary="Record a figure"
)
def record_observation(slug: str, command: ObservationCreate, write: Write) -> Response:
    """What is doubtful about it comes back as questions; it is recorded all the same."""
    found = observations.record_observation(write.session, slug, command, write.act)
    body = read_model(found, write.language)
    return write.created(body, f"/api/v1/observations/{body.id}", found.observation.version)


@router.get("/observations/{observation_id}", response_model=ObservationRead, summary="One figure")
def read_observation(observation_id: PathKey, read: Read) -> Response:
    found = observations.read_observation(read.session, observation_id, read.act)
    return answer(read_model(found, read.language), found.observation.version)


@router.patch("/observations/{observation_id}", response_model=ObservationRead, summary="Correct a figure")
def correct_observation(observation_id: PathKey, command: ObservationChange, write: Write) -> Response:
    """What it was is kept, with who corrected it, when and why."""
    found = observations.correct_observation(write.session, observation_id, command, write.act, write.expected_version)
    return write.answer(read_model(found, write.language), found.observation.version)


@router.get(
    "/observations/{observation_id}/corrections", response_model=CorrectionList, summary="What a figure was before"
)
def list_corrections(observation_id: PathKey, read: Read, pages: Pages) -> Response:
    """The newest first."""
    rows = observations.list_corrections(read.session, observation_id, read.act)
    page, cursor = in_pages(pages, rows, lambda row: row.id)
    items = [CorrectionRead(**{name: getattr(row, name) for name in CorrectionRead.model_fields}) for row in page]
    return answer(CorrectionList(items=items, next_cursor=cursor))


@router.post(
    "/observations/{observation_id}/void", response_model=ObservationRead, summary="Void a figure entered wrongly"
)
def void_observation(observation_id: PathKey, command: VoidCommand, write: Write) -> Response:
    """It then counts for nothing; the trail keeps it."""
    found = observations.void_observation(
        write.session, observation_id, command.reason, write.act, write.expected_version
    )
    return write.answer(read_model(found, write.language), found.observation.version)
