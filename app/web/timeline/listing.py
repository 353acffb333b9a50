"""The same facts as a list from top to bottom, for phones and as the text of the picture, and as tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.language import formats
from app.language.positions import not_counted_sentence
from app.web.timeline.model import Job, Kind, Missing, Prospect, Purchases, Seen, Stretch, Trouble
from app.web.timeline.rows import SIGNS, grouped_kinds
from app.web.timeline.words import (
    ADJUSTED,
    CLOSED,
    COMPLETE_THEN,
    COUNTS_FROM,
    DECIDED,
    ENDED_EARLY,
    ENDS_EARLY,
    GROUPED,
    JOBS,
    MISSING,
    MISSING_COUNT,
    NEXT_THRESHOLD,
    NO_MORE,
    NOT_COUNTED,
    OPTION_START,
    OPTION_TAKEN_ON,
    PER_THRESHOLD,
    PERIOD,
    PURCHASES,
    REACHED,
    TOTAL,
    Words,
)

MOST_ACCRUALS = 10
"""Days on which positions fell due; earlier ones are in the contract's list of purchases."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item: its sign, what it is, and lines about it. A job has the address of its page."""

    sign: str
    title: str
    lines: tuple[str, ...] = ()
    address: str = ""
    number: str = ""
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Items under a heading; those of a `folded` section are shown when asked for, those of a `plain` one are no
    jobs."""

    title: str
    entries: tuple[Entry, ...]
    folded: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of jobs; every cell a text."""

    number: str
    job: str
    address: str
    starts: str
    ends: str
    days: str
    full: str
    standing: str
    continues: bool = False


def sections(seen: Seen, words: Words) -> Iterator[Section]:
    """The whole list."""
    yield Section(words.word(PERIOD), tuple(_period(seen, words)), plain=True)
    grouped = grouped_kinds([*(unit.kind for unit in seen.units), *(job.kind for job in seen.not_counted)])
    for kind in grouped - {Kind.NOT_COUNTED}:
        alike = [unit for unit in seen.units if unit.kind is kind]
        entries = [_job(job, unit.number, seen, words) for unit in alike for job in unit.jobs]
        yield Section(formats.capitalised(words.say(GROUPED[kind], jobs=len(alike))), tuple(entries), True)
    shown = [unit for unit in seen.units if unit.kind not in grouped]
    if shown:
        entries = [_job(job, unit.number, seen, words) for unit in shown for job in unit.jobs]
        yield Section(words.word(JOBS), tuple(entries))
    if seen.missing:
        yield Section(words.word(MISSING), tuple(_missing(seen, words)))
    if seen.not_counted:
        entries = [_job(job, None, seen, words) for job in seen.not_counted]
        yield Section(words.word(NOT_COUNTED), tuple(entries), Kind.NOT_COUNTED in grouped)
    if seen.purchases is not None:
        yield Section(words.word(PURCHASES), tuple(_purchases(seen.purchases, words)), plain=True)


def rows(seen: Seen, words: Words) -> Iterator[Row]:
    """The table of jobs: those that count, what is missing, those that do not count."""
    for unit in seen.units:
        for job in unit.jobs:
            yield _row(job, unit.number if not job.continues else None, seen, words)
    for missing in seen.missing:
        yield _missing_row(missing, seen, words)
    for job in seen.not_counted:
        yield _row(job, None, seen, words)


# --- The period


def _period(seen: Seen, words: Words) -> Iterator[Entry]:
    for stretch in seen.stretches:
        yield _stretch(stretch, words)
    termination = seen.facts.termination
    if seen.terminated_on is not None and termination is not None:
        past = seen.terminated_on <= seen.as_of
        title = words.say(ENDED_EARLY if past else ENDS_EARLY, on=seen.terminated_on)
        yield Entry("broke", formats.capitalised(title), (words.say(DECIDED, on=termination.decided_on),))
    if seen.facts.counts_from < seen.facts.starts_on:
        yield Entry("", formats.capitalised(words.say(COUNTS_FROM, on=seen.facts.counts_from)))
    for change in seen.adjustments:
        said = words.say(ADJUSTED, delta=words.signed(change.delta), on=change.effective_on)
        yield Entry("", formats.capitalised(said))
    if seen.closed_on is not None:
        yield Entry("", formats.capitalised(words.say(CLOSED, on=seen.closed_on)))


def _stretch(stretch: Stretch, words: Words) -> Entry:
    taken = (words.say(OPTION_TAKEN_ON, taken_on=stretch.taken_on),) if stretch.taken_on is not None else ()
    return Entry("", formats.capitalised(words.stretch(stretch)), taken)


# --- Jobs


def _title(job: Job, words: Words) -> str:
    form, group = words.label("employment_form", job.form), words.label("target_group", job.group)
    return f"{formats.capitalised(form)}, {group}"


def _sign(job: Job) -> str:
    if job.trouble is Trouble.SHORT:
        return "broke"
    return SIGNS.get(job.kind, "late" if job.trouble is Trouble.LATE else "full")


def _job(job: Job, number: int | None, seen: Seen, words: Words) -> Entry:
    lines = [words.lasting(job)]
    if job.kind is Kind.NOT_COUNTED:
        lines += [not_counted_sentence(code, words.language) for code in job.reasons]
    else:
        lines.append(words.standing(job, seen.as_of))
        if job.kind is Kind.RUNNING and job.trouble is not Trouble.SHORT:
            lines.append(words.days(job.served, job.needed))
    shown = str(number) if number is not None and not job.continues else ""
    told = tuple(formats.capitalised(line) for line in lines)
    return Entry(_sign(job), _title(job, words), told, f"/positions/{job.id}", shown, job.continues)


def _row(job: Job, number: int | None, seen: Seen, words: Words) -> Row:
    counts = job.kind is not Kind.NOT_COUNTED
    standing = words.standing(job, seen.as_of)
    if not counts:
        standing = " ".join(not_counted_sentence(code, words.language) for code in job.reasons)
    return Row(
        number=str(number) if number is not None else "",
        job=_title(job, words),
        address=f"/positions/{job.id}",
        starts=words.day(job.starts_on),
        ends="" if job.ends_on is None else words.day(job.ends_on),
        days=words.days(job.served, job.needed) if counts else formats.number(job.served, words.language),
        full=words.day(job.full_on) if job.full_on is not None else "",
        standing=formats.capitalised(standing),
        continues=job.continues,
    )


# --- What is missing


def _numbers(missing: Missing) -> str:
    last = missing.first_number + missing.count - 1
    return str(last) if missing.count == 1 else f"{missing.first_number}–{last}"


def _missing(seen: Seen, words: Words) -> Iterator[Entry]:
    clause = seen.facts.clause
    for missing in seen.missing:
        gone = missing.prospect in {Prospect.LOST, Prospect.PAST}
        (_, title, why), *earlier = words.limits(missing, clause, seen.effective_end_on)
        told = [words.time_left(missing, seen.as_of), why, *(f"{said}: {reason}" for _, said, reason in earlier)]
        if missing.prospect is Prospect.OPEN:
            told.append(words.say(COMPLETE_THEN, on=missing.full_on))
        lines = tuple(formats.capitalised(line) for line in told)
        title = formats.capitalised(title)
        yield Entry("broke" if gone else "time", title, lines, number=_numbers(missing))
    if seen.option_start_on is not None:
        yield Entry("", formats.capitalised(words.say(OPTION_START, on=seen.option_start_on)))


def _missing_row(missing: Missing, seen: Seen, words: Words) -> Row:
    until, full_on = missing.until
    return Row(
        number=_numbers(missing),
        job=formats.capitalised(words.say(MISSING_COUNT, missing=missing.count)),
        address="",
        starts=formats.capitalised(words.limits(missing, seen.facts.clause, seen.effective_end_on)[0][1]),
        ends="",
        days=words.days(0, missing.days_left if missing.days_left is not None else (full_on - until).days + 1),
        full=words.day(full_on),
        standing=formats.capitalised(words.time_left(missing, seen.as_of)),
    )


# --- Purchases


def _purchases(bought: Purchases, words: Words) -> Iterator[Entry]:
    each = words.say(PER_THRESHOLD, units=bought.per_threshold, threshold_cents=bought.threshold_cents)
    yield Entry("", formats.capitalised(words.say(TOTAL, total_cents=bought.total_cents)), (each,))
    for accrual in bought.accruals[-MOST_ACCRUALS:]:
        said = words.say(REACHED, reached_cents=accrual.reached_cents, on=accrual.on, units=accrual.units)
        yield Entry("due", formats.capitalised(said))
    if bought.next_at_cents is None:
        yield Entry("", formats.capitalised(words.say(NO_MORE)))
        return
    next_at, left = bought.next_at_cents, bought.left_cents
    yield Entry("", formats.capitalised(words.say(NEXT_THRESHOLD, next_at_cents=next_at, left_cents=left)))
