"""Every form: from another site, without its token, with a stale one, or without a session, nothing is done."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.app.web.desk.pages import PAGES
from feeds.store import Store
from scrapers import Seed
from tests.support.desk import CONFIG, Browser, DeskUnderTest, running_desk
from tests.support.misbehaving import Web
from tests.support.stories import record
from tests.support.waiting import PATIENCE

FORMS = sorted(path for path, (_, act) in PAGES.items() if act is not None)
LOOKS = sorted(path for path, (look, _) in PAGES.items() if look is not None)
NAMES = {"{name}": "courier", "{id}": "0123456789abcdef", "{n}": "0", "{file}": "x.html", "{topic}": "harbour"}
EVERYTHING = {
    "do": "pause",
    "session": "others",
    "url": "http://127.0.0.1:9/",
    "name": "courier",
    "to": "herald",
    "sure": "yes",
    "records": "yes",
    "query": "ferry",
    "text": 'home = "http://127.0.0.1:9/"',
    "topic": "mine",
}
HOSTILE = {
    "another site": {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    "another site, an old browser": {"Origin": "https://evil.example", "Sec-Fetch-Site": "-"},
    "another port of this machine": {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"},
    "a sandboxed frame": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "no browser": {"Origin": "-", "Sec-Fetch-Site": "-"},
    "plain text": {"Content-Type": "text/plain"},
    "JSON": {"Content-Type": "application/json"},
}


def path_of(pattern: str) -> str:
    for part, value in NAMES.items():
        pattern = pattern.replace(part, value)
    return f"/desk{pattern}"


def fill(store: Store) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    store.sources.sync([Seed(name="courier", home="http://127.0.0.1:9/")], now)
    with store.transaction():
        one = record(0, source="courier")
        story = store.stories.add(one, now)
        n = store.records.add(one, story, "", now)
        store.stories.set_representative(story, n, "")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskUnderTest]:
    folder = tmp_path_factory.mktemp("forms")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "courier.toml").write_text('home = "http://127.0.0.1:9/"\n')
    with running_desk(folder, fill=fill) as desk:
        yield desk


def everything(desk: DeskUnderTest, but: tuple[str, ...] = ()) -> tuple[object, ...]:
    """What a form could change: the store (`but` some tables), the files, and what the daemon was asked for."""

    def dump(store: Store) -> str:
        tables = store.db.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'search%'")
        rows = [
            tuple(row)
            for (name,) in tables.fetchall()
            if name not in but
            for row in store.db.execute(f"SELECT * FROM {name}")
        ]
        return hashlib.sha256(repr([row for row in rows if "desk:sessions" not in row]).encode()).hexdigest()

    files = sorted(
        (str(p), p.read_bytes())
        for p in [desk.folder / "config.toml", *(p for p in (desk.folder / "seeds").rglob("*") if p.is_file())]
    )
    assert desk.serving.desk is not None
    sessions = desk.call(lambda: len(desk.serving.desk.tools.sessions.all()))  # type: ignore[union-attr]
    return desk.store(dump), files, list(desk.asked), sessions


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_no_page_of_ours_sent_changes_nothing(desk: DeskUnderTest, form: str) -> None:
    browser = desk.browser()
    browser.get("/desk")
    stale, path = browser.token, path_of(form)
    other = desk.browser()
    other.get("/desk")
    before = everything(desk)
    for what, headers in HOSTILE.items():
        got = other.post(path, EVERYTHING, **headers)
        assert got.status in (403, 415), what
    for token in ("", "wrong", stale, other.token[:-1], "é" * 64):
        assert other.post(path, EVERYTHING, token=token).status == 403, token
    stranger = Browser(desk.port)
    assert stranger.post(path, EVERYTHING, token=other.token).status == 403
    assert everything(desk) == before
    for one in (browser, other):
        one.get("/desk")
        one.post("/desk/leave", {})
    other.cookie = "copydesk-desk=x"
    assert other.post(path, EVERYTHING, token=stale).status == 403


@pytest.mark.parametrize("look", LOOKS)
def test_a_page_is_shown_to_nobody_who_is_not_signed_in(desk: DeskUnderTest, look: str) -> None:
    got = Browser(desk.port).get(path_of(look))
    assert got.status == 401
    assert "courier" not in got.text.replace(path_of(look), "")


@pytest.mark.parametrize("look", LOOKS)
def test_a_page_changes_nothing(desk: DeskUnderTest, look: str) -> None:
    browser = desk.browser()
    before = everything(desk)
    assert browser.get(path_of(look) + "?url=http://127.0.0.1:9/&do=remove&sure=yes").status in (200, 404, 409, 422)
    assert everything(desk) == before
    browser.post("/desk/leave", {})


def test_a_form_that_is_too_large_or_has_too_many_fields_is_refused(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    browser.get("/desk")
    assert browser.post("/desk/sessions", {f"x{n}": "1" for n in range(300)}).status == 400
    assert browser.post("/desk/sessions", {"session": "x" * 3000}).status == 413
    assert browser.post("/desk/sessions", {"session": "x" * 70_000}).status == 413
    browser.post("/desk/leave", {})


def test_the_hub_reaches_no_network_that_is_open_to_visits_alone(tmp_path: Path, web: Web) -> None:
    with running_desk(tmp_path, config=CONFIG.replace("[fetch]", '[publish]\nhub = "own"\n\n[fetch]')) as desk:
        hub = desk.serving.hub
        assert hub is not None
        send = asyncio.run_coroutine_threadsafe(hub._try("GET", web.url("/callback")), desk.loop)
        assert send.result(PATIENCE) is None
        assert web.asked == []
