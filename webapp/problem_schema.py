"""The problem responses of every operation in the OpenAPI schema: what :mod:`webapp.problems` may answer.

Written once here instead of on every view: 401 and 403 wherever one must be signed in, 404 where the
address names an object, 400 where something is sent, 409 where something is changed. A view that
documents one of these itself keeps its own words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

METHODS = frozenset({"get", "post", "put", "patch", "delete"})
WRITES = frozenset({"post", "put", "patch", "delete"})
WORDS = {
    "400": "The request is not valid; `errors` names the fields.",
    "401": "Sign in, or send a token.",
    "403": "Your role does not allow this.",
    "404": "There is no such thing, or it belongs to a site that is not yours.",
    "409": "Not in the present state; `code` and `remedy` say why and what to do.",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people"},
        "code": {"type": "string", "description": "Stable, for programs"},
        "remedy": {"type": "string", "description": "What to do"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "description": "A dotted path, as spec.transfer.epochs"},
                    "message": {"type": "string"},
                    "code": {"type": "string"},
                },
                "required": ["field", "message", "code"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "remedy"],
}


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result.get("paths", {}).items():
        for method, operation in operations.items():
            if method in METHODS:
                responses = operation.setdefault("responses", {})
                for status in _statuses(path, method, operation):
                    responses.setdefault(status, _response(status))
    return result


def _statuses(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    sends = "requestBody" in operation
    asks = any(parameter.get("in") == "query" for parameter in operation.get("parameters", []))
    if sends or asks:
        yield "400"
    if {} not in operation.get("security", []):
        yield "401"
        yield "403"
    if "{" in path:
        yield "404"
    if method in WRITES:
        yield "409"


def _response(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": WORDS[status], "content": {"application/problem+json": {"schema": schema}}}
