"""Searches and pages of days: what a feed holds and nothing else, a piece at a time, whatever is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from lxml import html

from feeds.app.web.reading import lists, search
from tests.support.reading import HOUR, NOW, STORY, TOKEN, ReadingRoom, reading_room, tree, words
from tests.support.serving import Got, Running
from tests.support.waiting import PATIENCE

OURS = {"Host": "news.example"}
BEAM = (
    "The lighthouse of Skell has a new lamp, which is the brightest on this coast and costs nothing to run.",
    "Its keeper has asked for curtains, since the beam goes through her kitchen eleven times a minute.",
)
MILL = (
    "The mill at Wend turns again after the longest drought that anybody there remembers, and the miller sleeps.",
    "It had stood still since the spring, when the brook behind the church ran dry for the first time in a century.",
)
HUSH = "Hush, said the librarian of Tarn, who has lost her voice and asks readers to lower theirs until it comes back."
TIDE = ("Die Flut am Hafen von Tarn stieg in der Nacht so hoch wie seit vierzig Jahren nicht mehr, ohne Schaden.",)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    with reading_room(tmp_path) as made:
        made.keep(at=NOW)
        made.keep("island", title="A wall for Tarn", at=NOW + HOUR)  # the same story
        made.keep("island", "lamp", title="A new lamp", lines=BEAM, at=NOW + 2 * HOUR, robots=("noarchive",))
        made.keep("courier", "mill", title="The mill turns", lines=MILL, at=NOW - timedelta(days=2))
        made.keep("kueste", "flut", title="Flut am Hafen", lines=TIDE, at=NOW + 3 * HOUR)
        yield made


def titles(page: html.HtmlElement) -> list[str | None]:
    return [link.text for link in page.findall(".//article/h3/a")]


def ask(server: Running, query: str, stem: str = "", more: str = "") -> Got:
    return server.get(f"{stem}/search?q={quote(query)}{more}", OURS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("harbour", ["Tarn mends its harbour wall"]),
        ("tarn", ["Flut am Hafen", "Tarn mends its harbour wall"]),
        ("lang:de", ["Flut am Hafen"]),
        ("tarn -lang:de", ["Tarn mends its harbour wall"]),
        ("source:island", ["A new lamp", "Tarn mends its harbour wall"]),  # a story is shown by who stands for it
        ("outlets:>=2", ["Tarn mends its harbour wall"]),
        ("/curt.ins/", ["A new lamp"]),
        ("before:2026-02-28", ["The mill turns"]),
        ('"longest drought"', ["The mill turns"]),
        ("zeppelin", []),
    ],
)
def test_stories_are_found_in_the_topic_language(room: ReadingRoom, query: str, found: list[str]) -> None:
    with room.served() as server:
        page = tree(ask(server, query))
    assert titles(page) == found
    assert page.find(".//input[@name='q']").get("value") == query
    assert ("No stories were found." in words(page)) == (not found)
    assert page.find("head/meta[@name='robots']").get("content") == "noindex"


def test_a_search_is_in_the_feed_that_it_is_below(room: ReadingRoom) -> None:
    with room.served() as server:
        assert titles(tree(ask(server, "tarn OR mill", "/t/harbour"))) == [
            "Flut am Hafen",
            "Tarn mends its harbour wall",
        ]
        assert titles(tree(ask(server, "the OR die", "/s/courier"))) == [
            "Tarn mends its harbour wall",
            "The mill turns",
        ]
        assert titles(tree(ask(server, "tarn", "/t/every"))) == [
            "Flut am Hafen",
            "A wall for Tarn",  # a feed with an entry for each record finds one of a story
        ]
        links = [link.get("href") for link in tree(ask(server, "mill", "/s/courier")).findall(".//a[@class='more']")]
        assert links[0].startswith("http://news.example/s/courier/story/")
        assert server.get(urlsplit(links[0]).path, OURS).status == 200
        assert ask(server, "mill", "/t/unknown").status == 404
        assert ask(server, "mill", "/t/removed").status == 410
        moved = ask(server, "mill", "/t/quay")
        assert (moved.status, moved.headers["location"]) == (301, "/t/harbour/search?q=mill")


def test_a_private_topic_is_searched_with_its_token_alone(room: ReadingRoom) -> None:
    with room.served() as server:
        assert ask(server, "lamp", "/t/mine").status == 404
        assert ask(server, "lamp", f"/t/{'0' * 32}/mine").status == 404
        got = ask(server, "lamp OR mill", f"/t/{TOKEN}/mine")
        assert titles(tree(got)) == ["A new lamp"]
        assert got.headers["cache-control"] == "private, no-store"
        (more,) = tree(got).findall(".//a[@class='more']")
        assert more.get("href").startswith(f"http://news.example/t/{TOKEN}/mine/story/")
        assert "Mine alone" not in ask(server, "lamp").body.decode()
        for path in ("/t/every/search", "/t/harbour/search", "/t/short/search"):
            for _ in range(6):  # names of topics are no tokens that failed
                assert server.get(f"{path}?q=lamp", OURS).status == 200


@pytest.mark.parametrize(
    ("query", "there", "reason"),
    [
        ("harbour AND (quay", "(", "never closed"),
        ('say "so', '"', "never closed"),
        ("titel:quay", "t", "did you mean title:"),
        ("-harbour", "-", "only excludes"),
        ("quay OR", "O", "something must follow OR"),
        ("x" * 5000, "x", "at most 4,000"),
        ("(" * 60 + "a", "(", "levels of parentheses"),
        ("&&&", "\N{NO-BREAK SPACE}", "no word"),
        ("/(a/", "/", ""),
        (" OR ".join(f'"the {word}"' for word in "abcdefghi"), '"', "too much for one search"),
        ("the* OR con* OR qui*", "q", "too much for one search"),
    ],
)
def test_a_wrong_query_is_told_with_its_place(room: ReadingRoom, query: str, there: str, reason: str) -> None:
    with room.served() as server:
        got = ask(server, query)
        assert got.status == 400
        page = html.document_fromstring(got.body.decode())
        told = page.find(".//div[@class='mistake']")
        assert reason in words(told.find("p"))
        shown = told.find("pre")
        assert shown.findtext("mark").startswith(there)
        assert len(words(shown)) < 130
        assert titles(page) == []


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"q=",
        b"q=%00",
        b"q=%ff%fe%80",
        b"q=%F0%9F%92%A9",
        b"q=<script>alert(1)</script>",
        b"q=a&q=b",
        b"&".join(b"a%d=1" % n for n in range(500)),
        b"q=lamp&behind='%20OR%201=1%20--",
        b"q=lamp&behind=AAAA",
        b"q=lamp&behind=" + b"9" * 3000,
        b"q=lamp&behind=LTk5OTk5OTk5OTk5OTk5OTk5OQ",
        b"q=" + b"%28" * 1500,
        b"q=title:" * 300,
        b"q=" + b"abc*%20OR%20" * 190 + b"b",
    ],
)
def test_hostile_query_strings_get_a_page_and_nothing_of_theirs_in_it(room: ReadingRoom, query: bytes) -> None:
    with room.served() as server:
        got = server.raw(b"GET /search?" + query + b" HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n")
        head, _, body = got.partition(b"\r\n\r\n")
        assert head.split()[1] in (b"200", b"400")
        assert body.count(b"<script") == 1
        assert body.rstrip().endswith(b"</html>")
        assert ask(server, "lamp").status == 200


def test_a_search_goes_on_where_it_stopped(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["Tarn mends its harbour wall", "The mill turns", "A new lamp", "Flut am Hafen"]
    for limit in ({"STORIES": 1}, {"PIECES": (1,)}, {"PIECES": (1, 1)}, {"TEXT": 1}):
        for query in ("the OR die", "/the|die/i", "outlets:>=1"):
            with monkeypatch.context() as patched, room.served() as server:
                for name, value in limit.items():
                    patched.setattr(search, name, value)
                    patched.setattr(search.search, "__kwdefaults__", {"most": search.STORIES})
                seen: list[str | None] = []
                address, pages = f"/search?q={quote(query)}", 0
                while address:
                    page = tree(server.get(address, OURS))
                    seen += titles(page)
                    (link,) = page.findall(".//p[@class='pager']/a") or [None]
                    address = "" if link is None else link.get("href").removeprefix("http://news.example")
                    pages += 1
                    assert pages < 9
                assert sorted(set(map(str, seen))) == sorted(wanted), (limit, query)
                assert pages >= 3 or (limit == {"TEXT": 1} and query == "the OR die")  # which reads no text


def test_a_day_lists_what_was_published_on_it(room: ReadingRoom) -> None:
    with room.served() as server:
        page = tree(server.get("/2026-03-01", OURS))
        assert titles(page) == ["Flut am Hafen", "A new lamp", "Tarn mends its harbour wall"]
        assert page.findtext(".//h1/time") == "Sunday, 1 March 2026"
        assert [link.get("href") for link in page.findall(".//nav[@class='pager']/a")] == [
            "http://news.example/2026-02-27"
        ]
        before = tree(server.get("/2026-02-27", OURS))
        assert titles(before) == ["The mill turns"]
        assert before.find(".//nav[@class='pager']/a").get("href") == "http://news.example/2026-03-01"
        assert titles(tree(server.get("/t/harbour/2026-03-01", OURS))) == [
            "Flut am Hafen",
            "Tarn mends its harbour wall",
        ]
        assert titles(tree(server.get("/s/island/2026-03-01", OURS))) == ["A new lamp", "A wall for Tarn"]
        assert len(titles(tree(server.get("/t/every/2026-03-01", OURS)))) == 4
        assert server.get("/t/mine/2026-03-01", OURS).status == 404
        assert titles(tree(server.get(f"/t/{TOKEN}/mine/2026-03-01", OURS))) == ["A new lamp"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/2026-02-28", 404),
        ("/1999-01-01", 404),
        ("/0001-01-01", 404),
        ("/9999-12-31", 404),
        ("/2026-02-31", 404),
        ("/2026-13-01", 404),
        ("/2026-3-1", 404),
        ("/t/harbour/2026-03-01/", 404),
        ("/2026-03-01?behind=x", 200),
        ("/2026-03-01?behind=" + "A" * 5000, 200),
        ("/%32026-03-01", 200),
    ],
)
def test_days_without_stories_and_odd_ones(room: ReadingRoom, path: str, status: int) -> None:
    with room.served() as server:
        assert server.get(path, OURS).status == status


def test_a_long_day_has_several_pages(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "OF_DAY", 1)
    for stem, count in (("", 3), ("/s/island", 2), ("/t/every", 4), ("/t/harbour", 2)):
        with room.served() as server:
            address, seen = f"{stem}/2026-03-01", []
            while address:
                page = html.document_fromstring(server.get(address, OURS).body.decode())
                seen += titles(page)
                (link,) = page.findall(".//p[@class='pager']/a") or [None]
                address = "" if link is None else link.get("href").removeprefix("http://news.example")
            assert len(seen) == len(set(seen)) == count


def test_what_is_kept_out_of_the_feeds_is_not_listed(room: ReadingRoom) -> None:
    (n,) = [row[0] for row in room.store.db.execute("SELECT n FROM record WHERE title='A new lamp'")]
    with room.store.transaction():
        room.store.records.quarantine(n, "it breaks the feed")
    with room.served() as server:
        assert titles(tree(ask(server, "lamp"))) == titles(tree(ask(server, "/lamp/"))) == []
        for path in ("/2026-03-01", "/s/island/2026-03-01", "/t/every/2026-03-01"):
            assert "A new lamp" not in titles(tree(server.get(path, OURS)))


def test_what_a_page_holds_back_is_no_summary_in_a_list(room: ReadingRoom) -> None:
    room.keep("courier", "hush", title="Quiet please", lines=(HUSH,), robots=("nosnippet",))
    with room.served() as server:
        for path in ("/search?q=hush", "/2026-03-01"):
            text = server.get(path, OURS).body.decode()
            assert "Quiet please" in text
            assert "librarian" not in text and "still to be settled" not in text.partition("Quiet please")[2][:900]


def test_many_requests_of_one_client_wait_in_a_short_line(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with room.served() as server:
        assert server.site.pages is not None
        real = server.site.pages._make

        refused = threading.Event()

        def slowly(*arguments: object) -> object:
            assert refused.wait(PATIENCE)  # a page that is dear to make: the requests behind it have to wait
            return real(*arguments)  # type: ignore[arg-type]

        def asks(n: int) -> Got:
            got = ask(server, f"lamp{n}")
            if got.status == 503:
                refused.set()
            return got

        monkeypatch.setattr(server.site.pages, "_make", slowly)
        with ThreadPoolExecutor(20) as clients:
            got = list(clients.map(asks, range(20)))
        assert sorted({one.status for one in got}) == [200, 503]
        assert all(one.headers["retry-after"] == "5" for one in got if one.status == 503)
        assert sum(one.status == 200 for one in got) >= 6
        assert ask(server, "lamp").status == 200


def test_what_was_read_is_in_the_story_pages_too(room: ReadingRoom) -> None:
    with room.served() as server:
        (more, *_) = tree(ask(server, "harbour")).findall(".//a[@class='more']")
        assert STORY[1] in server.get(urlsplit(more.get("href")).path, OURS).body.decode()
