"""Which seeds and settings are in use: what is read anew, what stays, and what nobody asks for any more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.config.config import examined, load
from feeds.app.installation import Installation
from feeds.store import Store, open_store
from feeds.store.tables.sources import AskedFeed
from scrapers import Seed
from tests.support.reading import NOW
from tests.support.stores import call_at_once

CONFIG = 'contact = "mailto:desk@paper.example"\nbase_url = "https://news.example/"\n'
ASKED = [
    AskedFeed(f"asked-{n:012x}", f"https://lake-{n}.example/", "rss", "", NOW, NOW - timedelta(days=n)) for n in (1, 9)
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    with store.transaction():
        for one in ASKED:
            store.asked_feeds.add(one)
    yield store
    store.close()


def installation(store: Store, folder: Path, more: str = "", *, daemon: bool = True) -> Installation:
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "seeds/courier.toml").write_text('home = "https://courier.example/"\nhosts = ["island.example"]\n')
    (folder / "seeds/island.toml").write_text('home = "https://island.example/"\n')
    (folder / "config.toml").write_text(CONFIG + more)
    thread: Any = SimpleNamespace(store=store, call=call_at_once)
    return Installation(load(folder / "config.toml"), thread, lambda: NOW, daemon=daemon)


def test_feeds_on_demand_are_sources_until_nobody_asks_for_them(store: Store, tmp_path: Path) -> None:
    off = installation(store, tmp_path)
    asyncio.run(off.apply())
    assert list(off.seeds) == ["courier", "island"]
    on = installation(store, tmp_path, '[web]\non_demand = true\non_demand_keep = "7d"\n')
    asyncio.run(on.apply())
    assert set(on.seeds) == {"courier", "island", *(one.name for one in ASKED)} and set(on.file_seeds) == set(off.seeds)
    asyncio.run(on.drop_unasked())
    assert [one.name for one in store.asked_feeds.all()] == [ASKED[0].name]
    assert set(on.seeds) == {"courier", "island", ASKED[0].name}, "the seeds in use are made anew"
    asyncio.run(on.drop_unasked())
    assert len(store.asked_feeds.all()) == 1


def test_who_speaks_for_an_address(store: Store, tmp_path: Path) -> None:
    made = installation(store, tmp_path, daemon=False)
    asyncio.run(made.apply())
    assert store.sources.labels() == [], "only a daemon writes them to the store"
    for url, name in (
        ("https://courier.example/a", "courier"), ("https://island.example/a", "island"),
        ("https://www.island.example/a", "island"), ("https://other.example/a", "kept"),
    ):  # fmt: skip
        assert made.source_of(url).name == name
    assert made.source_of("https://other.example/a") == Seed("kept", "https://other.example/a")


def test_a_configuration_is_read_anew_unless_it_is_wrong(store: Store, tmp_path: Path) -> None:
    made = installation(store, tmp_path)
    asyncio.run(made.apply())
    path = tmp_path / "config.toml"
    path.write_text("contact = 5\n")
    assert asyncio.run(made.reload(path)) is False and len(made.reload_mistakes) >= 1
    assert made.config.base_url == "https://news.example"
    path.write_text(f'{CONFIG}title = "Desk"\n[store]\nurl = "sqlite:other.db"\n[web]\nlisten = "127.0.0.1:9"\n'
                    '[publish]\nfolder = "elsewhere"\nentries = 7\n[[topics]]\nname = "harbour"\n')  # fmt: skip
    before = made.config
    assert asyncio.run(made.reload(path)) is True and made.reload_mistakes == []
    config = made.config
    assert (config.title, config.publish.entries, [topic.name for topic in made.topics]) == ("Desk", 7, ["harbour"])
    assert (config.store, config.web, config.publish.folder) == (before.store, before.web, before.publish.folder)
    assert config.store_path == before.store_path
    assert [topic.name for topic in store.topics.all() if topic.removed is None] == ["harbour"]


def test_what_all_published_documents_have_in_common(store: Store, tmp_path: Path) -> None:
    for more, hubs, variants, pages in (
        ("", ("https://news.example/hub",), False, True),
        (
            '[publish]\nhub = "none"\ncompress = "ahead"\n[web]\npages = false\n',
            (),
            True,
            False,
        ),
        ('[publish]\nhub = ["https://hub.example/"]\n', ("https://hub.example/",), False, True),
    ):
        made = installation(store, tmp_path, more)
        asyncio.run(made.apply())
        told = made.publish_settings()
        assert (tuple(told.publisher.hubs), told.variants, told.publisher.pages) == (hubs, variants, pages), more
        assert told.publisher.picture_key == store.meta.picture_key() is not None
        assert (told.entries, told.publisher.audience, told.publisher.base_url) == (
            made.config.publish.entries, "public", "https://news.example",
        )  # fmt: skip


def test_what_of_a_configuration_can_be_used_beside_its_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for text, usable, mistakes in (
        (CONFIG, True, 0),
        ("contact = ", False, 1),
        ("title = 5\n", True, 2),
        (f"{CONFIG}titel = 5\n", True, 1),
        (f'{CONFIG}subjects = "none.toml"\n', True, 1),
        (f'{CONFIG}subjects = "none.toml"\ntitel = 5\n', True, 1),
        (f'{CONFIG}[fetch]\nproxy = "http://p.example"\nproxy_user = "a"\nproxy_password = "file:none"\n', True, 1),
    ):
        path.write_text(text)
        config, found = examined(path)
        assert (config is not None, len(found)) == (usable, mistakes), (text, found)
    path.write_text(f"{CONFIG}[publish]\nentries = 0\n")
    config, _ = examined(path)
    assert config is not None and (config.base_url, config.folder) == ("https://news.example", tmp_path.resolve())
