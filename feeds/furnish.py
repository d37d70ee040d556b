"""What of a visit's texts is furniture of their site: the other pages of the visit tell, and those that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from scrapers import Record

from . import likeness
from .store.rows import Neighbour


class Pages(Protocol):
    """What the store tells of the pages that it holds."""

    def neighbours(self, source: str, keys: Iterable[str], limit: int) -> Sequence[Neighbour]:
        """The newest records of a source, and those with these keys that are older."""


@dataclass(frozen=True, slots=True)
class Furnished:
    """The numbers of the lines that are furniture: in new records by their keys, in stored ones where that changed."""

    lines: Mapping[str, tuple[int, ...]]
    mended: Mapping[int, tuple[int, ...]]


def furnish(store: Pages, source: str, records: Sequence[Record]) -> Furnished:
    """Look for furniture in records of one source, among themselves and the newest that are stored. Reads only.

    What was furniture in a record stays it, even if its neighbours have lost it since; a record that was filed before
    its furniture was known is mended when more pages tell.
    """
    if not records:
        return Furnished({}, {})
    fresh = {record.key: likeness.page(record.key, record.title, record.text) for record in records}
    stored = store.neighbours(source, fresh, likeness.PAGES)
    pages = [likeness.page(old.key, old.title, old.text, old.story) for old in stored]
    was = {
        one.key: frozenset(one.lines[number] for number in old.furniture if number < len(one.lines))
        for old, one in zip(stored, pages, strict=True)
    }
    neighbours = [replace(fresh[one.key], story=one.story) if one.key in fresh else one for one in pages]
    neighbours += [one for key, one in fresh.items() if key not in was]
    found = likeness.recurring(neighbours, fresh.values())
    mended = {
        old.n: now
        for old, one in zip(stored, pages, strict=True)
        if (now := likeness.marked(one, found | was[one.key])) != old.furniture
    }
    lines = {key: likeness.marked(one, found | was.get(key, frozenset())) for key, one in fresh.items()}
    return Furnished(lines, mended)
