"""A newsroom for weeks in minutes: the real desk with a clock of its own, looked at after every day.

    python -m benchmarks.soak [--days 30] [--sites 14] [--keep-days 7] [--seed 1] [--minutes-limit 15]

The desk, its store on the disk, its schedule, revisits, retention, daily copies, repairs, publishing and the door to
the web are the real ones, and so are the processes that read pages; the sites are drawn by `--seed` and answer over
loopback. Only the clocks are turned by hand, and who wants to wait lets them go on. Ends with 1 for any fault.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import resource
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import structlog

from feeds.app.config import Config, load
from feeds.app.desk import Desk
from feeds.app.fetching import VERSION
from feeds.app.memory import collect_seldom, give_back, one_arena
from feeds.app.tending import Tending, copies_of
from feeds.app.visits import Visits
from feeds.pipe import Kept
from scrapers import Fetcher, Paces

from .playing import COPYDESK, free_port
from .soak_ledger import AGAIN_WITHIN, BEGIN, EVERYTHING, Day, Ledger, Report
from .soak_sites import DAY, Pages, Server, draw

TICK = 1800.0  # seconds between two rounds of revisits, health and publishing
POSTING = 165.0  # bytes of one hash of a record in the index over the newest ones
TOGETHER = 60.0  # visits that are due within so many seconds run at once

VISITS_A_DAY = 86400 / 300  # at most: a front is asked every five minutes


class Clock:
    """Time that goes on when somebody waits."""

    def __init__(self, at: float) -> None:
        self.at = at

    def wall(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        await asyncio.sleep(0)


class Turns:
    """The pause of a helper that runs for ever: one round of it at a time."""

    def __init__(self) -> None:
        self._go, self._paused = asyncio.Event(), asyncio.Event()

    async def pause(self, _seconds: float) -> None:
        self._paused.set()
        await self._go.wait()
        self._go.clear()

    async def one(self) -> None:
        """Lets it do one round."""
        await self._paused.wait()
        self._paused.clear()
        self._go.set()
        await self._paused.wait()


class Soak:
    """One run in a folder."""

    def __init__(self, folder: Path, *, days: int, sites: int, keep_days: int, seed: int, busy: float) -> None:
        self.folder, self.days, self.keep_days = folder, days, keep_days
        self.report = Report()
        self.pages = Pages(seed, draw(seed, sites, BEGIN, days, busy), free_port())
        self.ledger = Ledger(self.pages, keep_days * DAY, self.report)
        self.clock = Clock(BEGIN.timestamp())
        self.counts: Counter[str] = Counter()
        self.printing: asyncio.Task[list[str]] | None = None
        self._write()

    def _write(self) -> None:
        (self.folder / "seeds").mkdir(parents=True)
        for site in self.pages.sites:
            text = f'home = "{self.pages.home(site.number)}"\n'
            if site.selectors:
                text += '[discover]\nlinks = "h2.story-title a"\n[extract]\ntitle = "h1.story-head"\n'
            (self.folder / f"seeds/{site.name}.toml").write_text(text, "utf-8")
        (self.folder / "config.toml").write_text(
            'contact = "mailto:desk@example.org"\nbase_url = "http://127.0.0.1:8484"\n'
            f'[store]\nkeep = "{self.keep_days}d"\nbackups = 3\n[publish]\nhub = "none"\n'
            '[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "2s"\n'
            f'[[topics]]\nname = "{EVERYTHING}"\n'
            '[[topics]]\nname = "harbours"\nquery = "harbour OR ferry"\n'
            '[[topics]]\nname = "short"\nquery = "bridge"\nentries = 20\n',
            "utf-8",
        )

    def _door(self, config: Config, paces: Paces) -> Fetcher:
        return Fetcher(
            contact=config.contact,
            version=VERSION,
            paces=paces,
            allow_networks=config.fetch.allow_networks,
            local_gap=config.fetch.local_gap,
            clock=self.clock.now,
            sleep=self.clock.sleep,
        )

    async def run(self, until: float, tell: Callable[[str], None]) -> Report:
        """Every day, until a moment of the monotonic clock; then what only the end can tell."""
        config = load(self.folder / "config.toml")
        server = Server(self.pages, self.clock.now)
        await server.start()
        try:
            async with Desk(config, daemon=True, clock=self.clock.wall, workers=2, door=self._door) as desk:
                await self._live(desk, until, tell)
                self.report.troubles = await desk.in_store(self._troubles, desk)
        finally:
            await server.stop()
        self._end(config)
        return self.report

    async def _live(self, desk: Desk, until: float, tell: Callable[[str], None]) -> None:
        stopping, fresh, turns = asyncio.Event(), asyncio.Event(), Turns()
        visits = Visits(desk, stopping, fresh.set, self.clock.now)
        visits.scheduler.start(paused=True)

        def kept(_name: str, what: Kept) -> None:
            self.counts.update(fresh=len(what.fresh), revised=len(what.revised))
            self.report.copies += what.copies

        desk.on_kept = kept

        async def told(_files: list[str]) -> None:
            return None

        tending = Tending(desk, told, fresh.set, self.clock.now)
        await visits.schedule_all()
        revisits = asyncio.create_task(visits.revisit_young(turns.pause))
        try:
            for number in range(self.days):
                begun, requests = time.monotonic(), self.pages.requests
                self.counts.clear()
                self.pages.front_visits = [0] * len(self.pages.sites)
                ends = BEGIN.timestamp() + (number + 1) * DAY
                while self.clock.at < ends:
                    await self._tick(desk, visits, tending, turns, fresh, min(ends, self.clock.at + TICK))
                await self._look(desk, number)
                self.report.days.append(await self._measure(desk, begun, requests))
                tell(_line(number + 1, self.report.days[-1]))
                if time.monotonic() > until:
                    self.report.faults.append(f"only {number + 1} of {self.days} days within the time that was given")
                    break
        finally:
            stopping.set()
            revisits.cancel()
            await asyncio.wait([revisits])
            visits.stop()

    async def _tick(
        self, desk: Desk, visits: Visits, tending: Tending, turns: Turns, fresh: asyncio.Event, ends: float
    ) -> None:
        """What the daemon does within a tick."""
        while True:
            jobs = sorted(visits.scheduler.get_jobs(), key=lambda job: job.next_run_time)
            if len(jobs) != len(desk.seeds):
                self.ledger.fault(self.clock.at, f"{len(desk.seeds) - len(jobs)} sources have no next visit")
            if not jobs or jobs[0].next_run_time.timestamp() > ends:
                break
            first = jobs[0].next_run_time.timestamp()
            self.clock.at = max(self.clock.at, first)
            together = [job for job in jobs if job.next_run_time.timestamp() <= first + TOGETHER]
            for job in together:
                name = job.id.removeprefix("visit:")
                visits.scheduler.remove_job(job.id)
                self.counts["visits"] += 1
                visits.begin(name, visits.visit(name))
            await asyncio.wait(list(visits.running.values()))
        self.clock.at = max(self.clock.at, ends)
        await turns.one()
        if visits.running:
            await asyncio.wait(list(visits.running.values()))
        await tending.round()
        if tending._backup is not None:
            await asyncio.wait([tending._backup])
        if fresh.is_set() and (self.printing is None or self.printing.done()):
            fresh.clear()
            self.printing = asyncio.create_task(desk.press.publish())  # beside the visits, as the daemon does

    async def _look(self, desk: Desk, number: int) -> None:
        now = self.clock.at
        await desk.press.publish()
        self.ledger.look(desk.config.public, now)
        self._stories(desk.config)
        if desk.tally["failure", "bug"]:
            self.ledger.fault(now, f"{desk.tally['failure', 'bug']} bugs, see the log")
        most = max(self.pages.front_visits)
        if most > VISITS_A_DAY or min(self.pages.front_visits) < 3:
            self.ledger.fault(now, f"visits of a day: {self.pages.front_visits}")
        opened = await desk.in_store(lambda: desk.store.troubles(only_open=True))
        for trouble in opened:
            if not self._is_scripted(trouble.name, trouble.kind, now):
                self.ledger.fault(now, f"trouble: {trouble.name} {trouble.kind}: {trouble.cause}")
        for site in self.pages.sites:
            down = site.down is not None and site.down[0] + 1.5 * DAY < now < site.down[1]
            if down and not any(one.name == site.name and one.kind == "visits" for one in opened):
                self.ledger.fault(now, f"{site.name} is down and nobody is told")

    def _is_scripted(self, name: str, kind: str, now: float) -> bool:
        site = next((one for one in self.pages.sites if one.name == name), None)
        if site is None:
            return False
        if site.down is not None and kind == "visits":
            return site.down[0] <= now < site.down[1] + AGAIN_WITHIN
        if site.selectors and site.redesigned is not None and kind.startswith(("repaired:", "selector:")):
            return now >= site.redesigned
        return False

    def _stories(self, config: Config) -> None:
        """In the store: one record an address, and one story for all copies of a text."""
        with closing(sqlite3.connect(f"file:{config.store_path}?mode=ro", uri=True)) as db:
            rows = db.execute("SELECT url, story FROM record").fetchall()
        texts: dict[int, int] = {}
        stories: dict[int, int] = {}
        for url, story in rows:
            text = self.ledger.items[url].text
            if texts.setdefault(text, story) != story:
                self.ledger.fault(self.clock.at, f"{url} is in another story than its copies")
            if stories.setdefault(story, text) != text:
                self.ledger.fault(self.clock.at, f"{url} is in the story of another text")
        if len(rows) != len({url for url, _ in rows}):
            self.ledger.fault(self.clock.at, "an address has two records")

    async def _measure(self, desk: Desk, begun: float, requests: int) -> Day:
        gc.collect()
        give_back()
        files = [path for path in desk.config.public.rglob("*") if path.is_file()]
        store = desk.config.store_path
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
            records, stories = (db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("record", "story"))
            troubles = db.execute("SELECT count(*) FROM trouble WHERE closed IS NULL").fetchone()[0]
        return Day(
            visits=self.counts["visits"],
            most_visits=max(self.pages.front_visits),
            requests=self.pages.requests - requests,
            fresh=self.counts["fresh"],
            revised=self.counts["revised"],
            records=records,
            stories=stories,
            files=len(files),
            published_mb=sum(path.stat().st_size for path in files) / 1e6,
            store_mb=sum(path.stat().st_size for path in store.parent.glob(f"{store.name}*")) / 1e6,
            memory_mb=_rss_mb(),
            newest_mb=await desk.in_store(lambda: len(desk.store.index._tail) * POSTING / 1e6),
            descriptors=len(os.listdir("/proc/self/fd")),
            troubles=troubles,
            seconds=time.monotonic() - begun,
        )

    def _troubles(self, desk: Desk) -> list[str]:
        found = []
        for one in sorted(desk.store.troubles(), key=lambda one: one.opened):
            until = "open" if one.closed is None else f"day {(one.closed - BEGIN) / timedelta(days=1):.1f}"
            found.append(f"{one.name} {one.kind}: day {(one.opened - BEGIN) / timedelta(days=1):.1f} to {until}")
        return found

    def _end(self, config: Config) -> None:
        """The file is sound, and the last daily copy restores to the same ids."""
        with closing(sqlite3.connect(config.store_path)) as db:
            if (said := db.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
                self.report.faults.append(f"integrity_check: {said}")
        self.report.faults += self.report.growth(self.keep_days)
        copies = [path for path in copies_of(config.store_path) if path.parent.name == "backups"]
        if len(copies) != min(3, len(self.report.days) + 1):  # the last day began at its midnight
            self.report.faults.append(f"{len(copies)} daily copies")
        if not copies:
            return
        other = self.folder.with_name(f"{self.folder.name}-restored")
        copytree(self.folder, other)
        again = other / copies[-1].relative_to(self.folder)
        done = subprocess.run(
            [*COPYDESK, "--config", str(other / "config.toml"), "restore", str(again)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            self.report.faults.append(f"restore: {done.stdout} {done.stderr}")
            return
        before, after = _ids(config.store_path), _ids(other / config.store_path.relative_to(self.folder))
        lost = [url for url in before if url not in after]
        moved = [url for url in before if url in after and after[url] != before[url]]
        if lost or moved:
            self.report.faults.append(
                f"after a restore {len(lost)} of {len(before)} records are lost, {len(moved)} have other ids:"
                f" {(lost + moved)[:3]}"
            )


def _ids(store: Path) -> dict[str, tuple[str, str, int]]:
    with closing(sqlite3.connect(store)) as db:
        rows = db.execute(
            "SELECT record.url, record.id, story.id, record.published FROM record JOIN story ON story.n=record.story"
        ).fetchall()
    return {url: (record, story, published) for url, record, story, published in rows}


def _rss_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


HEAD = (
    "          visits  most  requests   new  revised  records  stories  files  folder  store  memory  fds  open"
    "  seconds"
)


def _line(number: int, day: Day) -> str:
    return (
        f"day {number:3}  {day.visits:6}  {day.most_visits:4}  {day.requests:8}  {day.fresh:4}  {day.revised:7}"
        f"  {day.records:7}  {day.stories:7}  {day.files:5}  {day.published_mb:6.1f}  {day.store_mb:5.1f}"
        f"  {day.memory_mb:6.1f}  {day.descriptors:3}  {day.troubles:4}  {day.seconds:7.1f}"
    )


def _week(days: Sequence[Day]) -> Day:
    """The last of some days, with the sums of what all of them did."""
    return replace(
        days[-1],
        visits=sum(day.visits for day in days),
        most_visits=max(day.most_visits for day in days),
        requests=sum(day.requests for day in days),
        fresh=sum(day.fresh for day in days),
        revised=sum(day.revised for day in days),
        seconds=sum(day.seconds for day in days),
    )


def soak(
    folder: Path,
    *,
    days: int,
    sites: int = 14,
    keep_days: int = 7,
    seed: int = 1,
    busy: float = 1.0,
    until: float = float("inf"),
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """One run in a new folder; `busy` is how much the sites tell, `until` a moment of the monotonic clock."""
    run = Soak(folder, days=days, sites=sites, keep_days=keep_days, seed=seed, busy=busy)
    return asyncio.run(run.run(until, tell))


def main() -> int:
    """The table; 1 for any fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--sites", type=int, default=14)
    parser.add_argument("--keep-days", type=int, default=7, help="store.keep")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes-limit", type=float, default=15.0)
    parser.add_argument("--folder", type=Path, help="a folder that stays")
    asked = parser.parse_args()
    one_arena()
    collect_seldom()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        folder = asked.folder or Path(place) / "desk"
        folder.mkdir(parents=True, exist_ok=True)
        _log_to(folder / "log.txt")
        print(HEAD, flush=True)
        report = soak(
            folder,
            days=asked.days,
            sites=asked.sites,
            keep_days=asked.keep_days,
            seed=asked.seed,
            until=time.monotonic() + asked.minutes_limit * 60,
            tell=lambda line: print(line, flush=True),
        )
    print("\n".join(report.troubles))
    print("the last day of each week, with what the whole week did")
    print(HEAD)
    for number in range(7, len(report.days) + 1, 7):
        print(_line(number, _week(report.days[number - 7 : number])))
    print(report.totals())
    for fault, count in Counter(report.faults).most_common(30):
        print(f"FAULT {fault}" + (f" ({count} times)" if count > 1 else ""))
    print("as it has to be" if not report.faults else f"NOT as it has to be: {len(report.faults)} faults")
    return 1 if report.faults else 0


def _log_to(path: Path) -> None:
    """The daemon's log, in a file."""
    logging.disable(logging.INFO)
    file = path.open("w", encoding="utf-8")
    structlog.configure(
        logger_factory=structlog.WriteLoggerFactory(file),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
