"""Topic + entries → Feed: which stories a document holds, in which order, and what each of them says. Pure.

No clock comes near: the window hangs on the newest arrival among the entries, so equal records are equal bytes on
any day (RELIABILITY U3), and a story still stays for the whole window whatever the rhythm of the topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from scrapers import Record

from . import body
from .model import Category, Copy, Entry, Feed, Origin, Publisher, Topic
from .permits import Permit, permit
from .picture_links import link as picture_link
from .wording import language, legal, one_line, shortened, uri

WINDOW = timedelta(hours=48)  # a story stays at least so long, for readers that poll once a day
MINIMUM = 50  # entries that stay whatever their age
MAX_BYTES = 1_000_000  # of the subscription document; what is older is in the archive
BACKFILLED = timedelta(days=7)  # found so long after it was published, a story is no news and opens no window
COPIES_SCHEME = "/t/#copies"  # of the category that marks a copy in a `copies = "mark"` topic, after base_url
MAX_CATEGORIES = 40
MAX_AUTHORS = 20
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
) -> Feed:
    """The subscription document of a topic, newest first.

    It holds the newest `minimum` entries, all that arrived or changed within 48 h of the newest arrival, and those of
    `waiting`, which are in no archive yet; it stops at about 1 MB, but not before what waits.
    `archives` are the numbers of the topic's closed archives; `path` is `t/NAME` unless the topic is private.
    A topic's `max_age` leaves out what was published so long before the newest arrival, waiting or not.
    A feed without entries has `updated` 1970; nobody publishes it.
    """
    path = path or f"t/{topic.name}"
    chosen = _chosen(
        _young(entries, topic.max_age),
        minimum=topic.entries or minimum,
        waiting=waiting,
        by_seen=topic.sort == "seen",
        cap=MAX_BYTES,
    )
    return _topic_feed(topic, chosen, site=site, feed_id=feed_id, ttl=ttl, path=path, archives=archives)


def compose_source(
    name: str,
    entries: Sequence[Entry],
    *,
    title: str,
    home: str,
    site: Publisher,
    feed_id: str,
    ttl: int = 30,
    minimum: int = MINIMUM,
    tongue: str | None = None,
    waiting: frozenset[str] = frozenset(),
    archives: Sequence[int] = (),
) -> Feed:
    """The subscription document of one source, under /s/NAME: its own records, other outlets as links only."""
    topic = Topic(name=name, title=title, subtitle=None, language=tongue, copies="all")
    chosen = _chosen(entries, minimum=minimum, waiting=waiting, by_seen=False, cap=MAX_BYTES)
    feed = _topic_feed(topic, chosen, site=site, feed_id=feed_id, ttl=ttl, path=f"s/{name}", archives=archives)
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
    )
    return replace(
        feed,
        self_url=archive_url(site, path, number),
        archive=number,
        next_archive=archive_url(site, path, min(after)) if after and followed else None,
        current=f"{site.base_url}/{path}",
        hubs=(),
    )


def archive_path(path: str, number: int) -> str:
    """Where an archive document is, below base_url and without extension; kept for ever."""
    return f"{path}/archive-{number:06}"


def archive_url(site: Publisher, path: str, number: int) -> str:
    """The absolute address of an archive document, without extension."""
    return f"{site.base_url}/{archive_path(path, number)}"


def weight(record: Record) -> int:
    """About how many bytes an entry of this record takes in a document."""
    html = record.html or record.text
    # markup is written with its `<`, `>` and `&` escaped; 1,500 is the frame of an entry
    size = len(html) if html.isascii() else len(html.encode(errors="ignore"))
    return min(size + 3 * (html.count("<") + html.count(">")) + 4 * html.count("&"), body.MAX_BYTES) + 1500


def _ordered(entries: Iterable[Entry], *, by_seen: bool) -> list[Entry]:
    """Newest first, then by id; the first of two entries with one id."""
    when: Callable[[Entry], datetime] = (lambda e: e.record.first_seen) if by_seen else (lambda e: e.published)
    once = {entry.id: entry for entry in reversed(entries if isinstance(entries, Sequence) else list(entries))}
    return sorted(sorted(once.values(), key=lambda e: e.id), key=when, reverse=True)


def _arrived(entry: Entry) -> datetime:
    seen = entry.record.first_seen
    return seen if seen - entry.published <= BACKFILLED else entry.published


def _young(entries: Sequence[Entry], max_age: float | None) -> Sequence[Entry]:
    """Without those that were published more than `max_age` seconds before the newest arrival."""
    if max_age is None or not entries:
        return entries
    since = max(map(_arrived, entries)) - timedelta(seconds=max_age)
    return [entry for entry in entries if entry.published >= since]


def _chosen(entries: Sequence[Entry], *, minimum: int, waiting: frozenset[str], by_seen: bool, cap: int) -> list[Entry]:
    ordered = _ordered(entries, by_seen=by_seen)
    if not ordered:
        return []
    since = max(map(_arrived, ordered)) - WINDOW
    chosen: list[Entry] = []
    size = 0
    for place, entry in enumerate(ordered):
        must = entry.id in waiting
        if not must and place >= minimum and _arrived(entry) < since and entry.updated < since:
            continue
        size += weight(entry.record)
        if size <= cap or must or not chosen:
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
) -> Feed:
    mark = Category(term="copy", scheme=site.base_url + COPIES_SCHEME, label="Copy")
    said = tuple(_said(entry, topic, site, mark) for entry in entries)
    here = f"{site.base_url}/{path}"
    return Feed(
        id=feed_id,
        title=one_line(topic.title) or topic.name,
        self_url=here,
        page_url=here,
        updated=max((entry.updated for entry in said), default=_NEVER),
        entries=said,
        subtitle=one_line(topic.subtitle) or None if topic.subtitle else None,
        language=language(topic.language) or language(site.language),
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
    )


def _said(entry: Entry, topic: Topic, site: Publisher, mark: Category) -> Entry:
    """The entry with every word as the document will carry it."""
    record = entry.record
    copies = _copies(entry)
    key = site.picture_key
    images = "strip" if topic.images == "proxy" and key is None else topic.images
    allowed = Permit() if topic.private else permit(record.robots)  # what nobody else is shown is no copy
    summary = body.summary(record)
    if allowed.summary is not None:
        summary = shortened(summary, allowed.summary) if allowed.summary else ""
    publisher = one_line(record.publisher or "")
    origin = Origin(
        id=legal(entry.origin.id),
        title=one_line(entry.origin.title)
        or publisher
        or one_line(record.source)
        or one_line(site.title)
        or "copydesk",
        url=uri(entry.origin.url) or site.base_url + "/",
        feed_url=uri(entry.origin.feed_url) or site.base_url + "/",
        updated=_second(entry.origin.updated),
    )
    url = uri(record.url) or origin.url
    title = one_line(record.title) or shortened(summary, 100) or url
    authors = tuple(filter(None, (one_line(author) for author in record.authors[:MAX_AUTHORS])))
    categories = tuple(filter(None, map(_category, entry.categories)))[:MAX_CATEGORIES]
    if topic.copies == "mark" and entry.copy_of:
        categories += (mark,)
    content, image = "", body.picture(record, images) if allowed.picture else None
    if topic.full_text and allowed.text:
        content = body.content(record, images=images, copies=copies if topic.copies == "one" else (), note=entry.note)
    if images == "proxy" and key is not None:
        ours = partial(picture_link, site.base_url, key, home=origin.url)
        content = body.with_pictures_from(content, ours)
        image = image and replace(image, url=ours(image.url), type=None, length=None)
    return replace(
        entry,
        id=legal(entry.id),
        record=replace(
            record,
            title=title,
            url=url,
            authors=authors or (publisher or origin.title or one_line(site.title) or "copydesk",),
            publisher=publisher or origin.title,
            language=language(record.language),
        ),
        published=_second(entry.published),
        updated=_second(entry.updated),
        origin=origin,
        copies=copies,
        categories=tuple(dict.fromkeys(categories)),
        content=content,
        summary=summary or title,
        image=image,
    )


def _copies(entry: Entry) -> tuple[Copy, ...]:
    """The other outlets, each address once."""
    told = {copy.url: copy for copy in filter(None, map(_copy, reversed(entry.copies)))}
    return tuple(reversed(told.values()))


def _copy(copy: Copy) -> Copy | None:
    address = uri(copy.url)
    if address is None:
        return None
    publisher = one_line(copy.publisher) or one_line(copy.source) or address
    return replace(copy, url=address, title=one_line(copy.title) or publisher, publisher=publisher)


def _category(category: Category) -> Category | None:
    term = one_line(category.term)
    if not term:
        return None
    return Category(
        term=term,
        scheme=uri(category.scheme) if category.scheme else None,
        label=one_line(category.label) or None if category.label else None,
    )


def _second(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(microsecond=0)
