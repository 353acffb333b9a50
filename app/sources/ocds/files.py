"""A file of open contracting data: which releases of which procurement it holds.

It is read as a whole: a package cannot be understood before its end, and JSON has no reader in the standard library
that gives a part. So its size is bounded. A release that cannot be read is named with its number, and the others go on.
"""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from app.sources.files import FileUnreadable
from app.sources.ocds import ReleaseRefused
from app.sources.ocds.merging import merged, upgraded

MAX_BYTES = 64 * 1024 * 1024
"""What is read takes some six times as much memory, and ten thousand releases of ours are as large. A larger package
is cut between its releases, or taken page by page from the API."""
MAX_DEPTH = 40
"""The standard's deepest field lies ten levels down; what is deeper is made to break readers."""
MAX_DIGITS = 40
"""No number of a procurement has more."""
LONGEST_OCID = 200
"""No publisher's are longer than some sixty signs; a text is none."""
Json = dict[str, Any]


class Wrong:
    """Stands where JSON has something that is no value: NaN, Infinity, a number beyond all bounds."""


WRONG = Wrong()


class Doubled(dict[str, Any]):
    """An object in which a name stands twice: nobody can say which one holds."""


class Found(NamedTuple):
    """A release as JSON, or why it cannot be taken. `number` counts the releases of the file from 1."""

    number: int
    release: Json | None
    ocid: str = ""
    reason: str = ""


def read_releases(path: Path) -> list[Found]:
    """One release for each procurement in a file: a release or record package, a release, a record, a list of them, or
    one a line. Of a record the compiled release is taken, else its releases are merged, as are all releases of one
    procurement that the file holds. Raises FileUnreadable."""
    if path.stat().st_size > MAX_BYTES:
        raise FileUnreadable("ocds_too_large", megabytes=MAX_BYTES // 1024 // 1024)
    found = list(_numbered(_documents(_text(path.read_bytes()))))
    if not found:
        raise FileUnreadable("ocds_without_releases")
    return _by_procurement(found)


def _text(content: bytes) -> str:
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        raise FileUnreadable("ocds_not_utf8") from None


def _documents(text: str) -> Iterator[Any]:
    """The values of a file: one, or one a line; WRONG where a line cannot be read."""
    try:
        yield _parsed(text)
    except RecursionError:
        raise FileUnreadable("ocds_too_deep") from None
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        if not (isinstance(error, json.JSONDecodeError) and error.msg == "Extra data"):
            raise FileUnreadable("ocds_not_json", line=line) from None
        yield from map(_line, filter(str.strip, text.split("\n")))


def _line(text: str) -> Any:
    try:
        return _parsed(text)
    except (ValueError, RecursionError):
        return WRONG


def _parsed(text: str) -> Any:
    return json.loads(
        text.lstrip("\ufeff"),
        parse_float=_decimal,
        parse_int=lambda digits: int(digits) if len(digits) <= MAX_DIGITS else WRONG,
        parse_constant=lambda _: WRONG,
        object_pairs_hook=_object,
    )


def _decimal(text: str) -> Decimal | Wrong:
    try:
        exact = Decimal(text)
    except InvalidOperation:  # an exponent of thousands of digits
        return WRONG
    return exact if len(text) <= MAX_DIGITS and abs(exact.adjusted()) <= MAX_DIGITS else WRONG


def _object(pairs: list[tuple[str, Any]]) -> Json:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Doubled(made)


# --- From packages to releases


def _numbered(documents: Iterable[Any]) -> Iterator[Found]:
    for number, release in enumerate((one for document in documents for one in _releases(document)), 1):
        yield _checked(number, release)


def _releases(document: Any) -> Iterator[Any]:
    """The releases of whatever a file holds, in its order."""
    if isinstance(document, list):
        for one in document:
            yield from _releases(one)
    elif not isinstance(document, dict):
        yield WRONG
    elif isinstance(document.get("records"), list):
        for record in document["records"]:
            yield from _of_record(record)
    elif "compiledRelease" in document or ("ocid" in document and "releases" in document):
        yield from _of_record(document)
    elif isinstance(document.get("releases"), list):
        yield from document["releases"]
    else:
        yield document


def _of_record(record: Any) -> Iterator[Any]:
    """The compiled release; without one the releases, of which links to elsewhere cannot be followed."""
    if not isinstance(record, dict):
        yield WRONG
    elif isinstance(record.get("compiledRelease"), dict):
        yield record["compiledRelease"]
    elif isinstance(record.get("releases"), list):
        yield from record["releases"]
    else:
        yield record


def _checked(number: int, release: Any) -> Found:
    ocid = release.get("ocid") if isinstance(release, dict) else None
    named = ocid.strip() if isinstance(ocid, str) else ""
    try:
        _check(release, named)
    except ReleaseRefused as error:
        return Found(number, None, named[:LONGEST_OCID], error.code)
    return Found(number, release, named)


def _check(release: Any, ocid: str) -> None:
    """Raises ReleaseRefused where it is no release, or not one that can be read as JSON."""
    if isinstance(release, dict) and not ocid and isinstance(release.get("url"), str):
        raise ReleaseRefused("ocds_linked")
    if not isinstance(release, dict) or not 0 < len(ocid) <= LONGEST_OCID:
        raise ReleaseRefused("ocds_no_release")
    waiting: list[tuple[Any, int]] = [(release, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, Wrong):
            raise ReleaseRefused("ocds_no_number")
        if isinstance(value, Doubled):
            raise ReleaseRefused("ocds_name_twice")
        if depth > MAX_DEPTH:
            raise ReleaseRefused("ocds_too_deep")
        inner = value.values() if isinstance(value, dict) else value
        waiting.extend((one, depth + 1) for one in inner if isinstance(one, dict | list | Wrong))


def _by_procurement(found: Iterable[Found]) -> list[Found]:
    """The releases of one procurement merged, at the place of the first; those refused where they stand."""
    together: dict[str, list[Found]] = {}
    for one in found:
        key = f"r{one.ocid}" if one.release is not None else f"w{one.number}"
        together.setdefault(key, []).append(one)
    return [_one(some) for some in together.values()]


def _one(some: list[Found]) -> Found:
    first = some[0]
    if first.release is None:
        return first
    return first._replace(release=merged([upgraded(one.release) for one in some if one.release is not None]))
