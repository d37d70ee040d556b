"""Connections are used again only where that is safe, and take in no more than they are asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpcore
import httpx
import pytest

from scrapers.fetch.http.connection import KEPT, Pool
from scrapers.fetch.http.stream import DEADLINE, Stream, connect

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Loopback:
    """Connects to the server of a test, whatever the host."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.made = 0

    async def connect(self, _host: str, _port: int, timeout: float) -> Stream:
        self.made += 1
        return await connect("127.0.0.1", self.port, timeout, time.monotonic)


def with_pool(serve: Serve, work: Callable[[Pool, Loopback], Awaitable[None]]) -> None:
    """Run `work` with a pool whose connections all lead to `serve`."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def go() -> None:
        import ssl

        DEADLINE.set(time.monotonic() + 60)
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        backend = Loopback(server.sockets[0].getsockname()[1])
        pool = Pool(backend, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), time.monotonic)
        try:
            await work(pool, backend)
        finally:
            await pool.aclose()
            server.close()

    asyncio.run(go())


async def ask(pool: Pool, host: str = "courier.example") -> bytes:
    """The body of the answer to one request."""
    status, _, answer = await pool.ask(httpx.Request("GET", f"http://{host}/"))
    assert status == 200
    body = b"".join([piece async for piece in answer])
    await answer.aclose()
    return body


async def polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers each request."""
    while True:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()


def test_a_connection_takes_one_request_after_another() -> None:
    async def work(pool: Pool, backend: Loopback) -> None:
        assert [await ask(pool) for _ in range(5)] == [b"ok"] * 5
        assert backend.made == 1

    with_pool(polite, work)


def test_another_host_gets_a_connection_of_its_own() -> None:
    """Though both have one address: a connection belongs to an origin."""

    async def work(pool: Pool, backend: Loopback) -> None:
        await ask(pool, "one.example")
        await ask(pool, "two.example")
        assert backend.made == 2

    with_pool(polite, work)


def test_few_connections_wait() -> None:
    async def work(pool: Pool, backend: Loopback) -> None:
        for number in range(KEPT + 3):
            await ask(pool, f"host-{number}.example")
        assert len(pool._idle) == len(pool._all) == KEPT
        made = backend.made
        await ask(pool, f"host-{KEPT + 2}.example")
        assert backend.made == made

    with_pool(polite, work)


def test_a_connection_that_the_server_closed_meanwhile_is_not_used() -> None:
    closed = asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        closed.set()

    async def work(pool: Pool, backend: Loopback) -> None:
        await ask(pool)
        await closed.wait()
        assert await ask(pool) == b"ok"
        assert backend.made == 2

    with_pool(once, work)


def test_what_comes_unasked_is_no_answer_to_the_next_request() -> None:
    """It may come late, after the answer was read to its end."""
    more, sent = asyncio.Event(), asyncio.Event()

    async def talkative(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        await more.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        await writer.drain()
        sent.set()
        await reader.read()

    async def work(pool: Pool, backend: Loopback) -> None:
        await ask(pool)
        more.set()
        await sent.wait()
        assert await ask(pool) == b"ok"
        assert backend.made == 2

    with_pool(talkative, work)


def test_a_body_that_nobody_reads_is_not_taken_in() -> None:
    wrote: list[int] = []

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        for _ in range(1000):
            writer.write(bytes(100_000))
            await writer.drain()
            wrote.append(100_000)

    async def work(pool: Pool, _backend: Loopback) -> None:
        _, _, answer = await pool.ask(httpx.Request("GET", "http://courier.example/"))
        before = -1
        while before != len(wrote):  # until the server can send no more
            before = len(wrote)
            for _ in range(50):
                await asyncio.sleep(0.001)
        (connection,) = pool._all
        assert len(connection._stream._came) < 1_000_000
        assert sum(wrote) < 50_000_000
        got = 0
        async for piece in answer:
            got += len(piece)
            if got > 10_000_000:
                break
        await answer.aclose()
        assert pool._all == set()  # half an answer: the connection is of no further use

    with_pool(endless, work)


def test_a_silent_server_is_waited_for_until_the_deadline_only() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def work(pool: Pool, _backend: Loopback) -> None:
        DEADLINE.set(time.monotonic() + 0.2)
        with pytest.raises(httpcore.ReadTimeout):
            await ask(pool)
        assert pool._all == set()

    with_pool(silent, work)


def test_closing_ends_what_is_being_read() -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf")
        await reader.read()

    async def work(pool: Pool, _backend: Loopback) -> None:
        _, _, answer = await pool.ask(httpx.Request("GET", "http://courier.example/"))
        pieces = aiter(answer)
        assert await anext(pieces) == b"half"
        waiting = asyncio.ensure_future(anext(pieces))
        await asyncio.sleep(0)
        await pool.aclose()
        with pytest.raises(httpcore.ReadError):
            await waiting

    with_pool(slow, work)
