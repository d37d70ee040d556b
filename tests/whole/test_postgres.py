"""The whole program with its store on a PostgreSQL server, beside one with a file: one newsroom, the same feeds."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from feeds.app.cli.main import main
from feeds.app.demo.newsroom import Newsroom
from tests.support.postgres import Postgres

pytestmark = pytest.mark.real

Feeds = dict[str, list[tuple[str, str, str, str]]]


def feeds_of(folder: Path) -> Feeds:
    """Every feed with its entries: id, title, link, and text."""
    found: Feeds = {}
    for path in sorted(folder.rglob("*.atom")):
        entries = feedparser.parse(path.read_bytes()).entries
        found[str(path.relative_to(folder))] = sorted(
            (one.id, one.title, one.link, one.content[0].value if "content" in one else "") for one in entries
        )
    return found


@pytest.fixture
def desks(tmp_path: Path, postgres: Postgres, postgres_url: str) -> dict[str, Path]:
    """A folder for each kind of store."""
    return {kind: tmp_path / kind for kind in ("sqlite", "postgres")}


def test_the_feeds_of_both_stores_are_the_same(
    desks: dict[str, Path], postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Newsroom(tmp_path / "room", now=datetime.now(UTC) - timedelta(hours=1), speed=None) as room:
        for kind, folder in desks.items():
            room.seeds(folder / "seeds")
            store = "sqlite:copydesk.db" if kind == "sqlite" else postgres_url
            text = room.config_toml(store=store).replace("[fetch]", "[fetch]\nparallel = 1")
            (folder / "config.toml").write_text(text)

        def copydesk(kind: str, *words: str) -> int:
            return main(["--config", str(desks[kind] / "config.toml"), "--quiet", *words])

        def said(kind: str, *words: str) -> str:
            capsys.readouterr()
            assert main(["--config", str(desks[kind] / "config.toml"), *words]) == 0, words
            return capsys.readouterr().out

        for kind in desks:
            assert copydesk(kind, "check") == 0
            assert copydesk(kind, "run", "--once") == 0
        published = {kind: feeds_of(folder / "public") for kind, folder in desks.items()}
        assert sum(map(len, published["sqlite"].values())) > 60, "there is something to compare"
        assert published["postgres"] == published["sqlite"]
        # what a person asks is answered alike
        status = {kind: json.loads(said(kind, "status", "--json")) for kind in desks}
        for kind in desks:
            told = [(one["name"], one["state"], one["records"]) for one in status[kind]["sources"]]
            assert told == [(one["name"], one["state"], one["records"]) for one in status["sqlite"]["sources"]]
        link = next(entries[0][2] for name, entries in published["sqlite"].items() if name.startswith("s/") and entries)
        for words in (("search", "the"), ("topics", "--json"), ("why", link), ("history", link)):
            texts = {kind: said(kind, *words) for kind in desks}
            assert texts["postgres"] and _without_times(texts["postgres"]) == _without_times(texts["sqlite"]), words
        # an address of which one has a record already, and a copy of the store put back
        for kind in desks:
            assert copydesk(kind, "fetch", "--keep", link) == 0
            copy = desks[kind] / "copy"
            assert copydesk(kind, "backup", str(copy)) == 0
            assert copydesk(kind, "forget", link, "--yes") == 0
            assert not _with(feeds_of(desks[kind] / "public"), link)
            assert copydesk(kind, "restore", str(copy)) == 0
            shutil.rmtree(desks[kind] / "public")
            assert copydesk(kind, "publish") == 0
        after = {kind: feeds_of(folder / "public") for kind, folder in desks.items()}
        assert after["postgres"] == after["sqlite"]
        assert not _with(after["postgres"], link), "what was forgotten stays so, whatever is put back"


def _with(feeds: Feeds, link: str) -> list[str]:
    return [name for name, entries in feeds.items() if link in {entry[2] for entry in entries}]


def _without_times(text: str) -> list[list[str]]:
    """The words of a text, without those that tell times."""
    return [[word for word in line.split() if not any(c.isdigit() for c in word)] for line in text.splitlines()]
