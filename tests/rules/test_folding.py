"""Folded counts cannot be solved: shown by trying every table that a reader could think of, and poor ways to fold are
solved by the same attack."""

from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.rules.folding import Folded, folded_counts
from app.rules.policy import SMALL_COUNT
from tests.rules.solving import (
    Counts,
    Publish,
    by_publication,
    determined,
    determined_together,
    hidden,
    names,
    tables_of,
    values_of,
)

TOTALS = range(26)
SMALL = set(range(SMALL_COUNT))


def folded(*counts: int) -> Folded:
    return folded_counts(dict(zip(names(len(counts)), counts, strict=True)))


# --- What is shown


def test_at_the_limit_a_category_is_shown_and_under_it_never() -> None:
    assert folded(5, 5) == Folded((("a", 5), ("b", 5)), None, 10)
    assert folded(6, 4, 20) == Folded((("a", 6),), 24, 30)
    assert not folded(5, 5).is_folded


def test_several_small_categories_are_folded_alone() -> None:
    assert folded(20, 4, 1, 0) == Folded((("a", 20),), 5, 25)
    assert folded(20, 4, 4, 0) == Folded((("a", 20),), 8, 28)


def test_a_larger_category_is_folded_along_where_the_small_ones_could_be_told() -> None:
    """Too few people, or as many as there can be: the last larger one joins them, not the smallest."""
    assert folded(20, 4, 0, 30) == Folded((("a", 20),), 34, 54)
    assert folded(20, 4, 4, 30) == Folded((("a", 20),), 38, 58)
    assert folded(20, 6, 4, 30) == Folded((("a", 20), ("b", 6)), 34, 60)


def test_a_second_one_is_folded_along_where_they_are_still_few() -> None:
    assert folded(20, 6, 3, 6) == Folded((("a", 20), ("b", 6)), 9, 35)
    assert folded(20, 6, 3, 5) == Folded((("a", 20),), 14, 34)


def test_a_category_without_people_is_folded_like_one_with_few() -> None:
    assert folded(9, 9, 0) == folded(9, 5, 4)
    assert folded(0, 0, 0) == folded(1, 2, 1)


def test_a_small_total_is_not_told_and_at_the_limit_it_is() -> None:
    assert folded(4, 0) == Folded((), None, None)
    assert folded(4, 1) == Folded((), 5, 5)
    assert folded(4).is_folded
    assert folded_counts({}) == Folded((), None, None)


def test_a_negative_count_is_a_defect() -> None:
    with pytest.raises(ValueError, match="never negative"):
        folded(6, -1)


# --- The attack: all small tables


@pytest.mark.parametrize("categories", range(1, 6))
def test_no_folded_cell_can_be_solved_by_trying_every_table(categories: int) -> None:
    """Each could have five values at the least; one that may be small may be anything from none to four."""
    for publication, consistent in by_publication(folded_counts, categories, TOTALS).items():
        for place in hidden(publication, categories):
            values = values_of(place, consistent)
            assert len(values) >= SMALL_COUNT, (publication, place)
            assert values & SMALL in (set(), SMALL), (publication, place)


@pytest.mark.parametrize("categories", range(1, 6))
def test_every_small_cell_is_folded_and_all_adds_up(categories: int) -> None:
    for total in TOTALS:
        for counts in tables_of(categories, total):
            publication = folded(*counts)
            assert all(count >= SMALL_COUNT for _, count in publication.shown), counts
            if publication.total is not None:
                shown = sum(count for _, count in publication.shown)
                assert shown + (publication.others or 0) == publication.total == total, counts


@pytest.mark.parametrize("total", range(1, SMALL_COUNT))
def test_a_small_total_that_is_known_otherwise_still_tells_no_category(total: int) -> None:
    assert determined(folded_counts, 3, [total]) == []


@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 3, 3), (5, 2)])
def test_tables_of_a_quarter_cannot_be_solved_together(shape: tuple[int, ...]) -> None:
    """They are of the same people: one total."""
    assert determined_together([folded_counts] * len(shape), shape, 10) == []


# --- The attack succeeds where the fold is poor


def _rows(counts: dict[str, int], folded: set[str]) -> Folded:
    shown = tuple((code, count) for code, count in counts.items() if code not in folded)
    return Folded(shown, sum(counts[code] for code in folded) if folded else None, sum(counts.values()))


def small_ones_only(counts: dict[str, int]) -> Folded:
    """Folds what is small and looks no further."""
    return _rows(counts, {code for code, count in counts.items() if count < SMALL_COUNT})


def zeros_shown(counts: dict[str, int]) -> Folded:
    """Takes a category without people for one with nothing to hide."""
    return _rows(counts, {code for code, count in counts.items() if 0 < count < SMALL_COUNT})


def smallest_first(counts: dict[str, int]) -> Folded:
    """The usual advice: two categories and enough people, filled up with the smallest."""
    folded = {code for code, count in counts.items() if count < SMALL_COUNT}
    for code in sorted(counts, key=lambda code: counts[code]):
        if not folded or (len(folded) > 1 and sum(counts[one] for one in folded) >= SMALL_COUNT):
            break
        folded.add(code)
    return _rows(counts, folded)


def total_always_told(counts: dict[str, int]) -> Folded:
    """Folds well, but tells even a total of nobody."""
    publication = folded_counts(counts)
    return publication if publication.total is not None else Folded((), sum(counts.values()), sum(counts.values()))


@pytest.mark.parametrize("publish", [small_ones_only, zeros_shown, smallest_first, total_always_told])
def test_the_attack_solves_poor_ways_to_fold(publish: Publish) -> None:
    assert determined(publish, 3, TOTALS)


def test_who_folds_the_smallest_tells_both_to_who_knows_it() -> None:
    """10 and 4 folded beside 10: the reader sees 14, and that the larger is not larger than the 10 shown. With 4 and 10
    the other way round the second of the equal ones would have been folded."""
    publication = smallest_first({"a": 10, "b": 10, "c": 4})
    assert publication == Folded((("b", 10),), 14, 24)
    assert by_publication(smallest_first, 3, [24])[publication] == [(10, 10, 4)]
    assert folded(10, 10, 4) == Folded((("a", 10),), 14, 24)
    assert len(by_publication(folded_counts, 3, [24])[folded(10, 10, 4)]) == 2 * SMALL_COUNT


def test_one_table_that_tells_a_total_the_other_keeps_is_found_out_together() -> None:
    assert determined(folded_counts, 2, range(6)) == []
    assert determined_together([folded_counts, total_always_told], (2, 2), 5)


# --- Larger tables


COUNTS = st.lists(st.integers(0, 12) | st.integers(0, 300), min_size=2, max_size=12).map(tuple)


def others_like(counts: Counts, places: list[int], place: int) -> Iterator[Counts]:
    """Tables with the same total and other counts in the folded places, among them some with each small count in the
    place: everyone else in one other place, or spread over all others."""
    people = sum(counts[one] for one in places)
    rest = [one for one in places if one != place]
    for value in [*range(min(people, SMALL_COUNT - 1) + 1), *range(max(people - SMALL_COUNT + 1, 0), people + 1)]:
        left = people - value
        share, over = divmod(left, len(rest))
        spread = {one: share + (number < over) for number, one in enumerate(rest)}
        for filled in ({one: left if one == full else 0 for one in rest} for full in rest):
            yield tuple((filled | {place: value}).get(one, count) for one, count in enumerate(counts))
        yield tuple((spread | {place: value}).get(one, count) for one, count in enumerate(counts))


@settings(max_examples=400, deadline=None)
@given(COUNTS)
def test_no_folded_cell_of_a_larger_table_can_be_solved(counts: Counts) -> None:
    """Looked for are tables published just alike with other counts in the cell."""
    publication = folded(*counts)
    places = hidden(publication, len(counts))
    assume(publication.total is not None)
    for place in places:
        found = {like[place] for like in others_like(counts, places, place) if folded(*like) == publication}
        assert len(found | {counts[place]}) >= SMALL_COUNT, (counts, place)
        if counts[place] < SMALL_COUNT:
            assert found >= SMALL, (counts, place)


@settings(max_examples=200, deadline=None)
@given(COUNTS)
def test_at_most_two_larger_categories_are_folded_along(counts: Counts) -> None:
    publication = folded(*counts)
    small = [count for count in counts if count < SMALL_COUNT]
    if publication.total is not None:
        assert len(publication.shown) >= len(counts) - len(small) - 2
        assert small or not publication.is_folded
