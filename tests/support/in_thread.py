"""A server of tests in a thread of its own, with a loop of its own, on a port that the system chooses."""

from __future__ import annotations

import asyncio
import ssl
import threading
from types import TracebackType
from typing import Self

from tests.support.waiting import PATIENCE


class InThread:
    """Listens while it is entered; `_connected` serves one connection, inside the thread."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.port = 0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._served: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._thread = threading.Thread(target=self._run, daemon=True, name=type(self).__name__)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._begin, self.host, 0, ssl=self._tls, backlog=512)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._end(server))
            self._loop.close()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._connected(reader, writer))
        self._served[task] = writer
        task.add_done_callback(self._served.pop)

    async def _end(self, server: asyncio.Server) -> None:
        """End all connections, those among them that were accepted a moment ago and that nobody has begun to serve."""
        for listening in server.sockets:
            self._loop.remove_reader(listening.fileno())
        await _passes()  # a server that is closed by now would lose who was accepted, and never close it
        server.close()
        for writer in self._served.values():
            writer.transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _passes()


async def _passes() -> None:
    """Let the loop do what waits to be done, and what comes of it."""
    for _ in range(3):
        await asyncio.sleep(0)
