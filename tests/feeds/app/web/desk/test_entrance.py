"""Getting into the desk: links, the password, sessions; and everybody else stays outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher

import feeds.app.web.desk
from feeds.app.cli.main import main
from feeds.app.web.desk.entrance import passwords
from feeds.app.web.desk.entrance.links import LIFE, OneTimeLinks, link_digest
from feeds.app.web.desk.entrance.sessions import IDLE, MOST, Sessions
from tests.support.desk import CONFIG, Browser, DeskUnderTest, running_desk

PASSWORD = "nine herrings and a gull"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost little: a quarter of a second each is what one test below is about."""
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "PasswordHasher", cheap)


def test_what_is_kept_of_a_password_is_dear_to_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PasswordHasher", PasswordHasher)
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "RFC 9106, its second choice"
    assert passwords.is_right(kept, PASSWORD) and not passwords.is_right(kept, PASSWORD.upper())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskUnderTest]:
    with running_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[DeskUnderTest]:
    with running_desk(tmp_path) as desk:
        yield desk


def set_password(desk: DeskUnderTest, password: str = PASSWORD) -> None:
    desk.store(lambda store: store.meta.put(passwords.FACT, passwords.hashed(password)))


def sessions(desk: DeskUnderTest) -> int:
    assert desk.serving.desk is not None
    return desk.call(lambda: len(desk.serving.desk.tools.sessions.all()))  # type: ignore[union-attr]


def test_a_link_opens_the_desk_once(fresh: DeskUnderTest) -> None:
    link, browser = fresh.link(), Browser(fresh.port)
    assert browser.get("/desk").status == 401
    got = browser.get(link)
    assert got.status == 200
    cookie = got.cookies[0].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/desk" in cookie
    assert "secure" not in cookie  # this browser speaks http
    assert "Overview" in browser.get("/desk").text
    other = Browser(fresh.port)
    got = other.get(link)
    assert got.status == 403 and not got.cookies
    assert other.get("/desk").status == 401


def test_what_asks_ahead_of_a_person_uses_no_link_up(fresh: DeskUnderTest) -> None:
    link = fresh.link()
    assert Browser(fresh.port).get(link, **{"Sec-Purpose": "prefetch;prerender"}).status == 403
    assert Browser(fresh.port).get(link).status == 200


def test_the_headers_of_every_answer_keep_a_browser_to_what_a_page_needs(desk: DeskUnderTest) -> None:
    browser = desk.browser()
    for got in (browser.get("/desk"), Browser(desk.port).get("/desk"), browser.get("/desk/static/desk.css")):
        policy = got.headers["content-security-policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert got.headers["x-content-type-options"] == "nosniff"
    assert browser.get("/desk").headers["cache-control"] == "no-store"
    assert browser.get("/desk/static/../desk.py").status == 404
    assert browser.get("/desk/static/base.html").status == 404


def test_a_page_of_another_site_that_leads_here_is_asked_to_come_again(desk: DeskUnderTest) -> None:
    """A strict cookie is not brought along by a link of another site; the second request comes from our own page."""
    stranger = Browser(desk.port)
    got = stranger.get("/desk/sessions?x=1&y=%22", **{"Sec-Fetch-Site": "cross-site"})
    assert got.status == 200
    assert 'content="0; url=/desk/sessions?x=1&amp;y=%22"' in got.text
    assert stranger.get("/desk/sessions", **{"Sec-Fetch-Site": "same-origin"}).status == 401


def test_the_password_opens_the_desk_and_wrong_ones_do_not(fresh: DeskUnderTest) -> None:
    browser = Browser(fresh.port)
    browser.get("/desk")
    assert browser.post("/desk/enter", {"password": PASSWORD}).status == 403, "there is none yet"
    set_password(fresh)
    assert browser.post("/desk/enter", {"password": PASSWORD.upper()}).status == 403
    assert browser.post("/desk/enter", {"password": "x" * 5000}).status == 403
    assert sessions(fresh) == 0
    got = browser.post("/desk/enter", {"password": PASSWORD})
    assert got.status == 200 and browser.cookie
    assert browser.get("/desk").status == 200


@pytest.mark.parametrize(
    "hostile",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "-"},
        {"Origin": "null"},
        {"Origin": "-", "Sec-Fetch-Site": "-"},
        {"Origin": "-", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[::1"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json"},
    ],
)
def test_the_right_password_from_elsewhere_is_refused(desk: DeskUnderTest, hostile: dict[str, str]) -> None:
    set_password(desk)
    before = sessions(desk)
    got = Browser(desk.port).post("/desk/enter", {"password": PASSWORD}, **hostile)
    assert got.status in (403, 415) and not got.cookies
    assert sessions(desk) == before


def test_whoever_fails_too_often_is_not_looked_at_for_a_minute(fresh: DeskUnderTest) -> None:
    browser = Browser(fresh.port)
    for _ in range(10):
        assert browser.get("/desk/enter?link=wrong").status == 403
    link = fresh.link()
    assert browser.get(link).status == 429
    set_password(fresh)
    assert browser.post("/desk/enter", {"password": PASSWORD}).status == 429
    assert sessions(fresh) == 0


def test_wrong_passwords_of_all_together_are_limited_and_links_still_work(fresh: DeskUnderTest) -> None:
    desk = fresh.serving.desk
    assert desk is not None
    for _ in range(30):
        fresh.call(lambda: desk._all_failures.note("all"))
    assert Browser(fresh.port).post("/desk/enter", {"password": PASSWORD}).status == 429
    assert Browser(fresh.port).get(fresh.link()).status == 200


def test_sessions_are_listed_and_ended(fresh: DeskUnderTest) -> None:
    mine, other = fresh.browser(), fresh.browser()
    page = mine.get("/desk/sessions")
    assert page.text.count("127.0.0.1") >= 2
    assert mine.submit("/desk/sessions", {"session": "others"}).note() == "The other sessions are ended."
    assert other.get("/desk").status == 401
    assert mine.get("/desk").status == 200
    assert mine.post("/desk/sessions", {"session": "nobody"}).status == 404
    cookie = mine.cookie
    assert mine.post("/desk/leave", {}).status == 200
    assert mine.cookie == ""
    mine.cookie = cookie
    assert mine.get("/desk").status == 401, "a cookie that was kept opens nothing"


def test_sessions_outlive_the_process_and_a_copy_of_the_store_opens_nothing(tmp_path: Path) -> None:
    with running_desk(tmp_path) as desk:
        browser = desk.browser()
        kept = desk.store(lambda store: store.meta.get("desk:sessions")) or ""
        assert browser.cookie.partition("=")[2] not in kept and len(kept) > 100
    with running_desk(tmp_path) as desk:
        browser.port = desk.port
        assert desk.serving.desk is not None
        browser.cookie = f"{desk.serving.desk.cookie}={browser.cookie.partition('=')[2]}"
        assert browser.get("/desk").status == 200


@pytest.mark.parametrize(
    ("liked", "spoken", "word"),
    [("es-MX, en;q=0.5", "es", "Medios"), ("de, es;q=0.5", "de", "Quellen"), ("sv", "en", "Sources")],
)
def test_the_desk_speaks_what_it_can_whole(desk: DeskUnderTest, liked: str, spoken: str, word: str) -> None:
    page = desk.browser().get("/desk", **{"Accept-Language": liked}).text
    assert f'<html lang="{spoken}"' in page and f">{word}</a>" in page


def test_the_desk_can_be_off(tmp_path: Path) -> None:
    with running_desk(tmp_path, config=CONFIG.replace("[web]\n", "[web]\ndesk = false\n")) as desk:
        assert desk.serving.desk is None
        for path in ("/desk", "/desk/enter", "/desk/static/desk.css"):
            assert Browser(desk.port).get(path).status == 404


@pytest.mark.parametrize(
    "change",
    [
        ('listen = "127.0.0.1:{port}"', 'listen = "0.0.0.0:{port}"'),
        ('base_url = "http://127.0.0.1:{port}"', 'base_url = "https://news.example"'),
    ],
)
def test_where_others_may_come_it_needs_a_password_and_says_so(tmp_path: Path, change: tuple[str, str]) -> None:
    with running_desk(tmp_path, config=CONFIG.replace(*change)) as desk:
        browser = Browser(desk.port)
        assert "copydesk desk password" in browser.get("/desk").text
        assert browser.get(desk.link()).status == 403
        set_password(desk)
        got = browser.post("/desk/enter", {"password": PASSWORD})
        assert got.status == 200
        assert browser.get("/desk").status == 200


def test_what_a_proxy_tells_counts_from_a_proxy_of_ours_alone(tmp_path: Path) -> None:
    config = CONFIG.replace("[web]\n", '[web]\nproxies = ["127.0.0.1"]\n')
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    with running_desk(tmp_path, config=config) as desk:
        assert "secure" in Browser(desk.port).get(desk.link(), **told).cookies[0].lower()
        assert desk.serving.desk is not None
        assert [one.client for one in desk.serving.desk.tools.sessions.all()] == ["203.0.113.9"]


def test_without_proxies_it_counts_for_nothing(fresh: DeskUnderTest) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    assert "secure" not in Browser(fresh.port).get(fresh.link(), **told).cookies[0].lower()
    assert fresh.serving.desk is not None
    assert [one.client for one in fresh.serving.desk.tools.sessions.all()] == ["127.0.0.1"]


def test_the_command_sets_a_password_and_signs_everybody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    with running_desk(tmp_path) as desk:
        browser = desk.browser()
        kept = browser.cookie
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["--config", str(tmp_path / "config.toml"), "desk", "password"]) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert main(["--config", str(tmp_path / "config.toml"), "desk", "password"]) == 0
    assert main(["--config", str(tmp_path / "config.toml"), "desk", "link"]) == 6  # no daemon
    assert PASSWORD not in capsys.readouterr().out
    with running_desk(tmp_path) as desk:
        browser = Browser(desk.port)
        assert desk.serving.desk is not None
        browser.cookie = f"{desk.serving.desk.cookie}={kept.partition('=')[2]}"
        assert browser.get("/desk").status == 401
        assert browser.post("/desk/enter", {"password": PASSWORD}).status == 200


def test_links_run_out() -> None:
    clock = [0.0]
    links = OneTimeLinks(lambda: clock[0])
    links.add(link_digest("early"))
    clock[0] = LIFE + 1
    links.add(link_digest("late"))
    assert [links.use(one) for one in ("early", "late", "late", "")] == [False, True, False, False]
    for n in range(100):
        links.add(link_digest(str(n)))
    assert [links.use(str(n)) for n in (0, 79, 80, 99)] == [False, False, True, True]


def test_sessions_run_out_and_are_bounded() -> None:
    clock, kept = [datetime(2026, 3, 1, tzinfo=UTC)], [""]
    sessions = Sessions(lambda: clock[0], lambda text: kept.__setitem__(0, text))
    cookie = sessions.begin("link", "127.0.0.1", "x" * 9000)
    assert sessions.find(cookie) is not None and sessions.find(cookie + "x") is None and sessions.find("") is None
    assert len(kept[0]) < 1000
    clock[0] += IDLE + timedelta(minutes=1)
    assert sessions.find(cookie) is None
    cookies = [sessions.begin("link", "127.0.0.1", "") for _ in range(MOST + 5)]
    assert sum(sessions.find(one) is not None for one in cookies) == MOST
    for text in ("no json", "{}", '[{"name": 1}]', "[1]"):
        assert Sessions(lambda: clock[0], lambda _: None, text).all() == []


def test_every_table_of_the_desk_stacks_on_a_phone() -> None:
    """Where a table is wider than a phone, its last columns (and their buttons) would be out of sight."""
    folder = Path(feeds.app.web.desk.__file__).parent / "templates"
    tables = re.findall(r"<table[^>]*>", "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.html"))))
    assert len(tables) >= 4
    assert set(tables) == {'<table class="stack">'}
