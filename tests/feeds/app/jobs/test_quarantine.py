"""A record that no document takes is kept out of the feeds, told once by its name, and its end is told too (U4)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds import pipe
from feeds.app.application import open_application
from feeds.app.config.config import load
from feeds.app.daemon.maintenance import Maintenance
from feeds.model import Entry, Feed
from feeds.publish import write as publish
from feeds.render.formats.entry_bytes import Render
from feeds.store import Store
from feeds.topics import Engine
from scrapers import Front, Past, Record, Run, Seed
from tests.support.stories import record_at

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")


def record(n: int, text: str) -> Record:
    published = NOW + timedelta(minutes=n)
    return record_at(f"courier.example/story-{n}", f"Story {n}", text, NOW, published=published, fingerprint=text)


def keep(store: Store, *records: Record, now: datetime = NOW) -> None:
    run = Run("courier", now, now, records=records, fronts=(Front(SEED.home),), links=20)
    pipe.keep(store, run, SEED, Past(last_success=NOW), Engine(()), now=now)


def test_it_is_told_once_and_again_when_it_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Mapping[str, Render] = dict(publish.RENDERERS)

    def atom(feed: Feed, entries: Sequence[Entry] | None = None) -> bytes:
        if any("unprintable" in entry.record.text for entry in (feed.entries if entries is None else entries)):
            raise ValueError("All strings must be XML compatible")
        return real["atom"](feed, entries)

    monkeypatch.setattr(publish, "RENDERERS", {**real, "atom": atom})
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/courier.toml").write_text(f'home = "{SEED.home}"\n')
    heard = tmp_path / "heard"
    config = tmp_path / "config.toml"
    config.write_text(
        'contact = "mailto:desk@example.org"\n[alarms]\n'
        f"command = ['/bin/sh', '-c', 'cat >> {heard}; echo >> {heard}']\n"
    )

    async def work() -> None:
        async with open_application(load(config), daemon=True, workers=1, clock=lambda: NOW) as app:

            async def published(_: list[str]) -> None:
                """Nobody listens."""

            maintenance = Maintenance(app, published)
            bad = record(2, "An unprintable story of the harbour.")
            await app.thread.call(keep, app.thread.store, record(1, "A fine story of the quay."), bad)
            await app.publisher.publish()
            for _ in range(3):
                await maintenance.round()
            assert "Story 1" in (app.installation.config.public / "s/courier.rss").read_text()
            assert "Story 2" not in (app.installation.config.public / "s/courier.rss").read_text()
            assert "Story 2" in (app.installation.config.public / "t/_health.atom").read_text()
            better = replace(bad, text="A mended story about the old harbour and its cranes.", fingerprint="mended")
            await app.thread.call(keep, app.thread.store, better, now=NOW + timedelta(hours=1))
            await app.publisher.publish()
            for _ in range(2):
                await maintenance.round()
            assert "Story 2" in (app.installation.config.public / "s/courier.rss").read_text()

    asyncio.run(work())
    told = [one for line in heard.read_text().splitlines() for one in json.loads(line)["happenings"]]
    assert [(one["about"], one["what"], one["state"]) for one in told] == [
        ("publisher", "begin", "degraded"),
        ("publisher", "end", "ok"),
    ]
    assert told[0]["kind"].startswith("record:")
    assert told[0]["cause"] == (
        "'Story 2' of courier (https://courier.example/story-2) is kept out of the feeds:"
        " All strings must be XML compatible"
    )
