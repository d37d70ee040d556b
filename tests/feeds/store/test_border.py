"""Only the store speaks SQL, and only errors of ours leave it."""

import re
import sqlite3
from pathlib import Path

import pytest

from feeds.errors import StoreBusy, StoreUnusable
from feeds.store import Store
from feeds.store.database.sqlite import SqliteConnection, as_ours

FEEDS = Path(__file__).parents[3] / "feeds"
SQL = re.compile(
    r"""(?<!copydesk)\.db\b(?!["'`\w])|\bimport sqlite3\b|"""
    r"""["'](?:SELECT|INSERT INTO|UPDATE|DELETE FROM|PRAGMA|CREATE TABLE) """
)


def speaks_sql(text: str) -> bool:
    return SQL.search(text) is not None


def test_no_sql_outside_the_store() -> None:
    outside = [path for path in FEEDS.rglob("*.py") if "store" not in path.relative_to(FEEDS).parts[:1]]
    assert len(outside) > 100, "the test looks at something"
    assert [str(path.relative_to(FEEDS)) for path in outside if speaks_sql(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "text", ["store.db.execute(x)", "import sqlite3", 'f("SELECT n FROM record")', "q = 'UPDATE record SET n=1'"]
)
def test_sql_is_seen(text: str) -> None:
    assert speaks_sql(text)
    assert not speaks_sql('url = "sqlite:var/copydesk.db"')
    assert not speaks_sql("copydesk store copy sqlite:var/copydesk.db postgresql://db.example/copydesk")


def test_another_writer_makes_it_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.store.database.file.BUSY_SECONDS", 0.05)
    one, other = Store(tmp_path / "copydesk.db"), Store(tmp_path / "copydesk.db")
    with one.transaction(), pytest.raises(StoreBusy, match="another process holds it"), other.transaction():
        pass
    other.meta.put("x", "y")
    one.close()
    other.close()


def test_damage_that_is_met_while_rows_are_read_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("CREATE TABLE large(text TEXT)")
    raw.executemany("INSERT INTO large VALUES(?)", [("x" * 3000,)] * 50)
    raw.close()
    whole = bytearray(path.read_bytes())
    whole[20 * 4096 : 60 * 4096] = b"\xff" * (40 * 4096)
    path.write_bytes(whole)
    db = SqliteConnection(sqlite3.connect(path, isolation_level=None), path)
    with pytest.raises(StoreUnusable, match="is damaged"):
        db.execute("SELECT text FROM large").fetchall()
    with pytest.raises(StoreUnusable, match="is damaged"):
        list(db.execute("SELECT text FROM large"))
    db.close()


def test_a_mistake_of_ours_stays_what_it_is() -> None:
    error = sqlite3.OperationalError("no such table: nowhere")
    assert as_ours(error) is error
