"""Following a site, and what an owner does with a source, by plain forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.app.application import Application
from feeds.app.demo.newsroom import Newsroom
from feeds.store import Store
from tests.support.desk import Browser, DeskUnderTest, file_story, running_desk
from tests.support.stories import record
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("read_inside")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("newsroom")
    now = datetime.now(UTC) - timedelta(hours=1)
    with Newsroom(folder, now=now, speed=None, sites={"tarnmouth-star": "", "wendale-post": ""}) as room:
        yield room


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskUnderTest]:
    with running_desk(tmp_path) as desk:
        yield desk


def looked(browser: Browser, address: str) -> tuple[str, str]:
    """The page with what was found at an address, and its path."""
    got = browser.post("/desk/add", {"url": address})
    assert got.status == 303, got.note()
    path = got.headers["location"]
    until(lambda: "data-events" not in browser.get(path).text, "the look is over")
    return browser.get(path).text, path


def test_a_site_is_looked_at_and_followed(desk: DeskUnderTest, newsroom: Newsroom) -> None:
    browser, home = desk.browser(), newsroom.homes["tarnmouth-star"]
    browser.get("/desk")
    page, path = looked(browser, home)
    assert "The Tarnmouth Star" in page and "robots.txt" in page and "records_per_day" in page
    stories = [article.title for article in newsroom.truth().sites["tarnmouth-star"]]
    assert sum(title in page.replace("&#39;", "'") for title in stories) >= len(stories) - 1
    assert not list((desk.folder / "seeds").glob("*"))

    shown = browser.get(f"{path}/story/0").text
    assert 'sandbox="' in shown and "<dt>published</dt>" in shown
    entry = browser.get(f"{path}/entry/0")
    assert entry.headers["content-security-policy"].startswith("sandbox")
    assert "script-src" not in entry.headers["content-security-policy"] and "<h1>" in entry.text
    style = re.search(r"<style>(.*?)</style>", entry.text, re.DOTALL)
    assert style is not None
    import base64
    import hashlib

    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in entry.headers["content-security-policy"]

    steps = browser.get(f"{path}/steps")
    assert steps.headers["content-type"].startswith("text/event-stream")
    assert steps.text.count("event: step") > 2 and steps.text.rstrip().endswith("event: done\ndata:")

    browser.get(path)
    for wrong in ("", "Upper Case", "../config", "all"):
        assert browser.post(path, {"name": wrong}).status == 422
    assert not list((desk.folder / "seeds").glob("*"))
    got = browser.submit(path, {"name": "star"})
    assert "followed" in got.note()
    seed = (desk.folder / "seeds" / "star.toml").read_text()
    assert home in seed
    assert ("reload", {}) in desk.asked
    browser.get(path)
    assert browser.post(path, {"name": "star"}).status == 409
    assert (desk.folder / "seeds" / "star.toml").read_text() == seed
    assert browser.submit("/desk/add", {"url": home}).note() == "This site is followed already."


def test_what_is_no_address_or_no_site_is_said(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    browser.get("/desk/add?url=https%3A%2F%2Fpaper.example%2F")
    for wrong in (
        "",
        "no address",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "ftp://a.b/",
    ):
        assert browser.post("/desk/add", {"url": wrong}).status == 422, wrong
    page, path = looked(browser, "http://127.0.0.1:9/<script>alert(1)</script>")
    assert "Nothing was found" in page and "<script>alert" not in page
    assert browser.post(path, {"name": "star"}).status == 409
    assert browser.get("/desk/add/feed").status == 404
    page, path = looked(browser, "http://10.0.0.1/")
    assert "Nothing was found" in page


def followed(store: Store) -> None:
    now = datetime.now(UTC)
    with store.transaction():
        for n in range(3):
            one = record(n, source="courier", first_seen=now - timedelta(days=n), published=now - timedelta(days=n))
            file_story(store, one, now)


@pytest.fixture
def courier(tmp_path: Path) -> Iterator[DeskUnderTest]:
    """A desk with one source, `courier`, of three stories."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "courier.toml").write_text('home = "http://127.0.0.1:9/"\n')

    def perform(app: Application, kind: str, payload: Any) -> dict[str, Any]:
        return {"visited": payload["names"]} if kind == "visit" else {}

    with running_desk(tmp_path, fill=followed, perform=perform) as desk:
        yield desk


def test_a_source_is_visited_paused_resumed_renamed_and_removed(courier: DeskUnderTest) -> None:
    browser, folder = courier.browser(), courier.folder / "seeds"
    assert "courier" in browser.get("/desk/sources").text
    assert "3" in browser.get("/desk/sources/courier").text
    assert browser.submit("/desk/sources/courier", {"do": "visit"}).note() == "The source was visited."
    assert ("visit", {"names": ["courier"]}) in courier.asked
    assert browser.submit("/desk/sources/courier", {"do": "pause"}).note() == "The source is paused."
    state = courier.store(lambda store: store.sources.get("courier"))
    assert state is not None and state.paused
    browser.submit("/desk/sources/courier", {"do": "resume"})
    for wrong in ("", "All", "archive", "courier", "x" * 65):
        assert browser.post("/desk/sources/courier", {"do": "rename", "to": wrong}).status in (409, 413), wrong
    assert browser.post("/desk/sources/courier", {"do": "explode"}).status == 400
    assert browser.post("/desk/sources/nobody", {"do": "pause"}).status == 409
    got = browser.submit("/desk/sources/courier", {"do": "rename", "to": "herald"})
    assert "new name" in got.note() and (folder / "herald.toml").exists() and not (folder / "courier.toml").exists()

    page = browser.get("/desk/sources/herald/remove").text
    assert "3 stories" in page
    assert browser.post("/desk/sources/herald/remove", {"records": "yes"}).status == 400
    assert (folder / "herald.toml").exists()
    got = browser.submit("/desk/sources/herald/remove", {"sure": "yes", "records": "yes"})
    assert got.note() == "herald is removed with 3 records."
    assert not (folder / "herald.toml").exists()
    assert courier.store(lambda store: store.records.count()) == 0
    assert ("forget", {}) in courier.asked
    assert browser.post("/desk/sources/herald/remove", {"sure": "yes", "records": "yes"}).status == 303  # once more


def test_a_source_without_a_seed_is_not_visited(courier: DeskUnderTest) -> None:
    browser = courier.browser()
    browser.get("/desk")
    assert browser.get("/desk/sources/nobody").status == 404
    assert browser.post("/desk/sources/nobody", {"do": "visit"}).status == 409
    assert not [one for one in courier.asked if one[0] == "visit"]


def test_a_page_that_failed_is_shown_without_anything_that_acts(courier: DeskUnderTest) -> None:
    from feeds.app.jobs import failed_pages
    from scrapers import Page, Sample

    config = courier.app.installation.config
    page = Page(url="http://127.0.0.1:9/a", body=b"<script>alert(1)</script><p>Accept our cookies</p>")
    failed_pages.keep(config, "courier", [Sample(page, "the page is a consent wall")], datetime.now(UTC))
    browser = courier.browser()
    found = re.search(r"/desk/sources/courier/failed/[^\"]+", browser.get("/desk/sources/courier").text)
    assert found is not None
    got = browser.get(f"{found[0]}/page")
    policy = got.headers["content-security-policy"]
    assert got.status == 200 and "consent" not in policy
    assert policy.startswith("sandbox") and "allow-scripts" not in policy and "default-src 'none'" in policy
    for wrong in ("..%2f..%2fconfig.toml", "config.toml", "x"):
        assert browser.get(f"/desk/sources/courier/failed/{wrong}").status == 404


OPML = """<opml version="2.0"><head><title>Mine</title></head><body><outline text="Papers">
<outline type="rss" text="The Gull &lt;b&gt;" xmlUrl="http://127.0.0.1:9/gull.xml" htmlUrl="http://127.0.0.1:9/gull/"/>
<outline type="rss" text="The Tern" xmlUrl="http://127.0.0.1:9/tern.xml" htmlUrl="http://127.0.0.1:9/tern/"/>
<outline type="rss" text="Courier" xmlUrl="http://127.0.0.1:9/" htmlUrl="http://127.0.0.1:9/"/>
</outline></body></opml>"""


def test_sites_of_a_reader_are_shown_and_those_that_are_chosen_are_followed(courier: DeskUnderTest) -> None:
    browser, folder = courier.browser(), courier.folder / "seeds"
    browser.get("/desk/opml")
    for wrong in ("", "no list", "<html></html>", "<!DOCTYPE x [<!ENTITY a 'b'>]><opml>&a;</opml>"):
        assert browser.post("/desk/opml", {"do": "look", "text": wrong}).status == 422, wrong
    page = browser.post("/desk/opml", {"do": "look", "text": OPML}).text
    names = re.findall(r'name="take\.([\w-]+)"', page)
    assert len(names) == 2 and "followed" in page and "<b>" not in page
    assert browser.post("/desk/opml", {"do": "write", "text": OPML}).status == 422
    before = {path.name for path in folder.glob("*.toml")}
    got = browser.submit("/desk/opml", {"do": "write", "text": OPML, f"take.{names[0]}": "yes"})
    assert got.note() == "Followed from now on: 1"
    assert {path.name for path in folder.glob("*.toml")} - before == {f"{names[0]}.toml"}
    assert browser.post("/desk/opml", {"do": "write", "text": OPML, f"take.{names[0]}": "yes"}).status == 422


def test_a_file_of_sites_is_uploaded_and_read_in_its_own_encoding(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    browser.get("/desk/opml")
    pasted = browser.post("/desk/opml", {"do": "look", "text": OPML}).text
    names = set(re.findall(r'name="take\.([^"]+)"', pasted))
    declared = f'<?xml version="1.0" encoding="iso-8859-1"?>\n{OPML.replace("Papers", "Zeitungen für München")}'
    for data in (OPML.encode(), b"\xef\xbb\xbf" + OPML.encode(), declared.encode("latin-1")):
        got = browser.upload("/desk/opml", {"do": "look"}, ("file", data))
        assert got.status == 200, got.note()
        assert set(re.findall(r'name="take\.([^"]+)"', got.text)) == names
    assert "für München" in browser.upload("/desk/opml", {"do": "look"}, ("file", declared.encode("latin-1"))).text
    for wrong, status in ((b"", 422), (b"\xff\xfe\x00", 400), (b"x" * 64_000, 413)):
        assert browser.upload("/desk/opml", {"do": "look"}, ("file", wrong)).status == status, wrong[:9]
    before = browser.token
    browser.token = "0" * 64
    assert browser.upload("/desk/opml", {"do": "look"}, ("file", OPML.encode())).status == 403
    browser.token = before
    for body in (b"", b"--x", b"--x\r\n\r\n\r\n--x--", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"):
        headers = {
            "Content-Type": "multipart/form-data; boundary=x",
            "Origin": browser.origin,
            "Cookie": browser.cookie,
        }
        assert browser.ask("POST", "/desk/opml", body, headers).status in (400, 403)
    assert not list((desk.folder / "seeds").glob("*"))
