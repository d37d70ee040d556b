"""A network to PostgreSQL that can be cut: nothing goes through, nobody is told, what was open is lost afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Network:
    """Passes connections of a port of 127.0.0.1 on to a server's unix socket, in a thread of its own."""

    def __init__(self, port: int, socket: Path) -> None:
        self.port = port
        self._socket = socket
        self._whole: asyncio.Event = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Network:
        self._thread.start()
        self._run(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """From now on nothing goes through, in either direction."""
        self._loop.call_soon_threadsafe(self._whole.clear)

    def mend(self) -> None:
        """It goes through again; connections from before are lost on both sides."""
        self._run(self._drop())
        self._loop.call_soon_threadsafe(self._whole.set)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open(self) -> None:
        self._whole.set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def _close(self) -> None:
        self._server.close()
        await self._drop()

    async def _drop(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._whole.wait()
            there, to = await asyncio.open_unix_connection(str(self._socket))
            self._writers.add(to)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._pass(reader, to))
                    group.create_task(self._pass(there, writer))
            finally:
                self._writers.discard(to)
                to.close()
        except (OSError, ExceptionGroup):
            pass  # either side is gone: the other one is told by the end of its connection
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._whole.wait()
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()
