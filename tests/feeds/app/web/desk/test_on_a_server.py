"""The desk over a store on a server: every page that links lead to says what it says over a store in a file."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from selectolax.lexbor import LexborHTMLParser

from feeds.store import Store
from scrapers import Seed
from tests.support.desk import Browser, DeskUnderTest, file_story, running_desk
from tests.support.stories import record

pytestmark = pytest.mark.real
NOW = datetime.now(UTC).replace(microsecond=0)
NAMES = ("courier", "island")
ONE_SHAPE = 4  # pages of one kind that are looked at


def fill(store: Store) -> None:
    store.sources.sync([Seed(name=name, home=f"http://127.0.0.1:9/{name}") for name in NAMES], NOW)
    with store.transaction():
        for n in range(45):
            at = NOW - timedelta(hours=n)
            file_story(store, record(n, source=NAMES[n % 2], published=at, first_seen=at), NOW)
        store.tokens.add("mine", "kitchen", b"0" * 32, NOW)


def desk_in(folder: Path, store: str | None) -> AbstractContextManager[DeskUnderTest]:
    (folder / "seeds").mkdir(parents=True)
    for name in NAMES:
        (folder / "seeds" / f"{name}.toml").write_text(f'home = "http://127.0.0.1:9/{name}"\n')
    return running_desk(folder, fill=fill, store=store, perform=lambda *_: {"clean": True}, clock=lambda: NOW)


def read(browser: Browser) -> dict[str, str]:
    """The words of every page that links lead to from the first one, some of each kind."""
    found: dict[str, str] = {}
    waiting, kinds = ["/desk"], dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        got = browser.get(path)
        assert got.status == 200, path
        if "text/html" not in got.headers["content-type"]:
            continue
        tree = LexborHTMLParser(got.text)
        main = tree.css_first("main")
        assert main is not None, path
        found[path] = " ".join(main.text(separator=" ").split())
        for link in tree.css("a[href]"):
            address = urldefrag(link.attributes["href"] or "")[0]
            shape = re.sub(r"(sources|topics|stories)/[^/?]+|\?.*", r"\1", address)
            if address.startswith("/desk") and address not in found and kinds.get(shape, 0) < ONE_SHAPE:
                kinds[shape] = kinds.get(shape, 0) + 1
                found[address] = ""
                waiting.append(address)
    return found


def like_everywhere(text: str, desk: DeskUnderTest) -> str:
    """Without what two installations do not share: where they are, how large, and for how long they run."""
    text = text.replace(str(desk.folder), "FOLDER").replace(str(desk.port), "PORT")
    text = re.sub(r"(?:sqlite:|postgresql://)\S+", "STORE", text)
    return re.sub(r"\d+(?:[.,]\d+)? ?(?:bytes|kB|KB|MB|GB|TB|ms|s|%)(?!\w)", "SO MUCH", text)


def act(browser: Browser) -> list[tuple[int, str]]:
    """Forms that change the store, and what the page says after each."""
    story = f"/desk/stories/{record(3).id}"
    done = []
    for path, fields in (
        (story, {"do": "hold"}),
        (story, {"do": "let"}),
        ("/desk/sources/island", {"do": "pause"}),
        ("/desk/sources/island", {"do": "resume"}),
    ):
        browser.get(path)
        got = browser.submit(path, fields)
        done.append((got.status, got.note()))
    return done


def test_pages_and_forms_are_those_of_a_store_in_a_file(tmp_path: Path, postgres_url: str) -> None:
    told: list[dict[str, str]] = []
    did: list[object] = []
    for place, store in (("file", None), ("server", postgres_url)):
        with desk_in(tmp_path / place, store) as desk:
            browser = desk.browser()
            told.append({path: like_everywhere(text, desk) for path, text in read(browser).items()})
            search = browser.get("/desk/stories?q=lighthouse&source=courier&since=7d").text
            assert search.count("The lighthouse keeper") > 5
            did.append(act(browser))
            assert desk.store(lambda store: store.sources.get("island").paused) is False  # type: ignore[union-attr]
    here, there = told
    assert sorted(here) == sorted(there) and len(here) > 20
    assert "The daemon works." in here.pop("/desk/health") and "The daemon works." in there.pop("/desk/health")
    for path, text in here.items():  # but for that one: it tells the risks of a database
        assert there[path] == text, path
    assert did[0] == did[1]
