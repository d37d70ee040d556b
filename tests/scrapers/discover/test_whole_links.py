"""All that a front gives: pages, feeds and sitemaps of the demo and invented ones, every link with what it tells.

A change of a finder is meant to be seen here: look at the links, then put them into links.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrapers import Page, read_opml
from scrapers.discover import discover
from tests.support.odd_pages import FEEDS, FRONTS, SUBSCRIPTIONS
from tests.support.whole_pages import AT, NOW, kept, newsroom, page, plain

KEPT = Path(__file__).with_name("links.json")
KINDS = {"json": "application/json"}


def fronts_of(site: str) -> dict[str, Any]:
    """What the home, a feed and a sitemap of a site give, by their paths."""
    paths = newsroom().paths(site, AT)
    feeds = [one for one in paths if "feed" in one or one in ("/rss.xml", "/atom.xml")][:1]
    maps = [one for one in paths if "sitemap" in one][:1]
    return {path: plain(discover(page(site, path), now=NOW)) for path in ("/", *feeds, *maps)}


def links_of(name: str) -> Any:
    """What an invented front gives."""
    kind = "text/html" if name in FRONTS else KINDS.get(name, "application/xml")
    body = (FRONTS | FEEDS)[name].encode()
    return plain(discover(Page(f"https://{name}.example/", body, kind, "utf-8"), now=NOW))


@pytest.mark.parametrize("site", sorted(newsroom().script.library.sites))
def test_a_front_of_the_demo(site: str) -> None:
    assert fronts_of(site) == kept(KEPT)[site]


@pytest.mark.parametrize("name", sorted(FRONTS | FEEDS))
def test_an_invented_front(name: str) -> None:
    assert links_of(name) == kept(KEPT)[name]


def test_the_list_of_a_reader() -> None:
    assert plain(read_opml(SUBSCRIPTIONS.encode())) == kept(KEPT)["subscriptions"]


if __name__ == "__main__":
    found = {site: fronts_of(site) for site in sorted(newsroom().script.library.sites)}
    found |= {name: links_of(name) for name in sorted(FRONTS | FEEDS)}
    found["subscriptions"] = plain(read_opml(SUBSCRIPTIONS.encode()))
    KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
