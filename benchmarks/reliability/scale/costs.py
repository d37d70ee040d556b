"""The cost of a page with so many scrapers beside that of one process, gaps and fairness, by the sites' own logs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.processor_time import processor, processor_of_server
from benchmarks.reliability.scale.installation import A_SECOND, GAP, interval, records, told, write
from benchmarks.reliability.scale.sites import sources_of
from benchmarks.speed.load import serving
from feeds.app.application import open_application
from feeds.app.config.config import load
from tests.support.machines import Machines
from tests.support.playing import COPYDESK, free_port
from tests.support.postgres import Postgres
from tests.support.waiting import until

MORE = 1.10  # processor time of a page, to that of one process
START = 25.0  # seconds until a desk has started; what is due before is spread over minutes
WARM = 10.0  # seconds after the first round, in which every reader has started


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of so many scrapers; 0: one process for all."""

    scrapers: int
    pages: int  # answered while it was measured
    seconds: float
    milliseconds: float  # of a processor for a page, of all our processes
    database: float  # … and of PostgreSQL
    least_pause: float
    visits: tuple[int, int]  # of the source that was visited least, and most
    missing: int  # stories that were not kept in the end


async def take_in(config: Path, every: float) -> None:
    """Take the sources into the store, and spread their first visits over an interval, as they are after some time."""
    async with open_application(load(config), daemon=True) as app:
        names = sorted(app.installation.seeds)
        dues = [(time.time() + START + every * place / len(names), name) for place, name in enumerate(names)]
        store = app.thread.store

        def spread() -> None:
            with store.transaction():
                store.db.executemany("UPDATE source SET due=? WHERE name=?", dues)

        await app.thread.call(spread)


def measure(
    scrapers: int,
    hosts: int,
    seconds: float,
    server: Postgres,
    frame: int = 0,
    *,
    rate: float = A_SECOND,
    each: bool = False,
    warm: float = WARM,
) -> Measured:
    """One run: a first round, then a while that is measured, then everything that is there is to be kept.

    With `each` it is measured for as long as it takes until each source was visited.
    """
    port, web, every = free_port(), free_port(), interval(hosts, rate)
    with tempfile.TemporaryDirectory(prefix="scale-") as place, serving("scale", hosts, port, every, frame):
        folder = Path(place)
        config = write(folder, hosts, port, web, every=every)
        name = server.create()
        with Machines(folder, server.url(name)) as machines:
            if scrapers:
                machines.on_server(config)
            asyncio.run(take_in(config, every))
            for _ in range(scrapers):
                machines.scraper(max(2, 16 // scrapers))
            if scrapers:
                desk = machines.desk(config)
            else:
                with (folder / "one.log").open("ab") as log:
                    command = [*COPYDESK, "--config", str(config), "run"]
                    desk = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
                machines.all.append(desk)
            machines.until(lambda: min(told(port).fronts.values()) > 0, "every source was visited")
            time.sleep(warm)  # no condition tells that every reader was used once
            first = told(port).fronts
            ours = [process.pid for process in machines.all]
            before, used, base = told(port).requests, processor(ours), processor_of_server(server.pid)
            began = time.monotonic()
            time.sleep(seconds)  # this is what is measured
            if each:
                machines.until(lambda: all(n > first[one] for one, n in told(port).fronts.items()), "each is visited")
            took = time.monotonic() - began
            pages = told(port).requests - before
            used, base = processor(ours) - used, processor_of_server(server.pid) - base
            told(port, "_stop")
            seen = told(port)
            wanted = sum(seen.stories.values())
            try:
                until(lambda: records(web) >= wanted, "all stories are kept")
            except TimeoutError:
                print(machines.logs()[-3000:], file=sys.stderr)
            missing = wanted - records(web)
            seen = told(port)
        server.drop(name)
    visits = sorted(seen.fronts[one] - first[one] for one in first)
    milliseconds, of_base = 1000 * used / max(pages, 1), 1000 * base / max(pages, 1)
    pause = seen.least_pause()
    return Measured(scrapers, pages, took, milliseconds, of_base, pause, (visits[0], visits[-1]), missing)


def compare(counts: Sequence[int], hosts: int, seconds: float, frame: int, rate: float) -> int:
    """All runs as a table; 1 when a promise is broken."""
    server, found = Postgres(durable=True), []
    try:
        for count in counts:
            found.append(measure(count, hosts, seconds, server, frame, rate=rate))
            print(f"done: {count or 'no'} scrapers, {found[-1].pages} pages", file=sys.stderr, flush=True)
    finally:
        server.close()
    alone = next((one for one in found if one.scrapers == 0), None)
    every = interval(hosts, rate)
    print(f"{hosts} sites, {len(sources_of(hosts))} sources, each visited every {every:.0f} s, gap {GAP} s")
    print(f"{frame} kB around the text of a page")
    print("scrapers  pages  pages/s  ms a page  to one process  ms of PostgreSQL  least pause  visits of a source")
    wrong = []
    for one in found:
        share = one.milliseconds / alone.milliseconds if alone is not None else 0.0
        least, most = one.visits
        print(
            f"{one.scrapers or 'one':>8}  {one.pages:5}  {one.pages / one.seconds:7.1f}  {one.milliseconds:9.1f}"
            f"  {share:14.2f}  {one.database:16.1f}  {one.least_pause:9.3f} s  {least} to {most}"
        )
        if one.least_pause < GAP:
            wrong.append(f"{one.scrapers} scrapers: a site was asked after {one.least_pause:.3f} s, its gap is {GAP} s")
        if one.missing:
            wrong.append(f"{one.scrapers} scrapers: {one.missing} stories are missing")
        if least < most * 0.5:
            wrong.append(f"{one.scrapers} scrapers: one source was visited {least} times, another {most}")
        if share > MORE:
            wrong.append(f"{one.scrapers} scrapers: a page costs {share:.2f} of what it costs one process")
    print("\n".join(wrong) or "as it has to be")
    return 1 if wrong else 0
