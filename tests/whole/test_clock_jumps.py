"""A running daemon whose clock on the wall is set forward by a day and back again, by libfaketime (RELIABILITY J4)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.playing import Play
from tests.support.waiting import until

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)

SITES = {"tarnmouth-star": "", "greyford-courier": "", "kelsby-herald": ""}

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("clock-jumps"),
    pytest.mark.skipif(LIBRARY is None, reason="no libfaketime: jumps of a daemon's clock are NOT tested"),
]


def test_a_clock_that_jumps_by_a_day_and_back_moves_nothing_and_stops_no_visit(tmp_path: Path) -> None:
    with Play(tmp_path, every="2s", sites=SITES) as play:
        clock = tmp_path / "clock"

        def set_clock(offset: str) -> None:
            fresh = tmp_path / "clock.new"
            fresh.write_text(offset)
            os.replace(fresh, clock)

        def jumps() -> int:
            return play.log.read_text("utf-8", "replace").count("the clock jumped")

        set_clock("+0")
        play.environment = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        play.start()
        until(lambda: not play.missing(), "the first stories are in the feeds")
        length = play.newsroom.length
        for number, offset in enumerate(("+86400", "+82800", "+0"), start=1):
            set_clock(offset)
            until(lambda n=number: jumps() >= n, f"jump {number} is noticed")  # type: ignore[misc]
            play.newsroom.advance(length * number / 3)
            until(lambda: not play.missing(), f"what came after jump {number} is in the feeds")
            play.look()
        until(lambda: not play.once_each(), "each story stands once")
        assert play.stop() == 0
        assert play.watch.faults == []
        assert play.watch.looks > 10
        assert jumps() == 3
        assert "bug" not in play.log.read_text("utf-8", "replace")
