"""How the selectors of a source are doing, from stored records: which stopped working, and when to look for others.

Pure.

When a selector stops working, the general reader fills its field, so the failure is not visible in the records. So the
witnesses of the newest records are compared with those before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rows of the store are read without them
    from scrapers import Seed

LINKS = "discover.links"
LATEST = 3  # records without it, from two visits at least
EARLIER = 5  # records before them that are compared
USUAL = 0.8  # share of those that had it
MISSED = 2  # visits in a row in which a listing's selector found nothing
AGAIN = timedelta(days=1)  # between two attempts
_WITNESS = {"body": "text"}  # key of the seed → witness of a record, where they differ


@dataclass(frozen=True, slots=True)
class Told:
    """Which fields of one record were read by selectors."""

    at: datetime  # when it was first seen
    fields: frozenset[str]
    id: str = ""


@dataclass(frozen=True, slots=True)
class RepairRow:
    """The state of one selector that stopped working."""

    source: str
    field: str  # the key of the seed file
    written: str  # the selector in the seed file
    since: datetime
    missed: int = 0
    looked: datetime | None = None
    state: str = ""
    found: str | None = None
    used: bool = False
    evidence: str = ""


def silent(seed: Seed, told: Sequence[Told], rows: Iterable[RepairRow]) -> dict[str, datetime]:
    """The selectors of a seed that give nothing any more, and since when. `told` is the newest first."""
    from scrapers import selectors_of

    by_field = {row.field: row for row in rows}
    found = {}
    for field in selectors_of(seed):
        if field == LINKS:
            row = by_field.get(LINKS)
            if row is not None and row.missed >= MISSED:
                found[LINKS] = row.since
        else:
            since = _silent_since(field.removeprefix("extract."), told)
            if since is not None:
                found[field] = since
    return found


def _silent_since(field: str, told: Sequence[Told]) -> datetime | None:
    field = _WITNESS.get(field, field)
    place = next((n for n, one in enumerate(told) if field in one.fields), len(told))
    latest, earlier = told[:place], told[place:]
    if len(latest) < LATEST or len({one.at for one in latest}) < 2 or len(earlier) < EARLIER:
        return None
    if sum(field in one.fields for one in earlier) < USUAL * len(earlier):
        return None
    return latest[-1].at


def is_time(broken: Iterable[str], rows: Iterable[RepairRow], now: datetime) -> bool:
    """Whether to look for selectors now: one of those that give nothing was not looked for within a day."""
    looked = {row.field: row.looked for row in rows}
    return any((last := looked.get(field)) is None or now - last >= AGAIN for field in broken)


def as_used(seed: Seed, rows: Iterable[RepairRow]) -> Seed:
    """The seed as it is used: with the repaired selectors in the place of those that they were found for."""
    from scrapers import selectors_of, with_selectors

    written = selectors_of(seed)
    changes = [
        (row.field, row.found) for row in rows if row.used and row.found and written.get(row.field) == row.written
    ]
    return with_selectors(seed, changes) if changes else seed


def in_words(row: RepairRow, day: str) -> str:
    """A selector that stopped working, in one line; `day` is since when."""
    if row.used:
        return f"{row.field} is “{row.found}”, for “{row.written}” gives nothing since {day}"
    if row.found:
        return f"{row.field} (“{row.written}”) gives nothing since {day}; “{row.found}” may do, but is not certain"
    if row.state == "holds":
        return f"{row.field} (“{row.written}”) gives nothing on new pages since {day}, though it is right on older ones"
    why = f": {row.evidence}" if row.evidence else ""
    return f"{row.field} (“{row.written}”) gives nothing since {day}, and nothing else was found{why}"


def by_source(rows: Iterable[RepairRow]) -> Mapping[str, list[RepairRow]]:
    """The rows of each source."""
    found: dict[str, list[RepairRow]] = {}
    for row in rows:
        found.setdefault(row.source, []).append(row)
    return found
