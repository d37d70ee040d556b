"""Documents made to cost a reader as much as possible. Each function takes the size in bytes that it comes near to."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from html import escape

SENTENCE = "The harbour master measured the water twice and wrote nothing down. "


def repeated(piece: str, size: int) -> str:
    """A piece of text as often as fits."""
    return piece * max(1, size // len(piece.encode()))


def article(inner: str, title: str = "A page that is larger than it looks") -> bytes:
    """An article's page around some markup."""
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{SENTENCE * 6}</p>{inner}<p>{SENTENCE * 6}</p></article></body></html>"
    ).encode()


def feed(items: Sequence[tuple[str, str, str]]) -> bytes:
    """An RSS document of (address, title, markup of the body)."""
    told = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(url)}</link><guid isPermaLink='false'>{escape(url)}</guid>"
        f"<content:encoded>{escape(body)}</content:encoded></item>"
        for url, title, body in items
    )
    return (
        "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<channel><title>A feed</title><link>https://feed.example/</link>{told}</channel></rss>"
    ).encode()


def front(links: Sequence[tuple[str, str]]) -> bytes:
    """A front page of (address, title)."""
    cards = "".join(f"<article><h2><a href='{url}'>{title}</a></h2></article>" for url, title in links)
    return f"<!doctype html><html lang='en'><title>A front</title><body><main>{cards}</main></body></html>".encode()


# Markup of a body, nested or repeated.


def nested(tag: str) -> Callable[[int], str]:
    """Elements of one name in each other, never closed."""
    return lambda size: repeated(f"<{tag}>", size)


def nested_pictures(size: int) -> str:
    """Pictures in pictures, each with a source."""
    return repeated("<picture><source srcset='/a.jpg 1x'>", size)


def misnested(size: int) -> str:
    """Formatting elements that are closed in the wrong order, which the tree builder opens again and again."""
    return repeated("<b><i><p></b>x</i>", size)


def many_attributes(size: int) -> str:
    """One element with thousands of attributes."""
    count = size // 12
    return "<p " + " ".join(f"a{n:06}=1" for n in range(count)) + ">x</p>"


def many_cells(size: int) -> str:
    """A table of nothing but cells of a large span."""
    return "<table>" + repeated("<td colspan=1000 rowspan=1000>x", size) + "</table>"


def many_links(size: int) -> str:
    """Links that are all alike."""
    return repeated("<a href='/x'>x</a> ", size)


def open_brackets(size: int) -> str:
    """Tags that never end."""
    return repeated("<a href='", size)


BODIES: dict[str, Callable[[int], str]] = {
    "pictures": nested_pictures,
    "divs": nested("div"),
    "quotes": nested("blockquote"),
    "lists": nested("ul><li"),
    "tables": nested("table><tr><td"),
    "bold": nested("b"),
    "misnested": misnested,
    "attributes": many_attributes,
    "cells": many_cells,
    "links": many_links,
    "brackets": open_brackets,
}


# Documents of other kinds.


def json_ld(size: int) -> bytes:
    """A page whose structured data are nested as deep as they are long."""
    deep = '{"@type":"NewsArticle","mainEntity":' * (size // 36) + "1" + "}" * (size // 36)
    return article("").replace(b"</head>", f"<script type='application/ld+json'>{deep}</script></head>".encode())


def page_state(size: int) -> bytes:
    """A page whose scripts hold a large state."""
    rows = [{"id": n, "title": f"Row {n}", "children": [{"url": f"/{n}", "items": [n] * 8}]} for n in range(size // 90)]
    script = f"<script>window.__INITIAL_STATE__ = {json.dumps(rows)}</script>"
    return article("").replace(b"</head>", script.encode() + b"</head>")


def robots_of_agents(size: int) -> bytes:
    """robots.txt with as many agents as rules, so that each agent has each rule."""
    half = size // 2
    agents = "".join(f"User-agent: agent{n}\n" for n in range(half // 22))
    return (agents + "".join(f"Disallow: /{n}*a*b$\n" for n in range(half // 20))).encode()


def robots_of_rules(size: int) -> bytes:
    """robots.txt with nothing but rules with stars, for everybody."""
    lines = (f"Disallow: /*{'a' * (n % 60)}*{n}*b$\n" for n in range(size // 55))
    return b"User-agent: *\n" + "".join(lines).encode()


def sitemap(size: int, base: str) -> bytes:
    """A sitemap with nothing but stories of today."""
    rows = "".join(
        f"<url><loc>{base}/2026/11/28/the-story-with-the-number-{n}</loc><lastmod>2026-11-28</lastmod></url>"
        for n in range(size // 110)
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>".encode()


def packed(body: bytes) -> bytes:
    """A body as gzip data."""
    return gzip.compress(body, 9, mtime=0)
