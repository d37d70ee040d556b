"""What the browser is told, step by step, without one: how it is started, what a page may be, when it is ready."""

from __future__ import annotations

import asyncio
import shutil
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from scrapers import Page, Seed
from scrapers.errors import CopydeskError, PageChanged, SeedError, Unreachable
from scrapers.fetch.browser import chromium
from scrapers.fetch.browser.chromium import Browser
from tests.support.waiting import PATIENCE, done

playwright = pytest.importorskip("playwright.async_api")
PAGE = Page(
    "https://courier.example/a?token=x", b"<p>a", etag='"1"', last_modified="x", fresh_for=5.0, charset="latin-1"
)


class Driver:
    """Playwright as far as it is used, with a browser that starts at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, there: str | None = "/bin/chromium") -> None:
        self.launch = AsyncMock(side_effect=lambda **_: self.browser)
        self.browser = Mock(close=AsyncMock(), new_context=AsyncMock(return_value="context"))
        self.browser.is_connected.return_value = True
        self.driver = Mock(stop=AsyncMock())
        self.driver.chromium = Mock(launch=self.launch, executable_path="/own/chromium")
        start = Mock(start=AsyncMock(return_value=self.driver))
        monkeypatch.setattr(playwright, "async_playwright", lambda: start)
        monkeypatch.setattr(shutil, "which", lambda name: there if name == "chromium-browser" else None)


def test_a_browser_is_started_once_with_no_network_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    driver, browser = Driver(monkeypatch), Browser("copydesk/1")
    machine = SimpleNamespace(geteuid=lambda: 1000, environ={"HOME": "/home/x", "PATH": "/bin", "PASSWORD": "secret"})
    monkeypatch.setattr(chromium, "os", machine)

    async def go() -> None:
        await browser.ready()
        await browser.ready()
        driver.browser.is_connected.return_value = False  # it crashed
        await browser.ready()
        await browser.aclose()

    done(go)
    assert driver.launch.await_count == 2
    told = driver.launch.await_args.kwargs  # type: ignore[union-attr]
    arguments = told.pop("args")
    assert told == {
        "executable_path": "/bin/chromium",
        "chromium_sandbox": True,
        "env": {"HOME": "/home/x", "PATH": "/bin"},
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
        "timeout": 30_000.0,
    }
    assert {one.partition("=")[0] for one in arguments} >= {"--proxy-server", "--proxy-bypass-list", "--disable-quic"}
    assert driver.driver.stop.await_count == 2
    machine.geteuid = lambda: 0
    done(Browser("copydesk/1").ready)
    assert driver.launch.await_args.kwargs["chromium_sandbox"] is False  # type: ignore[union-attr]


def test_the_browser_of_playwright_is_used_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    driver, browser = Driver(monkeypatch, there=None), Browser("copydesk/1")
    monkeypatch.setattr(chromium, "_is_there", lambda path: path == "/own/chromium")
    done(browser.ready)
    assert driver.launch.await_args.kwargs["executable_path"] is None  # type: ignore[union-attr]
    monkeypatch.setattr(chromium, "_is_there", lambda _: False)
    with pytest.raises(SeedError, match="no Chromium was found: pip install"):
        done(Browser("copydesk/1").ready)
    driver.driver.stop.assert_awaited_once()


def test_a_browser_that_does_not_start_says_why_in_one_line_without_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    driver, browser = Driver(monkeypatch), Browser("copydesk/1")
    driver.launch.side_effect = playwright.Error(f"no display at https://x.example/?key=1 {'y' * 400}\nmore")
    with pytest.raises(SeedError) as told:
        done(browser.ready)
    assert told.value.reason.startswith("the browser does not start: no display at (address) yyy")
    assert "more" not in told.value.reason and len(told.value.reason) < 330
    driver.driver.stop.assert_awaited_once()
    assert chromium._words(playwright.Error("")) == "Error"


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        (None, None),
        ("en", "en"),
        ("pt-BR", "pt-BR"),
        ("zh-Hant-TW-x12345678", None),
        ("zh-Hant-TW-12345678", "zh-Hant-TW-12345678"),
        ("a", None),
        ("english", None),
        ("en_GB", None),
        ("en-GB'", None),
    ],
)
def test_a_page_is_shown_in_the_language_of_its_seed(
    language: str | None, locale: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, browser = Driver(monkeypatch), Browser("copydesk/1")
    with pytest.raises(Unreachable, match="the browser has ended"):
        done(lambda: browser._context(language))

    async def go() -> Any:
        await browser.ready()
        return await browser._context(language)

    assert done(go) == "context"
    driver.browser.new_context.assert_awaited_once_with(
        user_agent="copydesk/1",
        locale=locale,
        service_workers="block",
        accept_downloads=False,
        viewport={"width": 1280, "height": 2400},
    )


def shown(values: list[Any], tasks: set[Any], monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any, Any, list[float]]:
    """What a page gives whose scripts answer so; its context, its session, and how long it was waited for."""
    now, slept = 0.0, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        slept.append(seconds)

    answers = [{"result": {} if value is None else {"value": value}} for value in values]

    async def send(what: str, told: Any = None) -> Any:
        sent.append((what, told))
        if what == "Page.getFrameTree":
            return {"frameTree": {"frame": {"id": "F"}}}
        return {"executionContextId": 9} if what == "Page.createIsolatedWorld" else answers.pop(0)

    sent: list[Any] = []
    loop = Mock(time=lambda: now)
    monkeypatch.setattr(chromium, "asyncio", SimpleNamespace(sleep=sleep, get_running_loop=lambda: loop))
    context = AsyncMock()
    context.new_cdp_session.return_value.send = send
    work = chromium._read(context, PAGE, Mock(), tasks, 500)
    with pytest.raises(StopIteration) as end:
        while True:
            work.send(None)
    return end.value.value, context, sent, slept


def test_a_page_is_read_when_it_is_loaded_and_asks_for_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    found, context, sent, slept = shown(["loading", *["complete"] * 5, "<html>"], set(), monkeypatch)
    assert (found, len(slept)) == ("<html>", 6)
    tab = context.new_page.return_value
    tab.goto.assert_awaited_once_with(PAGE.url, wait_until="commit", timeout=30_000.0)
    (pattern, answer), _ = context.route.await_args
    assert pattern == "**/*" and callable(answer)
    context.new_cdp_session.assert_awaited_once_with(tab)
    assert sent[:2] == [("Page.getFrameTree", None), ("Page.createIsolatedWorld", {"frameId": "F"})]
    assert sent[2] == (
        "Runtime.evaluate",
        {"expression": "document.readyState", "contextId": 9, "returnByValue": True},
    )
    assert "html.length > 500 ? null : html" in sent[-1][1]["expression"]


def test_a_page_that_asks_for_ever_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _, sent, slept = shown(["<html>"], {"a request"}, monkeypatch)
    assert (found, sum(slept)) == ("<html>", pytest.approx(10.0, abs=0.11))
    assert len(sent) == 3, "a page that still asks is not asked whether it is loaded"


@pytest.mark.parametrize("value", [None, 5])
def test_a_page_that_is_too_large_gives_nothing(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown([*["complete"] * 5, value], set(), monkeypatch)[0] is None


def rendered(
    monkeypatch: pytest.MonkeyPatch,
    html: Any,
    *,
    seconds: float = 60.0,
    seed: Seed | None = None,
    limit: float = PATIENCE,
) -> tuple[Any, Any, Any]:
    """What is made of a page, and what it was made with."""
    browser = Browser("copydesk/1")
    context = Mock(close=AsyncMock())
    browser.ready, browser._context = AsyncMock(), AsyncMock(return_value=context)  # type: ignore[method-assign]
    read = AsyncMock(side_effect=html if isinstance(html, Exception) else [html])
    if html is Ellipsis:

        async def read(*_: object) -> None:
            await asyncio.Event().wait()

    given = Mock()
    given.return_value.aclose = AsyncMock()
    monkeypatch.setattr(chromium, "_read", read)
    monkeypatch.setattr(chromium, "Subrequests", given)
    monkeypatch.setattr(chromium, "SECONDS", limit)
    session = Mock()
    session.shared.limits.page = 500
    try:
        found = done(lambda: browser.render(session, seed, PAGE, "ca.pem", seconds))
    except CopydeskError as error:
        found = error
    context.close.assert_awaited_once()
    return found, given, (browser, session)


def test_what_scripts_made_of_a_page_is_its_body_and_nothing_of_its_validators(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = Seed("courier", home="https://courier.example/", language="en")
    found, given, (browser, session) = rendered(monkeypatch, "<p>é\ud800", seed=seed, seconds=3.0)
    assert (found.body, found.charset) == ("<!DOCTYPE html><p>é?".encode(), "utf-8")
    assert (found.etag, found.last_modified, found.fresh_for, found.url) == (None, None, None, PAGE.url)
    given.assert_called_once_with(session, seed, PAGE, "ca.pem", 3.0)
    browser._context.assert_awaited_once_with("en")
    found, given, (browser, _) = rendered(monkeypatch, "", limit=20.0)
    assert found.body == b"<!DOCTYPE html>" and given.call_args.args[4] == 20.0
    browser._context.assert_awaited_once_with(None)


@pytest.mark.parametrize(
    ("html", "kind", "words"),
    [
        (None, PageChanged, "the page grew larger than 500 characters in the browser"),
        (..., Unreachable, "the page was not ready within 0 s"),
        (playwright.Error("gone\nmore"), Unreachable, "the browser could not show the page: gone"),
    ],
)
def test_a_page_that_cannot_be_shown_says_why_and_hides_what_is_secret(
    html: Any, kind: type[CopydeskError], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, _, _ = rendered(monkeypatch, html, limit=0.01 if html is ... else PATIENCE)
    assert type(error) is kind and error.reason == words
    assert error.url == "https://courier.example/a?token=***"


def test_a_browser_that_cannot_leave_a_page_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "CLOSE_SECONDS", 0.01)
    for trouble in (playwright.Error("gone"), None):
        browser, context = Browser("copydesk/1"), Mock()
        browser._end = AsyncMock()  # type: ignore[method-assign]

        async def close(told: Exception | None = trouble) -> None:
            if told is not None:
                raise told
            await asyncio.Event().wait()

        context.close = close
        done(lambda browser=browser, context=context: browser._close(context))
        browser._end.assert_awaited_once()


@pytest.mark.parametrize(
    ("charset", "told"),
    [("utf-8", "text/html; charset=utf-8"), (None, "text/html"), ("a b", "text/html"), ("x" * 41, "text/html")],
)
def test_the_document_comes_once_and_the_page_is_led_nowhere_else(charset: str | None, told: str) -> None:
    document = chromium._Document(Page("https://courier.example/", b"<p>", charset=charset))
    given: list[Any] = []

    async def fulfill(**how: Any) -> None:
        given.append(how)

    route = Mock(fulfill=fulfill)
    route.request.is_navigation_request.return_value = True
    for _ in range(2):
        done(lambda: chromium._answer(route, document, Mock()))
    assert given == [{"status": 200, "headers": {"content-type": told}, "body": b"<p>"}, {"status": 204}]


def test_what_a_page_is_not_given_is_blocked_and_a_closed_page_is_no_bug() -> None:
    route = Mock(abort=AsyncMock())
    route.request.is_navigation_request.return_value = False
    route.request.all_headers = AsyncMock(return_value={})
    asked = Mock(answer=AsyncMock(side_effect=Unreachable("gone")))
    done(lambda: chromium._answer(route, Mock(), asked))
    route.abort.assert_awaited_once_with("blockedbyclient")
    route.abort.side_effect = playwright.Error("closed")
    done(lambda: chromium._answer(route, Mock(), asked))
