"""All that is read from an article: pages of the demo and invented ones, each draft whole, with its witnesses.

A change of a reader is meant to be seen here: look at the draft, then put it into drafts.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrapers import Page, Seed
from scrapers.extract import extract
from tests.support.odd_pages import ARTICLES, TEXTS
from tests.support.whole_pages import AT, NOW, kept, newsroom, page, plain

KEPT = Path(__file__).with_name("drafts.json")


def drafts_of(site: str) -> dict[str, Any]:
    """The drafts of the first articles of a site, by their paths."""
    home = f"http://{site}.invalid"
    paths = [article.url.removeprefix(home) for article in newsroom().truth(AT).sites[site][:2]]
    return {path: plain(extract(page(site, path), Seed(site, f"{home}/"), now=NOW)) for path in paths}


def draft_of(name: str) -> Any:
    """The draft of an invented page, or text."""
    kind = "text/html" if name in ARTICLES else "text/plain"
    at = Page(f"https://{name}.example/news/story-4711", (ARTICLES | TEXTS)[name].encode(), kind, charset="utf-8")
    return plain(extract(at, Seed(name, f"https://{name}.example/"), now=NOW))


@pytest.mark.parametrize("site", sorted(newsroom().script.library.sites))
def test_an_article_of_the_demo(site: str) -> None:
    assert drafts_of(site) == kept(KEPT)[site]


@pytest.mark.parametrize("name", sorted(ARTICLES | TEXTS))
def test_an_invented_article(name: str) -> None:
    assert draft_of(name) == kept(KEPT)[name]


if __name__ == "__main__":
    found = {site: drafts_of(site) for site in sorted(newsroom().script.library.sites)}
    found |= {name: draft_of(name) for name in sorted(ARTICLES | TEXTS)}
    KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
