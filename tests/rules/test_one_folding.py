"""Small counts are folded in one place, and whatever leaves the city goes through it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import app as application
from app.rules.folding import folded_counts

APP = Path(application.__file__).parent
FOLDS = {"folding", "surveys", "public_figures"}
"""Rules that ask how small a count is: the folding, and what is not shown at all of fewer people."""
LEAVES = {
    "services/public_tables.py": "rules/public_tables.py",
    "services/reports.py": "rules/public_figures.py",
    "services/surveys.py": "rules/surveys.py",
    "services/archived_jobs.py": "rules/folding.py",
}
"""What counts people for others than those who work with the contracts, and the rule that folds for it."""
NOBODY_COUNTED = {
    "services/ocds_releases.py": "of jobs only whether a step was done, at ends of quarters",
    "services/calendars.py": "days of contracts, for whom the link was made",
}
"""What leaves without counts of people; it must name neither group, form nor channel."""
OF_PEOPLE = {"target_group", "employment_form", "channel", "weekly_hours"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(APP.rglob("*.py")):
        yield path.relative_to(APP).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def names_in(node: ast.AST) -> set[str]:
    """Names, attributes and texts, each of which may be a column."""
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    found |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return found | {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def imported_by(path: str) -> set[str]:
    """Modules of rules that a file reads."""
    tree = ast.parse((APP / path).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def test_nobody_else_asks_how_small_a_count_is() -> None:
    asking = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and "SMALL_COUNT" in names_in(node)
    }
    assert asking == {f"rules/{name}.py" for name in FOLDS}


def test_nobody_else_makes_what_was_folded() -> None:
    makers = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Folded"
    }
    assert makers == {"rules/folding.py", "rules/public_tables.py"}  # the second counts contracts, not people


@pytest.mark.parametrize(("door", "rule"), LEAVES.items())
def test_what_counts_people_for_others_folds_them(door: str, rule: str) -> None:
    module = "app." + rule.removesuffix(".py").replace("/", ".")
    assert module in imported_by(door)
    assert rule == "rules/folding.py" or "app.rules.folding.folded_counts" in imported_by(rule)


@pytest.mark.parametrize("door", NOBODY_COUNTED)
def test_what_leaves_without_counts_says_nothing_of_groups_forms_and_channels(door: str) -> None:
    tree = ast.parse((APP / door).read_text(encoding="utf-8"))
    assert not OF_PEOPLE & names_in(tree)


def test_the_limit_is_the_one_of_the_rules() -> None:
    assert folded_counts({"a": 4}).total is None
    assert folded_counts({"a": 5}).shown == (("a", 5),)
