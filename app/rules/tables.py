"""Out of how many people all figures of a table can come, where the same people gave them all.

Every percentage must come from a whole number out of n, every mean from whole answers; where percentages are the parts
of one whole, the whole numbers must also add up to n. The numbers that fit one figure lie side by side, so whether some
of them add up is seen from the smallest and the largest of each.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from app.rules.shares import fitting_counts, mean_possible, possible


class Mean(NamedTuple):
    """A mean of whole answers on a scale."""

    value: Decimal
    lowest: int
    highest: int


class ShareTable(NamedTuple):
    """Figures of one group of answerers. `shares` are percentages of their own, `wholes` percentages that are the parts
    of one whole each, `means` scores."""

    shares: tuple[Decimal, ...] = ()
    wholes: tuple[tuple[Decimal, ...], ...] = ()
    means: tuple[Mean, ...] = ()


def fits(table: ShareTable, n: int) -> bool:
    """Whether all figures of the table can come from n people."""
    return (
        all(possible(share, n) for share in table.shares)
        and all(mean_possible(mean.value, n, mean.lowest, mean.highest) for mean in table.means)
        and all(part_counts(parts, n) is not None for parts in table.wholes)
    )


def fitting_n(table: ShareTable, up_to: int) -> tuple[int, ...]:
    """Every number of people from 1 to `up_to` that fits all figures of the table."""
    return tuple(n for n in range(1, up_to + 1) if fits(table, n))


def part_counts(parts: Sequence[Decimal], n: int) -> tuple[range, ...] | None:
    """For each part of one whole, the counts it can have where all of them add up to n; None where they cannot."""
    return adding_up([fitting_counts(part, n) for part in parts], n)


def adding_up(ranges: Sequence[range], total: int) -> tuple[range, ...] | None:
    """The ranges of whole numbers, each narrowed to those with which one out of every range adds up to the total; None
    where none do."""
    if not all(ranges):
        return None
    lowest, highest = sum(counts[0] for counts in ranges), sum(counts[-1] for counts in ranges)
    if not lowest <= total <= highest:
        return None
    return tuple(
        range(max(counts[0], total - (highest - counts[-1])), min(counts[-1], total - (lowest - counts[0])) + 1)
        for counts in ranges
    )
