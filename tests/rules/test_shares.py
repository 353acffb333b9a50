"""How sure a share is, and whether whole numbers can give it."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.shares import (
    decimals,
    fitting_counts,
    fitting_totals,
    half_unit,
    mean_possible,
    possible,
    rounds_to,
    wilson,
    wilson_of_percent,
)

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
ROUNDINGS = st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN])


def rounded(value: Fraction, places: int, rounding: str) -> Decimal:
    """A fraction as it would be reported; a fraction of numbers this small is exact enough in 28 digits."""
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal(1).scaleb(-places), rounding)


# --- Wilson's interval


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [
        # R. G. Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3.
        (81, 263, "25.5", "36.6"),
        (15, 148, "6.2", "16.0"),
        (0, 20, "0.0", "16.1"),
        (1, 29, "0.6", "17.2"),
        # The shares of the city's report: finished of those who started, and what 78 % of 62 would be.
        (21, 27, "59.2", "89.4"),
        (20, 20, "83.9", "100.0"),
    ],
)
def test_the_interval_of_a_counted_share(numerator: int, denominator: int, low: str, high: str) -> None:
    assert wilson(numerator, denominator) == (Decimal(low), Decimal(high))


def test_the_interval_of_a_reported_percentage() -> None:
    assert wilson_of_percent(Decimal(78), 62) == (Decimal("66.2"), Decimal("86.5"))
    assert wilson_of_percent(Decimal("50.0"), 100) == wilson(50, 100)


@given(COUNTS)
def test_the_interval_holds_the_share_and_lies_between_nothing_and_all(counts: tuple[int, int]) -> None:
    numerator, denominator = counts
    low, high = wilson(numerator, denominator)
    assert 0 <= low <= Decimal(100 * numerator) / denominator <= high <= 100


@given(st.integers(10**6, 10**9), st.data())
def test_even_a_very_narrow_interval_holds_its_share(n: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(0, n))
    low, high = wilson(numerator, n)
    assert low <= Decimal(100 * numerator) / n <= high


@given(COUNTS)
def test_the_interval_of_the_others_is_its_mirror(counts: tuple[int, int]) -> None:
    numerator, denominator = counts
    low, high = wilson(numerator, denominator)
    assert wilson(denominator - numerator, denominator) == (100 - high, 100 - low)


@given(COUNTS)
def test_the_interval_is_the_one_of_the_textbook(counts: tuple[int, int]) -> None:
    k, n = counts
    p, z = k / n, 1.959964
    centre, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (100 * (centre + sign * spread) / (1 + z * z / n) for sign in (-1, 1))
    found = wilson(k, n)
    assert (float(found[0]), float(found[1])) == pytest.approx((low, high), abs=0.0500001)


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_has_no_interval(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson(numerator, denominator)


@pytest.mark.parametrize(("percent", "n"), [("-0.1", 10), ("100.1", 10), ("50", 0)])
def test_what_is_no_percentage_of_people_has_no_interval(percent: str, n: int) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson_of_percent(Decimal(percent), n)


# --- The GRIM test


@pytest.mark.parametrize(
    ("percent", "n", "counts"),
    [
        # The follow-up of Digirasti: out of 62.
        ("78", 62, []),
        ("67", 62, []),
        ("80", 62, []),
        ("7", 62, []),
        ("6", 62, [4]),
        ("2", 62, [1]),
        ("93", 83, [77]),
        ("50", 1000, [*range(495, 506)]),
        # With decimals the figure says more.
        ("77.4", 62, [48]),
        ("77.40", 62, []),
        ("77.42", 62, [48]),
        # 1 of 8 is 12.5 %: rounded up it is 13, to the even digit 12; 3 of 8 is 38 either way, and never 37.
        ("13", 8, [1]),
        ("12", 8, [1]),
        ("38", 8, [3]),
        ("37", 8, []),
        ("0", 3, [0]),
        ("100", 3, [3]),
        ("101", 3, []),
    ],
)
def test_which_counts_give_a_percentage(percent: str, n: int, counts: list[int]) -> None:
    assert list(fitting_counts(Decimal(percent), n)) == counts
    assert possible(Decimal(percent), n) is bool(counts)


@given(COUNTS, st.integers(0, 3), ROUNDINGS)
def test_a_percentage_that_was_computed_is_never_refused(counts: tuple[int, int], places: int, rounding: str) -> None:
    numerator, denominator = counts
    percent = rounded(Fraction(100 * numerator, denominator), places, rounding)
    assert numerator in fitting_counts(percent, denominator)
    assert rounds_to(percent, numerator, denominator)


@given(st.integers(0, 10_000), st.integers(0, 2), st.integers(1, 200))
def test_the_counts_are_those_that_trying_each_finds(digits: int, places: int, n: int) -> None:
    percent = Decimal(digits).scaleb(-places)
    tried = [
        k
        for k in range(n + 1)
        if percent in {rounded(Fraction(100 * k, n), places, how) for how in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
    ]
    assert list(fitting_counts(percent, n)) == tried


def test_more_than_all_still_rounds() -> None:
    assert rounds_to(Decimal("165.3"), 195, 118)
    assert not rounds_to(Decimal("165.2"), 195, 118)


# --- Means


@pytest.mark.parametrize(
    ("mean", "n", "totals"),
    [
        ("4.3", 83, [*range(353, 362)]),
        ("4.3", 2, []),
        ("4.3", 3, [13]),
        ("4.33", 3, [13]),
        ("4.34", 3, []),
        ("5.0", 4, [20]),
        ("5.1", 4, []),
        ("1", 2, [2]),
        # 3 of 2 answers is 1.5: rounded up 2, to the even digit 2 as well.
        ("2", 2, [3, 4, 5]),
    ],
)
def test_which_totals_give_a_mean(mean: str, n: int, totals: list[int]) -> None:
    assert list(fitting_totals(Decimal(mean), n, 1, 5)) == totals
    assert mean_possible(Decimal(mean), n, 1, 5) is bool(totals)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=200), st.integers(0, 3), ROUNDINGS)
def test_a_mean_that_was_computed_is_never_refused(answers: list[int], places: int, rounding: str) -> None:
    mean = rounded(Fraction(sum(answers), len(answers)), places, rounding)
    assert sum(answers) in fitting_totals(mean, len(answers), 1, 5)


@pytest.mark.parametrize(
    ("value", "places", "half"), [("78", 0, "0.5"), ("78.0", 1, "0.05"), ("7.25", 2, "0.005"), ("1E+2", 0, "0.5")]
)
def test_a_value_says_how_exact_it_is(value: str, places: int, half: str) -> None:
    assert decimals(Decimal(value)) == places
    assert half_unit(Decimal(value)) == Decimal(half)
