"""What no text may hold: personal identity codes, control characters, halves of characters.

The people employed are the vulnerable party: an identity code typed anywhere is refused, and never echoed.
"""

import re
import unicodedata

from stdnum.fi import hetu

_LIKE_AN_IDENTITY_CODE = re.compile(r"(?=(\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]))")
_OPAQUE_ID = re.compile(r"(?i)(?<![0-9a-z])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z])")
"""Our own ids, and the keys clients make: long random hexadecimal, in which anything may stand by chance."""
_DASHES = frozenset("−⁃ー")
"""What looks like a dash and is none by its category."""


def holds_identity_code(text: str) -> bool:
    """Whether a Finnish personal identity code, real or temporary, stands anywhere in a text, however it is typed:
    with spaces, dots or slashes between, in other digits, with other or more dashes, with invisible signs inside."""
    plain = _plain(_OPAQUE_ID.sub(" ", text))
    close = re.sub(r"\s+", "", plain)
    bare = re.sub(r"-+", "-", re.sub(r"[./]", "", close))
    return any(
        _is_identity_code(match[1]) for form in {plain, close, bare} for match in _LIKE_AN_IDENTITY_CODE.finditer(form)
    )


def _plain(text: str) -> str:
    """The text in plain signs, as a reader takes it."""
    if text.isascii():
        return text.upper()
    return "".join(map(_plain_sign, unicodedata.normalize("NFKC", text))).upper()


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
