"""A person who clicks on a feed's address is sent to the topic's page by the daemon; `?raw` shows the feed.

That no reader is sent anywhere is seen in test_readers.py: they are answered 200 and 304 alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.door import counting
from tests.support.playing import Play
from tests.support.waiting import PATIENCE, until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("click"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: a click on a feed is NOT tested"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A daemon with stories about the harbour."""
    with Play(tmp_path_factory.mktemp("click"), inside=True) as play:
        play.start()
        until(lambda: not play.missing() and not play.once_each(), "the first round is in the feeds")
        yield play


def shown(url: str, home: Path) -> str:
    """The document that Chromium shows for an address that was typed or clicked."""
    done = subprocess.run(
        [
            CHROMIUM or "",
            "--headless",
            "--no-sandbox",  # it does not start in every container; the page is our own
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            f"--user-data-dir={home}/profile",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )
    return done.stdout


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_click_on_a_feed_in_chromium_shows_the_page_of_the_topic(desk: Play, tmp_path: Path, form: str) -> None:
    entries = desk.feed("t/harbour.atom")  # before the page: a feed may still grow
    with counting(desk.port) as (port, seen):
        page = shown(f"http://127.0.0.1:{port}/t/harbour.{form}", tmp_path)
        assert [(path, status) for path, status in seen if path.startswith("/t/")][:1] == [(f"/t/harbour.{form}", 302)]
    assert entries
    assert "<title>" in page
    assert all(entry.title.replace("&", "&amp;") in page for entry in entries)
    assert all(f"/t/harbour.{other}" in page for other in ("atom", "rss", "json")), "the addresses to copy"
    assert "<entry>" not in page


def test_raw_shows_the_feed_itself(desk: Play, tmp_path: Path) -> None:
    with counting(desk.port) as (port, seen):
        shown(f"http://127.0.0.1:{port}/t/harbour.json?raw", tmp_path)
        assert ("/t/harbour.json?raw", 200) in seen
