"""Why a position does not count, in words."""

import ast
from pathlib import Path

import pytest

from app.language.catalogues import SUPPORTED
from app.language.positions import NOT_COUNTED_CODES, not_counted_sentence
from app.rules import positions as rules_of_positions

SOURCES = {"refusals", "account", "_left_out"}
"""The functions of the rules that give the codes."""


def codes_of_the_rules() -> set[str]:
    tree = ast.parse(Path(rules_of_positions.__file__).read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in SOURCES]
    assert len(functions) == len(SOURCES)
    strings = {
        node.value
        for function in functions
        for statement in function.body[1:]
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return strings - {""}


def test_every_code_of_the_rules_has_a_sentence_and_no_other_code_has() -> None:
    assert codes_of_the_rules() | {"voided"} == NOT_COUNTED_CODES


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_code_renders(language: str) -> None:
    texts = {not_counted_sentence(code, language) for code in NOT_COUNTED_CODES}
    assert len(texts) == len(NOT_COUNTED_CODES)
    assert all(text.endswith(".") for text in texts)


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        not_counted_sentence("whatever", "fi")
