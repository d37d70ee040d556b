"""One request of a page step by step: which connections it takes, how long and how much it may, what refuses it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from scrapers import HostPace, Paces, Page, Seed
from scrapers.errors import CopydeskError, Forbidden, Refused, Unreachable
from scrapers.fetch.browser import subrequests as module
from scrapers.fetch.browser.subrequests import Subrequest, Subrequests
from scrapers.fetch.guard import checked
from scrapers.fetch.http.exchange import Raw, WorthAnotherTry
from scrapers.fetch.session import FetchSession
from tests.support.visiting import make_fetcher
from tests.support.waiting import done

HOME = "https://courier.example/"
OTHER = "https://other.example/a"
SEED = Seed("courier", home=HOME, hosts=("media.example",))


class Asked:
    """The requests of a page whose answers come from a list, by a clock that stands."""

    def __init__(self, *answers: Any, delay: float | None = None, seconds: float = 10.0) -> None:
        self.answers = list(answers)
        self.sent: list[Any] = []
        self.turns: list[Any] = []
        self.paces = Paces()

        @asynccontextmanager
        async def turn(host: str, gap: float, **how: Any) -> Any:
            self.turns.append((host, gap, how))
            yield

        limiter = Mock(turn=turn, paces=self.paces, refused=Mock(return_value=60.0))
        shared = replace(
            make_fetcher().shared, rate_limiter=limiter, monotonic=lambda: 1000.0, clock=lambda: 5000.0,
            resolver=Mock(addresses=AsyncMock(return_value=("93.184.216.34",))),
        )  # fmt: skip
        session = FetchSession(shared, SEED, 1e12)
        self.one: Any = Subrequests(session, SEED, Page(HOME, b""), "ca.pem", seconds)
        self.limiter, self.resolver = limiter, shared.resolver
        rules = SimpleNamespace(allows=lambda url: "secret" not in url, delay=delay)
        for name in ("_near", "_far"):

            async def exchange(method: str, target: Any, headers: Any, which: str = name, **how: Any) -> Raw:
                self.sent.append((which, method, target.url, how))
                answer = self.answers.pop(0)
                if isinstance(answer, Exception):
                    raise answer
                return answer  # type: ignore[no-any-return]

            made = Mock(robots=AsyncMock(return_value=rules), connections=Mock(return_value=Mock(exchange=exchange)))
            setattr(self.one, name, made)

    def get(self, url: str, kind: str = "fetch", method: str = "GET", body: bytes = b"") -> Any:
        """The answer, or the error."""
        try:
            return done(lambda: self.one.answer(Subrequest(url, kind, method, body=body)))
        except CopydeskError as error:
            return error


OK = Raw(200, (("x-a", "b"), ("x-a", "c"), ("link", "d")), b"ok", None)


@pytest.mark.parametrize(
    ("url", "near"),
    [(f"{HOME}a", True), ("https://media.example/a", True), ("https://other.example/a", False),
     ("https://courier.example:8443/a", False)],
)  # fmt: skip
def test_the_site_itself_is_asked_with_its_certificates_and_others_as_all_the_world_is(url: str, near: bool) -> None:
    asked = Asked(OK)
    answer = asked.get(url)
    assert (answer.status, answer.body, answer.headers) == (200, b"ok", {"x-a": "b"})
    mine, other = (asked.one._near, asked.one._far) if near else (asked.one._far, asked.one._near)
    ca_file = "ca.pem" if near else None
    mine.robots.assert_awaited_once_with(checked(url), ca_file)
    ((request, target), _) = mine.connections.call_args
    assert (request.url, request.ca_file, target) == (url, ca_file, checked(url))
    other.robots.assert_not_awaited()
    assert asked.sent == [
        ("_near" if near else "_far", "GET", url,
         {"limit": 10_000_000, "seconds": 10.0, "content": None, "any_answer": True}),
    ]  # fmt: skip
    assert asked.resolver.addresses.await_count == (not near)
    assert asked.turns[0][2] == {"patience": 10.0, "limited": True}


@pytest.mark.parametrize(("delay", "after"), [(None, 2.0), (9.0, 9.0)])
def test_what_a_page_asks_counts_for_the_distance_of_the_next_request(delay: float | None, after: float) -> None:
    for answer in (OK, Unreachable("broken")):
        asked = Asked(answer, delay=delay)
        asked.paces.put(HostPace("courier.example", next_allowed=1.0))
        asked.get(f"{HOME}a")
        assert asked.paces.get("courier.example").next_allowed == 5000.0 + after


@pytest.mark.parametrize(
    ("url", "kind", "method", "error", "reason"),
    [
        (f"{HOME}secret", "fetch", "GET", Refused, "robots.txt of courier.example asks copydesk to stay away"),
        (OTHER, "fetch", "POST", Forbidden, "pages send nothing to other sites, such as other.example"),
        (f"{HOME}a", "image", "GET", Forbidden, "pages get no image by GET"),
        (f"{HOME}a", "fetch", "PUT", Forbidden, "pages get no fetch by PUT"),
        (f"{HOME}a", "x" * 200, "GET", Forbidden, f"pages get no {'x' * 87}"),
        ("https://10.0.0.1/", "fetch", "GET", Forbidden, "10.0.0.1 is not a public address"),
    ],
)  # fmt: skip
def test_what_a_page_is_not_given(url: str, kind: str, method: str, error: type[CopydeskError], reason: str) -> None:
    asked = Asked(OK)
    found = asked.get(url, kind, method)
    assert (type(found), found.reason, asked.sent) == (error, reason, [])


def test_a_name_that_leads_into_a_private_network_is_not_asked_for_a_page() -> None:
    asked = Asked(OK)
    asked.resolver.addresses.return_value = ("93.184.216.34", "127.0.0.1")
    assert asked.get("https://other.example/").reason == "other.example leads to 127.0.0.1 is not a public address"
    assert asked.sent == []


def test_a_page_may_send_to_its_own_site() -> None:
    asked = Asked(OK, OK)
    asked.get(f"{HOME}a", method="POST", body=b"x")
    asked.get("https://www.courier.example/a", method="POST", body=b"y")
    assert [(method, how["content"]) for _, method, _, how in asked.sent] == [("POST", b"x"), ("POST", b"y")]


@pytest.mark.parametrize(("status", "kind"), [(429, Refused), (503, Unreachable)])
def test_a_host_that_has_enough_is_left_alone(status: int, kind: type[CopydeskError]) -> None:
    asked = Asked(Raw(status, (("retry-after", "120"),), b"", None))
    error = asked.get(f"{HOME}a")
    assert (type(error), error.status) == (kind, status)
    assert error.reason == f"courier.example answered {status} and is left alone for 60 s"
    asked.limiter.refused.assert_called_once_with("courier.example", 120.0)


def test_the_answers_of_a_page_are_bounded_one_by_one_and_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 5)
    asked = Asked(*[OK] * 9)
    assert asked.get(f"{HOME}a").status == asked.get(f"{HOME}b").status == 200
    assert [how["limit"] for *_, how in asked.sent] == [5, 3]
    assert asked.get(f"{HOME}c").reason == "the answer is larger than 1 bytes"
    assert asked.get(f"{HOME}d").reason == "the time or the size of this page is used up"
    assert Asked(OK, seconds=0.0).get(f"{HOME}a").reason == "the time or the size of this page is used up"
    monkeypatch.setattr(module, "MAX_REQUESTS", 2)
    many = Asked(*[Raw(200, (), b"", None)] * 9)
    assert [type(many.get(f"{HOME}{n}")) for n in range(3)][2] is Refused
    assert Asked(OK, seconds=99.0).get(f"{HOME}a") and module.SECONDS == 15.0


def test_each_request_has_fifteen_seconds_of_the_page_at_most() -> None:
    for seconds, left in ((99.0, 15.0), (3.0, 3.0)):
        asked = Asked(OK, seconds=seconds)
        asked.get(f"{HOME}a")
        assert asked.sent[0][3]["seconds"] == left


def to(where: str | None, status: int = 302) -> Raw:
    return Raw(status, (), b"", where)


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "POST", "GET", None),
        (302, "POST", "GET", None),
        (303, "POST", "GET", None),
        (307, "POST", "POST", b"x"),
        (308, "POST", "POST", b"x"),
        (301, "GET", "GET", None),
    ],
)
def test_a_redirect_repeats_a_question_and_seldom_what_was_sent(
    status: int, method: str, then: str, body: bytes | None
) -> None:
    asked = Asked(to("/b", status), OK)
    assert asked.get(f"{HOME}a", method=method, body=b"x" if method == "POST" else b"").status == 200
    assert [(told, url, how["content"]) for _, told, url, how in asked.sent][1] == (then, f"{HOME}b", body)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([to(None)], "a redirect without a usable address"),
        ([to("http://courier.example/b")], "a redirect from https to http is not followed for a page"),
        ([to(f"/{n}") for n in range(6)], "more than 5 redirects"),
        ([WorthAnotherTry(Unreachable("broken"))], "broken"),
    ],
)
def test_redirects_of_a_page_that_lead_nowhere(answers: list[Any], reason: str) -> None:
    assert Asked(*answers).get(f"{HOME}a").reason == reason
    assert Asked(*[to(f"/{n}") for n in range(5)], OK).get(f"{HOME}a").status == 200
