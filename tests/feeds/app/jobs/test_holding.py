"""An article that a person keeps out of the feeds is in no document, whatever a visit brings, until it is let back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds import pipe
from feeds.app.application import open_application
from feeds.app.config.config import load
from feeds.app.jobs.forgetting import hold
from feeds.errors import WrongName
from feeds.store import HELD, Store, open_store
from feeds.topics import Engine
from scrapers import Front, Past, Record, Run, Seed
from tests.support.stories import record_at

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")
WORDS = [
    f"{a}{b}{c}" for a in ("bar", "cor", "dan", "fel") for b in ("i", "o", "u") for c in ("ber", "ling", "mont", "sey")
]
CONFIG = 'contact = "mailto:desk@example.org"\n[[topics]]\nname = "sea"\nquery = "harbour"\n'


def record(n: int, source: str = "courier") -> Record:
    words = random.Random(n).choices(WORDS, k=60)
    text = f"The harbour of quay {n} has {' '.join(words)}."
    title, published = f"{words[0]} and {words[1]} at quay {n}", NOW + timedelta(minutes=n)
    return record_at(f"{source}.example/story-{n}", title, text, NOW, published=published, fingerprint=text)


def keep(store: Store, *records: Record, engine: Engine, now: datetime = NOW) -> None:
    run = Run("courier", now, now, records=records, fronts=(Front(SEED.home),), links=200)
    pipe.keep(store, run, SEED, Past(last_success=NOW), engine, now=now)


def test_it_leaves_feeds_and_archives_and_comes_back(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/courier.toml").write_text(f'home = "{SEED.home}"\n')
    (tmp_path / "config.toml").write_text(CONFIG)

    async def work() -> None:
        async with open_application(load(tmp_path / "config.toml"), daemon=True, workers=1, clock=lambda: NOW) as app:
            store, config = app.thread.store, app.installation.config
            all_of_them = [record(n) for n in range(160)]
            await app.thread.call(lambda: keep(store, *all_of_them, engine=app.installation.engine))
            await app.publisher.publish()

            def holding(one: Record) -> set[str]:
                found = {path for path in config.public.rglob("*.atom") if f">{one.title}<" in path.read_text("utf-8")}
                return {path.relative_to(config.public).as_posix() for path in found}

            old, new = record(5), record(159)
            before = holding(old)
            assert {"t/sea.atom", "s/courier/archive-000001.atom"} <= before
            assert {"t/sea.atom", "s/courier.atom"} <= holding(new)
            for one in (old, new):
                await app.thread.call(lambda one=one: hold(store, config, one.id, held=True))
                with pytest.raises(WrongName, match="kept out already"):
                    await app.thread.call(lambda one=one: hold(store, config, one.id, held=True))
            await app.publisher.publish()
            assert holding(old) == holding(new) == set()
            assert holding(record(6)) >= before
            changed = replace(new, text="The harbour burned down in the night.", fingerprint="other")
            later = NOW + timedelta(hours=1)
            await app.thread.call(lambda: keep(store, changed, engine=app.installation.engine, now=later))
            await app.publisher.publish()
            assert holding(new) == set(), "a visit does not bring it back"
            for one in (old, new):
                await app.thread.call(lambda one=one: hold(store, config, one.id, held=False))
            await app.publisher.publish()
            assert holding(old) >= before
            assert {"t/sea.atom", "s/courier.atom"} <= holding(new)
            with pytest.raises(WrongName, match="in the feeds already"):
                await app.thread.call(lambda: hold(store, config, old.id, held=False))

    asyncio.run(work())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "copydesk.db", daemon=True)
    yield opened
    opened.close()


def test_another_member_stands_for_its_story_meanwhile(store: Store) -> None:
    seeds = [SEED, Seed(name="herald", home="https://herald.example/")]
    store.sources.sync(seeds, NOW)
    first = record(1)
    copy = replace(record(1, "herald"), published=NOW + timedelta(hours=1), first_seen=NOW + timedelta(hours=1))
    with store.transaction():
        story = store.stories.add(first, NOW)
        one = store.records.add(first, story, "", NOW)
        two = store.records.add(copy, story, "the same text word for word", NOW)
        store.stories.set_representative(story, one, "the earliest")

    def stands() -> int:
        row = store.stories.get(story)
        assert row is not None
        return row.representative

    with store.transaction():
        assert store.records.hold(one, held=True)
    assert stands() == two
    assert [held.n for held in store.arrivals.latest(5, quarantined=True)] == [one]
    assert store.records.quarantined(5) == [], "what a person did is no trouble"
    with store.transaction():
        assert store.records.hold(two, held=True)
    assert stands() == two
    with store.transaction():
        assert store.records.hold(one, held=False)
        assert not store.records.hold(one, held=False)
        assert not store.records.hold(9999, held=True)
    assert stands() == one
    stored = store.records.get(two)
    assert stored is not None and stored.quarantined == HELD
