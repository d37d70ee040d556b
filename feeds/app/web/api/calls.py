"""The values of the interface: a checked request, its parameters, and the endpoints."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from ....errors import WrongName
from ....store.tables.tokens import ApiToken
from ...application import Application, Perform
from ..reading import StoreReader

Scope = Literal["read", "write"]
Method = Literal["GET", "POST", "PATCH", "DELETE"]
_PLACE = re.compile(r"{(\w+)}")
_PATTERNS = {"name": r"[a-z0-9-]{1,64}", "id": r"[0-9a-f-]{36}"}


class Refused(Exception):
    """A refused request, as its answer will say (RFC 9457). `members` are added to the answer."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members


@contextmanager
def names_checked() -> Iterator[None]:
    """A name that is wrong, or taken, refuses the request."""
    try:
        yield
    except WrongName as error:
        raise Refused(409, error.reason) from error


@dataclass(frozen=True, slots=True)
class ApiTools:
    """What endpoints have access to."""

    app: Application
    reader: StoreReader
    config_path: Path
    perform: Perform
    status: Callable[[], Awaitable[Mapping[str, Any]]]
    health: Callable[[], Awaitable[tuple[bool, Mapping[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose token, path, query and body were checked."""

    tools: ApiTools
    token: ApiToken
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)  # every parameter that the endpoint has
    body: Any = None  # a value of the endpoint's type
    named: frozenset[str] = frozenset()  # keys that the body has, null or not

    @property
    def app(self) -> Application:
        """The application."""
        return self.tools.app


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query string: text, whole numbers within bounds, or true and false."""

    about: str
    default: str | int | bool | None = None
    least: int = 0
    most: int = 4000  # of a text: characters

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of its value."""
        if isinstance(self.default, bool):
            return {"type": "boolean", "default": self.default}
        if isinstance(self.default, int):
            return {"type": "integer", "minimum": self.least, "maximum": self.most, "default": self.default}
        return {"type": "string", "maxLength": self.most}

    def read(self, name: str, text: str) -> str | int | bool:
        """The value of a text. Raises Refused."""
        if isinstance(self.default, bool):
            if text not in ("true", "false"):
                raise Refused(400, f"{name}: should be true or false")
            return text == "true"
        if isinstance(self.default, int):
            if not re.fullmatch(r"[0-9]{1,9}", text) or not self.least <= int(text) <= self.most:
                raise Refused(400, f"{name}: should be a number from {self.least} to {self.most}")
            return int(text)
        if len(text) > self.most:
            raise Refused(400, f"{name}: should have {self.most:,} characters at most")
        return text


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that the interface does. The OpenAPI document and the routes are both made of these."""

    method: Method
    path: str  # below /api/v1, with places such as {name}
    scope: Scope
    about: str
    handler: Handler
    answer: type
    query: Mapping[str, Parameter] = field(default_factory=dict)
    body: type | None = None
    status: int = 200

    def match(self, path: str) -> Mapping[str, str] | None:
        """The values of the placeholders in a path; None for another path."""
        found = _pattern(self.path).fullmatch(path)
        return None if found is None else found.groupdict()

    @property
    def places(self) -> list[str]:
        """The names of the placeholders in its path."""
        return _PLACE.findall(self.path)


@lru_cache(64)
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(lambda place: f"(?P<{place[1]}>{_PATTERNS[place[1]]})", path))


@lru_cache(64)
def adapter(kind: type) -> TypeAdapter[Any]:
    """What checks, writes and describes values of a type."""
    return TypeAdapter(kind)
