"""From composed entries to bytes: 200 topics × 3 formats of 50 full-text entries, composed, rendered, checked.

    python -m benchmarks.render [--topics 200] [--write]

Prints seconds of CPU, peak memory and bytes; `--write` also writes the folder, compressed variants included.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds.compose import compose
from feeds.folder import Folder
from feeds.model import Category, Copy, Entry, Origin, Publisher, Topic
from feeds.publish import publish_feed, sound
from scrapers import Image, Record

NEWEST = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SITE = Publisher("The copy desk", "https://desk.example")
ENTRIES = 50
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    spent = size = 0.0
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        for number in range(options.topics):
            entries = [entry(number, n) for n in range(ENTRIES)]
            topic = Topic(f"topic-{number}", f"Topic {number}", language="en")
            start = time.process_time()
            feed = compose(topic, entries, site=SITE, feed_id=f"urn:uuid:{number}")
            if options.write:
                publish_feed(folder, f"t/{topic.name}", feed)
            else:
                size += sum(map(len, sound(feed)[0].values()))
            spent += time.process_time() - start
        if options.write:
            size = sum(len(folder.read(name) or b"") for name in folder.names())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = "composed, rendered, checked" + (", compressed and written" if options.write else "")
    print(f"{options.topics} topics × 3 formats × {ENTRIES} entries {what}")
    each = spent / options.topics * 1000
    print(f"{spent:.1f} s of CPU ({each:.1f} ms a topic), {size / 1e6:.0f} MB, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
