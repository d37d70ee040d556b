"""The page of one story: its text as the entry has it, who else carries it, and what changed when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from ..messages import PageLocale, times
from ..model import Feed
from .pages import page
from .templating import direction
from .xml_text import language


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of a story that readers were shown: when, and the words that differ where they may be told."""

    at: datetime
    places: tuple[tuple[tuple[str, str], ...], ...] = ()  # of each place: ("same", "gone" or "come", words)


def story_page(
    feed: Feed, *, changes: Sequence[Changed] = (), topics: Sequence[tuple[str, str]] = (), locale: PageLocale
) -> bytes:
    """The page of the one entry of a feed of `compose_list`.

    `changes` are told newest first; `topics` are (title, address) of public topics that hold it.
    """
    entry = feed.entries[0]
    record = entry.record
    tongue = language(record.language)
    foreign = tongue is not None and tongue.partition("-")[0].lower() != locale.language
    lead = record.subtitle or ""
    if record.text.startswith(lead.rstrip(".… ")):  # the text begins with it, as it does in many a feed
        lead = ""
    values = {
        "heading": record.title,
        "description": entry.summary,
        "hidden": True,  # from search engines: they are to find the article itself
        "canonical": record.url,
        "feed_title": feed.title,
        "feed_page": feed.page_url,
        "entry": entry,
        "lead": lead,
        "authors": record.authors,
        "publisher": record.publisher or entry.origin.title,
        "content": Markup(entry.content),  # noqa: S704  (sanitised by an allow-list before it was stored)
        "language": tongue,
        "language_name": times.language_name(tongue, locale.language) if foreign and tongue else None,
        "direction": direction(tongue),
        "changes": changes,
        "topics": [{"title": title, "href": address} for title, address in topics],
    }
    return page("story", feed, values, locale)
