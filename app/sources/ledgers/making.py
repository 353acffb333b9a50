"""Makes a purchase of a row that can be read, with the key that names it: over what it says, not how it is written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from itertools import starmap
from typing import NamedTuple

from app.sources.ledgers.cells import first_said, plainly, told_apart
from app.sources.ledgers.columns import FURTHER, NAMES
from app.sources.ledgers.remembering import remembered
from app.sources.ledgers.rows import LedgerRow, Unreadable

MAX_REFERENCE = 200
MAX_ACCOUNT = 100
MAX_NAME = 200
"""Signs kept of what a cell says; no city's are longer."""
KEY_BYTES, VOUCHER_BYTES = 32, 8
NOWHERE = -1
"""The place of a column that is not there: an empty cell put behind all others."""
REMEMBERED = 1 << 14
"""Account, service class and buying unit come together again and again; each such group takes about a kilobyte."""


class Party(NamedTuple):
    """Whom a row is about: both sides of the contract it may belong to, or why it belongs to none."""

    business_id: str | None
    contract_number: str | None
    supplier: str
    """What tells the supplier apart; empty where the cell says nothing."""
    reason: Unreadable | None


class _Described(NamedTuple):
    """What the cells say that many rows share: as it is kept, and as it tells rows apart."""

    account: str | None
    service_class: str | None
    buying_unit: str | None
    told: str
    supplier: str
    buyer: str


class RowMaker:
    """Knows where in the rows of one ledger the parts of a purchase stand."""

    def __init__(self, places: Mapping[str, int]) -> None:
        def at(meaning: str) -> int:
            return places.get(meaning, NOWHERE)

        self._voucher, self._invoice = at("voucher"), at("invoice_number")
        self._shared = (
            *(at("account"), at(NAMES["account"]), at("service_class"), at("buying_unit"), at(NAMES["buying_unit"])),
            *(at("supplier_number"), at("buyer"), *map(at, FURTHER)),
        )
        self._last_voucher = ("", b"")

    def make(self, line: int, cells: Sequence[str], party: Party, on_date: date, cents: int) -> LedgerRow:
        """The purchase of a row whose last cell is what stands nowhere."""
        about = _described(*(cells[place] for place in self._shared))
        return self._made(line, party, (on_date, cents), cells[self._voucher], cells[self._invoice], about)

    def make_all(
        self,
        lines: Iterable[int],
        columns: Sequence[Sequence[str]],
        parties: Iterable[Party],
        days_and_cents: Iterable[tuple[date, int]],
    ) -> list[LedgerRow]:
        """The same of many rows, given as columns."""
        about = starmap(_described, zip(*(columns[place] for place in self._shared), strict=True))
        vouchers, invoices = columns[self._voucher], columns[self._invoice]
        return list(map(self._made, lines, parties, days_and_cents, vouchers, invoices, about))

    def _made(
        self, line: int, party: Party, sold: tuple[date, int], voucher: str, invoice: str, about: _Described
    ) -> LedgerRow:
        on_date, cents = sold
        business_id, contract_number, supplier, _ = party
        account, service_class, unit, told, supplier_number, buyer = about
        supplier = supplier or supplier_number
        voucher_told, invoice_told = plainly(voucher), plainly(invoice) if invoice else ""
        said = (
            f"{supplier}\x1f{told_apart(contract_number or '')}\x1f{on_date.toordinal()}\x1f{cents}\x1f{voucher_told}"
            f"\x1f{invoice_told}\x1f{told}"
        )
        number = voucher_told or invoice_told
        return LedgerRow(
            line,
            business_id,
            contract_number,
            on_date,
            cents,
            " ".join((voucher if voucher_told else invoice).split())[:MAX_REFERENCE] or None,
            account,
            service_class,
            unit,
            _digest(said, KEY_BYTES),
            self._group(f"{buyer}\x1f{number}\x1f{supplier}\x1f{on_date.year}") if number else None,
        )

    def _group(self, said: str) -> bytes:
        """The digest of a voucher, whose lines stand together in most ledgers."""
        if said != self._last_voucher[0]:
            self._last_voucher = said, _digest(said, VOUCHER_BYTES)
        return self._last_voucher[1]


def _digest(text: str, size: int) -> bytes:
    """BLAKE2b, which takes half the time of SHA-256. Halves of characters, which no text has, do not stop it."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


@remembered(REMEMBERED)
def _described(
    number: str, name: str, service: str, unit_number: str, unit_name: str, supplier: str, buyer: str, *further: str
) -> _Described:
    account, account_told = first_said(number, name)
    service_class, class_told = first_said(service, "")
    unit, unit_told = first_said(unit_number, unit_name)
    return _Described(
        account[:MAX_ACCOUNT] or None,
        service_class[:MAX_NAME] or None,
        unit[:MAX_NAME] or None,
        "\x1f".join([account_told, class_told, unit_told, *map(told_apart, further)]),
        told_apart(supplier),
        told_apart(buyer),
    )
