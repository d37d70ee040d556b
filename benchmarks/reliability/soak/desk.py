"""The soak of one desk: days of visits, revisits, maintenance and publishing, looked at after each."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

from benchmarks.reliability.soak.beside import Beside, Looked, Plan, beside
from benchmarks.reliability.soak.ledger import AGAIN_WITHIN, BEGIN, EVERYTHING, Day, Report
from benchmarks.reliability.soak.sites import DAY
from benchmarks.reliability.soak.turned_time import Clock, SharedMoment, Turns
from feeds.app.application import Application, open_application
from feeds.app.config.config import Config, load
from feeds.app.daemon.maintenance import Maintenance
from feeds.app.daemon.scheduler import Scheduler
from feeds.app.jobs.backups import copies_of
from feeds.app.system.memory import give_back
from feeds.app.system.version import VERSION
from feeds.pipe import Kept
from scrapers import Fetcher, Paces
from tests.support.playing import COPYDESK, free_port

TICK = 1800.0  # seconds between two rounds of revisits, health and publishing
TOGETHER = 60.0  # visits that are due within so many seconds run at once

VISITS_A_DAY = 86400 / 300  # at most: a front is asked every five minutes


class Soak:
    """One run in a folder."""

    def __init__(self, folder: Path, *, days: int, sites: int, keep_days: int, seed: int, busy: float) -> None:
        self.folder, self.days, self.keep_days = folder, days, keep_days
        self.report = Report()
        place = folder.with_name(f"{folder.name}-moment")
        self.clock = Clock(SharedMoment(place, BEGIN.timestamp()))
        self.plan = Plan(seed, sites, days, busy, keep_days, free_port(), str(place))
        self.pages = self.plan.pages()
        self.pages.sites = [replace(site, items=[]) for site in self.pages.sites]  # the other process has the stories
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

    def _fetcher(self, config: Config, paces: Paces) -> Fetcher:
        return Fetcher(
            contact=config.contact,
            version=VERSION,
            paces=paces,
            allow_networks=config.fetch.allow_networks,
            local_gap=config.fetch.local_gap,
            clock=self.clock.now,
            sleep=self.clock.sleep,
        )

    async def run(self, until: float, tell: Callable[[int, Day], None]) -> Report:
        """Every day, until a moment of the monotonic clock; then what only the end can tell."""
        config = load(self.folder / "config.toml")
        with beside(self.plan) as other:
            async with open_application(
                config, daemon=True, clock=self.clock.wall, workers=2, fetcher=self._fetcher
            ) as app:
                await self._live(app, other, until, tell)
                self.report.troubles = await app.thread.call(self._troubles, app)
        self._end(config)
        return self.report

    async def _live(self, app: Application, other: Beside, until: float, tell: Callable[[int, Day], None]) -> None:
        stopping, fresh, turns = asyncio.Event(), asyncio.Event(), Turns()
        scheduler = Scheduler(app, stopping, fresh.set, self.clock.now)
        scheduler.wakeups.start(paused=True)

        def kept(_name: str, what: Kept) -> None:
            self.counts.update(fresh=len(what.fresh), revised=len(what.revised))
            self.report.copies += what.copies

        app.jobs.keeper.on_kept = kept

        async def told(_files: list[str]) -> None:
            return None

        maintenance = Maintenance(app, told, fresh.set, self.clock.now)
        await scheduler.schedule_all()
        revisits = asyncio.create_task(scheduler.revisit_young(turns.pause))
        try:
            for number in range(self.days):
                begun = time.monotonic()
                self.counts.clear()
                ends = BEGIN.timestamp() + (number + 1) * DAY
                while self.clock.at < ends:
                    await self._tick(app, scheduler, maintenance, turns, fresh, min(ends, self.clock.at + TICK))
                looked = await self._look(app, other)
                self.report.days.append(self._measure(app, begun, looked))
                tell(number + 1, self.report.days[-1])
                if time.monotonic() > until:
                    self.report.faults.append(f"only {number + 1} of {self.days} days within the time that was given")
                    break
        finally:
            stopping.set()
            revisits.cancel()
            await asyncio.wait([revisits])
            scheduler.stop()

    async def _tick(
        self,
        app: Application,
        scheduler: Scheduler,
        maintenance: Maintenance,
        turns: Turns,
        fresh: asyncio.Event,
        ends: float,
    ) -> None:
        """What the daemon does within a tick."""
        while True:
            jobs = sorted(scheduler.wakeups.get_jobs(), key=lambda job: job.next_run_time)
            if len(jobs) != len(app.installation.seeds):
                self.report.fault(
                    self.clock.at, f"{len(app.installation.seeds) - len(jobs)} sources have no next visit"
                )
            if not jobs or jobs[0].next_run_time.timestamp() > ends:
                break
            first = jobs[0].next_run_time.timestamp()
            self.clock.at = max(self.clock.at, first)
            together = [job for job in jobs if job.next_run_time.timestamp() <= first + TOGETHER]
            for job in together:
                name = job.id.removeprefix("visit:")
                scheduler.wakeups.remove_job(job.id)
                self.counts["visits"] += 1
                scheduler.begin(name, scheduler.visit(name))
            await asyncio.wait(list(scheduler.running.values()))
        self.clock.at = max(self.clock.at, ends)
        await turns.one()
        if scheduler.running:
            await asyncio.wait(list(scheduler.running.values()))
        await maintenance.round()
        if maintenance._backup is not None:
            await asyncio.wait([maintenance._backup])
        if fresh.is_set() and (self.printing is None or self.printing.done()):
            fresh.clear()
            self.printing = asyncio.create_task(app.publisher.publish())  # beside the visits, as the daemon does

    async def _look(self, app: Application, other: Beside) -> Looked:
        now, config = self.clock.at, app.installation.config
        await app.publisher.publish()
        looked = await asyncio.to_thread(other.look, config.public, config.store_path)
        self.report.faults += looked.faults
        if app.statistics.counts["failure", "bug"]:
            self.report.fault(now, f"{app.statistics.counts['failure', 'bug']} bugs, see the log")
        if max(looked.front_visits) > VISITS_A_DAY or min(looked.front_visits) < 3:
            self.report.fault(now, f"visits of a day: {looked.front_visits}")
        opened = await app.thread.call(lambda: app.thread.store.troubles.all(only_open=True))
        for trouble in opened:
            if not self._is_scripted(trouble.name, trouble.kind, now):
                self.report.fault(now, f"trouble: {trouble.name} {trouble.kind}: {trouble.cause}")
        for site in self.pages.sites:
            down = site.down is not None and site.down[0] + 1.5 * DAY < now < site.down[1]
            if down and not any(one.name == site.name and one.kind == "visits" for one in opened):
                self.report.fault(now, f"{site.name} is down and nobody is told")
        return looked

    def _is_scripted(self, name: str, kind: str, now: float) -> bool:
        site = next((one for one in self.pages.sites if one.name == name), None)
        if site is None:
            return False
        if site.down is not None and kind == "visits":
            return site.down[0] <= now < site.down[1] + AGAIN_WITHIN
        if site.selectors and site.redesigned is not None and kind.startswith(("repaired:", "selector:")):
            return now >= site.redesigned
        return False

    def _measure(self, app: Application, begun: float, looked: Looked) -> Day:
        gc.collect()
        give_back()
        files = [path for path in app.installation.config.public.rglob("*") if path.is_file()]
        store = app.installation.config.store_path
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
            records, stories = (db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("record", "story"))
            troubles = db.execute("SELECT count(*) FROM trouble WHERE closed IS NULL").fetchone()[0]
        return Day(
            visits=self.counts["visits"],
            most_visits=max(looked.front_visits),
            requests=looked.requests,
            fresh=self.counts["fresh"],
            revised=self.counts["revised"],
            records=records,
            stories=stories,
            files=len(files),
            published_mb=sum(path.stat().st_size for path in files) / 1e6,
            store_mb=sum(path.stat().st_size for path in store.parent.glob(f"{store.name}*")) / 1e6,
            memory_mb=_rss_mb(),
            descriptors=len(os.listdir("/proc/self/fd")),
            troubles=troubles,
            seconds=time.monotonic() - begun,
        )

    def _troubles(self, app: Application) -> list[str]:
        found = []
        for one in sorted(app.thread.store.troubles.all(), key=lambda one: one.opened):
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


def soak(
    folder: Path,
    *,
    days: int,
    sites: int = 14,
    keep_days: int = 7,
    seed: int = 1,
    busy: float = 1.0,
    until: float = float("inf"),
    tell: Callable[[int, Day], None] = lambda number, day: None,
) -> Report:
    """One run in a new folder; `busy` is how much the sites tell, `until` a moment of the monotonic clock."""
    run = Soak(folder, days=days, sites=sites, keep_days=keep_days, seed=seed, busy=busy)
    return asyncio.run(run.run(until, tell))
