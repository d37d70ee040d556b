"""Selectors that stopped giving: found again by what is stored, used when they are certain, shown when they are not.

A seed file is a person's: it is never changed here. What is used in the place of a selector is kept in the store, until
the file says something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import structlog

from scrapers import CopydeskError, Examination, Record, Repair, Seed, examine, selectors_of

from ..selectors import LINKS, RepairRow, as_used, by_source, is_time, silent
from ..store import Store
from .workers import WorkerBug

if TYPE_CHECKING:
    from .desk import Desk

log = structlog.get_logger()
SECONDS = 120.0  # that one look may take
RECORDS = 40  # of which the most telling are compared with their pages
NEWEST = 3


async def used_seeds(desk: Desk, written: Mapping[str, Seed]) -> dict[str, Seed]:
    """The seeds as they are used: those of the files, with what was repaired. A daemon lets go of what is over."""
    if desk.daemon:
        for row in await desk.in_store(desk.store.sync_repairs, list(written.values())):
            if row.used:
                log.info("selector of the seed is used again", source=row.source, field=row.field)
    rows = by_source(await desk.in_store(desk.store.repairs))
    return {name: as_used(seed, rows.get(name, ())) for name, seed in written.items()}


async def mend(desk: Desk, name: str) -> bool:
    """After a visit: once a day, look for selectors in the place of those that give nothing; whether any changed."""
    seed = desk.written.get(name)
    if seed is None or seed.scraper or not selectors_of(seed):
        return False
    rows, broken = await desk.in_store(_standing, desk.store, seed)
    now = desk.clock()
    if not is_time(broken, rows, now):
        return False
    log.info("selectors give nothing; looking for others", source=name, fields=sorted(broken))
    try:
        seen = await look(desk, name)
    except WorkerBug as error:  # the visit was a good one all the same
        desk.bug(error, name)
        found = [Repair(one, selectors_of(seed)[one], "unknown", evidence="a bug, see the log") for one in broken]
        await desk.in_store(desk.store.keep_repairs, name, found, broken, now, use=False)
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
        with store.writing():
            store.drop_repairs(name, right_again)
            store.keep_repairs(name, found, broken, now, use=True)
            kept = store.repairs(name)
            if changed:
                store.set_due(name, now)
        return kept

    rows = await desk.in_store(keep, desk.store)
    desk.seeds[name] = as_used(seed, rows)
    for one in found:
        if one.state == "certain":
            log.warning(
                "selector replaced", source=name, field=one.field, was=one.old, by=one.new, because=one.evidence
            )
        else:
            log.warning(
                "selector gives nothing", source=name, field=one.field, selector=one.old, proposed=one.new or "none"
            )
    return changed


async def look(desk: Desk, name: str) -> Examination:
    """Compare the selectors of a source's seed file with what is stored of it. Changes nothing."""
    seed = await desk.where_it_is(desk.written[name])
    records, newest, broken = await desk.in_store(_records, desk.store, desk.written[name])
    stories = await desk.in_store(desk.store.offered, name)
    with structlog.contextvars.bound_contextvars(source=name):
        async with desk.fetcher.visit(seed, deadline=SECONDS) as fetch:
            return await examine(
                seed, records, stories, fetch, desk.workers, clock=desk.clock, silent=broken, newest=newest
            )


async def examination(desk: Desk, name: str) -> dict[str, Any]:
    """A look at a source as plain values, for a command that prints it and for the answer to a wish."""
    if name not in desk.written:
        raise CopydeskError(f"there is no source {name}")
    seen = await look(desk, name)
    rows = await desk.in_store(desk.store.repairs, name)
    in_use = {row.field: row.found for row in rows if row.used}
    return {
        "source": seen.source,
        "selectors": [asdict(one) | {"in_use": in_use.get(one.field)} for one in seen.repairs],
        "pages": list(seen.pages),
        "notes": list(seen.notes),
    }


def _standing(store: Store, seed: Seed) -> tuple[list[RepairRow], dict[str, Any]]:
    """What is known of a seed's selectors, and those that give nothing; what gives again is let go of."""
    rows = store.repairs(seed.name)
    broken = silent(seed, store.told_by_selectors(seed.name), rows)
    over = [
        row.field
        for row in rows
        if not row.used and row.field not in broken and not (row.field == LINKS and row.missed)
    ]
    if over:
        with store.writing():
            store.drop_repairs(seed.name, over)
    return [row for row in rows if row.field not in over], broken


def _is_used(field: str, rows: list[RepairRow], selector: str | None = None) -> bool:
    return any(row.field == field and row.used and selector in (None, row.found) for row in rows)


def _records(store: Store, seed: Seed) -> tuple[list[Record], list[Record], set[str]]:
    """Records of which selectors told; the newest ones, of which some tell nothing any more; and which those are."""

    def of(identities: Iterable[str]) -> list[Record]:
        return [one.record for one in map(store.stored_by_id, identities) if one is not None]

    told = store.told_by_selectors(seed.name)
    broken = set(silent(seed, told, store.repairs(seed.name)))
    newest = of(one.id for one in told[:NEWEST]) if broken else []
    return of(store.selector_records(seed.name, RECORDS)), newest, broken
