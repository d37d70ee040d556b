"""Selectors that stopped working: replacements are found by stored records, used when certain, else shown.

A seed file belongs to its author and is never changed here. Replacements are kept in the store until the file changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog

import scrapers
from scrapers import CopydeskError, Examination, Fetcher, Record, Repair, Seed, selectors_of

from ...health.selectors import LINKS, RepairRow, as_used, is_time, silent
from ...store import Store
from ..installation import Installation
from ..store_thread import StoreThread
from ..workers.pool import WorkerBug, Workers
from .statistics import Statistics

log = structlog.get_logger()
SECONDS = 120.0  # that one look may take
RECORDS = 40  # of which the most telling are compared with their pages
NEWEST = 3


@dataclass(eq=False)
class SelectorRepairs:
    """Looks for replacements of selectors that give nothing any more."""

    installation: Installation
    thread: StoreThread
    fetcher: Fetcher
    workers: Workers
    statistics: Statistics
    clock: Callable[[], datetime]

    async def mend(self, name: str) -> bool:
        """At most once a day, look for replacements of selectors that give nothing; True when any changed."""
        seed = self.installation.file_seeds.get(name)
        if seed is None or seed.scraper or not selectors_of(seed):
            return False
        thread, now = self.thread, self.clock()
        rows, broken = await thread.call(_standing, thread.store, seed)
        if not is_time(broken, rows, now):
            return False
        log.info("selectors give nothing; looking for others", source=name, fields=sorted(broken))
        try:
            seen = await self.look(name)
        except WorkerBug as error:  # the visit was a good one all the same
            self.statistics.bug(error, name)
            found = [Repair(one, selectors_of(seed)[one], "unknown", evidence="a bug, see the log") for one in broken]
            await thread.call(thread.store.repairs.keep, name, found, broken, now, use=False)
            return False
        if not seen.pages:
            return False  # the site could not be asked: the next visit says so
        right_again = [one.field for one in seen.repairs if one.state == "holds" and _is_used(one.field, rows)]
        found = [
            one
            for one in seen.repairs
            if one.field not in right_again
            and (one.field in broken or (one.state == "certain" and not _is_used(one.field, rows, one.new)))
        ]
        changed = bool(right_again) or any(one.state == "certain" for one in found)

        def keep(store: Store) -> list[RepairRow]:
            with store.transaction():
                store.repairs.drop(name, right_again)
                store.repairs.keep(name, found, broken, now, use=True)
                kept = store.repairs.all(name)
                if changed:
                    store.sources.set_due(name, now)
            return kept

        self.installation.seeds[name] = as_used(seed, await thread.call(keep, thread.store))
        _log_found(name, found)
        return changed

    async def look(self, name: str) -> Examination:
        """Compare the selectors of a source's seed file with what is stored of it. Changes nothing."""
        thread, written = self.thread, self.installation.file_seeds[name]
        seed = await self.installation.at_current_home(written)
        records, newest, broken = await thread.call(_records, thread.store, written)
        stories = await thread.call(thread.store.repairs.offered, name)
        with structlog.contextvars.bound_contextvars(source=name):
            async with self.fetcher.visit(seed, deadline=SECONDS) as fetch:
                return await scrapers.examine(
                    seed, records, stories, fetch, self.workers, clock=self.clock, silent=broken, newest=newest
                )

    async def examination(self, name: str) -> dict[str, Any]:
        """A look at a source as plain values, for a command that prints it. Raises CopydeskError."""
        if name not in self.installation.file_seeds:
            raise CopydeskError(f"there is no source {name}")
        seen = await self.look(name)
        rows = await self.thread.call(self.thread.store.repairs.all, name)
        in_use = {row.field: row.found for row in rows if row.used}
        return {
            "source": seen.source,
            "selectors": [asdict(one) | {"in_use": in_use.get(one.field)} for one in seen.repairs],
            "pages": list(seen.pages),
            "notes": list(seen.notes),
        }


def _log_found(name: str, found: Iterable[Repair]) -> None:
    for one in found:
        if one.state == "certain":
            log.warning(
                "selector replaced", source=name, field=one.field, was=one.old, by=one.new, because=one.evidence
            )
        else:
            log.warning(
                "selector gives nothing", source=name, field=one.field, selector=one.old, proposed=one.new or "none"
            )


def _standing(store: Store, seed: Seed) -> tuple[list[RepairRow], dict[str, Any]]:
    """The repairs of a seed and its silent selectors. Repairs that are not needed any more are dropped."""
    rows = store.repairs.all(seed.name)
    broken = silent(seed, store.repairs.told_by_selectors(seed.name), rows)
    over = [
        row.field
        for row in rows
        if not row.used and row.field not in broken and not (row.field == LINKS and row.missed)
    ]
    if over:
        with store.transaction():
            store.repairs.drop(seed.name, over)
    return [row for row in rows if row.field not in over], broken


def _is_used(field: str, rows: list[RepairRow], selector: str | None = None) -> bool:
    return any(row.field == field and row.used and selector in (None, row.found) for row in rows)


def _records(store: Store, seed: Seed) -> tuple[list[Record], list[Record], set[str]]:
    """Records with values from selectors; the newest of them when some selectors are silent; the silent selectors."""

    def of(identities: Iterable[str]) -> list[Record]:
        return [one.record for one in map(store.records.by_id, identities) if one is not None]

    told = store.repairs.told_by_selectors(seed.name)
    broken = set(silent(seed, told, store.repairs.all(seed.name)))
    newest = of(one.id for one in told[:NEWEST]) if broken else []
    return of(store.repairs.records_by_selectors(seed.name, RECORDS)), newest, broken
