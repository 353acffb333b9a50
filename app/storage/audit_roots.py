"""To which organisation (root unit) a link of the trail belongs, where whoever acted has roles in none or in several.

For everyone else it is known without a query (services/trail.py). For the rest (the clock, the command line, sign-ins)
it is looked up when the links are written, once for each kind of thing in the transaction: in what the thing's row
says, or in the thing itself. None where it belongs to none or to several.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.storage.lists import listed
from app.storage.models import Contract, Grant, ImportRun, Indicator, Procurement, Project, Survey, Unit

Link = tuple[dict[str, Any], dict[str, Any]]
"""A link and its payload."""
Thing = tuple[str, str]
"""A kind of `_STATEMENTS` and an id."""

_IDS = listed("ids")
_ROOT = func.min(Unit.root_id)
_STATEMENTS: Mapping[str, Select[*tuple[Any, ...]]] = {
    "unit": select(Unit.id, Unit.root_id).join(_IDS, _IDS.c.value == Unit.id),
    "contract": select(Contract.id, Unit.root_id)
    .join(_IDS, _IDS.c.value == Contract.id)
    .join(Unit, Unit.id == Contract.unit_id),
    "procurement": select(Procurement.id, Unit.root_id)
    .join(_IDS, _IDS.c.value == Procurement.id)
    .join(Unit, Unit.id == Procurement.unit_id),
    "project": select(Project.id, Project.root_id).join(_IDS, _IDS.c.value == Project.id),
    "indicator": select(Indicator.id, Project.root_id)
    .join(_IDS, _IDS.c.value == Indicator.id)
    .join(Project, Project.id == Indicator.project_id),
    "survey": select(Survey.id, Project.root_id)
    .join(_IDS, _IDS.c.value == Survey.id)
    .join(Project, Project.id == Survey.project_id),
    "import_run": select(ImportRun.id, ImportRun.root_id).join(_IDS, _IDS.c.value == ImportRun.id),
    "owner": select(Contract.owner_id, _ROOT)
    .join(_IDS, _IDS.c.value == Contract.owner_id)
    .join(Unit, Unit.id == Contract.unit_id)
    .group_by(Contract.owner_id)
    .having(func.max(Unit.root_id) == _ROOT),
    "user_account": select(Grant.user_id, _ROOT)
    .join(_IDS, _IDS.c.value == Grant.user_id)
    .join(Unit, Unit.id == Grant.unit_id)
    .group_by(Grant.user_id)
    .having(func.max(Unit.root_id) == _ROOT),
}
_REFERENCES = {
    "unit_id": "unit",
    "contract_id": "contract",
    "procurement_id": "procurement",
    "project_id": "project",
    "indicator_id": "indicator",
    "user_id": "user_account",
}
"""Columns that lead there, the surest first."""
_STANDS_FOR = {"survey_answer": "survey", "survey_callback": "survey"}
"""Links named after a part, with the id of the whole."""
_ROOTS_THEMSELVES = frozenset({"public_table"})
"""Links whose `subject_id` is the organisation."""


def settle(session: Session, links: Sequence[Link]) -> None:
    """Sets `root_id` of those links that have none, where it can be found."""
    wanted: dict[str, set[str]] = defaultdict(set)
    leads = [(link, _lead(link, payload)) for link, payload in links if link["root_id"] is None]
    for link, lead in leads:
        if isinstance(lead, str):
            link["root_id"] = lead
        elif lead is not None:
            wanted[lead[0]].add(lead[1])
    found: dict[Thing, str | None] = {}
    for kind, ids in wanted.items():
        rows = session.execute(_STATEMENTS[kind], {"ids": sorted(ids)})
        found |= {(kind, row[0]): row[1] for row in rows}
    for link, lead in leads:
        if isinstance(lead, tuple):
            link["root_id"] = found.get(lead)


def _lead(link: Mapping[str, Any], payload: Mapping[str, Any]) -> str | Thing | None:
    """The organisation itself, or what leads to it."""
    if link["subject"] in _ROOTS_THEMSELVES:
        return str(link["subject_id"])
    if isinstance(payload.get("root_id"), str):
        return str(payload["root_id"])
    wanted = payload.get("wanted")
    for values in (payload, wanted if isinstance(wanted, dict) else {}):  # of a list taken out: what it is narrowed to
        for name, kind in _REFERENCES.items():
            if isinstance(values.get(name), str):
                return kind, values[name]
    kind = _STANDS_FOR.get(link["subject"], link["subject"])
    return (kind, link["subject_id"]) if kind in _STATEMENTS else None
