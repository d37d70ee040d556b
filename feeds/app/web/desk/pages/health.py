"""How the installation is doing: troubles, disk, queue, memory, backups, and who may read the private topics."""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from .....errors import WrongName
from .....store import Store
from ....jobs import backups, failed_pages, reader_tokens
from ..values import Ask, Download, Goto, Page, Refused, Reply

log = structlog.get_logger()
TROUBLES = 30
VISITS = 8
SUBSCRIBERS = 100
_COPY = re.compile(r"[\w.-]{1,200}")
_PAGE = 4096


async def show(ask: Ask) -> Page:
    """Troubles with cause and since, and the state of the machine."""
    return await _page(ask)


async def change(ask: Ask) -> Reply:
    """Make a token for a reader, shown once, or take one away."""
    what, topic, reader = ask.said("do"), ask.said("topic", 64), ask.said("reader", 64)
    config = ask.app.installation.config
    try:
        if what == "give":
            address = await ask.store(lambda store: reader_tokens.give(store, config, topic, reader, ask.now))
        elif what == "take":
            await ask.store(lambda store: reader_tokens.take(store, topic, reader))
        else:
            raise Refused(400, ask.words("This is no form of ours."))
    except WrongName as error:
        raise Refused(409, error.reason) from error
    log.info("desk: tokens were changed", what=what, topic=topic, reader=reader, client=ask.session.client)
    await ask.tools.perform("tokens", {})
    if what == "give":
        return await _page(ask, given=address, reader=reader)
    return Goto("/health#tokens", ask.words("The token is taken away: it opens nothing any more."))


async def backup(ask: Ask) -> Download:
    """A copy of the store that lies beside it."""
    name = ask.path["file"]
    config = ask.app.installation.config
    copies = await asyncio.to_thread(backups.copies_of, config.store_at)
    found = next((one for one in copies if one.name == name and _COPY.fullmatch(name)), None)
    if found is None:
        raise Refused(404, ask.words("There is no such copy any more."))
    log.info("desk: a copy of the store was downloaded", file=name, client=ask.session.client)
    return Download(
        found, found.name, "application/vnd.sqlite3" if found.suffix == ".db" else "application/octet-stream"
    )


async def _page(ask: Ask, *, given: str = "", reader: str = "") -> Page:
    config = ask.app.installation.config
    fine, facts = await ask.tools.health()
    status = await ask.tools.status()

    def read(store: Store) -> dict[str, Any]:
        return {
            "troubles": store.troubles.all(TROUBLES),
            "tokens": store.tokens.all(),
            "closed": store.tokens.closed_topics(),
            "subscribers": store.websub.count(),
            "subscriptions": [
                (one.callback, one.topic, datetime.fromtimestamp(one.until, UTC), tries)
                for one, tries in store.websub.listed(ask.now.timestamp(), SUBSCRIBERS)
            ],
            "visits": [visit for _, visit in store.visits.of_all(VISITS)],
            "labels": {one.name: one.label for one in store.sources.labels()},
            "queued": store.arrivals.waiting_links(),
            "records": store.records.count(),
            "store_size": store.file.size(),
        }

    def look() -> dict[str, Any]:
        copies = backups.copies_of(config.store_at)
        folders = [path.name for path in failed_pages.folder_of(config, "").glob("*/")]
        return {
            "disk": shutil.disk_usage(config.store_folder),
            "memory": _memory(),
            "copies": [(one.name, _size(one)) for one in reversed(copies)],
            "failed": [(name, one) for name in sorted(folders) for one in failed_pages.of_source(config, name)],
        }

    values = {**await ask.store(read), **await asyncio.to_thread(look)}
    now = {(one["about"], one["kind"]): one for one in status["troubles"]}  # a trouble may have become worse
    troubles = [
        replace(one, state=found["state"], cause=found["cause"])
        if one.closed is None and (found := now.get((one.subject, one.kind)))
        else one
        for one in values["troubles"]
    ]
    private = [topic for topic in config.all_topics() if topic.private]
    return Page(
        "health.html",
        {
            **values,
            "troubles": troubles,
            "fine": fine,
            "facts": facts,
            "status": status,
            "private": private,
            "given": given,
            "reader": reader,
            "keep": config.store.backups,
        },
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _memory() -> int | None:
    """Bytes of memory that this process holds; None where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return None
