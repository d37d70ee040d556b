"""A small web server that does, by path, everything wrong that a web server can do. Standard library, loopback only.

    with Web() as web:
        web.page("/a", b"<p>fine")
        web.raw("/b", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")     # bytes as they are, then the end
        fetch(web.url("/fault/drip-body"))                                     # one of FAULTS

It keeps a note of every request (`web.asked`) and of how many were under way at once (`web.peak`).
"""

from __future__ import annotations

import asyncio
import functools
import gzip
import socket
import ssl
import struct
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.support.in_thread import InThread

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that arrived."""

    method: str
    target: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    connection: int  # number of the connection that it came over
    at: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Out:
    """The way back to the client."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def drip(self, data: bytes, pause: float) -> None:
        """One byte after the other."""
        for i in range(len(data)):
            await self.send(data[i : i + 1])
            await asyncio.sleep(pause)

    def reset(self) -> None:
        """Ends the connection with RST instead of FIN."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Handler = Callable[[Asked, Out], Awaitable[bool | None]]
"""Answers one request; True keeps the connection open for another."""


def answer(
    body: bytes = b"",
    *,
    status: str = "200 OK",
    content_type: str | None = "text/html; charset=utf-8",
    headers: Mapping[str, str] | None = None,
    length: bool = True,
) -> bytes:
    """A right answer as bytes."""
    lines = [f"HTTP/1.1 {status}"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if length:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


class Web(InThread):
    """The server, in a thread of its own. `robots` is what /robots.txt says; None answers 404."""

    def __init__(
        self, host: str = "127.0.0.1", *, robots: bytes | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(host, tls)
        self.asked: list[Asked] = []
        self.connections = 0
        self.peak = 0  # most requests under way at the same moment
        self._under_way = 0
        self._handlers: dict[str, Handler] = {}
        if robots is not None:
            self.page("/robots.txt", robots, content_type="text/plain")

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def page(
        self,
        path: str,
        body: bytes = b"",
        *,
        status: str = "200 OK",
        content_type: str | None = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answers `path` properly, and keeps the connection."""
        data = answer(body, status=status, content_type=content_type, headers=headers)

        async def handler(asked: Asked, out: Out) -> bool:
            await out.send(data)
            return True

        self._handlers[path] = handler

    def raw(self, path: str, data: bytes) -> None:
        """Answers `path` with these bytes and closes."""

        async def handler(asked: Asked, out: Out) -> None:
            await out.send(data)

        self._handlers[path] = handler

    def on(self, path: str, handler: Handler) -> None:
        """Answers `path` with a function."""
        self._handlers[path] = handler

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Answers `path` with a redirect."""
        self.page(path, status=f"{status} Moved", headers={"Location": to}, content_type=None)

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    # Inside of the thread.

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        out = Out(writer)
        try:
            while (asked := await _read(reader, number)) is not None:
                self.asked.append(asked)
                self._under_way += 1
                self.peak = max(self.peak, self._under_way)
                try:
                    keep = await self._handler(asked.path)(asked, out)
                finally:
                    self._under_way -= 1
                if not keep:
                    break
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass  # the client has had enough, as it should
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()

    def _handler(self, path: str) -> Handler:
        if path in self._handlers:
            return self._handlers[path]
        if path.startswith("/fault/") and path[7:] in FAULTS:
            return FAULTS[path[7:]]
        if path.startswith("/status/"):
            return functools.partial(_status, path[8:])
        return functools.partial(_status, "404")


async def _read(reader: asyncio.StreamReader, connection: int) -> Asked | None:
    try:
        head = await reader.readexactly(1)
        if head == b"\x16":  # a TLS handshake: what a server for plain HTTP says to it
            return Asked("?", "/status/400", {}, b"", connection)
        head += await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, target, headers, body, connection)


async def _status(code: str, asked: Asked, out: Out) -> bool:
    await out.send(answer(b"<p>" + code.encode(), status=f"{code} Whatever"))
    return True


# The faults. Each takes the request and does its worst.

FAULTS: dict[str, Handler] = {}


def _fault(name: str) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        FAULTS[name] = handler
        return handler

    return keep


def _sends(name: str, data: bytes, *, keep: bool = False) -> None:
    async def handler(asked: Asked, out: Out) -> bool:
        await out.send(data)
        return keep

    FAULTS[name] = handler


def _whole(name: str, data: bytes) -> None:
    """An answer after which the connection is as good as before: to end it unsaid would be a fault of its own."""
    _sends(name, data, keep=True)


@_fault("silence")
async def _silence(asked: Asked, out: Out) -> None:
    await asyncio.sleep(3600)


@_fault("drip-body")
async def _drip_body(asked: Asked, out: Out) -> None:
    await out.send(OK + b"Content-Length: 1000000\r\n\r\n")
    await out.drip(b"<p>slow" * 100_000, 0.03)


@_fault("drip-chunks")
async def _drip_chunks(asked: Asked, out: Out) -> None:
    await out.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        await out.send(b"1\r\nx\r\n")
        await asyncio.sleep(0.03)


@_fault("drip-headers")
async def _drip_headers(asked: Asked, out: Out) -> None:
    await out.send(OK)
    for i in range(100_000):
        await out.drip(f"X-{i}: y\r\n".encode(), 0.03)


@_fault("endless-body")
async def _endless_body(asked: Asked, out: Out) -> None:
    await out.send(OK + b"\r\n")
    while True:
        await out.send(b"<p>more and more" * 4096)


@_fault("endless-headers")
async def _endless_headers(asked: Asked, out: Out) -> None:
    await out.send(OK)
    while True:
        await out.send(b"X-More: and more\r\n" * 1000)


@_fault("endless-continue")
async def _endless_continue(asked: Asked, out: Out) -> None:
    while True:
        await out.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 10)
        await asyncio.sleep(0.01)


@_fault("close-at-once")
async def _close_at_once(asked: Asked, out: Out) -> None:
    return None


@_fault("reset")
async def _reset(asked: Asked, out: Out) -> None:
    out.reset()


@_fault("reset-in-body")
async def _reset_in_body(asked: Asked, out: Out) -> None:
    await out.send(OK + b"Content-Length: 1000\r\n\r\n<p>half")
    out.reset()


@_fault("bomb-gzip")
async def _bomb_gzip(asked: Asked, out: Out) -> None:
    await out.send(answer(bomb(), headers={"Content-Encoding": "gzip"}))


@_fault("bomb-deflate")
async def _bomb_deflate(asked: Asked, out: Out) -> None:
    await out.send(answer(deflate_bomb(), headers={"Content-Encoding": "deflate"}))


@_fault("bomb-members")
async def _bomb_members(asked: Asked, out: Out) -> None:
    await out.send(OK + b"Content-Encoding: gzip\r\n\r\n")
    member = gzip.compress(b"")
    while True:
        await out.send(member * 1000)


@functools.cache
def bomb(megabytes: int = 300) -> bytes:
    """gzip data that unpack to so many megabytes of zeros."""
    packer, block = zlib.compressobj(1, wbits=31), bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


@functools.cache
def deflate_bomb() -> bytes:
    """The same as zlib data, of 30 MB."""
    return zlib.compress(bytes(30_000_000), 1)


_PACKED = gzip.compress(b"<p>packed " * 500)
_sends("truncated-length", OK + b"Content-Length: 1000\r\n\r\n<p>only this")
_sends("truncated-chunked", OK + b"Transfer-Encoding: chunked\r\n\r\n400\r\n<p>only this")
_sends("truncated-last-chunk", OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\n<p>x\r\n")
_sends("truncated-gzip", OK + b"Content-Encoding: gzip\r\n\r\n" + _PACKED[:-12])
_sends("corrupt-gzip", answer(_PACKED[:20] + b"\xff\xff\xff" + _PACKED[23:], headers={"Content-Encoding": "gzip"}))
_sends("gzip-then-more", answer(_PACKED + b"<p>more", headers={"Content-Encoding": "gzip"}))
_sends("not-gzip", answer(b"<p>plain", headers={"Content-Encoding": "gzip"}))
_sends("brotli", answer(b"\x0b\x02\x80<p>x\x03", headers={"Content-Encoding": "br"}))
_sends("twice-gzip", answer(gzip.compress(_PACKED), headers={"Content-Encoding": "gzip, gzip"}))
_sends("odd-coding", answer(b"<p>x", headers={"Content-Encoding": "rot13"}))
_sends("two-lengths", OK + b"Content-Length: 4\r\nContent-Length: 9\r\n\r\n<p>xsurplus")
_sends("negative-length", OK + b"Content-Length: -5\r\n\r\n<p>x")
_sends("silly-length", OK + b"Content-Length: 99999999999999999999999999\r\n\r\n<p>x")
_sends("length-and-chunked", OK + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>x\r\n0\r\n\r\n")
_sends("bad-chunk", OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n<p>x\r\n0\r\n\r\n")
_sends("garbage", b"\x00\x01\x02\xff" * 500)
_sends("http-0.9", b"<html><p>no status line, no headers")
_sends("bad-status", b"HTTP/1.1 abc OK\r\n\r\n<p>x")
_sends("bad-header", OK + b"no colon here\r\n\r\n<p>x")
_sends("many-headers", OK + b"".join(b"X-%d: y\r\n" % i for i in range(1000)) + b"Content-Length: 4\r\n\r\n<p>x")
_sends("huge-header", OK + b"X-Big: " + b"y" * 90_000 + b"\r\nContent-Length: 4\r\n\r\n<p>x")
_sends("declared-too-big", OK + b"Content-Length: 999999999\r\n\r\n<p>x")
_whole("not-modified", b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n')
_whole("no-content", b"HTTP/1.1 204 No Content\r\n\r\n")
_whole("partial", answer(b"<p>x", status="206 Partial Content", headers={"Content-Range": "bytes 0-3/9"}))
_whole("image", answer(b"\x89PNG", content_type="image/png"))
_whole("redirect-nowhere", answer(status="302 Found"))
_whole("redirect-bad-host", answer(status="302 Found", headers={"Location": "http://[bad/"}))
_whole("redirect-bad-port", answer(status="302 Found", headers={"Location": "http://a.example:99999999/"}))
_whole("redirect-script", answer(status="302 Found", headers={"Location": "javascript:alert(1)"}))
_whole("redirect-file", answer(status="302 Found", headers={"Location": "file:///etc/passwd"}))
_whole("redirect-user", answer(status="302 Found", headers={"Location": "http://u:p@a.example/"}))
_whole("redirect-control", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a\x01b\r\n\r\n")
_whole("redirect-bytes", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /\xff\xfe\r\n\r\n")
_whole("redirect-huge", answer(status="302 Found", headers={"Location": "/" + "a" * 20_000}))


@_fault("redirect-loop")
async def _redirect_loop(asked: Asked, out: Out) -> bool:
    await out.send(answer(status="302 Found", headers={"Location": asked.target}))
    return True


@_fault("redirect-further")
async def _redirect_further(asked: Asked, out: Out) -> bool:
    await out.send(
        answer(status="302 Found", headers={"Location": asked.path + "?" + asked.target.partition("?")[2] + "x"})
    )
    return True


@_fault("surplus")
async def _surplus(asked: Asked, out: Out) -> bool:
    await out.send(answer(b"<p>x") + answer(b"<p>the next answer, made up"))
    return True
