"""A source that needs a browser where there is none."""

from __future__ import annotations

import sys

import pytest
from misbehaving import Web
from visiting import failure

from scrapers import Request
from scrapers.errors import SeedError


def test_without_the_extra_the_error_says_what_to_install(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright", None)
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    error = failure(Request(web.url("/"), render=True))
    assert isinstance(error, SeedError)
    assert "pip install 'copydesk[browser]'" in error.reason
    assert web.asked == []
