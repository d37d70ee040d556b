"""Looks of texts that were compared lately, so that their texts are not read again."""

from __future__ import annotations

from collections import OrderedDict

from ...identity.similarity import Look

LOOKS = 8_000_000  # bytes of the looks that are kept in memory: some 1,000 articles, 100 long ones
COMPARED = 64  # looks that keep what was computed for a comparison, ten times as much
COMPUTED = 6_000_000  # bytes of it


class LooksInMemory:
    """A bounded LRU cache of looks, by the numbers of their records. The latest keep what was computed for them."""

    def __init__(self) -> None:
        self.size = 0  # bytes
        self.computed = 0  # bytes that the latest may have computed
        self._known: OrderedDict[int, tuple[str, Look]] = OrderedDict()  # with their fingerprints
        self._compared: OrderedDict[int, Look] = OrderedDict()  # by their identity, which they keep meanwhile

    def get(self, record: int, fingerprint: str) -> Look | None:
        """What a record of this fingerprint looks like, to be compared; None where that is not known."""
        known = self._known.get(record)
        if known is None or known[0] != fingerprint:
            return None
        self._known.move_to_end(record)
        self._compare(known[1])
        return known[1]

    def put(self, record: int, fingerprint: str, seen: Look) -> None:
        """Remember what a record looks like."""
        self.drop(record)
        self._known[record] = fingerprint, seen
        self._compare(seen)
        self.size += seen.size
        while self.size > LOOKS and len(self._known) > 1:
            self.drop(next(iter(self._known)))

    def drop(self, record: int) -> None:
        """Forget it."""
        known = self._known.pop(record, None)
        if known is not None:
            self.size -= known[1].size

    def _compare(self, seen: Look) -> None:
        """Let a look keep what is computed for its comparisons, until others were compared after it."""
        if id(seen) not in self._compared:
            self.computed += seen.computed_most
        self._compared[id(seen)] = seen
        self._compared.move_to_end(id(seen))
        while len(self._compared) > COMPARED or (self.computed > COMPUTED and len(self._compared) > 2):
            oldest = self._compared.popitem(last=False)[1]
            self.computed -= oldest.computed_most
            oldest.slim()
