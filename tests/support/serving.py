"""The real web server over a small published folder, in a thread, and raw requests to it."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feeds.app.web import Site, build
from feeds.app.web.document_routes import DocumentRoutes, Place
from feeds.app.web.reading import ReaderPages, StoreReader
from feeds.app.web.server import ServerLimits, ServerState, listening, quiet_server
from feeds.app.web.token_gate import PrivateTopic
from feeds.store.tables.tokens import token_digest
from tests.support.waiting import PATIENCE

WHEN = 1_768_464_000
DATE = "Thu, 15 Jan 2026 08:00:00 GMT"
ATOM = b"<feed>" + b"<entry>the same words again and again</entry>" * 200 + b"</feed>"


def put(folder: Path, name: str, data: bytes, *, when: int = WHEN, variants: bool = True) -> None:
    """A published file as the publisher writes it: its variants beside it, all of one time."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    files = {path: data}
    if variants:
        files[path.with_name(path.name + ".gz")] = gzip.compress(data, mtime=0)
        files[path.with_name(path.name + ".br")] = b"br:" + data[:30] + data[-30:]
        files[path.with_name(path.name + ".zst")] = b"zstd:" + data[:30] + data[-30:]
    for file, body in files.items():
        file.write_bytes(body)
        os.utime(file, (when, when))


PLACES = {
    "t/ukraine": Place(ttl=20),
    "t/quick": Place(ttl=1),
    "t/rare": Place(ttl=900),
    "t/old-name": Place("moved", to="t/ukraine"),
    "t/removed": Place("gone"),
    "t/empty": Place(),
    "s/courier": Place(),
}
TOKEN = "Hq3_-token-of-the-kitchen-radio0"
PRIVATE_TOPICS = {
    "mine": PrivateTopic("0123456789abcdef", (token_digest("another-token-that-is-good-too"), token_digest(TOKEN)))
}


def make_folder(folder: Path) -> Path:
    """A small installation's published folder, with things around it that must never be served."""
    for name in ("t/ukraine.atom", "t/ukraine.rss", "t/ukraine.json", "s/courier.atom", "t/quick.atom", "t/rare.atom"):
        put(folder, name, ATOM + name.encode())
    put(folder, "t/ukraine/archive-000001.atom", ATOM + b"1")
    own = b" http://news.example/t/0123456789abcdef/mine"
    for name in ("mine.atom", "mine/archive-000001.atom"):
        put(folder.parent / "private", f"t/0123456789abcdef/{name}", ATOM + own + b".atom", variants=False)
    page = b"<!doctype html>" + own + b"<p>story</p>" * 200
    put(folder.parent / "private", "t/0123456789abcdef/mine/index.html", page, variants=False)
    for name in ("index.html", "t/ukraine/index.html", "s/courier/index.html"):
        put(folder, name, b"<!doctype html><title>" + name.encode() + b"</title>" + b"<p>story</p>" * 200)
    put(folder, "opml.xml", b"<opml/>" + b" " * 2000)
    put(folder, "style.css", b"body{color:red}" * 100)
    put(folder, "icon.png", b"\x89PNG" * 500, variants=False)
    put(folder, "favicon.ico", b"ico", variants=False)
    for name in ("t/removed.atom", "t/unknown.atom", "secret.txt", ".hidden", "t/.ukraine.atom.x.part", "copydesk.db"):
        put(folder, name, b"must not be seen", variants=False)
    (folder.parent / "config.toml").write_bytes(b"must not be seen")
    return folder


@dataclass
class Got:
    """One answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Running:
    """A server under test."""

    port: int
    routes: DocumentRoutes
    state: ServerState
    loop: asyncio.AbstractEventLoop
    site: Site
    hub_forms: list[Any] = field(default_factory=list)

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, *, method: str = "GET", body: bytes = b""
    ) -> Got:
        """One request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True, skip_host="Host" in (headers or {}))
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            response = connection.getresponse()
            return Got(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def raw(self, data: bytes, *, timeout: float = PATIENCE) -> bytes:
        """Bytes as they are; everything that comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as sock:
            sock.sendall(data)
            received = b""
            while chunk := sock.recv(65_536):
                received += chunk
            return received


@contextmanager
def running(
    folder: Path,
    *,
    limits: ServerLimits | None = None,
    base_url: str = "http://news.example",
    places: Mapping[str, Place] = PLACES,
    private_topics: Mapping[str, PrivateTopic] = PRIVATE_TOPICS,
    pages: Callable[[DocumentRoutes], ReaderPages] | None = None,
    closed: Sequence[StoreReader] = (),
) -> Iterator[Running]:
    """The server over `folder`, until the block ends; with what `pages` makes for its routes.

    What is `closed` is closed at the end, in the loop of the server.
    """
    routes = DocumentRoutes(
        folder,
        base_url,
        places=places,
        hosts=["other.example"],
        hubs=["http://news.example/hub"],
        private=folder.parent / "private",
        private_topics=private_topics,
    )
    forms: list[Any] = []

    async def health() -> tuple[bool, Mapping[str, Any]]:
        return len(forms) < 3, {"ok": True}

    async def status() -> Mapping[str, Any]:
        return {"sources": [{"name": "courier", "state": "ok"}]}

    async def hub(form: Mapping[str, str], client: str) -> tuple[int, str]:
        forms.append((form, client))
        return 202, "accepted"

    made = pages(routes) if pages is not None else None
    site = Site(routes, health, status, hub=hub, pages=made)
    state = ServerState(routes, limits or ServerLimits())
    sock = listening("127.0.0.1", 0)
    loop = asyncio.new_event_loop()
    server = quiet_server(build(site), state, keep_for_stop=1)

    async def serve() -> None:
        await server.serve(sockets=[sock])
        for one in closed:
            await one.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    try:
        yield Running(sock.getsockname()[1], routes, state, loop, site, forms)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        loop.close()
