"""The addresses of an article: its canonical one and the others under which the page says it can be found."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from scrapers.urls.site import join

from ..claims import Claims, distinct

MAX_ALIASES = 8


def path(url: str) -> str:
    """The path of an address, cut to 500 characters; empty for what is no address."""
    try:
        return urlsplit(url).path[:500] if url else ""
    except ValueError:  # an unclosed bracket, a port that is no number
        return ""


def decide(claims: Iterable[Claims], base: str) -> tuple[str | None, tuple[str, ...]]:
    """The canonical address and the article's further addresses, absolute. A front page is no article's address."""
    canonical: str | None = None
    others: list[str] = []
    for claim in claims:
        for url in (*claim.urls, *claim.amp):
            absolute = join(base, url) if base or "://" in url else None
            if absolute is None or path(absolute) in ("", "/"):
                continue
            if canonical is None and claim.who == "meta" and url not in claim.amp:
                canonical = absolute
            others.append(absolute)
    return canonical, distinct(others, MAX_ALIASES)
