"""A visit: Request → Page, with redirects, robots.txt, pace, conditions and second tries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from zlib import crc32

from scrapers import credentials, urls
from scrapers.errors import CopydeskError, FetchError, Forbidden, Gone, Refused, Unreachable
from scrapers.model import Hop, Page, Request
from scrapers.seed import Seed

from . import headers as heads
from .exchange import Line, Raw, WorthAnotherTry
from .guard import Target, checked
from .inflate import ACCEPTED, Corrupt, TooBig, gunzip, is_gzip
from .limits import ACCEPT
from .redact import redact
from .robots import MAX_DELAY, PRODUCT, is_robots

if TYPE_CHECKING:
    from .fetcher import Fetcher

REDIRECTS = (301, 302, 303, 307, 308)
_REFUSALS = (401, 402, 403, 407, 429, 451)
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")


class Visit:
    """One visit: an httpx client of its own, its own count of tries, its own end. Calling it fetches one page."""

    def __init__(self, fetcher: Fetcher, seed: Seed | None, end: float, *, public_only: bool = False) -> None:
        """`end` by the monotonic clock; with `public_only` the networks that the settings open stay closed."""
        self._fetcher = fetcher
        self._public_only = public_only
        self._seed = seed
        self._end = end
        self._tries = fetcher.limits.retries
        self._lines: dict[tuple[str | None, bool], Line] = {}  # by ca_file, and whether through the proxy
        self._secrets: dict[str, str] | None = None  # the seed's headers, looked up once a visit
        self._closed = False

    async def __call__(self, request: Request) -> Page:
        """The page that answers `request`, after redirects, whole and decoded; raises CopydeskError in words."""
        target = self._fetcher.judged(request.url)
        try:
            if request.kind == "robots" and is_robots(request.url):
                robots = await self._fetcher.robots(target, self, request.ca_file)
                body = robots.text.encode()
                return Page(request.url, body, "text/plain", "utf-8", fetched=self._now())
            if request.render and request.kind in ("page", "feed"):
                return await self._rendered(request)
            return await self._persistently(request)
        except CopydeskError as error:
            error.source = error.source or (self._seed.name if self._seed else None)
            error.url = error.url or redact(request.url)
            raise

    @property
    def fetcher(self) -> Fetcher:
        """What all visits share."""
        return self._fetcher

    async def _rendered(self, request: Request) -> Page:
        """The page once its scripts have run in the browser; what is no HTML is given as it came.

        It is asked for without conditions: a document may stay the same while what its scripts bring is new.
        """
        from .browser import SECONDS
        from .errands import Errands

        fetcher = self._fetcher
        await fetcher.browser.ready()  # a missing browser is told before the site is asked
        page = await self._persistently(replace(request, etag=None, last_modified=None))
        if page.content_type not in ("text/html", "application/xhtml+xml"):
            return page
        ca_file = request.ca_file or (self._seed.ca_file if self._seed else None)
        errands = Errands(self, self._seed, page, ca_file, min(SECONDS, self._left()))
        language = self._seed.language if self._seed else None
        return await fetcher.browser.render(page, errands, language=language, limit=fetcher.limits.page)

    async def robots_text(self, origin: str, ca_file: str | None) -> str:
        """The text of an origin's robots.txt; "" where there is none. Raises Unreachable, or Refused for a 429."""
        try:
            page = await self._persistently(Request(origin + "/robots.txt", kind="robots", ca_file=ca_file))
        except Gone:
            return ""
        except FetchError as error:
            if error.status is not None and 300 <= error.status < 500 and error.status != 429:
                return ""  # "unavailable": 4xx, and more than five redirects (RFC 9309 §2.3.1.2, .3)
            raise
        return page.body.decode("utf-8", "replace")

    async def aclose(self) -> None:
        """Closes the visit's connections; requests under way end with an error."""
        self._closed = True
        lines, self._lines = list(self._lines.values()), {}
        for line in lines:
            await line.aclose()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._fetcher.clock(), UTC)

    async def _persistently(self, request: Request) -> Page:
        """The page, with another try after a 5xx or a broken connection while the visit has tries left."""
        tries = 0
        while True:
            try:
                return await self._follow(request)
            except WorthAnotherTry as failed:
                delays = self._fetcher.limits.retry_delays
                if self._tries <= 0 or not delays:
                    raise failed.error from failed.__cause__
                self._tries -= 1
                # Full jitter, by a hash instead of chance: the same visit waits the same time.
                share = crc32(f"{request.url} {tries}".encode()) % 1000 / 1000
                delay = share * delays[min(tries, len(delays) - 1)]
                if self._left() <= delay:
                    raise failed.error from failed.__cause__
                await self._fetcher.sleep(delay)
                tries += 1

    async def _follow(self, request: Request) -> Page:
        """The page at the end of the redirects; every hop passes the same checks as the first."""
        fetcher, hops = self._fetcher, list[Hop]()
        seconds = fetcher.deadline
        target = first = fetcher.judged(request.url)
        own = self.own_headers(request, target)
        while True:
            seconds, raw = await self._one(request, target, first, own, seconds)
            if raw.status not in REDIRECTS:
                return self._page(request, target, tuple(hops), raw)
            if len(hops) >= fetcher.limits.redirects:
                raise Unreachable(
                    f"more than {fetcher.limits.redirects} redirects", url=redact(request.url), status=raw.status
                )
            target = self._next(target, raw, own)
            hops.append(Hop(raw.status, target.url))

    def own_headers(self, request: Request, target: Target) -> dict[str, str]:
        """What goes to this origin and nowhere else. What the seed names is added here alone, and to its home alone."""
        seed = self._seed
        if seed is None:
            return dict(request.headers)
        own = {name: value for name, value in request.headers.items() if seed.headers.get(name) != value}
        if target.origin == _origin(seed.home):
            if self._secrets is None:
                self._secrets = credentials.own_headers(seed)
            own = {**self._secrets, **own}
        return own

    def _next(self, target: Target, raw: Raw, own: Mapping[str, str]) -> Target:
        """Where a redirect leads, if we may follow it there."""
        following = urls.join(target.url, raw.location) if raw.location else None
        if following is None:
            raise Unreachable("a redirect without a usable address", url=redact(target.url), status=raw.status)
        step = self._fetcher.judged(following)
        if target.scheme == "https" and step.scheme == "http" and any(n.lower() in _SECRET_HEADERS for n in own):
            raise Forbidden("a redirect from https to http is not followed with credentials", url=redact(step.url))
        return step

    async def _one(
        self, request: Request, target: Target, first: Target, own: Mapping[str, str], seconds: float
    ) -> tuple[float, Raw]:
        """One hop in its turn: the time that is left of the request's deadline, and the answer."""
        fetcher = self._fetcher
        if self._closed or self._left() <= 0:
            raise Unreachable("the time of this visit is used up", url=redact(target.url))
        delay = None
        if request.kind != "robots":
            robots = await fetcher.robots(target, self, request.ca_file)
            if not robots.allows(target.url):
                raise Refused(f"robots.txt of {target.host} asks {PRODUCT} to stay away", url=redact(target.url))
            delay = robots.delay
            if delay is not None and delay > MAX_DELAY:
                raise Refused(
                    f"robots.txt of {target.host} wants {delay:.0f} s between two requests: too slow to be read",
                    url=redact(target.url),
                )
        host = urls.site(target.url)
        async with fetcher.pacer.turn(
            host, fetcher.gap_of(target, delay), patience=self._left(), limited=not fetcher.is_local(target)
        ):
            allowed = min(seconds, self._left())
            if allowed <= 0 or self._closed:
                raise Unreachable("the time of this visit is used up", url=redact(target.url))
            started = fetcher.monotonic()
            raw = await self.line(request, target).exchange(
                "GET",
                target,
                self._headers(request, own if target.origin == first.origin else {}),
                limit=fetcher.limits.size(request.kind),
                seconds=allowed,
                kind=request.kind,
            )
            if raw.status in (429, 503):
                asked = heads.retry_after(heads.first(raw.headers, "retry-after"), fetcher.clock())
                wait = fetcher.pacer.refused(host, asked)
                kind: type[FetchError] = Refused if raw.status == 429 else Unreachable
                reason = f"the site answered {_status(raw.status)} and is left alone for {wait:.0f} s"
                raise kind(reason, url=redact(target.url), status=raw.status, retry_after=wait)
            fetcher.pacer.answered(host)
        return seconds - (fetcher.monotonic() - started), raw

    def line(self, request: Request, target: Target) -> Line:
        """The visit's connections for a request: those with its certificate authority, through the proxy or not."""
        ca_file = request.ca_file or (self._seed.ca_file if self._seed else None)
        key = ca_file, self._fetcher.proxied(target)
        if key not in self._lines:
            self._lines[key] = self._fetcher.line(ca_file, public_only=self._public_only, proxied=key[1])
        return self._lines[key]

    def _headers(self, request: Request, own: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "User-Agent": self._fetcher.user_agent,
            "Accept": ACCEPT[request.kind],
            "Accept-Encoding": ACCEPTED,
        }
        if self._seed is not None and heads.printable(self._seed.language, 35):
            headers["Accept-Language"] = f"{self._seed.language}, *;q=0.5"
        etag, modified = _validators(request)
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        named = {name.lower() for name in own}
        return {name: value for name, value in headers.items() if name.lower() not in named} | dict(own)

    def _left(self) -> float:
        return self._end - self._fetcher.monotonic()

    def _page(self, request: Request, target: Target, hops: tuple[Hop, ...], raw: Raw) -> Page:
        fetcher, headers, shown = self._fetcher, raw.headers, redact(target.url)
        etag, modified = _validators(request)
        if raw.status == 304:
            if not etag and not modified:
                raise Unreachable("the site answered 304 to a question that had no condition", url=shown, status=304)
        elif raw.status not in (200, 203):
            raise _error(raw.status, shown)
        media_type, charset = heads.media_type(heads.first(headers, "content-type"))
        body = raw.body
        if request.kind == "sitemap" and is_gzip(body):
            try:
                body = gunzip(body, fetcher.limits.sitemap)
            except (TooBig, Corrupt) as error:
                raise Unreachable(f"the packed sitemap cannot be read: {error}", url=shown) from error
            media_type = "application/xml"
        new_etag = heads.printable(heads.first(headers, "etag"), heads.MAX_VALIDATOR)
        new_modified = heads.printable(heads.first(headers, "last-modified"), heads.MAX_VALIDATOR)
        if raw.status == 304:
            new_etag, new_modified = new_etag or etag, new_modified or modified
        return Page(
            url=target.url,
            body=body,
            content_type=media_type or ("text/html" if request.kind == "page" else "application/xml"),
            charset=charset,
            status=raw.status,
            asked=request.url if request.url != target.url else None,
            hops=hops,
            etag=new_etag,
            last_modified=new_modified,
            fresh_for=heads.fresh_for(headers),
            not_modified=raw.status == 304,
            fetched=self._now(),
            robots=heads.robots_directives(heads.every(headers, "x-robots-tag"), PRODUCT),
            links=heads.links(heads.every(headers, "link"), target.url),
        )


def _validators(request: Request) -> tuple[str | None, str | None]:
    """The conditions of a request, as far as they can be sent (a stored oddity must not spoil every later visit)."""
    return (
        heads.printable(request.etag, heads.MAX_VALIDATOR),
        heads.printable(request.last_modified, heads.MAX_VALIDATOR),
    )


def _origin(url: str) -> str | None:
    try:
        return checked(url).origin
    except Forbidden:
        return None


def _error(status: int, shown: str) -> Exception:
    """What an HTTP status means for the one who asked."""
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
