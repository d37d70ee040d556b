"""A real reader: newsboat subscribed to /opml.xml shows every entry, and from its third reload on downloads nothing."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.support.door import counting
from tests.support.playing import Play
from tests.support.waiting import PATIENCE, until

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("newsboat"),
    pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed: the reader is NOT tested"),
]


def test_newsboat_sees_everything_and_then_downloads_nothing(tmp_path: Path) -> None:
    reader = tmp_path / "newsboat"
    reader.mkdir()
    with Play(tmp_path / "desk", inside=True) as desk:
        desk.start()
        until(lambda: not desk.missing(), "the first round is in the feeds")
        until(lambda: not desk.once_each(), "each story once")
        opml = reader / "opml.xml"
        opml.write_bytes(desk.get("opml.xml")[1])
        urls, config, cache = reader / "urls", reader / "config", reader / "cache.db"
        urls.touch()
        config.write_text("ssl-verifyhost no\n")

        def newsboat(*arguments: str) -> None:
            subprocess.run(
                ["newsboat", "-u", str(urls), "-C", str(config), "-c", str(cache), *arguments],
                check=True,
                capture_output=True,
                timeout=PATIENCE,
                env={"HOME": str(reader), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            )

        newsboat("-i", str(opml))
        topics = [line for line in urls.read_text().splitlines() if "/t/" in line]
        assert len(topics) == 6
        with counting(desk.port) as (port, seen):
            urls.write_text(urls.read_text().replace(f":{desk.port}/", f":{port}/"))
            for _ in range(2):
                newsboat("-x", "reload")
            before = len(seen)
            newsboat("-x", "reload")
            statuses = {status for _, status in seen[before:]}
            assert len(seen) > before
            assert statuses == {304}

        db = sqlite3.connect(cache)
        rows = db.execute("SELECT title, url, author, pubDate, content, feedurl FROM rss_item").fetchall()
        db.close()
        shown = {row[1]: row for row in rows if f":{port}/s/" in row[5]}
        for articles in desk.newsroom.truth().sites.values():
            for article in articles:
                title, _, author, date, content, _ = shown[article.url]
                assert title == article.title
                assert author
                assert date == int(article.published.timestamp())
                text = " ".join(content.replace("&amp;", "&").split())
                assert all(" ".join(paragraph.split()) in text for paragraph in article.paragraphs), article.url
        assert sum(1 for row in rows if "/t/everything" in row[5]) == len(shown) - sum(
            len(group) - 1 for group in desk.newsroom.truth().copies
        )
