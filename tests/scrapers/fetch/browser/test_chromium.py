"""Pages made by scripts: read through a real Chromium that has no network of its own."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import shutil
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Any

import pytest

from scrapers import Page, Request, Seed
from scrapers.errors import CopydeskError, PageChanged, Refused, SeedError, Unreachable
from scrapers.fetch.browser import chromium as browser
from scrapers.fetch.browser import subrequests
from tests.support.misbehaving import Asked, Out, Web, answer
from tests.support.visiting import PATIENT, Names, make_fetcher
from tests.support.waiting import PATIENCE

HERE = importlib.util.find_spec("playwright") is not None and shutil.which("chromium") is not None
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not HERE, reason="Chromium is not tested: it needs playwright and the command chromium"),
    pytest.mark.xdist_group("chromium"),
]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a browser takes its time."""
    for name in ("SECONDS", "IDLE_SECONDS", "CLOSE_SECONDS"):
        monkeypatch.setattr(browser, name, PATIENCE)


class Kept:
    """The fetcher whose browser is shared by all tests that are not about its start, and the loop it belongs to."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self.runner = runner
        self.fetcher = make_fetcher()


kept: list[Kept] = []


@pytest.fixture(scope="module", autouse=True)
def _kept() -> Iterator[None]:
    with asyncio.Runner() as runner:
        kept.append(Kept(runner))
        try:
            yield
        finally:
            last = kept.pop().fetcher
            runner.run(last.aclose())
            assert last.browser._chromium is None, "it ends with its fetcher"


def run(work: Callable[[Any], Coroutine[Any, Any, Any]], *, own: bool = False, **changes: Any) -> Any:
    """Run `work` with a fetcher that is closed afterwards; with a browser of its own where it is to be."""

    async def go() -> Any:
        fetcher = make_fetcher(**changes)
        unused = fetcher.browser
        if not own:
            fetcher.browser = kept[0].fetcher.browser
        try:
            return await work(fetcher)
        finally:
            fetcher.browser = unused
            await fetcher.aclose()

    return kept[0].runner.run(go())


FRONT = b"""<!doctype html><html lang=en><head><title>Harbour Gazette</title><meta charset=utf-8>
<link rel=stylesheet href=/look.css><script type=module src=/front.js></script></head>
<body><main id=list></main><img src=/photo.png></body></html>"""
SCRIPT = b"""
const answer = await fetch("/api/stories?page=1", {headers: {"X-App": "front"}});
for (const story of await answer.json()) {
  const link = document.createElement("a");
  link.href = story.url;
  link.textContent = story.title;
  document.querySelector("#list").append(link);
}
"""
STORIES = [
    {"url": "/news/quay", "title": "Old quay closed until spring"},
    {"url": "/news/ferry", "title": "Ferry to the islands sails again \u2013 caf\u00e9 open"},
]


def gazette(web: Web) -> None:
    """A front whose list is made by a script."""
    web.page("/", FRONT, headers={"ETag": '"1"', "Cache-Control": "max-age=600"})
    web.page("/look.css", b"main { color: navy }", content_type="text/css")
    web.page("/front.js", SCRIPT, content_type="text/javascript")
    web.page("/api/stories", json.dumps(STORIES).encode(), content_type="application/json")


def rendered(request: Request | str, seed: Seed | None = None, **changes: Any) -> Page:
    async def work(fetcher: Any) -> Page:
        async with fetcher.visit(seed) as fetch:
            page: Page = await fetch(request if isinstance(request, Request) else Request(request, render=True))
            return page

    page = run(work, **changes)
    assert isinstance(page, Page)
    return page


def refused(request: str, seed: Seed | None = None, **changes: Any) -> CopydeskError:
    with pytest.raises(CopydeskError) as caught:
        rendered(request, seed, **changes)
    return caught.value


def test_a_list_made_by_a_script_is_read(web: Web) -> None:
    gazette(web)
    page = rendered(Request(web.url("/"), etag='"1"', render=True))
    text = page.body.decode("utf-8")
    assert '<a href="/news/quay">Old quay closed until spring</a>' in text
    assert "again – café open" in text
    assert (page.url, page.status, page.charset, page.content_type) == (web.url("/"), 200, "utf-8", "text/html")
    assert (page.etag, page.fresh_for, page.not_modified) == (None, None, False)
    assert web.paths() == ["/robots.txt", "/", *web.paths()[2:]]
    assert sorted(web.paths()[2:]) == ["/api/stories", "/front.js", "/look.css"]  # and no picture
    assert web.peak == 1
    for asked in web.asked:
        assert asked.headers["user-agent"].startswith("copydesk/0 (+mailto:")
        assert "if-none-match" not in asked.headers
    (data,) = (asked for asked in web.asked if asked.path == "/api/stories")
    assert data.headers["x-app"] == "front"
    assert data.headers["referer"] == web.url("/")


def test_without_render_the_list_is_empty(web: Web) -> None:
    gazette(web)
    assert b"quay" not in rendered(Request(web.url("/"))).body


PRYING = """<!doctype html><title>Prying</title>
<link rel=preconnect href="OTHER"><link rel=dns-prefetch href="OTHER"><link rel=prefetch href="OTHER/prefetch">
<link rel=stylesheet href="OTHER/style.css"><script src="OTHER/script.js"></script><script src=/way.js></script>
<img src="OTHER/image"><iframe src="OTHER/frame"></iframe><video src="OTHER/video"></video>
<body><script>
const tries = [
  () => fetch("OTHER/fetch"),
  () => fetch("OTHER/no-cors", {mode: "no-cors", method: "POST", body: "x"}),
  () => fetch("/way", {redirect: "follow"}),
  () => new EventSource("OTHER/events"),
  () => new WebSocket("OTHER/socket".replace("http", "ws")),
  () => navigator.sendBeacon("OTHER/beacon", "x"),
  () => navigator.serviceWorker.register("/worker.js"),
  () => new Worker(URL.createObjectURL(new Blob(["fetch('OTHER/worker')"]))),
  () => window.open("OTHER/popup"),
  () => {
    const talk = new RTCPeerConnection({iceServers: [{urls: "stun:HOST"}, {urls: "turn:HOST?transport=tcp",
      username: "a", credential: "b"}]});
    talk.createDataChannel("x");
    return talk.createOffer().then(offer => talk.setLocalDescription(offer));
  },
  () => { const form = document.createElement("form"); form.method = "post"; form.action = "OTHER/form";
    document.body.append(form); form.submit(); },
  () => setTimeout(() => { location.href = "OTHER/away"; }, 50),
];
for (const attempt of tries) { try { Promise.resolve(attempt()).catch(() => 0); } catch (error) { } }
document.body.append("still here");
</script>"""


class Ear(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.heard = 0

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.heard += 1


@pytest.mark.parametrize("name", ["127.0.0.1", "inside.example"])
def test_a_page_reaches_no_private_address(web: Web, name: str) -> None:
    """By number and by a name that leads there, in every way that a page has, and although the settings open it."""
    with Web() as other:
        there = f"{name}:{other.port}"
        prying = PRYING.replace("OTHER", f"http://{there}").replace("HOST", there)
        web.page("/", prying.encode())
        web.redirect("/way", f"http://{there}/redirected")
        web.redirect("/way.js", f"http://{there}/redirected.js")

        async def work(fetcher: Any) -> tuple[Page, int]:
            loop = asyncio.get_running_loop()
            ear = Ear()
            transport, _ = await loop.create_datagram_endpoint(lambda: ear, local_addr=("127.0.0.1", other.port))
            try:
                async with fetcher.visit() as fetch:
                    return await fetch(Request(web.url("/"), render=True)), ear.heard
            finally:
                transport.close()

        names = Names({"inside.example": ("127.0.0.1",)})
        page, heard = run(work, resolver=names)
        assert b"still here" in page.body
        assert page.url == web.url("/")
        assert {"/way", "/way.js"} <= set(web.paths())
        assert other.asked == []
        assert other.connections == 0
        assert heard == 0


def test_further_hosts_of_the_seed_may_bring_data_and_get_no_secret(web: Web) -> None:
    with Web() as api:
        names = Names({"www.gazette.example": ("127.0.0.1",), "api.gazette.example": ("127.0.0.1",)})
        there = f"http://api.gazette.example:{api.port}"
        home = f"http://www.gazette.example:{web.port}/"
        gazette(web)
        web.page("/front.js", SCRIPT.replace(b"/api/", f"{there}/api/".encode()), content_type="text/javascript")
        api.page(
            "/api/stories",
            json.dumps(STORIES).encode(),
            content_type="application/json",
            headers={"Access-Control-Allow-Origin": "*", "Set-Cookie": "id=1"},
        )
        seed = Seed("gazette", home, hosts=("api.gazette.example",), headers={"X-Key": "s3cret"}, cookies={"a": "b"})
        page = rendered(home, seed, resolver=names, gap=0.0)
        assert b"Old quay closed" in page.body
        assert api.paths() == ["/robots.txt", "/api/stories"]
        assert "s3cret" not in str(api.asked)
        assert not any("cookie" in asked.headers for asked in api.asked)
        assert {asked.headers["x-key"] for asked in web.asked} == {"s3cret"}
        assert {asked.headers["cookie"] for asked in web.asked} == {"a=b"}

        stranger = rendered(home, Seed("gazette", home), resolver=names, gap=0.0)
        assert b"Old quay closed" not in stranger.body
        assert len(api.asked) == 2


def test_robots_txt_is_obeyed_for_the_page_and_for_what_it_asks_for() -> None:
    with Web(robots=b"User-agent: *\nDisallow: /api/\nDisallow: /closed") as web:
        gazette(web)
        assert b"quay" not in rendered(web.url("/")).body
        assert web.paths().count("/api/stories") == 0
        assert type(refused(web.url("/closed"))) is Refused
        assert web.paths().count("/closed") == 0


def test_a_page_that_never_ends_is_left(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.page("/busy", b"<title>x</title><script src=/begun.js></script><script>for (;;) ;</script>")
    web.page("/begun.js", b"0", content_type="text/javascript")
    gazette(web)

    async def work(fetcher: Any) -> None:
        async with fetcher.visit() as fetch:
            for seconds in (1.0, 4.0, 16.0):  # to show the page so far takes long where the machine is busy
                monkeypatch.setattr(browser, "SECONDS", seconds)
                with pytest.raises(Unreachable, match=f"not ready within {seconds:.0f} s"):
                    await fetch(Request(web.url("/busy"), render=True))
                if "/begun.js" in web.paths():
                    break
            assert "/begun.js" in web.paths()
            monkeypatch.setattr(browser, "SECONDS", PATIENCE)
            page = await fetch(Request(web.url("/"), render=True))  # the next page is read all the same
            assert b"Old quay closed" in page.body

    run(work)


def test_a_page_that_asks_for_ever_is_read_as_it_is_by_then(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.page("/", b"<p id=p>0</p><script>(async () => { for (let n = 1; ; n++) { await fetch('/more?' + n)"
             b".catch(() => new Promise(done => setTimeout(done, 50))); p.textContent = n } })()</script>")  # fmt: skip
    web.page("/more", b"1", content_type="text/plain")
    monkeypatch.setattr(subrequests, "MAX_REQUESTS", 5)
    for seconds in (1.5, 6.0, 24.0):  # so many requests take long where the machine is busy
        monkeypatch.setattr(browser, "IDLE_SECONDS", seconds)
        web.asked.clear()
        page = rendered(web.url("/"))
        assert b"<p id=" in page.body
        assert web.paths().count("/more") <= 5
        if web.paths().count("/more") == 5:
            break
    assert web.paths().count("/more") == 5


def test_a_page_that_grows_too_large_is_refused(web: Web) -> None:
    web.page("/", b"<body><script>document.documentElement.__defineGetter__('outerHTML', () => 'small');"
             b"document.body.append('x'.repeat(300000))</script>")  # fmt: skip
    error = refused(web.url("/"), limits=replace(PATIENT, page=200_000))
    assert type(error) is PageChanged
    assert "larger than 200000 characters" in error.reason


def test_what_is_no_html_is_given_as_it_came(web: Web) -> None:
    web.page("/rss", b"<rss version='2.0'><channel/></rss>", content_type="application/rss+xml")
    page = rendered(Request(web.url("/rss"), kind="feed", render=True))
    assert page.body == b"<rss version='2.0'><channel/></rss>"


def test_a_browser_that_died_is_started_anew_once_for_two_pages_at_a_time(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    gazette(web)
    open_now = peak = 0
    for name in ("0", "1", "2", "3"):
        web.page(f"/{name}", f"<p>{name}</p><script>fetch('/slow?{name}')</script>".encode())

    async def slow(asked: Asked, out: Out) -> bool:
        await asyncio.sleep(0.1)
        await out.send(answer(b"x", content_type="text/plain"))
        return True

    web.on("/slow", slow)
    used: list[Any] = []

    async def work(fetcher: Any) -> None:
        nonlocal open_now, peak
        async with fetcher.visit() as fetch:
            await fetch(Request(web.url("/"), render=True))
        died = fetcher.browser._chromium
        await died.close()
        context = fetcher.browser._context
        close = fetcher.browser._close

        async def counted(*given: Any) -> Any:
            nonlocal open_now, peak
            open_now += 1
            peak = max(peak, open_now)
            used.append(fetcher.browser._chromium)
            return await context(*given)

        async def closed(*given: Any) -> None:
            nonlocal open_now
            await close(*given)
            open_now -= 1

        monkeypatch.setattr(fetcher.browser, "_context", counted)
        monkeypatch.setattr(fetcher.browser, "_close", closed)

        async def one(name: str) -> bytes:
            async with fetcher.visit() as fetch:
                page: Page = await fetch(Request(web.url(f"/{name}"), render=True))
                return page.body

        bodies = await asyncio.gather(*map(one, "0123"))
        assert all(f"<p>{name}</p>".encode() in body for name, body in zip("0123", bodies, strict=True))
        assert died not in used

    run(work)
    assert peak == 2
    assert open_now == 0
    assert len(used) == 4
    assert len(set(used)) == 1


def test_without_a_browser_the_error_says_what_to_install(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_NAMES", ())
    monkeypatch.setattr(browser, "_is_there", lambda path: False)
    error = refused(web.url("/"), Seed("gazette", web.url("/"), render=True), own=True)
    assert isinstance(error, SeedError)
    assert "playwright install chromium" in error.reason
    assert error.source == "gazette"
    assert web.asked == []
