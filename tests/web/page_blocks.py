"""A page taken apart as a reader sees it: its heading, its rows (of tables, lists and facts) and where it leads."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

APART = frozenset({"td", "th", "p", "br", "span", "dt"})
"""What the style sheet sets apart from what stands beside it."""
ROWS = frozenset({"tr", "li", "dd"})
UNSEEN = frozenset({"title", "desc", "script", "style"})


@dataclass
class Row:
    """`text` is what stands in a row, `links` are the addresses in it."""

    text: str = ""
    links: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """Read with `Page(address, html)`."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address, self.links, self.rows, self.heading, self.text = address, list[str](), list[Row](), "", ""
        self._open: list[tuple[str, Row]] = []
        self._in: list[str] = []
        self.feed(html)
        self.text, self.heading = _plain(self.text), _plain(self.heading)
        for row in self.rows:
            row.text = _plain(row.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.links.append(urljoin(self.address, href))
            for _, row in self._open:
                row.links.append(self.links[-1])
        if tag in APART:
            self.handle_data(" ")
        if tag in ROWS:
            self._open.append((tag, Row()))
            self.rows.append(self._open[-1][1])
        if tag in {"h1", *UNSEEN}:
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._in and self._in[-1] == tag:
            self._in.pop()
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        elif tag in APART:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        if self._in and self._in[-1] in UNSEEN:
            return
        self.text += data
        if self._in:
            self.heading += data
        for _, row in self._open:
            row.text += data


def _plain(text: str) -> str:
    return " ".join(text.split())  # no-break spaces count as spaces


def plain(text: str) -> str:
    """A text as the rows of a page have it."""
    return _plain(text)


def path_of(link: str) -> str:
    """A link without the place on the page."""
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")
