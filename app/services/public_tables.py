"""Publishes the tables of a quarter, once, and shows what was published."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.rules import public_tables as rules
from app.rules.errors import RuleBroken
from app.rules.facts import ContractFacts
from app.rules.folding import Folded
from app.rules.outlook import outlook_on
from app.rules.periods import Period
from app.rules.public_tables import TableKey
from app.rules.status import standing_on
from app.services import trail
from app.services.acting import Act, Actor
from app.storage import exports, indicators, observations, projects, public_tables, summary, units
from app.storage.facts import load_facts
from app.storage.models import Indicator, Project, PublicTable

Contents = dict[str, object]


class Draft(NamedTuple):
    """The tables of an organisation for a quarter as they are to be published, by key."""

    root_id: str
    quarter_end: date
    tables: dict[str, Contents]


@dataclass
class Counted:
    """What the tables of a quarter count: contracts by status, jobs by whoever began them; and which categories of jobs
    were possible, whether there is anyone in them or not."""

    obligations: Counter[str] = field(default_factory=Counter)
    jobs: dict[TableKey, Counter[str]] = field(default_factory=lambda: {key: Counter() for key in rules.JOBS_BY})
    possible: dict[TableKey, set[str]] = field(default_factory=lambda: {key: set() for key in rules.JOBS_BY})

    def add(self, facts: ContractFacts, channels: Mapping[str, str], quarter: Period) -> None:
        """Adds one contract as of the quarter's last day."""
        outlook = outlook_on(facts, quarter.last)
        self.obligations[standing_on(outlook, quarter.last).status] += 1
        if facts.counts_from <= quarter.last and outlook.effective_end_on >= quarter.first:
            for key, categories in self.possible.items():
                categories |= rules.possible(key, facts.clause)
        for position in rules.begun(outlook.chains, quarter):
            self.jobs[TableKey.JOBS_BY_TARGET_GROUP][position.target_group] += 1
            self.jobs[TableKey.JOBS_BY_EMPLOYMENT_FORM][position.employment_form] += 1
            self.jobs[TableKey.JOBS_BY_CHANNEL][channels[position.id]] += 1

    def contents(self, quarter: Period) -> dict[str, Contents]:
        """The tables, by key, in their order."""
        tables = {key: rules.jobs_table(key, self.possible[key], self.jobs[key]) for key in rules.JOBS_BY}
        tables[TableKey.OBLIGATIONS_BY_STATUS] = rules.obligations_table(self.obligations)
        return {
            key.value: _contents(one.folded, quarter) | {"categories": list(one.categories)}
            for key, one in tables.items()
        }


def roots(session: Session) -> list[str]:
    """Ids of the organisations that may have something to publish."""
    return units.roots(session)


def tables_due(session: Session, root_id: str, act: Act) -> list[Draft]:
    """The tables of the quarters that are due as of the act's day and not published, the earliest first. Reads only: to
    judge a whole portfolio takes longer than others should wait for a lock."""
    quarters = _quarters_due(session, root_id, act)
    if not quarters:
        return []
    counted = _counted(session, units.path_of(session, root_id), quarters)
    of_projects = _project_tables(session, root_id, quarters)
    return [
        Draft(root_id, quarter.last, counted[quarter].contents(quarter) | of_projects[quarter]) for quarter in quarters
    ]


def is_due(session: Session, root_id: str, act: Act) -> bool:
    """Whether tables of an organisation are due and not published."""
    return bool(_quarters_due(session, root_id, act))


def _quarters_due(session: Session, root_id: str, act: Act) -> list[Period]:
    known = public_tables.since(session, root_id)
    if known is None:
        return []
    done = set(public_tables.published_quarters(session, [root_id]))
    due = rules.quarters_due(known.began_on, known.in_use_since, act.today)
    return [quarter for quarter in due if quarter.last not in done]


def publish(session: Session, draft: Draft, act: Act) -> bool:
    """Publishes the tables of a quarter, unless that was done meanwhile. They are never made anew."""
    made = public_tables.insert_all(session, draft.root_id, draft.quarter_end, draft.tables, act.now)
    if made:
        payload = {"quarter_end": draft.quarter_end, "tables": draft.tables}
        trail.record(session, act, "published", "public_table", draft.root_id, payload)
    return made


def _counted(session: Session, path: str, quarters: Sequence[Period]) -> dict[Period, Counted]:
    """Facts are loaded once for all quarters. A contract counts from its procurement's signing on."""
    counted = {quarter: Counted() for quarter in quarters}
    after = ""
    while rows := summary.contracts(session, [path], quarters[-1].last, None, after):
        ids = [row.id for row in rows]
        facts, channels = load_facts(session, ids), summary.channels(session, ids)
        for row in rows:
            for quarter in quarters:
                if row.signed_on <= quarter.last:
                    counted[quarter].add(facts[row.id], channels, quarter)
        after = ids[-1]
    return counted


def _project_tables(session: Session, root_id: str, quarters: Sequence[Period]) -> dict[Period, dict[str, Contents]]:
    """By quarter the tables of the organisation's projects, in their order."""
    found: dict[Period, dict[str, Contents]] = {quarter: {} for quarter in quarters}
    until: dict[str, date] = public_tables.published_until(session, root_id)
    for project in projects.all_in_order(session):
        indicator = _indicator_of(session, project) if project.root_id == root_id else None
        if indicator is None:
            continue
        rows = observations.of_indicator(session, indicator.id)
        facts = [observations.to_facts(row, indicator.key) for row in rows if row.voided_at is None]
        for quarter in quarters:
            tables = rules.project_tables(facts, quarter, until.get(project.slug))
            if tables is not None:
                until[project.slug] = tables.period.last
                for dimension, folded in tables.by_dimension.items():
                    contents = _contents(folded, tables.period) | _words(project, indicator, dimension, folded)
                    found[quarter][f"{project.slug}/{indicator.key}/{dimension}"] = contents
    return found


def _indicator_of(session: Session, project: Project) -> Indicator | None:
    """The indicator of the people who take part in a project; none where its figures come from contracts."""
    rows = indicators.of_project(session, project.id)
    if project.programme is not None or any(row.computation is not None for row in rows):
        return None
    wanted = rules.people_taking_part(map(indicators.to_facts, rows))
    return next((row for row in rows if wanted is not None and row.key == wanted.key), None)


def _contents(folded: Folded, period: Period) -> Contents:
    return {
        "period_start": period.first.isoformat(),
        "period_end": period.last.isoformat(),
        "rows": [{"code": code, "count": count} for code, count in folded.shown],
        "others": folded.others,
        "total": folded.total,
    }


def _words(project: Project, indicator: Indicator, dimension: str, folded: Folded) -> Contents:
    """The words of a project's table, kept with it: they may change later, and what was published does not."""
    names = indicator.category_names.get(dimension, {})
    return {
        "project": project.slug,
        "dimension": dimension,
        "project_name": project.name,
        "indicator_name": indicator.name,
        "row_names": {code: names[code] for code, _ in folded.shown if code in names},
    }


class Published(NamedTuple):
    """A published table and whose it is."""

    table: PublicTable
    unit_name: str


def _roots_of(session: Session, actor: Actor) -> list[str]:
    """The organisations in which the actor has any role: what everyone may read, every role may."""
    if actor.everywhere:
        return roots(session)
    return sorted({units.ids_on_path(grant.path)[0] for grant in actor.grants})


def quarters_published(session: Session, actor: Actor) -> list[date]:
    """Last days of the quarters of which the actor's organisations have tables, the latest first."""
    return public_tables.published_quarters(session, _roots_of(session, actor))


def list_tables(session: Session, quarter_end: date | None, actor: Actor) -> list[Published]:
    """The tables of the actor's organisations for a quarter, or all of them, the latest first. Raises RuleBroken for a
    day that ends no quarter."""
    if quarter_end is not None and not rules.is_quarter_end(quarter_end):
        raise RuleBroken("not_a_quarter_end", "quarter")
    root_ids = _roots_of(session, actor)
    names = exports.unit_names(session, root_ids)
    return [Published(row, names[row.root_id]) for row in public_tables.tables_of(session, root_ids, quarter_end)]
