"""Topic + entries → Feed: which stories a document holds, in which order, and what each of them says. Pure.

No clock is read: the window is counted from the newest arrival among the entries, so equal records give equal bytes on
any day (RELIABILITY U3), and a story stays for the whole window whatever the rhythm of the topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from scrapers import Record

from ..model import Category, Entry, Feed, Publisher, Topic
from ..render.xml_text import language, one_line, uri
from .content import MAX_BYTES as ENTRY_BYTES
from .published_entry import published_entry, second

WINDOW = timedelta(hours=48)  # least time that a story stays, for readers that poll once a day
MINIMUM = 50  # entries that stay whatever their age
MAX_BYTES = 1_000_000  # of the subscription document; what is older is in the archive
BACKFILLED = timedelta(days=7)  # age of a story when found, from which it does not count as an arrival
COPIES_SCHEME = "/t/#copies"  # of the category that marks a copy in a `copies = "mark"` topic, after base_url
Published = Callable[[Entry, Topic, Publisher, Category], Entry]  # what makes an entry as a topic shows it
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def compose(
    topic: Topic,
    entries: Sequence[Entry],
    *,
    site: Publisher,
    feed_id: str,
    ttl: int = 30,
    minimum: int = MINIMUM,
    path: str | None = None,
    waiting: frozenset[str] = frozenset(),
    archives: Sequence[int] = (),
    added: datetime = _NEVER,
    published: Published = published_entry,
) -> Feed:
    """The subscription document of a topic, newest first.

    It holds the newest `minimum` entries, all that arrived or changed within 48 h of the newest arrival, and those of
    `waiting`, which are in no archive yet; it stops at about 1 MB, but not before what waits.
    `archives` are the numbers of the topic's closed archives; `path` is `t/NAME` unless the topic is private.
    A topic's `max_age` leaves out what was published so long before the newest arrival, waiting or not.
    A feed without entries has as `updated` the time when it was `added`.
    """
    path = path or f"t/{topic.name}"
    chosen = _fitting(window(entries, topic, minimum=minimum, waiting=waiting), waiting)
    feed = _topic_feed(
        topic, chosen, site=site, feed_id=feed_id, ttl=ttl, path=path, archives=archives, published=published
    )
    return feed if feed.entries else replace(feed, updated=second(added))


def with_home(feed: Feed, home: str) -> Feed:
    """The feed of a source with the address of its site."""
    address = uri(home)
    return replace(feed, links=(("via", address),)) if address else feed


def compose_archive(
    topic: Topic,
    entries: Sequence[Entry],
    *,
    number: int,
    archives: Sequence[int],
    followed: bool,
    site: Publisher,
    feed_id: str,
    path: str | None = None,
    published: Published = published_entry,
) -> Feed:
    """One closed archive document (RFC 5005 §4) with exactly these entries, newest first.

    `archives` are the numbers of all closed archives. `followed` says that the next one was closed at the same time:
    only then the document names it, for a frozen document is not rewritten when a later one comes.
    """
    path = path or f"t/{topic.name}"
    before = [n for n in archives if n < number]
    after = [n for n in archives if n > number]
    feed = _topic_feed(
        topic,
        _ordered(entries, by_seen=topic.sort == "seen"),
        site=site,
        feed_id=feed_id,
        ttl=0,
        path=path,
        archives=before,
        published=published,
    )
    return replace(
        feed,
        self_url=archive_url(site, path, number),
        archive=number,
        next_archive=archive_url(site, path, min(after)) if after and followed else None,
        current=f"{site.base_url}/{path}",
        hubs=(),
    )


def compose_list(topic: Topic, entries: Sequence[Entry], *, site: Publisher, path: str) -> Feed:
    """Exactly these entries in this order, as the topic's feed shows them: for pages that are no feed.

    `path` is where the topic's own page is, below base_url; empty for the whole installation.
    """
    return _topic_feed(topic, entries, site=site, feed_id="", ttl=0, path=path, archives=())


def archive_path(path: str, number: int) -> str:
    """Where an archive document is, below base_url and without extension; kept for ever."""
    return f"{path}/archive-{number:06}"


def archive_url(site: Publisher, path: str, number: int) -> str:
    """The absolute address of an archive document, without extension."""
    return f"{site.base_url}/{archive_path(path, number)}"


def weight(entry: Entry) -> int:
    """About how many bytes an entry takes in a document."""
    return weight_of(entry.record) if entry.weight is None else entry.weight


def weight_of(record: Record) -> int:
    """About how many bytes an entry of this record takes in a document."""
    html = record.html or record.text
    # markup is written with its `<`, `>` and `&` escaped; 1,500 is the frame of an entry
    size = len(html) if html.isascii() else len(html.encode(errors="ignore"))
    return min(size + 3 * (html.count("<") + html.count(">")) + 4 * html.count("&"), ENTRY_BYTES) + 1500


class Dated(Protocol):
    """What decides whether an entry stands in a subscription document: an Entry, or a row that will be one."""

    @property
    def id(self) -> str: ...
    @property
    def published(self) -> datetime: ...
    @property
    def updated(self) -> datetime: ...
    @property
    def first_seen(self) -> datetime: ...


D = TypeVar("D", bound=Dated)


def window(entries: Sequence[D], topic: Topic, *, minimum: int, waiting: frozenset[str]) -> list[D]:
    """The entries of a topic's subscription document in its order, before the size limit: see `compose`."""
    ordered = _ordered(_young(entries, topic.max_age), by_seen=topic.sort == "seen")
    if not ordered:
        return []
    minimum = topic.entries or minimum
    since = max(map(_arrived, ordered)) - WINDOW
    return [
        entry
        for place, entry in enumerate(ordered)
        if entry.id in waiting or place < minimum or _arrived(entry) >= since or entry.updated >= since
    ]


def _ordered(entries: Sequence[D], *, by_seen: bool) -> list[D]:
    """Newest first, then by id; the first of two entries with one id."""
    when: Callable[[D], datetime] = (lambda e: e.first_seen) if by_seen else (lambda e: e.published)
    once = {entry.id: entry for entry in reversed(entries)}
    return sorted(sorted(once.values(), key=lambda e: e.id), key=when, reverse=True)


def _arrived(entry: Dated) -> datetime:
    return entry.first_seen if entry.first_seen - entry.published <= BACKFILLED else entry.published


def _young(entries: Sequence[D], max_age: float | None) -> Sequence[D]:
    """Without those that were published more than `max_age` seconds before the newest arrival."""
    if max_age is None or not entries:
        return entries
    since = max(map(_arrived, entries)) - timedelta(seconds=max_age)
    return [entry for entry in entries if entry.published >= since]


def _fitting(entries: Sequence[Entry], waiting: frozenset[str]) -> list[Entry]:
    """The entries that fit the size limit; the first and the waiting ones in any case."""
    chosen: list[Entry] = []
    size = 0
    for entry in entries:
        size += weight(entry)
        if size <= MAX_BYTES or entry.id in waiting or not chosen:
            chosen.append(entry)
    return chosen


def _topic_feed(
    topic: Topic,
    entries: Sequence[Entry],
    *,
    site: Publisher,
    feed_id: str,
    ttl: int,
    path: str,
    archives: Sequence[int],
    published: Published = published_entry,
) -> Feed:
    mark = Category(term="copy", scheme=site.base_url + COPIES_SCHEME, label="Copy")
    said = tuple(published(entry, topic, site, mark) for entry in entries)
    here = f"{site.base_url}/{path}".rstrip("/")
    tongue = language(topic.language) or language(site.language) or _shared_language(said)
    return Feed(
        id=feed_id,
        title=one_line(topic.title) or topic.name,
        self_url=here,
        page_url=here,
        updated=max((entry.updated for entry in said), default=_NEVER),
        entries=said,
        subtitle=one_line(topic.subtitle) or None if topic.subtitle else None,
        language=tongue,
        publisher=one_line(site.title) or "copydesk",
        rights=one_line(site.rights) if site.rights else None,
        icon=site.icon,
        logo=site.logo,
        hubs=() if topic.private else site.hubs,
        ttl=ttl,
        prev_archive=archive_url(site, path, max(archives)) if archives else None,
        full_text=topic.full_text,
        images=topic.images,
        home_url=f"{site.base_url}/",
        private=topic.private,
        page_locale=site.page_locale,
        pages=site.pages,
    )


def _shared_language(entries: Sequence[Entry]) -> str | None:
    """The language of nine tenths of the entries, else None."""
    counted = Counter(entry.record.language for entry in entries if entry.record.language)
    if not counted:
        return None
    tongue, count = counted.most_common(1)[0]
    return tongue if count * 10 >= len(entries) * 9 else None
