"""What is told of an error of the browser: its first line, and no address, which may hold a secret."""

from __future__ import annotations

import pytest

from scrapers.fetch.browser import chromium


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("the page crashed\nCall log:\n - navigating"), "the page crashed"),
        (ValueError("no answer from https://paper.example/a?key=s3cret at all"), "no answer from (address) at all"),
        (ValueError("x" * 301), "x" * 300),
        (ValueError(""), "ValueError"),
    ],
)
def test_the_first_line_without_addresses(error: Exception, told: str) -> None:
    assert chromium._words(error) == told
