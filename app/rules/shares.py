"""How sure a share of people is (Wilson's interval), and whether whole numbers can give it (the GRIM test).

Percentages are in percent. Wilson: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
1927. GRIM: N. J. L. Brown and J. A. J. Heathers, The GRIM test, 2017: a share or a mean of whole numbers that is
reported with so many decimals and its n must come from a whole number out of n.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from app.rules import policy

TENTH = Decimal("0.1")

Interval = tuple[Decimal, Decimal]
"""Low and high end in percent, with one decimal."""


def wilson(numerator: int, denominator: int) -> Interval:
    """The 95 % interval of a share counted exactly; raises ValueError where it is no share of people."""
    if not 0 <= numerator <= denominator:
        raise ValueError(f"no share: {numerator} of {denominator}")
    return _wilson(Decimal(numerator), denominator)


def wilson_of_percent(percent: Decimal, n: int) -> Interval:
    """The 95 % interval of a share that is only known as a percentage of n; raises ValueError as `wilson` does."""
    if not 0 <= percent <= 100:
        raise ValueError(f"no share: {percent} %")
    return _wilson(percent * n / 100, n)


def _wilson(successes: Decimal, n: int) -> Interval:
    """Both ends rounded to a tenth, but never so that the share itself falls out; raises ValueError for n = 0."""
    if n < 1:
        raise ValueError("a share of nobody")
    square = policy.INTERVAL_Z**2
    centre = successes + square / 2
    spread = policy.INTERVAL_Z * (successes * (n - successes) / n + square / 4).sqrt()
    share = 100 * successes / n
    low = max(100 * (centre - spread) / (n + square), Decimal(0)).quantize(TENTH, ROUND_HALF_EVEN)
    high = min(100 * (centre + spread) / (n + square), Decimal(100)).quantize(TENTH, ROUND_HALF_EVEN)
    return min(low, share.quantize(TENTH, ROUND_FLOOR)), max(high, share.quantize(TENTH, ROUND_CEILING))


def fitting_counts(percent: Decimal, n: int) -> range:
    """Every whole k from 0 to n for which k of n, in percent, rounds to the percentage at the decimals it has.

    Halves may have been rounded up or to the even digit: a count fits if either gives the percentage.
    """
    return _rounding_to(percent, n, 100, 0, n)


def possible(percent: Decimal, n: int) -> bool:
    """Whether any whole number out of n gives the percentage."""
    return len(fitting_counts(percent, n)) > 0


def rounds_to(percent: Decimal, numerator: int, denominator: int) -> bool:
    """Whether a share, which may be of more than all, rounds to the percentage."""
    return numerator in _rounding_to(percent, denominator, 100, numerator, numerator)


def fitting_totals(mean: Decimal, n: int, lowest: int, highest: int) -> range:
    """Every whole total of n whole answers from `lowest` to `highest` whose mean rounds to the reported one."""
    return _rounding_to(mean, n, 1, n * lowest, n * highest)


def mean_possible(mean: Decimal, n: int, lowest: int, highest: int) -> bool:
    """Whether n whole answers on the scale can have the mean."""
    return len(fitting_totals(mean, n, lowest, highest)) > 0


def decimals(value: Decimal) -> int:
    """How many decimals a value was reported with."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def half_unit(value: Decimal) -> Decimal:
    """Half a unit of the last decimal that a value was reported with: how far rounding may have moved it."""
    return Decimal(5).scaleb(-decimals(value) - 1)


def _rounding_to(value: Decimal, n: int, whole: int, lowest: int, highest: int) -> range:
    """The whole k for which `whole` × k / n rounds to the value, in whole numbers since it is asked so often.

    A quotient half a unit below the value is rounded up to it; one half a unit above to it only where its last digit
    is even.
    """
    places = decimals(value)
    digits = int(value.scaleb(places))
    halves = 2 * whole * 10**places
    first = -((1 - 2 * digits) * n // halves)
    above = (2 * digits + 1) * n
    last = above // halves if digits % 2 == 0 else -(-above // halves) - 1
    return range(max(first, lowest), min(last, highest) + 1)
