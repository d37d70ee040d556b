"""The web server in the daemon's loop: started, notified of new files, and stopped."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog

from ...health import PATH as HEALTH_FEED
from ...store.tables.sources import is_asked
from ...store.tables.tokens import ApiToken
from ...store.tables.websub import WebSubTable
from ..application import Application, Perform
from ..inspect import status
from .api import Api, ApiTools, OnDemand
from .desk import Desk, open_desk
from .document_routes import DocumentRoutes, Place
from .image_proxy import Pictures
from .metrics import exposition
from .reading import ReaderPages, StoreReader
from .server import QuietServer, ServerLimits, ServerState, listening, quiet_server
from .site import Health, Site, build
from .token_gate import PrivateTopic
from .websub_hub import Hub as OwnHub
from .websub_hub import Pings

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(eq=False)
class Serving:
    """The running server. `address` is where it listens."""

    server: QuietServer
    routes: DocumentRoutes
    app: Application
    address: str
    hub: OwnHub | None
    pings: Pings
    desk: Desk | None = None
    reader: StoreReader | None = None
    api: Api | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    async def start(self, sock: socket.socket) -> None:
        """Start the server; returns when it answers requests. Raises what the server raised at its start."""
        server = asyncio.create_task(self.server.serve(sockets=[sock]), name="web")
        ready = asyncio.create_task(self.server.ready.wait())
        await asyncio.wait((ready, server), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if server.done():
            server.result()
        self._tasks.append(server)
        if self.hub is not None:
            self._tasks.append(asyncio.create_task(self.hub.run(), name="hub"))
        for task in self._tasks:
            task.add_done_callback(_told)

    async def refresh(self) -> None:
        """Read the tables of topics, sources and tokens anew."""
        found = await tables(self.app)
        self.routes.set_locale(self.app.installation.config.page_locale)
        self.routes.set_places(found.places, found.on_demand)
        self.routes.set_private_topics(found.private_topics, found.moved)
        if self.api is not None:
            self.api.set_tokens(found.api_tokens)

    async def published(self, written: Iterable[str]) -> None:
        """Tell subscribers of new files, and read the tables anew. The files themselves are noticed without this."""
        await self.refresh()
        urls = [url for url in (f"{self.routes.base_url}/{name}" for name in written) if self.routes.feed(url)]
        await self.pings.published(urls)
        if self.hub is not None:
            await self.hub.published(urls)

    async def stop(self) -> None:
        """Finish answers under way, then close the server."""
        self.server.should_exit = True
        server, *helpers = self._tasks
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(server, *helpers, return_exceptions=True)
        await self.pings.close()
        if self.reader is not None:
            await self.reader.close()


def _told(task: asyncio.Task[None]) -> None:
    """Log the bug by which a task ended, at once and not only at the stop."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("bug", part=task.get_name(), exc_info=error)


@dataclass(frozen=True, slots=True)
class Tables:
    """What may be served: public places, private topics, and former names of private topics."""

    places: dict[str, Place]
    private_topics: dict[str, PrivateTopic]
    moved: dict[str, str]
    api_tokens: tuple[ApiToken, ...] = ()
    on_demand: dict[str, Place] = field(default_factory=dict)  # sources without a public address


async def tables(app: Application) -> Tables:
    """What may be served, from the store."""

    def read() -> Tables:
        store = app.thread.store
        found = Tables({HEALTH_FEED: Place(ttl=5)}, {}, {}, tuple(store.api_tokens.all()))
        known = store.tokens.all()
        for topic in store.topics.all(removed=True):
            if topic.place is not None:
                opened = tuple(token.digest for token in known if token.topic == topic.name)
                found.private_topics[topic.name] = PrivateTopic(
                    topic.place, opened, topic.ttl, gone=topic.removed is not None
                )
            else:
                state: Any = "here" if topic.removed is None else "gone"
                found.places[f"t/{topic.name}"] = Place(state, ttl=topic.ttl)
        for source in store.sources.labels():
            (found.on_demand if is_asked(source.name) else found.places).setdefault(f"s/{source.name}", Place())
        for was, name in store.publishing.moved().items():
            if name in found.places:
                found.places[was] = Place("moved", to=name)
            elif name.removeprefix("t/") in found.private_topics:
                found.moved[was.removeprefix("t/")] = name.removeprefix("t/")
        return found

    return await app.thread.call(read)


async def serve(
    app: Application,
    health: Health,
    listener: socket.socket | None = None,
    *,
    limits: ServerLimits | None = None,
    perform: Perform | None = None,
    config_path: Path | None = None,
) -> Serving:
    """Serve an installation in this loop, on `listener` or on the configured address.

    `perform` has the daemon do what the desk asks for, and `config_path` is what the desk may write; without them there
    is no desk. Raises OSError when the address is taken.
    """
    config = app.installation.config
    host, port = config.address()
    named = config.publish.hub
    own_address = f"{config.base_url}/hub"
    hubs = named if isinstance(named, tuple) else (own_address,) if named == "own" else ()
    routes = DocumentRoutes(
        config.public,
        config.base_url,
        hosts=config.web.hosts,
        hubs=hubs,
        private=config.private,
        locale=config.page_locale,
    )
    found = await tables(app)
    routes.set_places(found.places, found.on_demand)
    routes.set_private_topics(found.private_topics, found.moved)

    async def report(*, topics_too: bool = True) -> Mapping[str, Any]:
        found = await app.thread.call(
            lambda: status.report(
                app.thread.store,
                app.installation.config,
                [*app.installation.reload_mistakes, *app.installation.seed_mistakes],
                app.clock(),
                topics_too=topics_too,
                disk=app.disk_troubles(),
            )
        )
        return {**found, "work": await status.work(app.queue.report)}

    def in_transaction(work: Callable[[WebSubTable], T]) -> T:
        with app.thread.store.transaction():
            return work(app.thread.store.websub)

    async def in_store(work: Callable[[WebSubTable], T]) -> T:
        return await app.thread.call(in_transaction, work)

    send = partial(app.fetcher.send, networks=config.publish.hub_networks)
    hub = None
    if own_address in hubs:
        clock = lambda: app.clock().timestamp()  # noqa: E731  it is one expression
        hub = OwnHub(own_address, send=send, in_store=in_store, find=routes.feed, clock=clock)
    pings = Pings((address for address in hubs if address != own_address), send=send)
    proxies = tuple(ipaddress.ip_network(proxy) for proxy in config.web.proxies)
    state = ServerState(routes, limits or ServerLimits(), proxies)

    async def metrics() -> tuple[str, bytes]:
        _, facts = await health()
        sizes = await reader.call(lambda store: (store.file.size(), store.file.log_size()))
        return exposition(await report(), facts, state, sizes, app.clock(), tally=app.statistics.counts)

    site = Site(routes, health, report, metrics, hub.request if hub is not None else None, proxies=proxies)
    if app.installation.picture_key is not None:
        wanted = lambda: any(topic.images == "proxy" for topic in app.installation.topics)  # noqa: E731  it is one expression
        site.pictures = Pictures(app.installation.picture_key, app.fetcher.picture, time.monotonic, wanted)
    desk = None
    if config.web.desk and perform is not None and config_path is not None:
        shown = partial(report, topics_too=False)
        desk = await open_desk(app, config_path, perform, status=shown, health=health, proxies=proxies)
    further = [*desk.routes()] if desk is not None else []
    installation, reader = app.installation, StoreReader(config.store_at)
    if config.web.pages:
        topics = lambda: installation.topics  # noqa: E731  it is one expression
        site.pages = ReaderPages(reader, routes, installation.publish_settings, topics, app.clock)
    api = None
    if config.web.api and perform is not None and config_path is not None:
        tools = ApiTools(app, reader, config_path, perform, report, health)
        api = Api(tools, proxies)
        api.set_tokens(found.api_tokens)
        further += api.routes()
        if config.web.on_demand and installation.picture_key is not None:
            further += OnDemand(tools, api, routes, installation.picture_key).serve()
    site.further = further
    server = quiet_server(build(site), state)
    sock = listener if listener is not None else listening(host, port)
    at, number = sock.getsockname()[:2]
    serving = Serving(
        server, routes, app, f"http://{f'[{at}]' if ':' in at else at}:{number}", hub, pings, desk, reader, api
    )
    await serving.start(sock)
    return serving
