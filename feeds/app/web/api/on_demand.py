"""`/feed?url=…`: the address of any listing as a feed, kept as a source while it is requested. Off by default.

A request needs a token with the scope `feed`, or an address that the owner signed. A listing is surveyed before it
becomes a source, by the daemon's fetcher and its guard.

Its documents name each other below `/feed/KEY/`, where KEY is what the reader showed: its token or signature, or `-`
for a token in the header. No other address opens them.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Literal
from urllib.parse import parse_qsl

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from scrapers import CopydeskError, canonical_key

from ....errors import StoreBusy
from ....store import Store
from ....store.tables.sources import AskedFeed, asked_name, is_asked
from ...inspect import preview
from ...jobs.following import address_of, followed_by
from ..document_routes import DocumentRoutes
from ..token_gate import Failures
from .api import Api, problem
from .calls import ApiTools, Refused

log = structlog.get_logger()
FORMATS = ("atom", "rss", "json")
OF_SIGNED = ""  # the name under which signed addresses are counted
ALL = 500  # listings that are kept at the same time
NEW = 6  # of one token within a minute
AT_ONCE = 2  # new listings that are looked at
PATIENCE = 15.0  # seconds that an answer waits for the first visit
_SIGNATURE = re.compile(r"[0-9a-f]{32}")
_LINKS = rb'([a-z]="|<link>|"(?:feed_url|home_page_url|next_url)":")'  # what stands before our own addresses
_IN_HEADER = "-"  # placeholder in an address where the token comes in the header
_PRIVATE = b"private, no-cache"
_CONDITIONS = frozenset((b"if-none-match", b"if-modified-since"))


def signature(key: bytes, url: str) -> str:
    """The signature of a listing's address; `key` is a secret of the installation."""
    return hmac.new(key, b"feed " + url.encode(), sha256).hexdigest()[:32]


def with_addresses(document: bytes, was: str, own: str) -> bytes:
    """A document whose own addresses, those of attributes and links that begin with `was`, begin with `own`.

    What stands in other places stays: `own` holds a secret, and a stranger's page may name `was` in the address of a
    picture of its own, which a reader's program would ask for.
    """
    return re.sub(_LINKS + re.escape(was.encode()) + rb'(?=[./"<])', lambda found: found[1] + own.encode(), document)


class OnDemand:
    """Feeds on demand. Not safe for several threads: it belongs to the loop."""

    def __init__(self, tools: ApiTools, api: Api, routes: DocumentRoutes, key: bytes) -> None:
        self._tools = tools
        self._api = api
        self._routes = routes
        self._key = key
        self._new = Failures(most=NEW)
        self._looking = 0
        self._first: dict[str, asyncio.Task[object]] = {}  # first visits in progress, by source

    def serve(self) -> list[BaseRoute]:
        """What the web server is to send here."""
        found: list[BaseRoute] = []
        for path in dict.fromkeys(("/feed", f"{self._routes.prefix.decode()}/feed")):
            found.append(Route(path, self._answers(self._feed), methods=["GET", "HEAD"]))
            found.append(Route(f"{path}/{{key}}/{{name:path}}", self._answers(self._document), methods=["GET", "HEAD"]))
        return found

    @staticmethod
    def _answers(work: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await work(request)
            except Refused as refused:
                return problem(refused)
            except StoreBusy as error:
                return problem(Refused(503, error.reason, headers={"retry-after": "5"}))

        return answer

    async def _feed(self, request: Request) -> Response:
        told = _told(request.url.query)
        form = told.get("format", "atom")
        if form not in FORMATS:
            raise Refused(400, "format: should be atom, rss or json")
        asker = self._asker(request, told)
        url = address_of(told.get("url", ""))
        if url is None:
            raise Refused(400, "url: should be the address of a page or feed that lists stories")
        name = await self._source(url, asker)
        if name in self._first:
            await asyncio.wait([self._first[name]], timeout=PATIENCE)
        if not (self._routes.is_on_demand(f"s/{name}") or self._routes.place(f"s/{name}")):
            await self._tools.perform("tokens", {})  # the visit may take long, and the server may not know the feed yet
        signed = signature(self._key, url) if "sig" in told else None
        shown = signed or told.get("token") or _IN_HEADER
        found = self._found(request, shown, f"{name}.{form}")
        if found is None:
            raise Refused(503, "the feed is not written yet; come back in a moment", headers={"retry-after": "10"})
        return found

    async def _document(self, request: Request) -> Response:
        """A document by an address that feeds on demand name: the feed itself, an archive document, or its page."""
        shown, path = request.path_params["key"], request.path_params["name"]
        name = path.partition("/")[0].partition(".")[0]
        thread = self._tools.app.thread
        rows = await thread.call(thread.store.asked_feeds.all) if is_asked(name) else []
        row = next((one for one in rows if one.name == name), None)
        signed = _SIGNATURE.fullmatch(shown) is not None
        if not signed:
            self._may_ask(request, None if shown == _IN_HEADER else shown)
        elif row is None or not hmac.compare_digest(shown, signature(self._key, row.url)):
            self._api.failed(request)
            raise Refused(403, "this address is not signed rightly")
        if row is None:
            raise Refused(404, "there is no such feed, or nobody asked for it for long")
        await thread.call(thread.store.asked_feeds.touch, row.name, self._tools.app.clock())
        if path == name:  # what a feed names as its page
            return Response(b"", 302, {"location": row.url, "cache-control": "no-store"})
        found = self._found(request, shown, path)
        if found is None:
            raise Refused(404, "there is no such document")
        return found

    def _found(self, request: Request, shown: str, path: str) -> Response | None:
        """The document of a permitted request; that of a followed source is the public one."""
        name = path.partition("/")[0].partition(".")[0]
        headers = {key: value for key, value in request.headers.raw if key in _CONDITIONS}
        hidden = self._routes.is_on_demand(f"s/{name}")
        if hidden:
            found = self._routes.find_on_demand(f"s/{path}", headers)
        else:
            found = self._routes.find(request.method, f"/s/{path}".encode(), b"raw", headers)
        if found is None:
            return None
        base = self._routes.base_url
        was, own = f"{base}/s/{name}", f"{base}/feed/{shown}/{name}"
        body = with_addresses(bytes(found.body), was, own) if hidden else bytes(found.body)
        response = Response(body, found.status)
        dropped = (b"content-length",) if hidden else ()
        response.raw_headers = [
            (key, _PRIVATE if key == b"cache-control" else value.replace(was.encode(), own.encode()))
            for key, value in found.headers
            if key not in dropped
        ]
        if hidden and found.status == 200:
            response.raw_headers.append((b"content-length", str(len(body)).encode()))
        return response

    def _asker(self, request: Request, told: Mapping[str, str]) -> str:
        """The name of the token that may ask, or that of signed addresses. Raises Refused."""
        signed = told.get("sig")
        if signed is not None:
            wanted = signature(self._key, told.get("url", ""))
            if not (_SIGNATURE.fullmatch(signed) and hmac.compare_digest(signed, wanted)):
                self._api.failed(request)
                raise Refused(403, "this address is not signed rightly")
            return OF_SIGNED
        return self._may_ask(request, told.get("token"))

    def _may_ask(self, request: Request, shown: str | None) -> str:
        """The name of the token that a request has, or that was `shown`. Raises Refused where it may not ask."""
        token = self._api.token_of(request, "a feed on demand", shown)
        if "feed" not in token.scopes:
            raise Refused(403, f"the token {token.name} has not the scope feed")
        return token.name

    async def _source(self, url: str, asker: str) -> str:
        """The source of a listing: a followed one, an earlier one on demand, or a new one. Raises Refused."""
        app, now = self._tools.app, self._tools.app.clock()
        if (seed := followed_by(list(app.installation.file_seeds.values()), url)) is not None:
            return seed.name
        key = canonical_key(url)
        thread = app.thread
        known = await thread.call(thread.store.asked_feeds.all)
        row = next((one for one in known if canonical_key(one.url) == key), None)
        if row is not None:
            if await thread.call(thread.store.asked_feeds.touch, row.name, now):
                log.debug("feed on demand is asked for", source=row.name)
            return row.name
        self._within_limits(known, asker)
        way = await self._looked_at(url)
        name = asked_name(key)

        def add(store: Store) -> None:
            with store.transaction():
                store.asked_feeds.add(AskedFeed(name, url, way, asker, now, now))

        await thread.call(lambda: add(thread.store))
        log.info("a listing is a feed on demand", url=url, source=name, token=asker or "signed")
        await self._tools.perform("reload", {})
        task: asyncio.Task[object] = asyncio.create_task(self._visit(name))
        self._first[name] = task
        task.add_done_callback(lambda _: self._first.pop(name, None))
        return name

    def _within_limits(self, known: list[AskedFeed], asker: str) -> None:
        """Raises Refused when a new listing would be one too many."""
        most = self._tools.app.installation.config.web.on_demand_feeds
        if asker != OF_SIGNED and sum(one.token == asker for one in known) >= most:
            raise Refused(429, f"this token has {most} listings; one that nobody asks for makes room by and by")
        if len(known) >= ALL:
            raise Refused(429, f"{ALL} listings are kept already")
        if self._new.too_many(f"token {asker}") or self._looking >= AT_ONCE:
            raise Refused(429, "too many new listings at once; come back in a minute", headers={"retry-after": "60"})
        self._new.note(f"token {asker}")

    async def _looked_at(self, url: str) -> Literal["rss", "pages"]:
        """How a listing offers its stories. Raises Refused where it has none, or may not be asked."""
        app = self._tools.app
        self._looking += 1
        try:
            sight = await preview.look(app.fetcher, app.workers, url, None, "listing", app.clock())
        except CopydeskError as error:
            raise Refused(422, error.reason) from error
        finally:
            self._looking -= 1
        links = sight.links.items if sight.links is not None else ()
        if not links:
            raise Refused(422, f"{url}: no stories were found there")
        return "rss" if any(link.way == "rss" for link in links) else "pages"

    async def _visit(self, name: str) -> None:
        await self._tools.perform("tokens", {})  # from now on the server knows its address
        answer = await self._tools.perform("visit", {"names": [name]})
        if "error" in answer:
            log.warning("a listing was not visited", source=name, why=answer["error"])


def _told(query: str) -> dict[str, str]:
    """The first value of each name in a query string."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=8)
    except ValueError as error:
        raise Refused(400, "too many parameters") from error
    return dict(reversed(pairs))
