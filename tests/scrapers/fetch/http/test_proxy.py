"""Through a proxy: everything goes there, names that mean a local machine do not, and its password is shown nowhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scrapers import Fetcher, Proxy, Request
from scrapers.errors import Forbidden, Refused, SeedError, Unreachable
from tests.support.misbehaving import Web
from tests.support.proxying import Proxying
from tests.support.visiting import QUICK, failure, get, run
from tests.support.waiting import PATIENCE

SECRET = "s3cret-of-the-proxy"


def through(proxy: Proxying, **changes: object) -> dict[str, Any]:
    """The arguments of a fetcher behind this proxy; loopback addresses are closed to it."""
    return {"proxy": Proxy(proxy.url), "allow_networks": [], "gap": 0.0, "local_gap": None, **changes}


@pytest.fixture(name="site")
def _site() -> Iterator[Web]:
    with Web(robots=b"User-agent: *\nDisallow: /closed") as web:
        web.page("/news", b"<p>fine")
        web.redirect("/old", "http://paper.example/news")
        web.redirect("/trap", "http://127.0.0.1:8080/secret")
        web.redirect("/printer", "http://printer.local/")
        yield web


def test_pages_and_robots_txt_come_through_the_proxy(site: Web) -> None:
    with Proxying({"paper.example": site.port}) as proxy:
        page = get("http://paper.example/old", **through(proxy))
        assert page.body == b"<p>fine"
        assert page.url == "http://paper.example/news"
        assert [target for _, target, _ in proxy.asked] == [
            "http://paper.example/robots.txt",
            "http://paper.example/old",
            "http://paper.example/news",
        ]
        error = failure("http://paper.example/closed", **through(proxy))
        assert type(error) is Refused


def test_no_name_is_looked_up_here(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a name was looked up")

    with Proxying({"paper.example": site.port}) as proxy:
        monkeypatch.setattr("scrapers.fetch.http.transport.Resolver.addresses", refuse)
        assert get("http://paper.example/news", **through(proxy)).body == b"<p>fine"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[64:ff9b::7f00:1]/",
        "http://localhost/",
        "http://printer/",
        "http://printer.local/",
        "http://db.internal./",
        "http://router.home.arpa/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://paper.example:22/",
        "ftp://paper.example/",
    ],
)
def test_what_may_not_be_asked_is_not_asked_of_the_proxy(url: str) -> None:
    with Proxying({}) as proxy:
        assert type(failure(url, **through(proxy))) is Forbidden
        assert proxy.asked == []


@pytest.mark.parametrize("path", ["/trap", "/printer"])
def test_no_redirect_leads_to_a_local_machine(site: Web, path: str) -> None:
    with Proxying({"paper.example": site.port}) as proxy:
        assert type(failure(f"http://paper.example{path}", **through(proxy))) is Forbidden
        assert {target for _, target, _ in proxy.asked} == {
            "http://paper.example/robots.txt",
            f"http://paper.example{path}",
        }


def test_addresses_that_the_settings_open_are_asked_directly(site: Web) -> None:
    with Proxying({}) as proxy:
        assert get(site.url("/news"), **through(proxy, allow_networks=["127.0.0.0/8"])).body == b"<p>fine"
        assert proxy.asked == []


def test_a_login_goes_to_the_proxy_alone(site: Web, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text(SECRET + "\n")
    with Proxying({"paper.example": site.port}, login=f"desk:{SECRET}") as proxy:
        door = through(proxy) | {"proxy": Proxy(proxy.url, "desk", f"file:{password}")}
        assert get("http://paper.example/news", **door).body == b"<p>fine"
        assert all("proxy-authorization" not in asked.headers for asked in site.asked)
        assert SECRET not in repr(door)

        error = failure("http://paper.example/news", **through(proxy))
        assert type(error) is Refused
        assert error.reason == "the proxy wants another login (407)"
        password.unlink()
        gone = failure("http://paper.example/news", **door)
        assert isinstance(gone, SeedError)
        assert "fetch.proxy_password" in gone.reason


def test_what_is_wrong_with_a_proxy_is_said_in_words(site: Web) -> None:
    with Proxying({}) as proxy:
        assert failure("http://paper.example/news", **through(proxy)).reason.startswith("the site answered 502")
        error = failure("https://paper.example/news", **through(proxy))
        assert error.reason.startswith("the proxy gave no connection to the site (502)")
    with Proxying({}, answer=b"HTTP/1.1 407 \x1b[2Jhello\r\n\r\n") as proxy:
        error = failure("https://paper.example/news", **through(proxy))
        assert type(error) is Refused
    with Proxying({}, answer=b"HTTP/1.1 403 no\r\n\r\n") as proxy:
        error = failure("https://paper.example/news", **through(proxy))
        assert error.reason.startswith("the proxy gave no connection to the site (403)")
    error = failure("http://paper.example/news", **through(proxy))  # it is gone
    assert type(error) is Unreachable
    assert error.reason.startswith("no connection to the proxy")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_says_nothing_is_not_waited_for(scheme: str) -> None:
    with Proxying({}, silent=True) as proxy:
        begun = time.monotonic()
        assert type(failure(f"{scheme}://paper.example/news", **through(proxy), **QUICK)) is Unreachable
        assert time.monotonic() - begun < PATIENCE


def test_surplus_through_a_proxy_never_becomes_the_next_answer() -> None:
    with Web() as web, Proxying({"paper.example": web.port}) as proxy:
        web.raw("/a", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\n")
        error = failure("http://paper.example/a", **through(proxy))
        assert error.reason.startswith("the server sent more than its answer")


def test_what_we_send_ourselves_goes_through_it_too(site: Web) -> None:
    site.page("/hook", b"thank you")

    async def work(fetcher: Fetcher) -> None:
        answer = await fetcher.send("POST", "http://paper.example/hook", body=b"{}")
        assert answer.status == 200
        with pytest.raises(Forbidden):
            await fetcher.send("POST", "http://localhost/hook", body=b"{}")

    with Proxying({"paper.example": site.port}) as proxy:
        run(work, **through(proxy))
        assert [target for _, target, _ in proxy.asked] == ["http://paper.example/hook"]


def test_the_environment_names_no_proxy(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxying({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert get(Request(site.url("/news")).url).body == b"<p>fine"
        assert proxy.asked == []
