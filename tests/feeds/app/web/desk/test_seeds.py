"""Seeds edited as text and by pointing at a page; health, tokens and copies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.demo.newsroom import Newsroom
from feeds.app.jobs.backups import daily_copy
from feeds.app.web.desk.pages.seeds import with_selector
from scrapers.repair.model import Repair
from tests.support.desk import DeskUnderTest, running_desk

pytestmark = pytest.mark.usefixtures("read_inside")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("newsroom")
    now = datetime.now(UTC) - timedelta(hours=1)
    with Newsroom(folder, now=now, speed=None, sites={"wendale-post": ""}) as room:
        yield room


@pytest.fixture
def desk(tmp_path: Path, newsroom: Newsroom) -> Iterator[DeskUnderTest]:
    (tmp_path / "seeds").mkdir()
    seed = f'# mine\nhome = "{newsroom.homes["wendale-post"]}"  # the front\n'
    (tmp_path / "seeds" / "post.toml").write_text(seed)
    with running_desk(tmp_path) as desk:
        yield desk


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_a_seed_is_checked_tried_and_saved(desk: DeskUnderTest) -> None:
    browser, file = desk.browser(), desk.folder / "seeds" / "post.toml"
    before = file.read_text()
    page = browser.get("/desk/sources/post/seed").text
    told = version_of(page)
    assert "# mine" in page and "in order" in page
    wrong = before + 'titel = "x"\nevery = "soon"\n'
    part = browser.post("/desk/sources/post/seed", {"do": "check", "text": wrong}, **{"X-Desk-Part": "1"})
    assert part.status == 200 and "<html" not in part.text and "did you mean" in part.text and "every" in part.text
    got = browser.post("/desk/sources/post/seed", {"do": "save", "text": wrong, "version": told})
    assert got.status == 422 and file.read_text() == before
    got = browser.post("/desk/sources/post/seed", {"do": "preview", "text": before, "version": told})
    assert "with this seed" in got.text and "None." not in got.text
    assert browser.post("/desk/sources/post/seed", {"do": "save", "text": before, "version": "stale"}).status == 409
    better = before + 'title = "The Post"\n'
    assert browser.submit("/desk/sources/post/seed", {"do": "save", "text": better, "version": told}).status == 200
    assert file.read_text() == better
    assert (desk.folder / "seeds" / "post.toml.before").read_text() == before
    assert browser.post("/desk/sources/post/seed", {"do": "save", "text": before, "version": told}).status == 409
    assert browser.get("/desk/sources/nobody/seed").status == 404
    assert browser.get("/desk/sources/..%2fpost/seed").status == 404


def test_pointing_at_a_headline_writes_a_selector(desk: DeskUnderTest, newsroom: Newsroom) -> None:
    browser, file = desk.browser(), desk.folder / "seeds" / "post.toml"
    page = browser.get("/desk/sources/post/point").text
    assert "<iframe" in page and "sandbox=" in page and "allow-scripts" not in page
    frame = re.search(r'src="(/desk/sources/post/pointed[^"]*)"', page)
    assert frame is not None
    shown = browser.get(frame[1].replace("&amp;", "&"))
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox") and "img-src 'none'" in policy and "default-src 'none'" in policy
    title = newsroom.truth().sites["wendale-post"][0].title
    pick = re.search(r'href="([^"]*pick=\d+)"[^>]*>(?:<[^>]*>|\s)*' + re.escape(title[:20]), shown.text)
    assert pick is not None
    asked = len(newsroom.asked)
    chosen = browser.get(pick[1].replace("&amp;", "&"), **{"Sec-Fetch-Site": "same-origin"}).text
    assert len(newsroom.asked) == asked, "a click asks the site for nothing"
    assert "names" in chosen
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', chosen))
    fields.pop("token")
    assert browser.post("/desk/sources/post/point", {**fields, "version": "stale"}).status == 409
    assert browser.post("/desk/sources/post/point", {**fields, "yes": ""}).status == 422
    assert browser.post("/desk/sources/post/point", {**fields, "field": "home"}).status == 404
    assert browser.post("/desk/sources/post/point", {**fields, "url": "http://127.0.0.1:9/other"}).status == 404
    got = browser.submit("/desk/sources/post/point", fields)
    assert "written into the seed" in got.note()
    text = file.read_text()
    assert "[discover]" in text and "links = " in text and text.startswith("# mine\nhome")


def test_a_selector_finds_its_place_in_any_seed() -> None:
    seed = '# mine\nhome = "https://a.example/"\n\n[extract]\ntitle = "h1"  # sure\n'
    assert with_selector(seed, "title", "h1.head") == seed.replace('"h1"', '"h1.head"')
    text = with_selector(with_selector(seed, "drop", ".promo"), "drop", ".promo")
    assert 'drop = [".promo"]' in text
    assert "links = 'a[rel=\"bookmark\"]'" in with_selector(seed, "discover.links", 'a[rel="bookmark"]')


def test_tokens_are_shown_once_and_taken_away(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    assert "No topic is private" not in browser.get("/desk/health").text
    got = browser.post("/desk/health", {"do": "give", "topic": "mine", "reader": "kitchen"})
    address = re.search(r"http://127\.0\.0\.1:\d+/t/[\w-]{32}/mine\.atom", got.text)
    assert got.status == 200 and address is not None
    assert ("tokens", {}) in desk.asked
    page = browser.get("/desk/health").text
    assert address[0] not in page and "kitchen" in page
    for wrong in ({"topic": "mine", "reader": "kitchen"}, {"topic": "harbour", "reader": "x"}, {"topic": "mine"}):
        assert browser.post("/desk/health", {"do": "give", **wrong}).status == 409, wrong
    assert browser.post("/desk/health", {"do": "explode"}).status == 400
    assert "taken away" in browser.submit("/desk/health", {"do": "take", "topic": "mine", "reader": "kitchen"}).note()
    assert browser.post("/desk/health", {"do": "take", "topic": "mine", "reader": "kitchen"}).status == 409


def test_copies_of_the_store_are_downloaded_and_nothing_else(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    config = desk.app.installation.config
    copy = daily_copy(config.store_path, 3, datetime.now(UTC))
    assert copy is not None
    assert copy.name in browser.get("/desk/health").text
    connection = browser.get(f"/desk/health/backup/{copy.name}")
    assert connection.status == 200 and connection.text.startswith("SQLite format 3")
    assert "attachment" in connection.headers["content-disposition"]
    for wrong in ("copydesk.db", "..%2fcopydesk.db", "..", "x"):
        assert browser.get(f"/desk/health/backup/{wrong}").status == 404, wrong


def test_a_repair_stands_beside_what_the_seed_says_and_is_taken_once(desk: DeskUnderTest) -> None:
    browser, file = desk.browser(), desk.folder / "seeds" / "post.toml"
    before = file.read_text() + '\n[extract]\ntitle = "h1.gone"  # ours\n'
    told = version_of(browser.get("/desk/sources/post/seed").text)
    saved = browser.submit("/desk/sources/post/seed", {"do": "save", "text": before, "version": told})
    assert saved.status == 200 and file.read_text() == before
    found = Repair("extract.title", "h1.gone", "unsure", "h1.head", 7, 8, "right on 7 of 8 pages")
    desk.store(lambda store: store.repairs.keep("post", [found], {}, datetime.now(UTC), use=False))

    assert "<code>h1.head</code>" in browser.get("/desk").text
    page = browser.get("/desk/sources/post").text
    assert all(
        part in page for part in ("<code>h1.gone</code>", "<code>h1.head</code>", "right on 7 of 8 pages", "Proposed")
    )
    form = {"do": "repair", "field": "extract.title"}
    assert browser.post("/desk/sources/post", {**form, "field": "extract.body"}).status == 409
    assert file.read_text() == before
    assert browser.submit("/desk/sources/post", form).note() == "The selector is written into the seed."
    text = file.read_text()
    assert text.startswith("# mine\nhome") and tomllib.loads(text)["extract"]["title"] == "h1.head"
    assert desk.store(lambda store: store.repairs.all("post")) == []
    assert browser.post("/desk/sources/post", form).status == 409
    assert file.read_text() == text
