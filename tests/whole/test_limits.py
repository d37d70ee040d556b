"""The limits of the systemd unit and the daemon's own fit together."""

from __future__ import annotations

import itertools
import re
import socket
import threading
import time
from pathlib import Path

import pytest

from benchmarks.reliability.attacks.arena import run
from benchmarks.reliability.attacks.catalogue import ATTACKS
from feeds.app.daemon.daemon import GRACE
from feeds.app.inspect.status import TURN_LIMIT
from feeds.app.workers.worker import MEMORY
from scrapers.fetch.http.transport import THREADS
from tests.support.paths import ROOT
from tests.support.waiting import PATIENCE

UNIT = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / "docs/deploy/copydesk.service").read_text(), re.MULTILINE))
DAEMON = 512 << 20  # bytes that the daemon itself may come to have: see "Memory" in docs/reliability.md
MAX = int(UNIT["MemoryMax"].removesuffix("G")) << 30


def test_the_unit_gives_what_the_daemon_needs() -> None:
    assert MAX >= DAEMON + MEMORY, "a worker at its own limit takes the daemon nothing"
    assert UNIT["OOMPolicy"] == "continue", "else a worker that the kernel ends would end the daemon"
    assert float(UNIT["WatchdogSec"]) > 2 * TURN_LIMIT
    assert float(UNIT["TimeoutStopSec"]) > GRACE
    assert int(UNIT["TasksMax"]) > THREADS + 32 + 8 * 6, "name look-ups, the loop's own pool, workers"
    assert f"mem_limit: {UNIT['MemoryMax'].lower()}" in (ROOT / "docs/deploy/compose.yaml").read_text()


@pytest.mark.xdist_group("limits")
def test_under_the_units_limits_bombs_end_neither_the_daemon_nor_its_signs_of_life(tmp_path: Path) -> None:
    address = tmp_path / "notify"
    heard: list[tuple[float, str]] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(address))
        systemd.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    heard.append((time.monotonic(), systemd.recv(1000).decode()))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        bombs = [ATTACKS[name] for name in ("long-feed", "page-divs", "packed-sitemap")]
        found = run(
            tmp_path / "desk",
            bombs,
            size=0.3,
            seconds=2 * PATIENCE,
            silence=1.0,
            visits=1,
            memory=MAX,
            environment={"NOTIFY_SOCKET": str(address)},
        )
        ended = time.monotonic()
        over.set()
        thread.join(PATIENCE)
    log = (tmp_path / "desk/daemon.log").read_text("utf-8", "replace")
    assert found.complaints == (), log[-4000:]
    assert heard[0][1] == "READY=1"
    alive = [at for at, message in heard if message in ("READY=1", "WATCHDOG=1")]
    pauses = [later - earlier for earlier, later in itertools.pairwise([*alive, ended])]
    assert max(pauses) < float(UNIT["WatchdogSec"]) / 2
