"""A forgotten article is in no byte of the store's files any more (RELIABILITY V)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.health.assess import Trouble
from feeds.identity import dedupe
from feeds.model import Topic
from feeds.store import Store, open_store
from feeds.store.retention import FORGOTTEN_AT_ONCE
from scrapers import Seed
from tests.support.stories import record

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
WORDS = ("zyxommaquartz", "quibblefrostery", "wexelbramble", "flimmerhoarding")  # title, text, the text before, cause


def add(store: Store, number: int, *, words: bool = False, source: str = "courier") -> int:
    at = NOW + timedelta(minutes=number)
    one = record(number, source=source, published=at, first_seen=at)
    with store.transaction():
        story = store.stories.add(one, at)
        n = store.records.add(one, story, "", at)
        store.stories.set_representative(story, n, "")
        store.sketches.add(n, story, dedupe.look(one))
        store.topics.file_record(n, {"all": "everything"})
        if words:
            old = store.records.get(n)
            assert old is not None
            text = f"{one.text}\nSomebody spoke of a {WORDS[2]}."
            was = replace(one, title=f"{one.title} {WORDS[0]}", text=text, html=f"<p>{text}</p>")
            store.records.revise(old, was, why="", public=False, now=at + timedelta(hours=1))
            old = store.records.get(n)
            assert old is not None
            now = replace(was, text=f"{one.text}\nIt was a {WORDS[1]}.", html=f"<p>It was a {WORDS[1]}.</p>")
            store.records.revise(old, now, why="", public=False, now=at + timedelta(hours=2))
            cause = f"{one.url} is kept out of the feeds: {WORDS[3]}"
            store.troubles.note("publisher", [Trouble(f"record:{n}", "degraded", cause, at)], at)
    return n


def found(folder: Path) -> dict[str, list[str]]:
    """Which words are in which file of a folder."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    return {name: hits for name, data in files.items() if (hits := [word for word in WORDS if word.encode() in data])}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        'contact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:store/copydesk.db"\nbackups = 0\n',
        encoding="utf-8",
    )
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/courier.toml").write_text('home = "https://courier.example/"\n')
    return path


def opened(config: Path) -> Store:
    store = open_store(config.parent / "store/copydesk.db", daemon=True)
    store.sources.sync([Seed(name="courier", home="https://courier.example/")], NOW)
    store.topics.sync((Topic("all", "All"),), NOW)
    return store


def copydesk(config: Path, *arguments: str) -> int:
    return main(["--config", str(config), "--quiet", *arguments])


def test_no_word_of_a_forgotten_article_is_left_in_the_files(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = opened(config)
    for number in range(60):
        add(store, number, words=number == 20)
    store.close()
    folder = config.parent / "store"
    assert copydesk(config, "publish") == 0
    assert found(folder) == {"copydesk.db": list(WORDS)}, "this test sees what is there"
    public = [path for path in (config.parent / "var/public").rglob("*.atom") if WORDS[0].encode() in path.read_bytes()]
    assert len(public) == 2
    copy = folder / "backups" / "copydesk-2026-02-28.db"
    assert copydesk(config, "backup", str(folder / "other.db")) == 0
    copy.parent.mkdir()
    (folder / "other.db").rename(copy)
    capsys.readouterr()
    assert copydesk(config, "forget", record(20).url) == 0
    assert found(folder) == {}
    assert not [path for path in public if WORDS[0].encode() in path.read_bytes()]
    assert str(copy) in capsys.readouterr().err.replace("\n", ""), "copies are named"
    store = opened(config)
    assert store.file.problems() == []
    assert store.records.count() == 59
    assert not store.search.purge(first=False)
    store.close()


def test_a_forgotten_source_leaves_nothing_and_is_taken_away_a_few_records_at_a_time(config: Path) -> None:
    store = opened(config)
    total = FORGOTTEN_AT_ONCE * 2 + 5
    for number in range(total):
        add(store, number, words=number in (3, total - 1))
    store.close()
    assert copydesk(config, "forget", "courier") == 0
    assert found(config.parent / "store") == {}
    store = opened(config)
    assert store.records.count() == 0
    assert store.file.problems() == []
    store.close()
