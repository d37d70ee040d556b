"""What a page says of the rights to its article, of those who helped, and where its comments and sound files are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from scrapers.model import File
from scrapers.urls.site import join, join_place

from ..claims import Claims, distinct
from ..readers.nodes import Spot
from . import authors as names
from .addresses import path

MAX_CONTRIBUTORS = 20
_NAME = 100  # characters of a licence that is named without an address
_ADDRESS = re.compile(r"[^\s/]{0,100}/|[a-z+.-]{1,20}:", re.IGNORECASE)  # how addresses begin, and names do not
_FEED_ENDINGS = ("/feed", "/rss", "/atom")


def license_of(claims: Iterable[Claims], links: Sequence[Spot], base: str) -> str | None:
    """The licence of the article: its address, else its name. One under a picture is the picture's."""
    told = [one for claim in claims for one in claim.licenses]
    told += [
        spot.get("href") for spot in links if "license" in spot.get("rel").lower().split() and not _of_picture(spot)
    ]
    addresses = (join(base, one) for one in told if "/" in one)
    address = next((one for one in addresses if one is not None and len(one) <= 2000), None)
    return address or next((one for one in told if 2 < len(one) <= _NAME and not _ADDRESS.match(one)), None)


def contributors(claims: Iterable[Claims], writers: Sequence[str]) -> tuple[str, ...]:
    """Those whom the page calls contributors, without its authors."""
    known = {names.fold(name) for name in writers}
    told = [name for claim in claims for name in claim.contributors]
    return distinct([name for name in told if "://" not in name and names.fold(name) not in known], MAX_CONTRIBUTORS)


def comments(claims: Sequence[Claims], address: str, base: str) -> tuple[str | None, str | None]:
    """Where the comments on the article are: their page, and their feed, which lies below the article's own address."""
    pages = (join_place(base, one) for claim in claims for one in claim.comments)
    page = next((one for one in pages if one is not None), None)
    own = path(address).rstrip("/")
    feeds = (join(base, one) for claim in claims for one in claim.feeds)
    below = (one for one in feeds if one is not None and own and _is_below(one, address, own))
    return page, next(below, None)


def sounds(claims: Iterable[Claims], base: str) -> tuple[File, ...]:
    """The sound files that the first witness names who knows of any."""
    told = next((claim.files for claim in claims if claim.files), ())
    found = {address: replace(file, url=address) for file in told if (address := join(base, file.url)) is not None}
    return tuple(found.values())


def _is_below(feed: str, address: str, own: str) -> bool:
    place = path(feed).rstrip("/")
    same_host = urlsplit(feed).netloc.lower() == urlsplit(address).netloc.lower()
    return same_host and place.startswith(f"{own}/") and place.endswith(_FEED_ENDINGS)


def _of_picture(spot: Spot) -> bool:
    node = spot.node.parent
    for _ in range(8):
        if node is None:
            return False
        if node.tag in ("figure", "figcaption", "picture"):
            return True
        node = node.parent
    return False
