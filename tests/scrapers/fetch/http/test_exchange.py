"""What a Page says of its answer: type, charset, validators, freshness, links; and what an HTTP status means."""

from __future__ import annotations

import gzip
import logging
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import Fetcher, PageChanged, Request, Seed
from scrapers.errors import CopydeskError, Gone, Refused, Unreachable
from scrapers.fetch.http import headers as heads
from scrapers.fetch.limits import welcome
from tests.support.cases import judged
from tests.support.misbehaving import Web
from tests.support.visiting import Clock, failure, get, run


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Unreachable),
        (401, Refused),
        (403, Refused),
        (404, Gone),
        (405, Unreachable),
        (407, Refused),
        (410, Gone),
        (418, Unreachable),
        (429, Refused),
        (451, Refused),
        (500, Unreachable),
        (501, Unreachable),
        (503, Unreachable),
        (504, Unreachable),
        (599, Unreachable),
        (202, Unreachable),
        (205, Unreachable),
    ],
)
def test_what_a_status_means(web: Web, status: int, kind: type[CopydeskError]) -> None:
    error = failure(web.url(f"/status/{status}"))
    assert type(error) is kind
    assert str(status) in error.reason
    assert error.status == status  # type: ignore[attr-defined]


@judged(
    "kind, content_type, fine",
    yes=[
        ("page", "text/html"),
        ("page", "application/xhtml+xml; charset=utf-8"),
        ("page", "TEXT/HTML"),
        ("page", "text/plain"),
        ("page", "application/rss+xml"),
        ("page", "application/json"),
        ("page", None),
        ("page", "nonsense"),
        ("feed", "text/xml"),
        ("feed", "application/atom+xml"),
        ("feed", "application/feed+json"),
        ("feed", "text/html"),
        ("sitemap", "application/gzip"),
        ("sitemap", "application/octet-stream"),
        ("data", "application/javascript"),
    ],
    no=[
        ("page", "image/png"),
        ("page", "image/svg+xml"),
        ("page", "application/pdf"),
        ("page", "application/octet-stream"),
        ("page", "video/mp4"),
        ("page", "text/css"),
        ("feed", "audio/mpeg"),
        ("data", "application/wasm"),
    ],
)
def test_media_types_are_checked_before_the_body(web: Web, kind: str, content_type: str | None, fine: bool) -> None:
    web.page("/a", b"<p>a", content_type=content_type)
    request = Request(web.url("/a"), kind=kind)  # type: ignore[arg-type]
    if fine:
        assert get(request).body == b"<p>a"
    else:
        assert type(failure(request)) is PageChanged


def test_type_and_charset_are_parted(web: Web) -> None:
    web.page("/a", b"", content_type='Text/HTML ; Charset="ISO-8859-1" ; x=y')
    page = get(web.url("/a"))
    assert (page.content_type, page.charset) == ("text/html", "ISO-8859-1")


def test_a_packed_sitemap_is_unpacked_within_its_limit(web: Web) -> None:
    web.page("/s.xml.gz", gzip.compress(b"<urlset/>"), content_type="application/gzip")
    page = get(Request(web.url("/s.xml.gz"), kind="sitemap"))
    assert (page.body, page.content_type) == (b"<urlset/>", "application/xml")
    web.page("/bomb.gz", gzip.compress(bytes(21_000_000), 1), content_type="application/gzip")
    assert "larger than" in failure(Request(web.url("/bomb.gz"), kind="sitemap")).reason
    web.page("/cut.gz", gzip.compress(b"<urlset/>")[:-4], content_type="application/gzip")
    assert "end too early" in failure(Request(web.url("/cut.gz"), kind="sitemap")).reason


def test_validators_make_the_next_request_conditional(web: Web) -> None:
    etag, date = '"v1"', "Fri, 15 Jan 2027 08:00:00 GMT"
    web.page("/a", b"<p>a", headers={"ETag": etag, "Last-Modified": date})
    page = get(web.url("/a"))
    assert (page.etag, page.last_modified, page.not_modified) == (etag, date, False)
    assert "if-none-match" not in web.asked[-1].headers
    web.page("/a", status="304 Not Modified", content_type=None, headers={"Cache-Control": "max-age=600"})
    page = get(Request(web.url("/a"), etag=page.etag, last_modified=page.last_modified))
    assert web.asked[-1].headers["if-none-match"] == etag
    assert web.asked[-1].headers["if-modified-since"] == date
    assert page.not_modified
    assert (page.etag, page.last_modified, page.body, page.fresh_for) == (etag, date, b"", 600.0)


def test_304_without_a_condition_does_not_count(web: Web) -> None:
    assert "no condition" in failure(web.url("/fault/not-modified")).reason
    # What we cannot send is no condition either.
    assert "no condition" in failure(Request(web.url("/fault/not-modified"), etag='"\u00e9"')).reason


@pytest.mark.parametrize("etag", [b'"\xe9\xff"', b'"' + b"x" * 1100 + b'"', b'"a\x01b"', b""])
def test_a_hostile_validator_is_forgotten(web: Web, etag: bytes) -> None:
    web.raw("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: " + etag + b"\r\n\r\nhi")
    assert get(web.url("/a")).etag is None


@pytest.mark.parametrize("etag", ['"\u00e9"', "\ud800", '"a\r\nX-Evil: 1"', "x" * 5000, "", " "])
def test_a_stored_oddity_does_not_spoil_the_next_visit(web: Web, etag: str) -> None:
    web.page("/a", b"<p>a")
    assert get(Request(web.url("/a"), etag=etag, last_modified=etag)).body == b"<p>a"
    assert not {"x-evil", "if-none-match"} & set(web.asked[-1].headers)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "max-age=600"}, 600.0),
        ({"Cache-Control": "public, MAX-AGE=600, stale-if-error=9"}, 600.0),
        ({"Cache-Control": "max-age=600", "Age": "100"}, 500.0),
        ({"Cache-Control": "max-age=600", "Age": "900"}, 0.0),
        ({"Cache-Control": "max-age=99999999999"}, 86_400.0),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "no-store"}, None),
        ({"Date": "Fri, 15 Jan 2027 08:00:00 GMT", "Expires": "Fri, 15 Jan 2027 08:10:00 GMT"}, 600.0),
        ({"Date": "Fri, 15 Jan 2027 08:00:00 GMT", "Expires": "0"}, None),
        ({"Date": "Fri, 15 Jan 2027 08:00:00 GMT", "Expires": "Fri, 15 Jan 2027 07:00:00 GMT"}, 0.0),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_fresh(web: Web, headers: dict[str, str], seconds: float | None) -> None:
    web.page("/a", b"", headers=headers)
    assert get(web.url("/a")).fresh_for == seconds


@pytest.mark.parametrize(
    ("values", "directives"),
    [
        (["noindex, NoArchive"], ("noindex", "noarchive")),
        (["googlebot: noindex", "copydesk: noai"], ("noai",)),
        (["otherbot: noindex, nofollow"], ()),
        (["unavailable_after: 25 Jun 2027 15:00:00 PST"], ("unavailable_after: 25 jun 2027 15:00:00 pst",)),
        (["max-snippet:20"], ("max-snippet:20",)),
    ],
)
def test_robots_directives(values: list[str], directives: tuple[str, ...]) -> None:
    assert heads.robots_directives(values, "copydesk") == directives


def test_links_of_the_header(web: Web) -> None:
    web.page(
        "/dir/a",
        b"",
        headers={
            "Link": '</feed.atom>; rel="alternate feed"; type="x/y", <b>; rel=next, <javascript:x>; rel=x',
            "X-Robots-Tag": "noarchive",
        },
    )
    page = get(web.url("/dir/a"))
    assert page.links == (
        ("alternate", web.url("/feed.atom")),
        ("feed", web.url("/feed.atom")),
        ("next", web.url("/dir/b")),
    )
    assert page.robots == ("noarchive",)


def test_the_time_of_the_answer(web: Web) -> None:
    clock = Clock()
    web.page("/a", b"")
    assert get(web.url("/a"), clock=clock, sleep=clock.sleep).fetched == datetime(2027, 1, 15, 8, tzinfo=UTC)


def test_the_language_of_a_seed_is_asked_for(web: Web) -> None:
    web.page("/a", b"")
    get(web.url("/a"), seed=Seed("x", web.url("/"), language="uk"))
    assert web.asked[-1].headers["accept-language"] == "uk, *;q=0.5"


def test_an_error_knows_its_source(web: Web) -> None:
    error = failure(web.url("/status/404?token=hidden"), seed=Seed("courier", web.url("/")))
    assert error.source == "courier"
    assert error.url == web.url("/status/404?token=***")


def test_no_secret_reaches_the_log(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    web.page("/a", b"<p>a", headers={"Set-Cookie": "s3cret"})
    seed = Seed("x", web.url("/"), headers={"Authorization": "s3cret"})
    get(web.url("/a?token=s3cret"), seed=seed)
    failure(web.url("/fault/reset?token=s3cret"), seed=seed)
    assert "s3cret" not in caplog.text
    assert logging.getLogger("httpx").level == logging.WARNING


_VALUES = st.text(alphabet=st.characters(max_codepoint=255), max_size=100)


@given(_VALUES, _VALUES)
def test_no_header_value_breaks_a_reader(value: str, other: str) -> None:
    pairs = [("cache-control", value), ("age", other), ("expires", value), ("date", other)]
    fresh = heads.fresh_for(pairs)
    assert fresh is None or 0 <= fresh <= 86_400
    wait = heads.retry_after(value, 1.8e9)
    assert wait is None or 60 <= wait <= 86_400
    heads.media_type(value)
    heads.robots_directives([value, other], "copydesk")
    assert len(heads.links([value, other], "https://a.example/")) <= 20
    where = heads.location(value.encode("latin-1"))
    assert where is None or all(" " < c <= "~" for c in where)
    assert heads.http_date(value) is None or isinstance(heads.http_date(value), float)


def test_a_page_is_welcome_by_its_kind() -> None:
    assert welcome("text/plain", "robots")
    assert not welcome("application/gzip", "page")


def test_many_visits_leave_nothing_open(web: Web) -> None:
    import os

    web.page("/a", b"<p>a")

    async def work(fetcher: Fetcher) -> tuple[int, int]:
        async def one(path: str) -> None:
            async with fetcher.visit() as fetch:
                if path == "/a":
                    await fetch(Request(web.url(path)))
                else:
                    with pytest.raises(CopydeskError):
                        await fetch(Request(web.url(path)))

        await one("/a")
        before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
        for _ in range(10):
            for path in ("/a", "/fault/garbage", "/fault/truncated-length", "/fault/surplus"):
                await one(path)
        return before, len(os.listdir("/proc/self/fd")) if before else 0

    before, after = run(work)
    assert after <= before + 2


def test_no_module_is_looked_for_while_pages_are_fetched(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """httpcore asks for sniffio at each of its steps: where it is missing, all of sys.path is searched every time."""
    looked_for: list[str] = []

    class Finder:
        @staticmethod
        def find_spec(name: str, path: object = None, target: object = None) -> None:
            looked_for.append(name)

    async def twice(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            await fetch(Request(web.url("/status/200")))
            monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
            await fetch(Request(web.url("/status/200")))

    run(twice)
    assert looked_for == []
