"""What runs is told with its version and licence, and is what is pinned."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_of_dependencies_is_that_of_the_lock_file() -> None:
    page = runpy.run_path(str(ROOT / "scripts" / "dependencies"))["page"]()
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert told == page, "run scripts/dependencies"
    assert "unknown" not in page
