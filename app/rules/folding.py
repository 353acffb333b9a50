"""Folds small counts of people, so that what is published lets nobody work out a count under the limit.

The one implementation: public tables, reports and surveys all use `folded_counts`. It is made for a table of one
dimension whose categories add up to its total, and it takes for granted that the reader knows this algorithm, the
order of the categories and the total (city reports give totals, and several tables of a quarter share theirs).

A category under the limit is folded, one of 0 as well: that there is nobody is information too, and a hidden cell
must not mean "at least one". All that is folded stands as one number, the others. Three things would give a cell away:

1. One category alone among the others, or others who are fewer than the limit: everything about them is known.
2. Others who are all at their most: two categories under 5 with 8 people together have 4 each.
3. A choice that depends on the counts. Where a further category has to be folded, to take the *smallest* is the usual
   advice and a trap: who knows that also knows that it is not larger than any that is shown. Of 10, 10 and 4 it leaves
   a shown 10 and others of 14, which no other table does.

So small categories are folded alone where their sum leaves each of them every value from 0 up to the limit: from the
limit up to what all of them but one could hold at the most. Else the *last* larger category of the list joins them,
whatever its count, and the next to last where together they are still fewer than twice the limit less one. Lists end
with what is least asked for ("other"), so that the largest group is seldom the one that is lost. Where everything is
folded there is only the total, and of a total under the limit only that it is.

What this gives: a category that may be small may be anything from 0 to 4 as far as the reader can tell, and a larger
one that was folded along may have five values at the least. It does not help against someone who knows most of the
people folded, nor can anything where the only reader's question is whether there was anyone at all and the total is
known to be 0.
"""

from collections.abc import Mapping
from typing import NamedTuple

from app.rules import policy


class Folded(NamedTuple):
    """What may be said of counts of people: `shown` categories with their counts, in the order of the list; `others`,
    all that were folded together, None where nothing was or where the total is too small to be told; `total`, None
    where it is under the limit.

    The folded categories are not named: where a list holds only what was recorded, a name would say that someone is
    there. Who has the whole list knows them anyway.
    """

    shown: tuple[tuple[str, int], ...]
    others: int | None
    total: int | None

    @property
    def is_folded(self) -> bool:
        """Whether anything was left out."""
        return self.others is not None or self.total is None


def folded_counts(counts: Mapping[str, int]) -> Folded:
    """The counts of people by category as they may leave the city.

    The order of the categories must not depend on the counts, and each person is in one of them: answers of which
    several may be chosen are a table each (chosen, not chosen). Where a whole list is given, with those of 0, leave out
    what everyone knows to be empty: it would hide nobody. Raises ValueError for a negative count.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count of people is never negative")
    total = sum(counts.values())
    if total < policy.SMALL_COUNT:
        return Folded((), None, None)
    folded = _folded(counts)
    shown = tuple((code, count) for code, count in counts.items() if code not in folded)
    others = sum(counts[code] for code in folded)
    return Folded(shown, others if folded else None, total)


def _folded(counts: Mapping[str, int]) -> set[str]:
    """Which categories are folded; the rules are in the module's docstring."""
    folded = {code for code, count in counts.items() if count < policy.SMALL_COUNT}
    people = sum(counts[code] for code in folded)
    if not folded or policy.SMALL_COUNT <= people <= (policy.SMALL_COUNT - 1) * (len(folded) - 1):
        return folded
    for code in reversed([code for code in counts if code not in folded]):
        folded.add(code)
        people += counts[code]
        if people >= 2 * policy.SMALL_COUNT - 1:
            break
    return folded
