"""Publishing as the daemon does it: every feed has its turn, and what a full disk prevents is done later."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from feeds import edition
from feeds.app.cli import main
from feeds.app.config import load
from feeds.app.desk import Desk
from feeds.app.press import ROUNDS
from feeds.folder import Folder
from feeds.store import Store, refusal, sqlite


def run(folder: Path, case: Callable[[Desk], Awaitable[None]]) -> None:
    """A desk with three sources and a topic, none of which has a story."""
    (folder / "seeds").mkdir()
    for name in ("courier", "herald", "star"):
        (folder / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    (folder / "config.toml").write_text('contact = "mailto:desk@example.org"\n')

    async def work() -> None:
        async with Desk(load(folder / "config.toml"), daemon=True, workers=1) as desk:
            await desk.press.publish()
            await desk.in_store(desk.store.soil, {"all"}, {"courier", "herald", "star"})
            await case(desk)

    asyncio.run(work())


def dirty(desk: Desk) -> set[str]:
    return {name for _, name, _ in desk.store.dirty()}


def test_a_busy_feed_takes_no_other_ones_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: Counter[str] = Counter()
    real = edition.published

    def published(store: Store, job: edition.Edition, done: edition.Printed) -> None:
        real(store, job, done)
        printed[job.name] += 1
        store.soil({"all"}, set())  # a story came while it was printed

    async def case(desk: Desk) -> None:
        monkeypatch.setattr(edition, "published", published)
        await desk.press.publish()
        assert printed == {"all": ROUNDS, "courier": 1, "herald": 1, "star": 1}
        assert await desk.in_store(dirty, desk) == {"all"}

    run(tmp_path, case)


def test_a_folder_that_cannot_be_written_leaves_all_to_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> list[str]:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def case(desk: Desk) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Folder, "remove_feed", full)
            assert await desk.press.publish() == []
        told = [desk.press.unpublished]
        assert {"courier", "herald", "star"} <= await desk.in_store(dirty, desk)
        await desk.press.publish()
        told.append(desk.press.unpublished)
        assert told == [True, False]
        assert await desk.in_store(dirty, desk) == set()

    run(tmp_path, case)


def test_a_store_that_takes_no_writes_is_no_bug_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def case(desk: Desk) -> None:
        # as many pages as it has now: SQLite says that the disk is full
        pages = await desk.in_store(lambda: desk.store.db.execute("PRAGMA page_count").fetchone()[0])
        await desk.in_store(lambda: desk.store.db.execute(f"PRAGMA max_page_count={pages}").fetchall())
        with pytest.raises(sqlite3.OperationalError) as caught:
            await desk.in_store(desk.store.set_meta, "large", "x" * 1_000_000)
        assert "the disk is full" in (refusal(caught.value) or "")
        assert "the disk is full" in (desk.refused or "")
        await desk.in_store(lambda: desk.store.db.execute("PRAGMA max_page_count=1000000").fetchall())
        assert await desk.try_store()
        assert desk.refused is None
        assert not await desk.in_store(lambda: desk.store.inside), "no transaction was left open"

    run(tmp_path, case)


def test_a_mistake_in_a_statement_is_no_full_disk(tmp_path: Path) -> None:
    async def case(desk: Desk) -> None:
        with pytest.raises(sqlite3.OperationalError) as caught:
            await desk.in_store(lambda: desk.store.db.execute("SELECT nothing FROM nowhere"))
        assert refusal(caught.value) is None
        assert desk.refused is None

    run(tmp_path, case)


def test_a_command_beside_a_writer_that_holds_on_says_so_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def nothing(_: Desk) -> None: ...

    run(tmp_path, nothing)
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    with contextlib.closing(sqlite3.connect(tmp_path / "var/copydesk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert main(["--config", str(tmp_path / "config.toml"), "sources", "pause", "courier"]) == 5
    said = capsys.readouterr().err
    assert "another process holds it" in said
    assert "Traceback" not in said
