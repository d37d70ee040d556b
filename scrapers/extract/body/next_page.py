"""The next page of an article that is split over several."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scrapers.urls.site import join, same_site

_NUMBER = re.compile(
    r"(?:^|[/?&=_,.-])(?:page|seite|pagina|p|pg|strona|sida|side|str)?[=/_-]?(\d{1,3})(?:/|\.\w{3,5})?$"
)
_MAX = 50  # pages


def next_page(tree: LexborHTMLParser, url: str | None, base: str | None = None) -> str | None:
    """The address that follows `url` within the same article, where the page names one by rel=next.

    Relative ones are resolved against `base`, where the page has one, else against `url`. It has to be the same address
    with the next number in it: rel=next is also put on the next story.
    """
    if not url:
        return None
    # Two queries take half of what one takes that asks each element for both; that one tells their order.
    nodes = tree.css('link[rel="next"]')
    if links := tree.css('a[rel~="next"]'):
        nodes = tree.css('link[rel="next"], a[rel~="next"]') if nodes else links
    for node in nodes[:8]:
        target = join(base or url, node.attributes.get("href") or "")
        if target and target != url and same_site(target, url) and _follows(url, target):
            return target
    return None


def _follows(url: str, target: str) -> bool:
    here, there = _numbered(url), _numbered(target)
    if there[1] is None or there[1] > _MAX:
        return False
    return there[1] == (here[1] or 1) + 1 and _alike(here[0], there[0])


def _numbered(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    whole = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    found = _NUMBER.search(whole[-60:])
    if found is None:
        return whole, None
    return whole[: len(whole) - (len(found[0]))], int(found[1])


def _alike(a: str, b: str) -> bool:
    """Whether one address begins with the other, ignoring the extension (.html) and a trailing word for "page"."""
    a, b = (
        re.sub(r"(?:\.\w{3,5}|[/_,-](?:page|seite|pagina))$", "", x.partition("?")[0].rstrip("/_-,")) for x in (a, b)
    )
    return a == b
