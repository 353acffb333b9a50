"""A document as PDF/UA-1, set by Typst in a process of its own from `report.typ`, with fonts that come along.

The same words give the same file on every machine: the fonts are FiraGO (from the package pymupdf-fonts, SIL Open Font
License) and those inside Typst, never the machine's.
"""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore

from app.rules.errors import Conflict
from app.web.report_pdf.blocks import Document

HERE = Path(__file__).parent
TEMPLATE, PROGRAM = HERE / "report.typ", HERE / "typeset.py"
LONGEST_SECONDS = 30
"""A report of five projects takes about one; what takes this long is no report of ours."""
AT_ONCE = 2
"""So many reports are set side by side by one process of the service; whoever asks for one more waits."""
WAIT_SECONDS = 20
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_WITH_GLYPH = (
    r"\n\u0020-\u007e\u00a0-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0484\u0487-\u052f"
    r"\u05d0-\u05ea\u0621-\u063a\u0640-\u0652\u0660-\u066f\u0671-\u06d3\u06f0-\u06ff\u1e00-\u1eff"
    r"\u2000-\u200d\u2010-\u2027\u202f-\u2040\u2044-\u2052\u2054-\u205f\u2070\u2071\u2074-\u208e\u2090-\u209c"
    r"\u20a0-\u20bf\u2100-\u211e\u2120\u2122\u2124\u2126-\u214f\u2153-\u2184\u2190-\u22ff\u25a0-\u25ff\ufffd"
)
"""Latin, Greek, Cyrillic, Hebrew and Arabic letters, and the signs that texts have."""
_WITHOUT_GLYPH = re.compile(f"[^{_WITH_GLYPH}]")
"""What the fonts have no sign for. Typst refuses to write a text of which a part would not be seen; the invisible signs
that turn the direction of a text are left out with it."""
_turns = BoundedSemaphore(AT_ONCE)


class TypesettingFailed(Exception):
    """Typst did not write the report; the message is its own."""


@cache
def _fonts() -> TemporaryDirectory[str]:
    """The fonts as files, which is how Typst takes them; gone when the service stops. Unpacked for the first report
    only: the service would start later for them."""
    from pymupdf_fonts import FiraGO_Bold, FiraGO_Regular

    directory = TemporaryDirectory(prefix="siepp-fonts-")
    for font in (FiraGO_Regular, FiraGO_Bold):
        Path(directory.name, f"{font.fontdescriptor['name']}.ttf").write_bytes(font.fontbuffer)
    return directory


def readable(value: object) -> object:
    """The same JSON value with a mark in the place of every sign that could not be seen in print."""
    if isinstance(value, str):
        return _WITHOUT_GLYPH.sub(UNREADABLE, value)
    if isinstance(value, dict):
        return {key: readable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [readable(inner) for inner in value]
    return value


def pdf_of(document: Document) -> bytes:
    """The document as a PDF. Raises Conflict where too many are being made already, TypesettingFailed where Typst
    refuses, which is a fault of ours."""
    data = json.dumps(readable(document.as_data()))
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise Conflict("reports_busy")
    try:
        return _set(data.encode())
    finally:
        _turns.release()


def _set(data: bytes) -> bytes:
    fonts = _fonts().name
    command = [sys.executable, "-I", str(PROGRAM), str(TEMPLATE), fonts, str(Path(fonts, "no-packages"))]
    try:
        done = subprocess.run(  # noqa: S603 - the program is ours, and what users wrote goes in as data only
            command, input=data, capture_output=True, timeout=LONGEST_SECONDS, check=False, cwd=fonts, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed(f"took longer than {LONGEST_SECONDS} seconds") from error
    if done.returncode != 0:
        raise TypesettingFailed(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
