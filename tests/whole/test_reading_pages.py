"""The pages for readers in a real browser, made by the real daemon: at two widths, in light and dark, by keyboard."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.browser import faults
from tests.support.playing import EVERYTHING, Play
from tests.support.waiting import until

CHROMIUM = shutil.which("chromium")
AXE = importlib.util.find_spec("axe_playwright_python") is not None
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        CHROMIUM is None or importlib.util.find_spec("playwright") is None,
        reason="pages are not looked at: it needs playwright and the command chromium",
    ),
    pytest.mark.xdist_group("reading-pages"),
]
LOOKS = ((1280, "light"), (390, "dark"))  # nothing depends on both at once


@dataclass
class Desk:
    """A daemon with stories, and the browser that looks at it."""

    base: str
    browser: Any

    @contextmanager
    def page(self, **settings: Any) -> Iterator[Any]:
        """A page of a browser that has no memory. What it complains of fails the test."""
        complaints: list[str] = []
        context = self.browser.new_context(**settings)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        try:
            yield page
        finally:
            context.close()
        # a wrong query is answered with 400, which the console tells
        assert [said for said in complaints if "400 (Bad Request)" not in said] == []


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    from playwright.sync_api import sync_playwright

    with Play(tmp_path_factory.mktemp("reading"), inside=True) as play, sync_playwright() as playwright:
        play.start()
        until(lambda: play.get(f"t/{EVERYTHING}")[1].count(b"<article") > 6, "some stories are published")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield Desk(f"http://127.0.0.1:{play.port}", browser)
        finally:
            browser.close()


def addresses(desk: Desk, page: Any) -> dict[str, str]:
    """Each kind of page by its name, found as a reader finds it."""
    feed = f"{desk.base}/t/{EVERYTHING}"
    page.goto(feed)
    return {
        "index": f"{desk.base}/",
        "feed": feed,
        "story": page.locator("a.more").first.get_attribute("href"),
        "day": page.locator(".day h2 a").first.get_attribute("href"),
        "search": f"{feed}/search?q=the",
        "nothing": f"{desk.base}/search?q=zeppelin",
        "mistake": f"{desk.base}/search?q=the+AND+(titel:hall",
        "help": f"{desk.base}/search",
    }


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_page_fits_its_window_and_is_accessible(desk: Desk, width: int, theme: str) -> None:
    with desk.page(viewport={"width": width, "height": 900}, color_scheme=theme) as page:
        for name, address in addresses(desk, page).items():
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            assert page.locator("h1").count() == 1, name
            assert not AXE or faults(page) == [], name


def test_the_keyboard_goes_through_stories_and_opens_them(desk: Desk) -> None:
    with desk.page() as page:
        page.goto(f"{desk.base}/t/{EVERYTHING}")
        headlines = page.locator("#stories article h3 a")
        focused = "document.activeElement.textContent"
        page.keyboard.press("j")
        assert page.evaluate(focused) == headlines.nth(0).text_content()
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.evaluate(focused) == headlines.nth(1).text_content()
        assert page.locator("article.current h3").text_content() == headlines.nth(1).text_content()
        title = headlines.nth(1).text_content()
        page.keyboard.press("?")
        assert page.locator("dialog#keys").is_visible()
        page.keyboard.press("j")  # nothing moves behind the dialogue
        page.keyboard.press("Escape")
        assert not page.locator("dialog#keys").is_visible()
        page.keyboard.press("/")
        page.keyboard.type("jo?")  # letters, where one types
        assert page.locator("input[type=search]").input_value() == "jo?"
        page.locator("article").nth(1).locator("h3 a").focus()
        page.keyboard.press("o")
        page.wait_for_url("**/story/*")
        assert page.locator("h1").text_content() == title


def test_addresses_are_copied_and_times_are_those_of_the_reader(desk: Desk) -> None:
    settings: dict[str, Any] = {"timezone_id": "Asia/Tokyo", "permissions": ["clipboard-read", "clipboard-write"]}
    with desk.page(**settings) as page:
        page.goto(f"{desk.base}/t/{EVERYTHING}")
        button = page.locator(".subscribe dd button").first
        button.click()
        page.wait_for_function("document.querySelector('.subscribe dd button').textContent === 'Copied'")
        assert page.evaluate("navigator.clipboard.readText()") == f"{desk.base}/t/{EVERYTHING}.atom"
        time = page.locator("article .by time").first
        moment = time.get_attribute("datetime")
        there = page.evaluate(
            "moment => new Date(moment).toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit'})", moment
        )
        assert there in time.text_content()
        assert page.locator("#zone").text_content() == "Times are in your own time zone"


def test_all_of_it_works_without_scripts(desk: Desk) -> None:
    with desk.page(java_script_enabled=False) as page:
        page.goto(f"{desk.base}/t/{EVERYTHING}")
        assert page.locator(".subscribe dd button").count() == 0
        assert page.locator("#zone").text_content() == "Time zone: UTC"
        title = page.locator("article h3").first.text_content()
        page.fill("input[type=search]", f'title:"{title}"')
        with page.expect_navigation():
            page.click("form.search button")
        assert page.locator("article h3").first.text_content() == title
        with page.expect_navigation():
            page.locator("article a.more").first.click()
        assert page.locator("h1").text_content() == title
        with page.expect_navigation():
            page.click("footer a")
        with page.expect_navigation():
            page.locator(".day h2 a").first.click()
        assert page.locator("article").count() > 0
        assert not page.locator("dialog#keys").is_visible()


def test_paper_gets_the_stories_alone(desk: Desk) -> None:
    with desk.page() as page:
        for name, address in addresses(desk, page).items():
            page.goto(address)
            page.emulate_media(media="print")
            for part in (".subscribe", "header", ".search", ".pager"):
                for one in page.locator(part).all():
                    assert not one.is_visible(), (name, part)
            assert page.locator("h1").is_visible()
            page.emulate_media(media="screen")


def test_nothing_is_loaded_from_elsewhere_but_pictures_of_the_sources(desk: Desk) -> None:
    with desk.page() as page:
        asked: list[tuple[str, str]] = []
        page.on("request", lambda request: asked.append((request.resource_type, request.url)))
        for address in addresses(desk, page).values():
            page.goto(address)
        assert {kind for kind, url in asked if not url.startswith(desk.base)} <= {"image"}
        assert {url for kind, url in asked if kind == "script"} == {f"{desk.base}/page.js"}
