"""Whether a record is new, known, revised, or a copy of a stored story. Pure decisions.

The decision asks two protocols: `Known` (aliases, fingerprints and records of the store) and `Alike` (an index).
It writes nothing; the caller applies the decision in its own transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Literal, Protocol

from scrapers import Record, canonical_key, pointed_at, pointer_key

from ..rows import without
from . import revisions, similarity
from .number_alias import number_key
from .one_article import clearly_other, continues, number_counts, one_article, same_moment
from .similarity import Candidate, Look

NEAR = timedelta(hours=48)  # alike short texts are one story only if published within this time
MOSTLY = 0.6  # share of a text found in one story, from which it is no digest
QUOTE = 0.05  # share of a digest that only one story has
QUOTED = 3  # stories that a digest quotes at least
FORMULA = 3  # stories sharing a run of words from which it is a formula
NUMBERED = 20  # article numbers needed to prove that a site gives each of them once ...
NUMBERED_SHARE = 0.8  # ... if so many of its records have one

ONE_WITH = "one article with"  # the start of a note in the history of a record
RENAMED = "published at the same time under an address that its front shows no more"

_POINTED = "at:"
_NOTHING: frozenset[int] = frozenset()


class KnownRecord(Protocol):
    """A stored record as far as the decision looks at it."""

    @property
    def n(self) -> int: ...
    @property
    def record(self) -> Record: ...
    @property
    def story(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Fronts:
    """What the fronts of a visit show, by which a renamed article is told from another one."""

    shown: Collection[int]  # the records that have an address there
    published_at: Callable[[str, datetime], Sequence[int]]  # the records of a source that were published at a moment


class Known(Protocol):
    """What is needed of the store."""

    def aliases(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Which of these keys are known, and of which record."""

    def with_fingerprint(self, fingerprint: str) -> Sequence[int]:
        """Records with exactly this title and text, the earliest first."""

    def get(self, n: int) -> KnownRecord | None:
        """A record by its number."""

    def numbered(self, source: str) -> tuple[int, int]:
        """How many numbers of articles the addresses of a source have, and how many records it has."""


class Alike(Protocol):
    """What is needed of an index of look-alikes (`similarity.Index`)."""

    def candidates(self, look: Look) -> Sequence[Candidate]:
        """The records most likely alike, best first."""

    def equals(self, look: Look) -> Candidate | None:
        """The earliest record with exactly this run of words."""

    def representative(self, story: int) -> Look | None:
        """What the record that stands for a story looks like."""


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
    change: revisions.Change | None = None
    also: tuple[int, ...] = ()  # further records that turn out to be record `of`


def look(record: Record, boilerplate: Collection[int] = ()) -> Look:
    """The `Look` of a record without its boilerplate lines: the costly part, done before the transaction."""
    own = without(record.text, boilerplate)
    return similarity.look(record.title, record.text, record.published, own)


def file_record(
    index: Alike, known: Known, record: Record, seen: Look | None = None, fronts: Fronts | None = None
) -> Decision:
    """The decision about a record. `seen` is `look(record)` if already computed.

    `fronts`: what those of the visit show; None where no front was read.
    """
    seen = seen or look(record)
    old, others = _same_page(known, record, seen, fronts)
    if old is not None:
        return replace(_again(old, record, seen), also=others)
    former = _renamed(known, record, seen, fronts)
    if former is not None:
        return replace(_again(former, record, seen), evidence=RENAMED)
    told = _pointing(known, record, seen)
    if told is not None:
        return Decision(
            "copy", record, seen, told.n, told.story, f"it tells of the same address as {told.record.source}"
        )
    for n in known.with_fingerprint(record.fingerprint):
        twin = known.get(n)
        if twin is None or (seen.tokens < similarity.FLOOR and not _near(twin.record, record)):
            continue
        if twin.record.source == record.source:
            return Decision("same", record, seen, n, twin.story, "the same title and text at another address")
        return Decision("copy", record, seen, n, twin.story, f"the same title and text as {twin.record.url}")
    return _copy(index, known, record, seen) or Decision("new", record, seen)


def guid_key(source: str, guid: str) -> str:
    """The alias under which a feed's own id is known: believed only inside its source."""
    return f"guid:{source}:{guid}"


def names_of(record: Record) -> list[str]:
    """Every key under which a record is known, its own first, and the alias of the address that it points at."""
    return list(_names(record.source, record.guid, record.key, *record.aliases))


@lru_cache(maxsize=512)  # of one record they are asked for several times
def _names(source: str, guid: str | None, *keys: str) -> tuple[str, ...]:
    names = list(keys)
    if guid:
        names.append(guid_key(source, guid))
    names += number_keys(source, keys)
    target = pointed_at(keys[0])
    if target is not None:
        names.append(_pointed_key(target))
    return tuple(dict.fromkeys(names))


def looked_up(record: Record) -> set[str]:
    """Every key that the decision about a record asks for, so that all of them can be read at once."""
    found = set(names_of(record))
    for name in {record.key, *record.aliases}:
        target = pointed_at(name)
        found |= {target or pointer_key(record.source, name), _pointed_key(target or name), _pointed_key(name)}
    return found


def _pointed_key(key: str) -> str:
    """The alias of the first record that points at an address without being its owner's."""
    return f"{_POINTED}{key}"


def _same_page(
    known: Known, record: Record, seen: Look, fronts: Fronts | None
) -> tuple[KnownRecord | None, tuple[int, ...]]:
    """The stored record that one of the addresses names, and further ones that are the same article.

    An address claimed only by the page itself is believed unless the two texts are clearly different: some sites give
    one canonical or guid to all pages. So is the number of an article, but where the site has proved that it gives each
    number once (`number_counts`). The oldest of several stays.
    """
    names = list(dict.fromkeys((record.key, *record.aliases)))
    # the source pointed at it before owning it, or the other way round
    own = [pointed_at(name) or pointer_key(record.source, name) for name in names]
    numbers = number_keys(record.source, names)
    if record.guid:
        names.append(guid_key(record.source, record.guid))
    hits = known.aliases([*names, *own, *numbers])
    found: dict[int, KnownRecord] = {}
    sure: set[int] = set()  # those that may be joined
    for name in (*names, *numbers, *own):
        old = known.get(hits[name]) if name in hits else None
        if old is None or (name in own and old.record.source != record.source):
            continue
        if old.record.key != record.key and not one_article(old.record, record, seen):
            both = _both_shown(old, record, fronts)
            counts = name in numbers and number_counts(old.record, record, shown=both)
            if not (counts and gives_each_once(known, record.source)):
                continue
        found.setdefault(old.n, old)
        if name in numbers or old.record.fingerprint == record.fingerprint or same_moment(old.record, record):
            sure.add(old.n)
    if len(found) < 2:
        return next(iter(found.values()), None), ()
    together = {
        n for n, old in found.items() if old.record.source == record.source and (n in sure or _alike(old, seen))
    }
    if len(together) < 2 or next(iter(found)) not in together:
        return next(iter(found.values())), ()
    oldest = min(together)
    return found[oldest], tuple(sorted(together - {oldest}))


def _renamed(known: Known, record: Record, seen: Look, fronts: Fronts | None) -> KnownRecord | None:
    """The record of the source that this one continues under another address: published at the same time, and no front
    shows its addresses any more."""
    if fronts is None or record.published_estimated or pointed_at(record.key) is not None:
        return None
    for n in fronts.published_at(record.source, record.published):
        old = known.get(n)
        if old is None or old.record.published_estimated or pointed_at(old.record.key) is not None:
            continue
        if not _both_shown(old, record, fronts) and continues(old.record, record, seen):
            return old
    return None


def _both_shown(old: KnownRecord, record: Record, fronts: Fronts | None) -> bool:
    """Whether the fronts of one visit show a record and a stored one beside each other."""
    return fronts is not None and (old.n in fronts.shown or old.record.first_seen >= record.first_seen)


def _alike(old: KnownRecord, seen: Look) -> bool:
    return similarity.alike(look(old.record), seen).probability >= similarity.ACCEPT


def text_key(record: Record) -> str:
    """The name by which a story is recognised that left the store, whatever its address is by then."""
    return f"text:{record.fingerprint}"


def number_keys(source: str, names: Iterable[str]) -> list[str]:
    """The aliases of the long numbers at the end of a record's addresses: believed only inside its source."""
    keys = dict.fromkeys(pointed_at(name) or name for name in names)
    found = [number_key(source, f"https://{key}") for key in keys]
    return list(dict.fromkeys(key for key in found if key is not None))


def found_under(key: str) -> list[str]:
    """The aliases under which an address is looked for: its own record, else one that points at it."""
    return [key, _pointed_key(key)]


def addresses_of(names: Iterable[str]) -> list[str]:
    """The addresses among the keys of a record, those of others at which it points too: whoever brings one of them
    brings the same article."""
    addresses = [pointed_at(name) or name.removeprefix(_POINTED) for name in names]
    return list(dict.fromkeys(key for key in addresses if not key.startswith(("guid:", "number:"))))


def folded_key(name: str) -> str:
    """An alias in today's form of keys; other aliases unchanged."""
    if name.startswith(("guid:", "number:")):
        return name
    if name.startswith(_POINTED):
        return _pointed_key(canonical_key(name.removeprefix(_POINTED)))
    target = pointed_at(name)
    return canonical_key(name) if target is None else pointer_key(name.split(":", 2)[1], canonical_key(target))


def number_of(name: str) -> str | None:
    """The number of an article in its alias, without the source: for what holds in every source."""
    kind, _, rest = name.partition(":")
    return f"number::{rest.partition(':')[2]}" if kind == "number" else None


def gives_each_once(known: Known, source: str) -> bool:
    numbers, records = known.numbered(source)
    return numbers >= NUMBERED and numbers >= NUMBERED_SHARE * records


def belongs(record: Record, others: Sequence[Record]) -> bool:
    """Whether a record whose text changed is still of a story with these members."""
    seen = look(record)
    return not others or any(not clearly_other(other, record, seen) for other in others)


def _pointing(known: Known, record: Record, seen: Look) -> KnownRecord | None:
    """The record of another source that tells of the same address, if it tells the same: they are copies.

    Either points at the other's own page, or both point at one.
    """
    target = pointed_at(record.key)
    keys = [*record.aliases, record.key] if target is None else [target]
    names = [*([] if target is None else [target]), *map(_pointed_key, keys)]
    hits = known.aliases(names)
    for name in names:
        old = known.get(hits[name]) if name in hits else None
        if old is not None and not clearly_other(old.record, record, seen):
            return old
    return None


def _again(old: KnownRecord, record: Record, seen: Look) -> Decision:
    """The decision about a known record: unchanged, or revised."""
    kept = replace(
        record,
        id=old.record.id,
        key=old.record.key,
        url=_plainer(old.record.url, record.url),
        source=old.record.source,
        published=old.record.published,
        published_estimated=old.record.published_estimated,
        first_seen=old.record.first_seen,
    )
    change = revisions.changed((old.record.title, old.record.text), (record.title, record.text))
    if change is None:
        return Decision("same", kept, seen, old.n, old.story, "the same address, nothing changed")
    return Decision("revised", kept, seen, old.n, old.story, "the same address", change)


def _plainer(old: str, new: str) -> str:
    """The address of a record that was read again: the old one where the new one only has more parameters.

    A front may show one article under its address and, elsewhere, with a parameter that means nothing ("?mr=1").
    """
    place, _, told = old.partition("?")
    same_place, _, more = new.partition("?")
    extended = place == same_place and set(filter(None, told.split("&"))) < set(filter(None, more.split("&")))
    return old if extended else new


def _copy(index: Alike, known: Known, record: Record, seen: Look) -> Decision | None:
    """The story of which the record is a copy, by its look."""
    if seen.tokens < similarity.FLOOR:
        return None
    equal = index.equals(seen)
    if equal is not None:
        return Decision("copy", record, seen, equal.record, equal.story, "the same text word for word")
    candidates = [one for one in index.candidates(seen) if one.look.tokens >= similarity.FLOOR]
    parts = parts_of(candidates, seen) if len({one.story for one in candidates}) >= min(QUOTED, FORMULA) else {}
    if _digest(parts, seen):
        return Decision("new", record, seen, evidence="it quotes several other stories, so it is none of them")
    formulas = formulas_of(parts)
    best: tuple[similarity.Evidence, Candidate] | None = None
    compared: dict[int, similarity.Evidence] = {}  # by the identity of a look
    for candidate in candidates:
        found = compared[id(candidate.look)] = similarity.alike(candidate.look, seen, formulas)
        if found.probability >= similarity.ACCEPT and (best is None or found.probability > best[0].probability):
            best = found, candidate
    if best is None:
        return None
    evidence, candidate = best
    stands = index.representative(candidate.story)
    drift = evidence if stands is None else compared.get(id(stands)) or similarity.alike(stands, seen, formulas)
    if drift.probability < similarity.DRIFT:
        return None
    return Decision("copy", record, seen, candidate.record, candidate.story, str(evidence))


def parts_of(candidates: Sequence[Candidate], seen: Look) -> dict[int, frozenset[int]]:
    """The runs of a text that each story has."""
    parts: dict[int, frozenset[int]] = {}
    for candidate in candidates:
        parts[candidate.story] = parts.get(candidate.story, _NOTHING) | (seen.shingles & candidate.look.shingles)
    return parts


def formulas_of(parts: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """The runs of words that many stories share and that distinguish none: parts of templates."""
    if len(parts) < FORMULA:
        return _NOTHING
    counts = Counter(chain.from_iterable(parts.values()))
    return frozenset([run for run, count in counts.items() if count >= FORMULA])


def _digest(parts: Mapping[int, frozenset[int]], seen: Look) -> bool:
    """Whether a text is a digest of others: no story has most of it, and several have parts of their own."""
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
