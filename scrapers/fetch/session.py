"""A visit: Request → Page, with redirects, robots.txt, rate limit, conditional requests and retries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Protocol

from scrapers.errors import CopydeskError, FetchError, Forbidden, Gone, Refused, SeedError, Unreachable
from scrapers.model import Hop, Page, Request
from scrapers.seed import credentials
from scrapers.seed.seed import Seed
from scrapers.stable_hash import share_of
from scrapers.urls.site import join, site

from .guard import Target, checked
from .http import headers as http_headers
from .http.exchange import Connections, Raw, WorthAnotherTry
from .http.inflate import ACCEPTED, Corrupt, TooBig, gunzip, is_gzip
from .limits import ACCEPT
from .redact import redact
from .robots import AGAIN, AGAIN_LOCAL, MAX_DELAY, PRODUCT, Robots, is_robots
from .shared import Shared

BEYOND = 5.0  # seconds beyond a request's deadline after which its turn ends in any case
REDIRECTS = (301, 302, 303, 307, 308)
_ASSUMED = {"page": "text/html", "file": ""}  # of an answer that tells no media type
_REFUSALS = (401, 402, 403, 407, 429, 451)
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")


class Renderer(Protocol):
    """Shows a page as it is once its scripts have run."""

    async def ready(self) -> None:
        """Raises SeedError with what to install where there is no browser."""

    async def render(
        self, session: FetchSession, seed: Seed | None, page: Page, ca_file: str | None, seconds: float
    ) -> Page:
        """`page` after its scripts, within `seconds`; what it asks for comes through `session`."""


class FetchSession:
    """One visit: an httpx client of its own, its own count of tries, its own end. Calling it fetches one page."""

    def __init__(
        self,
        shared: Shared,
        seed: Seed | None,
        end: float,
        *,
        public_only: bool = False,
        renderer: Renderer | None = None,
    ) -> None:
        """`end` by the monotonic clock; with `public_only` the networks that the settings open stay closed."""
        self.shared = shared
        self._renderer = renderer
        self._public_only = public_only
        self._seed = seed
        self._home = None if seed is None else _origin(seed.home)
        self._end = end
        self._tries = shared.limits.retries
        self._connections: dict[tuple[str | None, bool], Connections] = {}  # by ca_file, and whether through the proxy
        self._secrets: dict[str, str] | None = None  # the seed's headers, looked up once a visit
        self._closed = False

    async def __call__(self, request: Request) -> Page:
        """The page that answers `request`, after redirects, whole and decoded; raises CopydeskError in words."""
        target = self.shared.judged(request.url)
        try:
            if request.kind == "robots" and is_robots(request.url):
                robots = await self.robots(target, request.ca_file)
                body = "\n".join(f"Sitemap: {sitemap}" for sitemap in robots.sitemaps).encode()
                return Page(request.url, body, "text/plain", "utf-8", fetched=self._now())
            if request.kind == "file":
                return await self._head_of_file(request)
            if request.render and request.kind in ("page", "feed"):
                return await self._rendered(request)
            return await self._persistently(request)
        except CopydeskError as error:
            error.source = error.source or (self._seed.name if self._seed else None)
            error.url = error.url or redact(request.url)
            raise

    async def _head_of_file(self, request: Request) -> Page:
        """Type and length of a file by HEAD, asked for once: failures are remembered too. No retries."""
        told = self.shared.files.get(request.url)
        if told is None:
            try:
                told = await self._follow(request)
            except WorthAnotherTry as failed:
                told = failed.error
            except CopydeskError as error:
                told = error
            self.shared.files.put(request.url, told)
        if isinstance(told, Page):
            return told
        raise told

    async def _rendered(self, request: Request) -> Page:
        """The page once its scripts have run in the browser; other media types are given as they came.

        It is fetched unconditionally: an unchanged document may show new content through its scripts.
        """
        renderer = self._renderer
        if renderer is None:
            raise SeedError("render = true needs a browser, and this visit has none")
        await renderer.ready()  # report a missing browser before the site is asked
        page = await self._persistently(replace(request, etag=None, last_modified=None))
        if page.content_type not in ("text/html", "application/xhtml+xml"):
            return page
        ca_file = request.ca_file or (self._seed.ca_file if self._seed else None)
        return await renderer.render(self, self._seed, page, ca_file, self.left())

    async def robots(self, target: Target, ca_file: str | None = None) -> Robots:
        """What the origin of an address asks of us, asked for within this visit where there is no copy."""
        again = AGAIN_LOCAL if self.shared.is_local(target) else AGAIN
        return await self.shared.robots.rules(target, lambda: self._robots_text(target.origin, ca_file), again=again)

    async def _robots_text(self, origin: str, ca_file: str | None) -> bytes:
        """An origin's robots.txt; b"" where there is none. Raises Unreachable, or Refused for a 429."""
        try:
            page = await self._persistently(Request(origin + "/robots.txt", kind="robots", ca_file=ca_file))
        except Gone:
            return b""
        except FetchError as error:
            if error.status is not None and 300 <= error.status < 500 and error.status != 429:
                return b""  # "unavailable": 4xx, and more than five redirects (RFC 9309 §2.3.1.2, .3)
            raise
        return page.body

    async def aclose(self) -> None:
        """Closes the visit's connections; requests under way end with an error."""
        self._closed = True
        opened, self._connections = list(self._connections.values()), {}
        for connections in opened:
            await connections.aclose()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.shared.clock(), UTC)

    async def _persistently(self, request: Request) -> Page:
        """The page, with another try after a 5xx or a broken connection while the visit has tries left."""
        tries = 0
        while True:
            try:
                return await self._follow(request)
            except WorthAnotherTry as failed:
                delays = self.shared.limits.retry_delays
                if self._tries <= 0 or not delays:
                    raise failed.error from failed.__cause__
                self._tries -= 1
                # Full jitter, by a hash instead of chance: the same visit waits the same time.
                delay = share_of(f"{request.url} {tries}") * delays[min(tries, len(delays) - 1)]
                if self.left() <= delay:
                    raise failed.error from failed.__cause__
                await self.shared.sleep(delay)
                tries += 1

    async def _follow(self, request: Request) -> Page:
        """The page at the end of the redirects; every hop passes the same checks as the first."""
        shared, hops = self.shared, list[Hop]()
        seconds = min(shared.deadline, shared.limits.file_wait) if request.kind == "file" else shared.deadline
        target = first = shared.judged(request.url)
        own = self.own_headers(request, target)
        while True:
            seconds, raw = await self._one(request, target, first, own, seconds)
            if raw.status not in REDIRECTS:
                return self._page(request, target, tuple(hops), raw)
            if len(hops) >= shared.limits.redirects:
                raise Unreachable(
                    f"more than {shared.limits.redirects} redirects", url=redact(request.url), status=raw.status
                )
            target = self._next(target, raw, own)
            if target.url in (first.url, *(hop.url for hop in hops)):  # for ever, since no cookie is kept
                raise Unreachable("the address leads back to itself", url=redact(request.url), status=raw.status)
            hops.append(Hop(raw.status, target.url))

    def own_headers(self, request: Request, target: Target) -> dict[str, str]:
        """The headers for this origin only.

        The seed's own headers are added here alone, and for its home's origin alone.
        """
        seed = self._seed
        if seed is None:
            return dict(request.headers)
        own = {name: value for name, value in request.headers.items() if seed.headers.get(name) != value}
        if target.origin == self._home:
            if self._secrets is None:
                self._secrets = credentials.own_headers(seed.headers, seed.cookies, seed.credentials)
            own = {**self._secrets, **own}
        return own

    def _next(self, target: Target, raw: Raw, own: Mapping[str, str]) -> Target:
        """Where a redirect leads, if we may follow it there."""
        following = join(target.url, raw.location) if raw.location else None
        if following is None:
            raise Unreachable("a redirect without a usable address", url=redact(target.url), status=raw.status)
        step = self.shared.judged(following)
        if target.scheme == "https" and step.scheme == "http" and any(n.lower() in _SECRET_HEADERS for n in own):
            raise Forbidden("a redirect from https to http is not followed with credentials", url=redact(step.url))
        return step

    async def _one(
        self, request: Request, target: Target, first: Target, own: Mapping[str, str], seconds: float
    ) -> tuple[float, Raw]:
        """One request in its turn: (seconds left of the deadline, the answer)."""
        shared = self.shared
        if self._closed or self.left() <= 0:
            raise Unreachable("the time of this visit is used up", url=redact(target.url))
        delay = None
        if request.kind != "robots":
            robots = await self.robots(target, request.ca_file)
            if not robots.allows(target.url):
                raise Refused(f"robots.txt of {target.host} asks {PRODUCT} to stay away", url=redact(target.url))
            delay = robots.delay
            if delay is not None and delay > MAX_DELAY:
                raise Refused(
                    f"robots.txt of {target.host} wants {delay:.0f} s between two requests: too slow to be read",
                    url=redact(target.url),
                )
        host = site(target.url)
        async with shared.rate_limiter.turn(
            host,
            shared.gap_of(target, delay),
            patience=self._patience(request),
            hold=min(seconds, self.left()) + BEYOND,
            limited=not shared.is_local(target),
        ):
            allowed = min(seconds, self.left())
            if allowed <= 0 or self._closed:
                raise Unreachable("the time of this visit is used up", url=redact(target.url))
            started = shared.monotonic()
            if request.kind == "file":
                shared.files.asking(request.url)
            raw = await self.connections(request, target).exchange(
                "HEAD" if request.kind == "file" else "GET",
                target,
                self._headers(request, own if target.origin == first.origin else {}),
                limit=shared.limits.size(request.kind),
                seconds=allowed,
                kind=request.kind,
            )
            if raw.status in (429, 503):
                asked = http_headers.retry_after(http_headers.first(raw.headers, "retry-after"), shared.clock())
                wait = shared.rate_limiter.refused(host, asked)
                kind: type[FetchError] = Refused if raw.status == 429 else Unreachable
                reason = f"the site answered {_status(raw.status)} and is left alone for {wait:.0f} s"
                raise kind(reason, url=redact(target.url), status=raw.status, retry_after=wait)
            shared.rate_limiter.answered(host)
        return seconds - (shared.monotonic() - started), raw

    def _patience(self, request: Request) -> float:
        """Seconds that a request may wait for its turn: short for the HEAD of a file."""
        return min(self.left(), self.shared.limits.file_wait) if request.kind == "file" else self.left()

    def connections(self, request: Request, target: Target) -> Connections:
        """The visit's connections for a request: those with its certificate authority, through the proxy or not."""
        ca_file = request.ca_file or (self._seed.ca_file if self._seed else None)
        key = ca_file, self.shared.proxied(target)
        if key not in self._connections:
            self._connections[key] = self.shared.connector.connections(
                ca_file, public_only=self._public_only, proxied=key[1]
            )
        return self._connections[key]

    def _headers(self, request: Request, own: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "User-Agent": self.shared.user_agent,
            "Accept": ACCEPT[request.kind],
            "Accept-Encoding": "identity" if request.kind == "file" else ACCEPTED,
        }
        if self._seed is not None and http_headers.printable(self._seed.language, 35):
            headers["Accept-Language"] = f"{self._seed.language}, *;q=0.5"
        etag, modified = _validators(request)
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        named = {name.lower() for name in own}
        return {name: value for name, value in headers.items() if name.lower() not in named} | dict(own)

    def left(self) -> float:
        """Seconds until the end of the visit."""
        return self._end - self.shared.monotonic()

    def _page(self, request: Request, target: Target, hops: tuple[Hop, ...], raw: Raw) -> Page:
        shared, headers = self.shared, raw.headers
        etag, modified = _validators(request)
        if raw.status == 304:
            if not etag and not modified:
                unasked = "the site answered 304 to a question that had no condition"
                raise Unreachable(unasked, url=redact(target.url), status=304)
        elif raw.status not in (200, 203):
            raise _error(raw.status, redact(target.url))
        media_type, charset = http_headers.media_type(http_headers.first(headers, "content-type"))
        body = raw.body
        if request.kind == "sitemap" and is_gzip(body):
            try:
                body = gunzip(body, shared.limits.sitemap)
            except (TooBig, Corrupt) as error:
                raise Unreachable(f"the packed sitemap cannot be read: {error}", url=redact(target.url)) from error
            media_type = "application/xml"
        new_etag = http_headers.printable(http_headers.first(headers, "etag"), http_headers.MAX_VALIDATOR)
        new_modified = http_headers.printable(http_headers.first(headers, "last-modified"), http_headers.MAX_VALIDATOR)
        if raw.status == 304:
            new_etag, new_modified = new_etag or etag, new_modified or modified
        return Page(
            url=target.url,
            body=body,
            content_type=media_type or _ASSUMED.get(request.kind, "application/xml"),
            charset=charset,
            status=raw.status,
            asked=request.url if request.url != target.url else None,
            hops=hops,
            etag=new_etag,
            last_modified=new_modified,
            fresh_for=http_headers.fresh_for(headers),
            not_modified=raw.status == 304,
            fetched=self._now(),
            robots=http_headers.robots_directives(http_headers.every(headers, "x-robots-tag"), PRODUCT),
            links=http_headers.links(http_headers.every(headers, "link"), target.url),
            length=http_headers.length(headers) if request.kind == "file" else None,
        )


def _validators(request: Request) -> tuple[str | None, str | None]:
    """The conditional headers of a request; a stored validator that cannot be sent is left out."""
    return (
        http_headers.printable(request.etag, http_headers.MAX_VALIDATOR),
        http_headers.printable(request.last_modified, http_headers.MAX_VALIDATOR),
    )


def _origin(url: str) -> str | None:
    try:
        return checked(url).origin
    except Forbidden:
        return None


def _error(status: int, shown: str) -> Exception:
    """The error for an HTTP status."""
    reason = "the proxy wants another login (407)" if status == 407 else f"the site answered {_status(status)}"
    if status in (404, 410):
        return Gone(reason, url=shown, status=status)
    if status in _REFUSALS:
        return Refused(reason, url=shown, status=status)
    error = Unreachable(reason, url=shown, status=status)
    return WorthAnotherTry(error) if status >= 500 and status not in (501, 505) else error


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
