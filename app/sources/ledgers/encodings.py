"""How a text file is written, found out in one reading of it, and what names its content."""

import codecs
import hashlib
from pathlib import Path
from typing import NamedTuple

from app.sources.files import FileUnreadable

CHUNK_BYTES = 1 << 20
"""Read at a time; a text without a single line end in so much is no table."""
START_BYTES = 1 << 16
WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""How packed workbooks and those of old Excel begin; sources.workbooks says whether they are."""
NO_TEXT = (b"%PDF", b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WESTERN = ("cp1252", "utf-8-sig", "mac_roman", "cp850")
"""What programs in Finland write, the likeliest first. Latin-1 is cp1252 for every letter. UTF-8 is among them for a
file in which only a few bytes are broken."""
TELLING_LETTERS = "äöåÄÖÅ"


class Writing(NamedTuple):
    encoding: str
    digest: str
    """SHA-256 of the file, in hexadecimal."""
    size: int
    quotes: bool
    """Whether a quotation mark stands anywhere in it."""


def start_of(path: Path) -> bytes:
    """The beginning of a file. Raises FileUnreadable where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(START_BYTES)
    except OSError:
        raise FileUnreadable("file_not_opened") from None


def digest_of(path: Path) -> str:
    """SHA-256 of the file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def writing_of(path: Path, start: bytes) -> Writing:
    """UTF-16 and UTF-8 by their byte order marks, UTF-8 where the whole file is, else as its letters show. Raises
    FileUnreadable where it is no text, or a text of endless lines."""
    utf_16 = start.startswith(UTF_16)
    if start.startswith(NO_TEXT) or (b"\0" in start and not utf_16):
        raise FileUnreadable("file_not_text")
    encoding, digest, size, quotes = "utf-16" if utf_16 else "utf-8-sig", hashlib.sha256(), 0, False
    decoder = None if utf_16 else codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            if len(chunk) == CHUNK_BYTES and b"\n" not in chunk and b"\r" not in chunk:
                raise FileUnreadable("line_too_long", most=CHUNK_BYTES)
            digest.update(chunk)
            size, quotes = size + len(chunk), quotes or b'"' in chunk
            try:
                if decoder is not None:
                    decoder.decode(chunk)
            except UnicodeDecodeError:
                decoder, encoding = None, _by_letters(chunk)
    return Writing(encoding, digest.hexdigest(), size, quotes)


def _by_letters(sample: bytes) -> str:
    """The encoding in which most Finnish and Swedish letters appear. charset-normalizer was tried on ledgers: it took
    cp1252 for mac_roman and cp850 for cp1252, since names and numbers are no language to it."""

    def letters(encoding: str) -> int:
        text = sample.decode(encoding, "replace")
        return sum(map(text.count, TELLING_LETTERS))

    return max(WESTERN, key=letters)
