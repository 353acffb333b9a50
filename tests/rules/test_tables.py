"""Out of how many people all figures of a table can come."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.tables import Mean, ShareTable, adding_up, fits, fitting_n, part_counts

AGREE = tuple(map(Decimal, (78, 67, 67)))
SITUATIONS = tuple(map(Decimal, (80, 7, 6, 6, 2)))
PARTICIPANTS = 90
FOLLOW_UP = ShareTable(AGREE, (SITUATIONS,))


def percent(k: int, n: int, places: int = 0) -> Decimal:
    return (Decimal(100 * k) / n).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def test_the_follow_up_of_digirasti_fits_four_numbers_up_to_its_participants() -> None:
    assert fitting_n(FOLLOW_UP, PARTICIPANTS) == (54, 88, 89, 90)
    assert not fits(FOLLOW_UP, 62)


def test_without_adding_up_more_numbers_would_fit() -> None:
    apart = ShareTable(AGREE + SITUATIONS)
    assert fitting_n(apart, PARTICIPANTS) == (54, 81, 82, 83, 85, 86, 87, 88, 89, 90)
    # Out of 81 the situations would be 65, 6, 5, 5 and 2 people, who are 83.
    assert part_counts(SITUATIONS, 81) is None


def test_the_limit_is_among_the_numbers_tried() -> None:
    assert fitting_n(FOLLOW_UP, 53) == ()
    assert fitting_n(FOLLOW_UP, 54) == (54,)
    assert fitting_n(FOLLOW_UP, 89) == (54, 88, 89)


def test_out_of_54_the_situations_are_known_to_the_person() -> None:
    counts = part_counts(SITUATIONS, 54)
    assert counts is not None
    assert [list(part) for part in counts] == [[43], [4], [3], [3], [1]]


def test_a_score_narrows_a_table_too() -> None:
    assert fitting_n(ShareTable(means=(Mean(Decimal("4.3"), 1, 5),)), 12) == (3, 4, 6, 7, 8, 9, 10, 11, 12)
    assert fitting_n(ShareTable((Decimal(50),), means=(Mean(Decimal("4.3"), 1, 5),)), 8) == (4, 6, 8)


def test_an_empty_table_fits_everything() -> None:
    assert fitting_n(ShareTable(), 3) == (1, 2, 3)


@pytest.mark.parametrize(
    ("ranges", "total", "narrowed"),
    [
        ([range(1, 4), range(5, 7)], 5, None),
        ([range(1, 4), range(5, 7)], 6, [[1], [5]]),
        ([range(1, 4), range(5, 7)], 7, [[1, 2], [5, 6]]),
        ([range(1, 4), range(5, 7)], 9, [[3], [6]]),
        ([range(1, 4), range(5, 7)], 10, None),
        ([range(1, 4), range(5, 5)], 6, None),
        ([], 0, []),
        ([], 1, None),
    ],
)
def test_ranges_that_add_up(ranges: list[range], total: int, narrowed: list[list[int]] | None) -> None:
    found = adding_up(ranges, total)
    assert (None if found is None else [list(counts) for counts in found]) == narrowed


RANGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=1, max_size=4)


@given(RANGES, st.integers(0, 40))
def test_the_narrowed_ranges_are_those_that_trying_all_finds(given_ranges: list[tuple[int, int]], total: int) -> None:
    ranges = [range(first, first + length) for first, length in given_ranges]
    solutions = [counts for counts in product(*ranges) if sum(counts) == total]
    found = adding_up(ranges, total)
    assert (found is None) is (not solutions)
    if found is not None:
        assert [set(counts) for counts in found] == [set(values) for values in zip(*solutions, strict=True)]


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6).filter(any),
    st.lists(st.integers(0, 100), max_size=4),
    st.integers(0, 1),
)
def test_a_table_that_was_counted_fits_its_own_n(parts: list[int], others: list[int], places: int) -> None:
    n = sum(parts)
    shares = tuple(percent(min(k, n), n, places) for k in others)
    table = ShareTable(shares, (tuple(percent(part, n, places) for part in parts),))
    assert fits(table, n)
    assert n in fitting_n(table, n)
    counts = part_counts(table.wholes[0], n)
    assert counts is not None
    assert all(part in of_part for part, of_part in zip(parts, counts, strict=True))
