"""Files that come in over HTTP: written to a disk piece by piece, whatever their size, and gone when done with.

A form's and the API's dependencies read whole bodies into memory. The two routes that take files have none of them:
who asks is looked at first, and only then the first byte is read, in the thread of the route.
"""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir

import anyio
from anyio import from_thread
from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from app.http.problems import MAX_BODY_BYTES, BodyTooLarge, Unavailable
from app.rules.codes import ImportKind
from app.rules.errors import RuleBroken
from app.services.import_runs import NewFile

LARGEST_LEDGER = 2 * 1024**3
"""A year of the largest city's ledger is a million rows, some 200 MB: this takes ten of them, and two at once (see
jobs.readers) still fit on any server's disk."""
LARGEST_FILE = 20 * 1024**2
"""Of the other kinds: a spreadsheet of every contract of a city is 1 MB, the largest notices are 3 MB."""
FORM_BYTES = 64 * 1024
"""What stands around a file that a form sends."""
ROUTES = frozenset({"/imports/new", "/api/v1/imports"})
"""The only ones that take more than MAX_BODY_BYTES."""
PATIENCE_SECONDS = 60
"""So long nothing may come of a file before its sender is taken to be gone."""
SLOWEST_BYTES_PER_SECOND = 1024
"""Slower in the whole than this is no line any more, but someone who keeps a thread busy with a byte a minute."""
PREFIX = "siepp-upload-"
LEFT_OVER_SECONDS = 24 * 3600
"""Older ones belong to a process that was killed: no file is read for a day."""
NAMELESS = "file"


def largest(kind: ImportKind) -> int:
    """The largest file of a kind, in bytes."""
    return LARGEST_LEDGER if kind is ImportKind.PURCHASES else LARGEST_FILE


def body_limit(scope: Scope) -> int:
    """The largest body, in bytes, that a request may have."""
    takes_files = scope["method"] == "POST" and scope["path"] in ROUTES
    return LARGEST_LEDGER + FORM_BYTES if takes_files else MAX_BODY_BYTES


def body_pieces(request: Request) -> Iterator[bytes]:
    """The body as it comes, for a route that runs in a thread. Raises RuleBroken where it ends early, or
    comes too slowly."""
    stream, began, received = request.stream(), time.monotonic(), 0

    async def following() -> bytes | None:
        left = began + PATIENCE_SECONDS + received / SLOWEST_BYTES_PER_SECOND - time.monotonic()
        with anyio.fail_after(min(left, PATIENCE_SECONDS)):
            return await anext(stream, None)

    while True:
        try:
            piece = from_thread.run(following)
        except (ClientDisconnect, TimeoutError):
            raise RuleBroken("upload_incomplete", "file") from None
        if piece is None:
            return
        if piece:
            received += len(piece)
            yield piece


class Upload:
    """A file on the disk, in a folder of its own, until it is closed; at the latest the end of the process closes it.
    Nobody else on the computer may read it."""

    def __init__(self, name: str) -> None:
        self.name = _last_part(name)
        self._folder = TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self.path = Path(self._folder.name) / "upload"
        self._digest, self._bytes = hashlib.sha256(), 0

    @property
    def file(self) -> NewFile:
        return NewFile(self.name, self._digest.hexdigest(), self._bytes)

    def write(self, pieces: Iterator[bytes], limit: int) -> None:
        """Takes the whole file. Raises BodyTooLarge, RuleBroken where nothing comes, Unavailable where the disk is
        full."""
        try:
            with self.path.open("wb") as file:
                for piece in pieces:
                    self._bytes += len(piece)
                    if self._bytes > limit:
                        raise BodyTooLarge(limit)
                    self._digest.update(piece)
                    file.write(piece)
        except OSError as error:
            raise Unavailable("upload_no_room") from error
        if not self._bytes:
            raise RuleBroken("file_missing", "file")

    def close(self) -> None:
        self._folder.cleanup()


def _last_part(name: str) -> str:
    """The name without folders: some browsers used to send them."""
    return "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()) or NAMELESS


def clear_left_over() -> None:
    """Deletes what a killed process could not."""
    before = time.time() - LEFT_OVER_SECONDS
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        try:
            is_old = folder.stat().st_mtime < before
        except OSError:
            continue
        if is_old:
            rmtree(folder, ignore_errors=True)
