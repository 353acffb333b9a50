"""Makes a purchase of a row that can be read, with the key that names it: over what it says, not how it is written."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from app.sources.ledgers.cells import first_said, plainly, told_apart
from app.sources.ledgers.columns import FURTHER, NAMES
from app.sources.ledgers.rows import LedgerRow, Unreadable

MAX_REFERENCE = 200
MAX_ACCOUNT = 100
MAX_NAME = 200
"""Signs kept of what a cell says; no city's are longer."""
KEY_BYTES, VOUCHER_BYTES = 32, 8
NOWHERE = -1
"""The place of a column that is not there: an empty cell put behind all others."""


class Party(NamedTuple):
    """Whom a row is about: both sides of the contract it may belong to, or why it belongs to none."""

    business_id: str | None
    contract_number: str | None
    supplier: str
    """What tells the supplier apart; empty where the cell says nothing."""
    reason: Unreadable | None


class RowMaker:
    """Knows where in the rows of one ledger the parts of a purchase stand."""

    def __init__(self, places: Mapping[str, int]) -> None:
        def at(meaning: str) -> int:
            return places.get(meaning, NOWHERE)

        self._voucher, self._invoice, self._class = at("voucher"), at("invoice_number"), at("service_class")
        self._account, self._account_name = at("account"), at(NAMES["account"])
        self._unit, self._unit_name = at("buying_unit"), at(NAMES["buying_unit"])
        self._supplier_number, self._buyer = at("supplier_number"), at("buyer")
        self._further = tuple(map(at, FURTHER))
        self._last_voucher = ("", b"")

    def make(self, line: int, cells: Sequence[str], party: Party, on_date: date, cents: int) -> LedgerRow:
        """The purchase of a row whose last cell is what stands nowhere."""
        business_id, contract_number, supplier, _ = party
        supplier = supplier or told_apart(cells[self._supplier_number])
        voucher, invoice = cells[self._voucher], cells[self._invoice]
        account, account_told = first_said(cells[self._account], cells[self._account_name])
        service_class, class_told = first_said(cells[self._class], "")
        unit, unit_told = first_said(cells[self._unit], cells[self._unit_name])
        further = "\x1f".join([told_apart(cells[place]) for place in self._further])
        voucher_told, invoice_told = plainly(voucher), plainly(invoice)
        said = (
            f"{supplier}\x1f{told_apart(contract_number or '')}\x1f{on_date.toordinal()}\x1f{cents}\x1f{voucher_told}"
            f"\x1f{invoice_told}\x1f{account_told}\x1f{class_told}\x1f{unit_told}\x1f{further}"
        )
        number = voucher_told or invoice_told
        group = f"{told_apart(cells[self._buyer])}\x1f{number}\x1f{supplier}\x1f{on_date.year}" if number else ""
        return LedgerRow(
            line,
            business_id,
            contract_number,
            on_date,
            cents,
            " ".join((voucher if voucher_told else invoice).split())[:MAX_REFERENCE] or None,
            account[:MAX_ACCOUNT] or None,
            service_class[:MAX_NAME] or None,
            unit[:MAX_NAME] or None,
            _digest(said, KEY_BYTES),
            self._group(group) if group else None,
        )

    def _group(self, said: str) -> bytes:
        """The digest of a voucher, whose lines stand together in most ledgers."""
        if said != self._last_voucher[0]:
            self._last_voucher = said, _digest(said, VOUCHER_BYTES)
        return self._last_voucher[1]


def _digest(text: str, size: int) -> bytes:
    """BLAKE2b, which takes half the time of SHA-256. Halves of characters, which no text has, do not stop it."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
