"""Documents of no single feed: the index page and the OPML, read from the store, and writing them.

`plan_index` and `opml_document` are called in the store's thread, `write_index` in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from ..model import Publisher, Topic
from ..render.pages import HEADLINES, Listed
from ..store import Store
from ..store.tables.sources import is_asked
from .atomic_files import Folder
from .feed_reader import PublishSettings
from .write import feed_list, write_site

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """The content of documents of no single feed: index page, OPML, style, icons."""

    publisher: Publisher
    topics: tuple[Listed, ...]
    sources: tuple[Listed, ...]
    variants: bool = False  # compressed files are written beside them


Known = dict[str, tuple[Topic, Listed]]  # what was read of topics that did not change since


def plan_index(
    store: Store, settings: PublishSettings, topics: Sequence[Topic], known: Known | None = None
) -> IndexPlan:
    """The lists of feeds with their newest headlines. Private topics are on none of them.

    What is `known` of a topic is not read again; what is read is put there. Who changes a topic takes it out.
    """
    known = {} if known is None else known
    listed = []
    for topic in topics:
        if topic.private:
            continue
        before = known.get(topic.name)
        if before is None or before[0] != topic:
            before = known[topic.name] = (topic, _listed(store, topic))
        listed.append(before[1])
    newest = store.sources.newest()
    sources = [
        Listed(title=source.label, path=f"s/{source.name}", language=source.language, newest=newest.get(source.name))
        for source in store.sources.labels()
        if (source.removed is None or source.name in newest) and not is_asked(source.name)
    ]
    return IndexPlan(settings.publisher, tuple(listed), tuple(sources), settings.variants)


def _listed(store: Store, topic: Topic) -> Listed:
    newest = store.topics.newest_stories(topic.name, limit=HEADLINES, by_seen=topic.sort == "seen")
    headlines = store.records.headlines([one.n for one in newest])
    return Listed(
        title=topic.title,
        path=f"t/{topic.name}",
        subtitle=topic.subtitle,
        language=topic.language,
        newest=max((one.published for one in newest), default=None),
        headlines=tuple(headlines[one.n] for one in newest if one.n in headlines),
    )


def write_index(page: IndexPlan, public: Path) -> list[str] | None:
    """Write the index page, the OPML and what goes with them; the names of what changed, None when it failed."""
    try:
        return write_site(Folder(public, variants=page.variants), page.publisher, page.topics, page.sources)
    except OSError as error:
        log.error("cannot write the index; tried again later", why=str(error))
        return None


def opml_document(store: Store, settings: PublishSettings, topics: Sequence[Topic]) -> bytes:
    """The OPML of all feeds."""
    page = plan_index(store, settings, topics)
    return feed_list(page.publisher, page.topics, page.sources)
