"""Redirects are followed by us, hop by hop, and each hop passes every check; secrets stay where they belong."""

from __future__ import annotations

import pytest

from scrapers import Hop, Request, Seed
from scrapers.errors import Forbidden, Refused, Unreachable
from scrapers.fetch.guard import checked
from scrapers.fetch.http.exchange import Raw
from scrapers.fetch.session import FetchSession
from tests.support.misbehaving import Web
from tests.support.visiting import Names, failure, get, make_fetcher


def test_the_way_is_told(web: Web) -> None:
    web.redirect("/a", "/b", 301)
    web.redirect("/b", web.url("/c?x=1#part"), 307)
    web.page("/c", b"<p>here")
    page = get(web.url("/a"))
    assert page.url == web.url("/c?x=1")
    assert page.asked == web.url("/a")
    assert page.hops == (Hop(301, web.url("/b")), Hop(307, web.url("/c?x=1")))


def test_five_are_followed_and_no_more(web: Web) -> None:
    for i in range(6):
        web.redirect(f"/{i}", f"/{i + 1}")
    web.page("/6", b"<p>end")
    assert len(get(web.url("/1")).hops) == 5
    error = failure(web.url("/0"))
    assert type(error) is Unreachable
    assert "more than 5 redirects" in error.reason


def test_a_circle_is_left_where_it_closes(web: Web) -> None:
    """As of a site that wants a cookie before it shows anything: to go round again brings nothing but requests."""
    web.redirect("/story", "/set-cookie")
    web.redirect("/set-cookie", "/story")
    error = failure(web.url("/story"))
    assert type(error) is Unreachable
    assert error.reason == "the address leads back to itself"
    assert [path for path in web.paths() if path != "/robots.txt"] == ["/story", "/set-cookie"]


@pytest.mark.parametrize("status", [300, 304, 305, 306])
def test_other_3xx_are_no_redirects(web: Web, status: int) -> None:
    web.page("/a", status=f"{status} Whatever", headers={"Location": "/b"})
    web.page("/b", b"<p>b")
    assert type(failure(web.url("/a"))) is Unreachable
    assert "/b" not in web.paths()


def test_an_address_in_utf_8_is_understood(web: Web) -> None:
    web.page("/a", status="302 Found", headers={"Location": "/caf\u00c3\u00a9 x"})  # the bytes of "café" in UTF-8
    web.page("/caf%C3%A9%20x", b"<p>here")
    assert get(web.url("/a")).url == web.url("/caf%C3%A9%20x")


def test_robots_txt_is_asked_at_each_host(web: Web) -> None:
    with Web(robots=b"User-agent: *\nDisallow: /no") as other:
        web.redirect("/a", other.url("/no/page"))
        web.redirect("/b", other.url("/yes"))
        other.page("/yes", b"<p>yes")
        assert type(failure(web.url("/a"))) is Refused
        assert get(web.url("/b")).body == b"<p>yes"
        assert other.paths() == ["/robots.txt", "/robots.txt", "/yes"]


def test_headers_of_our_own_end_at_the_origin(web: Web) -> None:
    seed = Seed("courier", web.url("/"), headers={"Authorization": "Bearer secret", "X-Key": "secret"})
    with Web() as other:
        web.redirect("/a", "/b")
        web.redirect("/b", other.url("/c"))
        other.redirect("/c", web.url("/d"))
        web.page("/d", b"<p>d")
        get(Request(web.url("/a"), headers={"X-More": "secret"}), seed=seed)
        for asked in web.asked:
            secret = asked.path in ("/a", "/b", "/d")
            if asked.path == "/robots.txt":  # of the same origin: the seed's headers go there, the request's do not
                assert "x-more" not in asked.headers
                continue
            assert (asked.headers.get("authorization") == "Bearer secret") == secret, asked.path
            assert (asked.headers.get("x-more") == "secret") == secret, asked.path
        assert [asked.path for asked in other.asked] == ["/robots.txt", "/c"]
        for asked in other.asked:
            assert "secret" not in str(asked.headers)


def test_headers_of_a_seed_are_for_its_own_origin_alone(web: Web) -> None:
    seed = Seed("courier", "https://courier.example/", headers={"Authorization": "Bearer secret"})
    web.page("/a", b"<p>a")
    get(web.url("/a"), seed=seed)
    assert "secret" not in str([asked.headers for asked in web.asked])


def test_another_host_at_the_same_address_is_another_origin(web: Web) -> None:
    names = Names({"a.example": ("127.0.0.1",), "b.example": ("127.0.0.1",)})
    web.redirect("/a", f"http://b.example:{web.port}/b")
    web.page("/b", b"<p>b")
    url = f"http://a.example:{web.port}/a"
    get(Request(url, headers={"Cookie": "secret"}), resolver=names, gap=0.0)
    assert [
        (asked.path, asked.headers["host"].partition(":")[0], "cookie" in asked.headers) for asked in web.asked
    ] == [
        ("/robots.txt", "a.example", False),
        ("/a", "a.example", True),
        ("/robots.txt", "b.example", False),
        ("/b", "b.example", False),
    ]


def test_no_cookie_is_ever_kept(web: Web) -> None:
    web.page("/a", b"<p>a", headers={"Set-Cookie": "id=1; Path=/"})
    web.page("/b", status="302 Found", headers={"Set-Cookie": "id=2", "Location": "/c"})
    web.page("/c", b"<p>c")
    get(web.url("/a"))
    get(web.url("/b"))
    assert not any("cookie" in asked.headers for asked in web.asked)


def test_credentials_do_not_go_from_https_to_http() -> None:
    fetcher = make_fetcher()
    visit = FetchSession(fetcher.shared, None, 1e12)
    step = Raw(302, (), b"", "http://a.example/")
    with pytest.raises(Forbidden, match="https to http"):
        visit._next(checked("https://a.example/"), step, {"Authorization": "x"})
    assert visit._next(checked("https://a.example/"), step, {}).url == "http://a.example/"
