"""Files that somebody removes: published ones come back and are told, those of the store end the daemon."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import structlog

from feeds.app.application import Application, open_application
from feeds.app.config.config import load
from feeds.app.daemon import daemon as daemons
from feeds.app.daemon import maintenance
from feeds.app.daemon.daemon import Daemon
from feeds.app.daemon.maintenance import Maintenance
from feeds.errors import StoreInUse, StoreUnusable
from feeds.publish.atomic_files import VARIANTS
from feeds.store.tables.publishing import Publishing
from tests.support.waiting import PATIENCE

GONE = ("t/all.atom", "t/all/index.html", "s/courier.rss", "index.html", "style.css")


def config(folder: Path) -> Path:
    (folder / "seeds").mkdir(exist_ok=True)
    for name in ("courier", "herald"):
        (folder / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    path = folder / "config.toml"
    path.write_text(
        'contact = "mailto:desk@example.org"\n[[topics]]\nname = "all"\n[[topics]]\nname = "own"\nprivate = true\n'
    )
    return path


def run(folder: Path, case: Callable[[Application], Awaitable[None]]) -> None:
    async def work() -> None:
        async with open_application(load(config(folder)), daemon=True, workers=1) as app:
            await case(app)

    asyncio.run(work())


async def written(app: Application) -> None:
    await app.publisher.publish()


def as_it_was(folder: Path) -> dict[str, bytes]:
    """Every published file but those that tell of troubles."""
    public = folder / "var/public"
    paths = [path for path in public.rglob("*") if path.is_file() and "_health" not in str(path)]
    return {str(path.relative_to(public)): path.read_bytes() for path in paths if path.suffix not in VARIANTS}


async def nobody(_: list[str]) -> None: ...


async def troubles(app: Application) -> list[str]:
    rows = await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True))
    return [row.cause for row in rows if row.subject == "folder"]


@pytest.mark.parametrize("gone", ["t/all.atom", "private"])
def test_a_removed_file_comes_back_with_the_next_start_and_is_told(tmp_path: Path, gone: str) -> None:
    run(tmp_path, written)
    before = as_it_was(tmp_path)
    assert set(GONE) <= set(before)
    public = tmp_path / "var/public"
    place = next((tmp_path / "var/private").rglob("own.atom")) if gone == "private" else public / gone
    place.unlink()

    async def again(app: Application) -> None:
        rounds = Maintenance(app, nobody)
        await rounds.round()
        (told,) = await troubles(app)
        assert told.startswith("1 published file was missing")
        assert "own" not in told, "private topics are not named"
        await app.publisher.publish()
        assert place.is_file()
        await rounds.round()
        assert await troubles(app) == []

    run(tmp_path, again)
    assert as_it_was(tmp_path) == before


def test_a_running_daemon_notices_once_a_day(tmp_path: Path) -> None:
    passed = 0.0

    async def case(app: Application) -> None:
        nonlocal passed
        fresh = asyncio.Event()
        await app.publisher.publish()
        before = as_it_was(tmp_path)
        rounds = Maintenance(app, nobody, fresh.set, lambda: passed)
        await rounds.round()
        for name in GONE:
            (tmp_path / "var/public" / name).unlink()
        (tmp_path / "var/public/opml.xml").write_bytes(b"")  # what a crash of the machine may leave
        await rounds.round()
        assert not fresh.is_set()
        passed += maintenance.FILES_PAUSE
        await rounds.round()
        assert fresh.is_set()
        (told,) = await troubles(app)
        assert told.startswith(f"{len(GONE) + 1} published files were missing")
        await rounds.round()
        assert await troubles(app) == [told], "it is told as long as they are missing"
        await app.publisher.publish()
        await rounds.round()
        assert await troubles(app) == []
        assert as_it_was(tmp_path) == before

    run(tmp_path, case)


def test_a_folder_that_was_lost_gets_every_document_also_of_sources_without_a_story(tmp_path: Path) -> None:
    run(tmp_path, written)
    before = as_it_was(tmp_path)
    assert "s/herald.atom" in before
    shutil.rmtree(tmp_path / "var/public")
    run(tmp_path, written)
    assert as_it_was(tmp_path) == before


# --- the store's own files


def ended(folder: Path, harm: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """What a running daemon says and ends with after somebody did harm to its store."""
    monkeypatch.setattr(daemons, "RETRY", 0.02)
    path = config(folder)
    store = folder / "var/copydesk.db"

    async def work() -> int:
        async with open_application(load(path), daemon=True, workers=1) as app:
            daemon = Daemon(app, path, on_ready=lambda *_: harm(store))
            async with asyncio.timeout(PATIENCE):
                return await daemon.run(web=False)

    with structlog.testing.capture_logs() as logs:
        code = asyncio.run(work())
    said = [str(line["why"]) for line in logs if line["event"].startswith("stopping: the store")]
    assert len(said) == 1, logs
    return code, said[0]


def _replaced(store: Path) -> None:
    store.rename(store.with_name("aside.db"))
    store.write_bytes(b"")


HARM: dict[str, Callable[[Path], None]] = {
    "copydesk.db.lock was removed": lambda store: store.with_name(store.name + ".lock").unlink(),
    "copydesk.db was removed": lambda store: store.unlink(),
    "copydesk.db-wal was removed": lambda store: store.with_name(store.name + "-wal").unlink(),
    "copydesk.db.lock was removed ": lambda store: store.parent.rename(store.parent.with_name("elsewhere")) and None,
    "copydesk.db was replaced": _replaced,
}


@pytest.mark.parametrize("harm", HARM)
def test_a_daemon_whose_store_is_removed_stops_and_says_so(
    tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = ended(tmp_path, HARM[harm], monkeypatch)
    assert code == 5
    assert harm.strip() in said


def test_it_is_noticed_within_a_minute() -> None:
    assert daemons.RETRY <= 30


def test_what_a_new_store_holds_is_not_touched_by_the_end_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feeds.store import open_store

    def replaced(store: Path) -> None:
        for path in store.parent.glob("copydesk.db*"):
            path.rename(path.with_name(f"aside-{path.name}"))
        fresh.append(open_store(store))
        fresh[0].meta.put("mine", "yes")

    fresh: list = []
    ended(tmp_path, replaced, monkeypatch)
    wal = tmp_path / "var/copydesk.db-wal"
    assert wal.stat().st_size > 0, "the log of the new store is still there"
    assert fresh[0].meta.get("mine") == "yes"
    fresh[0].close()
    again = open_store(tmp_path / "var/copydesk.db")
    assert again.meta.get("mine") == "yes"
    again.close()


@pytest.mark.parametrize("name", ["symbolic link", "hard link", "lock file removed"])
def test_two_daemons_never_run_on_one_store_whatever_they_call_it(tmp_path: Path, name: str) -> None:
    other = tmp_path / "other"

    async def case(_: Application) -> None:
        (other / "var").mkdir(parents=True)
        store = tmp_path / "var/copydesk.db"
        if name == "symbolic link":
            (other / "var/copydesk.db").symlink_to(store)
        elif name == "hard link":
            (other / "var/copydesk.db").hardlink_to(store)
        else:
            store.with_name(store.name + ".lock").unlink()
        second = config(tmp_path if name == "lock file removed" else other)
        with pytest.raises(StoreInUse, match="in use by another copydesk"):
            async with open_application(load(second), daemon=True, workers=1):
                pass

    run(tmp_path, case)


# --- a store that refuses


def test_no_damage_of_the_store_ends_a_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever part of the daemon meets it: it is said, and tried again."""
    monkeypatch.setattr(daemons, "RETRY", 0.02)
    path = config(tmp_path)
    met = 0

    def damaged(*_: object, **__: object) -> None:
        nonlocal met
        met += 1
        raise StoreUnusable("copydesk.db: is damaged (malformed)")

    async def work() -> tuple[int, int]:
        async with open_application(load(path), daemon=True, workers=1) as app:
            daemon = Daemon(app, path, on_ready=lambda *_: ready.set())
            ready = asyncio.Event()
            running = asyncio.create_task(daemon.run(web=False))
            async with asyncio.timeout(PATIENCE):
                await ready.wait()
            with monkeypatch.context() as patch:
                patch.setattr(Publishing, "dirty", damaged)
                patch.setattr(type(app.thread.store.control), "claim", damaged)
                patch.setattr(type(app.thread.store.records), "rechecks_due", damaged)
                patch.setattr(type(app.thread.store.troubles), "note", damaged)
                daemon.fresh.set()
                while met < 12 and not running.done():
                    await asyncio.sleep(0.02)
            assert not running.done()
            daemon.stopping.set()
            return await running, met

    code, times = asyncio.run(work())
    assert code == 0
    assert times >= 12


def test_a_weekly_look_that_finds_a_store_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: Path) -> list[str]:
        raise StoreUnusable("copydesk.db: is damaged (malformed)")

    monkeypatch.setattr(maintenance, "damage_of", refuses)

    async def case(app: Application) -> None:
        monkeypatch.setattr(maintenance, "CHECKED", app.clock().weekday())
        rounds = Maintenance(app, nobody)
        await rounds._back_up()
        rows = await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True))
        assert [(row.subject, row.kind) for row in rows] == [("store", "damage")]
        assert "is damaged (malformed)" in rows[0].cause

    run(tmp_path, case)
