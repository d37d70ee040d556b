"""Commands for the store as a whole and for lists of subscriptions: each refusal with its code, and what is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.app.cli import recover
from feeds.app.cli.records.move import _a_reference, _location
from feeds.errors import StoreUnusable
from feeds.store import Lock, open_store
from feeds.store.database.location import PostgresLocation
from scrapers import Seed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Told = tuple[int, str, str]


def stored(path: Path, *names: str) -> Path:
    """A store with sources of these names."""
    store = open_store(path, daemon=True)
    store.sources.sync([Seed(name, f"https://{name}.example/") for name in names], NOW)
    store.close()
    return path


def names_in(path: Path) -> list[str]:
    store = open_store(path)
    try:
        return [one.name for one in store.sources.labels()]
    finally:
        store.close()


OPML = """<opml version="2.0"><body>
<outline text="Post" type="rss" xmlUrl="https://post.example/rss" htmlUrl="https://post.example/"/>
<outline text="Hill" type="rss" xmlUrl="https://hill.example/rss"/>
<outline text="None" type="rss" xmlUrl="ftp://none.example/"/></body></opml>"""


def test_subscriptions_become_sources(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    file = tmp_path / "subscriptions.opml"
    assert copydesk("opml", "import", str(file))[::2] == (2, f"{file}: No such file or directory\n")
    file.write_text(OPML)
    code, out, err = copydesk("opml", "import", str(file), "--dry-run")
    seeds = sorted(line.split("  ")[0] for line in out.splitlines())
    assert code == 0 and len(seeds) == 2 and list((tmp_path / "seeds").iterdir()) == []
    assert "2 sources would be written, 1 left out" in err and "left out: " in err
    code, again, err = copydesk("opml", "import", str(file))
    assert (code, again) == (0, out) and "2 sources written, 1 left out" in err
    assert sorted(str(one) for one in (tmp_path / "seeds").iterdir()) == seeds
    file.write_text("<opml><body/></opml>")
    code, out, err = copydesk("opml", "import", str(file))
    assert (code, out) == (6, "") and err == f"{file}: holds no subscription that can be a source\n"


def test_a_store_is_copied_into_an_empty_one(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    source, target = stored(tmp_path / "a.db", "courier", "post"), tmp_path / "b.db"
    for words, code, why in (
        (("mysql:a", str(target)), 2, "mysql:a: "),
        ((f"sqlite:{source}", "postgresql://a:secret@db.example/x"), 2, "the address: "),
        ((f"sqlite:{source}", f"sqlite:{source}"), 2, "both are the same store"),
        ((f"sqlite:{tmp_path}/none.db", f"sqlite:{target}"), 2, f"{tmp_path}/none.db: there is no store"),
        ((f"sqlite:{source}", f"sqlite:{target}", "--from-password", "secret"), 2, ""),
    ):
        told = copydesk("store", "copy", *words)
        assert told[0] == code and told[2].startswith(why) and "secret" not in why, (words, told)
        assert not target.exists()
    lock = Lock(source)
    lock.take()
    code, _, err = copydesk("store", "copy", f"sqlite:{source}", f"sqlite:{target}")
    lock.release()
    assert code == 4 and err.endswith("stop it before\n")
    code, out, _ = copydesk("store", "copy", f"sqlite:{source}", f"sqlite:{target}")
    assert code == 0 and out.endswith(f"of {source} are in {target}; now say it as store.url\n")
    assert names_in(target) == ["courier", "post"]
    assert copydesk("store", "copy", f"sqlite:{source}", f"sqlite:{target}")[0] == 5, "it is not empty any more"
    for path in (source, target):
        held = Lock(path)
        held.take()  # nobody holds it
        held.release()
        assert not path.with_name(f"{path.name}-wal").exists(), "nothing is left open"


def test_where_a_password_and_a_store_are() -> None:
    for told, right in (("env:NAME", True), ("file:a", True), ("secret", False), (None, True), (5, True)):
        if right:
            _a_reference(None, told)
        else:
            with pytest.raises(ValueError, match="should be"):
                _a_reference(None, told)
    url = "postgresql://desk@db.example/desk"
    assert _location(url, "env:A") == PostgresLocation(url, Path(), "env:A")
    assert _location("sqlite:a/b.db", "env:A") == Path("a/b.db") == _location("a/b.db", None)


def test_a_copy_is_looked_at_before_anything_moves(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    where = tmp_path / "var/copydesk.db"
    good, foreign, broken = stored(tmp_path / "good.db", "courier"), tmp_path / "foreign.db", tmp_path / "broken.db"
    with closing(sqlite3.connect(stored(foreign, "post"))) as db:
        db.execute("CREATE TRIGGER mine AFTER INSERT ON source BEGIN DELETE FROM source; END")
    broken.write_bytes(good.read_bytes()[:5000])
    for file in (foreign, broken, tmp_path / "none.db"):
        with pytest.raises(StoreUnusable, match="the store was left as it is"):
            recover._checked_copy(file, where)
        assert not list(where.parent.glob("copydesk*")), file
    fresh = recover._checked_copy(good, where)
    assert fresh == tmp_path / "var/copydesk.db.restoring" and fresh.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in where.parent.iterdir()] == [fresh.name]
    fresh.unlink()
    assert copydesk("restore", str(foreign))[0] == 5 and not where.exists()
    code, out, _ = copydesk("restore", str(good))
    assert code == 0 and "kept as" not in out and names_in(where) == ["courier"]
    code, out, _ = copydesk("restore", str(stored(tmp_path / "other.db", "post")))
    assert code == 0 and "the former store is kept as " in out and names_in(where) == ["post"]
    kept = Path(out.partition("kept as ")[2].splitlines()[0])
    assert names_in(kept) == ["courier"]


def test_what_is_forgotten_stays_so_and_a_store_that_cannot_be_read_forgets_nothing(tmp_path: Path) -> None:
    where = stored(tmp_path / "a.db", "courier")
    assert recover._forgotten(tmp_path / "none.db") == [] == recover._forgotten(where)
    broken = tmp_path / "b.db"
    broken.write_bytes(b"no database" * 999)
    assert recover._forgotten(broken) == []
    assert (recover._sound(where), recover._sound(broken)) == (True, False)
    assert recover._set_aside(tmp_path / "none.db", NOW) is None
    (tmp_path / "a.db-wal").write_bytes(b"wal")
    kept = recover._set_aside(where, NOW)
    assert kept is not None and kept.exists() and kept.with_name(f"{kept.name}-wal").read_bytes() == b"wal"
    assert not where.exists() and not (tmp_path / "a.db-wal").exists()


def test_what_a_rebuild_and_a_vacuum_need(copydesk: Callable[..., Told], tmp_path: Path) -> None:
    code, _, err = copydesk("rebuild", "--from-feeds")
    assert (code, err) == (2, f"{tmp_path}/var/public: there are no feeds to rebuild from\n")
    code, _, err = copydesk("vacuum")
    assert (code, err) == (2, f"{tmp_path}/var/copydesk.db: there is no store yet\n")
    stored(tmp_path / "var/copydesk.db", "courier")
    code, out, _ = copydesk("vacuum")
    assert code == 0 and out.startswith(f"{tmp_path}/var/copydesk.db: ") and out.endswith(" MB now\n")
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:wire</id><title>F</title></feed>'
    for name, text in (("s/wire.atom", feed), ("s/odd.atom", "<feed")):
        (tmp_path / "var/public" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "var/public" / name).write_text(text)
    code, out, err = copydesk("rebuild", "--from-feeds")
    assert code == 0 and "odd.atom" in err and "kept as" not in out
    assert out.endswith(
        "0 records in 0 stories and 0 archives came back from 1 published documents, 0 records in a newer version\n"
    )
    (tmp_path / "var/copydesk.db").write_bytes(b"no database" * 999)
    code, out, _ = copydesk("rebuild", "--from-feeds")
    assert code == 0 and out.startswith("the damaged store is kept as ")
