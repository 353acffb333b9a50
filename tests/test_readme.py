"""The map tells the truth."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PATH = re.compile(r"`((?:app|notifications|migrations|scripts|tests)/[\w./-]*)`")


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_path_a_document_names_exists(document: str) -> None:
    named = set(PATH.findall((ROOT / document).read_text(encoding="utf-8")))
    assert len(named) > 5
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_folder_of_the_map_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = text.split("```\napp/\n", 1)[1].split("```", 1)[0]
    inside = [line.split()[0] for line in tree.splitlines() if line.startswith("  ")]
    assert [name for name in inside if not (ROOT / "app" / name).exists()] == []


def test_the_map_leaves_out_no_folder_of_the_application() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = [path.name for path in (ROOT / "app").iterdir() if (path / "__init__.py").exists()]
    assert [name for name in folders if f"\n  {name}/" not in text] == []
