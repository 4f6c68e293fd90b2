"""What a route may be refused with, said in its OpenAPI by status."""

from http import HTTPStatus
from typing import Any

from solvent.runtime.edge.problems import MEDIA_TYPE

SCHEMA_NAME = "Problem"

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": SCHEMA_NAME,
    "description": "RFC 9457; facts that a program needs stand beside these members.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
    },
    "additionalProperties": True,
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that may be refused with ``statuses``."""
    schema = {"$ref": f"#/components/schemas/{SCHEMA_NAME}"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def files(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that answers with a file of one of ``media_types``."""
    schema = {"type": "string"}
    content = {media_type: {"schema": schema} for media_type in media_types}
    return {200: {"description": "The file", "content": content}}


def with_problem_schema(openapi: dict[str, Any]) -> dict[str, Any]:
    """Add the shape of a problem, and what every operation may be refused with; return it all."""
    for path, methods in openapi["paths"].items():
        if not path.startswith("/health"):
            for operation in methods.values():
                operation["responses"].setdefault("429", problems(429)[429])
    components = openapi.setdefault("components", {})
    components.setdefault("schemas", {})[SCHEMA_NAME] = PROBLEM_SCHEMA
    return openapi
