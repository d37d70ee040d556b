"""The newsroom is the same for everybody: each page by its hash, each event by its words; what a person is told."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from feeds.app.demo import demo, slugs
from feeds.app.demo.newsroom import Newsroom
from feeds.app.demo.pages import Answer
from feeds.app.demo.server import respond
from feeds.app.system.output import Output
from feeds.pipe import Kept

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("room"), now=NOW, speed=None)


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def pages_of(room: Newsroom, site: str, at: float) -> str:
    """All that a site answers, as one hash; of pictures, which are compressed, only their addresses."""
    told = []
    for path in room.paths(site, at):
        answer = room.page(site, path, at)
        assert answer is not None
        body = b"" if answer.content_type.startswith("image/") else answer.body
        told.append((path, body, answer.content_type, answer.status, answer.modified, sorted(answer.headers.items())))
    return digest(*told)


AT_FIRST = {
    "tarnmouth-star": "4ca87dc8503c", "greyford-courier": "9baf5370f2fe", "wendale-post": "28ecf1ebaaa7",
    "kelsby-herald": "140407f1d4bc", "eco-de-alisal": "64f1f4077c2e", "hollin-now": "bc00897392cb",
    "halyard-press": "05f16bc98f62",
}  # fmt: skip
LATER = {
    "tarnmouth-star": "eb273bc581ea", "greyford-courier": "8295e9b6420b", "wendale-post": "f7a77ed8d10c",
    "kelsby-herald": "0f55362396ed", "eco-de-alisal": "6cd6ba2de3c8", "hollin-now": "1b591148963a",
    "halyard-press": "cd2e5519a3c5",
}  # fmt: skip


@pytest.mark.parametrize(("at", "told"), [(0.0, AT_FIRST), (400.0, LATER)])
def test_each_page_is_the_same_for_everybody(room: Newsroom, at: float, told: dict[str, str]) -> None:
    """A change of a page is meant to be seen here: look at the page, then put its new hash in."""
    assert {site: pages_of(room, site, at) for site in room.script.library.sites} == told


def test_the_script_is_told_in_words(room: Newsroom) -> None:
    events = room.events_until(9999)
    assert (len(events), room.length, digest(*events)) == (22, 546.5, "cdf50832180a")
    words = [event.text for event in events]
    assert words[:2] == [
        "The Tarnmouth Star publishes “Skell Island ferry to run on batteries from next summer”",
        "The Greyford Courier publishes “Town snatch a point at Kelsby with a goal they knew little about”",
    ]
    assert "Wendale Post goes down: it refuses connections" in words and "Wendale Post is back" in words
    assert (
        "The Greyford Courier prints the wire's story as “Two thirds paid: Greyford hails barrier grant but must still"
        " find 206 million”"
    ) in words
    truth = room.truth(400.0)
    assert (len(truth.urls), [len(group) for group in truth.copies], digest(*truth.sites.items())) == (
        61,
        [3, 3],
        "a4ba952fa743",
    )


def test_the_configuration_of_the_demo(room: Newsroom) -> None:
    assert room.config_toml(listen="127.0.0.1:1", store="s", public="p", topics=1) == (
        'title = "The demo copy desk"\ncontact = "mailto:desk@example.org"\nbase_url = "http://127.0.0.1:1"\n\n'
        '[store]\nurl = "s"\n\n[publish]\nfolder = "p"\n\n[web]\nlisten = "127.0.0.1:1"\n\n'
        "[fetch]  # the sample sites are on loopback; a real desk leaves both out\n"
        'allow_networks = ["127.0.0.0/8"]\nlocal_gap = "0.05s"\n\n'
        '[[topics]]\nname = "water"\ntitle = "Rivers, rain and reservoirs"\n'
        'query = \'title:(flood* OR river OR río OR reservoir OR embalse OR tide OR "storm barrier")'
        ' OR drought OR "water authority"\'\n\n'
    )
    whole = room.config_toml()
    assert whole.count("[[topics]]") == 5 and whole.count("127.0.0.1:8484") == 2
    assert 'url = "sqlite:copydesk.db"' in whole and 'folder = "public"' in whole


# --- the server's answers


LONG = Answer(b"x" * 501, modified=datetime(2026, 3, 1, 12, 0, 0, 7, tzinfo=UTC))


def test_an_answer_whole() -> None:
    status, headers, body = respond(Answer(b"Hello", "text/plain", headers={"X": "y"}), "GET", {})
    tag = headers.pop("ETag")
    assert (status, body, headers) == (
        200, b"Hello",
        {"Server": "newsroom", "Content-Type": "text/plain", "Vary": "Accept-Encoding", "X": "y",
         "Content-Length": "5"},
    )  # fmt: skip
    assert len(tag) == 26 and tag == respond(Answer(b"Hello"), "HEAD", {})[1]["ETag"]
    assert respond(Answer(b"Hello"), "HEAD", {})[2] == b""
    assert respond(LONG, "POST", {}) == (405, {"Allow": "GET, HEAD", "Content-Length": "0"}, b"")
    gone = respond(Answer(b"No", status=404), "GET", {"if-none-match": "*"})
    assert gone[0] == 404 and "ETag" not in gone[1]


@pytest.mark.parametrize(
    ("accepted", "size", "kind", "zipped"),
    [
        ("gzip", 501, "text/html", True),
        ("gzip", 500, "text/html", False),
        ("gzip", 501, "image/png", False),
        ("br, GZIP;q=0.5", 501, "text/html", True),
        ("*", 501, "text/html", True),
        ("gzip;q=0", 501, "text/html", False),
        ("gzip; q=0.000", 501, "text/html", False),
        ("br", 501, "text/html", False),
        ("", 501, "text/html", False),
    ],
)
def test_an_answer_is_zipped_where_it_pays(accepted: str, size: int, kind: str, zipped: bool) -> None:
    _, headers, body = respond(Answer(b"x" * size, kind), "GET", {"accept-encoding": accepted})
    assert (headers.get("Content-Encoding") == "gzip") is zipped
    assert headers["ETag"].endswith('-gzip"') is zipped
    assert (len(body) < size) is zipped and headers["Content-Length"] == str(len(body))


def test_an_answer_that_is_known_already() -> None:
    tag = respond(LONG, "GET", {})[1]["ETag"]
    for headers, status in (
        ({"if-none-match": tag}, 304),
        ({"if-none-match": f'"a", W/{tag}'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"a"', "if-modified-since": "Sun, 01 Mar 2026 12:00:00 GMT"}, 200),
        ({"if-modified-since": "Sun, 01 Mar 2026 12:00:00 GMT"}, 304),
        ({"if-modified-since": "Sun, 01 Mar 2026 11:59:59 GMT"}, 200),
        ({"if-modified-since": "yesterday"}, 200),
    ):
        got, out, body = respond(LONG, "GET", headers)
        assert (got, body == b"") == (status, status == 304)
        assert ("Content-Type" in out) is (status == 200)
        assert out["Last-Modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    undated = Answer(b"x")
    assert respond(undated, "GET", {"if-modified-since": "Sun, 01 Mar 2026 12:00:00 GMT"})[0] == 200


# --- words and dates


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (59, "just now"), (60, "1 minute ago"), (119, "1 minute ago"), (120, "2 minutes ago"), (3599, "59 minutes ago"),
        (3600, "1 hour ago"), (86399, "23 hours ago"), (86400, "1 day ago"), (7 * 86400 - 1, "6 days ago"),
        (7 * 86400, "Nov 17"), (330 * 86400, "Dec 29, 2025"),
    ],
)  # fmt: skip
def test_how_long_ago(seconds: int, told: str) -> None:
    assert slugs.ago(NOW - timedelta(seconds=seconds), NOW) == told


@pytest.mark.parametrize(
    ("hour", "form", "language", "told"),
    [
        (0, "clock", "en", "November 24, 2026 at 12:05 a.m."),
        (11, "clock", "en", "November 24, 2026 at 11:05 a.m."),
        (12, "clock", "en", "November 24, 2026 at 12:05 p.m."),
        (13, "clock", "en", "November 24, 2026 at 1:05 p.m."),
        (13, "long", "en", "November 24, 2026"),
        (13, "short", "en", "Nov 24, 2026"),
        (13, "long", "es", "24 de noviembre de 2026"),
        (13, "clock", "es", "24 de noviembre de 2026, 13:05"),
    ],
)
def test_a_day_in_words(hour: int, form: str, language: str, told: str) -> None:
    assert slugs.day(datetime(2026, 11, 24, hour, 5, tzinfo=UTC), form, language) == told


def test_names_and_cuts() -> None:
    assert slugs.slug(" Fútbol y más! ") == "futbol-y-mas"
    assert [slugs.joined(names, "es") for names in ((), ("A",), ("A", "B"), ("A", "B", "C"))] == [
        "", "A", "A y B", "A, B y C",
    ]  # fmt: skip
    assert [slugs.cut("one, two three", length) for length in (14, 13, 8, 7)] == [
        "one, two three", "one, two...", "one...", "one...",
    ]  # fmt: skip


# --- what a person is told


def test_what_a_visit_gave(capsys: pytest.CaptureFixture[str]) -> None:
    few = Kept(NOW, "failing", "no [answer]", ("a",), told=("new: [A]", "new: B", "new: C"))
    many = Kept(NOW, "ok", "", tuple("abcd"), copies=2, told=tuple("abcd"))
    for kept in (few, many, Kept(NOW, "ok", "")):
        demo._tell_kept(Output(), "wire", kept)
    assert capsys.readouterr().out == (
        "    wire: new: [A]\n    wire: new: B\n    wire: new: C\n    wire is failing: no [answer]\n"
        "    wire: 4 stories read, 2 of them copies\n"
    )


def test_what_is_told_when_the_desk_is_open(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    topics = [SimpleNamespace(name="water", title="Rivers [and] rain")]
    config = SimpleNamespace(base_url="http://127.0.0.1:1", folder=Path("/demo"))
    app = SimpleNamespace(installation=SimpleNamespace(config=config, topics=topics))
    house = SimpleNamespace(homes={"wire": "http://127.0.0.1:2/"}, truth=room.truth)
    demo._ready(Output(), app, house, "http://127.0.0.1:1/desk?in=x")  # type: ignore[arg-type]
    first = next(iter(room.truth().sites.values()))[0].url
    told = capsys.readouterr().out
    assert told == (
        "\nThe desk is open. Open http://127.0.0.1:1/ in a browser, or subscribe in a feed reader:\n\n"
        "  http://127.0.0.1:1/desk?in=x  your desk (this link works once)\n"
        "  http://127.0.0.1:1/t/water.atom  Rivers [and] rain\n"
        "  http://127.0.0.1:1/opml.xml  all of them at once\n\nThe sample sites that it reads:\n\n"
        "  http://127.0.0.1:2/  wire\n\nIn another terminal, for example:\n\n"
        "  copydesk -c /demo/config.toml status\n  copydesk -c /demo/config.toml search harbour\n"
        f"  copydesk -c /demo/config.toml why {first}\n\nWhat happens from here on (Ctrl-C ends it):\n\n"
    )
    demo._ready(Output(), app, house, "")  # type: ignore[arg-type]
    assert capsys.readouterr().out == told.replace(
        "  http://127.0.0.1:1/desk?in=x  your desk (this link works once)\n", ""
    )


def test_a_folder_of_another_thing_is_not_emptied(tmp_path: Path) -> None:
    made = demo.folder_for(tmp_path / "a/b")
    (made / "left").write_text("x")
    assert [path.name for path in demo.folder_for(made).iterdir()] == [demo.MARK]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert demo.folder_for(empty) == empty
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter").write_text("x")
    with pytest.raises(FileExistsError, match="is no folder of a demo; choose another with --folder"):
        demo.folder_for(tmp_path / "mine")


@pytest.mark.parametrize(("fast", "speed"), [(True, 20.0), (False, 1.0)])
def test_a_fast_demo_plays_twenty_times_as_fast(
    fast: bool, speed: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Opened(Exception):
        pass

    newsroom = Mock(side_effect=Opened)
    monkeypatch.setattr(demo, "Newsroom", newsroom)
    with pytest.raises(Opened):
        asyncio.run(demo.play(Mock(), tmp_path, only_once=True, fast=fast, seed=7))
    newsroom.assert_called_once_with(tmp_path / "newsroom", seed=7, speed=speed)
