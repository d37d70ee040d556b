"""Pages that need a browser: where there is none, and what goes through of the requests of a page."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import pytest

from scrapers import Page, Request, Seed
from scrapers.errors import SeedError
from scrapers.fetch.browser import chromium
from scrapers.fetch.browser.subrequests import Subrequest
from scrapers.fetch.session import FetchSession
from tests.support.misbehaving import Web
from tests.support.visiting import failure, make_fetcher


def test_without_the_extra_the_error_says_what_to_install(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright", None)
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    error = failure(Request(web.url("/"), render=True))
    assert isinstance(error, SeedError)
    assert "pip install 'copydesk[browser]'" in error.reason
    assert web.asked == []


def test_what_a_page_sends_along_is_sent_along() -> None:
    pytest.importorskip("playwright")
    asked: list[Subrequest] = []
    answered: list[dict[str, Any]] = []

    class Request:
        url, resource_type, method = "https://courier.example/graphql", "fetch", "POST"

        def __init__(self, body: bytes | None) -> None:
            self.post_data_buffer = body

        def is_navigation_request(self) -> bool:
            return False

        async def all_headers(self) -> dict[str, str]:
            return {"content-type": "application/json"}

    class Route:
        def __init__(self, body: bytes | None) -> None:
            self.request = Request(body)

        async def fulfill(self, **told: Any) -> None:
            answered.append(told)

    class Subrequests:
        async def answer(self, request: Subrequest) -> Any:
            asked.append(request)
            return SimpleNamespace(status=200, headers=(("x", "y"),), body=b"[]")

    for body in (b'{"page": 2}', None):
        asyncio.run(chromium._answer(Route(body), object(), Subrequests()))  # type: ignore[arg-type]
    assert [(one.method, one.body, one.kind) for one in asked] == [
        ("POST", b'{"page": 2}', "fetch"),
        ("POST", b"", "fetch"),
    ]
    assert answered == [{"status": 200, "headers": {"x": "y"}, "body": b"[]"}] * 2


@pytest.mark.parametrize(
    ("media_type", "shown"), [("text/html", True), ("application/xhtml+xml", True), ("text/xml", False), ("", False)]
)
def test_a_page_is_asked_for_without_conditions_and_only_html_is_shown_to_the_browser(
    media_type: str, shown: bool
) -> None:
    page = Page("https://courier.example/a", b"<p>", content_type=media_type)
    browser = AsyncMock()
    browser.render.return_value = "rendered"
    seed = Seed("courier", home="https://courier.example/", ca_file="seed.pem")
    for asked, ca_file in ((None, "seed.pem"), ("own.pem", "own.pem")):
        visit = FetchSession(make_fetcher().shared, seed, 1e12)
        visit._renderer, visit._persistently = browser, AsyncMock(return_value=page)  # type: ignore[method-assign]
        visit.left = lambda: 7.0  # type: ignore[method-assign]
        request = Request(page.url, render=True, etag='"1"', last_modified="x", ca_file=asked)
        found = asyncio.run(visit._rendered(request))
        assert found == ("rendered" if shown else page)
        (sent,) = visit._persistently.await_args.args  # type: ignore[union-attr]
        assert (sent.url, sent.etag, sent.last_modified, sent.ca_file) == (page.url, None, None, asked)
        if shown:
            browser.render.assert_awaited_with(visit, seed, page, ca_file, 7.0)
    assert browser.ready.await_count == 2 and browser.render.await_count == 2 * shown


def test_a_visit_without_a_browser_says_so() -> None:
    visit = FetchSession(make_fetcher().shared, None, 1e12)
    visit._renderer = None
    with pytest.raises(SeedError, match="this visit has none"):
        asyncio.run(visit._rendered(Request("https://courier.example/a", render=True)))
