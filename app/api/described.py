"""What the API's own description says of errors: which any call can answer, in which form."""

from typing import Any

from app.http.problems import MEDIA_TYPE
from app.schemas.problems import Problem

EVERY_CALL = {
    401: "No valid API token came with the request; `code` says what was wrong with it.",
    403: "The role of the token's user does not allow it, or the token lacks the scope.",
    404: "There is no such thing, or it belongs to units of others.",
    409: "The present state forbids it.",
    422: "What was sent is wrong; `errors` names the fields.",
    429: "Requests came too fast: `Retry-After` says in how many seconds to go on.",
    503: "The database is away, or there is no room just now: `Retry-After` says when to ask again.",
}
WRITES = {
    412: "Someone has changed it since the ETag in `If-Match`.",
    413: "The body is too large.",
}
OF_FASTAPI = ("HTTPValidationError", "ValidationError")
"""Errors in a form that no answer of ours has."""


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The description with all of them; those that a call describes itself stay."""
    schemas = document["components"]["schemas"]
    for name in OF_FASTAPI:
        schemas.pop(name, None)
    if "Problem" not in schemas:
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        schemas |= {**problem.pop("$defs"), "Problem": problem}
        for path, methods in document["paths"].items():
            if path.startswith("/api/"):
                for method, operation in methods.items():
                    _describe(operation, EVERY_CALL if method == "get" else EVERY_CALL | WRITES)
    return document


def _describe(operation: dict[str, Any], problems: dict[int, str]) -> None:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers = operation["responses"]
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]
    for status, description in problems.items():
        answers.setdefault(str(status), {"description": description, "content": content})
