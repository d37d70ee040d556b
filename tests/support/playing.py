"""The real daemon against the demo newsroom: how whole-program tests and benchmarks start, kill and watch it.

The newsroom runs in this process with a clock turned by hand; the daemon is a process of its own, spoken to over HTTP.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import feedparser
from lxml import etree

from feeds.app.demo.newsroom import Newsroom
from tests.support import preloaded
from tests.support.preloaded import Process
from tests.support.waiting import PATIENCE, end_of, finished, until, until_of

EVERYTHING = "everything"  # a topic without a query, beside those of the demo
COPYDESK = [sys.executable, "-c", "import sys; from feeds.app.cli.main import main; sys.exit(main())"]


def place(url: str) -> str:
    """What of an address says which page it is: host, port and path."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as feedparser has it."""

    id: str
    link: str
    title: str
    published: str
    updated: str
    text: str


@dataclass(slots=True)
class Watch:
    """What every look at a feed is held against: nothing that readers rely on may ever change."""

    faults: list[str] = field(default_factory=list)
    looks: int = 0
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)  # feed, page → id
    _entries: dict[tuple[str, str], Entry] = field(default_factory=dict)  # feed, id → as it was last seen
    _last: dict[str, tuple[bytes, list[Entry]]] = field(default_factory=dict)  # feed → the document that was looked at

    def look(self, feed: str, data: bytes) -> list[Entry]:
        """The entries of a document; what is wrong with it is added to `faults`."""
        self.looks += 1
        if feed in self._last and self._last[feed][0] == data:  # the same bytes hold the same, and reading them is dear
            return list(self._last[feed][1])
        try:
            etree.fromstring(data)
        except etree.XMLSyntaxError as error:
            self.faults.append(f"{feed}: not well-formed: {error}")
            return []
        parsed = feedparser.parse(data)
        if parsed.bozo:
            self.faults.append(f"{feed}: feedparser complains: {parsed.bozo_exception}")
        entries = [_entry(found) for found in parsed.entries]
        for name, values in (("id", [e.id for e in entries]), ("address", [place(e.link) for e in entries])):
            if len(set(values)) != len(values):
                self.faults.append(f"{feed}: an {name} stands twice: {sorted(values)}")
        for entry in entries:
            self._compare(feed, entry)
        lost = {id for of, id in self._entries if of == feed} - {entry.id for entry in entries}
        if lost:
            self.faults.append(f"{feed}: entries went away: {lost}")
        self._last[feed] = (data, entries)
        return list(entries)

    def _compare(self, feed: str, entry: Entry) -> None:
        # over all feeds of one kind: a topic with one entry a story has story ids, a source's feed has record ids
        kind = "source" if feed.startswith("s/") else "topic"
        known = self._ids.setdefault((kind, place(entry.link)), entry.id)
        if known != entry.id:
            self.faults.append(f"{feed}: {entry.link} had the id {known}, now {entry.id}")
        before = self._entries.get((feed, entry.id))
        if before is not None:
            if before.published != entry.published:
                self.faults.append(f"{feed}: {entry.link}: published moved, {before.published} → {entry.published}")
            if before.updated > entry.updated:
                self.faults.append(f"{feed}: {entry.link}: updated went back, {before.updated} → {entry.updated}")
        self._entries[feed, entry.id] = entry


def _entry(found: Any) -> Entry:
    content = found.get("content") or [{"value": found.get("summary", "")}]
    text = re.sub(r"<[^>]*>", " ", content[0]["value"])
    published, updated = _moment(found.published_parsed), _moment(found.updated_parsed)
    return Entry(found.id, found.link, found.title, published, updated, text)


def _moment(parsed: Any) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", parsed)


class Play:
    """A folder with a newsroom, a configuration and a daemon that can be started, stopped and killed.

    With `inside` the daemon reads pages itself instead of in processes (`preloaded.start`). Sources are visited at
    once, and then `every` so often: a visit costs a hundredth of a second, and many a test needs none but the first.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int = 1,
        every: str = "10s",
        sites: Mapping[str, str] | None = None,
        inside: bool = False,
    ) -> None:
        self.inside = inside
        self.folder = folder
        self.newsroom = Newsroom(
            folder / "newsroom", now=datetime.now(UTC) - timedelta(hours=1), seed=seed, speed=None, sites=sites
        )
        self.newsroom.start()
        self.newsroom.seeds(folder / "seeds", every=every)
        self.port = free_port()
        config = self.newsroom.config_toml(listen=f"127.0.0.1:{self.port}")
        self.config = folder / "config.toml"
        self.config.write_text(f'{config}\n[[topics]]\nname = "{EVERYTHING}"\n', "utf-8")
        self.public = folder / "public"
        self.log = folder / "daemon.log"
        self.watch = Watch()
        self.process: Process | None = None
        self.environment: dict[str, str] = {}  # that the daemon gets besides ours: with it, it loads its modules anew

    def close(self) -> None:
        """Ends the daemon and the newsroom."""
        self.stop()
        self.newsroom.stop()

    def __enter__(self) -> Play:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the daemon

    def start(self, *, wait: bool = True) -> None:
        """Starts the daemon; with `wait`, it answers when this returns."""
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **self.environment}
        arguments = ["--config", str(self.config), "run"]
        if self.environment:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [*COPYDESK, *arguments], stdout=log, stderr=log, start_new_session=True, env=environment
                )
        else:
            self.process = preloaded.start(arguments, self.log, environment=environment, inside=self.inside)
        if wait:
            until_of(self.process, lambda: self.get("health")[0] == 200, "the daemon answers on /health", self.log)

    def kill(self) -> None:
        """kill -9 for the daemon alone; its workers must see by themselves that it is gone."""
        if self.process is not None:
            process, self.process = self.process, None
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)
            until(lambda: not _alive(process.pid), "the daemon's workers have ended")

    def stop(self) -> int | None:
        """SIGTERM, and the exit code."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        process.terminate()
        return finished(process, self.log)

    def copydesk(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command beside the daemon."""
        return preloaded.run(["--config", str(self.config), *arguments], timeout=PATIENCE, inside=self.inside)

    # --- looking

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of a path of the daemon; 0 when it does not answer."""
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError(f"the daemon ended with {self.process.returncode}:\n{self.tail()}")
        return answer_of(self.port, path, headers)

    def feed(self, path: str) -> list[Entry]:
        """The entries of a feed over HTTP, watched; none while there is no such feed yet."""
        status, body = self.get(path)
        return self.watch.look(path, body) if status == 200 else []

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The published Atom files as they are on disk at this moment."""
        for folder in ("t", "s"):
            for path in sorted((self.public / folder).glob("*.atom")):
                yield f"{folder}/{path.name}", path.read_bytes()

    def look(self) -> dict[str, list[Entry]]:
        """Every published Atom file, watched."""
        return {name: self.watch.look(name, data) for name, data in self.files()}

    def states(self) -> dict[str, str]:
        """The state of each source."""
        status, body = self.get("status.json")
        return {row["name"]: row["state"] for row in json.loads(body)["sources"]} if status == 200 else {}

    def sources_have(self) -> dict[str, set[str]]:
        """The pages that each source's feed holds."""
        return {name: {place(e.link) for e in self.feed(f"s/{name}.atom")} for name in self.newsroom.homes}

    def missing(self, but: frozenset[str] = frozenset()) -> set[str]:
        """The pages that the sites tell of and the sources' feeds do not hold yet; `but` those of some sites."""
        have = self.sources_have()
        truth = self.newsroom.truth()
        return {
            place(article.url)
            for name, articles in truth.sites.items()
            if name not in but
            for article in articles
            if place(article.url) not in have[name]
        }

    def tail(self, lines: int = 25) -> str:
        """The last lines of the daemon's log."""
        return end_of(self.log, lines)

    def once_each(self) -> list[str]:
        """What is wrong with the topic that holds everything: each story exactly once, copies under one entry."""
        truth = self.newsroom.truth()
        shown = [place(entry.link) for entry in self.feed(f"t/{EVERYTHING}.atom")]
        group_of = {place(url): n for n, group in enumerate(truth.copies) for url in group}
        wanted = [[place(url) for url in group] for group in truth.copies]
        wanted += [[page] for page in sorted(map(place, truth.urls)) if page not in group_of]
        wrong = [f"{group} stands {n} times" for group in wanted if (n := sum(p in group for p in shown)) != 1]
        return wrong + [f"{page} is no story" for page in shown if page not in set(map(place, truth.urls))]


def _alive(group: int) -> bool:
    """Whether a process group still has a member."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def answer_of(port: int, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body of a path of a server on loopback; 0 when it does not answer."""
    request = Request(f"http://127.0.0.1:{port}/{path}", headers=dict(headers))
    try:
        with urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()
    except (URLError, ConnectionError, TimeoutError):
        return 0, b""


def free_port() -> int:
    """A port of loopback that nobody else gets while this process runs.

    It stays bound here without listening, so that neither another test nor an outgoing connection takes it meanwhile.
    A server binds it nevertheless: both say SO_REUSEADDR, as all servers do (socket(7)).
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = int(held.getsockname()[1])
    held.detach()  # the descriptor stays open to the end of the process
    return port


@contextmanager
def after_the_first_round(folder: Path) -> Iterator[Play]:
    """A running desk that has published each story of its sites once."""
    with Play(folder, inside=True) as play:
        play.start()
        until(lambda: not play.missing(), "the first round is in the feeds")
        until(lambda: not play.once_each(), "each story once")
        yield play
