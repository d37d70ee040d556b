"""The page of a story: what the entry says, who carries it, what changed; for whom the feed is, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.model import Topic
from tests.support.reading import HOUR, NOW, SITE, STORY, TOKEN, ReadingRoom, reading_room, tree, words

OURS = {"Host": "news.example"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    with reading_room(tmp_path) as made:
        yield made


def test_a_story_is_shown_with_its_text_its_others_and_its_topics(room: ReadingRoom) -> None:
    record = room.keep(authors=("Ada Marsh",))
    room.keep("island", title="A wall for Tarn", at=NOW + HOUR)
    with room.served() as server:
        page = tree(server.get(f"/story/{room.story(record)}", OURS))
    assert page.findtext(".//h1") == record.title
    assert [p.text for p in page.findall(".//div[@class='content']/p")] == list(STORY)
    assert page.find(".//a[@class='original']").get("href") == record.url
    assert words(page.find(".//p[@class='about']")) == "Ada Marsh · The Harbour Courier · 1 March 2026, 12:00"
    others = page.findall(".//section[@aria-labelledby='others']//li")
    assert [words(one) for one in others] == ["A wall for Tarn Island Post · 1 March 2026, 13:00"]
    assert others[0].find("a").get("href") == "https://island.example/news/wall"
    topics = {link.get("href"): link.text for link in page.findall(".//p[@class='also']/a")}
    assert topics == {
        "http://news.example/t/harbour": "The harbour",
        "http://news.example/t/short": "In short",
        "http://news.example/t/every": "Every record",
    }
    assert page.find("head/link[@rel='canonical']").get("href") == record.url
    assert page.find("head/meta[@name='robots']").get("content") == "noindex"


def test_what_changed_is_told_with_its_words(room: ReadingRoom) -> None:
    record = room.keep()
    dearer = (*STORY[:2], STORY[2].replace("1300", "2600"), STORY[3])
    room.keep(lines=dearer, seen=NOW + HOUR)
    with room.served() as server:
        page = tree(server.get(f"/story/{room.story(record)}", OURS))
    (change,) = page.findall(".//section[@aria-labelledby='changes']//li")
    assert change.find("span/time").get("datetime") == "2026-03-01T13:00:00+00:00"
    (place,) = change.findall("p")
    assert (place.findtext("del"), place.findtext("ins")) == ("1300", "2600")
    assert words(place) == "The work costs 1300 2600 crowns a yard, which …"
    assert "updated 1 March 2026, 13:00" in words(page.find(".//p[@class='about']"))


def test_what_a_page_holds_back_is_not_shown_where_the_feed_does_not(room: ReadingRoom) -> None:
    kept = room.keep(robots=("noarchive",))
    room.keep(lines=(*STORY[:2], STORY[2].replace("1300", "2600"), STORY[3]), seen=NOW + HOUR, robots=("noarchive",))
    short = room.keep("island", "mill", title="The mill at Wend turns again", lines=LONG, robots=("max-snippet:20",))
    with room.served() as server:
        held = server.get(f"/story/{room.story(kept)}", OURS)
        assert STORY[1] not in held.body.decode()
        page = tree(held)
        assert "asks for this article to be read there" in words(page.find(".//div[@class='content']"))
        (change,) = page.findall(".//section[@aria-labelledby='changes']//li")
        assert change.findall("p") == []  # when, but not what
        assert "miller" not in server.get(f"/story/{room.story(short)}", OURS).body.decode()


LONG = (
    "The mill at Wend turns again after the longest drought that anybody there remembers, and the miller sleeps.",
    "It had stood still since the spring, when the brook behind the church ran dry for the first time in a century.",
)


def test_a_private_reader_sees_what_a_page_holds_back(tmp_path: Path) -> None:
    with reading_room(tmp_path, site=replace(SITE, audience="private")) as room:
        record = room.keep(robots=("noarchive",))
        with room.served() as server:
            page = tree(server.get(f"/story/{room.story(record)}", OURS))
            assert [p.text for p in page.findall(".//div[@class='content']/p")] == list(STORY)


def test_below_a_feed_the_settings_of_the_feed_hold(tmp_path: Path) -> None:
    topics = (
        Topic("short", "In short", full_text=False),
        Topic("plain", "No pictures", images="none"),
        Topic("ours", "Ours", audience="private"),
    )
    markup = "".join(f"<p>{line}</p>" for line in STORY) + '<p><img src="https://courier.example/wall.jpg"></p>'
    with reading_room(tmp_path, topics) as room:
        story = room.story(room.keep(markup=markup, robots=("noarchive",)))
        open_one = room.story(room.keep("island", "mill", title="The mill turns", lines=LONG, markup=MILL))
        with room.served() as server:
            assert "borrow" not in server.get(f"/t/short/story/{story}", OURS).body.decode()
            assert "borrow" not in server.get(f"/t/plain/story/{story}", OURS).body.decode()
            assert "borrow" in server.get(f"/t/ours/story/{story}", OURS).body.decode()
            assert "<img src=" in server.get(f"/t/ours/story/{open_one}", OURS).body.decode().partition("<main>")[2]
            assert "<img" not in server.get(f"/t/plain/story/{open_one}", OURS).body.decode().partition("<main>")[2]
            assert "a century" not in server.get(f"/t/short/story/{open_one}", OURS).body.decode()


MILL = "".join(f"<p>{line}</p>" for line in LONG) + '<p><img src="https://island.example/mill.jpg"></p>'


def test_a_story_is_below_the_feeds_that_hold_it_alone(room: ReadingRoom) -> None:
    record = room.keep()
    mill = room.keep("island", "mill", title="The mill turns", lines=LONG)
    story, other = room.story(record), room.story(mill)
    of_record = record.id.removeprefix("urn:uuid:")
    with room.served() as server:
        status = {
            path: server.get(path, OURS).status
            for path in (
                f"/t/harbour/story/{story}",
                f"/s/courier/story/{of_record}",
                f"/t/every/story/{of_record}",
                f"/t/harbour/story/{other}",
                f"/s/island/story/{of_record}",
                f"/t/mine/story/{story}",
                f"/story/{'0' * 8}-0000-0000-0000-{'0' * 12}",
                f"/story/{story.upper()}x",
                "/story/../story",
                f"/x/story/{story}",
            )
        }
    assert list(status.values()) == [200, 200, 200, *[404] * 7]


def test_a_private_topic_is_there_for_its_token_alone_and_is_named_nowhere(room: ReadingRoom) -> None:
    beam = (
        "The lighthouse of Skell has a new lamp, which is the brightest on this coast and costs nothing to run.",
        "Its keeper has asked for curtains, since the beam goes through her kitchen eleven times a minute.",
    )
    record = room.keep("island", "lamp", title="A new lamp for the lighthouse", lines=beam, robots=("noarchive",))
    story = room.story(record)
    with room.served() as server:
        assert server.get(f"/t/mine/story/{story}", OURS).status == 404
        wrong = "0" * 32
        assert server.get(f"/t/{wrong}/mine/story/{story}", OURS).status == 404
        right = server.get(f"/t/{TOKEN}/mine/story/{story}", OURS)
        assert "curtains" in right.body.decode()  # a private feed shows what the page holds back from the public
        assert right.headers["cache-control"] == "private, no-store"
        assert right.headers["x-robots-tag"] == "noindex, nofollow"
        bearer = server.get(f"/t/mine/story/{story}", OURS | {"Authorization": f"Bearer {TOKEN}"})
        assert "curtains" in bearer.body.decode()
        assert server.get(f"/t/{TOKEN}/mine/story/{room.story(room.keep())}", OURS).status == 404
        public = server.get(f"/story/{story}", OURS).body.decode()
        assert "curtains" not in public
        assert "Mine alone" not in public and "/mine" not in public
        for _ in range(10):
            server.get(f"/t/{wrong}/mine/story/{story}", OURS)
        assert server.get(f"/t/{TOKEN}/mine/story/{story}", OURS).status == 429


def test_what_is_kept_out_of_the_feeds_has_no_page(room: ReadingRoom) -> None:
    record = room.keep()
    story = room.story(record)
    (n,) = room.store.records.numbers_of([record.id])
    with room.served() as server:
        assert server.get(f"/story/{story}", OURS).status == 200
        with room.store.transaction():
            room.store.records.quarantine(n, "it breaks the feed")
        assert server.get(f"/story/{story}", OURS).status == 404
        assert server.get(f"/story/{record.id.removeprefix('urn:uuid:')}", OURS).status == 404


def test_feeds_that_moved_or_went_take_their_stories_with_them(room: ReadingRoom) -> None:
    story = room.story(room.keep())
    with room.served() as server:
        moved = server.get(f"/t/quay/story/{story}", OURS)
        assert (moved.status, moved.headers["location"]) == (301, f"/t/harbour/story/{story}")
        assert server.get(f"/t/removed/story/{story}", OURS).status == 410


def test_a_page_is_conditional_packed_and_in_the_language_of_the_reader(room: ReadingRoom) -> None:
    record = room.keep("kueste", "mauer", title="Tarn flickt die Hafenmauer", lines=STORY)
    path = f"/story/{room.story(record)}"
    with room.served() as server:
        first = server.get(path, OURS)
        assert first.headers["cache-control"] == "public, max-age=300"
        assert first.headers["vary"] == "Accept-Encoding, Accept-Language"
        assert first.headers["content-language"] == "en"
        assert "German" in words(tree(first).find(".//p[@class='about']"))
        again = server.get(path, OURS | {"If-None-Match": first.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        packed = server.get(path, OURS | {"Accept-Encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["etag"] != first.headers["etag"]
        german = server.get(path, OURS | {"Accept-Language": "de"})
        assert german.headers["content-language"] == "de"
        assert "Der Artikel bei" in german.body.decode()
        head = server.get(path, OURS, method="HEAD")
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])
        assert server.get(path, OURS, method="DELETE").status == 405


def test_the_policy_lets_nothing_run_but_our_script(room: ReadingRoom) -> None:
    with room.served() as server:
        policy = server.get(f"/story/{room.story(room.keep())}", OURS).headers["content-security-policy"]
    told = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert told["default-src"] == told["base-uri"] == told["frame-ancestors"] == "'none'"
    assert told["script-src"] == told["style-src"] == told["form-action"] == "'self' http://news.example"
    assert "unsafe" not in policy
