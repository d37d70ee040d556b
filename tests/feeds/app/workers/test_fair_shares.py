"""Fair shares of the workers: a source that keeps them busy holds up no other."""

from __future__ import annotations

import asyncio

from feeds.app.workers.fair_shares import SOURCES, Turns
from tests.support.waiting import PATIENCE, until_in_loop


class Time:
    """A monotonic clock that is moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def rounds(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_source_that_used_much_leaves_a_worker_to_the_others() -> None:
    async def work() -> None:
        time = Time()
        turns = Turns(2, time)
        order: list[str] = []
        ends: dict[str, asyncio.Event] = {}

        async def read(source: str, name: str) -> None:
            async with turns.turn(source):
                order.append(name)
                ends[name] = asyncio.Event()
                await ends[name].wait()

        async def end(name: str, seconds: float) -> None:
            time.now += seconds
            ends[name].set()
            await rounds()

        tasks = [asyncio.create_task(read("hog", "hog-1"))]
        await rounds()
        await end("hog-1", 5.0)
        tasks += [asyncio.create_task(read("hog", f"hog-{n}")) for n in (2, 3)]
        await rounds()
        assert order == ["hog-1", "hog-2"], "one at a time from now on"
        tasks.append(asyncio.create_task(read("quick", "quick-1")))
        await rounds()
        assert order[-1] == "quick-1", "the other worker was kept free"
        await end("quick-1", 0.01)
        tasks += [asyncio.create_task(read(name, name)) for name in ("new-1", "new-2", "new-3")]
        await rounds()
        assert order[-1] == "new-1"
        tasks.append(asyncio.create_task(read("quick", "quick-2")))
        await rounds()
        assert order[-1] == "new-1", "all are taken"
        time.now += 0.3
        await until_in_loop(lambda: order[-1] == "quick-2", "there is one more for a source that is known to be quick")
        await end("quick-2", 0.01)
        await end("new-1", 0.01)
        assert order[-1] == "new-2", "in the order in which they came"
        time.now += 600
        await end("hog-2", 0.0)
        for name in ("new-2", "new-3", "hog-3"):
            await rounds()
            ends[name].set()
        await asyncio.gather(*tasks)
        assert turns._running == {} and turns._waiting == []

    asyncio.run(work())


def test_much_to_do_is_no_reason_for_a_worker_more() -> None:
    """Its start costs as much as thirty pages; with as many processes as processors nothing is read sooner by it."""

    async def work() -> None:
        time = Time()
        turns = Turns(2, time)
        most = 0

        async def read(source: str) -> None:
            nonlocal most
            for _ in range(20):
                async with turns.turn(source):
                    most = max(most, len(turns._running))
                    time.now += 0.02  # a page like others; the rest of the sources wait for seconds
                    await rounds(2)

        await asyncio.gather(*(read(f"source-{n}") for n in range(30)))
        assert most == 2

    asyncio.run(work())


def test_who_waited_before_the_slow_pages_came_has_a_worker_more_as_well() -> None:
    async def work() -> None:
        time = Time()
        turns = Turns(1, time)
        async with turns.turn("quick"):
            pass
        first, slow, begun = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def read(source: str, end: asyncio.Event, begins: asyncio.Event) -> None:
            async with turns.turn(source):
                begins.set()
                await end.wait()

        tasks = [asyncio.create_task(read("first", first, asyncio.Event()))]
        await rounds()
        tasks += [asyncio.create_task(read("slow", slow, asyncio.Event()))]
        await rounds()
        time.now += 0.2
        tasks += [asyncio.create_task(read("quick", slow, begun))]
        first.set()  # now the slow one is read, and the quick one waits behind it
        await rounds()
        time.now += 0.3
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
        slow.set()
        await asyncio.gather(*tasks)

    asyncio.run(work())


def test_who_gives_up_waiting_takes_no_turn() -> None:
    async def work() -> None:
        turns = Turns(1, Time())
        begun = asyncio.Event()

        async def read() -> None:
            async with turns.turn("a"):
                begun.set()
                await asyncio.sleep(3600)

        first, second = asyncio.create_task(read()), asyncio.create_task(read())
        await begun.wait()
        second.cancel()
        await rounds()
        first.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        async with asyncio.timeout(PATIENCE), turns.turn("b"):
            pass
        assert turns._running == {} and turns._waiting == []

    asyncio.run(work())


def test_the_sources_that_are_remembered_are_bounded() -> None:
    async def work() -> None:
        turns = Turns(1, Time())
        for n in range(2 * SOURCES):
            async with turns.turn(f"source-{n}"):
                pass
        assert len(turns._used) <= SOURCES

    asyncio.run(work())
