"""Charts as plain SVG: where lines, bars and labels lie, as the templates draw them.

Places are percentages of the picture's width and height, so that a chart fits any screen while its texts keep their
size. Colours, dashes and thickness are the style sheet's business: nothing here names them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import NamedTuple

Number = int | Decimal
Amount = Number | None
"""A value of a series; None where nobody can say."""

MAX_GRID_LINES = 6
LABEL_GAP, NARROW_LABEL_GAP = 18.0, 34.0
"""Per cent of the width between two labels on the axis of time, on a wide and on a narrow screen."""
LAST_LABEL_GAP, NARROW_LAST_LABEL_GAP = 25.0, 56.0
"""The same before the last label, which may be a whole date: "22 November 2026"."""
END_GAP = 8.5
"""Per cent of the height between two figures written at the ends of lines."""


class Series(NamedTuple):
    """What is drawn as one line: `code` names its style, `name` says it to people."""

    code: str
    name: str
    values: Sequence[Amount]


class Mark(NamedTuple):
    """A text at a place on an axis; `wide` ones are left out on a narrow screen."""

    at: str
    text: str
    wide: bool = False


class Dot(NamedTuple):
    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series as it is drawn: one piece of line for each run of known values; `label` is where its last value is
    written, moved away from the other lines'. `first` and `last` are its ends as they are written."""

    code: str
    name: str
    pieces: tuple[str, ...]
    dots: tuple[Dot, ...]
    label: str
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class TimeChart:
    """Lines over days; `band` holds the outlines of what is filled between two of them."""

    days: tuple[Mark, ...]
    amounts: tuple[Mark, ...]
    lines: tuple[Line, ...]
    band: tuple[str, ...]


class Bar(NamedTuple):
    """One group's figures as widths in per cent of the longest bar; None is no bar."""

    name: str
    required: str | None
    filled: str
    completed: str


def per_cent(part: float) -> str:
    return f"{part:.2f}".rstrip("0").rstrip(".")


def grid(largest: Number) -> list[int]:
    """Round numbers from 0 up to or beyond the largest, at most MAX_GRID_LINES."""
    largest, step = ceil(largest), 1
    while largest > step * (MAX_GRID_LINES - 1):
        first = int(str(step)[0])
        step = step // first * {1: 2, 2: 5, 5: 10}[first]
    top = max(-(-largest // step), 1)
    return [step * number for number in range(top + 1)]


def _xs(days: Sequence[date]) -> list[float]:
    span = (days[-1] - days[0]).days
    return [100 * (day - days[0]).days / span if span else 100.0 for day in days]


def _labelled(xs: Sequence[float], texts: Sequence[str]) -> tuple[Mark, ...]:
    """The days whose label has room, the last one always."""
    marks = [Mark(per_cent(xs[-1]), texts[-1])]
    limit, narrow_limit = xs[-1] - LAST_LABEL_GAP, xs[-1] - NARROW_LAST_LABEL_GAP
    for x, text in zip(reversed(xs[:-1]), reversed(texts[:-1]), strict=True):
        if x > limit:
            continue
        wide = x > narrow_limit
        marks.append(Mark(per_cent(x), text, wide))
        limit = x - LABEL_GAP
        narrow_limit = narrow_limit if wide else x - NARROW_LABEL_GAP
    return tuple(reversed(marks))


def _runs(values: Sequence[Amount]) -> list[list[int]]:
    """Numbers of the points between which nothing is unknown."""
    runs: list[list[int]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(number)
    return [run for run in runs if run]


def _apart(places: Sequence[float]) -> list[float]:
    """The places with END_GAP between them, each as near its own as that allows, none below the picture."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    for before, number in pairwise(order):
        moved[number] = max(moved[number], moved[before] + END_GAP)
    limit = 100.0
    for number in reversed(order):
        moved[number] = min(moved[number], limit)
        limit = moved[number] - END_GAP
    return moved


def time_chart(
    days: Sequence[date],
    axis: Sequence[str],
    texts: Sequence[str],
    series: Sequence[Series],
    band: tuple[int, int] | None = None,
    written: Callable[[Number], str] = str,
) -> TimeChart:
    """Series over days, each day with its text on the axis and a longer one for a point. `band` are the numbers of two
    series between which the picture is filled as far as the second is known; the first has no gaps. `written` is a
    value as people read it."""
    amounts = grid(max((value for one in series for value in one.values if value is not None), default=0))
    plane = _Plane(_xs(days), amounts[-1])
    ended = [one for one in series if one.values[-1] is not None]
    labels = dict(zip((one.code for one in ended), _apart([plane.y(one.values[-1]) for one in ended]), strict=True))
    lines = tuple(_line(plane, one, texts, labels.get(one.code, 0), written) for one in series)
    filled: tuple[str, ...] = ()
    if band is not None:
        lower, upper = (series[number].values for number in band)
        filled = tuple(f"{plane.piece(run, upper)} {plane.piece(run[::-1], lower)}" for run in _runs(upper))
    marks = tuple(Mark(per_cent(plane.y(amount)), str(amount)) for amount in amounts)
    return TimeChart(_labelled(plane.xs, axis), marks, lines, filled)


class _Plane(NamedTuple):
    """Where the days lie, and which value is at the top of the picture."""

    xs: Sequence[float]
    top: int

    def y(self, value: Amount) -> float:
        return 100 - 100 * float(value or 0) / self.top

    def piece(self, run: Sequence[int], values: Sequence[Amount]) -> str:
        return " ".join(f"{per_cent(self.xs[number])},{per_cent(self.y(values[number]))}" for number in run)


def _line(plane: _Plane, one: Series, texts: Sequence[str], label: float, written: Callable[[Number], str]) -> Line:
    return Line(
        code=one.code,
        name=one.name,
        pieces=tuple(plane.piece(run, one.values) for run in _runs(one.values)),
        dots=tuple(
            Dot(per_cent(x), per_cent(plane.y(value)), f"{text}: {one.name} {written(value)}")
            for x, text, value in zip(plane.xs, texts, one.values, strict=True)
            if value is not None
        ),
        label=per_cent(label),
        first=None if one.values[0] is None else written(one.values[0]),
        last=None if one.values[-1] is None else written(one.values[-1]),
    )


def bars(rows: Sequence[tuple[str, Amount, int, int]]) -> list[Bar]:
    """Name, required (None where nothing is), filled and completed of groups, on one scale."""
    longest = max((max(required or 0, filled) for _, required, filled, _ in rows), default=0) or 1

    def width(value: Number) -> str:
        return per_cent(100 * float(value) / float(longest))

    return [
        Bar(name, None if required is None else width(required), width(filled), width(completed))
        for name, required, filled, completed in rows
    ]
