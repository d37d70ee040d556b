"""From composed entries to bytes: 200 topics × 3 formats of 50 full-text entries, composed, rendered, checked.

    python -m benchmarks.render [--topics 200] [--write]
    python -m benchmarks.render --from-store [--topics 200]

Prints seconds of CPU, peak memory and bytes; `--write` also writes the folder, compressed variants included.
`--from-store` begins at a store of 2,000 records instead: read, composed, rendered and checked, then published as the
daemon does it, twice. What packing costs is told apart: it is done when a reader first asks for a document, once for
each version, here for the Atom documents. Ends with 1 when the second time writes a file.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence, Set
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds import pipe
from feeds.compose.compose import compose
from feeds.model import Category, Copy, Entry, Origin, Publisher, Topic
from feeds.publish import plan, write
from feeds.publish.atomic_files import Folder, variant
from feeds.publish.entry_shelf import EntryShelf
from feeds.publish.feed_reader import PublishSettings
from feeds.publish.write import sound, write_documents
from feeds.render.formats.entry_bytes import EntryBytes
from feeds.store import Store, open_store
from feeds.topics import Engine
from scrapers import Draft, Front, Image, Record, Run, Seed, to_record

NEWEST = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SITE = Publisher("The copy desk", "https://desk.example")
ENTRIES = 50
SOURCES, STORIES = 20, 100  # of the store
PARAGRAPHS = 12  # about 6 kB of markup, as measured on news sites
# fmt: off
WORDS = (
    "harbour", "tide", "ferry", "council", "market", "storm", "lighthouse", "audit", "quay", "budget", "school",
    "winter", "bridge", "vote", "island", "letter", "captain", "nurse", "orchestra", "garden", "library", "railway",
    "bakery", "museum", "forecast", "harvest", "festival", "parliament",
)
# fmt: on


def entry(topic: int, n: int) -> Entry:
    """An entry of ordinary size, the same in every run."""
    chance = random.Random(topic * 1000 + n)
    lines = [" ".join(chance.choices(WORDS, k=60)).capitalize() + "." for _ in range(PARAGRAPHS)]
    when = NEWEST - timedelta(minutes=20 * n, seconds=topic)
    url = f"https://courier.example/{topic}/{n}"
    record = Record(
        id=f"urn:uuid:{topic:08}-0000-5000-8000-{n:012}",
        key=url.removeprefix("https://"),
        url=url,
        source="courier",
        title=" ".join(chance.choices(WORDS, k=9)).capitalize(),
        text="\n".join(lines),
        html="".join(f'<p>{line} <a href="{url}#{k}">More &amp; more</a></p>\n' for k, line in enumerate(lines)),
        published=when,
        first_seen=when,
        authors=("Ada Marsh",),
        tags=tuple(chance.sample(WORDS, 3)),
        language="en",
        publisher="The Harbour Courier",
        image=Image(f"{url}/picture-of-the-day.jpg", caption="A caption", width=1200, height=800),
    )
    origin = Origin("urn:uuid:0", "The Harbour Courier", "https://courier.example/", f"{SITE.base_url}/s/courier", when)
    copies = (Copy(f"{url}/wire", record.title, "wire", "The Wire", when),)
    categories = tuple(Category(tag, "https://courier.example/") for tag in record.tags)
    return Entry(record.id, record, when, when, origin, copies, categories)


# --- from a store


def filled(path: Path, topics: Sequence[Topic]) -> Store:
    """A store with 2,000 records of 20 sources, each in some five of the topics."""
    chance = random.Random(1)
    words = [f"{first}{second}" for first in WORDS for second in WORDS]
    seeds = [Seed(name=f"source-{n}", home=f"https://source-{n}.example/") for n in range(SOURCES)]
    store = open_store(path, daemon=True)
    store.sources.sync(seeds, NEWEST)
    store.topics.sync(topics, NEWEST)
    engine = Engine(topics)
    number = 0
    for seed in seeds:
        records: list[Record] = []
        for _ in range(STORIES):
            number += 1
            marks = " ".join(f"marker{chance.randrange(len(topics))}" for _ in range(5))
            lines = [marks, *(" ".join(chance.choices(words, k=100)) for _ in range(8))]
            draft = Draft(
                title=f"Story {number}",
                text="\n".join(lines),
                html="".join(f"<p>{line}</p>" for line in lines),
                published=(NEWEST - timedelta(minutes=number)).isoformat(),
            )
            records.append(to_record(draft, url=f"{seed.home}{number}", seed=seed, first_seen=NEWEST))
        for start in range(0, STORIES, 50):
            some = tuple(records[start : start + 50])
            run = Run(seed.name, NEWEST, NEWEST, records=some, fronts=(Front(seed.home),), links=len(some))
            pipe.keep(store, run, seed, store.visits.past(seed.name, NEWEST), engine, now=NEWEST)
    return store


def from_store(count: int) -> int:
    """Store → bytes, then store → files and once more; 1 when the second time writes anything."""
    topics = [Topic(f"topic-{n}", f"Topic {n}", query=f"marker{n}") for n in range(count)]
    house = PublishSettings(SITE)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = filled(folder / "copydesk.db", topics)
        try:
            print(f"a store of {SOURCES * STORIES} records, {count} topics; {_peak():.0f} MB to fill it")
            start, spent = time.monotonic(), time.process_time()
            size = 0
            for topic in topics:
                for form in ("atom", "rss", "json"):
                    size += len(plan.feed_document(store, house, topics, topic.name, form) or b"")
            spent, seconds = time.process_time() - spent, time.monotonic() - start
            each = spent / count * 1000
            print(f"store to bytes, {count} topics × 3 formats: {spent:.1f} s of CPU ({each:.1f} ms a topic),", end=" ")
            print(f"{seconds:.1f} s in all, {size / 1e6:.0f} MB, peak {_peak():.0f} MB")
            rendered = EntryBytes()  # as the publisher has it
            for what in ("published", "one story more in ten topics", "published again"):
                names = {topic.name for topic in topics}
                if what.startswith("one story"):
                    names = _one_more(store, topics)
                written, took = _publish(store, house, topics, folder, names, rendered)
                each, more = took["topic"] / len(names) * 1000, took["source"]
                print(f"{what}: {took['topic']:.2f} s of CPU ({each:.1f} ms a topic)", end="")
                print(f", and {more:.2f} s for feeds of sources, {len(written)} files written", end="")
                start = time.process_time()
                packed = [variant((folder / "public" / name).read_bytes(), ".gz") for name in written if _is_feed(name)]
                each = (time.process_time() - start) / len(names) * 1000
                print(f", {each:.1f} ms more a topic to pack {len(packed)} of them (gzip), peak {_peak():.0f} MB")
        finally:
            store.close()
    return 1 if written else 0


def _one_more(store: Store, topics: Sequence[Topic]) -> set[str]:
    """File a story that ten topics want; their names."""
    ten, seed = topics[:10], Seed("source-0", "https://source-0.example/")
    line = "The newest of all stories tells of " + ", ".join(topic.query or "" for topic in ten) + "."
    draft = Draft(title="The newest", text=line, html=f"<p>{line}</p>", published=NEWEST.isoformat())
    record = to_record(draft, url=f"{seed.home}newest", seed=seed, first_seen=NEWEST)
    run = Run(seed.name, NEWEST, NEWEST, records=(record,), fronts=(Front(seed.home),), links=1)
    kept = pipe.keep(store, run, seed, store.visits.past(seed.name, NEWEST), Engine(topics), now=NEWEST)
    return set(kept.topics)


def _publish(
    store: Store,
    house: PublishSettings,
    topics: Sequence[Topic],
    folder: Path,
    names: Set[str],
    rendered: EntryBytes,
) -> tuple[list[str], Counter[str]]:
    """These topics as if they had changed, the way the daemon does it.

    The files that were written, and the processor time by kind of feed: sources that changed are published too.
    """
    with store.transaction():
        store.publishing.mark_dirty(names, set())
    written: list[str] = []
    shelf, took, start = EntryShelf(), Counter[str](), time.process_time()
    while (one := plan.next_plan(store, house, topics, shelf=shelf)) is not None:
        printed = write.write_feed(one, folder / "public", folder / "private", rendered)
        plan.mark_written(store, one, printed, shelf)
        written += printed.written
        took[one.kind] += time.process_time() - start  # type: ignore[assignment]  # seconds
        start = time.process_time()
    return written, took


def _is_feed(name: str) -> bool:
    """Whether a written file is the Atom document of a topic, which most readers ask for."""
    return name.startswith("t/") and name.endswith(".atom") and name.count("/") == 1


def _peak() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--from-store", action="store_true")
    options = parser.parse_args(arguments)
    if options.from_store:
        return from_store(options.topics)
    spent = size = 0.0
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        for number in range(options.topics):
            entries = [entry(number, n) for n in range(ENTRIES)]
            topic = Topic(f"topic-{number}", f"Topic {number}", language="en")
            start = time.process_time()
            feed = compose(topic, entries, site=SITE, feed_id=f"urn:uuid:{number}")
            if options.write:
                write_documents(folder, f"t/{topic.name}", feed)
            else:
                size += sum(map(len, sound(feed)[0].values()))
            spent += time.process_time() - start
        if options.write:
            size = sum(len(folder.read(name) or b"") for name in folder.names())
    what = "composed, rendered, checked" + (", compressed and written" if options.write else "")
    print(f"{options.topics} topics × 3 formats × {ENTRIES} entries {what}")
    each = spent / options.topics * 1000
    print(f"{spent:.1f} s of CPU ({each:.1f} ms a topic), {size / 1e6:.0f} MB, peak {_peak():.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
