"""Every number of the rules says why, and which function uses it."""

import ast
import importlib
import inspect
import re
from functools import cache
from types import ModuleType

import pytest

from app.rules import policy


@cache
def constants() -> dict[str, str]:
    """Every constant of the policy with the text under it."""
    body = ast.parse(inspect.getsource(policy)).body
    found: dict[str, str] = {}
    for statement, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            text = ""
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                text = str(following.value.value)
            found[statement.targets[0].id] = text
    return found


def uses(module: ModuleType, name: str) -> bool:
    """Whether a module reads the constant, or the field of the facts whose default it is."""
    source = inspect.getsource(module)
    return f"policy.{name}" in source or (
        name.startswith("DEFAULT_") and bool(re.search(rf"\.{name.removeprefix('DEFAULT_').lower()}\b", source))
    )


@pytest.mark.parametrize("name", sorted(constants()))
def test_every_constant_says_why(name: str) -> None:
    assert len(constants()[name].split()) > 5


@pytest.mark.parametrize("name", sorted(constants()))
def test_every_constant_names_a_function_that_exists_and_whose_module_uses_it(name: str) -> None:
    text = " ".join(constants()[name].split())
    named = re.search(r"\bsee (\w+)\.(\w+)\b", text)
    assert named, f"names no function: {text}"
    module = importlib.import_module(f"app.rules.{named[1]}")
    assert inspect.isfunction(getattr(module, named[2], None)), f"there is no {named[0].removeprefix('see ')}"
    assert uses(module, name)


def test_every_constant_is_in_capitals_and_there_are_some() -> None:
    assert all(name.isupper() for name in constants())
    assert "WINDOW_STEPS_DAYS" in constants()
