"""What reading a ledger gives."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Unreadable(StrEnum):
    """Why a row of a ledger could not be read. What it holds may be personal."""

    TOTALS_ROW = "totals_row"
    TOO_MANY_CELLS = "too_many_cells"
    BUSINESS_ID_MISSING = "business_id_missing"
    BUSINESS_ID_INVALID = "business_id_invalid"
    BUSINESS_ID_FOREIGN = "business_id_foreign"
    NOT_A_DATE = "not_a_date"
    NOT_MONEY = "not_money"
    AMOUNT_ZERO = "amount_zero"
    IDENTITY_CODE = "identity_code"
    CONTROL_CHARACTERS = "control_characters"


class LedgerRow(NamedTuple):
    """A purchase or credit note that may concern a contract; `line` is where the row begins in the file.

    `key` (32 bytes) names what the row says and is the same for equal rows, however and in which kind of file they are
    written. `voucher` (8 bytes) is the same for all lines of one voucher of one supplier and year, so that corrected
    lines can replace earlier ones; None where the ledger numbers neither vouchers nor invoices.
    """

    line: int
    business_id: str | None
    contract_number: str | None
    on_date: date
    amount_cents: int
    reference: str | None
    account: str | None
    service_class: str | None
    buying_unit: str | None
    key: bytes
    voucher: bytes | None


class UnreadableRow(NamedTuple):
    """A row that was refused, with its cells as they stand: an identity code in them is still to be masked."""

    line: int
    reason: Unreadable
    cells: list[str]


class Chunk(NamedTuple):
    """Some thousand lines of a ledger. `unconcerned` rows belong to nobody who was asked for and were only counted;
    `lines` are those of the chunk, empty ones included, `read_bytes` is how far in the file the reading has come; 0 in
    a workbook."""

    rows: list[LedgerRow]
    unreadable: list[UnreadableRow]
    unconcerned: int
    lines: int
    read_bytes: int


def joined(chunks: Sequence[Chunk]) -> Chunk:
    """Chunks that follow one another as one."""
    return Chunk(
        [row for one in chunks for row in one.rows],
        [row for one in chunks for row in one.unreadable],
        sum(one.unconcerned for one in chunks),
        sum(one.lines for one in chunks),
        chunks[-1].read_bytes,
    )
