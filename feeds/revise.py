"""What counts as a change: thresholds in one place, the difference in words, and a short note of it. Pure.

A new version of a text is a change for readers (`public`: atom:updated moves) when
- a figure or a name in it is another one, or
- `WORDS` words or more came or went, spelling apart, or
- the headline says something else.
Case, punctuation, spacing and the cut of paragraphs are no change at all, nor are counters, clocks and link lists
around the text. A corrected spelling is kept in the history and moves nothing.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

APART = timedelta(minutes=5)  # between two moves of `updated` of one record (RELIABILITY D6)
A_DAY = 10  # moves of `updated` of one record within 24 hours
WORDS = 4  # words that come or go until a reader calls it a change
SPELLING = 0.7  # likeness of two words from which one is the other, spelled right
SENTENCE = 6  # words from which a line belongs to the text; shorter ones only if they end like a sentence

_WORD = re.compile(r"\w+(?:[.,’'\-]\w+)*")
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", '"', "”", "»", "“", "’")
AROUND = 4  # words that are shown before and after a difference
_LINES = 400  # lines of a text that are compared
_MOST = 1500  # words of a changed passage that are compared
_QUOTED = 80  # characters of a headline in a note


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version changes. `public`: a reader would call it a change, so `updated` moves."""

    public: bool
    note: str  # in words, short


def changed(before: tuple[str, str], after: tuple[str, str]) -> Change | None:
    """What changed from one (title, text) to the next; None when a reader would see the same."""
    title = [step for step in _steps(_WORD.findall(before[0]), _WORD.findall(after[0])) if _visible(*step)]
    text = [step for step in _passages(_main(before[1]), _main(after[1])) if _visible(*step)]
    if not title and not text:
        return None
    real_title = [step for step in title if not _spelling(*step)]
    real = [step for step in text if not _spelling(*step)]
    if not real_title and not real:
        return Change(public=False, note="A spelling was corrected.")
    gone = sum(len(old) for old, _ in real)
    come = sum(len(new) for _, new in real)
    facts = [step for step in real if _facts(step[0]) != _facts(step[1])]
    notes = []
    if real_title:
        notes.append(f"The headline was: {before[0][:_QUOTED]}")
    if len(facts) == 1 and gone <= 3 and come <= 3:
        old, new = facts[0]
        notes.append(f"“{' '.join(old)}” is now “{' '.join(new)}”." if old and new else _counted(gone, come))
    elif real:
        notes.append(_counted(gone, come))
    return Change(public=bool(real_title or facts or max(gone, come) >= WORDS), note=" ".join(notes))


def timely(now: datetime, moves: list[datetime]) -> bool:
    """Whether `updated` may move now, after it moved at these times."""
    recent = [at for at in moves if now - at < timedelta(days=1)]
    return len(recent) < A_DAY and all(now - at >= APART for at in recent)


def difference(before: tuple[str, str], after: tuple[str, str]) -> Iterator[str]:
    """The difference between two (title, text) in words, a line for each place, with a few words around it.

    As wdiff writes it: `the cost of [-1300-] {+2600+} crowns`.
    """
    yield from _marked(before[0].split(), after[0].split())
    a, b = before[1].split("\n")[:_LINES], after[1].split("\n")[:_LINES]
    for what, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what != "equal":
            yield from _marked(" ".join(a[a1:a2]).split(), " ".join(b[b1:b2]).split())


def _marked(a: list[str], b: list[str]) -> Iterator[str]:
    """Every place where two runs of words differ."""
    a, b = a[:_MOST], b[:_MOST]
    for group in difflib.SequenceMatcher(None, a, b, autojunk=False).get_grouped_opcodes(AROUND):
        parts = ["…"] if group[0][1] else []
        for what, a1, a2, b1, b2 in group:
            if what == "equal":
                parts += a[a1:a2]
                continue
            if a1 < a2:
                parts.append(f"[-{' '.join(a[a1:a2])}-]")
            if b1 < b2:
                parts.append(f"{{+{' '.join(b[b1:b2])}+}}")
        if group[-1][2] < len(a):
            parts.append("…")
        yield " ".join(parts)


Step = tuple[list[str], list[str]]  # words that went, words that came in their place


def _main(text: str) -> list[str]:
    """The lines that are text, without counters, clocks and links around it; all lines where none is left."""
    lines = text.split("\n")
    return [
        line for line in lines if line.rstrip().endswith(_ENDS) or len(_WORD.findall(line[:400])) >= SENTENCE
    ] or lines


def _passages(before: Sequence[str], after: Sequence[str]) -> list[Step]:
    """The changed words of two texts: lines first, then the words of the lines that differ."""
    a, b = list(before[:_LINES]), list(after[:_LINES])
    steps: list[Step] = []
    for what, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what != "equal":
            steps += _steps(_WORD.findall(" ".join(a[a1:a2])), _WORD.findall(" ".join(b[b1:b2])))
    return steps


def _steps(a: list[str], b: list[str]) -> list[Step]:
    a, b = a[:_MOST], b[:_MOST]
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return [(a[a1:a2], b[b1:b2]) for what, a1, a2, b1, b2 in matcher.get_opcodes() if what != "equal"]


def _visible(old: list[str], new: list[str]) -> bool:
    return "".join(old).casefold() != "".join(new).casefold()


def _spelling(old: list[str], new: list[str]) -> bool:
    """Whether words were only spelled right: letters changed in them, no figure among them."""
    if len(old) != len(new) or _numbers(old) != _numbers(new):
        return False
    return all(
        difflib.SequenceMatcher(None, a.casefold(), b.casefold(), autojunk=False).ratio() >= SPELLING
        for a, b in zip(old, new, strict=True)
    )


def _numbers(words: list[str]) -> set[str]:
    return {word for word in words if any(char.isdigit() for char in word)}


def _facts(words: list[str]) -> set[str]:
    return _numbers(words) | {word for word in words if word[:1].isupper()}


def _counted(gone: int, come: int) -> str:
    parts = [f"{n} {'word' if n == 1 else 'words'} {what}" for n, what in ((come, "came"), (gone, "went")) if n]
    return ", ".join(parts) + "."
