"""Bodies that fit the API's own document: the least that an operation takes."""

from collections.abc import Mapping
from typing import Any, Final

from solvent.runtime.ids import new_id

BY_FORMAT: Final = {
    "date": "2026-01-15",
    "date-time": "2026-01-15T12:00:00Z",
    "email": "nobody@certify.invalid",
    "binary": "",
}
REFERENCE: Final = "#/components/schemas/"
Schema = Mapping[str, Any]


def least(operation: Schema, schemas: Schema) -> object:
    """Return the least JSON that ``operation`` takes; an empty object where it says nothing."""
    content: Schema = operation.get("requestBody", {}).get("content", {})
    return _least(content.get("application/json", {}).get("schema", {}), schemas)


def _least(wanted: Schema, schemas: Schema) -> object:
    """Return the least value of ``wanted``."""
    schema = _resolved(wanted, schemas)
    if known := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return known[0]
    match schema.get("type", "object"):
        case "string":
            return _text(schema)
        case "integer" | "number" | "boolean":
            return max(1, int(schema.get("minimum", 1)))
        case "array":
            return [_least(schema["items"], schemas)] * int(schema.get("minItems", 0))
        case _:
            held: Schema = schema.get("properties", {})
            return {name: _least(held[name], schemas) for name in schema.get("required", ())}


def _resolved(schema: Schema, schemas: Schema) -> Schema:
    """Return what a reference leads to, and the first of several ways."""
    if reference := schema.get("$ref"):
        return _resolved(schemas[str(reference).removeprefix(REFERENCE)], schemas)
    for way in ("anyOf", "oneOf", "allOf"):
        if way in schema:
            return _resolved(schema[way][0], schemas)
    return schema


def _text(schema: Schema) -> str:
    """Return a text that fits."""
    if "[A-Z]{3}" in schema.get("pattern", ""):
        return "EUR"
    if schema.get("format") == "uuid":
        return str(new_id())
    found = BY_FORMAT.get(schema.get("format", ""), "x" * max(1, int(schema.get("minLength", 1))))
    return found[: int(schema.get("maxLength", len(found)))]
