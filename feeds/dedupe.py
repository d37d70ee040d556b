"""What a record is to the store: new, known, revised, or a copy of a story that is there. Pure decisions.

The decision asks two doors: `Known` (aliases, fingerprints and records of the store) and an `Index` of look-alikes.
It writes nothing; the caller applies what it is told, in its own transaction.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Literal, Protocol

from scrapers import Record, same_site, site

from . import likeness, revise
from .likeness import Candidate, Index, Look

NEAR = timedelta(hours=48)  # two short texts that are alike are one story only if they were published so near
MOSTLY = 0.6  # share of a text that one story has; from here on it is no digest
QUOTE = 0.05  # share of a digest that a story has for itself
QUOTED = 3  # stories that a digest quotes at least
FORMULA = 3  # stories from which on a run of words is a formula of theirs
CLEARLY_OTHER = 0.3  # below this share of the shorter text in the longer, two texts are clearly different

_NOTHING: frozenset[int] = frozenset()


class KnownRecord(Protocol):
    """A stored record as far as the decision looks at it."""

    @property
    def n(self) -> int: ...
    @property
    def record(self) -> Record: ...
    @property
    def story(self) -> int: ...


class Known(Protocol):
    """What the store tells of what it holds."""

    def aliases(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Which of these keys are known, and of which record."""

    def with_fingerprint(self, fingerprint: str) -> Sequence[int]:
        """Records with exactly this title and text, the earliest first."""

    def stored(self, n: int) -> KnownRecord | None:
        """A record by its number."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a record is.

    new      store `record` as the first of a new story
    copy     store `record` as a member of `story`; `of` is the member that it is most alike
    same     nothing new of record `of`: only remember its aliases
    revised  `record` is the new content of record `of`, under its old id, key, dates and first sight; `change` says
             whether `updated` moves (when `timely`)
    """

    kind: Literal["new", "copy", "same", "revised"]
    record: Record
    look: Look
    of: int | None = None
    story: int | None = None
    evidence: str = ""
    change: revise.Change | None = None


def look(record: Record, furniture: Collection[int] = ()) -> Look:
    """What a record looks like, without these lines of its text: the costly part, to be done before the transaction."""
    own = likeness.without(record.text, furniture)
    return likeness.look(record.title, record.text, record.published, own)


def file_record(index: Index, known: Known, record: Record, seen: Look | None = None) -> Decision:
    """What `record` is to what is known. `seen` is `look(record)` if it is at hand."""
    seen = seen or look(record)
    old = _same_page(known, record, seen)
    if old is not None:
        return _again(old, record, seen)
    for n in known.with_fingerprint(record.fingerprint):
        twin = known.stored(n)
        if twin is None or (seen.tokens < likeness.FLOOR and not _near(twin.record, record)):
            continue
        if twin.record.source == record.source:
            return Decision("same", record, seen, n, twin.story, "the same title and text at another address")
        return Decision("copy", record, seen, n, twin.story, f"the same title and text as {twin.record.url}")
    return _copy(index, known, record, seen) or Decision("new", record, seen)


def guid_key(source: str, guid: str) -> str:
    """The alias under which a feed's own id is known: believed only inside its source."""
    return f"guid:{source}:{guid}"


def _same_page(known: Known, record: Record, seen: Look) -> KnownRecord | None:
    """The stored record that one of the addresses names. An address that only a page's own word ties to the record
    is believed unless the two texts are clearly different: some sites give one canonical or guid to all pages."""
    names = list(dict.fromkeys((record.key, *record.aliases)))
    if record.guid:
        names.append(guid_key(record.source, record.guid))
    hits = known.aliases(names)
    for name in names:
        if name not in hits:
            continue
        old = known.stored(hits[name])
        if old is None:
            continue
        if old.record.key == record.key or not _clearly_other(old.record, record, seen):
            return old
    return None


def _again(old: KnownRecord, record: Record, seen: Look) -> Decision:
    """A known record that comes again: unchanged, or revised."""
    kept = replace(
        record,
        id=old.record.id,
        key=old.record.key,
        source=old.record.source,
        published=old.record.published,
        published_estimated=old.record.published_estimated,
        first_seen=old.record.first_seen,
    )
    change = revise.changed((old.record.title, old.record.text), (record.title, record.text))
    if change is None:
        return Decision("same", kept, seen, old.n, old.story, "the same address, nothing changed")
    return Decision("revised", kept, seen, old.n, old.story, "the same address", change)


def _copy(index: Index, known: Known, record: Record, seen: Look) -> Decision | None:
    """The story of which the record is a copy, by its look."""
    if seen.tokens < likeness.FLOOR:
        return None
    equal = index.equals(seen)
    if equal is not None:
        return Decision("copy", record, seen, equal.record, equal.story, "the same text word for word")
    candidates = [one for one in index.candidates(seen) if one.look.tokens >= likeness.FLOOR]
    parts = parts_of(candidates, seen)
    if _digest(parts, seen):
        return Decision("new", record, seen, evidence="it quotes several other stories, so it is none of them")
    formulas = formulas_of(parts)
    best: tuple[likeness.Evidence, Candidate] | None = None
    for candidate in candidates:
        found = likeness.alike(candidate.look, seen, formulas)
        if found.probability >= likeness.ACCEPT and (best is None or found.probability > best[0].probability):
            best = found, candidate
    if best is None:
        return None
    evidence, candidate = best
    stands = index.representative(candidate.story)
    if stands is not None and likeness.alike(stands, seen, formulas).probability < likeness.DRIFT:
        return None
    return Decision("copy", record, seen, candidate.record, candidate.story, str(evidence))


def parts_of(candidates: Sequence[Candidate], seen: Look) -> dict[int, frozenset[int]]:
    """What each story has of a text."""
    parts: dict[int, frozenset[int]] = {}
    for candidate in candidates:
        parts[candidate.story] = parts.get(candidate.story, _NOTHING) | (seen.shingles & candidate.look.shingles)
    return parts


def formulas_of(parts: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """The runs of words that so many stories have that they tell none apart: what a template is made of."""
    if len(parts) < FORMULA:
        return _NOTHING
    counts = Counter(chain.from_iterable(parts.values()))
    return frozenset([run for run, count in counts.items() if count >= FORMULA])


def _digest(parts: Mapping[int, frozenset[int]], seen: Look) -> bool:
    """Whether a text is put together from others: no story has most of it, and several have parts of their own."""
    if len(parts) < QUOTED:
        return False
    largest_first = sorted(parts.values(), key=len, reverse=True)
    if len(largest_first[0]) > MOSTLY * len(seen.shingles):
        return False
    quoted, told = 0, _NOTHING
    for part in largest_first:
        if len(part - told) >= QUOTE * len(seen.shingles):
            quoted += 1
            told |= part
    return quoted >= QUOTED


def _near(a: Record, b: Record) -> bool:
    return abs(a.published - b.published) <= NEAR


def _clearly_other(a: Record, b: Record, seen: Look) -> bool:
    if a.fingerprint == b.fingerprint:
        return False
    return likeness.alike(look(a), seen).smaller < CLEARLY_OTHER and not (look(a).title & seen.title)


# --- who stands for a story

CLAIM = timedelta(hours=2)  # a copy first seen so long after the first member cannot claim to be earlier (D4)

_DATELINE = re.compile(r"[^\n(\[]{0,80}[(\[]([^()\[\]\n]{2,40})[)\]]")
_CREDIT = re.compile(
    r"(?i)\b(?:source|quelle|fuente|via|courtesy of|(?:first |originally )?(?:published|appeared) (?:by|in|on|at))"
    r"[ :]{1,3}([^\n.;,]{2,60})"
)
_PARTS_OF_BYLINE = re.compile(r"[,/|·]| for | via | with ")


def representative(members: Sequence[Record], preferred: Sequence[str] = ()) -> tuple[int, str]:
    """Which member stands for a story, and why in words. `members` are in the order of their arrival.

    The user's preferred sources come first, in their order; then the origin that the others name, by their canonical
    address, byline, dateline or credit; then the earliest; then the fullest. A stub stands only where all are stubs.
    """
    for source in preferred:
        for place, member in enumerate(members):
            if member.source == source:
                return place, "a preferred source"
    whole = [place for place, member in enumerate(members) if not (member.paywalled or member.way == "hint")]
    places = whole or list(range(len(members)))
    votes = {place: _namers(members, place) for place in places}
    named = max(places, key=lambda place: (len(votes[place]), -place))
    if votes[named]:
        return named, f"{votes[named][0]} names it as the origin"
    first = min(member.first_seen for member in members)
    early = [place for place in places if members[place].first_seen - first <= CLAIM] or places
    place = min(early, key=lambda place: (members[place].published, -len(members[place].text), place))
    return place, "the earliest" if len(members) > 1 else "the only one"


def _namers(members: Sequence[Record], place: int) -> list[str]:
    """The sources that name a member as the origin of what they carry."""
    origin = members[place]
    names = {" ".join(likeness.words(name)) for name in (origin.publisher or "", site(origin.url).partition(".")[0])}
    names = {name for name in names if len(name) >= 2}
    found = []
    for other in members:
        if same_site(other.url, origin.url):
            continue
        if (other.canonical and same_site(other.canonical, origin.url)) or names & {
            " ".join(likeness.words(credit)) for credit in _credits(other)
        }:
            found.append(other.source)
    return found


def _credits(record: Record) -> list[str]:
    """Whom a record names as the one it has its text from."""
    named = [part for author in record.authors for part in _PARTS_OF_BYLINE.split(author)]
    dateline = _DATELINE.match(record.text)
    if dateline is not None:
        named.append(dateline[1])
    named += _CREDIT.findall(record.text[-400:])
    return named
