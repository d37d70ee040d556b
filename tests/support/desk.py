"""The desk of a small installation: the real server over a real store, in a thread, and a plain browser for it."""

from __future__ import annotations

import asyncio
import http.client
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urldefrag, urlencode

from selectolax.lexbor import LexborHTMLParser

from feeds.app.application import Application, open_application
from feeds.app.config.config import load
from feeds.app.system.clock import utc_now
from feeds.app.web import Serving, serve
from feeds.store import Store
from scrapers import Record, Seed
from tests.support.playing import free_port
from tests.support.stories import record
from tests.support.waiting import PATIENCE

T = TypeVar("T")
CONFIG = """# the desk of a test: this comment stays
title = "The harbour desk"
contact = "mailto:desk@example.org"
base_url = "http://127.0.0.1:{port}"

[web]
listen = "127.0.0.1:{port}"

[fetch]
allow_networks = ["127.0.0.0/8"]
local_gap = "0.01s"

[[topics]]
name = "harbour"  # ships
title = "The harbour"
query = "quay OR ferry"

[[topics]]
name = "mine"
private = true
"""


@dataclass
class Got:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    text: str
    cookies: list[str] = field(default_factory=list)

    def note(self) -> str:
        """What the page says about the action before it."""
        found = re.search(r'<p class="note[^"]*"[^>]*>(.*?)</p>', self.text, re.DOTALL)
        return found[1] if found else ""


@dataclass
class DeskUnderTest:
    """A running desk. `asked` holds what the desk had the daemon do."""

    folder: Path
    port: int
    loop: asyncio.AbstractEventLoop
    app: Application
    serving: Serving
    asked: list[tuple[str, Mapping[str, Any]]]

    def store(self, work: Callable[[Store], T]) -> T:
        """Something of the store, in its thread."""
        thread = self.app.thread
        future = asyncio.run_coroutine_threadsafe(thread.call(lambda: work(thread.store)), self.loop)
        return future.result(PATIENCE)

    def call(self, work: Callable[[], T]) -> T:
        """Something that belongs to the loop."""

        async def there() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(there(), self.loop).result(PATIENCE)

    def link(self) -> str:
        """The path of a new link that opens the desk once."""
        assert self.serving.desk is not None
        return "/desk" + self.call(self.serving.desk.new_link).partition("/desk")[2]

    def browser(self) -> Browser:
        """A browser that is signed in."""
        browser = Browser(self.port)
        assert browser.get(self.link()).status == 200
        assert browser.cookie
        return browser


class Browser:
    """Sends what a browser sends: cookies, `Origin` and `Sec-Fetch-*`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        self.cookie = ""
        self.token = ""

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Got:
        """One request with exactly these headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            cookies = response.headers.get_all("set-cookie") or []
            found = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, found, response.read().decode("utf-8", "replace"), cookies)
        finally:
            connection.close()

    def get(self, path: str, **more: str) -> Got:
        """A page, as by a typed address. The token of its forms is remembered."""
        headers = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", **more}
        if self.cookie:
            headers["Cookie"] = self.cookie
        got = self.ask("GET", path, None, headers)
        self._remember(got)
        return got

    def post(self, path: str, fields: Mapping[str, str], *, token: str | None = None, **more: str) -> Got:
        """A form of the page that was looked at last; the answer itself, no page that it leads to."""
        told = dict(fields)
        if token != "":
            told["token"] = self.token if token is None else token
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.origin,
            "Sec-Fetch-Site": "same-origin",
            **more,
        }
        if self.cookie:
            headers["Cookie"] = self.cookie
        got = self.ask("POST", path, urlencode(told).encode(), {k: v for k, v in headers.items() if v != "-"})
        self._remember(got)
        return got

    def upload(self, path: str, fields: Mapping[str, str], file: tuple[str, bytes]) -> Got:
        """A form with a file, as multipart/form-data: the name of its field, and what is in it."""
        edge = "----a-line-between"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {**fields, "token": self.token}.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{file[0]}"; filename="list.opml"\r\n'
        body = b"".join(
            [*parts, f"{head}Content-Type: text/xml\r\n\r\n".encode(), file[1], f"\r\n--{edge}--\r\n".encode()]
        )
        return self.ask(
            "POST",
            path,
            body,
            {
                "Content-Type": f"multipart/form-data; boundary={edge}",
                "Origin": self.origin,
                "Sec-Fetch-Site": "same-origin",
                "Cookie": self.cookie,
            },
        )

    def submit(self, path: str, fields: Mapping[str, str]) -> Got:
        """A form, and the page that its answer leads to."""
        got = self.post(path, fields)
        return self.get(got.headers["location"]) if got.status == 303 else got

    def _remember(self, got: Got) -> None:
        for line in got.cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookie = f"{name}={morsel.value}" if morsel.value else ""
        if found := re.search(r'name="token" value="([0-9a-f]+)"', got.text):
            self.token = found[1]


def file_story(store: Store, record: Record, now: datetime) -> None:
    """File a record as a story of its own; inside a transaction."""
    story = store.stories.add(record, now)
    store.stories.set_representative(story, store.records.add(record, story, "", now), "")


@contextmanager
def running_desk(
    folder: Path,
    *,
    config: str = CONFIG,
    store: str | None = None,
    fill: Callable[[Store], None] | None = None,
    perform: Callable[[Application, str, Mapping[str, Any]], dict[str, Any]] | None = None,
    patience: float = PATIENCE,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[DeskUnderTest]:
    """The desk of a new installation in `folder`, until the block ends. `perform` stands for the daemon.

    `store` is the address of an empty one on a server, in the place of a file. `patience` is how many seconds the start
    may take.
    """
    port = free_port()
    path = folder / "config.toml"
    there = "" if store is None else f'\n[store]\nurl = "{store}"\nfolder = "var"\n'
    path.write_text(config.format(port=port) + there, encoding="utf-8")
    (folder / "seeds").mkdir(exist_ok=True)
    loop = asyncio.new_event_loop()
    found: dict[str, DeskUnderTest] = {}
    ready, over = threading.Event(), asyncio.Event()
    failed: list[BaseException] = []
    asked: list[tuple[str, Mapping[str, Any]]] = []

    async def run() -> None:
        async with open_application(load(path), daemon=True, workers=1, clock=clock) as app:

            async def act(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
                asked.append((kind, payload))
                if kind == "reload":
                    return {"applied": await app.installation.reload(path)}
                return perform(app, kind, payload) if perform is not None else {}

            async def health() -> tuple[bool, dict[str, Any]]:
                return True, {"ok": True, "visits_running": 0, "loop_held_ms": 1, "records": 0, "disk": None}

            if fill is not None:
                await app.thread.call(fill, app.thread.store)
            serving = await serve(app, health, perform=act, config_path=path)
            found["desk"] = DeskUnderTest(folder, port, loop, app, serving, asked)
            ready.set()
            await over.wait()
            await serving.stop()

    def thread() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(run())
        except BaseException as error:
            failed.append(error)
            ready.set()
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    runner = threading.Thread(target=thread, daemon=True, name="desk")
    runner.start()
    assert ready.wait(patience)
    if failed:
        raise failed[0]
    try:
        yield found["desk"]
    finally:
        loop.call_soon_threadsafe(over.set)
        runner.join(PATIENCE)
    if failed:
        raise failed[0]


def fill(store: Store, stories: int, now: datetime, sources: Sequence[str] = ("courier", "island")) -> None:
    """Sources, a story of them for every hour before now, and a reader's token."""
    store.sources.sync([Seed(name=name, home=f"http://127.0.0.1:9/{name}") for name in sources], now)
    with store.transaction():
        for n in range(stories):
            at = now - timedelta(hours=n)
            file_story(store, record(n, source=sources[n % len(sources)], published=at, first_seen=at), now)
        store.tokens.add("mine", "kitchen", b"0" * 32, now)


def pages(browser: Browser, links: str = "a[href]", *, of_each_kind: int = 4) -> Iterator[tuple[str, LexborHTMLParser]]:
    """The path and the content of every page that links lead to from the first one, some of each kind."""
    seen, waiting = {"/desk"}, ["/desk"]
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        got = browser.get(path)
        assert got.status == 200, path
        if "text/html" not in got.headers["content-type"]:
            continue
        tree = LexborHTMLParser(got.text)
        yield path, tree
        for link in tree.css(links):
            address = urldefrag(link.attributes.get("href") or link.attributes.get("action") or "")[0]
            kind = re.sub(r"(sources|topics|stories)/[^/?]+|\?.*", r"\1", address)
            if address.startswith("/desk") and address not in seen and kinds[kind] < of_each_kind:
                kinds[kind] += 1
                seen.add(address)
                waiting.append(address)
