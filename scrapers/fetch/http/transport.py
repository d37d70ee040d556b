"""Names are looked up, connections judged before they are made, and answers cleaned before httpx sees them."""

# ruff: noqa: ASYNC109  httpcore names its parameters

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from scrapers.errors import Forbidden, Unreachable
from scrapers.urls.site import site

from ..guard import Guard, is_ip, port_allowed
from .connection import AT_ONCE, KEPT, KEPT_FOR, Pairs, Pool
from .headers import location, printable
from .stream import DEADLINE, Stream, connect

THREADS = 64  # look-ups at once; a thread starts when it is needed
SHARE = 2  # of one site
REMEMBERED = 5000  # names

_LIKE_OURS: dict[str, Any] = {  # a pool of httpcore that keeps connections as our own does
    "max_connections": AT_ONCE, "max_keepalive_connections": KEPT, "keepalive_expiry": KEPT_FOR,
    "http1": True, "http2": False, "retries": 0,
}  # fmt: skip
_DNS_WORDS = {
    socket.EAI_NONAME: "the name {} does not exist",
    socket.EAI_AGAIN: "the name server gave no answer for {}",
    socket.EAI_FAIL: "the name server failed for {}",
}


@dataclass(slots=True)
class _Share:
    """A site's share of the threads: its look-ups in progress, among them those that nobody waits for any more."""

    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SHARE))
    given_up: int = 0
    users: int = 0  # waiting or running: a share without any is dropped


class Resolver:
    """Names → IP addresses, with answers kept for a minute: good ones, and the fact that there was none.

    A hanging look-up cannot be cancelled: it keeps its thread until the system gives up, long after we did. So a site
    gets two threads at most, and while all of them hang it is not asked: silent name servers do not hold up other
    sites.
    """

    def __init__(self, *, timeout: float, monotonic: Callable[[], float], keep: float = 60.0) -> None:
        self._timeout = timeout
        self._monotonic = monotonic
        self._keep = keep
        self._known: OrderedDict[str, tuple[float, tuple[str, ...] | str]] = OrderedDict()
        # Threads of our own: a hanging look-up must not hold up what else runs in the loop's default pool.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="dns")
        self._shares: dict[str, _Share] = {}  # of sites whose names are being looked up

    async def addresses(self, host: str) -> tuple[str, ...]:
        """All addresses of a host, in the system's order of preference; raises Unreachable in words."""
        if is_ip(host):
            return (host,)
        kept = self._known.get(host)
        if kept is None or kept[0] <= self._monotonic():
            found = await self._look_up(host)
            kept = (self._monotonic() + self._keep, found)
            self._known[host] = kept
            self._known.move_to_end(host)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if isinstance(kept[1], str):
            raise Unreachable(kept[1])
        return kept[1]

    async def _look_up(self, host: str) -> tuple[str, ...] | str:
        left = max(0.001, min(self._timeout, DEADLINE.get() - self._monotonic()))
        owner = site(f"http://{host}/")
        share = self._shares.setdefault(owner, _Share())
        silent = f"the name server gave no answer for {host} in time"
        if share.given_up >= SHARE:
            return silent
        share.users += 1
        call: asyncio.Future[list[Any]] | None = None
        try:
            async with asyncio.timeout(left):
                await share.turns.acquire()
                call = self._begun(host, owner, share)
                found = await asyncio.shield(call)
        except TimeoutError:
            share.given_up += call is not None and not call.done()
            return silent
        except socket.gaierror as error:
            return _DNS_WORDS.get(error.errno or 0, "the name {} could not be looked up").format(host)
        except (UnicodeError, ValueError):
            return f"{host} is no possible name"
        finally:
            self._leave(owner, share)
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

    def _begun(self, host: str, owner: str, share: _Share) -> asyncio.Future[list[Any]]:
        """A look-up in a thread, whose place is free again when it comes back."""
        share.users += 1
        call = asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        )

        def came_back(done: asyncio.Future[list[Any]]) -> None:
            if not done.cancelled():
                done.exception()  # nobody retrieves the result of an abandoned look-up
            share.given_up = max(0, share.given_up - 1)
            share.turns.release()
            self._leave(owner, share)

        call.add_done_callback(came_back)
        return call

    def _leave(self, owner: str, share: _Share) -> None:
        share.users -= 1
        if not share.users:
            self._shares.pop(owner, None)

    def close(self) -> None:
        """Ends the threads; a look-up that still runs is left to itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedBackend:
    """Opens connections. A name is looked up once, all its addresses are judged, and a judged one is connected to."""

    def __init__(self, guard: Guard, resolver: Resolver, monotonic: Callable[[], float]) -> None:
        self._guard = guard
        self._resolver = resolver
        self._monotonic = monotonic

    async def connect(self, host: str, port: int, timeout: float) -> Stream:
        """A connection to a host within so many seconds. Raises Forbidden for one that leads to a guarded address."""
        if not port_allowed(port):
            raise Forbidden(f"port {port} is not one for web pages")
        addresses = await self._resolver.addresses(host)
        for address in addresses:  # one forbidden address refuses the name: the next look-up may pick that one
            objection = self._guard.objection(address)
            if objection is not None:
                raise Forbidden(objection if address == host else f"{host} leads to {objection}")
        return await self._first_that_answers(addresses, port, timeout)

    async def _first_that_answers(self, addresses: tuple[str, ...], port: int, timeout: float) -> Stream:
        end = min(self._monotonic() + timeout, DEADLINE.get())
        last: Exception = httpcore.ConnectTimeout("no time left to connect")
        tries = addresses[:4]
        for i, address in enumerate(tries):
            left = end - self._monotonic()
            if left <= 0:
                break
            # A dead address (often IPv6) must not use up the time of those that work.
            share = left if i == len(tries) - 1 else min(left, 3.0)
            try:
                stream = await connect(address, port, share, self._monotonic)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
                continue
            peer = stream.get_extra_info("server_addr")
            if not peer or ip_address(peer[0]) != ip_address(address):
                await stream.aclose()
                raise Forbidden("the connection leads to another address than the one that was checked")
            return stream
        raise last


class NoProxy(httpcore.ConnectError):
    """The proxy itself cannot be reached."""


class ProxyBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to the proxy for httpcore, at any address: the owner configured it. TCP alone."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = DEADLINE.get() - self._monotonic()
        try:
            return await connect(host, port, max(0.001, min(left, timeout or left)), self._monotonic)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise NoProxy from error

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise Forbidden("only web addresses are asked, not local sockets")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Through:
    """A proxy and the backend that reaches it."""

    proxy: httpcore.Proxy
    backend: ProxyBackend


class Transport(httpx.AsyncBaseTransport):
    """The httpx transport over the guarded backend. One for each visit, closed with it.

    What a server says in its headers is cleaned here, before httpx looks at it: Location goes to the extension
    "location" (httpx would build the next request from it, and fails on odd ones in ways of its own), cookies are
    dropped, values that are not printable ASCII too. Errors are httpcore's own, and those of our guard.
    """

    def __init__(
        self,
        backend: GuardedBackend,
        ssl_context: ssl.SSLContext,
        monotonic: Callable[[], float],
        *,
        max_headers: int,
        max_header_bytes: int,
        through: Through | None = None,
    ) -> None:
        """`backend` opens the connections to the sites; with `through` all go to its proxy."""
        self._max_headers = max_headers
        self._max_header_bytes = max_header_bytes
        self._pool = Pool(backend, ssl_context, monotonic)
        self._proxied: httpcore.AsyncConnectionPool | None = None
        if through is not None:
            self._proxied = httpcore.AsyncConnectionPool(
                ssl_context=ssl_context, network_backend=through.backend, proxy=through.proxy, **_LIKE_OURS
            )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._proxied is not None:
            status, raw, body = await _through(self._proxied, request)
        else:
            status, raw, body = await self._pool.ask(request)
        size = sum(len(name) + len(value) for name, value in raw)
        if len(raw) > self._max_headers or size > self._max_header_bytes:
            await body.aclose()
            raise Unreachable(f"the answer has {len(raw)} headers of {size} bytes: too many")
        extensions: dict[str, Any] = {}
        headers: list[tuple[str, str]] = []
        framing: set[str] = set()
        for name_bytes, value_bytes in raw:
            name = name_bytes.decode("ascii", "replace").lower()
            if name == "location":
                extensions.setdefault("location", location(value_bytes))
            elif name in ("transfer-encoding", "content-length"):
                framing.add(name)
            if name in ("location", "set-cookie", "set-cookie2"):
                continue
            value = printable(value_bytes, 8192)
            if value is not None:
                headers.append((name, value))
        if len(framing) == 2:  # two contradictory ends of the body (RFC 9112 §6.3)
            await body.aclose()
            raise Unreachable("the answer gives its length in two ways that contradict each other")
        extensions["headers"] = tuple(headers)
        # Only the headers that httpx itself needs are passed on; we read the coded bytes and the list above.
        return httpx.Response(status, stream=body, extensions=extensions)

    async def drop_surplus(self) -> bytes:
        """Close connections with bytes beyond an answer, which would be taken for the next one; those bytes."""
        if self._proxied is None:
            return await self._pool.drop_surplus()
        found = b""
        for connection in self._proxied.connections:
            inner: Any = connection
            while inner is not None and not hasattr(inner, "_h11_state"):  # one shell, or two
                inner = getattr(inner, "_connection", None)  # None until it is connected
            trailing = inner._h11_state.trailing_data[0] if inner is not None else b""
            if trailing:
                found += trailing
                await connection.aclose()
        return found

    async def aclose(self) -> None:
        await self._pool.aclose()
        if self._proxied is not None:
            await self._proxied.aclose()


async def _through(
    pool: httpcore.AsyncConnectionPool, request: httpx.Request
) -> tuple[int, Pairs, httpx.AsyncByteStream]:
    """Status, headers and body of an answer that came through a proxy."""
    answer = await pool.handle_async_request(
        httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
    )
    return answer.status, answer.headers, _Stream(answer.stream)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()
