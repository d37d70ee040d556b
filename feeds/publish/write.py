"""Feed → files: rendered, checked, and written only when something changed. I/O through `Folder` alone.

`write_feed` is called in the thread of the publisher.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from ..compose.compose import archive_path
from ..errors import PublishError
from ..messages import translate
from ..model import Feed, Publisher
from ..render import Outline, atom, jsonfeed, opml, rss
from ..render.formats.entry_bytes import EntryBytes, Render
from ..render.formats.validate import Format, check
from ..render.pages import ASSETS, Listed, asset, feed_values_and_page, index_page, index_values
from ..store.failpoints import crash_at
from .atomic_files import Folder
from .plan import PublishPlan, WriteResult

log = structlog.get_logger()

RENDERERS: Mapping[Format, Render] = {"atom": atom, "rss": rss, "json": jsonfeed}
SHRINK_FLOOR = 50  # a feed of more entries than this may shrink by half: its window moved on
# what XML writers raise for hostile text; anything else is a bug and is not caught
_REFUSED = (PublishError, ValueError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Written:
    """What publishing one feed did."""

    changed: tuple[str, ...] = ()  # names of the files that were written
    quarantined: tuple[tuple[str, str], ...] = ()  # (entry id, reason) of what had to be left out


def write_feed(plan: PublishPlan, public: Path, private: Path, rendered: EntryBytes | None = None) -> WriteResult:
    """Write the files of a plan, archives first. A feed that cannot be written leaves the old one as it is.

    Private topics go into a folder of their own, outside the one that other web servers may serve. Entries that are
    `rendered` already are not rendered again.
    """
    folder = Folder(private, secret=True) if plan.private else Folder(public, variants=plan.variants)
    written: list[str] = []
    out: list[tuple[str, str]] = []
    try:
        if plan.kind == "topic":
            written += _leave(plan, Folder(public), Folder(private))
        if plan.removed:
            return WriteResult((*written, *folder.remove_feed(plan.path)))
        for archive in plan.archives:
            done = write_archive(folder, plan.path, archive, rendered)
            written += done.changed
            out += done.quarantined
        crash_at("archives-written")
        if plan.feed is not None:
            may_shrink = plan.may_shrink or plan.ages
            done = write_documents(folder, plan.path, plan.feed, rendered, may_shrink=may_shrink)
            written += done.changed
            out += done.quarantined
        for number in plan.emptied:
            folder.remove(f"{archive_path(plan.path, number)}.atom")
    except PublishError as error:
        log.error("not published", feed=plan.path, why=error.reason)
        return WriteResult(tuple(written), tuple(out), refused=error.reason)
    except OSError as error:
        log.error("cannot write the feed; tried again later", feed=plan.path, why=str(error))
        return WriteResult(tuple(written), refused=str(error), again=True)
    return WriteResult(tuple(written), tuple(out))


def _leave(plan: PublishPlan, public: Folder, private: Folder) -> list[str]:
    """Remove a topic's documents from where it was before it became private, public again, or got another name."""
    gone = public.remove_feed(f"t/{plan.name}") if plan.private else []
    place = plan.path.rpartition("/")[0]
    for path in private.feeds_in_places():
        folder, _, name = path.rpartition("/")
        if path != plan.path and (name == plan.name or (plan.private and folder == place)):
            gone += private.remove_feed(path)
    return gone


def clean_folders(public: Path, private: Path) -> None:
    """Once at the start, before anything is written: what an ended process left half-written goes.

    So do private topics in the public folder, where an earlier version kept them.
    """
    for folder in (public, private):
        Folder(folder).clean_temp()
    for path in Folder(public).feeds_in_places():
        Folder(public).remove_feed(path)


def write_documents(
    folder: Folder, path: str, feed: Feed, rendered: EntryBytes | None = None, *, may_shrink: bool = False
) -> Written:
    """Write the documents of a subscription feed under `path` (`t/NAME`, `s/NAME`): all formats and the page.

    An entry that breaks a document is left out and named, the rest is published. Raises PublishError, with the old
    files left in place, for one that lost more than half of its entries though it is short (U2; unless `may_shrink`:
    a removal, a new query), and for a document that stays wrong. A feed that never had an entry is a document too.
    """
    if not may_shrink:
        _check_size(folder, path, feed)
    documents, left_out = sound(feed, rendered=rendered)
    files = {f"{path}.{form}": data for form, data in documents.items()}
    out = {entry for entry, _ in left_out}
    shown = replace(feed, entries=tuple(entry for entry in feed.entries if entry.id not in out)) if out else feed
    files[f"{path}/index.page"], files[f"{path}/index.html"] = feed_values_and_page(shown)
    return Written(tuple(folder.write_all(files)), left_out)


def write_site(folder: Folder, site: Publisher, topics: Sequence[Listed], sources: Sequence[Listed]) -> list[str]:
    """Write what belongs to no single feed: the index page, the OPML, style and icons. The names of what changed.

    Neither list holds a private topic.
    """
    files = {name: asset(name) for name in ASSETS}
    files["opml.xml"] = feed_list(site, topics, sources)
    files["index.page"] = index_values(site, topics, sources)
    files["index.html"] = index_page(site, topics, sources)
    return folder.write_all(files)


def feed_list(site: Publisher, topics: Sequence[Listed], sources: Sequence[Listed]) -> bytes:
    """The OPML of all feeds, its folders named in the language of the installation."""
    tongue = site.page_locale.language
    groups = (
        (translate("Topics", tongue), _outlines(site, topics)),
        (translate("Sources", tongue), _outlines(site, sources)),
    )
    return opml(site.title, groups)


def _outlines(site: Publisher, feeds: Sequence[Listed]) -> list[Outline]:
    """The subscriptions of a list of feeds."""
    return [Outline(feed.title, f"{site.base_url}/{feed.path}", feed.subtitle, feed.language) for feed in feeds]


def write_archive(folder: Folder, path: str, feed: Feed, rendered: EntryBytes | None = None) -> Written:
    """Write one closed archive document of the feed under `path`: Atom alone, frozen from then on.

    Raises PublishError for a document that stays wrong; an entry that breaks it is left out and named.
    """
    if feed.archive is None:
        raise PublishError(f"{path}: a subscription document is no archive")
    documents, left_out = sound(feed, {"atom": RENDERERS["atom"]}, rendered)
    return Written(tuple(folder.write_all({f"{archive_path(path, feed.archive)}.atom": documents["atom"]})), left_out)


def sound(
    feed: Feed, renderers: Mapping[Format, Render] | None = None, rendered: EntryBytes | None = None
) -> tuple[dict[Format, bytes], tuple[tuple[str, str], ...]]:
    """The feed in every format, each parsed back, and the entries that had to be left out for it: (id, reason).

    Raises PublishError when no single entry is to blame.
    """
    renderers = RENDERERS if renderers is None else renderers
    left_out: dict[str, str] = {}
    documents: dict[Format, bytes] = {}
    rendered = EntryBytes() if rendered is None else rendered
    for form, render in renderers.items():
        try:
            documents[form] = rendered.document(feed, form, render)
        except _REFUSED as error:
            guilty = dict(_guilty(feed, form, render))
            if not guilty or len(guilty) == len(feed.entries):
                raise PublishError(f"{feed.self_url}.{form}: {error}") from error
            left_out |= guilty
            rest = replace(feed, entries=tuple(entry for entry in feed.entries if entry.id not in guilty))
            again, further = sound(rest, renderers, rendered)
            return again, (*left_out.items(), *further)
    rendered.let_go()
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
    # few but long articles, half a megabyte, are a full feed too
    if now < SHRINK_FLOOR and now * 2 < before and sum(len(entry.content) for entry in feed.entries) < 500_000:
        raise PublishError(f"{path}: {now} entries would replace {before}; the old feed stays")
