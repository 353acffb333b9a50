"""What is remembered of a ledger's texts stays small, whatever the ledger holds."""

import tracemalloc

import pytest

from app.sources.ledgers.remembering import LONGEST_REMEMBERED, remembered


@pytest.mark.parametrize(("signs", "times_read"), [(LONGEST_REMEMBERED, 1), (LONGEST_REMEMBERED + 1, 2)])
def test_a_text_is_read_once_where_it_is_no_long_one(signs: int, times_read: int) -> None:
    read: list[str] = []
    reading = remembered(10)(lambda text: read.append(text) or text.upper())
    assert [reading("x" * signs), reading("x" * signs)] == ["X" * signs] * 2
    assert len(read) == times_read


def test_long_texts_do_not_fill_the_memory() -> None:
    reading = remembered(100_000)(lambda text: text + text)
    tracemalloc.start()
    for number in range(200):
        reading(f"{number} " + "x" * 100_000)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 5_000_000
