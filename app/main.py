"""create_app(settings): wiring, nothing else."""

from copy import copy
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.datastructures import State as Carried
from starlette.staticfiles import StaticFiles

from app import logs, telemetry
from app.api import (
    adjustments,
    archived_jobs,
    attachment_rules,
    audit,
    calendars,
    closures,
    contracts,
    disputes,
    drafts,
    funding,
    handovers,
    held_rows,
    history,
    imports,
    indicators,
    messages,
    milestones,
    notes,
    obligations,
    observations,
    open_data,
    operations,
    options,
    outcomes,
    owners,
    positions,
    procurements,
    project_summaries,
    projects,
    public_tables,
    purchases,
    questions,
    risks,
    summary,
    suppliers,
    surveys,
    tokens,
    units,
    users,
)
from app.api.described import with_problems
from app.config import Settings, load_settings
from app.http import guard, problems, traces, writing
from app.http.directory import Directory
from app.http.figures import DatabaseFigures, registry_of
from app.http.opening import in_one_thread
from app.http.paces import paces
from app.http.state import Clock, State, wall_clock
from app.jobs.readers import Readers
from app.storage.session import Database
from app.web import errors
from app.web.release_files import ReleaseFiles
from app.web.routers import PAGES

ROUTERS: tuple[APIRouter, ...] = (
    positions.router,
    adjustments.router,
    archived_jobs.router,
    attachment_rules.router,
    audit.router,
    calendars.router,
    closures.router,
    disputes.router,
    held_rows.router,
    history.router,
    imports.router,
    messages.router,
    notes.router,
    obligations.router,
    owners.router,
    public_tables.router,
    purchases.router,
    summary.router,
    suppliers.router,
    surveys.router,
    tokens.router,
    units.router,
    users.router,
    handovers.router,
    procurements.router,
    open_data.router,
    contracts.router,
    drafts.router,
    options.router,
    outcomes.router,  # before projects: /projects/export is no project
    project_summaries.router,  # as well: /projects/sum is none either
    projects.router,
    indicators.router,
    observations.router,
    questions.router,
    milestones.router,
    risks.router,
    funding.router,
)
API = "/api/v1"


class _Described(FastAPI):
    """An application whose own description tells of errors too."""

    def openapi(self) -> dict[str, Any]:
        return with_problems(super().openapi())


def create_app(
    settings: Settings, database: Database, clock: Clock = wall_clock, routes: FastAPI | None = None
) -> FastAPI:
    """The service as an ASGI application over a migrated database. Several of one process may share the `routes` that
    `with_routes` made, which know neither settings nor database: FastAPI takes its time to build them."""
    app = copy(routes or with_routes())
    app.state, app.user_middleware = Carried(), []
    app.state.siepp = State(settings, database, clock)
    app.state.readers = Readers(app.state.siepp)
    app.state.figures = DatabaseFigures(app.state.siepp)
    app.state.registry = registry_of(app.state.figures)
    pace = paces(settings.requests_per_minute)
    app.add_middleware(
        guard.Guard, registry=app.state.registry, as_page=errors.as_page, base_url=settings.base_url, paces=pace
    )
    telemetry.start(database.engine)
    if telemetry.is_on():
        app.add_middleware(traces.Traced)
    return app


def with_routes() -> FastAPI:
    """Every route and what answers to errors."""
    app = _Described(
        title="SIEPP",
        summary="Follows whether the employment clauses of a city's contracts are met",
        version=operations.VERSION,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Its own traces, metrics and logs tell whole addresses with their queries; see app.telemetry.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    directory = Directory()
    app.router.routes.append(directory)
    for router, prefix in (*((one, API) for one in ROUTERS), (operations.router, ""), *((page, "") for page in PAGES)):
        app.include_router(in_one_thread(router), prefix=prefix)
        directory.add(app.routes[-1], prefix, router.routes)
    app.mount("/static/swagger", StaticFiles(packages=[("fastapi_swagger", "resources")]))
    app.mount("/static", ReleaseFiles(packages=[("app.web", "static")]))
    problems.install(app)
    errors.install(app)
    app.add_exception_handler(writing.AlreadyAnswered, writing.on_already_answered)
    return app


def from_environment(*, demo: bool = False) -> FastAPI:
    """The application of one process of `siepp serve`. Raises SettingWrong."""
    settings = load_settings(demo=demo)
    logs.configure(settings.log_format)
    return create_app(settings, Database(settings.database_url, settings.secret_key))


def demo_from_environment() -> FastAPI:
    """The same for `siepp demo`."""
    return from_environment(demo=True)
