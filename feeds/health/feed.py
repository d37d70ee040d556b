"""Troubles → the `_health` feed: one entry for each trouble and one for each recovery. Pure.

It is a feed of its own under /t/_health, a reserved name, so that nothing of it gets into a topic feed.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scrapers import Record, feed_id, story_id

from ..compose.compose import compose
from ..messages import PageLocale, times, translate
from ..messages.engine_words import about, said
from ..model import Entry, Feed, Origin, Publisher, Topic
from ..rows import TroubleRow
from . import PATH

FEED_ID = feed_id("health")
SHOWN = 100  # entries


def health_feed(troubles: Sequence[TroubleRow], site: Publisher, begun: datetime) -> Feed:
    """The feed of an installation that exists since `begun`, in its language and with times in its zone.

    Its first entry says what it is for.
    """
    language = site.page_locale.language
    happenings: list[tuple[datetime, str, TroubleRow | None]] = [(begun, "", None)]
    for trouble in troubles:
        happenings.append((trouble.opened, "begin", trouble))
        if trouble.closed is not None:
            happenings.append((trouble.closed, "end", trouble))
    happenings.sort(key=lambda one: (one[0], one[2].n if one[2] else 0))
    entries = [_entry(at, what, trouble, site) for at, what, trouble in happenings]
    topic = Topic(
        name="_health",
        title=translate("Health of {title}", language).format(title=site.title),
        subtitle=translate("Troubles of sources and topics, and their end", language),
        language=language,
    )
    site = replace(site, pages=False)  # an entry here is no story of the store and has no page of its own
    return compose(topic, _apart(entries)[-SHOWN:], site=site, feed_id=FEED_ID, ttl=10, minimum=SHOWN)


def headline(what: str, trouble: TroubleRow, language: str = "en") -> str:
    """A trouble or its end in one line, as alarms and the feed say it."""
    name = trouble.name if ":" in trouble.subject else about(trouble.subject, language)
    if trouble.kind.startswith("repaired:"):  # not a trouble but information for the owner
        if what == "begin":
            return f"{name}: {said(trouble.cause, language)}"
        return translate("{name}: all its selectors are those of its seed again", language).format(name=name)
    state = translate(trouble.state, language)
    if what == "end":
        told = translate("{name}: no longer {state} ({cause})", language)
        return told.format(name=name, state=state, cause=said(trouble.cause, language))
    return f"{name}: {state}, {said(trouble.cause, language)}"


def _apart(entries: Sequence[Entry]) -> list[Entry]:
    """Shift `updated` so that no two entries share a second."""
    apart: list[Entry] = []
    for entry in entries:
        if apart and entry.updated <= apart[-1].updated:
            entry = replace(entry, updated=apart[-1].updated + timedelta(seconds=1))
        apart.append(entry)
    return apart


def _entry(at: datetime, what: str, trouble: TroubleRow | None, site: Publisher) -> Entry:
    language, zone = site.page_locale.language, site.page_locale.timezone
    if trouble is None:
        name = "first"
        title = translate("Health of {title}", language).format(title=site.title)
        lines = [
            translate("When a source or a topic is in trouble, it is told here, and when it is well again.", language)
        ]
    else:
        name = f"{trouble.subject}/{trouble.kind}/{trouble.opened:%Y%m%dT%H%M%S}/{what}"
        title = headline(what, trouble, language)
        lines = [headline("begin", trouble, language), since(trouble, site.page_locale)]
        if what == "begin" and trouble.kind.startswith(("repaired:", "selector:")):
            advice = translate("{command} shows it, and writes it into the seed.", language)
            lines.append(advice.format(command=f"`copydesk repair {trouble.name}`"))
        if trouble.closed is not None and what == "end":
            over = translate("Over since {when} ({zone}).", language)
            lines.append(over.format(when=_moment(trouble.closed, site.page_locale), zone=times.zone_name(zone)))
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
        language=language,
    )
    origin = Origin(
        id=FEED_ID, title=site.title, url=f"{site.base_url}/", feed_url=f"{site.base_url}/{PATH}", updated=at
    )
    return Entry(id=identity, record=record, published=at, updated=at, origin=origin)


def since(trouble: TroubleRow, locale: PageLocale) -> str:
    """Since when a trouble is there, and when it was noticed, in words."""
    told = translate("Since {since}, noticed {noticed} ({zone}).", locale.language)
    return told.format(
        since=times.weekday(trouble.since.astimezone(times.zone(locale.timezone)), locale.language),
        noticed=_moment(trouble.opened, locale),
        zone=times.zone_name(locale.timezone),
    )


def _moment(when: datetime, locale: PageLocale) -> str:
    """A moment in the language and the zone of the installation."""
    language, here = locale.language, when.astimezone(times.zone(locale.timezone))
    return f"{times.day(here, language)}, {times.clock(here, language)}"
