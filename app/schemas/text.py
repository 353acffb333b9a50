"""What no text may hold: personal identity codes, control characters, halves of characters.

The people employed are the vulnerable party: an identity code typed anywhere is refused, and never echoed.
"""

import re
import unicodedata

from stdnum.fi import hetu

_LIKE_AN_IDENTITY_CODE = re.compile(r"(?=(\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]))")
_OPAQUE_ID = re.compile(r"(?i)(?<![0-9a-z])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z])")
"""Our own ids, and the keys clients make: long random hexadecimal, in which anything may stand by chance."""
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")


def holds_identity_code(text: str) -> bool:
    """Whether a Finnish personal identity code, real or temporary, stands anywhere in a text, however it is typed:
    with spaces around the sign, in full-width digits, with other dashes."""
    text = _OPAQUE_ID.sub(" ", text)
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES).upper()
    close = re.sub(r"\s+", "", plain)
    return any(
        _is_identity_code(match[1]) for form in (plain, close) for match in _LIKE_AN_IDENTITY_CODE.finditer(form)
    )


def _is_identity_code(candidate: str) -> bool:
    return bool(hetu.is_valid(candidate, allow_temporary=True))


def holds_control_characters(text: str, *, lines: bool = False) -> bool:
    """Whether a text holds what no keyboard types; `lines` allows line ends and tabs."""
    allowed = "\n\r\t" if lines else ""
    return any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} and sign not in allowed for sign in text)
