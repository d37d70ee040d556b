"""What a page holds back is read from its head and from its header, and travels with its record (RELIABILITY R4)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scrapers import Page, Past, Seed
from scrapers.crawl.scrape import directly, pages_of, revisit, scrape
from scrapers.discover import discover
from scrapers.extract import extract
from scrapers.page.robots_directives import restrictions

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3
FRONT = Page(
    "https://courier.example/",
    b'<html><body><main><article><h2><a href="/2026/quay-closed">Old quay closed until spring</a></h2>'
    b"<p>The boats must use the northern basin.</p></article></main></body></html>",
)


def page(head: str = "", header: tuple[str, ...] = ()) -> Page:
    body = f"<article><h1>Old quay closed until spring</h1><p>{PROSE}</p><p>{PROSE[::-1]}</p></article>"
    return Page(
        "https://courier.example/2026/quay-closed",
        f'<html lang="en"><head><title>Old quay closed until spring</title>{head}</head><body>'
        f"<main>{body}</main></body></html>".encode(),
        robots=header,
    )


@pytest.mark.parametrize(
    ("lists", "held_back"),
    [
        (["index, follow, max-snippet:-1, max-image-preview:large, max-video-preview:-1"], ()),
        (["NOARCHIVE"], ("noarchive",)),
        (["noarchive,noarchive", "noarchive"], ("noarchive",)),
        (["noindex , nofollow", "nosnippet"], ("noindex", "nosnippet")),
        (["max-snippet: 050, max-image-preview:none"], ("max-snippet:50", "max-image-preview:none")),
        (["noai, noimageai"], ("noai", "noimageai")),
        (["max-snippet:²", "max-snippet:" + "9" * 5000, "max-snippet", "noarchive:1", "", ",,,:"], ()),
        (["x" * 600 + ",noarchive"], ()),
    ],
)
def test_only_what_holds_something_back_is_kept(lists: list[str], held_back: tuple[str, ...]) -> None:
    assert restrictions(lists) == held_back


@pytest.mark.parametrize(
    ("head", "held_back"),
    [
        ('<meta name="robots" content="index,follow">', ()),
        ('<meta name="ROBOTS" content="NoArchive">', ("noarchive",)),
        ('<meta name="robots" content="noindex"><meta name="robots" content="nosnippet">', ("noindex", "nosnippet")),
        ('<meta name="copydesk" content="max-snippet:80">', ("max-snippet:80",)),
        ('<meta name="googlebot" content="noarchive">', ()),  # meant for another
    ],
)
def test_the_head_of_a_page(head: str, held_back: tuple[str, ...]) -> None:
    assert extract(page(head)).robots == held_back


def test_head_and_header_travel_with_the_record_and_are_looked_at_again() -> None:
    read = directly(discover, extract)
    seed = Seed(name="courier", home="https://courier.example/")
    first = page('<meta name="robots" content="noai">', ("noarchive", "index"))
    run = asyncio.run(scrape(seed, Past(), pages_of([FRONT, first]), read, clock=lambda: NOW))
    (record,) = run.records
    assert record.robots == ("noarchive", "noai")
    later = asyncio.run(revisit(seed, [replace(record)], pages_of([page()]), read, clock=lambda: NOW))
    assert later.records[0].robots == ()
