"""Stories through the interface: found by query, one whole, kept out of the feeds; and what became of an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.app.inspect import preview
from feeds.app.inspect.preview import Sight
from feeds.app.web.api import inspection
from scrapers import CopydeskError, Draft, Image, Links
from tests.support.interface import Interface, interface
from tests.support.reading import NOW, STORY
from tests.support.stories import record

LAMP = ("The lighthouse of Skell has a new lamp, which is the brightest on this coast.", "Its keeper wants curtains.")
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Interface]:
    with interface(tmp_path, now=NOW + 9 * HOUR) as made:
        made.room.keep(
            authors=("Ada",), tags=("walls",), section="Town", publisher="Courier & Co", robots=("noarchive",),
            image=Image("https://courier.example/1.jpg"), published_estimated=True,
        )  # fmt: skip
        made.room.keep("island", title="A wall for Tarn", at=NOW + HOUR)  # the same story
        made.room.keep("island", "lamp", title="A new lamp", lines=LAMP, at=NOW + 2 * HOUR)
        yield made


def found(desk: Interface, query: str = "") -> list[str]:
    got = desk("GET", f"/stories?{query}", token="reads")
    assert got.status == 200, got.data
    return [one["title"] for one in got.data["stories"]]


WALL, LAMP_TITLE = "Tarn mends its harbour wall", "A new lamp"


def test_stories_by_query(desk: Interface) -> None:
    for query, titles in (
        ("", [LAMP_TITLE, WALL]),
        ("q=harbour", [WALL]),
        ("q=%20lighthouse%20", [LAMP_TITLE]),
        ("topic=harbour", [WALL]),
        ("topic=mine", [LAMP_TITLE]),
        ("source=courier", [WALL]),
        ("source=kueste", []),
        ("source=island&q=lamp", [LAMP_TITLE]),
        ("limit=1", [LAMP_TITLE]),
        ("q=windmill", []),
    ):
        assert found(desk, query) == titles, query
    for query, status, words in (
        ("topic=harbour&source=courier", 400, "topic, source: one of them at most; source: stands in a query too"),
        ("topic=none", 404, "there is no topic none"),
        ("source=none", 404, "there is no source none"),
        ("cursor=x", 400, "cursor: should be one that an answer gave as `next`"),
        ("q=(harbour", 400, None),
    ):
        got = desk("GET", f"/stories?{query}")
        assert got.status == status and words in (None, got.data["detail"]), query
    assert got.data["position"] == 0


def test_a_piece_after_the_other(desk: Interface) -> None:
    first = desk("GET", "/stories?limit=1").data
    assert first["next"] is not None and first["searched_back_to"] is not None
    second = desk("GET", f"/stories?limit=1&cursor={first['next']}").data
    assert [one["title"] for one in second["stories"]] == [WALL]
    last = desk("GET", "/stories?limit=9").data
    assert (last["next"], last["searched_back_to"]) == (None, None)


def test_all_of_a_story(desk: Interface) -> None:
    (told,) = desk("GET", "/stories?q=harbour").data["stories"]
    identity = told["id"].removeprefix("urn:uuid:")
    assert told == {
        "id": told["id"], "url": "https://courier.example/news/wall", "title": WALL, "source": "courier",
        "subtitle": "What was decided, and what is still to be settled", "summary": told["summary"],
        "publisher": "Courier & Co", "authors": ["Ada"], "published": "2026-03-01T12:00:00Z",
        "published_estimated": True,
        "updated": told["updated"], "section": "Town", "tags": ["walls"],
        "image": "https://courier.example/1.jpg", "topics": ["harbour"], "content": None,
        "page": f"https://news.example/desk/story/{identity}",
        "also_at": [{"title": "A wall for Tarn", "url": "https://island.example/news/wall", "publisher": "Island Post",
                     "published": "2026-03-01T13:00:00Z"}],
     "language": told["language"]}  # fmt: skip
    assert "council of Tarn" in desk("GET", "/stories?q=harbour&content=true").data["stories"][0]["content"]
    (lamp,) = desk("GET", "/stories?q=lamp").data["stories"]
    assert (lamp["publisher"], lamp["image"], lamp["also_at"], lamp["topics"]) == ("Island Post", None, [], ["mine"])
    whole = desk("GET", f"/stories/{identity}").data
    assert whole["story"]["id"] == told["id"] and STORY[0] in whole["story"]["content"]
    assert (whole["text"], whole["changes"]) == ("\n".join(STORY), [])
    (row,) = desk.room.store.records.numbers_of([desk.room.store.records.get(2).record.id])  # type: ignore[union-attr]
    copy = desk.room.store.records.get(row)
    assert copy is not None
    by_record = desk("GET", f"/stories/{copy.record.id.removeprefix('urn:uuid:')}").data
    assert by_record["story"]["id"] == told["id"], "the story of a record of it"
    none = "0" * 8 + "-0000-0000-0000-" + "0" * 12
    assert desk("GET", f"/stories/{none}").data["detail"] == f"there is no story {none}"


def test_a_story_is_kept_out_and_let_back(desk: Interface) -> None:
    (lamp,) = desk("GET", "/stories?q=lamp").data["stories"]
    identity = lamp["id"].removeprefix("urn:uuid:")
    for held, words in ((True, "is kept out already"), (False, "is in the feeds already")):
        got = desk("PATCH", f"/stories/{identity}", {"held": held})
        assert (got.status, got.data["held"], desk.performed.pop()) == (200, held, ("publish", {}))
        again = desk("PATCH", f"/stories/{got.data['id'].removeprefix('urn:uuid:')}", {"held": held})
        assert again.status == 409 and again.data["detail"].endswith(words)
        assert desk.performed == []
    none = "0" * 8 + "-0000-0000-0000-" + "0" * 12
    assert desk("PATCH", f"/stories/{none}", {"held": True}).status == 404


def test_what_became_of_an_address(desk: Interface) -> None:
    got = desk("GET", "/why?url=https://courier.example/news/wall").data
    assert (got["known"], got["record"]["title"], got["outcomes"][0]["source"], got["sources_of_site"]) == (
        True, WALL, "courier", [],
    )  # fmt: skip
    got = desk("GET", "/why?url=https://courier.example/none").data
    assert (got["url"], got["known"], got["record"], got["sources_of_site"]) == (
        "https://courier.example/none", False, None, ["courier"],
    )  # fmt: skip
    for query in ("", "?url=x"):
        assert desk("GET", f"/why{query}").status == 400


def test_how_the_installation_is_doing(desk: Interface) -> None:
    got = desk("GET", "/health").data
    assert got == {"ok": False, "facts": {"ok": False, "why": "it is paused"}, "troubles": []}


def test_a_page_is_tried(desk: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []
    sight: Sight | CopydeskError = Sight("u", record=record(1), draft=Draft())

    async def look(*told: Any) -> Sight:
        asked.append(told)
        if isinstance(sight, CopydeskError):
            raise sight
        return sight

    monkeypatch.setattr(preview, "look", look)
    got = desk("POST", "/try", {"url": "paper.example/a", "source": "courier", "kind": "article"}, token="reads").data
    assert got["listing"] is None and got["record"]["title"] == record(1).title
    fetcher, workers, url, seed, kind, now = asked.pop()
    assert (fetcher, workers, url, kind, now) == (
        "the fetcher", "the workers", "https://paper.example/a", "article", desk.now,
    )  # fmt: skip
    assert seed.name == "courier"
    sight = Sight("u", links=Links(title="Courier"))
    got = desk("POST", "/try", {"url": "https://paper.example/"}).data
    assert got["record"] is None and got["listing"]["title"] == "Courier"
    assert asked.pop()[3:5] == (None, "auto")
    for body, status, words in (
        ({"url": "x"}, 422, "url: should be an address such as https://paper.example/story"),
        ({"url": "https://paper.example/", "source": "none"}, 422, "there is no source none"),
    ):
        refused = desk("POST", "/try", body)
        assert (refused.status, refused.data["detail"]) == (status, words) and asked == []
        assert refused.data["errors"] == [words.split(":")[0] if "url" in words else "source"]
    sight = CopydeskError("robots.txt forbids it")
    assert desk("POST", "/try", {"url": "https://paper.example/"}).data["detail"] == "robots.txt forbids it"
    assert inspection._trying.total() == 0
    for busy in ({"writes": 1}, {"a": 1, "b": 1, "c": 1}):
        monkeypatch.setattr(inspection, "_trying", inspection.Counter(busy))
        refused = desk("POST", "/try", {"url": "https://paper.example/"})
        assert (refused.status, refused.headers["retry-after"]) == (429, "10")
    monkeypatch.setattr(inspection, "_trying", inspection.Counter({"a": 1, "b": 1}))
    assert desk("POST", "/try", {"url": "https://paper.example/"}).status == 422
