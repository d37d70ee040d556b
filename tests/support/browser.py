"""A real Chromium for tests of pages, and what axe finds on one."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHROMIUM = shutil.which("chromium")
HERE = all(importlib.util.find_spec(name) for name in ("playwright", "axe_playwright_python")) and CHROMIUM is not None
MISSING = "pages are not tested in a browser: that needs playwright, axe-playwright-python and the command chromium"


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


_WRONG_ALONE = {"resultTypes": ["violations"]}  # what is right is not listed: a quarter of the work


def faults(page: Any) -> list[str]:
    """What axe finds wrong on a page: rule, element, and why."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=_WRONG_ALONE).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}: {node['failureSummary'][:300]}" for one in found for node in one["nodes"]
    ]


def tab_to(page: Any, selector: str, most: int = 80) -> None:
    """Go to an element by the keyboard alone. Raises AssertionError when it is never reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement && document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the keyboard")
