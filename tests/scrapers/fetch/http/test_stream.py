"""A connection step by step: what it takes in, what it gives, whom it wakes, and what it raises at its deadline."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import AsyncMock, Mock

import httpcore
import pytest

from scrapers.errors import Unreachable
from scrapers.fetch.http import stream as module
from scrapers.fetch.http.stream import DEADLINE, Stream, certificate_words, connect
from tests.support.waiting import PATIENCE


def with_stream(work: Callable[[Stream, Any], Awaitable[None]], *, left: float = 100.0) -> None:
    """Run `work` with a connection and its transport; its request has so many seconds left."""

    async def go() -> None:
        DEADLINE.set(1000.0 + left)
        transport = Mock(spec=asyncio.Transport)
        transport.is_closing.return_value = False
        stream = Stream(lambda: 1000.0)
        stream.connection_made(transport)
        async with asyncio.timeout(PATIENCE):
            await work(stream, transport)

    asyncio.run(go())


def test_what_came_is_given_in_pieces_and_then_the_end() -> None:
    async def work(stream: Stream, transport: Any) -> None:
        transport.set_write_buffer_limits.assert_called_once_with(0)
        stream.data_received(b"abc")
        stream.data_received(b"de")
        assert [await stream.read(2), await stream.read(3)] == [b"ab", b"cde"]
        reading = asyncio.create_task(stream.read(9))
        await asyncio.sleep(0)
        stream.data_received(b"f")
        assert await reading == b"f"
        stream.data_received(b"rest")
        assert stream.eof_received() is None
        assert not stream.quiet
        assert [stream.take_rest(), stream.take_rest(), await stream.read(9)] == [b"rest", b"", b""]
        reading = asyncio.create_task(stream.read(9))
        assert await reading == b"" and not stream.quiet

    with_stream(work)


def test_no_more_is_taken_in_than_somebody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AHEAD", 4)

    async def work(stream: Stream, transport: Any) -> None:
        stream.data_received(b"1234")
        transport.pause_reading.assert_not_called()
        stream.data_received(b"56")
        transport.pause_reading.assert_called_once_with()
        assert await stream.read(1) == b"1"
        transport.resume_reading.assert_not_called()
        assert await stream.read(1) == b"2"
        transport.resume_reading.assert_called_once_with()
        assert await stream.read(1) == b"3"
        transport.resume_reading.assert_called_once_with()
        stream.data_received(b"789")
        stream.eof_received()
        assert await stream.read(9) == b"456789"
        transport.resume_reading.assert_called_once_with()  # nothing more comes

    with_stream(work)


def test_what_is_sent_waits_while_the_other_side_takes_nothing() -> None:
    async def work(stream: Stream, transport: Any) -> None:
        await stream.write(b"abc")
        stream.pause_writing()
        writing = asyncio.create_task(stream.write(b"def"))
        await asyncio.sleep(0)
        assert not writing.done()
        stream.resume_writing()
        await writing
        await stream.write(b"ghi")
        assert [call.args for call in transport.write.call_args_list] == [(b"abc",), (b"def",), (b"ghi",)]
        stream.pause_writing()
        writing = asyncio.create_task(stream.write(b"jkl"))
        await asyncio.sleep(0)
        stream.connection_lost(ConnectionResetError("gone"))
        with pytest.raises(httpcore.WriteError):
            await writing
        transport.is_closing.return_value = True
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"mno")
        with pytest.raises(httpcore.ReadError):
            await stream.read(9)

    with_stream(work)


@pytest.mark.parametrize("error", [None, ssl.SSLError("no good bye")])
def test_a_connection_that_ends_without_a_word_just_ends(error: Exception | None) -> None:
    async def work(stream: Stream, _: Any) -> None:
        reading = asyncio.create_task(stream.read(9))
        await asyncio.sleep(0)
        stream.connection_lost(error)
        assert await reading == b""

    with_stream(work)


def test_what_came_before_a_connection_broke_is_given_first() -> None:
    async def work(stream: Stream, _: Any) -> None:
        stream.data_received(b"abc")
        stream.connection_lost(ConnectionResetError("gone"))
        assert await stream.read(9) == b"abc"
        with pytest.raises(httpcore.ReadError):
            await stream.read(9)

    with_stream(work)


@pytest.mark.parametrize("left", [0.0, -1.0])
def test_nothing_is_asked_of_a_connection_after_the_deadline(left: float) -> None:
    async def work(stream: Stream, transport: Any) -> None:
        stream.data_received(b"abc")
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(9, 5.0)
        with pytest.raises(httpcore.WriteTimeout):
            await stream.write(b"abc")
        with pytest.raises(httpcore.ConnectTimeout):
            await stream.start_tls(Mock())
        transport.write.assert_not_called()

    with_stream(work, left=left)


@pytest.mark.parametrize(("left", "timeout"), [(0.001, None), (0.001, 100.0), (100.0, 0.001)])
def test_each_step_ends_at_the_deadline_or_at_its_own_time(left: float, timeout: float | None) -> None:
    async def work(stream: Stream, _: Any) -> None:
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(9, timeout)
        assert stream._reader is None
        stream.pause_writing()
        with pytest.raises(httpcore.WriteTimeout):
            await stream.write(b"abc", timeout)
        assert stream._writer is None

    with_stream(work, left=left)


def test_closing_wakes_who_waits_and_leaves_nothing_open() -> None:
    async def work(stream: Stream, transport: Any) -> None:
        reading = asyncio.create_task(stream.read(9))
        await asyncio.sleep(0)
        await stream.aclose()
        transport.abort.assert_called_once_with()
        with pytest.raises(httpcore.ReadError) as told:
            await reading
        assert isinstance(told.value.__cause__, ConnectionAbortedError)
        assert not stream.quiet

    with_stream(work)


def test_what_is_told_of_a_connection() -> None:
    async def work(stream: Stream, transport: Any) -> None:
        for asked, meant in (("server_addr", "peername"), ("client_addr", "sockname"), ("ssl_object", "ssl_object")):
            stream.get_extra_info(asked)
            transport.get_extra_info.assert_called_with(meant)
        stream.data_received(b"abc")
        assert stream.get_extra_info("is_readable") is True
        assert Stream(lambda: 0.0).get_extra_info("server_addr") is None

    with_stream(work)


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("x")
    error.verify_code, error.verify_message = code, "so it is"
    return error


def tls(reason: str | None) -> ssl.SSLError:
    error = ssl.SSLError("x")
    error.reason = reason  # type: ignore[assignment]
    return error


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (9, "is not valid yet"),
        (10, "has expired"),
        (18, "is self-signed"),
        (19, "comes from an authority that nobody vouches for (self-signed chain)"),
        (20, "comes from an unknown authority, or the site does not send its chain"),
        (21, "comes from an unknown authority, or the site does not send its chain"),
        (62, "is not made for a.example"),
        (64, "is not made for a.example"),
        (23, "is not valid: so it is"),
    ],
)
def test_what_is_wrong_with_a_certificate(code: int, words: str) -> None:
    assert certificate_words(certificate(code), "a.example") == f"the site's certificate {words}"


@pytest.mark.parametrize(
    ("error", "kind", "words", "unconnected"),
    [
        (certificate(10), Unreachable, "the site's certificate has expired", False),
        (tls("WRONG_VERSION_NUMBER"), Unreachable, "no secure connection: wrong version number", True),
        (tls("TLSV1_ALERT"), Unreachable, "no secure connection: tlsv1 alert", False),
        (tls(None), Unreachable, "no secure connection: tls failed", False),
        (TimeoutError(), httpcore.ConnectTimeout, "", None),
        (OSError("gone"), httpcore.ConnectError, "the secure connection broke off while it was being made", None),
        (None, httpcore.ConnectError, "the secure connection broke off while it was being made", None),
    ],
)
def test_a_connection_that_cannot_be_made_secure_says_why_and_is_closed(
    error: Exception | None, kind: type[Exception], words: str, unconnected: bool | None
) -> None:
    async def work(stream: Stream, transport: Any) -> None:
        start = stream._loop.start_tls = AsyncMock(side_effect=error, return_value=None)  # type: ignore[method-assign]
        try:
            with pytest.raises(kind) as told:
                await stream.start_tls("context", "a.example")  # type: ignore[arg-type]
        finally:
            del stream._loop.start_tls
        said = told.value.reason if isinstance(told.value, Unreachable) else str(told.value)
        assert said == words
        assert unconnected is None or told.value.unconnected is unconnected  # type: ignore[attr-defined]
        (plain, secure, context), how = start.await_args  # type: ignore[misc]
        assert (plain, context, how) == (transport, "context", {"server_hostname": "a.example"})
        assert isinstance(secure, Stream) and secure is not stream
        assert transport.abort.called == (error is not None)

    with_stream(work)


def test_a_secure_connection_takes_the_place_of_the_plain_one() -> None:
    async def work(stream: Stream, transport: Any) -> None:
        made = Mock(spec=asyncio.Transport)
        stream._loop.start_tls = AsyncMock(return_value=made)  # type: ignore[method-assign]
        secure = await stream.start_tls(Mock())
        del stream._loop.start_tls
        made.is_closing.return_value = False
        await secure.write(b"abc")
        made.write.assert_called_once_with(b"abc")
        transport.abort.assert_not_called()

    with_stream(work)


@pytest.mark.parametrize(
    ("error", "kind"), [(TimeoutError(), httpcore.ConnectTimeout), (OSError("refused"), httpcore.ConnectError)]
)
def test_a_host_that_cannot_be_connected_to(error: Exception, kind: type[Exception]) -> None:
    async def go() -> None:
        loop = asyncio.get_running_loop()
        loop.create_connection = AsyncMock(side_effect=error)  # type: ignore[method-assign]
        try:
            with pytest.raises(kind):
                await connect("192.0.2.1", 80, 5.0, lambda: 0.0)
        finally:
            del loop.create_connection

    asyncio.run(go())
