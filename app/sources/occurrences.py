"""Counts how often each of very many things came along, in a few bytes each."""

from array import array

FIRST_SLOTS = 2**12


class Occurrences:
    """Which occurrence of a digest this is: 1 for the first, 2 for the second.

    A dict would need over a hundred bytes for each row of a ledger, and a ledger has a million. This is a hash table of
    the digests' first 64 bits with linear probing, about 16 bytes for each. Two digests that share these bits (one
    chance in ten million for a million of them) are only numbered on, the same way each time.
    """

    def __init__(self) -> None:
        self._slots = _empty(FIRST_SLOTS)
        self._used = 0
        self._repeated: dict[int, int] = {}

    def count(self, digest: bytes) -> int:
        """Counts the digest once more, and says how often it has come by now."""
        fingerprint = int.from_bytes(digest[:8], "big") or 1
        at = _place(self._slots, fingerprint)
        if self._slots[at]:
            times = self._repeated.get(fingerprint, 1) + 1
            self._repeated[fingerprint] = times
            return times
        self._slots[at] = fingerprint
        self._used += 1
        if self._used * 4 > len(self._slots) * 3:
            self._grow()
        return 1

    def _grow(self) -> None:
        larger = _empty(len(self._slots) * 2)
        for fingerprint in self._slots:
            if fingerprint:
                larger[_place(larger, fingerprint)] = fingerprint
        self._slots = larger


def _empty(slots: int) -> "array[int]":
    return array("Q", bytes(8 * slots))


def _place(slots: "array[int]", fingerprint: int) -> int:
    """Where the fingerprint is, or is to go: the first free slot from its own on."""
    mask = len(slots) - 1
    at = fingerprint & mask
    while slots[at] and slots[at] != fingerprint:
        at = (at + 1) & mask
    return at
