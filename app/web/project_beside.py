"""What the forms of a project share: the project they belong to, texts in three languages, lists that grow by rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.language.own_words import own_words
from app.rules.codes import LANGUAGES
from app.schemas.words import Words
from app.services import projects
from app.services.acting import Permission
from app.services.projects import ProjectFound
from app.web.forms import FormView
from app.web.visiting import Submission, Visit

SPARE_ROWS = 2
"""So many empty rows a list ends with; saving the form brings the next ones."""


def beside(visit: Visit, slug: str, permission: Permission = Permission.OUTCOMES) -> dict[str, Any]:
    """The project as its forms show it. Raises NotFound outside the visitor's units, Forbidden where they may not
    write."""
    return of_project(visit, projects.find_project(visit.session, slug, visit.act.actor), permission)


def of_project(visit: Visit, found: ProjectFound, permission: Permission = Permission.OUTCOMES) -> dict[str, Any]:
    """The same for a project that is known."""
    projects.require_project(visit.session, found, visit.act.actor, permission)
    return {"project": found.project, "project_name": own_words(found.project.name, visit.language)}


def by_language(name: str, words: Mapping[str, object] | None) -> dict[str, object]:
    """A text in several languages as fields: name.fi, name.sv, name.en."""
    return {f"{name}.{language}": (words or {}).get(language) for language in LANGUAGES}


def as_rows(name: str, rows: Sequence[Words]) -> dict[str, object]:
    """A list of texts in several languages as fields: areas.0.fi, areas.0.sv."""
    found: dict[str, object] = {}
    for number, words in enumerate(rows):
        found |= by_language(f"{name}.{number}", words)
    return found


def rows_shown(view: FormView, name: str, spare: int = SPARE_ROWS) -> range:
    """The numbers of a list's rows to show: those with something in them, and some empty ones."""
    row = re.compile(rf"{re.escape(name)}\.([0-9]{{1,3}})\..+")
    found = [int(match[1]) for field in view.values if (match := row.fullmatch(field)) and view.text(field)]
    return range(max(found, default=-1) + 1 + spare)


def typed(value: Decimal | None, language: str) -> str | None:
    """A figure as someone types it, with all its decimals: 78,0 is not 78."""
    if value is None:
        return None
    return str(value) if language == "en" else str(value).replace(".", ",")


def closed_up(submission: Submission, *lists: str) -> Submission:
    """The form as sent, with the rows of its lists numbered as they will be kept."""
    return replace(submission, form=submission.form.closed_up(*lists))
