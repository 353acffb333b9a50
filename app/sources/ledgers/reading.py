"""From rows of cells to purchases. Nineteen rows of twenty belong to nobody we know: these are only counted."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from app.sources.ledgers.cells import MISSING, cents_of, day_of, is_total, month_of, supplier_of, told_apart, words_of
from app.sources.ledgers.columns import Columns
from app.sources.ledgers.making import NOWHERE, Party, RowMaker
from app.sources.ledgers.rows import LedgerRow, Unreadable, UnreadableRow

Concerns = Callable[[str | None, str | None], bool]
Objects = Callable[[str], str | None]

MAX_CONTRACT_NUMBER = 200
PARTIES_REMEMBERED = 1 << 17
"""A large city buys from some ten thousand suppliers a year."""
TEXTS_REMEMBERED = 1 << 17
HARMLESS_SIGNS = 9
"""A text of plain letters and digits that is no longer hides nothing: an identity code has ten signs at the least."""
NOT_ASKED = "not asked"
UNKNOWN = Party(None, None, "", None)


class RowReader:
    """Reads the rows of one ledger. What `concerns` answers of a party must not change meanwhile: it is remembered."""

    def __init__(
        self, columns: Columns, as_text: Callable[[Any], str] | None, concerns: Concerns, objects: Objects
    ) -> None:
        self._width, self._as_text = columns.width, as_text
        self._concerns, self._objects = concerns, objects
        self._maker = RowMaker(columns.places)
        at = columns.places
        self._supplier, self._contract = at.get("business_id"), at.get("contract_number")
        # Both cells, or the one there is: what is looked up for each row.
        self._party_cells = itemgetter(*(place for place in (self._supplier, self._contract) if place is not None))
        self._parties: dict[Any, Party | None] = {}
        self._texts: dict[str, str | None] = {}
        self._day, self._amount = at.get("on_date", at.get("month", NOWHERE)), at.get("amount", NOWHERE)
        self._day_of = day_of if "on_date" in at else month_of

    def read(
        self, lines: Sequence[int], rows: Sequence[Sequence[Any]]
    ) -> tuple[list[LedgerRow], list[UnreadableRow], int]:
        """What the rows that begin on these lines say, and how many were only counted."""
        readable: list[LedgerRow] = []
        unreadable: list[UnreadableRow] = []
        unconcerned = 0
        width, party_cells, remembered = self._width, self._party_cells, self._parties.get
        for line, cells in zip(lines, rows, strict=True):
            if len(cells) == width and remembered(party_cells(cells), UNKNOWN) is None:
                unconcerned += 1
                continue
            row = self._row(line, cells)
            if isinstance(row, LedgerRow):
                readable.append(row)
            elif isinstance(row, UnreadableRow):
                unreadable.append(row)
            elif row is False:
                unconcerned += 1
        return readable, unreadable, unconcerned

    def _row(self, line: int, raw: Sequence[Any]) -> LedgerRow | UnreadableRow | bool | None:
        """None for an empty row, False for one that concerns nobody."""
        cells = list(raw) if self._as_text is None else list(map(self._as_text, raw))
        if len(cells) != self._width:
            if not any(map(words_of, cells)):
                return None
            if any(map(words_of, cells[self._width :])):
                return UnreadableRow(line, Unreadable.TOO_MANY_CELLS, cells)
            raw = cells = [*cells, *[""] * self._width][: self._width]
        wanted = self._party_cells(raw)
        party = self._parties.get(wanted, UNKNOWN)
        if party is UNKNOWN:
            party = self._remember(wanted, self._party(cells))
        if party is None:
            return False
        if party.reason is not None and not any(map(words_of, cells)):
            return None
        return self._purchase(line, cells, party)

    def _remember(self, wanted: Any, party: Party | None) -> Party | None:
        if len(self._parties) >= PARTIES_REMEMBERED:
            self._parties.clear()
        self._parties[wanted] = party
        return party

    def _party(self, cells: Sequence[str]) -> Party | None:
        """Whom a row with these cells is about, None where nobody asked for them."""
        number = None if self._contract is None else words_of(cells[self._contract])[:MAX_CONTRACT_NUMBER]
        if number is not None and number.casefold() in MISSING:
            number = None
        text = "" if self._supplier is None else cells[self._supplier]
        business_id, reason = supplier_of(text)
        if reason is Unreadable.IDENTITY_CODE:
            return Party(None, number, "", reason)
        if business_id is None and number is None:
            return None if self._supplier is None else Party(None, None, "", reason)
        if not self._concerns(business_id, number):
            return None
        missing = reason is Unreadable.BUSINESS_ID_MISSING
        return Party(business_id, number, business_id or ("" if missing else told_apart(text)), None)

    def _purchase(self, line: int, cells: list[str], party: Party) -> LedgerRow | UnreadableRow:
        cells.append("")  # what stands NOWHERE
        day, amount = cells[self._day], cells[self._amount]
        reason = self._objection(cells, party, day, amount)
        if reason is None:
            on_date, cents = self._day_of(day), cents_of(amount)
            if on_date is not None and cents:
                return self._maker.make(line, cells, party, on_date, cents)
            reason = Unreadable.NOT_MONEY if cents is None else Unreadable.AMOUNT_ZERO
            reason = Unreadable.NOT_A_DATE if on_date is None else reason
        return UnreadableRow(line, reason, cells[:-1])

    def _objection(self, cells: Sequence[str], party: Party, day: str, amount: str) -> Unreadable | None:
        """Why the row is none to be read, before its day and its amount are looked at."""
        if (not day or day.isspace()) and (
            is_total(cells) or (party.reason is Unreadable.BUSINESS_ID_MISSING and words_of(amount))
        ):
            return Unreadable.TOTALS_ROW
        if party.reason is not None:
            return Unreadable.TOTALS_ROW if is_total(cells) else party.reason
        return self._forbidden(cells)

    def _forbidden(self, cells: Sequence[str]) -> Unreadable | None:
        """What must not be kept may stand in any cell. Names come again and again, so each is looked at once."""
        answered = self._texts
        for cell in cells:
            if answered.get(cell, NOT_ASKED) is None:
                continue
            if cell.isascii() and (len(cell) <= HARMLESS_SIGNS or cell.isdigit()) and cell.isprintable():
                continue
            if len(answered) >= TEXTS_REMEMBERED:
                answered.clear()
            code = answered[cell] = self._objects(cell)
            if code is not None:
                return Unreadable(code)
        return None
