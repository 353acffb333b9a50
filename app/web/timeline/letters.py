"""How wide a text is in the face of the pages, so that labels can be kept apart before any browser has drawn them."""

from functools import lru_cache

SIZE = 13.0
"""Of all letters in the picture, in its own units."""
RESERVE = 1.03
"""A reader's device may have another face in the place of Arial, a little wider."""
BOLD = 1.09

_BY_WIDTH = {
    222: "ijl'|",
    278: " !,./:;\\[]ftI\u00a0\u202f",
    333: "-()r`*",
    400: '\u201d"',
    500: "Jckvsxyz",
    556: "#$0123456789?L_abdeghnopquåäöü€–",
    584: "+<=>~−×±",
    611: "FTZ",
    667: "&ABEKPSVXYÅÄ",
    722: "CDHNRUwÜ",
    778: "GOQÖ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "→—…",
}
"""Widths of Arial's letters in thousandths of the size."""
_WIDTHS = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
_OTHER = 722


@lru_cache(maxsize=4096)
def width(text: str, bold: bool = False) -> float:
    """The width of a text in the picture's units, rather too large than too small."""
    total = sum(_WIDTHS.get(letter, _OTHER) for letter in text)
    return total * SIZE / 1000 * RESERVE * (BOLD if bold else 1)
