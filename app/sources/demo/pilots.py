"""Reads the pilots: `handu.toml` (2015–2017) and `siepp_*.toml` (11/2017–10/2019), with what became of them."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.rules.dates import ONE_DAY, add_months
from app.sources.demo.shapes import Bought, Deal, Decision, Job, Option, Tender

FILES = ("handu", "siepp_central", "siepp_care", "siepp_divisions")


def pilots() -> tuple[Tender, ...]:
    """The pilot procurements, with everything that happened under their contracts until all was settled (2023)."""
    return tuple(tender for name in FILES for tender in _read(Path(__file__).with_name(f"{name}.toml")))


def _read(path: Path) -> Iterator[Tender]:
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["tenders"]:
        deals = tuple(_deal(deal) for deal in table.pop("deals"))
        yield Tender(deals=deals, **table)


def _deal(table: dict[str, Any]) -> Deal:
    """The tables inside become what they are; all other fields are those of a deal."""
    options = tuple(Option(**one) for one in table.pop("options", ()))
    jobs = tuple(Job(**one) for one in table.pop("jobs", ()))
    decisions = tuple(Decision(**one) for one in table.pop("decisions", ()))
    purchases = tuple(_halves(table.pop("bought_from", None), table.pop("bought_half_yearly", ())))
    return Deal(options=options, jobs=jobs, decisions=decisions, purchases=purchases, **table)


def _halves(first: date | None, euros: Sequence[int]) -> Iterator[Bought]:
    """Purchases summed at the ends of half-years, from the one that ends on `first`."""
    if first is not None:
        for number, amount in enumerate(euros):
            yield Bought(add_months(first + ONE_DAY, 6 * number) - ONE_DAY, amount)
