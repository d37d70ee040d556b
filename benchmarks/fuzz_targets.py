"""What `benchmarks.fuzz` tries: for each reader samples to damage, the words of its grammar, and what has to hold.

A check gets bytes and the case's own chance. It lets through what the reader documents that it raises; anything else
that it raises is a fault, and so is a promise that does not hold. The properties of the tests are tried as well, by
their own strategies.
"""

from __future__ import annotations

import importlib
import math
import re
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import hypothesis

from benchmarks.corpus import ROOT
from benchmarks.fuzz_samples import (
    CONFIGS,
    DATES,
    DRAFTS,
    FEEDS,
    HEADERS,
    JSON,
    JSON_WORDS,
    LABELS,
    LISTING,
    MARKUP,
    OPMLS,
    PAGE,
    QUERIES,
    QUERY_WORDS,
    ROBOTS,
    SEARCHES,
    SEEDS,
    SITEMAPS,
    TAGS,
    TOML_WORDS,
    URLS,
    XML_WORDS,
    rows,
)
from feeds.app import config as configuration
from feeds.app.frames import LINKS, dumped
from feeds.errors import ConfigError, QueryError
from feeds.model import Topic
from feeds.store import search
from feeds.topics import Imported, compile, doc, from_freshrss, from_miniflux, parse, written
from feeds.topics.parse import MAX_LENGTH as LONGEST_QUERY
from feeds.topics.query import And, Node, Not, Or, leaves
from scrapers import (
    CopydeskError,
    Draft,
    Page,
    Past,
    Seed,
    canonical_key,
    load_seed,
    published_form,
    read_draft,
    read_links,
    read_opml,
    same_site,
    seed_to_toml,
    to_record,
)
from scrapers import dates as _dates
from scrapers.charset import decode, encoding_of
from scrapers.discover import sitemaps_of_robots
from scrapers.fetch import headers as _headers
from scrapers.fetch.robots import essence
from scrapers.fetch.robots import parse as parse_robots
from scrapers.sanitise import sanitise, to_text
from scrapers.seed import from_table
from scrapers.text import TEXT, clean, clean_paragraphs
from scrapers.urls import article_like, host, join, site

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOME = "https://courier.example/"
PLAIN = (
    "title",
    "subtitle",
    "text",
    "html",
    "published",
    "updated",
    "canonical",
    "guid",
    "section",
    "language",
    "publisher",
)
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SEED = Seed(name="courier", home=HOME, language="en")

for _tests in ("tests", "tests/scrapers", "tests/feeds"):
    if (_path := str(ROOT / _tests)) not in sys.path:
        sys.path.insert(0, _path)
hypothesis.settings.register_profile("fuzz", database=None, deadline=None)
hypothesis.settings.load_profile("fuzz")


@dataclass(frozen=True, slots=True)
class Target:
    """One reader. `properties`: modules of tests whose hypothesis tests are tried too."""

    check: Callable[[bytes, Random], None]
    samples: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    properties: tuple[str, ...] = ()


def _of_tests(module: str, name: str) -> Any:
    """A name of a module of the tests."""
    return getattr(importlib.import_module(module), name)


@cache
def properties(target: str) -> tuple[Callable[[bytes], object], ...]:
    """The hypothesis tests of a target, each as a function of the bytes that its choices are made of."""
    found = []
    for module in TARGETS[target].properties:
        for test in vars(importlib.import_module(module)).values():
            given = getattr(test, "hypothesis", None)
            if given is not None and getattr(test, "__module__", "") == module:
                found.append(given.fuzz_one_input)
    return tuple(found)


# --- text, dates, addresses -------------------------------------------------------------------------------------------


def _charset(data: bytes, by: Random) -> None:
    label = by.choice((None, *LABELS, data[:20].decode("latin-1")))
    text = decode(data, label)
    encoding_of(label)
    assert len(text) <= len(data) + 1, f"{len(data)} bytes are {len(text)} characters"
    if label in (None, "utf-8") and data.isascii() and b"charset" not in data.lower() and b"encoding" not in data:
        assert label is None or text == data.decode(), "ASCII is not itself"


def _normalise(data: bytes, by: Random) -> None:
    told: dict[str, str] = {}
    for row in _loose(data, by).split("\n"):
        name, colon, value = row.partition(": ")
        if colon:
            told[name] = value.replace("\\n", "\n")
    plain = {name: told[name] for name in PLAIN if name in told}
    draft = Draft(
        **plain,  # type: ignore[arg-type]
        tags=tuple(told.get("tags", "").split("|")),
        authors=tuple(told.get("authors", "").split("|")),
        aliases=tuple(told.get("aliases", "").split("|")),
    )
    url = join(HOME, told.get("url", "")) or HOME
    try:
        record = to_record(draft, url=url, seed=SEED, first_seen=NOW)
    except CopydeskError:
        return
    wrong = _of_tests("record_rules", "broken")(record, draft, SEED, url)
    assert not wrong, wrong


def _text(data: bytes, by: Random) -> None:
    text = _loose(data, by)
    once = clean(text)
    assert clean(once) == once, "cleaning twice is not cleaning once"
    paragraphs = clean_paragraphs(text, by.choice((TEXT, 40)))
    assert clean_paragraphs(paragraphs) == paragraphs, "paragraphs are not themselves"


def _date(data: bytes, by: Random) -> None:
    text = _loose(data, by)
    language = by.choice((None, "en", "en-US", "de", "fr", "ja", "zh", "ko", "fa", "ar", "th", "ru", "cs", "xx"))
    zone = by.choice((None, "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "nowhere"))
    now = by.choice((None, NOW))
    moment = _dates.read(text, language=language, timezone=zone, now=now)
    assert moment == _dates.read(text[: _dates.MAX_LENGTH], language=language, timezone=zone, now=now)
    if moment is not None:
        assert moment.when.utcoffset() is not None and 1995 <= moment.when.year <= 2100, moment
        moment.when.astimezone(UTC)
        again = _dates.read(moment.iso(), language=language, timezone=zone)
        assert again is not None and again.when.date() == moment.when.date(), (moment, moment.iso(), again)


def _urls(data: bytes, by: Random) -> None:
    text = _loose(data, by)
    key = canonical_key(text)
    assert canonical_key(key) == key and len(key) <= 2000, (key, canonical_key(key))
    key.encode()
    article_like(text)
    assert same_site(text, text) == bool(site(text)) or host(text) == "", "an address is on another site than itself"
    joined = join(HOME, text)
    if joined is None:
        return
    assert _is_address(joined), joined
    form = published_form(joined)
    assert canonical_key(form) == canonical_key(joined), ("published under another key", joined, form)
    assert published_form(form) == form, (joined, form, published_form(form))


def _sanitiser(data: bytes, by: Random) -> None:
    html = _loose(data, by)
    base = by.choice((HOME + "news/story.html?id=7", HOME, "http://courier.example:8080/a//b/", "nonsense"))
    once = sanitise(html, base)
    assert sanitise(once, base) == once, ("sanitising twice is not sanitising once", once[:300])
    found = _of_tests("test_sanitise", "dangers")(once)
    assert not found, found
    to_text(once)


# --- what servers say -------------------------------------------------------------------------------------------------


def _robots(data: bytes, by: Random) -> None:
    text = decode(data)
    rules = parse_robots(text, "https://courier.example")
    short = parse_robots(essence(text), "https://courier.example")
    for path in ("", "news/a-story?page=2", "private/x.html", "%E2%82%AC", "*", "a" * 3000):
        told = rules.allows(HOME + path)
        if text.lstrip()[:1] != "<":
            assert told == short.allows(HOME + path), ("what is kept of it says something else", path, text)
    assert rules.delay is None or (math.isfinite(rules.delay) and rules.delay >= 0), rules.delay
    for address in (*rules.sitemaps, *sitemaps_of_robots(text)):
        assert address.startswith(("http://", "https://")), address


def _http(data: bytes, by: Random) -> None:
    """Every header that is read, from lines of `name: value`."""
    pairs = []
    for row in data.decode("latin-1").splitlines()[:100]:
        name, colon, value = row.partition(":")
        if colon:
            pairs.append((name.strip().lower(), value.strip()))
    fresh = _headers.fresh_for(pairs)
    assert fresh is None or 0 <= fresh <= _headers.DAY, fresh
    for name, value in pairs:
        wait = _headers.retry_after(value, NOW.timestamp())
        assert wait is None or 60 <= wait <= _headers.DAY, (value, wait)
        moment = _headers.http_date(value)
        assert moment is None or math.isfinite(moment), value
        kept = _headers.printable(value, _headers.MAX_VALIDATOR)
        assert kept is None or (kept.isascii() and kept.isprintable() and len(kept) <= _headers.MAX_VALIDATOR), kept
        raw = value.encode("latin-1")
        target = _headers.location(raw)
        assert target is None or (target.isascii() and target.isprintable()), target
        kind, label = _headers.media_type(value)
        assert kind is None or "/" in kind, kind
        decode(b"a", label)
        _headers.robots_directives([value], "copydesk")
        for _, address in _headers.links([name + ":" + value, value], HOME):
            assert address.startswith(("http://", "https://")), address


# --- fronts -----------------------------------------------------------------------------------------------------------


def _front(kind: str) -> Callable[[bytes, Random], None]:
    def check(data: bytes, by: Random) -> None:
        page = Page(HOME + "x", data, content_type=kind, charset=by.choice((None, None, None, *LABELS)), fetched=NOW)
        try:
            links = read_links(page, SEED, Past(), NOW)
        except CopydeskError:
            return
        links = LINKS.validate_json(dumped(LINKS, links))  # as they come out of a worker
        assert len(links.items) <= 5000
        urls = [link.url for link in links.items]
        assert len(set(urls)) == len(urls), "an address stands twice"
        for address in (*urls, *links.feeds, *links.sitemaps, *([links.next_page] if links.next_page else ())):
            assert _is_address(address), address
        for link in links.items[:5]:
            try:
                record = to_record(link.hint, url=link.url, seed=SEED, first_seen=NOW)
            except CopydeskError:
                continue
            wrong = _of_tests("record_rules", "broken")(record, link.hint, SEED, link.url)
            assert not wrong, (link.url, wrong)

    return check


def _article(data: bytes, by: Random) -> None:
    page = Page(HOME + "2026/11/a-story", data, charset=by.choice((None, *LABELS)), fetched=NOW)
    try:
        draft = read_draft(page, SEED, NOW)
        record = to_record(draft, url=page.url, seed=SEED, first_seen=NOW)
    except CopydeskError:
        return
    wrong = _of_tests("record_rules", "broken")(record, draft, SEED, page.url)
    assert not wrong, wrong


def _opml(data: bytes, by: Random) -> None:
    try:
        found = read_opml(data, taken=frozenset({"courier"}))
    except CopydeskError:
        return
    names = [one.seed.name for one in found.subscriptions]
    assert len({*names, "courier"}) == len(names) + 1, f"a name is taken twice: {names}"
    for one in found.subscriptions[:20]:
        text = seed_to_toml(one.seed, dict(one.reasons))
        seed, mistakes = from_table(one.seed.name, tomllib.loads(text), "seed")
        assert seed is not None, (text, mistakes)
        assert seed.home == one.seed.home and seed.discover == one.seed.discover, (seed, one.seed)


# --- topics -----------------------------------------------------------------------------------------------------------


@cache
def _indexed() -> tuple[sqlite3.Connection, dict[int, Any]]:
    """Eighty random records, once in the full-text index and once as the evaluator sees them."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    db.execute(
        "CREATE TABLE record("
        "n INTEGER PRIMARY KEY, source TEXT, url TEXT, publisher TEXT, language TEXT, published INTEGER)"
    )
    search.switch_on(db)
    chance = Random(5)
    random_record, keep = _of_tests("topics_at_random", "random_record"), _of_tests("test_topics_search", "keep")
    records = {n: random_record(chance, n) for n in range(1, 81)}
    for n, record in records.items():
        keep(db, n, record)
    return db, {n: doc(record) for n, record in records.items()}


def _agrees(query: str) -> None:
    """Parsing, writing and parsing again is the same; the index offers what the evaluator finds."""
    node = parse(query)
    if len(written(node)) > LONGEST_QUERY:  # what is written out may be longer than what a person may write
        return
    assert written(parse(written(node))) == written(node), (query, written(node), written(parse(written(node))))
    rule, again = compile(Topic("t", "T", query)), compile(Topic("t", "T", written(node)))
    db, documents = _indexed()
    mine = {n for n, document in documents.items() if rule.test(document)}
    assert mine == {n for n, document in documents.items() if again.test(document)}, (query, written(node))
    assert mine <= set(search.candidates(db, rule)), (query, "the index misses one")
    match = search.match_of(node)
    sayable = all(not _excludes(part) for part in _alternatives(node))  # else the index gives more, never less
    plain = all(type(leaf).__name__ in ("Words", "Near") and not getattr(leaf, "exact", None) for leaf in leaves(node))
    if match is not None and plain and sayable:
        theirs = {row[0] for row in db.execute("SELECT rowid FROM search WHERE search MATCH ?", (match,))}
        assert mine == theirs, (query, match)


def _alternatives(node: Node) -> Iterator[Node]:
    """The parts of every OR of a tree."""
    if isinstance(node, And | Or):
        for part in node.parts:
            if isinstance(node, Or):
                yield part
            yield from _alternatives(part)
    elif isinstance(node, Not):
        yield from _alternatives(node.part)


def _excludes(node: Node) -> bool:
    """Whether a NOT stands anywhere in a tree."""
    return isinstance(node, Not) or (isinstance(node, And | Or) and any(_excludes(part) for part in node.parts))


def _query(data: bytes, by: Random) -> None:
    query = _of_tests("topics_at_random", "random_query")(by) if by.random() < 0.3 else _loose(data, by)
    try:
        _agrees(query)
    except QueryError as error:
        wrong = error
    else:
        return
    assert wrong.reason and 0 <= wrong.position <= len(query), (query, wrong.position)


def _imports(data: bytes, by: Random) -> None:
    search_for = _loose(data, by)
    found: list[Imported] = [from_freshrss(search_for), from_miniflux(search_for), from_miniflux("", search_for)]
    for one in found:
        assert one.query is not None or one.notes or not search_for.strip(), "lost without a word"
        if one.query is not None:
            _agrees(one.query)


# --- files ------------------------------------------------------------------------------------------------------------


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-files-"))


def _lines(mistakes: list[str]) -> None:
    """Mistakes are said in a line each (those of a query show the place below)."""
    assert mistakes, "no mistakes are named"
    for mistake in mistakes:
        first = mistake.splitlines()[0]
        assert first.strip() and not _UNWRITABLE.search(first), mistake
        assert mistake == first or "query:" in first, mistake


def _config(data: bytes, by: Random) -> None:
    path = _folder() / "config.toml"
    path.write_bytes(data)
    try:
        config = configuration.load(path)
    except ConfigError as error:
        _lines(error.mistakes)
        return
    host_name, port = config.address()
    assert host_name and 0 <= port <= 65535
    assert (config.all_topics() and config.proxy() is None) or config.fetch.proxy
    _ = (config.store_path, config.public, config.seeds_folder)


def _seed(data: bytes, by: Random) -> None:
    path = _folder() / "courier.toml"
    path.write_bytes(data)
    seed, mistakes = load_seed(path)
    assert (seed is None) == bool(mistakes), (seed, mistakes)
    if mistakes:
        _lines(mistakes)


def _is_address(url: str) -> bool:
    """Whether it is a web address that an Atom document can hold, on one line."""
    return url.startswith(("http://", "https://")) and not _UNWRITABLE.search(url) and len(url) <= 2000


def _loose(data: bytes, by: Random) -> str:
    """Bytes as text; now and then with the lone surrogates that JSON lets through."""
    return data.decode("utf-8", by.choice(("replace", "replace", "surrogateescape")))


TARGETS: dict[str, Target] = {
    "charset": Target(_charset, PAGE + MARKUP, rows("charset=", "<meta ", "http-equiv", "utf-7"), ("test_charset",)),
    "text": Target(_text, DRAFTS + MARKUP, rows("\u2067", "\u202e", "\u200d", "\u0301", "\ufeff"), ("test_text",)),
    "normalise": Target(_normalise, DRAFTS, TAGS, ("test_normalise",)),
    "dates": Target(_date, DATES, rows("ago", "UTC", "+", ":", "/", "年", "in ", "24", "60", "-"), ("test_dates",)),
    "urls": Target(
        _urls, URLS, rows("%", "//", "@", ":", "?", "#", "[", "\\", "xn--", "..", "%2e", ";"), ("test_urls",)
    ),
    "sanitiser": Target(_sanitiser, MARKUP, TAGS, ("test_sanitise",)),
    "robots": Target(
        _robots, ROBOTS, rows("*", "$", "Disallow: /", "User-agent: *\n", "%", "#"), ("test_fetch_robots",)
    ),
    "headers": Target(
        _http, HEADERS, rows(",", ";", "=", '"', "max-age=", "<", ">", "9" * 20, "GMT"), ("test_fetch_answers",)
    ),
    "feed": Target(_front("application/xml"), FEEDS, XML_WORDS),
    "json": Target(_front("application/json"), JSON, JSON_WORDS),
    "sitemap": Target(_front("text/xml"), SITEMAPS, XML_WORDS),
    "listing": Target(_front("text/html"), LISTING, TAGS),
    "article": Target(_article, PAGE, TAGS + JSON_WORDS, ("test_extract_damaged", "test_extract_hostile")),
    "opml": Target(_opml, OPMLS, XML_WORDS),
    "query": Target(_query, QUERIES, QUERY_WORDS, ("test_topics_language", "test_topics_words")),
    "imports": Target(_imports, SEARCHES, QUERY_WORDS, ("test_topics_imports",)),
    "config": Target(_config, CONFIGS, TOML_WORDS),
    "seed": Target(_seed, SEEDS, TOML_WORDS),
}


def names() -> Iterator[str]:
    """Every target."""
    return iter(TARGETS)
