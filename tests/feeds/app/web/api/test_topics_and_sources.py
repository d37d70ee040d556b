"""Topics and sources through the interface: seen, made, changed, removed, and what is written for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feeds.app.jobs import following
from scrapers import CopydeskError, Seed, Survey, Way
from tests.support.interface import CONFIG, Interface, interface
from tests.support.reading import NOW


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Interface]:
    with interface(tmp_path) as made:
        made.room.keep(at=NOW)
        yield made


def test_topics_with_their_counts(desk: Interface) -> None:
    harbour, mine = desk("GET", "/topics", token="reads").data["topics"]
    assert harbour == {
        "name": "harbour", "title": "The harbour", "query": "harbour OR hafen", "subtitle": None, "language": None,
        "copies": "one", "private": False, "stories": 1, "fresh": 1, "newest": "2026-03-01T12:00:00Z",
        "feed": "https://news.example/desk/t/harbour.atom",
    }  # fmt: skip
    assert (mine["name"], mine["title"], mine["private"], mine["feed"], mine["stories"], mine["fresh"]) == (
        "mine", "mine", True, None, 0, 0,
    )  # fmt: skip
    assert desk("GET", "/topics/harbour").data == harbour
    for method in ("GET", "DELETE"):
        missing = desk(method, "/topics/none")
        assert (missing.status, missing.data["detail"]) == (404, "there is no topic none")
    assert desk("PATCH", "/topics/none", {"title": "x"}).status == 404


def test_a_topic_is_made_changed_and_removed_in_the_file(desk: Interface) -> None:
    made = desk("POST", "/topics", {"name": "walls", "query": "wall", "sources": ["courier"], "entries": None})
    assert (made.status, made.headers["location"]) == (201, "/desk/api/v1/topics/walls")
    assert made.data["query"] == "wall" and desk.performed.pop() == ("reload", {})
    text = desk.config_path.read_text()
    assert text.startswith(CONFIG) and text[len(CONFIG) :].strip() == (
        '[[topics]]\nname = "walls"\nquery = "wall"\nsources = ["courier"]'
    )
    changed = desk("PATCH", "/topics/walls", {"query": None, "title": "Walls", "sources": None})
    assert (changed.status, changed.data["title"], changed.data["query"]) == (200, "Walls", None)
    assert desk.config_path.read_text()[len(CONFIG) :].strip() == '[[topics]]\nname = "walls"\ntitle = "Walls"'
    moved = desk("PATCH", "/topics/walls", {"name": "dykes"})
    assert (moved.status, moved.data["name"], moved.data["title"]) == (200, "dykes", "Walls")
    assert 'was = "walls"' in desk.config_path.read_text()
    assert desk("PATCH", "/topics/dykes", {"name": None, "subtitle": "Dry"}).data["subtitle"] == "Dry"
    assert 'was = "walls"' in desk.config_path.read_text()
    gone = desk("DELETE", "/topics/dykes")
    assert gone.data == {"name": "dykes", "records": 0}
    assert desk.config_path.read_text().strip() == CONFIG.strip()
    assert desk("GET", "/topics/dykes").status == 404


def test_what_cannot_be_written_changes_nothing(desk: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    for method, path, body, status, words in (
        ("POST", "/topics", {"query": "wall"}, 422, "name: is required"),
        ("POST", "/topics", {"name": "mine"}, 409, "there is a topic mine already"),
        ("POST", "/topics", {"name": "Walls"}, 422, None),
        ("PATCH", "/topics/mine", {"query": "(wall"}, 422, None),
        ("PATCH", "/topics/mine", {"name": "harbour"}, 422, None),
    ):
        got = desk(method, path, body)
        assert got.status == status and words in (None, got.data["detail"]), (body, got.data)
        assert ("errors" in got.data) is (status == 422)
        assert desk.config_path.read_text() == CONFIG and desk.performed == []
    desk.answers["reload"] = {"applied": False}
    got = desk("PATCH", "/topics/mine", {"title": "Mine"})
    assert (got.status, got.data["detail"]) == (409, "topics.mine: is wrong")
    desk.installation.reload_mistakes = []
    assert desk("PATCH", "/topics/mine", {"title": "My own"}).data["detail"] == "config.toml could not be applied"
    desk.answers.clear()
    before = desk.config_path.read_text()
    real = Path.read_text
    texts = iter((before, before + "\n# changed"))
    monkeypatch.setattr(
        Path, "read_text", lambda path, **more: next(texts) if path == desk.config_path else real(path, **more)
    )
    got = desk("PATCH", "/topics/mine", {"title": "Mine again"})
    monkeypatch.undo()
    assert got.status == 409 and "was changed on disk" in got.data["detail"]
    assert desk.config_path.read_text() == before


def test_a_topic_that_stays_as_it_is_is_not_written(desk: Interface) -> None:
    before = desk.config_path.stat().st_mtime_ns, desk.config_path.stat().st_ino
    assert desk("PATCH", "/topics/harbour", {"title": "The harbour"}).status == 200
    assert (desk.config_path.stat().st_mtime_ns, desk.config_path.stat().st_ino) == before
    assert desk.performed == [("reload", {})]


def test_sources_and_how_they_are_doing(desk: Interface) -> None:
    rows = desk("GET", "/sources", token="reads").data["sources"]
    assert [row["name"] for row in rows] == ["courier", "island", "kueste"]
    courier = desk("GET", "/sources/courier").data
    assert courier == rows[0]
    assert (courier["home"], courier["records"], courier["feed"]) == (
        "https://courier.example/", 1, "https://news.example/desk/s/courier.atom",
    )  # fmt: skip
    for method, path, body in (
        ("GET", "/sources/none", None), ("PATCH", "/sources/none", {"paused": True}), ("DELETE", "/sources/none", None),
        ("POST", "/sources/none/visit", None),
    ):  # fmt: skip
        missing = desk(method, path, body)
        assert (missing.status, missing.data["detail"]) == (404, "there is no source none")
    assert desk.performed == []


def test_a_source_is_paused_renamed_and_removed(desk: Interface) -> None:
    for paused, state in ((True, "paused"), (False, "ok")):
        got = desk("PATCH", "/sources/courier", {"paused": paused})
        assert (got.status, got.data["state"]) == (200, state)
        assert desk.performed.pop() == ("reload", {})
    assert desk("PATCH", "/sources/courier", {"name": "courier"}).data["name"] == "courier"
    got = desk("PATCH", "/sources/courier", {"name": "herald", "paused": True})
    assert (got.data["name"], got.data["state"]) == ("herald", "paused")
    assert (desk.folder / "seeds/herald.toml").exists() and not (desk.folder / "seeds/courier.toml").exists()
    desk.performed.clear()
    got = desk("PATCH", "/sources/herald", {"name": "island"})
    assert got.status == 409 and "is there already" in got.data["detail"] and desk.performed == []
    assert desk("DELETE", "/sources/island").data == {"name": "island", "records": 0}
    assert desk.performed == [("reload", {})]
    desk.performed.clear()
    assert desk("DELETE", "/sources/herald?records=true").data == {"name": "herald", "records": 1}
    assert desk.performed == [("reload", {}), ("forget", {})]
    assert (desk.folder / "seeds/removed/herald.toml").exists()


def test_a_source_is_visited(desk: Interface) -> None:
    for answer, visited, detail in (
        ({"visited": ["courier"]}, True, ""), ({"visited": ["island"]}, False, ""),
        ({"error": "paused"}, False, "paused"),
    ):  # fmt: skip
        desk.answers["visit"] = answer
        assert desk("POST", "/sources/courier/visit").data == {"name": "courier", "visited": visited, "detail": detail}
        assert desk.performed.pop() == ("visit", {"names": ["courier"]})
    (desk.folder / "seeds/courier.toml").unlink()
    desk.installation.seeds.pop("courier")
    got = desk("POST", "/sources/courier/visit")
    assert (got.status, got.data["detail"]) == (409, "courier has no seed, so it is not visited")


def test_a_site_is_followed(desk: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    surveyed: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    found: Any = None

    async def survey_of(*told: Any, **more: Any) -> Any:
        surveyed.append((told, more))
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(following, "survey_of", survey_of)
    seed = Seed("post", "https://post.example/")
    for body, status, words in (
        ({"url": "x"}, 422, "url: should be an address such as https://paper.example/"),
        ({"url": "post.example", "name": "A B"}, 422, "a name is 1 to 64 of a-z, 0-9 and -, not 'A B'"),
        ({"url": "https://courier.example"}, 409, "https://courier.example/ is followed already, as courier"),
    ):
        got = desk("POST", "/sources", body)
        assert (got.status, got.data["detail"]) == (status, words) and surveyed == []
    found = Survey(seed.home, None, None, None, (), (), 3, seed)
    got = desk("POST", "/sources", {"url": "post.example"})
    assert (got.status, got.data["detail"]) == (422, "https://post.example/: no stories were found there")
    told, more = surveyed.pop()
    assert told == (
        "the fetcher", "the workers", "https://post.example/", frozenset({"courier", "island", "kueste"}), desk.now,
    )  # fmt: skip
    assert more == {"typed": False}
    found = CopydeskError("it does not answer")
    assert desk("POST", "/sources", {"url": "https://post.example"}).data["detail"] == "it does not answer"
    assert surveyed.pop()[1] == {"typed": True} and desk.performed == []
    way = Way("rss", "https://post.example/rss", 9, {}, None, ())
    for body, name in (({"url": "post.example"}, "post"), ({"url": "evening.example", "name": "evening"}, "evening")):
        found = Survey(seed.home, "Post", "en", None, (way,), (), 3, seed)
        got = desk("POST", "/sources", body)
        assert (got.status, got.headers["location"], got.data["home"]) == (
            201,
            f"/desk/api/v1/sources/{name}",
            seed.home,
        )
        assert (desk.folder / f"seeds/{name}.toml").read_text().count("https://post.example/") >= 1
        assert desk.performed.pop() == ("reload", {})
        (desk.folder / f"seeds/{name}.toml").rename(desk.folder / f"seeds/{name}.old")
    (desk.folder / "seeds/post.toml").write_text("home = 5")
    got = desk("POST", "/sources", {"url": "post.example"})
    assert (got.status, desk.performed) == (409, []), "a file that is there is not written over"
