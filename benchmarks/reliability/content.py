"""Feeds made of the whole shared corpus: what stands in them that no reader should be given (aim: 0 findings).

    python -m benchmarks.content [--every 10] [--jobs 2] [--show 20]

Every page is read, normalised, composed into a document with 20 others and rendered as Atom, RSS, JSON Feed and page;
each document is held against `tests/support/feed_rules.py`: valid, nothing relative, no beacon, nothing
that runs, no form. The corpus is not part of the project: it lies in ../shared, or where COPYDESK_SHARED says.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from benchmarks.accuracy.corpus import SHARED
from feeds.compose.compose import compose
from feeds.model import Entry, Origin, Publisher, Topic
from feeds.render import atom, jsonfeed, rss
from feeds.render.pages import feed_page
from scrapers import CopydeskError, Page, Record, Seed, read_draft, to_record

SITE = Publisher("The copy desk", "https://desk.example")
TOPIC = Topic("corpus", "The corpus")
SEEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BATCH = 20  # entries of a document
NOWHERE = "https://nowhere.example/news/a-story-without-address"


def rules() -> Callable[[bytes, str], list[str]]:
    """The rules of the tests: (document, form) → what it breaks."""
    found: Callable[[bytes, str], list[str]] = importlib.import_module("tests.support.feed_rules").broken
    return found


def record(case: dict[str, Any], number: int) -> Record | None:
    """The record of one page; None where the page is no article."""
    url = case["url"] or NOWHERE
    body = gzip.decompress((SHARED / "corpus" / case["page"]).read_bytes())
    seed = Seed(name="corpus", home=url)
    seen = SEEN - timedelta(minutes=number)
    try:
        draft = read_draft(Page(url, body, fetched=seen), seed, seen)
        return to_record(draft, url=url, seed=seed, first_seen=seen)
    except CopydeskError:
        return None


def document(batch: Sequence[tuple[int, dict[str, Any]]]) -> tuple[int, list[tuple[str, str]]]:
    """How many entries one document had, and what was found: (form, rule)."""
    broken = rules()
    entries = []
    for number, case in batch:
        found = record(case, number)
        if found is not None:
            origin = Origin("urn:uuid:0", "The corpus", found.url, f"{SITE.base_url}/s/corpus", found.published)
            identity = f"urn:uuid:00000000-0000-5000-8000-{number:012}"
            updated = SEEN - timedelta(minutes=number)
            entries.append(Entry(identity, found, found.published, updated, origin))
    every = frozenset(entry.id for entry in entries)  # also beyond the usual limit of size
    feed = compose(TOPIC, entries, site=SITE, feed_id="urn:uuid:1", waiting=every)
    made = {"atom": atom(feed), "rss": rss(feed), "json": jsonfeed(feed), "html": feed_page(feed)}
    return len(feed.entries), [(form, rule) for form, data in made.items() for rule in broken(data, form)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print; ends with 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every Nth page")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=20, help="the most frequent findings")
    options = parser.parse_args(arguments)
    lines = (SHARED / "corpus" / "cases.jsonl").read_text("utf-8").splitlines()
    once = {case["page"]: case for case in map(json.loads, lines)}
    cases = iter(list(enumerate(once.values()))[:: options.every])
    batches = []
    while batch := list(islice(cases, BATCH)):
        batches.append(batch)
    start = time.monotonic()
    entries = documents = 0
    found: Counter[tuple[str, str]] = Counter()
    with multiprocessing.Pool(options.jobs) as pool:
        for count, broken in pool.imap_unordered(document, batches):
            entries += count
            documents += 4
            found.update(broken)
    pages = sum(map(len, batches))
    print(f"{pages} pages → {entries} entries in {documents} documents, {time.monotonic() - start:.0f} s")
    print(f"{found.total()} findings")
    for (form, rule), count in found.most_common(options.show):
        print(f"  {count} × {form}: {rule[:300]}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
