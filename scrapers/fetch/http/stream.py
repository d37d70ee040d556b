"""A TCP or TLS connection whose every read, write and handshake ends at the deadline of the request.

httpx has no total time limit, and a cancelled httpx call loses its place in the pool for good. So the deadline lives
below httpx: each step gets at most the time that is left, and fails by the library's own timeout. The stream is a
protocol of asyncio, without a task, a lock or a scope for each step: these took a third of what a request costs.
"""

# ruff: noqa: ASYNC109  httpcore names its parameters

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import httpcore

from scrapers.errors import Unreachable

DEADLINE: ContextVar[float] = ContextVar("DEADLINE")  # of the current request, by the monotonic clock

_AHEAD = 262_144  # bytes that are taken in before somebody reads them


class Stream(httpcore.AsyncNetworkStream, asyncio.Protocol):
    """One connection. Made by `connect`."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._came = bytearray()
        self._ended = False  # the other side will send no more
        self._broken: Exception | None = None
        self._stopped = False  # reading, until what came is read
        self._full = False  # what is to be sent waits in the transport
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    # What asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):  # always
            self._transport = transport
            transport.set_write_buffer_limits(0)

    def data_received(self, data: bytes) -> None:
        self._came += data
        if len(self._came) > _AHEAD and self._transport is not None:
            self._transport.pause_reading()
            self._stopped = True
        _wake(self._reader)

    def eof_received(self) -> bool | None:
        self._ended = True
        _wake(self._reader)
        return None  # the transport closes itself

    def connection_lost(self, error: Exception | None) -> None:
        self._ended = True
        if error is not None and not isinstance(error, ssl.SSLError):  # TLS that ends without saying so just ends
            self._broken = error
        self._full = False
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        _wake(self._writer)

    # What httpcore and `connection.py` ask

    def _left(self, timeout: float | None) -> float:
        left = DEADLINE.get() - self._monotonic()
        return left if timeout is None else min(left, timeout)

    async def _woken(self, waiting: asyncio.Future[None], left: float, late: type[Exception]) -> None:
        """Wait until asyncio told something, at most so many seconds. Raises `late`."""
        alarm = self._loop.call_later(left, _fail, waiting, late)
        try:
            await waiting
        finally:
            alarm.cancel()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What came, at most `max_bytes`, as soon as there is any; b"" at the end."""
        left = self._left(timeout)
        if left <= 0:
            raise httpcore.ReadTimeout("deadline")
        if not self._came and not self._ended:
            self._reader = self._loop.create_future()
            try:
                await self._woken(self._reader, left, httpcore.ReadTimeout)
            finally:
                self._reader = None
        if not self._came and self._broken is not None:
            raise httpcore.ReadError from self._broken
        if len(self._came) <= max_bytes:
            found = bytes(self._came)
            self._came.clear()
        else:
            found = bytes(self._came[:max_bytes])
            del self._came[:max_bytes]
        if self._stopped and len(self._came) <= _AHEAD and self._transport is not None and not self._ended:
            self._stopped = False
            self._transport.resume_reading()
        return found

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`."""
        left = self._left(timeout)
        if left <= 0:
            raise httpcore.WriteTimeout("deadline")
        if self._transport is None or self._transport.is_closing():
            raise httpcore.WriteError from self._broken
        self._transport.write(buffer)
        if self._full:
            self._writer = self._loop.create_future()
            try:
                await self._woken(self._writer, left, httpcore.WriteTimeout)
            finally:
                self._writer = None
            if self._broken is not None:
                raise httpcore.WriteError from self._broken

    @property
    def quiet(self) -> bool:
        """Whether the connection is open and nothing came that was not read: fit for another request."""
        if self._came or self._ended or self._transport is None or self._transport.is_closing():
            return False
        socket = self._transport.get_extra_info("socket")
        look = select.poll()  # the other side's end may have arrived without the loop having seen it
        look.register(socket.fileno(), select.POLLIN)
        return not look.poll(0)

    def take_rest(self) -> bytes:
        """What came and was not read."""
        rest = bytes(self._came)
        self._came.clear()
        return rest

    async def aclose(self) -> None:
        if self._transport is not None:
            self._transport.abort()
            await asyncio.sleep(0)  # the transport closes its socket in the loop's next turn
        if self._broken is None:
            self._broken = ConnectionAbortedError("closed by us")
        self._ended = True
        _wake(self._reader)
        _wake(self._writer)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """The same connection, secure from now on. Raises Unreachable in words for a certificate that is not valid."""
        left = self._left(timeout)
        if left <= 0 or self._transport is None:
            raise httpcore.ConnectTimeout("deadline")
        secure = Stream(self._monotonic)
        try:
            transport = await self._handshake(self._transport, secure, ssl_context, server_hostname, left)
        except BaseException:  # being cancelled too: nobody else closes it
            await self.aclose()
            raise
        if transport is None:  # never: only a transport that is closing gives none
            raise httpcore.ConnectError("the secure connection broke off while it was being made")
        secure.connection_made(transport)
        return secure

    async def _handshake(
        self,
        plain: asyncio.Transport,
        secure: Stream,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None,
        seconds: float,
    ) -> asyncio.Transport | None:
        """The transport of the secure stream. Raises as `start_tls` does; the connection is left open."""
        try:
            async with asyncio.timeout(seconds):
                return await self._loop.start_tls(plain, secure, ssl_context, server_hostname=server_hostname)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except ssl.SSLError as error:
            if isinstance(error, ssl.SSLCertVerificationError):
                raise Unreachable(certificate_words(error, server_hostname or "")) from error
            words = (error.reason or "TLS failed").replace("_", " ").lower()
            raise Unreachable(f"no secure connection: {words}", unconnected=error.reason in _NO_TLS) from error
        except OSError as error:
            raise httpcore.ConnectError("the secure connection broke off while it was being made") from error

    def get_extra_info(self, info: str) -> Any:
        if self._transport is None:
            return None
        if info == "is_readable":
            return not self.quiet
        return self._transport.get_extra_info({"server_addr": "peername", "client_addr": "sockname"}.get(info, info))


async def connect(address: str, port: int, timeout: float, monotonic: Callable[[], float]) -> Stream:
    """A connection to an IP address or a name. Raises httpcore.ConnectError or ConnectTimeout."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout):
            _, stream = await loop.create_connection(lambda: Stream(monotonic), address, port)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout from error
    except OSError as error:
        raise httpcore.ConnectError from error
    return stream


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)


def _fail(waiting: asyncio.Future[None], error: type[Exception]) -> None:
    if not waiting.done():
        waiting.set_exception(error())


# What OpenSSL says of an answer in plain HTTP.
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")


def certificate_words(error: ssl.SSLCertVerificationError, host: str) -> str:
    """What is wrong with a certificate, for a person (codes of OpenSSL's X509_V_ERR)."""
    return {
        9: "the site's certificate is not valid yet",
        10: "the site's certificate has expired",
        18: "the site's certificate is self-signed",
        19: "the site's certificate comes from an authority that nobody vouches for (self-signed chain)",
        20: "the site's certificate comes from an unknown authority, or the site does not send its chain",
        21: "the site's certificate comes from an unknown authority, or the site does not send its chain",
        62: f"the site's certificate is not made for {host}",
        64: f"the site's certificate is not made for {host}",
    }.get(error.verify_code, f"the site's certificate is not valid: {error.verify_message}")
