"""One visit step by step, over answers in memory: what is asked how, what is tried again, and what an answer means."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from scrapers import Credentials, Limits, Page, Proxy, Request, Seed
from scrapers.errors import CopydeskError, Forbidden, Gone, Refused, SeedError, Unreachable
from scrapers.fetch import session as module
from scrapers.fetch.fetcher import Fetcher
from scrapers.fetch.guard import Guard, checked
from scrapers.fetch.http import connector
from scrapers.fetch.http.connector import Connector
from scrapers.fetch.http.exchange import Raw, WorthAnotherTry
from scrapers.fetch.http.inflate import ACCEPTED
from scrapers.fetch.limits import ACCEPT
from scrapers.fetch.session import FetchSession
from scrapers.model import Kind
from tests.support.visiting import make_fetcher
from tests.support.waiting import done

HOME = "https://courier.example/"
SEED = Seed("courier", home=HOME, language="en")
OK = Raw(200, (("content-type", "text/html"),), b"<p>", None)


class Visit:
    """A visit whose answers come from a list, by a clock that stands."""

    def __init__(self, *answers: Any, seed: Seed | None = SEED, left: float = 100.0, **changes: Any) -> None:
        self.fetcher = make_fetcher(monotonic=lambda: 1000.0, clock=lambda: 1_772_355_600.0, **changes)
        self.turns: list[Any] = []
        self.slept: list[float] = []
        self.asked: list[Any] = []
        self.answers = list(answers)

        @asynccontextmanager
        async def turn(host: str, gap: float, **how: Any) -> Any:
            self.turns.append((host, gap, how))
            yield

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        async def exchange(method: str, target: Any, headers: Any, **how: Any) -> Raw:
            self.asked.append((method, target.url, headers, how))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer  # type: ignore[no-any-return]

        self.limiter = Mock(turn=turn, refused=Mock(return_value=77.0))
        shared = replace(self.fetcher.shared, sleep=sleep, rate_limiter=self.limiter)
        self.session: Any = FetchSession(shared, seed, 1000.0 + left)
        self.session.robots = AsyncMock(
            return_value=SimpleNamespace(allows=lambda url: "secret" not in url, delay=None)
        )
        self.session.connections = Mock(return_value=Mock(exchange=exchange))

    def get(self, request: Request | str, step: str = "__call__") -> Any:
        """The page, or the error."""
        asked = request if isinstance(request, Request) else Request(request)
        try:
            return done(lambda: getattr(self.session, step)(asked))
        except CopydeskError as error:
            return error


@pytest.mark.parametrize(
    ("kind", "url", "render", "way"),
    [
        ("robots", f"{HOME}robots.txt", False, "robots"),
        ("robots", f"{HOME}robots.txt?x", False, "robots"),
        ("robots", f"{HOME}other.txt", False, "plain"),
        ("page", f"{HOME}robots.txt", False, "plain"),
        ("file", f"{HOME}a.mp3", False, "file"),
        ("file", f"{HOME}a.mp3", True, "file"),
        ("page", HOME, True, "rendered"),
        ("feed", HOME, True, "rendered"),
        ("sitemap", HOME, True, "plain"),
        ("page", HOME, False, "plain"),
    ],
)
def test_each_kind_of_request_goes_its_way(kind: Kind, url: str, render: bool, way: str) -> None:
    visit = Visit()
    steps = {"plain": "_persistently", "file": "_head_of_file", "rendered": "_rendered"}
    for name, step in steps.items():
        setattr(visit.session, step, AsyncMock(return_value=name))
    visit.session.robots = AsyncMock(return_value=SimpleNamespace(sitemaps=("a", "b")))
    found = visit.get(Request(url, kind=kind, render=render, ca_file="ca.pem"))
    if way == "robots":
        assert (found.url, found.body, found.content_type) == (url, b"Sitemap: a\nSitemap: b", "text/plain")
        visit.session.robots.assert_awaited_once_with(checked(url), "ca.pem")
    else:
        assert found == way


def test_an_error_knows_its_source_and_its_address() -> None:
    error = Visit(Unreachable("x")).get(f"{HOME}a?token=b")
    assert (error.source, error.url) == ("courier", f"{HOME}a?token=***")
    error = Visit(Unreachable("x", url="other"), seed=None).get(HOME)
    assert (error.source, error.url) == (None, "other")


@pytest.mark.parametrize("kind", ["page", "feed", "sitemap", "data", "robots"])
def test_what_is_asked_is_told_to_the_site_and_bounded(kind: Kind) -> None:
    visit = Visit(OK)
    visit.get(Request(f"{HOME}a", kind=kind, etag='"1"', last_modified="x"), "_persistently")
    ((method, url, headers, how),) = visit.asked
    assert (method, url) == ("GET", f"{HOME}a")
    assert headers == {
        "User-Agent": visit.fetcher.shared.user_agent, "Accept": ACCEPT[kind], "Accept-Encoding": ACCEPTED,
        "Accept-Language": "en, *;q=0.5", "If-None-Match": '"1"', "If-Modified-Since": "x",
    }  # fmt: skip
    assert how == {"limit": visit.fetcher.shared.limits.size(kind), "seconds": 100.0, "kind": kind}
    ((host, gap, turn),) = visit.turns
    assert (host, gap) == ("courier.example", 2.0)
    assert turn == {"patience": 100.0, "hold": 100.0 + module.BEYOND, "limited": True}
    assert visit.session.robots.await_count == (kind != "robots")
    visit.limiter.answered.assert_called_once_with("courier.example")


def test_the_head_of_a_file_is_asked_for_shortly_and_once() -> None:
    visit = Visit(Raw(200, (("content-type", "audio/mpeg"), ("content-length", "9")), b"", None), limits=Limits())
    page = visit.get(Request(f"{HOME}a.mp3", kind="file"))
    assert (page.content_type, page.length) == ("audio/mpeg", 9)
    assert visit.get(Request(f"{HOME}a.mp3", kind="file")) is page
    ((method, _, headers, how),) = visit.asked
    assert (method, headers["Accept-Encoding"], how["seconds"], how["limit"]) == ("HEAD", "identity", 10.0, 1024)
    assert visit.turns[0][2]["patience"] == 10.0
    failing = Visit(WorthAnotherTry(Unreachable("gone")))
    for _ in range(2):
        assert failing.get(Request(f"{HOME}a.mp3", kind="file")).reason == "gone"
    assert len(failing.asked) == 1, "failures are remembered, too"


@pytest.mark.parametrize(
    ("failures", "retries", "delays", "left", "asked"),
    [
        (1, 2, (2.0, 8.0), 100.0, 2),
        (2, 2, (2.0, 8.0), 100.0, 3),
        (3, 2, (2.0, 8.0), 100.0, 3),
        (3, 3, (2.0, 8.0), 100.0, 4),
        (1, 0, (2.0, 8.0), 100.0, 1),
        (1, 2, (), 100.0, 1),
        (1, 2, (500.0,), 0.001, 1),
    ],
)
def test_a_broken_connection_is_tried_again_while_there_are_tries_and_time(
    failures: int, retries: int, delays: tuple[float, ...], left: float, asked: int
) -> None:
    broken = [WorthAnotherTry(Unreachable("broken")) for _ in range(failures)]
    visit = Visit(*broken, OK, left=left, limits=Limits(retries=retries, retry_delays=delays))
    found = visit.get(f"{HOME}a")
    assert len(visit.asked) == asked
    assert isinstance(found, Page) is (asked > failures)
    assert len(visit.slept) == asked - 1
    assert all(0 <= slept <= most for slept, most in zip(visit.slept, (*delays, 8.0), strict=False))
    if asked > 1:
        again = Visit(*broken, OK, left=left, limits=Limits(retries=retries, retry_delays=delays))
        again.get(f"{HOME}a")
        assert again.slept == visit.slept, "the same visit waits the same time"
        assert visit.session._tries == retries - asked + 1


def to(where: str | None, status: int = 302) -> Raw:
    return Raw(status, (), b"", where)


def test_redirects_are_followed_and_told_and_the_first_origin_alone_gets_what_is_its_own() -> None:
    visit = Visit(to("/b", 301), to("https://other.example/c", 308), OK, seed=replace(SEED, headers={"X-Own": "y"}))
    page = visit.get(Request(f"{HOME}a", headers={"X-Asked": "x"}))
    assert (page.url, page.asked) == ("https://other.example/c", f"{HOME}a")
    assert [(hop.status, hop.url) for hop in page.hops] == [(301, f"{HOME}b"), (308, "https://other.example/c")]
    sent = [{name for name in headers if name.startswith("X-")} for _, _, headers, _ in visit.asked]
    assert sent == [{"X-Own", "X-Asked"}, {"X-Own", "X-Asked"}, set()]
    assert Visit(OK).get(HOME).asked is None


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([to("/b"), to("/a")], "the address leads back to itself"),
        ([to("/a")], "the address leads back to itself"),
        ([to("/b"), to("/c"), to("/b")], "the address leads back to itself"),
        ([to(None)], "a redirect without a usable address"),
        ([to("http://[")], "a redirect without a usable address"),
        ([to(f"/{n}") for n in range(6)], "more than 5 redirects"),
        ([to("https://10.0.0.1/")], "10.0.0.1 is not a public address"),
        ([to("/secret")], "robots.txt of courier.example asks copydesk to stay away"),
        ([to("http://courier.example/b")], "a redirect from https to http is not followed with credentials"),
    ],
)
def test_redirects_that_are_not_followed(answers: list[Raw], reason: str) -> None:
    login = replace(SEED, headers={"Authorization": "Basic x"})
    assert Visit(*answers, seed=login).get(f"{HOME}a").reason == reason


def test_five_redirects_are_followed_and_one_to_http_where_nothing_secret_is_sent() -> None:
    assert isinstance(Visit(*[to(f"/{n}") for n in range(5)], OK).get(f"{HOME}a"), Page)
    assert Visit(to("http://courier.example/b"), OK).get(f"{HOME}a").url == "http://courier.example/b"


@pytest.mark.parametrize(
    ("status", "kind", "reason", "again"),
    [
        (404, Gone, "the site answered 404 Not Found", False),
        (410, Gone, "the site answered 410 Gone", False),
        (401, Refused, "the site answered 401 Unauthorized", False),
        (403, Refused, "the site answered 403 Forbidden", False),
        (407, Refused, "the proxy wants another login (407)", False),
        (451, Refused, "the site answered 451 Unavailable For Legal Reasons", False),
        (418, Unreachable, "the site answered 418 I'm a Teapot", False),
        (204, Unreachable, "the site answered 204 No Content", False),
        (500, Unreachable, "the site answered 500 Internal Server Error", True),
        (501, Unreachable, "the site answered 501 Not Implemented", False),
        (505, Unreachable, "the site answered 505 HTTP Version Not Supported", False),
        (599, Unreachable, "the site answered 599", True),
        (429, Refused, "the site answered 429 Too Many Requests and is left alone for 77 s", False),
        (503, Unreachable, "the site answered 503 Service Unavailable and is left alone for 77 s", False),
    ],
)
def test_what_each_status_means(status: int, kind: type[CopydeskError], reason: str, again: bool) -> None:
    visit = Visit(Raw(status, (("retry-after", "120"),), b"", None), OK, limits=Limits(retries=1))
    error = visit.get(f"{HOME}a?key=b")
    assert len(visit.asked) == 1 + again
    if again:
        visit = Visit(Raw(status, (), b"", None), limits=Limits(retries=0))
        error = visit.get(f"{HOME}a?key=b")
    assert (type(error), error.reason, error.url, error.status) == (kind, reason, f"{HOME}a?key=***", status)
    if status in (429, 503):
        visit.limiter.refused.assert_called_once_with("courier.example", 120.0)
        assert error.retry_after == 77.0
        visit.limiter.answered.assert_not_called()


def test_what_did_not_change_keeps_its_validators_and_needs_a_condition() -> None:
    unchanged = Raw(304, (("etag", '"2"'),), b"", None)
    page = Visit(unchanged).get(Request(HOME, etag='"1"', last_modified="x"))
    assert (page.not_modified, page.etag, page.last_modified, page.status) == (True, '"2"', "x", 304)
    assert Visit(Raw(304, (), b"", None)).get(Request(HOME, etag='"1"')).etag == '"1"'
    assert Visit(unchanged).get(Request(HOME, etag="é")).reason.startswith("the site answered 304 to a question")
    assert Visit(replace(OK, status=203)).get(HOME).not_modified is False


@pytest.mark.parametrize(
    ("left", "closed", "reason"),
    [(0.0, False, "the time of this visit is used up"), (100.0, True, "the time of this visit is used up")],
)
def test_a_visit_that_is_over_asks_nothing(left: float, closed: bool, reason: str) -> None:
    visit = Visit(OK, left=left)
    visit.session._closed = closed
    assert visit.get(HOME).reason == reason and visit.asked == []


@pytest.mark.parametrize(("delay", "gap"), [(None, 2.0), (1.0, 2.0), (5.0, 5.0), (module.MAX_DELAY, module.MAX_DELAY)])
def test_the_delay_of_robots_txt_is_kept_where_it_is_longer_than_ours(delay: float | None, gap: float) -> None:
    visit = Visit(OK)
    visit.session.robots.return_value.delay = delay
    visit.get(HOME)
    assert visit.turns[0][1] == gap


def test_a_delay_that_no_visit_can_keep_is_a_refusal() -> None:
    visit = Visit(OK)
    visit.session.robots.return_value.delay = module.MAX_DELAY + 1
    error = visit.get(HOME)
    assert isinstance(error, Refused) and "two requests: too slow to be read" in error.reason and visit.asked == []


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Page(f"{HOME}robots.txt", b"x"), b"x"),
        (Gone("gone", status=404), b""),
        (Refused("no", status=403), b""),
        (Unreachable("more than 5 redirects", status=301), b""),
        (Refused("no", status=429), None),
        (Unreachable("broken", status=500), None),
        (Unreachable("broken"), None),
    ],
)
def test_a_robots_txt_that_is_not_there_forbids_nothing(answer: Any, text: bytes | None) -> None:
    session: Any = FetchSession(make_fetcher().shared, None, 1e12)
    session._persistently = AsyncMock(side_effect=[answer])
    if text is None:
        with pytest.raises(type(answer)):
            done(lambda: session._robots_text("https://courier.example", "ca.pem"))
    else:
        assert done(lambda: session._robots_text("https://courier.example", "ca.pem")) == text
    (request,) = session._persistently.await_args.args
    assert (request.url, request.kind, request.ca_file) == (f"{HOME}robots.txt", "robots", "ca.pem")


def test_connections_are_kept_by_their_certificates_and_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Mock(side_effect=lambda *a, **k: Mock(aclose=AsyncMock(), made=(a, k)))
    fetcher = make_fetcher(proxy=Proxy("http://proxy.example:3128"))
    monkeypatch.setattr(fetcher.shared.connector, "connections", made)
    session = FetchSession(fetcher.shared, replace(SEED, ca_file="seed.pem"), 1e12, public_only=True)
    plain = session.connections(Request(HOME), checked(HOME))
    assert session.connections(Request(f"{HOME}a"), checked(HOME)) is plain
    own = session.connections(Request(HOME, ca_file="own.pem"), checked(HOME))
    local = session.connections(Request(HOME), checked("http://127.0.0.1:8080/"))
    told: Any = [one.made for one in (plain, own, local)]  # type: ignore[attr-defined]
    assert told == [
        (("seed.pem",), {"public_only": True, "proxied": True}),
        (("own.pem",), {"public_only": True, "proxied": True}),
        (("seed.pem",), {"public_only": True, "proxied": False}),
    ]
    done(session.aclose)
    for one in (plain, own, local):
        one.aclose.assert_awaited_once_with()  # type: ignore[attr-defined]
    assert session._closed and session._connections == {}


def test_connections_are_made_with_the_certificates_of_a_seed_and_the_limits_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts, transports = Mock(side_effect=lambda **_: Mock()), Mock()
    monkeypatch.setattr(connector, "httpx", SimpleNamespace(create_ssl_context=contexts))
    monkeypatch.setattr(connector, "Transport", transports)
    monkeypatch.setattr(connector, "Connections", lambda *args: args)
    monkeypatch.setattr(connector, "_of_the_world", lambda: "the world's")
    monkeypatch.setenv("PROXY_WORD", "w")
    proxy = Proxy("http://proxy.example:3128", "desk", "env:PROXY_WORD")
    one: Any = Connector(Guard(["10.0.0.0/8"]), Mock(), proxy, Limits(headers=7, header_bytes=8), lambda: 0.0)
    assert one.connections(None) == (transports.return_value, one._limits, one._monotonic)
    (backend, context, _), how = transports.call_args
    assert (backend, context, how) == (
        one._guarded,
        "the world's",
        {"max_headers": 7, "max_header_bytes": 8, "through": None},
    )
    one.connections("ca.pem", public_only=True, proxied=True)
    one.connections("ca.pem")
    contexts.assert_called_once_with(trust_env=False)
    (backend, context, _), how = transports.call_args_list[1]
    assert (
        backend is one._public
        and backend._guard.objection("10.0.0.1")
        and not one._guarded._guard.objection("10.0.0.1")
    )
    assert context is transports.call_args_list[2].args[1]
    context.load_verify_locations.assert_called_once_with(cafile="ca.pem")
    context.set_alpn_protocols.assert_called_once_with(["http/1.1"])
    assert context.minimum_version == connector.ssl.TLSVersion.TLSv1_2
    assert how["through"].backend is one._proxied and how["through"].proxy.url.port == 3128
    assert how["through"].proxy.auth == (b"desk", b"w")
    contexts.side_effect = lambda **_: Mock(load_verify_locations=Mock(side_effect=OSError("none")))
    with pytest.raises(SeedError, match=r"^ca_file other.pem: no certificates can be read from it \(none\)"):
        one.connections("other.pem")
    unproxied: Any = Connector(Guard(), Mock(), None, Limits(), lambda: 0.0)
    unproxied.connections(None, proxied=True)
    assert transports.call_args.kwargs["through"] is None


def test_what_a_seed_sends_goes_to_its_own_origin_and_no_request_repeats_it() -> None:
    seed = replace(SEED, headers={"X-A": "b"}, credentials=Credentials("desk", "w"))
    session = FetchSession(make_fetcher().shared, seed, 1e12)
    asked = Request(HOME, headers={"X-A": "b", "X-C": "d"})
    own = session.own_headers(asked, checked(HOME))
    assert own == {"X-A": "b", "Authorization": "Basic ZGVzazp3", "X-C": "d"}
    for other in ("http://courier.example/", "https://courier.example:8443/", "https://other.example/"):
        assert session.own_headers(asked, checked(other)) == {"X-C": "d"}
    assert FetchSession(make_fetcher().shared, None, 1e12).own_headers(asked, checked(HOME)) == {"X-A": "b", "X-C": "d"}


@pytest.mark.parametrize("local_gap", [None, 0.5])
def test_the_gap_to_this_machine_is_its_own_where_one_is_set(local_gap: float | None) -> None:
    shared = make_fetcher(local_gap=local_gap, gap=3.0).shared
    here, away = checked("http://127.0.0.1:8080/"), checked(HOME)
    assert [shared.gap_of(target, delay) for target in (here, away) for delay in (None, 9.0)] == [
        *([3.0, 9.0] if local_gap is None else [0.5, 0.5]), 3.0, 9.0,
    ]  # fmt: skip
    assert shared.is_local(here) is (local_gap is not None) and not shared.is_local(away)


@pytest.mark.parametrize(
    ("contact", "version"), [("é", "1"), ("mailto:a@b.example\n", "1"), ("x" * 201, "1"), ("a", "x" * 51)]
)
def test_a_contact_that_cannot_be_sent_is_refused(contact: str, version: str) -> None:
    with pytest.raises(SeedError, match="the contact for the User-Agent"):
        Fetcher(contact=contact, version=version)


def picture(*answers: Any, **how: Any) -> tuple[Any, list[Any]]:
    """The answer to a request for a picture, or its error; and how each connection was asked for."""
    fetcher = make_fetcher()
    opened: list[Any] = []
    left = list(answers)

    def connections(ca_file: None, **told: Any) -> Any:
        async def exchange(method: str, target: Any, headers: Any, **more: Any) -> Raw:
            opened.append((target.url, told["public_only"], more["limit"]))
            answer = left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer  # type: ignore[no-any-return]

        return Mock(exchange=exchange, aclose=AsyncMock())

    fetcher.shared.connector.connections = connections  # type: ignore[assignment, method-assign]
    arguments = {"limit": 9, "deadline": 5.0, "public_only": False} | how
    try:
        return done(lambda: fetcher.picture(f"{HOME}a.jpg", **arguments)), opened
    except CopydeskError as error:
        return error, opened


def test_a_picture_is_followed_within_its_limits_and_never_into_private_networks() -> None:
    found, opened = picture(
        to("/b.jpg"), to("https://other.example/c.jpg"), to("/d.jpg"), Raw(200, (("a", "b"),), b"x" * 9, None)
    )
    assert (found.status, found.body, found.headers) == (200, b"x" * 9, {"a": "b"})
    assert [public for _, public, _ in opened] == [False, False, True, True] and {most for *_, most in opened} == {10}
    assert picture(OK, public_only=True)[1][0][1] is True
    assert picture(Raw(200, (), b"x" * 10, None))[0].reason == "it has more than 9 bytes"
    assert picture(*[to(f"/{n}") for n in range(9)])[0].reason == "it is redirected too often"
    assert len(picture(*[to(f"/{n}") for n in range(9)])[1]) == 6
    assert picture(Raw(404, (), b"", "/b"))[0].status == 404, "it leads nowhere"
    assert picture(WorthAnotherTry(Unreachable("broken")))[0].reason == "broken"
    assert isinstance(picture(to("https://10.0.0.1/"))[0], Forbidden)
