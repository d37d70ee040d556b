"""Connections to sites, used for one request after another. h11 reads and writes HTTP/1.1, as it does in httpcore.

httpcore's own pool is for many callers, versions and event loops at once, and each of its steps takes locks and
scopes. A visit asks one site, one request at a time: what it needs is here. Only a proxy is spoken to by httpcore.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import h11
import httpcore
import httpx

from .stream import DEADLINE, Stream

AT_ONCE = 4  # requests
KEPT = 2  # connections that wait for another request
KEPT_FOR = 30.0  # seconds
_PIECE = 262_144  # bytes that are read at once
_HEAD = 102_400  # bytes of an answer's head at most
Origin = tuple[str, str, int]  # scheme, host, port
Pairs = list[tuple[bytes, bytes]]


class Backend(Protocol):
    """Opens connections (`GuardedBackend`)."""

    async def connect(self, host: str, port: int, timeout: float) -> Stream:  # noqa: ASYNC109  as httpcore's
        """A connection to a host."""


class Connection:
    """One connection to one origin."""

    def __init__(self, origin: Origin, stream: Stream) -> None:
        self.origin = origin
        self.idle_since = 0.0
        self._stream = stream
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD)

    async def ask(self, request: httpx.Request, timeouts: dict[str, float | None]) -> tuple[int, Pairs]:
        """Send a request; status and headers of its answer."""
        try:
            sent = [
                self._http.send(
                    h11.Request(method=request.method, target=request.url.raw_path, headers=list(request.headers.raw))
                )
            ]
            if body := await request.aread():
                sent.append(self._http.send(h11.Data(data=body)))
            sent.append(self._http.send(h11.EndOfMessage()))
        except h11.LocalProtocolError as error:
            raise httpcore.LocalProtocolError(str(error)) from error
        with contextlib.suppress(httpcore.WriteError):  # a server may answer and close before it has read all
            await self._stream.write(b"".join(part for part in sent if part), timeouts.get("write"))
        while not isinstance(event := await self._next(timeouts.get("read")), h11.Response):
            pass  # 1xx
        return event.status_code, event.headers.raw_items()

    async def pieces(self, seconds: float | None) -> AsyncIterator[bytes]:
        """The body of the answer, as it comes; each read takes at most so many seconds."""
        while isinstance(event := await self._next(seconds), h11.Data):
            yield bytes(event.data)

    async def _next(self, seconds: float | None) -> object:
        """What h11 makes of what comes next."""
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise httpcore.RemoteProtocolError(str(error)) from error
            if event is not h11.NEED_DATA:
                return event
            data = await self._stream.read(_PIECE, seconds)
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
            self._http.receive_data(data)

    def again(self) -> bool:
        """Whether the answer was read to its end and another request may follow."""
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            return True
        return False

    @property
    def quiet(self) -> bool:
        """Whether it is open and nothing came that nobody asked for."""
        return self._stream.quiet

    def surplus(self) -> bytes:
        """What came beyond the answer, which would be taken for the next one."""
        return self._http.trailing_data[0] + self._stream.take_rest()

    async def aclose(self) -> None:
        """Close it; an answer that is being read ends with an error."""
        await self._stream.aclose()


class Pool:
    """The connections of one visit."""

    def __init__(self, backend: Backend, ssl_context: ssl.SSLContext, monotonic: Callable[[], float]) -> None:
        self._backend = backend
        self._context = ssl_context
        self._monotonic = monotonic
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()

    async def ask(self, request: httpx.Request) -> tuple[int, Pairs, Answer]:
        """Status, headers and body of the answer to a request. The body has to be closed."""
        timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
        async with asyncio.timeout(DEADLINE.get() - self._monotonic()):
            await self._turns.acquire()
        connection = None
        try:
            connection = await self._connection(request.url, timeouts.get("connect"))
            status, headers = await connection.ask(request, timeouts)
        except BaseException:  # being cancelled too: the turn and the connection would be lost
            self._turns.release()
            if connection is not None:
                await self.drop(connection)
            raise
        return status, headers, Answer(self, connection, timeouts.get("read"))

    async def _connection(self, url: httpx.URL, seconds: float | None) -> Connection:
        """One that waits, or a new one."""
        origin = url.scheme, url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
        for connection in [one for one in self._idle if one.origin == origin]:
            self._idle.remove(connection)
            if connection.quiet and self._monotonic() - connection.idle_since <= KEPT_FOR:
                return connection
            await self.drop(connection)
        scheme, host, port = origin
        stream = await self._backend.connect(host, port, seconds or KEPT_FOR)
        if scheme == "https":
            stream = await stream.start_tls(self._context, host, seconds)
        connection = Connection(origin, stream)
        self._all.add(connection)
        return connection

    async def over(self, connection: Connection) -> None:
        """Note that an answer is no longer wanted: its connection waits for another request, or is closed."""
        self._turns.release()
        if connection not in self._all or not connection.again():
            await self.drop(connection)
            return
        connection.idle_since = self._monotonic()
        self._idle.append(connection)
        if len(self._idle) > KEPT:
            await self.drop(self._idle.pop(0))

    async def drop_surplus(self) -> bytes:
        """Close waiting connections with bytes beyond an answer; those bytes."""
        found = b""
        for connection in list(self._idle):
            if surplus := connection.surplus():
                found += surplus
                self._idle.remove(connection)
                await self.drop(connection)
        return found

    async def drop(self, connection: Connection) -> None:
        """Close a connection for good."""
        self._all.discard(connection)
        await connection.aclose()

    async def aclose(self) -> None:
        """Close them all."""
        self._idle.clear()
        for connection in list(self._all):
            await self.drop(connection)


class Answer(httpx.AsyncByteStream):
    """The body of an answer. Closing it frees its connection."""

    def __init__(self, pool: Pool, connection: Connection, seconds: float | None) -> None:
        self._pool = pool
        self._connection: Connection | None = connection
        self._seconds = seconds

    def __aiter__(self) -> AsyncIterator[bytes]:
        if self._connection is None:
            raise httpx.StreamClosed
        return self._connection.pieces(self._seconds)

    async def aclose(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._pool.over(connection)
