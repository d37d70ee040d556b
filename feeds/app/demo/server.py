"""The sample sites over HTTP/1.1 on loopback: a port for each, in a thread and event loop of their own.

A server of our own because an outage must be able to refuse the connection and come back on the same port, and because
the daemon under test shares the process: nothing here runs in its loop. RFC 9110 for validators and codings.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from .pages import Answer

HOST = "127.0.0.1"
_MOST_HEAD = 32_768  # bytes of a request's head
_ABOUT_BODY = ("Content-Type", "Content-Encoding")  # headers that a 304 leaves out
_IDLE = 30.0  # seconds that a connection may wait for its next request
_PATIENCE = 60.0  # seconds for what takes none on a machine that does nothing else

Ask = Callable[[str, str], Answer | None]
"""Site, path → what it answers now; None when the site does not answer at all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came in, for tests of the daemon's politeness."""

    site: str
    method: str
    path: str
    status: int
    agent: str
    bytes_sent: int


@dataclass(slots=True)
class _Door:
    """One site's port. `held` reserves the port while nobody listens on it."""

    held: socket.socket
    server: asyncio.Server | None = None
    open: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)


class Servers:
    """The listening side of a newsroom. Start it, and stop it in the end; both from any thread."""

    def __init__(self, ask: Ask, sites: Mapping[str, int], log: Callable[[Asked], None]) -> None:
        """`sites`: name → preferred port, 0 for any."""
        self._ask, self._log = ask, log
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="newsroom", daemon=True)
        self._doors: dict[str, _Door] = {}
        self.ports: dict[str, int] = {}
        for name, port in sites.items():
            held = _bound(port)
            self._doors[name] = _Door(held)
            self.ports[name] = held.getsockname()[1]

    def start(self) -> None:
        """Start all sites; they listen when this returns."""
        self._thread.start()
        for name in self._doors:
            self.listen(name, True)

    def listen(self, name: str, wanted: bool) -> None:
        """Listen on a site's port, or stop so that connections are refused. Done when this returns."""
        asyncio.run_coroutine_threadsafe(self._listen(name, wanted), self._loop).result(_PATIENCE)

    def stop(self) -> None:
        """Close every port and release it."""
        for name in self._doors:
            self.listen(name, False)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        for door in self._doors.values():
            door.held.close()
        self._loop.close()

    async def _listen(self, name: str, wanted: bool) -> None:
        door = self._doors[name]
        if wanted and door.server is None:
            listener = _bound(self.ports[name])
            door.server = await asyncio.start_server(
                lambda reader, writer: self._serve(name, reader, writer), sock=listener, limit=_MOST_HEAD
            )
        elif not wanted and door.server is not None:
            door.server.close()
            for writer in door.open.values():
                writer.transport.abort()
            if door.open:
                await asyncio.wait(set(door.open))
            door.server = None

    async def _serve(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: requests after each other until one side has enough."""
        door, task = self._doors[name], asyncio.current_task()
        assert task is not None  # a coroutine always runs in one
        door.open[task] = writer
        try:
            while await self._one(name, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # the other side went away, or sent what is no request; there is nobody to tell
        finally:
            writer.close()
            del door.open[task]

    async def _one(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection may go on."""
        async with asyncio.timeout(_IDLE):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        try:
            method, target, _ = first.split(" ", 2)
        except ValueError:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return False
        headers = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
        path = unquote(urlsplit(target).path)
        answer = self._ask(name, path)
        if answer is None:
            writer.transport.abort()
            return False
        status, out, body = respond(answer, method, headers)
        keep = headers.get("connection", "").lower() != "close"
        out["Connection"] = "keep-alive" if keep else "close"
        out["Date"] = format_datetime(datetime.now(UTC), usegmt=True)
        start = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        rest = "".join(f"{key}: {value}\r\n" for key, value in out.items())
        writer.write(f"{start}{rest}\r\n".encode("latin-1") + body)
        self._log(Asked(name, method, path, status, headers.get("user-agent", ""), len(body)))
        await writer.drain()
        return keep


def respond(answer: Answer, method: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer to a request whose header names are in lower case."""
    if method not in ("GET", "HEAD"):
        return 405, {"Allow": "GET, HEAD", "Content-Length": "0"}, b""
    out = {"Server": "newsroom", "Content-Type": answer.content_type, "Vary": "Accept-Encoding", **answer.headers}
    body = answer.body
    zipped = _takes_gzip(headers.get("accept-encoding", "")) and len(body) > 500 and "image/" not in answer.content_type
    if zipped:
        body = gzip.compress(body, 6, mtime=0)
        out["Content-Encoding"] = "gzip"
    if answer.status == 200:
        mark = blake2b(answer.body, digest_size=12).hexdigest()
        etag = f'"{mark}-gzip"' if zipped else f'"{mark}"'  # a strong tag names the bytes, so the coding is part of it
        out["ETag"] = etag
        if answer.modified:
            out["Last-Modified"] = format_datetime(answer.modified.astimezone(UTC), usegmt=True)
        if _unchanged(etag, answer.modified, headers):
            return 304, {key: value for key, value in out.items() if key not in _ABOUT_BODY}, b""
    out["Content-Length"] = str(len(body))
    return answer.status, out, b"" if method == "HEAD" else body


def _takes_gzip(header: str) -> bool:
    """Whether Accept-Encoding allows gzip (q=0 forbids it)."""
    for part in header.lower().split(","):
        coding, _, weight = part.strip().partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _unchanged(etag: str, modified: datetime | None, headers: Mapping[str, str]) -> bool:
    """RFC 9110 §13.2.2: If-None-Match decides; only without it does If-Modified-Since."""
    tags = headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # an invalid date counts as none (RFC 9110 §13.1.3)
        return False


def _bound(port: int) -> socket.socket:
    """A socket on the port, not yet listening. Two of ours may share it: one holds it, one listens."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind((HOST, port))
    except OSError:
        made.close()
        raise
    return made
