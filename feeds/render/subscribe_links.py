"""How a person gets a feed into a reader: the links of common readers that take an address. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from ..model import Feed, is_local

# what stands before the feed's address, percent-encoded; without registration of ours anywhere
READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("Feedbin", "https://feedbin.com/?subscribe="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
)


def subscribing(feed: Feed) -> Sequence[Mapping[str, str]]:
    """Links that take a feed to a reader: `href` and `name`. The first, without a name, is for one on this device.

    The readers of others are left out where they cannot reach the feed, and where its address is a secret.
    """
    address = f"{feed.self_url}.atom"
    found = [{"name": "", "href": f"feed:{address}"}]
    if not feed.private and not is_local(address):
        found += [{"name": name, "href": f"{before}{quote(address, safe='')}"} for name, before in READERS]
    return found
