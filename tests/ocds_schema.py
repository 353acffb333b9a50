"""The schema of OCDS 1.1.5 with the extensions that our open data uses, and what of a package does not fit it.

Offline: the schemas are files of the folder that SIEPP_TEST_DATA names, our own extension is where the service has it,
and the one of the pagination extension, which that folder does not have, is written out here.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

import app

DATA = os.environ.get("SIEPP_TEST_DATA")
needs_schemas = pytest.mark.skipif(
    DATA is None, reason="SIEPP_TEST_DATA is unset: there is no schema of OCDS to check against"
)
OWN = Path(app.__file__).parent / "web" / "static" / "ocds-employment-clause"
PAGINATION = {"properties": {"links": {"type": "object", "properties": {"next": {"type": "string", "format": "uri"}}}}}
SCHEMA = "https://standard.open-contracting.org/schema/1__1__5"


def _json(*parts: str) -> Any:
    assert DATA is not None
    return json.loads(Path(DATA, *parts).read_text(encoding="utf-8"))


def merged(schema: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(schema) if isinstance(schema, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


@cache
def release_schema() -> Any:
    """The release schema with the extensions that a package of ours names, in their order."""
    own = json.loads((OWN / "release-schema.json").read_text(encoding="utf-8"))
    patches = [
        _json("ocds-extensions", f"ocds_{name}_extension", "release-schema.json")
        for name in ("sustainability", "contractTerms")
    ]
    schema = _json("ocds-schema-1.1.5", "release-schema.json")
    for patch in (*patches, own):
        schema = merged(schema, patch)
    return schema


@cache
def _validator() -> Draft4Validator:
    package = merged(_json("ocds-schema-1.1.5", "release-package-schema.json"), PAGINATION)
    registry: Registry[Any] = Registry().with_resource(
        f"{SCHEMA}/release-schema.json", Resource.from_contents(release_schema(), default_specification=DRAFT4)
    )
    return Draft4Validator(package, registry=registry, format_checker=Draft4Validator.FORMAT_CHECKER)


def errors(package: Any) -> list[str]:
    """Everything about a package that does not fit: to the schema, or not known to any schema."""
    wrong = [f"{error.json_path}: {error.message}" for error in _validator().iter_errors(package)]
    known = {"uri", "version", "extensions", "publishedDate", "releases", "publisher", "license", "links"}
    wrong += [f"$: unknown {name}" for name in package.keys() - known]
    for number, release in enumerate(package["releases"]):
        wrong += [f"$.releases[{number}]{place}" for place in _unknown(release, release_schema(), "")]
    return wrong


def _unknown(value: Any, schema: Any, place: str) -> Iterator[str]:
    """Where a field stands that the schema does not know of."""
    schema = _resolved(schema)
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _unknown(one, schema.get("items", {}), f"{place}[{number}]")
    elif isinstance(value, dict):
        fields = schema.get("properties")
        for name, inner in value.items():
            if fields is None or name not in fields:
                yield f"{place}: unknown {name}"
            else:
                yield from _unknown(inner, fields[name], f"{place}.{name}")


def _resolved(schema: Any) -> Any:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return _resolved(release_schema()["definitions"][reference.removeprefix("#/definitions/")])


def codes_of(folder: Path, codelist: str) -> set[str]:
    """The codes of a code list."""
    lines = (folder / codelist).read_text(encoding="utf-8").splitlines()[1:]
    return {line.split(",")[0] for line in lines if line}
