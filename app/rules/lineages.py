"""Which form of a row of a ledger holds, where later ledgers brought corrected forms of it.

The forms of one row are a lineage. Some are settled: purchases of a contract, and rows of which a person has said where
they belong, or that they belong nowhere. Others still wait for that person.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple


class Form(NamedTuple):
    """One form of a row: the number of the import that brought it, and whether it is settled."""

    id: str
    number: int
    is_settled: bool


def successors(forms: Collection[Form]) -> dict[str, int | None]:
    """By form, the number of the import whose form takes its place, or None where it holds.

    What is settled gives way to the next later form that is settled as well: until a person has decided on the
    correction, the purchase that it corrects counts. What waits gives way to the next later form of any kind, since
    nobody needs to decide on what is no longer so.
    """
    settled = sorted({one.number for one in forms if one.is_settled})
    every = sorted({one.number for one in forms})
    return {one.id: _next(one.number, settled if one.is_settled else every) for one in forms}


def _next(number: int, numbers: Iterable[int]) -> int | None:
    return next((later for later in numbers if later > number), None)
