"""Every document of a demo run is walked: valid, nothing relative, no beacon, nothing that runs, in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from feeds.app.config.config import load
from feeds.compose import archives
from feeds.model import Publisher
from feeds.publish.atomic_files import Folder
from feeds.publish.feed_reader import PublishSettings
from feeds.publish.plan import mark_all_dirty, mark_written, next_plan
from feeds.publish.write import write_feed
from feeds.store import open_store
from tests.support.feed_rules import ATOM, broken
from tests.support.playing import EVERYTHING, Play, after_the_first_round

pytestmark = pytest.mark.xdist_group("documents")

FORMS = {".atom": "atom", ".rss": "rss", ".json": "json", ".opml": "opml", ".xml": "opml", ".html": "html"}
LONG = 200  # characters of a complaint that are shown


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A desk that has published everything, and is shut again."""
    with after_the_first_round(tmp_path_factory.mktemp("documents")) as play:
        assert play.stop() == 0
        yield play


def complaints(public: Path) -> tuple[Counter[str], list[str]]:
    """How many documents of each form there are in a folder, and every rule that one of them breaks."""
    count: Counter[str] = Counter()
    found = []
    for path in sorted(public.rglob("*")):
        form = FORMS.get(path.suffix)
        if form is not None:
            count[form] += 1
            name = path.relative_to(public)
            found += [f"{name}: {rule[:LONG]}" for rule in broken(path.read_bytes(), form)]
    return count, found


def test_no_document_of_a_demo_run_breaks_a_rule(desk: Play) -> None:
    count, found = complaints(desk.public)
    assert found == []
    assert count["atom"] == count["rss"] == count["json"] >= 13, "6 topics and 7 sources"
    assert count["html"] >= 14, "and the index page"
    assert count["opml"] == 1


def test_no_archive_document_of_the_same_stories_breaks_a_rule(
    desk: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a demo has fewer stories than an archive document holds: so the documents are made smaller, not the demo larger
    monkeypatch.setattr(archives, "FULL", 8)
    config = load(desk.config)
    house = PublishSettings(Publisher("The demo copy desk", "https://desk.example"), entries=5)
    store = open_store(config.store_path)
    copy = tmp_path / "copy.db"
    store.file.backup(copy)
    store.close()
    store = open_store(copy)
    mark_all_dirty(store)
    topics = config.all_topics()
    while (plan := next_plan(store, house, topics)) is not None:
        done = write_feed(plan, tmp_path / "public", tmp_path / "private")
        assert done.refused is None
        assert done.quarantined == ()
        mark_written(store, plan, done)
    store.close()
    count, found = complaints(tmp_path / "public")
    assert found == []
    folder = Folder(tmp_path / "public")
    shelved = [name for name in folder.names() if name.startswith(f"t/{EVERYTHING}/archive-") and name.endswith("atom")]
    assert len(shelved) >= 4
    assert count["atom"] > count["rss"] + len(shelved)
    for name in shelved:
        root = etree.fromstring(folder.read(name) or b"")
        assert len(root.findall(f"{ATOM}entry")) == 8
        assert root.find("{http://purl.org/syndication/history/1.0}archive") is not None
