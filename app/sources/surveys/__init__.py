"""Questionnaires to begin with: those of the projects of 2019, and two for following the employment clause itself.

They hold questions only. What people answered then is in the report's figures, and nobody's answers are made up here.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILES = ("women_to_work", "digirasti", "employment_clause")


class Questionnaire(NamedTuple):
    """A questionnaire and the slug of the project it is from; `body` is as schemas.surveys.SurveyCreate reads it."""

    project: str
    key: str
    title: Mapping[str, str]
    body: Mapping[str, Any]


@cache
def questionnaires() -> tuple[Questionnaire, ...]:
    """All of them, project by project."""
    return tuple(one for name in FILES for one in _read(Path(__file__).with_name(f"{name}.toml")))


def _read(path: Path) -> list[Questionnaire]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["surveys"]
    return [Questionnaire(table.pop("project"), table["key"], table["title"], table) for table in tables]
