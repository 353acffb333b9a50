"""The attack on folded tables: every table of whole counts that would have been published just so.

`published` is any function from a table to what is published of it, so that poor ways to fold can be attacked too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from app.rules.folding import Folded

Counts = tuple[int, ...]
Publish = Callable[[dict[str, int]], Folded]


def names(categories: int) -> list[str]:
    return [chr(ord("a") + number) for number in range(categories)]


def tables_of(categories: int, total: int) -> Iterator[Counts]:
    """Every way to put `total` people into so many categories."""
    if categories == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables_of(categories - 1, total - first):
            yield (first, *rest)


def by_publication(publish: Publish, categories: int, totals: Iterable[int]) -> dict[Folded, list[Counts]]:
    """All tables, gathered by what would be published of them: what the reader of a publication has to choose from."""
    found: dict[Folded, list[Counts]] = defaultdict(list)
    codes = names(categories)
    for total in totals:
        for counts in tables_of(categories, total):
            found[publish(dict(zip(codes, counts, strict=True)))].append(counts)
    return found


def hidden(publication: Folded, categories: int) -> list[int]:
    """Places of the categories that are not shown."""
    shown = {code for code, _ in publication.shown}
    return [place for place, code in enumerate(names(categories)) if code not in shown]


def values_of(place: int, consistent: Sequence[Counts]) -> set[int]:
    return {counts[place] for counts in consistent}


def determined(publish: Publish, categories: int, totals: Iterable[int], least: int = 2) -> list[tuple[Folded, int]]:
    """Folded cells, by publication and place, that could have fewer than `least` values."""
    return [
        (publication, place)
        for publication, consistent in by_publication(publish, categories, totals).items()
        for place in hidden(publication, categories)
        if len(values_of(place, consistent)) < least
    ]


def determined_together(publish: Sequence[Publish], shape: Sequence[int], most: int) -> list[tuple[Folded, ...]]:
    """What some tables of one quarter give away together, with everyone in each of them: `shape` has the number of
    categories of each, `publish` how each is folded. Any tables with one total fit together, so nothing but the total
    ties them."""
    solved: dict[int, list[dict[Folded, list[Counts]]]] = {
        total: [by_publication(way, size, [total]) for way, size in zip(publish, shape, strict=True)]
        for total in range(most + 1)
    }
    combined: dict[tuple[Folded, ...], list[list[set[int]]]] = {}
    for tables in solved.values():
        for publications in _choices(tables):
            values = combined.setdefault(publications, [[set() for _ in range(size)] for size in shape])
            for number, publication in enumerate(publications):
                for place in range(shape[number]):
                    values[number][place] |= values_of(place, tables[number][publication])
    return [
        publications
        for publications, values in combined.items()
        for number, publication in enumerate(publications)
        for place in hidden(publication, shape[number])
        if len(values[number][place]) < 2
    ]


def _choices(tables: Sequence[dict[Folded, list[Counts]]]) -> Iterator[tuple[Folded, ...]]:
    if not tables:
        yield ()
        return
    for first in tables[0]:
        for rest in _choices(tables[1:]):
            yield (first, *rest)
