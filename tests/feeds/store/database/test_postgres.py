"""What is so because the store is on a server: it may go away, be full, be another's, or hold what it cannot."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.errors import StoreBusy, StoreUnusable
from feeds.model import Topic
from feeds.store import Store, open_store
from feeds.store.database import postgres as driver
from feeds.store.database.location import PostgresLocation
from feeds.store.database.postgres import PostgresConnection, as_ours
from tests.feeds.store.test_store import NOW, add, record, seed
from tests.support.postgres import Postgres
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.real


@pytest.fixture
def where(postgres_url: str, tmp_path: Path) -> PostgresLocation:
    return PostgresLocation(postgres_url, tmp_path)


@pytest.fixture
def store(where: PostgresLocation) -> Iterator[Store]:
    store = open_store(where)
    store.sources.sync([seed("courier")], NOW)
    yield store
    store.close()


def test_rows_are_told_by_place_and_by_name(store: Store) -> None:
    (row,) = store.db.execute("SELECT 1 AS one, 'x' AS two, 3 AS one").fetchall()
    assert (row[0], row["one"], row["two"], row[-1]) == (1, 1, "x", 3)
    assert tuple(row) == (1, "x", 3) and dict(store.db.execute("SELECT 1 AS a, 2 AS b").fetchone()) == {"a": 1, "b": 2}
    with pytest.raises(KeyError):
        row["three"]


def test_another_writer_makes_it_busy(store: Store, where: PostgresLocation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_SETTINGS", "SET lock_timeout=50")
    other = open_store(where)
    with store.transaction(), pytest.raises(StoreBusy, match="another process holds it"), other.transaction():
        pass
    assert not other.in_transaction
    other.meta.put("x", "y")
    assert store.meta.get("x") == "y"
    other.close()


def test_two_writers_wait_for_each_other_and_readers_for_nobody(store: Store, where: PostgresLocation) -> None:
    order: list[str] = []
    began = threading.Event()

    def second() -> None:
        other = open_store(where)
        began.set()
        with other.transaction():
            order.append("second")
        other.close()

    thread = threading.Thread(target=second)
    reader = open_store(where)
    with store.transaction():
        store.meta.put("held", "1")
        thread.start()
        assert began.wait(PATIENCE)
        while not waiting(store):
            time.sleep(0.01)
        assert reader.meta.get("held") is None
        order.append("first")
    thread.join(PATIENCE)
    assert order == ["first", "second"] and reader.meta.get("held") == "1"
    reader.close()


def waiting(store: Store) -> bool:
    row = store.db.execute("SELECT count(*) FROM pg_locks WHERE locktype='advisory' AND NOT granted").fetchone()
    return bool(row[0])


def test_a_mistake_in_a_transaction_undoes_it_and_the_store_goes_on(store: Store) -> None:
    import psycopg

    with pytest.raises(psycopg.Error), store.transaction():
        store.meta.put("x", "y")
        store.db.execute("SELECT nothing FROM nowhere")
    assert store.meta.get("x") is None
    store.meta.put("x", "z")
    assert store.meta.get("x") == "z"


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_server_that_restarts_is_a_passing_trouble(postgres_own: Postgres, tmp_path: Path, how: str) -> None:
    """Reading and a new transaction go on by themselves; the one in hand is undone, and what was kept is there."""
    where = PostgresLocation(postgres_own.url(postgres_own.create()), tmp_path)
    store = open_store(where)
    store.sources.sync([seed("courier")], NOW)
    n = add(store, record("quay"))
    postgres_own.restart(how)
    assert store.records.count() == 1, "a look connects anew"
    with pytest.raises(StoreBusy), store.transaction():
        store.meta.put("half", "1")
        postgres_own.restart(how)
        store.meta.put("half", "2")
    with store.transaction():
        assert store.meta.get("half") is None
        store.meta.put("whole", "1")
    postgres_own.stop(how)
    with pytest.raises(StoreBusy, match="cannot be reached"):
        store.meta.get("whole")
    with pytest.raises(StoreBusy), store.transaction():
        pass
    with pytest.raises(StoreBusy):
        open_store(where)
    postgres_own.start()
    assert store.meta.get("whole") == "1"
    assert store.records.get(n) is not None
    store.close()


def test_what_no_text_of_the_server_can_hold_is_kept_without_it(store: Store) -> None:
    store.meta.put("odd", "a\0b")
    assert store.meta.get("odd") == "a\ufffdb"
    assert store.records.aliases(["a\0b", "\ud800", "courier.example/quay"]) == {}
    with store.transaction():
        store.publishing.mark_dirty(["a\0b"], ["courier"])
    n = add(store, record("quay"))
    assert store.records.aliases(["\ud83d\udea2\0", "courier.example/quay"]) == {"courier.example/quay": n}


def test_a_database_of_a_newer_program_is_refused(store: Store, where: PostgresLocation) -> None:
    store.db.execute("UPDATE schema_version SET version=9999")
    with pytest.raises(StoreUnusable, match="newer copydesk"):
        open_store(where)


def test_a_database_that_lost_a_table_is_refused(store: Store, where: PostgresLocation) -> None:
    store.db.execute("DROP TABLE alias")
    with pytest.raises(StoreUnusable, match="lost some of its tables"):
        open_store(where)


def test_other_tables_in_the_database_do_not_matter(where: PostgresLocation, postgres: Postgres) -> None:
    with postgres.connect(postgres.name_of(where.url)) as db:
        db.execute("CREATE TABLE a_queue(n integer)")
    store = open_store(where)
    assert store.records.count() == 0
    store.close()


def test_what_cannot_work_is_told_in_a_word(where: PostgresLocation, postgres: Postgres, tmp_path: Path) -> None:
    missing = PostgresLocation(postgres.url("no_such_database"), tmp_path)
    with pytest.raises(StoreUnusable, match="there is no such database"):
        open_store(missing)
    stranger = PostgresLocation(postgres.url(postgres.name_of(where.url), user="stranger"), tmp_path)
    with pytest.raises(StoreUnusable, match=r"does not exist|refuses"):
        open_store(stranger)
    nowhere = PostgresLocation(f"postgresql:///x?host={tmp_path}", tmp_path)
    with pytest.raises(StoreBusy, match="cannot be reached"):
        open_store(nowhere)


def test_an_encoding_that_does_not_hold_all_is_refused(postgres: Postgres, tmp_path: Path) -> None:
    with postgres.connect("postgres") as db:
        db.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'")
    with pytest.raises(StoreUnusable, match="encoding LATIN1"):
        open_store(PostgresLocation(postgres.url("latin"), tmp_path))
    postgres.drop("latin")


def test_many_may_open_a_new_database_at_one_moment(where: PostgresLocation) -> None:
    failed: list[BaseException] = []

    def open_it() -> None:
        try:
            open_store(where).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE)
    assert failed == []


def test_errors_of_ours_say_what_kind_they_are() -> None:
    import psycopg

    assert isinstance(as_ours(psycopg.errors.DiskFull("no room"), "x"), StoreBusy)
    assert isinstance(as_ours(psycopg.errors.TooManyConnections("full"), "x"), StoreBusy)
    assert isinstance(as_ours(psycopg.errors.DeadlockDetected("deadlock"), "x"), StoreBusy)
    assert isinstance(as_ours(psycopg.errors.ReadOnlySqlTransaction("standby"), "x"), StoreBusy)
    assert isinstance(as_ours(psycopg.errors.InsufficientPrivilege("no"), "x"), StoreUnusable)
    assert isinstance(as_ours(psycopg.errors.DataCorrupted("bad"), "x"), StoreUnusable)
    mistake = psycopg.errors.UndefinedTable("no such table")
    assert as_ours(mistake, "x") is mistake


def test_a_transaction_begins_when_what_must_hold_holds(where: PostgresLocation) -> None:
    db = PostgresConnection(where)
    asked: list[str] = []

    def refuse() -> None:
        asked.append("begun")
        raise StoreBusy("another desk leads")

    db.begun = refuse
    with pytest.raises(StoreBusy, match="another desk leads"), db.transaction():
        pass
    assert asked == ["begun"] and not db.in_transaction
    db.begun = lambda: None
    with db.transaction():
        assert db.execute("SELECT 1").fetchone()[0] == 1
    db.close()


def test_the_upkeep_of_a_server_is_told(store: Store) -> None:
    assert store.file.problems() == []
    assert any("fsync=off" in line for line in store.file.warnings()), "as the tests run it"
    assert not store.file.shrink() and store.file.empty_log()
    assert store.file.size() > 1_000_000
    store.topics.sync([Topic("harbour", "The harbour")], NOW)
    add(store, record("quay"), "harbour")
    store.file.vacuum()
    assert store.records.count() == 1
    store.db.execute("UPDATE pg_index SET indisvalid=false WHERE indexrelid='record_source'::regclass")
    assert store.file.problems() == ["the index record_source is not valid: REINDEX INDEX record_source"]
