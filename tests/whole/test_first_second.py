"""From the first second on, every document of an installation is there and is what validators want it to be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from tests.support.feed_rules import broken
from tests.support.playing import Play, free_port
from tests.support.waiting import until

pytestmark = pytest.mark.xdist_group("daemons")
FORMS = {".atom": "atom", ".rss": "rss", ".json": "json", "": "html"}


EMPTY = ("t/nothing", "s/closed")  # feeds to which no story ever comes: a topic without a match, a site that is down


def with_empty_feeds(play: Play) -> None:
    """Configure a topic and a source of which nothing comes."""
    play.config.write_text(
        f'{play.config.read_text("utf-8")}\n[[topics]]\nname = "nothing"\nquery = "zzyzx"\n', "utf-8"
    )
    (play.folder / "seeds/closed.toml").write_text(f'home = "http://127.0.0.1:{free_port()}/"\n', "utf-8")


def look(play: Play) -> tuple[list[str], int]:
    """What is wrong with the documents of all feeds, and how many stories the topic of everything shows."""
    status, opml = play.get("opml.xml")
    faults = [] if status == 200 else [f"opml.xml: {status}"]
    faults += [f"opml.xml: {fault}" for fault in broken(opml, "opml")]
    feeds = [outline.get("xmlUrl", "") for outline in etree.fromstring(opml).iter("outline") if outline.get("xmlUrl")]
    stories = 0
    listed = [address.removesuffix(".atom").split("/", 3)[3] for address in feeds]
    faults += [f"{stem}: is not in the OPML" for stem in EMPTY if stem not in listed]
    for stem in dict.fromkeys([*listed, *(f"s/{name}" for name in play.newsroom.homes), "t/_health"]):
        for suffix, form in FORMS.items():
            status, data = play.get(f"{stem}{suffix}", **{"Accept-Language": "uk"})
            faults += [f"{stem}{suffix}: {status}"] if status != 200 else []
            faults += [f"{stem}{suffix}: {fault}" for fault in broken(data, form)] if status == 200 else []
            if stem == "t/everything" and form == "atom":
                stories = data.count(b"<entry")
            if stem in EMPTY and ((suffix == ".atom" and b"<entry" in data) or (suffix == ".rss" and b"<item" in data)):
                faults.append(f"{stem}{suffix}: is not empty")
    status, index = play.get("")
    return faults + [f"the index: {fault}" for fault in broken(index, "html")], stories


def test_every_document_is_valid_at_every_moment_of_a_first_round(tmp_path: Path) -> None:
    with Play(tmp_path) as play:
        with_empty_feeds(play)
        play.start()
        faults: Counter[str] = Counter()
        seen: list[int] = []

        def whole() -> bool:
            found, stories = look(play)
            faults.update(found)
            seen.append(stories)
            return not play.missing()

        until(whole, "the first round is in the feeds")
        for _ in range(2):
            whole()
        assert faults == Counter()
        assert seen == sorted(seen) and seen[-1] > 0
