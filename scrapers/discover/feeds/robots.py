"""What a robots.txt tells of sitemaps. A daemon reads it itself: it loads no reader of pages."""

from __future__ import annotations

from ...urls.site import join

MAX_SITEMAPS = 50


def sitemaps_of_robots(text: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names (RFC 9309 leaves the line to sitemaps.org), in its order, each once."""
    found: list[str] = []
    for row in text[:512_000].splitlines():
        key, colon, value = row.partition(":")
        if colon and key.strip().lower() == "sitemap":
            value = value.partition(" #")[0].strip()
            url = join(value, "") if value.startswith(("http://", "https://")) else None
            if url and url not in found:
                found.append(url)
    return tuple(found[:MAX_SITEMAPS])
