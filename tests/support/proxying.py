"""A small HTTP proxy on loopback for tests: forwards plain requests, makes tunnels, and knows the sites by a table."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from urllib.parse import urlsplit

from tests.support.in_thread import InThread


class Proxying(InThread):
    """The proxy, in a thread of its own. `sites` are hosts and the loopback ports that stand for them.

    With `login` it wants "user:password"; with `answer` it says these bytes to every CONNECT and makes no tunnel;
    with `silent` it takes connections and never says anything.
    """

    def __init__(
        self, sites: dict[str, int], *, login: str | None = None, answer: bytes | None = None, silent: bool = False
    ) -> None:
        super().__init__()
        self.sites = sites
        self.login = login
        self.answer = answer
        self.silent = silent
        self.asked: list[tuple[str, str, dict[str, str]]] = []  # method, target, headers

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip("\r\n").split("\r\n")
            method, target, _ = first.split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            self.asked.append((method, target, headers))
            if self.silent:
                await asyncio.sleep(3600)
            if self.login is not None:
                wanted = "Basic " + base64.b64encode(self.login.encode()).decode()
                if headers.get("proxy-authorization") != wanted:
                    writer.write(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    await writer.drain()
                    return
            if method == "CONNECT":
                await self._tunnel(target, reader, writer)
                return
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            await self._forward(method, target, head, body, writer)

    async def _tunnel(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = self.sites.get(target.rpartition(":")[0])
        if self.answer is not None or port is None:
            writer.write(self.answer or b"HTTP/1.1 502 No such site\r\n\r\n")
            await writer.drain()
            return
        there, back = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        ways = [asyncio.create_task(_pour(reader, back)), asyncio.create_task(_pour(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            back.close()

    async def _forward(self, method: str, target: str, head: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        parts = urlsplit(target)
        port = self.sites.get(parts.hostname or "")
        if port is None:
            writer.write(b"HTTP/1.1 502 No such site\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        there, back = await asyncio.open_connection("127.0.0.1", port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [line for line in head.split("\r\n")[1:] if not line.lower().startswith(("proxy-", "connection:"))]
        try:
            back.write("\r\n".join([f"{method} {path} HTTP/1.1", "Connection: close", *lines]).encode("latin-1") + body)
            await back.drain()
            back.write_eof()
            await _pour(there, writer)
        finally:
            back.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
