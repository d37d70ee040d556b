"""The one door to the web: `Fetcher` opens visits, a `Visit` turns a Request into a Page or raises a FetchError."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from zlib import crc32

import httpcore
import httpx

from scrapers import urls
from scrapers.errors import CopydeskError, FetchError, Forbidden, Gone, PageChanged, Refused, SeedError, Unreachable
from scrapers.model import Fetch, Hop, Kind, Page, Request
from scrapers.seed import Seed

from . import headers as heads
from .guard import Guard, Target, checked, is_ip
from .inflate import ACCEPTED, Body, Corrupt, TooBig, gunzip, is_gzip
from .limits import ACCEPT, Limits, welcome
from .pace import HostPace, Pacer, Paces
from .redact import redact
from .robots import AGAIN, FRESH, MAX_DELAY, PRODUCT, STALE, Robots, essence, is_robots, parse
from .wire import DEADLINE, GuardedBackend, Resolver, Transport

# httpx writes whole addresses at INFO, httpcore whole headers at DEBUG: passwords and tokens among them.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_REDIRECTS = (301, 302, 303, 307, 308)
_REFUSALS = (401, 402, 403, 407, 429, 451)
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")
_DRAIN = 16_384  # bytes of an unwanted body that are read to keep the connection


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for something that we sent (a hub ping, a webhook). `headers` have names in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] | None = None
    retry_after: float | None = None  # seconds


@dataclass(frozen=True, slots=True)
class _Raw:
    """One answer on the wire, its body decoded."""

    status: int
    headers: heads.Pairs
    body: bytes
    location: str | None


class _WorthAnotherTry(Exception):
    """A 5xx or a broken connection. `error` is what becomes of it when no try is left."""

    def __init__(self, error: FetchError) -> None:
        super().__init__(error.reason)
        self.error = error


class Fetcher:
    """Opens visits. One for each process; it holds what all visits share: paces, robots.txt, names, certificates.

    `contact` (a mailto: or http address) and `version` go into the User-Agent. `deadline` is the time in seconds for
    one request with its redirects. `allow_networks` opens private ranges ("10.0.0.0/8"); for loopback addresses in
    them, and only for these, `local_gap` may replace the gap. `gap` is the least time in seconds between two requests
    to one host. `clock` is the wall clock in seconds since 1970; `sleep` is how the door waits for its turn.
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
        self.clock = clock
        self.monotonic = monotonic
        self.sleep = sleep
        self.guard = Guard(allow_networks)
        self.pacer = Pacer(self.paces, per_second=limits.per_second, clock=clock, sleep=sleep)
        self._resolver = resolver or Resolver(timeout=limits.dns, monotonic=monotonic)
        self._backend = GuardedBackend(self.guard, self._resolver, monotonic)
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

    async def robots_of(self, url: str) -> Robots:
        """The robots.txt of an address's origin, from the copy or newly asked for; raises FetchError if none came."""
        async with self.visit(deadline=self.deadline * 2) as fetch:
            assert isinstance(fetch, Visit)
            return await self.robots(self.judged(url), fetch)

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
        transport = self.transport(None)
        client = httpx.AsyncClient(transport=transport, trust_env=False)
        try:
            wanted = {"User-Agent": self.user_agent, "Accept": "*/*", "Accept-Encoding": ACCEPTED, **headers}
            raw = await self.exchange(
                client, transport, method, target, wanted, self.limits.answer, deadline, content=body, any_size=True
            )
        except _WorthAnotherTry as failed:
            raise failed.error from failed.__cause__
        finally:
            await client.aclose()
        pairs = dict(reversed(raw.headers))
        return Answer(raw.status, raw.body, pairs, heads.retry_after(pairs.get("retry-after"), self.clock()))

    async def aclose(self) -> None:
        """Ends what is shared. Visits close what is theirs."""
        self._resolver.close()

    # What visits use.

    def judged(self, url: str) -> Target:
        """The parts of an address that may be asked, as far as can be told without looking up its name."""
        target = checked(url)
        if is_ip(target.host) and (objection := self.guard.objection(target.host)) is not None:
            raise Forbidden(objection, url=redact(url))
        return target

    def transport(self, ca_file: str | None) -> Transport:
        """A transport with a connection pool of its own; certificates are read once for each `ca_file`."""
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
        return Transport(
            self._backend,
            context,
            max_headers=self.limits.headers,
            max_header_bytes=self.limits.header_bytes,
        )

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

    async def exchange(
        self,
        client: httpx.AsyncClient,
        transport: Transport,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        limit: int,
        seconds: float,
        *,
        content: bytes | None = None,
        kind: Kind = "page",
        any_size: bool = False,
    ) -> _Raw:
        """One request and its whole answer within `seconds`. Bodies are read for 2xx only, or all with `any_size`.

        Raises FetchError, PageChanged for a media type that does not fit `kind`, or _WorthAnotherTry.
        """
        shown = redact(target.url)
        token = DEADLINE.set(self.monotonic() + seconds)
        try:
            request = client.build_request(
                method, target.url, headers=dict(headers), content=content, timeout=self._timeout()
            )
            response = await client.send(request, stream=True)
            try:
                return await self._whole(response, transport, limit, seconds, shown, kind, any_size)
            finally:
                await response.aclose()
        except FetchError as error:
            error.url = error.url or shown
            raise
        except TooBig as error:
            raise Unreachable(str(error), url=shown) from error
        except Corrupt as error:
            raise Unreachable(f"the answer cannot be decoded: {error}", url=shown) from error
        except (httpcore.TimeoutException, TimeoutError) as error:
            if self.monotonic() >= DEADLINE.get():
                raise Unreachable(f"no whole answer within {seconds:.0f} s", url=shown) from error
            what = "connection" if isinstance(error, httpcore.ConnectTimeout) else "data"
            raise _WorthAnotherTry(Unreachable(f"no {what} in time", url=shown)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise _WorthAnotherTry(Unreachable(_words(error), url=shown)) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise Unreachable(f"the request could not be made: {type(error).__name__}", url=shown) from error
        finally:
            DEADLINE.reset(token)

    def _timeout(self) -> httpx.Timeout:
        limits = self.limits
        return httpx.Timeout(connect=limits.connect, read=limits.read, write=limits.write, pool=limits.read)

    async def _whole(
        self,
        response: httpx.Response,
        transport: Transport,
        limit: int,
        seconds: float,
        shown: str,
        kind: Kind,
        any_size: bool,
    ) -> _Raw:
        headers: heads.Pairs = response.extensions["headers"]
        wanted = any_size or response.status_code in (200, 203)
        if wanted and not any_size:
            media_type, _ = heads.media_type(heads.first(headers, "content-type"))
            if media_type is not None and not welcome(media_type, kind):
                raise PageChanged(f"the answer is {media_type[:60]}, not what was asked for", url=shown)
        cut = any_size or kind == "robots" or not wanted
        length = heads.first(headers, "content-length")
        if not cut and length is not None and length.isdigit() and int(length[:20]) > limit:
            raise TooBig(f"the answer is larger than {limit} bytes")
        coding = heads.first(headers, "content-encoding") if wanted else None
        body = Body(coding, limit if wanted else _DRAIN, cut=cut)
        async for chunk in response.aiter_raw():
            if self.monotonic() > DEADLINE.get():
                raise Unreachable(f"no whole answer within {seconds:.0f} s", url=shown)
            body.feed(chunk)
            if body.full:
                break
        decoded = body.finish()
        await response.aclose()
        surplus = await transport.drop_surplus()
        if surplus.strip(b"\r\n"):
            raise Unreachable("the server sent more than its answer", url=shown)
        return _Raw(response.status_code, headers, decoded, response.extensions.get("location"))


class Visit:
    """One visit: an httpx client of its own, its own count of tries, its own end. Calling it fetches one page."""

    def __init__(self, fetcher: Fetcher, seed: Seed | None, end: float) -> None:
        self._fetcher = fetcher
        self._seed = seed
        self._end = end
        self._tries = fetcher.limits.retries
        self._clients: dict[str | None, tuple[httpx.AsyncClient, Transport]] = {}
        self._closed = False

    async def __call__(self, request: Request) -> Page:
        """The page that answers `request`, after redirects, whole and decoded; raises CopydeskError in words."""
        target = self._fetcher.judged(request.url)
        try:
            if request.render:
                raise SeedError("this source needs a browser (render = true), and none is installed")
            if request.kind == "robots" and is_robots(request.url):
                robots = await self._fetcher.robots(target, self, request.ca_file)
                body = robots.text.encode()
                return Page(request.url, body, "text/plain", "utf-8", fetched=self._now())
            return await self._persistently(request)
        except CopydeskError as error:
            error.source = error.source or (self._seed.name if self._seed else None)
            error.url = error.url or redact(request.url)
            raise

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
        clients, self._clients = list(self._clients.values()), {}
        for client, _ in clients:
            await client.aclose()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._fetcher.clock(), UTC)

    async def _persistently(self, request: Request) -> Page:
        """The page, with another try after a 5xx or a broken connection while the visit has tries left."""
        tries = 0
        while True:
            try:
                return await self._follow(request)
            except _WorthAnotherTry as failed:
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
        own = self._own_headers(request, target)
        while True:
            seconds, raw = await self._one(request, target, first, own, seconds)
            if raw.status not in _REDIRECTS:
                return self._page(request, target, tuple(hops), raw)
            if len(hops) >= fetcher.limits.redirects:
                raise Unreachable(
                    f"more than {fetcher.limits.redirects} redirects", url=redact(request.url), status=raw.status
                )
            target = self._next(target, raw, own)
            hops.append(Hop(raw.status, target.url))

    def _own_headers(self, request: Request, target: Target) -> dict[str, str]:
        own = dict(request.headers)
        if self._seed is not None and self._seed.headers and target.origin == _origin(self._seed.home):
            own = {**self._seed.headers, **own}
        return own

    def _next(self, target: Target, raw: _Raw, own: Mapping[str, str]) -> Target:
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
    ) -> tuple[float, _Raw]:
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
            client, transport = self._client(request)
            started = fetcher.monotonic()
            raw = await fetcher.exchange(
                client,
                transport,
                "GET",
                target,
                self._headers(request, own if target.origin == first.origin else {}),
                fetcher.limits.size(request.kind),
                allowed,
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

    def _client(self, request: Request) -> tuple[httpx.AsyncClient, Transport]:
        ca_file = request.ca_file or (self._seed.ca_file if self._seed else None)
        if ca_file not in self._clients:
            transport = self._fetcher.transport(ca_file)
            client = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
            self._clients[ca_file] = (client, transport)
        return self._clients[ca_file]

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
        return {**headers, **own}

    def _left(self) -> float:
        return self._end - self._fetcher.monotonic()

    def _page(self, request: Request, target: Target, hops: tuple[Hop, ...], raw: _Raw) -> Page:
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
    reason = f"the site answered {_status(status)}"
    if status in (404, 410):
        return Gone(reason, url=shown, status=status)
    if status in _REFUSALS:
        return Refused(reason, url=shown, status=status)
    error = Unreachable(reason, url=shown, status=status)
    return _WorthAnotherTry(error) if status >= 500 and status not in (501, 505) else error


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _words(error: Exception) -> str:
    """A broken connection in words; the library's own text only where it says more."""
    text = str(error).strip()
    if isinstance(error, httpcore.ConnectError):
        return "no connection to the site" + (f": {text[:200]}" if text and "attempts failed" not in text else "")
    if isinstance(error, httpcore.RemoteProtocolError):
        return f"the site's answer is not HTTP as it should be: {text[:200]}"
    return "the connection broke off" + (f": {text[:200]}" if text else "")
