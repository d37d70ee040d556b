"""What a page of the desk is given, and what it gives back: plain values, so that pages know nothing of HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from ....messages import PageLocale, translate
from ....store import Store
from ...application import Application, Perform
from .entrance.sessions import Session, Sessions


class Refused(Exception):
    """A request that is not done. `reason` is for the owner, `status` for the browser (RFC 9110)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Tools:
    """What the pages work with."""

    app: Application
    config_path: Path
    perform: Perform
    status: Callable[[], Awaitable[Mapping[str, Any]]]
    health: Callable[[], Awaitable[tuple[bool, Mapping[str, Any]]]]
    sessions: Sessions
    memory: dict[str, Any] = field(default_factory=dict)  # what pages keep between two requests, by their own keys


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of the owner, with everything about it checked. `form` is empty for a GET."""

    tools: Tools
    session: Session
    now: datetime
    locale: PageLocale
    root: str  # path before /desk
    path: Mapping[str, str] = field(default_factory=dict)  # parts of the address
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    part: bool = False  # a script of ours asks for the part of the page that changes

    @property
    def app(self) -> Application:
        """The application."""
        return self.tools.app

    async def store(self, work: Callable[[Store], Any]) -> Any:
        """Something of the store, in its own thread."""
        thread = self.app.thread
        return await thread.call(lambda: work(thread.store))

    def words(self, message: str, **values: object) -> str:
        """A sentence of ours in the language of whoever looks, with `%(name)s` filled in."""
        text = translate(message, self.locale.language)
        return text % values if values else text

    def said(self, name: str, most: int = 2000) -> str:
        """A field of the form or, for a GET, of the query; without blanks around it. Raises Refused when too long."""
        text = (self.form or self.query).get(name, "").strip()
        if len(text) > most:
            raise Refused(413, f"{name}: is too long")
        return text


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the name of its template, and what it shows."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Goto:
    """After an action: the page to go to (below /desk), and a sentence that it shows once."""

    path: str
    note: str = ""
    kind: Literal["done", "wrong"] = "done"


@dataclass(frozen=True, slots=True)
class Download:
    """A file of ours for the owner to keep."""

    file: Path
    name: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Framed:
    """A document of its own, shown inside a page of ours in a sandboxed frame, without scripts.

    `styles`: the style sheets that stand in it, byte for byte; `pictures`: whether pictures may be loaded.
    """

    html: bytes
    styles: tuple[str, ...] = ()
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Events:
    """Server-sent events: (name, one line of data)."""

    lines: AsyncIterator[tuple[str, str]]


Reply = Page | Goto | Download | Framed | Events
Handler = Callable[[Ask], Awaitable[Reply]]
