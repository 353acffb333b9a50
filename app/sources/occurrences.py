"""Counts how often each of very many things came along, in a few bytes each."""

from array import array
from struct import Struct

FIRST_SLOTS = 2**14
GROWTH = 4
_FIRST_BITS = Struct(">II").unpack_from


class Occurrences:
    """Which occurrence of a digest this is: 1 for the first, 2 for the second.

    A set would need over sixty bytes for each row of a ledger, and a ledger may have ten million. These are hash
    tables with linear probing that keep 32 bits of each digest, while further 32 bits say where to look: about eight
    bytes for each. A full table stays as it is and a larger one follows it. Two digests that share these bits and meet
    (for ten million of them one chance in a few hundred) are only numbered on, the same way each time.
    """

    def __init__(self) -> None:
        self._tables = [_empty(FIRST_SLOTS)]
        self._room = FIRST_SLOTS // 2
        self._repeated: dict[int, int] = {}

    def count(self, digest: bytes) -> int:
        """Counts the digest once more, and says how often it has come by now."""
        home, remainder = _FIRST_BITS(digest)
        kept = remainder or 1
        for slots, mask in self._tables:
            at = home & mask
            while found := slots[at]:
                if found == kept:
                    fingerprint = home << 32 | remainder
                    times = self._repeated.get(fingerprint, 1) + 1
                    self._repeated[fingerprint] = times
                    return times
                at = (at + 1) & mask
        slots[at] = kept
        self._room -= 1
        if not self._room:
            larger = len(slots) * GROWTH
            self._tables.append(_empty(larger))
            self._room = larger // 2
        return 1


def _empty(slots: int) -> "tuple[array[int], int]":
    """A table of so many slots, a power of two, and the mask of a place in it."""
    return array("I", [0]) * slots, slots - 1
