"""What is so because the store is one SQLite file: kills, damage, versions, locks, copies."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.errors import StoreInUse, StoreUnusable
from feeds.store import Lock, Store, open_store
from feeds.store.database.migrations import migrations, statements
from tests.feeds.store.test_store import NOW, add, record, seed


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    store.sources.sync([seed("courier"), seed("herald")], NOW)
    yield store
    store.close()


def test_what_was_committed_is_there_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    program = f"""
        import os
        from datetime import UTC, datetime
        from pathlib import Path
        from feeds.store import open_store
        store = open_store(Path({str(path)!r}), daemon=True)
        with store.transaction():
            store.meta.put("committed", "yes")
        store.db.execute("BEGIN IMMEDIATE")
        store.meta.put("half", "yes")
        os.kill(os.getpid(), 9)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert done.returncode == -9
    store = open_store(path, daemon=True)
    assert store.meta.get("committed") == "yes"
    assert store.meta.get("half") is None
    assert store.file.problems() == []
    store.close()


def test_a_backup_is_a_whole_store(store: Store, tmp_path: Path) -> None:
    add(store, record("quay"))
    store.file.backup(tmp_path / "copy.db")
    copy = open_store(tmp_path / "copy.db")
    assert copy.records.count() == 1
    assert copy.records.by_id(record("quay").id) is not None
    copy.close()


# --- SQLite


def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    path.write_bytes(b"this is no database" * 500)
    with pytest.raises(StoreUnusable, match="damaged"):
        open_store(path, daemon=True)
    assert path.read_bytes() == b"this is no database" * 500


def test_a_store_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    open_store(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=9999")
    db.close()
    with pytest.raises(StoreUnusable, match="newer copydesk"):
        open_store(path)


def test_a_second_daemon_is_told_who_holds_the_store(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "copydesk.db")
    assert lock.holder() is None
    lock.take()
    program = (
        "import sys; from pathlib import Path; from feeds.store import Lock; from feeds.errors import StoreInUse\n"
        f"lock = Lock(Path({str(tmp_path / 'copydesk.db')!r}))\n"
        "print(lock.holder())\n"
        "try: lock.take()\nexcept StoreInUse as e: print(e.reason)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    holder, reason = done.stdout.splitlines()
    import os

    assert int(holder) == os.getpid()
    assert str(os.getpid()) in reason
    lock.release()
    assert lock.holder() is None
    with pytest.raises(StoreInUse):
        held_by_another(tmp_path)


def test_migrations_are_numbered_without_a_gap_and_split_into_statements() -> None:
    numbers = [number for number, _ in migrations()]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    for _, sql in migrations():
        assert all(sqlite3.complete_statement(statement) for statement in statements(sql))


def test_durability_is_set_as_documented(store: Store) -> None:
    pragma = {
        name: store.db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def held_by_another(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "b.db"), Lock(tmp_path / "b.db")
    first.take()
    try:
        second.take()
    finally:
        first.release()


def test_a_copy_has_its_name_only_when_it_is_whole(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that ends half-way leaves the one of before as it was."""
    from feeds.store.database.sqlite import SqliteConnection

    target = tmp_path / "copy.db"
    store.file.backup(target)
    before = target.read_bytes()
    seen: list[str] = []
    real = SqliteConnection.copy_to

    def half(db: SqliteConnection, copy: sqlite3.Connection) -> None:
        seen.append(copy.execute("PRAGMA database_list").fetchone()[2])
        real(db, copy)
        raise StoreUnusable("the disk went away")

    monkeypatch.setattr(SqliteConnection, "copy_to", half)
    add(store, record("later"))
    with pytest.raises(StoreUnusable):
        store.file.backup(target)
    assert target.read_bytes() == before
    assert Path(seen[0]).name == "copy.db.part"
    monkeypatch.undo()
    store.file.backup(target)
    assert target.read_bytes() != before
    assert not target.with_name("copy.db.part").exists()


def test_the_pages_that_a_connection_holds_are_bounded(tmp_path: Path) -> None:
    for daemon in (True, False):
        store = open_store(tmp_path / "copydesk.db", daemon=daemon)
        assert store.db.execute("PRAGMA cache_size").fetchone()[0] == -8192
        store.close()


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("", []),
        ("-- nothing\n\n  -- at all\n", []),
        ("CREATE TABLE a(b);\n\n-- the end\n\n", ["CREATE TABLE a(b);"]),
        ("CREATE TABLE a(b);\nDROP TABLE a", ["CREATE TABLE a(b);", "DROP TABLE a"]),
        (
            "CREATE TRIGGER t AFTER DELETE ON a BEGIN\n  DELETE FROM b;\nEND;",
            ["CREATE TRIGGER t AFTER DELETE ON a BEGIN\n  DELETE FROM b;\nEND;"],
        ),
    ],
)
def test_a_script_is_run_statement_by_statement(sql: str, found: list[str]) -> None:
    assert [one.strip() for one in statements(sql)] == found
