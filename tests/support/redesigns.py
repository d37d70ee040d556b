"""A small paper before and after its redesigns: the pages of tests that look for selectors again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scrapers import Discover, Extract, Offered, Page, Record, Seed, canonical_key, read_draft, to_record

HOME = "https://lantern.example/"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TITLES = (
    "The ferry to Osmund Bay runs again after the winter",
    "A bakery on Quill Street keeps its oven for another year",
    "Forty swans are counted on the mill pond",
    "The night train gets a second sleeping car",
    "Why the clock of the town hall is eleven minutes slow",
    "Volunteers dig out the old lime kiln above Harrow",
    "The choir of the harbour pilots sings in the rain",
    "A lighthouse keeper's diary is found in an attic",
    "Two bridges close for a week in the lower town",
    "The library lends out sledges until the thaw",
    "Pear growers fear the late frost of this week",
    "An island school with nine pupils prints a paper",
)
PEOPLE = ("Ada Wren", "Jon Tarrow", "Mina Holt", "Per Lund")


@dataclass(frozen=True)
class Told:
    """One story of the paper."""

    n: int

    @property
    def title(self) -> str:
        return TITLES[self.n % len(TITLES)] + ("" if self.n < len(TITLES) else f", part {self.n // len(TITLES) + 1}")

    @property
    def path(self) -> str:
        return f"/2026/03/{'-'.join(self.title.lower().replace(',', '').split()[:6])}-{1000 + self.n}"

    @property
    def author(self) -> str:
        return PEOPLE[self.n % len(PEOPLE)]

    @property
    def when(self) -> datetime:
        return NOW - timedelta(hours=self.n + 1)

    @property
    def section(self) -> str:
        return ("Harbour", "Town", "Country")[self.n % 3]

    def paragraphs(self) -> list[str]:
        return [
            f"{self.title}: so much was told to this paper by people who stood there, number {self.n}.",
            f"Nobody had thought it possible a year ago, said one of the {self.n + 3} who had come to look at it.",
            f"What happens next will be decided by the council in a week, on page {self.n + 20}.",
        ]


def stories(count: int, first: int = 0) -> list[Told]:
    return [Told(n) for n in range(first, first + count)]


def seed(links: str | None = "h2.story__title a", **extract: str) -> Seed:
    """The seed that fits the old design."""
    return Seed(name="lantern", home=HOME, discover=Discover(links=links), extract=replace(Extract(), **extract))  # type: ignore[arg-type]


OLD = {
    "title": "h1.story__title",
    "authors": ".story__by",
    "published": "time.story__time",
    "section": ".story__section",
    "body": "div.story__text",
}

_NAV = '<nav class="nav"><a href="/town/">Town</a><a href="/harbour/">Harbour</a><a href="/country/">Country</a></nav>'
_FOOT = '<footer><a href="/imprint">Imprint</a><a href="/privacy">Privacy and cookies</a></footer>'


def old_front(told: Sequence[Told]) -> str:
    boxes = "".join(
        f'<div class="story"><h2 class="story__title"><a href="{one.path}">{one.title}</a></h2>'
        f"<p>{one.paragraphs()[1]}</p></div>"
        for one in told
    )
    return f"<html lang=en><title>The Lantern</title><body>{_NAV}<main>{boxes}</main>{_FOOT}</body></html>"


def new_front(told: Sequence[Told], aside: Sequence[Told] = (), partner: str = "") -> str:
    """Other classes, a wrapper more, a headline of another rank, the picture first."""
    boxes = "".join(
        f'<article class="teaser css-1x9f{one.n}k">'
        f'<a class="teaser-image" href="{one.path}"><img src="/{one.n}.jpg"></a>'
        f'<div class="mt-4"><h3 class="teaser-headline"><a href="{one.path}"><span>{one.title}</span></a></h3>'
        f"<p>{one.paragraphs()[1]}</p></div></article>"
        for one in told
    )
    more = "".join(f'<li class="teaser-headline"><a href="{one.path}">{one.title}</a></li>' for one in aside)
    return (
        f'<html lang=en><title>The Lantern</title><body>{_NAV}<div id="page"><main class="front-stream">{boxes}</main>'
        f'<aside class="box"><ul>{more}</ul></aside>{partner}</div>{_FOOT}</body></html>'
    )


def old_article(one: Told) -> str:
    text = "".join(f"<p>{line}</p>" for line in one.paragraphs())
    return (
        f"<html lang=en><title>{one.title} – The Lantern</title><body>{_NAV}<article class=story>"
        f'<span class="story__section">{one.section}</span><h1 class="story__title">{one.title}</h1>'
        f'<p class="story__by">By {one.author}</p><time class="story__time">{one.when:%Y-%m-%d %H:%M} UTC</time>'
        f'<div class="story__text">{text}</div></article>{_FOOT}</body></html>'
    )


def new_article(one: Told, *, decoy: Told | None = None, title: str | None = None, made: bool = False) -> str:
    """Another design: `decoy` is another story's box with the same classes above the article."""
    text = "".join(f"<p>{line}</p>" for line in one.paragraphs())
    other = decoy or Told(one.n + 5)
    box = (
        f'<div class="teaser-box"><h2 class="headline">{other.title}</h2><span class="writer">{other.author}</span>'
        f'<span class="when">{other.when:%Y-%m-%d %H:%M} UTC</span></div>'
    )
    head = "h1 class=headline" if not made else f'h1 class="Headline_title__{"3KxYz" if one.n % 2 else "9QpRw"}"'
    return (
        f"<html lang=en><title>The Lantern</title><body>{_NAV}<div id=page>{box}<main class=article-page><header>"
        f'<a class="topline css-9q{one.n}z" href="/x/">{one.section}</a><{head}>{title or one.title}</h1>'
        f'<div class="meta-row mt-4"><span class="writer">By {one.author}</span>'
        f'<span class="when">{one.when:%Y-%m-%d %H:%M} UTC</span></div></header>'
        f'<section class="article-copy">{text}</section></main></div>{_FOOT}</body></html>'
    )


def page(body: str, path: str = "/") -> Page:
    return Page(url=HOME.rstrip("/") + path, body=body.encode())


def known(told: Sequence[Told]) -> list[Offered]:
    return [Offered(canonical_key(HOME.rstrip("/") + one.path), one.title) for one in told]


def record(one: Told, source: Seed | None = None) -> Record:
    """The record that the old design gave."""
    source = source or seed(**OLD)
    draft = read_draft(page(old_article(one), one.path), source, NOW)
    return to_record(draft, url=HOME.rstrip("/") + one.path, seed=source, first_seen=NOW)
