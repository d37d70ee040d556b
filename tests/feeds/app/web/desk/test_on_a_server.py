"""The desk over a store on a server: every page that links lead to says what it says over a store in a file."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.desk import Browser, DeskUnderTest, fill, pages, running_desk
from tests.support.stories import record

pytestmark = pytest.mark.real
NOW = datetime.now(UTC).replace(microsecond=0)
NAMES = ("courier", "island")


def desk_in(folder: Path, store: str | None) -> AbstractContextManager[DeskUnderTest]:
    (folder / "seeds").mkdir(parents=True)
    for name in NAMES:
        (folder / "seeds" / f"{name}.toml").write_text(f'home = "http://127.0.0.1:9/{name}"\n')
    return running_desk(
        folder,
        fill=lambda store: fill(store, 45, NOW, NAMES),
        store=store,
        perform=lambda *_: {"clean": True},
        clock=lambda: NOW,
    )


def read(browser: Browser) -> dict[str, str]:
    """The words of every page that links lead to from the first one, some of each kind."""
    found: dict[str, str] = {}
    for path, tree in pages(browser):
        main = tree.css_first("main")
        assert main is not None, path
        found[path] = " ".join(main.text(separator=" ").split())
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
