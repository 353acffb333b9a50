"""A project's timetable as bars on one scale of time: where each step, the years and today lie, in per cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.language.figures import period
from app.language.own_words import own_words
from app.rules.dates import ONE_DAY, add_months
from app.services.project_summaries import Step
from app.web.charts import Mark, per_cent

THINNEST = 0.6
"""Per cent of the width: a step of a day must be seen too."""
MONTHS_A_MARK = (1, 3, 6, 12, 24, 60)
MOST_MARKS = 9
QUARTER = 3
ROOM_FOR_A_MARK = 12
"""Per cent of the width that the name of a month takes."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in words, and its bar."""

    step: Step
    name: str
    days: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Package:
    """Steps of one part of a project, under its name where it has one."""

    name: str
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    """`marks` are the beginnings of years or months; `today` is None where it lies outside."""

    packages: tuple[Package, ...]
    marks: tuple[Mark, ...]
    today: str | None


def timetable(steps: Sequence[Step], today: date, language: str) -> Timetable | None:
    """None where there are no steps."""
    if not steps:
        return None
    scale = _Scale(min(one.milestone.starts_on for one in steps), max(one.milestone.ends_on for one in steps))
    by_package: dict[str, list[StepLine]] = {}
    for one in steps:
        name = own_words(one.milestone.package or {}, language)
        by_package.setdefault(name, []).append(_line(one, scale, language))
    packages = tuple(Package(name, tuple(lines)) for name, lines in by_package.items())
    inside = scale.first <= today <= scale.last
    return Timetable(packages, scale.marks(), per_cent(scale.x(today)) if inside else None)


def _line(step: Step, scale: "_Scale", language: str) -> StepLine:
    row = step.milestone
    x = scale.x(row.starts_on)
    width = max(scale.x(row.ends_on + ONE_DAY) - x, THINNEST)
    return StepLine(
        step=step,
        name=own_words(row.name, language),
        days=period(row.starts_on, row.ends_on, language),
        x=per_cent(min(x, 100 - THINNEST)),
        width=per_cent(width),
    )


class _Scale:
    """From the first day of a month to the last day of one."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first.replace(day=1)
        self.last = add_months(last.replace(day=1), 1) - ONE_DAY
        self.days = (self.last - self.first).days + 1

    def x(self, on: date) -> float:
        return 100 * (on - self.first).days / self.days

    def marks(self) -> tuple[Mark, ...]:
        """Years, or months where the whole is short; as many as have room."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next((one for one in MONTHS_A_MARK if months <= one * MOST_MARKS), MONTHS_A_MARK[-1])
        begin = self.first if step < QUARTER else self._round(step)
        found = []
        on = begin
        while on <= self.last:
            if on >= self.first:
                text = str(on.year) if on.month == 1 and step >= QUARTER else f"{on.month}/{on.year}"
                found.append(Mark(per_cent(self.x(on)), text))
            on = add_months(on, step)
        if not found or float(found[0].at) > ROOM_FOR_A_MARK:
            found.insert(0, Mark("0", f"{self.first.month}/{self.first.year}"))
        return tuple(found)

    def _round(self, step: int) -> date:
        """The last beginning of a year, half or quarter before the first day."""
        whole_years = max(step // 12, 1)
        year = self.first.year - self.first.year % whole_years if step >= 12 else self.first.year
        month = 1 if step >= 12 else (self.first.month - 1) // step * step + 1
        return date(year, month, 1)
