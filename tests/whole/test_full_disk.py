"""A disk that takes nothing for a while: the daemon stays, serves what is published, and catches up by itself (S4, S5).

The limit of the size of files stands in for the disk: it can be set and lifted from outside, for the daemon alone, by
anybody. Every write to the store, the feeds and the log then fails, as it does on a full disk.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.playing import Play
from tests.support.waiting import until

pytestmark = pytest.mark.xdist_group("full-disk")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Play]:
    with Play(tmp_path, every="1s") as play:
        play.start()
        until(lambda: not play.missing() and not play.once_each(), "the first round is in the feeds")
        yield play


def _limit(desk: Play, size: int) -> None:
    """How large a file of the daemon may be; what is larger already cannot grow."""
    assert desk.process is not None
    hard = resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (size, hard))


def test_a_full_disk_is_survived_and_what_came_meanwhile_is_caught_up(desk: Play) -> None:
    room = desk.newsroom
    _limit(desk, 1)
    before = desk.look()
    room.advance(room.length)
    assert desk.missing()
    asked = len(room.asked)
    until(lambda: b"cannot be written" in desk.get("health")[1], "a visit found the news, and no place for it")
    until(lambda: json.loads(desk.get("health")[1])["visits_running"] == 0, "the visits that were under way have ended")
    asked = len(room.asked)
    assert desk.look() == before, "what was published is as it was, and whole"
    assert {name: desk.feed(name) for name in before} == before, "it is served as before"
    time.sleep(2)  # two intervals
    assert len(room.asked) == asked, "no site is asked for what could not be kept"

    _limit(desk, resource.RLIM_INFINITY)
    until(lambda: not desk.missing(), "what came meanwhile is in the feeds")
    until(lambda: not desk.once_each(), "each story stands once")
    assert desk.watch.faults == []
    assert "lost here" in desk.log.read_text()
    assert desk.stop() == 0
