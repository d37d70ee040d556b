"""The one door to the web: `Fetcher` holds what all visits share, and opens them."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpcore
import httpx

from scrapers.errors import FetchError, Forbidden, Refused, SeedError, Unreachable
from scrapers.model import Fetch
from scrapers.seed import Seed
from scrapers.urls import join

from . import headers as heads
from .browser import Browser
from .exchange import Line, WorthAnotherTry
from .guard import Guard, Target, checked, is_ip
from .inflate import ACCEPTED
from .limits import Limits
from .pace import HostPace, Pacer, Paces
from .proxy import Proxy, name_objection
from .redact import redact
from .robots import AGAIN, FRESH, PRODUCT, STALE, Robots, essence, parse
from .visit import Visit
from .wire import GuardedBackend, ProxyBackend, Resolver, Transport


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for something that we sent (a hub ping, a webhook). `headers` have names in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] | None = None
    retry_after: float | None = None  # seconds


class Fetcher:
    """Opens visits. One for each process; it holds what all visits share: paces, robots.txt, names, certificates.

    `contact` (a mailto: or http address) and `version` go into the User-Agent. `deadline` is the time in seconds for
    one request with its redirects. `allow_networks` opens private ranges ("10.0.0.0/8"); for loopback addresses in
    them, and only for these, `local_gap` may replace the gap. `gap` is the least time in seconds between two requests
    to one host. With a `proxy` everything goes through it but IP addresses in `allow_networks`. `clock` is the wall
    clock in seconds since 1970; `sleep` is how the door waits for its turn.
    """

    def __init__(
        self,
        *,
        contact: str,
        version: str,
        paces: Paces | None = None,
        deadline: float = 60.0,
        allow_networks: Sequence[str] = (),
        limits: Limits | None = None,
        gap: float = 2.0,
        local_gap: float | None = None,
        proxy: Proxy | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        resolver: Resolver | None = None,
    ) -> None:
        if heads.printable(contact, 200) != contact or heads.printable(version, 50) != version:
            raise SeedError("the contact for the User-Agent has to be a mailto: or http address in plain ASCII")
        self.user_agent = f"{PRODUCT}/{version} (+{contact})"
        self.paces = paces if paces is not None else Paces()
        self.deadline = deadline
        self.limits = limits = limits or Limits()
        self.gap = gap
        self.local_gap = local_gap
        self.proxy = proxy
        self.clock = clock
        self.monotonic = monotonic
        self.sleep = sleep
        self.guard = Guard(allow_networks)
        self.pacer = Pacer(self.paces, per_second=limits.per_second, clock=clock, sleep=sleep)
        self.resolver = resolver or Resolver(timeout=limits.dns, monotonic=monotonic)
        self.browser = Browser(self.user_agent)
        self._backend = GuardedBackend(self.guard, self.resolver, monotonic)
        self._public_backend = GuardedBackend(Guard(), self.resolver, monotonic)
        self._proxy_backend = ProxyBackend(monotonic)
        self._contexts: dict[str | None, ssl.SSLContext] = {}
        self._robots: dict[str, tuple[float | None, Robots]] = {}  # origin → time of the copy, its rules
        self._robots_locks: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def visit(self, seed: Seed | None = None, *, deadline: float = 600.0) -> AsyncIterator[Fetch]:
        """A visit of at most `deadline` seconds: what it gives turns a Request into a Page.

        A request raises Unreachable, Refused, Gone, Forbidden or PageChanged, each with its reason in words. Nothing
        that a visit leaves behind (connections, cookies) reaches the next one.
        """
        visit = Visit(self, seed, self.monotonic() + deadline)
        try:
            yield visit
        finally:
            await visit.aclose()

    async def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] = {},
        deadline: float = 10.0,
    ) -> Answer:
        """One request of our own making (a hub ping, a webhook), through the same guard as all others.

        No redirects are followed and robots.txt is not asked: the receiver wished for it. Any status is an answer;
        raises Forbidden for a guarded address and Unreachable when no answer came within `deadline` seconds.
        """
        target = self.judged(url)
        line = self.line(None, proxied=self.proxied(target))
        wanted = {"User-Agent": self.user_agent, "Accept": "*/*", "Accept-Encoding": ACCEPTED, **headers}
        try:
            raw = await line.exchange(
                method, target, wanted, limit=self.limits.answer, seconds=deadline, content=body, any_answer=True
            )
        except WorthAnotherTry as failed:
            raise failed.error from failed.__cause__
        finally:
            await line.aclose()
        pairs = dict(reversed(raw.headers))
        return Answer(raw.status, raw.body, pairs, heads.retry_after(pairs.get("retry-after"), self.clock()))

    async def picture(self, url: str, *, limit: int, deadline: float, public_only: bool) -> Answer:
        """A picture that a reader wants to see now, redirects followed; the first answer that is none, any status.

        With `public_only` the networks that the settings open stay closed, as they do when a redirect leads to another
        origin. Raises Forbidden for a guarded address, and Unreachable when no whole answer of at most `limit` bytes
        came within `deadline` seconds.
        """
        end = self.monotonic() + deadline
        wanted = {"User-Agent": self.user_agent, "Accept": "image/*", "Accept-Encoding": ACCEPTED}
        for _ in range(self.limits.redirects + 1):
            target = self.judged(url)
            line = self.line(None, public_only=public_only, proxied=self.proxied(target))
            try:
                raw = await line.exchange(
                    "GET", target, wanted, limit=limit + 1, seconds=max(end - self.monotonic(), 0.01), any_answer=True
                )
            except WorthAnotherTry as failed:
                raise failed.error from failed.__cause__
            finally:
                await line.aclose()
            if len(raw.body) > limit:
                raise Unreachable(f"it has more than {limit} bytes", url=redact(target.url))
            following = join(target.url, raw.location) if raw.location and 300 <= raw.status < 400 else None
            if following is None:
                pairs = dict(reversed(raw.headers))
                later = heads.retry_after(pairs.get("retry-after"), self.clock())
                return Answer(raw.status, raw.body, pairs, later)
            public_only = public_only or checked(following).origin != target.origin
            url = following
        raise Unreachable("it is redirected too often", url=redact(url))

    async def aclose(self) -> None:
        """Ends what is shared. Visits close what is theirs."""
        await self.browser.aclose()
        self.resolver.close()

    # What visits use.

    def judged(self, url: str) -> Target:
        """The parts of an address that may be asked, as far as can be told without looking up its name."""
        target = checked(url)
        if is_ip(target.host) and (objection := self.guard.objection(target.host)) is not None:
            raise Forbidden(objection, url=redact(url))
        if self.proxied(target) and (objection := name_objection(target)) is not None:
            raise Forbidden(objection, url=redact(url))
        return target

    def proxied(self, target: Target) -> bool:
        """Whether an address is asked for through the proxy: all are, but IP addresses that the settings open."""
        return self.proxy is not None and not self.guard.opened(target.host)

    def line(self, ca_file: str | None, *, public_only: bool = False, proxied: bool = False) -> Line:
        """New connections, with a pool of their own; certificates are read once for each `ca_file`.

        With `public_only` they lead to public addresses alone, whatever `allow_networks` opens; `proxied` ones lead to
        the proxy.
        """
        context = self._contexts.get(ca_file)
        if context is None:
            context = httpx.create_ssl_context(trust_env=False)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if ca_file is not None:
                try:
                    context.load_verify_locations(cafile=str(Path(ca_file)))
                except (OSError, ssl.SSLError) as error:
                    raise SeedError(f"ca_file {ca_file}: no certificates can be read from it ({error})") from error
            self._contexts[ca_file] = context
        limits = self.limits
        backend: httpcore.AsyncNetworkBackend = self._public_backend if public_only else self._backend
        through = None
        if proxied and self.proxy is not None:
            backend = self._proxy_backend
            through = httpcore.Proxy(self.proxy.url, auth=self.proxy.login())
        transport = Transport(
            backend, context, max_headers=limits.headers, max_header_bytes=limits.header_bytes, proxy=through
        )
        return Line(transport, limits, self.monotonic)

    def is_local(self, target: Target) -> bool:
        """Whether the pace is relaxed for this address: loopback in an opened range, and `local_gap` set."""
        return self.local_gap is not None and self.guard.is_local(target.host)

    def gap_of(self, target: Target, delay: float | None) -> float:
        """Seconds between two requests: the gap, or the Crawl-delay of robots.txt where that is longer."""
        if self.is_local(target):
            return self.local_gap or 0.0
        return max(self.gap, delay or 0.0)

    async def robots(self, target: Target, visit: Visit, ca_file: str | None = None) -> Robots:
        """The rules of an origin: the copy of the last 24 hours, else a new one asked for within this visit.

        4xx means that there are none. Without any answer an old copy serves another day; then nothing is asked,
        and Unreachable tells so (RFC 9309 §2.3.1).
        """
        origin = target.origin
        async with self._robots_locks.setdefault(origin, asyncio.Lock()):
            copy, now = self.paces.get(origin), self.clock()
            age = None if copy.robots_fetched is None else now - copy.robots_fetched
            if age is not None and -60 <= age < FRESH:
                return self._parsed(copy, origin)
            old = copy if age is not None and -60 <= age < STALE else None
            if copy.robots_failed is not None and 0 <= now - copy.robots_failed < AGAIN:
                if old is not None:
                    return self._parsed(old, origin)
                raise Unreachable(f"robots.txt of {target.host} could not be had, so nothing is asked there for now")
            try:
                text = await visit.robots_text(origin, ca_file)
            except FetchError as error:
                if isinstance(error, Refused):  # 429: the pace of the host tells when to come back
                    raise
                self.paces.put(replace(copy, robots_failed=now))
                if isinstance(error, Forbidden):
                    raise
                if old is not None:
                    return self._parsed(old, origin)
                raise Unreachable(
                    f"{error.reason} (when asked for robots.txt)",
                    url=error.url,
                    status=error.status,
                    retry_after=error.retry_after,
                    unconnected=error.unconnected,
                ) from error
            copy = replace(copy, robots=essence(text), robots_fetched=self.clock(), robots_failed=None)
            self.paces.put(copy)
            return self._parsed(copy, origin)

    def _parsed(self, copy: HostPace, origin: str) -> Robots:
        kept = self._robots.get(origin)
        if kept is None or kept[0] != copy.robots_fetched:
            if len(self._robots) >= 512:
                self._robots.pop(next(iter(self._robots)))
            kept = (copy.robots_fetched, parse(copy.robots or "", origin))
            self._robots[origin] = kept
        return kept[1]
