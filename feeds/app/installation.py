"""The configuration of an installation: settings, seeds and topics, and their reload."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from scrapers import CopydeskError, Seed, load_seeds, moved_to, same_site, seed_warnings, speaks_for

from .. import pipe
from ..health.selectors import as_used, by_source
from ..model import Publisher, Topic
from ..publish import plan
from ..publish.feed_reader import PublishSettings
from ..store.failpoints import crash_at
from ..topics import Engine
from .config.changes import Changes, changes
from .config.config import Config, load, own_subjects
from .store_thread import StoreThread

log = structlog.get_logger()

MOVED_AFTER = timedelta(days=1)  # a permanent redirect of a home is used directly after 3 visits on 2 days


class Installation:
    """Configuration, seeds and topics as they are in use. With `daemon` they are also written to the store."""

    def __init__(self, config: Config, thread: StoreThread, clock: Callable[[], datetime], *, daemon: bool) -> None:
        self.config = config
        self._opened = config  # as it was when the program started
        self.file_seeds: dict[str, Seed] = {}  # the seeds as they stand in their files
        self.seeds: dict[str, Seed] = {}  # the seeds in use: with the selectors that were repaired
        self.seed_mistakes: Sequence[str] = ()
        self.reload_mistakes: list[str] = []
        self.topics: tuple[Topic, ...] = ()
        self.engine: Engine = Engine(())
        self.picture_key: bytes | None = None  # signs the addresses of pictures that we fetch for readers
        self._thread = thread
        self._clock = clock
        self._daemon = daemon

    async def apply(self) -> None:
        """Read the seeds, and apply topics and sources to the store."""
        self.file_seeds, self.seed_mistakes = _load_seeds(self.config)
        self.seeds = await self._seeds_in_use({**await self._asked_for(), **self.file_seeds})
        self.topics = self.config.all_topics()
        self.engine = Engine(self.topics, subjects=await asyncio.to_thread(own_subjects, self.config))
        self.picture_key = await self._thread.call(self._thread.store.meta.picture_key)
        if self._daemon:
            await self._write_to_store(self._clock())

    async def reload(self, path: Path) -> bool:
        """Read configuration and seeds anew; True when applied. A wrong config.toml changes nothing and is shown.

        What was opened at the start (store, folder, listen address) stays until the next start.
        """
        try:
            config = load(path)
        except CopydeskError as error:
            self.reload_mistakes = error.reason.splitlines()
            for mistake in getattr(error, "mistakes", self.reload_mistakes):
                log.error("mistake in the configuration", mistake=mistake)
            log.error("the configuration on disk is invalid; the former one stays")
            return False
        self.reload_mistakes = []
        before, seeds = self.config, self.file_seeds
        opened = self._opened
        wanted = config
        self.config = replace(
            config,
            store=self.config.store,
            web=self.config.web,
            publish=replace(config.publish, folder=self.config.publish.folder),
        )
        object.__setattr__(self.config, "folder", config.folder)
        await self.apply()
        _tell_changes(changes(before, self.config, seeds, self.file_seeds), changes(opened, wanted, {}, {}).waiting)
        return True

    def publish_settings(self) -> PublishSettings:
        """What all published documents have in common."""
        config = self.config
        hub = config.publish.hub
        hubs = hub if isinstance(hub, tuple) else (f"{config.base_url}/hub",) if hub == "own" else ()
        return PublishSettings(
            Publisher(
                config.title,
                config.base_url,
                hubs=hubs,
                audience=config.audience,
                picture_key=self.picture_key,
                page_locale=config.page_locale,
                pages=config.web.pages,
            ),
            config.publish.entries,
            self.engine.subjects,
            variants=config.publish.compress == "ahead",
        )

    async def at_current_home(self, seed: Seed) -> Seed:
        """The seed with the home to which its own has moved for good."""
        state = await self._thread.call(self._thread.store.sources.get, seed.name)
        if state is not None and state.moved(self._clock(), MOVED_AFTER) and state.redirected:
            return moved_to(seed, state.redirected)
        return seed

    def source_of(self, url: str) -> Seed:
        """The seed that speaks for an address, by its home before its `hosts`; `kept` where there is none."""
        for seed in sorted(self.seeds.values(), key=lambda seed: not same_site(seed.home, url)):
            if speaks_for(seed, url):
                return seed
        return Seed(name="kept", home=url)

    async def drop_unasked(self) -> None:
        """Drop the sources of feeds on demand that nobody asks for any more."""
        thread, keep = self._thread, timedelta(seconds=self.config.web.on_demand_keep)

        def drop() -> list[str]:
            with thread.store.transaction():
                return thread.store.asked_feeds.drop_older(self._clock() - keep)

        if gone := await thread.call(drop):
            log.info("nobody asks for these listings any more", sources=gone)
            await self.apply()

    async def _asked_for(self) -> dict[str, Seed]:
        """The seeds of listings that are asked for as feeds."""
        if not self.config.web.on_demand:
            return {}
        return {one.name: one.seed for one in await self._thread.call(self._thread.store.asked_feeds.all)}

    async def _seeds_in_use(self, file_seeds: Mapping[str, Seed]) -> dict[str, Seed]:
        """The seeds of the files with the selectors that were repaired. A daemon drops repairs that are over."""
        thread = self._thread
        if self._daemon:
            for row in await thread.call(thread.store.repairs.sync, list(file_seeds.values())):
                if row.used:
                    log.info("selector of the seed is used again", source=row.source, field=row.field)
        rows = by_source(await thread.call(thread.store.repairs.all))
        return {name: as_used(seed, rows.get(name, ())) for name, seed in file_seeds.items()}

    async def _write_to_store(self, now: datetime) -> None:
        """Write topics and sources to the store, and apply changed topics to what is stored."""
        thread, store = self._thread, self._thread.store
        if await thread.call(store.meta.get, "base_url") != self.config.base_url:
            await thread.call(plan.mark_all_dirty, store)
            await thread.call(store.meta.put, "base_url", self.config.base_url)
        words = f"{self.config.language} {self.config.timezone} {self.config.web.pages}"
        if await thread.call(store.meta.get, "pages") != words:  # the language or zone of pages changed
            await thread.call(plan.mark_feeds_dirty, store)
            await thread.call(store.meta.put, "pages", words)
        await thread.call(store.sources.sync, list(self.seeds.values()), now)
        preferred = await thread.call(pipe.prefer, store, self.config.preferred, now)
        if preferred:
            log.info("preferred sources stand for their stories", stories=preferred)
        stale = await thread.call(store.topics.sync, self.topics, now)
        if stale:
            crash_at("topics-stored")
            found = await thread.call(
                pipe.retopic, store, [t for t in self.topics if t.name in stale], now, self.engine.subjects
            )
            log.info("topics applied to what is stored", **found)


def _tell_changes(made: Changes, waiting: Sequence[str]) -> None:
    """Say what a reload applied, and what it could not without a restart."""
    applied = [change for change in made.applied if change not in waiting]
    log.info("configuration applied", changes="; ".join(applied) or "none")
    if waiting:
        log.warning("waits for a restart", keys=", ".join(waiting))


def _load_seeds(config: Config) -> tuple[dict[str, Seed], Sequence[str]]:
    seeds, mistakes = load_seeds(config.seeds_folder)
    for seed in seeds:
        for warning in seed_warnings(seed):
            log.warning("seed with a risk", warning=warning)
    for mistake in mistakes:
        log.warning("seed left out", mistake=mistake)
    return {seed.name: seed for seed in seeds}, mistakes
