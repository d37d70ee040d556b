"""Candidates for similar texts: an inverted index of sketches. The protocol, and an index in memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .sketch import Look

CAP = 64  # records that may share one hash; a hash that reached it is boilerplate and nominates nobody
BEST = 6  # candidates that are compared


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that shares rare runs of words, and the story that it belongs to."""

    record: int
    story: int
    look: Look


class Index(Protocol):
    """What `dedupe` needs of an index."""

    def candidates(self, look: Look) -> Sequence[Candidate]:
        """The records most likely alike, best first."""

    def equals(self, look: Look) -> Candidate | None:
        """The earliest record with exactly this run of words."""

    def add(self, record: int, story: int, look: Look) -> None:
        """Remember a record; one that is there already is replaced."""

    def remove(self, record: int) -> None:
        """Forget a record."""

    def representative(self, story: int) -> Look | None:
        """What the record that stands for a story looks like."""


class MemoryIndex:
    """An index that lives as long as its process."""

    def __init__(self) -> None:
        self._postings: dict[int, list[int]] = {}
        self._kept: dict[int, Candidate] = {}
        self._equal: dict[str, list[int]] = {}
        self._first: dict[int, list[int]] = {}

    def candidates(self, look: Look) -> Sequence[Candidate]:
        """The records most likely alike, best first."""
        scores: dict[int, float] = {}
        total = len(self._kept) + 1
        for one in look.hashes:
            records = self._postings.get(one, ())
            if len(records) < CAP:
                for record in records:
                    scores[record] = scores.get(record, 0.0) + math.log(total / len(records))
        best = sorted(scores, key=lambda record: (-scores[record], record))[:BEST]
        return [self._kept[record] for record in best]

    def equals(self, look: Look) -> Candidate | None:
        """The earliest record with exactly this run of words."""
        records = self._equal.get(look.content)
        return self._kept[min(records)] if records else None

    def add(self, record: int, story: int, look: Look) -> None:
        """Remember a record; one that is there already is replaced."""
        if record in self._kept:
            self.remove(record)
        self._kept[record] = Candidate(record, story, look)
        self._equal.setdefault(look.content, []).append(record)
        self._first.setdefault(story, []).append(record)
        for one in look.hashes:
            records = self._postings.setdefault(one, [])
            if len(records) < CAP:
                records.append(record)

    def remove(self, record: int) -> None:
        """Forget a record."""
        old = self._kept.pop(record, None)
        if old is None:
            return
        self._equal[old.look.content].remove(record)
        self._first[old.story].remove(record)
        for one in old.look.hashes:
            if record in self._postings.get(one, ()):
                self._postings[one].remove(record)

    def representative(self, story: int) -> Look | None:
        """What the record that stands for a story looks like: here the first that is left."""
        records = self._first.get(story)
        return self._kept[records[0]].look if records else None
