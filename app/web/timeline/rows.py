"""The rows of jobs: a bar for each, what is done solid and what is to come dashed, with signs and labels."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.web.timeline.letters import width
from app.web.timeline.model import Job, Kind, Seen, Trouble, Unit
from app.web.timeline.placing import BAR_LINE, LINE, Shelf, Spot
from app.web.timeline.scale import Scale
from app.web.timeline.shapes import LEFT, Box, Layers, Sign, Stroke, Written, at, level
from app.web.timeline.words import GROUPED, Words

BAR = 16.0
THIN = 8.0
SIGN = 7.0
"""Half a sign's width."""
BASE = 4.6
"""From the middle of a line to the base of its letters."""
ROW_GAP = 8.0
MOST_ROWS = 14
"""More units than this are grouped by how they stand, those that need no attention first."""
GROUPING = (Kind.COMPLETED, Kind.NOT_COUNTED, Kind.LATE, Kind.INTERRUPTED, Kind.UPCOMING, Kind.RUNNING)
LANE, LANES = 4.0, 12

SOLID = {Kind.COMPLETED: "done", Kind.LATE: "late", Kind.RUNNING: "runs", Kind.UPCOMING: "runs"} | {
    Kind.INTERRUPTED: "broke",
    Kind.CONTINUED: "broke",
    Kind.NOT_COUNTED: "out",
}
SIGNS = {Kind.COMPLETED: "done", Kind.LATE: "late", Kind.INTERRUPTED: "broke", Kind.CONTINUED: "broke"} | {
    Kind.NOT_COUNTED: "out"
}


class Rows:
    """Draws rows below each other into the layers; `y` is where the next one begins."""

    def __init__(self, seen: Seen, scale: Scale, words: Words, rules: Sequence[float], y: float) -> None:
        self.seen, self.scale, self.words, self.rules, self.y = seen, scale, words, rules, y
        self.layers = Layers()

    # --- Rows

    def name(self, text: str, look: str = "") -> None:
        """The row's name, on two lines where it is long."""
        first, second = text, ""
        while width(first) > LEFT - 12 and " " in first:
            first, _, last = first.rpartition(" ")
            second = f"{last} {second}".strip()
        for place, line in enumerate(part for part in (first, second) if part):
            y = round(self.y + BAR_LINE / 2 + BASE + place * (LINE - 2), 1)
            self.layers.front.append(Written(0, y, line, look))

    def close(self, shelf: Shelf, least: float = 0.0) -> None:
        """Ends a row."""
        self.y = round(self.y + max(shelf.height, least) + ROW_GAP, 1)

    def write(self, spot: Spot, text: str, look: str = "") -> None:
        middle = self.y + BAR_LINE / 2 + (LINE * spot.line + 2 if spot.line else 0)
        self.layers.front.append(Written(round(spot.x, 1), round(middle + BASE, 1), text, look))

    def units(self) -> None:
        """Every unit's row, many of a kind in one."""
        units = [*self.seen.units, *(Unit(None, (job,)) for job in self.seen.not_counted)]
        grouped = grouped_kinds([unit.kind for unit in units])
        for kind in GROUPING:
            alike = [unit for unit in units if unit.kind is kind]
            if kind in grouped:
                self._group(kind, alike)
        for unit in units:
            if unit.kind not in grouped:
                self.unit(unit)

    def unit(self, unit: Unit) -> None:
        form = self.words.label("employment_form", unit.jobs[0].form)
        look = "second" if unit.number is None else ""
        self.name(f"{unit.number} {form[:1].upper()}{form[1:]}" if unit.number else form[:1].upper() + form[1:], look)
        shelf = Shelf(self.rules)
        reach = [self.job(job, shelf) for job in unit.jobs]
        for (_, right), (left, _) in pairwise(reach):
            if left - right > 4:
                self.layers.bars.append(level(right + 3, left - 2, self.y + BAR_LINE / 2, "link"))
                shelf.block(right, left)
        for (left, right), job in reversed(list(zip(reach, unit.jobs, strict=True))):
            text = self.words.standing(job, self.seen.as_of)
            spot = shelf.beside(text, left, right)
            self.write(spot, text, look)
            behind = spot.line == 0 and spot.x >= right
            self._goes_on(job, spot.x + width(text) + 5 if behind else right)
        self.close(shelf)

    # --- Bars

    def job(self, job: Job, shelf: Shelf) -> tuple[float, float]:
        """The bar of a job with its signs; where it begins and ends, signs included."""
        if job.kind is Kind.NOT_COUNTED:
            left, right = self._left_out(job)
        else:
            left, right = self._counted(job)
        shelf.block(left, right)
        return left, right

    def _counted(self, job: Job) -> tuple[float, float]:
        full_on = job.full_on or job.starts_on
        ends_on = full_on if job.ends_on is None else min(job.ends_on, full_on)
        left, right, now = self.scale.start(job.starts_on), self.scale.end(ends_on), self.scale.end(self.seen.as_of)
        done = min(right, now) if job.starts_on <= self.seen.as_of else left
        if done > left:
            self._bar(left, done, SOLID[job.kind])
        if right > done:
            self._bar(done, right, "ahead")
        middle = self.y + BAR_LINE / 2
        name = SIGNS.get(job.kind, "broke" if job.trouble is Trouble.SHORT else "")
        if name in {"", "done", "late"}:
            name = name or ("late" if job.trouble is Trouble.LATE else "full")
        self.layers.front.append(Sign(right + SIGN + 1, middle, name))
        reach = right + 2 * SIGN + 1
        if name == "broke" and job.kind is not Kind.CONTINUED:
            return left, self._shortfall(reach, self.scale.end(full_on))
        return left, reach

    def _shortfall(self, reach: float, full: float) -> float:
        """From the early end to the day on which the months would have been full."""
        if full - reach < 3 * SIGN:
            return reach
        middle = self.y + BAR_LINE / 2
        self.layers.bars.append(level(reach, full - 5, middle, "lost"))
        self.layers.front.append(Sign(full, middle, "unfilled"))
        return full + SIGN

    def _goes_on(self, job: Job, begin: float) -> None:
        """A thin line where a job went on after it was complete."""
        last = self.seen.as_of if job.ends_on is None else min(job.ends_on, self.seen.as_of)
        end = self.scale.end(last)
        if job.kind in {Kind.COMPLETED, Kind.LATE} and end - begin >= 2 * SIGN:
            self.layers.bars.append(level(begin, end, self.y + BAR_LINE / 2, "after"))

    def _left_out(self, job: Job) -> tuple[float, float]:
        last = job.ends_on or max(self.seen.as_of, job.starts_on)
        left, right = self.scale.start(job.starts_on), self.scale.end(last)
        right = max(right, left + 3)
        middle = self.y + BAR_LINE / 2
        self.layers.bars.append(Box(left, middle - THIN / 2, round(right - left, 1), THIN, "out"))
        self.layers.front.append(Sign(right + SIGN + 1, middle, "out"))
        return left, right + 2 * SIGN + 1

    def _bar(self, left: float, right: float, look: str) -> None:
        wide = round(max(right - left, 1.5), 1)
        self.layers.bars.append(Box(left, self.y + (BAR_LINE - BAR) / 2, wide, BAR, look))

    # --- Many in one row

    def _group(self, kind: Kind, units: Sequence[Unit]) -> None:
        """One row for units that stand alike: a thin line for each, in as few lanes as keep them apart."""
        shelf = Shelf(self.rules)
        text = self.words.say(GROUPED[kind], jobs=len(units))
        self.name(text, "second" if kind is Kind.NOT_COUNTED else "")
        spans = [self._span(job) for unit in units for job in unit.jobs]
        lanes = in_lanes(spans)
        deep = max(lanes) + 1
        top = self.y + 4 + (max(0.0, BAR - deep * LANE) / 2)
        parts = (
            f"M{at(left)} {at(top + lane * LANE)}H{at(max(right, left + 1.5))}"
            for (left, right), lane in sorted(set(zip(spans, lanes, strict=True)))
        )
        self.layers.bars.append(Stroke("".join(parts), f"many {SOLID[kind]}"))
        last = max(right for _, right in spans)
        if kind in SIGNS and last + 2 * SIGN < 1000:
            self.layers.front.append(Sign(last + SIGN + 3, self.y + BAR_LINE / 2, SIGNS[kind]))
        self.close(shelf, deep * LANE + 8)

    def _span(self, job: Job) -> tuple[float, float]:
        last = job.ends_on or job.full_on or max(self.seen.as_of, job.starts_on)
        if job.full_on is not None:
            last = min(last, job.full_on)
        return self.scale.start(job.starts_on), self.scale.end(last)


def grouped_kinds(kinds: Sequence[Kind]) -> frozenset[Kind]:
    """The kinds to group so that few enough rows are left; one or two of a kind stay as they are."""
    grouped: set[Kind] = set()
    for kind in GROUPING:
        rows = sum(other not in grouped for other in kinds) + len(grouped)
        if rows <= MOST_ROWS:
            break
        if kinds.count(kind) > 2:
            grouped.add(kind)
    return frozenset(grouped)


def in_lanes(spans: Iterable[tuple[float, float]]) -> list[int]:
    """A lane for each span, the first that is free; the last takes what finds none."""
    ends: list[float] = []
    found = []
    for left, right in spans:
        lane = next((place for place, end in enumerate(ends) if end + 2 <= left), len(ends))
        lane = min(lane, LANES - 1)
        if lane == len(ends):
            ends.append(right)
        ends[lane] = max(ends[lane], right)
        found.append(lane)
    return found
