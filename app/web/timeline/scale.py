"""From days to places along the picture, and the ticks of the axis: years, quarters or months."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from app.language.formats import LOCALES
from app.rules.dates import add_months
from app.web.timeline.letters import width
from app.web.timeline.shapes import LEFT, RIGHT

MARGIN = 0.012
"""Of the span, left free on either side."""
STEPS = (1, 3, 12, 24, 60, 120, 240)
"""Months from one labelled tick to the next."""
MINOR = {1: 0, 3: 1, 12: 6, 24: 12, 60: 12, 120: 60, 240: 120}
"""Months between the ticks without a label."""
MINOR_APART = 18.0
LABEL_APART = 14.0
MONTH_PATTERNS = {"fi": "L/y", "sv": "MMM y", "en": "MMM y"}
MOST_BEYOND = 0.3
"""The day looked at widens the axis by so much of its span at the most."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale from the ordinal of a day's beginning to a place."""

    first: float
    last: float

    def _x(self, ordinal: float) -> float:
        x = LEFT + (ordinal - self.first) / (self.last - self.first) * (RIGHT - LEFT)
        return round(min(max(x, LEFT), RIGHT), 1)

    def start(self, day: date) -> float:
        """Where a day begins; days beyond the axis lie at its ends."""
        return self._x(day.toordinal())

    def end(self, day: date) -> float:
        """Where a day ends."""
        return self._x(day.toordinal() + 1)

    def beyond(self, day: date) -> int:
        """-1 for a day before the axis, 1 for one after it, else 0."""
        return (day.toordinal() + 1 > self.last) - (day.toordinal() < self.first)

    @property
    def month(self) -> float:
        """The width of a month."""
        return (RIGHT - LEFT) / (self.last - self.first) * 30.44


def scale_of(days: Iterable[date], as_of: date) -> Scale:
    """A scale that holds all days, and the day looked at where it is not far off."""
    held = [day.toordinal() for day in days]
    first, last = min(held), max(held) + 1
    room = max(60.0, (last - first) * MOST_BEYOND)
    if first - room <= as_of.toordinal() <= last + room:
        first, last = min(first, as_of.toordinal()), max(last, as_of.toordinal() + 1)
    margin = max(2.0, (last - first) * MARGIN)
    return Scale(first - margin, last + margin)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid; `label` is empty for the fine ones, `line` False where only the label stands."""

    x: float
    label: str
    line: bool = True


def ticks(scale: Scale, language: str) -> Iterator[Tick]:
    """The ticks of the axis, as fine as their labels allow."""
    step = next((step for step in STEPS if _fits(scale, step, language)), STEPS[-1])
    majors = [(day, scale.start(day)) for day in _every(scale, step)]
    before = majors[0][1] if majors else RIGHT
    opening = _label(_begun(scale, step), step, language)
    if before - LEFT > width(opening) + LABEL_APART:
        yield Tick(LEFT, opening, False)
    for day, x in majors:
        label = _label(day, step, language)
        yield Tick(x, label if x + 5 + width(label) <= RIGHT + 12 else "")
    fine = MINOR[step]
    if fine and scale.month * fine >= MINOR_APART:
        taken = {x for _, x in majors}
        yield from (Tick(x, "") for x in map(scale.start, _every(scale, fine)) if x not in taken)


def _fits(scale: Scale, step: int, language: str) -> bool:
    if scale.month * 12 < 24 and step < 24:
        return False
    apart = LABEL_APART if step >= 12 else 2 * LABEL_APART
    return scale.month * step >= width(_label(date(2029, 9, 1), step, language)) + apart


def _begun(scale: Scale, step: int) -> date:
    """The first day of the period in which the axis begins."""
    day = date.fromordinal(int(scale.first))
    if step < 12:
        return day.replace(month=(day.month - 1) // step * step + 1, day=1)
    return date(day.year, 1, 1) if step == 12 else date(max(1, day.year // (step // 12) * (step // 12)), 1, 1)


def _every(scale: Scale, step: int) -> Iterator[date]:
    day = _begun(scale, step)
    while day.toordinal() < scale.last - 1:
        if day.toordinal() > scale.first:
            yield day
        day = add_months(day, step)


def _label(day: date, step: int, language: str) -> str:
    if step >= 12:
        return str(day.year)
    return format_date(day, MONTH_PATTERNS[language], locale=LOCALES[language])
