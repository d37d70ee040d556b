"""The interface for programs over a store and a configuration in a folder, without a server, a daemon or the net."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from feeds.app.config.config import load
from feeds.app.inspect.status import report
from feeds.app.web.api import api as api_module
from feeds.app.web.api.api import Api
from feeds.app.web.api.calls import Endpoint
from feeds.app.web.api.openapi import document
from feeds.app.web.desk.values import Ask
from feeds.model import Publisher
from feeds.publish.feed_reader import PublishSettings
from feeds.store.tables.tokens import ApiToken, token_digest
from scrapers import load_seeds

from .reading import NOW, ReadingRoom, reading_room

CONFIG = """\
contact = "mailto:desk@paper.example"
base_url = "https://news.example/desk"
title = "The copy desk"

[[topics]]
name = "harbour"
title = "The harbour"
query = "harbour OR hafen"

# the lamp
[[topics]]
name = "mine"
query = "lighthouse"
private = true
"""
BEHIND = "-token-of-the-interface-1"  # a token is the name of its program and this
TOKENS = {"reads": ("read",), "writes": ("read", "write"), "asks": ("feed",)}


_documents: dict[str, dict[str, Any]] = {}  # by the address of the interface


def _document(endpoints: Iterable[Endpoint], server: str) -> dict[str, Any]:
    if server not in _documents:
        _documents[server] = document(endpoints, server)
    return _documents[server]


@dataclass
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class Interface:
    """The interface, and what stands behind it: `performed` has what a daemon was asked to do."""

    room: ReadingRoom
    folder: Path
    performed: list[tuple[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)  # to what is performed, by its name
    networks: tuple[Any, ...] = ()
    now: Any = NOW
    further: Callable[[Interface], Iterable[BaseRoute]] | None = None

    def __post_init__(self) -> None:
        self.config_path = self.folder / "config.toml"
        self.config_path.write_text(CONFIG)
        (self.folder / "seeds").mkdir(exist_ok=True)
        for name in ("courier", "island", "kueste"):
            (self.folder / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
        store = self.room.store
        self.installation = SimpleNamespace(reload_mistakes=["topics.mine: is wrong"], publish_settings=self._settings)
        self.read()
        self.app = SimpleNamespace(
            installation=self.installation,
            clock=lambda: self.now,
            thread=SimpleNamespace(store=store, call=self._in_thread),
            fetcher="the fetcher",
            workers="the workers",
        )
        self.tools: Any = SimpleNamespace(
            app=self.app,
            reader=SimpleNamespace(call=self._with_store),
            config_path=self.config_path,
            perform=self._perform,
            status=self._status,
            health=self._health,
        )
        self.memory: dict[str, Any] = {}  # of the desk

    @cached_property
    def api(self) -> Api:
        """The interface itself; its OpenAPI document is made once, since that takes longer than most tests."""
        with patch.object(api_module, "document", _document):
            made = Api(self.tools, self.networks)
        made.set_tokens(ApiToken(name, token_digest(name + BEHIND), scopes, NOW) for name, scopes in TOKENS.items())
        return made

    @cached_property
    def site(self) -> Starlette:
        """The web application that it is a part of."""
        more = () if self.further is None else self.further(self)
        return Starlette(routes=[*self.api.routes(), *more])

    def read(self) -> None:
        """Read the configuration and the seeds, as a daemon does when it is asked to."""
        config = load(self.config_path)
        seeds = {seed.name: seed for seed in load_seeds(config.seeds_folder)[0]}
        self.installation.config, self.installation.topics = config, config.all_topics()
        self.installation.seeds = self.installation.file_seeds = seeds
        self.room.store.sources.sync(seeds.values(), NOW)
        self.room.store.topics.sync(config.all_topics(), NOW)

    def _settings(self) -> PublishSettings:
        return PublishSettings(Publisher("The copy desk", "https://news.example/desk", pages=True))

    async def _in_thread(self, work: Callable[..., Any], *more: Any) -> Any:
        return work(*more)

    async def _with_store(self, work: Callable[..., Any], *more: Any) -> Any:
        return work(self.room.store, *more)

    async def _perform(self, what: str, told: Any) -> Any:
        self.performed.append((what, told))
        if what == "reload":
            self.read()
        answer = self.answers.get(what, {})
        return answer() if callable(answer) else answer

    async def _status(self) -> Mapping[str, Any]:
        return report(self.room.store, self.installation.config, [], self.now, topics_too=False)

    async def _health(self) -> tuple[bool, Mapping[str, Any]]:
        return False, {"ok": False, "why": "it is paused"}

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = "writes",  # whose one it is
        root: str = "/api/v1",
        client: str = "192.0.2.7",
        **headers: str,
    ) -> Got:
        return asyncio.run(self.ask(method, path, body, token=token, root=root, client=client, **headers))

    def page(
        self, handler: Callable[[Any], Any], /, *, part: bool = False, asked: Any = None, path: Any = None, **form: Any
    ) -> Any:
        """What a page of the desk gives for a form, or for what is `asked` in its address; `path`: parts of that."""
        ask: Any = Ask(
            tools=SimpleNamespace(**vars(self.tools), memory=self.memory),  # type: ignore[arg-type]
            session=SimpleNamespace(client="192.0.2.7"),  # type: ignore[arg-type]
            now=self.now,
            locale=SimpleNamespace(language="en"),  # type: ignore[arg-type]
            root="/desk-root",
            path=path or {},
            query=asked or {},
            form=form,
            part=part,
        )
        return asyncio.run(handler(ask))

    async def ask(
        self, method: str, path: str, body: Any, *, token: str | None, root: str, client: str, **headers: str
    ) -> Got:
        """The answer to one request; `body` as JSON, or bytes as they are."""
        said: list[Any] = []
        if token is not None:
            headers.setdefault("authorization", f"Bearer {token}{BEHIND}")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if body is not None:
            headers.setdefault("content-type", "application/json")

        async def receive() -> Any:
            return {"type": "http.request", "body": data, "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        where, _, query = path.partition("?")
        scope = {
            "type": "http", "method": method, "path": root + where, "raw_path": (root + where).encode(),
            "root_path": "", "query_string": query.encode(), "client": (client, 5), "http_version": "1.1",
            "scheme": "https", "server": ("news.example", 443),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        await self.site(scope, receive, send)
        names = {name.decode(): value.decode() for name, value in said[0]["headers"]}
        return Got(said[0]["status"], names, b"".join(one["body"] for one in said[1:]))


@contextmanager
def interface(folder: Path, **more: Any) -> Iterator[Interface]:
    """The interface over a store in a folder, closed when the block ends."""
    with reading_room(folder) as room:
        yield Interface(room, folder, **more)
