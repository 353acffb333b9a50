"""An indicator's page in words: its definition, every figure, and what a corrected one was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property

from app.language import figures
from app.language.catalogues import msgid_in, translated_in
from app.language.formats import capitalised, day, number
from app.language.labels import label
from app.language.own_words import breakdown_name, own_words
from app.rules.figures import is_exact
from app.services.indicator_pages import IndicatorView
from app.services.project_summaries import Figure
from app.storage.models import Correction
from app.web import charts
from app.web.charts import Series, TimeChart
from app.web.figure_words import FigureLine, FigureWords, IndicatorLine, PartLine, QuestionLine
from app.web.project_words import project_name

FIELDS: Mapping[str, str] = {
    "value": msgid_in("figure field", "figure"),
    "value_max": msgid_in("figure field", "upper end"),
    "numerator": msgid_in("figure field", "how many"),
    "denominator": msgid_in("figure field", "out of how many"),
    "n": "n",  # in every language
    "period_start": msgid_in("figure field", "first day"),
    "period_end": msgid_in("figure field", "last day"),
    "breakdown": msgid_in("figure field", "part"),
    "status": msgid_in("figure field", "status"),
    "approximate": msgid_in("figure field", "about"),
    "source": msgid_in("figure field", "source"),
    "note": msgid_in("figure field", "note"),
}
"""The words for what a correction may change."""
FIGURE, TARGET = msgid_in("chart", "figure"), msgid_in("chart", "target")
LEAST_DRAWN = 2
"""Points that make a line."""


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """What a figure was before: the names of the fields that changed, each with what stood there."""

    row: Correction
    before: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with its corrections, the newest first. `id` is None where it is computed."""

    line: FigureLine
    corrections: tuple[CorrectionLine, ...]

    @property
    def id(self) -> str | None:
        row = self.line.figure.row
        return None if row is None else row.id


class IndicatorWords:
    """The words for one indicator in one language."""

    def __init__(self, view: IndicatorView, language: str) -> None:
        self.view, self.language = view, language
        self.found = view.summary
        self.project = view.project.found.project
        self.figures = FigureWords(self.project.slug, language)
        self.project_address = f"/projects/{self.project.slug}"

    @property
    def project_name(self) -> str:
        return project_name(self.project, self.language)

    @cached_property
    def line(self) -> IndicatorLine:
        return self.figures.indicator(self.found)

    @property
    def unit(self) -> str:
        return label("figure_unit", self.found.row.unit, self.language)

    @property
    def direction(self) -> str | None:
        direction = self.found.row.direction
        return None if direction is None else label("direction", direction, self.language)

    @property
    def scale(self) -> str | None:
        row = self.found.row
        if row.scale_min is None or row.scale_max is None:
            return None
        return f"{number(row.scale_min, self.language)}–{number(row.scale_max, self.language)}"

    @property
    def dimensions(self) -> str:
        return ", ".join(label("dimension", one, self.language) for one in self.found.row.dimensions)

    @property
    def counted_among(self) -> tuple[str, str] | None:
        """The name and the address of the group whose people these are."""
        key = self.found.row.counted_among
        rows = (one.row for one in self.view.project.indicators if one.row.key == key)
        row = next(rows, None)
        return None if row is None else (own_words(row.name, self.language), self.figures.indicator_address(row.key))

    @property
    def computation(self) -> str | None:
        return self.figures.computation(self.found.row)

    @cached_property
    def parts(self) -> list[tuple[str, list[PartLine]]]:
        """The parts of the latest period that has some, by dimension."""
        return [
            (label("dimension", dimension, self.language), self.figures.parts(self.found, parts))
            for dimension, parts in self.found.parts.items()
        ]

    @cached_property
    def rows(self) -> list[FigureRow]:
        return [self._row(one) for one in self.view.figures]

    @property
    def voided(self) -> list[FigureRow]:
        return [self._row(one) for one in self.view.voided]

    @property
    def answered(self) -> list[QuestionLine]:
        """Notes, and questions that were answered; the open ones are the line's."""
        return [self.figures.question(one) for one in self.found.asked if not one.open]

    @property
    def has_intervals(self) -> bool:
        return any(row.line.interval for row in self.rows)

    @property
    def has_parts(self) -> bool:
        return any(row.line.part for row in self.rows)

    # --- What was corrected

    def _row(self, one: Figure) -> FigureRow:
        corrections = () if one.row is None else self.view.corrections.get(one.row.id, ())
        return FigureRow(self.figures.figure(self.found, one), tuple(map(self._correction, corrections)))

    def _correction(self, row: Correction) -> CorrectionLine:
        before = ((FIELDS[name], value) for name, value in row.before.items() if name in FIELDS)
        return CorrectionLine(
            row,
            tuple((translated_in("figure field", name, self.language), self._kept(value)) for name, value in before),
        )

    def _kept(self, value: object) -> str:
        """A field as a correction keeps it: a text, a day as text, a number as text, or words by language."""
        if value is None or value == {}:
            return "–"
        if isinstance(value, bool):
            return translated_in("figure", figures.YES if value else figures.NO, self.language)
        if isinstance(value, dict):
            return self._kept_words(value)
        return _as_day(str(value), self.language) or _as_number(str(value), self.language) or self._status(str(value))

    def _kept_words(self, value: Mapping[str, str]) -> str:
        if set(value) <= set(self.found.row.dimensions):
            return breakdown_name(self.found.row.category_names, value.items(), self.language)
        return own_words(value, self.language)

    def _status(self, value: str) -> str:
        return label("figure_status", value, self.language) if value in {"preliminary", "final"} else value

    # --- How it went

    @cached_property
    def chart(self) -> TimeChart | None:
        """The history as a line, beside the target where there is one; None for fewer than two exact figures."""
        points = [one.facts for one in self.found.history if is_exact(one.facts)]
        days = [one.period_end for one in points]
        if len(set(days)) < LEAST_DRAWN:
            return None
        series = [self._series(FIGURE, "filled", [one.figure for one in points])]
        target = self.found.facts.target_min or self.found.facts.target_max
        if target is not None:
            series.append(self._series(TARGET, "required", [target] * len(points)))
        texts = [day(one, self.language) for one in days]
        return charts.time_chart(days, texts, texts, series, written=self._amount)

    def _series(self, name: str, code: str, values: Sequence[Decimal | None]) -> Series:
        return Series(code, translated_in("chart", name, self.language), values)

    def _amount(self, value: charts.Number) -> str:
        return figures.amount(Decimal(value), self.found.facts.unit, self.language, reported=False)

    def capitalised(self, text: str) -> str:
        return capitalised(text)


def _as_day(value: str, language: str) -> str | None:
    try:
        return day(date.fromisoformat(value), language)
    except ValueError:
        return None


def _as_number(value: str, language: str) -> str | None:
    try:
        return number(Decimal(value), language)
    except InvalidOperation:
        return None
