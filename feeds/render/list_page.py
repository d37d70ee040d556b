"""Pages that list stories beside the feeds: those of a day, and those that a search found. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ..messages import PageLocale, times, translate
from ..model import Feed
from .pages import page, story

AROUND = 60  # characters of a wrong query that are shown on each side of the mistake


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a query, and at which character, counted from 0."""

    reason: str
    position: int


def day_page(
    feed: Feed, day: date, *, before: date | None, after: date | None, more: str | None, locale: PageLocale
) -> bytes:
    """The stories of a day. `before` and `after` are the nearest days with stories, `more` the address of the rest."""
    named = times.weekday(day, locale.language)
    values = {
        "heading": named,
        "description": f"{feed.title}: {named}",
        "hidden": not feed.entries,
        "feed_title": feed.title,
        "feed_page": feed.page_url,
        "day": day.isoformat(),
        "before": f"{feed.self_url}/{before.isoformat()}" if before else None,
        "after": f"{feed.self_url}/{after.isoformat()}" if after else None,
        "more": more,
        "stories": [story(entry, feed) for entry in feed.entries],
        "day_pages": None,
    }
    return page("day", feed, values, locale)


def search_page(
    feed: Feed,
    query: str,
    *,
    searched: bool = False,
    mistake: Mistake | None = None,
    more: str | None = None,
    back_to: datetime | None = None,
    locale: PageLocale,
) -> bytes:
    """What a search found, or what is wrong with its query.

    `more` is the address where it goes on; `back_to`: when what was looked at last was published.
    """
    heading = translate("Search in {feed}", locale.language).format(feed=feed.title)
    values = {
        "heading": heading,
        "description": heading,
        "hidden": True,
        "feed_title": feed.title,
        "feed_page": feed.page_url,
        "query": query,
        "searched": searched,
        "mistake": _shown(query, mistake) if mistake is not None else None,
        "more": more,
        "back_to": back_to,
        "stories": [story(entry, feed) for entry in feed.entries],
        "day_pages": feed.self_url,
    }
    return page("search", feed, values, locale)


def _shown(query: str, mistake: Mistake) -> dict[str, str | int]:
    """The query around the mistake, in three pieces: what stands before it, the character, and what follows."""
    at = max(0, min(mistake.position, len(query)))
    before, after = query[max(0, at - AROUND) : at], query[at + 1 : at + 1 + AROUND]
    return {
        "reason": mistake.reason,
        "place": at + 1,
        "before": ("…" if at > AROUND else "") + before,
        "there": query[at : at + 1] or "\N{NO-BREAK SPACE}",
        "after": after + ("…" if len(query) > at + 1 + AROUND else ""),
    }
