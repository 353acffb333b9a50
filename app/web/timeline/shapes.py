"""What the picture is made of, ready for the template: no colours, only classes, which the style sheet paints."""

from collections.abc import Iterable
from dataclasses import dataclass, field

WIDTH = 1000.0
LEFT = 168.0
"""Where the days begin, right of the rows' names."""
RIGHT = 984.0
"""Where the days end."""
TEXT_RIGHT = WIDTH - 4
"""How far a label may reach."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float
    look: str
    tag: str = "box"


@dataclass(frozen=True, slots=True)
class Stroke:
    """Lines along a path."""

    d: str
    look: str
    tag: str = "stroke"


@dataclass(frozen=True, slots=True)
class Written:
    """A text on its base line, from `x` to the right or, with `end`, up to it."""

    x: float
    y: float
    text: str
    look: str = ""
    end: bool = False
    tag: str = "text"


@dataclass(frozen=True, slots=True)
class Sign:
    """One of the signs that the template defines, around its middle."""

    x: float
    y: float
    name: str
    tag: str = "sign"


Shape = Box | Stroke | Written | Sign


@dataclass(slots=True)
class Layers:
    """The shapes, back to front: grid, bars, upright lines, then signs and texts."""

    grid: list[Shape] = field(default_factory=list)
    bars: list[Shape] = field(default_factory=list)
    rules: list[Shape] = field(default_factory=list)
    front: list[Shape] = field(default_factory=list)

    def all(self) -> tuple[Shape, ...]:
        return (*self.grid, *self.bars, *self.rules, *self.front)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture; `signs` are those it uses."""

    width: float
    height: float
    shapes: tuple[Shape, ...]

    @property
    def signs(self) -> frozenset[str]:
        return frozenset(shape.name for shape in self.shapes if isinstance(shape, Sign))

    @property
    def texts(self) -> Iterable[Written]:
        return (shape for shape in self.shapes if isinstance(shape, Written))


def at(value: float) -> str:
    """A coordinate as written into a path: a tenth is finer than any screen."""
    return f"{value:.1f}".removesuffix(".0")


def upright(x: float, top: float, bottom: float, look: str) -> Stroke:
    return Stroke(f"M{at(x)} {at(top)}V{at(bottom)}", look)


def level(left: float, right: float, y: float, look: str) -> Stroke:
    return Stroke(f"M{at(left)} {at(y)}H{at(right)}", look)
