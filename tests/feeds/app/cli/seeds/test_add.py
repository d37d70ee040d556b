"""`copydesk add` where sites answer otherwise than one would wish: no https, closed doors, moved homes, scripts."""

from __future__ import annotations

import importlib.util
import json
import shutil
import ssl
import subprocess
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from feeds.app.cli.main import main
from feeds.app.cli.seeds import add as adding
from feeds.app.config.config import Config
from feeds.app.jobs.fetcher import open_fetcher
from scrapers import Fetcher
from tests.support.misbehaving import Asked, Out, Web
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.usefixtures("read_inside")

CHROMIUM = importlib.util.find_spec("playwright") is not None and shutil.which("chromium") is not None
CONFIG = """contact = "mailto:desk@example.org"
base_url = "http://127.0.0.1:8484"
[store]
url = "sqlite:copydesk.db"
[publish]
folder = "public"
[fetch]
allow_networks = ["127.0.0.0/8"]
local_gap = "0s"
"""
STORIES = [f"What the harbour board said of quay number {n} on Monday" for n in range(12)]

Add = Callable[..., tuple[int, str]]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.fixture
def add(desk: Path, capsys: pytest.CaptureFixture[str]) -> Add:
    def call(*words: str) -> tuple[int, str]:
        """(exit code, what was said on standard error)"""
        code = main(["--config", str(desk / "config.toml"), "--quiet", "add", *words])
        return code, capsys.readouterr().err

    return call


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be connected is tried once, not after some seconds again."""

    def door(config: Config) -> Fetcher:
        fetcher = open_fetcher(config)
        fetcher.shared = replace(fetcher.shared, limits=replace(fetcher.shared.limits, retries=0))
        return fetcher

    monkeypatch.setattr(adding, "open_fetcher", door)


def front() -> bytes:
    cards = "".join(
        f'<article><h2><a href="/2026/05/{10 + n}/the-quay-number-{n}/">{title}</a></h2></article>'
        for n, title in enumerate(STORIES)
    )
    return f'<html lang="en"><head><title>The Quay</title></head><body><main>{cards}</main></body></html>'.encode()


def feed() -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://quay.example/2026/05/{10 + n}/the-quay-number-{n}/</link>"
        f"<pubDate>{10 + n} May 2026 08:00:00 GMT</pubDate></item>"
        for n, title in enumerate(STORIES)
    )
    return f'<rss version="2.0"><channel><title>The Quay</title>{items}</channel></rss>'.encode()


def written(desk: Path) -> list[dict[str, object]]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((desk / "seeds").glob("*.toml"))]


def test_a_bare_host_that_speaks_no_https_is_asked_without_and_that_is_said(web: Web, desk: Path, add: Add) -> None:
    web.page("/", front())
    code, err = add(f"127.0.0.1:{web.port}", "--yes")
    assert code == 0
    assert f"https://127.0.0.1:{web.port}/: no secure connection" in err
    assert f"asking {web.url('/')}" in err
    assert [seed["home"] for seed in written(desk)] == [web.url("/")]
    (path,) = (desk / "seeds").glob("*.toml")
    assert "https is not answered there" in path.read_text("utf-8")


@pytest.mark.usefixtures("once")
def test_a_bare_host_that_ends_the_handshake_is_asked_without_https(web: Web, desk: Path, add: Add) -> None:
    async def hang_up(asked: Asked, out: Out) -> None:
        out.reset()

    web.page("/", front())
    web.on("/status/400", hang_up)  # what this server takes a handshake for
    code, err = add(f"127.0.0.1:{web.port}", "--yes")
    assert code == 0
    assert "the secure connection broke off" in err
    assert len(written(desk)) == 1


def test_https_that_was_typed_is_never_replaced(web: Web, desk: Path, add: Add) -> None:
    web.page("/", front())
    code, err = add(f"https://127.0.0.1:{web.port}/", "--yes")
    assert code == 6 and "no secure connection" in err and "asking" not in err
    assert written(desk) == []
    assert web.paths() == ["/status/400"]  # the handshake, and no request without it


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl: a wrong certificate is NOT tested")
def test_a_wrong_certificate_is_no_reason_to_go_without(desk: Path, add: Add) -> None:
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout key -out crt"
    subprocess.run(make.split(), cwd=desk, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(desk / "crt", desk / "key")
    with Web(tls=context) as web:
        web.page("/", front())
        code, err = add(f"127.0.0.1:{web.port}", "--yes")
    assert code == 6 and "certificate" in err and "asking" not in err
    assert web.asked == []


@pytest.mark.usefixtures("once")
def test_where_nobody_answers_both_ways_are_told(desk: Path, add: Add) -> None:
    with Web() as closed:
        port = closed.port
    code, err = add(f"127.0.0.1:{port}", "--yes")
    assert code == 6
    asked, failed = err.strip().splitlines()
    assert f"asking http://127.0.0.1:{port}/" in asked
    assert failed.startswith(f"http://127.0.0.1:{port}/") and "no connection" in failed


def test_a_site_that_wants_no_robots_is_left_alone(desk: Path, add: Add) -> None:
    with Web(robots=b"User-agent: *\nDisallow: /\n") as web:
        web.page("/", front())
        code, err = add(web.url("/"), "--yes")
    assert code == 6
    assert err.strip() == f"{web.url('/')}: robots.txt of 127.0.0.1 asks copydesk to stay away"
    assert web.paths() == ["/robots.txt"]
    assert written(desk) == []


def test_the_address_of_a_feed_makes_a_source_that_reads_it(web: Web, desk: Path, add: Add) -> None:
    web.page("/news/feed.xml", feed(), content_type="application/rss+xml")
    code, err = add(web.url("/news/feed.xml"), "--yes")
    assert (code, err) == (0, "")
    (seed,) = written(desk)
    assert seed["discover"] == {"rss": [web.url("/news/feed.xml")]}
    assert seed["title"] == "The Quay"
    assert web.paths() == ["/robots.txt", "/news/feed.xml"]  # no guessing where the answer was given
    code, err = add(web.url("/news/feed.xml"), "--yes")
    assert code == 2 and "is a source already" in err


def test_a_page_without_stories_makes_no_source(web: Web, desk: Path, add: Add) -> None:
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("about", "contact", "prices"))
    web.page("/", f"<title>Plumbers</title><ul>{menu}</ul><p>{'We mend pipes. ' * 60}</p>".encode())
    code, err = add(web.url("/"), "--yes")
    assert code == 6
    assert err.strip() == f"{web.url('/')}: no stories were found there"
    assert written(desk) == []


def test_a_home_that_leads_to_another_host_is_added_where_it_leads(web: Web, desk: Path, add: Add) -> None:
    with Web(host="127.0.0.2") as other:
        other.page("/news/", front())
        web.redirect("/", other.url("/news/"), 301)
        code, _ = add(web.url("/"), "--yes")
        assert code == 0
        (seed,) = written(desk)
        assert seed["home"] == other.url("/news/")
        assert set(web.paths()) == {"/robots.txt", "/"}  # everything further is asked of the host it leads to
        code, err = add(web.url("/"), "--yes")
        assert code == 2 and f"{other.url('/news/')} is a source already" in err


def test_the_new_host_s_robots_are_heard_too(web: Web, desk: Path, add: Add) -> None:
    with Web(host="127.0.0.2", robots=b"User-agent: *\nDisallow: /\n") as other:
        other.page("/", front())
        web.redirect("/", other.url("/"))
        code, err = add(web.url("/"), "--yes")
        assert code == 6 and "robots.txt of 127.0.0.2 asks copydesk to stay away" in err
        assert other.paths() == ["/robots.txt"]
    assert written(desk) == []


SCRIPTED = b"""<!doctype html><html lang=en><head><title>The Quay</title><meta charset=utf-8></head>
<body><div id=app>Loading</div><script type=module>
const stories = await (await fetch("/api/stories")).json();
document.querySelector("#app").innerHTML = stories.map(
  ({url, title}) => `<article><h2><a href="${url}">${title}</a></h2></article>`).join("");
</script></body></html>"""


@pytest.mark.real
@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not tested: it needs playwright and the command chromium")
@pytest.mark.xdist_group("chromium")
def test_a_front_made_by_scripts_is_added_with_a_browser_and_read_with_it(
    web: Web, desk: Path, add: Add, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("chromium", "subrequests"):  # a page takes seconds, but many times as many on a busy machine
        monkeypatch.setattr(f"scrapers.fetch.browser.{module}.SECONDS", PATIENCE)
    (desk / "config.toml").write_text(f'{CONFIG}deadline = "10m"\n', encoding="utf-8")
    web.page("/", SCRIPTED)
    stories = [
        {"url": f"/2026/05/{10 + n}/the-quay-number-{n}/", "title": title} for n, title in enumerate(STORIES[:6])
    ]
    web.page("/api/stories", json.dumps(stories).encode(), content_type="application/json")
    words = [
        "harbour",
        "quay",
        "crane",
        "ferry",
        "timber",
        "council",
        "budget",
        "storm",
        "repair",
        "winter",
        "pilot",
        "anchor",
        "ladder",
        "signal",
        "market",
    ]
    for number, story in enumerate(stories):  # a text of its own for each: one page for all would be no story
        chance = Random(number)
        prose = " ".join(f"The {' '.join(chance.choices(words, k=9))} was told of by the master." for _ in range(12))
        html = f"<title>{story['title']}</title><article><h1>{story['title']}</h1><p>{prose}</p></article>"
        web.page(story["url"], html.encode())
    code, err = add(web.url("/"), "--name", "quay", "--yes")
    assert (code, err) == (0, "")
    (seed,) = written(desk)
    assert seed["render"] is True
    assert "scripts make the page" in (desk / "seeds" / "quay.toml").read_text("utf-8")
    assert main(["--config", str(desk / "config.toml"), "--quiet", "fetch", "quay"]) == 0
    capsys.readouterr()
    assert (desk / "public" / "s" / "quay.atom").read_text("utf-8").count("<entry>") == len(stories)
