"""The real daemon against a misbehaving web: `python -m benchmarks.faults`.

Healthy sites stand next to one source for every fault that `misbehaving.py` can do, and next to a site whose
front is fine but whose articles are such faults. One round is run with the healthy ones alone and one with all. Every
healthy source has to be complete, every bad one has to carry a state and a reason, and the daemon may not need much
more memory than before. Then a running daemon visits one bad site after the other: no visit may outlast the deadline
of its request (of each try, where it is tried again) by more than two seconds, and the daemon's own memory may not
grow by more than 64 MB for any answer.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from feeds.store import Lock, open_store
from scrapers import Limits
from tests.support.misbehaving import FAULTS, Web, bomb, deflate_bomb
from tests.support.playing import free_port
from tests.support.waiting import PATIENCE, until_of

from .attacks.arena import memory_mb

DEADLINE = 3  # seconds for one request
ARTICLES = 6  # of a healthy site
GROWTH_MB = 64.0  # that the daemon may need for one bad answer, or for all of them at once
SLACK = 2.0  # seconds that a visit may outlast its deadline
# fmt: off
_WORDS = (
    "harbour", "council", "ferry", "budget", "teacher", "bridge", "river", "vote", "market", "orchard", "library",
    "station", "winter", "engine", "storm", "mayor", "museum", "nurse", "village", "factory", "tunnel", "garden",
    "festival", "captain", "court", "bakery", "tower", "signal", "valley", "lantern", "quarry", "mill", "choir",
    "committee", "glacier", "stadium", "meadow", "printer", "harvest", "chapel", "survey", "reservoir", "workshop",
    "academy", "causeway",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Alone:
    """What one visit of one bad site cost a running daemon."""

    seconds: float
    allowed: float  # seconds: the deadline of each try, the pauses between them, and SLACK
    growth_mb: float  # of its own peak memory


@dataclass(frozen=True, slots=True)
class Report:
    """What became of it all."""

    healthy: dict[str, int]  # source → records
    bad: dict[str, tuple[str, str]]  # source → state and cause
    alone: dict[str, Alone]  # source → what it cost by itself; empty when not asked for
    deadline: float
    slowest: float  # seconds of the longest visit
    alone_mb: float  # peak memory of the daemon with the healthy sites alone
    all_mb: float
    seconds: float
    exit_code: int

    def complaints(self) -> list[str]:
        """What is not as it has to be; empty when all is well."""
        found = [f"{name}: {count} of {ARTICLES} stories" for name, count in self.healthy.items() if count != ARTICLES]
        for name, (state, cause) in self.bad.items():
            if state not in ("failing", "degraded", "gone", "slow"):
                found.append(f"{name} is {state}")
            elif not cause:
                found.append(f"{name} is {state}, and nobody knows why")
        for name, cost in self.alone.items():
            if cost.seconds > cost.allowed:
                found.append(f"{name}: the visit took {cost.seconds:.1f} s, {cost.allowed:.0f} s are allowed")
            if cost.growth_mb > GROWTH_MB:
                found.append(f"{name}: the daemon grew by {cost.growth_mb:.0f} MB")
        if self.all_mb - self.alone_mb > GROWTH_MB:
            found.append(f"the daemon grew by {self.all_mb - self.alone_mb:.0f} MB")
        if self.exit_code not in (0, 6):
            found.append(f"the daemon ended with {self.exit_code}")
        return found


def _sentence(chance: Random, words: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(words)).capitalize()


def _article(chance: Random, title: str, when: str) -> bytes:
    facts = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": when}
    paragraphs = "".join(f"<p>{'. '.join(_sentence(chance, 12) for _ in range(5))}.</p>" for _ in range(6))
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>"
        f"<script type='application/ld+json'>{json.dumps(facts)}</script></head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def healthy_site(web: Web, number: int, broken: Sequence[str] = ()) -> None:
    """A front that lists a few good stories, and one for every fault in `broken` before them."""
    chance = Random(number)
    items = [
        f"<article><h2><a href='/fault/{fault}?story-of-{fault}-{i:04}'>{_sentence(chance, 8)}</a></h2></article>"
        for i, fault in enumerate(broken)
    ]
    for i in range(ARTICLES):
        title = _sentence(chance, 8)
        path = f"/2026/11/{i + 10}/{'-'.join(title.lower().split())}"
        web.page(path, _article(chance, title, f"2026-11-{i + 10}T08:00:00Z"))
        items.append(f"<article><h2><a href='{path}'>{title}</a></h2><p>{_sentence(chance, 20)}.</p></article>")
    front = (
        f"<!doctype html><html lang='en'><title>Site {number}</title><body><main>{''.join(items)}</main></body></html>"
    )
    web.page("/", front.encode())


def measure(
    folder: Path, faults: Sequence[str] | None = None, *, deadline: int = DEADLINE, compare: bool = True
) -> Report:
    """One round with the healthy sites, then one with everything, then each bad one alone; `folder` is empty.

    Without `compare` only the round with everything.
    """
    faults = sorted(FAULTS) if faults is None else faults
    for make in (bomb, deflate_bomb):  # packed once, not while a client waits for it
        make()
    begun = time.monotonic()
    with ExitStack() as stack:
        sites = {f"healthy-{n}": stack.enter_context(Web()) for n in range(3)}
        for number, web in enumerate(sites.values()):
            healthy_site(web, number)
        homes = {name: web.url("/") for name, web in sites.items()}
        alone = _round(folder / "alone", homes, deadline) if compare else None
        sites["healthy-but-for-articles"] = mixed = stack.enter_context(Web())
        healthy_site(mixed, 9, faults)
        homes = {name: web.url("/") for name, web in sites.items()}
        bad = {f"bad-{fault.replace('.', '-')}": stack.enter_context(Web()) for fault in faults}
        homes |= {name: web.url(f"/fault/{fault}") for (name, web), fault in zip(bad.items(), faults, strict=True)}
        result = _round(folder / "all", homes, deadline)
        one_by_one = _one_by_one(folder / "all", bad, deadline) if compare else {}
    store = open_store(folder / "all/var/copydesk.db")
    try:
        states = {source.name: source for source in store.sources.all(datetime.now(UTC))}
        visits = {name: store.visits.newest(name, 5) for name in homes}
    finally:
        store.close()
    return Report(
        healthy={name: states[name].records for name in sites},
        bad={name: (states[name].state, states[name].cause) for name in bad},
        alone=one_by_one,
        deadline=deadline,
        slowest=max((visit.seconds for rows in visits.values() for visit in rows), default=0.0),
        alone_mb=alone[1] if alone is not None else result[1],
        all_mb=result[1],
        seconds=time.monotonic() - begun,
        exit_code=result[0],
    )


def _round(folder: Path, homes: dict[str, str], deadline: int) -> tuple[int, float]:
    """Exit code and peak memory in MB of one `copydesk run --once` over these sources."""
    (folder / "seeds").mkdir(parents=True)
    for name, home in homes.items():
        (folder / "seeds" / f"{name}.toml").write_text(f'home = "{home}"\n', encoding="utf-8")
    (folder / "config.toml").write_text(
        'contact = "mailto:desk@example.org"\n'
        f'[web]\nlisten = "127.0.0.1:{free_port()}"\n'
        f'[fetch]\ndeadline = "{deadline}s"\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n',
        encoding="utf-8",
    )
    command = [
        sys.executable,
        "-c",
        "from feeds.app.cli.main import main; main()",
        "run",
        "--once",
        "-c",
        "config.toml",
    ]
    # The first run only takes the sources in: their first visits are spread. Then all are due at once.
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with sqlite3.connect(folder / "var/copydesk.db") as db:
        db.execute("UPDATE source SET due=0")
    db.close()
    log = (folder / "log.txt").open("w", encoding="utf-8")
    with log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, memory_mb(process.pid, "VmHWM:"))
            time.sleep(0.05)
    return process.returncode, peak


def _one_by_one(folder: Path, sites: Mapping[str, Web], deadline: float) -> dict[str, Alone]:
    """A daemon with nothing else to do visits these sources, each when the one before is done."""
    with closing(sqlite3.connect(folder / "var/copydesk.db")) as db, db:
        db.execute("UPDATE source SET due=?", (time.time() + 86_400,))
        db.execute("DELETE FROM host")  # what the hosts asked for in the round before
    command = [
        sys.executable,
        "-c",
        "import sys; from feeds.app.cli.main import main; sys.exit(main())",
        "-c",
        "config.toml",
    ]
    found: dict[str, Alone] = {}
    limits = Limits()
    with (
        (folder / "alone.txt").open("w", encoding="utf-8") as log,
        subprocess.Popen([*command, "run"], cwd=folder, stdout=log, stderr=log) as daemon,
    ):
        try:
            lock = Lock(folder / "var/copydesk.db")
            until_of(daemon, lambda: lock.holder() == daemon.pid, "the daemon is up", folder / "alone.txt")
            for name, web in sites.items():
                asked = len(web.asked)
                before = memory_mb(daemon.pid, "VmRSS:")
                Path(f"/proc/{daemon.pid}/clear_refs").write_text("5")  # the peak begins anew (proc(5))
                subprocess.run(
                    [*command, "fetch", name], cwd=folder, capture_output=True, timeout=PATIENCE, check=False
                )
                grown = memory_mb(daemon.pid, "VmHWM:") - before
                with closing(sqlite3.connect(folder / "var/copydesk.db")) as db:
                    row = "SELECT seconds FROM visit WHERE source=? ORDER BY n DESC LIMIT 1"
                    seconds = float(db.execute(row, (name,)).fetchone()[0])
                tries = sum(one.path != "/robots.txt" for one in web.asked[asked:])
                retries = min(max(0, tries - 1), limits.retries)
                allowed = deadline * (1 + retries) + sum(limits.retry_delays[:retries]) + SLACK
                found[name] = Alone(seconds, allowed, grown)
        finally:
            daemon.terminate()
    return found


def main() -> int:
    """Prints the table; 1 when something is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", help="only these faults")
    names = parser.parse_args().faults
    if unknown := sorted(set(names) - set(FAULTS)):
        parser.error(f"there is no fault {', '.join(unknown)}; known: {', '.join(sorted(FAULTS))}")
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        report = measure(Path(folder), names or None)
        if os.environ.get("FAULTS_LOG"):
            print((Path(folder) / "all/log.txt").read_text())
    for name, count in report.healthy.items():
        print(f"{name:32} {count} of {ARTICLES} stories")
    for name, (state, cause) in sorted(report.bad.items()):
        cost = report.alone[name]
        print(
            f"{name:30} {cost.seconds:5.1f} of {cost.allowed:2.0f} s {cost.growth_mb:+5.0f} MB  {state:9} {cause[:90]}"
        )
    slowest = max(report.alone.values(), key=lambda cost: cost.seconds).seconds
    largest = max(report.alone.values(), key=lambda cost: cost.growth_mb).growth_mb
    print(
        f"\nalone: the longest visit took {slowest:.1f} s ({report.deadline} s are the deadline), the daemon's own peak"
        f" grew by {largest:.0f} MB at most"
    )
    print(
        f"together: {len(report.bad)} faults; the longest visit took {report.slowest:.1f} s; the daemon's peak"
        f" {report.alone_mb:.0f} MB alone, {report.all_mb:.0f} MB with all; {report.seconds:.0f} s in all"
    )
    complaints = report.complaints()
    print("\n".join(complaints) if complaints else "all as it has to be")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
