"""Pages that only lead on to the article: an aggregator's link, a meta refresh. The target that they tell is read."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from scrapers.urls.site import host, join, same_site

_GOOGLE_NEWS = "news.google.com"
_TOKEN = re.compile(r"/(?:rss/)?(?:articles|read)/([A-Za-z0-9_-]{20,1500})")
_ADDRESS = re.compile(rb"https?://[\x21-\x7e]{4,1500}")
_REFRESH = re.compile(r"\s{0,5}\d{1,4}(?:\.\d{1,3})?\s{0,5}[;,]\s{0,5}url\s{0,5}=\s{0,5}['\"]?([^'\"\s]{4,2000})", re.I)
_CARRIERS = ("url", "u", "q", "target", "dest")  # parameters in which redirectors carry the target


def target(address: str, metas: dict[str, list[str]], tree: LexborHTMLParser) -> str | None:
    """The absolute address of the article that a redirect page leads to; None for any other page."""
    for content in metas.get("refresh", ())[:1]:
        match = _REFRESH.match(content)
        led = join(address, match[1]) if match else None
        if led is not None and address and not same_site(led, address):
            return led
    if host(address) != _GOOGLE_NEWS:
        return None
    if (inside := of_google_news(address)) is not None:
        return inside
    for node in tree.css("[data-n-au], a[href^=http]")[:200]:
        led = join(address, node.attributes.get("data-n-au") or node.attributes.get("href") or "")
        if led is not None and not host(led).endswith(("google.com", "gstatic.com", "youtube.com")):
            return led
    return None


def of_google_news(address: str) -> str | None:
    """The target that an address of Google News carries itself: in its older form as base64, or as a parameter."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    for name, value in parse_qsl(parts.query)[:20]:
        if name in _CARRIERS and value.startswith(("http://", "https://")):
            return join(address, value)
    match = _TOKEN.search(parts.path)
    if match is None:
        return None
    try:
        decoded = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    found = _ADDRESS.search(decoded)
    return join(address, found[0].decode("ascii")) if found else None
