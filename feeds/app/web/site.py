"""The daemon's own web server: the published folder, the health of the installation, and the hub.

`build` makes the ASGI application over a `Site`; `serve` runs it in the daemon's loop.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, request_response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...health_feed import PATH as HEALTH_FEED
from ...store.tokens import tokens
from .. import status
from ..hub import Hub as OwnHub
from ..hub import Pings
from .documents import Answer
from .metrics import exposition
from .pictures import Pictures
from .private import Network, Room, client_of
from .server import CHUNK, House, QuietServer, ServerLimits, listening, quiet_server
from .shelf import Place, Shelf

if TYPE_CHECKING:
    from ..desk import Desk

log = structlog.get_logger()
T = TypeVar("T")
Health = Callable[[], Awaitable[tuple[bool, Mapping[str, Any]]]]
Hub = Callable[[Mapping[str, str], str], Awaitable[tuple[int, str]]]
"""What a form sent to /hub leads to: form and client address → status and a word of explanation."""


@dataclass(slots=True)
class Site:
    """What the web server shows: a shelf of documents, and where the rest comes from."""

    shelf: Shelf
    health: Health
    status: Callable[[], Awaitable[Mapping[str, Any]]]
    metrics: Callable[[], Awaitable[tuple[str, bytes]]] | None = None  # media type and text
    hub: Hub | None = None
    further: Iterable[Route] = field(default_factory=tuple)
    pictures: Pictures | None = None
    proxies: tuple[Network, ...] = ()  # of ours in front of the server, which tell who the client is


_SAFE = {
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cache-control": b"no-store",
}


def build(site: Site) -> Starlette:
    """The application: documents by the shelf, /health, /status.json, /metrics and /hub. Works in any ASGI server."""

    def client(request: Request, forwarded: bytes | None) -> str:
        return client_of(request.client.host if request.client else "", forwarded, site.proxies)

    async def health(request: Request) -> Response:
        fine, facts = await site.health()
        return _json(facts, 200 if fine else 503)

    async def status_json(request: Request) -> Response:
        return _json(await site.status())

    async def metrics(request: Request) -> Response:
        if site.metrics is None:
            return PlainTextResponse("Not found.\n", 404)
        media_type, text = await site.metrics()
        return Response(text, media_type=media_type)

    async def hub(request: Request) -> Response:
        if site.hub is None:
            return PlainTextResponse("Not found.\n", 404)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return PlainTextResponse("Expected a form (application/x-www-form-urlencoded).\n", 415)
        try:
            form = _form(await request.body())
        except ClientDisconnect:  # it went away in the middle of its form: nobody is left to answer
            return PlainTextResponse("The form was cut off.\n", 400)
        code, words = await site.hub(form, client(request, request.headers.get("x-forwarded-for", "").encode() or None))
        return PlainTextResponse(words + "\n" if words else "", code)

    async def document(request: Request) -> Response:
        headers: dict[bytes, bytes] = {}
        for name, value in request.headers.raw:
            headers.setdefault(name, value)
        raw = request.scope.get("raw_path") or request.scope["path"].encode()
        path = request.scope["path"].removeprefix(site.shelf.prefix.decode())
        if path.startswith("/i/") and site.pictures is not None and request.method in ("GET", "HEAD"):
            picture = await site.pictures.answer(path, request.headers.get("if-none-match"))
            return PlainTextResponse("Not found.\n", 404) if picture is None else picture
        asker = client(request, headers.get(b"x-forwarded-for"))
        found = site.shelf.find(request.method, raw, request.scope["query_string"], headers, asker)
        return PlainTextResponse("Not found.\n", 404) if found is None else _Ready(found)

    routes = [
        Route("/health", health),
        Route("/status.json", status_json),
        Route("/metrics", metrics),
        Route("/hub", hub, methods=["POST"]),
        *site.further,
    ]
    app = Starlette(routes=routes)
    app.router.default = request_response(document)
    app.add_middleware(_Gate, shelf=site.shelf)
    return app


class _Gate:
    """Answers only under our own names (W4), and puts the safe headers on whatever has none of its own."""

    def __init__(self, app: ASGIApp, shelf: Shelf) -> None:
        self.app = app
        self.shelf = shelf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"there is nothing but HTTP here, no {scope['type']}")

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name.lower() for name, _ in headers}
                if b"content-security-policy" not in present:  # the shelf's answers have all of theirs
                    message["headers"] = headers + [(n, v) for n, v in _SAFE.items() if n not in present]
            await send(message)

        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            await PlainTextResponse("A request names one host.\n", 400)(scope, receive, safely)
        elif not self.shelf.host_allowed(hosts[0]):
            await PlainTextResponse("This server does not answer under that name.\n", 421)(scope, receive, safely)
        else:
            await self.app(scope, receive, safely)


class _Ready(Response):
    """An answer of the shelf as it is."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.background = None
        self.body = bytes(answer.body)
        self.raw_headers = list(answer.headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Piece by piece, so that the server can wait for a client that takes it slowly."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        view = memoryview(self.body)
        while len(view) > CHUNK:
            await send({"type": "http.response.body", "body": bytes(view[:CHUNK]), "more_body": True})
            view = view[CHUNK:]
        await send({"type": "http.response.body", "body": bytes(view)})


def _json(facts: Mapping[str, Any], code: int = 200) -> Response:
    text = json.dumps(facts, ensure_ascii=False, default=_plainly, indent=1)
    return Response(text.encode("utf-8", "replace"), code, media_type="application/json")


def _plainly(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(f"{type(value).__name__} is no fact for the status")


def _form(body: bytes) -> dict[str, str]:
    from urllib.parse import parse_qsl

    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return dict(reversed(pairs))  # the first of a name counts


# In the daemon


class Serving:
    """The running server. `address` is where it listens."""

    def __init__(
        self, server: QuietServer, shelf: Shelf, desk: Desk, address: str, hub: OwnHub | None, pings: Pings
    ) -> None:
        self.shelf = shelf
        self.address = address
        self._server = server
        self._desk = desk
        self._hub = hub
        self._pings = pings
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, sock: socket.socket) -> None:
        """Comes back when requests are answered; raises what the server raised if it did not come so far."""
        server = asyncio.create_task(self._server.serve(sockets=[sock]), name="web")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait((ready, server), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if server.done():
            server.result()
        self._tasks.append(server)
        if self._hub is not None:
            self._tasks.append(asyncio.create_task(self._hub.run(), name="hub"))
        for task in self._tasks:
            task.add_done_callback(_told)

    async def refresh(self) -> None:
        """The tables anew: topics may have come or gone, tokens may have been made or revoked."""
        found = await tables(self._desk)
        self.shelf.set_places(found.places)
        self.shelf.set_rooms(found.rooms, found.moved)

    async def published(self, written: Iterable[str]) -> None:
        """New files are out. They are seen by themselves; topics may have come or gone, and subscribers are told."""
        await self.refresh()
        urls = [url for url in (f"{self.shelf.base_url}/{name}" for name in written) if self.shelf.feed(url)]
        await self._pings.published(urls)
        if self._hub is not None:
            await self._hub.published(urls)

    async def stop(self) -> None:
        """Answers under way are finished; then it is closed."""
        self._server.should_exit = True
        server, *helpers = self._tasks
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(server, *helpers, return_exceptions=True)
        await self._pings.close()


def _told(task: asyncio.Task[None]) -> None:
    """A part that ends by a bug says so at once, not only at the stop."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("bug", part=task.get_name(), exc_info=error)


@dataclass(frozen=True, slots=True)
class Tables:
    """What may be served: public places, private topics, and former names of private topics."""

    places: dict[str, Place]
    rooms: dict[str, Room]
    moved: dict[str, str]


async def tables(desk: Desk) -> Tables:
    """What may be served, from the store."""

    def read() -> Tables:
        store = desk.store
        found = Tables({HEALTH_FEED: Place(ttl=5)}, {}, {})
        known = tokens(store.db)
        for topic in store.topics(removed=True):
            if topic.place is not None:
                opened = tuple(token.digest for token in known if token.topic == topic.name)
                found.rooms[topic.name] = Room(topic.place, opened, topic.ttl, gone=topic.removed is not None)
            else:
                state: Any = "here" if topic.removed is None else "gone"
                found.places[f"t/{topic.name}"] = Place(state, ttl=topic.ttl)
        for source in store.source_labels():
            found.places.setdefault(f"s/{source.name}", Place())
        for was, name in store.moved().items():
            if name in found.places:
                found.places[was] = Place("moved", to=name)
            elif name.removeprefix("t/") in found.rooms:
                found.moved[was.removeprefix("t/")] = name.removeprefix("t/")
        return found

    return await desk.in_store(read)


async def serve(
    desk: Desk, health: Health, listener: socket.socket | None = None, *, limits: ServerLimits | None = None
) -> Serving:
    """Serves an installation in this loop, on `listener` or on the configured address.

    Raises OSError when the address is taken.
    """
    config = desk.config
    host, port = config.address()
    named = config.publish.hub
    own_address = f"{config.base_url}/hub"
    hubs = named if isinstance(named, tuple) else (own_address,) if named == "own" else ()
    shelf = Shelf(config.public, config.base_url, hosts=config.web.hosts, hubs=hubs, private=config.private)
    found = await tables(desk)
    shelf.set_places(found.places)
    shelf.set_rooms(found.rooms, found.moved)

    async def report() -> Mapping[str, Any]:
        return await desk.in_store(
            lambda: status.report(desk.store, desk.config, [*desk.reload_mistakes, *desk.seed_mistakes], desk.clock())
        )

    def in_transaction(work: Callable[[sqlite3.Connection], T]) -> T:
        with desk.store.writing():
            return work(desk.store.db)

    async def in_store(work: Callable[[sqlite3.Connection], T]) -> T:
        return await desk.in_store(in_transaction, work)

    send = desk.fetcher.send
    hub = None
    if own_address in hubs:
        clock = lambda: desk.clock().timestamp()  # noqa: E731  it is one expression
        hub = OwnHub(own_address, send=send, in_store=in_store, find=shelf.feed, clock=clock)
    pings = Pings((address for address in hubs if address != own_address), send=send)
    house = House(shelf, limits or ServerLimits())

    async def metrics() -> tuple[str, bytes]:
        _, facts = await health()
        return exposition(await report(), facts, house, config.store_path, desk.clock(), tally=desk.tally)

    proxies = tuple(ipaddress.ip_network(proxy) for proxy in config.web.proxies)
    asked = hub.request if hub is not None else None
    pictures = None
    if desk.picture_key is not None:
        wanted = lambda: any(topic.images == "proxy" for topic in desk.topics)  # noqa: E731  it is one expression
        pictures = Pictures(desk.picture_key, desk.fetcher.picture, time.monotonic, wanted)
    site = Site(shelf, health, report, metrics=metrics, hub=asked, pictures=pictures, proxies=proxies)
    server = quiet_server(build(site), house)
    sock = listener if listener is not None else listening(host, port)
    at, number = sock.getsockname()[:2]
    serving = Serving(server, shelf, desk, f"http://{f'[{at}]' if ':' in at else at}:{number}", hub, pings)
    await serving.start(sock)
    return serving
