"""No regular expression that meets a page takes long, however the page is made (RELIABILITY P7)."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import scrapers
from scrapers.extract.body.phrases import _ALTERNATIVES, _compiled, _signed
from scrapers.page.embed_services import SERVICES
from tests.support.timing import TRIES, grows_faster, least, spent

SIZE = 5_000  # characters; a search whose time grows with their square takes some thousandths of a second and more
LIMIT = 0.125  # seconds of CPU time that no search may take

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
MODULES = sorted(_modules())
ONE_TEXT = ("match", "fullmatch")  # the ways to use a pattern in which no text is gone through, place by place


def _ways(text: str) -> dict[str, set[str]]:
    """How each name is used in a module: matched with a text and nothing else, "search" for all else that may be, and
    "elsewhere" for names of other modules."""
    found: dict[str, set[str]] = defaultdict(set)
    plain: set[ast.AST] = set()  # names of which the way is known
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(way := node.func, ast.Attribute) and way.attr in ONE_TEXT:
            if len(node.args) == 1 and not node.keywords and isinstance(way.value, ast.Name):
                plain.add(way.value)
                found[way.value.id].add(way.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in plain:
            found[node.id].add("search")
        elif isinstance(node, ast.Attribute):
            found[node.attr] |= {"search", "elsewhere"}
        elif isinstance(node, ast.alias):
            found[node.name].add("elsewhere")
            if node.asname is not None:
                found[node.name].add("search")
    return found


@cache
def _ways_in(module: str) -> dict[str, set[str]]:
    return _ways(Path(str(importlib.import_module(module).__file__)).read_text("utf-8"))


def ways_of(name: str) -> tuple[str, ...]:
    """The ways in which a pattern meets a text in its module, and in those that have its name from elsewhere."""
    if name in MATCHED or name.startswith(PATHS):
        return ("match",)
    home, _, own = name.rpartition(".")
    ways: set[str] = set()
    for module in MODULES:
        some = _ways_in(module).get(own, set())
        if module == home or "elsewhere" in some:
            ways |= some
    ways.discard("elsewhere")
    return tuple(sorted(ways)) if ways and "search" not in ways else ("search",)


def test_patterns_are_found() -> None:
    for start in (
        PHRASES,
        "scrapers.discover.",
        "scrapers.fetch.",
        "scrapers.page.dates.",
        "scrapers.normalise.sanitise.",
    ):
        assert any(name.startswith(start) for name in PATTERNS), start


@cache
def _baits(part: str, size: int, packed: bool) -> tuple[str | bytes, ...]:
    """A text made of a part again and again; and the same from each further character of the part."""
    bait = (part * (size // len(part) + 1))[:size] + "#"  # the end that a pattern waits for does not come
    return tuple(bait[at:].encode() if packed else bait[at:] for at in range(len(part)))


def _used(pattern: re.Pattern[Any], ways: tuple[str, ...], part: str, size: int) -> Callable[[], object]:
    """What a pattern does in such a text: it is searched for, or matched where any place of the part may be first."""
    baits = _baits(part, size, isinstance(pattern.pattern, bytes))
    if ways == ("search",):
        return partial(pattern.search, baits[0])
    calls = [getattr(pattern, way) for way in ways]
    return lambda: [call(bait) for call in calls for bait in baits]


@cache
def quick() -> float:
    """Seconds that are not looked at more closely, on a fast machine as on a slow one.

    A quarter of what the quickest of patterns takes here whose time grows with the square.
    """
    return least(partial(re.compile("<[^>]*>").search, "<" * SIZE), 0.0, tries=4) / 4


def slow(
    pattern: re.Pattern[Any], part: str, size: int, ways: tuple[str, ...] = ("search",), *, tries: int = TRIES
) -> bool:
    """Whether a use takes long, or sixteen times as long in a text four times as long, and no bound ends that."""
    few, use, more = (_used(pattern, ways, part, length) for length in (size // 4, size, 2 * size))
    spans: list[float] = []

    def many() -> None:
        spans.append(spent(use))

    faster = partial(grows_faster, enough=quick(), tries=tries)
    if faster(few, many, 6.4) and faster(use, more, 3.0):  # between what it is of lines and of squares
        return True
    return min(spans) >= LIMIT and least(use, LIMIT, tries=tries) >= LIMIT


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_takes_long(name: str) -> None:
    pattern = PATTERNS[name]
    assert [part for part in PARTS if slow(pattern, part, CUT.get(name, SIZE), ways_of(name))] == []


@pytest.mark.parametrize(
    ("way", "pattern", "part"),
    [
        ("search", r"\w+@", "a"),
        ("search", r"<[^>]*>", "<"),
        ("search", r"[ \t]+$", " "),
        ("match", r"\w*\w*@", "a"),
        ("match", r"-(?: -)*(?: -)*@", " -"),
        ("fullmatch", r"\w*?\w*?", "a"),
    ],
)
def test_a_pattern_that_takes_long_is_told(way: str, pattern: str, part: str) -> None:
    """Some look tells it: one look may be spoilt by bursts of other programs, in which all takes equally long."""
    assert any(slow(re.compile(pattern), part, SIZE, (way,), tries=2) for _ in range(8))


@pytest.mark.parametrize("times", [0.1, 1.0, 10.0])
def test_what_is_quick_is_told_by_the_machine(monkeypatch: pytest.MonkeyPatch, times: float) -> None:
    monkeypatch.setattr("tests.support.timing.spent", lambda work: 0.008 * times)
    assert quick.__wrapped__() == 0.002 * times


def test_a_pattern_is_tried_as_it_is_used() -> None:
    def ways(text: str) -> set[str]:
        return _ways(text)["_A"]

    assert ways("if _A.match(text): _A.fullmatch(text)") == {"match", "fullmatch"}
    for text in ("_A.search(x)", "_A.match(x, 5)", "_A.sub('', x)", "f(_A)", "map(_A.match, x)", "m._A.match(x)",
                 "from m import _A as _B", "_A.match(x, endpos=3)", "_A.match"):  # fmt: skip
        assert "search" in ways(f"_A.match(x)\n{text}"), text
    assert ways_of("scrapers.extract.body.notices._RIGHTS") == ("match",)
    assert ways_of("scrapers.discover.listing.headlines._BADGES") == ("fullmatch",)
    assert ways_of("scrapers.extract.fields.authors._DATE_TAIL") == ("search",)
    assert sum(ways_of(name) == ("search",) for name in PATTERNS) > len(PATTERNS) / 4
