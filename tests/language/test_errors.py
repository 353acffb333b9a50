"""Every error says in every language what is wrong and what to do."""

import ast
from datetime import date
from pathlib import Path

import pytest

from app.language.catalogues import SUPPORTED
from app.language.errors import ERROR_CODES, error_sentence
from app.rules import errors as rules_of_errors

RAISED = {"DomainError", "RuleBroken", "NotFound", "Conflict", "Stale", "Forbidden"}
VALUES = {
    "limit_bytes": 1_000_000,
    "minimum": 2,
    "minutes": 5,
    "seconds": 10,
    "maximum": 2000,
    "choices": ["starts_on", "-starts_on"],
    "first": date(2000, 1, 1),
    "last": date(2099, 12, 31),
    "until": date(2026, 6, 1),
    "latest": date(2026, 5, 31),
    "start": date(2026, 6, 1),
    "end": date(2026, 6, 1),
    "by": "Olli Omistaja",
    "reference": "S-2018-17",
    "column": "Summa",
    "columns": ["supplier", "day"],
    "megabytes": 20,
    "most": 10_000,
    "line": 7,
    "scope": "write",
}


def raised_by_the_rules() -> set[str]:
    codes = set()
    for path in Path(rules_of_errors.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{path.name}: a code must be written out"
                codes.add(code.value)
    return codes


def test_every_code_raised_by_the_rules_has_a_sentence() -> None:
    assert raised_by_the_rules() <= ERROR_CODES


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_code_renders(language: str) -> None:
    for code in ERROR_CODES:
        text = error_sentence(code, VALUES, language)
        assert text.endswith(".")
        assert "{" not in text
        assert not text[0].islower()


def test_an_unknown_code_is_refused() -> None:
    for code in ("whatever", "out_of_range_below"):
        with pytest.raises(KeyError):
            error_sentence(code, {}, "fi")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"minimum": 1, "maximum": 60}, "Anna arvo, joka on vähintään 1 ja enintään 60."),
        ({"minimum": 1}, "Anna arvo, joka on vähintään 1."),
        ({"minimum": None, "maximum": 60}, "Anna arvo, joka on enintään 60."),
        ({}, "Arvo on liian pieni tai liian suuri. Korjaa se."),
    ],
)
def test_a_range_may_lack_an_end(values: dict[str, object], text: str) -> None:
    assert error_sentence("out_of_range", values, "fi") == text


def test_values_are_written_as_the_language_does() -> None:
    assert error_sentence("too_long", {"maximum": 2000}, "fi") == (
        "Teksti on liian pitkä. Lyhennä sitä: merkkejä saa olla enintään 2\N{NO-BREAK SPACE}000."
    )
    assert error_sentence("too_short", {"minimum": 1}, "sv") == "Texten saknas. Skriv den."
    assert error_sentence("snooze_too_late", VALUES, "fi") == (
        "Jos hiljennät muistutukset 1.6.2026 asti, viimeinen aloituspäivä ehtii mennä. Valitse 31.5.2026 tai "
        "aikaisempi päivä."
    )
    assert error_sentence("wrong_choice", {"choices": ("fi", "sv")}, "en") == (
        "This is not one of the choices. Give one of these: fi, sv."
    )


def test_what_was_typed_is_never_repeated() -> None:
    typed = "{0.__class__} 010101-123N"
    for code in ERROR_CODES:
        assert typed not in error_sentence(code, {**VALUES, "value": typed, "input": typed}, "fi")
