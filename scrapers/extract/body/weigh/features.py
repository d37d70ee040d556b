"""Features of a block in its page: the input of the scorer.

Most of them relate a block to the core of the page: the container that holds most of the plain prose.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter

from ..class_words import Flag
from ..known import Known
from ..phrases import OTHER, phrase_of
from ..units.blocks import Block, Element, Sheet
from .core import Core, find_core
from .scoring import ASKED
from .text_numbers import TAG_NUMBER, WHOLE, text_numbers

_WORD = re.compile(r"[^\W_]+")
_SPACED = bytes(ord(chr(n).lower()) if n < 128 and chr(n).isalnum() else 32 for n in range(256))  # ASCII: words alone
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_FAR = 10**6  # blocks: no such block
_index = attrgetter("index")
_MOST = 1000  # blocks that are weighed, at most

_IN_LIST, _IN_TABLE, _IN_QUOTE, _IN_FIGURE = 1, 2, 4, 8
_INSIDES = tuple(tuple(float(n >> bit & 1) for bit in range(4)) for n in range(16))  # by those signs, in this order
_NOBODY = (0.0, 0.0, -1.0)  # length, density and tag where no block is
_INSIDE = {"li": _IN_LIST, "td": _IN_TABLE, "blockquote": _IN_QUOTE, "figure": _IN_FIGURE, "figcaption": _IN_FIGURE}


@dataclass(slots=True)
class Measured:
    """Blocks with text, the numbers of some in the order of NAMES, and the core of the page."""

    blocks: list[Block]
    weighed: list[Block]  # those of them that may be of the article
    rows: list[list[float]]  # their numbers
    core: Element | None
    title: Block | None = None  # the block that repeats the title, where one stands above the prose
    top: int | None = None  # its place on the sheet
    column: Element | None = None  # the column of a publishing system that is known
    authors: tuple[str, ...] = ()  # as the other witnesses tell them


_RELATIVE = (
    "COMMENT", "RELATED", "NAVIGATION", "SHARE", "AD", "NEWSLETTER", "CAPTION", "BYLINE", "DATE", "TAGS",
    "BODY", "ARTICLE",
    "STANDFIRST", "TITLE", "PAYWALL", "ASIDE", "BOX", "HIDDEN", "OVERLAY", "PLAYER", "GALLERY", "FOOTER",
    "HEADER", "FORM",
    "TEASER", "LIST", "EMBED", "META", "QUOTE", "PARAGRAPH",
)  # fmt: skip
_RELATIVE_BITS: tuple[int, ...] = tuple(getattr(Flag, name) for name in _RELATIVE)

NAMES: tuple[str, ...] = (
    "length", "density", "links", "sentences", "ends", "strong", "upper", "digits", "tag", "media",
    "phrase", "first", "words",
    "in_core", "up_to_core", "down_from_core", "signature_share", "signature_count", "signature_density",
    "signature_length",
    "parent_share", "parent_density", "parent_length", "grand_density", "grand_length", "before", "after", "position",
    "prev_length", "prev_density", "prev_tag", "next_length", "next_density", "next_tag", "prev_strong", "next_strong",
    "same_parent_prev", "same_parent_next", "has_known", "in_known", "is_title", "is_subtitle",
    "is_author", "from_title",
    "duplicate", "in_list", "in_table", "in_quote", "in_figure", "core_share", "depth", "in_best",
    "own_share", "own_count", "best_share", "mass_before", "mass_after", "after_picture",
    "parts", "part_length", "under", "under_distance", "headlines",
    *(f"rel_{name.lower()}" for name in _RELATIVE), *(f"near_{name.lower()}" for name in _RELATIVE),
)  # fmt: skip

COLUMN: dict[str, int] = {name: number for number, name in enumerate(NAMES)}


def measure(sheet: Sheet, hints: Known, *, every: bool = False) -> Measured:
    """The numbers of every block that has text.

    Features that no tree uses and that are expensive stay 0, unless `every` is set, as for training new trees.
    """
    blocks = [b for b in sheet.blocks if b.length]
    if not blocks:
        return Measured([], [], [], None)
    page = _Page(sheet, blocks, find_core(sheet, blocks), _Hints(hints, every=every))
    chosen = page.chosen()
    rows = page.rows(chosen)
    title = blocks[page.title_at] if page.title_at >= 0 else None
    top = title.index if title is not None else None
    return Measured(
        blocks, [blocks[i] for i in chosen], rows, page.found.core, title, top, page.found.column, hints.authors
    )


class _Hints:
    """What the other witnesses claim, as words."""

    __slots__ = ("authors", "fewest", "has_known", "known", "subtitle", "titles")

    def __init__(self, hints: Known, *, every: bool) -> None:
        known = max(hints.bodies, key=len, default="")
        self.titles = [_words(t) for t in hints.titles[:4] if t]
        # A block of fewer words cannot be more than 0.6 alike to any title, and has at least two characters a word.
        self.fewest = 1.2 * min((len(t) for t in self.titles if t), default=0) - 1
        self.subtitle = _words(hints.subtitle) if hints.subtitle else frozenset[str]()
        asked = every or "is_author" in ASKED
        self.authors = frozenset(w for a in hints.authors for w in _words(a)) if asked else frozenset[str]()
        self.known = " ".join(known.split()) if known and (every or "in_known" in ASKED) else ""
        self.has_known = 1.0 if _WORD.search(known) else 0.0


class _Page:
    """A page whose core is known, with everything that is measured once a page."""

    __slots__ = (
        "blocks", "core_mass", "core_share", "count", "end", "everything", "first", "found", "hints",
        "last", "likeness", "path", "place_of", "span", "start", "strong_at", "title_at", "total", "words_of",
    )  # fmt: skip

    def __init__(self, sheet: Sheet, blocks: list[Block], found: Core, hints: _Hints) -> None:
        self.everything = sheet.blocks
        self.blocks = blocks
        self.count = len(blocks)
        self.found = found
        self.hints = hints
        core = found.core
        self.path: dict[Element, int] = {}  # from the core to the body
        around: Element | None = core
        while around is not None:
            self.path[around] = len(self.path)
            around = around.parent
        self.total = found.total or 1.0
        self.core_mass = core.mass or 1.0
        self.core_share = self.core_mass / self.total
        self.start, self.end = (bisect_left(blocks, end, key=_index) for end in (core.first, core.last))  # of `blocks`
        self.strong_at = [i for i, mass in enumerate(found.masses) if mass >= 60]
        inside = [i for i in self.strong_at if self.start <= i < self.end] or self.strong_at or [0]
        self.first, self.last = inside[0], inside[-1]
        self.strong_at.append(_FAR)
        self.span = max(1, self.last - self.first)
        self.place_of: dict[Element, _Place] = {}
        self.likeness: dict[int, float] = {}
        self.words_of: dict[int, frozenset[str]] = {}
        self.title_at = self.find_title()

    def find_title(self) -> int:
        """The block that repeats the title, or else the last first-level heading above the prose; -1 for none."""
        title_at = heading_at = -1
        titles, fewest = self.hints.titles, self.hints.fewest
        for i, block in enumerate(self.blocks[: self.first + 4]):
            if block.tag == "h1":
                heading_at = i
            if titles and fewest < block.length < 300:
                words = self.words_of[i] = _words(block.text)
                like = self.likeness[i] = _alike(words, titles)
                if like > 0.6 and (title_at < 0 or block.tag == "h1"):
                    title_at = i
        return title_at if title_at >= 0 else heading_at

    def chosen(self) -> list[int]:
        """The blocks that may be of the article at all: inside the core, or plain text elsewhere."""
        blocks, first, start, end = self.blocks, self.first, self.start, self.end
        found = [
            i for i, block in enumerate(blocks) if start <= i < end or (block.length >= 20 and block.density < 0.6)
        ]
        if len(found) > _MOST:
            found = sorted(sorted(found, key=lambda i: (blocks[i].density > 0.5, abs(i - first)))[:_MOST])
        return found

    def rows(self, chosen: list[int]) -> list[list[float]]:
        """The numbers of the blocks at these places: all floats, which the trees compare fastest."""
        blocks, found, count = self.blocks, self.found, self.count
        masses, best, everything = found.masses, found.best, self.everything
        # Of the core's plain prose, what stands before each block.
        inside = [0.0] * self.start + masses[self.start : self.end] + [0.0] * (count - self.end)
        passed = list(accumulate(inside, initial=0.0))
        seen = Counter([block.text for block in blocks])
        under, headlines = self.headings()
        core_mass, core_share, best_share = self.core_mass, self.core_share, best.mass / self.core_mass
        has_known, title_at, whole = self.hints.has_known, self.title_at, WHOLE
        rows: list[list[float]] = []
        stronger = 0  # place in `strong_at` of the first that is not before the block
        for i in chosen:
            block = blocks[i]
            element = block.element
            while self.strong_at[stronger] < i:
                stronger += 1
            place, inside_of, own, rel, near = self.where(block)
            times = seen[block.text]
            below = i - title_at
            at = block.index
            parts = len(block.parts)
            rows.append(
                [
                    *text_numbers(block),
                    *place,
                    *self.between(i, stronger),
                    *self.neighbours(i),
                    has_known,
                    *self.alike(i),
                    float(-5 if below < -5 else below if below < 60 else 60) if title_at >= 0 else -9.0,
                    whole[times] if times < 4 else 4.0,
                    *_INSIDES[inside_of],
                    core_share,
                    whole[element.depth] if element.depth < 40 else 40.0,
                    1.0 if best.first <= at < best.last else 0.0,
                    own[0] / self.total,
                    own[1] if own[1] < 60.0 else 60.0,
                    best_share,
                    passed[i] / core_mass,
                    (passed[-1] - passed[i + 1]) / core_mass,
                    1.0 if at and (everything[at - 1].media or (at > 1 and everything[at - 2].media)) else 0.0,
                    whole[parts] if parts < 60 else 60.0,
                    block.length / (parts or 1),
                    *under[i],
                    headlines[i],
                    *_bits(rel),
                    *_bits(near),
                ]
            )
        return rows

    def headings(self) -> tuple[list[tuple[float, float]], list[float]]:
        """Of each block: what the heading above begins like and how far it is; how many headlines there were."""
        under: list[tuple[float, float]] = []
        headlines: list[float] = []
        kind, far, heads = float(OTHER), 60.0, 0.0
        later = max(self.title_at, 0)
        for i, block in enumerate(self.blocks):
            if block.tag in _HEADINGS:
                kind, far = WHOLE[phrase_of(block.text)], 0.0
                heads += block.tag == "h1" and i > later
            under.append((kind, far))
            headlines.append(heads)
            far = far + 1.0 if far < 59.0 else 60.0
        return under, headlines

    def where(self, block: Block) -> tuple[tuple[float, ...], int, list[float], int, int]:
        """Where a block stands: the numbers of its place and of its equals, what holds it, the sums over blocks of its
        own names, and the hints of names between it and the core, and near it."""
        element = block.element
        parent = element.parent or element
        own_flags = element.own_flags()
        place = self.place_of.get(parent)
        if place is None:
            place = self.place_of[parent] = _place(parent, self.path, self.total)
        rel, down, up, inside_of, near, held = place
        if element in self.path:
            rel, down, up, inside_of = 0, 0, self.path[element], 0
        else:
            rel, down, inside_of = rel | own_flags, down + 1, inside_of | _INSIDE.get(element.tag, 0)
        sig = self.found.by_signature[element.signature]
        numbers = (
            1.0 if up == 0 else 0.0,
            WHOLE[up] if up < 12 else 12.0,
            WHOLE[down] if down < 12 else 12.0,
            sig[0] / self.total,
            sig[1] if sig[1] < 60.0 else 60.0,
            sig[3] / sig[2],
            sig[2] / sig[1],
            *held,
        )
        return numbers, inside_of, self.found.by_own[element.looks.named], rel, own_flags | near

    def between(self, i: int, stronger: int) -> tuple[float, float, float]:
        """How far strong prose is before and after a block, and where it stands to the first and last of it."""
        strong_at = self.strong_at
        before = i - strong_at[stronger - 1] if stronger else _FAR
        after = strong_at[stronger] - i or strong_at[stronger + 1] - i
        return (
            WHOLE[before] if before < 30 else 30.0,
            WHOLE[after] if after < 30 else 30.0,
            (i - self.first) / self.span if i < self.first or i > self.last else 0.5,
        )

    def neighbours(self, i: int) -> tuple[float, ...]:
        """What stands right before and right after a block."""
        blocks, masses = self.blocks, self.found.masses
        parent = blocks[i].element.parent
        before, after = _NOBODY, _NOBODY
        mass_before = mass_after = same_before = same_after = 0.0
        if i:
            one = blocks[i - 1]
            before = (math.log(one.length + 1), one.density, TAG_NUMBER.get(one.tag, 1.0))
            mass_before = masses[i - 1] if masses[i - 1] < 300.0 else 300.0
            same_before = 1.0 if one.element.parent is parent else 0.0
        if i + 1 < self.count:
            one = blocks[i + 1]
            after = (math.log(one.length + 1), one.density, TAG_NUMBER.get(one.tag, 1.0))
            mass_after = masses[i + 1] if masses[i + 1] < 300.0 else 300.0
            same_after = 1.0 if one.element.parent is parent else 0.0
        return (*before, *after, mass_before, mass_after, same_before, same_after)

    def alike(self, i: int) -> tuple[float, float, float, float]:
        """How much a block resembles a text from data, the title, the standfirst and the authors."""
        block, hints = self.blocks[i], self.hints
        length = block.length
        told = like = sub = author = 0.0
        if hints.known and length > 12:
            told = 1.0 if block.text[2:50].strip() in hints.known else 0.0
        if i <= self.first + 3 and length < 1000:
            mine = self.words_of[i] if i in self.words_of else _words(block.text)
            if hints.subtitle and (common := len(mine & hints.subtitle)):
                sub = common / (len(mine) + len(hints.subtitle) - common)
            if mine and hints.authors and length < 150:
                author = len(mine & hints.authors) / len(mine)
            like = self.likeness[i] if i in self.likeness else (_alike(mine, hints.titles) if length < 300 else 0.0)
        return told, like, sub, author


_Place = tuple[int, int, int, int, int, tuple[float, float, float, float, float]]


def _place(element: Element, path: dict[Element, int], total: float) -> _Place:
    """What the blocks in `element` share. Where they are seen from the core: names on the way, steps down, steps up,
    what holds them; then the names of the two elements around them, and how much prose, links and text these hold."""
    rel = down = inside = 0
    one: Element | None = element
    while one is not None and one not in path:
        rel |= one.own_flags()
        inside |= _INSIDE.get(one.tag, 0)
        down += 1
        one = one.parent
    up = path[one] if one is not None else 99
    grand = element.parent or element
    return (
        rel, down, up, inside,
        element.own_flags() | grand.own_flags(),
        (
            element.mass / total, element.linked / element.length, math.log(element.length + 1),
            grand.linked / grand.length, math.log(grand.length + 1),
        ),
    )  # fmt: skip


def _words(text: str) -> frozenset[str]:
    if text.isascii():  # a table of bytes and a split take half of what the pattern takes
        return frozenset(text.encode("ascii").translate(_SPACED).decode("ascii").split())
    return frozenset(_WORD.findall(text.lower()))


def _alike(mine: frozenset[str], titles: list[frozenset[str]]) -> float:
    """How alike words are to the likest title: 0 to 1."""
    best = 0.0
    if mine:
        for title in titles:
            if common := len(mine & title):
                best = max(best, common / (len(mine) + len(title) - common))
    return best


@lru_cache(maxsize=2048)
def _bits(flags: int) -> tuple[float, ...]:
    return tuple([1.0 if flags & bit else 0.0 for bit in _RELATIVE_BITS])
