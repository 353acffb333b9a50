"""Run as a program of its own: reads what to set from standard input as JSON, writes the PDF to standard output.

Typst keeps what it has once laid out, for documents that are compiled over and over as someone writes; in the service
that would be some hundred megabytes for nothing. What goes wrong here, or takes too long, ends here too.
"""

import json
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

import typst

STANDARD: Final = "ua-1"
"""PDF/UA-1: Typst refuses to write what would not be accessible by it."""


def main() -> None:
    template, fonts, nowhere = map(Path, sys.argv[1:])
    wanted = json.load(sys.stdin)
    made_on = datetime.combine(date(*wanted["made_on"]), time(), UTC)
    pdf = typst.compile(
        template,
        root=template.parent,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[fonts]),
        package_path=nowhere,
        package_cache_path=nowhere,
        sys_inputs={"report": json.dumps(wanted)},
        pdf_standards=STANDARD,
        timestamp=made_on,
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
