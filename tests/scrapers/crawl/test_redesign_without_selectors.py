"""A source without selectors needs no repair: what was learnt of it helps, and is in no redesign's way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from scrapers import Page, Past, Run, Seed
from scrapers.crawl.scrape import directly, pages_of, scrape
from scrapers.discover import discover
from scrapers.extract import extract
from tests.support.redesigns import HOME, NOW, Told, new_article, new_front, old_article, old_front, page, stories

SEED = Seed(name="lantern", home=HOME, timezone="UTC")


def visit(pages: list[Page], past: Past) -> Run:
    read = directly(discover, extract)
    return asyncio.run(scrape(SEED, past, pages_of(pages), read, clock=lambda: NOW))


def after(run: Run, past: Past) -> Past:
    """What the store remembers of a visit."""
    return replace(
        past,
        known=past.known | {record.key for record in run.records},
        fronts=run.fronts,
        shapes=run.shapes,
        last_success=NOW - timedelta(hours=1),
        typical=8.0,
    )


def moved(one: Told) -> str:
    """Where the story is after the redesign: addresses of another shape."""
    return f"/news/{1000 + one.n}/{one.path.rpartition('/')[2].rpartition('-')[0]}.html"


def test_a_redesign_with_other_addresses_loses_no_story() -> None:
    told = stories(8)
    first = visit([page(old_front(told)), *(page(old_article(one), one.path) for one in told)], Past())
    assert len(first.records) == 8
    assert set(first.shapes.values()) == {8}

    every = [*stories(4, first=8), *told]
    front = new_front(every)
    for one in every:
        front = front.replace(one.path, moved(one))
    second = visit([page(front), *(page(new_article(one), moved(one)) for one in every)], after(first, Past()))
    assert second.failures == ()
    assert {record.title for record in second.records} == {one.title for one in every}
    assert len(second.shapes) == 2, "the new shape is learnt beside the old one"


def test_a_declared_feed_that_moved_is_followed_at_once() -> None:
    told = stories(8)

    def with_feed(path: str, count: int) -> list[Page]:
        declared = f'<link rel="alternate" type="application/rss+xml" href="{path}">'
        items = "".join(f"<item><title>{one.title}</title><link>{HOME}{one.path[1:]}</link></item>" for one in told)
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Lantern</title>{items}</channel></rss>'
        return [
            page(old_front(told[:count]).replace("<title>", f"{declared}<title>", 1)),
            Page(url=f"{HOME}{path[1:]}", body=feed.encode(), content_type="application/rss+xml"),
            *(page(old_article(one), one.path) for one in told),
        ]

    first = visit(with_feed("/rss.xml", 8), Past())
    assert {front.way for front in first.fronts} == {"listing", "rss"}
    past = after(first, Past())
    same = visit(with_feed("/rss.xml", 8), past)
    assert [front.url for front in same.fronts if front.way == "rss"] == [f"{HOME}rss.xml"]
    second = visit(with_feed("/feeds/all.xml", 8), past)
    assert [front.url for front in second.fronts if front.way == "rss"] == [f"{HOME}feeds/all.xml"]
