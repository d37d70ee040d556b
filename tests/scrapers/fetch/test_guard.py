"""Private addresses are never reached: not by a link, a redirect, a name, robots.txt, nor by an odd spelling."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import Fetcher, Request, Seed
from scrapers.errors import CopydeskError, Forbidden
from scrapers.fetch.guard import Guard, checked, port_allowed
from scrapers.fetch.http.stream import Stream, connect
from tests.support.misbehaving import Web, bomb
from tests.support.visiting import Names, failure, get, run
from tests.support.waiting import PATIENCE

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:a9fe:a9fe::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "2606:4700:4700::1111",
    "2a00:a00:1::1",  # 10.0.0.1 stands where 6to4 has its address
    "2002:808:808::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    assert Guard().objection(address) is not None


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert Guard().objection(address) is None


def test_a_range_is_opened_by_its_name() -> None:
    guard = Guard(["10.1.0.0/16", "fd00:1::/32"])
    assert guard.objection("10.1.2.3") is None
    assert guard.objection("::ffff:10.1.2.3") is None
    assert guard.objection("fd00:1::9") is None
    assert guard.objection("10.2.0.1") is not None
    assert guard.objection("127.0.0.1") is not None
    assert not guard.is_local("10.1.2.3")  # opened, but no loopback: the pace stays
    assert Guard(["127.0.0.0/8"]).is_local("127.0.0.9")
    assert not Guard().is_local("127.0.0.1")
    assert not Guard(["127.0.0.0/8"]).is_local("localhost")


@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_global))
def test_a_private_address_stays_private_in_every_wrapping(ip: object) -> None:
    for wrapped in (f"::ffff:{ip}", f"64:ff9b::{ip}", f"::{ip}", f"64:ff9b:1::{ip}"):
        assert Guard().objection(wrapped) is not None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//a.example/",
        "/path",
        "",
        "http://",
        "http:///path",
        "http://user@a.example/",
        "http://user:pass@a.example/",
        "http://a.example:0/",
        "http://a.example:22/",
        "http://a.example:25/",
        "http://a.example:6379/",
        "http://a.example:6000/",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://a..example/",
        "http://.a.example/",
        "http://a.example%00.evil.example/",
        "http://a b/",
        "http://[bad/",
        "http://[::1%25eth0]/",
        "http://[1.2.3.4]/",
        "http://a.example/\r\nX: y",
        "http://a.example/\x00",
        "http://" + "a" * 300 + ".example/",
        "http://a.example/" + "a" * 5000,
    ],
)
def test_an_address_that_is_none_is_forbidden(url: str) -> None:
    with pytest.raises(Forbidden) as caught:
        checked(url)
    assert "user" not in (caught.value.url or "")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://A.example/x", "http://a.example"),
        ("https://a.example:443/", "https://a.example"),
        ("https://a.example:8443/", "https://a.example:8443"),
        ("http://[2606:4700::1]:8080/", "http://[2606:4700::1]:8080"),
        ("http://bücher.example/", "http://bücher.example"),
        ("http://under_score.example./", "http://under_score.example."),
    ],
)
def test_the_origin_of_an_address(url: str, origin: str) -> None:
    assert checked(url).origin == origin


def test_ports() -> None:
    assert [p for p in (0, 21, 22, 25, 80, 110, 443, 445, 1023, 5432, 8080, 8443, 65535, 65536) if port_allowed(p)] == [
        80,
        443,
        8080,
        8443,
        65535,
    ]


@given(st.text(max_size=60))
def test_checked_raises_nothing_but_forbidden(text: str) -> None:
    for url in (text, "http://" + text, "http://a.example/" + text):
        with contextlib.suppress(Forbidden):
            checked(url)


@pytest.fixture
def private() -> Iterator[Web]:
    """A listener on an address that is not opened. It must never be asked anything."""
    with Web("127.0.0.2") as listener:
        listener.page("/", b"secret")
        yield listener
        assert listener.asked == []
        assert listener.connections == 0


ONE = ["127.0.0.1/32"]


def test_a_link_to_a_private_address(private: Web) -> None:
    for url in (
        private.url("/"),
        private.url("/").replace("127.0.0.2", "2130706434"),
        private.url("/").replace("127.0.0.2", "0x7f000002"),
        private.url("/").replace("127.0.0.2", "127.2"),
        private.url("/").replace("127.0.0.2", "[::ffff:127.0.0.2]"),
        private.url("/").replace("127.0.0.2", "[::ffff:7f00:2]"),
    ):
        assert type(failure(url, allow_networks=ONE)) is Forbidden, url


def test_a_redirect_to_a_private_address(web: Web, private: Web) -> None:
    web.redirect("/away", private.url("/"))
    error = failure(web.url("/away"), allow_networks=ONE)
    assert type(error) is Forbidden
    assert "127.0.0.2 is not a public address" in error.reason


def test_robots_txt_that_redirects_to_a_private_address(web: Web, private: Web) -> None:
    web.redirect("/robots.txt", private.url("/"))
    web.page("/a", b"<p>a")

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            for _ in range(3):
                with pytest.raises(CopydeskError):
                    await fetch(Request(web.url("/a")))

    run(work, allow_networks=ONE)
    assert web.paths() == ["/robots.txt"]


def test_a_name_that_leads_to_a_private_address(private: Web) -> None:
    names = Names({"inside.example": ("127.0.0.2",), "both.example": ("127.0.0.1", "127.0.0.2")})
    for name in names.table:
        error = failure(f"http://{name}:{private.port}/", allow_networks=ONE, resolver=names)
        assert type(error) is Forbidden
        assert error.reason == f"{name} leads to 127.0.0.2 is not a public address"


def test_a_name_is_looked_up_once_and_that_address_is_connected_to(web: Web, private: Web) -> None:
    """DNS rebinding: the second answer of the name server would be the private address."""
    web.page("/a", b"<p>public")
    answers = iter([("127.0.0.1",)] + [("127.0.0.2",)] * 9)

    class Rebinding(Names):
        async def addresses(self, host: str) -> tuple[str, ...]:
            return next(answers)

    robots = f"http://turning.example:{web.port}/robots.txt"
    assert get(Request(robots, kind="robots"), allow_networks=ONE, resolver=Rebinding({})).body == b""


def test_the_connected_address_is_checked_again(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever redirects connections below us (a transparent proxy, a bug): the peer must be the judged address."""
    web.page("/a", b"<p>a")

    async def elsewhere(_address: str, port: int, timeout: float, monotonic: Callable[[], float]) -> Stream:
        return await connect("127.0.0.1", port, timeout, monotonic)

    monkeypatch.setattr("scrapers.fetch.http.transport.connect", elsewhere)

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            with pytest.raises(Forbidden, match="another address"):
                await fetch(Request(f"http://other.example:{web.port}/a"))

    run(work, resolver=Names({"other.example": ("127.0.0.3",)}), allow_networks=["127.0.0.0/8"])
    assert web.asked == []


def test_what_we_send_passes_the_same_guard(web: Web, private: Web) -> None:
    web.redirect("/hook", private.url("/"))
    web.page("/fine", b"thanks", status="202 Accepted", headers={"Retry-After": "90"})

    async def work(fetcher: Fetcher) -> None:
        for url in (private.url("/"), "http://10.0.0.1/", "http://u:p@a.example/", "http://a.example:22/"):
            with pytest.raises(Forbidden):
                await fetcher.send("POST", url, body=b"x")
        moved = await fetcher.send("POST", web.url("/hook"), networks=ONE, body=b"x")
        assert moved.status == 302  # told, not followed
        done = await fetcher.send(
            "POST", web.url("/fine"), networks=ONE, body=b"x", headers={"X-Hub-Signature": "sha256=1"}
        )
        assert (done.status, done.body, done.retry_after) == (202, b"thanks", 90.0)

    run(work, allow_networks=["127.0.0.0/8", "10.0.0.0/8"])  # opened for fetching, and for nothing else
    assert web.paths() == ["/hook", "/fine"]
    assert web.asked[-1].body == b"x"
    assert web.asked[-1].headers["x-hub-signature"] == "sha256=1"


def test_what_we_send_has_a_deadline_and_a_limit(web: Web) -> None:
    bomb()

    async def work(fetcher: Fetcher) -> None:
        for fault in ("silence", "drip-headers", "drip-body", "close-at-once", "garbage", "brotli"):
            with pytest.raises(CopydeskError):
                await fetcher.send("POST", web.url(f"/fault/{fault}"), networks=ONE, deadline=0.3)
        for fault in ("endless-body", "bomb-gzip"):
            done = await fetcher.send("POST", web.url(f"/fault/{fault}"), networks=ONE, deadline=PATIENCE)
            assert len(done.body) == 65_536

    run(work)


def test_proxies_of_the_environment_are_ignored(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.page("/a", b"<p>a")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.9:9/")
    assert get(web.url("/a"), seed=Seed("x", web.url("/"))).body == b"<p>a"


@pytest.mark.parametrize(
    "url", ["ftp://a.example/x", "http://user:s3cret@a.example/", "http://a.example:22/", "http://[bad/"]
)
def test_a_refusal_names_its_address_and_no_password(url: str) -> None:
    with pytest.raises(Forbidden) as raised:
        checked(url)
    assert raised.value.url
    assert raised.value.url.partition("://")[0] == url.partition("://")[0]
    assert "s3cret" not in raised.value.url
