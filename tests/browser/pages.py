"""Every page of the service with an address in the demo, so that none is forgotten."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rules.codes import ImportStatus
from app.rules.facts import ClauseType
from app.services import questions
from app.services.acting import SYSTEM, Act
from app.storage.models import (
    Adjustment,
    Clause,
    Closure,
    Contract,
    ContractOption,
    Draft,
    Funding,
    HeldRow,
    ImportRun,
    Indicator,
    Message,
    Milestone,
    Observation,
    Position,
    Procurement,
    Project,
    Purchase,
    Risk,
    StoredJudgement,
    Survey,
    Unit,
    User,
)
from app.storage.session import Database
from app.web.exports.lists import LISTS, OF_ONE_CONTRACT
from app.web.routers import PAGES as ROUTERS
from app.web.spreadsheets import Kind

FILES = [f"{path}.{kind}" for path in (*LISTS, *OF_ONE_CONTRACT) for kind in Kind]
NO_PAGES = frozenset(
    {
        "/docs",
        "/calendar/{secret}.ics",
        "/owner/{token}",
        "/password/{token}",
        "/s/{secret}",
        "/s/{secret}/thanks",
        "/procurements/suppliers",
        "/procurements.json",
        *FILES,
        "/imports/{import_id}/refused.csv",
        "/imports/templates/contracts.csv",
        "/imports/templates/contracts.xlsx",
        "/imports/templates/positions.csv",
        "/imports/templates/positions.xlsx",
        "/public-tables.csv",
        "/public-tables.json",
        "/public-tables.xlsx",
        "/projects.csv",
        "/projects.json",
        "/projects.xlsx",
        "/projects/report.pdf",
        "/projects/{slug}/report.pdf",
        "/sign-in/oidc",
        "/sign-in/oidc/callback",
    }
)
"""What is no page of ours (the documentation's is Swagger's), no page at all, or tried elsewhere."""

SLUG_WITH_QUESTION = "digirasti"
SLUGS_SHOWN = (SLUG_WITH_QUESTION, "women-to-work", "tyokykyohjelma")
"""One with questions and tables of shares, one with a cohort, one with risks and a long timetable."""
SURVEYS_SHOWN = 2
"""They differ in words only, and each page of one costs seconds."""


def routes() -> set[str]:
    """The paths of all pages, as templates."""
    found = {
        route.path for router in ROUTERS for route in router.routes if "GET" in (getattr(route, "methods", None) or ())
    }
    return found - NO_PAGES


def addresses(database: Database) -> dict[str, list[str]]:
    """By the path's template the addresses to try."""
    ids, pairs = some_ids(database), with_what_they_ask(database)
    return pairs | {path: _filled(path, ids) for path in sorted(routes() - set(pairs))}


def _filled(path: str, ids: Mapping[str, list[str]]) -> list[str]:
    begin, _, rest = path.partition("{")
    if not rest:
        return [path]
    name, _, end = rest.partition("}")
    noun = begin.strip("/").split("/")[-1]
    assert noun in ids, f"{path}: say in some_ids() which {noun} to show for {name}"
    wanted = ids[noun] if end == "" else ids[noun][:1]
    return [address for one in wanted for address in _filled(f"{begin}{one}{end}", ids)]


def with_what_they_ask(database: Database) -> dict[str, list[str]]:
    """Pages that only a contract with an option not taken, or closed, has; and the form of a figure of every unit."""
    with database.reading() as session:
        option = session.scalars(select(ContractOption).where(ContractOption.exercised_on.is_(None)).limit(1)).one()
        closed = session.scalars(select(Closure.contract_id).where(Closure.voided_at.is_(None)).limit(1)).one()
        exercise = f"/contracts/{option.contract_id}/options/{option.id}/exercise"
        figures, tables = _figure_forms(session)
    return {
        "/projects/{slug}/observations/new": figures,
        "/projects/{slug}/observations/table": tables,
        "/contracts/{contract_id}/options/{option_id}/exercise": [exercise],
        "/contracts/{contract_id}/closure/void": [f"/contracts/{closed}/closure/void"],
    }


def _figure_forms(session: Session) -> tuple[list[str], list[str]]:
    """The choice of an indicator, then a form of each unit; a table of a count and one of a share."""
    rows = session.execute(
        select(Project.slug, Indicator.key, Indicator.unit, Indicator.dimensions)
        .join(Indicator, Indicator.project_id == Project.id)
        .where(Indicator.computation.is_(None))
        .order_by(Project.id, Indicator.place)
    ).all()
    broken_down = [row for row in rows if row.dimensions]
    figures = {row.unit: f"/projects/{row.slug}/observations/new?indicator={row.key}" for row in rows}
    tables = {
        row.unit: f"/projects/{row.slug}/observations/table?indicator={row.key}&dimension={row.dimensions[0]}"
        for row in broken_down
    }
    return [f"/projects/{rows[0].slug}/observations/new", *figures.values()], list(tables.values())


def some_ids(database: Database) -> dict[str, list[str]]:
    """Ids by the noun that stands before them in an address; contracts of every clause type and status."""
    with database.reading() as session:
        by_type = [
            session.scalars(
                select(Contract.id)
                .join(Clause, Clause.procurement_id == Contract.procurement_id)
                .where(Clause.type == kind)
                .order_by(Contract.id)
                .limit(1)
            ).one()
            for kind in ClauseType
        ]
        statuses = session.execute(select(StoredJudgement.status, StoredJudgement.contract_id)).all()
        by_status = list({row.status: row.contract_id for row in statuses}.values())

        def first(model: type) -> list[str]:
            return list(session.scalars(select(model.id).order_by(model.id).limit(1)))  # type: ignore[attr-defined]

        return {
            "contracts": list(dict.fromkeys([*by_type, *by_status])),
            "adjustments": first(Adjustment),
            "positions": first(Position),
            "purchases": first(Purchase),
            "procurements": first(Procurement),
            "messages": first(Message),
            "users": first(User),
            "units": first(Unit),
            "owners": list(session.scalars(select(Contract.owner_id).order_by(Contract.id).limit(1))),
            "surveys": list(session.scalars(select(Survey.id).order_by(Survey.key).limit(SURVEYS_SHOWN))),
            "drafts": first(Draft),
            "imports": _imports(session),
            "held-purchases": list(session.scalars(select(HeldRow.id).order_by(HeldRow.id))),
            "wording": ["new"],
            "funding": first(Funding),
            "milestones": first(Milestone),
            "risks": first(Risk),
            **_of_projects(session),
        }


def _imports(session: Session) -> list[str]:
    """An import of every status there is, one that can be undone first."""
    rows = session.execute(select(ImportRun.status, ImportRun.id).order_by(ImportRun.number.desc())).all()
    by_status = {row.status: row.id for row in rows}
    return [by_status.pop(ImportStatus.ACTIVE), *by_status.values()]


def _of_projects(session: Session) -> dict[str, list[str]]:
    """Some projects, one with a question first; an indicator of it of each unit, a figure of it, and the question."""
    with_question = SLUG_WITH_QUESTION
    of_it = select(Indicator.key, Indicator.id, Indicator.unit).join(Project).where(Project.slug == with_question)
    keys = session.execute(of_it.order_by(Indicator.place)).all()
    figure = select(Observation.id).where(Observation.indicator_id.in_([one.id for one in keys])).limit(1)
    asked = questions.list_questions(session, with_question, Act(SYSTEM, datetime.now(UTC), date.max))
    return {
        "projects": list(SLUGS_SHOWN),
        "indicators": list({one.unit: one.key for one in keys}.values()),
        "observations": list(session.scalars(figure)),
        "questions": [asked[0].question.key],
    }
