"""Headers of strangers: each is read within its limits, and a malformed one counts as absent."""

from __future__ import annotations

import time

import pytest

from scrapers.fetch.http import headers

NOW = 1_772_355_600.0  # Sun, 01 Mar 2026 09:00:00 GMT
DATE = "Sun, 01 Mar 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None), ("", None), ("a", "a"), (b"a", "a"), (' "a b~" \t', '"a b~"'), ("é", None), (b"\xe9", None),
        ("a\nb", None), ("a\x00", None), ("a" * 10, "a" * 10), ("a" * 11, None), ("  " + "a" * 10 + "  ", "a" * 10),
    ],
)  # fmt: skip
def test_printable(value: str | bytes | None, read: str | None) -> None:
    assert headers.printable(value, 10) == read


def test_one_header_and_all_of_a_name() -> None:
    pairs = [("a", "1"), ("b", "2"), ("a", "3")]
    assert (headers.first(pairs, "a"), headers.first(pairs, "c")) == ("1", None)
    assert (headers.every(pairs, "a"), headers.every(pairs, "c")) == (["1", "3"], [])


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b"/a?b=c#d", "/a?b=c#d"),
        (b" https://a.example/%C3%A9 \t", "https://a.example/%C3%A9"),
        ("/é".encode(), "/%C3%A9"),
        (b"/a b", "/a%20b"),
        (b"/~:=&?#+!$,;'@()*[]", "/~:=&?#+!$,;'@()*[]"),
        (b"/\xe9", None),
        (b"/a\x00", None),
        (b"/a\x1f", None),
        ("/a\x85".encode(), None),
        ("/a\xa0".encode(), "/a%C2%A0"),
        (b"", None),
        (b"/" + b"a" * 4095, "/" + "a" * 4095),
        (b"/" + b"a" * 4096, None),
    ],
)
def test_location(raw: bytes, read: str | None) -> None:
    assert headers.location(raw) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [("0", 0), ("12", 12), ("9" * 13, int("9" * 13)), *dict.fromkeys(("9" * 14, "", "-1", "1.5", "١")).items()],
)  # fmt: skip
def test_length(value: str, read: int | None) -> None:
    assert headers.length([("content-length", value)]) == read
    assert headers.length([]) is None


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, (None, None)),
        ("", (None, None)),
        ("text/html", ("text/html", None)),
        (" Text/HTML ; Charset=UTF-8", ("text/html", "UTF-8")),
        ("text/html; boundary=x; charset='utf-8'; charset=latin-1", ("text/html", "utf-8")),
        ('text/html;charset=" utf-8 "', ("text/html", "utf-8")),
        ("text/html; charset=", ("text/html", None)),
        ("text/html; xcharset=a", ("text/html", None)),
        ("html; charset=utf-8", (None, "utf-8")),
        (f"text/{'a' * 122}", (f"text/{'a' * 122}", None)),
        (f"text/{'a' * 123}", (None, None)),
        (f"text/html; charset={'a' * 70}", ("text/html", "a" * 64)),
    ],
)
def test_media_type(value: str | None, read: tuple[str | None, str | None]) -> None:
    assert headers.media_type(value) == read


@pytest.mark.parametrize(
    ("pairs", "seconds"),
    [
        ([], None),
        ([("cache-control", "max-age=600")], 600.0),
        ([("cache-control", "public, Max-Age=\"600\"")], 600.0),
        ([("cache-control", "max-age=600, max-age=5")], 600.0),  # the first one counts
        ([("cache-control", "public"), ("cache-control", "max-age=600")], 600.0),
        ([("cache-control", "max-age=600"), ("age", "100")], 500.0),
        ([("cache-control", "max-age=600"), ("age", "700")], 0.0),
        ([("cache-control", "max-age=600"), ("age", "soon")], 600.0),
        ([("cache-control", "max-age=999999")], 86_400.0),
        ([("cache-control", "max-age=soon"), ("expires", "Sun, 01 Mar 2026 10:00:00 GMT"), ("date", DATE)], None),
        ([("cache-control", "max-age=600, no-store")], None),
        ([("cache-control", "no-cache")], None),
        ([("expires", "Sun, 01 Mar 2026 10:00:00 GMT"), ("date", DATE)], 3600.0),
        ([("expires", "Sun, 01 Mar 2026 10:00:00 GMT"), ("date", DATE), ("age", "600")], 3000.0),
        ([("expires", "Sun, 01 Mar 2026 08:00:00 GMT"), ("date", DATE)], 0.0),
        ([("expires", "Sun, 01 Mar 2027 10:00:00 GMT"), ("date", DATE)], 86_400.0),
        ([("expires", "Sun, 01 Mar 2026 10:00:00 GMT")], None),
        ([("expires", "0"), ("date", DATE)], None),
    ],
)  # fmt: skip
def test_how_long_an_answer_is_fresh(pairs: list[tuple[str, str]], seconds: float | None) -> None:
    assert headers.fresh_for(pairs) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (DATE, NOW), ("Sunday, 01-Mar-26 09:00:00 GMT", NOW), ("Sun, 01 Mar 2026 10:00:00 +0100", NOW),
        (None, None), ("", None), ("soon", None), ("0", None), ("x" * 65, None), (DATE + " " * 40, None),
        ("Sun, 41 Mar 2026 09:00:00 GMT", None), ("Sun, 01 Mar 99999 09:00:00 GMT", None),
    ],
)  # fmt: skip
def test_http_date(value: str | None, seconds: float | None) -> None:
    assert headers.http_date(value) == seconds


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/New_York"])
@pytest.mark.parametrize("value", [DATE.removesuffix(" GMT"), DATE.replace("GMT", "-0000")])
def test_a_date_without_a_zone_is_the_same_on_every_machine(
    value: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as here:
        here.setenv("TZ", zone)
        time.tzset()
        found = headers.http_date(value)
    time.tzset()
    assert found == NOW


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), ("", None), ("120", 120.0), (" 120 ", 120.0), ("5", 60.0), ("0", 60.0), ("999999", 86_400.0),
        ("-5", None), ("1.5", None), ("9" * 18, 86_400.0), ("9" * 19, None), ("soon", None),
        ("Sun, 01 Mar 2026 10:00:00 GMT", 3600.0), ("Sun, 01 Mar 2026 09:00:05 GMT", 60.0), (DATE, None),
        ("Sun, 01 Mar 2026 08:00:00 GMT", None), ("Sun, 01 Mar 2027 08:00:00 GMT", 86_400.0),
    ],
)  # fmt: skip
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert headers.retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ([], ()),
        (["NoArchive, nosnippet"], ("noarchive", "nosnippet")),
        (["noindex", "noindex, all"], ("noindex", "all")),
        (["copydesk: noarchive, nosnippet"], ("noarchive", "nosnippet")),
        (["otherbot: noarchive", "noindex"], ("noindex",)),
        (["max-snippet: 20, noindex"], ("max-snippet: 20", "noindex")),
        (["unavailable_after: 2026-03-01"], ("unavailable_after: 2026-03-01",)),
        ([" , ,"], ()),
        (["a" * 70], ("a" * 64,)),
        ([", ".join(f"d{n}" for n in range(40))], tuple(f"d{n}" for n in range(32))),
    ],
)
def test_directives_for_robots(values: list[str], read: tuple[str, ...]) -> None:
    assert headers.robots_directives(values, "copydesk") == read


BASE = "https://a.example/x/"


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ([], ()),
        (["<y>; rel=hub"], (("hub", f"{BASE}y"),)),
        (['</y>; Rel="Hub Self"'], (("hub", "https://a.example/y"), ("self", "https://a.example/y"))),
        (["<y>; title=a; rel=hub; rel=self"], (("hub", f"{BASE}y"),)),
        (["<y>; rel=hub, <z>; rel=self"], (("hub", f"{BASE}y"), ("self", f"{BASE}z"))),
        (["<y>; rel=hub", "<z>; rel=self"], (("hub", f"{BASE}y"), ("self", f"{BASE}z"))),
        (["<y>", "y; rel=hub", "<y; rel=hub", "<y>; rev=hub"], ()),
        (["<http://[>; rel=hub, <z>; rel=self"], (("self", f"{BASE}z"),)),
    ],
)
def test_links(values: list[str], read: tuple[tuple[str, str], ...]) -> None:
    assert headers.links(values, BASE) == read


def test_links_are_bounded() -> None:
    many = ", ".join(f"<{n}>; rel=hub" for n in range(40))
    assert headers.links([many, many], BASE) == tuple(("hub", f"{BASE}{n}") for n in range(20))
    assert len(headers.links([f'<y>; rel="{" ".join("abcdefghijklmnopqrstuvwxyz")}"'], BASE)) == 20
