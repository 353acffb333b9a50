"""A form with a file, read piece by piece: its fields first, then the file, which is nowhere whole in memory.

Field by field as python-multipart finds them; the form's own parser (Starlette's) would read the file before anyone
could say that it is not wanted.
"""

from collections import deque
from collections.abc import Iterator

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from app.http.uploads import body_pieces
from app.rules.errors import RuleBroken
from app.web.visiting import FormRefused

MULTIPART = b"multipart/form-data"
MOST_FIELDS = 20
LONGEST_NAME, LONGEST_VALUE = 200, 2000
"""Of a field before the file, in bytes; the form's own are shorter."""


class FileForm:
    """The form in a request's body. Raises FormRefused for what is no form of ours, RuleBroken where it ends early."""

    def __init__(self, request: Request) -> None:
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind != MULTIPART or not options.get(b"boundary") or b"charset" in options:
            raise FormRefused("form_malformed")  # with a charset the sender would choose how to decode it
        self.file_name: str | None = None
        self._fields: dict[str, str] = {}
        self._pieces = body_pieces(request)
        self._file: deque[bytes] = deque()
        self._header = self._header_value = b""
        self._name: str | None = None
        self._value = b""
        self._in_file = self._ended = False
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._take_header,
                "on_header_value": self._take_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": self._take_data,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def fields(self) -> dict[str, str]:
        """The fields that stand before the file, or all where there is none."""
        while self.file_name is None and self._feed():
            pass
        return dict(self._fields)

    def file(self) -> Iterator[bytes]:
        """The file's content; fields behind it are read over."""
        while True:
            while self._file:
                yield self._file.popleft()
            if not self._feed():
                break
        yield from self._file
        if not self._ended:
            raise RuleBroken("upload_incomplete", "file")

    def rest(self) -> None:
        """Reads the body to its end and keeps nothing: a browser that is still sending listens to no answer."""
        for _ in self._pieces:
            pass

    def _feed(self) -> bool:
        """Goes on by a piece; whether there was one."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise FormRefused("form_malformed") from error
        return True

    # --- What the parser finds

    def _begin_part(self) -> None:
        self._name, self._value, self._in_file = None, b"", False

    def _take_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _take_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        header, value = self._header.lower(), self._header_value
        self._header = self._header_value = b""
        if header != b"content-disposition":
            return
        _, options = parse_options_header(value)
        name = options.get(b"name", b"")
        if len(name) > LONGEST_NAME:
            raise FormRefused("form_malformed")
        self._name = _decoded(name)
        if b"filename" in options and self.file_name is None:
            self._in_file, self.file_name = True, options[b"filename"].decode("utf-8", "replace")

    def _end_headers(self) -> None:
        if self._name is None or len(self._fields) >= MOST_FIELDS:
            raise FormRefused("form_malformed")

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._file.append(data[start:end])
        elif self.file_name is None:
            self._value += data[start:end]
            if len(self._value) > LONGEST_VALUE:
                raise FormRefused("form_malformed")

    def _end_part(self) -> None:
        if self.file_name is None and self._name is not None:
            self._fields[self._name] = _decoded(self._value)
        self._in_file = False

    def _end(self) -> None:
        self._ended = True


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise FormRefused("form_malformed") from error
