"""Every form that an owner can reach by links: wrong, hostile, stale, cross-site and repeated, nothing is done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from feeds.app.demo.newsroom import Newsroom
from feeds.app.web.desk.pages import PAGES
from tests.feeds.app.web.desk.test_forms import HOSTILE, everything
from tests.feeds.app.web.desk.test_sources import looked
from tests.support.desk import Browser, DeskUnderTest, fill, pages, running_desk

pytestmark = pytest.mark.usefixtures("read_inside")

NOW = datetime.now(UTC)
NASTY = ("../../etc/passwd", "<script>alert(1)</script>", "\x00", "x" * 3000, "", "０", "' OR 1=1 --")
LAST = ("/forget", "/remove", "/sessions", "/leave")  # what takes something away is sent last
BY_A_PAGE = {"/add/{id}", "/sources/{name}/point"}  # whose forms are there when a page of a site was read
ANEW = {"visit"}  # a second visit is another one


@dataclass(frozen=True)
class Form:
    """A form of the desk as a browser would send it: fields as they are filled in, and which of them are hidden."""

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    hidden: frozenset[str]

    @property
    def kind(self) -> str:
        """What tells forms apart: its address with names left out, and what it does."""
        what = dict(self.fields).get("do", "")
        place = re.sub(r"(sources|topics|stories)/[^/]+", r"\1/…", self.action)
        return f"{place} {what}".strip()


def forms_of(page: str, tree: LexborHTMLParser) -> Iterator[Form]:
    for form in tree.css("form[method=post]"):
        fields, hidden = {}, set()
        for one in form.css("input, select, textarea"):
            name, kind = one.attributes.get("name"), one.attributes.get("type") or one.tag
            if not name or name == "token" or (kind in ("checkbox", "radio") and "checked" not in one.attributes):
                continue
            if kind == "select":
                chosen = one.css_first("option[selected]") or one.css_first("option")
                fields[name] = (chosen.attributes.get("value") or "") if chosen else ""
            else:
                fields[name] = one.text() if kind == "textarea" else one.attributes.get("value") or ""
            if kind == "hidden":
                hidden.add(name)
        buttons = form.css("button[name]") or [None]
        for button in buttons:
            more = {} if button is None else {button.attributes["name"]: button.attributes.get("value") or ""}
            action = (button.attributes.get("formaction") if button is not None else None) or form.attributes["action"]
            yield Form(page, action, tuple({**fields, **more}.items()), frozenset(hidden | set(more)))


def crawl(browser: Browser) -> dict[str, Form]:
    """Every form that is reached by links from the first page, one of each kind."""
    found: dict[str, Form] = {}
    for path, tree in pages(browser, "a[href], form[method=get]"):
        for form in forms_of(path, tree):
            found.setdefault(form.kind, form)
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskUnderTest]:
    (tmp_path / "seeds").mkdir()
    for name in ("courier", "island"):
        (tmp_path / "seeds" / f"{name}.toml").write_text(f'home = "http://127.0.0.1:9/{name}"\n')
    with running_desk(
        tmp_path, fill=lambda store: fill(store, 8, NOW), perform=lambda app, kind, payload: {"clean": True}
    ) as desk:
        yield desk


def unasked(desk: DeskUnderTest) -> tuple[object, ...]:
    """What a form changed, but for what the daemon was asked to do about it, and for sessions."""
    store, files, _, _ = everything(desk, but=("wish",))
    return store, files


def is_held(desk: DeskUnderTest, browser: Browser, stale: Browser, form: Form) -> None:
    """From elsewhere, with a token that is not its own, or with nasty values a form changes nothing; nor does it when
    it is sent a second time."""
    fields = dict(form.fields)
    browser.get(form.page)
    before = everything(desk)
    for what, headers in HOSTILE.items():
        assert browser.post(form.action, fields, **headers).status in (403, 415), (form.kind, what)
    for token in ("", "0" * 64, stale.token):
        assert browser.post(form.action, fields, token=token).status == 403, form.kind
    assert everything(desk) == before, form.kind
    for name in sorted(form.hidden - {"version"}):
        for nasty in NASTY:
            if nasty == fields[name]:
                continue  # empty as it is: nothing was pointed at that does not belong
            got = browser.post(form.action, {**fields, name: nasty})
            assert 400 <= got.status < 500, (form.kind, name, nasty, got.status)
            assert "<script>alert" not in got.text, (form.kind, name)
    assert everything(desk) == before, form.kind
    browser.get(form.page)
    first = browser.post(form.action, fields)
    assert first.status < 500, form.kind
    if form.action.endswith("/leave"):
        return
    after = unasked(desk)
    again = browser.post(form.action, fields)
    assert again.status < 500, form.kind
    if fields.get("do") not in ANEW:
        assert unasked(desk) == after, f"{form.kind}: a second time changes nothing"


def test_every_form_that_is_found(desk: DeskUnderTest) -> None:
    browser, stale = desk.browser(), desk.browser()
    stale.get("/desk")
    found = crawl(browser)
    with_forms = {path for path, (_, act) in PAGES.items() if act is not None} - BY_A_PAGE

    def pattern(action: str) -> str:
        path = action.removeprefix("/desk")
        fitting = [one for one in PAGES if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)]
        return next((one for one in fitting if one == path), fitting[0] if fitting else path)

    assert {pattern(form.action) for form in found.values()} >= with_forms, "every form is reached by links"
    order = sorted(found.values(), key=lambda form: (form.action.endswith(LAST), form.action.endswith("/leave")))
    for form in order:
        is_held(desk, browser, stale, form)
    assert browser.get("/desk").status == 401, "the last form signs out"


def test_the_forms_of_a_site_that_was_read(tmp_path: Path) -> None:
    """The site that may be followed, and what was pointed at on a page of a source."""
    now = NOW - timedelta(hours=1)
    sites = {"tarnmouth-star": "", "wendale-post": ""}
    with Newsroom(tmp_path / "newsroom", now=now, speed=None, sites=sites) as newsroom:
        (tmp_path / "seeds").mkdir()
        (tmp_path / "seeds" / "post.toml").write_text(f'home = "{newsroom.homes["wendale-post"]}"\n')
        with running_desk(tmp_path) as desk:
            browser, stale = desk.browser(), desk.browser()
            stale.get("/desk")
            browser.get("/desk")
            follow = looked(browser, newsroom.homes["tarnmouth-star"])[1]
            frame = _address(r'src="(/desk/sources/post/pointed[^"]*)"', browser.get("/desk/sources/post/point").text)
            title = re.escape(newsroom.truth().sites["wendale-post"][0].title[:20])
            shown = browser.get(frame).text
            pick = _address(rf'href="([^"]*pick=\d+)"[^>]*>(?:<[^>]*>|\s)*{title}', shown)
            found = [
                form for page in (follow, pick) for form in forms_of(page, LexborHTMLParser(browser.get(page).text))
            ]
            mine = [form for form in found if form.action in (follow, "/desk/sources/post/point")]
            assert {form.action for form in mine} == {follow, "/desk/sources/post/point"}
            for form in mine:
                is_held(desk, browser, stale, form)
            seeds = {path.name: path.read_text("utf-8") for path in (tmp_path / "seeds").glob("*.toml")}
            assert len(seeds) == 2 and "links = " in seeds["post.toml"], "each was done once"


def _address(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[1].replace("&amp;", "&")
