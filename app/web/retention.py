"""/soon-erased: the contracts whose single jobs will be erased within the time of a notice."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rules import policy
from app.rules.errors import Forbidden
from app.services import retention
from app.services.acting import Permission, may_somewhere
from app.web.visiting import Look

router = APIRouter(include_in_schema=False)


@router.get("/soon-erased")
def list_soon(visit: Look) -> Response:
    """For those who write contracts."""
    if not may_somewhere(visit.act.actor, Permission.CONTRACTS):
        raise Forbidden("forbidden")
    rows = retention.list_soon(visit.session, visit.act)
    return visit.page("retention/list.html", rows=rows, policy=policy, most=retention.MOST_LISTED)
