"""The desk's side of a shared queue: each Run once, none that is hostile, and none lost with a desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.application import Application, open_application
from feeds.app.config.config import load
from feeds.app.jobs.queue import shared_queue
from feeds.app.jobs.queue.documents import NoRun, no_run_document, read_request, run_document
from feeds.app.jobs.queue.shared_queue import ScraperBug, SharedQueue
from feeds.app.jobs.visits import StoodStill, VisitFailed
from feeds.errors import StoreBusy
from feeds.pipe import Kept
from feeds.store.database.location import PostgresLocation
from feeds.store.queue.database import WorkDatabase
from feeds.store.queue.visits import Taken, WorkTable
from scrapers import Article, Draft, File, Front, Record, Run, Seen, read_record
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.real
PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3
CONFIG = 'contact = "mailto:desk@example.org"\n[publish]\nhub = "none"\n'


@asynccontextmanager
async def a_desk(folder: Path, url: str) -> AsyncIterator[tuple[Application, SharedQueue, WorkTable]]:
    """A desk with one source whose queue works, and the database as scrapers see it."""
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "seeds/courier.toml").write_text('home = "https://courier.example/"\n', "utf-8")
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    at = PostgresLocation(url, folder)
    async with open_application(load(folder / "config.toml"), daemon=True, work_at=at, elsewhere=True) as app:
        queue = app.queue
        assert isinstance(queue, SharedQueue)
        work = asyncio.create_task(queue.work())
        database = WorkDatabase(at.conninfo)
        await database.open()
        try:
            yield app, queue, WorkTable(database)
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            await database.close()


async def taken_by(table: WorkTable) -> Taken:
    """The next visit, as soon as there is one."""
    worker = await table.register()
    async with asyncio.timeout(PATIENCE):
        while (taken := await table.take(["visits"], worker)) is None:
            await asyncio.sleep(0.02)
    return taken


async def asked(app: Application, table: WorkTable) -> tuple[asyncio.Task[Kept], Taken]:
    """A visit that the desk has asked for, and what a scraper took of it."""
    visit = asyncio.create_task(app.jobs.visit("courier"))
    return visit, await taken_by(table)


async def until_no_parts(table: WorkTable) -> None:
    """Wait until the desk has read every part that it was given."""
    async with asyncio.timeout(PATIENCE):
        while await table.parts():
            await asyncio.sleep(0.02)


def part_of(run: Run) -> bytes:
    """The stories of a Run, as a scraper gives them before it is over."""
    return run_document(Run("courier", run.started, run.finished, records=run.records))


def run_for(taken: Taken, **changes: object) -> Run:
    """A Run with one story."""
    assert taken.document is not None
    seed = read_request(taken.document).seed
    now = datetime.now(UTC)
    url = "https://courier.example/2026/old-quay-closed"
    record: Record = read_record(Article(Draft(title="Old quay closed", text=PROSE), url, now), seed)
    run = Run(
        "courier",
        now - timedelta(seconds=3),
        now,
        records=(record,),
        seen=(Seen(url, "kept", way="listing"),),
        fronts=(Front("https://courier.example/", whole=now, links=1),),
        links=1,
        ways={"listing": 1},
    )
    return replace(run, **changes)  # type: ignore[arg-type]


async def answer(table: WorkTable, taken: Taken) -> None:
    """Give a Run with one story, and end the job."""
    await table.give(taken.visit, "scraper", run_document(run_for(taken)))
    await table.finish(taken.job.id)


async def counts(app: Application) -> tuple[int, int]:
    """Records and visits in the store."""
    store = app.thread.store
    return await app.thread.call(store.records.count), len(await app.thread.call(store.visits.newest, "courier", 50))


def test_stories_of_a_first_visit_are_kept_while_it_goes_on_and_count_once(tmp_path: Path, postgres_url: str) -> None:
    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            visit, taken = await asked(app, table)
            run = run_for(taken)
            assert await table.give_part(taken.visit, "scraper", part_of(run))
            await until_no_parts(table)
            assert await counts(app) == (1, 0)
            assert not visit.done()
            await answer(table, taken)
            kept = await visit
            assert len(kept.fresh) == 1 and kept.revised == ()
            assert await counts(app) == (1, 1)
            assert not await table.give_part(taken.visit, "scraper", part_of(run)), "it is over"

    asyncio.run(go())


def test_a_visit_elsewhere_knows_the_files_of_which_their_servers_told(tmp_path: Path, postgres_url: str) -> None:
    horn = File("https://media.example/horn.mp3", "audio/mpeg", 4711)

    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            first, taken = await asked(app, table)
            (record,) = run_for(taken).records
            run = run_for(taken, records=(replace(record, files=(horn,)),))
            await table.give(taken.visit, "scraper", run_document(run))
            await table.finish(taken.job.id)
            await first
            second, taken = await asked(app, table)
            assert taken.document is not None
            assert read_request(taken.document).files == (horn,)
            await answer(table, taken)
            await second

    asyncio.run(go())


def test_a_part_that_is_none_is_refused_and_the_visit_goes_on(tmp_path: Path, postgres_url: str) -> None:
    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            visit, taken = await asked(app, table)
            (record,) = run_for(taken).records
            foreign = run_for(taken, records=(replace(record, source="herald"),))
            for document in (b"nonsense", no_run_document(NoRun("bug", "x")), run_document(foreign)):
                assert await table.give_part(taken.visit, "scraper", document)
            await until_no_parts(table)
            assert await counts(app) == (0, 0)
            await answer(table, taken)
            assert len((await visit).fresh) == 1
            again, taken = await asked(app, table)
            assert await table.give_part(taken.visit, "scraper", run_document(run_for(taken))), "not a first visit"
            await until_no_parts(table)
            assert app.statistics.counts["failure", "refused run"] == 4
            await answer(table, taken)
            await again

    asyncio.run(go())


def test_a_run_is_kept_and_who_waits_is_told(tmp_path: Path, postgres_url: str) -> None:
    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, queue, table):
            visit, taken = await asked(app, table)
            assert (await queue.report())["under_way"] == 1
            assert await table.give(taken.visit, "scraper", run_document(run_for(taken)))
            await table.finish(taken.job.id)
            kept = await visit
            assert len(kept.fresh) == 1 and kept.state == "ok"
            assert await counts(app) == (1, 1)
            assert (await queue.report())["to_be_kept"] == 0

    asyncio.run(go())


def test_a_run_that_comes_again_after_a_crash_is_kept_once(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go() -> None:
        done, failures = WorkTable.done, 2

        async def fails(self: WorkTable, visit: str) -> None:
            nonlocal failures
            if failures:
                failures -= 1
                raise StoreBusy("the desk died after it kept the Run and before it said so")
            await done(self, visit)

        monkeypatch.setattr(WorkTable, "done", fails)
        monkeypatch.setattr(shared_queue, "AGAIN", 0.05)
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            visit, taken = await asked(app, table)
            await answer(table, taken)
            await visit
            assert failures == 0 and await counts(app) == (1, 1)
            again, taken = await asked(app, table)
            await table.give(taken.visit, "scraper", run_document(run_for(taken)))
            await again
            assert await counts(app) == (1, 2)
            remembered = "SELECT count(*) FROM given_visit"
            assert (await app.thread.call(lambda: app.thread.store.db.execute(remembered).fetchone()[0])) == 1

    asyncio.run(go())


def test_a_hostile_run_is_refused_whole_and_the_next_one_is_kept(tmp_path: Path, postgres_url: str) -> None:
    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            for hostile in (b"\x00" * 1000, None, b"copydesk run 1\n{}"):
                visit, taken = await asked(app, table)
                given = hostile
                if given is None:
                    run = run_for(taken)
                    given = run_document(replace(run, records=(replace(run.records[0], html="<script>x</script>"),)))
                await table.give(taken.visit, "villain", given)
                await table.finish(taken.job.id)
                with pytest.raises(VisitFailed, match="villain"):
                    await visit
                assert await counts(app) == (0, 0)
            assert app.statistics.counts["failure", "refused run"] == 3
            visit, taken = await asked(app, table)
            await table.give(taken.visit, "scraper", run_document(run_for(taken)))
            await visit
            assert await counts(app) == (1, 1)

    asyncio.run(go())


def test_what_a_scraper_says_in_place_of_a_run_is_told(tmp_path: Path, postgres_url: str) -> None:
    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            cases: list[tuple[NoRun, type[Exception]]] = [
                (NoRun("bug", "ValueError('x')"), ScraperBug),
                (NoRun("stood still", "slept"), StoodStill),
                (NoRun("unfit", "too old"), VisitFailed),
            ]
            for none, error in cases:
                visit, taken = await asked(app, table)
                await table.give(taken.visit, "scraper", no_run_document(none))
                await table.finish(taken.job.id)
                with pytest.raises(error):
                    await visit
            assert await counts(app) == (0, 0)

    asyncio.run(go())


def test_the_next_desk_keeps_what_the_first_asked_for(tmp_path: Path, postgres_url: str) -> None:
    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            visit, taken = await asked(app, table)
            visit.cancel()
        async with a_desk(tmp_path, postgres_url) as (app, queue, table):
            told: list[tuple[str, Kept]] = []
            queue.on_kept = lambda name, kept: told.append((name, kept))
            await answer(table, taken)
            async with asyncio.timeout(PATIENCE):
                while not told:
                    await asyncio.sleep(0.02)
            assert told[0][0] == "courier" and len(told[0][1].fresh) == 1
            assert await counts(app) == (1, 1)

    asyncio.run(go())


def test_first_stories_count_as_new_though_the_desk_that_kept_them_is_gone(tmp_path: Path, postgres_url: str) -> None:
    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            visit, taken = await asked(app, table)
            run = run_for(taken)
            assert await table.give_part(taken.visit, "scraper", part_of(run))
            await until_no_parts(table)
            assert await counts(app) == (1, 0)
            visit.cancel()
        async with a_desk(tmp_path, postgres_url) as (app, queue, table):
            told: list[Kept] = []
            queue.on_kept = lambda _, kept: told.append(kept)
            await table.give_and_finish(taken, "scraper", run_document(run))
            async with asyncio.timeout(PATIENCE):
                while not told:
                    await asyncio.sleep(0.02)
            assert len(told[0].fresh) == 1 and told[0].copies == 0
            (logged,) = await app.thread.call(app.thread.store.visits.newest, "courier")
            assert logged.fresh == 1
            assert await counts(app) == (1, 1)

    asyncio.run(go())


def test_a_visit_that_an_earlier_desk_asked_for_is_taken_over(tmp_path: Path, postgres_url: str) -> None:
    async def go() -> None:
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            asyncio.create_task(app.jobs.visit("courier")).add_done_callback(lambda task: task.cancelled())
            taken = await taken_by(table)
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            visits = [asyncio.create_task(app.jobs.visit("courier", kind=kind)) for kind in ("visit", "fetch")]
            await asyncio.sleep(0.3)
            assert await table.take(["visits"], await table.register()) is None  # it is not asked for twice
            await answer(table, taken)
            first, second = await asyncio.gather(*visits)
            assert first == second and len(first.fresh) == 1
            assert await counts(app) == (1, 1)

    asyncio.run(go())


def test_only_what_scrapers_do_within_minutes_is_queued(tmp_path: Path) -> None:
    from feeds.app.jobs.queue.places import Places

    async def go() -> None:
        now = 0.0
        places = Places(lambda: now)
        tasks = [asyncio.create_task(places.take()) for _ in range(1000)]
        await asyncio.sleep(0)
        assert places.taken == 100 and places.waiting == 900
        for _ in range(60):
            now += 0.5
            places.give_back()
            await asyncio.sleep(0)
        assert places.limit == 300  # one a second: five minutes of them
        assert places.taken == 300
        tasks[-1].cancel()
        now += 3600
        assert places.limit == 100
        for task in tasks:
            task.cancel()

    asyncio.run(go())


def test_a_database_that_is_away_for_a_moment_delays_a_visit_by_that_moment(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go() -> None:
        ask, failures = WorkTable.ask, 3

        async def fails(self: WorkTable, *words: object, **more: object) -> str | None:
            nonlocal failures
            if failures:
                failures -= 1
                raise StoreBusy("the server starts again")
            return await ask(self, *words, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(WorkTable, "ask", fails)
        monkeypatch.setattr(shared_queue, "AGAIN", 0.05)
        async with a_desk(tmp_path, postgres_url) as (app, _, table):
            visit, taken = await asked(app, table)
            await answer(table, taken)
            await visit
            assert failures == 0 and await counts(app) == (1, 1)

    asyncio.run(go())
