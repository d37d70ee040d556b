"""What all visits of a process share: the guard, the rate limit, names, certificates, robots.txt, limits and clocks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from scrapers.errors import Forbidden

from .files_asked import FilesAsked
from .guard import Guard, Target, checked, is_ip
from .http.connector import Connector
from .http.proxy import Proxy, name_objection
from .http.transport import Resolver
from .limits import Limits
from .rate_limit import RateLimiter
from .redact import redact
from .robots import RobotsCache


@dataclass(frozen=True, slots=True)
class Shared:
    """The parts that all visits use."""

    user_agent: str
    limits: Limits
    deadline: float  # seconds for one request with its redirects
    gap: float  # least seconds between two requests to one host
    local_gap: float | None  # … to a loopback address in an opened range
    proxy: Proxy | None
    guard: Guard
    rate_limiter: RateLimiter
    resolver: Resolver
    connector: Connector
    robots: RobotsCache
    clock: Callable[[], float]  # wall clock, seconds since 1970
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    files: FilesAsked = field(default_factory=FilesAsked)

    def judged(self, url: str) -> Target:
        """The parts of an address that may be asked; its name is not resolved. Raises Forbidden."""
        target = checked(url)
        if is_ip(target.host) and (objection := self.guard.objection(target.host)) is not None:
            raise Forbidden(objection, url=redact(url))
        if self.proxied(target) and (objection := name_objection(target)) is not None:
            raise Forbidden(objection, url=redact(url))
        return target

    def proxied(self, target: Target) -> bool:
        """Whether an address is asked for through the proxy: all but IP addresses that the settings open."""
        return self.proxy is not None and not self.guard.opened(target.host)

    def is_local(self, target: Target) -> bool:
        """Whether the rate limit is relaxed for this address: loopback in an opened range, and `local_gap` set."""
        return self.local_gap is not None and self.guard.is_local(target.host)

    def gap_of(self, target: Target, delay: float | None) -> float:
        """Seconds between two requests: the gap, or the Crawl-delay of robots.txt where that is longer."""
        if self.is_local(target):
            return self.local_gap or 0.0
        return max(self.gap, delay or 0.0)
