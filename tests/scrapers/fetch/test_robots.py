"""robots.txt by RFC 9309: what a site says is done, and when it cannot say anything, nothing is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import Fetcher, Limits, Paces, Request
from scrapers.errors import CopydeskError, ReadFailed, Refused, Unreachable, Unread
from scrapers.fetch import robots as module
from scrapers.fetch.guard import checked
from scrapers.fetch.robots import Robots, RobotsCache, read_robots
from scrapers.fetch.session import FetchSession
from tests.support.cases import judged
from tests.support.misbehaving import Web, bomb
from tests.support.timing import least
from tests.support.visiting import QUICK, Clock, failure, get, run


@pytest.fixture
def site(web: Web) -> Web:
    for path in ("/a", "/b", "/no/a", "/no/yes", "/x.pdf", "/x.pdf?1"):
        web.page(path, b"<p>page")
    return web


def robots(site: Web, text: str, **how: str) -> None:
    site.page("/robots.txt", text.encode(), content_type=how.get("content_type", "text/plain"))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", []),
        ("User-agent: *\nDisallow:", []),
        ("User-agent: *\nDisallow: /", ["/a", "/b", "/no/a", "/no/yes", "/x.pdf", "/x.pdf?1"]),
        ("User-agent: *\nDisallow: /no", ["/no/a", "/no/yes"]),
        ("User-agent: *\nDisallow: /no\nAllow: /no/yes", ["/no/a"]),
        ("User-agent: *\nDisallow: /*.pdf$", ["/x.pdf"]),
        ("User-agent: *\nDisallow: /*.pdf", ["/x.pdf", "/x.pdf?1"]),
        ("User-agent: *\nDisallow: /a\n\nUser-agent: copydesk\nDisallow: /b", ["/b"]),  # our own group alone counts
        ("User-agent: CopyDesk\nDisallow: /b\n\nUser-agent: *\nDisallow: /", ["/b"]),
        ("User-agent: otherbot\nDisallow: /", []),
        ("User-agent: copydesk\nUser-agent: otherbot\nDisallow: /a", ["/a"]),
        ("\ufeffUser-agent: *\nDisallow: /a", ["/a"]),
        ("User-agent: *\r\nDisallow: /a # not this\r\n", ["/a"]),
        ("<html><body>User-agent: *\nDisallow: /a</body></html>", []),  # a page sent in its place has no rules
    ],
)
def test_the_rules_are_kept(site: Web, text: str, refused: list[str]) -> None:
    robots(site, text)

    async def work(fetcher: Fetcher) -> list[str]:
        found = []
        async with fetcher.visit() as fetch:
            for path in ("/a", "/b", "/no/a", "/no/yes", "/x.pdf", "/x.pdf?1"):
                try:
                    await fetch(Request(site.url(path)))
                except Refused as error:
                    found.append(path if "robots.txt" in error.reason else error.reason)
        return found

    assert run(work) == refused
    assert site.paths().count("/robots.txt") == 1
    assert not set(refused) & {asked.target for asked in site.asked}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_4xx_means_that_there_are_no_rules(site: Web, status: int) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /", status=f"{status} No")
    assert get(site.url("/a")).body == b"<p>page"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_5xx_means_that_nothing_is_asked(site: Web, status: int) -> None:
    site.page("/robots.txt", b"", status=f"{status} Oops")
    error = failure(site.url("/a"))
    assert type(error) is Unreachable
    assert "robots.txt" in error.reason
    assert set(site.paths()) == {"/robots.txt"}


@pytest.mark.parametrize("fault", ["silence", "drip-body", "garbage", "reset", "truncated-length", "bomb-gzip"])
def test_no_whole_answer_means_that_nothing_is_asked(site: Web, fault: str) -> None:
    if fault == "bomb-gzip":  # zeros without end are cut at 500 KiB and hold no rules
        bomb()  # packed once, not while the client waits for it
        site.redirect("/robots.txt", "/fault/bomb-gzip")
        assert get(site.url("/a")).body == b"<p>page"
        return
    site.redirect("/robots.txt", f"/fault/{fault}")
    assert type(failure(site.url("/a"), **(QUICK if fault in ("silence", "drip-body") else {}))) is Unreachable
    assert "/a" not in site.paths()


def test_429_is_a_wish_to_be_left_alone(site: Web) -> None:
    site.page("/robots.txt", b"", status="429 Slowly", headers={"Retry-After": "120"})

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            for _ in range(2):
                with pytest.raises(Refused) as caught:
                    await fetch(Request(site.url("/a")))
                assert caught.value.retry_after == pytest.approx(120, abs=1)

    run(work)
    assert site.paths() == ["/robots.txt"]


def test_redirects_are_followed_and_too_many_mean_no_rules(site: Web) -> None:
    site.redirect("/robots.txt", "/1")
    for i in range(1, 5):
        site.redirect(f"/{i}", f"/{i + 1}")
    site.page("/5", b"User-agent: *\nDisallow: /a", content_type="text/plain")
    assert type(failure(site.url("/a"))) is Refused
    site.redirect("/5", "/6")
    assert get(site.url("/a")).body == b"<p>page"


def test_only_the_first_500_kib_count(site: Web) -> None:
    text = "User-agent: *\nDisallow: /a\n" + "# padding\n" * 52_000 + "Disallow: /b\n"
    robots(site, text)
    assert type(failure(site.url("/a"))) is Refused
    assert get(site.url("/b")).body == b"<p>page"


def asking(site: Web, *paths: str, refused: str | None = None) -> Callable[[Fetcher], Awaitable[None]]:
    """A visit that asks for these pages, and for one that it may not have."""

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            for path in paths:
                await fetch(Request(site.url(path)))
            if refused is not None:
                with pytest.raises(Refused):
                    await fetch(Request(site.url(refused)))

    return work


def test_a_copy_is_used_for_a_day_and_kept_over_a_restart(site: Web) -> None:
    robots(site, "User-agent: *\nDisallow: /a\nSitemap: /s.xml\n# comment")
    clock, paces = Clock(), Paces()

    work = asking(site, "/b", refused="/a")
    run(work, clock=clock, sleep=clock.sleep, paces=paces)
    saved = paces.changed()
    assert paces.changed() == ()
    clock.now += 80_000
    run(work, clock=clock, sleep=clock.sleep, paces=Paces(saved))
    assert site.paths().count("/robots.txt") == 1
    clock.now += 10_000
    run(work, clock=clock, sleep=clock.sleep, paces=Paces(saved))
    assert site.paths().count("/robots.txt") == 2


def test_an_old_copy_serves_another_day_when_no_new_one_comes(site: Web) -> None:
    robots(site, "User-agent: *\nDisallow: /a")
    clock, paces = Clock(), Paces()

    async def ask(fetcher: Fetcher) -> list[str]:
        said = []
        async with fetcher.visit() as fetch:
            for path in ("/b", "/a"):
                try:
                    await fetch(Request(site.url(path)))
                    said.append("page")
                except CopydeskError as error:
                    said.append(type(error).__name__)
        return said

    assert run(ask, clock=clock, sleep=clock.sleep, paces=paces, local_gap=None) == ["page", "Refused"]
    site.page("/robots.txt", status="500 Oops")
    clock.now += 90_000
    assert run(ask, clock=clock, sleep=clock.sleep, paces=paces, local_gap=None) == ["page", "Refused"]
    asked = site.paths().count("/robots.txt")
    clock.now += 100
    assert run(ask, clock=clock, sleep=clock.sleep, paces=paces, local_gap=None) == ["page", "Refused"]
    assert site.paths().count("/robots.txt") == asked  # not asked again at once
    clock.now += 90_000
    assert run(ask, clock=clock, sleep=clock.sleep, paces=paces, local_gap=None) == ["Unreachable", "Unreachable"]


def test_a_copy_from_the_future_is_not_believed(site: Web) -> None:
    robots(site, "")
    clock, paces = Clock(), Paces()

    ask = asking(site, "/a")
    run(ask, clock=clock, sleep=clock.sleep, paces=paces)
    clock.now -= 1_000_000  # the clock was set back: a copy "fetched" in a week would live for ever
    run(ask, clock=clock, sleep=clock.sleep, paces=paces)
    assert site.paths().count("/robots.txt") == 2


def test_its_delay_is_kept_up_to_a_minute(site: Web) -> None:
    robots(site, "User-agent: *\nCrawl-delay: 7")
    clock = Clock()

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            for path in ("/a", "/b"):
                await fetch(Request(site.url(path).replace("127.0.0.1", "localhost")))

    run(work, clock=clock, sleep=clock.sleep)
    assert 2.0 <= clock.slept[0] <= 3.2  # after robots.txt itself
    assert 7.0 <= clock.slept[1] <= 11.2
    robots(site, "User-agent: *\nCrawl-delay: 61")
    error = failure(site.url("/a"))
    assert type(error) is Refused
    assert "too slow" in error.reason


def test_the_rules_of_an_origin_tell_sitemaps_and_delay(site: Web) -> None:
    robots(
        site, "Sitemap: /news.xml\nSitemap: https://other.example/s.xml\nUser-agent: *\nCrawl-delay: 3\nDisallow: /a"
    )

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            assert isinstance(fetch, FetchSession)
            found = await fetch.robots(fetcher.shared.judged(site.url("/whatever")))
        assert found.sitemaps == (site.url("/news.xml"), "https://other.example/s.xml")
        assert found.delay == 3.0
        assert not found.allows(site.url("/a"))

    run(work)


def test_a_request_for_robots_txt_is_answered_from_the_copy(site: Web) -> None:
    robots(site, "User-agent: *\nDisallow: /\nSitemap: /s.xml")

    async def work(fetcher: Fetcher) -> bytes:
        async with fetcher.visit() as fetch:
            with pytest.raises(Refused):
                await fetch(Request(site.url("/a")))
            return (await fetch(Request(site.url("/robots.txt"), kind="robots"))).body

    assert run(work) == f"Sitemap: {site.url('/s.xml')}".encode()
    assert site.paths() == ["/robots.txt"]


def test_one_question_for_many_at_once(site: Web) -> None:
    robots(site, "User-agent: *\nDisallow: /no")

    async def work(fetcher: Fetcher) -> None:
        async def one() -> None:
            async with fetcher.visit() as fetch:
                await fetch(Request(site.url("/a")))

        await asyncio.gather(*(one() for _ in range(8)))

    run(work)
    assert site.paths().count("/robots.txt") == 1


@given(st.text(max_size=500))
def test_no_text_breaks_the_reader(text: str) -> None:
    rules = read_robots(text, "https://a.example")
    rules.allows("https://a.example/x?y=z")
    assert read_robots(rules.text, "https://a.example") == rules
    assert all(sitemap.startswith("http") for sitemap in rules.sitemaps)


def test_many_stars_take_no_time() -> None:
    text = "User-agent: *\n" + "Disallow: /" + "*a" * 2000 + "b\n" * 1
    rules = read_robots(text, "https://a.example")
    assert rules.allows("https://a.example/" + "a" * 4000)
    assert least(lambda: rules.allows("https://a.example/" + "a" * 4000), 0.05) < 0.05


def test_what_is_kept_of_it_concerns_us() -> None:
    text = (
        "# hello\n\nUser-agent: * # all\n\nDisallow: /a\nAllow: /a/long\nCrawl-delay: 2.5\n"
        "User-agent: other\nDisallow: /\nSitemap: /s.xml"
    )
    kept = read_robots(text, "https://a.example")
    assert kept.text == (
        "User-agent: *\nAllow: /a/long\nDisallow: /a\nCrawl-delay: 2.5\nSitemap: https://a.example/s.xml"
    )
    assert read_robots(kept.text, "https://a.example") == kept
    assert read_robots(" <!doctype html>", "https://a.example") == Robots()
    assert read_robots("User-agent: *\nDisallow: /\nUser-agent: copydesk\nDisallow:", "https://a.example").rules == ()


@judged(
    "pattern, path, matches",
    yes=[
        ("/fish", "/fish.html"),
        ("/fish*", "/fishheads/yummy.html"),
        ("/*.php", "/folder/any.php.file.html"),
        ("/fish*.php", "/fishheads/catfish.php?parameters"),
        ("/fish*.php$", "/fish.php"),
        ("/a*b*b$", "/abb"),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https://foo.bar"),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%E3%83%84", "/foo/bar/ツ"),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
        ("/file-with-a-%2A.html", "/file-with-a-*.html"),
        ("/what?$", "/what?"),
        ("*/private", "/a/private"),
    ],
    no=[
        ("/fish", "/Fish"),
        ("/*.php$", "/a.php?x"),
        ("/a*b*b$", "/ab"),
        ("private", "/private"),
    ],
)
def test_patterns_are_compared_as_the_standard_says(pattern: str, path: str, matches: bool) -> None:
    rules = read_robots(f"User-agent: *\nDisallow: {pattern}", "https://a.example")
    assert rules.allows(f"https://a.example{path}") is not matches


def test_many_agents_with_many_rules_cost_little() -> None:
    agents = "".join(f"User-agent: agent{n}\n" for n in range(10_000))
    rules = "".join(f"Disallow: /{n}\n" for n in range(10_000))
    text = f"{agents}{rules}"
    ours = text.replace("agent77\n", "copydesk\n")
    assert read_robots(text, "https://a.example").rules == ()
    assert read_robots(ours, "https://a.example").allows("https://a.example/x")
    for one in (text, ours):
        assert least(lambda: read_robots(one, "https://a.example"), 0.5) < 0.5  # noqa: B023  it is called here


def test_what_is_kept_of_it_is_bounded() -> None:
    plain = read_robots("User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(40_000)), "https://a.example")
    assert len(plain.rules) == 5000
    stars = read_robots(
        "User-agent: *\n" + "".join(f"Disallow: /*{n}*{'a' * 60}b\n" for n in range(8000)), "https://a.example"
    )
    assert sum(len(pattern) for _, pattern in stars.rules) <= 32_768
    for rules in (stars, plain):
        assert rules.allows("https://a.example/" + "a" * 1900)
        assert least(lambda: rules.allows("https://a.example/" + "a" * 1900), 0.1) < 0.1  # noqa: B023  as above
    assert read_robots("User-agent: *\nDisallow: /" + "a" * 100_000, "https://a.example").rules == ()
    assert read_robots("".join(f"Sitemap: /{n}.xml\n" for n in range(500)), "https://a.example").sitemaps[50:] == ()


def test_what_is_held_ready_of_all_origins_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrapers.fetch.robots.HELD", 20_000)
    text = ("User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(50))).encode()
    read: list[str] = []

    async def reader(body: bytes, origin: str) -> Robots:
        read.append(origin)
        return read_robots(body, origin)

    cache = RobotsCache(Paces(), Clock(), reader)

    async def get() -> bytes:
        return text

    async def work() -> None:
        for n in range(30):
            await cache.rules(checked(f"https://h{n}.example/"), get)
        assert cache._size <= 20_000
        assert len(cache._held) == 3
        assert not cache._doors
        await cache.rules(checked("https://h29.example/"), get)
        await cache.rules(checked("https://h0.example/"), get)
        assert read[30:] == ["https://h0.example"], "the one that was let go is read again, from the copy"

    asyncio.run(work())


def test_a_robots_txt_that_breaks_its_reader_is_as_one_that_cannot_be_had(site: Web) -> None:
    async def reader(body: bytes, origin: str) -> Robots:
        raise ReadFailed("the page took more than 5 s of CPU to read")

    async def work(fetcher: Fetcher) -> None:
        fetcher.robots.reader = reader
        async with fetcher.visit() as fetch:
            for _ in range(2):
                with pytest.raises(Unreachable, match=r"robots\.txt"):
                    await fetch(Request(site.url("/a")))

    run(work)
    assert site.paths() == ["/robots.txt"]


def test_a_robots_txt_that_nobody_read_is_no_fault_of_the_site(site: Web) -> None:
    ends = [Unread("the reader of the page was ended from outside (SIGKILL)"), None, Unread("again"), None]

    async def reader(body: bytes, origin: str) -> Robots:
        if (error := ends.pop(0)) is not None:
            raise error
        return read_robots(body, origin)

    async def work(fetcher: Fetcher) -> None:
        fetcher.robots.reader = reader
        async with fetcher.visit() as fetch:
            with pytest.raises(Unread):
                await fetch(Request(site.url("/a")))
            assert (await fetch(Request(site.url("/a")))).body == b"<p>page"
            fetcher.robots._held.clear()  # as after a restart: the copy is read again
            with pytest.raises(Unread):
                await fetch(Request(site.url("/a")))
            assert (await fetch(Request(site.url("/a")))).body == b"<p>page"

    run(work)
    assert ends == []


@pytest.mark.parametrize(("local_gap", "asked"), [(0.0, 2), (None, 1)])
def test_after_a_failure_a_site_of_this_machine_is_asked_again_at_once(
    site: Web, local_gap: float | None, asked: int
) -> None:
    clock = Clock()

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            for _ in range(2):
                with pytest.raises(Unreachable):
                    await fetch(Request(site.url("/a")))
                clock.now += 2.0

    site.page("/robots.txt", status="500 Oops")
    run(work, clock=clock, local_gap=local_gap, limits=replace(Limits(), retry_delays=()))
    assert site.paths() == ["/robots.txt"] * asked


def test_limits_of_retries_hold_for_it_too(site: Web) -> None:
    site.page("/robots.txt", status="500 Oops")
    failure(site.url("/a"), limits=replace(Limits(), retry_delays=(0.0,)))
    assert site.paths() == ["/robots.txt"] * 3


def test_the_rules_of_a_file_are_bounded_one_by_one_and_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, bound in (("MOST_STARS", 2), ("STAR_BYTES", 12), ("LONGEST_RULE", 20), ("MOST_RULES", 5)):
        monkeypatch.setattr(module, name, bound)

    def kept(*patterns: str) -> list[str]:
        text = "User-agent: *\n" + "".join(f"Disallow: {one}\n" for one in patterns)
        return sorted(pattern for _, pattern in read_robots(text, "https://a.example").rules)

    assert kept("/a*", "/b*", "/c*", "/d") == ["/a*", "/b*", "/d"], "two with stars"
    assert kept("/12345678*", "/a*") == ["/12345678*"], "twelve characters of those with stars"
    assert kept("/123456789*", "/a") == ["/123456789*", "/a"]
    assert kept("/1234567890*a", "/b") == ["/b"]
    assert kept(*(f"/{n}" for n in range(7))) == [f"/{n}" for n in range(5)]
    assert kept("/" + "a" * 19, "/" + "b" * 20) == ["/" + "a" * 19]
    assert kept("", "/a") == ["/a"]
