"""Changes to a source by a person: pause, rename, remove. Files and store change together; the daemon is told."""

from __future__ import annotations

from datetime import datetime

from ...errors import WrongName
from ...store import Store
from ..config.config import Config
from ..system.suggestions import no_such
from . import failed_pages

REMOVED = "removed"  # the folder of seeds that were removed


def set_paused(store: Store, config: Config, name: str, paused: bool, now: datetime) -> None:
    """Stop visiting a source, or visit it again; what it gave stays. Raises WrongName."""
    require(store, config, name)
    if not (config.seeds_folder / f"{name}.toml").exists():
        raise WrongName(f"{name} has no seed any more, so it is not visited anyway")
    if store.sources.get(name) is None:
        raise WrongName(f"{name} was never visited; `copydesk run` or `copydesk fetch {name}` takes it up first")
    store.sources.set_paused(name, paused)
    _tell_daemon(store, now)


def rename(store: Store, config: Config, name: str, to: str, now: datetime) -> None:
    """Give a source another name: seed and samples move, its feed keeps its id, its address moves. Raises WrongName."""
    old, new = config.seeds_folder / f"{name}.toml", config.seeds_folder / f"{to}.toml"
    if mistake := bad_name(to):
        raise WrongName(mistake)
    if new.exists():
        raise WrongName(f"{new}: is there already")
    require(store, config, name)
    store.sources.rename(name, to, now)
    failed_pages.rename(config, name, to)
    if old.exists():
        old.rename(new)
    if (config.seeds_folder / name).is_dir():
        (config.seeds_folder / name).rename(config.seeds_folder / to)
    _tell_daemon(store, now)


def remove(store: Store, config: Config, name: str, now: datetime, *, records: bool) -> int:
    """Remove a source, and with `records` what it gave; how many of those went. Raises WrongName.

    Its seed and samples are moved to seeds/removed/, where no seed is read.
    """
    require(store, config, name)
    _set_aside(config, name, now)
    gone = store.retention.forget_source(name, now) if records else 0
    store.asked_feeds.drop(name)
    failed_pages.forget_source(config, name)
    _tell_daemon(store, now)
    return gone


def bad_name(name: str) -> str | None:
    """Why a name cannot be a source's, or None."""
    from scrapers import RESERVED_SOURCES

    from ..config.tables import SLUG

    if not SLUG.fullmatch(name):
        return f"a name is 1 to 64 of a-z, 0-9 and -, not {name!r}"
    if name in RESERVED_SOURCES:
        return f"the name {name!r} is reserved"
    return None


def names_of_sources(store: Store, config: Config) -> list[str]:
    """Every source: those that have a seed file, and those that the store knows."""
    files = {path.stem for path in config.seeds_folder.glob("*.toml")}
    return sorted(files | {source.name for source in store.sources.labels()})


def _set_aside(config: Config, name: str, now: datetime) -> None:
    seed, samples = config.seeds_folder / f"{name}.toml", config.seeds_folder / name
    folder = config.seeds_folder / REMOVED
    stem = name if not (folder / f"{name}.toml").exists() else f"{name}-{now:%Y%m%dT%H%M%S}"
    for there, kept in ((samples, folder / stem), (seed, folder / f"{stem}.toml")):
        if there.exists():
            folder.mkdir(exist_ok=True)
            there.rename(kept)


def require(store: Store, config: Config, name: str) -> None:
    """Raises WrongName, with what was probably meant, when there is no source of this name."""
    if name not in (names := names_of_sources(store, config)):
        raise WrongName(no_such("source", name, names))


def _tell_daemon(store: Store, now: datetime) -> None:
    """A running daemon reads the seeds anew at once; it would notice a moment later anyway."""
    store.control.ask("reload", {}, now)
