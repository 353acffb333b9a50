"""Where a backup or a restore is made before it gets its name: whatever is killed half-way never stands there whole."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.storage.backup.trouble import BackupTrouble

PREFIX = ".siepp-part-"


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """A folder inside `folder` for one run, which only its owner may read. It goes when the run ends; one whose run
    was killed goes when the next run begins."""
    try:
        with _locked(folder):
            _sweep(folder)
            made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
            held = _lock(made)
    except FileNotFoundError:
        raise BackupTrouble(f"There is no folder {folder}.") from None
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def give_name(made: Path, name: Path, *, replace: bool = False) -> None:
    """Moves a finished file to its name, for good: it is there even if the power goes now. Unless it is to `replace`
    what is there, nothing is ever overwritten."""
    with made.open("rb") as file:
        os.fsync(file.fileno())
    if replace:
        made.replace(name)
    else:
        _link(made, name)
    descriptor = os.open(name.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link(made: Path, name: Path) -> None:
    try:
        os.link(made, name)
    except FileExistsError:
        raise BackupTrouble(f"There is already a file {name.name}: name another one.") from None
    except OSError:  # a file system without links: the name was free a moment ago
        if name.exists():
            raise BackupTrouble(f"There is already a file {name.name}: name another one.") from None
        made.rename(name)


def _sweep(folder: Path) -> None:
    """Takes away what runs left that were killed: nobody holds it any more."""
    for left in folder.glob(f"{PREFIX}*"):
        try:
            held = _lock(left)
        except OSError:
            continue
        shutil.rmtree(left, ignore_errors=True)
        os.close(held)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Nobody else begins or sweeps here meanwhile."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _lock(folder: Path) -> int:
    """A descriptor that holds the folder until it is closed or its process ends. Raises OSError where another does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
