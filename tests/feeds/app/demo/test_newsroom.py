"""The demo newsroom itself: its script is repeatable, its pages are whole, its server keeps RFC 9110."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
import time
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from feeds.app.demo import demo, wix
from feeds.app.demo.newsroom import Newsroom
from tests.support.playing import free_port
from tests.support.waiting import PATIENCE

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def room(folder: Path, **options: object) -> Newsroom:
    return Newsroom(folder, now=NOW, speed=None, **options)  # type: ignore[arg-type]


@pytest.fixture
def still(tmp_path: Path) -> Newsroom:
    """A newsroom that does not listen."""
    return room(tmp_path)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Newsroom]:
    with room(tmp_path) as newsroom:
        yield newsroom


def get(url: str, method: str = "GET", timeout: float = PATIENCE, **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request(method, parts.path or "/", headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def seen_text(html: bytes) -> str:
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style"])
    return " ".join((tree.body.text(separator=" ") if tree.body else "").split())


# --- the library


def test_the_sites_have_enough_to_tell(still: Newsroom) -> None:
    stories = still.script.library.stories.values()
    assert len(still.script.library.sites) >= 7
    assert len(stories) >= 60
    assert sum(still.script.library.sites[s.site].language == "es" for s in stories) >= 10
    assert len({s.title for s in stories}) == len(stories)
    for story in stories:
        words = [len(p.split()) for p in story.paragraphs]
        assert 4 <= len(words) <= 12 and min(words) >= 20 and max(words) <= 95, story.key


def test_no_two_stories_share_a_paragraph_but_copies_do(still: Newsroom) -> None:
    where: dict[str, set[str]] = {}
    for story in still.script.library.stories.values():
        for paragraph in story.paragraphs:
            where.setdefault(paragraph, set()).add(story.wire or story.key)
    assert all(len(keys) == 1 for keys in where.values())


# --- the script


def test_the_script_is_a_function_of_its_seed_number(tmp_path: Path) -> None:
    one, same, other = (room(tmp_path / n, seed=s) for n, s in (("a", 7), ("b", 7), ("c", 8)))
    assert one.truth(300) == same.truth(300)
    assert one.events_until(9999) == same.events_until(9999)
    assert one.truth(300) != other.truth(300)
    for path in one.paths("tarnmouth-star", 300):
        assert one.page("tarnmouth-star", path, 300) == same.page("tarnmouth-star", path, 300)


@pytest.mark.parametrize("seed", range(1, 21))
def test_every_seed_number_gives_a_sound_script(tmp_path: Path, seed: int) -> None:
    script = room(tmp_path, seed=seed).script
    kinds = [script.kind(act) for act in script.acts]
    assert {"publish", "carry", "correct", "down", "up", "redesign"} == set(kinds)
    assert [act.at for act in script.acts] == sorted(act.at for act in script.acts)
    assert all(act.at > 0 for act in script.acts)
    for story in script.library.stories.values():
        if story.wire:  # nobody prints a wire story before the wire has sent it
            assert script.appears[story.key] > script.appears[story.wire]
    for name in script.library.sites:
        assert script.state(name, 0).articles and script.state(name, 9999).down is None


def test_stories_appear_and_are_corrected_and_never_leave(still: Newsroom) -> None:
    known: dict[str, datetime] = {}
    for event in [None, *still.events_until(9999)]:
        truth = still.truth(event.at if event else 0)
        now = {a.url: a.published for articles in truth.sites.values() for a in articles}
        assert known.items() <= now.items()
        assert (len(now) == len(known) + 1) == (event is not None and event.kind in ("publish", "carry")) or not known
        if event and event.kind == "correct":
            article = next(a for a in truth.sites[event.site] if a.url == event.url)
            before = next(a for a in still.truth(event.at - 1).sites[event.site] if a.url == event.url)
            assert article.updated and article.updated > article.published == before.published
            assert article.paragraphs != before.paragraphs and article.title != before.title
        known = now
    assert max(known.values()) <= NOW + timedelta(seconds=still.length)


def test_the_wire_story_reaches_a_second_and_a_third_paper(still: Newsroom) -> None:
    at_start, at_end = still.truth(0).copies, still.truth(9999).copies
    assert sorted(len(group) for group in at_start) == [3]
    assert sorted(len(group) for group in at_end) == [3, 3]
    assert all(group <= still.truth(9999).urls for group in at_end)
    assert len({urlsplit(url).hostname for group in at_end for url in group}) >= 4


def test_a_fast_clock_dates_nothing_in_the_future(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, now=NOW, speed=10)
    last = newsroom.events_until(9999)[-1].at
    dates = [a.published for articles in newsroom.truth(last).sites.values() for a in articles]
    assert max(dates) <= NOW + timedelta(seconds=last / 10)


# --- the pages


def test_every_page_parses_and_every_front_lists_its_stories(still: Newsroom) -> None:
    for name, site in still.script.library.sites.items():
        for at in (0, 330, 9999):
            truth = still.truth(at).sites[name]
            for path in still.paths(name, at):
                answer = still.page(name, path, at)
                assert answer is not None and answer.status == 200 and answer.body
                if "xml" in answer.content_type:
                    etree.fromstring(answer.body)
                elif "json" in answer.content_type:
                    assert json.loads(answer.body)
                elif "html" in answer.content_type:
                    for script in LexborHTMLParser(answer.body).css(
                        'script[type="application/ld+json"], script#__NEXT_DATA__, script#wix-warmup-data'
                    ):
                        assert isinstance(json.loads(script.text(deep=True)), dict | list)
            front = still.page(name, "/", at)
            assert front is not None
            links = {a.attributes.get("href") or "" for a in LexborHTMLParser(front.body).css("a")}
            paths = {urlsplit(link).path for link in links}
            assert {urlsplit(a.url).path for a in truth[:20]} <= paths, site.name


def test_every_picture_that_a_page_names_is_served(still: Newsroom) -> None:
    named = re.compile(rb"""//[\w.:-]+(/media/[^\s"'&<>)\\]+)""")
    for name in still.script.library.sites:
        pictures: set[str] = set()
        for path in still.paths(name, 9999):
            answer = still.page(name, path, 9999)
            if answer is not None and "image/" not in answer.content_type:
                pictures |= {found.decode() for found in named.findall(answer.body)}
        assert pictures or name == "halyard-press"
        missing = [path for path in sorted(pictures) if still.page(name, path, 9999) is None]
        assert not missing, (name, missing[:3])


def test_every_article_page_tells_its_story_and_more(still: Newsroom) -> None:
    for name, site in still.script.library.sites.items():
        for article in still.truth(9999).sites[name]:
            answer = still.page(name, urlsplit(article.url).path, 9999)
            assert answer is not None
            shown = seen_text(answer.body)
            assert article.title in shown
            if site.cms == "next":  # the text is in the page's state alone
                assert not any(p in shown for p in article.paragraphs)
                state = LexborHTMLParser(answer.body).css_first("script#__NEXT_DATA__")
                blocks = json.loads(state.text(deep=True))["props"]["pageProps"]["story"]["body"]
                assert [b["content"][0]["text"] for b in blocks if b["type"] == "paragraph"] == list(article.paragraphs)
            else:
                places = [shown.find(p) for p in article.paragraphs]
                assert -1 not in places and places == sorted(places)
                assert len(shown) > 1.1 * sum(map(len, article.paragraphs))  # boilerplate
            assert b"Halyard Press Agency" in answer.body or "Halyard Press Agency" not in article.authors


def test_feeds_and_sitemaps_say_what_the_truth_says(still: Newsroom) -> None:
    feeds = {
        "tarnmouth-star": "/blog-feed.xml",
        "greyford-courier": "/feed/",
        "wendale-post": "/rss.xml",
        "eco-de-alisal": "/rss.xml",
        "halyard-press": "/atom.xml",
    }
    for name, path in feeds.items():
        truth = still.truth(9999).sites[name]
        answer = still.page(name, path, 9999)
        assert answer is not None
        feed = feedparser.parse(answer.body, response_headers={"content-type": answer.content_type})
        assert not feed.bozo, name
        expected = [(a.title, urlsplit(a.url).path) for a in truth[: len(feed.entries)]]
        assert [(e.title, urlsplit(e.link).path) for e in feed.entries] == expected
        assert [datetime(*e.published_parsed[:6], tzinfo=UTC) for e in feed.entries] == [
            a.published for a in truth[: len(feed.entries)]
        ]
        full = [
            any(p.split(" ")[-1] in str(e.get("content")) for p in a.paragraphs[-1:])
            for e, a in zip(feed.entries, truth, strict=False)
        ]
        assert all(full) == (name == "greyford-courier")
    sitemap = still.page("kelsby-herald", "/news-sitemap.xml", 9999)
    robots = still.page("kelsby-herald", "/robots.txt", 9999)
    assert sitemap and robots and b"news-sitemap.xml" in robots.body
    assert len(re.findall(rb"<news:title>", sitemap.body)) == len(still.truth(9999).sites["kelsby-herald"])
    front = still.page("kelsby-herald", "/", 9999)
    assert front and b"application/rss" not in front.body and b"atom" not in front.body


# --- Wix


@pytest.mark.parametrize("design", ["2022", "2024", "2025", "2026"])
def test_wix_wears_the_markup_of_its_year(tmp_path: Path, design: str) -> None:
    newsroom = room(tmp_path, sites={"tarnmouth-star": design})
    listing = newsroom.page("tarnmouth-star", "/all-news")
    assert listing is not None
    tree = LexborHTMLParser(listing.body)
    count = len(newsroom.truth(0).sites["tarnmouth-star"])
    cards = tree.css('[data-hook="post-list-item"]')
    assert len(cards) == count and {card.tag for card in cards} == {"div" if design >= "2025" else "article"}
    titles = tree.css('[data-hook="post-title"] > *')
    assert {t.tag for t in titles} == {"h2" if design >= "2025" else "p"}
    assert not tree.css("time")
    warm = json.loads(tree.css_first("#wix-warmup-data").text(deep=True))["appsWarmupData"]
    if design == "2022":
        assert warm == {}
    else:
        (value,) = warm[wix.BLOG].values()
        assert isinstance(value, dict if design == "2024" else str)
        if design == "2025":
            escaped = b64decode(value).decode("ascii")
            value = re.sub(r"%u([0-9a-f]{4})|%([0-9a-f]{2})", lambda m: chr(int(m[1] or m[2], 16)), escaped)
        data = json.loads(value) if isinstance(value, str) else value
        posts = data["feedResponse"]["postFeedPage"]["posts"]["posts"]
        assert [p["title"] for p in posts] == [a.title for a in newsroom.truth(0).sites["tarnmouth-star"]]
    article = next(a for a in newsroom.truth(0).sites["tarnmouth-star"] if a.caption)
    page = newsroom.page("tarnmouth-star", urlsplit(article.url).path)
    assert page is not None
    post = LexborHTMLParser(page.body).css_first('article[data-hook="post"]')
    viewer = "rich-content-viewer" if design < "2024" else "content-viewer"
    lines = [p.text().strip() for p in post.css(f'[data-id="{viewer}"] p')]
    assert lines[0].startswith(article.caption or "") and lines[1].startswith("By ")
    assert tuple(lines[2 : 2 + len(article.paragraphs)]) == article.paragraphs
    whole = seen_text(page.body)
    assert "top of page" in whole and "bottom of page" in whole and "Recent Posts" in whole
    assert ("0 comments" in whole and "Post not marked as liked" in whole) == (design < "2026")
    assert len(LexborHTMLParser(page.body).css('[data-hook="recent-post-list-item"]')) == 3


def test_the_redesign_changes_markup_and_no_address(still: Newsroom) -> None:
    (event,) = [e for e in still.events_until(9999) if e.kind == "redesign"]
    before, after = (still.page(event.site, "/", event.at + step) for step in (-1, 1))
    assert before and after and b'<article class="RiOfiW' in before.body and b'<article class="RiOfiW' not in after.body
    assert still.truth(event.at - 1).sites[event.site] == still.truth(event.at + 1).sites[event.site]


# --- the server


def test_the_server_answers_304_head_gzip_and_404(running: Newsroom) -> None:
    home = running.homes["greyford-courier"]
    status, head, plain = get(f"{home}feed/")
    assert status == 200 and head["content-type"].startswith("application/rss+xml") and "content-encoding" not in head
    status, zipped, body = get(f"{home}feed/", Accept_Encoding="gzip, br")
    assert zipped["content-encoding"] == "gzip" and gzip.decompress(body) == plain
    assert zipped["etag"] != head["etag"] and zipped["vary"] == "Accept-Encoding"
    for headers in (
        {"If_None_Match": head["etag"]},
        {"If_None_Match": f'"other", W/{head["etag"]}'},
        {"If_Modified_Since": head["last-modified"]},
    ):
        status, again, body = get(f"{home}feed/", **headers)
        assert (status, body) == (304, b"") and again["etag"] == head["etag"]
    assert get(f"{home}feed/", If_None_Match='"other"', If_Modified_Since=head["last-modified"])[0] == 200
    status, only, body = get(f"{home}feed/", "HEAD")
    assert (status, body, only["content-length"]) == (200, b"", str(len(plain)))
    assert get(f"{home}no-such-page")[0] == 404
    assert get(f"{home}feed/?utm_source=x")[0] == 200
    assert get(home, "POST")[0] == 405


def test_an_etag_changes_with_an_act_and_only_then(running: Newsroom) -> None:
    events = running.events_until(9999)
    first = next(e for e in events if e.kind == "publish" and e.site == "greyford-courier")
    feed = f"{running.homes['greyford-courier']}feed/"
    etag = get(feed)[1]["etag"]
    running.advance(first.at - 1)
    assert get(feed)[1]["etag"] == etag
    told = running.advance(first.at + 1)
    status, head, body = get(feed, If_None_Match=etag)
    assert first in told and status == 200 and head["etag"] != etag
    assert first.url is not None and first.url.encode() in body


def test_a_site_refuses_connections_and_comes_back_on_its_port(running: Newsroom) -> None:
    events = running.events_until(9999)
    (down,) = [e for e in events if e.kind == "down" and "refuses" in e.text]
    (up,) = [e for e in events if e.kind == "up" and e.site == down.site]
    home = running.homes[down.site]
    parts = urlsplit(home)
    open_one = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    open_one.request("GET", "/")
    open_one.getresponse().read()
    running.advance(down.at)
    with pytest.raises(ConnectionRefusedError):
        get(home)
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        open_one.request("GET", "/")
        open_one.getresponse()
    open_one.close()
    running.advance(up.at)
    assert get(home)[0] == 200


def test_a_site_answers_502_and_comes_back(running: Newsroom) -> None:
    (down,) = [e for e in running.events_until(9999) if e.kind == "down" and "502" in e.text]
    running.advance(down.at)
    assert get(running.homes[down.site])[0] == 502
    running.advance(running.length)
    assert get(running.homes[down.site])[0] == 200


def test_ports_and_start_survive_a_restart(tmp_path: Path) -> None:
    with room(tmp_path) as first:
        homes, truth = dict(first.homes), first.truth(0)
    with Newsroom(tmp_path, now=NOW + timedelta(days=3), speed=None) as second:
        assert second.homes == homes and second.truth(0) == truth


def test_a_running_clock_tells_events_by_itself(tmp_path: Path) -> None:
    with Newsroom(tmp_path, now=datetime.now(UTC) - timedelta(seconds=100), speed=10) as newsroom:
        assert newsroom.at >= 1000
        assert len(newsroom.events_until(newsroom.at)) == len(newsroom.script.acts)
        with pytest.raises(RuntimeError):
            newsroom.advance(5)
        assert get(newsroom.homes["wendale-post"])[0] == 200


def test_a_running_clock_shuts_a_door_and_opens_it_again(tmp_path: Path, still: Newsroom) -> None:
    (down,) = [e for e in still.events_until(9999) if e.kind == "down" and "refuses" in e.text]
    for speed in (30.0, 6.0, 2.0):  # the outage lasts for about three seconds; for more, where these are not enough
        begun = datetime.now(UTC) - timedelta(seconds=(down.at - 35) / speed)
        answers: list[int] = []
        with Newsroom(tmp_path / f"running-{speed}", now=begun, speed=speed) as newsroom:
            home = newsroom.homes[down.site]
            while len(answers) < 3 and newsroom.at < down.at + 200:
                try:
                    answer = get(home, timeout=5)[0]
                except OSError:  # refused, or cut off or never taken while the door shuts
                    answer = 0
                if not answers or answers[-1] != answer:
                    answers.append(answer)
                time.sleep(0.02)
        if answers == [200, 0, 200]:
            break
    assert answers == [200, 0, 200]


# --- what the demo is started with


def test_of_two_demos_that_begin_at_once_each_has_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both bind the usual port, which is allowed while nobody listens; the second one to listen is refused."""
    monkeypatch.setattr(demo, "PORT", free_port())

    plain = socket.socket

    class Late(plain):  # type: ignore[misc,valid-type]
        def listen(self, backlog: int = 128) -> None:
            if self.getsockname()[1] == demo.PORT:
                with plain() as other:
                    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    other.bind(self.getsockname())
                    other.listen()
                    super().listen(backlog)
            super().listen(backlog)

    with demo.listening() as first:
        assert first.getsockname()[1] == demo.PORT
    monkeypatch.setattr(demo.socket, "socket", Late)
    with demo.listening() as second:
        assert second.getsockname()[1] != demo.PORT


def test_seed_files_and_configuration_are_valid(running: Newsroom, tmp_path: Path) -> None:
    import tomllib

    running.seeds(tmp_path / "seeds")
    for name, home in running.homes.items():
        assert tomllib.loads((tmp_path / "seeds" / f"{name}.toml").read_text("utf-8")) == {"home": home}
    config = tomllib.loads(running.config_toml(listen="127.0.0.1:9"))
    assert len(config["topics"]) == 5 and config["base_url"] == "http://127.0.0.1:9"
    assert len(tomllib.loads(running.config_toml(topics=3))["topics"]) == 3


def test_every_style_sheet_and_script_that_a_front_names_is_there(running: Newsroom) -> None:
    for home in running.homes.values():
        tree = LexborHTMLParser(get(home)[2])
        names = [n.attributes.get("href") for n in tree.css('link[rel="stylesheet"]')]
        assert names
        for name in names:
            status, head, body = get(f"{home}{urlsplit(name or '').path.lstrip('/')}")
            assert status == 200 and head["content-type"].startswith("text/css") and b"{{" not in body


def test_what_is_no_request_gets_400_and_harms_nobody(running: Newsroom) -> None:
    parts = urlsplit(running.homes["wendale-post"])
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as raw:
        raw.sendall(b"nonsense\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400 ")
    assert get(running.homes["wendale-post"])[0] == 200
