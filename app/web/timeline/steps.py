"""Purchases under the time line: the sum as steps, a line for each threshold, a dot where positions fell due."""

from collections.abc import Iterator
from itertools import count as count_from

from app.web.timeline.letters import width
from app.web.timeline.model import Accrual, Purchases
from app.web.timeline.placing import APART, overlap
from app.web.timeline.rows import BASE, Rows
from app.web.timeline.shapes import LEFT, RIGHT, TEXT_RIGHT, Sign, Stroke, Written, at, level
from app.web.timeline.words import NEXT_THRESHOLD, PURCHASES

RISE = 27.0
"""From one threshold's line to the next."""
MOST_LINES = 6
LEAST_HEIGHT = 64.0
MOST_LABELS = 6
"""The latest dots are labelled; the list has all."""
FINEST = 1.5
"""Two purchases nearer to each other than this are one step."""


def _strides() -> Iterator[int]:
    """1, 2, 5, 10, 20 … thresholds from line to line."""
    for power in count_from(0):
        yield from (10**power, 2 * 10**power, 5 * 10**power)


class Steps:
    """The panel: heights by sums of money, from the lowest sum to the highest threshold shown."""

    def __init__(self, rows: Rows, bought: Purchases) -> None:
        self.rows, self.bought = rows, bought
        sums = [0, *(cents for _, cents in bought.totals)]
        reached = max(sums) // bought.threshold_cents * bought.threshold_cents
        self.top_cents = max(bought.next_at_cents or 0, reached, bought.threshold_cents, max(sums))
        self.low_cents = min(sums)
        lines = self.lines()
        self.height = max(LEAST_HEIGHT, RISE * len(lines))
        self.top = rows.y + 34
        self.bottom = round(self.top + self.height, 1)

    def lines(self) -> list[int]:
        """The thresholds shown, the highest first: all, or the next and evenly fewer of those reached."""
        threshold = self.bought.threshold_cents
        count = (self.bought.next_at_cents or max(threshold, self.top_cents)) // threshold
        stride = next(stride for stride in _strides() if count <= stride * MOST_LINES)
        reached = [number for number in range(stride, count, stride) if (count - number) * 2 > stride]
        return [threshold * number for number in (count, *reversed(reached))]

    def y(self, cents: int) -> float:
        part = (cents - self.low_cents) / (self.top_cents - self.low_cents)
        return round(self.bottom - part * self.height, 1)

    def draw(self) -> None:
        rows, words = self.rows, self.rows.words
        name = words.word(PURCHASES)
        rows.layers.front.append(Written(0, round(self.top - 12, 1), name))
        total = words.money(self.bought.total_cents)
        rows.layers.front.append(Written(width(name) + 7, round(self.top - 12, 1), total, "strong"))
        self._thresholds()
        self._sum()
        self._dots()
        rows.y = self.bottom + 8

    def _thresholds(self) -> None:
        rows, words = self.rows, self.rows.words
        for cents in self.lines():
            ahead = cents == self.bought.next_at_cents
            rows.layers.grid.append(level(LEFT, RIGHT, self.y(cents), "next" if ahead else "threshold"))
            label = Written(LEFT - 8, round(self.y(cents) + BASE, 1), words.money(cents), "second", True)
            rows.layers.front.append(label)
        rows.layers.grid.append(level(LEFT, RIGHT, self.y(0), "zero"))
        if self.bought.next_at_cents is not None:
            next_at, left = self.bought.next_at_cents, self.bought.left_cents
            text = words.say(NEXT_THRESHOLD, next_at_cents=next_at, left_cents=left)
            x = self._clear_of_rules(text)
            rows.layers.front.append(Written(x, round(self.y(next_at) - 6, 1), text))

    def _clear_of_rules(self, text: str) -> float:
        """Where on the line of the next threshold its label crosses nothing."""
        wide = width(text)
        for x in (*(rule + 8 for rule in self.rows.rules), LEFT + 4, TEXT_RIGHT - wide):
            inside = x >= LEFT and x + wide <= TEXT_RIGHT
            if inside and not any(x - 3 < rule < x + wide + 3 for rule in self.rows.rules):
                return round(x, 1)
        return LEFT + 4

    def _sum(self) -> None:
        """The sum as steps from the contract's start to the day looked at."""
        rows, seen = self.rows, self.rows.seen
        start = rows.scale.start(seen.facts.starts_on)
        end = rows.scale.end(min(seen.as_of, seen.effective_end_on))
        if seen.as_of < seen.facts.starts_on:
            return
        d, before = f"M{at(start)} {at(self.y(0))}", start
        for place, (on, cents) in enumerate(self.bought.totals):
            x = rows.scale.start(on)
            last = place == len(self.bought.totals) - 1
            if x - before >= FINEST or last or not place:
                d += f"H{at(x)}V{at(self.y(cents))}"
                before = x
        d += f"H{at(max(end, before))}"
        rows.layers.grid.append(Stroke(f"{d}V{at(self.y(0))}H{at(start)}Z", "bought-fill"))
        rows.layers.bars.append(Stroke(d, "bought"))

    def _dots(self) -> None:
        """Where positions fell due, labelled as far as there is room."""
        rows = self.rows
        taken: list[tuple[float, float, float]] = []
        for accrual in reversed(self.bought.accruals):
            x, y = rows.scale.start(accrual.on), self.y(accrual.reached_cents)
            rows.layers.front.append(Sign(x, y, "due"))
            if len(taken) < MOST_LABELS:
                self._dot_label(accrual, x, y, taken)

    def _on_steps(self, left: float, right: float, base: float) -> bool:
        """Whether the sum runs through a label."""
        ends = [*(self.rows.scale.start(on) for on, _ in self.bought.totals[1:]), RIGHT]
        for (on, cents), end in zip(self.bought.totals, ends, strict=True):
            if left < end and self.rows.scale.start(on) < right and base - 12 < self.y(cents) < base + 4:
                return True
        return False

    def _dot_label(self, accrual: Accrual, x: float, y: float, taken: list[tuple[float, float, float]]) -> None:
        rows = self.rows
        text = f"+{accrual.units} {rows.words.day(accrual.on)}"
        wide = width(text)
        highest = self.y(self.bought.next_at_cents) if self.bought.next_at_cents is not None else None
        for left, base in ((x - 8 - wide, y - 5), (x + 9, y + 15)):
            clash = any(abs(base - other) < 15 and overlap((left, left + wide), (a, b), APART) for a, b, other in taken)
            crossed = any(left - 3 < rule < left + wide + 3 for rule in rows.rules)
            near = (highest is not None and base - highest < 12) or self._on_steps(left, left + wide, base)
            if left >= LEFT and left + wide <= TEXT_RIGHT and not clash and not crossed and not near:
                taken.append((left, left + wide, base))
                rows.layers.front.append(Written(round(left, 1), round(base, 1), text))
                return
