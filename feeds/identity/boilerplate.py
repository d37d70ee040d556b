"""Finds the boilerplate in the texts of a visit: lines that other new or stored pages of the site have too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from scrapers import Record

from ..rows import Neighbour
from . import similarity


class Pages(Protocol):
    """What is needed of the store."""

    def neighbours(self, source: str, keys: Iterable[str], limit: int) -> Sequence[Neighbour]:
        """The newest records of a source, and those with these keys that are older."""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The numbers of boilerplate lines: of new records by their keys, of stored ones where that changed."""

    lines: Mapping[str, tuple[int, ...]]
    mended: Mapping[int, tuple[int, ...]]


def find_boilerplate(store: Pages, source: str, records: Sequence[Record]) -> Boilerplate:
    """Look for boilerplate in records of one source, among themselves and the newest that are stored. Reads only.

    Known boilerplate of a record stays, even if its neighbours have lost it; a record filed before its boilerplate was
    known is corrected when more pages show it.
    """
    if not records:
        return Boilerplate({}, {})
    fresh = {record.key: similarity.page(record.key, record.title, record.text) for record in records}
    stored = store.neighbours(source, fresh, similarity.PAGES)
    pages = [similarity.page(old.key, old.title, old.text, old.story) for old in stored]
    was = {
        one.key: frozenset(one.lines[number] for number in old.boilerplate if number < len(one.lines))
        for old, one in zip(stored, pages, strict=True)
    }
    neighbours = [replace(fresh[one.key], story=one.story) if one.key in fresh else one for one in pages]
    neighbours += [one for key, one in fresh.items() if key not in was]
    found = similarity.recurring(neighbours, fresh.values())
    mended = {
        old.n: now
        for old, one in zip(stored, pages, strict=True)
        if (now := similarity.marked(one, found | was[one.key])) != old.boilerplate
    }
    lines = {key: similarity.marked(one, found | was.get(key, frozenset())) for key, one in fresh.items()}
    return Boilerplate(lines, mended)
