"""Long work in a thread that nobody has to wait for."""

from __future__ import annotations

import asyncio
import threading

import pytest

from feeds.app.system.daemon_thread import in_daemon_thread


def test_what_the_work_gives_or_raises_is_handed_over() -> None:
    def work() -> tuple[str, bool]:
        return threading.current_thread().name, threading.current_thread().daemon

    def wrong() -> None:
        raise ValueError("it went wrong")

    assert asyncio.run(in_daemon_thread(work)) == ("backup", True)
    assert asyncio.run(in_daemon_thread(lambda: None)) is None
    with pytest.raises(ValueError, match="it went wrong"):
        asyncio.run(in_daemon_thread(wrong))


def test_the_end_of_work_that_nobody_waits_for_any_more_is_no_error() -> None:
    begun, go_on, threads = threading.Event(), threading.Event(), []

    def work() -> None:
        threads.append(threading.current_thread())
        begun.set()
        go_on.wait()

    async def go() -> None:
        wrong: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: wrong.append(context))
        task = asyncio.create_task(in_daemon_thread(work))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        await asyncio.wait([task])
        go_on.set()
        await asyncio.to_thread(threads[0].join)
        await asyncio.sleep(0)  # what the thread has left for the loop is done
        assert wrong == []

    asyncio.run(go())
