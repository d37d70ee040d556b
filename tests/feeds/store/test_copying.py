"""A store moves between a file and a server, and comes back from a copy, with everything that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.app.cli.main import main
from feeds.compose import archives
from feeds.errors import StoreUnusable
from feeds.health.assess import Trouble
from feeds.identity.similarity import look
from feeds.model import Publisher, Topic
from feeds.publish import plan, write
from feeds.rows import Subscription
from feeds.store import Location, PostgresLocation, Store, open_store
from feeds.store.copying import TABLES, columns_of, copy_store
from feeds.store.restoring import check_dump, restore_dump
from feeds.store.tables.tokens import token_digest
from scrapers import FileHead, Front, HostPace, Run, Seed, Seen
from tests.support.postgres import Postgres
from tests.support.stories import record

pytestmark = pytest.mark.real

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
HOUSE = plan.PublishSettings(Publisher("The copy app", "https://desk.example"), entries=5)
TOPICS = (Topic("harbour", "The harbour"), Topic("family", "Family", private=True))


@pytest.fixture
def places(postgres: Postgres, tmp_path: Path) -> Iterator[Callable[[str], Location]]:
    """A new empty place of a kind."""
    made: list[str] = []

    def place(kind: str) -> Location:
        if kind == "sqlite":
            return tmp_path / f"store-{len(list(tmp_path.iterdir()))}.db"
        made.append(postgres.create())
        return PostgresLocation(postgres.url(made[-1]), tmp_path)

    yield place
    for name in made:
        postgres.drop(name)


def fill(store: Store) -> None:
    """Something in every table."""
    store.sources.sync([Seed(name=n, home=f"https://{n}.example/") for n in ("courier", "island", "gone")], START)
    store.topics.sync(TOPICS, START)
    for number in range(40):
        add(store, number)
    store.sources.rename("gone", "went", START)
    with store.transaction():
        stored = store.records.get(3)
        assert stored is not None
        changed = replace(stored.record, title="Now — “otherwise” \\N \t 東京")
        store.records.revise(stored, changed, why="page", public=True, now=START + timedelta(days=60))
        store.visits.finish(_run(), _after())
        store.visits.log(_run(), _after())
        store.tokens.add("family", "Ann", token_digest("x"), START)
        store.api_tokens.add("script", token_digest("y"), ["read"], START)
        store.asked_files.keep([FileHead("f1", "audio/mpeg", 12_345)], START)
        store.hosts.keep([HostPace("courier.example", next_allowed=12.5)])
        store.websub.keep(Subscription("https://a.example/", "https://desk.example/t/harbour.atom", 9e9, "secret"))
        store.websub.owe(["https://desk.example/t/harbour.atom"], 5.0)
        store.outcomes.keep_bad_page("digest", START)
        assert store.visits.first_time("a visit made elsewhere", START)
        store.repairs.db.execute("INSERT INTO repair(source, field, written, since) VALUES('courier', 'x', 'y', 1)")
        store.repairs.db.execute("INSERT INTO asked_feed VALUES('asked-1', 'https://x.example/', 'rss', '', 1, 2)")
        store.repairs.db.execute("INSERT INTO health VALUES('courier', 1, 'ok', '', 1, '{}')")
    store.troubles.note("source:courier", [Trouble("silent", "failing", "nothing", START)], START)
    store.troubles.tell("mail", store_troubles(store), START)
    store.control.ask("reload", {}, START)
    store.retention.forget_record(5, START)


def store_troubles(store: Store) -> list[tuple[int, str]]:
    return [(trouble.n, what) for trouble, what in store.troubles.untold("mail")]


def _run() -> Run:
    front = Front("https://courier.example/", "pages", etag='"x"', whole=START)
    return Run(source="courier", started=START, finished=START, links=3, fronts=(front,))


def _after() -> Any:
    from feeds.store import Afterwards

    return Afterwards(START, "ok", "", 0, 3.5, True, 1, 0)


def add(store: Store, number: int) -> int:
    at = START + timedelta(days=number)
    one = record(number, source=("courier", "island")[number % 2], published=at, first_seen=at)
    with store.transaction():
        story = store.stories.add(one, at)
        n = store.records.add(one, story, "", at, boilerplate=(0,))
        store.stories.set_representative(story, n, "")
        store.sketches.add(n, story, look(one.title, one.text, one.published))
        store.topics.file_record(n, {"harbour": "everything", "family": "everything"})
        store.outcomes.keep(one.source, [(one.key, Seen(one.url, "kept"), None)], at)
        store.publishing.mark_dirty(["harbour", "family"], [one.source])
    return n


def publish(store: Store, folder: Path) -> dict[str, bytes]:
    """Write every document anew; their bytes by their paths."""
    store.publishing.mark_all_dirty()
    store.archives.mark_all_dirty()
    while (job := plan.next_plan(store, HOUSE, TOPICS)) is not None:
        plan.mark_written(store, job, write.write_feed(job, folder / "public", folder / "private"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for table in TABLES:
        names = ", ".join(columns_of(store.db, table))
        told = (tuple(row) for row in store.db.execute(f"SELECT {names} FROM {table}"))
        found[table] = sorted((row for row in told if row[0] != "search"), key=repr)
    return found


def test_every_table_is_copied(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db")
    names = store.db.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%'")
    assert {row[0] for row in names if not row[0].startswith("search")} == set(TABLES)
    store.close()


@pytest.mark.parametrize(("of", "to"), [("sqlite", "postgres"), ("postgres", "sqlite"), ("postgres", "postgres")])
def test_a_store_moves_with_all_that_it_holds(
    of: str, to: str, places: Callable[[str], Location], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FULL", 7)
    source, target = open_store(places(of)), open_store(places(to), daemon=True)
    fill(source)
    before = publish(source, tmp_path / "before")
    held = rows(source)
    assert [table for table in TABLES if not held[table]] == ["sketch_segment"], "something is in every other table"
    told: list[tuple[str, int, int]] = []
    count = copy_store(source, target, lambda *step: told.append(step))
    assert rows(target) == held and count == sum(map(len, held.values())) + 1
    assert ("record", len(held["record"]), len(held["record"])) in told and told[-1][0] == "words"
    after = publish(target, tmp_path / "after")
    assert sum("/archive/" in name or "archive" in name for name in before) > 5
    assert after == before
    # and it is a store that goes on
    found, known = (list(one.search.candidates(_query("paragraph"))) for one in (target, source))
    assert found == known and len(found) == len(held["record"])
    assert add(target, 50) > max(row[0] for row in held["record"])
    harbour = next(topic for topic in target.topics.all() if topic.name == "harbour")
    assert [one.id for one in target.archives.waiting(harbour.feed_id, stories=True)][-1:] != []
    assert target.file.problems() == []
    with pytest.raises(StoreUnusable, match="holds a store already"):
        copy_store(source, target)
    source.close()
    target.close()


def _query(text: str) -> Any:
    from feeds.topics import parse

    return parse(text)


def test_a_copy_that_fails_leaves_an_empty_store(
    places: Callable[[str], Location], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = open_store(places("sqlite")), open_store(places("postgres"))
    fill(source)

    def fail(what: str, done: int, of: int) -> None:
        if what == "archived":
            raise StoreUnusable("the disk went away")

    monkeypatch.setattr(archives, "FULL", 7)
    publish(source, Path(str(source.where)).parent / "p")
    with pytest.raises(StoreUnusable, match="went away"):
        copy_store(source, target, fail)
    assert target.records.count() == 0 and not target.in_transaction
    copy_store(source, target)
    assert rows(target) == rows(source)
    source.close()
    target.close()


def test_the_command_moves_a_store_there_and_back(
    places: Callable[[str], Location], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, server, back = places("sqlite"), places("postgres"), tmp_path / "back.db"
    source = open_store(file)
    fill(source)
    held = rows(source)
    source.close()
    assert main(["store", "copy", f"sqlite:{file}", str(server)]) == 0
    assert "now say it as store.url" in capsys.readouterr().out
    assert main(["store", "copy", str(server), f"sqlite:{back}"]) == 0
    there = open_store(back)
    assert rows(there) == held
    there.close()
    assert main(["store", "copy", f"sqlite:{file}", str(server)]) == 5
    assert "holds a store already" in capsys.readouterr().err
    assert main(["store", "copy", f"sqlite:{tmp_path / 'missing.db'}", str(server)]) == 2
    assert not (tmp_path / "missing.db").exists()
    assert main(["store", "copy", "mysql:x", str(server)]) == 2
    assert main(["store", "copy", str(server), str(server)]) == 2
    assert main(["store", "copy", str(server), "postgresql://a:hunter2@x/y"]) == 2
    assert "hunter2" not in capsys.readouterr().err


def test_a_store_that_a_daemon_has_is_not_copied(
    places: Callable[[str], Location], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from feeds.store import lock_of

    server = places("postgres")
    open_store(server).close()
    lock = lock_of(server)
    lock.take()
    assert main(["store", "copy", str(server), f"sqlite:{tmp_path / 'x.db'}"]) == 4
    assert "in use by another copydesk" in capsys.readouterr().err
    lock.release()
    assert main(["store", "copy", str(server), f"sqlite:{tmp_path / 'x.db'}"]) == 0


def test_a_copy_of_pg_dump_comes_back_whole(
    places: Callable[[str], Location], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FULL", 7)
    where = places("postgres")
    assert isinstance(where, PostgresLocation)
    store = open_store(where)
    fill(store)
    before, held = publish(store, tmp_path / "before"), rows(store)
    # what a stranger put into the file is no part of a store
    store.db.execute("CREATE TABLE stranger(n integer)")
    store.db.execute("CREATE FUNCTION evil() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    copy = tmp_path / "copy.dump"
    store.file.backup(copy)
    assert copy.stat().st_mode & 0o077 == 0
    store.db.execute("DROP FUNCTION evil()")
    store.db.execute("DROP TABLE stranger")
    store.retention.forget_source("courier", START)
    add(store, 60)
    store.close()
    restore_dump(copy, where, check_dump(copy))
    store = open_store(where)
    assert rows(store) == held and publish(store, tmp_path / "after") == before
    assert store.db.execute("SELECT 1 FROM pg_proc WHERE proname='evil'").fetchone() is None
    assert store.db.execute("SELECT to_regclass('stranger')").fetchone()[0] is None
    assert list(store.search.candidates(_query("paragraph")))
    add(store, 61)
    store.close()


def test_what_is_no_whole_copy_is_refused_and_the_store_stays(
    places: Callable[[str], Location], postgres: Postgres, tmp_path: Path
) -> None:
    where = places("postgres")
    assert isinstance(where, PostgresLocation)
    store = open_store(where)
    fill(store)
    held = rows(store)
    copy, other = tmp_path / "copy.dump", tmp_path / "other.dump"
    store.file.backup(copy)
    cut = tmp_path / "cut.dump"
    cut.write_bytes(copy.read_bytes()[: copy.stat().st_size * 2 // 3])
    text = tmp_path / "text.dump"
    text.write_text("no dump")
    empty = places("postgres")
    assert isinstance(empty, PostgresLocation)
    from feeds.store.database.dump import dump

    dump(empty, other)
    for file, why in ((text, "is no copy"), (other, "is no store of copydesk"), (tmp_path / "missing", "No such file")):
        with pytest.raises(StoreUnusable, match=why):
            check_dump(file)
    with pytest.raises(StoreUnusable, match=r"is no whole copy|is damaged"):
        restore_dump(cut, where, check_dump(cut))
    damaged = tmp_path / "damaged.dump"
    whole = bytearray(copy.read_bytes())
    whole[-3000:-2000] = bytes(1000)
    damaged.write_bytes(whole)
    with pytest.raises(StoreUnusable, match=r"is no whole copy|is damaged"):
        restore_dump(damaged, where, check_dump(damaged))
    assert rows(store) == held
    store.close()
