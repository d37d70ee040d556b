"""Worker processes: a page that breaks or outruns its parser takes nobody with it."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.app.application import open_application
from feeds.app.config.config import load
from feeds.app.workers.pool import SPARE_SECONDS, Workers, _Worker
from scrapers import (
    Article,
    Credentials,
    Draft,
    Image,
    Page,
    PageChanged,
    Past,
    ReadFailed,
    Seed,
    read_draft,
    read_record,
    read_robots,
)
from tests.feeds.app.workers.conftest import Run
from tests.support.slow_readers import GOOD, NOW, PROSE, SEED, SPINS, slow_readers

pytestmark = pytest.mark.xdist_group("workers")  # they share a fork server
HANGING = Page("https://courier.example/bomb", SPINS + b"<p>x")


def test_pages_are_read_in_a_process_of_their_own() -> None:
    async def work() -> None:
        async with Workers(1) as read:
            draft = await read.draft(GOOD, SEED, NOW)
            assert draft.title == "Old quay closed"
            assert "harbour master" in (draft.text or "")
            links = await read.links(GOOD, SEED, Past(), NOW)
            assert links.items == ()

    asyncio.run(work())


def test_a_page_is_not_named_while_no_page_has_done_harm(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Its hash costs as much as handing it over, and serves the blame alone."""
    monkeypatch.setattr("feeds.app.workers.pool.hashlib.blake2b", None)

    async def work() -> None:
        async with Workers(1) as read:
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"
            with pytest.raises(TypeError):  # once one has, every page is looked up by its name
                async with Workers(1, bad={"0" * 32: NOW.timestamp() + 60}) as wary:
                    await wary.draft(GOOD, SEED, NOW)

    run(work())


def test_a_lone_surrogate_in_the_data_of_a_page_does_not_cost_the_article(run: Run) -> None:
    facts = b'{"@type":"NewsArticle","headline":"Old quay closed","author":{"@type":"Person","name":"Ann\\ud800 Lee"}}'
    page = replace(GOOD, body=GOOD.body + b'<script type="application/ld+json">' + facts + b"</script>")

    async def work() -> None:
        async with Workers(1) as read:
            draft = await read.draft(page, SEED, NOW)
            assert draft.title == "Old quay closed"
            assert draft.authors == ("Ann Lee",)

    run(work())


def test_a_page_that_outruns_its_parser_is_a_failure_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_readers(monkeypatch)

    async def work() -> None:
        told: list[str] = []
        async with Workers(1, on_bad=lambda digest, until: told.append(digest)) as read:
            with pytest.raises(ReadFailed, match="5 s of CPU"):
                await read.draft(HANGING, SEED, NOW)
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"
            assert told == [], "once may be chance"
            with pytest.raises(ReadFailed, match="5 s of CPU"):
                await read.draft(HANGING, SEED, NOW)
            assert len(told) == 1
            with pytest.raises(ReadFailed, match="left alone for a day"):
                await read.draft(HANGING, SEED, NOW)
            for _ in range(3):  # a front has the back-off of its visits, and nothing longer
                with pytest.raises(ReadFailed, match="5 s of CPU"):
                    await read.links(HANGING, SEED, Past(), NOW)
            assert len(told) == 1

    asyncio.run(work())


def test_a_worker_that_was_ended_while_it_waited_is_replaced(run: Run) -> None:
    async def work() -> None:
        async with Workers(1) as read:
            await read.draft(GOOD, SEED, NOW)
            (worker,) = read._all
            worker.process.kill()
            await worker.process.wait()
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"

    run(work())


def test_a_record_made_in_a_worker_is_the_same_as_one_made_here(run: Run) -> None:
    draft = read_draft(GOOD, SEED, NOW)
    more = replace(
        draft,
        published="2026-02-28T10:30:00+05:30",
        updated="2026-03-01T08:00:00Z",
        authors=("Ann\ud800 Lee", "Zoë Ångström"),
        tags=("سفن", "船"),
        image=Image("/quay.jpg", caption="The quay", width=800),
        html=f"<p>{PROSE}</p><p>🚢 <b>bold</b> <a href='/x?utm_source=y'>link</a></p>",
        witnesses={"title": "jsonld"},
    )
    articles = [
        Article(draft, GOOD.url, NOW),
        Article(more, GOOD.url, NOW + timedelta(microseconds=5), asked="https://courier.example/q", site_title="T"),
        Article(replace(draft, published=None), GOOD.url, NOW, position=7),
    ]

    async def work() -> None:
        async with Workers(1) as read:
            for article in articles:
                there, here = await read.record(article, SEED), read_record(article, SEED)
                assert there == here
                assert repr(there) == repr(here), "and no date of another kind"
            with pytest.raises(PageChanged, match="no title"):
                await read.record(Article(Draft(text=PROSE), GOOD.url, NOW), SEED)

    run(work())


WALL = Page(
    "https://courier.example/quay",
    b"<title>Before you continue</title><form><h1>Log in</h1><input name=login><input type=password><button>Log in"
    b"</button></form>",
)
LONG = replace(GOOD, body=GOOD.body + b'<nav><a rel=next href="/quay?page=2">Next page</a></nav>')


def test_a_story_is_read_in_one_task_and_gives_what_two_would_give(run: Run) -> None:
    hint = Draft(title="Old quay closed", section="Harbour", published="2026-02-28T10:30:00Z")
    article = Article(hint, GOOD.url, NOW, asked="https://courier.example/q?utm_source=x", position=3, site_title="T")

    async def work() -> None:
        async with Workers(1) as read:
            draft = await read.draft(GOOD, SEED, NOW)
            twice = await read.record(replace(article, draft=draft.or_else(hint)), SEED)
            (worker,) = read._idle
            before = worker.pages
            once = await read.story(GOOD, article, SEED, telling=True)
            assert worker.pages == before + 1
            assert repr(once.record) == repr(twice), "its dates of the same kind among it"
            assert once.record is not None and (once.record.section, once.reason) == ("Harbour", None)
            assert (once.draft.text, once.draft.html, once.draft.title) == (None, None, draft.title)

            wall = await read.story(WALL, replace(article, draft=Draft()), SEED, telling=False)
            assert (wall.record, wall.draft.text, wall.draft.unlike) == (None, None, "a login")
            assert "a login" in (wall.reason or "")

            long = await read.story(LONG, article, SEED, telling=True)
            assert (long.record, long.reason, long.draft.text) == (None, None, draft.text), (
                "its other pages are missing"
            )
            assert (long.draft.next_page or "").endswith("/quay?page=2")

    run(work())


def test_a_record_of_a_story_is_held_against_its_promises(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def other(record: Any, article: Article, seed: Seed) -> Any:
        raise ValueError("it is no record of this source")

    monkeypatch.setattr("feeds.app.workers.pool.checked", other)

    async def work() -> None:
        async with Workers(1) as read:
            with pytest.raises(ReadFailed, match="a record that is none: it is no record of this source"):
                await read.story(GOOD, Article(Draft(), GOOD.url, NOW), SEED, telling=False)

    run(work())


def test_robots_txt_is_read_in_a_worker(run: Run) -> None:
    async def work() -> None:
        async with Workers(1) as read:
            text = b"User-agent: *\nDisallow: /a\nCrawl-delay: 3\nSitemap: /s.xml"
            found = await read.robots(text, "https://courier.example")
            assert found == read_robots(text, "https://courier.example")
            assert not found.allows("https://courier.example/a")

    run(work())


def test_an_installation_reads_no_robots_txt_itself(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@example.org"\n')

    async def work() -> None:
        async with open_application(load(tmp_path / "config.toml"), workers=1) as app:
            assert app.fetcher.robots.reader == app.workers.robots

    asyncio.run(work())


def test_many_pages_at_once_share_the_workers(run: Run) -> None:
    async def work() -> None:
        async with Workers(2) as read:
            drafts = await asyncio.gather(*(read.draft(GOOD, SEED, NOW) for _ in range(12)))
            assert {draft.title for draft in drafts} == {"Old quay closed"}
            assert len(read._all) <= 2

    run(work())


def test_a_worker_more_than_usual_stays_while_it_is_needed(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Started and ended for each page that was in a hurry, it would cost as much as thirty others."""

    async def work() -> None:
        async with Workers(1) as read:
            ones = [await read._start() for _ in range(3)]
            now = time.monotonic()
            monkeypatch.setattr("feeds.app.workers.pool.time.monotonic", lambda: now)
            for one in ones[:2]:
                await read._rest(one)
            assert read._idle == ones[:2]
            await read._rest(ones[2])
            assert read._idle == ones[1:], "two more than usual are too many at any time"
            assert ones[0].process.returncode is not None
            now += SPARE_SECONDS
            await read._rest(read._idle.pop())
            assert read._idle == ones[2:], "nobody needed the other one"

    run(work())


def test_what_a_seed_sends_to_its_site_does_not_reach_a_worker(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    frames: list[bytes] = []
    ask = _Worker.ask

    async def listen(self: _Worker, head: bytes, body: bytes) -> tuple[dict[str, Any], bytes]:
        frames.append(head)
        return await ask(self, head, body)

    monkeypatch.setattr(_Worker, "ask", listen)
    seed = replace(
        SEED,
        language="en",
        headers={"X-Key": "s3cret"},
        cookies={"session": "s3cret"},
        credentials=Credentials("s3cret", "env:S3CRET"),
    )

    async def work() -> None:
        async with Workers(1) as read:
            await read.draft(GOOD, seed, NOW)
            await read.links(GOOD, seed, Past(), NOW)
            await read.links(GOOD, replace(seed, language="de"), Past(), NOW)  # the seed was edited meanwhile

    run(work())
    assert [json.loads(json.loads(frame)["seed"])["language"] for frame in frames] == ["en", "en", "de"]
    for frame in frames:
        assert b"s3cret" not in frame.lower()


def test_the_environment_of_a_worker_holds_no_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURIER_PASSWORD", "s3cret")
    given: list[dict[str, str]] = []
    start = asyncio.create_subprocess_exec

    async def listen(*arguments: Any, **settings: Any) -> Any:
        given.append(settings["env"])
        return await start(*arguments, **settings)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", listen)

    async def work() -> None:
        async with Workers(1) as read:
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"

    asyncio.run(work())
    assert given[0]["PATH"]
    assert "s3cret" not in given[0].values()
