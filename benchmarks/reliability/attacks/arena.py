"""One daemon, healthy sites beside it, and what is done to it meanwhile: the same arrangement for every attack."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.support import preloaded
from tests.support.misbehaving import Web
from tests.support.playing import COPYDESK, answer_of, free_port
from tests.support.preloaded import Process
from tests.support.waiting import PATIENCE, end_of, until, until_of

from .bombs import SENTENCE, front

HEALTHY = 2  # sites
STORIES = 4  # of each before the attack, and as many new ones during it
SILENCE = 0.3  # seconds for which /health may be silent
LOOKS = 30  # at /health in such a time: to answer takes the processor from what is attacked
GROWTH_MB = 64.0  # that the daemon may grow by
# fmt: off
_WORDS = (
    "harbour", "council", "ferry", "budget", "teacher", "bridge", "river", "vote", "market", "orchard", "library",
    "station", "winter", "engine", "storm", "mayor", "museum", "nurse", "village", "factory", "tunnel", "garden",
    "festival", "captain", "court", "bakery", "tower", "signal", "valley", "lantern", "quarry", "mill", "choir",
)
# fmt: on


@dataclass(slots=True)
class Paper:
    """A healthy site, which prints more stories when it is told to."""

    name: str
    web: Web
    chance: Random
    told: list[tuple[str, str]] = field(default_factory=list)  # path and title

    def sentence(self, words: int) -> str:
        """A sentence that no other page has."""
        return " ".join(self.chance.choice(_WORDS) for _ in range(words)).capitalize() + "."

    def story(self, title: str | None = None) -> tuple[str, str]:
        """One more story; its address and title."""
        title = title or self.sentence(8).rstrip(".")
        path = f"/2026/11/{'-'.join(title.lower().split())}-{len(self.told) + 100}"
        paragraphs = "".join(f"<p>{' '.join(self.sentence(12) for _ in range(4))}</p>" for _ in range(5))
        self.web.page(
            path,
            f"<!doctype html><html lang='en'><head><title>{title}</title></head>"
            f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>".encode(),
        )
        self.told.insert(0, (path, title))
        self.web.page("/", front(self.told))
        return self.web.url(path), title


@dataclass(slots=True)
class Arena:
    """What an attack may use: the folder, the daemon, the healthy papers, and servers of its own."""

    folder: Path
    port: int
    size: float  # of the attack, 1 for the whole
    papers: list[Paper]
    stack: ExitStack
    hostile: list[str] = field(default_factory=list)  # names of sources that have to be visited during the attack
    pid: int = 0
    every: str = "3s"  # hostile sources are visited

    def web(self, host: str = "127.0.0.1") -> Web:
        """A server of the attacker."""
        return self.stack.enter_context(Web(host))

    def source(self, name: str, home: str, more: str = "", *, wait: bool = True) -> None:
        """A seed that the daemon visits again and again; `more` is further TOML. One not waited for is healthy."""
        text = f'home = "{home}"\nevery = "{self.every if wait else "3s"}"\n{more}\n'
        (self.folder / "seeds" / f"{name}.toml").write_text(text, encoding="utf-8")
        if wait:
            self.hostile.append(name)

    def sized(self, kilobytes: float) -> int:
        """A size in bytes, made smaller where the attack is."""
        return int(kilobytes * 1000 * self.size)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of a path of the daemon; 0 when it does not answer."""
        return answer_of(self.port, path, headers)

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of the store, read beside the daemon."""
        path = self.folder / "var/copydesk.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
            return [tuple(row) for row in db.execute(statement, values)]

    def count(self, statement: str, *values: object) -> int:
        """The one number that a statement gives."""
        found = self.rows(statement, *values)[0][0]
        return int(str(found or 0))

    def states(self) -> dict[str, str]:
        """The state of each source."""
        status, body = self.get("status.json")
        return {row["name"]: row["state"] for row in json.loads(body)["sources"]} if status == 200 else {}

    def entries(self, name: str) -> list[tuple[str, str, str]]:
        """(id, address, title) of the stories of a source's feed."""
        status, body = self.get(f"s/{name}.json")
        if status != 200:
            return []
        return [(item["id"], item.get("url", ""), item["title"]) for item in json.loads(body)["items"]]

    def complete(self, paper: Paper) -> int:
        """How many of a paper's stories are in its feed."""
        have = {url for _, url, _ in self.entries(paper.name)}
        return sum(paper.web.url(path) in have for path, _ in paper.told)

    def workers(self) -> list[int]:
        """The processes that the daemon started."""
        try:
            text = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except OSError:
            return []
        return [int(pid) for pid in text.split()]


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack: how it is arranged, what is done meanwhile, and what must hold afterwards (else sentences)."""

    name: str
    kind: str  # bombs, hijacks, storms, hangs, damage
    arrange: Callable[[Arena], None]
    meanwhile: Callable[[Arena], None] | None = None
    check: Callable[[Arena], list[str]] | None = None
    visits: int = 2  # of each hostile source


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attack did."""

    name: str
    silence: float  # seconds: the longest of /health, less what the machine gave to others
    raw_silence: float
    growth_mb: float
    healthy: tuple[int, int]  # stories that are there, and those that should be
    seconds: float
    complaints: tuple[str, ...] = ()


@contextmanager
def prepared(folder: Path, size: float) -> Iterator[Arena]:
    """A folder with a configuration and healthy papers; nothing runs yet."""
    port = free_port()
    (folder / "seeds").mkdir(parents=True)
    (folder / "config.toml").write_text(
        'contact = "mailto:desk@example.org"\n'
        f'base_url = "http://127.0.0.1:{port}"\n'
        f'[web]\nlisten = "127.0.0.1:{port}"\n'
        '[fetch]\ndeadline = "5s"\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n'
        '[[topics]]\nname = "all"\n',
        encoding="utf-8",
    )
    with ExitStack() as stack:
        arena = Arena(folder, port, size, [], stack)
        for number in range(HEALTHY):
            paper = Paper(f"healthy-{number}", arena.web(), Random(number))
            for _ in range(STORIES):
                paper.story()
            arena.source(paper.name, paper.web.url("/"), wait=False)
            arena.papers.append(paper)
        yield arena


def run(
    folder: Path,
    attacks: Sequence[Attack],
    *,
    size: float = 1.0,
    sizes: Mapping[str, float] | None = None,
    seconds: float = 90.0,
    silence: float = SILENCE,
    visits: int | None = None,
    memory: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Outcome:
    """These attacks at once on one daemon, for at most so many seconds; `folder` is to be empty.

    `size` is that of all, `sizes` that of some, by name.
    `visits` of each hostile source are waited for, else as many as the attacks say.
    /health may be silent for `silence` seconds.
    With `memory` the daemon and its workers have no more bytes than that: together where systemd runs, else each.
    """
    begun = time.monotonic()
    complaints: list[str] = []
    with prepared(folder, size) as arena, _daemon(arena, memory, environment or {}) as daemon:
        until_of(
            daemon,
            lambda: all(arena.complete(paper) == STORIES for paper in arena.papers),
            "the healthy papers are read",
            folder / "daemon.log",
        )
        with _probe(arena, silence / LOOKS) as answers:
            before = memory_mb(arena.pid, "VmRSS:")
            Path(f"/proc/{arena.pid}/clear_refs").write_text("5")  # the peak begins anew (proc(5))
            if visits == 1:  # a second one of one source would only take the first one's turn of another
                arena.every = "1h"
            for attack in attacks:
                arena.size = (sizes or {}).get(attack.name, size)
                attack.arrange(arena)
            for paper in arena.papers:
                for _ in range(STORIES):
                    paper.story()
            wanted = dict.fromkeys(arena.hostile, visits or max(attack.visits for attack in attacks))
            for attack in attacks:
                if attack.meanwhile is not None:
                    arena.size = (sizes or {}).get(attack.name, size)
                    attack.meanwhile(arena)
            complaints += _await(arena, wanted, begun + seconds, daemon)
            growth = memory_mb(arena.pid, "VmHWM:") - before
            found = [arena.complete(paper) for paper in arena.papers]
            for attack in attacks:
                if attack.check is not None:
                    arena.size = (sizes or {}).get(attack.name, size)
                    complaints += [f"{attack.name}: {one}" for one in attack.check(arena)]
    heard = max((took - crowded for _, took, crowded, _ in answers), default=0.0)
    raw = max((took for _, took, _, _ in answers), default=0.0)
    right = len(arena.papers) * 2 * STORIES
    if not answers:
        complaints.append("nobody heard /health")
    if heard > silence:
        complaints.append(f"/health was silent for {heard * 1000:.0f} ms")
    if growth > GROWTH_MB:
        complaints.append(f"the daemon grew by {growth:.0f} MB")
    if sum(found) != right:
        complaints.append(f"{sum(found)} of {right} stories of the healthy papers")
    took = time.monotonic() - begun
    return Outcome(
        "+".join(attack.name for attack in attacks), heard, raw, growth, (sum(found), right), took, tuple(complaints)
    )


def _await(arena: Arena, wanted: dict[str, int], last: float, daemon: Process) -> list[str]:
    """Wait until everything was visited and the healthy papers are complete; what is missing when the time is over."""

    def missing() -> list[str]:
        if daemon.poll() is not None:
            return [f"the daemon ended with {daemon.returncode}: {end_of(arena.folder / 'daemon.log')}"]
        visits = {
            str(name): int(str(n)) for name, n in arena.rows("SELECT source, count(*) FROM visit GROUP BY source")
        }
        slow = [
            f"{name} was visited {visits.get(name, 0)} times" for name, n in wanted.items() if visits.get(name, 0) < n
        ]
        return slow + [
            f"{paper.name} is not complete" for paper in arena.papers if arena.complete(paper) < len(paper.told)
        ]

    while (left := missing()) and time.monotonic() < last and daemon.poll() is None:
        time.sleep(0.25)  # between two looks; what is missing at the end is told, so `until` does not serve
    return left


def _limited(memory: int) -> list[str]:
    """What stands before a command whose processes have no more memory than that: a scope of systemd, or ulimit."""
    if Path("/run/systemd/system").is_dir() and os.geteuid() == 0:
        return [
            "systemd-run",
            "--scope",
            "--quiet",
            "--property",
            f"MemoryMax={memory}",
            "--property",
            "MemorySwapMax=0",
        ]
    return ["sh", "-c", f'ulimit -Sv {memory >> 10} && ulimit -Hv {memory >> 10} && exec "$0" "$@"']


@contextmanager
def _daemon(arena: Arena, memory: int | None, environment: Mapping[str, str]) -> Iterator[Process]:
    """The daemon, from when it answers to the end of the block."""
    log, arguments = arena.folder / "daemon.log", ["--config", str(arena.folder / "config.toml"), "run"]
    variables = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    process: Process
    if memory is None and not environment:
        process = preloaded.start(arguments, log, folder=arena.folder, environment=variables)
    else:
        with log.open("ab") as file:
            process = subprocess.Popen(
                [*(_limited(memory) if memory is not None else []), *COPYDESK, *arguments],
                cwd=arena.folder,
                stdout=file,
                stderr=file,
                start_new_session=True,
                env=variables,
            )
    arena.pid = process.pid
    try:
        until_of(process, lambda: arena.get("health")[0] == 200, "the daemon answers on /health", log)
        yield process
    finally:
        for worker in arena.workers():  # one that an attack stopped would never end
            with_signal(worker, signal.SIGCONT)
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)


@contextmanager
def _probe(arena: Arena, pause: float) -> Iterator[list[tuple[float, float, float, str]]]:
    """What /health answered during the block, asked after each `pause`; filled when it ends."""
    answers: list[tuple[float, float, float, str]] = []
    command = [sys.executable, "-m", "benchmarks.attacks.probe", str(arena.port), str(arena.pid), str(pause)]
    with (
        (arena.folder / "probe.txt").open("w+") as told,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=told, cwd=Path(__file__).parents[3]) as process,
    ):
        try:
            until_of(process, lambda: (arena.folder / "probe.txt").stat().st_size > 0, "the probe has heard /health")
            yield answers
        finally:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(PATIENCE)
            told.seek(0)
            for line in told:
                at, took, crowded, status = line.split()
                answers.append((float(at), float(took), float(crowded), status))


def with_signal(pid: int, number: signal.Signals) -> bool:
    """Send a signal to a process; whether it was there."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def memory_mb(pid: int, what: str) -> float:
    """A line of what the system tells of a process ("VmHWM:", the most memory so far); 0 where it tells nothing."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(what)), 0.0)


__all__ = ["SENTENCE", "Arena", "Attack", "Outcome", "Paper", "memory_mb", "run", "until", "with_signal"]
