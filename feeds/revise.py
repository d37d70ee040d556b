"""What counts as a change: thresholds in one place, the difference in words, and a short note of it. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapers import fingerprint

APART = timedelta(minutes=5)  # between two moves of `updated` of one record (RELIABILITY D6)
A_DAY = 10  # moves of `updated` of one record within 24 hours

_TOKEN = re.compile(r"\w+|[^\w\s]")
_MOST = 6000  # words of a text that are compared


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version changes. `public`: a reader would call it a change, so `updated` moves."""

    public: bool
    note: str  # in words, short


def changed(before: tuple[str, str], after: tuple[str, str]) -> Change | None:
    """What changed from one (title, text) to the next; None when a reader would see the same."""
    if before == after or fingerprint(*before) == fingerprint(*after):
        return None
    return Change(public=True, note="The text was changed.")


def timely(now: datetime, moves: list[datetime]) -> bool:
    """Whether `updated` may move now, after it moved at these times."""
    recent = [at for at in moves if now - at < timedelta(days=1)]
    return len(recent) < A_DAY and all(now - at >= APART for at in recent)


def difference(before: tuple[str, str], after: tuple[str, str]) -> Iterator[str]:
    """The difference between two (title, text) in words, one change a line: `- old words`, `+ new words`."""
    for old, new in zip(before, after, strict=True):
        a, b = _TOKEN.findall(old)[:_MOST], _TOKEN.findall(new)[:_MOST]
        for what, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            if what in ("replace", "delete"):
                yield "- " + " ".join(a[a1:a2])
            if what in ("replace", "insert"):
                yield "+ " + " ".join(b[b1:b2])
