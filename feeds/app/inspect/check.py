"""Every mistake of an installation at once: configuration, seeds, store."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapers import Mistake, Seed, load_seeds, seed_warnings, toml

from ...errors import QueryError, StoreBusy, StoreUnusable
from ...store import open_store, store_exists
from ...topics import hints, sources_of
from ..config.config import Config, examined
from ..system.suggestions import nearest, no_such

PLACEHOLDER = "mailto:you@example.org"  # the contact of a new installation


@dataclass(frozen=True, slots=True)
class Found:
    """What `check` found. `mistakes` are those of the files, `store` those of the store's file."""

    mistakes: Sequence[Mistake]
    store: Sequence[Mistake] = ()
    warnings: Sequence[str] = ()
    sources: int = 0  # seeds that are in order
    topics: int = 0

    def as_json(self) -> dict[str, Any]:
        """The form of `check --json`."""
        return {
            "ok": not self.mistakes and not self.store,
            "mistakes": [one.as_json() for one in (*self.mistakes, *self.store)],
            "warnings": list(self.warnings),
            "sources": self.sources,
            "topics": self.topics,
        }


@dataclass(slots=True)
class _Known:
    """The sources that names may mean."""

    seeds: Sequence[Seed] = ()
    names: set[str] = field(default_factory=set)  # also of seeds with mistakes, and of sources that are in the store


def check(path: Path) -> Found:
    """Check the configuration in `path`, its seeds and its store. A mistake in one does not hide those in another."""
    config, told = examined(path)
    mistakes = [one if isinstance(one, Mistake) else Mistake(str(path), one) for one in told]
    usable = config
    if config is None:  # its seeds are looked at where they usually are
        if not path.exists():
            return Found(mistakes)
        config = Config(contact=PLACEHOLDER)
        object.__setattr__(config, "folder", path.parent.resolve())
    seeds, of_seeds = load_seeds(config.seeds_folder)
    known = _Known(seeds, {seed.name for seed in seeds} | {file.stem for file in config.seeds_folder.glob("*.toml")})
    warnings = [line for seed in seeds for line in seed_warnings(seed)]
    of_store: list[Mistake] = []
    if usable is not None:
        if store_exists(usable.store_at):
            of_store, of_its_file = _of_store(usable, known)
            warnings += of_its_file
        keys = {one.key for one in mistakes}
        mistakes += (one for one in toml.load(path).located(_of_config(usable, known)) if one.key not in keys)
        warnings += _hints(usable)
    if not seeds and not of_seeds:
        warnings.append(f"{config.seeds_folder}: holds no seed; `copydesk add URL` writes one")
    for seed in seeds:
        if found := list(_of_seed(seed)):
            of_seeds += toml.load(config.seeds_folder / f"{seed.name}.toml").located(found)
    wrong = {one.file for one in of_seeds}
    right = sum(str(config.seeds_folder / f"{seed.name}.toml") not in wrong for seed in seeds)
    mistakes.sort(key=lambda one: (one.file, one.line or 0))
    topics = 0 if usable is None else len(usable.all_topics())
    return Found((*mistakes, *of_seeds), of_store, warnings, right, topics)


def _of_store(config: Config, known: _Known) -> tuple[list[Mistake], list[str]]:
    """Mistakes and warnings about the store; its sources are added to `known`."""
    file = str(config.store_at)
    try:
        store = open_store(config.store_at)
    except (StoreUnusable, StoreBusy) as error:
        return [Mistake(file, error.reason.removeprefix(f"{file}: "))], []
    try:
        known.names |= {source.name for source in store.sources.labels()}
        closed = [
            f"nobody can read the private topic {name}: `copydesk token add {name}`"
            for name in store.tokens.closed_topics()
        ]
        return [Mistake(file, one) for one in store.file.problems()], [*store.file.warnings(), *closed]
    finally:
        store.close()


def _of_config(config: Config, known: _Known) -> Iterator[str]:
    """Mistakes of a configuration against this machine and the sources: `KEY: what would be right`."""
    if config.contact == PLACEHOLDER:
        yield "contact: is the placeholder of a new installation; put an address where sites can reach you"
    for key, folder in (("store.url", config.store_folder), ("publish.folder", config.public)):
        if wrong := _unwritable(folder):
            yield f"{key}: {wrong}"
    for number, name in enumerate(config.preferred):
        if name not in known.names:
            yield f"preferred.{number}: {no_such('source', name, sorted(known.names))}"
    titles = {seed.title.casefold() for seed in known.seeds if seed.title}
    for number, topic in enumerate(config.topics):
        for key in ("sources", "exclude"):
            for place, name in enumerate(getattr(topic, key)):
                if name not in known.names and "." not in name:
                    yield f"topics.{number}.{key}.{place}: {no_such('source', name, sorted(known.names))}"
        try:
            asked = sources_of(topic.query)
        except QueryError:
            continue  # reported already
        for name in asked:
            if name not in known.names and "." not in name and name.casefold() not in titles:
                near = nearest(name, known.names)
                hint = f"did you mean {near}?" if near else "a domain or the name of a publisher may stand there too"
                if near or " " not in name:
                    yield f"topics.{number}.query: source:{name}: there is no source of that name; {hint}"


def _of_seed(seed: Seed) -> Iterator[str]:
    """Mistakes of a seed against the installed program: `KEY: what would be right`."""
    if seed.scraper is not None and importlib.util.find_spec(f"scrapers.sites.{seed.scraper}") is None:
        yield f"scraper: there is no scrapers/sites/{seed.scraper}.py"
    if seed.render and importlib.util.find_spec("playwright") is None:
        yield "render: needs the extra `browser`: `pip install 'copydesk[browser]'`"


def _unwritable(folder: Path) -> str | None:
    """Why a folder, which need not exist yet, cannot be written into; None where it can."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        return f"{there} is no folder"
    return None if os.access(there, os.W_OK | os.X_OK) else f"{there} is a folder that this user cannot write into"


def _hints(config: Config) -> Iterator[str]:
    for topic in config.topics:
        try:
            yield from (f"topic {topic.name}: {hint}" for hint in hints(topic.topic()))
        except QueryError:
            continue
