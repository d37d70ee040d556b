"""The real daemon against a misbehaving web: `python -m benchmarks.faults`.

Healthy sites stand next to one source for every fault that `tests/misbehaving.py` can do, and next to a site whose
front is fine but whose articles are such faults. One round is run with the healthy ones alone and one with all. Every
healthy source has to be complete, every bad one has to carry a state and a reason, no request may outlast its
deadline, and the daemon may not need much more memory than before.
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
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from misbehaving import FAULTS, Web, bomb, deflate_bomb  # type: ignore[import-not-found]  # it stands with the tests

from feeds.store import open_store

DEADLINE = 3  # seconds for one request
ARTICLES = 6  # of a healthy site
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
class Report:
    """What became of it all."""

    healthy: dict[str, int]  # source → records
    bad: dict[str, tuple[str, str]]  # source → state and cause
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
        if self.all_mb - self.alone_mb > 64:
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
    """One round with the healthy sites (to `compare` the memory), then one with everything; `folder` is empty."""
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
    store = open_store(folder / "all/var/copydesk.db")
    try:
        states = {source.name: source for source in store.sources(datetime.now(UTC))}
        visits = {name: store.visits(name, 5) for name in homes}
    finally:
        store.close()
    return Report(
        healthy={name: states[name].records for name in sites},
        bad={name: (states[name].state, states[name].cause) for name in bad},
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
        f'[fetch]\ndeadline = "{deadline}s"\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-c", "from feeds.app.cli import main; main()", "run", "--once", "-c", "config.toml"]
    # The first run only takes the sources in: their first visits are spread. Then all are due at once.
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with sqlite3.connect(folder / "var/copydesk.db") as db:
        db.execute("UPDATE source SET due=0")
    db.close()
    log = (folder / "log.txt").open("w", encoding="utf-8")
    with log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _peak_mb(process.pid))
            time.sleep(0.05)
    return process.returncode, peak


def _peak_mb(pid: int) -> float:
    """The most memory that a process has held so far; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def main() -> int:
    """Prints the table; 1 when something is not as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", help="only these faults")
    names = parser.parse_args().faults
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        report = measure(Path(folder), names or None)
        if os.environ.get("FAULTS_LOG"):
            print((Path(folder) / "all/log.txt").read_text())
    for name, count in report.healthy.items():
        print(f"{name:32} {count} of {ARTICLES} stories")
    for name, (state, cause) in sorted(report.bad.items()):
        print(f"{name:32} {state:9} {cause[:100]}")
    print(
        f"\n{len(report.bad)} faults; the longest visit took {report.slowest:.1f} s; the daemon's peak"
        f" {report.alone_mb:.0f} MB alone, {report.all_mb:.0f} MB with all; {report.seconds:.0f} s in all"
    )
    complaints = report.complaints()
    print("\n".join(complaints) if complaints else "all as it has to be")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
