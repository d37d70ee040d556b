"""Pages that need a browser: where there is none, and what goes through of the requests of a page."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from scrapers import Request
from scrapers.errors import SeedError
from scrapers.fetch.browser import chromium
from scrapers.fetch.browser.subrequests import Subrequest
from tests.support.misbehaving import Web
from tests.support.visiting import failure


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
