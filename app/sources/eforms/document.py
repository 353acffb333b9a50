"""An XML file read safely: no document type, no entities, nothing fetched, and no more of it than a notice can be.

Hilma's interface sends the same XML inside a JSON document, next to its national statistics by lot; that is taken too.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from app.sources.files import FileUnreadable

MAX_BYTES = 10 * 1024 * 1024
"""Published notices hold some hundred kilobytes; those with a thousand lots a few megabytes."""
MAX_WRAPPED_BYTES = MAX_BYTES * 4 // 3 + 1024 * 1024
"""The same in base64 within JSON, with room for the statistics."""
MAX_ELEMENTS = 500_000
"""With their attributes. Ten megabytes of a real notice have no more; of empty elements they could have millions."""
MAX_DEPTH = 60
"""Notices are about twenty deep."""
CHUNK = 64 * 1024


class Document(NamedTuple):
    """The tree of a file, all texts in it by line, and Hilma's statistics by lot."""

    root: Element
    texts: tuple[tuple[int, str], ...]
    statistics: Mapping[str, Any]


class _Bounded:
    """Builds the tree as the parser goes, and stops where it grows beyond what a notice can be. Keeps each text and
    attribute with its line, so that whoever looks for what must not be there can say where it is."""

    def __init__(self) -> None:
        self.texts: list[tuple[int, str]] = []
        self.parser: DefusedXMLParser | None = None
        self._builder, self._depth, self._elements = TreeBuilder(), 0, 0
        self._pieces: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self._depth += 1
        self._elements += 1 + len(attributes)
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise FileUnreadable("xml_too_deep", elements=MAX_ELEMENTS, levels=MAX_DEPTH)
        self._flush()
        self.texts += [(self._line, value) for value in attributes.values()]
        return self._builder.start(tag, attributes)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        self._flush()
        return self._builder.end(tag)

    def data(self, text: str) -> None:
        self._pieces.append(text)
        self._builder.data(text)

    def close(self) -> Element:
        return self._builder.close()

    @property
    def _line(self) -> int:
        return int(self.parser.parser.CurrentLineNumber) if self.parser is not None else 0

    def _flush(self) -> None:
        text = "".join(self._pieces).strip()
        self._pieces.clear()
        if text:
            self.texts.append((self._line, text))


def read(data: bytes) -> Document:
    """The document of a file. Raises FileUnreadable."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _unwrapped(data)
    if len(data) > MAX_BYTES:
        raise FileUnreadable("xml_too_large", megabytes=MAX_BYTES // 1024 // 1024)
    root, texts = _parsed(data)
    return Document(root, texts, {})


def _parsed(data: bytes) -> tuple[Element, tuple[tuple[int, str], ...]]:
    target = _Bounded()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.parser = parser
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
        root: Element = parser.close()
    except DefusedXmlException:
        raise FileUnreadable("xml_with_entities") from None
    except (ParseError, ValueError, LookupError):  # the last two: an encoding that is none, or that Python cannot read
        raise FileUnreadable("not_xml") from None
    return root, tuple(target.texts)


def _unwrapped(data: bytes) -> Document:
    """Hilma's JSON: the notice as `eForm` in base64, and `hilmaStatistics` by lot."""
    if len(data) > MAX_WRAPPED_BYTES:
        raise FileUnreadable("xml_too_large", megabytes=MAX_BYTES // 1024 // 1024)
    try:
        body = json.loads(data)
        inner = base64.b64decode(body["eForm"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise FileUnreadable("not_xml") from None
    if len(inner) > MAX_BYTES:
        raise FileUnreadable("xml_too_large", megabytes=MAX_BYTES // 1024 // 1024)
    root, texts = _parsed(inner)
    statistics = body.get("hilmaStatistics")
    outside = {name: value for name, value in body.items() if name != "eForm"}
    found = statistics if isinstance(statistics, dict) else {}
    return Document(root, (*texts, *((1, text) for text in _strings(outside))), found)


def _strings(value: Any) -> Iterator[str]:
    """Every text in a piece of JSON, names too. JSON as deep as Python reads it is not too deep to walk here."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
