"""No regular expression that meets a page takes long, however the page is made (RELIABILITY P7)."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import scrapers
import scrapers.extract
from scrapers.extract import extract
from scrapers.model import Page

SIZE = 100_000  # characters
LIMIT = 0.5  # seconds of CPU time for one bait

BAITS = [
    (text * (SIZE // len(text) + 1))[:SIZE]
    for text in ("a", " ", "1", "<", '"', "\\", "&", ".", "\n", "年", "a ", "a-", "<a ", '="', "1:", "/*", "([{", "é ")
]


BALANCED = frozenset(("scrapers.extract.blocks._TOKEN",))
"""Meets only what lexbor wrote, where every tag is closed; `test_raw_text_takes_no_time` holds it to that."""


def _modules() -> Iterator[str]:
    for package in (scrapers, scrapers.extract):
        for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            if not found.ispkg:
                yield found.name


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Compiled patterns of the modules: alone, or within a tuple, a list or the values of a dict, however deep."""
    seen: set[int] = set()

    def within(name: str, value: object, depth: int) -> Iterator[tuple[str, re.Pattern[str]]]:
        if isinstance(value, re.Pattern):
            if isinstance(value.pattern, str) and id(value) not in seen and name not in BALANCED:
                seen.add(id(value))
                yield name, value
        elif depth and isinstance(value, (tuple, list, dict)) and len(value) < 200:
            for at, one in enumerate(value.values() if isinstance(value, dict) else value):
                yield from within(f"{name}[{at}]", one, depth - 1)

    for module in sorted(_modules()):
        for name, value in sorted(vars(importlib.import_module(module)).items()):
            yield from within(f"{module}.{name}", value, 2)


PATTERNS = list(_patterns())


def test_patterns_are_found() -> None:
    names = [name for name, _ in PATTERNS]
    assert any(name.startswith("scrapers.extract.phrases._PATTERNS") for name in names)
    assert any(name.startswith("scrapers.dates.") for name in names)


@pytest.mark.parametrize(("name", "pattern"), PATTERNS, ids=[name for name, _ in PATTERNS])
def test_no_pattern_takes_long(name: str, pattern: re.Pattern[str]) -> None:
    for bait in BAITS:
        start = time.process_time()
        pattern.search(bait)
        pattern.match(bait)
        took = time.process_time() - start
        assert took < LIMIT, (name, bait[:6], took)


@pytest.mark.parametrize(
    "tag", ["iframe", "noframes", "noembed", "xmp", "title", "textarea", "style", "noscript", "div"]
)
@pytest.mark.parametrize("bait", ['<x "', "<x ", '"<', "<<", "<!-- ", "</x "])
def test_raw_text_takes_no_time(tag: str, bait: str) -> None:
    for quote in ("", '"'):
        inner = bait * (20_000 // bait.count("<")) + quote
        page = Page("", f"<body><p title='<>'>Es geht wieder.</p><{tag}>{inner}</{tag}><p>Ende.</p>".encode())
        start = time.process_time()
        extract(page, None)
        assert time.process_time() - start < 1.0, (tag, bait, quote)
