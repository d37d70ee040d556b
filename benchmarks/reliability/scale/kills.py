"""Scrapers and desks killed at random, PostgreSQL restarted, a scraper cut off from it: what became of the stories."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.reliability.scale.installation import FRESH, GAP, records, told, write
from benchmarks.reliability.scale.partition import Network
from benchmarks.speed.load import serving
from feeds.app.cli.command import IN_USE, UNUSABLE
from tests.support.machines import Machines
from tests.support.playing import Watch, free_port
from tests.support.postgres import USER, Postgres
from tests.support.preloaded import Process
from tests.support.waiting import until

TAKEOVER = 15.0  # seconds without a desk, at most
CUT = 120.0  # seconds that a scraper is cut off
CUT_FIRST, CUT_EACH = 2, 50  # kills before the first cut, and between two
SCRAPERS = 3
EACH = 10  # kills between two lines that tell how far it is


@dataclass(slots=True)
class Killed:
    """What a run with kills came to."""

    scrapers: int = 0
    desks: int = 0
    restarts: int = 0
    cuts: int = 0
    ended: list[int] = field(default_factory=list)  # exit codes of desks that ended by themselves
    looks: int = 0
    takeovers: list[float] = field(default_factory=list)  # seconds without a desk after each kill of one
    least_pause: float = 0.0
    records: int = 0
    stories: int = 0
    faults: tuple[str, ...] = ()

    @property
    def longest_takeover(self) -> float:
        """Seconds."""
        return max(self.takeovers, default=0.0)


class _Run:
    """One run: three scrapers, each with a way of its own to the database, and two desks."""

    def __init__(self, machines: Machines, config: Path, web: int, networks: Sequence[Network], chance: Random) -> None:
        self.machines = machines
        self.config = config
        self.found = Killed()
        self.faults: list[str] = []
        self._web = web
        self._chance = chance
        self._networks = networks
        self._scrapers = [self._scraper(network) for network in networks]
        self._cut: tuple[Network, float] | None = None  # which way is cut, until when

    def _scraper(self, network: Network) -> Process:
        name = Postgres.name_of(self.machines.url)
        return self.machines.scraper(4, url=f"postgresql://{USER}@127.0.0.1:{network.port}/{name}")

    def kill_scraper(self) -> None:
        """One is killed, and another comes in its place."""
        place = self._chance.randrange(len(self._scrapers))
        self.machines.kill(self._scrapers[place])
        self._scrapers[place] = self._scraper(self._networks[place])
        self.found.scrapers += 1

    def kill_desk(self) -> None:
        """The leading desk is killed; the other one has to answer in its place."""
        until(lambda: self.machines.leader() is not None, "a desk leads")
        leader = self.machines.leader()
        if leader is None:
            return
        self.machines.kill(leader)
        began = time.monotonic()
        self.machines.until(self._answers, "the other desk answers")
        self.found.takeovers.append(time.monotonic() - began)
        self.machines.desk(self.config)
        self.found.desks += 1

    def _answers(self) -> bool:
        self.supervise()
        return records(self._web) >= 0

    def supervise(self) -> bool:
        """Start desks that ended; always true. One that lost the lead says so (exit 5), and while it still holds the
        port that both of them have here, the other one does (exit 4); any other end is a fault."""
        codes = self.machines.supervise(self.config)
        self.found.ended += codes
        if any(code not in (UNUSABLE, IN_USE) for code in codes):
            self.faults.append(f"desks ended with {codes}:\n{self.machines.logs()}")
        return True

    def cut(self, seconds: float) -> None:
        """Cut one scraper off, if none is; everything else goes on meanwhile."""
        if self._cut is None:
            network = self._chance.choice(self._networks)
            network.cut()
            self._cut = network, time.monotonic() + seconds
            self.found.cuts += 1

    def mend(self) -> bool:
        """End the cut when its time is over; whether nobody is cut off."""
        if self._cut is not None and time.monotonic() > self._cut[1]:
            self._cut[0].mend()
            self._cut = None
        return self._cut is None


def kill(times: int, hosts: int, *, seed: int = 1, still: float = CUT, logs: Path | None = None) -> Killed:
    """Kill at random, look at every feed meanwhile, and count in the end. `still`: how long a scraper is cut off.

    The logs of all processes, and the server's, are kept in the folder `logs`.
    """
    chance, watch, faults = Random(seed), Watch(), list[str]()
    port, web = free_port(), free_port()
    server = Postgres(durable=True)
    try:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scale-")))
            if logs is not None:
                stack.callback(_keep_logs, (folder, server.folder), logs)
            # so seldom that the feeds hold all stories: what leaves them for an archive is not looked at
            stack.enter_context(serving("scale", hosts, port, max(FRESH, times / 4), 0))
            url = server.url(server.create())
            config = write(folder, hosts, port, web, every=2.0)
            socket = server.folder / ".s.PGSQL.5432"
            networks = [stack.enter_context(Network(free_port(), socket)) for _ in range(SCRAPERS)]
            machines = stack.enter_context(Machines(folder, url))
            machines.on_server(config)
            run = _Run(machines, config, web, networks, chance)
            for _ in range(2):
                machines.desk(config)
            machines.until(lambda: records(web) > 0, "the first stories are there")
            for number in range(times):
                time.sleep(chance.uniform(0.5, 4.0))  # a moment by chance
                _look(folder, watch)
                run.supervise()
                run.mend()
                if number % CUT_EACH == CUT_FIRST:
                    run.cut(still)
                what = chance.choices(("scraper", "desk", "server"), (6, 3, 2))[0]
                if what == "scraper":
                    run.kill_scraper()
                elif what == "desk":
                    run.kill_desk()
                else:
                    server.restart(chance.choice(("fast", "immediate")))
                    run.found.restarts += 1
                if number % EACH == EACH - 1:
                    print(f"{number + 1} of {times}: {watch.looks} looks, {records(web)} records", file=sys.stderr)
            until(lambda: run.supervise() and run.mend(), "the one that was cut off is back")
            told(port, "_stop")
            wanted = sum(told(port).stories.values())
            try:
                until(lambda: run.supervise() and records(web) >= wanted, "all stories are kept")
            except TimeoutError as error:
                faults.append(f"{error}: {records(web)} of {wanted}\n{machines.logs()[-4000:]}")
            try:
                until(lambda: _look(folder, watch) >= wanted, "all stories stand in the feeds")
            except TimeoutError as error:
                faults.append(str(error))
            found = run.found
            found.records, found.stories = records(web), wanted
            found.least_pause, found.looks = told(port).least_pause(), watch.looks
            faults += run.faults
    finally:
        server.close()
    if found.records != found.stories:
        faults.append(f"{found.records} records of {found.stories} stories")
    if found.least_pause < GAP:
        faults.append(f"a site was asked after {found.least_pause:.3f} s")
    if found.longest_takeover > TAKEOVER:
        faults.append(f"a desk was gone for {found.longest_takeover:.1f} s")
    found.faults = (*watch.faults, *faults)
    return found


def run(times: int, hosts: int, seed: int, logs: Path | None) -> int:
    """Print what a run came to; 1 when a promise is broken."""
    found = kill(times, hosts, seed=seed, logs=logs)
    late = sorted(found.takeovers)
    print(f"kills             {found.scrapers} scrapers, {found.desks} desks, {found.restarts} restarts of PostgreSQL")
    print(f"cut off           {found.cuts} times for {CUT:.0f} s")
    print(f"stories           {found.records} of {found.stories}, each once")
    print(f"looks at feeds    {found.looks}")
    print(f"least pause       {found.least_pause:.3f} s, the gap is {GAP} s")
    if late:
        print(f"without a desk    median {late[len(late) // 2]:.1f} s, at most {late[-1]:.1f} s")
    print(f"desks that ended  {found.ended}")
    print("\n".join(found.faults) or "as it has to be")
    return 1 if found.faults else 0


def _look(folder: Path, watch: Watch) -> int:
    """Look at the feed of every source; how many entries they have together."""
    feeds = sorted((folder / "var/public/s").glob("*.atom"))
    return sum(len(watch.look(f"s/{path.name}", path.read_bytes())) for path in feeds)


def _keep_logs(folders: Sequence[Path], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for folder in folders:
        for path in (*folder.glob("*.log"), *folder.glob("log")):
            shutil.copy(path, target)
