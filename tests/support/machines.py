"""A desk and scrapers as processes of their own over one PostgreSQL: what whole-program tests and benchmarks start."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from feeds.store import StoreBusy, StoreUnusable, lock_of
from feeds.store.database.location import PostgresLocation
from tests.support import preloaded
from tests.support.paths import ROOT
from tests.support.preloaded import Process
from tests.support.waiting import PATIENCE, until


class Machines:
    """Processes that share a database. All of them end with the block."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.scrapers: list[Process] = []
        self.desks: list[Process] = []
        self.all: list[Process] = []

    def __enter__(self) -> Machines:
        return self

    def __exit__(self, *_: object) -> None:
        self.end(self.all)

    def scraper(self, parallel: int = 8, *more: str, url: str | None = None) -> Process:
        """Start a scraper; `url`: its way to the database, where it has one of its own."""
        name = f"scraper-{len(self.all)}.log"
        process = self._start(["scraper", "--url", url or self.url, "-j", str(parallel), *more], name)
        self.scrapers.append(process)
        return process

    def desk(self, config: Path) -> Process:
        """Start a desk: it leads, or waits while another one does."""
        process = self._start(["--config", str(config), "run"], f"desk-{len(self.all)}.log")
        self.desks.append(process)
        return process

    def supervise(self, config: Path) -> list[int]:
        """Start desks that ended anew, as whatever looks after services does; their exit codes."""
        ended = [one for one in self.desks if one.poll() is not None]
        for one in ended:
            self.desks.remove(one)
            self.desk(config)
        return [one.returncode for one in ended]

    def on_server(self, config: Path) -> None:
        """Let an installation have its store in the database."""
        text = config.read_text("utf-8")
        table = f'[store]\nurl = "{self.url}"\nfolder = "beside"\nbackups = 0\n'
        before, old, after = text.partition("[store]\n")
        if old:
            after = "".join(line for line in after.splitlines(True) if not line.startswith(("url =", "backups =")))
        config.write_text(before + table + after if old else f"{text}\n{table}", "utf-8")

    def leader(self) -> Process | None:
        """The desk that leads at this moment."""
        try:
            pid = lock_of(PostgresLocation(self.url, self.folder)).holder()
        except (StoreBusy, StoreUnusable):
            return None
        return next((one for one in self.all if one.pid == pid), None)

    def end(self, processes: Iterable[Process]) -> list[int]:
        """SIGTERM, and the exit codes."""
        running = list(processes)
        for process in running:
            if process.poll() is None:
                process.terminate()
        codes = []
        for process in running:
            try:
                codes.append(process.wait(PATIENCE))
            except subprocess.TimeoutExpired:
                process.kill()
                codes.append(process.wait(PATIENCE))
        return codes

    def kill(self, process: Process) -> None:
        """kill -9."""
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        for those in (self.scrapers, self.desks):
            if process in those:
                those.remove(process)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until something holds; at once an error with the logs where none of those that do it runs any more."""
        try:
            until(lambda: condition() or self._nobody(), what)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.logs()}") from None

    def _nobody(self) -> bool:
        """Never true: raises AssertionError where every desk or every scraper has ended."""
        for kind, those in (("desk", self.desks), ("scraper", self.scrapers)):
            if those and all(one.poll() is not None for one in those):
                raise AssertionError(f"every {kind} has ended: {[one.returncode for one in those]}\n{self.logs()}")
        return False

    def logs(self) -> str:
        """The last lines of all logs."""
        found = [path.read_text("utf-8", "replace")[-3000:] for path in sorted(self.folder.glob("*.log"))]
        return "\n----\n".join(found)

    def _start(self, arguments: list[str], name: str) -> Process:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = preloaded.start(arguments, self.folder / name, folder=ROOT, environment=environment)
        self.all.append(process)
        return process
