"""Connections and answers step by step, over parts in memory: how long each may take, and what is passed on."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import httpcore
import httpx
import pytest

from scrapers.errors import Forbidden, Unreachable
from scrapers.fetch.guard import Guard
from scrapers.fetch.http import connection as connections
from scrapers.fetch.http import transport as module
from scrapers.fetch.http.connection import Pool
from scrapers.fetch.http.stream import DEADLINE
from scrapers.fetch.http.transport import GuardedBackend, NoProxy, ProxyBackend, Transport
from tests.support import waiting


def done(work: Callable[[], Awaitable[Any]], *, left: float = 100.0) -> Any:
    """What it gives, by a clock that stands at 1000 s with so many seconds left; fails where it takes for ever."""

    async def go() -> Any:
        DEADLINE.set(1000.0 + left)
        return await work()

    return waiting.done(go)


def now() -> float:
    return 1000.0


FOUR = tuple(f"192.0.2.{n}" for n in range(1, 5))


@pytest.mark.parametrize(
    ("addresses", "timeout", "left", "shares"),
    [
        (FOUR, 10.0, 100.0, [3.0, 3.0, 3.0, 10.0]),
        ((*FOUR, "192.0.2.5"), 10.0, 100.0, [3.0, 3.0, 3.0, 10.0]),
        (FOUR[:1], 10.0, 100.0, [10.0]),
        (FOUR[:2], 10.0, 2.0, [2.0, 2.0]),
        (FOUR[:2], 0.0, 100.0, []),
        (FOUR[:2], 10.0, -1.0, []),
    ],
)
def test_each_address_of_a_name_has_its_share_of_the_time(
    addresses: tuple[str, ...], timeout: float, left: float, shares: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = AsyncMock(side_effect=httpcore.ConnectError("refused"))
    monkeypatch.setattr(module, "connect", tried)
    backend = GuardedBackend(Guard(["192.0.2.0/24"]), Mock(addresses=AsyncMock(return_value=addresses)), now)
    with pytest.raises((httpcore.ConnectError, httpcore.ConnectTimeout)) as told:
        done(lambda: backend.connect("a.example", 443, timeout), left=left)
    assert [(call.args[0], call.args[1], call.args[2]) for call in tried.await_args_list] == [
        (address, 443, share) for address, share in zip(addresses, shares, strict=False)
    ]
    assert str(told.value) == ("refused" if shares else "no time left to connect")


def test_the_first_address_that_answers_is_taken_and_only_where_it_is_the_one_that_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    streams = [Mock(aclose=AsyncMock(), get_extra_info=Mock(return_value=(address, 1))) for address in FOUR]
    monkeypatch.setattr(module, "connect", AsyncMock(side_effect=[httpcore.ConnectTimeout("late"), streams[1]]))
    backend = GuardedBackend(Guard(["192.0.2.0/24"]), Mock(addresses=AsyncMock(return_value=FOUR)), now)
    assert done(lambda: backend.connect("a.example", 443, 9.0)) is streams[1]
    for peer in (("192.0.2.9", 1), None):
        streams[0].get_extra_info.return_value = peer
        streams[0].aclose.reset_mock()
        monkeypatch.setattr(module, "connect", AsyncMock(side_effect=[streams[0]]))
        with pytest.raises(Forbidden, match="another address than the one that was checked"):
            done(lambda: backend.connect("a.example", 443, 9.0))
        streams[0].aclose.assert_awaited_once_with()


@pytest.mark.parametrize(
    ("host", "addresses", "port", "words"),
    [
        ("a.example", ("192.0.2.1",), 22, "port 22 is not one for web pages"),
        ("a.example", ("93.184.216.34", "10.0.0.1"), 443, "a.example leads to 10.0.0.1 is not a public address"),
        ("10.0.0.1", ("10.0.0.1",), 443, "10.0.0.1 is not a public address"),
    ],
)
def test_one_forbidden_address_refuses_the_name(
    host: str, addresses: tuple[str, ...], port: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = AsyncMock()
    monkeypatch.setattr(module, "connect", tried)
    backend = GuardedBackend(Guard(), Mock(addresses=AsyncMock(return_value=addresses)), now)
    with pytest.raises(Forbidden) as told:
        done(lambda: backend.connect(host, port, 9.0))
    assert told.value.reason == words
    tried.assert_not_awaited()


@pytest.mark.parametrize(
    ("timeout", "left", "given"), [(5.0, 100.0, 5.0), (None, 100.0, 100.0), (5.0, 2.0, 2.0), (5.0, -3.0, 0.001)]
)
def test_a_proxy_is_connected_to_within_the_deadline(
    timeout: float | None, left: float, given: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = AsyncMock(return_value="stream")
    monkeypatch.setattr(module, "connect", tried)
    backend = ProxyBackend(now)
    assert done(lambda: backend.connect_tcp("proxy.example", 3128, timeout), left=left) == "stream"
    tried.assert_awaited_once_with("proxy.example", 3128, given, now)
    for error in (httpcore.ConnectError("x"), httpcore.ConnectTimeout("x")):
        tried.side_effect = error
        with pytest.raises(NoProxy):
            done(lambda: backend.connect_tcp("proxy.example", 3128, timeout), left=left)
    with pytest.raises(Forbidden, match="not local sockets"):
        done(lambda: backend.connect_unix_socket("/run/x"))


def test_a_request_goes_through_a_proxy_whole() -> None:
    request = httpx.Request(
        "POST", "https://a.example:8443/b?c=d", headers={"X-A": "b"}, content=b"e", extensions={"timeout": {"read": 1}}
    )
    pool = Mock(handle_async_request=AsyncMock(return_value=httpcore.Response(201, headers=[(b"x", b"y")])))
    status, headers, _ = done(lambda: module._through(pool, request))
    assert (status, headers) == (201, [(b"x", b"y")])
    (asked,) = pool.handle_async_request.await_args.args
    assert (asked.method, asked.url.scheme, asked.url.host, asked.url.port) == (b"POST", b"https", b"a.example", 8443)
    assert (asked.url.target, asked.headers, asked.stream) == (b"/b?c=d", request.headers.raw, request.stream)
    assert asked.extensions == {"timeout": {"read": 1}}


def answered(raw: list[tuple[bytes, bytes]], *, most: int = 9, size: int = 99) -> Any:
    """The response that is made of these headers, or the error."""

    async def go() -> Any:
        transport = Transport(Mock(), Mock(), now, max_headers=most, max_header_bytes=size)
        body = Mock(aclose=AsyncMock(), spec=httpx.AsyncByteStream)
        transport._pool = Mock(ask=AsyncMock(return_value=(203, raw, body)))
        try:
            return await transport.handle_async_request(Mock())
        except Unreachable as error:
            body.aclose.assert_awaited_once_with()
            return error.reason

    return done(go)


def test_of_an_answer_the_clean_headers_are_passed_on_and_its_address_apart() -> None:
    told = answered(
        [(b"Location", b"/a"), (b"location", b"/b"), (b"X-A", b"b"), (b"x-c", b"\xff"), (b"Set-Cookie", b"s"),
         (b"set-cookie2", b"s"), (b"Content-Length", b"3")]
    )  # fmt: skip
    assert told.status_code == 203 and not told.headers
    assert told.extensions["location"] == "/a"
    assert told.extensions["headers"] == (("x-a", "b"), ("content-length", "3"))
    assert "location" not in answered([(b"x-a", b"b")]).extensions


def test_headers_are_bounded_and_two_lengths_contradict_each_other() -> None:
    assert answered([(b"a", b"b")] * 9).status_code == 203
    assert answered([(b"a", b"b")] * 10) == "the answer has 10 headers of 20 bytes: too many"
    assert answered([(b"a", b"b" * 98)]).status_code == 203
    assert answered([(b"a", b"b" * 99)]) == "the answer has 1 headers of 100 bytes: too many"
    both = [(b"Transfer-Encoding", b"chunked"), (b"content-length", b"3")]
    assert answered(both) == "the answer gives its length in two ways that contradict each other"
    assert answered([both[1], both[1]]).status_code == 203


class Made(Mock):
    """A connection to an origin."""

    def __init__(self, *origin: Any, quiet: bool = True, since: float = 1000.0, again: bool = True) -> None:
        super().__init__(aclose=AsyncMock(), again=Mock(return_value=again), surplus=Mock(return_value=b""))
        self.origin, self.quiet, self.idle_since = origin, quiet, since

    def _get_child_mock(self, **how: Any) -> Any:
        return Mock(**how)


def pool_with(*idle: Made) -> Any:
    backend = Mock(connect=AsyncMock(return_value="stream"))
    pool: Any = Pool(backend, Mock(spec=ssl.SSLContext), now)
    pool._idle, pool._all = list(idle), set(idle)
    return pool


def test_a_connection_is_used_again_for_its_origin_while_it_is_open_and_young(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Mock(return_value="new")
    monkeypatch.setattr(connections, "Connection", made)
    fit = Made("http", "a.example", 80, since=970.0)
    old = Made("http", "a.example", 80, since=969.9)
    loud = Made("http", "a.example", 80, quiet=False)
    other = Made("https", "a.example", 443)

    async def go() -> None:
        pool = pool_with(old, loud, other, fit)
        assert await pool._connection(httpx.URL("http://a.example/"), 5.0) is fit
        assert pool._idle == [other] and pool._all == {other, fit}
        pool._backend.connect.assert_not_awaited()
        assert await pool._connection(httpx.URL("http://a.example:8080/"), 5.0) == "new"
        pool._backend.connect.assert_awaited_with("a.example", 8080, 5.0)
        await pool._connection(httpx.URL("http://a.example/"), None)
        pool._backend.connect.assert_awaited_with("a.example", 80, 30.0)
        pool._backend.connect.return_value = plain = Mock(start_tls=AsyncMock(return_value="secure"))
        await pool._connection(httpx.URL("https://b.example/"), 5.0)
        plain.start_tls.assert_awaited_once_with(pool._context, "b.example", 5.0)
        made.assert_called_with(("https", "b.example", 443), "secure")

    done(go)
    assert [one.aclose.await_count for one in (old, loud, fit, other)] == [1, 1, 0, 0]


def test_a_connection_that_is_over_waits_again_or_is_closed() -> None:
    async def go() -> None:
        first, second, third = (Made("http", f"{n}.example", 80, since=0.0) for n in "abc")
        spent = Made("http", "a.example", 80, again=False)
        pool = pool_with()
        pool._all = {first, second, third, spent}
        for one in (first, second, third, spent, gone := Made("http", "x.example", 80)):
            await pool._turns.acquire()
            await pool.over(one)
        assert pool._idle == [second, third] and pool._all == {second, third}
        assert first.idle_since == 1000.0
        for one, closed in ((first, 1), (second, 0), (third, 0), (spent, 1), (gone, 1)):
            assert one.aclose.await_count == closed
        assert pool._turns._value == connections.AT_ONCE
        second.surplus.return_value = b"more"
        assert await pool.drop_surplus() == b"more"
        assert pool._idle == [third] and second.aclose.await_count == 1
        await pool.aclose()
        assert (pool._idle, pool._all, third.aclose.await_count) == ([], set(), 1)

    done(go)


def test_a_turn_is_waited_for_until_the_deadline_and_given_back_when_a_request_fails() -> None:
    async def go() -> None:
        pool = pool_with()
        pool._turns = asyncio.Semaphore(0)
        with pytest.raises(TimeoutError):
            await pool.ask(httpx.Request("GET", "http://a.example/"))
        pool._turns = asyncio.Semaphore(1)
        broken = Made("http", "a.example", 80)
        broken.ask = AsyncMock(side_effect=httpcore.ReadError("gone"))
        pool._connection = AsyncMock(return_value=broken)
        with pytest.raises(httpcore.ReadError):
            await pool.ask(httpx.Request("GET", "http://a.example/"))
        assert pool._turns._value == 1
        broken.aclose.assert_awaited_once_with()
        pool._connection.side_effect = httpcore.ConnectError("refused")
        with pytest.raises(httpcore.ConnectError):
            await pool.ask(httpx.Request("GET", "http://a.example/"))
        assert pool._turns._value == 1
        fine = Made("http", "a.example", 80)
        fine.ask = AsyncMock(return_value=(200, [(b"a", b"b")]))
        pool._connection = AsyncMock(return_value=fine)
        timeouts = {"connect": 1.0, "read": 2.0, "write": 3.0}
        request = httpx.Request("GET", "http://a.example/", extensions={"timeout": timeouts})
        status, headers, answer = await pool.ask(request)
        assert (status, headers) == (200, [(b"a", b"b")])
        pool._connection.assert_awaited_once_with(request.url, 1.0)
        fine.ask.assert_awaited_once_with(request, timeouts)
        answer.__aiter__()
        fine.pieces.assert_called_once_with(2.0)
        pool.over = AsyncMock()
        await answer.aclose()
        await answer.aclose()
        pool.over.assert_awaited_once_with(fine)
        with pytest.raises(httpx.StreamClosed):
            answer.__aiter__()

    done(go, left=0.001)


def test_surplus_of_connections_to_a_proxy_closes_them() -> None:
    async def go() -> None:
        transport: Any = Transport(Mock(), Mock(), now, max_headers=9, max_header_bytes=9)
        state = SimpleNamespace(_h11_state=SimpleNamespace(trailing_data=(b"more", False)))
        quiet = SimpleNamespace(_h11_state=SimpleNamespace(trailing_data=(b"", False)))
        shells = [
            Mock(_connection=SimpleNamespace(_connection=state), aclose=AsyncMock(), spec=["_connection", "aclose"]),
            Mock(_connection=quiet, aclose=AsyncMock(), spec=["_connection", "aclose"]),
            Mock(_connection=None, aclose=AsyncMock(), spec=["_connection", "aclose"]),
        ]
        transport._proxied = Mock(connections=shells, aclose=AsyncMock())
        assert await transport.drop_surplus() == b"more"
        assert [one.aclose.await_count for one in shells] == [1, 0, 0]
        await transport.aclose()
        transport._proxied.aclose.assert_awaited_once_with()

    done(go)
