"""What no text may hold: personal identity codes, control characters, halves of characters.

The people employed are the vulnerable party: an identity code typed anywhere is refused, and never echoed.
"""

import re
import unicodedata
from itertools import chain

from stdnum.fi import hetu

_LIKE_AN_IDENTITY_CODE = re.compile(r"(?=(\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]))")
_WITHOUT_ITS_MARK = re.compile(
    r"(?<!\d)(?=(\d\d)[^0-9A-Z]?(\d\d)[^0-9A-Z]?(\d\d)[^0-9A-Z]{0,3}(\d{3})[^0-9A-Z]{0,2}([A-Y])(?![0-9A-Z]))"
)
"""With another sign than the century's mark, or none: taken for one only with a letter at the end, since nine digits
and one more are a telephone number."""
_CENTURIES = "-A"
"""The check letter does not depend on the mark, only the day of birth does."""
_OPAQUE_ID = re.compile(r"(?i)(?<![0-9a-z])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z])")
"""Our own ids, and the keys clients make: long random hexadecimal, in which anything may stand by chance."""
LONGEST_CODE = 60
"""Of a key or an address's part, in signs."""
_DASHES = frozenset("−⁃ー")
"""What looks like a dash and is none by its category."""


def holds_identity_code(text: str) -> bool:
    """Whether a Finnish personal identity code, real or temporary, stands anywhere in a text, however it is typed:
    with spaces, dots or slashes between, in other digits, with other or more dashes, with invisible signs inside."""
    plain = _plain(_OPAQUE_ID.sub(" ", text))
    close = re.sub(r"\s+", "", plain)
    bare = re.sub(r"-+", "-", re.sub(r"[./]", "", close))
    marked = (match[1] for form in {plain, close, bare} for match in _LIKE_AN_IDENTITY_CODE.finditer(form))
    parts = (match.groups() for match in _WITHOUT_ITS_MARK.finditer(plain))
    unmarked = ("".join(one[:3]) + mark + "".join(one[3:]) for one in parts for mark in _CENTURIES)
    return any(map(_is_identity_code, chain(marked, unmarked)))


def _plain(text: str) -> str:
    """The text in plain signs, as a reader takes it."""
    if text.isascii():
        return text.upper()
    # Marks go before, since putting many of them in order takes time that grows with their square.
    unmarked = "".join(sign for sign in text if not unicodedata.combining(sign))
    return "".join(map(_plain_sign, unicodedata.normalize("NFKC", unmarked))).upper()


def _plain_sign(sign: str) -> str:
    match unicodedata.category(sign):
        case "Cf" | "Mn":
            return ""
        case "Pd":
            return "-"
        case "Nd":
            return str(unicodedata.digit(sign))
    return "-" if sign in _DASHES else sign


def _is_identity_code(candidate: str) -> bool:
    return bool(hetu.is_valid(candidate, allow_temporary=True))


def holds_control_characters(text: str, *, lines: bool = False) -> bool:
    """Whether a text holds what no keyboard types; `lines` allows line ends and tabs."""
    allowed = "\n\r\t" if lines else ""
    return any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} and sign not in allowed for sign in text)


def code_from(name: str, joint: str = "_") -> str:
    """What names a thing in addresses, made from its name: small letters without accents and digits, joined between
    words; at most as long as codes may be. Empty where the name has neither letter nor digit of the Latin script."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return joint.join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_CODE].strip(joint)
