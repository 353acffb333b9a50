"""Where in a ledger the things stand that are wanted of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.sources.files import FileUnreadable
from app.sources.ledgers.aliases import ALIASES, SHARED, same

TELLING = frozenset({"business_id", "contract_number", "amount", "on_date"})
"""A row is taken for a header only if it names one of these."""
FEWEST_MEANINGS = 2
"""Fewer known names could be a title."""
IDENTIFYING = ("contract_number", "voucher", "invoice_number", "account", "service_class", "buying_unit")
"""What tells a row from others, beside supplier, day and amount; after these come FURTHER. Names of things are taken
only where nothing shorter says which: they change. The supplier's name is none: it may be a person's."""
FURTHER = ("cost_centre", "division")
NAMES = {"account": "account_name", "buying_unit": "buying_unit_name"}
"""What stands in where the number is missing."""

SPARE = frozenset({"buyer", "supplier_number", "cost_centre", "division"})
"""Of these the first will do where there are two."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a ledger: meaning → place, and how many there are."""

    places: Mapping[str, int]
    width: int

    @property
    def lacks(self) -> tuple[str, ...]:
        """The meanings without which no row can be attached; "business_id" where neither the supplier's ID nor a
        contract number is there."""
        missing = [] if self.places.keys() & {"business_id", "contract_number"} else ["business_id"]
        missing += [] if self.places.keys() & {"on_date", "month"} else ["on_date"]
        return (*missing, *([] if "amount" in self.places else ["amount"]))

    @property
    def layout(self) -> str:
        """The same for ledgers whose rows are told apart by the same things."""
        there = [one for one in (*IDENTIFYING, *FURTHER) if {one, NAMES.get(one)} & self.places.keys()]
        return hashlib.blake2b(" ".join(sorted(there)).encode(), digest_size=8).hexdigest()


def known_meanings(header: Sequence[str]) -> Mapping[str, int]:
    """Which meanings a row names, and where; none where it is no header."""
    names = [same(cell) for cell in header]
    firsts = {name: at for at, name in reversed(list(enumerate(names))) if name}
    places: dict[str, int] = {}
    taken: set[int] = set()
    for meaning, wanted in ALIASES.items():
        free = (firsts[name] for name in wanted if name in firsts and (meaning in SHARED or firsts[name] not in taken))
        at = next(free, None)
        if at is not None:
            places[meaning] = at
            taken.add(at)
    return places if len(places) >= FEWEST_MEANINGS and places.keys() & TELLING else {}


def columns_of(header: Sequence[str]) -> Columns:
    """The columns of a header row. Raises FileUnreadable where one that is needed stands there twice: which of the two
    says it is not guessed."""
    places = known_meanings(header)
    names = [same(cell) for cell in header]
    spare = SPARE | {name for number, name in NAMES.items() if number in places}
    for at in sorted({at for meaning, at in places.items() if meaning not in spare}):
        if names.count(names[at]) > 1:
            raise FileUnreadable("column_twice", column=" ".join(header[at].split()))
    return Columns(places, len(header))
