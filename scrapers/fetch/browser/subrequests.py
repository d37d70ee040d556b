"""What a page in the browser asks for: fetched by us, through the same guard as all else, within narrow limits.

The browser has no network of its own, so what this module does not fetch does not come. Per page:
scripts, style sheets and data only, at most `MAX_REQUESTS`, one at a time for each host, robots.txt obeyed. An address
that is not public is fetched for the page's own origin and the seed's `hosts` alone, whatever networks the settings
open: the owner opened them for a source, not for its scripts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scrapers.errors import CopydeskError, FetchError, Forbidden, Refused, Unreachable
from scrapers.model import Page, Request
from scrapers.seed.seed import Seed
from scrapers.urls.site import join, same_site, site

from ..guard import Guard, Target
from ..http import headers as http_headers
from ..http.exchange import Raw, WorthAnotherTry
from ..http.inflate import ACCEPTED
from ..http.stream import DEADLINE
from ..redact import redact
from ..robots import PRODUCT
from ..session import REDIRECTS, FetchSession

MAX_REQUESTS = 100  # of one page
MAX_BYTES = 30_000_000  # of all answers to one page
SECONDS = 15.0  # for one request with its redirects
KINDS = frozenset({"script", "stylesheet", "xhr", "fetch"})
METHODS = frozenset({"GET", "POST"})

log = logging.getLogger(__name__)

# Request headers of the browser that are dropped: connection, coding, user agent and cookies are set by us or left out.
_NOT_SENT = frozenset(
    {"accept-encoding", "connection", "content-length", "cookie", "host", "range", "te", "transfer-encoding", "upgrade"}
    | {"upgrade-insecure-requests", "user-agent", "purpose", "expect", "trailer", "if-none-match", "if-modified-since"}
)
# Response headers that are dropped: the body is already decoded, and nothing may make the browser request more by
# itself.
_NOT_GIVEN = frozenset(
    {"alt-svc", "clear-site-data", "connection", "content-encoding", "content-length", "content-security-policy"}
    | {
        "content-security-policy-report-only",
        "keep-alive",
        "link",
        "nel",
        "refresh",
        "report-to",
        "reporting-endpoints",
    }
    | {"strict-transport-security", "trailer", "transfer-encoding", "content-disposition"}
)


@dataclass(frozen=True, slots=True)
class Subrequest:
    """One request that a page makes. `kind` is Chromium's word for what it is for; header names are in lower case."""

    url: str
    kind: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What the page gets."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Subrequests:
    """All requests of one page. `seconds` is the time for all of them together."""

    def __init__(
        self, session: FetchSession, seed: Seed | None, page: Page, ca_file: str | None, seconds: float
    ) -> None:
        shared = session.shared
        end = shared.monotonic() + seconds
        self._shared = shared
        self._session = session
        self._page = page
        self._origin = shared.judged(page.url).origin
        self._hosts = frozenset(seed.hosts if seed is not None else ())
        self._ca_file = ca_file
        self._end = end
        self._near = FetchSession(shared, seed, end)  # connections to the site itself
        self._far = FetchSession(shared, None, end, public_only=True)  # and to all others
        self._public = Guard()
        self._count = 0
        self._bytes = 0

    async def aclose(self) -> None:
        """Ends the connections; requests under way end with an error."""
        await self._near.aclose()
        await self._far.aclose()

    async def answer(self, asked: Subrequest) -> Response:
        """The answer to what a page asks for, redirects followed; raises CopydeskError when it does not get it."""
        try:
            return await self._answer(asked)
        except WorthAnotherTry as failed:
            self._tell(asked, failed.error.reason)
            raise failed.error from failed.__cause__
        except CopydeskError as error:
            self._tell(asked, error.reason)
            raise

    def _tell(self, asked: Subrequest, reason: str) -> None:
        """Log a refused request: a failure of the site itself may explain an empty list, others hardly matter."""
        if asked.kind in KINDS:
            level = logging.WARNING if same_site(self._page.url, asked.url) else logging.INFO
            log.log(level, "a page was not given %s: %s", redact(asked.url), reason)

    async def _answer(self, asked: Subrequest) -> Response:
        if asked.kind not in KINDS or asked.method not in METHODS:
            raise Forbidden(f"pages get no {asked.kind} by {asked.method}"[:100])
        self._count += 1
        if self._count > MAX_REQUESTS:
            raise Refused(f"a page gets no more than {MAX_REQUESTS} answers")
        end = min(self._end, self._shared.monotonic() + SECONDS)
        url, method, body = asked.url, asked.method, asked.body
        for _ in range(self._shared.limits.redirects + 1):
            target = self._shared.judged(url)
            raw = await self._one(target, method, asked, body, end)
            if raw.status not in REDIRECTS:
                return Response(raw.status, _given(raw), raw.body)
            following = join(target.url, raw.location) if raw.location else None
            if following is None:
                raise Unreachable("a redirect without a usable address")
            if target.scheme == "https" and not following.startswith("https:"):
                raise Forbidden("a redirect from https to http is not followed for a page")
            if raw.status == 303 or (raw.status in (301, 302) and method == "POST"):
                method, body = "GET", b""  # RFC 9110 §15.4
            url = following
        raise Unreachable(f"more than {self._shared.limits.redirects} redirects")

    def _is_near(self, target: Target) -> bool:
        return target.origin == self._origin or target.host in self._hosts

    async def _one(self, target: Target, method: str, asked: Subrequest, body: bytes, end: float) -> Raw:
        shared, near = self._shared, self._is_near(target)
        session, ca_file = (self._near, self._ca_file) if near else (self._far, None)
        if not near:
            await self._only_public(target, end)
            if method != "GET" and not same_site(self._page.url, target.url):
                raise Forbidden(f"pages send nothing to other sites, such as {target.host}")
        robots = await session.robots(target, ca_file)
        if not robots.allows(target.url):
            raise Refused(f"robots.txt of {target.host} asks {PRODUCT} to stay away")
        host = site(target.url)
        patience, limited = end - shared.monotonic(), not shared.is_local(target)
        try:
            async with shared.rate_limiter.turn(host, 0.0, patience=patience, limited=limited):
                left = end - shared.monotonic()
                if left <= 0 or self._bytes >= MAX_BYTES:
                    raise Unreachable("the time or the size of this page is used up")
                limit = min(shared.limits.page, MAX_BYTES - self._bytes)
                connections = session.connections(Request(target.url, ca_file=ca_file), target)
                sent = self._sent(target, asked, method)
                raw = await connections.exchange(
                    method, target, sent, limit=limit, seconds=left, content=body or None, any_answer=True
                )
        finally:
            # The rate limit counts this request too: the next one to this host, by the visit or the page, waits its
            # turn.
            paces = shared.rate_limiter.paces
            paces.put(replace(paces.get(host), next_allowed=shared.clock() + shared.gap_of(target, robots.delay)))
        if raw.status in (429, 503):
            wait = shared.rate_limiter.refused(
                host, http_headers.retry_after(http_headers.first(raw.headers, "retry-after"), shared.clock())
            )
            kind: type[FetchError] = Refused if raw.status == 429 else Unreachable
            raise kind(f"{target.host} answered {raw.status} and is left alone for {wait:.0f} s", status=raw.status)
        self._bytes += len(raw.body)
        if len(raw.body) >= limit:
            raise Unreachable(f"the answer is larger than {limit} bytes")
        return raw

    async def _only_public(self, target: Target, end: float) -> None:
        """Every address of the name is public; the connection that follows is judged again when it is made."""
        if self._shared.proxied(target):
            return  # no name is looked up here
        token = DEADLINE.set(end)
        try:
            addresses = await self._shared.resolver.addresses(target.host)
        finally:
            DEADLINE.reset(token)
        for address in addresses:
            if (objection := self._public.objection(address)) is not None:
                raise Forbidden(objection if address == target.host else f"{target.host} leads to {objection}")

    def _sent(self, target: Target, asked: Subrequest, method: str) -> dict[str, str]:
        sent = {
            name: value
            for name, value in asked.headers.items()
            if name not in _NOT_SENT
            and not name.startswith(("sec-", "proxy-", ":"))
            and http_headers.printable(value, 4096) is not None
        }
        if method == "GET":
            sent.pop("content-type", None)
        own = self._session.own_headers(Request(target.url), target)
        named = {name.lower() for name in own}
        ours = {"User-Agent": self._shared.user_agent, "Accept-Encoding": ACCEPTED, **own}
        return {name: value for name, value in sent.items() if name not in named} | ours


def _given(raw: Raw) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in raw.headers:
        if name not in _NOT_GIVEN:
            given.setdefault(name, value)
    return given


async def all_done(tasks: set[asyncio.Task[None]]) -> None:
    """Cancels tasks and waits for their end; raises nothing of theirs but bugs."""
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
