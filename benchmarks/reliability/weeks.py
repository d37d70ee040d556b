"""Weeks of made-up front pages, visited each hour with a turned clock: renames, live blogs, a relaunch, evergreens.

`python -m benchmarks.weeks [--days 14] [--paper NAME ...]` prints, for each paper and for all: recall (stories that
became a record), second ids (records for a story that had one), no stories (records of what is none), the most
requests for one address, and alarms. Bounds: see BOUNDS. Nothing of it is a real paper.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds.health.assess import assess
from feeds.model import Topic
from feeds.store import open_store
from scrapers import CopydeskError, Gone, Hop, Page, Seed, canonical_key
from tests.support.simulated_visits import Turned

from .invented import PEOPLE, PLACES, invented

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
FRONT = 24  # stories that a front shows
PLAN = 4  # requests for the address of an article: once, and three looks
BOUNDS = {"recall": 0.999, "second": 0.001, "none": 0.003}
TOPICS = (Topic("all", "All"),)


@dataclass(frozen=True, slots=True)
class Told:
    """A story of a paper: what it is about, when it appears, and how its addresses and words change with its hours."""

    number: int
    at: int  # hours after START
    title: str
    paragraphs: tuple[str, ...]
    names: tuple[tuple[int, str], ...]  # (from this hour of its life, path), the first at 0
    grows: bool = False  # a live blog: new paragraphs at its head, another headline each time

    def path(self, hour: int) -> str:
        """Its address at an hour after START."""
        return [path for since, path in self.names if hour - self.at >= since][-1]


@dataclass(slots=True)
class Paper:
    """A made-up paper: its stories, and what else stands on its front."""

    name: str
    stories: list[Told]
    extras: tuple[tuple[str, str], ...] = ()  # (address, words) of what is no story
    evergreens: tuple[Told, ...] = ()
    relaunch: int | None = None  # from this hour on every address is another one
    paths: dict[str, Told] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for told in (*self.stories, *self.evergreens):
            for _, path in told.names:
                self.paths[path] = told
                self.paths[f"/new{path}"] = told

    @property
    def home(self) -> str:
        """Its front page."""
        return f"https://{self.name}.example/"

    def shown(self, hour: int) -> list[Told]:
        """The stories of its front at an hour, the newest first; evergreens stand among them."""
        newest = sorted((told for told in self.stories if told.at <= hour), key=lambda told: -told.at)[:FRONT]
        for place, told in enumerate(self.evergreens):
            newest.insert(min(3 * place + 2, len(newest)), told)
        return newest

    def address(self, told: Told, hour: int) -> str:
        """Where a story is at an hour."""
        moved = self.relaunch is not None and hour >= self.relaunch
        return f"https://{self.name}.example{'/new' if moved else ''}{told.path(hour)}"

    def answer(self, url: str, now: datetime) -> Page | CopydeskError:
        """What the paper's server says."""
        hour = int((now - START).total_seconds() // 3600)
        if url == self.home:
            return self._front(hour)
        told = self.paths.get(url.partition(".example")[2])
        if told is None or told.at > hour:
            return Gone("404 Not Found", url=url, status=404)
        there = self.address(told, hour)
        return _article(told, there, hour, () if url == there else (Hop(301, there),))

    def _front(self, hour: int) -> Page:
        cards = [
            f'<article class="card"><h2><a href="{self.address(told, hour)}">{_headline(told, hour)}</a></h2>'
            f"<p>{told.paragraphs[0][:90]}</p></article>"
            for told in self.shown(hour)
        ]
        cards += [
            f'<article class="card"><h2><a href="{url}">{words}</a></h2><p>{words}, and more of it.</p></article>'
            for url, words in self.extras
        ]
        body = f"<header><a href='/'>{self.name.title()}</a></header><main>{''.join(cards)}</main>"
        head = f"<head><title>{self.name.title()}</title></head>"
        return Page(self.home, f"<!doctype html><html lang='en'>{head}<body>{body}</body></html>".encode())


def _headline(told: Told, hour: int) -> str:
    updates = max(0, min(hour - told.at, 10))
    return f"Live: {told.title}, update {updates}" if told.grows and updates else told.title


def _article(told: Told, url: str, hour: int, hops: tuple[Hop, ...]) -> Page:
    lines = list(told.paragraphs)
    if told.grows:
        lines = [
            f"Update {n} of {told.title}: {told.number * n} calls were counted."
            for n in range(min(hour - told.at, 10), 0, -1)
        ] + lines
    title = _headline(told, hour)
    when = START + timedelta(hours=told.at)
    body = "".join(f"<p>{line}</p>" for line in lines)
    picture = f"https://pictures.example/{told.number}-large.jpg"
    head = (
        f"<title>{title}</title><meta property='og:type' content='article'>"
        f"<meta property='og:image' content='{picture}'>"
        f"<meta name='author' content='{PEOPLE[told.number % len(PEOPLE)]} {PLACES[told.number % len(PLACES)]}'>"
        f"<meta property='article:published_time' content='{when:%Y-%m-%dT%H:%M:%SZ}'>"
    )
    article = f"<article><h1>{title}</h1>{body}</article>"
    page = f"<!doctype html><html lang='en'><head>{head}</head><body>{article}</body></html>"
    return Page(url, page.encode(), hops=hops)


def _stories(
    name: str, days: int, a_day: int, paths: Callable[[int, str], Sequence[tuple[int, str]]], *, live: int = 0
) -> list[Told]:
    """The stories of a paper: so many a day, between five in the morning and midnight."""
    chance = random.Random(name)
    found = []
    for n in range(days * a_day):
        day, within = divmod(n, a_day)
        at = day * 24 + within * 18 // a_day
        title, paragraphs = invented(chance, n)
        number = 7_100_000 + chance.randrange(800_000)
        slug = title.lower().replace(" ", "-")
        grows = bool(live) and n % live == 0
        names = tuple(paths(number, slug))
        if grows:
            names = tuple(
                (hours, path.replace(slug, f"{slug}-{hours}") if hours else path)
                for hours in range(8)
                for _, path in names[:1]
            )
        found.append(Told(number, at, title, paragraphs, names, grows))
    return found


def papers(days: int) -> Iterator[Paper]:
    """One paper for each of the ways in which fronts mislead."""
    chance = random.Random(4)

    def renamed(number: int, slug: str) -> list[tuple[int, str]]:
        names = [(0, f"/news/{slug}-{number}")]
        if chance.random() < 0.2:
            names += [(hours, f"/news/{slug}-{'again-' * hours}{number}") for hours in range(1, chance.randrange(2, 7))]
        return names

    yield Paper("renamer", _stories("renamer", days, 12, renamed))
    yield Paper("liver", _stories("liver", days, 8, lambda number, slug: [(0, f"/live/{slug}-{number}.html")], live=4))
    yield Paper(
        "mover",
        _stories("mover", days, 10, lambda number, slug: [(0, f"/town/{slug}")]),
        relaunch=days * 12 + 3,
    )
    services = (
        (
            "https://jobs.sibling.example/offers/baker-for-the-mill-in-arnholt-4411234",
            "Baker for the mill in Arnholt is wanted",
        ),
        (
            "https://shop.sibling.example/mugs/the-mug-of-the-lighthouse-in-cove-99123",
            "The mug of the lighthouse in Cove",
        ),
        (
            "https://vorteile.sibling.example/codes/half-price-at-the-sawmill-of-eide",
            "Half price at the sawmill of Eide",
        ),
        (
            "https://sibling.example/sponsored/why-everybody-wants-a-boiler-from-kvam",
            "Why everybody wants a boiler from Kvam",
        ),
        (
            "https://sibling.example/anzeige/the-boiler-from-kvam-is-cheaper-in-march",
            "The boiler from Kvam is cheaper in March",
        ),
    )
    yield Paper(
        "sibling", _stories("sibling", days, 10, lambda number, slug: [(0, f"/a/{slug}-{number}")]), extras=services
    )
    old = _stories("evergreen-old", 1, 6, lambda number, slug: [(0, f"/guide/{slug}")])
    yield Paper(
        "evergreen",
        _stories("evergreen", days, 8, lambda number, slug: [(0, f"/b/{slug}")]),
        evergreens=tuple(Told(t.number, 0, t.title, t.paragraphs, t.names) for t in old),
    )


@dataclass(slots=True)
class Outcome:
    """What weeks of a paper gave."""

    stories: int = 0
    found: int = 0
    records: int = 0
    second: int = 0
    none: int = 0
    most: int = 0  # requests for one address
    alarms: Counter[str] = field(default_factory=Counter)

    @property
    def good(self) -> bool:
        """Whether it is within all bounds."""
        return (
            self.found >= BOUNDS["recall"] * self.stories
            and self.second <= BOUNDS["second"] * max(self.records, 1)
            and self.none <= BOUNDS["none"] * max(self.records, 1)
            and self.most <= PLAN
            and not self.alarms
        )

    def add(self, other: Outcome) -> None:
        """Count those of another paper, too."""
        for name in ("stories", "found", "records", "second", "none"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.most = max(self.most, other.most)
        self.alarms.update(other.alarms)

    def __str__(self) -> str:
        return (
            f"{self.stories:>8} {self.found / max(self.stories, 1):>8.4f} {self.second / max(self.records, 1):>9.4%}"
            f" {self.none / max(self.records, 1):>9.4%} {self.most:>9} {sum(self.alarms.values()):>7}"
            f" {' '.join(sorted(self.alarms))}"
        )


def weeks(paper: Paper, days: int, folder: Path, *, keep: timedelta = timedelta(days=5)) -> Outcome:
    """So many days of a paper, each hour; what the store keeps no longer leaves it each night."""
    store = open_store(folder / f"{paper.name}.db", daemon=True)
    turned = Turned(store, {paper.name: Seed(name=paper.name, home=paper.home)}, paper.answer, TOPICS, START)
    done, given = Outcome(), Counter[int]()
    seen: set[str] = set()

    def each() -> None:
        for kept in turned.kept:
            for identity in kept.fresh:
                stored = store.records.by_id(identity)
                if identity in seen or stored is None:
                    continue
                seen.add(identity)
                done.records += 1
                told = paper.paths.get(stored.record.url.partition(".example")[2])
                if told is None or not stored.record.url.startswith(paper.home):
                    done.none += 1
                else:
                    given[told.number] += 1
        turned.kept.clear()
        hour = int((turned.now - START).total_seconds() // 3600)
        if hour % 24 == 23:
            facts = store.health.facts(paper.name, turned.now)
            assert facts is not None
            done.alarms.update(trouble.kind for trouble in assess(facts, turned.now).troubles)
            before = turned.now - keep
            store.retention.drop_documents(store.retention.old_documents(before))
            store.db.execute("DELETE FROM unarchived")  # no feed is written here, so that nothing waits for one
            store.retention.expire(store.retention.old_records(before), turned.now)

    turned.hours(days * 24, each)
    # what a first visit may leave out is none of this measure: every paper begins with its first story
    done.stories = len(paper.stories)
    done.found = sum(told.number in given for told in paper.stories)
    done.second = sum(count - 1 for count in given.values())
    services = {canonical_key(url) for url, _ in paper.extras}
    asked = {key: count for key, count in turned.asked.items() if key.partition("/")[2] not in ("", "robots.txt")}
    done.most = max((count for key, count in asked.items() if key not in services), default=0)
    store.close()
    return done


def main() -> int:
    """Print the table; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--paper", action="append")
    args = parser.parse_args()
    total, good = Outcome(), True
    print(f"{'paper':<12} {'stories':>8} {'recall':>8} {'second':>9} {'none':>9} {'requests':>9} {'alarms':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for paper in papers(args.days):
            if args.paper and paper.name not in args.paper:
                continue
            done = weeks(paper, args.days, Path(folder))
            total.add(done)
            good &= done.good
            print(f"{paper.name:<12} {done}", flush=True)
    print(f"{'all':<12} {total}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
