"""What holds the loop is named, and a loop that turns is left in peace."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import pytest
import structlog

from feeds.app.daemon import loop_watch
from feeds.app.daemon.loop_watch import LoopWatch
from tests.support.waiting import until

CODE = """
def busy(end, clock):
    while clock() < end:
        sum(range(1000))

def waits(end, clock):
    import time
    time.sleep(max(0.0, end - clock()))
"""
MADE: dict[str, Callable[[float, Callable[[], float]], None]] = {}
exec(compile(CODE, "made_up.py", "exec"), made := {"__name__": "scrapers.page.made_up"})
MADE |= {name: made[name] for name in ("busy", "waits")}


def watched(what: Callable[[], object], limit: float = 0.25) -> LoopWatch:
    """The watch after something was done in its loop."""

    async def work() -> LoopWatch:
        with LoopWatch(limit).watching() as watch:
            await asyncio.sleep(0.15)
            what()
            await asyncio.sleep(0.15)
            return watch

    return asyncio.run(work())


def test_what_held_the_loop_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    captured = structlog.testing.LogCapture()
    # a logger of its own: what other tests configured for the process does not reach it
    every_level = structlog.make_filtering_bound_logger(0)
    log = structlog.wrap_logger(None, processors=[captured], wrapper_class=every_level)
    monkeypatch.setattr(loop_watch, "log", log)
    # of processor time: on a busy machine little of it may fall into a second
    watch = watched(lambda: MADE["busy"](time.thread_time() + 0.5, time.thread_time))
    assert watch.longest is not None
    assert watch.longest.seconds > 0.3
    assert watch.longest.where.startswith("scrapers.page.made_up.busy:")
    assert watch.longest.work > 0.05
    (told,) = [one for one in captured.entries if one["why"].startswith("scrapers.page.made_up.busy:")]
    assert told["event"] == "the loop was held"
    assert told["log_level"] == "warning"


def test_a_call_that_waits_is_named_too() -> None:
    watch = watched(lambda: MADE["waits"](time.monotonic() + 0.6, time.monotonic))
    assert watch.longest is not None
    assert "scrapers.page.made_up.waits:" in watch.longest.where
    assert watch.longest.work < 0.3


def test_a_loop_that_turns_is_not_told_of() -> None:
    watch = watched(lambda: None, limit=20.0)
    assert watch.longest is None
    assert watch.holds == {}


def test_the_watch_ends_with_its_block() -> None:
    watched(lambda: None)
    until(lambda: not any(thread.name == "loop watch" for thread in threading.enumerate()), "its thread has ended")
