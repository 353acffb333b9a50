"""Every error that the code can raise has its sentence."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app
from app.language.errors import ERROR_CODES
from app.services.own_lists import WORDED_FOR_LISTS
from app.services.wrong_fields import PYDANTIC_CODES
from app.web.forms import WORDED_FOR_PEOPLE

RAISED = {
    "RuleBroken",
    "FileUnreadable",
    "ReleaseRefused",
    "NotFound",
    "Conflict",
    "FormRefused",
    "Stale",
    "Forbidden",
    "PydanticCustomError",
    "Fault",
    "Unavailable",
    "TokenUseless",
}


def raised_codes() -> Iterator[tuple[str, str]]:
    """File and code of every error made with its code written out."""
    for path in sorted(Path(app.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield f"{path.name}:{node.lineno}", str(first.value)


def test_every_code_raised_has_a_sentence() -> None:
    found = list(raised_codes())
    assert len(found) > 40
    assert [(place, code) for place, code in found if code not in ERROR_CODES] == []


def test_every_code_that_validation_gives_has_a_sentence() -> None:
    assert set(PYDANTIC_CODES.values()) <= ERROR_CODES
    assert {"wrong_type", "wrong_format", "method_not_allowed", "internal"} <= ERROR_CODES


def test_no_sentence_waits_for_an_error_that_nobody_raises() -> None:
    raised = {code for _, code in raised_codes()} | set(PYDANTIC_CODES.values())
    answers = {
        *WORDED_FOR_PEOPLE.values(),
        *WORDED_FOR_LISTS.values(),
        "body_too_large",
        "import_interrupted",  # kept with the import whose reader died
        "database_unavailable",
        "internal",
        "link_expired",
        "link_invalid",
        "method_not_allowed",
        "too_many_requests",
        "signed_out_meanwhile",
    }
    assert ERROR_CODES - raised - answers - {"unauthenticated", "wrong_format"} == set()
