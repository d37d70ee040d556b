"""Feed → files: rendered, checked, and written only when something changed. I/O through `Folder` alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from .check_document import Format, check
from .compose import archive_path
from .errors import PublishError
from .folder import Folder
from .model import Feed, Publisher
from .pages import ASSETS, Listed, asset, feed_page, index_page
from .render import Outline, atom, jsonfeed, opml, rss

Render = Callable[[Feed], bytes]
RENDERERS: Mapping[Format, Render] = {"atom": atom, "rss": rss, "json": jsonfeed}
SHRINK_FLOOR = 50  # a feed of more entries than this may shrink by half: its window moved on
# what hostile text has made XML writers raise; anything else is a bug and goes through
_REFUSED = (PublishError, ValueError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing one feed did."""

    changed: tuple[str, ...] = ()  # names of the files that were written
    quarantined: tuple[tuple[str, str], ...] = ()  # (entry id, reason) of what had to be left out


def publish_feed(folder: Folder, path: str, feed: Feed, *, may_shrink: bool = False) -> Published:
    """Write the documents of a subscription feed under `path` (`t/NAME`, `s/NAME`): all formats and the page.

    An entry that breaks a document is left out and named, the rest is published. Raises PublishError, with the old
    files left in place, for a feed without entries (U2), for one that lost more than half of its entries though it
    is short (unless `may_shrink`: a removal, a new query), and for a document that stays wrong.
    """
    if not feed.entries:
        raise PublishError(f"{path}: there is nothing to publish")
    if not may_shrink:
        _check_size(folder, path, feed)
    documents, left_out = sound(feed)
    files = {f"{path}.{form}": data for form, data in documents.items()}
    out = {entry for entry, _ in left_out}
    shown = replace(feed, entries=tuple(entry for entry in feed.entries if entry.id not in out)) if out else feed
    files[f"{path}/index.html"] = feed_page(shown)
    return Published(tuple(folder.write_all(files)), left_out)


def publish_site(folder: Folder, site: Publisher, topics: Sequence[Listed], sources: Sequence[Listed]) -> list[str]:
    """Write what belongs to no single feed: the index page, the OPML, style and icons. The names of what changed.

    Neither list holds a private topic. A feed without stories has no document yet, so the OPML leaves it out.
    """
    files = {name: asset(name) for name in ASSETS}
    files["opml.xml"] = opml(site.title, (("Topics", outlines(site, topics)), ("Sources", outlines(site, sources))))
    files["index.html"] = index_page(site, topics, sources)
    return folder.write_all(files)


def outlines(site: Publisher, feeds: Sequence[Listed]) -> list[Outline]:
    """The subscriptions of a list of feeds: those that have something to say."""
    told = [feed for feed in feeds if feed.newest is not None]
    return [Outline(feed.title, f"{site.base_url}/{feed.path}", feed.subtitle, feed.language) for feed in told]


def publish_archive(folder: Folder, path: str, feed: Feed) -> Published:
    """Write one closed archive document of the feed under `path`: Atom alone, frozen from then on.

    Raises PublishError for a document that stays wrong; an entry that breaks it is left out and named.
    """
    if feed.archive is None:
        raise PublishError(f"{path}: a subscription document is no archive")
    documents, left_out = sound(feed, {"atom": atom})
    return Published(tuple(folder.write_all({f"{archive_path(path, feed.archive)}.atom": documents["atom"]})), left_out)


def sound(
    feed: Feed, renderers: Mapping[Format, Render] | None = None
) -> tuple[dict[Format, bytes], tuple[tuple[str, str], ...]]:
    """The feed in every format, each parsed back, and the entries that had to be left out for it: (id, reason).

    Raises PublishError when no single entry is to blame.
    """
    renderers = RENDERERS if renderers is None else renderers
    left_out: dict[str, str] = {}
    documents: dict[Format, bytes] = {}
    for form, render in renderers.items():
        try:
            documents[form] = _document(feed, form, render)
        except _REFUSED as error:
            guilty = dict(_guilty(feed, form, render))
            if not guilty or len(guilty) == len(feed.entries):
                raise PublishError(f"{feed.self_url}.{form}: {error}") from error
            left_out |= guilty
            rest = replace(feed, entries=tuple(entry for entry in feed.entries if entry.id not in guilty))
            again, further = sound(rest, renderers)
            return again, (*left_out.items(), *further)
    return documents, ()


def _document(feed: Feed, form: Format, render: Render) -> bytes:
    data = render(feed)
    check(data, form)
    return data


def _guilty(feed: Feed, form: Format, render: Render) -> list[tuple[str, str]]:
    """The entries that break a document when they stand alone, found by halving."""
    try:
        _document(feed, form, render)
    except _REFUSED as error:
        if len(feed.entries) == 1:
            return [(feed.entries[0].id, str(error) or type(error).__name__)]
        half = len(feed.entries) // 2
        return [
            *_guilty(replace(feed, entries=feed.entries[:half]), form, render),
            *_guilty(replace(feed, entries=feed.entries[half:]), form, render),
        ]
    return []


def _check_size(folder: Folder, path: str, feed: Feed) -> None:
    """Refuse a feed that lost most of its entries without a reason (U2)."""
    old = folder.read(f"{path}.atom")
    before = 0 if old is None else old.count(b"<entry")
    now = len(feed.entries)
    # half a megabyte of few long articles is a full feed too
    if now < SHRINK_FLOOR and now * 2 < before and sum(len(entry.content) for entry in feed.entries) < 500_000:
        raise PublishError(f"{path}: {now} entries would replace {before}; the old feed stays")
