"""What really happened at a made-up paper: its stories with all their names, and what its server says at an hour."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from scrapers import CopydeskError, Gone, Hop, Page

from ..invented import PEOPLE, PLACES, THINGS, VERBS, invented
from .markup import ARTICLES, FRONTS, Card, Piece

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
FRONT = 24  # stories that a front shows
WAKING = 18  # hours of a day in which stories appear
ROLLING = 10  # updates that a live blog shows
UPDATES = 3  # of a live blog in an hour
LIVE = 9  # hours for which it goes on

Old = Literal["leads", "canonical", "stays", "gone"]
"""What a former address answers: it leads to the new one, shows the same page with a canonical address or without, or
nothing."""
Names = tuple[tuple[int, str], ...]
"""(from this hour of a story's life, address or headline), the first at 0."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story of a paper: what it is about, when it appears, and how its addresses and headlines change."""

    number: int
    at: int  # hours after START
    paths: Names
    titles: Names
    paragraphs: tuple[str, ...]
    grows: bool = False  # a live blog: its older updates disappear
    shown: tuple[tuple[int, int], ...] = ()  # spans of hours on the front; none: while it is among the newest

    def path(self, hour: int) -> str:
        """Its address at an hour after START."""
        return _at(self.paths, hour - self.at)

    def headline(self, hour: int) -> str:
        """Its headline at an hour after START."""
        return _at(self.titles, hour - self.at)

    def text(self, hour: int) -> tuple[str, ...]:
        """Its paragraphs at an hour after START: those of a live blog roll, others grow with each new headline."""
        age = hour - self.at
        if not self.grows:
            return (
                *self.paragraphs,
                *(_update(self.number, n) for n, (since, _) in enumerate(self.titles) if n and since <= age),
            )
        last = min(age, LIVE) * UPDATES + 5
        return tuple(_update(self.number, n) for n in range(last, max(last - ROLLING, 0), -1))


def _at(names: Names, age: int) -> str:
    return [name for since, name in names if since <= max(age, 0)][-1]


def _update(number: int, n: int) -> str:
    chance = random.Random(f"{number}/{n}")
    who, place, thing, verb = (chance.choice(words) for words in (PEOPLE, PLACES, THINGS, VERBS))
    return (
        f"{n // UPDATES:02}:{n * 17 % 60:02} {who} {verb} {chance.randrange(90)} of them at the {thing} in {place}, and"
        f" the {chance.randrange(900)} people who waited there were told to come back when the"
        f" {chance.choice(THINGS)} is free."
    )


@dataclass(slots=True)
class Paper:
    """A made-up paper: its stories, what else stands on its front, and how its server treats former addresses."""

    name: str
    stories: list[Told]
    front: str = "cards"
    article: str = "meta"
    old: Old = "leads"
    extras: Callable[[int], Sequence[Card]] = lambda hour: ()  # what is no story, at an hour
    relaunch: int | None = None  # from this hour on every address is another one
    moved: Callable[[str], str] = lambda path: f"/new{path}"
    size: int = FRONT
    homes: dict[str, Told] = field(default_factory=dict)  # every address that a story ever has
    offers: dict[str, Card] = field(default_factory=dict)  # what is no story, by its address

    def __post_init__(self) -> None:
        for told in self.stories:
            for _, path in told.paths:
                for name in (path, self.moved(path)):
                    assert self.homes.setdefault(name, told) is told, f"two stories at {name}"

    @property
    def home(self) -> str:
        """Its front page."""
        return f"https://{self.name}.example/"

    def shown(self, hour: int) -> list[Told]:
        """The stories of its front at an hour, the newest first; those with hours of their own stand among them."""
        newest = sorted(
            (told for told in self.stories if told.at <= hour and not told.shown), key=lambda told: -told.at
        )
        found = newest[: self.size]
        beside = [told for told in self.stories if any(since <= hour < until for since, until in told.shown)]
        for place, told in enumerate(beside):
            found.insert(min(3 * place + 2, len(found)), told)
        return found

    def address(self, told: Told, hour: int) -> str:
        """Where a story is at an hour."""
        path = told.path(hour)
        return f"{self.home[:-1]}{self.moved(path) if self._moved_by(hour) else path}"

    def _moved_by(self, hour: int) -> bool:
        return self.relaunch is not None and hour >= self.relaunch

    def of_url(self, url: str) -> Told | None:
        """The story that an address is one of, whatever the hour."""
        return self.homes.get(url.removeprefix(self.home[:-1])) if url.startswith(self.home) else None

    def answer(self, url: str, now: datetime) -> Page | CopydeskError:
        """What the paper's server says."""
        hour = int((now - START).total_seconds() // 3600)
        if url == self.home:
            return self._front(hour)
        if url == f"{self.home}feed" and "feed" in self.front:
            return FRONTS["rss"](self.home, self._cards(hour))
        if url in self.offers:
            return self._offer(self.offers[url], hour)
        told = self.of_url(url)
        if told is None or told.at > hour:
            return Gone("404 Not Found", url=url, status=404)
        there = self.address(told, hour)
        if url != there and self._future(told, url, hour):
            return Gone("404 Not Found", url=url, status=404)
        if url == there or self.old == "stays":
            return self._article(told, url, None, hour)
        if self.old == "leads":
            return self._article(told, there, None, hour, (Hop(301, there),))
        if self.old == "canonical":
            return self._article(told, url, there, hour)
        return Gone("404 Not Found", url=url, status=404)

    def _future(self, told: Told, url: str, hour: int) -> bool:
        """Whether a story does not have this address yet."""
        had = {f"{self.home[:-1]}{path}" for since, path in told.paths if told.at + since <= hour}
        had |= {f"{self.home[:-1]}{self.moved(path)}" for _, path in told.paths} if self._moved_by(hour) else set()
        return url not in had

    def _cards(self, hour: int) -> list[Card]:
        return [
            Card(self.address(told, hour), told.headline(hour), told.text(hour)[0][:110], self._time(told))
            for told in self.shown(hour)
        ]

    def _front(self, hour: int) -> Page:
        cards = self._cards(hour)
        for place, extra in enumerate(self.extras(hour)):
            cards.insert(min(4 * place + 3, len(cards)), extra)
            self.offers[extra.url] = extra
        return FRONTS[self.front.partition("+")[0]](self.home, cards)

    def _offer(self, card: Card, hour: int) -> Page:
        """The page of what is no story: it looks like one, but for that of a topic, which lists some."""
        if "/topic/" in card.url:
            return FRONTS["cards"](card.url, self._cards(hour)[::3])
        number = sum(map(ord, card.url))
        lines = tuple(_update(number, n)[6:] for n in range(6))
        piece = Piece(card.url, card.title, lines, card.time, number)
        return ARTICLES[self.article](piece, self.name.title(), ())

    def _time(self, told: Told) -> datetime:
        return START + timedelta(hours=told.at - 1, minutes=told.number % 50, seconds=told.number * 7 % 60)

    def _article(self, told: Told, url: str, canonical: str | None, hour: int, hops: tuple[Hop, ...] = ()) -> Page:
        piece = Piece(url, told.headline(hour), told.text(hour), self._time(told), told.number, canonical)
        return ARTICLES[self.article](piece, self.name.title(), hops)


Naming = Callable[[random.Random, int, Sequence[str]], tuple[Names, Names]]
"""Chance, number and headlines of a story → its addresses and its headlines with their hours."""


def made(
    name: str, days: int, a_day: int, naming: Naming, *, before: int = 12, live: int = 0, many: int = 1
) -> list[Told]:
    """The stories of a paper: so many a day, between five in the morning and midnight, and some from before the start.

    `live`: every so many-th of them is a live blog. `many`: how many headlines there are to choose from.
    """
    chance = random.Random(name)
    found = []
    for n in range(-before, days * a_day):
        day, within = divmod(n, a_day)
        title, paragraphs = invented(chance, n + before)
        number = 7_100_000 + (n + before) * 37 + chance.randrange(30)
        grows = bool(live) and n >= 0 and n % live == 0
        titles = [title, *(_another(chance, title) for _ in range(max(many, LIVE if grows else 0)))]
        paths, headlines = naming(chance, number, titles)
        found.append(Told(number, day * 24 + within * WAKING // a_day, paths, headlines, paragraphs, grows))
    return found


def _another(chance: random.Random, title: str) -> str:
    """Another headline of the same story."""
    place, _, _, thing = title.split()[:4]
    who, verb, other = chance.choice(PEOPLE), chance.choice(VERBS), chance.choice(THINGS)
    forms = (
        f"What {who} says of the {thing}",
        f"{thing.title()} of {place}: {who} {verb} it",
        f"{place} waits for its {other}",
        f"{who} {verb} what is left in {place}",
    )
    return f"{chance.choice(forms)}, {chance.randrange(20_000)} in all"


def slug(title: str) -> str:
    """A headline as the words of an address."""
    return "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split())
