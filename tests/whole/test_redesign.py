"""A site is redesigned under a running daemon: its stories go on, it is told, and one command writes it down."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import feedparser
import pytest

from tests.support import preloaded
from tests.support.misbehaving import Web
from tests.support.redesigns import Told, new_article, new_front, old_article, old_front, stories
from tests.support.waiting import PATIENCE, finished, until, until_of

pytestmark = pytest.mark.xdist_group("redesign")


def test_a_daemon_repairs_a_source_and_a_command_writes_its_seed(tmp_path: Path, web: Web) -> None:
    seed = tmp_path / "seeds/lantern.toml"
    seed.parent.mkdir()
    seed.write_text(
        f'home = "{web.url()}"\nevery = "1s"\ntimezone = "UTC"\n'
        'discover = { links = "h2.story__title a" }\nextract = { title = "h1.story__title", authors = ".story__by" }\n'
    )
    config = tmp_path / "config.toml"
    config.write_text(
        'contact = "mailto:desk@example.org"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n'
    )

    def shows(front: str, told: list[Told], article: object) -> None:
        for one in told:
            web.page(one.path, (new_article(one, decoy=Told(11)) if article == "new" else old_article(one)).encode())
        web.page("/", front.encode())

    def feed(name: str) -> list[feedparser.FeedParserDict]:
        path = tmp_path / f"var/public/{name}.atom"
        return list(feedparser.parse(path.read_bytes()).entries) if path.exists() else []

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return preloaded.run(["--config", str(config), *arguments], timeout=PATIENCE)

    told, fresh = stories(8), stories(2, first=8)
    shows(old_front(told), told, "old")
    daemon = preloaded.start(["--config", str(config), "run", "--no-web"], tmp_path / "daemon.log")
    try:
        ready = tmp_path / "daemon.log"
        until_of(daemon, lambda: len(feed("s/lantern")) == 8, "the first stories are in the feed", ready)
        before = {entry.link: entry.id for entry in feed("s/lantern")}

        shows(new_front([*fresh, *told]), [*fresh, *told], "new")
        until(lambda: len(feed("s/lantern")) == 10, "the stories go on after the redesign")
        entries = feed("s/lantern")
        assert {entry.link: entry.id for entry in entries if entry.link in before} == before
        assert [entry.author for entry in entries if entry.title == fresh[0].title] == [fresh[0].author]
        until(
            lambda: any(entry.title.startswith("lantern: repaired: discover.links") for entry in feed("t/_health")),
            "the feed of health tells it",
        )
        assert "h3.teaser" not in seed.read_text()

        done = command("repair", "lantern", "--write", "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["written"] == {
            "discover.links": "h3.teaser-headline a",
            "extract.title": "h1.headline",
            "extract.authors": "main.article-page .writer",
        }
        assert 'links = "h3.teaser-headline a"' in seed.read_text()
        until(
            lambda: any("selectors are those of its seed again" in entry.title for entry in feed("t/_health")),
            "the daemon reads the seed anew",
        )
        (source,) = json.loads(command("status", "--json").stdout)["sources"]
        assert (source["state"], source["selectors"]) == ("ok", [])
        assert command("repair", "nobody").returncode == 2
    finally:
        daemon.terminate()
        code = finished(daemon, tmp_path / "daemon.log")
    assert code == 0
    assert "Traceback" not in (tmp_path / "daemon.log").read_text()
