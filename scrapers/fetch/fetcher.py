"""`Fetcher` opens visits, and holds what they share. Nothing else opens a connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from scrapers.errors import SeedError, Unreachable
from scrapers.model import Fetch
from scrapers.seed.seed import Seed
from scrapers.urls.site import join

from .browser.chromium import Browser
from .guard import Guard, checked
from .http import headers as http_headers
from .http.connector import Connector
from .http.exchange import WorthAnotherTry
from .http.inflate import ACCEPTED
from .http.proxy import Proxy
from .http.transport import Resolver
from .limits import Limits
from .rate_limit import Paces, RateLimiter, SharedPaces
from .redact import redact
from .robots import PRODUCT, RobotsCache
from .session import FetchSession
from .shared import Shared


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for something that we sent (a hub ping, a webhook). `headers` have names in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] | None = None
    retry_after: float | None = None  # seconds


class Fetcher:
    """Opens visits. One for each process; `shared` is what all visits have in common.

    `contact` (a mailto: or http address) and `version` go into the User-Agent. `deadline` is the time in seconds for
    one request with its redirects. `allow_networks` opens private ranges ("10.0.0.0/8"); for loopback addresses in
    them, and only for these, `local_gap` may replace the gap. `gap` is the least time in seconds between two requests
    to one host; with `shared_paces` over all processes that share them. With a `proxy` everything goes through it but
    IP addresses in `allow_networks`. `clock` is the wall clock in seconds since 1970; `sleep` waits for a turn of the
    rate limit.
    """

    def __init__(
        self,
        *,
        contact: str,
        version: str,
        paces: Paces | None = None,
        shared_paces: SharedPaces | None = None,
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
        if http_headers.printable(contact, 200) != contact or http_headers.printable(version, 50) != version:
            raise SeedError("the contact for the User-Agent has to be a mailto: or http address in plain ASCII")
        limits = limits or Limits()
        guard = Guard(allow_networks)
        resolver = resolver or Resolver(timeout=limits.dns, monotonic=monotonic)
        self.paces = paces if paces is not None else Paces()
        self.robots = RobotsCache(self.paces, clock, shared=shared_paces)
        self.shared = Shared(
            user_agent=f"{PRODUCT}/{version} (+{contact})",
            limits=limits,
            deadline=deadline,
            gap=gap,
            local_gap=local_gap,
            proxy=proxy,
            guard=guard,
            rate_limiter=RateLimiter(
                self.paces, per_second=limits.per_second, clock=clock, sleep=sleep, shared=shared_paces
            ),
            resolver=resolver,
            connector=Connector(guard, resolver, proxy, limits, monotonic),
            robots=self.robots,
            clock=clock,
            monotonic=monotonic,
            sleep=sleep,
        )
        self._senders: dict[tuple[str, ...], Shared] = {}  # by networks of the settings
        self.browser = Browser(self.shared.user_agent)

    @asynccontextmanager
    async def visit(self, seed: Seed | None = None, *, deadline: float = 600.0) -> AsyncIterator[Fetch]:
        """A visit of at most `deadline` seconds: yields a `Fetch`, which turns a Request into a Page.

        A request raises Unreachable, Refused, Gone, Forbidden or PageChanged, each with its reason in words.
        Connections and cookies of a visit do not reach the next one.
        """
        shared = self.shared
        session = FetchSession(shared, seed, shared.monotonic() + deadline, renderer=self.browser)
        try:
            yield session
        finally:
            await session.aclose()

    async def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] = {},
        deadline: float = 10.0,
        networks: Sequence[str] = (),
    ) -> Answer:
        """One request of our own making (a hub ping, a webhook), to public addresses and those in `networks` alone.

        What the settings open for fetching stays closed to it. Redirects are not followed and robots.txt is not asked:
        the receiver has subscribed. Any status is an answer; raises Forbidden for a guarded address and Unreachable
        when no answer came within `deadline` seconds.
        """
        shared = self._for_sending(tuple(networks))
        target = shared.judged(url)
        connections = shared.connector.connections(None, proxied=shared.proxied(target))
        wanted = {"User-Agent": shared.user_agent, "Accept": "*/*", "Accept-Encoding": ACCEPTED, **headers}
        try:
            raw = await connections.exchange(
                method, target, wanted, limit=shared.limits.answer, seconds=deadline, content=body, any_answer=True
            )
        except WorthAnotherTry as failed:
            raise failed.error from failed.__cause__
        finally:
            await connections.aclose()
        pairs = dict(reversed(raw.headers))
        return Answer(raw.status, raw.body, pairs, http_headers.retry_after(pairs.get("retry-after"), shared.clock()))

    def _for_sending(self, networks: tuple[str, ...]) -> Shared:
        """What is shared, behind a guard that opens these networks and no others."""
        if networks not in self._senders:
            shared, guard = self.shared, Guard(networks)
            connector = Connector(guard, shared.resolver, shared.proxy, shared.limits, shared.monotonic)
            self._senders[networks] = replace(shared, guard=guard, connector=connector)
        return self._senders[networks]

    async def picture(self, url: str, *, limit: int, deadline: float, public_only: bool) -> Answer:
        """A picture that a reader wants to see now, redirects followed; the first answer that is none, any status.

        With `public_only` the networks that the settings open stay closed, as they do when a redirect leads to another
        origin. Raises Forbidden for a guarded address, and Unreachable when no whole answer of at most `limit` bytes
        came within `deadline` seconds.
        """
        shared = self.shared
        end = shared.monotonic() + deadline
        wanted = {"User-Agent": shared.user_agent, "Accept": "image/*", "Accept-Encoding": ACCEPTED}
        for _ in range(shared.limits.redirects + 1):
            target = shared.judged(url)
            connections = shared.connector.connections(None, public_only=public_only, proxied=shared.proxied(target))
            try:
                raw = await connections.exchange(
                    "GET", target, wanted, limit=limit + 1, seconds=max(end - shared.monotonic(), 0.01), any_answer=True
                )
            except WorthAnotherTry as failed:
                raise failed.error from failed.__cause__
            finally:
                await connections.aclose()
            if len(raw.body) > limit:
                raise Unreachable(f"it has more than {limit} bytes", url=redact(target.url))
            following = join(target.url, raw.location) if raw.location and 300 <= raw.status < 400 else None
            if following is None:
                pairs = dict(reversed(raw.headers))
                later = http_headers.retry_after(pairs.get("retry-after"), shared.clock())
                return Answer(raw.status, raw.body, pairs, later)
            public_only = public_only or checked(following).origin != target.origin
            url = following
        raise Unreachable("it is redirected too often", url=redact(url))

    @property
    def requests(self) -> int:
        """How many requests were made in their turn so far."""
        return self.shared.rate_limiter.turns

    async def aclose(self) -> None:
        """Ends what is shared. Visits close what is theirs."""
        await self.browser.aclose()
        self.shared.resolver.close()
