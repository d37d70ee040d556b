"""What `benchmarks.fuzz` tries: for each reader samples to damage, the words of its grammar, and its check.

The properties of the tests are tried as well, by their own strategies.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

import hypothesis

from benchmarks.reliability.fuzz import pages, texts, topics
from benchmarks.reliability.fuzz.samples import (
    CONFIGS,
    DATES,
    DRAFTS,
    FEEDS,
    HEADERS,
    JSON,
    JSON_WORDS,
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

hypothesis.settings.register_profile("fuzz", database=None, deadline=None)
hypothesis.settings.load_profile("fuzz")


@dataclass(frozen=True, slots=True)
class Target:
    """One reader. `properties`: modules of tests whose hypothesis tests are tried too."""

    check: Callable[[bytes, Random], None]
    samples: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    properties: tuple[str, ...] = ()


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


TARGETS: dict[str, Target] = {
    "charset": Target(
        texts.check_charset,
        PAGE + MARKUP,
        rows("charset=", "<meta ", "http-equiv", "utf-7"),
        ("tests.scrapers.page.test_charset",),
    ),
    "text": Target(
        texts.check_text,
        DRAFTS + MARKUP,
        rows("\u2067", "\u202e", "\u200d", "\u0301", "\ufeff"),
        ("tests.scrapers.page.test_text",),
    ),
    "normalise": Target(texts.check_normalise, DRAFTS, TAGS, ("tests.scrapers.normalise.test_record",)),
    "dates": Target(
        texts.check_date,
        DATES,
        rows("ago", "UTC", "+", ":", "/", "年", "in ", "24", "60", "-"),
        ("tests.scrapers.page.test_dates",),
    ),
    "urls": Target(
        texts.check_urls,
        URLS,
        rows("%", "//", "@", ":", "?", "#", "[", "\\", "xn--", "..", "%2e", ";"),
        ("tests.scrapers.urls.test_key",),
    ),
    "sanitiser": Target(texts.check_sanitiser, MARKUP, TAGS, ("tests.scrapers.normalise.test_sanitise",)),
    "robots": Target(
        texts.check_robots,
        ROBOTS,
        rows("*", "$", "Disallow: /", "User-agent: *\n", "%", "#"),
        ("tests.scrapers.fetch.test_robots",),
    ),
    "headers": Target(
        texts.check_http,
        HEADERS,
        rows(",", ";", "=", '"', "max-age=", "<", ">", "9" * 20, "GMT"),
        ("tests.scrapers.fetch.http.test_exchange",),
    ),
    "feed": Target(pages.check_front("application/xml"), FEEDS, XML_WORDS),
    "json": Target(pages.check_front("application/json"), JSON, JSON_WORDS),
    "sitemap": Target(pages.check_front("text/xml"), SITEMAPS, XML_WORDS),
    "listing": Target(pages.check_front("text/html"), LISTING, TAGS),
    "article": Target(
        pages.check_article,
        PAGE,
        TAGS + JSON_WORDS,
        ("tests.scrapers.extract.test_damaged", "tests.scrapers.extract.test_hostile"),
    ),
    "opml": Target(pages.check_opml, OPMLS, XML_WORDS),
    "query": Target(
        topics.check_query,
        QUERIES,
        QUERY_WORDS,
        ("tests.feeds.topics.query.test_language", "tests.feeds.topics.match.test_tokens"),
    ),
    "imports": Target(topics.check_imports, SEARCHES, QUERY_WORDS, ("tests.feeds.topics.test_imports",)),
    "config": Target(pages.check_config, CONFIGS, TOML_WORDS),
    "seed": Target(pages.check_seed, SEEDS, TOML_WORDS),
}


def names() -> Iterator[str]:
    """Every target."""
    return iter(TARGETS)
