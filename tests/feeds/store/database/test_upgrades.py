"""A store on a server is copied before its schema is upgraded, and is not upgraded without a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.errors import StoreUnusable
from feeds.store import open_store
from feeds.store.database import dump, server
from feeds.store.database.location import PostgresLocation
from tests.feeds.store.test_store import NOW, seed

pytestmark = pytest.mark.real


@pytest.fixture
def older(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PostgresLocation:
    """A store with a source, of a schema before the one that this program knows."""
    where = PostgresLocation(postgres_url, tmp_path / "var")
    store = open_store(where)
    store.sources.sync([seed("courier")], NOW)
    store.close()
    newest = server.server_migrations()[-1][0]
    more = [*server.server_migrations(), (newest + 1, "CREATE TABLE later(n BIGINT)")]
    monkeypatch.setattr(server, "server_migrations", lambda: more)
    return where


def copy_of(where: PostgresLocation) -> Path:
    return where.folder / f"copydesk.before-{server.server_migrations()[-1][0]:04}.dump"


def test_a_copy_lies_beside_a_store_that_was_upgraded(older: PostgresLocation) -> None:
    store = open_store(older)
    assert store.db.execute("SELECT count(*) FROM later").fetchone()[0] == 0
    store.close()
    assert "TABLE DATA public source" in dump.listed(copy_of(older))
    assert "later" not in dump.listed(copy_of(older)), "it was made before"
    written = copy_of(older).stat().st_mtime_ns
    open_store(older).close()
    assert copy_of(older).stat().st_mtime_ns == written


def test_without_pg_dump_it_stays_as_it_was_and_says_what_is_missing(
    older: PostgresLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(dump, "_PLACES", ())
        without.setenv("PATH", "/nowhere")
        with pytest.raises(StoreUnusable, match=r"need pg_dump \(Debian: postgresql-client\); .*copy of your own"):
            open_store(older)
    assert not copy_of(older).exists()
    older.folder.mkdir(exist_ok=True)
    copy_of(older).write_text("a copy that a person made")
    store = open_store(older)
    assert store.db.execute("SELECT count(*) FROM later").fetchone()[0] == 0
    assert copy_of(older).read_text() == "a copy that a person made"
    store.close()
