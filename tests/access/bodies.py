"""Bodies of calls, made of the examples in the API's own description."""

from typing import Any

Json = dict[str, Any]
OWN: dict[str, Json] = {
    "POST /api/v1/suppliers": {"identifier_scheme": "SE-ON", "identifier": "5560360793", "name": "x"},
    "POST /api/v1/units": {"name": "x", "parent_id": "{units}"},
    "POST /api/v1/projects/{slug}/reporters": {"email": "project_reporter@example.org"},
    "POST /api/v1/contracts": {
        "procurement_id": "{procurements}",
        "reference": "x",
        "supplier": {"identifier_scheme": "SE-ON", "identifier": "2120000142", "name": "x"},
        "starts_on": "2018-03-01",
        "ends_on": "2020-02-28",
        "owner": {"name": "x", "email": "owner@example.org", "language": "fi"},
    },
}
"""Where examples alone make no body that passes validation; a name in braces is that of an id."""
QUERIES = {
    "POST /api/v1/imports": {"kind": "purchases", "file_name": "ledger.csv"},
    "GET /api/v1/projects/sum": {"of": "women-to-work.finished"},
}
TABLE = {"indicator": "finished", "dimension": "next_step"}
FORMS: dict[str, dict[str, str]] = {
    "POST /projects/{slug}/observations/new": {"indicator": "learnt"},
    "POST /projects/{slug}/observations/preview": {"indicator": "learnt"},
    "POST /projects/{slug}/observations/table": TABLE,
    "POST /projects/{slug}/observations/table/preview": TABLE,
}
"""Fields without which a form's page does not know what it is about."""


def body_of(operation: Json, document: Json, ids: dict[str, str]) -> Any:
    """What the call takes, with the fields that it must have; None where it takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    return _value("", content["application/json"]["schema"], document, ids)


def _value(name: str, field: Json, document: Json, ids: dict[str, str]) -> Any:
    noun = f"{name.removesuffix('_id')}s"
    if name.endswith("_id") and noun in ids:
        return ids[noun]
    if "examples" in field and field["examples"][0] not in (None, []):
        return field["examples"][0]
    if "$ref" in field:
        field = document["components"]["schemas"][field["$ref"].rpartition("/")[2]]
    if "properties" in field:
        wanted = field.get("required", ())
        return {one: _value(one, field["properties"][one], document, ids) for one in wanted}
    for choice in (*field.get("anyOf", ()), *field.get("oneOf", ())):
        return _value(name, choice, document, ids)
    return field.get("enum", [{}])[0]
