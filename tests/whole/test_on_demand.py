"""Feeds on demand at the real daemon: any listing as a feed, for those who may ask, within limits, while they ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import feedparser
import pytest

from feeds.app.web.api.on_demand import signature, with_addresses
from feeds.store import open_store
from tests.support.playing import Play
from tests.support.waiting import until

pytestmark = pytest.mark.xdist_group("on-demand")  # its tests share one daemon, in their order

NEW = "kelsby-herald"  # nobody follows it


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with Play(tmp_path_factory.mktemp("demand"), inside=True) as play:
        text = play.config.read_text("utf-8")
        assert "[web]\n" in text
        play.config.write_text(
            text.replace("[web]\n", '[web]\non_demand = true\non_demand_feeds = 2\non_demand_keep = "1d"\n'), "utf-8"
        )
        (play.folder / "seeds" / f"{NEW}.toml").unlink()
        play.start()
        yield play


@pytest.fixture(scope="module")
def token(play: Play) -> str:
    done = play.copydesk("token", "api", "add", "reader", "--feed")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def ask(play: Play, **told: str) -> tuple[int, bytes]:
    return play.get(f"feed?{urlencode(told)}")


def why(got: tuple[int, bytes]) -> str:
    return str(json.loads(got[1])["detail"])


def test_a_listing_is_a_feed_from_its_first_asking_on(play: Play, token: str) -> None:
    home = play.newsroom.homes[NEW]
    status, body = ask(play, url=home, token=token)
    assert status == 200
    assert feedparser.parse(body).bozo == 0
    until(lambda: len(feedparser.parse(ask(play, url=home, token=token)[1]).entries) > 3, "its stories are in the feed")
    titles = {article.title for article in play.newsroom.truth().sites[NEW]}
    assert {entry.title for entry in feedparser.parse(ask(play, url=home, token=token)[1]).entries} <= titles
    for form, mark in (("rss", b"<rss"), ("json", b"jsonfeed.org")):
        status, body = ask(play, url=home, token=token, format=form)
        assert status == 200 and mark in body
    bearer = play.get(f"feed?url={quote(home, safe='')}", Authorization=f"Bearer {token}")
    assert bearer[0] == 200
    for page in ("", "opml.xml"):
        assert b"asked-" not in play.get(page)[1]
    assert b"asked-" in play.get("status.json")[1]


def test_its_documents_are_for_who_may_ask_alone(play: Play, token: str) -> None:
    home = play.newsroom.homes[NEW]
    signed = play.copydesk("token", "sign", home).stdout.strip().split("/", 3)[3]
    name = next(name for name in play.states() if name.startswith("asked-"))
    for end in (".atom", ".rss", ".json", "", "/", "/archive-000001.atom", "/search", "/2026-01-01", "/index.html"):
        assert play.get(f"s/{name}{end}")[0] == 404, end
    for body in (ask(play, url=home, token=token)[1], play.get(signed)[1]):
        assert re.findall(rb".{60}/s/asked-.{20}", body) == []
        own = feedparser.parse(body).feed.links
        address = next(link.href for link in own if link.rel == "self").split("/", 3)[3]
        status, again = play.get(address)
        assert status == 200 and feedparser.parse(again).entries[0].id == feedparser.parse(body).entries[0].id
        key = address.split("/")[1]
        assert play.get(address.replace(key, "x" * 32))[0] == 401
        assert play.get(address.replace(key, "0" * 32))[0] == 403
        assert play.get(address.replace(key, "-"))[0] == 401
        assert play.get(address.replace(name, "halyard-press"))[0] in (403, 404)
        assert play.get(address.replace(".atom", "/../../../config.toml"))[0] == 404
        assert play.get(address.replace(".atom", "/archive-999999.atom"))[0] == 404
    headers = {"Authorization": f"Bearer {token}"}
    body = play.get(f"feed?url={quote(home, safe='')}", **headers)[1]
    assert token.encode() not in body and f"/feed/-/{name}.atom".encode() in body
    assert play.get(f"feed/-/{name}.atom", **headers)[0] == 200


def test_the_secret_of_an_address_is_in_no_words_of_a_stranger() -> None:
    was, own = "https://desk.example/s/asked-0123456789ab", "https://desk.example/feed/SECRET/asked-0123456789ab"
    shown = [
        f'<link rel="self" href="{was}.atom"/>',
        f'<link href="{was}/archive-000001.atom" rel="prev-archive"/>',
        f'<source url="{was}.rss">',
        f'<category term="Town" scheme="{was}"/>',
        f"<link>{was}</link>",
        f'"home_page_url":"{was}","feed_url":"{was}.json"',
    ]
    for text in shown:
        assert with_addresses(text.encode(), was, own) == text.replace(was, own).encode()
    for text in (
        f'<link rel="alternate" href="https://evil.example/?u={was}.atom"/>',
        f'&lt;img src="https://evil.example/?u={was}.atom" alt=""&gt;',
        f"<title>{was}</title>",
        f'"content_html":"<img src=\\"https://evil.example/?u={was}.json\\">"',
        f'<link href="{was}0.atom"/>',
    ):
        assert with_addresses(text.encode(), was, own) == text.encode()


def test_what_is_followed_already_is_its_feed(play: Play, token: str) -> None:
    home = play.newsroom.homes["halyard-press"]
    status, body = ask(play, url=home, token=token)
    assert status == 200 and b"/s/halyard-press" in body


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"url": "http://10.0.0.1/"}, 422),
        ({"url": "http://169.254.169.254/latest/meta-data/"}, 422),
        ({"url": "ftp://paper.example/"}, 400),
        ({"url": "javascript:alert(1)"}, 400),
        ({"url": ""}, 400),
        ({"url": "http://127.0.0.1:1/"}, 422),
        ({"url": "https://paper.example/", "format": "pdf"}, 400),
    ],
)
def test_what_cannot_be_a_feed_is_told(play: Play, token: str, told: dict[str, str], status: int) -> None:
    got = ask(play, token=token, **told)
    assert got[0] == status and why(got)


def test_a_signed_address_is_good_for_its_listing_alone(play: Play) -> None:
    home = play.newsroom.homes[NEW]
    printed = play.copydesk("token", "sign", home).stdout.strip()
    assert play.get(printed.split("/", 3)[3])[0] == 200
    store = open_store(play.folder / "copydesk.db")
    key = store.meta.picture_key()
    store.close()
    assert ask(play, url=home, sig=signature(key, home))[0] == 200
    other = play.newsroom.homes["halyard-press"]
    assert ask(play, url=other, sig=signature(key, home))[0] == 403
    assert ask(play, url=home, sig="0" * 32)[0] == 403


def test_a_token_has_so_many_listings_and_no_more(play: Play, token: str) -> None:
    fronts = [f"{play.newsroom.homes[NEW]}?page={n}" for n in range(3)]
    statuses = [ask(play, url=front, token=token)[0] for front in fronts]
    assert statuses[0] == 200 and statuses[-1] == 429


def test_without_the_right_token_there_is_no_feed(play: Play) -> None:
    home = play.newsroom.homes[NEW]
    other = play.copydesk("token", "api", "add", "looker").stdout.strip()
    assert ask(play, url=home, token=other)[0] == 403
    assert ask(play, url=home)[0] == 401
    assert ask(play, url=home, token="x" * 32)[0] == 401


def test_what_nobody_asks_for_any_more_is_no_source(play: Play, token: str) -> None:
    """The maintenance of a round finds it: here that of `run --once`."""
    play.stop()
    store = open_store(play.folder / "copydesk.db", daemon=True)
    (name, *_) = [one.name for one in store.asked_feeds.all()]
    with store.transaction():
        assert store.asked_feeds.drop_older(datetime.now(UTC) - timedelta(hours=2)) == []
        store.db.execute("UPDATE asked_feed SET asked=asked-90000")
        store.meta.put("expired", "2026-01-01")
    store.close()
    done = play.copydesk("run", "--once")
    assert done.returncode == 0, done.stderr
    play.start()
    until(lambda: name in play.states(), "the daemon knows the source")
    assert play.states()[name] == "removed"
    assert play.get(f"feed/{token}/{name}.atom")[0] == 404


def test_it_is_off_unless_it_is_turned_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Play(tmp_path_factory.mktemp("off"), sites={NEW: ""}, inside=True) as play:
        play.start()
        assert play.get("feed?url=https%3A%2F%2Fpaper.example%2F")[0] == 404
