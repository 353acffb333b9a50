"""Texts come again and again in a ledger, and what one says is found out once; long ones hardly ever do."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

LONGEST_REMEMBERED = 250
"""Signs of texts that are remembered: many thousand longer ones, as a ledger can hold them, would fill the memory."""

Reading = TypeVar("Reading", bound=Callable[..., Any])
"""A function of texts alone."""


def remembered(most: int) -> Callable[[Reading], Reading]:
    """What a function says of texts, kept for as many of them."""

    def remembering(read: Reading) -> Reading:
        known = lru_cache(maxsize=most)(read)

        @wraps(read)
        def said(*texts: str) -> Any:
            return known(*texts) if sum(map(len, texts)) <= LONGEST_REMEMBERED else read(*texts)

        return cast(Reading, said)

    return remembering
