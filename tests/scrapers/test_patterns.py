"""No regular expression that meets a page takes long, however the page is made (RELIABILITY P7)."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

import scrapers
from scrapers.extract.body.phrases import _ALTERNATIVES, _compiled, _signed
from scrapers.page.embed_services import SERVICES
from tests.support.timing import TRIES, grows_faster, least, spent

SIZE = 5_000  # characters; a search whose time grows with their square takes some thousandths of a second and more
QUICK = 0.0025  # seconds of CPU time that are not looked at more closely
LIMIT = 0.125

PARTS = (
    "a", " ", "1", "<", '"', "\\", "&", ".", "\n", "年", "é ", "-", "|", "/", "[", "©", "a ", "a-", "a.", "a b ", "Aa ",
    "<a ", '="', "1:", "12:", "2024-", "2020/", "2020-1-", "1 abc ", "/*", "([{", "(a", "[a ", "&a", "%u", "%2F", "\t ",
    ". ", "@a.", "a@b.", "@a='", "http://", "By ", "von ", "date ", "author-", "published ", "Mar 1, ",
    '<meta name="generator" ', "<![CDATA[", "<img src=", "<author>x", "concat(", "<x ", "1.", "a=1;", "a,",
)  # fmt: skip
BALANCED = frozenset(("scrapers.extract.body.units.cutting._TOKEN",))
"""Meets only what lexbor wrote, where every tag is closed; test_extract_hostile.py holds it to that."""
MATCHED = frozenset(("scrapers.page.nesting._PLAIN_ATTRIBUTES", "scrapers.seed.toml_lines._KEY"))
"""Never searched for: matched once at the end of each tag's name, or where a key begins."""
PATHS = "scrapers.page.embed_services.SERVICES"
"""Of the paths of frames: matched at their beginning."""
PHRASES = "scrapers.extract.body.phrases._compiled"
CUT = {"scrapers.discover.data.wix.MORE": 600}
"""Used on texts that were cut to so many characters."""


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(scrapers.__path__, "scrapers."):
        yield found.name


def _patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Compiled patterns of all modules: alone, or within a tuple, a list or the values of a dict, however deep."""
    seen: set[tuple[str | bytes, int]] = set()  # not which objects: `re` gives the same one again while it remembers it

    def within(name: str, value: object, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
        if isinstance(value, re.Pattern):
            if (value.pattern, value.flags) not in seen and name not in BALANCED:
                seen.add((value.pattern, value.flags))
                yield name, value
        elif depth and isinstance(value, (tuple, list, dict)) and len(value) < 200:
            for at, one in enumerate(value.values() if isinstance(value, dict) else value):
                yield from within(f"{name}[{at}]", one, depth - 1)

    for service in SERVICES:  # compiled when they are first asked for
        yield f"{PATHS}[{service.pattern}]", re.compile(service.pattern)
    phrases = {one for some in _ALTERNATIVES for _, one in some}
    for phrase in sorted(phrases, key=lambda one: (-len(one), one))[:40]:  # those with most in them
        if isinstance(made := _compiled(phrase), re.Pattern):
            yield f"{PHRASES}[{phrase}]", made
    yield f"{PHRASES}[signs]", _signed()
    for module in sorted(_modules()):
        for name, value in sorted(vars(importlib.import_module(module)).items()):
            yield from within(f"{module}.{name}", value, 2)


PATTERNS = dict(_patterns())
ANCHORED = [pattern for name, pattern in PATTERNS.items() if name in MATCHED or name.startswith(PATHS)]


def test_patterns_are_found() -> None:
    for start in (
        PHRASES,
        "scrapers.discover.",
        "scrapers.fetch.",
        "scrapers.page.dates.",
        "scrapers.normalise.sanitise.",
    ):
        assert any(name.startswith(start) for name in PATTERNS), start


def _search(pattern: re.Pattern[Any], part: str, size: int) -> Callable[[], object]:
    """A search in a text made of a part again and again."""
    bait: str | bytes = (part * (size // len(part) + 1))[:size] + "#"  # the end that a pattern waits for does not come
    if isinstance(pattern.pattern, bytes):
        bait = bait.encode()
    return partial(pattern.match if pattern in ANCHORED else pattern.search, bait)


def slow(pattern: re.Pattern[Any], part: str, size: int, *, tries: int = TRIES) -> bool:
    """Whether a search takes long, or sixteen times as long in a text four times as long, and no bound ends that."""
    few, search, more = (_search(pattern, part, length) for length in (size // 4, size, 2 * size))
    spans: list[float] = []

    def many() -> None:
        spans.append(spent(search))

    faster = partial(grows_faster, enough=QUICK, tries=tries)
    if faster(few, many, 6.4) and faster(search, more, 3.0):  # between what it is of lines and of squares
        return True
    return min(spans) >= LIMIT and least(search, LIMIT, tries=tries) >= LIMIT


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_takes_long(name: str) -> None:
    pattern = PATTERNS[name]
    assert [part for part in PARTS if slow(pattern, part, CUT.get(name, SIZE))] == []


@pytest.mark.parametrize(("pattern", "part"), [(r"\w+@", "a"), (r"<[^>]*>", "<"), (r"[ \t]+$", " ")])
def test_a_pattern_that_takes_long_is_told(pattern: str, part: str) -> None:
    """Some look tells it: one look may be spoilt by bursts of other programs, in which all takes equally long."""
    assert any(slow(re.compile(pattern), part, SIZE // 2, tries=2) for _ in range(8))
