"""/healthz, /readiness and /metrics: for probes and figures, outside /api/v1."""

from importlib.metadata import version

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.http.figures import check_reader, troubles_of
from app.http.state import state_of

router = APIRouter(tags=["operations"])
VERSION = version("siepp")


@router.get("/healthz", summary="Is the process alive")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readiness", summary="Can it answer")
def readiness(request: Request) -> JSONResponse:
    """503 while the database is down. `troubles` are those of the daily check and of the mail, which keep nobody from
    using the service: a replica that names some can still answer."""
    up = state_of(request).database.is_up()
    troubles = [trouble.value for trouble in troubles_of(request)] if up else []
    words = {"status": "ok" if up else "unavailable", "database": "ok" if up else "down", "version": VERSION}
    body: dict[str, object] = {**words, "troubles": troubles}
    return JSONResponse(body, 200 if up else 503)


@router.get("/metrics", summary="Figures for Prometheus", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Not for the world: see http.figures.check_reader. Answers while the database is down, too."""
    check_reader(request)
    registry: CollectorRegistry = request.app.state.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
