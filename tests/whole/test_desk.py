"""The desk in a real browser, over the real daemon and the demo's sites: the whole way of an owner."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.app.config.config import load
from feeds.app.demo.newsroom import Newsroom
from feeds.app.jobs import failed_pages
from feeds.messages import translate
from scrapers import Page, Sample
from tests.support.browser import HERE, MISSING, chromium, faults, tab_to
from tests.support.playing import COPYDESK, Play
from tests.support.waiting import PATIENCE, finished, until, until_of

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not HERE, reason=MISSING),
    pytest.mark.xdist_group("desk"),
]
WIDE, NARROW = 1280, 390
NEW, ERRS = "tarnmouth-star", "wendale-post"  # a site that is not followed yet, and one whose finder is made to err


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with Play(tmp_path_factory.mktemp("desk"), inside=True) as play:
        (play.folder / "seeds" / f"{NEW}.toml").unlink()
        seed = play.folder / "seeds" / f"{ERRS}.toml"
        seed.write_text(f'{seed.read_text()}\n[discover]\nlinks = "nav a"\n')
        play.start()
        until(lambda: not play.missing(frozenset([NEW, ERRS])), "the first round is in the feeds")
        yield play


class Owner:
    """Somebody at a browser. Counts the clicks."""

    def __init__(
        self, browser: Any, *, width: int = WIDE, language: str = "en", scripts: bool = True, scheme: str = "light"
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale=language,
            java_script_enabled=scripts,
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(1000 * PATIENCE)
        self.errors: list[str] = []
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self.errors.append(f"a dialog: {dialog.message}"))
        self.language = language
        self.clicks = 0

    def say(self, message: str, **values: str) -> str:
        """A text of the desk in the owner's language."""
        text = translate(message, self.language)
        return text % values if values else text

    def enter(self, link: str) -> None:
        """By a link that works once."""
        self.page.goto(link)
        self.page.wait_for_url(re.compile(r"/desk$"))

    def click(self, name: str, role: str = "button", **values: str) -> None:
        """Click what is called so."""
        self.page.get_by_role(role, name=self.say(name, **values), exact=True).first.click()
        self.clicks += 1

    def goes(self, name: str, role: str = "button", **values: str) -> None:
        """Click what leads to another page, and wait until that is there: going on at once would give up the click."""
        with self.page.expect_navigation():
            self.click(name, role, **values)

    def sees(self, message: str, **values: str) -> None:
        """Wait until a text is there."""
        self.page.get_by_text(self.say(message, **values)).first.wait_for()

    def is_fine(self) -> None:
        """Nothing was refused by the policy, nothing ran that should not, and the page is not wider than its window."""
        assert self.errors == []
        if self.language == "en":
            width = self.page.evaluate("document.documentElement.scrollWidth")
            assert width <= self.page.viewport_size["width"], self.page.url


def link(play: Play) -> str:
    done = play.copydesk("desk", "link")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def follow(owner: Owner, home: str) -> str:
    """Follow a site by its address; the name of the source."""
    owner.page.get_by_label(owner.say("Follow a site")).fill(home)
    owner.click("Look at it")
    owner.page.get_by_role("button", name=owner.say("Follow it"), exact=True).wait_for()
    owner.click("Follow it")
    owner.page.wait_for_url(re.compile(r"/desk/sources/[\w-]+$"))
    return str(owner.page.url).rpartition("/")[2]


WAYS = [  # how wide each page is with scripts, `test_axe_finds_nothing_on_any_page` looks at
    pytest.param({"width": WIDE}, id="wide"),
    pytest.param({"width": NARROW, "scripts": False}, id="narrow, without scripts"),
    pytest.param({"width": NARROW, "language": "es"}, id="narrow, in Spanish"),
]


@pytest.mark.parametrize("how", WAYS)
def test_the_whole_way_of_an_owner(browser: Any, play: Play, how: dict[str, Any]) -> None:
    owner, scripts = Owner(browser, **how), how.get("scripts", True)
    page, say = owner.page, owner.say
    once = link(play)
    owner.enter(once)
    base = once.partition("/desk")[0]

    # a new site: what it offers, a story as the entry it would become, followed
    page.get_by_label(say("Follow a site")).fill(play.newsroom.homes[NEW])
    owner.click("Look at it")
    page.get_by_role("button", name=say("Follow it"), exact=True).wait_for()
    with page.expect_navigation():
        page.locator(".stories a").first.click()
    entry = page.frame_locator("iframe").get_by_role("heading").first
    entry.wait_for()
    page.go_back()
    owner.click("Follow it")
    page.wait_for_url(re.compile(r"/desk/sources/[\w-]+$"))
    name = page.url.rpartition("/")[2]
    until(lambda: play.feed(f"s/{name}.atom"), "the new source has its stories")

    # a finder that errs: one click on a headline marks all alike
    page.goto(f"{base}/desk/sources/{ERRS}/point")
    title = play.newsroom.truth().sites[ERRS][2].title
    page.frame_locator("iframe").get_by_role("link", name=title).first.click()
    owner.sees("Begin again")
    page.frame_locator("iframe").locator("a.caught").nth(2).wait_for()  # three at least
    owner.click("Write it into the seed")
    page.wait_for_url(re.compile(r"/seed$"))
    text = (play.folder / "seeds" / f"{ERRS}.toml").read_text()
    assert 'links = "nav a"' not in text and "links = " in text

    # a topic, tried while it is typed
    page.goto(f"{base}/desk/new-topic")
    topic = f"catch-{owner.language}-{how['width']}-{int(scripts)}"  # of this owner alone
    page.get_by_label(say("Name in addresses: a-z, 0-9 and -")).fill(topic)
    query = page.locator("#query")
    query.click()
    query.press_sequentially("herring OR harbour OR ferry")  # one of them is forgotten by each owner
    if not scripts:
        owner.click("Try it")
    page.locator("#tried .stories a").first.wait_for()
    owner.click("Save")
    owner.sees("Saved. The file from before is kept as config.toml.before.")

    # one of its stories: why it is there, and forgotten
    with page.expect_navigation():
        page.locator("#tried .stories a").first.click()
    story = page.url
    owner.sees("Why it is where it is")
    page.frame_locator("iframe").get_by_role("heading").first.wait_for()
    owner.is_fine()
    owner.goes("Forget it …", role="link")
    owner.click("Forget it")
    page.wait_for_url(re.compile(r"/desk/stories$"))
    assert page.goto(story).status == 404
    owner.errors.clear()  # of that 404

    # what was done is undone for the next owner, and out
    page.goto(f"{base}/desk/sources/{name}")
    owner.goes("Remove …", role="link")
    owner.click("Remove it")
    page.wait_for_url(re.compile(r"/desk/sources$"))
    (play.folder / "seeds" / f"{ERRS}.toml").write_text(
        text.partition("[discover]")[0] + '[discover]\nlinks = "nav a"\n'
    )
    owner.is_fine()
    owner.goes("Sign out")
    assert page.goto(f"{base}/desk/sources").status == 401
    owner.context.close()


@pytest.fixture(scope="module")
def signed_in(browser: Any, play: Play) -> tuple[str, Any]:
    """Address of the installation, and the cookies of an owner."""
    owner, once = Owner(browser), link(play)
    owner.enter(once)
    state = owner.context.storage_state()
    owner.context.close()
    return once.partition("/desk")[0], state


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_click_is_lost_while_results_come(browser: Any, play: Play, signed_in: tuple[str, Any], width: int) -> None:
    """An answer that comes between the press and the release of a button waits; a try under way says nothing later."""
    base, state = signed_in
    owner = Owner(browser, width=width)
    owner.context.add_cookies(state["cookies"])
    page, held = owner.page, []
    page.goto(f"{base}/desk/new-topic")
    page.get_by_label("Name in addresses: a-z, 0-9 and -").fill(f"pressed-{width}")
    # the name is tried too, and given up when the query comes
    tried = lambda route: "do=try" in route.request.post_data  # noqa: E731  it is one expression
    page.route("**/new-topic", lambda route: held.append(route) if tried(route) else route.continue_())
    page.locator("#query").fill("herring")
    asked = lambda: any("herring" in one.request.post_data for one in held)  # noqa: E731
    until(lambda: asked() or page.wait_for_timeout(50), "the try is on its way")
    before = page.locator("#tried").inner_html()
    save = page.get_by_role("button", name="Save", exact=True)
    place = save.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    with page.expect_response("**/new-topic"):
        held[-1].continue_()
    page.locator("#tried:not([aria-busy])").wait_for()
    assert page.locator("#tried").inner_html() == before
    assert save.bounding_box() == place
    page.mouse.up()
    owner.sees("Saved. The file from before is kept as config.toml.before.")
    owner.is_fine()
    owner.context.close()


def looked_at(owner: Owner, play: Play) -> list[str]:
    """The pages about a site that was looked at: what was found, and one of its stories as an entry."""
    owner.page.goto(f"{owner.page.url.partition('/desk')[0]}/desk/add")
    owner.page.get_by_label("Follow a site").fill(play.newsroom.homes[NEW])
    owner.click("Look at it")
    owner.page.get_by_role("button", name="Follow it", exact=True).wait_for()
    found = "/add/" + owner.page.url.rpartition("/")[2]
    return [found, f"{found}/story/0"]


def failed(play: Play) -> str:
    """The page about a page that could not be read."""
    config = load(play.config)
    page = Page(f"{play.newsroom.homes[ERRS]}late", b"<!doctype html><title>x</title><p>Accept our cookies</p>")
    failed_pages.keep(config, ERRS, [Sample(page, "the page is a consent wall")], datetime.now(UTC))
    (kept,) = [one for one in failed_pages.of_source(config, ERRS) if one.url == page.url]
    return f"/sources/{ERRS}/failed/{kept.file.name}"


@pytest.mark.parametrize(
    ("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")]
)  # what depends on both at once is none
def test_axe_finds_nothing_on_any_page(
    browser: Any, play: Play, signed_in: tuple[str, Any], scheme: str, width: int
) -> None:
    base, state = signed_in
    owner = Owner(browser, width=width, scheme=scheme)
    owner.context.add_cookies(state["cookies"])
    page = owner.page
    entry = re.search(r'href="(/desk/stories/urn[^"]+)"', page.goto(f"{base}/desk/stories").text())
    assert entry is not None
    paths = [
        "",
        "/sources",
        f"/sources/{ERRS}",
        f"/sources/{ERRS}/seed",
        f"/sources/{ERRS}/remove",
        "/add",
        "/opml",
        "/topics",
    ]
    paths += [f"/sources/{ERRS}/point", "/topics/harbour", "/new-topic?query=(", "/topics/harbour/remove", "/health"]
    paths += ["/health/visits", "/health/visits?outcome=failed", *looked_at(owner, play), failed(play)]
    paths += ["/stories", "/stories?q=(x", "/sessions", entry[1].removeprefix("/desk"), "/nothing/at/all"]
    found: dict[str, list[str]] = {}
    for path in paths:
        page.goto(f"{base}/desk{path}")
        if (wrong := faults(page)) and path != "/nothing/at/all":
            found[path] = wrong
        width_now = page.evaluate("document.documentElement.scrollWidth")
        if width_now > width:
            found.setdefault(path, []).append(f"{width_now} wide")
    page.context.clear_cookies()
    page.goto(f"{base}/desk")
    if wrong := faults(page):
        found["the door"] = wrong
    owner.context.close()
    assert found == {}


def test_by_the_keyboard_alone(browser: Any, play: Play) -> None:
    owner = Owner(browser)
    page = owner.page
    owner.enter(link(play))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    tab_to(page, "#follow")
    page.keyboard.type(play.newsroom.homes[NEW])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Follow it", exact=True).wait_for()
    for place, leads_to in (
        ("#name", r"/desk/sources/[\w-]+$"),
        ('a[href$="/remove"]', r"/remove$"),
        ("button.danger", r"/desk/sources$"),
        ('nav a[href$="/topics"]', r"/desk/topics$"),
    ):
        tab_to(page, place)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(leads_to))
    owner.is_fine()
    owner.context.close()


def test_from_a_fresh_demo_a_site_is_followed_in_four_clicks(browser: Any, tmp_path: Path) -> None:
    now = datetime.now(UTC) - timedelta(hours=1)
    with Newsroom(tmp_path / "elsewhere", now=now, speed=None, sites={NEW: ""}) as elsewhere:
        command = [*COPYDESK, "demo", "--folder", str(tmp_path / "demo")]
        log = tmp_path / "demo.log"
        with log.open("wb") as out:
            demo = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
        try:
            wanted = re.compile(r"http://\S+/desk/enter\?link=\S+")
            until_of(demo, lambda: wanted.search(log.read_text()), "the demo says where its desk is", log)
            found = wanted.search(log.read_text())
            assert found is not None
            owner = Owner(browser)
            owner.enter(found[0])
            follow(owner, elsewhere.homes[NEW])
            owner.page.locator('.stories a[href*="/desk/stories/"]').first.wait_for()
            owner.is_fine()
            owner.context.close()
        finally:
            demo.terminate()
            finished(demo, log)
    assert owner.clicks <= 4
