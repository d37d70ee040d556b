"""The sites of `benchmarks.soak`: what each tells at a moment of a clock that somebody else turns, over loopback HTTP.

The whole script is drawn before the first visit, by a seed number; a page is a pure function of it and of the moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache, partial
from hashlib import blake2b
from html import escape
from random import Random
from typing import Literal

from tests.support.loopback import Answer, Connection, word

HOUR, DAY = 3600.0, 86400.0
SHOWN = 45  # stories on a front
FED = 20  # stories in a feed
BEFORE = 3 * DAY  # so long the sites are older than the first visit
BACKDATED = 3 * DAY
_LINES = (
    "The council of {a} voted for the new {thing} on {day}, by {m} votes to {n}.",
    "{b} {c}, who leads the works, said that the {thing} would cost {m} million and take {n} months.",
    "“We have waited for the {thing} since I came to {a},” said {b} {c}, a teacher of {n} pupils.",
    "Near {a} the {thing} was closed for {n} hours, and {m} people had to go by {d} instead.",
    "A report of {m} pages, written by {b} {c} for the district of {a}, names {n} causes.",
    "The {thing} between {a} and {d} opens again in {n} weeks, {b} {c} told the assembly.",
    "In {d}, {m} kilometres away, a similar {thing} was given up after {n} years.",
    "Nobody was hurt, the brigade of {a} said, although {m} of the {n} doors were blocked.",
)
_THINGS = [
    "bridge",
    "harbour",
    "school",
    "library",
    "market",
    "ferry",
    "reservoir",
    "theatre",
    "hospital",
    "station",
    "orchard",
    "museum",
]
_WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

Trait = Literal["wire", "usual", "undated", "feed", "slow"]


@dataclass(frozen=True, slots=True)
class Item:
    """One story on one site."""

    n: int
    site: int
    text: int  # the number of the item that it was written for: another one's where it is a copy
    at: float  # when it comes on the site, in seconds since 1970
    told: float | None  # the date that its page tells
    edited: float | None  # when its text is made longer
    removed: float | None  # when its page and its links go away

    def there(self, now: float) -> bool:
        """Whether the site has it at that moment."""
        return self.at <= now and (self.removed is None or now < self.removed)


@dataclass(slots=True)
class Site:
    """One site."""

    number: int
    name: str
    trait: Trait
    per_day: float
    etag: bool
    down: tuple[float, float] | None = None  # it answers 500 meanwhile
    redesigned: float | None = None
    selectors: bool = False  # its seed has selectors, which the redesign breaks
    items: list[Item] = field(default_factory=list)  # by the time when they come

    def is_down(self, now: float) -> bool:
        """Whether it fails at that moment."""
        return self.down is not None and self.down[0] <= now < self.down[1]


def draw(seed: int, sites: int, begin: datetime, days: int, busy: float = 1.0) -> list[Site]:
    """The sites and every story of so many days, with some days before them.

    `busy` makes it more stories or fewer.
    """
    chance = Random(seed)
    made = []
    for number in range(sites):
        trait: Trait = "wire" if number == 0 else ("usual", "feed", "undated", "slow", "usual")[number % 5]
        pace = {"wire": 22.0, "slow": 1.5}.get(trait) or chance.uniform(9, 15)
        made.append(Site(number, f"site-{number:02}", trait, pace * busy, etag=number % 3 != 1))
    start = begin.timestamp()
    if days >= 8 and sites >= 10:
        made[5].down = start + 4.3 * DAY, start + 6.3 * DAY
        made[6].redesigned = start + 0.45 * days * DAY
        made[9].redesigned, made[9].selectors = start + 0.5 * days * DAY, True
    items = []
    for site in made:
        items += [_item(chance, site, at) for at in _times(chance, site, start - BEFORE, start + days * DAY)]
    for item in [one for one in items if one[0] == 0]:
        if chance.random() < 0.35:
            for other in chance.sample(range(1, sites), min(chance.randint(1, 3), sites - 1)):
                at = item[1] + chance.uniform(0.2, 8) * HOUR
                items.append((other, at, None, None, None, item))
    items.sort(key=lambda one: (one[1], one[0]))
    numbers = {id(one): n for n, one in enumerate(items)}
    for n, (number, at, told, edited, removed, origin) in enumerate(items):
        site = made[number]
        if origin is not None and site.trait != "undated":
            told = at
        text = n if origin is None else numbers[id(origin)]
        site.items.append(Item(n, number, text, at, told, edited, removed))
    return made


_Drawn = tuple[int, float, "float | None", "float | None", "float | None", "object"]


def _item(chance: Random, site: Site, at: float) -> _Drawn:
    told: float | None = at
    if site.trait == "undated":
        told = None
    elif chance.random() < 0.05:
        told = at - BACKDATED
    fate = chance.random()
    edited = at + chance.uniform(0.5, 5) * HOUR if fate < 0.12 else None
    removed = at + chance.uniform(7, 30) * HOUR if fate > 0.97 else None
    return site.number, at, told, edited, removed, None


def _times(chance: Random, site: Site, since: float, until: float) -> list[float]:
    """By day far more than by night, at weekends half as many."""
    found, at = [], since
    while (at := at + chance.expovariate(site.per_day * 1.7 / DAY)) < until:
        when = datetime.fromtimestamp(at, UTC)
        by_day = 1.0 if 6 <= when.hour < 20 else 0.05
        if chance.random() < by_day * (0.5 if when.weekday() > 4 else 1.0):
            found.append(at)
    return found


# --- texts


def _name(chance: Random) -> str:
    return word(chance).capitalize()


@lru_cache(maxsize=2048)
def _lines(seed: int, n: int, count: int, what: str) -> list[str]:
    chance = Random(f"{seed} {n} {what}")
    thing, a = chance.choice(_THINGS), _name(chance)
    return [
        " ".join(
            line.format(
                a=a,
                b=_name(chance),
                c=_name(chance),
                d=_name(chance),
                thing=thing,
                day=chance.choice(_WEEK),
                m=chance.randint(11, 99),
                n=chance.randint(2, 9),
            )
            for line in chance.sample(_LINES, 3)
        )
        for _ in range(count)
    ]


def title(seed: int, item: Item) -> str:
    """The headline, the same on every site that has the story."""
    return _title(seed, item.text)


@lru_cache(maxsize=2048)
def _title(seed: int, n: int) -> str:
    chance = Random(f"{seed} {n} title")
    what = chance.choice(_THINGS)
    words = f"{_name(chance)} and {_name(chance)}", _name(chance)
    return f"{words[0]} quarrel over the {what} of {words[1]}"


def _lead(seed: int, item: Item) -> str:
    return _lines(seed, item.text, 1, "lead")[0]


def paragraphs(seed: int, item: Item, now: float) -> list[str]:
    """The text as it is at a moment."""
    told = [_lead(seed, item), *_lines(seed, item.text, 4, "text")]
    if item.edited is not None and now >= item.edited:
        told += ["Correction: an earlier version of this story named a wrong sum.", *_lines(seed, item.n, 2, "edit")]
    return told


# --- pages


class Pages:
    """What every site answers at a moment."""

    def __init__(self, seed: int, sites: list[Site], port: int) -> None:
        self.seed, self.sites, self.port = seed, sites, port
        self.requests = 0
        self.front_visits = [0] * len(sites)  # since somebody counted
        self._fronts: dict[int, tuple[object, bytes]] = {}  # as they were made last

    def home(self, number: int) -> str:
        """The address of a site, with its final slash."""
        return f"http://{host(number)}:{self.port}/"

    def path(self, item: Item) -> str:
        """Where a story is on its site."""
        words = "".join(c if c.isalnum() else "-" for c in title(self.seed, item).lower())
        return f"news/{words}-{item.n}"

    def url(self, item: Item) -> str:
        """The address of a story."""
        return self.home(item.site) + self.path(item)

    def shown(self, site: Site, now: float) -> list[Item]:
        """The stories of a front, newest first."""
        recent = [one for one in site.items if one.there(now)]
        return recent[: -SHOWN - 1 : -1]

    def answer(self, number: int, path: str, etag: str, now: float) -> Answer:
        """Status, type, ETag and body."""
        site = self.sites[number]
        self.requests += 1
        self.front_visits[number] += path == "/"
        if site.is_down(now):
            return 500, "text/html", "", b"<h1>Internal Server Error</h1>"
        if path == "/":
            kind, body = "text/html", self._front_as_is(site, now)
        elif path == "/feed.xml" and site.trait == "feed":
            kind, body = "application/rss+xml", self._feed(site, now)
        elif (item := self._found(site, path)) is not None and item.there(now):
            kind, body = "text/html", self._article(site, item, now)
        else:
            gone = path.startswith("/news/")
            return (410 if gone else 404), "text/html", "", b"<h1>Not here</h1>"
        own = f'"{blake2b(body, digest_size=8).hexdigest()}"' if site.etag else ""
        return (304, kind, own, b"") if own and etag == own else (200, kind, own, body)

    def _found(self, site: Site, path: str) -> Item | None:
        number = path.rpartition("-")[2]
        if not path.startswith("/news/") or not number.isdecimal():
            return None
        return next((one for one in site.items if one.n == int(number)), None)

    def _front_as_is(self, site: Site, now: float) -> bytes:
        state = [item.n for item in self.shown(site, now)], site.redesigned is not None and now >= site.redesigned
        known = self._fronts.get(site.number)
        if known is None or known[0] != state:
            known = self._fronts[site.number] = state, self._front(site, now)
        return known[1]

    def _front(self, site: Site, now: float) -> bytes:
        fresh = site.redesigned is not None and now >= site.redesigned
        rows = []
        for item in self.shown(site, now):
            head, teaser = escape(title(self.seed, item)), escape(_lead(self.seed, item))
            link = f'<a href="/{self.path(item)}">{head}</a>'
            if fresh:
                rows.append(
                    f'<li class="card"><h3 class="card-headline">{link}</h3><div class="lead">{teaser}</div></li>'
                )
            else:
                rows.append(f'<article class="teaser"><h2 class="story-title">{link}</h2><p>{teaser}</p></article>')
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">' if site.trait == "feed" else ""
        list_ = f'<ul class="river">{"".join(rows)}</ul>' if fresh else f'<div class="stories">{"".join(rows)}</div>'
        return (
            f'<!doctype html><html lang="en"><head><title>{site.name}</title>{feed}</head><body><nav><a href="/about">'
            f'About us</a><a href="/contact">Contact</a></nav><main><h1>{site.name}</h1>{list_}</main></body></html>'
        ).encode()

    def _article(self, site: Site, item: Item, now: float) -> bytes:
        fresh = site.redesigned is not None and now >= site.redesigned
        head = escape(title(self.seed, item))
        text = "".join(f"<p>{escape(line)}</p>" for line in paragraphs(self.seed, item, now))
        dated = ""
        if item.told is not None:
            dated = f'<meta property="article:published_time" content="{_iso(item.told)}">'
        hold = ("section", "card-body", "card-title") if fresh else ("article", "story-body", "story-head")
        return (
            f'<!doctype html><html lang="en"><head><title>{head} | {site.name}</title><meta property="og:title" '
            f'content="{head}"><meta property="og:type" content="article">{dated}</head><body><nav><a href="/">'
            f'{site.name}</a></nav><main><{hold[0]} class="{hold[1]}"><h1 class="{hold[2]}">{head}</h1>{text}'
            f"</{hold[0]}></main><footer>All rights with {site.name}</footer></body></html>"
        ).encode()

    def _feed(self, site: Site, now: float) -> bytes:
        rows = []
        for item in self.shown(site, now)[:FED]:
            date = ""
            if item.told is not None:
                date = f"<pubDate>{format_datetime(datetime.fromtimestamp(item.told, UTC))}</pubDate>"
            rows.append(
                f"<item><title>{escape(title(self.seed, item))}</title><link>{self.url(item)}</link>"
                f'<guid isPermaLink="false">{site.name}/{item.n}</guid>{date}'
                f"<description>{escape(_lines(self.seed, item.text, 1, 'lead')[0])}</description></item>"
            )
        return (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{site.name}</title>'
            f"<link>{self.home(site.number)}</link><description>News</description>{''.join(rows)}</channel></rss>"
        ).encode()


def _iso(at: float) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(at))).isoformat()


# --- the server


def host(number: int) -> str:
    """The address of a site: a host of its own on loopback."""
    return f"127.3.{number // 250}.{1 + number % 250}"


class Server:
    """All sites, in the loop of whoever starts them."""

    def __init__(self, pages: Pages, now: Callable[[], float]) -> None:
        self.pages, self.now = pages, now
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        """Every site listens."""
        loop = asyncio.get_running_loop()
        for site in self.pages.sites:
            made = await loop.create_server(partial(self._connection, site.number), host(site.number), self.pages.port)
            self._servers.append(made)

    def _connection(self, number: int) -> Connection:
        return Connection(lambda path, etag: self.pages.answer(number, path, etag, self.now()), self.now)

    async def stop(self) -> None:
        """None does any more."""
        for one in self._servers:
            one.close()
            await one.wait_closed()
