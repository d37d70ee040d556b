"""Pages for readers in a large store: processor time of a story, a day, a search, beside that of the index page.

    python -m benchmarks.pages [--records N] [--most MS]

The store is made of `articles` of benchmarks.topics, over a year, of 40 sources in three topics. Each page is made a
few times with other stories, days or cursors; the slowest counts. With --most the run fails when a page takes longer.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.speed.topics import Maker, articles
from feeds.app.web.reading.cursors import cursor
from feeds.app.web.reading.lists import page_of_day, page_of_search
from feeds.app.web.reading.scope import Scope
from feeds.app.web.reading.stories import page_of_story
from feeds.messages import UTC_ENGLISH
from feeds.model import Publisher, Topic
from feeds.publish.feed_reader import PublishSettings
from feeds.publish.index import plan_index
from feeds.render.pages import index_page
from feeds.store import Store, open_store
from scrapers import Record, Seed

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SOURCES = 40
TOPICS = (Topic("all", "All"), Topic("tenth", "A tenth"), Topic("rare", "Rare"))
SHARES = {"all": 1, "tenth": 10, "rare": 5000}  # one in so many records belongs to the topic
NAMED = {topic.name: topic for topic in TOPICS}
SETTINGS = PublishSettings(Publisher("The copy desk", "https://desk.example", pages=True))
EVERYTHING, TENTH, RARE = Scope("everything", ""), Scope("topic", "t/tenth", "tenth"), Scope("topic", "t/rare", "rare")
SOURCE = Scope("source", "s/paper-7", "paper-7")
OF = {"everything": Topic("", "All"), "source": Topic("paper-7", "Paper 7", copies="all")}
LONG = " OR ".join(f"{a}{b}{c}" for a in "bcdfghlmnprst" for b in "aeiou" for c in "lnr")
DEAR = (
    'the* OR con* OR "of and" OR "and to the"',
    '"the of" OR "of and" OR "and to the" OR "in of the" OR "to the of and"',
)
PIECE = 1000  # records of one transaction
Make = Callable[[], object]


def fill(store: Store, records: Sequence[Record], count: int) -> list[str]:
    """A store of `count` records over a year, the newest last; the ids of their stories."""
    seeds = [Seed(name=f"paper-{n}", home=f"https://paper-{n}.example/") for n in range(SOURCES)]
    store.sources.sync(seeds, NOW)
    store.topics.sync(TOPICS, NOW)
    ids = []
    for begin in range(0, count, PIECE):
        with store.transaction():
            for n in range(begin, min(begin + PIECE, count)):
                at = NOW - timedelta(days=365) * (1 - n / count)
                one = replace(
                    records[n % len(records)],
                    id=f"urn:uuid:{n:08x}-0000-5000-8000-000000000000",
                    key=f"paper.example/{n}",
                    url=f"https://paper.example/{n}",
                    source=f"paper-{n % SOURCES}",
                    html=f"<p>{records[n % len(records)].text}</p>",
                    language=("en", "de", "es")[n % 3],
                    published=at,
                    first_seen=at,
                    fingerprint=f"{n:016x}",
                )
                story = store.stories.add(one, at)
                number = store.records.add(one, story, "", at)
                store.stories.set_representative(story, number, "")
                store.topics.file_record(number, {name: "" for name, share in SHARES.items() if n % share == 0})
                ids.append(store.stories.get(story).id)  # type: ignore[union-attr]  # it was just made
    return ids


def seconds(makes: Sequence[Make]) -> list[float]:
    """The processor time of each."""
    found = []
    for make in makes:
        begun = time.process_time()
        make()
        found.append(time.process_time() - begun)
    return sorted(found)


def pages(store: Store, ids: Sequence[str], queries: Sequence[str], chance: random.Random) -> dict[str, list[Make]]:
    """Each kind of page with a few ways to ask for it."""

    def story() -> Make:
        identity = chance.choice(ids)
        return lambda: page_of_story(store, EVERYTHING, OF["everything"], NAMED, SETTINGS, identity, UTC_ENGLISH)

    def day(scope: Scope) -> Make:
        when = date(2025, 7, 1) + timedelta(days=chance.randrange(320))
        topic = NAMED.get(scope.name) or OF[scope.kind]
        return lambda: page_of_day(store, scope, topic, NAMED, SETTINGS, when, b"", UTC_ENGLISH)

    def search(scope: Scope, query: str, *, far: bool = False) -> Make:
        topic = NAMED.get(scope.name) or OF[scope.kind]
        asked = urlencode({"q": query, **({"behind": cursor(len(ids) // 2)} if far else {})}, quote_via=quote).encode()
        return lambda: page_of_search(store, scope, topic, NAMED, SETTINGS, asked, NOW, UTC_ENGLISH)

    few = range(8)
    word = queries[0]
    return {
        "story": [story() for _ in few],
        "day": [day(EVERYTHING) for _ in few],
        "day of a topic": [day(TENTH) for _ in few],
        "day of a rare topic": [day(RARE) for _ in few],
        "day of a source": [day(SOURCE) for _ in few],
        "search: words": [search(EVERYTHING, query) for query in queries],
        "search: in a topic": [search(TENTH, query, far=True) for query in queries],
        "search: in a rare topic": [search(RARE, query) for query in queries],
        "search: in a source": [search(SOURCE, query) for query in queries],
        "search: a prefix": [search(EVERYTHING, f"{word[:3]}*"), search(EVERYTHING, "the* OR con*")],
        "search: nothing": [search(EVERYTHING, "zeppelinqx"), search(EVERYTHING, f"{word} zeppelinqx")],
        "search: a condition": [search(EVERYTHING, "lang:es"), search(EVERYTHING, "lang:xx"), search(RARE, "lang:xx")],
        "search: a pattern": [search(EVERYTHING, "/zeppelin(qx)+/"), search(EVERYTHING, f"{word} OR /zz+qx/")],
        "search: copies": [search(EVERYTHING, "outlets:>=3"), search(EVERYTHING, f"{word} copies:only")],
        "search: very long": [search(EVERYTHING, LONG), search(EVERYTHING, f"NOT ({LONG}) lang:de")],
        "search: dear": [search(EVERYTHING, query) for query in DEAR],
    }


def words_of(records: Sequence[Record], chance: random.Random) -> list[str]:
    """Queries as readers type them, common and rare words among them."""
    maker = Maker(list(records[:400]), chance)
    common = sorted(maker.share, key=lambda token: -maker.share[token])
    return [*(word for word in common[:40] if word.isalpha())][:4] + [maker.query() for _ in range(12)]


def main() -> None:
    """Print a line for each kind of page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--most", type=float, help="milliseconds that no page may exceed")
    told = parser.parse_args()
    chance = random.Random(1)
    records = articles(min(told.records, 4000), chance)
    slow = []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "copydesk.db", daemon=True)
        store.db.execute("PRAGMA synchronous=OFF")  # it is filled once and thrown away
        begun = time.perf_counter()
        ids = fill(store, records, told.records)
        print(f"{told.records:,} records in {time.perf_counter() - begun:.0f} s")

        def index() -> bytes:
            plan = plan_index(store, SETTINGS, TOPICS)
            return index_page(plan.publisher, plan.topics, plan.sources)

        index()  # what is loaded and compiled once
        base = seconds([index] * 5)[2]
        print(f"{'index page':<26} {1000 * base:7.1f} ms")
        for name, makes in pages(store, ids, words_of(records, chance), chance).items():
            makes[0]()
            found = seconds(makes)
            middle, worst = found[len(found) // 2], found[-1]
            print(
                f"{name:<26} {1000 * middle:7.1f} ms, at most {1000 * worst:7.1f} ms  {worst / base:6.2f} of the index"
            )
            if told.most is not None and 1000 * worst > told.most:
                slow.append(name)
        store.close()
    if slow:
        sys.exit(f"longer than {told.most} ms: {', '.join(slow)}")


if __name__ == "__main__":
    main()
