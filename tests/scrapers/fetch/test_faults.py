"""Whatever a server does, one request fails in words, in time and in little memory; the next one works."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib

import pytest

from scrapers import Fetcher, Limits, PageChanged, Request
from scrapers.errors import CopydeskError, Forbidden, Gone, Unreachable
from tests.support.misbehaving import FAULTS, OK, Asked, Out, Web, answer, bomb, deflate_bomb
from tests.support.visiting import DEADLINE, QUICK, failure, get, make_fetcher, run

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
    "redirect-loop": "more than 5 redirects",
    "redirect-further": "more than 5 redirects",
    "surplus": "more than its answer",
}


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
            assert took < DEADLINE + 10.0
            page = await fetch(Request(web.url("/fine")))
            assert page.body == b"<p>fine"

    run(work)


@pytest.mark.parametrize("fault", ["bomb-gzip", "bomb-deflate", "endless-body", "endless-headers"])
def test_an_answer_costs_little_memory(web: Web, fault: str) -> None:
    run(lambda fetcher: _in_memory(fetcher, web.url(f"/fault/{fault}")), limits=Limits(retries=0), deadline=10.0)


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
    async def handler(asked: Asked, out: Out) -> bool:
        await out.send(answer(b"<p>x"))
        await asyncio.sleep(0.05)
        await out.send(answer(b"<p>made up"))
        return True

    web.on("/late", handler)
    web.page("/next", b"<p>the true one")

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit() as fetch:
            assert (await fetch(Request(web.url("/late")))).body == b"<p>x"
            await asyncio.sleep(0.15)
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

    async def work(fetcher: Fetcher) -> None:
        async with fetcher.visit(deadline=2.0) as fetch:
            await fetch(Request(web.url("/a")))
            started = time.monotonic()
            with pytest.raises(Unreachable):
                await fetch(Request(web.url("/fault/drip-body")))  # ended by the visit, before its own deadline
            assert time.monotonic() - started < 15.0
            with pytest.raises(Unreachable, match="time of this visit is used up"):
                await fetch(Request(web.url("/a")))
        with pytest.raises(Unreachable):
            await fetch(Request(web.url("/a")))

    run(work, deadline=30.0)
    assert web.paths().count("/a") == 1


def test_closing_a_visit_ends_what_is_under_way(web: Web) -> None:
    """What a watchdog does with a visit that hangs: the request ends with an error, and nothing is left open."""

    async def work(fetcher: Fetcher) -> None:
        manager = fetcher.visit()
        fetch = await manager.__aenter__()
        task = asyncio.ensure_future(fetch(Request(web.url("/fault/drip-headers"))))
        await asyncio.sleep(0.3)
        await manager.__aexit__(None, None, None)
        with pytest.raises(Unreachable):
            await asyncio.wait_for(task, 10.0)

    run(work, deadline=30.0, limits=Limits(retries=0))


def test_many_hanging_servers_do_not_hold_up_a_good_one(web: Web) -> None:
    web.page("/fine", b"<p>fine")
    webs = [Web() for _ in range(5)]

    async def work(fetcher: Fetcher) -> float:
        async def one(url: str) -> None:
            async with fetcher.visit() as fetch:
                with pytest.raises(CopydeskError):
                    await fetch(Request(url))

        started = time.monotonic()
        tasks = [asyncio.ensure_future(one(w.url("/fault/drip-headers"))) for w in webs]
        await asyncio.sleep(0.05)
        async with fetcher.visit() as fetch:
            await fetch(Request(web.url("/fine")))
        took = time.monotonic() - started
        await asyncio.gather(*tasks)
        return took

    for w in webs:
        w.__enter__()
    try:
        assert run(work) < DEADLINE
    finally:
        for w in webs:
            w.__exit__(None, None, None)


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
    assert QUICK.size("robots") == 512_000
