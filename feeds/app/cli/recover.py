"""Commands for recovery: restore a copy of the store, rebuild it from the published feeds, make its file smaller."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from scrapers import Progress, load_seeds

from ...errors import StoreUnusable
from ...recovery.rebuild import Rebuilt, rebuild
from ...store import Location, PostgresLocation, Store, lock_of, open_store, store_exists
from ...store.database.risks import refuse_network
from ..config.config import Config
from ..jobs.backups import daily_copies, replaced_name
from ..system.clock import utc_now
from .command import DONE, USAGE, Context, Ctx
from .output.progress import progress

BESIDE = ("", "-wal", "-shm")  # the files of a store


def restore(
    file: Annotated[Path, Parameter(help="A copy made by `copydesk backup`, or by the daemon every day.")], *, ctx: Ctx
) -> int:
    """Put a copy of the store in the place of the store; ids and dates stay, nothing is announced again.

    What was published since the copy was made comes back from the published folder. The store that was there is
    kept beside it. The daemon must not run.

    Example: `copydesk restore var/backups/copydesk-2026-03-01.db`
    """
    config = ctx.config()
    with _alone(config):
        where = config.store_at
        if isinstance(where, Path):
            with ctx.output.working(f"checking {file}"):
                fresh = _checked_copy(file, where)
            forgotten = _forgotten(where)
            kept = _set_aside(where, utc_now())
            os.replace(fresh, where)
        else:
            with ctx.output.working(f"restoring {file}"):
                forgotten, kept = _restored(file, where, utc_now())
        _forget_again(where, forgotten)
        return _bring_back(ctx, config, "former", kept)


def vacuum(*, ctx: Ctx) -> int:
    """Write the store anew without its free pages: the file shrinks, and gives room back by itself from then on.

    Once is enough, for a store of an earlier version or after very much was removed. The daemon must not run, and the
    disk needs room for a second copy.

    Example: `copydesk vacuum`
    """
    config = ctx.config()
    if not store_exists(config.store_at):
        ctx.output.error(f"{config.store_at}: there is no store yet")
        return USAGE
    with _alone(config), closing(open_store(config.store_at, daemon=True)) as store:
        before = store.file.size()
        with ctx.output.working("writing the store anew"):
            store.file.vacuum()
        after = store.file.size()
    ctx.output.print(f"{config.store_at}: {before / 1e6:.1f} MB before, {after / 1e6:.1f} MB now")
    return DONE


def rebuild_(
    *,
    from_feeds: Annotated[bool, Parameter(negative="", help="From the feeds and archives of the published folder.")],
    ctx: Ctx,
) -> int:
    """Make the store anew from the published folder, when it is lost or damaged and there is no copy.

    Ids, dates, stories and archives come back as they were published; revisions, visits and the words that no feed
    carries do not. The daemon must not run.

    Example: `copydesk rebuild --from-feeds`
    """
    config = ctx.config()
    if not from_feeds:
        ctx.output.error("say from what: `copydesk rebuild --from-feeds`")
        return USAGE
    if not any(config.public.glob("[st]/**/*.atom")):
        ctx.output.error(f"{config.public}: there are no feeds to rebuild from")
        return USAGE
    with _alone(config):
        kept = None
        where = config.store_at
        if isinstance(where, Path) and where.exists() and not _sound(where):
            kept = _set_aside(where, utc_now())
        return _bring_back(ctx, config, "damaged", kept)


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    """The daemon does not run meanwhile. Raises StoreInUse where it does."""
    lock = lock_of(config.store_at)
    lock.take()
    try:
        yield
    finally:
        lock.release()


def _bring_back(ctx: Context, config: Config, former: str, kept: Path | None) -> int:
    """What was published into the store; what came of it, and where the store that was there is kept, are told."""
    with progress(ctx, "bringing back what was published") as told:
        done = _rebuild(config, told)
    if kept is not None:
        ctx.output.print(f"the {former} store is kept as {kept}")
    _tell(ctx, config, done)
    return DONE


def _rebuild(config: Config, told: Progress) -> Rebuilt:
    if not config.store.allow_network:
        refuse_network(config.store_at)
    seeds, _ = load_seeds(config.seeds_folder)
    store = open_store(config.store_at, daemon=True)
    try:
        return rebuild(store, config.public, config.private, seeds, config.all_topics(), now=utc_now(), progress=told)
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
        _refuse_foreign(fresh)
        opened: Store = open_store(fresh, daemon=True)
        try:
            if problems := opened.file.problems():
                raise StoreUnusable(f"{file}: is damaged ({problems[0]}); the store was left as it is")
            opened.fold()
        finally:
            opened.close()
    except StoreUnusable as error:
        _remove(fresh)
        if str(fresh) in error.reason:
            reason = error.reason.replace(str(fresh), str(file))
            raise StoreUnusable(f"{reason}; the store was left as it is") from error
        raise
    for suffix in (*BESIDE[1:], ".lock"):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    return fresh


def _refuse_foreign(file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours = open_store(Path(folder) / "ours.db", daemon=True)
        try:
            ours.refuse_foreign(file)
        finally:
            ours.close()


def _sound(store: Path) -> bool:
    try:
        open_store(store, daemon=True).close()
    except StoreUnusable as error:
        if "newer copydesk" in error.reason:
            raise
        return False
    return True


def _restored(file: Path, where: PostgresLocation, now: datetime) -> tuple[list[tuple[str, str, int]], Path | None]:
    """Put a copy into the database in one transaction; what the former store has forgotten, and the copy of it."""
    from ...store.restoring import check_dump, restore_dump

    version = check_dump(file)
    forgotten: list[tuple[str, str, int]] = []
    kept = None
    if store_exists(where):
        store = open_store(where)
        try:
            forgotten = store.forgotten.all()
            kept = replaced_name(where, now)
            kept.parent.mkdir(parents=True, exist_ok=True)
            store.file.backup(kept)
        finally:
            store.close()
    restore_dump(file, where, version)
    return forgotten, kept


def _forgotten(store: Path) -> list[tuple[str, str, int]]:
    """The forgotten articles of the store that is replaced, which stay forgotten. Empty where it cannot be read."""
    if not store.exists():
        return []
    try:
        opened = open_store(store, daemon=True)
    except StoreUnusable:
        return []
    try:
        return opened.forgotten.all()
    finally:
        opened.close()


def _forget_again(store: Location, forgotten: list[tuple[str, str, int]]) -> None:
    opened = open_store(store, daemon=True)
    try:
        opened.retention.forget_again(forgotten, utc_now())
    finally:
        opened.close()


def _set_aside(store: Path, now: datetime) -> Path | None:
    """Move the store's files aside; their new path, None when there was no store."""
    if not store.exists():
        return None
    kept = replaced_name(store, now)
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
        f"{config.store_at}: {done.records} records in {done.stories} stories and {done.archives} archives"
        f" came back from {done.documents} published documents, {done.renewed} records in a newer version"
    )
    copies = daily_copies(config.store_at)
    if copies:
        ctx.output.say(f"the newest daily copy is {copies[-1]}")
