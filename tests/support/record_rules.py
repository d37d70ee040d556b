"""What every record keeps, whatever page it was made of, as a list of broken promises (RELIABILITY P3 to P5, D5)."""

from __future__ import annotations

import re

from lxml import etree

from feeds.app.workers.protocol import DRAFT, dumped
from scrapers import Draft, Record, Seed, to_record
from scrapers.normalise.record import AHEAD, EARLIEST
from scrapers.normalise.sanitise import MAX_OUT, sanitise
from scrapers.page.text import AUTHOR, TEXT, TITLE, clean, clean_paragraphs

_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLOSING = 10_000  # bytes of tags that sanitise may write beyond its limit
_ADDRESS = 8000


def broken(record: Record, draft: Draft, seed: Seed, url: str) -> list[str]:
    """What `record`, made of `draft` of the page at `url`, breaks; empty when all is well."""
    found: list[str] = []
    for name, text, limit in _texts(record):
        if _NO_XML.search(text):
            found.append(f"{name} is no XML text")
            continue
        if len(text) > limit:
            found.append(f"{name} has {len(text)} characters")
        element = etree.Element("x")
        element.text = text
        if (etree.fromstring(etree.tostring(element, encoding="utf-8")).text or "") != text:
            found.append(f"{name} is another one after XML")
    if not record.title or not record.text or not record.html:
        found.append("title, text or html is empty")
    if clean(record.title, TITLE) != record.title or clean_paragraphs(record.text) != record.text:
        found.append("cleaning twice is not cleaning once")
    if sanitise(record.html, url) != record.html:
        found.append("sanitising twice is not sanitising once")
    latest = record.first_seen + AHEAD
    if not EARLIEST <= record.published <= latest:
        found.append(f"published {record.published}")
    if record.updated is not None and not record.published <= record.updated <= latest:
        found.append(f"updated {record.updated}")
    if not record.url.startswith(("http://", "https://")):
        found.append("the address is no web address")
    if DRAFT.validate_json(dumped(DRAFT, draft)) != draft and "\\ud" not in repr(draft):  # but for lone surrogates
        found.append("the draft is another one after a worker's frame")
    if to_record(draft, url=url, seed=seed, first_seen=record.first_seen) != record:
        found.append("another record the second time")
    return found


def _texts(record: Record) -> list[tuple[str, str, int]]:
    """Name, text and greatest length of everything that is shown."""
    image = record.image
    return [
        ("title", record.title, TITLE),
        ("subtitle", record.subtitle or "", 1000),
        ("text", record.text, TEXT),
        ("html", record.html, MAX_OUT + _CLOSING),
        ("section", record.section or "", AUTHOR),
        ("publisher", record.publisher or "", AUTHOR),
        ("language", record.language or "", 40),
        ("url", record.url, _ADDRESS),
        ("canonical", record.canonical or "", _ADDRESS),
        *(("author", name, AUTHOR) for name in record.authors),
        *(("tag", tag, 100) for tag in record.tags),
        ("image", image.url if image else "", _ADDRESS),
        ("caption", (image.caption if image else None) or "", 1000),
        ("credit", (image.credit if image else None) or "", AUTHOR),
        ("alt", (image.alt if image else None) or "", 1000),
    ]
