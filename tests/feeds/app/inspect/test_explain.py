"""What became of a page, as text: every line that there may be, and none that says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from feeds.app.config.config import load
from feeds.app.inspect import explain
from tests.support.reading import reading_room

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://wire.example/quay"
RECORD: dict[str, Any] = {
    "title": "Old quay closed", "id": "urn:1", "source": "wire", "read_from": "page", "published": NOON,
    "published_estimated": False, "first_seen": NOON, "revisions": 0, "updated": None, "look_again": None,
    "also_at": [], "joined": [], "boilerplate": [], "robots": "", "robots_in_topics": {}, "quarantined": None,
    "topics": {}, "not_in": [], "published_in": [],
}  # fmt: skip
FOUND: dict[str, Any] = {
    "url": URL, "key": "wire.example/quay", "outcomes": [], "failed_pages": [], "visits": {}, "selectors": [],
    "record": None, "known": False, "sources_of_site": [],
}  # fmt: skip


def told(**more: Any) -> list[str]:
    """The lines behind address and key."""
    lines = list(explain.in_words(FOUND | more))
    assert lines[:2] == [URL, "  key       wire.example/quay"]
    return lines[2:]


def test_an_address_that_nobody_has_seen() -> None:
    assert told() == ["  never seen: no source visits this site"]
    assert told(sources_of_site=["wire", "post"]) == [
        "  never seen by wire, post: no front of it has offered this address"
    ]


def test_what_each_source_made_of_it() -> None:
    row = {"source": "wire", "outcome": "failed", "why": "gone", "way": "rss", "again": NOON}
    assert told(
        known=True,
        outcomes=[row, row | {"source": "post", "outcome": "kept", "why": "", "way": "", "again": None}],
        failed_pages=[{"file": "a.html", "why": "no title"}],
        visits={"wire": "hourly"},
        selectors=["wire: h1 gives nothing"],
    ) == [
        "  wire      failed: gone (seen by rss; asked again 2026-03-01 12:00 UTC)",
        "  post      kept (seen by hand)",
        "  sample    a.html: no title",
        "  visits    wire: hourly",
        "  selectors wire: h1 gives nothing",
    ]


def test_a_record_with_little_and_with_all_that_it_can_have() -> None:
    few = [
        "  record    Old quay closed",
        "            urn:1 in wire, read from its page",
        "  dates     published 2026-03-01 12:00 UTC",
        "            first seen 2026-03-01 12:00 UTC",
        "  topic     none",
    ]
    assert told(record=RECORD, known=True) == few
    alone = {"id": "urn:s", "represented_by": URL, "reason": "the first", "members": [{"source": "wire", "url": URL, "evidence": ""}]}  # fmt: skip  # noqa: E501
    assert told(record=RECORD | {"story": alone}, known=True) == few
    story = alone | {
        "members": [
            {"source": source, "url": f"https://{source}.example/quay", "evidence": "same text"}
            for source in ("wire", "post", "post")
        ]
    }
    more = {
        "published_estimated": True, "revisions": 2, "updated": NOON + timedelta(hours=1),
        "look_again": NOON + timedelta(hours=2), "also_at": [f"wire.example/{n}" for n in range(7)],
        "joined": ["one with b"], "boilerplate": ["x" * 59 + "  y"], "robots": "noarchive",
        "robots_in_topics": {"secret": "shown"}, "quarantined": "invalid", "topics": {"harbour": "quay"},
        "story": story, "published_in": ["s/wire.atom"],
        "not_in": [
            {"topic": "a", "clause": "boat", "advice": "say boats"}, {"topic": "b", "clause": "mill", "advice": ""},
        ],
    }  # fmt: skip
    assert told(record=RECORD | more, known=True) == [
        *few[:2],
        "  dates     published 2026-03-01 12:00 UTC (estimated)",
        few[3],
        "            revised 2 times, last 2026-03-01 13:00 UTC",
        "            looked at again from 2026-03-01 14:00 UTC on",
        "  also at   wire.example/0, wire.example/1, wire.example/2, wire.example/3, wire.example/4 and 2 more",
        "            one with b",
        f"  left out  of topics and search, since its site has it on many pages: “{'x' * 59}”",
        "  page says noarchive",
        "            in topic secret: shown",
        "  kept out  of the feeds: invalid",
        "  story     urn:s, carried by 2 outlets",
        *(f"            {source}: https://{source}.example/quay (same text)" for source in ("wire", "post", "post")),
        f"            {URL} stands for it: the first",
        "  topic     harbour: quay",
        "  not in    a: boat; say boats",
        "  not in    b: mill",
        "  in        s/wire.atom",
    ]
    five = told(record=RECORD | {"also_at": more["also_at"][:5]}, known=True)  # type: ignore[index]
    assert "  also at   wire.example/0, wire.example/1, wire.example/2, wire.example/3, wire.example/4" in five


def test_how_an_article_changed() -> None:
    found: dict[str, Any] = {"title": "Quay", "url": URL, "first_seen": NOON, "versions": []}
    head = ["Quay", URL, "first seen 2026-03-01 12:00 UTC"]
    assert list(explain.history_in_words(found)) == [*head, "never changed since"]
    found["versions"] = [
        {"replaced": NOON, "public": True, "why": "rewritten", "changes": ["- a", "+ b"]},
        {"replaced": NOON, "public": False, "why": "a letter", "changes": ["- b"]},
        {"replaced": NOON, "public": False, "why": "moved", "changes": []},
    ]
    at = "2026-03-01 12:00 UTC"
    assert list(explain.history_in_words(found)) == [
        *head,
        "", f"{at}: rewritten (shown as updated)", "  - a", "  + b",
        "", f"{at}: a letter (too small to be shown as updated)", "  - b",
        "", f"{at}: moved",
    ]  # fmt: skip


def test_how_much_of_a_new_source_is_filed_elsewhere() -> None:
    for stories, elsewhere, words in (
        (0, {}, None),
        (12, {"lake": 5}, None),
        (12, {"lake": 6}, "12 stories, 6 of them filed under lake already"),
        (12, {"lake": 8, "hill": 4}, "12 stories, all filed under lake and hill already"),
        (12, {"lake": 13}, "12 stories, all filed under lake already"),
    ):
        assert explain.covered(stories, elsewhere) == words
    sources = {1: "lake", 2: "hill", 3: "lake", 4: "own", 5: None}
    records = {n: source and SimpleNamespace(record=SimpleNamespace(source=source)) for n, source in sources.items()}
    asked: list[list[str]] = []

    def aliases(keys: list[str]) -> dict[str, int]:
        asked.append(keys)
        return {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 1}

    store: Any = SimpleNamespace(records=SimpleNamespace(aliases=aliases, get=records.get))
    found = explain.filed_elsewhere(store, "own", {"b", "a"})
    assert list(found.items()) == [("lake", 2), ("hill", 1)]
    assert asked == [["a", "b"]]


CONFIG = """
contact = "mailto:desk@paper.example"
base_url = "http://127.0.0.1:8484"
[[topics]]
name = "harbour"
query = "harbour OR hafen"
audience = "public"
[[topics]]
name = "every"
copies = "all"
[[topics]]
name = "mine"
query = "lighthouse"
private = true
[[topics]]
name = "walls"
query = "title:walls"
[[topics]]
name = "mills"
query = "mill"
"""


def test_what_the_store_knows_of_a_page(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    config = load(tmp_path / "config.toml")
    with reading_room(tmp_path) as room:
        first = room.keep(at=NOON, robots=("noarchive",))
        lamp = room.keep(
            "island",
            "lamp",
            title="A lamp for the lighthouse",
            lines=("It is lit, at the harbour.",) * 2,
            at=NOON - timedelta(days=9),
        )
        room.keep("island", title="A wall", at=NOON + timedelta(hours=1))  # the same story
        now = NOON + timedelta(hours=2)
        found = explain.why(room.store, config, first.url, now)
        of_lamp = explain.why(room.store, config, lamp.url, now)
        alone = explain.why(room.store, config, first.url, now, "walls")
        in_one = explain.why(room.store, config, first.url, now, "harbour")
        unknown = explain.why(room.store, config, "https://island.example/none", now)
        foreign = explain.why(room.store, config, "https://nowhere.example/none", now)
        assert explain.history(room.store, "https://island.example/none") is None
        past = explain.history(room.store, first.url)
        asked: list[tuple[list[str], int, str]] = []
        for best, since, limit in (
            (False, None, 9),
            (True, None, 9),
            (False, NOON - timedelta(days=1), 9),
            (False, None, 1),
        ):
            rows = explain.search(room.store, "harbour", since=since, best=best, limit=limit, now=now)
            asked.append(([row["title"] for row in rows], rows[0]["outlets"], rows[0]["clause"]))
        none = explain.search(room.store, "windmill", since=None, best=False, limit=9, now=now)
    assert (found["known"], found["key"]) == (True, "courier.example/news/wall")
    (seen,) = found["outcomes"]
    assert (seen["source"], seen["outcome"], seen["way"], seen["first"], seen["tries"]) == (
        "courier",
        "kept",
        "rss",
        NOON,
        1,
    )
    record = found["record"]
    assert (record["id"], record["title"], record["source"]) == (first.id, first.title, "courier")
    assert (record["published"], record["first_seen"], record["revisions"], record["quarantined"]) == (
        NOON,
        NOON,
        0,
        None,
    )
    assert record["topics"].keys() == {"harbour", "short", "every"} and "harbour" in record["topics"]["harbour"]
    assert {one["topic"] for one in record["not_in"]} == {"mine", "walls", "mills"}
    assert record["not_in"][0]["topic"] == "walls" and record["not_in"][0]["near"] is True, "the nearest first"
    assert record["published_in"] == [
        "http://127.0.0.1:8484/s/courier.atom",
        *(f"http://127.0.0.1:8484/t/{name}.atom" for name in record["topics"]),
    ]
    assert "noarchive" in record["robots"] and record["robots_in_topics"].keys() == {"harbour"}
    assert [one["source"] for one in record["story"]["members"]] == ["courier", "island"]
    assert record["story"]["represented_by"] == first.url and record["also_at"] == [] == record["boilerplate"]
    assert of_lamp["record"]["published_in"][-1] == "http://127.0.0.1:8484/t/TOKEN/mine.atom"
    assert (of_lamp["record"]["robots_in_topics"], len(of_lamp["record"]["story"]["members"])) == ({}, 1)
    assert (alone["record"]["topics"], [one["topic"] for one in alone["record"]["not_in"]]) == ({}, ["walls"])
    assert (list(in_one["record"]["topics"]), in_one["record"]["not_in"]) == (["harbour"], [])
    assert (unknown["known"], unknown["record"], unknown["sources_of_site"]) == (False, None, ["island"])
    assert foreign["sources_of_site"] == [] and "sources_of_site" not in found
    assert past is not None and past["versions"] == [] and (past["title"], past["url"]) == (first.title, first.url)
    wall, copy, old = "Tarn mends its harbour wall", "A wall", "A lamp for the lighthouse"
    assert [titles for titles, _, _ in asked] == [[copy, wall, old], [wall, old, copy], [copy, wall], [copy]]
    assert asked[0][1] == 2 and "harbour" in asked[0][2]
    assert none == []
