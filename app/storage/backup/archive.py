"""The file of a backup: a zip of what was taken and a manifest of what is in it, closed by a seal.

The seal is the SHA-256 of everything before it, and stands at the very end, in the archive's comment: any program opens
the file, and a byte changed, missing or added anywhere is found before the first row is read.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.storage.backup.trouble import BackupTrouble

FORMAT = 1
"""Of the manifest and the rows; another one needs another release."""
MANIFEST = "manifest.json"
BLOCK = 1024 * 1024
NAMED = b"siepp-backup sha256:"
SEAL_LENGTH = 64
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first day a zip knows. When a backup was taken stands in its manifest; the same rows give the same file."""


class Form(StrEnum):
    """How the content is kept."""

    PORTABLE = "portable"
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class TableSum(NamedTuple):
    """What a table held. Only the portable form has the hash of its rows and the names of its columns."""

    rows: int
    sha256: str | None = None
    columns: list[str] | None = None


class TrailSum(NamedTuple):
    """How the audit trail stood; `broken_at` is the first link that did not fit, None where all did."""

    entries: int
    head_hash: str
    broken_at: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `schema` is the migration it was at, `siepp` the release that wrote it, `taken_at` an
    instant in ISO 8601; `trail` is empty where the release did not know the schema."""

    form: Form
    siepp: str
    schema: str
    taken_at: str
    tables: Mapping[str, TableSum]
    trail: TrailSum | None

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def written(self) -> str:
        tables = {name: table._asdict() for name, table in self.tables.items()}
        trail = self.trail and self.trail._asdict()
        return json.dumps({"siepp_backup": FORMAT} | asdict(self) | {"tables": tables, "trail": trail}, indent=1)

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        found = json.loads(text)
        if found.pop("siepp_backup") != FORMAT:
            raise BackupTrouble("The backup has a form that this siepp does not know: restore it with a newer release.")
        found["form"] = Form(found["form"])
        found["tables"] = {name: TableSum(**table) for name, table in found["tables"].items()}
        found["trail"] = TrailSum(**found["trail"]) if found["trail"] else None
        return cls(**found)


class Archive:
    """The members of a backup being written."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator[IO[bytes]]:
        """A member to write into, of any size."""
        about = ZipInfo(name, EARLIEST)
        about.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        about.external_attr = 0o600 << 16
        with self._archive.open(about, "w", force_zip64=True) as file:
            yield file

    def close_with(self, manifest: Manifest) -> None:
        with self.member(MANIFEST) as file:
            file.write(manifest.written().encode())


@contextmanager
def writing(path: Path) -> Iterator[Archive]:
    """A backup being written to a new file, which only its owner may read; sealed at the end."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with ZipFile(file, "w") as archive:
            yield Archive(archive)
            archive.comment = NAMED + b"0" * SEAL_LENGTH
        seal = _seal_of(file)
        file.seek(-SEAL_LENGTH, os.SEEK_END)
        file.write(seal)
        file.flush()
        os.fsync(file.fileno())


class Opened(NamedTuple):
    """A backup whose seal holds."""

    archive: ZipFile
    manifest: Manifest
    seal: str

    def member(self, name: str) -> IO[bytes]:
        try:
            return self.archive.open(name)
        except KeyError:
            raise BackupTrouble(f"The backup has no {name}: it is not one that siepp has written.") from None


@contextmanager
def reading(path: Path) -> Iterator[Opened]:
    """Raises BackupTrouble where the file is none of ours, or is not whole."""
    with path.open("rb") as file:
        seal = _checked_seal(file)
        with ExitStack() as stack:
            try:
                archive = stack.enter_context(ZipFile(file))
                manifest = Manifest.read(archive.read(MANIFEST))
            except (BadZipFile, EOFError, KeyError, TypeError, ValueError) as error:
                raise BackupTrouble("The file is sealed, but it is not a backup that siepp has written.") from error
            yield Opened(archive, manifest, seal)


def _checked_seal(file: IO[bytes]) -> str:
    """The seal of a file, which fits the rest of it."""
    length = len(NAMED) + SEAL_LENGTH
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - length, 0))
    end = file.read()
    if not end.startswith(NAMED) or len(end) != length:
        raise BackupTrouble("The file is not a backup of siepp, or its end is missing.")
    if _seal_of(file) != end.removeprefix(NAMED):
        raise BackupTrouble("The backup is damaged: it is not what was written. Take another one.")
    return end.removeprefix(NAMED).decode()


def _seal_of(file: IO[bytes]) -> bytes:
    """The SHA-256 of everything before the seal, in hexadecimal."""
    left = file.seek(0, os.SEEK_END) - SEAL_LENGTH
    digest = hashlib.sha256()
    file.seek(0)
    while left > 0 and (block := file.read(min(BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()


def copy_blocks(source: IO[bytes], target: Any) -> None:
    """Copies what is left of a file, a block at a time."""
    while block := source.read(BLOCK):
        target.write(block)
