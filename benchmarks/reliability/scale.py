"""Many machines on one: a desk, scrapers and PostgreSQL over loopback sites: the cost of a page, gaps, kills.

    python -m benchmarks.scale [--hosts 40] [--scrapers 0 1 2 4] [--seconds 40]
    python -m benchmarks.scale --kills 20 [--hosts 12]
    python -m benchmarks.scale --desk 100000 [--visits 2000]

The first runs one process (0 scrapers) and then a desk with scrapers over the same sites, and tells the processor time
of a page, the least pause between two requests of a site by the site's own log, and how evenly sources were visited.
The second kills scrapers and desks, restarts PostgreSQL and stops a scraper for longer than it is waited for, at
random. The third measures what one visit costs a desk with so many sources, and plays its day by a simulated clock.
Ends with 1 when a promise is broken. Needs PostgreSQL's programs and the extra `postgres`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.request import urlopen

from benchmarks.reliability import scale_desk
from benchmarks.reliability.processor_time import processor, processor_of_server
from benchmarks.reliability.scale_sites import serve, sources_of
from benchmarks.speed.load import address, serving
from feeds.app.application import open_application
from feeds.app.config.config import load
from tests.support.machines import Machines
from tests.support.playing import COPYDESK, Watch, free_port
from tests.support.postgres import Postgres
from tests.support.waiting import PATIENCE, until

GAP = 0.25  # seconds between two requests of a site
EVERY = 5.0  # seconds between two visits of a source
FRESH = 5.0  # seconds until a source has one more story
TAKEOVER = 15.0  # seconds without a desk, at most
MORE = 1.10  # processor time of a page, to that of one process
START = 10.0  # seconds until a desk has started
WARM = 10.0  # seconds after the first round, in which every reader has started


@dataclass(frozen=True, slots=True)
class Told:
    """What the sites saw."""

    log: list[list[list[float]]]
    fronts: dict[str, int]
    stories: dict[str, int]

    @property
    def requests(self) -> int:
        """How many requests came in."""
        return sum(map(len, self.log))

    def least_pause(self) -> float:
        """Seconds between the end of a request of a site and the next one's beginning; below 0: two at once."""
        pauses = [
            later[0] - earlier[1]
            for one in self.log
            for earlier, later in zip(sorted(one), sorted(one)[1:], strict=False)
        ]
        return min(pauses, default=float("inf"))


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


def told(port: int, word: str = "_told") -> Told:
    """What the sites saw so far."""
    with urlopen(f"http://{address(0)}:{port}/{word}", timeout=PATIENCE) as answer:
        data = answer.read()
    return Told(**json.loads(data)) if word == "_told" else Told([], {}, {})


def write(folder: Path, hosts: int, port: int, web: int, *, every: float = EVERY, more: str = "") -> Path:
    """An installation over the sites; its configuration."""
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    for name, host, part in sources_of(hosts):
        text = f'home = "http://{address(host)}:{port}/{part}/"\nevery = "{every}s"\n'
        (folder / f"seeds/{name}.toml").write_text(text, "utf-8")
    config = folder / "config.toml"
    config.write_text(
        f'contact = "mailto:desk@example.org"\nbase_url = "http://127.0.0.1:{web}"\n{more}'
        f'[web]\nlisten = "127.0.0.1:{web}"\n'
        f'[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "{GAP}s"\ndeadline = "5s"\n',
        "utf-8",
    )
    return config


async def take_in(config: Path) -> None:
    """Take the sources into the store, and spread their first visits over an interval, as they are after some time."""
    async with open_application(load(config), daemon=True) as app:
        names = sorted(app.installation.seeds)
        dues = [(time.time() + START + EVERY * place / len(names), name) for place, name in enumerate(names)]
        store = app.thread.store

        def spread() -> None:
            with store.transaction():
                store.db.executemany("UPDATE source SET due=? WHERE name=?", dues)

        await app.thread.call(spread)


def records(web: int) -> int:
    """How many records the desk has; -1 while it does not answer."""
    try:
        with urlopen(f"http://127.0.0.1:{web}/health", timeout=PATIENCE) as answer:
            return int(json.load(answer)["records"] or 0)
    except (OSError, ValueError):
        return -1


def measure(
    scrapers: int, hosts: int, seconds: float, server: Postgres, *, each: bool = False, warm: float = WARM
) -> Measured:
    """One run: a first round, then a while that is measured, then everything that is there is to be kept.

    With `each` it is measured for as long as it takes until each source was visited.
    """
    port, web = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="scale-") as place, serving("scale", hosts, port, FRESH):
        folder = Path(place)
        config = write(folder, hosts, port, web)
        name = server.create()
        with Machines(folder, server.url(name)) as machines:
            if scrapers:
                machines.on_server(config)
            asyncio.run(take_in(config))
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
            sessions = [process.pid for process in machines.all]
            before, used, base = told(port).requests, processor(sessions), processor_of_server(server.pid)
            began = time.monotonic()
            time.sleep(seconds)  # this is what is measured
            if each:
                machines.until(lambda: all(n > first[one] for one, n in told(port).fronts.items()), "each is visited")
            took = time.monotonic() - began
            pages = told(port).requests - before
            used, base = processor(sessions) - used, processor_of_server(server.pid) - base
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


def compare(counts: Sequence[int], hosts: int, seconds: float) -> int:
    """All runs as a table; 1 when a promise is broken."""
    server = Postgres(durable=True)
    try:
        found = [measure(count, hosts, seconds, server) for count in counts]
    finally:
        server.close()
    alone = next((one for one in found if one.scrapers == 0), None)
    print(f"{hosts} sites, {len(sources_of(hosts))} sources, gap {GAP} s, each visited every {EVERY:.0f} s")
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


@dataclass(slots=True)
class Killed:
    """What a run with kills came to."""

    scrapers: int = 0
    desks: int = 0
    restarts: int = 0
    stopped: int = 0
    ended: list[int] = field(default_factory=list)  # exit codes of desks that ended by themselves
    looks: int = 0
    longest_takeover: float = 0.0
    least_pause: float = 0.0
    records: int = 0
    stories: int = 0
    faults: tuple[str, ...] = ()


def kill(times: int, hosts: int, *, seed: int = 1, still: float = 30.0) -> Killed:
    """Kill at random, look at every feed meanwhile, and count in the end. `still`: how long a scraper stands still."""
    chance, found, watch = Random(seed), Killed(), Watch()
    port, web = free_port(), free_port()
    server = Postgres(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="scale-") as place, serving("scale", hosts, port, FRESH):
            folder = Path(place)
            url = server.url(server.create())
            config = write(folder, hosts, port, web, every=2.0)
            with Machines(folder, url) as machines:
                for _ in range(3):
                    machines.scraper(4)
                machines.on_server(config)
                for _ in range(2):
                    machines.desk(config)
                until(lambda: records(web) > 0, "the first stories are there")
                for _ in range(times):
                    time.sleep(chance.uniform(0.5, 4.0))  # a moment by chance
                    _look(folder, watch)
                    found.ended += machines.supervise(config)
                    what = chance.choices(("scraper", "desk", "server", "still"), (6, 3, 2, 1))[0]
                    if what == "scraper":
                        machines.kill(chance.choice(machines.scrapers))
                        machines.scraper(4)
                        found.scrapers += 1
                    elif what == "desk":
                        until(lambda: machines.leader() is not None, "a desk leads")
                        leader = machines.leader()
                        if leader is None:
                            continue
                        machines.kill(leader)
                        began = time.monotonic()

                        def answers() -> bool:
                            found.ended += machines.supervise(config)
                            return records(web) >= 0

                        try:
                            until(answers, "the other desk answers")
                        except TimeoutError as error:
                            raise AssertionError(f"{error}\n{machines.logs()}") from error
                        found.longest_takeover = max(found.longest_takeover, time.monotonic() - began)
                        machines.desk(config)
                        found.desks += 1
                    elif what == "server":
                        server.restart(chance.choice(("fast", "immediate")))
                        found.restarts += 1
                    else:  # cut off: it does not run, its requests and its turns are over when it runs again
                        one = chance.choice(machines.scrapers)
                        one.send_signal(signal.SIGSTOP)
                        time.sleep(still)  # so long it stands still
                        one.send_signal(signal.SIGCONT)
                        found.stopped += 1
                told(port, "_stop")
                wanted = sum(told(port).stories.values())
                faults = []
                try:
                    until(
                        lambda: machines.supervise(config) is not None and records(web) >= wanted,
                        "all stories are kept",
                    )
                except TimeoutError as error:
                    faults.append(f"{error}: {records(web)} of {wanted}\n{machines.logs()[-4000:]}")
                try:
                    until(lambda: _look(folder, watch) >= wanted, "all stories stand in the feeds")
                except TimeoutError as error:
                    faults.append(str(error))
                found.records, found.stories = records(web), wanted
                seen = told(port)
        found.least_pause, found.looks = seen.least_pause(), watch.looks
        if found.records != found.stories:
            faults.append(f"{found.records} records of {found.stories} stories")
        if found.least_pause < GAP:
            faults.append(f"a site was asked after {found.least_pause:.3f} s")
        if found.longest_takeover > TAKEOVER:
            faults.append(f"a desk was gone for {found.longest_takeover:.1f} s")
        found.faults = (*watch.faults, *faults)
    finally:
        server.close()
    return found


def _look(folder: Path, watch: Watch) -> int:
    """Look at the feed of every source; how many entries they have together."""
    feeds = sorted((folder / "var/public/s").glob("*.atom"))
    return sum(len(watch.look(f"s/{path.name}", path.read_bytes())) for path in feeds)


def main() -> int:
    """The figures; 1 when one of them is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--scrapers", type=int, nargs="+", default=[0, 1, 2, 4])
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--desk", type=int, default=0, metavar="SOURCES")
    parser.add_argument("--visits", type=int, default=2000)
    parser.add_argument("--serve", nargs=3, metavar=("HOSTS", "PORT", "FRESH"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(serve(int(asked.serve[0]), int(asked.serve[1]), float(asked.serve[2])))
        return 0
    if asked.desk:
        return scale_desk.run(asked.desk, asked.visits)
    if asked.kills:
        found = kill(asked.kills, asked.hosts, seed=asked.seed)
        print(found)
        return 1 if found.faults else 0
    return compare(asked.scrapers, asked.hosts, asked.seconds)


if __name__ == "__main__":
    raise SystemExit(main())
