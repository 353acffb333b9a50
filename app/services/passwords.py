"""What a password must be, and what is kept of it. After NIST SP 800-63B-4, 3.1.1: length counts, no rules about signs,
no forced renewal, and nothing that others would try first."""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

from pwdlib import PasswordHash

from app.rules.errors import RuleBroken

MIN_LENGTH = 15
"""What NIST asks where the password is all there is (no second factor)."""
MAX_LENGTH = 256
"""Room for any sentence (NIST: at least 64); hashing something longer would only cost time."""
CONTEXT = ("siepp", "helsinki", "helsingin", "kaupunki", "stad", "vantaa", "espoo", "tyollistamisehto", "hankinta")
"""What comes to mind when one stands before this service."""
PARTS_ENOUGH = 3
"""Made of fewer common words than this, a password is guessed by lists with a few digits or a second word added."""
SHORT_NUMBER = 6
"""Digits up to a date: added to a word they make nothing hard to guess."""
HASHED_AT_ONCE = 4
"""Each takes 64 MB for a moment: many sign-ins at once wait for each other instead of exhausting the memory."""

_hashing = PasswordHash.recommended()
_turns = threading.BoundedSemaphore(HASHED_AT_ONCE)


def checked(password: str, about: Iterable[str] = ()) -> str:
    """The password as it is kept. `about` is what others know of its owner: name, e-mail address. Raises RuleBroken
    where it is too short, too long, or what others would try first."""
    password = _typed(password)
    if len(password) < MIN_LENGTH:
        raise RuleBroken("too_short", "password", minimum=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise RuleBroken("too_long", "password", maximum=MAX_LENGTH)
    if _is_guessed(password, about):
        raise RuleBroken("password_common", "password")
    return password


def hashed(password: str) -> str:
    """What is kept of a password (Argon2id), unchecked."""
    with _turns:
        return _hashing.hash(_bytes(password))


def fits(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and its new hash where the parameters of hashing have changed since. It takes as
    long where nothing is kept, so that the time tells nothing."""
    if len(password) > MAX_LENGTH:
        return False, None
    with _turns:
        right, renewed = _hashing.verify_and_update(_bytes(password), kept or _nobodys())
    return right and kept is not None, renewed


def _typed(password: str) -> str:
    """The same on every keyboard and after copying: composed letters, no spaces at the ends."""
    # Cut first: putting thousands of marks in order takes time that grows with their square.
    return unicodedata.normalize("NFC", password[: 4 * MAX_LENGTH]).strip()


def _bytes(password: str) -> bytes:
    return _typed(password).encode("utf-8", "replace")


@cache
def _nobodys() -> str:
    return _hashing.hash("nobody has this password")


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_letters(word) for line in lines if not line.startswith("#") for word in line.split()) - {""}


def _is_guessed(password: str, about: Iterable[str]) -> bool:
    plain = _letters(password)
    if not plain or _repeats(plain) or _counts(plain):
        return True
    known = _common() | set(CONTEXT) | {word for text in about for word in _words(text)}
    return plain in known or _parts(plain, known) < PARTS_ENOUGH


def _letters(text: str) -> str:
    """Letters and digits alone, without marks and case: what is between them makes nothing hard to guess."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def _words(text: str) -> set[str]:
    """The words of a name or an address, and the whole of it."""
    words = {_letters(word) for word in re.split(r"[\W_]+", text)} | {_letters(text)}
    return {word for word in words if len(word) > 2}


def _repeats(text: str) -> bool:
    """Whether it is something shorter again and again."""
    return text in (text + text)[1:-1]


def _counts(text: str) -> bool:
    """Whether every sign follows the one before it: abcdef…, 9876…"""
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(text)}
    return steps in ({1}, {-1})


def _parts(text: str, known: frozenset[str] | set[str]) -> int:
    """Of how few known words it is made; many where it holds anything else. The same word twice in a row counts once,
    and a short number beside words not at all."""
    many = len(text) + 1
    best: list[tuple[int, str]] = [(0, "")]
    longest = max(map(len, known))
    for end in range(1, len(text) + 1):
        found = (many, "")
        for begin in range(max(0, end - longest), end):
            part = text[begin:end]
            count, last = best[begin]
            if count < many and (part in known or _is_short_number(part)):
                beside_words = _is_short_number(part) and not last.isdigit() and not text.isdigit()
                found = min(found, (count + (part != last and not beside_words), part))
        best.append(found)
    return best[-1][0]


def _is_short_number(part: str) -> bool:
    return len(part) <= SHORT_NUMBER and part.isdigit()
