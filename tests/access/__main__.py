"""Writes docs/access.md anew: python -m tests.access."""

import tempfile
from pathlib import Path

import structlog

from tests.access.city import a_city
from tests.access.table import PAGE, written

if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder, a_city(Path(folder)) as city:
        PAGE.write_text(written(city), encoding="utf-8")
