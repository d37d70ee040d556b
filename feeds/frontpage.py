"""What belongs to no single feed: the index page and the OPML, read from the store, and writing them.

`front` and `subscriptions` are called in the store's thread, `print_front` in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from .edition import House
from .folder import Folder
from .model import Publisher, Topic
from .pages import HEADLINES, Listed
from .publish import outlines, publish_site
from .render import opml
from .store import Store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Front:
    """What belongs to no single feed: index page, OPML, style, icons."""

    publisher: Publisher
    topics: tuple[Listed, ...]
    sources: tuple[Listed, ...]


def front(store: Store, house: House, topics: Sequence[Topic]) -> Front:
    """The lists of feeds with their newest headlines. Private topics are on none of them."""
    listed = []
    for topic in topics:
        if topic.private:
            continue
        numbers = store.story_numbers(topic.name, limit=HEADLINES, by_seen=topic.sort == "seen")
        stories = store.stories(numbers)
        standing = [store.stored(stories[n].representative) for n in numbers]
        listed.append(
            Listed(
                title=topic.title,
                path=f"t/{topic.name}",
                subtitle=topic.subtitle,
                language=topic.language,
                newest=max((stories[n].published for n in numbers), default=None),
                headlines=tuple((one.record.title, one.record.url) for one in standing if one is not None),
            )
        )
    newest = store.newest_of_sources()
    sources = [
        Listed(title=source.label, path=f"s/{source.name}", language=source.language, newest=newest.get(source.name))
        for source in store.source_labels()
        if source.removed is None or source.name in newest
    ]
    return Front(house.publisher, tuple(listed), tuple(sources))


def print_front(page: Front, public: Path) -> list[str] | None:
    """Write the index page, the OPML and what goes with them; the names of what changed, None when it failed."""
    try:
        return publish_site(Folder(public), page.publisher, page.topics, page.sources)
    except OSError as error:
        log.error("cannot write the index; tried again later", why=str(error))
        return None


def subscriptions(store: Store, house: House, topics: Sequence[Topic]) -> bytes:
    """The OPML of all feeds."""
    page = front(store, house, topics)
    return opml(
        house.publisher.title,
        (("Topics", outlines(page.publisher, page.topics)), ("Sources", outlines(page.publisher, page.sources))),
    )
