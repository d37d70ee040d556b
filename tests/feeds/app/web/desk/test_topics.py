"""Topics tried while they are typed, and saved into config.toml with what a person wrote there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.inspect.quick_trial import QuickTrials
from feeds.model import Topic
from feeds.store import Store, open_store
from scrapers import Seed
from tests.support.desk import Browser, DeskUnderTest, file_story, running_desk
from tests.support.stories import record


def fill(store: Store) -> None:
    now = datetime.now(UTC)
    store.sources.sync([Seed(name=name, home=f"http://127.0.0.1:9/{name}") for name in ("courier", "island")], now)
    with store.transaction():
        for n in range(12):
            at = now - timedelta(hours=5 * n)
            one = record(n, source=("courier", "island")[n % 2], published=at, first_seen=at)
            file_story(store, one, now)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskUnderTest]:
    (tmp_path / "seeds").mkdir()
    for name in ("courier", "island"):
        (tmp_path / "seeds" / f"{name}.toml").write_text(f'home = "http://127.0.0.1:9/{name}"\n')
    with running_desk(tmp_path, fill=fill) as desk:
        yield desk


def editor(browser: Browser, path: str) -> dict[str, str]:
    """The fields of an editor as a browser would send them back."""
    page = browser.get(path).text
    fields = dict(re.findall(r'<input id="\w+" name="(\w+)"[^>]*? value="([^"]*)"', page))
    fields |= dict.fromkeys(re.findall(r'<input type="checkbox" name="(\w+)" value="yes" checked', page), "yes")
    found = re.search(r'name="version" value="(\w+)"', page)
    query = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found is not None and query is not None
    return {**fields, "version": found[1], "query": query[1], "do": "save"}


def test_a_query_is_tried_and_changes_nothing(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    before = (desk.folder / "config.toml").read_bytes()
    fields = editor(browser, "/desk/topics/harbour")
    got = browser.post("/desk/topics/harbour", {**fields, "query": "lighthouse", "do": "try"}, **{"X-Desk-Part": "1"})
    assert got.status == 200 and "<html" not in got.text
    assert "<strong>2</strong>" in got.text and "The lighthouse keeper" in got.text
    whole = browser.post("/desk/topics/harbour", {**fields, "query": "lighthouse", "do": "try"})
    assert "<html" in whole.text and "The lighthouse keeper" in whole.text
    wrong = browser.post("/desk/topics/harbour", {**fields, "query": "(quay", "do": "try"}, **{"X-Desk-Part": "1"})
    assert wrong.status == 200 and "^" in wrong.text
    hostile = browser.post("/desk/topics/harbour", {**fields, "query": "</textarea><script>", "do": "try"})
    assert "</textarea><script>" not in hostile.text
    assert (desk.folder / "config.toml").read_bytes() == before


def test_a_topic_is_saved_with_what_a_person_wrote_around_it(desk: DeskUnderTest) -> None:
    browser, file = desk.browser(), desk.folder / "config.toml"
    before = file.read_text()
    fields = editor(browser, "/desk/topics/harbour")
    got = browser.submit("/desk/topics/harbour", {**fields, "query": 'title:"fish market" OR ferry', "copies": "one"})
    assert got.note().startswith("Saved")
    text = file.read_text()
    assert "'title:\"fish market\" OR ferry'" in text
    assert "# the desk of a test" in text and 'name = "harbour"  # ships' in text
    assert text.replace("'title:\"fish market\" OR ferry'", '"quay OR ferry"') == before
    assert (desk.folder / "config.toml.before").read_text() == before
    assert desk.app.installation.config.topics[0].query == 'title:"fish market" OR ferry'
    assert not list(desk.folder.glob(".*"))


def test_what_is_tried_in_the_background_takes_no_note_from_the_page_that_a_save_leads_to(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    fields = editor(browser, "/desk/topics/harbour")
    got = browser.post("/desk/topics/harbour", {**fields, "title": "The quay"})
    for _ in range(2):
        browser.post("/desk/topics/harbour", {**fields, "do": "try"}, **{"X-Desk-Part": "1"})
    assert not browser.get("/desk/topics").note()
    assert browser.get(got.headers["location"]).note().startswith("Saved")
    assert not browser.get(got.headers["location"]).note(), "it is said once"


def test_an_edit_on_disk_meanwhile_is_noticed(desk: DeskUnderTest) -> None:
    browser, file = desk.browser(), desk.folder / "config.toml"
    fields = editor(browser, "/desk/topics/harbour")
    file.write_text(file.read_text().replace('"quay OR ferry"', '"quay OR boat"'))
    edited = file.read_text()
    got = browser.post("/desk/topics/harbour", {**fields, "query": "mine alone"})
    assert got.status == 409 and "mine alone" in got.text and "was changed" in got.note()
    assert file.read_text() == edited
    found = re.search(r'name="version" value="(\w+)"', got.text)
    assert found is not None
    got = browser.submit("/desk/topics/harbour", {**fields, "query": "mine alone", "version": found[1]})
    assert got.note().startswith("Saved") and '"mine alone"' in file.read_text()


def test_a_new_topic_a_renamed_one_and_a_removed_one(desk: DeskUnderTest) -> None:
    browser, file = desk.browser(), desk.folder / "config.toml"
    fields = editor(browser, "/desk/new-topic?query=ferry")
    assert fields["query"] == "ferry"
    assert browser.submit("/desk/new-topic", {**fields, "name": "boats", "title": "Boats & ships"}).status == 200
    assert "Boats &amp; ships" in browser.get("/desk/topics").text
    fields = editor(browser, "/desk/topics/boats")
    assert browser.post("/desk/new-topic", {**fields, "name": "boats"}).status == 422, "twice"
    browser.submit("/desk/topics/boats", {**fields, "name": "ships"})
    assert 'name = "ships"' in file.read_text() and 'was = "boats"' in file.read_text()
    assert browser.post("/desk/topics/ships/remove", {}).status == 400
    assert "removed" in browser.submit("/desk/topics/ships/remove", {"sure": "yes"}).note()
    assert "ships\n" not in file.read_text().replace("# ships", "")
    assert browser.post("/desk/topics/ships/remove", {"sure": "yes"}).status == 409
    assert browser.get("/desk/topics/ships").status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "Upper"},
        {"name": "archive"},
        {"name": "mine"},
        {"query": "(quay"},
        {"query": "ferry AND"},
        {"entries": "many"},
        {"max_age": "soon"},
    ],
)
def test_what_is_wrong_is_said_and_not_written(desk: DeskUnderTest, wrong: dict[str, str]) -> None:
    browser, file = desk.browser(), desk.folder / "config.toml"
    before = file.read_bytes()
    fields = editor(browser, "/desk/topics/harbour")
    got = browser.post("/desk/topics/harbour", {**fields, **wrong})
    assert got.status == 422 and got.note()
    assert file.read_bytes() == before


def test_the_index_of_words_decides_what_it_can_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    store = open_store(tmp_path / "copydesk.db", daemon=True)
    try:
        fill(store)
        now, trials = datetime.now(UTC), QuickTrials()

        def tried(query: str) -> tuple[int, int, list[str]]:
            found = trials.tried(store, Topic("t", "t", query=query), now)
            assert found.complete and sum(found.by_day) == found.caught == sum(found.sources.values())
            return found.caught, len(found.hits), [miss.title for miss in found.near_misses]

        assert tried("lighthouse")[:2] == (2, 2)
        assert tried("lighthouse AND source:courier")[:2] == (2, 2)
        assert tried("")[:2] == (12, 12)
        assert tried("copies:no")[0] == 12
        assert tried("lighthous")[2] == ["The lighthouse keeper's log: forty years in nine notebooks"] * 2
        assert tried('"ferry returns"')[0] == 0
        assert len(tried("lighthouse AND storm")[2]) >= 2
    finally:
        store.close()
