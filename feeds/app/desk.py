"""One installation at work: its configuration, store, door to the web, workers and topics, and the jobs they do.

The daemon and the commands are two ways to drive a Desk. The store is used from one thread; rendering and writing
feeds happens in another, so that neither holds up a visit.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import structlog

from scrapers import (
    CopydeskError,
    Fetcher,
    HostPace,
    Paces,
    Past,
    Record,
    Run,
    Seed,
    VisitLimits,
    backfill,
    load_seeds,
    moved_to,
    revisit,
    scrape,
    scrape_page,
    seed_warnings,
)

from .. import edition, pipe
from ..crash import crash_at
from ..model import Topic
from ..preferred import prefer
from ..store import Lock, Store, open_store, refusal
from ..store.risks import refuse_network
from ..topics import Engine
from . import failed_pages
from .config import Config, load, own_subjects
from .fetching import open_door
from .press import Press
from .repairing import mend, used_seeds
from .room import Room
from .workers import WorkerBug, Workers

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")

VISIT_SECONDS = 600.0
SCRUB_TRIES, SCRUB_PAUSE = 20, 0.5  # while other processes read the store
MOVED_AFTER = timedelta(days=1)  # a permanent redirect of a home is used directly after 3 visits on 2 days


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Desk:
    """An installation. `async with Desk(config) as desk` opens the store and, with `daemon`, holds its lock."""

    def __init__(
        self,
        config: Config,
        *,
        daemon: bool = False,
        clock: Callable[[], datetime] = utc_now,
        workers: int | None = None,
        door: Callable[[Config, Paces], Fetcher] = open_door,
    ) -> None:
        """`clock` is the one on the wall, `workers` how many processes read pages, `door` what opens the way out."""
        self.config = config
        self.daemon = daemon
        self.clock = clock
        self.lock = Lock(config.store_path)
        self.written: dict[str, Seed] = {}  # the seeds of the files
        self.seeds: dict[str, Seed] = {}  # … as they are used: with the selectors that were repaired
        self.seed_mistakes: list[str] = []
        self.topics: tuple[Topic, ...] = ()
        self.engine: Engine = Engine(())
        self.picture_key: bytes | None = None  # signs the addresses of pictures that we bring ourselves
        self.reload_mistakes: list[str] = []
        self._store: Store | None = None
        self._store_thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self.press = Press(self)
        self._worker_count = workers
        self._door = door
        self._traces: set[str] = set()
        self.on_kept: Callable[[str, pipe.Kept], None] | None = None  # for whoever watches
        self.tally: Counter[tuple[str, str]] = Counter()  # ("visit", state) and ("failure", class), since the start
        self.refused: str | None = None  # why the store takes no writes for now; no visit is begun then
        self.room = Room(config)

    async def __aenter__(self) -> Desk:
        config = self.config
        if self.daemon:
            if not config.store.allow_network:
                refuse_network(config.store_path)
            self.lock.take()
        try:
            self._store = await self.in_store(lambda: open_store(config.store_path, daemon=self.daemon))
            paces = await self.in_store(self.store.paces)
            bad = await self.in_store(self.store.bad_pages, self.clock())
            self.fetcher = self._door(config, Paces(paces, on_refusal=self._remember_refusal))
            self.workers = Workers(self._worker_count, bad=dict(bad), on_bad=self._remember_bad)
            await self.workers.__aenter__()
            self.written, self.seed_mistakes = self._load_seeds(config)
            for mistake in self.seed_mistakes:
                log.warning("seed left out", mistake=mistake)
            await self._apply_topics()
            if self.daemon:
                await self.press.prepare()
                for warning in await self.in_store(self.store.warnings):
                    log.warning("store with a risk", warning=warning)
        except BaseException:
            await self._close_store()
            self.lock.release()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.workers.__aexit__()
        await self.fetcher.aclose()
        try:
            await self.in_store(self._keep_paces)
        except Exception as error:
            if refusal(error) is None:
                raise
            log.error("the paces of hosts are lost", why=refusal(error))
        await self._close_store()
        self.press.close()
        self.lock.release()

    @property
    def store(self) -> Store:
        """The store; only its own thread may call it, through `in_store`."""
        if self._store is None:
            raise RuntimeError("the desk is not open")
        return self._store

    @property
    def paused(self) -> str | None:
        """Why no visit is begun for now: what it gave could not be kept. None when visits are welcome."""
        return self.refused or self.room.cramped

    async def in_store(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call something in the thread of the store."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._store_thread, lambda: work(*args, **kwargs))
        except Exception as error:
            why = refusal(error)
            if why is not None and self.refused is None:
                self.refused = why
                log.error("visits pause until the store can be written again", why=why)
            raise

    async def try_store(self) -> bool:
        """Whether the store takes writes; when it does again, visits may go on."""
        try:
            await self.in_store(self.store.set_meta, "written", self.clock().isoformat())
        except Exception as error:
            if refusal(error) is None:
                raise
            return False
        if self.refused is not None:
            log.info("the store can be written again")
            self.refused = None
        return True

    # --- configuration

    @staticmethod
    def _load_seeds(config: Config) -> tuple[dict[str, Seed], list[str]]:
        seeds, mistakes = load_seeds(config.seeds_folder)
        for seed in seeds:
            for warning in seed_warnings(seed):
                log.warning("seed with a risk", warning=warning)
        return {seed.name: seed for seed in seeds}, mistakes

    async def reload(self, path: Path) -> bool:
        """Read configuration and seeds anew; a wrong config.toml changes nothing and is shown. True when applied.

        What was opened at the start (store, folder, listen address) stays until the next start.
        """
        try:
            config = load(path)
        except CopydeskError as error:
            self.reload_mistakes = error.reason.splitlines()
            log.error("the configuration on disk is invalid; the former one stays", mistakes=self.reload_mistakes)
            return False
        self.reload_mistakes = []
        self.config = replace(
            config,
            store=self.config.store,
            web=self.config.web,
            publish=replace(config.publish, folder=self.config.publish.folder),
        )
        object.__setattr__(self.config, "folder", config.folder)
        self.written, self.seed_mistakes = self._load_seeds(config)
        for mistake in self.seed_mistakes:
            log.warning("seed left out", mistake=mistake)
        await self._apply_topics()
        return True

    async def _apply_topics(self) -> None:
        """The topics and sources of the configuration into the store; changed topics over what is stored."""
        self.seeds = await used_seeds(self, self.written)
        self.topics = self.config.all_topics()
        self.engine = Engine(self.topics, subjects=await asyncio.to_thread(own_subjects, self.config))
        now = self.clock()
        store = self.store
        self.picture_key = await self.in_store(store.picture_key)
        if not self.daemon:
            return
        if await self.in_store(store.meta, "base_url") != self.config.base_url:
            await self.in_store(edition.write_all_anew, store)
            await self.in_store(store.set_meta, "base_url", self.config.base_url)
        await self.in_store(store.sync_sources, list(self.seeds.values()), now)
        preferred = await self.in_store(prefer, store, self.config.preferred, now)
        if preferred:
            log.info("preferred sources stand for their stories", stories=preferred)
        stale = await self.in_store(store.sync_topics, self.topics, now)
        if stale:
            crash_at("topics-stored")
            found = await self.in_store(
                pipe.retopic, store, [t for t in self.topics if t.name in stale], now, self.engine.subjects
            )
            log.info("topics applied to what is stored", **found)

    # --- visits

    def seed(self, name: str) -> Seed | None:
        """The seed of a source."""
        return self.seeds.get(name)

    async def where_it_is(self, seed: Seed) -> Seed:
        """The seed with the home to which its own has moved for good."""
        state = await self.in_store(self.store.source, seed.name)
        if state is not None and state.moved(self.clock(), MOVED_AFTER) and state.redirected:
            return moved_to(seed, state.redirected)
        return seed

    async def visit(self, name: str, *, kind: str = "visit", limits: VisitLimits | None = None) -> pipe.Kept:
        """Visit a source now, keep what it gave, and say what that changed."""
        seed = await self.where_it_is(self.seeds[name])
        past = await self.in_store(self.store.past, name, self.clock())
        with structlog.contextvars.bound_contextvars(source=name):
            async with self.fetcher.visit(seed, deadline=VISIT_SECONDS) as fetch:
                run = await scrape(seed, past, fetch, self.workers, clock=self.clock, limits=limits)
            kept = await self._keep(run, seed, past, kind)
            in_time = (run.finished - run.started).total_seconds() < VISIT_SECONDS / 2
            if in_time and await mend(self, name):
                kept = replace(kept, due=self.clock())  # with other selectors there may be more to find at once
            return kept

    async def revisit(self, name: str, records: list[Record]) -> pipe.Kept:
        """Look at young articles of one source again."""
        seed = self.seeds.get(name) or Seed(name=name, home=records[0].url)
        with structlog.contextvars.bound_contextvars(source=name):
            async with self.fetcher.visit(seed, deadline=VISIT_SECONDS) as fetch:
                run = await revisit(seed, records, fetch, self.workers, clock=self.clock)
            return await self._keep(run, seed, Past(), "revisit")

    async def backfill(self, name: str, *, since: datetime, limit: int) -> pipe.Kept:
        """Older stories of a source; they go into the archives, not to the top."""
        seed = self.seeds[name]
        past = await self.in_store(self.store.past, name, self.clock())
        with structlog.contextvars.bound_contextvars(source=name):
            async with self.fetcher.visit(seed, deadline=VISIT_SECONDS) as fetch:
                run = await backfill(seed, past, fetch, self.workers, since=since, limit=limit, clock=self.clock)
            return await self._keep(run, seed, past, "backfill")

    async def fetch_url(self, url: str, *, keep: bool) -> tuple[Record, pipe.Kept | None]:
        """One article by its address; kept under its site's source, or under `kept`. Raises CopydeskError."""
        seed = self.source_of(url)
        started = self.clock()
        async with self.fetcher.visit(seed, deadline=VISIT_SECONDS) as fetch:
            record = await scrape_page(url, seed, fetch, self.workers, clock=self.clock)
        if not keep:
            return record, None
        if seed.name == "kept":
            await self.in_store(self.store.add_kept, "kept", self.config.base_url, "Kept pages", started)
        run = Run(source=seed.name, started=started, finished=self.clock(), records=(record,))
        return record, await self._keep(run, seed, Past(), "fetch")

    def source_of(self, url: str) -> Seed:
        """The seed to whose site an address belongs; `kept` where there is none."""
        from scrapers import same_site

        for seed in self.seeds.values():
            if same_site(seed.home, url):
                return seed
        return Seed(name="kept", home=url)

    async def _keep(self, run: Run, seed: Seed, past: Past, kind: str) -> pipe.Kept:
        work = partial(
            pipe.keep,
            self.store,
            run,
            seed,
            past,
            self.engine,
            now=self.clock(),
            kind=kind,
            preferred=self.config.preferred,
            paces=self.fetcher.paces.changed(),
        )
        kept = await self.in_store(work)
        await self.in_store(self.store.settle, self.clock())
        if run.samples:
            await self._keep_samples(run)
        self.tally.update([("visit", kept.state), *(("failure", failure.kind) for failure in run.failures)])
        log.info(
            kind,
            source=run.source,
            state=kept.state,
            links=run.links,
            new=len(kept.fresh),
            revised=len(kept.revised),
            copies=kept.copies,
            failed=len(run.failures),
            seconds=round((run.finished - run.started).total_seconds(), 2),
            **({"why": kept.cause} if kept.cause else {}),
        )
        if self.on_kept is not None:
            self.on_kept(run.source, kept)
        return kept

    async def _keep_samples(self, run: Run) -> None:
        """Pages that failed, for a person who looks; no visit fails for want of them."""
        try:
            await asyncio.to_thread(failed_pages.keep, self.config, run.source, run.samples, self.clock())
        except OSError as error:
            log.warning("a failed page could not be kept", source=run.source, why=str(error))

    # --- odds and ends

    def bug(self, error: BaseException, name: str) -> None:
        """An exception that nobody foresaw: its traceback once for each place, the source failing, the others go on."""
        self.tally["failure", "bug"] += 1
        place = str(error)[-400:] if isinstance(error, WorkerBug) else repr(error)
        if place in self._traces:
            log.error("bug, met before", source=name, error=repr(error)[:200])
        else:
            self._traces.add(place)
            log.error("bug", source=name, exc_info=error)

    async def scrub(self) -> bool:
        """Take the words of forgotten records out of the store's files for good; False when somebody hindered it."""
        more = await self.in_store(self.store.scrub, first=True)
        while more:
            more = await self.in_store(self.store.scrub, first=False)
        for _ in range(SCRUB_TRIES):
            if await self.in_store(self.store.empty_log):
                return True
            await asyncio.sleep(SCRUB_PAUSE)  # another process reads the log; nothing tells us when it has read it
        return False

    def _remember_bad(self, digest: str, until: datetime) -> None:
        self._store_thread.submit(self.store.keep_bad_page, digest, until)

    def _remember_refusal(self, pace: HostPace) -> None:
        """What a host asked for outlives us from now on, not from the end of the visit on."""

        def keep() -> None:
            with self.store.writing():
                self.store.keep_paces([pace])

        self._store_thread.submit(keep)  # a store that takes nothing gets it again when the visit ends

    def _keep_paces(self) -> None:
        changed = self.fetcher.paces.changed()
        if changed:
            with self.store.writing():
                self.store.keep_paces(changed)

    async def _close_store(self) -> None:
        if self._store is not None:
            await self.in_store(self._store.close)
            self._store = None
        self._store_thread.shutdown(wait=True)
