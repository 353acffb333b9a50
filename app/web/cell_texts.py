"""What a text may be in a cell: without signs that no file can hold, and never taken for a formula.

Texts that people typed, or a ledger brought, go to someone else's spreadsheet. One that begins as a formula is marked,
as OWASP advises (owasp.org/www-community/attacks/CSV_Injection): in CSV with an apostrophe before it, in XLSX by the
cell itself, which the apostrophe of Excel is (spreadsheets.py). Nothing is taken away: without the mark the text reads
as it was. Numbers and days are no texts: a negative sum stays a number.
"""

import re
import unicodedata
from functools import lru_cache

MARK = "'"
FORMULA_SIGNS = frozenset("=+-@")
"""Their full-width and other forms begin a formula too where a spreadsheet makes plain signs of them."""
FALL_OFF = frozenset("\t\n")
"""Some readers drop them at the beginning of a cell, and what stands behind them becomes its first sign."""
REMEMBERED = 8192
"""The words of codes and the names of units and suppliers come again in row after row."""
_LINE_END = re.compile(r"\r\n?")
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML or UTF-8 cannot hold, and what steers terminals."""
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories of signs that are passed over in front of a text: blanks, marks of byte order, signs without width."""


@lru_cache(maxsize=REMEMBERED)
def cleaned(text: str) -> str:
    """The text without control characters; lines end alike."""
    return _NO_TEXT.sub("", _LINE_END.sub("\n", text))


@lru_cache(maxsize=REMEMBERED)
def would_run(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula. One that looks marked already is among them, so that
    whoever takes the mark away always has what was written."""
    bare = text.lstrip(MARK)
    return bare[:1] in FALL_OFF or _first_sign(bare) in FORMULA_SIGNS


def _first_sign(text: str) -> str:
    """The first sign that is seen, in its plain form; empty where there is none."""
    for sign in text:
        if unicodedata.category(sign) not in _UNSEEN:
            return unicodedata.normalize("NFKC", sign)[:1]
    return ""


def marked(text: str) -> str:
    """A text as a CSV file has it."""
    plain = cleaned(text)
    return MARK + plain if would_run(plain) else plain
