"""The daily copies of the store that lie beside it: files of SQLite, or of pg_dump for a store on a server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ...store import Location, open_store

NAME = "copydesk"  # name of the copies of a store on a server


def damage_of(store: Location) -> list[str]:
    """Check the whole store; its problems (RELIABILITY S6)."""
    opened = open_store(store)
    try:
        return opened.file.problems()
    finally:
        opened.close()


def backups_folder(store: Location) -> Path:
    """The folder of the daily copies."""
    return (store.parent if isinstance(store, Path) else store.folder) / "backups"


def replaced_name(store: Location, now: datetime) -> Path:
    """The path under which a replaced store is kept: its file, or a copy of it."""
    ending = f"replaced-{now.astimezone(UTC):%Y%m%dT%H%M%S}"
    if isinstance(store, Path):
        return store.with_name(f"{store.name}.{ending}")
    return store.folder / f"{NAME}.{ending}.dump"


def daily_copies(store: Location) -> list[Path]:
    """The daily copies, the oldest first."""
    stem, ending = (store.stem, ".db") if isinstance(store, Path) else (NAME, ".dump")
    return sorted(backups_folder(store).glob(f"{stem}-????-??-??{ending}"))


def copies_of(store: Location) -> list[Path]:
    """All copies beside a store: daily copies, copies from before an upgrade, and replaced stores."""
    folder, name = (store.parent, store.name) if isinstance(store, Path) else (store.folder, NAME)
    beside = [path for kind in ("before", "replaced") for path in folder.glob(f"{name}.{kind}-*")]
    return sorted([*daily_copies(store), *beside])


def daily_copy(store: Location, keep: int, now: datetime) -> Path | None:
    """Make and verify the copy of this day (UTC); None when it is there already. Only the newest `keep` stay.

    Raises StoreUnusable, StoreBusy, OSError.
    """
    folder = backups_folder(store)
    stem, ending = (store.stem, ".db") if isinstance(store, Path) else (NAME, ".dump")
    target = folder / f"{stem}-{now.astimezone(UTC):%Y-%m-%d}{ending}"
    if target.exists():
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = open_store(store)
    try:
        opened.file.backup(target)
    finally:
        opened.close()
    for old in daily_copies(store)[:-keep]:
        old.unlink()
    return target
