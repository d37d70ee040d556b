"""Turns that several processes share: one request at a time, its gap after it, and nobody asks without knowing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest

from scrapers import HostPace, HostTurn, Paces, PacesAway
from scrapers.errors import Refused, Unreachable
from scrapers.fetch.guard import checked
from scrapers.fetch.rate_limit import RateLimiter
from scrapers.fetch.robots import RobotsCache
from tests.support.visiting import Clock


class Table:
    """What a database would keep, with the same clock for all."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.next_allowed: dict[str, float] = {}
        self.retry_until: dict[str, float] = {}
        self.refusals: dict[str, int] = {}
        self.copies: dict[str, HostPace] = {}
        self.away = 0  # so many questions fail

    async def take(self, host: str, *, hold: float, gap: float) -> HostTurn:
        if self.away:
            self.away -= 1
            raise PacesAway("away")
        now = self.clock.now
        wait = max(0.0, self.next_allowed.get(host, 0.0) - now)
        retry_in = max(0.0, self.retry_until.get(host, 0.0) - now)
        ours = not wait and not retry_in
        if ours:
            self.next_allowed[host] = now + hold + gap
        return HostTurn(ours, wait, retry_in, self.refusals.get(host, 0))

    async def give_back(self, host: str, *, pause: float, retry_in: float, refusals: int) -> None:
        self.next_allowed[host] = self.clock.now + pause
        self.retry_until[host] = self.clock.now + retry_in
        self.refusals[host] = refusals

    async def copy(self, origin: str) -> HostPace | None:
        return self.copies.get(origin)

    async def keep_copy(self, pace: HostPace) -> None:
        self.copies[pace.host] = pace


def two() -> tuple[Clock, Table, RateLimiter, RateLimiter]:
    """The limiters of two processes, with the clock and the table that they share."""
    clock = Clock()
    table = Table(clock)
    first, second = (RateLimiter(Paces(), clock=clock, sleep=clock.sleep, shared=table) for _ in range(2))
    return clock, table, first, second


def test_two_processes_never_ask_a_host_at_once_nor_sooner_than_its_gap() -> None:
    async def go() -> None:
        clock, _, *limiters = two()
        asked: list[tuple[float, float]] = []

        async def visit(limiter: RateLimiter) -> None:
            for _ in range(6):
                async with limiter.turn("a.example", 2.0, patience=600.0, hold=65.0):
                    begun = clock.now
                    await clock.sleep(0.7)
                    asked.append((begun, clock.now))

        await asyncio.gather(*(visit(limiter) for limiter in limiters))
        asked.sort()
        assert len(asked) == 12
        assert all(later[0] - earlier[1] >= 2.0 for earlier, later in pairwise(asked))

    asyncio.run(go())


def test_a_host_of_a_process_that_died_is_free_when_its_request_is_surely_over() -> None:
    async def go() -> None:
        clock, _, dead, alive = two()
        turn = dead.turn("a.example", 2.0, patience=1.0, hold=65.0)
        await turn.__aenter__()
        began = clock.now
        with pytest.raises(Unreachable, match="no turn"):
            async with alive.turn("a.example", 2.0, patience=30.0, hold=65.0):
                pass
        async with alive.turn("a.example", 2.0, patience=600.0, hold=65.0):
            assert clock.now - began >= 67.0

    asyncio.run(go())


def test_what_one_process_was_told_by_a_host_holds_for_the_other() -> None:
    async def go() -> None:
        clock, _, first, second = two()
        async with first.turn("a.example", 2.0, patience=5.0, hold=65.0):
            assert first.refused("a.example", None) == 900.0
        with pytest.raises(Refused, match="left alone") as told:
            async with second.turn("a.example", 2.0, patience=600.0, hold=65.0):
                pass
        assert told.value.retry_after is not None and 890 < told.value.retry_after <= 900
        clock.now += 1000
        async with second.turn("a.example", 2.0, patience=5.0, hold=65.0):
            assert second.refused("a.example", None) == 1800.0  # the second refusal in a row
        clock.now += 2000
        async with first.turn("a.example", 2.0, patience=5.0, hold=65.0):
            first.answered("a.example")
        assert second.paces.get("a.example").refusals == 2
        clock.now += 10
        async with second.turn("a.example", 2.0, patience=5.0, hold=65.0):
            assert second.paces.get("a.example").refusals == 0

    asyncio.run(go())


def test_without_the_count_nothing_is_asked_and_it_is_no_fault_of_the_site() -> None:
    async def go() -> None:
        clock, table, limiter, _ = two()
        table.away = 5
        async with limiter.turn("a.example", 2.0, patience=60.0, hold=65.0):
            assert len(clock.slept) == 5
        table.away = 10**6
        with pytest.raises(PacesAway):
            async with limiter.turn("b.example", 2.0, patience=60.0, hold=65.0):
                pass
        table.away = 0
        async with limiter.turn("b.example", 2.0, patience=5.0, hold=65.0):
            pass  # the lock within the process was let go

    asyncio.run(go())


def test_robots_txt_is_fetched_by_one_process_for_all() -> None:
    async def go() -> None:
        clock = Clock()
        table = Table(clock)
        fetched: list[str] = []

        async def get_text() -> bytes:
            fetched.append("once")
            return b"User-agent: *\nDisallow: /private"

        target = checked("https://a.example/x")
        for _ in range(3):
            cache = RobotsCache(Paces(), clock, shared=table)
            assert not (await cache.rules(target, get_text)).allows("https://a.example/private/1")
        assert fetched == ["once"]
        table.copies["https://a.example"] = replace(
            table.copies["https://a.example"], robots_fetched=clock.now - 90_000
        )
        await RobotsCache(Paces(), clock, shared=table).rules(target, get_text)
        assert len(fetched) == 2

    asyncio.run(go())
