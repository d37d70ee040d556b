"""A full desk on loopback: many sources at the usual interval, or ten thousand at rest.

    python -m benchmarks.load [--sources 2000] [--every 300] [--minutes 15]
    python -m benchmarks.load --idle 10000

Every source is a site of its own, at its own address in 127.0.0.0/8, served by one other process. Due times are spread
over the interval, as they are after some hours; the sites see when they are asked, and so how late a visit comes. The
daemon is ended in the middle of its work. Memory is the daemon's own, without the processes that parse. Ends with 1
when a figure is not as it has to be.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from statistics import linear_regression
from urllib.request import urlopen

from scrapers.schedule.next_visit import spread
from tests.support.loopback import Answer, Connection, word
from tests.support.playing import answer_of, free_port
from tests.support.waiting import PATIENCE, until_of

STORIES = 3  # of every site at the start
START = 10.0  # seconds until the daemon answers, at most
STOP = 10.0  # seconds until it has ended, at most
MEMORY_MB = 200.0
LATE = 0.05  # of the interval: what 99 of 100 visits keep to
FRESH_EVERY = 900.0  # seconds until a site has one more


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to."""

    sources: int
    start_seconds: float  # from the command until /health answers
    ready_mb: float
    first_mb: float  # after the first round
    end_mb: float
    slope_mb: float  # an hour, after the first round; a straight line through what was measured
    descriptors: tuple[int, int]  # open ones after the first round and at the end
    lateness: tuple[float, ...]  # seconds, sorted; one of every visit but each source's first
    requests: int
    stories: int
    unpublished: int  # sources whose feed is yet to be written, at the end
    stop_seconds: float
    exit_code: int

    def late(self, share: float) -> float:
        """The lateness that so many of all visits do not exceed."""
        return self.lateness[min(len(self.lateness) - 1, int(len(self.lateness) * share))] if self.lateness else 0.0

    def complaints(self, every: float, *, idle: bool) -> list[str]:
        """What is not as it has to be; empty when all is well."""
        found = []
        if self.start_seconds > START:
            found.append(f"the start took {self.start_seconds:.1f} s, at most {START:.0f} are allowed")
        if self.end_mb > MEMORY_MB:
            found.append(f"the daemon holds {self.end_mb:.0f} MB, at most {MEMORY_MB:.0f} are allowed")
        if self.exit_code != 0 or self.stop_seconds > STOP:
            found.append(f"the stop took {self.stop_seconds:.1f} s and ended with {self.exit_code}")
        if idle:
            return found
        if not self.lateness:
            found.append("no visit was timed: let it run longer than two intervals")
        if self.late(0.99) > LATE * every:
            found.append(f"99 of 100 visits are at most {self.late(0.99):.1f} s late, {LATE * every:.1f} s are allowed")
        if self.end_mb > self.first_mb * 1.1 + 10:
            found.append(f"memory grew from {self.first_mb:.0f} to {self.end_mb:.0f} MB after the first round")
        if self.descriptors[1] > self.descriptors[0] + 50:
            found.append(f"open descriptors grew from {self.descriptors[0]} to {self.descriptors[1]}")
        return found


# --- the sites: a process of its own


def address(number: int) -> str:
    """The address of a site: 127.1.0.1 and those after it."""
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


class Sites:
    """All sites; what they are asked is counted by site."""

    def __init__(self, count: int, port: int) -> None:
        self.count, self.port = count, port
        self.begun = time.time()
        self.fronts: list[list[float]] = [[] for _ in range(count)]  # when each was asked for its front
        self.ends: list[list[float]] = [[] for _ in range(count)]  # when the last request of each visit was answered
        self.requests = 0

    def answer(self, number: int, path: str, etag: str) -> Answer:
        """Status, type, ETag and body."""
        if path == "/_told":
            return 200, "application/json", "", json.dumps([self.fronts, self.ends, self.requests]).encode()
        now = time.time()
        self.requests += 1
        stories = STORIES + int((now - self.begun + number % FRESH_EVERY) // FRESH_EVERY)
        if path == "/":
            self.fronts[number].append(now)
            self.ends[number].append(now)
            own = f'"{stories}"'
            return (304, "text/html", own, b"") if etag == own else (200, "text/html", own, _front(number, stories))
        if self.ends[number]:
            self.ends[number][-1] = now
        if path.startswith("/news/") and (n := int(path.rpartition("-")[2] or 0)) < stories:
            return 200, "text/html", f'"a{n}"', _article(number, n)
        return 404, "text/plain", "", b"no such page"


async def _serve(count: int, port: int) -> None:
    loop = asyncio.get_running_loop()
    sites = Sites(count, port)
    for number in range(count):
        make = partial(Connection, partial(sites.answer, number), time.time)
        await loop.create_server(make, address(number), port)
    print("ready", flush=True)
    await asyncio.Event().wait()


def _words(chance: Random, count: int) -> str:
    words = [word(chance) for _ in range(count)]
    return " ".join(words).capitalize()


def _title(number: int, n: int) -> str:
    return _words(Random(f"title {number} {n}"), 8)


def _front(number: int, stories: int) -> bytes:
    items = "".join(
        f'<article><h2><a href="/news/{_title(number, n).lower().replace(" ", "-")}-{n}">{_title(number, n)}</a></h2>'
        f"<p>{_words(Random(f'teaser {number} {n}'), 20)}.</p></article>"
        for n in reversed(range(stories))
    )
    name = f"Site {number}"
    page = f"<!doctype html><html lang='en'><head><title>{name}</title></head><body><main>{items}</main></body></html>"
    return page.encode()


def _article(number: int, n: int) -> bytes:
    chance = Random(f"text {number} {n}")
    text = "".join(f"<p>{_words(chance, 60)}. {_words(chance, 30)}.</p>" for _ in range(6))
    title = _title(number, n)
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() // 86400 * 86400 - 86400 * (1 + n % 3)))
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title><meta property='og:title' content='{title}'>"
        f"<meta property='article:published_time' content='{when}'></head>"
        f"<body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    ).encode()


# --- the daemon


def measure(folder: Path, sources: int, every: float, minutes: float, *, idle: bool) -> Report:
    """Runs it all. `idle`: nothing is due, and the daemon is looked at as soon as it is ready."""
    port, web = free_port(), free_port()
    with serving("load", 0 if idle else sources, port):
        _write(folder, sources, port, web, every)
        command = [sys.executable, "-c", "import sys; from feeds.app.cli.main import main; sys.exit(main())", "-c"]
        command += [str(folder / "config.toml"), "run"]
        started = time.monotonic()
        _end(_start(command, folder, web))  # takes the sources in
        print(f"taken in within {time.monotonic() - started:.1f} s", flush=True)
        with sqlite3.connect(folder / "var/copydesk.db") as db:
            if idle:
                db.execute("UPDATE source SET due=?, last_visit=?", (time.time() + 86400, int(time.time())))
            else:
                names = [name for (name,) in db.execute("SELECT name FROM source ORDER BY name")]
                dues = [(time.time() + 5 + every * place / sources, name) for place, name in enumerate(names)]
                db.executemany("UPDATE source SET due=? WHERE name=?", dues)
        db.close()
        started = time.monotonic()
        process = _start(command, folder, web)
        ready = time.monotonic() - started
        ready_mb = first_mb = _rss_mb(process.pid)
        first_open = end_open = _descriptors(process.pid)
        after: list[tuple[float, float]] = []  # seconds and MB, after the first round
        ends = started + (30 if idle else minutes * 60)
        round_ends = started + 15 + every
        while process.poll() is None and (time.monotonic() < ends or not (idle or _all_again(port))):
            if time.monotonic() > ends + 2 * PATIENCE:
                break
            time.sleep(min(5.0, max(0.5, ends - time.monotonic())))  # between two samples of memory
            if time.monotonic() < round_ends or idle:
                first_mb, first_open = _rss_mb(process.pid), _descriptors(process.pid)
            else:
                after.append((time.monotonic() - started, _rss_mb(process.pid)))
            if int(time.monotonic() - started) % 30 < 5:
                print(f"{time.monotonic() - started:5.0f} s {_rss_mb(process.pid):6.0f} MB", flush=True)
        end_mb, end_open = _rss_mb(process.pid), _descriptors(process.pid)
        stopped = time.monotonic()
        code = _end(process)
        stop = time.monotonic() - stopped
        lateness, requests = ((), 0) if idle else _lateness(port, every)
    with sqlite3.connect(folder / "var/copydesk.db") as db:
        stories = db.execute("SELECT count(*) FROM record").fetchone()[0]
        waiting = db.execute("SELECT count(*) FROM source WHERE dirty>0").fetchone()[0]
    db.close()
    return Report(
        sources=sources,
        start_seconds=ready,
        ready_mb=ready_mb,
        first_mb=first_mb,
        end_mb=end_mb,
        slope_mb=_slope(after),
        descriptors=(first_open, end_open),
        lateness=tuple(sorted(lateness)),
        requests=requests,
        stories=stories,
        unpublished=waiting,
        stop_seconds=stop,
        exit_code=code,
    )


def _slope(measured: list[tuple[float, float]]) -> float:
    """MB an hour: the straight line through (seconds, MB); 0 for less than five minutes of them."""
    if not measured or measured[-1][0] - measured[0][0] < 300:
        return 0.0
    return linear_regression([at for at, _ in measured], [mb for _, mb in measured]).slope * 3600


def _start(command: list[str], folder: Path, web: int) -> subprocess.Popen[bytes]:
    """The daemon, answering on /health."""
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    until_of(process, lambda: answer_of(web, "health", {})[0], "the daemon answers on /health", folder / "log.txt")
    return process


def _end(process: subprocess.Popen[bytes]) -> int:
    process.terminate()
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(PATIENCE)


@contextmanager
def serving(benchmark: str, *numbers: float) -> Iterator[None]:
    """The sites of a benchmark, up and answering, in a process of their own: it is given `--serve` and the numbers."""
    command = [sys.executable, "-m", f"benchmarks.{benchmark}", "--serve", *map(str, numbers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        try:
            if process.stdout is None or process.stdout.readline() != b"ready\n":
                raise RuntimeError("the sites do not come up")
            yield
        finally:
            process.terminate()


def _write(folder: Path, sources: int, port: int, web: int, every: float) -> None:
    (folder / "seeds").mkdir(parents=True)
    for number in range(sources):
        text = f'home = "http://{address(number)}:{port}/"\nevery = "{every:.0f}s"\n'
        (folder / f"seeds/site-{number:05}.toml").write_text(text, "utf-8")
    (folder / "config.toml").write_text(
        'contact = "mailto:desk@example.org"\n'
        f'base_url = "http://127.0.0.1:{web}"\n[web]\nlisten = "127.0.0.1:{web}"\n'
        '[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0.1s"\n',
        "utf-8",
    )


def _all_again(port: int) -> bool:
    """Whether every site was visited a second time."""
    return all(len(fronts) > 1 for fronts in _told(port)[0])


def _lateness(port: int, every: float) -> tuple[list[float], int]:
    """How late each visit came, by what the sites saw: after the end of the one before and the interval."""
    fronts, ends, requests = _told(port)
    late = []
    for number, (asked, ended) in enumerate(zip(fronts, ends, strict=True)):
        interval = spread(f"site-{number:05}", every)
        late += [front - end - interval for front, end in zip(asked[1:], ended, strict=False)]
    return late, requests


def _told(port: int) -> tuple[list[list[float]], list[list[float]], int]:
    """When each site's front was asked for, when its visits ended, and how many requests there were."""
    with urlopen(f"http://{address(0)}:{port}/_told", timeout=PATIENCE) as answer:
        fronts, ends, requests = json.load(answer)
    return fronts, ends, requests


def _rss_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 1e6


def _descriptors(pid: int) -> int:
    """How many descriptors a process has open; 0 where the system does not tell."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def main() -> int:
    """The figures; 1 when one of them is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=2000)
    parser.add_argument("--every", type=float, default=300.0, help="seconds")
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--idle", type=int, default=0, metavar="SOURCES")
    parser.add_argument("--serve", type=int, nargs=2, metavar=("SITES", "PORT"), help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="a folder that stays")
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(_serve(*asked.serve))
        return 0
    with tempfile.TemporaryDirectory(prefix="load-") as place:
        folder = asked.keep or Path(place)
        report = measure(folder, asked.idle or asked.sources, asked.every, asked.minutes, idle=bool(asked.idle))
    print(f"sources           {report.sources}")
    print(f"start             {report.start_seconds:.1f} s")
    print(f"memory            {report.ready_mb:.0f} MB ready, {report.first_mb:.0f} MB after the first round")
    print(
        f"                  {report.end_mb:.0f} MB at the end, {report.slope_mb:+.1f} MB an hour after the first round"
    )
    print(f"descriptors       {report.descriptors[0]} after the first round, {report.descriptors[1]} at the end")
    print(f"requests          {report.requests}")
    print(f"stories           {report.stories}, {report.unpublished} sources yet to be published")
    print(f"visits timed      {len(report.lateness)}")
    print(f"lateness          p50 {report.late(0.5):.2f} s, p99 {report.late(0.99):.2f} s, most {report.late(1):.2f} s")
    print(f"                  p99 is {100 * report.late(0.99) / asked.every:.1f} % of the interval")
    print(f"stop              {report.stop_seconds:.1f} s, exit {report.exit_code}")
    complaints = report.complaints(asked.every, idle=bool(asked.idle))
    print("\n".join(complaints) if complaints else "as it has to be")
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())
