"""Puts the picture together: axis, day looked at, period, jobs, what is missing, last days to start, purchases."""

from collections.abc import Iterator
from datetime import date

from app.web.timeline.letters import width
from app.web.timeline.model import Kind, Seen, Trouble
from app.web.timeline.period import flags, missing_rows, period_row
from app.web.timeline.placing import LINE, Planted, planted
from app.web.timeline.rows import BASE, Rows
from app.web.timeline.scale import Scale, scale_of, ticks
from app.web.timeline.shapes import TEXT_RIGHT, WIDTH, Drawing, Written, upright
from app.web.timeline.steps import Steps
from app.web.timeline.words import Words

AXIS = 16.0
"""Base line of the axis' labels."""
NOW = 38.0
"""Base line of the label of the day looked at."""
TOP = 48.0
FLAG_LINE = 8.0


def drawn(seen: Seen, when: str, language: str) -> Drawing:
    """The picture; `when` is the label of the day looked at."""
    words = Words(language, brief=True)
    scale = scale_of(days_shown(seen), seen.as_of)
    now = scale.end(seen.as_of)
    limits = {scale.end(day) for missing in seen.missing for day in (missing.latest_start_on, missing.until[0])}
    rows = Rows(seen, scale, words, [now], TOP)
    period_row(rows)
    rows.rules = sorted({now, *limits})
    top = rows.y
    rows.units()
    missing_rows(rows)
    bottom = rows.y
    _flags(rows, top, bottom)
    _now(rows, scale.beyond(seen.as_of), now, when, bottom)
    if seen.purchases is not None:
        rows.rules = [now]
        steps = Steps(rows, seen.purchases)
        steps.draw()
        rows.layers.rules.append(upright(now, steps.top - 8, steps.bottom, "now"))
    _axis(rows, scale, language)
    return Drawing(WIDTH, round(rows.y + 4), rows.layers.all())


def days_shown(seen: Seen) -> Iterator[date]:
    """The days the axis must hold."""
    yield from (seen.facts.starts_on, seen.facts.counts_from, seen.effective_end_on)
    yield from (stretch.ends_on for stretch in seen.stretches)
    for unit in seen.units:
        for job in unit.jobs:
            yield job.starts_on
            early = job.trouble is Trouble.SHORT or job.kind in {Kind.INTERRUPTED, Kind.CONTINUED}
            last = job.ends_on if early else job.full_on
            yield last or job.starts_on
    for job in seen.not_counted:
        yield from (job.starts_on, job.ends_on or job.starts_on)
    for missing in seen.missing:
        yield from (missing.latest_start_on, *missing.until)


def _flags(rows: Rows, top: float, bottom: float) -> None:
    """The upright lines of the last days to start, with their labels at the foot."""
    placed = planted(flags(rows))
    if not placed:
        return
    tops = _line_tops(placed, bottom)
    for one in placed:
        y = tops[one.line]
        aside = one.x > one.flag.x or one.x + one.flag.width < one.flag.x
        foot = y + 16 if aside else y + 1
        rows.layers.rules.append(
            upright(one.flag.x, top if one.flag.look == "last" else bottom - 30, foot, one.flag.look)
        )
        for place, text in enumerate(one.flag.texts):
            look = ("strong " if not place else "") + one.flag.look
            rows.layers.front.append(Written(round(one.x, 1), round(y + 13 + place * LINE, 1), text, look))
    rows.y = tops[-1] + FLAG_LINE


def _line_tops(placed: list[Planted], bottom: float) -> list[float]:
    """Where each line of flags begins, and where the last ends."""
    tops = [bottom]
    for line in range(max(one.line for one in placed) + 1):
        deep = max((len(one.flag.texts) for one in placed if one.line == line), default=0)
        tops.append(tops[-1] + deep * LINE + 4)
    return tops


def _now(rows: Rows, beyond: int, x: float, when: str, bottom: float) -> None:
    """The day looked at, with an arrow where it lies beyond the axis."""
    text = f"← {when}" if beyond < 0 else f"{when} →" if beyond > 0 else when
    wide = width(text, bold=True)
    left = x + 6 if x + 6 + wide <= TEXT_RIGHT else x - 6 - wide
    rows.layers.front.append(Written(round(left, 1), NOW, text, "strong now"))
    rows.layers.rules.append(upright(x, NOW - BASE * 2.4, bottom, "now"))


def _axis(rows: Rows, scale: Scale, language: str) -> None:
    bottom = rows.y
    for tick in ticks(scale, language):
        if tick.line:
            rows.layers.grid.append(upright(tick.x, 4 if tick.label else 24, bottom, "year" if tick.label else "fine"))
        if tick.label:
            rows.layers.front.append(Written(tick.x + 5, AXIS, tick.label, "second"))
