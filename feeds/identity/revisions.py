"""What counts as a change: thresholds in one place, the difference in words, and a short note of it. Pure.

A new version of a text is a change for readers (`public`: atom:updated moves) when
- a number or a name in it is another one, or
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
from typing import Literal

from scrapers import Record

from ..messages import translate, translate_count

APART = timedelta(minutes=5)  # least time between two changes of `updated` of one record (RELIABILITY D6)
A_DAY = 10  # moves of `updated` of one record within 24 hours
WORDS = 4  # words that come or go until a reader calls it a change
SPELLING = 0.7  # likeness of two words from which one is a respelling of the other
SENTENCE = 6  # words from which a line belongs to the text; shorter ones only if they end like a sentence

_WORD = re.compile(r"\w+(?:[.,’'\-]\w+)*")
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", '"', "”", "»", "“", "’")
_STOPPED = re.compile(r"[.!?…。！？।؟][\"”»“’]?$")
AROUND = 4  # words shown before and after a difference
_LINES = 400  # lines of a text that are compared
_MOST = 1500  # words of a changed passage that are compared
_QUOTED = 80  # characters of a headline in a note
_NOTE = re.compile(
    r"(?:The headline was: (?P<headline>.+?))??"
    r"(?:(?:^| )(?:“(?P<old>[^”]+)” is now “(?P<new>[^”]+)”\.|"
    r"(?:(?P<come>\d+) words? came)?(?:, )?(?:(?P<gone>\d+) words? went)?\.))?",
    re.DOTALL,
)


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
    facts = [step for step in real if _facts(step[0]) != _facts(step[1])]
    notes = [_with_stop(f"The headline was: {before[0][:_QUOTED]}")] if real_title else []
    if real:
        notes.append(_in_words(real, facts))
    return Change(public=bool(real_title or facts or max(_gone_and_come(real)) >= WORDS), note=" ".join(notes))


def _gone_and_come(steps: Sequence[Step]) -> tuple[int, int]:
    """How many words went, and how many came."""
    return sum(len(old) for old, _ in steps), sum(len(new) for _, new in steps)


def _in_words(real: Sequence[Step], facts: Sequence[Step]) -> str:
    """A note of what changed in the text: the one number or name if that is all, else how many words."""
    gone, come = _gone_and_come(real)
    if len(facts) == 1 and gone <= 3 and come <= 3:
        old, new = facts[0]
        if old and new:
            return f"“{' '.join(old)}” is now “{' '.join(new)}”."
    return _counted(gone, come)


def timely(now: datetime, moves: list[datetime]) -> bool:
    """Whether `updated` may move now, after it moved at these times."""
    recent = [at for at in moves if now - at < timedelta(days=1)]
    return len(recent) < A_DAY and all(now - at >= APART for at in recent)


Piece = tuple[Literal["same", "gone", "come", "left out"], str]
"""Some words of two versions: in both, in the former alone, in the latter alone; or a mark for words not shown."""


def difference(before: tuple[str, str], after: tuple[str, str]) -> Iterator[str]:
    """The difference between two (title, text) in words, a line for each place, with a few words around it.

    As wdiff writes it: `the cost of [-1300-] {+2600+} crowns`.
    """
    frames = {"same": "{}", "gone": "[-{}-]", "come": "{{+{}+}}", "left out": "{}"}
    for place in places(before, after):
        yield " ".join(frames[what].format(words) for what, words in place)


def places(before: tuple[str, str], after: tuple[str, str], most: int = _MOST) -> Iterator[list[Piece]]:
    """Every place where two (title, text) differ, with a few words around it. `most`: words of a passage that count."""
    yield from _marked(before[0].split(), after[0].split(), most)
    a, b = before[1].split("\n")[:_LINES], after[1].split("\n")[:_LINES]
    for what, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what != "equal":
            yield from _marked(" ".join(a[a1:a2]).split(), " ".join(b[b1:b2]).split(), most)


def _marked(a: list[str], b: list[str], most: int) -> Iterator[list[Piece]]:
    """Every place where two runs of words differ."""
    a, b = a[:most], b[:most]
    for group in difflib.SequenceMatcher(None, a, b, autojunk=False).get_grouped_opcodes(AROUND):
        parts: list[Piece] = [("left out", "…")] if group[0][1] else []
        for what, a1, a2, b1, b2 in group:
            if what == "equal":
                parts.append(("same", " ".join(a[a1:a2])))
                continue
            if a1 < a2:
                parts.append(("gone", " ".join(a[a1:a2])))
            if b1 < b2:
                parts.append(("come", " ".join(b[b1:b2])))
        if group[-1][2] < len(a):
            parts.append(("left out", "…"))
        yield parts


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
    """Whether only the spelling was corrected: letters changed, no digits."""
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


def _counted(gone: int, come: int, language: str | None = None) -> str:
    parts = []
    if come:
        parts.append(translate_count("{n} word came", "{n} words came", come, language).format(n=come))
    if gone:
        parts.append(translate_count("{n} word went", "{n} words went", gone, language).format(n=gone))
    return ", ".join(parts) + "."


def _with_stop(line: str) -> str:
    """The line as a sentence that another one can follow."""
    return line if _STOPPED.search(line) else f"{line}."


def in_language(note: str, language: str | None) -> str:
    """A note of a public change, as it is stored in English, in another language; what is quoted in it stays."""
    told = _NOTE.fullmatch(note)
    if told is None:
        return note
    parts = []
    if told["headline"]:
        line = translate("The headline was: {headline}", language).format(headline=told["headline"])
        parts.append(_with_stop(line))
    if told["old"] is not None:
        parts.append(translate("“{old}” is now “{new}”.", language).format(old=told["old"], new=told["new"]))
    elif told["come"] or told["gone"]:
        counts = _counted(int(told["gone"] or 0), int(told["come"] or 0), language)
        parts.append(counts[:1].upper() + counts[1:] if parts else counts)
    return " ".join(parts)


def comparable(old: Record, new: Record) -> bool:
    """A text from a page and one from a feed differ without a revision; a mere hint is replaced by either."""
    return old.way == new.way or old.way == "hint"
