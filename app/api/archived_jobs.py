"""/archived-jobs: what is left of erased jobs."""

from fastapi import APIRouter
from starlette.responses import Response

from app.http.reading import Read, answer
from app.schemas.archived_jobs import ArchivedCount, ArchivedJobsRead, ArchivedTable
from app.services import archived_jobs
from app.services.archived_jobs import Archived

router = APIRouter(tags=["retention"])


def _table(one: Archived) -> ArchivedTable:
    return ArchivedTable(
        unit_id=one.root_id,
        year=one.year,
        dimension=one.dimension,
        rows=[ArchivedCount(code=code, jobs=jobs) for code, jobs in one.folded.shown],
        others=one.folded.others,
        total=one.folded.total,
    )


@router.get("/archived-jobs", response_model=ArchivedJobsRead, summary="What is left of erased jobs")
def list_archived(read: Read) -> Response:
    """How many began in which year, by group, form or channel alone, with counts under five folded. For those who read
    the whole organisation."""
    found = archived_jobs.list_archived(read.session, read.act)
    return answer(ArchivedJobsRead(tables=[_table(one) for one in found]))
