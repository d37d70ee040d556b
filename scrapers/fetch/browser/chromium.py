"""Pages whose content is made by scripts: Chromium, driven by playwright (the extra `browser`), without a network.

The browser gets no network at all: its proxy is a closed port, names resolve to nothing, and every request of a page
is handed to `Subrequests`. The page's own document comes from the visit that fetched it, with all its checks. So the
guard checks every address that is connected to, and nothing that a page does by itself (preconnect, WebRTC, WebSocket,
reports) leaves this machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapers.errors import CopydeskError, PageChanged, SeedError, Unreachable
from scrapers.model import Page
from scrapers.seed.seed import Seed

from ..redact import redact
from ..session import FetchSession
from .subrequests import Subrequest, Subrequests, all_done

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Playwright, Route

SECONDS = 30.0  # for one page in the browser
IDLE_SECONDS = 10.0  # how long a page may keep requesting after its document arrived
CLOSE_SECONDS = 5.0  # for leaving a page
QUIET_SECONDS = 0.5  # a page without a request for this long is ready
PAGES = 2  # at the same time
INSTALL = (
    "pip install 'copydesk[browser]' installs what drives it, and your system's package `chromium`, "
    "or `playwright install chromium`, the browser"
)

_LOOK_EVERY = 0.1  # seconds
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_ARGUMENTS = (
    "--proxy-server=http://127.0.0.1:9",  # discard: a port that pages are never fetched from
    "--proxy-bypass-list=<-loopback>",  # without it loopback would be asked directly
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # its former name
    "--dns-prefetch-disable",
    "--disable-quic",
    "--disable-gpu",
    "--mute-audio",
)
# In an isolated world, where the page's scripts cannot have replaced anything.
_HTML = """(() => {
  const root = document.documentElement;
  const html = root ? root.outerHTML : "";
  return html.length > %d ? null : html;
})()"""


class Browser:
    """One Chromium for all visits of a Fetcher: started when first needed, ended with `aclose`."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(PAGES)

    async def ready(self) -> None:
        """Starts the browser where it does not run; raises SeedError with what to install where it cannot."""
        async with self._starting:
            if self._chromium is not None and self._chromium.is_connected():
                return
            await self._end()
            try:
                from playwright.async_api import Error, async_playwright
            except ImportError as error:
                raise SeedError(f"render = true needs a browser: {INSTALL}") from error
            self._playwright = await async_playwright().start()
            kind = self._playwright.chromium
            path = next(filter(None, map(shutil.which, _NAMES)), None)
            if path is None and not _is_there(kind.executable_path):
                await self._end()
                raise SeedError(f"render = true needs a browser, and no Chromium was found: {INSTALL}")
            try:
                self._chromium = await kind.launch(
                    executable_path=path,
                    args=list(_ARGUMENTS),
                    chromium_sandbox=os.geteuid() != 0,  # Chromium has no sandbox for root
                    env=_environment(),
                    handle_sigint=False,  # ending is ours
                    handle_sigterm=False,
                    handle_sighup=False,
                    timeout=SECONDS * 1000,
                )
            except Error as error:
                await self._end()
                raise SeedError(f"the browser does not start: {_words(error)}") from error

    async def render(
        self, session: FetchSession, seed: Seed | None, page: Page, ca_file: str | None, seconds: float
    ) -> Page:
        """`page` as it is once its scripts have run, in UTF-8. What it asks for comes through `session`.

        Raises Unreachable when it is not ready within 30 s, and PageChanged when it is too large.
        """
        from playwright.async_api import Error

        limit = session.shared.limits.page
        subrequests = Subrequests(session, seed, page, ca_file, min(SECONDS, seconds))
        async with self._places:
            await self.ready()
            tasks: set[asyncio.Task[None]] = set()
            context: BrowserContext | None = None
            try:
                async with asyncio.timeout(SECONDS):
                    context = await self._context(seed.language if seed else None)
                    html = await _read(context, page, subrequests, tasks, limit)
            except TimeoutError as error:
                raise Unreachable(f"the page was not ready within {SECONDS:.0f} s", url=redact(page.url)) from error
            except Error as error:
                raise Unreachable(
                    f"the browser could not show the page: {_words(error)}", url=redact(page.url)
                ) from error
            finally:
                await subrequests.aclose()
                await all_done(tasks)
                if context is not None:
                    await self._close(context)
        if html is None:
            raise PageChanged(f"the page grew larger than {limit} characters in the browser", url=redact(page.url))
        body = b"<!DOCTYPE html>" + html.encode("utf-8", "replace")
        # The validators and freshness of the document do not hold for what scripts made of it.
        return replace(page, body=body, charset="utf-8", etag=None, last_modified=None, fresh_for=None)

    async def aclose(self) -> None:
        """Ends the browser."""
        async with self._starting:
            await self._end()

    async def _context(self, language: str | None) -> BrowserContext:
        if self._chromium is None:
            raise Unreachable("the browser has ended")
        locale = language if language and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", language) else None
        return await self._chromium.new_context(
            user_agent=self._user_agent,
            locale=locale,
            service_workers="block",
            accept_downloads=False,
            viewport={"width": 1280, "height": 2400},  # tall: many lists load more as they scroll into view
        )

    async def _close(self, context: BrowserContext) -> None:
        """Closes a page's context; a browser that cannot even do that is ended, and started anew when next needed."""
        from playwright.async_api import Error

        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await context.close()
        except (TimeoutError, Error):
            async with self._starting:
                await self._end()

    async def _end(self) -> None:
        chromium, self._chromium = self._chromium, None
        playwright, self._playwright = self._playwright, None
        if playwright is None:
            return
        from playwright.async_api import Error

        with contextlib.suppress(Error, TimeoutError):  # it has ended before, or will with its driver
            async with asyncio.timeout(10.0):
                if chromium is not None:
                    await chromium.close()
        with contextlib.suppress(Error):
            await playwright.stop()


async def _read(
    context: BrowserContext, page: Page, subrequests: Subrequests, tasks: set[asyncio.Task[None]], limit: int
) -> str | None:
    """The HTML of a page after its scripts; None when it is longer than `limit`."""
    tab = await context.new_page()
    document = _Document(page)

    async def answer(route: Route) -> None:
        task = asyncio.create_task(_answer(route, document, subrequests))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await asyncio.wait([task])

    await context.route("**/*", answer)
    # Not "load": playwright waits for ever when a page sends a form off while it is read.
    await tab.goto(page.url, wait_until="commit", timeout=SECONDS * 1000)
    session = await context.new_cdp_session(tab)
    frames: Any = await session.send("Page.getFrameTree")
    world: Any = await session.send("Page.createIsolatedWorld", {"frameId": frames["frameTree"]["frame"]["id"]})

    async def value(expression: str) -> object:
        settings = {"expression": expression, "contextId": world["executionContextId"], "returnByValue": True}
        found: Any = await session.send("Runtime.evaluate", settings)
        return found["result"].get("value")

    # A page is ready when it is loaded and requests nothing more. Some request for ever: these are read as they are at
    # the limit.
    clock = asyncio.get_running_loop().time
    end, quiet = clock() + IDLE_SECONDS, 0.0
    while clock() < end and quiet < QUIET_SECONDS:
        await asyncio.sleep(_LOOK_EVERY)
        busy = bool(tasks) or await value("document.readyState") != "complete"
        quiet = 0.0 if busy else quiet + _LOOK_EVERY
    html = await value(_HTML % limit)
    return html if isinstance(html, str) else None


class _Document:
    """The document that the visit fetched: served once, when the tab first asks for it."""

    def __init__(self, page: Page) -> None:
        charset = page.charset if page.charset and re.fullmatch(r"[\w.:-]{1,40}", page.charset, re.ASCII) else None
        self.content_type = page.content_type + (f"; charset={charset}" if charset else "")
        self.body = page.body
        self.shown = False


async def _answer(route: Route, document: _Document, subrequests: Subrequests) -> None:
    """Answers one request of a page: its document, a subrequest, or nothing. A page never leads the tab elsewhere."""
    from playwright.async_api import Error

    request = route.request
    with contextlib.suppress(Error):  # the page was closed meanwhile, nobody waits for the answer
        if request.is_navigation_request():
            if document.shown:
                await route.fulfill(status=204)  # "no content": the page stays, where an error would take its place
                return
            document.shown = True
            await route.fulfill(status=200, headers={"content-type": document.content_type}, body=document.body)
            return
        try:
            answer = await subrequests.answer(
                Subrequest(
                    request.url,
                    request.resource_type,
                    request.method,
                    await request.all_headers(),
                    request.post_data_buffer or b"",
                )
            )
        except CopydeskError:  # logged by Subrequests
            await route.abort("blockedbyclient")
        else:
            await route.fulfill(status=answer.status, headers=dict(answer.headers), body=answer.body)


def _is_there(path: str) -> bool:
    return os.path.exists(path)


def _environment() -> dict[str, str | float | bool]:
    """The environment variables that Chromium needs to start, without any secrets."""
    wanted = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    return {name: os.environ[name] for name in wanted if name in os.environ}


def _words(error: Exception) -> str:
    """The first line of playwright's text, without the address that it may hold."""
    line = next(iter(str(error).splitlines()), "") or type(error).__name__
    return redact(re.sub(r"https?://\S+", "(address)", line[:300]))
