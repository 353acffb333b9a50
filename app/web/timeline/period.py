"""The row of the contract's period, and the rows of what is missing."""

from datetime import date

from app.web.timeline.model import Missing, Prospect, Seen, Stretch
from app.web.timeline.placing import BAR_LINE, Flag, Shelf
from app.web.timeline.rows import BAR, SIGN, Rows
from app.web.timeline.shapes import Box, Sign, upright
from app.web.timeline.words import (
    ADJUSTED,
    CLOSED,
    COUNTS_FROM,
    ENDED_EARLY,
    ENDS_EARLY,
    FROM_TO,
    MISSING,
    OPTION_START,
    PERIOD,
    Words,
)

PERIOD_BAR = 18.0
MOST_ADJUSTMENTS = 4
"""The latest are shown; the list has all."""
GONE = frozenset({Prospect.LOST, Prospect.PAST})
MOST_FLAGS = 3
MOST_MISSING = 5
"""Rows for missing units with days of their own; the others are told in the list."""


def period_row(rows: Rows) -> None:
    """The base period and the options, an early end, decisions."""
    seen, words = rows.seen, rows.words
    rows.name(words.word(PERIOD))
    for stretch in seen.stretches:
        _stretch(rows, stretch)
    marks = [(text, _mark(rows, on)) for on, text in _marks(seen, words)]
    shelf, bars = Shelf(rows.rules), Shelf([*rows.rules, *(x for _, x in marks)])
    left, right = rows.scale.start(seen.facts.starts_on), rows.scale.end(seen.effective_end_on)
    text = words.say(FROM_TO, starts_on=seen.facts.starts_on, ends_on=seen.effective_end_on)
    labels = [(text, left, right)]
    for stretch in seen.stretches:
        if stretch.option:
            ends = rows.scale.start(stretch.starts_on), rows.scale.end(stretch.ends_on)
            labels.append((words.stretch(stretch), *ends))
    for text, left, right in labels:
        spot = bars.inside(text, left, right)
        rows.write(spot or shelf.below(text, left, right), text, "on" if spot else "")
    for text, x in marks:
        rows.write(shelf.below(text, x, x), text)
    rows.close(shelf)


def _stretch(rows: Rows, stretch: Stretch) -> None:
    """A part of the period; what a termination took away is only outlined."""
    end, top = rows.seen.effective_end_on, rows.y + (BAR_LINE - PERIOD_BAR) / 2
    left, right = rows.scale.start(stretch.starts_on), rows.scale.end(stretch.ends_on)
    if stretch.option and stretch.taken_on is None:
        rows.layers.bars.append(Box(left, top, round(right - left, 1), PERIOD_BAR, "option"))
        return
    last = min(right, rows.scale.end(end))
    if last > left:
        rows.layers.bars.append(Box(left, top, round(last - left, 1), PERIOD_BAR, "period"))
        if stretch.option:
            rows.layers.rules.append(upright(left, top, top + PERIOD_BAR, "joint"))
    if right > max(last, left):
        left = max(last, left)
        rows.layers.bars.append(Box(left, top, round(right - left, 1), PERIOD_BAR, "cut"))


def _marks(seen: Seen, words: Words) -> list[tuple[date, str]]:
    """What was decided on a day: an early end, the closing, adjustments; and an early first day."""
    marks = []
    if seen.terminated_on is not None:
        past = seen.terminated_on <= seen.as_of
        marks.append((seen.terminated_on, words.say(ENDED_EARLY if past else ENDS_EARLY, on=seen.terminated_on)))
    if seen.closed_on is not None:
        marks.append((seen.closed_on, words.say(CLOSED, on=seen.closed_on)))
    if seen.facts.counts_from < seen.facts.starts_on:
        marks.append((seen.facts.counts_from, words.say(COUNTS_FROM, on=seen.facts.counts_from)))
    for change in seen.adjustments[-MOST_ADJUSTMENTS:]:
        said = words.say(ADJUSTED, delta=words.signed(change.delta), on=change.effective_on)
        marks.append((change.effective_on, said))
    return sorted(marks)


def _mark(rows: Rows, on: date) -> float:
    """A short line across the period's bar, the sign where the contract ends early; returns its place."""
    x, middle = rows.scale.end(on), rows.y + BAR_LINE / 2
    if on == rows.seen.terminated_on:
        rows.layers.front.append(Sign(x + SIGN + 1, middle, "broke"))
    else:
        half = PERIOD_BAR / 2 + 3
        rows.layers.rules.append(upright(x, middle - half, middle + half, "decision"))
    return x


# --- What is missing


def missing_rows(rows: Rows) -> None:
    if rows.seen.option_start_on is not None:
        rows.rules = [*rows.rules, rows.scale.end(rows.seen.option_start_on)]
    for missing in rows.seen.missing[:MOST_MISSING]:
        _missing_row(rows, missing)


def _missing_row(rows: Rows, missing: Missing) -> None:
    """The time left to start, and what has to be filled from the last day on."""
    seen, words, shelf = rows.seen, rows.words, Shelf(rows.rules)
    last = missing.first_number + missing.count - 1
    numbers = str(last) if missing.count == 1 else f"{missing.first_number}–{last}"
    rows.name(f"{numbers} {words.word(MISSING)}", "strong")
    top, (until, full_on) = rows.y + (BAR_LINE - BAR) / 2, missing.until
    begin, turn, full = (
        rows.scale.start(max(seen.as_of, seen.facts.counts_from)),
        rows.scale.end(until),
        rows.scale.end(full_on),
    )
    gone = missing.prospect in GONE
    if not gone and turn > begin:
        look = "time" if missing.prospect is Prospect.OPEN else "time overdue"
        rows.layers.bars.append(Box(begin, top, round(turn - begin, 1), BAR, look))
    rows.layers.bars.append(Box(turn, top, round(max(full - turn, 2), 1), BAR, "need gone" if gone else "need"))
    left, right = (turn if gone else min(begin, turn)), full
    if gone:
        rows.layers.front.append(Sign(full + SIGN + 1, rows.y + BAR_LINE / 2, "broke"))
        right = full + 2 * SIGN + 1
    shelf.block(left, right)
    _missing_labels(rows, missing, shelf, (left, begin, turn, right))
    rows.close(shelf)


def _missing_labels(rows: Rows, missing: Missing, shelf: Shelf, ends: tuple[float, float, float, float]) -> None:
    """The time left on its bar and the months on theirs where they fit, else beside."""
    left, begin, turn, right = ends
    words, bars = rows.words, Shelf(rows.rules)
    time = words.time_left(missing, rows.seen.as_of)
    needed = words.needed(missing, rows.seen.facts.clause.min_duration_months)
    if missing.prospect in GONE:
        rows.write(shelf.beside(time, left, right, True), time, "strong")
        return
    spots = [
        (time, bars.inside(time, begin, turn, True), "on strong"),
        (needed, bars.inside(needed, turn, right), "on"),
    ]
    for text, spot, look in spots:
        if spot is not None:
            rows.write(spot, text, look)
    outside = [text for text, spot, _ in spots if spot is None]
    if outside == [needed]:
        rows.write(shelf.beside(needed, turn, right), needed)
    elif outside:
        text = ", ".join(outside)
        rows.write(shelf.beside(text, left, right, True), text, "strong")


def flags(rows: Rows) -> list[Flag]:
    """The last days to start with the reason, the earliest first, and the day an option would give."""
    seen, words, clause = rows.seen, rows.words, rows.seen.facts.clause
    found: dict[float, Flag] = {}
    for missing in seen.missing[:MOST_MISSING]:
        for on, said, why in words.limits(missing, clause, seen.effective_end_on):
            x = rows.scale.end(on)
            found.setdefault(x, Flag(x, (said, why), "last"))
    shown = list(found.values())[:MOST_FLAGS]
    if seen.option_start_on is not None:
        x = rows.scale.end(seen.option_start_on)
        if x not in found:
            shown.append(Flag(x, (words.say(OPTION_START, on=seen.option_start_on),), "if"))
    return shown
