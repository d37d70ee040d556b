"""Every pure function that meets strangers' text takes time in proportion to its length, however the text is made.

The functions are found by their signatures: the public ones whose first argument is text, bytes or a page. Each is
given generated nestings and repetitions of a length and of four times that length. One that grows with the square
takes sixteen times as long; what takes little is not looked at more closely. What is short may be read in a quick way
that grows with the square, where a bound ends it: that it does is seen at four times the length once more.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
import subprocess
import sys
import types
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import feeds
import scrapers
from feeds.errors import QueryError
from scrapers import Article, CopydeskError, Draft, Page, Past, Record, Seed, read_draft, read_links, to_record
from scrapers.fetch.http.inflate import Corrupt, TooBig
from tests.support import timing, waiting
from tests.support.timing import grows_faster, least

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="courier", home="https://courier.example/")
BASE = "https://courier.example/2026/03/the-quay-is-closed"
PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3
SHORT, LONG, LONGER = 4_000, 16_000, 64_000
QUICK = 0.01  # seconds of CPU time that are not looked at more closely
FEW_TRIES = 3  # of what is long
MOST = 0.5  # … that what a bound ends may take; a fiftieth of that is usual
TIMES = 9.0  # how much longer four times the text may take

# Packages in which text of strangers is handled, and those modules of them that handle our own alone.
WHERE = (
    "scrapers.page",
    "scrapers.urls",
    "scrapers.normalise",
    "scrapers.discover",
    "scrapers.extract",
    "scrapers.fetch.http.headers",
    "scrapers.fetch.http.inflate",
    "scrapers.fetch.robots",
    "scrapers.fetch.redact",
    "scrapers.fetch.guard",
    "feeds.identity",
    "feeds.compose.content",
    "feeds.topics.match.tokens",
    "feeds.render.xml_text",
    "feeds.app.web.conditional_requests",
    "feeds.app.web.token_gate",
)
NOT_THEIRS = {
    "scrapers.extract.body.units.cutting.cut_markup": "markup that the parser wrote, where every tag is closed",
    "feeds.identity.revisions.changed": "texts are cut to so many lines and words before they are compared",
    "feeds.compose.content.parse": "markup that we wrote",
    "feeds.compose.content.within": "markup that we wrote",
    "feeds.compose.content.without_pictures": "markup that we wrote",
    "scrapers.discover.feeds.xpath.to_css": "expressions of a configuration",
    "scrapers.discover.feeds.xpath.attribute_and_css": "expressions of a configuration",
}

NESTED = (
    "<div>", "<b>", "<i><p>", "<ul><li>", "<table><tr><td>", "<blockquote>", "<picture><source srcset='/a.jpg 1x'>",
    "<a href='/x'><div>", "<span class='a'>", "<section><h2>", "<dl><dt>", "<figure><figcaption>", "<select><option>",
    "<svg><g>", "<font><nobr>", "[", "{\"a\":", "[[1],", "(", "<item><title>",
)  # fmt: skip
REPEATED = (
    "a", " ", "1", "<", ">", "&", "&amp;", "\"", "'", "\\", ".", ",", "-", "/", "../", "%", "%2F", "?a=b&", "#", ":",
    ";", "\n", "\r\n", "\t", "\x00", "é", "e\u0301", "年", "\u200b", "\u202e", "👩‍👩‍👧", "</p>", "<p>x", "<br>",
    "<b><i></b>",
    "<a href='/2026/03/x-1'>A story of today</a> ", "<img src='/a.jpg'>", "<!--", "<![CDATA[", "]]>", "]]", "<a b=c ",
    "http://a.example/ ", "//", "By Ann Lee and ", "12 March 2026 ", "12:30:", "-1", "*a", "User-agent: x\n",
    "Disallow: /*a\n", "word ", "word, word. ", "A. ", "@a.b", "u:p@", "=\"", "1.1.", "max-age=1, ", "W/\"a\", ", "[1,",
    "<item><link>/a</link><title>b</title></item>", "<url><loc>/a</loc></url>", "<script>", "<style>a{}</style>",
)  # fmt: skip


def baits() -> Iterator[Callable[[int], str]]:
    """Makers of texts of a length."""
    for piece in NESTED + REPEATED:
        yield lambda size, piece=piece: piece * (size // len(piece))  # type: ignore[misc]
    for piece in NESTED:
        if piece.startswith("<"):
            closed = "".join(f"</{name.split()[0]}>" for name in reversed(piece[1:-1].split("><")))
            yield lambda size, piece=piece, closed=closed: (  # type: ignore[misc]
                piece * (size // len(piece + closed)) + "x" + closed * (size // len(piece + closed))
            )
    yield lambda size: "<p " + " ".join(f"a{n}=1" for n in range(size // 7)) + ">x"
    yield lambda size: "".join(f"<p>{n} {'word ' * 20}</p>" for n in range(size // 110))
    yield lambda size: "".join(f"<a href='/2026/03/the-story-{n}'>The story {n}</a>" for n in range(size // 52))
    yield lambda size: "{" + ",".join(f'"k{n}":{n}' for n in range(size // 12)) + "}"
    yield lambda size: "".join(f"User-agent: a{n}\n" for n in range(size // 36)) + "Disallow: /*a*b$\n" * (size // 36)


@cache
def texts() -> list[tuple[str, str, str, Callable[[int], str]]]:
    """Of each bait its beginning, a short text and a long one, and its maker."""
    return [(make(60)[:60], make(SHORT), make(LONG), make) for make in baits()]


def _modules() -> Iterator[ModuleType]:
    for package in (scrapers, feeds):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if any(found.name == where or found.name.startswith(f"{where}.") for where in WHERE):
                yield importlib.import_module(found.name)


def _takes_text(function: Callable[..., Any]) -> Callable[[str], Any] | None:
    """How a function is given a text: as itself, as bytes, or as the body of a page; None for one that takes none."""
    try:
        hints = typing.get_type_hints(function)
    except NameError:  # a name that only the type checker imports
        return None
    wanted = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    wanted = [p for p in wanted if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if not wanted or any(p.kind is p.KEYWORD_ONLY for p in wanted):
        return None
    first, *others = (hints.get(p.name) for p in wanted)
    known: dict[Any, Any] = {str: BASE, int: 1000, float: 1.0, bytes: b"x", datetime: NOW, Seed: SEED, Past: Past()}
    if any(hint not in known for hint in others):
        return None
    rest = [known[hint] for hint in others]
    union = typing.get_origin(first) in (typing.Union, types.UnionType)
    kinds = set(typing.get_args(first)) if union else {first}
    if str in kinds:
        return lambda text: function(text, *rest)
    if bytes in kinds:
        return lambda text: function(text.encode("utf-8", "replace"), *rest)
    if Page in kinds:
        return lambda text: function(_page(text), *rest)
    return None


def _page(text: str, kind: str = "text/html") -> Page:
    return Page(BASE, text.encode("utf-8", "replace"), kind)


FEED = "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>"
ARTICLE = f"<!doctype html><title>Old quay closed</title><h1>Old quay closed</h1><article><p>{PROSE}</p>"


def _whole() -> dict[str, Callable[[str], Any]]:
    """What is given more than a text: the steps as a worker calls them, and what is made of a record."""
    from feeds.app.workers.protocol import checked
    from feeds.identity.dedupe import look
    from feeds.topics.match.document import doc

    def record(**fields: Any) -> Record:
        return to_record(
            Draft(**{"title": "Old quay closed", "text": PROSE} | fields), url=BASE, seed=SEED, first_seen=NOW
        )

    def links(kind: str, start: str = "") -> Callable[[str], Any]:
        return lambda text: read_links(_page(start + text, kind), SEED, Past(), NOW)

    def every_field(text: str) -> Any:
        names = ("title", "subtitle", "section", "publisher", "guid", "canonical", "published", "updated", "language")
        made = record(**dict.fromkeys(names, text), authors=(text,) * 3, tags=(text,) * 3, aliases=(text,))
        return checked(made, Article(Draft(), BASE, NOW), SEED)

    return {
        "front": links("text/html"),
        "feed": links("application/rss+xml", FEED),
        "feed's item": links(
            "application/rss+xml", FEED + "<item><title>a</title><link>/a</link><description><![CDATA["
        ),
        "sitemap": links("application/xml", "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"),
        "json": links("application/json"),
        "article": lambda text: read_draft(_page(ARTICLE + text), SEED, NOW),
        "article's head": lambda text: read_draft(_page("<title>Quay</title>" + text + ARTICLE), SEED, NOW),
        "structured data": lambda text: read_draft(
            _page(f"<script type='application/ld+json'>{text}</script>{ARTICLE}"), SEED, NOW
        ),
        "plain text": lambda text: read_draft(_page("Old quay closed\n\n" + text, "text/plain"), SEED, NOW),
        "record's body": lambda text: record(html=f"<p>{PROSE}</p>{text}", text=PROSE + text),
        "record's fields": every_field,
        "likeness": lambda text: look(record(text=PROSE + text)),
        "topic": lambda text: doc(record(text=PROSE + text)),
    }


def _targets() -> dict[str, Callable[[str], Any]]:
    found: dict[str, Callable[[str], Any]] = {}
    for module in _modules():
        for name, function in vars(module).items():
            place = f"{module.__name__}.{name}"
            plain = getattr(function, "__wrapped__", function)  # a cache would answer the second time
            if name.startswith("_") or place in NOT_THEIRS or not inspect.isfunction(plain):
                continue
            if plain.__module__ == module.__name__ and not inspect.iscoroutinefunction(plain):
                given = _takes_text(plain)
                if given is not None:
                    found[place] = given
    return found | _whole()


TARGETS = _targets()


def _given(call: Callable[[str], Any], text: str) -> None:
    with contextlib.suppress(CopydeskError, QueryError, ValueError, LookupError, Corrupt, TooBig):
        call(text)  # it may be refused, but soon


def test_the_functions_are_found() -> None:
    assert len(TARGETS) > 60
    for name in (
        "scrapers.normalise.sanitise.sanitise",
        "scrapers.page.text.clean",
        "scrapers.fetch.robots.read_robots",
    ):
        assert name in TARGETS
    assert not [name for name in NOT_THEIRS if not name.startswith(WHERE)]


def test_what_grows_with_the_square_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def told(seconds: Callable[[int], float]) -> list[str]:
        def spent(work: Callable[[], object]) -> float:
            work()
            return seconds(lengths.pop())

        monkeypatch.setattr(timing, "spent", spent)
        return list(complaints("it", lambda text: lengths.append(len(text))))

    assert len(told(lambda size: 0.08 * (size / LONG) ** 2)) == len(texts())
    assert told(lambda size: 0.08 * size / LONG) == []
    assert told(lambda size: 0.08 * min(size / LONG, 2) ** 2) == [], "a bound ends it"
    assert len(told(lambda size: 8.0 * min(size / LONG, 2) ** 2)) == len(texts()), "a bound ends it late"


def test_a_burst_of_other_work_spoils_no_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(*seconds: float) -> None:
        found = iter(seconds)
        monkeypatch.setattr(timing, "spent", lambda work: next(found))

    measured(5.0, 0.7, 0.1)
    assert timing.least(str, 0.5) == 0.1
    measured(*[0.6] * timing.TRIES)
    assert timing.least(str, 0.5) == 0.6, "what is always slow is told"
    measured(9.0, 1.0, 1.0, 3.9, 1.0, 1.0)  # many, few, few, each time
    assert not grows_faster(str, str, 4.0, enough=0.1)
    measured(0.1)
    assert not grows_faster(str, str, 4.0, enough=0.1), "it takes little: nothing else is measured"
    measured(0.2)
    assert not grows_faster(str, str, 9.0, enough=0.1), "nor is where `few` counts as a quarter of enough at least"
    for met in ((9.0, 1.0), (1.0, 9.0)):
        measured(16.0, *met, *[16.0, 1.0, 1.0] * (timing.TRIES - 1))
        assert grows_faster(str, str, 4.0, enough=0.1), "a burst that `few` met is no excuse"
    measured(*[16.0, 1.0, 1.0] * timing.TRIES)
    assert grows_faster(str, str, 4.0, enough=0.1)


def test_a_program_that_ended_is_not_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as out:
        ended = subprocess.Popen([sys.executable, "-c", "raise SystemExit('no port is free')"], stderr=out)
    with ended, pytest.raises(waiting.Ended, match=r"ended with 1 before: it answers\nno port is free"):
        waiting.until_of(ended, lambda: False, "it answers", log)


def complaints(name: str, call: Callable[[str], Any]) -> Iterator[str]:
    """The texts for which a function takes too long."""
    for bait, brief, text, make in texts():
        few, many = partial(_given, call, brief), partial(_given, call, text)
        if (wrong := grows_faster(few, many, TIMES, enough=QUICK)) and not _is_bounded(many, call, make):
            yield f"{name}: {bait!r}: {wrong}"


def _is_bounded(many: Callable[[], object], call: Callable[[str], Any], make: Callable[[int], str]) -> bool:
    """Whether what grew too fast ends soon: on a slow machine, the few milliseconds of a quick way are looked at."""
    longer = partial(_given, call, make(LONGER))
    return least(many, MOST) < MOST and not grows_faster(many, longer, TIMES, enough=QUICK, tries=FEW_TRIES)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    assert list(complaints(name, TARGETS[name])) == []
