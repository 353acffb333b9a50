"""Examines what lies on the disk: room, rights, and on what kind of file system."""

import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import NamedTuple

from app.jobs.doctor.findings import Finding, Findings, look, well, wrong

LEAST_FREE = 1024**3
"""Below this a day of imports fills the disk; then nothing can be recorded any more."""
NETWORKED = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "fuse.glusterfs"}
)
MOUNTS = Path("/proc/self/mountinfo")
GIB = 1024**3


class Space(NamedTuple):
    """Bytes of a file system, and of what grows on it."""

    free: int
    used_here: int


def of_database(file: Path) -> Findings:
    """The file of an SQLite database and its folder. What is not there is not made."""
    about = "Database file"
    if not file.exists():
        yield wrong(about, f"There is no {file}: run siepp migrate, or set SIEPP_DATABASE_URL.")
    elif others_may_read(file):
        yield wrong(about, f"Everyone with an account on this computer may read {file}: chmod 600 it.")
    else:
        yield well(about, f"Others than its owner and group may not read {file}.")
    if file.exists() and file.stat().st_uid != os.geteuid():
        yield look(about, f"{file} belongs to another user than you: run this as the user of the service.")
    yield writable(about, file.parent)
    kind = file_system(file.parent)
    if kind in NETWORKED:
        yield wrong(
            about,
            f"{file.parent} is on a file system of the network ({kind}), on which SQLite can lose what was written: "
            "move it to a disk of this computer, or take PostgreSQL.",
        )
    yield from room("Disk of the database", file.parent, file.stat().st_size if file.exists() else 0)


def of_mails(folder: Path) -> Findings:
    """Where mails are written as files while no server is set."""
    about = "Mail folder"
    yield writable(about, nearest(folder))
    if folder.is_dir() and others_may_read(folder):
        yield wrong(about, f"Everyone on this computer may read {folder}, and mails hold signed links: chmod 700 it.")
    yield from room("Disk of the mails", nearest(folder))


def room(about: str, folder: Path, used_here: int = 0) -> Findings:
    if folder.is_dir():
        yield judged_room(about, Space(shutil.disk_usage(folder).free, used_here))


def judged_room(about: str, space: Space) -> Finding:
    told = f"{space.free / GIB:.1f} GiB are free"
    if space.free < LEAST_FREE:
        return wrong(about, f"{told}, less than {LEAST_FREE / GIB:.0f}: make room.")
    if space.free < 2 * space.used_here:
        return look(about, f"{told}: a backup beside the database needs room for two copies of it.")
    return well(about, f"{told}.")


def writable(about: str, folder: Path) -> Finding:
    """Tried, not asked: rights are one reason of many."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".siepp-doctor-"):
            return well(about, f"{folder.absolute()} can be written to.")
    except OSError as error:
        why = error.strerror or "no reason given"
        return wrong(about, f"{folder.absolute()} cannot be written to: {why}. Give it to the user of the service.")


def others_may_read(path: Path) -> bool:
    """Whether any account may, by the rights of the file and of all folders above it."""
    path = path.resolve()
    if not path.stat().st_mode & stat.S_IROTH:
        return False
    return all(above.stat().st_mode & stat.S_IXOTH for above in path.parents)


def nearest(folder: Path) -> Path:
    """The folder, or the one that is there and in which it would be made."""
    folder = folder.absolute()
    return next(one for one in (folder, *folder.parents) if one.exists())


def file_system(folder: Path, mounts: Path = MOUNTS) -> str:
    """The kind of file system that a folder is on, as Linux names it; empty where that cannot be told."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    here = folder.resolve()
    found, length = "", -1
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(before.split(" ")[4].replace("\\040", " "))
        if here.is_relative_to(point) and len(point.parts) >= length:
            found, length = after.split(" ")[0], len(point.parts)
    return found
