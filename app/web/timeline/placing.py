"""Finds labels a place where they touch no other, and no upright line where that can be had."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations

from app.web.timeline.letters import width
from app.web.timeline.shapes import LEFT, TEXT_RIGHT

GAP = 8.0
"""Between a bar and its label."""
APART = 7.0
"""Between two labels of a line."""
LINE = 17.0
"""From one line of labels to the next."""
BAR_LINE = 24.0
"""The height of the line with the bars."""

Span = tuple[float, float]


def overlap(one: Span, other: Span, apart: float = 0.0) -> bool:
    return one[0] < other[1] + apart and other[0] < one[1] + apart


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text begins: its line within the row (0 is that of the bars) and its left end."""

    line: int
    x: float


@dataclass(slots=True)
class Shelf:
    """A row of the picture: the bars' line and as many lines of labels below as turn out to be needed."""

    rules: Sequence[float]
    lines: list[list[Span]] = field(default_factory=lambda: [[]])

    def block(self, left: float, right: float) -> None:
        """Keeps a stretch of the bars' line free of labels."""
        self.lines[0].append((left, right))

    @property
    def height(self) -> float:
        return BAR_LINE + LINE * (len(self.lines) - 1)

    def inside(self, text: str, left: float, right: float, bold: bool = False) -> Spot | None:
        """A place for a text on a bar, left of or between the upright lines; None where there is none."""
        edges = sorted({left, *(x for x in self.rules if left < x < right)})
        for edge in edges:
            span = (edge + GAP, edge + GAP + width(text, bold))
            if span[1] <= right - 3 and self._free(0, span) and not self._crossed(span):
                self.lines[0].append(span)
                return Spot(0, span[0])
        return None

    def beside(self, text: str, left: float, right: float, bold: bool = False) -> Spot:
        """A place for the label of what reaches from `left` to `right`: after it, before it, else below."""
        wide = width(text, bold)
        beside = [(right + GAP, right + GAP + wide), (left - GAP - wide, left - GAP)]
        below = self._below(wide, left, right)
        tries: list[tuple[int, Span, bool]] = [(0, span, False) for span in beside]
        tries += [(1, span, False) for span in below]
        tries += [(0, span, True) for span in beside]
        tries += [(line, span, True) for line in range(1, len(self.lines) + 2) for span in below]
        for line, span, crossing in tries:
            if self._free(line, span) and (crossing or not self._crossed(span)):
                return self._take(line, span)
        return self._take(len(self.lines), below[0])  # not reached: a new line is always free

    def below(self, text: str, left: float, right: float) -> Spot:
        """A place on one of the lines below."""
        spans = self._below(width(text), left, right)
        for crossing in (False, True):
            for line in range(1, len(self.lines) + 1 + crossing):
                for span in spans:
                    if self._free(line, span) and (crossing or not self._crossed(span)):
                        return self._take(line, span)
        return self._take(len(self.lines), spans[0])

    def _below(self, wide: float, left: float, right: float) -> list[Span]:
        """Under the beginning, under the end, and moved into the picture."""
        starts = [left, right - wide, right + GAP, left - GAP - wide]
        found = [(x, x + wide) for x in starts if x >= LEFT and x + wide <= TEXT_RIGHT]
        moved = max(LEFT, min(left, TEXT_RIGHT - wide))
        return [*found, (moved, moved + wide)]

    def _free(self, line: int, span: Span) -> bool:
        if span[0] < LEFT or span[1] > TEXT_RIGHT:
            return line > 0 and line >= len(self.lines)  # a text wider than the picture gets a line of its own
        return line >= len(self.lines) or not any(overlap(span, other, APART) for other in self.lines[line])

    def _crossed(self, span: Span) -> bool:
        return any(span[0] - 3 < x < span[1] + 3 for x in self.rules)

    def _take(self, line: int, span: Span) -> Spot:
        while len(self.lines) <= line:
            self.lines.append([])
        self.lines[line].append(span)
        return Spot(line, span[0])


@dataclass(frozen=True, slots=True)
class Flag:
    """A label at the foot, where it may reach below the rows' names: of an upright line, its texts one
    below the other, the first of them bold."""

    x: float
    texts: tuple[str, ...]
    look: str

    @property
    def width(self) -> float:
        return max(width(text, bold=place == 0) for place, text in enumerate(self.texts))


@dataclass(frozen=True, slots=True)
class Planted:
    """A flag with its line of the foot (0 is the uppermost) and the left end of its texts."""

    flag: Flag
    line: int
    x: float


def planted(flags: Sequence[Flag]) -> list[Planted]:
    """Places for flags (a few) at the foot of the picture: no label on another, no upright line through a label.

    Every order of planting is tried; the one with the fewest lines through labels and the least depth is taken.
    """
    return min((_planted_in(order, flags) for order in permutations(flags)), key=_untidy)


def _planted_in(order: Sequence[Flag], flags: Sequence[Flag]) -> list[Planted]:
    found: list[Planted] = []
    for flag in order:
        wide = flag.width
        under = max(0.0, min(flag.x - wide / 2, TEXT_RIGHT - wide))
        starts = [flag.x + GAP, flag.x - GAP - wide, under]
        tries = [Planted(flag, line, x) for line in range(len(found) + 1) for x in starts]
        standing = [one for one in tries if _stands(one, found)]
        clear = [one for one in standing if not any(_covers(one, other.x) for other in flags if other is not flag)]
        lowest = max((other.line for other in found), default=-1) + 1
        found.append(next(iter([*clear, *standing]), Planted(flag, lowest, under)))
    return found


def _untidy(found: Sequence[Planted]) -> tuple[int, int]:
    crossed = sum(one.line <= other.line and _covers(one, other.flag.x) for one, other in permutations(found, 2))
    return crossed, max((one.line for one in found), default=0)


def _covers(one: Planted, x: float) -> bool:
    return one.x - 3 < x < one.x + one.flag.width + 3


def _stands(one: Planted, others: Sequence[Planted]) -> bool:
    """Whether a flag keeps to the picture and clear of those that stand."""
    end = one.x + one.flag.width
    if one.x < 0 or end > TEXT_RIGHT:
        return False
    for other in others:
        if one.line == other.line and overlap((one.x, end), (other.x, other.x + other.flag.width), APART):
            return False
        if one.line > other.line and _covers(other, one.flag.x):
            return False
        if one.line <= other.line and _covers(one, other.flag.x):
            return False
    return True
