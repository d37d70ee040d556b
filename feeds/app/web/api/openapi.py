"""The endpoints as an OpenAPI 3.1 document, made of the same values by which they are served."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from dataclasses import is_dataclass
from functools import cache
from typing import Any

from ...config.schema import comments
from ...system.version import VERSION
from . import values
from .calls import Endpoint, adapter

PROBLEM = "application/problem+json"
_SOURCE = inspect.getsource(values)  # of when the program began: later there may be another one on the disk
_PLACES = {"name": "Its key.", "id": "Of a story or record, without `urn:uuid:`."}
_STATUSES = {
    400: "The request is wrong.",
    401: "There is no token, or no right one.",
    403: "The token may not do this.",
    404: "There is none.",
    409: "It cannot be done as things are.",
    415: "The body is no JSON.",
    422: "The body is wrong, or what it names cannot be had.",
    429: "Too many tries.",
    503: "Busy; it may go well later.",
}


def document(endpoints: Iterable[Endpoint], server: str) -> dict[str, Any]:
    """The document. `server` is the address of the interface."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    _reference(values.Problem, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "copydesk",
            "version": VERSION,
            "description": "Sources, topics and stories of an installation of copydesk.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that `copydesk token api add` made.",
                }
            },
        },
    }


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    refused = [400, 401, 403, 429, 503]
    refused += [404] if endpoint.places else []
    refused += [404] if endpoint.path == "/stories" else []
    refused += [415, 422] if endpoint.body is not None else []
    refused += [409] if endpoint.scope == "write" else []
    told: dict[str, Any] = {
        "operationId": f"{endpoint.handler.__module__.rpartition('.')[2]}.{endpoint.handler.__name__}",
        "summary": endpoint.about,
        "description": f"Needs the scope `{endpoint.scope}`.",
        "parameters": [
            *(_parameter(name, "path", _PLACES[name], {"type": "string"}) for name in endpoint.places),
            *(_parameter(name, "query", one.about, one.schema) for name, one in endpoint.query.items()),
        ],
        "responses": {
            str(endpoint.status): {
                "description": "Done.",
                "content": {"application/json": {"schema": _reference(endpoint.answer, schemas)}},
            },
            **{
                str(status): {
                    "description": _STATUSES[status],
                    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
                for status in sorted(set(refused))
            },
        },
    }
    if endpoint.body is not None:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _reference(endpoint.body, schemas)}},
        }
    return told


def _parameter(name: str, where: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "description": about, "schema": schema}


def _reference(kind: type, schemas: dict[str, Any]) -> dict[str, Any]:
    """A reference to the schema of a type, which is put among the others with all that it is made of."""
    made = adapter(kind).json_schema(ref_template="#/components/schemas/{model}")
    inner = made.pop("$defs", {})
    for name, schema in {**inner, kind.__name__: made}.items():
        of = getattr(values, name, None)
        if isinstance(of, type) and is_dataclass(of):
            schema["description"] = (of.__doc__ or "").split("\n\n")[0]
            for field, words in comments(of, _sources()[name]).items():
                if field in schema.get("properties", {}):
                    schema["properties"][field]["description"] = words
        schemas[name] = schema
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


@cache
def _sources() -> dict[str, str]:
    """The source of each class of the values."""
    lines = _SOURCE.splitlines(keepends=True)
    return {
        one.name: "".join(lines[one.lineno - 1 : one.end_lineno])
        for one in ast.parse(_SOURCE).body
        if isinstance(one, ast.ClassDef)
    }
