"""Pictures of articles through our own server (RELIABILITY V): for topics with `images = "proxy"`, and for no others.

Only addresses that we signed are fetched, by the guarded fetcher, with a bound on time and size. Only bodies that begin
like a picture are passed on, in a sandbox, so that disguised content does nothing.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import structlog
import xxhash
from starlette.responses import Response

from scrapers import Answer, CopydeskError, redact

from ...compose.image_links import Asked, asked

log = structlog.get_logger()

LARGEST = 5_000_000  # bytes of one picture
MEMORY = 32_000_000  # bytes of pictures that are kept
AT_ONCE = 8  # fetched at the same time
WAITING = 64  # requests in the queue; more are refused
SECONDS = 15.0
AGAIN = 60.0  # seconds until a failed picture is asked for again
LATER = 900.0  # … from a host that refuses without a Retry-After
_HEADERS = {
    "cache-control": "public, max-age=86400, immutable",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "cross-origin",
}


class Fetch(Protocol):
    """Fetches one picture, redirects followed."""

    async def __call__(self, url: str, *, limit: int, deadline: float, public_only: bool) -> Answer: ...


@dataclass(frozen=True, slots=True)
class _Picture:
    body: bytes
    media_type: str
    etag: str


class Pictures:
    """Fetches pictures and caches the latest. It belongs to the loop."""

    def __init__(
        self, key: bytes, fetch: Fetch, monotonic: Callable[[], float], wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """`key` signs their addresses, `fetch` fetches one, `wanted` tells whether any topic uses them."""
        self._key = key
        self._wanted = wanted
        self._fetch = fetch
        self._monotonic = monotonic
        self._kept: OrderedDict[str, _Picture] = OrderedDict()
        self._size = 0
        self._not_before: OrderedDict[str, float] = OrderedDict()  # address or host → when it may be asked again
        self._under_way: dict[str, asyncio.Task[_Picture | None]] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def answer(self, path: str, if_none_match: str | None) -> Response | None:
        """The picture of a path (`/i/…/…`); None when we did not sign it, or when it is not to be had."""
        wanted = asked(self._key, path) if self._wanted() else None
        if wanted is None:
            return None
        picture = self._kept.get(wanted.url) or await self._brought(wanted)
        if picture is None:
            return None
        headers = {**_HEADERS, "etag": picture.etag}
        if if_none_match == picture.etag:
            return Response(status_code=304, headers=headers)
        return Response(picture.body, headers=headers, media_type=picture.media_type)

    async def _brought(self, wanted: Asked) -> _Picture | None:
        """Fetch the picture from its site. Readers waiting for the same one share a request."""
        task = self._under_way.get(wanted.url)
        if task is None:
            now = self._monotonic()
            if any(self._not_before.get(one, now) > now for one in (wanted.url, urlsplit(wanted.url).netloc)):
                return None
            if len(self._under_way) >= WAITING:
                return None
            task = asyncio.create_task(self._bring(wanted))
            self._under_way[wanted.url] = task
            task.add_done_callback(lambda _: self._under_way.pop(wanted.url, None))
        return await asyncio.shield(task)  # the request continues when one of its readers disconnects

    async def _bring(self, wanted: Asked) -> _Picture | None:
        try:
            async with self._turn:
                got = await self._fetch(wanted.url, limit=LARGEST, deadline=SECONDS, public_only=not wanted.own)
        except CopydeskError as error:
            self._failed(wanted.url, AGAIN, error.reason)
            return None
        if got.status in (403, 429, 503):
            self._failed(urlsplit(wanted.url).netloc, got.retry_after or LATER, f"it answered {got.status}")
            return None
        media_type = media_type_of(got.body)
        if got.status != 200 or media_type is None:
            why = f"it answered {got.status}" if got.status != 200 else "it is no picture of a kind that we know"
            self._failed(wanted.url, AGAIN, why)
            return None
        picture = _Picture(got.body, media_type, f'"{xxhash.xxh3_128_hexdigest(got.body)}"')
        self._kept[wanted.url] = picture
        self._size += len(got.body)
        while self._size > MEMORY and len(self._kept) > 1:
            self._size -= len(self._kept.popitem(last=False)[1].body)
        return picture

    def _failed(self, what: str, seconds: float, why: str) -> None:
        log.info("no picture", of=redact(what), why=why)
        self._not_before[what] = self._monotonic() + seconds
        self._not_before.move_to_end(what)
        while len(self._not_before) > 1000:
            self._not_before.popitem(last=False)


def media_type_of(body: bytes) -> str | None:
    """The media type of a picture by its first bytes; None for anything else, also for SVG, which may hold scripts."""
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return None
