"""Commands for a bad day: restore a copy of the store, rebuild it from the published feeds; and to make it smaller."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from scrapers import load_seeds

from ...errors import StoreUnusable
from ...rebuild import Rebuilt, rebuild
from ...store import Lock, Store, open_store
from ...store.risks import refuse_network
from ..config import Config
from ..desk import utc_now
from ..tending import backups_folder
from . import DONE, USAGE, Context, Ctx, app

BESIDE = ("", "-wal", "-shm")  # the files of a store


@app.command
def restore(
    file: Annotated[Path, Parameter(help="A copy made by `copydesk backup`, or by the daemon every day.")], *, ctx: Ctx
) -> int:
    """Put a copy of the store in the place of the store; ids and dates stay, nothing is announced again.

    What was published since the copy was made comes back from the published folder. The store that was there is
    kept beside it. The daemon must not run.
    """
    config = ctx.config()
    lock = Lock(config.store_path)
    lock.take()
    try:
        fresh = _checked_copy(file, config.store_path)
        kept = _set_aside(config.store_path, utc_now())
        os.replace(fresh, config.store_path)
        done = _rebuild(config)
    finally:
        lock.release()
    if kept is not None:
        ctx.output.print(f"the former store is kept as {kept}")
    _tell(ctx, config, done)
    return DONE


@app.command
def vacuum(*, ctx: Ctx) -> int:
    """Write the store anew without its free pages: the file shrinks, and gives room back by itself from then on.

    Once is enough, for a store of an earlier version or after very much was removed. The daemon must not run, and the
    disk needs room for a second copy.
    """
    config = ctx.config()
    if not config.store_path.exists():
        ctx.output.error(f"{config.store_path}: there is no store yet")
        return USAGE
    lock = Lock(config.store_path)
    lock.take()
    try:
        before = config.store_path.stat().st_size
        store = open_store(config.store_path, daemon=True)
        try:
            with ctx.output.working("writing the store anew"):
                store.vacuum()
        finally:
            store.close()
    finally:
        lock.release()
    after = config.store_path.stat().st_size
    ctx.output.print(f"{config.store_path}: {before / 1e6:.1f} MB before, {after / 1e6:.1f} MB now")
    return DONE


@app.command(name="rebuild")
def rebuild_(
    *,
    from_feeds: Annotated[bool, Parameter(negative="", help="From the feeds and archives of the published folder.")],
    ctx: Ctx,
) -> int:
    """Make the store anew from the published folder, when it is lost or damaged and there is no copy.

    Ids, dates, stories and archives come back as they were published; revisions, visits and the words that no feed
    carries do not. The daemon must not run.
    """
    config = ctx.config()
    if not from_feeds:
        ctx.output.error("say from what: `copydesk rebuild --from-feeds`")
        return USAGE
    if not any(config.public.glob("[st]/**/*.atom")):
        ctx.output.error(f"{config.public}: there are no feeds to rebuild from")
        return USAGE
    lock = Lock(config.store_path)
    lock.take()
    try:
        kept = None
        if config.store_path.exists() and not _sound(config.store_path):
            kept = _set_aside(config.store_path, utc_now())
        done = _rebuild(config)
    finally:
        lock.release()
    if kept is not None:
        ctx.output.print(f"the damaged store is kept as {kept}")
    _tell(ctx, config, done)
    return DONE


def _rebuild(config: Config) -> Rebuilt:
    if not config.store.allow_network:
        refuse_network(config.store_path)
    seeds, _ = load_seeds(config.seeds_folder)
    store = open_store(config.store_path, daemon=True)
    try:
        return rebuild(store, config.public, config.private, seeds, config.all_topics(), now=utc_now())
    finally:
        store.close()


def _checked_copy(file: Path, store: Path) -> Path:
    """The copy beside the store, opened once: whole, of a schema that is known. Raises StoreUnusable."""
    fresh = store.with_name(store.name + ".restoring")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        _remove(fresh)
        shutil.copyfile(file, fresh)
        fresh.chmod(0o600)
    except OSError as error:
        raise StoreUnusable(f"{error.filename or file}: {error.strerror}; the store was left as it is") from error
    try:
        opened: Store = open_store(fresh, daemon=True)
        try:
            if problems := opened.problems():
                raise StoreUnusable(f"{file}: is damaged ({problems[0]}); the store was left as it is")
            opened.db.execute("PRAGMA journal_mode=DELETE")
        finally:
            opened.close()
    except StoreUnusable:
        _remove(fresh)
        raise
    for suffix in (*BESIDE[1:], ".lock"):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    return fresh


def _sound(store: Path) -> bool:
    try:
        open_store(store, daemon=True).close()
    except StoreUnusable as error:
        if "newer copydesk" in error.reason:
            raise
        return False
    return True


def _set_aside(store: Path, now: datetime) -> Path | None:
    """Where the store's files are kept now; None when there was none."""
    if not store.exists():
        return None
    kept = store.with_name(f"{store.name}.replaced-{now:%Y%m%dT%H%M%S}")
    for suffix in BESIDE:
        part = store.with_name(store.name + suffix)
        if part.exists():
            os.replace(part, kept.with_name(kept.name + suffix))
    return kept


def _remove(store: Path) -> None:
    for suffix in BESIDE:
        store.with_name(store.name + suffix).unlink(missing_ok=True)


def _tell(ctx: Context, config: Config, done: Rebuilt) -> None:
    for line in done.unreadable:
        ctx.output.warn(line)
    ctx.output.print(
        f"{config.store_path}: {done.records} records in {done.stories} stories and {done.archives} archives"
        f" came back from {done.documents} published documents, {done.renewed} records in a newer version"
    )
    copies = sorted(backups_folder(config.store_path).glob("*.db"))
    if copies:
        ctx.output.say(f"the newest daily copy is {copies[-1]}")
