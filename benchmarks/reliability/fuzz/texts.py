"""Checks of the readers of texts: charsets, cleaning, dates, addresses, sanitising, headers and robots.txt.

A check gets bytes and the case's own chance. It lets through what the reader documents that it raises; anything else
that it raises is a fault, and so is a promise that does not hold.
"""

from __future__ import annotations

import math
from datetime import UTC
from random import Random

from benchmarks.reliability.fuzz.common import HOME, NOW, SEED, as_text, is_address, of_tests
from benchmarks.reliability.fuzz.samples import LABELS
from scrapers import (
    CopydeskError,
    Draft,
    canonical_key,
    published_form,
    read_robots,
    same_site,
    to_record,
)
from scrapers.discover import sitemaps_of_robots
from scrapers.fetch.http import headers as _headers
from scrapers.normalise.body_text import to_text
from scrapers.normalise.sanitise import sanitise
from scrapers.page import dates as _dates
from scrapers.page.charset import decode, encoding_of
from scrapers.page.text import TEXT, clean, clean_paragraphs
from scrapers.urls.key import article_like
from scrapers.urls.site import host, join, site

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


def check_charset(data: bytes, by: Random) -> None:
    label = by.choice((None, *LABELS, data[:20].decode("latin-1")))
    text = decode(data, label)
    encoding_of(label)
    assert len(text) <= len(data) + 1, f"{len(data)} bytes are {len(text)} characters"
    if label in (None, "utf-8") and data.isascii() and b"charset" not in data.lower() and b"encoding" not in data:
        assert label is None or text == data.decode(), "ASCII is not itself"


def check_normalise(data: bytes, by: Random) -> None:
    told: dict[str, str] = {}
    for row in as_text(data, by).split("\n"):
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
    wrong = of_tests("tests.support.record_rules", "broken")(record, draft, SEED, url)
    assert not wrong, wrong


def check_text(data: bytes, by: Random) -> None:
    text = as_text(data, by)
    once = clean(text)
    assert clean(once) == once, "cleaning twice is not cleaning once"
    paragraphs = clean_paragraphs(text, by.choice((TEXT, 40)))
    assert clean_paragraphs(paragraphs) == paragraphs, "paragraphs are not themselves"


def check_date(data: bytes, by: Random) -> None:
    text = as_text(data, by)
    language = by.choice((None, "en", "en-US", "de", "fr", "ja", "zh", "ko", "fa", "ar", "th", "ru", "cs", "xx"))
    zone = by.choice((None, "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "nowhere"))
    now = by.choice((None, NOW))
    moment = _dates.read(text, language=language, timezone=zone, now=now)
    assert moment == _dates.read(text[: _dates.MAX_LENGTH + 1], language=language, timezone=zone, now=now)
    if moment is not None:
        assert moment.when.utcoffset() is not None and 1995 <= moment.when.year <= 2100, moment
        moment.when.astimezone(UTC)
        again = _dates.read(moment.iso(), language=language, timezone=zone)
        assert again is not None and again.when.date() == moment.when.date(), (moment, moment.iso(), again)


def check_urls(data: bytes, by: Random) -> None:
    text = as_text(data, by)
    key = canonical_key(text)
    assert canonical_key(key) == key and len(key) <= 2000, (key, canonical_key(key))
    key.encode()
    article_like(text)
    assert same_site(text, text) == bool(site(text)) or host(text) == "", "an address is on another site than itself"
    joined = join(HOME, text)
    if joined is None:
        return
    assert is_address(joined), joined
    form = published_form(joined)
    assert canonical_key(form) == canonical_key(joined), ("published under another key", joined, form)
    assert published_form(form) == form, (joined, form, published_form(form))


def check_sanitiser(data: bytes, by: Random) -> None:
    html = as_text(data, by)
    base = by.choice((HOME + "news/story.html?id=7", HOME, "http://courier.example:8080/a//b/", "nonsense"))
    once = sanitise(html, base)
    assert sanitise(once, base) == once, ("sanitising twice is not sanitising once", once[:300])
    found = of_tests("tests.scrapers.normalise.test_sanitise", "dangers")(once)
    assert not found, found
    to_text(once)


def check_robots(data: bytes, by: Random) -> None:
    text = decode(data)
    rules = read_robots(text, "https://courier.example")
    short = read_robots(rules.text, "https://courier.example")
    for path in ("", "news/a-story?page=2", "private/x.html", "%E2%82%AC", "*", "a" * 3000):
        told = rules.allows(HOME + path)
        if text.lstrip()[:1] != "<":
            assert told == short.allows(HOME + path), ("what is kept of it says something else", path, text)
    assert rules.delay is None or (math.isfinite(rules.delay) and rules.delay >= 0), rules.delay
    for address in (*rules.sitemaps, *sitemaps_of_robots(text)):
        assert address.startswith(("http://", "https://")), address


def check_http(data: bytes, by: Random) -> None:
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
