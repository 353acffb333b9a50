"""Values that no field takes, and bodies with one of them: each is known to be bad, by the schema or by our rules."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT = "urn:siepp"
IDENTITY_CODE = "131052-308T"
"""Of nobody: the example of the Digital and Population Data Services Agency."""
NEVER: list[Any] = [
    IDENTITY_CODE,
    f"Soita {IDENTITY_CODE} aamulla",
    "null\x00byte",
    "bell\x07",
    "x" * 100_001,
]
"""What no field takes, whatever its schema says."""
BAD: list[Any] = [
    *("", " ", "2019-02-30", "30.2.2019", "0000-00-00", "99999-01-01", "1e999", "NaN", "-1", "1,5", "½", "١٢"),
    *("' OR 1=1 --", "<script>", "../../etc/passwd", "%00", "\ud7ff", "🙈" * 300, "=cmd|'/c calc'!A1"),
    *(None, True, False, 0, -1, 1.5, 10**30, -(10**30), 1e308),
    *([], {}, [[]], [None], {"a": {"b": {}}}, [1, "2"], {"$ref": "#"}),
]
"""What most fields do not take; the schema says which do."""


class Schemas:
    """The document's schemas: examples of bodies, and whether a body fits."""

    def __init__(self, document: Any) -> None:
        self.document = document
        resource = Resource(contents=document, specification=DRAFT202012)
        self._registry: Any = Registry().with_resource(DOCUMENT, resource)

    def example(self, schema: Any) -> Any:
        """A body as the examples of its fields show it."""
        if "$ref" in schema:
            return self.example(self._referred(schema["$ref"]))
        if schema.get("examples"):
            return copy.deepcopy(schema["examples"][0])
        if "properties" in schema:
            return {name: self.example(one) for name, one in schema["properties"].items()}
        for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            return self.example(choice)
        if schema.get("type") == "array":
            return [self.example(schema["items"])]
        return schema.get("default")

    def _referred(self, reference: str) -> Any:
        return self.document["components"]["schemas"][reference.rpartition("/")[2]]

    def misfit(self, schema: Any, body: Any) -> str | None:
        """Where a body is not what a reference to one of the document's schemas allows; None where it is, or may be
        read so."""
        whole = {"$ref": DOCUMENT + schema["$ref"]}
        error = best_match(Draft202012Validator(whole, registry=self._registry).iter_errors(body))
        return None if error is None or _readable(error) else f"{error.json_path}: {error.message[:200]}"


def _readable(error: ValidationError) -> bool:
    """Numbers and truth values are read from text and from one another, as forms and spreadsheets send them."""
    return error.validator == "type" and isinstance(error.instance, str | int | float)


def places(body: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a body something stands."""
    if at:
        yield at
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inside:
        yield from places(value, (*at, key))


def put(body: Any, at: tuple[Any, ...], value: Any) -> Any:
    """The body with the value at that place."""
    made = copy.deepcopy(body)
    inside = made
    for key in at[:-1]:
        inside = inside[key]
    inside[at[-1]] = value
    return made


def without(body: Any, at: tuple[Any, ...]) -> Any:
    made = copy.deepcopy(body)
    inside = made
    for key in at[:-1]:
        inside = inside[key]
    del inside[at[-1]]
    return made


def bad_body(schemas: Schemas, schema: Any, chance: Random) -> Any:
    """A body of which one place is bad. Where what came out fits the schema after all, something that nobody takes."""
    body = schemas.example(schema)
    found = list(places(body))
    if not found:
        return chance.choice(BAD)
    at = chance.choice(found)
    kind = chance.random()
    if kind < 0.1:
        made = without(body, at)
    elif kind < 0.2 and isinstance(body, dict):
        made = body | {"no such field": 1}
    else:
        made = put(body, at, chance.choice(BAD))
    return put(body, at, chance.choice(NEVER)) if schemas.misfit(schema, made) is None else made
