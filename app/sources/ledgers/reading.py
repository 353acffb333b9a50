"""From rows of cells to purchases. Nineteen rows of twenty belong to nobody we know: these are only counted."""

from collections.abc import Callable, Collection, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any, NamedTuple

from app.garbage import looking_for_no_cycles
from app.sources.ledgers.cells import MISSING, cents_of, day_of, is_total, month_of, supplier_of, told_apart, words_of
from app.sources.ledgers.columns import Columns
from app.sources.ledgers.making import NOWHERE, Party, RowMaker
from app.sources.ledgers.remembering import LONGEST_REMEMBERED
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
_LINE = itemgetter(0)


class _Plain(NamedTuple):
    """Rows with a cell for each column, about parties that are known."""

    lines: list[int]
    rows: list[Sequence[str]]
    parties: list[Party]


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
        self._refused: set[str] = set()
        self._day, self._amount = at.get("on_date", at.get("month", NOWHERE)), at.get("amount", NOWHERE)
        self._day_of = day_of if "on_date" in at else month_of

    def read(
        self, lines: Sequence[int], rows: Sequence[Sequence[Any]]
    ) -> tuple[list[LedgerRow], list[UnreadableRow], int]:
        """What the rows that begin on these lines say, and how many were only counted."""
        with looking_for_no_cycles():
            return self._read(lines, rows)

    def _read(
        self, lines: Sequence[int], rows: Sequence[Sequence[Any]]
    ) -> tuple[list[LedgerRow], list[UnreadableRow], int]:
        plain = _Plain([], [], [])
        odd: list[LedgerRow | UnreadableRow | bool | None] = []
        unconcerned = 0
        width, party_cells, remembered = self._width, self._party_cells, self._parties.get
        as_they_are = self._as_text is None
        for line, cells in zip(lines, rows, strict=True):
            party = remembered(party_cells(cells), UNKNOWN) if len(cells) == width else UNKNOWN
            if party is None:
                unconcerned += 1
            elif as_they_are and party is not UNKNOWN and party.reason is None:
                plain.lines.append(line)
                plain.rows.append(cells)
                plain.parties.append(party)
            else:
                odd.append(self._row(line, cells))
        odd += self._read_plain(plain)
        readable = [row for row in odd if isinstance(row, LedgerRow)]
        unreadable = [row for row in odd if isinstance(row, UnreadableRow)]
        readable.sort(key=_LINE)
        unreadable.sort(key=_LINE)
        return readable, unreadable, unconcerned + odd.count(False)

    def _read_plain(self, plain: _Plain) -> list[LedgerRow | UnreadableRow | bool | None]:
        """What rows say that are about someone known: column by column, which takes half the time that row by row
        takes. A row that something is wrong with is looked at by itself."""
        if not plain.rows:
            return []
        lines, rows, parties = plain
        columns: list[Sequence[str]] = [*zip(*rows, strict=True)]
        forbidden = any(self._holds_forbidden(column) for column in columns)
        columns.append(("",) * len(rows))  # what stands NOWHERE
        days, amounts = map(self._day_of, columns[self._day]), map(cents_of, columns[self._amount])
        days_and_cents = list(zip(days, amounts, strict=True))
        good = [bool(day and cents) for day, cents in days_and_cents]
        if forbidden:
            good = [fine and self._forbidden(cells) is None for fine, cells in zip(good, rows, strict=True)]
        odd: list[LedgerRow | UnreadableRow | bool | None] = []
        if not all(good):
            odd = [self._row(line, cells) for line, cells, fine in zip(lines, rows, good, strict=True) if not fine]
            columns = [list(compress(column, good)) for column in columns]
            lines, parties = list(compress(lines, good)), list(compress(parties, good))
            days_and_cents = list(compress(days_and_cents, good))
        known = [(day, cents) for day, cents in days_and_cents if day is not None and cents is not None]
        return [*odd, *self._maker.make_all(lines, columns, parties, known)]

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
        if len(str(wanted)) > LONGEST_REMEMBERED:
            return party
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

    def _holds_forbidden(self, column: Sequence[str]) -> bool:
        """Whether what must not be kept stands anywhere in a column."""
        if not self._refused.isdisjoint(column):
            return True
        new = set(column).difference(self._texts)
        if not new or _are_harmless(new):
            return False
        return any(not _are_harmless((text,)) and self._answer(text) is not None for text in new)

    def _forbidden(self, cells: Sequence[str]) -> Unreadable | None:
        """What must not be kept may stand in any cell. Names come again and again, so each is looked at once."""
        for cell in cells:
            code = self._texts.get(cell, NOT_ASKED)
            if code == NOT_ASKED:
                code = None if _are_harmless((cell,)) else self._answer(cell)
            if code is not None:
                return Unreadable(code)
        return None

    def _answer(self, text: str) -> str | None:
        """Asks about a text, and remembers the answer of one that may come again."""
        if len(self._texts) >= TEXTS_REMEMBERED:
            self._texts.clear()
            self._refused.clear()
        code = self._objects(text)
        if len(text) <= LONGEST_REMEMBERED:
            self._texts[text] = code
            if code is not None:
                self._refused.add(text)
        return code


def _are_harmless(texts: Collection[str]) -> bool:
    """Whether none of the texts can hide anything, judged together: few calls for many texts."""
    together = "".join(texts)
    if not (together.isascii() and together.isprintable()):
        return False
    return together.isdigit() or max(map(len, texts)) <= HARMLESS_SIGNS
