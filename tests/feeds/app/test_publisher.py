"""Publishing as the daemon does it: every feed has its turn, and what a full disk prevents is done later."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from feeds.app.application import Application, open_application
from feeds.app.cli.main import main
from feeds.app.config.config import load
from feeds.app.publisher import ROUNDS
from feeds.publish import plan
from feeds.publish.atomic_files import VARIANTS, Folder
from feeds.publish.entry_shelf import EntryShelf
from feeds.store import Store, StoreBusy
from feeds.store.database import file


def run(folder: Path, case: Callable[[Application], Awaitable[None]]) -> None:
    """A app with three sources and a topic, none of which has a story."""
    (folder / "seeds").mkdir()
    for name in ("courier", "herald", "star"):
        (folder / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    (folder / "config.toml").write_text('contact = "mailto:desk@example.org"\n')

    async def work() -> None:
        async with open_application(load(folder / "config.toml"), daemon=True, workers=1) as app:
            await app.publisher.publish()
            await app.thread.call(app.thread.store.publishing.mark_dirty, {"all"}, {"courier", "herald", "star"})
            await case(app)

    asyncio.run(work())


def dirty(app: Application) -> set[str]:
    return {name for _, name, _ in app.thread.store.publishing.dirty()}


def test_a_busy_feed_takes_no_other_ones_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: Counter[str] = Counter()
    real = plan.mark_written

    def published(store: Store, job: plan.PublishPlan, done: plan.WriteResult, *shelf: EntryShelf) -> None:
        real(store, job, done, *shelf)
        printed[job.name] += 1
        store.publishing.mark_dirty({"all"}, set())  # a story came while it was printed

    async def case(app: Application) -> None:
        monkeypatch.setattr(plan, "mark_written", published)
        await app.publisher.publish()
        assert printed == {"all": ROUNDS, "courier": 1, "herald": 1, "star": 1}
        assert await app.thread.call(dirty, app) == {"all"}

    run(tmp_path, case)


def test_archives_that_are_many_take_no_other_feeds_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written in more rounds than a call has."""
    order: list[str] = []
    real = plan.next_plan

    def planned(*given: Any) -> plan.PublishPlan | None:
        job = real(*given)
        if job is not None:
            parts = order.count(job.name)
            job = replace(job, whole=job.name != "all" or parts > 2 * ROUNDS)
            order.append(job.name)
        return job

    async def case(app: Application) -> None:
        monkeypatch.setattr(plan, "next_plan", planned)
        await app.publisher.publish()
        assert order == ["all", "courier", "herald", "star", *["all"] * (2 * ROUNDS + 1)]
        assert await app.thread.call(dirty, app) == set()

    run(tmp_path, case)


@pytest.mark.parametrize("compress", ["asked", "ahead"])
def test_compressed_files_are_made_where_another_server_needs_them(tmp_path: Path, compress: str) -> None:
    (tmp_path / "config.toml").write_text(f'contact = "mailto:desk@example.org"\n[publish]\ncompress = "{compress}"\n')

    async def publish() -> None:
        async with open_application(load(tmp_path / "config.toml"), daemon=True, workers=1) as app:
            await app.publisher.publish_all()

    asyncio.run(publish())
    public = tmp_path / "var" / "public"
    for name in ("index.html", "t/all/index.html", "style.css"):
        beside = {suffix for suffix in VARIANTS if (public / f"{name}{suffix}").exists()}
        assert beside == (set(VARIANTS) if compress == "ahead" else set()), name


def test_a_folder_that_cannot_be_written_leaves_all_to_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> list[str]:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def case(app: Application) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Folder, "write_all", full)
            assert await app.publisher.publish() == []
        told = [app.publisher.unpublished]
        assert {"courier", "herald", "star"} <= await app.thread.call(dirty, app)
        await app.publisher.publish()
        told.append(app.publisher.unpublished)
        assert told == [True, False]
        assert await app.thread.call(dirty, app) == set()

    run(tmp_path, case)


def test_a_store_that_takes_no_writes_is_no_bug_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def case(app: Application) -> None:
        # as many pages as it has now: SQLite says that the disk is full
        pages = await app.thread.call(lambda: app.thread.store.db.execute("PRAGMA page_count").fetchone()[0])
        await app.thread.call(lambda: app.thread.store.db.execute(f"PRAGMA max_page_count={pages}").fetchall())
        with pytest.raises(StoreBusy, match="the disk is full"):
            await app.thread.call(app.thread.store.meta.put, "large", "x" * 1_000_000)
        assert "the disk is full" in (app.thread.refused or "")
        await app.thread.call(lambda: app.thread.store.db.execute("PRAGMA max_page_count=1000000").fetchall())
        assert await app.thread.try_write(app.clock())
        assert app.thread.refused is None
        assert not await app.thread.call(lambda: app.thread.store.in_transaction), "no transaction was left open"

    run(tmp_path, case)


def test_a_mistake_in_a_statement_is_no_full_disk(tmp_path: Path) -> None:
    async def case(app: Application) -> None:
        with pytest.raises(sqlite3.OperationalError):
            await app.thread.call(lambda: app.thread.store.db.execute("SELECT nothing FROM nowhere"))
        assert app.thread.refused is None

    run(tmp_path, case)


def test_a_command_beside_a_writer_that_holds_on_says_so_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def nothing(_: Application) -> None: ...

    run(tmp_path, nothing)
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.1)
    with contextlib.closing(sqlite3.connect(tmp_path / "var/copydesk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert main(["--config", str(tmp_path / "config.toml"), "sources", "pause", "courier"]) == 5
    said = capsys.readouterr().err
    assert "another process holds it" in said
    assert "Traceback" not in said


def test_another_language_and_zone_reach_every_page_and_no_feed(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"

    async def case(app: Application) -> None:
        public = tmp_path / "var/public"
        assert 'lang="en"' in (public / "s/courier/index.html").read_text()
        await app.publisher.publish()
        config.write_text(config.read_text() + 'language = "de"\ntimezone = "Europe/Berlin"\n')
        assert await app.installation.reload(config)
        written = await app.publisher.publish()
        assert sorted(written) == sorted(
            ["index.html", "opml.xml", *(f"{feed}/index.html" for feed in ("t/all", "s/courier", "s/herald", "s/star"))]
        )
        for page in ("index.html", "t/all/index.html", "s/courier/index.html"):
            text = (public / page).read_text()
            assert '<html lang="de"' in text and "Europe/Berlin" in text
        assert "Quellen" in (public / "opml.xml").read_text()
        assert await app.publisher.publish() == []

    run(tmp_path, case)
