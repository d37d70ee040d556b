"""Pages of made-up papers in the markup of several kinds of systems."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from scrapers import Hop, Page

from ..invented import PEOPLE, PLACES


@dataclass(frozen=True, slots=True)
class Card:
    """What a front shows of one address."""

    url: str
    title: str
    teaser: str
    time: datetime
    label: str = ""  # above it: that it is paid for, for example


@dataclass(frozen=True, slots=True)
class Piece:
    """What an article's page shows."""

    url: str
    title: str
    lines: Sequence[str]
    time: datetime
    number: int
    canonical: str | None = None  # the address that the page calls its own

    @property
    def author(self) -> str:
        """Who wrote it."""
        return f"{PEOPLE[self.number % len(PEOPLE)]} {PLACES[self.number % len(PLACES)]}"


def _document(url: str, head: str, body: str, hops: tuple[Hop, ...] = ()) -> Page:
    return Page(
        url, f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode(), hops=hops
    )


def _frame(home: str, inner: str, head: str = "") -> Page:
    name = home.split("/")[2].split(".")[0].title()
    menu = "".join(f"<li><a href='/{part}'>{part.title()}</a></li>" for part in ("town", "sport", "culture", "letters"))
    foot = (
        "<footer><a href='/imprint'>Imprint</a> <a href='/privacy'>Privacy</a> <a href='/contact'>Contact</a></footer>"
    )
    return _document(
        home,
        f"<title>{name}</title>{head}",
        f"<header><a href='/'>{name}</a><nav><ul>{menu}</ul></nav></header>{inner}{foot}",
    )


def _cards(home: str, cards: Sequence[Card], head: str = "") -> Page:
    inner = "".join(
        f"<article class='card'>{f'<span class=label>{escape(card.label)}</span>' if card.label else ''}"
        f"<h2><a href='{card.url}'>{escape(card.title)}</a></h2><p>{escape(card.teaser)} …</p></article>"
        for card in cards
    )
    return _frame(home, f"<main>{inner}</main>", head)


def _rows(home: str, cards: Sequence[Card]) -> Page:
    inner = "".join(
        f"<li class='teaser'><a class='teaser__link' href='{card.url}'>"
        f"<span class='teaser__kicker'>{escape(card.label or card.title.split()[0])}</span>"
        f"<h3 class='teaser__title'>{escape(card.title)}</h3></a>"
        f"<p class='teaser__text'>{escape(card.teaser)}</p>"
        f"<time datetime='{card.time:%Y-%m-%dT%H:%M:%SZ}'>{card.time:%H:%M}</time></li>"
        for card in cards
    )
    return _frame(home, f"<div id='content'><ul class='teasers'>{inner}</ul></div>")


def _plain(home: str, cards: Sequence[Card]) -> Page:
    inner = "".join(
        f"<tr><td>{f'<i>{escape(card.label)}</i><br>' if card.label else ''}"
        f"<b><a href='{card.url}'>{escape(card.title)}</a></b><br>{escape(card.teaser)}</td></tr>"
        for card in cards
    )
    return _frame(home, f"<table width='100%'>{inner}</table>")


def _state(home: str, cards: Sequence[Card]) -> Page:
    """Most stories in the markup, all of them in the state of its scripts, which lists others first."""
    told = [
        {
            "headline": card.title,
            "url": card.url,
            "datePublished": f"{card.time:%Y-%m-%dT%H:%M:%SZ}",
            "summary": card.teaser,
        }
        for card in reversed(cards)
        if not card.label
    ]
    script = f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps({'props': {'stories': told}})}</script>"
    inner = "".join(
        f"<div class='c1'>{f'<div class=c9>{escape(card.label)}</div>' if card.label else ''}"
        f"<a class='c2' href='{card.url}'><h3 class='c3'>{escape(card.title)}</h3></a>"
        f"<div class='c4'>{escape(card.teaser)}</div></div>"
        for card in cards
    )
    return _frame(home, f"<div id='__next'><main>{inner}</main></div>{script}")


def _declared(home: str, cards: Sequence[Card]) -> Page:
    return _cards(home, cards, f"<link rel='alternate' type='application/rss+xml' href='{home}feed'>")


def _rss(home: str, cards: Sequence[Card]) -> Page:
    newest = sorted((card for card in cards if not card.label), key=lambda card: card.time, reverse=True)
    items = "".join(
        f"<item><title>{escape(card.title)}</title><link>{card.url}?utm_source=feed&amp;utm_medium=rss</link>"
        f"<guid isPermaLink='false'>{card.time:%Y%m%d%H%M}-{card.teaser[:9].encode().hex()}</guid>"
        f"<pubDate>{card.time:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>{escape(card.teaser)}</description></item>"
        for card in newest[:15]
    )
    channel = f"<channel><title>Feed</title><link>{home}</link>{items}</channel>"
    markup = f"<?xml version='1.0'?><rss version='2.0'>{channel}</rss>"
    return Page(f"{home}feed", markup.encode(), content_type="application/rss+xml")


FRONTS: dict[str, Callable[[str, Sequence[Card]], Page]] = {
    "cards": _cards,
    "rows": _rows,
    "plain": _plain,
    "state": _state,
    "feed": _declared,
    "rss": _rss,
}


def _lines(piece: Piece) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in piece.lines)


def _picture(piece: Piece) -> str:
    return f"https://pictures.example/{piece.number}-large.jpg"


def _canonical(piece: Piece) -> str:
    return f"<link rel='canonical' href='{piece.canonical}'>" if piece.canonical else ""


def _meta(piece: Piece, name: str, hops: tuple[Hop, ...]) -> Page:
    head = (
        f"<title>{escape(piece.title)} | {name}</title><meta property='og:type' content='article'>{_canonical(piece)}"
        f"<meta property='og:title' content='{escape(piece.title)}'>"
        f"<meta property='og:image' content='{_picture(piece)}'>"
        f"<meta name='author' content='{piece.author}'>"
        f"<meta property='article:published_time' content='{piece.time:%Y-%m-%dT%H:%M:%SZ}'>"
    )
    return _document(piece.url, head, f"<article><h1>{escape(piece.title)}</h1>{_lines(piece)}</article>", hops)


def _jsonld(piece: Piece, name: str, hops: tuple[Hop, ...]) -> Page:
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "datePublished": f"{piece.time:%Y-%m-%dT%H:%M:%S+00:00}",
        "dateModified": f"{piece.time + timedelta(minutes=9 * len(piece.lines)):%Y-%m-%dT%H:%M:%S+00:00}",
        "author": [{"@type": "Person", "name": piece.author}],
        "image": [_picture(piece)],
        "publisher": {"@type": "Organization", "name": name},
    }
    script = f"<script type='application/ld+json'>{json.dumps(told)}</script>"
    head = f"<title>{escape(piece.title)} - {name}</title>{_canonical(piece)}{script}"
    heading = f"<header><h1 class='headline'>{escape(piece.title)}</h1></header>"
    body = f"<div class='page'>{heading}<div class='text'>{_lines(piece)}</div></div>"
    return _document(piece.url, head, body, hops)


def _microdata(piece: Piece, name: str, hops: tuple[Hop, ...]) -> Page:
    body = (
        f"<div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop='headline'>{escape(piece.title)}</h1>"
        f"<span itemprop='author'>{piece.author}</span>"
        f"<time itemprop='datePublished' datetime='{piece.time:%Y-%m-%dT%H:%MZ}'>{piece.time:%d %B %Y, %H:%M}</time>"
        f"<img itemprop='image' src='{_picture(piece)}' width='1200' height='800'>"
        f"<div itemprop='articleBody'>{_lines(piece)}</div></div>"
    )
    return _document(piece.url, f"<title>{escape(piece.title)} — {name}</title>{_canonical(piece)}", body, hops)


def _undated(piece: Piece, name: str, hops: tuple[Hop, ...]) -> Page:
    """A page that says next to nothing of itself."""
    body = f"<div id='main'><h1>{escape(piece.title)}</h1>{_lines(piece)}</div>"
    return _document(piece.url, f"<title>{escape(piece.title)}</title>{_canonical(piece)}", body, hops)


ARTICLES: dict[str, Callable[[Piece, str, tuple[Hop, ...]], Page]] = {
    "meta": _meta,
    "jsonld": _jsonld,
    "microdata": _microdata,
    "undated": _undated,
}
