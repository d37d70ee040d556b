"""The protocol between the daemon and its worker processes. Only a worker imports the readers.

A frame is two lengths (4 bytes each, big-endian), then a JSON head and a body. Asked: the head is the task, the body
the bytes of the page. Answered: the head is empty or an error, the body the value as JSON. Nothing is unpickled.
"""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from scrapers import (
    Article,
    Draft,
    Known,
    Link,
    Links,
    Page,
    Past,
    Pointed,
    Reading,
    Record,
    Robots,
    Seed,
    Sight,
    record_id,
)

LENGTHS = struct.Struct(">II")
STARTED = b"ready"  # the first bytes of a worker: it has loaded all that it needs
TOLD = struct.Struct("=cii")  # by a fork server: one of these kinds, a process; an exit code, an error, or 1 for yes
READY, FORKED, ENDED = b"r", b"f", b"e"
ARTICLE: TypeAdapter[Article] = TypeAdapter(Article)
PAGE: TypeAdapter[Page] = TypeAdapter(Page)
SEED: TypeAdapter[Seed] = TypeAdapter(Seed)
PAST: TypeAdapter[Past] = TypeAdapter(Past)
LINKS: TypeAdapter[Links] = TypeAdapter(Links)
DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)
RECORD: TypeAdapter[Record] = TypeAdapter(Record)
READING: TypeAdapter[Reading] = TypeAdapter(Reading)
ROBOTS: TypeAdapter[Robots] = TypeAdapter(Robots)
KNOWN: TypeAdapter[Known] = TypeAdapter(Known)
POINTED: TypeAdapter[Pointed] = TypeAdapter(Pointed)
SIGHTS: TypeAdapter[tuple[Sight, ...]] = TypeAdapter(tuple[Sight, ...])

HEAD_LIMIT = 64_000  # bytes of an answer's head
ANSWER_LIMIT = 16_000_000  # bytes of an answer's value
BODIES = 8_000_000  # characters of all bodies that the links of one front carry
BODY = 2_000_000  # characters of one body: no more of it is looked at when it is made clean
LINKS_MOST = 5_000  # stories of one front, and links of it that are none
NAME = 2_000  # characters of a title, a name, an address
SHORT = 4_000  # of a subtitle, a caption, an address that is only kept
LONG = 1_000_000  # of a text; of markup twice as many
MANY = 100  # authors, tags, aliases


def dumped(adapter: TypeAdapter[Any], value: object) -> bytes:
    """A value as JSON. Lone surrogates, which the JSON of a page can name and UTF-8 cannot hold, are left out."""
    try:
        return adapter.dump_json(value)
    except PydanticSerializationError:
        return json.dumps(adapter.dump_python(value, mode="json"), ensure_ascii=False).encode("utf-8", "ignore")


def bounded_draft(draft: Draft) -> Draft:
    """A draft whose body is no longer than what is looked at of it."""
    if len(draft.html or "") <= BODY and len(draft.text or "") <= BODY:
        return draft
    return replace(draft, html=draft.html and draft.html[:BODY], text=draft.text and draft.text[:BODY])


def bounded_links(links: Links) -> Links:
    """Links with bodies up to a bound; later ones keep everything but theirs, and are read from their pages."""
    size, changed = 0, len(links.items) > LINKS_MOST or len(links.passed) > LINKS_MOST
    items: list[Link] = []
    for link in links.items[:LINKS_MOST]:
        hint = bounded_draft(link.hint)
        size += len(hint.html or "") + len(hint.text or "")
        if size > BODIES and (hint.html or hint.text):
            hint = replace(hint, html=None, text=None)
        changed |= hint is not link.hint
        items.append(link if hint is link.hint else replace(link, hint=hint))
    words = (links.title, links.language, links.next_page, *links.notes, *links.feeds, *links.sitemaps, *links.services)
    if not changed and len(words) <= MANY * 3 and all(len(one or "") <= NAME for one in words):
        return links
    return replace(
        links,
        items=tuple(items),
        passed=frozenset(sorted(links.passed)[:LINKS_MOST]),
        title=links.title and links.title[:NAME],
        language=links.language and links.language[:NAME],
        next_page=links.next_page if len(links.next_page or "") <= NAME else None,
        notes=tuple(note[:NAME] for note in links.notes[: MANY - 3]),
        feeds=tuple(url for url in links.feeds if len(url) <= NAME)[:MANY],
        sitemaps=tuple(url for url in links.sitemaps if len(url) <= NAME)[:MANY],
        services=tuple(url for url in links.services if len(url) <= NAME)[: MANY // 2],
    )


def checked_links(links: Links) -> Links:
    """Links as they came from a worker. Raises ValueError for what no worker of ours gives."""
    if bounded_links(links) is not links:
        raise ValueError("a front has more to say than it may")
    return links


def checked(record: Record, article: Article, seed: Seed) -> Record:
    """A record as it came from a worker, its dates in UTC. Raises ValueError for one that breaks a promise."""
    check_record(record, seed)
    if record.first_seen != article.first_seen.replace(microsecond=0):
        raise ValueError("it was not seen then")
    updated = record.updated
    return replace(
        record,
        published=_utc(record.published),
        first_seen=_utc(record.first_seen),
        updated=None if updated is None else _utc(updated),
    )


def check_record(record: Record, seed: Seed) -> None:
    """Raises ValueError for a record that is too large, lacks something, or is of another source."""
    image = record.image
    sizes = (
        (NAME, (record.title, record.section, record.publisher, record.guid, *record.authors, *record.tags)),
        (NAME, (*record.contributors,)),
        (SHORT, (record.subtitle, record.url, record.key, record.canonical, *record.aliases)),
        (SHORT, (record.license, record.comments, record.comments_feed, *(file.url for file in record.files))),
        (SHORT, (image.url, image.caption, image.credit, image.alt) if image is not None else ()),
        (LONG, (record.text,)),
        (2 * LONG, (record.html,)),
    )
    if any(len(text or "") > most for most, texts in sizes for text in texts):
        raise ValueError("a field is too long")
    if any(
        len(values) > MANY
        for values in (record.authors, record.contributors, record.tags, record.aliases, record.files, record.witnesses)
    ):
        raise ValueError("a field has too many values")
    if not record.title or not record.text or not record.url.startswith(("http://", "https://")):
        raise ValueError("a field is missing")
    if record.id != record_id(record.key) or record.source != seed.name:
        raise ValueError("it is no record of this source")
    moments = (record.published, record.first_seen, record.updated)
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise ValueError("a date has no zone")


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
