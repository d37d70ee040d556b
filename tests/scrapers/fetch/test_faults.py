"""Whatever a server does, one request fails in words, in time and in little memory; the next one works."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

import pytest

from scrapers import Fetcher, Limits, Page, PageChanged, Request
from scrapers.errors import CopydeskError, Forbidden, Gone, Unreachable
from tests.support.misbehaving import FAULTS, OK, Asked, Out, Web, answer, bomb, deflate_bomb
from tests.support.visiting import PATIENT, QUICK, failure, get, make_fetcher, run
from tests.support.waiting import PATIENCE, until_in_loop

WORDS = {
    "silence": "no data in time",
    "drip-body": "no whole answer within",
    "drip-chunks": "no whole answer within",
    "drip-headers": "no whole answer within",
    "endless-body": "larger than 10000000 bytes",
    "endless-headers": "not HTTP",
    "endless-continue": "no whole answer within",
    "close-at-once": "closed the connection without an answer",
    "reset": "broke off",
    "reset-in-body": "broke off",
    "bomb-gzip": "larger than 10000000 bytes",
    "bomb-deflate": "larger than 10000000 bytes",
    "bomb-members": "no whole answer within",
    "truncated-length": "ended in the middle",
    "truncated-chunked": "ended in the middle",
    "truncated-last-chunk": "ended in the middle",
    "truncated-gzip": "end too early",
    "corrupt-gzip": "damaged",
    "gzip-then-more": "something follows",
    "not-gzip": "damaged",
    "brotli": "'br'",
    "twice-gzip": "'gzip, gzip'",
    "odd-coding": "'rot13'",
    "two-lengths": "not HTTP",
    "negative-length": "not HTTP",
    "silly-length": "not HTTP",
    "length-and-chunked": "contradict",
    "bad-chunk": "not HTTP",
    "garbage": "not HTTP",
    "http-0.9": "without an answer",
    "bad-status": "not HTTP",
    "bad-header": "not HTTP",
    "many-headers": "too many",
    "huge-header": "too many",
    "declared-too-big": "larger than 10000000 bytes",
    "not-modified": "no condition",
    "no-content": "204",
    "partial": "206",
    "image": "image/png",
    "redirect-nowhere": "without a usable address",
    "redirect-bad-host": "without a usable address",
    "redirect-bad-port": "without a usable address",
    "redirect-script": "without a usable address",
    "redirect-file": "without a usable address",
    "redirect-user": "user name",
    "redirect-control": "without a usable address",
    "redirect-bytes": "without a usable address",
    "redirect-huge": "without a usable address",
    "redirect-loop": "leads back to itself",
    "redirect-further": "more than 5 redirects",
    "surplus": "more than its answer",
}


DRIPPING = {fault for fault, words in WORDS.items() if words.startswith("no whole answer within")}
"""Those that only the deadline ends."""


def test_every_fault_is_tried() -> None:
    assert set(WORDS) == set(FAULTS)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_fault_is_a_failure_in_words_and_the_visit_goes_on(web: Web, fault: str) -> None:
    web.page("/fine", b"<p>fine")
    for make in (bomb, deflate_bomb):  # packed once, not while the client waits
        make()

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            started = time.monotonic()
            with pytest.raises(CopydeskError) as caught:
                await fetch(Request(web.url(f"/fault/{fault}")))
            took = time.monotonic() - started
            assert WORDS[fault] in caught.value.reason
            expected = PageChanged if fault == "image" else Forbidden if fault == "redirect-user" else Unreachable
            assert type(caught.value) is expected
            assert caught.value.url is not None
            assert "bytearray" not in caught.value.reason  # nothing of what the server sent
            assert took < PATIENCE
            assert await _at_last(fetch, web.url("/fine")) == b"<p>fine"

    # one limit alone: where the machine stood still meanwhile, the other one would be told
    limit = "limits" if fault == "silence" else "deadline" if fault in DRIPPING else None
    run(work, **({limit: QUICK[limit]} if limit else {}))


async def _at_last(fetch: Callable[[Request], Awaitable[Page]], url: str) -> bytes:
    """A page's body. On a busy machine small limits end a request to a good server too: it is asked once more then."""
    for _ in range(50):
        with contextlib.suppress(Unreachable):
            return (await fetch(Request(url))).body
    return (await fetch(Request(url))).body


@pytest.mark.parametrize("fault", ["bomb-gzip", "bomb-deflate", "endless-body", "endless-headers"])
def test_an_answer_costs_little_memory(web: Web, fault: str) -> None:
    run(lambda fetcher: _in_memory(fetcher, web.url(f"/fault/{fault}")), deadline=PATIENCE)


async def _in_memory(fetcher: Fetcher, url: str) -> None:
    async with fetcher.visit() as fetch:
        with pytest.raises(Gone):
            await fetch(Request(url.replace(url.split("/", 3)[3], "status/404")))  # what the first use imports
        tracemalloc.start()
        try:
            with pytest.raises(Unreachable):
                await fetch(Request(url, kind="feed"))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # The server runs in this process too: its own copy of the bomb is the larger part of what is left here.
    assert peak < 64_000_000


def test_surplus_bytes_never_become_the_next_answer(web: Web) -> None:
    """The server keeps the connection open, so a client that reuses it would read the made-up answer."""
    web.page("/next", b"<p>the true one")

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            with pytest.raises(Unreachable, match="more than its answer"):
                await fetch(Request(web.url("/fault/surplus")))
            assert (await fetch(Request(web.url("/next")))).body == b"<p>the true one"

    run(work)
    assert len({asked.connection for asked in web.asked if asked.path != "/robots.txt"}) == 2


def test_surplus_that_comes_late_never_becomes_the_next_answer(web: Web) -> None:
    late = threading.Event()

    async def handler(asked: Asked, out: Out) -> bool:
        await out.send(answer(b"<p>x"))
        await asyncio.sleep(0.05)
        await out.send(answer(b"<p>made up"))
        late.set()
        return True

    web.on("/late", handler)
    web.page("/next", b"<p>the true one")

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            assert (await fetch(Request(web.url("/late")))).body == b"<p>x"
            await until_in_loop(late.is_set, "more than its answer has come")
            assert (await fetch(Request(web.url("/next")))).body == b"<p>the true one"

    run(work)


def test_a_line_break_after_the_body_is_forgiven(web: Web) -> None:
    async def handler(asked: Asked, out: Out) -> bool:
        await out.send(answer(b"<p>x") + b"\r\n")
        return True

    web.on("/crlf", handler)
    assert get(web.url("/crlf")).body == b"<p>x"


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("gzip", gzip.compress(b"<p>packed", mtime=0)),
        ("x-gzip", gzip.compress(b"<p>pack", mtime=0) + gzip.compress(b"ed", mtime=0)),
        ("GZIP", gzip.compress(b"<p>packed", mtime=0) + bytes(7)),
        ("deflate", zlib.compress(b"<p>packed")),
        ("deflate", zlib.compress(b"<p>packed", wbits=-15)),
        ("identity", b"<p>packed"),
    ],
)
def test_the_codings_that_we_ask_for(web: Web, coding: str, data: bytes) -> None:
    web.page("/packed", data, headers={"Content-Encoding": coding})
    assert get(web.url("/packed")).body == b"<p>packed"
    assert web.asked[-1].headers["accept-encoding"] == "gzip, deflate"


def test_a_body_without_length_ends_with_the_connection(web: Web) -> None:
    web.raw("/until-close", OK + b"\r\n<p>all of it")
    assert get(web.url("/until-close")).body == b"<p>all of it"


def test_a_refused_connection_is_unreachable() -> None:
    with Web() as gone:
        url = gone.url("/")
    error = failure(url)
    assert type(error) is Unreachable
    assert error.reason.startswith("no connection to the site")
    assert error.unconnected


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    error = failure("http://no-such-host.invalid/")
    assert type(error) is Unreachable
    assert "no-such-host.invalid" in error.reason
    assert not error.unconnected  # another scheme would not help


def test_a_5xx_is_tried_again_within_the_visit(web: Web) -> None:
    answers = iter(["500 Oops", "502 Oops", "200 OK"])

    async def handler(asked: Asked, out: Out) -> bool:
        await out.send(answer(b"<p>at last", status=next(answers)))
        return True

    web.on("/shaky", handler)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    page = get(web.url("/shaky"), limits=Limits(retry_delays=(2.0, 8.0)), sleep=sleep)
    assert page.body == b"<p>at last"
    assert len(waits) == 2
    assert waits[0] <= 2.0
    assert waits[1] <= 8.0


def test_a_visit_has_two_tries_in_all(web: Web) -> None:
    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            for path in ("/status/500", "/status/502", "/status/504"):
                with pytest.raises(Unreachable):
                    await fetch(Request(web.url(path)))

    run(work, limits=Limits(retry_delays=(0.0, 0.0)))
    assert web.paths() == ["/robots.txt", "/status/500", "/status/500", "/status/500", "/status/502", "/status/504"]


def test_a_visit_that_is_over_asks_nothing_more(web: Web) -> None:
    web.page("/a", b"<p>a")
    gone = 0.0  # seconds

    async def work(fetcher: Fetcher) -> None:
        nonlocal gone
        async with fetcher.visit(deadline=1000.0) as fetch:
            await fetch(Request(web.url("/a")))
            gone = 998.0
            started = time.monotonic()
            with pytest.raises(Unreachable):
                await fetch(Request(web.url("/fault/drip-body")))
            assert time.monotonic() - started < PATIENCE, "it was ended by the visit, before its own deadline"
            with pytest.raises(Unreachable, match="time of this visit is used up"):
                await fetch(Request(web.url("/a")))
        with pytest.raises(Unreachable):
            await fetch(Request(web.url("/a")))

    run(work, monotonic=lambda: time.monotonic() + gone)
    assert web.paths().count("/a") == 1


def test_closing_a_visit_ends_what_is_under_way(web: Web) -> None:
    """What a watchdog does with a visit that hangs: the request ends with an error, and nothing is left open."""

    async def work(fetcher: Fetcher) -> None:
        manager = fetcher.visit()
        fetch = await manager.__aenter__()
        task = asyncio.ensure_future(fetch(Request(web.url("/fault/drip-headers"))))
        await until_in_loop(lambda: "/fault/drip-headers" in web.paths(), "it is under way")
        await manager.__aexit__(None, None, None)
        with pytest.raises(Unreachable):
            await asyncio.wait_for(task, PATIENCE)

    run(work)


def test_many_hanging_servers_do_not_hold_up_a_good_one(web: Web) -> None:
    web.page("/fine", b"<p>fine")
    webs = [Web() for _ in range(5)]

    async def work(fetcher: Fetcher) -> None:
        async def one(url: str) -> None:
            async with fetcher.visit() as fetch:
                with pytest.raises(CopydeskError):
                    await fetch(Request(url))

        with ExitStack() as stack:
            for w in webs:
                stack.enter_context(w)
            tasks = [asyncio.ensure_future(one(w.url("/fault/drip-headers"))) for w in webs]
            await until_in_loop(lambda: all("/fault/drip-headers" in w.paths() for w in webs), "they are asked")
            async with fetcher.visit() as fetch:
                await fetch(Request(web.url("/fine")))
            assert not any(task.done() for task in tasks)
        await asyncio.gather(*tasks)  # the servers are gone, and with them what hangs

    run(work)


def test_a_contact_is_needed() -> None:
    with pytest.raises(CopydeskError):
        make_fetcher(contact="")
    with pytest.raises(CopydeskError):
        make_fetcher(contact="mailto:a@b.example\r\nX-Evil: 1")


def test_limits_are_arguments(web: Web) -> None:
    web.page("/big", b"x" * 2000)
    limits = Limits(page=1000, retries=0)
    assert "larger than 1000 bytes" in failure(web.url("/big"), limits=limits).reason
    assert get(Request(web.url("/big"), kind="feed"), limits=limits).body == b"x" * 2000
    assert PATIENT.size("robots") == 512_000
