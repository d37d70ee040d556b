"""The tables of work in a real PostgreSQL: each visit once, each answer once, one turn at a host."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from feeds.errors import StoreBusy
from feeds.store import open_store
from feeds.store.database.location import PostgresLocation
from feeds.store.queue.database import WorkDatabase
from feeds.store.queue.hosts import SharedHosts
from feeds.store.queue.reports import WorkReport
from feeds.store.queue.visits import WorkTable
from tests.support.postgres import USER, Postgres
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.real


@asynccontextmanager
async def opened(url: str, *, prepare: bool = True) -> AsyncIterator[WorkDatabase]:
    database = WorkDatabase(lambda: url)
    await database.open()
    try:
        if prepare:
            await database.prepare()
        yield database
    finally:
        await database.close()


def on(url: str, work: Callable[[WorkDatabase], Awaitable[None]]) -> None:
    async def go() -> None:
        async with opened(url) as database:
            await work(database)

    asyncio.run(go())


async def open_visits(database: WorkDatabase) -> list[str]:
    """The sources whose visits are to be made or kept."""
    return [row[0] for row in await database.all("SELECT source FROM copydesk_work.visit")]


def test_a_visit_is_handed_out_once_and_answered_once(postgres_url: str) -> None:
    async def work(database: WorkDatabase) -> None:
        table = WorkTable(database)
        visit = await table.ask("courier", b"request", queue="visits", priority=0)
        assert visit is not None
        assert await table.ask("courier", b"another", queue="visits", priority=0) is None
        worker = await table.register()
        taken = await table.take(["visits"], worker)
        assert taken is not None and (taken.visit, taken.document) == (visit, b"request")
        assert await table.take(["visits"], worker) is None
        assert await table.give(visit, "one", b"run") and not await table.give(visit, "two", b"another run")
        await table.finish(taken.job.id)
        (answer,) = await table.answers()
        assert (answer.visit, answer.source, answer.request, answer.document) == (visit, "courier", b"request", b"run")
        assert answer.scraper == "one"
        await table.done(visit)
        assert await table.answers() == [] and await open_visits(database) == []
        assert not await table.give(visit, "one", b"run")  # nobody waits for it any more
        assert await table.ask("courier", b"next", queue="visits", priority=0) is not None

    on(postgres_url, work)


def test_what_a_person_asked_for_goes_first_and_second_looks_last(postgres_url: str) -> None:
    async def work(database: WorkDatabase) -> None:
        table, order = WorkTable(database), []
        for source, priority in (("revisit", -10), ("due", 0), ("due-2", 0), ("asked", 20)):
            await table.ask(source, source.encode(), queue="visits", priority=priority)
        await table.ask("page", b"page", queue="render", priority=50)
        await table.hurry("due-2", 20)
        worker = await table.register()
        while (taken := await table.take(["visits"], worker)) is not None:
            order.append(taken.document)
        assert order == [b"due-2", b"asked", b"due", b"revisit"]
        taken = await table.take(["visits", "render"], worker)
        assert taken is not None and taken.document == b"page"

    on(postgres_url, work)


def test_a_visit_of_a_scraper_that_died_goes_to_another_and_in_the_end_is_given_up(postgres_url: str) -> None:
    async def work(database: WorkDatabase) -> None:
        table = WorkTable(database)
        visit = await table.ask("courier", b"request", queue="visits", priority=0)
        for n in range(5):
            worker = await table.register()
            assert await table.take(["visits"], worker) is not None, n
            assert await table.rescue(b"none") == 0  # it lives
            await database.run(
                "UPDATE copydesk_jobs.procrastinate_workers SET last_heartbeat = now() - interval '25 s' WHERE id = %s",
                worker,
            )
            assert await table.rescue(b"none") == 1
        (answer,) = await table.answers()
        assert (answer.visit, answer.scraper, answer.document) == (visit, "desk", b"none")
        assert await table.take(["visits"], await table.register()) is None

    on(postgres_url, work)


def test_a_queue_that_was_emptied_fills_again(postgres_url: str) -> None:
    async def work(database: WorkDatabase) -> None:
        table = WorkTable(database)
        await table.ask("courier", b"request", queue="visits", priority=0)
        await database.run("UPDATE copydesk_work.meta SET value = 'older' WHERE key = 'engine'")
        await database.prepare()  # as after an upgrade of procrastinate
        worker = await table.register()
        assert await table.take(["visits"], worker) is None
        assert await table.rescue(b"none") == 1
        assert await table.take(["visits"], worker) is not None

    on(postgres_url, work)


def test_many_take_at_once_and_each_visit_goes_to_one(postgres_url: str) -> None:
    async def work(database: WorkDatabase) -> None:
        table = WorkTable(database)
        for n in range(60):
            await table.ask(f"source-{n}", str(n).encode(), queue="visits", priority=0)
        got: list[bytes] = []

        async def scraper() -> None:
            async with opened(postgres_url, prepare=False) as own:
                mine = WorkTable(own)
                worker = await mine.register()
                while (taken := await mine.take(["visits"], worker)) is not None:
                    assert taken.document is not None
                    got.append(taken.document)
                    await mine.give(taken.visit, "x", b"run")
                    await mine.finish(taken.job.id)

        await asyncio.gather(*(scraper() for _ in range(4)))
        assert sorted(got) == sorted(str(n).encode() for n in range(60))
        assert len(await table.answers(100)) == 60

    on(postgres_url, work)


def test_one_turn_at_a_host_over_all_processes(postgres_url: str) -> None:
    async def work(database: WorkDatabase) -> None:
        one, two = SharedHosts(database, "one"), SharedHosts(database, "two")
        first = await one.take("a.example", hold=60, gap=2)
        assert first.ours
        second = await two.take("a.example", hold=60, gap=2)
        assert not second.ours and 30 < second.wait <= 62
        await two.give_back("a.example", pause=0, retry_in=0, refusals=0)  # not its own: nothing happens
        assert not (await two.take("a.example", hold=60, gap=2)).ours
        await one.give_back("a.example", pause=600, retry_in=0, refusals=3)
        await one.settle()
        third = await two.take("a.example", hold=60, gap=2)
        assert not third.ours and 300 < third.wait <= 600 and third.refusals == 3
        passed = f"next_allowed = next_allowed - interval '{third.wait + 0.01:f} seconds'"
        await database.run(f"UPDATE copydesk_work.host SET {passed} WHERE host = 'a.example'")
        assert (await two.take("a.example", hold=60, gap=2)).ours
        await two.give_back("a.example", pause=0, retry_in=900, refusals=4)
        told = await one.take("a.example", hold=60, gap=2)
        assert not told.ours and 600 < told.retry_in <= 900 and told.refusals == 4
        results = await asyncio.gather(*(one.take("b.example", hold=60, gap=2) for _ in range(20)))
        assert sum(turn.ours for turn in results) == 1
        assert await one.forget_old() == 0
        await database.run("UPDATE copydesk_work.host SET seen = now() - interval '3 days'")
        assert await one.forget_old() == 2

    on(postgres_url, work)


def test_a_turn_that_is_over_is_given_back_with_the_next_one_that_is_taken(postgres_url: str) -> None:
    async def work(database: WorkDatabase) -> None:
        now = 1000.0
        one, two = SharedHosts(database, "one", lambda: now), SharedHosts(database, "two")
        assert (await one.take("a.example", hold=60, gap=2)).ours
        await one.give_back("a.example", pause=600, retry_in=0, refusals=0)
        now += 200.0  # since then: as much less is left of its pause
        assert (await one.take("b.example", hold=60, gap=2)).ours
        given, held = [await two.take(host, hold=60, gap=2) for host in ("a.example", "b.example")]
        assert not given.ours and 200 < given.wait <= 400
        assert not held.ours and held.wait <= 62
        row = await database.one("SELECT owner FROM copydesk_work.host WHERE host = 'a.example'")
        assert row[0] is None

    on(postgres_url, work)


def test_processes_that_change_hosts_crosswise_do_not_wait_for_each_other(postgres_url: str) -> None:
    hosts = [f"{name}.example" for name in "abcd"]

    async def work(database: WorkDatabase) -> None:
        async def visit(own: SharedHosts, chance: Random) -> int:
            taken = 0
            for host in chance.choices(hosts, k=40):
                if (await own.take(host, hold=60, gap=0)).ours:
                    taken += 1
                    await own.give_back(host, pause=0, retry_in=0, refusals=0)
            await own.settle()
            return taken

        owners = [SharedHosts(database, f"owner {n}") for n in range(6)]
        counts = await asyncio.gather(*(visit(own, Random(n)) for n, own in enumerate(owners)))
        assert sum(counts) >= len(hosts)
        for host in hosts:  # nobody holds one any more
            assert (await owners[0].take(host, hold=60, gap=0)).ours

    on(postgres_url, work)


def test_a_scraper_s_role_can_take_and_give_and_nothing_else(postgres: Postgres) -> None:
    name = postgres.create()
    with postgres.connect("postgres") as db:
        db.execute("DROP ROLE IF EXISTS copydesk_scraper")
    named = {"SCRAPER_PASSWORD": 'it\'s "secret"', "POSTGRES_USER": USER, "POSTGRES_DB": name}
    there = os.environ | named | {"PGHOST": str(postgres.folder)}
    script = Path(__file__).parents[4] / "docs/deploy/scraper_role.sh"
    subprocess.run(["sh", str(script)], env=there, check=True, timeout=PATIENCE)
    try:

        async def go() -> None:
            async with opened(postgres.url(name)) as owner:
                visit = await WorkTable(owner).ask("courier", b"request", queue="visits", priority=0)
                assert visit is not None
                async with opened(postgres.url(name, "copydesk_scraper"), prepare=False) as theirs:
                    table = WorkTable(theirs)
                    worker = await table.register()
                    await table.heartbeat(worker)
                    taken = await table.take(["visits"], worker)
                    assert taken is not None and taken.document == b"request"
                    hosts = SharedHosts(theirs, "s")
                    assert (await hosts.take("a.example", hold=5, gap=1)).ours
                    await hosts.give_back("a.example", pause=1, retry_in=0, refusals=0)
                    assert (await hosts.take("b.example", hold=5, gap=1)).ours
                    assert await table.give(visit, "s", b"run")
                    await table.finish(taken.job.id)
                    await table.unregister(worker)
                    for sql in (
                        "SELECT * FROM copydesk_work.visit",
                        "SELECT * FROM copydesk_work.answer",
                        "DELETE FROM copydesk_work.host",
                        "INSERT INTO copydesk_work.settings VALUES (true, 'x')",
                        "SELECT * FROM copydesk_jobs.procrastinate_jobs",
                        "SELECT procrastinate_cancel_job_v1(1, true, true)",
                        "CREATE TABLE copydesk_work.mine(n int)",
                    ):
                        with pytest.raises(StoreBusy, match="permission denied"):
                            await theirs.all(sql)
                assert [answer.document for answer in await WorkTable(owner).answers()] == [b"run"]

        asyncio.run(go())
    finally:
        postgres.drop(name)
        with postgres.connect("postgres") as db:
            db.execute("DROP ROLE copydesk_scraper")


def test_with_the_roles_of_the_docs_a_desk_works_and_a_scraper_writes_to_no_table(
    postgres: Postgres, tmp_path: Path
) -> None:
    name = postgres.create()
    roles = ("copydesk_desk", "copydesk_scraper")
    with postgres.connect("postgres") as db:
        for role in roles:
            db.execute(f"CREATE ROLE {role} LOGIN")
    script = Path(__file__).parents[4] / "docs/deploy/roles.sql"
    words = ["psql", "--quiet", "--no-psqlrc", "-d", postgres.url(name), "-f", str(script)]
    subprocess.run(words, check=True, timeout=60)
    try:

        async def go() -> None:
            async with opened(postgres.url(name, "copydesk_desk")) as desk:
                assert await WorkTable(desk).ask("courier", b"request", queue="visits", priority=0)
                async with opened(postgres.url(name, "copydesk_scraper"), prepare=False) as theirs:
                    table = WorkTable(theirs)
                    taken = await table.take(["visits"], await table.register())
                    assert taken is not None and await table.give(taken.visit, "s", b"run")
                    await table.finish(taken.job.id)
                    tables = await desk.all(
                        "SELECT schemaname, tablename FROM pg_tables"
                        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
                    )
                    assert {schema for schema, _ in tables} == {"public", "copydesk_work", "copydesk_jobs"}
                    ways = ("SELECT * FROM {}", "INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}", "TRUNCATE {}")
                    asked = [way.format(f"{schema}.{table}") for schema, table in tables for way in ways]
                    asked += ["CREATE TABLE public.mine(n int)", "CREATE SCHEMA mine", "CREATE TEMP TABLE mine(n int)"]
                    for sql in asked:
                        with pytest.raises(StoreBusy, match="permission denied"):
                            await theirs.all(sql)
                assert [answer.document for answer in await WorkTable(desk).answers()] == [b"run"]

        open_store(PostgresLocation(postgres.url(name, "copydesk_desk"), tmp_path)).close()
        asyncio.run(go())
    finally:
        postgres.drop(name)
        with postgres.connect("postgres") as db:
            for role in roles:
                db.execute(f"DROP ROLE {role}")


def test_two_who_prepare_at_once_make_one_schema(postgres_url: str) -> None:
    async def go() -> None:
        async with opened(postgres_url, prepare=False) as one, opened(postgres_url, prepare=False) as two:
            await asyncio.gather(one.prepare(), two.prepare(), one.prepare())
            assert await open_visits(two) == []

    asyncio.run(go())


def test_what_a_scraper_says_of_itself_is_a_strangers_word(postgres_url: str) -> None:
    async def work(database: WorkDatabase) -> None:
        report = WorkReport(database)
        await report.beat("honest", {"parallel": 40, "running": 2, "pages_a_minute": 12, "sources": ["courier"]})
        hostile = {"parallel": "many", "sources": {"a": 1}, "pages_a_minute": [], "since": "never", "gone": 5, "x": 1}
        await report.beat("liar", hostile)
        await database.one("SELECT copydesk_work.beat(%s, %s)", "mute", "[]")
        found = {one["name"]: one for one in (await report.all())["scrapers"]}
        assert found["honest"]["pages_a_minute"] == 12.0 and found["honest"]["sources"] == ["courier"]
        for name in ("liar", "mute"):
            one = found[name]
            assert (one["parallel"], one["running"], one["sources"], one["pages_a_minute"]) == (0, 0, [], 0.0)
            assert one["gone"] is False and one["since"].tzinfo is not None and "x" not in one

    on(postgres_url, work)
