"""Stories in the desk: found, explained, compared word by word, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.store import Store
from scrapers import Seed
from tests.support.desk import DeskUnderTest, file_story, running_desk
from tests.support.stories import record

EVIL = "<script>alert('x')</script>"


def fill(store: Store) -> None:
    now = datetime.now(UTC)
    store.sources.sync([Seed(name="courier", home="http://127.0.0.1:9/")], now)
    with store.transaction():
        for n in reversed(range(50)):
            at = now - timedelta(hours=n)
            one = record(n, source="courier", published=at, first_seen=at)
            if n == 1:
                one = replace(one, title=f"{EVIL} & more", html="<p>Fish</p>")
            file_story(store, one, now)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskUnderTest]:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "courier.toml").write_text('home = "http://127.0.0.1:9/"\n')
    with running_desk(tmp_path, fill=fill, perform=lambda app, kind, payload: {"clean": True}) as desk:
        yield desk


def path(n: int) -> str:
    return f"/desk/stories/{record(n).id}"


def test_stories_are_listed_page_by_page_and_found(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    page = browser.get("/desk/stories").text
    assert page.count('<li><a href="/desk/stories/') == 40 and "before=" in page
    older = page.partition("/desk/stories?before=")[2].partition("&")[0]
    assert browser.get(f"/desk/stories?before={older}").text.count('<li><a href="/desk/stories/') == 10
    found = browser.get("/desk/stories?q=lighthouse&source=courier&since=7d").text
    assert found.count("The lighthouse keeper") == 8 and "in the title" in found
    wrong = browser.get("/desk/stories?q=(lighthouse").text
    assert 'role="alert"' in wrong and "^" in wrong
    for odd in ("before=x", "since=never", "source=nobody", "out=yes", "q=" + "%22%3E%3Cscript%3E"):
        got = browser.get(f"/desk/stories?{odd}")
        assert got.status == 200 and '"><script>' not in got.text


def test_a_story_tells_why_it_is_where_it_is(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    page = browser.get(path(3)).text
    assert "nearly" in page and "write author:quay" in page and record(3).url in page
    assert browser.get(path(99)).status == 404
    body = browser.get(f"{path(5)}/body")
    assert body.headers["content-security-policy"].startswith("sandbox") and "<h1>" in body.text


def test_what_a_page_says_is_shown_and_never_run(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    for page in ("/desk", "/desk/stories", path(1), f"{path(1)}/forget", f"{path(1)}/body", "/desk/sources/courier"):
        text = browser.get(page).text
        assert EVIL not in text
        assert "alert(&#39;x&#39;)" in text, page


def test_a_revision_is_shown_word_by_word(desk: DeskUnderTest) -> None:
    after = replace(record(3), text="The ferry line opens on Monday.\nA second paragraph.", source="courier")

    def revise(store: Store) -> None:
        with store.transaction():
            number = store.records.numbers_of([record(3).id])[0]
            stored = store.records.get(number)
            assert stored is not None
            store.records.revise(stored, after, now=datetime.now(UTC), why="the text", public=True)

    desk.store(revise)
    page = desk.browser().get(path(3)).text
    assert "<ins>" in page and "<del>" in page and "Monday" in page


def test_an_article_is_forgotten_after_a_question_once(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    page = browser.get(f"{path(2)}/forget").text
    assert record(2).title in page
    assert browser.post(f"{path(2)}/forget", {}).status == 400
    assert desk.store(lambda store: store.records.by_id(record(2).id)) is not None
    assert "forgotten" in browser.submit(f"{path(2)}/forget", {"sure": "yes"}).note()
    assert desk.store(lambda store: store.records.by_id(record(2).id)) is None
    assert ("forget", {}) in desk.asked
    assert browser.post(f"{path(2)}/forget", {"sure": "yes"}).status == 404


def test_a_story_is_kept_out_of_the_feeds_and_let_back(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    assert "Keep it out of the feeds" in browser.get(path(4)).text
    for wrong in ("", "hold it", "release"):
        assert browser.post(path(4), {"do": wrong}).status in (400, 409)
    got = browser.submit(path(4), {"do": "hold"})
    assert got.note().startswith("It is kept out") and "You keep it out" in got.text and "Let it back" in got.text
    assert browser.post(path(4), {"do": "hold"}).status == 409, "once is enough"
    assert path(4) in browser.get("/desk/stories?out=yes").text
    assert browser.submit(path(4), {"do": "release"}).note().startswith("It is back")
    assert path(4) not in browser.get("/desk/stories?out=yes").text
    assert desk.asked.count(("publish", {})) == 2
    assert browser.post(path(99), {"do": "hold"}).status == 404
