"""The values of a repair: what the store knows, what one page shows, and the result over all pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Literal

from ..model import Record
from ..seed.seed import Extract, Seed

LINKS = "discover.links"
FIELDS = tuple(f.name for f in fields(Extract) if f.name != "drop")  # no record tells what `drop` removed
State = Literal["holds", "certain", "unsure", "lost", "unknown"]


@dataclass(frozen=True, slots=True)
class Offered:
    """A story that a listing is known to have offered."""

    key: str  # canonical, of the link as it was offered
    title: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a page should give again: the stories of a listing, or the record of an article."""

    stories: tuple[Offered, ...] = ()
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A selector that gives on one page what the store holds. The lower its cost, the more lasting it looks."""

    selector: str
    cost: float
    right: int = 1  # known stories that it catches; 1 for a field of an article
    caught: int = 1  # links that it catches
    odd: int = 0  # matches that do not look like stories


@dataclass(frozen=True, slots=True)
class Sight:
    """One selector of a seed on one page."""

    field: str  # "discover.links", "extract.title" …
    url: str
    selector: str  # as the seed has it
    given: str  # what it gives here, in short
    wanted: str  # what the store holds, in short
    right: bool
    known: int = 1  # known stories that are on the page; 1 for a field of an article
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """What a field is on one page: by the old selector, by the new one, and as it is stored."""

    url: str
    before: str
    after: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What is to be done about one selector of a seed.

    `holds`: nothing. `certain`: `new` takes its place. `unsure`: a person should look at `new`. `lost`: it gives
    nothing right any more and nothing else was found. `unknown`: nothing is stored that it could be compared with.
    """

    field: str
    old: str
    state: State
    new: str | None = None
    pages: int = 0  # pages on which `new` (for "holds": `old`) is right
    of: int = 0  # pages that could be compared
    evidence: str = ""
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """All selectors of a seed, compared with what is stored."""

    source: str
    repairs: tuple[Repair, ...]
    pages: tuple[str, ...] = ()  # addresses that were looked at
    notes: tuple[str, ...] = ()  # what could not be had, in words

    def certain(self) -> dict[str, str]:
        """Field → selector of what is certain."""
        return {one.field: one.new for one in self.repairs if one.state == "certain" and one.new}


def selectors_of(seed: Seed) -> dict[str, str]:
    """The selectors of a seed that a repair can look for, by the dotted keys of its file."""
    found = {LINKS: seed.discover.links} if seed.discover.links else {}
    for name in FIELDS:
        value = getattr(seed.extract, name)
        if value:
            found[f"extract.{name}"] = value
    return found


def with_selectors(seed: Seed, changes: Iterable[tuple[str, str]]) -> Seed:
    """The seed with other selectors: (dotted key, selector)."""
    for field, selector in changes:
        part, _, name = field.partition(".")
        if part == "discover":
            seed = replace(seed, discover=replace(seed.discover, links=selector))
        else:
            seed = replace(seed, extract=replace(seed.extract, **{name: selector}))  # type: ignore[arg-type]
    return seed


@dataclass(frozen=True, slots=True)
class Pointed:
    """The result of pointing. `html` is the page to be shown, with `{N}` in the address of each part's link."""

    html: str
    selector: str | None  # None: nothing was pointed at, or no selector names it
    caught: int  # parts that the selector names
    samples: tuple[str, ...] = ()  # texts of the first of them
    why: str = ""  # why there is no selector
