"""The stories: search and filters, and one story with all that is known of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import structlog

from scrapers import canonical_key

from .....compose.content import content
from .....errors import QueryError, WrongName
from .....identity.revisions import Piece, places
from .....render.article_page import article_page, article_style
from .....store import HELD, Store, Stored
from ....inspect import explain
from ....jobs.forgetting import forget_article, hold
from ..values import Ask, Framed, Goto, Page, Refused

log = structlog.get_logger()
SHOWN = 40
SINCE = {"1d": 1, "7d": 7, "30d": 30}
PLACES = 60  # of one revision that are shown
WORDS = 3000  # of a passage that are compared


async def show_all(ask: Ask) -> Page:
    """The stories that came last, or those that a query finds."""
    query, source, since = ask.said("q", 1000), ask.said("source", 64), ask.said("since", 8)
    before, out = ask.said("before", 12), ask.said("out", 3) == "yes"
    values: dict[str, Any] = {"q": query, "source": source, "since": since, "out": out, "why": "", "older": None}
    labels = {
        one.name: one.label for one in await ask.store(lambda store: store.sources.labels()) if one.removed is None
    }
    start = ask.now - timedelta(days=SINCE[since]) if since in SINCE else None
    try:
        if query:
            wanted = f"({query}) AND source:{source}" if source else query
            values["stories"] = await ask.store(
                lambda store: explain.search(store, wanted, since=start, best=False, limit=SHOWN, now=ask.now)
            )
        else:
            last = int(before) if before.isdecimal() else None
            found: list[Stored] = await ask.store(
                lambda store: store.arrivals.latest(SHOWN, before=last, source=source or None, quarantined=out)
            )
            values["stories"] = [_row(one) for one in found if start is None or one.record.published >= start]
            values["older"] = found[-1].n if len(found) == SHOWN else None
    except QueryError as error:
        values |= {"stories": [], "why": error.reason, "pointed": error.pointed().split("\n")[:2]}
    return Page("stories.html", {**values, "labels": labels, "periods": list(SINCE)})


def _row(stored: Stored) -> dict[str, Any]:
    record = stored.record
    return {
        "id": record.id,
        "title": record.title,
        "source": record.source,
        "published": record.published,
        "language": record.language,
        "clause": stored.quarantined or "",
    }


async def show(ask: Ask) -> Page:
    """One story: its members, what changed, why it is where it is, its outcomes."""
    stored = await _stored(ask)
    config, url = ask.app.installation.config, stored.record.url

    def read(store: Store) -> tuple[dict[str, Any], list[Any], list[Any], dict[str, str]]:
        told = explain.of_record(store, config, stored, ask.now)
        ids = {one.record.url: one.record.id for one in store.records.members(stored.story)}
        return told, store.outcomes.of_key(canonical_key(url)), store.records.revisions(stored.n), ids

    told, outcomes, revisions, ids = await ask.store(read)
    titles = {topic.name: topic.title for topic in config.all_topics()}
    return Page(
        "story.html",
        {
            "story": stored,
            "record": stored.record,
            "held": stored.quarantined == HELD,
            "outcomes": outcomes,
            "told": told,
            "members": told.get("story", {}).get("members", []),
            "representative": told.get("story", {}).get("represented_by"),
            "reason": told.get("story", {}).get("reason"),
            "ids": ids,
            "titles": titles,
            "revisions": await asyncio.to_thread(_changes, stored, revisions),
        },
    )


async def body(ask: Ask) -> Framed:
    """The text as an entry has it, for the frame of its page."""
    record = (await _stored(ask)).record
    return Framed(article_page(record, content(record, images="keep")), (article_style(),), pictures=True)


async def change(ask: Ask) -> Goto:
    """Keep a story out of the feeds, or let it back."""
    record, what = (await _stored(ask)).record, ask.said("do", 20)
    if what not in ("hold", "release"):
        raise Refused(400, ask.words("This is no form of ours."))
    config = ask.app.installation.config
    try:
        await ask.store(lambda store: hold(store, config, record.id, held=what == "hold"))
    except WrongName as error:
        raise Refused(409, error.reason) from error
    log.info("desk: an article was held or released", what=what, url=record.url, client=ask.session.client)
    await ask.tools.perform("publish", {})
    note = (
        ask.words("It is kept out of the feeds, until you let it back.")
        if what == "hold"
        else ask.words("It is back in the feeds.")
    )
    return Goto(f"/stories/{record.id}", note)


async def ask_forgetting(ask: Ask) -> Page:
    """The question before an article is forgotten."""
    return Page("forget.html", {"record": (await _stored(ask)).record})


async def forget(ask: Ask) -> Goto:
    """Remove an article for good: from the store, the feeds and the archives."""
    if ask.said("sure") != "yes":
        raise Refused(400, ask.words("Nothing was removed: it was not confirmed."))
    record = (await _stored(ask)).record
    config = ask.app.installation.config
    try:
        await ask.store(lambda store: forget_article(store, config, record.url, ask.now))
    except WrongName as error:
        raise Refused(409, error.reason) from error
    log.info("desk: an article was forgotten", url=record.url, client=ask.session.client)
    answer = await ask.tools.perform("forget", {})
    if answer.get("clean") is False:
        note = ask.words("The article is forgotten. Its words leave the files of the store a little later.")
        return Goto("/stories", note)
    return Goto("/stories", ask.words("The article is forgotten. Copies of the store from before may still hold it."))


def _changes(stored: Stored, revisions: list[Any]) -> list[dict[str, Any]]:
    """What each revision changed, word by word, the newest first."""
    versions = [*((one.title, one.text) for one in revisions), (stored.record.title, stored.record.text)]
    found = []
    for one, after in zip(revisions, versions[1:], strict=True):
        changes: list[list[Piece]] = []
        for place in places((one.title, one.text), after, WORDS):
            if len(changes) == PLACES:
                break
            changes.append(place)
        found.append({"at": one.at, "why": one.why, "public": one.public, "places": changes})
    return found[::-1]


async def _stored(ask: Ask) -> Stored:
    """The record of an id; of a story's id, as feeds have it, the one that stands for the story."""
    told = ask.path["id"]

    def read(store: Store) -> Stored | None:
        found = store.records.by_id(told)
        if found is None and (numbers := store.stories.numbers_of([told])) and (row := store.stories.get(numbers[0])):
            found = store.records.get(row.representative)
        return found

    stored: Stored | None = await ask.store(read)
    if stored is None:
        raise Refused(404, ask.words("There is no such story."))
    return stored
