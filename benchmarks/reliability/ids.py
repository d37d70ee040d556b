"""Ids are for life: what happens to those of 10,000 records when everything around them changes (aim: 0 changed).

    python -m benchmarks.ids [--records 10000]

The records are scraped again, by other addresses and with other headlines; the topic is renamed, base_url changed, the
store backed up, lost and restored by the command. After each step the ids of all records, stories and feeds, and those
of the entries in every document and archive, are compared with those of the beginning.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.speed.render import WORDS
from feeds import pipe
from feeds.app.cli.main import main as copydesk
from feeds.model import Publisher, Topic
from feeds.publish.feed_reader import PublishSettings
from feeds.publish.plan import WriteResult, mark_all_dirty, mark_written, next_plan
from feeds.store import Store, open_store
from feeds.topics import Engine
from scrapers import Draft, Front, Past, Record, Run, Seed, Seen, to_record

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
BATCH = 50
SEED = Seed(name="courier", home="https://courier.example/")
TOPIC = Topic("harbour", "The harbour")
RENAMED = Topic("port", "The port and what is in it", was="harbour")


@dataclass(frozen=True, slots=True)
class Ids:
    """Everything that readers know by an id."""

    records: Mapping[str, str]  # key of the page → id
    stories: Mapping[str, str]  # key of a page → id of its story
    feeds: Mapping[str, str]  # "source" and "topic"
    entries: Mapping[str, str]  # kind of feed and key of the page → id of the entry, over all documents

    def changed_since(self, before: Ids) -> int:
        """How many ids are other ones, or gone, or doubled."""
        pairs = (
            (self.records, before.records),
            (self.stories, before.stories),
            (self.feeds, before.feeds),
            (self.entries, before.entries),
        )
        return sum(now.get(name) != then.get(name) for now, then in pairs for name in now.keys() | then.keys())


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: ids compared, and how many changed at each step."""

    records: int
    compared: int
    changed: Mapping[str, int]
    seconds: float


def article(number: int, *, again: bool = False) -> Record:
    """The record of one page, the same in every run; `again` as it looks when it is scraped once more."""
    chance = random.Random(number)
    lines = [" ".join(chance.choices(WORDS, k=40)).capitalize() + f" {number}." for _ in range(2)]
    title = " ".join(chance.choices(WORDS, k=8)).capitalize() + f" {number}"
    url = f"https://courier.example/news/{number}"
    seen = START + timedelta(minutes=number)
    published = seen
    if again:
        seen += timedelta(days=30)
        if number % 3 == 0:
            title = f"Corrected: {title}"
        if number % 5 == 0:
            lines[1] = f"{lines[1]} The mayor has since denied all of it, in {number % 97} words."
        url = (f"{url}?utm_source=front", f"http://www.courier.example/news/{number}", f"{url}/#top")[number % 3]
    draft = Draft(title=title, text="\n".join(lines), published=published.isoformat(), tags=("harbour",))
    return to_record(draft, url=url, seed=SEED, first_seen=seen)


def run(folder: Path, records: int) -> Report:
    """Play all of it in an empty folder."""
    start = time.monotonic()
    config = folder / "config.toml"
    config.write_text(
        'title = "Ids"\ncontact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:copydesk.db"\n'
        '[publish]\nfolder = "public"\n[[topics]]\nname = "port"\n',
        "utf-8",
    )
    (folder / "seeds").mkdir()
    path = folder / "copydesk.db"
    store = open_store(path, daemon=True)
    changed: dict[str, int] = {}
    try:
        store.sources.sync([SEED], START)
        store.topics.sync([TOPIC], START)
        _keep(store, TOPIC, range(records), again=False)
        first = _ids(store, TOPIC, "https://desk.example")
        if len(first.records) != records or len(set(first.records.values())) != records:
            raise RuntimeError(f"{len(first.records)} of {records} records were kept")

        _keep(store, TOPIC, range(records), again=True)
        changed["scraped again"] = _ids(store, TOPIC, "https://desk.example").changed_since(first)

        later = START + timedelta(days=60)
        stale = store.topics.sync([RENAMED], later)
        pipe.retopic(store, [topic for topic in (RENAMED,) if topic.name in stale], later)
        changed["topic renamed"] = _ids(store, RENAMED, "https://desk.example").changed_since(first)

        mark_all_dirty(store)
        changed["base_url changed"] = _ids(store, RENAMED, "https://news.example/desk").changed_since(first)

        copy = folder / "copy.db"
        store.file.backup(copy)
    finally:
        store.close()
    for part in folder.glob("copydesk.db*"):
        part.unlink()
    if copydesk(["--config", str(config), "restore", str(copy)]) != 0:
        raise RuntimeError("the copy was not restored")
    store = open_store(path, daemon=True)
    try:
        mark_all_dirty(store)
        changed["backed up and restored"] = _ids(store, RENAMED, "https://news.example/desk").changed_since(first)
    finally:
        store.close()
    compared = len(first.records) + len(first.stories) + len(first.feeds) + len(first.entries)
    return Report(records, compared, changed, time.monotonic() - start)


def _keep(store: Store, topic: Topic, numbers: Sequence[int], *, again: bool) -> None:
    engine = Engine([topic])
    for place in range(0, len(numbers), BATCH):
        found = [article(number, again=again) for number in numbers[place : place + BATCH]]
        at = found[-1].first_seen
        seen = tuple(Seen(one.url, "kept", way="rss") for one in found)
        visit = Run(SEED.name, at, at, records=tuple(found), seen=seen, fronts=(Front(SEED.home),), links=len(found))
        pipe.keep(store, visit, SEED, Past(), engine, now=at)


def _ids(store: Store, topic: Topic, base_url: str) -> Ids:
    records = store.db.execute("SELECT key, id FROM record").fetchall()
    stories = store.db.execute("SELECT record.key, story.id FROM record JOIN story ON story.n=record.story").fetchall()
    (source,) = store.db.execute("SELECT feed_id FROM source").fetchone()
    (feed,) = store.db.execute("SELECT feed_id FROM topic WHERE name=?", (topic.name,)).fetchone()
    return Ids(
        records=dict(map(tuple, records)),
        stories=dict(map(tuple, stories)),
        feeds={"source": source, "topic": feed},
        entries=dict(_entries(store, topic, base_url)),
    )


def _entries(store: Store, topic: Topic, base_url: str) -> Iterator[tuple[str, str]]:
    """What the documents say that are to be written anew, and the archives they are parted into."""
    mark_all_dirty(store)
    house = PublishSettings(Publisher("The copy desk", base_url))
    while (plan := next_plan(store, house, [topic])) is not None:
        mark_written(store, plan, WriteResult())
        for document in (*plan.archives, *([plan.feed] if plan.feed else [])):
            yield f"{plan.kind} feed", document.id
            for entry in document.entries:
                yield f"{plan.kind} {entry.record.key}", entry.id


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print; ends with 1 when an id changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), options.records)
    print(f"{report.records} records, {report.compared} ids compared, {report.seconds:.1f} s")
    for step, count in report.changed.items():
        print(f"  {step}: {count} changed")
    sys.exit(1 if any(report.changed.values()) else 0)


if __name__ == "__main__":
    main()
