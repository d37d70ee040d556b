"""/health waits for nobody."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.app.config.config import load
from feeds.app.inspect.status import (
    STORE_LIMIT,
    STORE_PATIENCE,
    TURN_LIMIT,
    Liveness,
    RecordCount,
    _as_it_is,
    audience_in_words,
    health,
    report,
    with_what_is_new,
    work,
    work_in_words,
)
from feeds.health.assess import Trouble
from feeds.rows import SourceState, TroubleRow
from feeds.store import StoreBusy, open_store
from scrapers import Seed


def test_the_count_of_records_waits_only_a_little_for_the_store() -> None:
    async def work() -> None:
        free = asyncio.Event()
        asked: list[int] = []

        async def count() -> int:
            asked.append(1)
            await free.wait()
            return len(asked)

        records = RecordCount(count)
        assert await records.now() is None
        for _ in range(5):  # a machine that stands still meanwhile proves nothing
            begun = time.monotonic()
            assert await asyncio.gather(*(records.now() for _ in range(50))) == [None] * 50
            if (took := time.monotonic() - begun) < 20 * STORE_PATIENCE:
                break
        assert took < 20 * STORE_PATIENCE, "all together wait as long as one"
        assert len(asked) == 1, "a store that has much to do is asked once"
        assert records.waits > STORE_PATIENCE
        free.set()
        await asyncio.sleep(0)
        assert await records.now() == 1
        assert records.waits == 0.0
        free.clear()
        assert await records.now() == 1, "the last one that it told"
        free.set()
        assert await records.now() == 2

    asyncio.run(work())


@pytest.mark.parametrize(
    ("kind", "state", "shown"),
    [
        ("visits", "failing", ("failing", "no answer since noon")),
        ("pages", "degraded", ("degraded", "no answer since noon")),
        ("visits", "ok", ("blocked", "it was told off")),
        ("visits", "slow", ("blocked", "it was told off")),
        ("silent", "failing", ("blocked", "it was told off")),
    ],
)
def test_a_trouble_of_visits_is_shown_as_the_last_visit_was(kind: str, state: str, shown: tuple[str, str]) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    trouble = TroubleRow(1, "source:courier", kind, "blocked", "it was told off", noon, noon, None)
    source = SourceState(
        **{one.name: None for one in fields(SourceState)}
        | {"name": "courier", "state": state, "cause": "no answer since noon"}
    )
    found = _as_it_is(trouble, {"source:courier": source})
    assert (found.state, found.cause) == shown
    assert _as_it_is(trouble, {}) == trouble


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALIVE = Liveness(
    stuck=None, since_turn=0.0, longest_hold=0.0126, store_waits=0.0, records=5, sources=2, visits_running=1,
    configuration_valid=True, paused=None, unpublished=False,
)  # fmt: skip


def test_a_daemon_lives_while_its_loop_turns_and_its_store_answers() -> None:
    assert health(ALIVE) == (
        True,
        {
            "ok": True, "process": os.getpid(), "why": None, "records": 5, "sources": 2, "visits_running": 1,
            "loop_held_ms": 13, "configuration_valid": True, "disk": None,
        },
    )  # fmt: skip
    for changes, why in (
        ({"since_turn": TURN_LIMIT}, None),
        ({"since_turn": TURN_LIMIT + 1}, "the loop hangs"),
        ({"store_waits": STORE_LIMIT}, None),
        ({"store_waits": STORE_LIMIT + 1}, "the store does not answer"),
        ({"store_waits": STORE_LIMIT + 1, "since_turn": TURN_LIMIT + 1}, "the loop hangs"),
        ({"stuck": "visits hang", "since_turn": TURN_LIMIT + 1, "store_waits": STORE_LIMIT + 1}, "visits hang"),
    ):
        fine, facts = health(replace(ALIVE, **changes))  # type: ignore[arg-type]
        assert (fine, facts["ok"], facts["why"]) == (why is None, why is None, why), changes
    written = "a feed cannot be written; tried again"
    for changes, disk in (
        ({"paused": "full"}, "full"), ({"unpublished": True}, written),
        ({"paused": "full", "unpublished": True}, "full"),
    ):  # fmt: skip
        assert health(replace(ALIVE, **changes))[1]["disk"] == disk  # type: ignore[arg-type]


def test_what_is_in_the_store_and_what_is_new_in_the_files(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        'contact = "mailto:desk@paper.example"\nbase_url = "https://news.example"\ntitle = "Desk"\n'
        '[[topics]]\nname = "harbour"\n[[topics]]\nname = "secret"\nprivate = true\n'
    )
    config = load(tmp_path / "config.toml")
    store = open_store(config.store_at, daemon=True)
    try:
        store.sources.sync([Seed("wire", "https://wire.example/", title="The Wire")], NOON)
        store.topics.sync(config.all_topics(), NOON)
        disk = Trouble("disk", "degraded", "nearly full", NOON - timedelta(hours=1))
        found = report(store, config, ["a mistake"], NOON, disk=[disk])
        bare = report(store, config, [], NOON, topics_too=False)
    finally:
        store.close()
    assert found["topics"] == [
        {"name": "harbour", "stories": 0, "fresh": 0, "newest": None, "feed": "https://news.example/t/harbour.atom"},
        {"name": None, "stories": 0, "fresh": 0, "newest": None, "feed": None},
    ]
    assert found["troubles"] == [
        {"about": "disk", "kind": "disk", "state": "degraded", "cause": "nearly full", "since": disk.since,
         "noticed": disk.since},
    ]  # fmt: skip
    assert (found["title"], found["seed_mistakes"], found["daemon"]) == ("Desk", ["a mistake"], None)
    assert found["audience"] == "public" and found["health_feed"] == "https://news.example/t/_health.atom"
    (source,) = found["sources"]
    assert (source["name"], source["title"], source["state"], source["feed"], source["gone"], source["selectors"]) == (
        "wire", "The Wire", "new", "https://news.example/s/wire.atom", [], [],
    )  # fmt: skip
    assert (bare["topics"], bare["troubles"]) == ([], [])

    seeds = [Seed("wire", "https://wire.example/"), Seed("courier", "https://courier.example/", title="Courier"),
             Seed("post", "https://post.example/")]  # fmt: skip
    bare = with_what_is_new(bare, config, seeds, NOON)
    assert [(row["name"], row["title"], row["state"]) for row in bare["sources"]] == [
        ("courier", "Courier", "new"), ("post", "post", "new"), ("wire", "The Wire", "new"),
    ]  # fmt: skip
    new = bare["sources"][0]
    assert new.keys() >= source.keys() - {"pace"} and new["feed"] == "https://news.example/s/courier.atom"
    assert (new["since"], new["failures"], new["due"], new["cause"], new["gone"]) == (NOON, 0, None, None, [])
    assert bare["topics"] == [
        {"name": "harbour", "stories": 0, "fresh": 0, "newest": None, "feed": "https://news.example/t/harbour.atom"}
    ]
    assert len(with_what_is_new(found, config, [], NOON)["topics"]) == 2


def test_for_whom_the_feeds_are() -> None:
    for audience, others, words in (
        ("private", {}, "audience: private, so what pages hold back is shown"),
        ("public", {}, "audience: public, so what pages hold back is left out"),
        ("public", {"a": "private", "b": "public"},
         "audience: public, so what pages hold back is left out; of topics: a private (shown), b public (left out)"),
    ):  # fmt: skip
        assert audience_in_words({"audience": audience, "audiences": others}) == words


def test_scrapers_on_other_machines_and_their_queue() -> None:
    one = {"name": "one", "since": NOON, "gone": False, "silent_for": 3.0, "running": 2, "parallel": 4, "visits": 9,
           "pages_a_minute": 5, "browser": True}  # fmt: skip
    two = {"name": "two", "since": NOON, "gone": True, "silent_for": 61.4}
    found: dict[str, Any] = {
        "scrapers": [one, two], "under_way": 3, "queued": 7, "oldest_queued_seconds": 12.4, "to_be_kept": 2,
        "hosts_asked_now": 5, "hosts_left_alone": 6,
    }  # fmt: skip
    queue = "3 visits under way, 7 queued (the oldest for 12 s), 2 to be kept; 5 hosts asked now, 6 left alone"
    assert work_in_words(found) == [
        f"1 scraper, {queue}",
        "one: since 2026-03-01 12:00, 2 of 4 visits, 9 made, 5 pages a minute, with a browser",
        "two: since 2026-03-01 12:00, 0 of 0 visits, 0 made, 0 pages a minute, silent for 61 s",
    ]
    assert work_in_words(found | {"scrapers": []}) == [f"0 scrapers, {queue}"]
    assert work_in_words({"why": "The store is busy.", "scrapers": []}) == ["The store is busy."]

    async def busy() -> None:
        raise StoreBusy("it is busy")

    async def told() -> dict[str, Any]:
        return found

    assert asyncio.run(work(busy)) == {"why": "it is busy", "scrapers": []}
    assert asyncio.run(work(told)) == found
