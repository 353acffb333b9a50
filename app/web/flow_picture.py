"""The flow of a cohort as a picture: who started on the left, what became of them in the middle, and where they went
on the right. Thickness is people; every band is named and counted where it ends.

Places are in the units of the picture's own square; colours and dashes are the style sheet's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.rules.cohorts import Branch, Flow

WIDTH = 1168
NODE = 14
"""Width of the bar that a band begins and ends at."""
COLUMNS = (0, 400, 800)
"""Where the bars of the three columns begin; their names stand to the right of them."""
TALLEST = 260
"""Height of those who started."""
ROW = 24
"""Least height of a row that has a name, so that no two names collide."""
GAP = 28
"""Between two stages."""
THINNEST = 1.5
TOP = 8


class Box(NamedTuple):
    look: str
    x: float
    y: float
    w: float
    h: float


class Band(NamedTuple):
    look: str
    d: str


class Name(NamedTuple):
    """A text beside a bar; `strong` is the number before it."""

    x: float
    y: float
    strong: str
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stage or a step in words: `look` is the code of its stage."""

    branch: Branch
    look: str
    count: str
    name: str
    steps: tuple["Leaf", ...] = ()


class _Drawing:
    """Collects shapes while the rows of the right column are filled from above."""

    def __init__(self, flow: Flow, started: str, started_name: str) -> None:
        self.scale = TALLEST / max(flow.started, 1)
        self.boxes: list[Box] = [Box("started", COLUMNS[0], TOP, NODE, TALLEST)]
        self.bands: list[Band] = []
        self.names: list[Name] = [Name(COLUMNS[0] + NODE + 10, TOP + 16, started, started_name)]
        self.y = float(TOP)
        self.from_y = float(TOP)

    def thick(self, count: int | None) -> float:
        return max((count or 0) * self.scale, THINNEST)

    def stage(self, leaf: Leaf) -> None:
        height = self.thick(leaf.branch.count)
        rows = [max(self.thick(step.branch.count), ROW) for step in leaf.steps]
        room = max(sum(rows), height, ROW)
        place = self.y + (room - height) / 2
        self.boxes.append(Box(leaf.look, COLUMNS[1], place, NODE, height))
        self.bands.append(_band(leaf.look, COLUMNS[0] + NODE, self.from_y, COLUMNS[1], place, height))
        self.names.append(Name(COLUMNS[1] + NODE + 10, place + max(height / 2, 4) + 5, leaf.count, leaf.name))
        self.from_y += height
        self._steps(leaf, rows, place)
        self.y += room + GAP

    def _steps(self, leaf: Leaf, rows: Sequence[float], stage_y: float) -> None:
        y = self.y
        for step, room in zip(leaf.steps, rows, strict=True):
            height = self.thick(step.branch.count)
            place = y + (room - height) / 2
            self.boxes.append(Box(leaf.look, COLUMNS[2], place, NODE, height))
            self.bands.append(_band(leaf.look, COLUMNS[1] + NODE, stage_y, COLUMNS[2], place, height))
            self.names.append(Name(COLUMNS[2] + NODE + 10, y + room / 2 + 5, step.count, step.name))
            stage_y += height
            y += room


def _band(look: str, x: float, y: float, to_x: float, to_y: float, height: float) -> Band:
    """From one bar to another, as thick at both ends."""
    middle = (x + to_x) / 2
    out = f"M{x:.0f} {y:.1f}C{middle:.0f} {y:.1f} {middle:.0f} {to_y:.1f} {to_x:.0f} {to_y:.1f}"
    low, to_low = y + height, to_y + height
    back = f"V{to_low:.1f}C{middle:.0f} {to_low:.1f} {middle:.0f} {low:.1f} {x:.0f} {low:.1f}Z"
    return Band(look, out + back)


def draw(flow: Flow, started: str, started_name: str, stages: Sequence[Leaf]) -> Picture:
    """The picture of a flow whose stages are in words."""
    drawing = _Drawing(flow, started, started_name)
    for leaf in stages:
        if leaf.branch.count:
            drawing.stage(leaf)
    height = max(drawing.y - GAP, TOP + TALLEST, drawing.from_y) + TOP
    return Picture(WIDTH, round(height), tuple(drawing.boxes), tuple(drawing.bands), tuple(drawing.names))
