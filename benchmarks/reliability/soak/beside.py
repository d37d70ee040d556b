"""The sites and the ledger of a soak, in a process of their own: what the other process holds is the program's alone.

    python -m benchmarks.reliability.soak.beside PLAN

It reads a line for each look and answers with one, both JSON, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.reliability.soak.ledger import BEGIN, Ledger, Report
from benchmarks.reliability.soak.sites import DAY, Pages, Server, draw
from benchmarks.reliability.soak.turned_time import SharedMoment

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Plan:
    """What both processes know of a run."""

    seed: int
    sites: int
    days: int
    busy: float
    keep_days: int
    port: int
    moment: str  # file with the time that it is

    def pages(self) -> Pages:
        """What the sites answer, with all their stories."""
        return Pages(self.seed, draw(self.seed, self.sites, BEGIN, self.days, self.busy), self.port)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look came to."""

    faults: list[str]
    requests: int  # since the last look
    front_visits: list[int]  # of each site since then


class Beside:
    """The other process, as the one with the program sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def look(self, public: Path, store: Path) -> Looked:
        """Look at all published documents and at the store, as of now."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps([str(public), str(store)]), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process with the sites has ended")
        return Looked(**json.loads(line))


@contextmanager
def beside(plan: Plan) -> Iterator[Beside]:
    """The process, while its sites answer."""
    command = [sys.executable, "-m", "benchmarks.reliability.soak.beside", json.dumps(asdict(plan))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the sites do not come up")
        yield Beside(process)
        process.stdin.close()


async def serve(plan: Plan) -> None:
    """Answer for the sites, and look when a line comes."""
    pages, report, moment = plan.pages(), Report(), SharedMoment(Path(plan.moment))
    ledger = Ledger(pages, plan.keep_days * DAY, report)
    server = Server(pages, moment.get)
    await server.start()
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        public, store = map(Path, json.loads(line))
        ledger.look(public, moment.get())
        _stories(ledger, store, moment.get())
        print(json.dumps(asdict(Looked(report.faults, pages.requests, pages.front_visits))), flush=True)
        report.faults.clear()
        pages.requests, pages.front_visits = 0, [0] * len(pages.sites)
    await server.stop()


def _stories(ledger: Ledger, store: Path, now: float) -> None:
    """In the store: one record an address, and one story for all copies of a text."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT url, story FROM record").fetchall()
    texts: dict[int, int] = {}
    stories: dict[int, int] = {}
    for url, story in rows:
        text = ledger.items[url].text
        if texts.setdefault(text, story) != story:
            ledger.report.fault(now, f"{url} is in another story than its copies")
        if stories.setdefault(story, text) != text:
            ledger.report.fault(now, f"{url} is in the story of another text")
    if len(rows) != len({url for url, _ in rows}):
        ledger.report.fault(now, "an address has two records")


if __name__ == "__main__":
    asyncio.run(serve(Plan(**json.loads(sys.argv[1]))))
