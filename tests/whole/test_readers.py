"""Real readers are shown the feeds of a demo run, over HTTP: each sees every field that it can show, whole.

The truth is the newsroom's: what its sites tell. Readers that are not installed are skipped, and said to be NOT tested.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from time import struct_time
from typing import Any

import feedparser
import pytest
from lxml import etree

from feeds.app.demo.newsroom import Article
from feeds.store import open_store
from tests.support.door import counting
from tests.support.feed_rules import broken
from tests.support.playing import EVERYTHING, Play, after_the_first_round, place
from tests.support.waiting import PATIENCE, finished, until

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("readers")]

ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """The daemon, after the first round of all sites."""
    with after_the_first_round(tmp_path_factory.mktemp("readers")) as play:
        yield play


def sites(desk: Play) -> Iterator[tuple[str, dict[str, Article]]]:
    """Each site with what it tells, by page."""
    for name, articles in desk.newsroom.truth().sites.items():
        yield name, {place(article.url): article for article in articles}


def labels(desk: Play) -> dict[str, set[str]]:
    """Page → section and tags, as the store has them: not every site names its sections on the page."""
    store = open_store(desk.folder / "copydesk.db")
    try:
        return {
            place(stored.record.url): {*stored.record.tags, *filter(None, [stored.record.section])}
            for name in desk.newsroom.homes
            for stored in store.records.of_source(name, 100)
        }
    finally:
        store.close()


def words(html: str) -> str:
    """The text of markup, each gap one space."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def assert_whole(article: Article, html: str) -> None:
    """Every paragraph of the article, in order."""
    text = words(html)
    places = [text.find(" ".join(paragraph.split())) for paragraph in article.paragraphs]
    assert -1 not in places and places == sorted(places), article.url


def moment(parsed: struct_time) -> datetime:
    return datetime(*parsed[:6], tzinfo=UTC)


def pictures(data: bytes) -> dict[str, str]:
    """Entry id → address of the picture, as the document has it."""
    found = {}
    for entry in etree.fromstring(data).iter(f"{ATOM}entry", "item"):
        identity = entry.findtext(f"{ATOM}id") or entry.findtext("guid") or ""
        media = entry.find(f"{MEDIA}content")
        if media is not None:
            found[identity] = media.get("url") or ""
    return found


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_feedparser_sees_every_field(desk: Play, form: str) -> None:
    shown = with_picture = with_section = 0
    known = labels(desk)
    for name, articles in sites(desk):
        data = desk.get(f"s/{name}.{form}")[1]
        parsed = feedparser.parse(data)
        assert not parsed.bozo
        assert parsed.feed.title
        assert parsed.feed.language
        assert parsed.feed.generator
        assert {place(entry.link) for entry in parsed.entries} == set(articles)
        images = pictures(data)
        for entry in parsed.entries:
            article = articles[place(entry.link)]
            shown += 1
            assert entry.id.startswith("urn:uuid:")
            assert entry.title == article.title
            assert [author.name for author in entry.authors] == list(article.authors)
            assert moment(entry.published_parsed) == article.published
            if form == "atom":  # RSS has no date of the last change
                assert moment(entry.updated_parsed) >= article.published
                assert entry.source.id.startswith("urn:uuid:")
            assert entry.source.title
            assert entry.summary
            (content,) = entry.content
            assert content.type == "text/html"
            assert_whole(article, content.value)
            tags = {tag.get("label") or tag.term for tag in entry.tags}
            assert known[place(entry.link)] <= tags
            with_section += article.section in tags
            assert (entry.id in images) == bool(entry.get("media_content"))
            if entry.id in images:
                with_picture += 1
                assert entry.media_content[0]["url"] == images[entry.id]
                assert images[entry.id] in content.value, "the picture stands in front of the text too"
            if article.caption:
                assert entry.id in images, article.url
            assert all(e.get("href") == images[entry.id] and e.type and e.length for e in entry.enclosures)
    assert shown >= 40
    assert with_picture >= 10
    assert with_section >= 40


def test_feedparser_sees_a_topic_in_its_categories_and_the_other_outlets(desk: Play) -> None:
    entries = feedparser.parse(desk.get("t/harbour.atom")[1]).entries
    assert entries
    for entry in entries:
        assert "harbour" in {tag.term for tag in entry.tags if tag.scheme.endswith("/t/")}
    copies = desk.newsroom.truth().copies
    assert copies
    everything = feedparser.parse(desk.get(f"t/{EVERYTHING}.atom")[1]).entries
    for group in copies:
        pages = {place(url) for url in group}
        (entry,) = [entry for entry in everything if place(entry.link) in pages]
        related = {place(link.href) for link in entry.links if link.rel == "related"}
        assert {place(entry.link)} | related == pages


def test_a_json_feed_has_every_field_of_the_specification(desk: Play) -> None:
    known = labels(desk)
    for name, articles in sites(desk):
        data = desk.get(f"s/{name}.json")[1]
        assert broken(data, "json") == []
        document = json.loads(data)
        assert document["version"] == "https://jsonfeed.org/version/1.1"
        assert document["feed_url"].endswith(f"/s/{name}.json")
        for field in ("title", "home_page_url", "icon", "favicon", "authors", "language", "hubs"):
            assert document[field], field
        atom = feedparser.parse(desk.get(f"s/{name}.atom")[1]).entries
        assert [item["id"] for item in document["items"]] == [entry.id for entry in atom]
        assert {place(item["url"]) for item in document["items"]} == set(articles)
        for item, entry in zip(document["items"], atom, strict=True):
            article = articles[place(item["url"])]
            assert item["title"] == article.title
            assert [author["name"] for author in item["authors"]] == list(article.authors)
            assert item["author"] == item["authors"][0]
            assert datetime.fromisoformat(item["date_published"]) == article.published
            assert datetime.fromisoformat(item["date_modified"]) == moment(entry.updated_parsed)
            assert item["summary"]
            assert_whole(article, item["content_html"])
            assert known[place(item["url"])] <= set(item["tags"])
            assert item.get("image") == (entry.media_content[0]["url"] if entry.get("media_content") else None)


needs_sfeed = pytest.mark.skipif(
    shutil.which("sfeed") is None or shutil.which("sfeed_update") is None or shutil.which("curl") is None,
    reason="sfeed or curl is not installed: the reader is NOT tested",
)


@needs_sfeed
def test_sfeed_sees_every_field(desk: Play, tmp_path: Path) -> None:
    # sfeed_update is a shell script with a configuration of functions; it fetches with curl and parses with sfeed
    rows = "\n".join(
        f'feed "{name}-{form}" "http://127.0.0.1:{desk.port}/s/{name}.{form}"'
        for name, _ in sites(desk)
        for form in ("atom", "rss")
    )
    rc = tmp_path / "sfeedrc"
    rc.write_text(f'sfeedpath="{tmp_path}/feeds"\nfeeds() {{\n{rows}\n}}\n')
    done = subprocess.run(
        ["sfeed_update", str(rc)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    known = labels(desk)
    for name, articles in sites(desk):
        parsed = {entry.link: entry for entry in feedparser.parse(desk.get(f"s/{name}.atom")[1]).entries}
        for form in ("atom", "rss"):
            lines = (tmp_path / "feeds" / f"{name}-{form}").read_text().splitlines()
            assert len(lines) == len(articles)
            for line in lines:
                date, title, link, content, kind, identity, author, enclosure, category = line.split("\t")[:9]
                article, entry = articles[place(link)], parsed[link]
                assert title == article.title
                assert int(date) == int(article.published.timestamp())
                assert identity == entry.id
                assert kind == "html"
                assert_whole(article, content.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\"))
                assert author in article.authors
                assert known[place(link)] <= set(category.split("|"))
                assert enclosure == (entry.enclosures[0].href if entry.enclosures else "")


@pytest.fixture
def library() -> Iterator[Any]:
    """A reading list of the library reader, in memory."""
    made = pytest.importorskip("reader", reason="the library reader is not installed: the reader is NOT tested")
    reading = made.make_reader(":memory:")
    yield reading
    reading.close()


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_the_library_reader_sees_every_field_and_then_downloads_nothing(desk: Play, library: Any, form: str) -> None:
    with counting(desk.port) as (port, seen):
        urls = {name: f"http://127.0.0.1:{port}/s/{name}.{form}" for name, _ in sites(desk)}
        for url in urls.values():
            library.add_feed(url)
        for result in library.update_feeds_iter():
            assert not isinstance(result.value, Exception), result
        assert {status for _, status in seen} == {200}
        for name, articles in sites(desk):
            assert library.get_feed(urls[name]).title
            entries = list(library.get_entries(feed=urls[name]))
            assert {place(entry.link) for entry in entries} == set(articles)
            for entry in entries:
                _library_shows(entry, articles[place(entry.link)], form)

        before = len(seen)
        changed = [library.update_feed(url) for url in urls.values()]  # by hand: by itself it keeps to max-age
        assert len(seen) - before == len(urls)
        assert {status for _, status in seen[before:]} == {304}
        assert changed == [None] * len(urls)


def _library_shows(entry: Any, article: Article, form: str) -> None:
    assert entry.id.startswith("urn:uuid:")
    assert entry.title == article.title
    (author,) = entry.authors  # of several it keeps one
    assert author.name in article.authors
    assert entry.published == article.published
    if form == "atom":
        assert entry.updated >= article.published
    assert entry.summary
    assert_whole(article, entry.get_content().value)
    assert entry.source is not None
    assert entry.source.title


needs_liferea = pytest.mark.skipif(
    not all(map(shutil.which, ("liferea", "xvfb-run", "dbus-run-session"))),
    reason="liferea, xvfb or dbus is not installed: the reader is NOT tested",
)


@contextmanager
def liferea(home: Path) -> Iterator[Path]:
    """Liferea on a screen that nobody sees, with its files below `home`; its database. It ends with the block."""
    folders = {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("config", "data", "cache")}
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    running = subprocess.Popen(
        ["xvfb-run", "-a", "dbus-run-session", "liferea"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=home,
        env={
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(home / "run"),
            "GSETTINGS_BACKEND": "memory",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # a browser's sandbox does not start in every container
            **folders,
        },
    )
    try:
        yield home / "data/liferea/liferea.db"
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        finished(running)


def rows(database: Path, question: str) -> list[Any]:
    """What Liferea has written down so far; nothing before it has made its tables."""
    if not database.exists():
        return []
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return db.execute(question).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        db.close()


@needs_liferea
def test_liferea_sees_every_field(desk: Play, tmp_path: Path) -> None:
    wanted = {page: article for _, articles in sites(desk) for page, article in articles.items()}
    known = labels(desk)
    with counting(desk.port) as (port, seen):
        outlines = "".join(
            f'<outline text="{name}" title="{name}" type="atom" id="{name[:7]}" updateInterval="60"'
            f' xmlUrl="http://127.0.0.1:{port}/s/{name}.atom"/>'
            for name, _ in sites(desk)
        )
        (tmp_path / "config/liferea").mkdir(parents=True)
        (tmp_path / "config/liferea/feedlist.opml").write_text(
            f'<?xml version="1.0"?><opml version="1.0"><head><title>Feeds</title></head><body>{outlines}</body></opml>'
        )
        with liferea(tmp_path) as database:
            until(
                lambda: rows(database, "SELECT count(*) FROM items") == [(len(wanted),)],
                "liferea has every entry",
            )
            items = rows(database, "SELECT item_id, source, title, source_id, date, description FROM items")
            more: dict[int, dict[str, set[str]]] = {}
            for item, key, value in rows(database, "SELECT item_id, key, value FROM metadata"):
                more.setdefault(item, {}).setdefault(key, set()).add(value)
        feeds = [status for path, status in seen if path.startswith("/s/") and path.endswith(".atom")]
        assert feeds == [200] * len(desk.newsroom.homes)
    assert {place(row[1]) for row in items} == set(wanted)
    for item, link, title, identity, date, description in items:
        article = wanted[place(link)]
        assert identity.startswith("urn:uuid:")
        assert title == article.title
        assert date >= int(article.published.timestamp())  # that of the last change; pubDate is beside it
        assert datetime.fromisoformat(*more[item]["pubDate"]) == article.published
        assert more[item]["author"] <= set(article.authors)
        assert known[place(link)] <= more[item]["category"]
        assert_whole(article, description)
        assert ("mediathumbnail" in more[item]) == bool(article.caption), link


def test_a_revised_headline_stays_one_entry_in_the_library_reader(desk: Play, library: Any) -> None:
    event = next(e for e in desk.newsroom.events_until(desk.newsroom.length) if e.kind == "correct")
    assert event.url is not None
    url = f"http://127.0.0.1:{desk.port}/s/{event.site}.atom"
    library.add_feed(url)
    library.update_feed(url)
    (before,) = [entry for entry in library.get_entries(feed=url) if place(entry.link) == place(event.url)]
    count = library.get_entry_counts(feed=url).total
    desk.newsroom.advance(event.at)
    done = desk.copydesk("fetch", "--keep", event.url)
    assert done.returncode == 0, done.stderr
    (article,) = [a for a in desk.newsroom.truth().sites[event.site] if a.url == event.url]
    assert article.title != before.title
    until(lambda: article.title in {e.title for e in desk.feed(f"s/{event.site}.atom")}, "the revision is published")
    library.update_feed(url)
    (after,) = [entry for entry in library.get_entries(feed=url) if place(entry.link) == place(event.url)]
    assert library.get_entry_counts(feed=url).total == count
    assert (after.id, after.title) == (before.id, article.title)
    assert after.published == before.published
    assert after.updated > before.updated
    assert_whole(article, after.get_content().value)
