"""Troubles → the `_health` feed: one entry for each trouble and one for each recovery. Pure.

It is a feed of its own under /t/_health, and no topic can have that name: nothing of it ever gets into a topic feed.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scrapers import Record, feed_id, story_id

from .compose import compose
from .health import day
from .model import Entry, Feed, Origin, Publisher, Topic
from .store import TroubleRow

PATH = "t/_health"
FEED_ID = feed_id("health")
SHOWN = 100  # entries


def health_feed(troubles: Sequence[TroubleRow], site: Publisher, begun: datetime) -> Feed:
    """The feed of an installation that exists since `begun`; its first entry says what it is for."""
    happenings: list[tuple[datetime, str, TroubleRow | None]] = [(begun, "first", None)]
    for trouble in troubles:
        happenings.append((trouble.opened, "begin", trouble))
        if trouble.closed is not None:
            happenings.append((trouble.closed, "end", trouble))
    happenings.sort(key=lambda one: (one[0], one[1] != "first", one[2].n if one[2] else 0, one[1]))
    entries = [_entry(at, what, trouble, site) for at, what, trouble in happenings]
    topic = Topic(
        name="_health",
        title=f"Health of {site.title}",
        subtitle="Troubles of sources and topics, and their end",
        language="en",
    )
    return compose(topic, _apart(entries)[-SHOWN:], site=site, feed_id=FEED_ID, ttl=10, minimum=SHOWN, path=PATH)


def headline(what: str, trouble: TroubleRow) -> str:
    """A trouble or its end in one line, as alarms and the feed say it."""
    if trouble.kind.startswith("repaired:"):  # no trouble of the source: something that its owner should know
        return (
            f"{trouble.name}: {trouble.cause if what == 'begin' else 'all its selectors are those of its seed again'}"
        )
    if what == "end":
        return f"{trouble.name}: no longer {trouble.state} ({trouble.kind})"
    return f"{trouble.name}: {trouble.state}, {trouble.cause}"


def _apart(entries: Sequence[Entry]) -> list[Entry]:
    """No two entries of a feed share `updated` to the second."""
    apart: list[Entry] = []
    for entry in entries:
        if apart and entry.updated <= apart[-1].updated:
            entry = replace(entry, updated=apart[-1].updated + timedelta(seconds=1))
        apart.append(entry)
    return apart


def _entry(at: datetime, what: str, trouble: TroubleRow | None, site: Publisher) -> Entry:
    if trouble is None:
        name = "first"
        title = f"Health of {site.title}"
        lines = ["When a source or a topic is in trouble, it is told here, and when it is well again."]
    else:
        name = f"{trouble.subject}/{trouble.kind}/{trouble.opened:%Y%m%dT%H%M%S}/{what}"
        title = headline(what, trouble)
        lines = [_sentence(trouble), f"Since {day(trouble.since)}, noticed {trouble.opened:%Y-%m-%d %H:%M} UTC."]
        if what == "begin" and trouble.kind.startswith(("repaired:", "selector:")):
            lines.append(f"`copydesk repair {trouble.name}` shows it, and writes it into the seed.")
        if trouble.closed is not None and what == "end":
            lines.append(f"Over since {trouble.closed:%Y-%m-%d %H:%M} UTC.")
    identity = story_id(f"health:{name}")
    record = Record(
        id=identity,
        key=f"health:{name}",
        url=f"{site.base_url}/{PATH}#{identity.rpartition(':')[2]}",
        source="_health",
        title=title[:300],
        text="\n".join(lines),
        html="".join(f"<p>{html.escape(line)}</p>" for line in lines),
        published=at,
        first_seen=at,
        language="en",
        publisher=site.title,
    )
    origin = Origin(
        id=FEED_ID, title=site.title, url=f"{site.base_url}/", feed_url=f"{site.base_url}/{PATH}", updated=at
    )
    return Entry(id=identity, record=record, published=at, updated=at, origin=origin)


def _sentence(trouble: TroubleRow) -> str:
    about = trouble.subject.partition(":")[0]
    return f"The {about} {trouble.name} is {trouble.state}: {trouble.cause}"
