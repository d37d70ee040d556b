"""Sites of `scale.py`: a process of its own that answers after a moment, and notes when each request began and ended.

Every site has an address of its own in 127.0.0.0/8; each fourth carries two sources, which share its turns. A source
has one more story every few seconds, until it is told to stand still.
"""

from __future__ import annotations

import asyncio
import json
import time
from functools import partial
from random import Random

from benchmarks.speed.load import address
from tests.support.loopback import Answer, Connection, word

DELAY = 0.03  # seconds that an answer takes
STORIES = 3  # at the start


def sources_of(hosts: int) -> list[tuple[str, int, str]]:
    """(name, host, part) of every source."""
    return [
        (f"site-{host:04}-{part}", host, part) for host in range(hosts) for part in ("ab" if host % 4 == 0 else "a")
    ]


class Sites:
    """All sites."""

    def __init__(self, hosts: int, fresh: float, frame: int) -> None:
        self.fresh = fresh
        self.frame = _frame(frame)
        self.begun: float | None = None  # the first request
        self.stopped: float | None = None
        self.log: list[list[tuple[float, float]]] = [[] for _ in range(hosts)]
        self.fronts: dict[str, int] = {name: 0 for name, _, _ in sources_of(hosts)}

    def stories(self, name: str) -> int:
        """How many stories a source has by now."""
        if self.begun is None:
            return STORIES
        until = self.stopped if self.stopped is not None else time.monotonic()
        return STORIES + int((until - self.begun + Random(name).random() * self.fresh) // self.fresh)

    def answer(self, host: int, path: str, etag: str) -> Answer:
        """Status, type, ETag and body."""
        part = path[1:2]
        name = f"site-{host:04}-{part}"
        if name not in self.fronts:
            return 404, "text/plain", "", b"no such page"
        count = self.stories(name)
        if path == f"/{part}/":
            self.fronts[name] += 1
            own = f'"{count}"'
            return (
                (304, "text/html", own, b"")
                if etag == own
                else (200, "text/html", own, self._page(_front(name, part, count)))
            )
        number = path.rpartition("-")[2]
        if path.startswith(f"/{part}/news/") and number.isdigit() and int(number) < count:
            return 200, "text/html", f'"{number}"', self._page(_article(name, int(number)))
        return 404, "text/plain", "", b"no such page"

    def _page(self, page: bytes) -> bytes:
        """A page in its frame."""
        before, after = self.frame
        return page.replace(b"<body>", b"<body>" + before).replace(b"</body>", after + b"</body>")

    def told(self) -> bytes:
        """What happened, as JSON."""
        stories = {name: self.stories(name) for name in self.fronts}
        return json.dumps({"log": self.log, "fronts": self.fronts, "stories": stories}).encode()


class SlowConnection(Connection):
    """One connection to a site, which answers after a moment and notes when each request began and ended."""

    def __init__(self, sites: Sites, host: int) -> None:
        super().__init__(partial(sites.answer, host), time.time)
        self._sites, self._host = sites, host

    def asked(self, path: str, known: str) -> None:
        """A request came in."""
        if path == "/_told":
            self.send((200, "application/json", "", self._sites.told()))
            return
        if path == "/_stop":
            self._sites.stopped = time.monotonic()
            self.send((200, "text/plain", "", b"ok"))
            return
        began = time.monotonic()
        if self._sites.begun is None:
            self._sites.begun = began
        answer = self._sites.answer(self._host, path, known)
        asyncio.get_running_loop().call_later(DELAY, self._end, began, answer)

    def _end(self, began: float, answer: Answer) -> None:
        self._sites.log[self._host].append((began, time.monotonic()))
        self.send(answer)


async def serve(hosts: int, port: int, fresh: float, frame: int) -> None:
    """Serve until the process ends. `frame`: thousand bytes around what a page tells."""
    sites = Sites(hosts, fresh, frame)
    for host in range(hosts):
        await asyncio.get_running_loop().create_server(partial(SlowConnection, sites, host), address(host), port)
    print("ready", flush=True)
    await asyncio.Event().wait()


def _frame(thousands: int) -> tuple[bytes, bytes]:
    """What stands before and after the text of a page: menus, icons, styles and scripts, so many thousand bytes."""
    if not thousands:
        return b"", b""
    chance = Random("frame")
    names = [word(chance).capitalize() for _ in range(60)]
    menu = "".join(f'<li class="menu__item"><a href="/section/{one.lower()}/">{one}</a></li>' for one in names)
    icon = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 6h16v2H4zm0 5h16v2H4zm0 5h16v2H4z"/></svg>'
    foot = "".join(f'<div class="foot__row"><span class="label">{one}</span>{icon}</div>' for one in names)
    before = f'<header class="top"><nav><ul class="menu">{menu}</ul></nav></header>'
    after = f'<footer class="foot"><ul>{menu}</ul>{foot}</footer>'
    left = max(0, thousands * 1000 - len(before) - len(after)) // 2
    style = "".join(f".c{n}-{word(chance)}{{margin:0 {n % 16}px;color:#{n % 4096:03x}}}" for n in range(left // 40))
    state = ",".join(f'"{word(chance)}{n}":{{"on":true,"n":{n}}}' for n in range(left // 34))
    script = f"<script>window.__settings={{{state}}}</script>"
    return f"<style>{style}</style>{before}".encode(), f"{after}{script}".encode()


def _words(chance: Random, count: int) -> str:
    return " ".join(word(chance) for _ in range(count)).capitalize()


def _title(name: str, n: int) -> str:
    return _words(Random(f"title {name} {n}"), 8)


def _front(name: str, part: str, count: int) -> bytes:
    items = "".join(
        f'<article><h2><a href="/{part}/news/{_title(name, n).lower().replace(" ", "-")}-{n}">{_title(name, n)}</a>'
        f"</h2><p>{_words(Random(f'teaser {name} {n}'), 20)}.</p></article>"
        for n in reversed(range(max(0, count - 30), count))
    )
    return f"<!doctype html><html lang='en'><title>{name}</title><body><main>{items}</main></body></html>".encode()


def _article(name: str, n: int) -> bytes:
    chance = Random(f"text {name} {n}")
    text = "".join(f"<p>{_words(chance, 60)}. {_words(chance, 30)}.</p>" for _ in range(6))
    title = _title(name, n)
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title><meta property='og:title' content='{title}'>"
        f"</head><body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    ).encode()
