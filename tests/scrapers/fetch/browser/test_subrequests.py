"""What a page in the browser may ask for: the limits that need no browser to be seen."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from scrapers import Page, Seed
from scrapers.errors import CopydeskError, Forbidden, Refused, Unreachable
from scrapers.fetch.browser import subrequests
from scrapers.fetch.browser.subrequests import Response, Subrequest, Subrequests
from scrapers.fetch.guard import checked
from scrapers.fetch.session import FetchSession
from tests.support.misbehaving import Web
from tests.support.visiting import Clock, Names, make_fetcher, run

Ask = Callable[[Subrequest], Awaitable[Response]]


def on_subrequests(
    web: Web, work: Callable[[Any, Ask], Awaitable[None]], seed: Seed | None = None, **changes: Any
) -> None:
    """Runs `work` with the requests of a page at the root of `web`."""

    async def go(fetcher: Any) -> None:
        async with fetcher.visit(seed) as visit:
            mine = Subrequests(visit, seed, Page(web.url("/"), b""), None, 10.0)
            try:
                await work(fetcher, mine.answer)
            finally:
                await mine.aclose()

    run(go, **changes)


def test_scripts_and_data_come_and_nothing_else(web: Web) -> None:
    web.page("/a", b"1", content_type="text/javascript", headers={"Set-Cookie": "a=1", "Link": "</b>", "X-Total": "3"})

    async def work(fetcher: Any, ask: Ask) -> None:
        for kind in ("script", "stylesheet", "xhr", "fetch"):
            response = await ask(Subrequest(web.url("/a"), kind, headers={"cookie": "a=1", "user-agent": "Mozilla"}))
            assert (response.status, response.body) == (200, b"1")
            assert response.headers["x-total"] == "3"
            assert not {"set-cookie", "link", "content-length"} & set(response.headers)
        for kind in ("image", "font", "media", "document", "websocket", "eventsource", "ping", "other", "manifest"):
            with pytest.raises(Forbidden):
                await ask(Subrequest(web.url("/a"), kind))
        with pytest.raises(Forbidden):
            await ask(Subrequest(web.url("/a"), "fetch", "DELETE"))

    on_subrequests(web, work)
    assert web.paths() == ["/robots.txt", *["/a"] * 4]
    for asked in web.asked:
        assert "cookie" not in asked.headers
        assert asked.headers["user-agent"].startswith("copydesk/")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2:8080/",
        "http://[::1]:8080/",
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "http://inside.example/",
        "http://mixed.example/",
        "http://127.0.0.1:22/",
        "file:///etc/passwd",
        "ftp://courier.example/",
        "data:text/plain,x",
        "http://user:s3cret@courier.example/",
    ],
)
def test_what_is_not_public_is_not_asked(web: Web, url: str) -> None:
    """Although the settings open 127.0.0.0/8 and ::1."""
    names = Names({"inside.example": ("127.0.0.1",), "mixed.example": ("93.184.215.14", "10.0.0.1")})
    web.redirect("/away", url)

    async def work(fetcher: Any, ask: Ask) -> None:
        for asked in (url, web.url("/away")):
            with pytest.raises(CopydeskError) as caught:
                await ask(Subrequest(asked, "fetch"))
            assert type(caught.value) in (Forbidden, Unreachable)
            assert "s3cret" not in caught.value.reason
        # nothing is remembered against a host that a source of its own may have
        assert [pace.host for pace in fetcher.paces.changed() if web.url("").rstrip("/") != pace.host] == [
            f"127.0.0.1:{web.port}"
        ]

    on_subrequests(web, work, resolver=names)
    assert web.paths() == ["/robots.txt", "/away"]


def test_the_private_address_of_another_port_gets_nothing(web: Web) -> None:
    with Web() as other:

        async def work(fetcher: Any, ask: Ask) -> None:
            with pytest.raises(Forbidden, match="not a public address"):
                await ask(Subrequest(other.url("/a"), "script"))

        on_subrequests(web, work)
        assert other.connections == 0


def test_there_is_an_end_to_what_a_page_gets(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subrequests, "MAX_REQUESTS", 4)
    monkeypatch.setattr(subrequests, "MAX_BYTES", 2500)
    web.page("/a", b"x" * 1000, content_type="text/plain")

    async def work(fetcher: Any, ask: Ask) -> None:
        await ask(Subrequest(web.url("/a"), "fetch"))
        await ask(Subrequest(web.url("/a"), "fetch"))
        with pytest.raises(Unreachable, match="larger than 500 bytes"):
            await ask(Subrequest(web.url("/a"), "fetch"))
        with pytest.raises(Unreachable, match="used up"):
            await ask(Subrequest(web.url("/a"), "fetch"))
        with pytest.raises(Refused, match="no more than 4"):
            await ask(Subrequest(web.url("/a"), "fetch"))

    on_subrequests(web, work)


def test_the_page_after_keeps_its_distance(web: Web) -> None:
    """Subrequests come without a pause between them; what is asked for next comes after the whole gap."""
    clock = Clock()
    names = Names({"www.gazette.example": ("127.0.0.1",)})
    home = f"http://www.gazette.example:{web.port}/"
    web.page("/a", b"x", content_type="text/plain")

    async def work(fetcher: Any, ask: Ask) -> None:
        await ask(Subrequest(home + "a", "fetch"))
        before = clock.now
        await ask(Subrequest(home + "a", "fetch"))
        assert clock.now - before < 1.0
        assert fetcher.paces.get("gazette.example").next_allowed >= clock.now + 2.0

    seed = Seed("gazette", home, hosts=("www.gazette.example",))
    on_subrequests(web, work, seed, resolver=names, clock=clock, sleep=clock.sleep)


def test_a_host_that_has_enough_is_left_alone(web: Web) -> None:
    web.page("/a", status="429 Slow down", headers={"Retry-After": "120"})

    async def work(fetcher: Any, ask: Ask) -> None:
        for _ in range(2):
            with pytest.raises(Refused, match="left alone for"):
                await ask(Subrequest(web.url("/a"), "fetch"))

    on_subrequests(web, work)
    assert web.paths().count("/a") == 1


def test_a_form_that_was_sent_leads_on_as_a_question(web: Web) -> None:
    web.redirect("/post", "/see", 303)
    web.redirect("/again", "/post-again", 307)
    web.page("/see", b"seen", content_type="text/plain")
    web.page("/post-again", b"again", content_type="text/plain")

    async def work(fetcher: Any, ask: Ask) -> None:
        sent = {"content-type": "application/json"}
        assert (await ask(Subrequest(web.url("/post"), "fetch", "POST", sent, b"{}"))).body == b"seen"
        assert (await ask(Subrequest(web.url("/again"), "fetch", "POST", sent, b"{}"))).body == b"again"

    on_subrequests(web, work)
    assert [(asked.method, asked.path, asked.body) for asked in web.asked[1:]] == [
        ("POST", "/post", b"{}"),
        ("GET", "/see", b""),
        ("POST", "/again", b"{}"),
        ("POST", "/post-again", b"{}"),
    ]


def test_what_was_not_given_is_told(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    async def work(fetcher: Any, ask: Ask) -> None:
        with pytest.raises(Forbidden):
            await ask(Subrequest("http://10.0.0.1/data?token=s3cret", "fetch"))
        with pytest.raises(Forbidden):
            await ask(Subrequest("http://10.0.0.1/picture", "image"))
        with pytest.raises(Refused):
            await ask(Subrequest(web.url("/api/list"), "fetch"))

    web.page("/robots.txt", b"User-agent: *\nDisallow: /api/", content_type="text/plain")
    with caplog.at_level(logging.INFO, logger="scrapers.fetch.browser.subrequests"):
        on_subrequests(web, work)
    assert "a page was not given http://10.0.0.1/data?token=***: 10.0.0.1 is not a public address" in caplog.text
    assert "picture" not in caplog.text
    (own,) = (record for record in caplog.records if record.levelno == logging.WARNING)
    assert "/api/list: robots.txt of 127.0.0.1 asks copydesk to stay away" in own.getMessage()


@pytest.mark.parametrize(("gap", "limited"), [(0.0, False), (None, True)])
def test_only_what_is_asked_of_this_machine_needs_no_place_among_all_requests(
    web: Web, gap: float | None, limited: bool
) -> None:
    web.page("/a", b"1", content_type="text/javascript")
    turns: list[tuple[Any, ...]] = []

    async def work(fetcher: Any, ask: Ask) -> None:
        limiter = fetcher.shared.rate_limiter
        turn = limiter.turn

        def told(host: str, least: float, **how: Any) -> Any:
            turns.append((host, least, how["limited"], 0 < how["patience"] <= 10.0))
            return turn(host, least, **how)

        limiter.turn = told
        await ask(Subrequest(web.url("/a"), "script"))

    clock = Clock()
    on_subrequests(web, work, local_gap=gap, clock=clock, sleep=clock.sleep)
    assert turns[-1] == (f"127.0.0.1:{web.port}", 0.0, limited, True)


def test_what_is_sent_for_a_page_is_its_own_headers_without_those_that_are_ours() -> None:
    seed = Seed("courier", home="https://courier.example/", headers={"X-Own": "of the seed"})
    asked = Subrequest(
        "https://courier.example/a", "fetch", "POST",
        {
            "accept": "text/x", "content-type": "application/json", "x-own": "of the page", "cookie": "a=1",
            "sec-fetch-mode": "cors", "proxy-x": "y", ":method": "POST", "x-odd": "é", "x-long": "x" * 4097,
            "x-fits": "x" * 4096, "user-agent": "Mozilla", "expect": "x",
        },
    )  # fmt: skip
    session = FetchSession(make_fetcher().shared, seed, 1e12)
    mine = Subrequests(session, seed, Page("https://courier.example/", b""), None, 10.0)
    ours = {"User-Agent": session.shared.user_agent, "Accept-Encoding": subrequests.ACCEPTED}
    for url, own in (("https://courier.example/a", {"X-Own": "of the seed"}), ("https://other.example/a", {})):
        kept = {"accept": "text/x", "x-fits": "x" * 4096} | ({} if own else {"x-own": "of the page"})
        for method, told in (("POST", {"content-type": "application/json"}), ("GET", {})):
            assert mine._sent(checked(url), asked, method) == kept | told | ours | own
