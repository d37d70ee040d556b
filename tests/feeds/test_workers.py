"""Worker processes: a page that breaks or outruns its parser takes nobody with it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from feeds.app.frames import LINKS, dumped
from feeds.app.workers import Workers, _Worker
from scrapers import Credentials, Draft, Link, Links, Page, Past, ReadFailed, Seed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")
PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3
GOOD = Page(
    "https://courier.example/quay",
    f"<html lang=en><title>Quay</title><h1>Old quay closed</h1><article>{f'<p>{PROSE}</p>' * 2}</article>".encode(),
)
# the attributes of one tag cost the parser the square of their number: minutes, if nobody ended it
HANGING = Page("https://courier.example/bomb", b"<p " + b" ".join(b"a%d" % i for i in range(300_000)) + b">x")


def test_pages_are_read_in_a_process_of_their_own() -> None:
    async def work() -> None:
        async with Workers(1) as read:
            draft = await read.draft(GOOD, SEED, NOW)
            assert draft.title == "Old quay closed"
            assert "harbour master" in (draft.text or "")
            links = await read.links(GOOD, SEED, Past(), NOW)
            assert links.items == ()

    asyncio.run(work())


def test_a_lone_surrogate_in_the_data_of_a_page_does_not_cost_the_article() -> None:
    facts = b'{"@type":"NewsArticle","headline":"Old quay closed","author":{"@type":"Person","name":"Ann\\ud800 Lee"}}'
    page = replace(GOOD, body=GOOD.body + b'<script type="application/ld+json">' + facts + b"</script>")

    async def work() -> None:
        async with Workers(1) as read:
            draft = await read.draft(page, SEED, NOW)
            assert draft.title == "Old quay closed"
            assert draft.authors == ("Ann Lee",)

    asyncio.run(work())


def test_a_page_that_outruns_its_parser_is_a_failure_and_the_next_one_is_read() -> None:
    async def work() -> None:
        told: list[str] = []
        async with Workers(1, on_bad=lambda digest, until: told.append(digest)) as read:
            with pytest.raises(ReadFailed, match="5 s of CPU"):
                await read.draft(HANGING, SEED, NOW)
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"
            assert len(told) == 1
            with pytest.raises(ReadFailed, match="left alone for a day"):
                await read.draft(HANGING, SEED, NOW)

    asyncio.run(work())


def test_a_worker_that_dies_is_replaced() -> None:
    async def work() -> None:
        async with Workers(1) as read:
            await read.draft(GOOD, SEED, NOW)
            (worker,) = read._all
            worker.process.kill()
            await worker.process.wait()
            with pytest.raises(ReadFailed):
                await read.draft(Page("https://courier.example/other", b"<p>x"), SEED, NOW)
            assert (await read.draft(GOOD, SEED, NOW)).title == "Old quay closed"

    asyncio.run(work())


def test_many_pages_at_once_share_the_workers() -> None:
    async def work() -> None:
        async with Workers(2) as read:
            drafts = await asyncio.gather(*(read.draft(GOOD, SEED, NOW) for _ in range(12)))
            assert {draft.title for draft in drafts} == {"Old quay closed"}
            assert len(read._all) <= 2

    asyncio.run(work())


def test_what_a_seed_sends_to_its_site_does_not_reach_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[bytes] = []
    ask = _Worker.ask

    async def listen(self: _Worker, head: bytes, body: bytes) -> dict[str, Any]:
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

    asyncio.run(work())
    assert len(frames) == 2
    for frame in frames:
        assert b'"language": "en"' in frame
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


def test_links_with_a_lone_surrogate_go_through_a_frame_too() -> None:
    hint = Draft(title="Fer\ud800ry", tags=("s\udc00ea",), witnesses={"title": "rss"})
    links = Links(items=(Link("https://courier.example/a", "rss", hint),))
    assert LINKS.validate_json(dumped(LINKS, links)).items[0].hint.title == "Ferry"
