"""Limits of a request, with the media types that are welcome for each kind of request."""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.model import Kind

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes (decoded) and times in seconds of one request."""

    page: int = 10 * MB
    data: int = 5 * MB
    feed: int = 20 * MB
    sitemap: int = 20 * MB
    robots: int = 500 * 1024
    file: int = 1024  # of the answer to a HEAD, which has no body
    file_wait: float = 10.0  # seconds for the turn and the answer of a HEAD of a file
    answer: int = 65_536  # of the answers to what we send: hub pings, webhooks
    headers: int = 200
    header_bytes: int = 65_536
    redirects: int = 5
    dns: float = 5.0
    connect: float = 10.0  # TCP, and again TLS
    read: float = 15.0  # to the first byte, and between two
    write: float = 15.0
    retries: int = 2  # of a visit, for 5xx and broken connections
    retry_delays: tuple[float, ...] = (2.0, 8.0)
    per_second: float = 20.0  # requests to all hosts together

    def size(self, kind: Kind) -> int:
        """The largest decoded body of a kind."""
        return {
            "page": self.page,
            "data": self.data,
            "feed": self.feed,
            "sitemap": self.sitemap,
            "robots": self.robots,
            "file": self.file,
        }[kind]


ACCEPT: dict[Kind, str] = {
    "page": "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.7,*/*;q=0.1",
    "feed": "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.1",
    "sitemap": "application/xml,text/xml,text/plain;q=0.8,*/*;q=0.1",
    "robots": "text/plain,*/*;q=0.1",
    "data": "application/json,*/*;q=0.1",
    "file": "audio/*,video/*,*/*;q=0.1",
}

_TEXTS = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/xml",
        "application/xml",
        "text/rss+xml",
        "text/atom+xml",
        "application/json",
        "text/json",
        "application/x-rss+xml",
        "application/x-atom+xml",
    }
)
_PACKED = frozenset({"application/gzip", "application/x-gzip", "application/octet-stream", "binary/octet-stream"})
_SCRIPTS = frozenset({"application/javascript", "text/javascript"})


def welcome(media_type: str, kind: Kind) -> bool:
    """Whether an answer of this type can be what was asked for (RELIABILITY F6)."""
    if kind == "file":
        return True
    if kind == "robots" or media_type in _TEXTS or media_type.endswith(("+xml", "+json")):
        return not media_type.startswith("image/")  # image/svg+xml is no page
    return (kind == "sitemap" and media_type in _PACKED) or (kind == "data" and media_type in _SCRIPTS)
