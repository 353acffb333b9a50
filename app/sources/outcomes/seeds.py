"""Reads the seeded outcomes, in the shape of `app/schemas/outcomes.py`."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

REPORTED = ("siepp", "tyokyky-kayttoon", "women-to-work", "digirasti")
"""The strategic projects of the report of 2019."""
PLANNED = ("tyokykyohjelma",)
"""What the plan of 2020 is of."""
SLUGS = (*REPORTED, *PLANNED)


def seeded(slugs: Sequence[str] = SLUGS) -> dict[str, Any]:
    """The outcomes of these projects as one document."""
    return {"projects": [_read(slug) for slug in slugs]}


def _read(slug: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(f"{slug}.toml").read_text(encoding="utf-8"))
