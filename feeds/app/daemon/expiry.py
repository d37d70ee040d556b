"""Removes what is older than the configuration keeps: archive documents, records, and links that nobody offers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ...store import Location, Store, open_store
from ..application import Application
from ..system.daemon_thread import in_daemon_thread

AT_ONCE = 30  # records in one transaction
SETTLED = timedelta(days=7)  # age after which a record in no document was in a removed one


async def expire(app: Application) -> int:
    """Remove what is older than the configuration keeps; the number of archive documents and records removed."""
    config, now = app.installation.config, app.clock()
    await app.installation.drop_unasked()
    for name in await app.thread.call(lambda: [source.name for source in app.thread.store.sources.labels()]):
        await app.thread.call(app.thread.store.retention.forget_links, name, now)
    app.fetcher.paces.forget_old(now.timestamp())
    await app.thread.call(app.thread.store.asked_files.trim)
    most = config.store.keep_entries
    before = now - timedelta(seconds=config.store.keep) if config.store.keep else None

    def old_documents(store: Store) -> set[int]:
        old = store.retention.old_documents(before) if before is not None else []
        return {*old, *(store.retention.surplus_documents(most) if most else ())}

    def old_records(store: Store) -> set[int]:
        old = store.retention.old_records(before) if before is not None else []
        return {*old, *(store.retention.old_records(now - SETTLED, quarantined=False) if most else ())}

    documents = sorted(await in_daemon_thread(lambda: _looked_up(config.store_at, old_documents)))
    for n in documents:
        await app.thread.call(app.thread.store.retention.drop_documents, [n])
    records = sorted(await in_daemon_thread(lambda: _looked_up(config.store_at, old_records)))
    for place in range(0, len(records), AT_ONCE):
        await app.thread.call(app.thread.store.retention.expire, records[place : place + AT_ONCE], now)
    while await app.thread.call(app.thread.store.file.shrink):
        pass
    return len(documents) + len(records)


def _looked_up(store: Location, find: Callable[[Store], set[int]]) -> set[int]:
    """Query by a connection of its own: it takes long, and no visit may wait for it."""
    opened = open_store(store)
    try:
        return find(opened)
    finally:
        opened.close()
