"""What can be measured of a block in its page: the numbers that the scorer weighs.

Most of them say where a block stands to the core of the page: the container that holds most of the plain prose.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter

from .blocks import Block, Element, Sheet
from .known import Known
from .phrases import phrase_of
from .scoring import ASKED
from .words import Flag

_STRANGE = (
    Flag.COMMENT | Flag.RELATED | Flag.NAVIGATION | Flag.SHARE | Flag.AD | Flag.NEWSLETTER | Flag.OVERLAY | Flag.FOOTER
    | Flag.FORM | Flag.TAGS | Flag.BYLINE | Flag.CAPTION | Flag.TEASER | Flag.ASIDE | Flag.HIDDEN
)  # fmt: skip
_STRANGEST = Flag.COMMENT | Flag.NAVIGATION | Flag.OVERLAY | Flag.FOOTER
_STOPS = ".。！？…؟।，、"  # of scripts that part no sentences by a point and a space
_END = re.compile(r"[.!?。！？…؟।][\"'”’»«“)\]]*$")
_WORD = re.compile(r"[^\W_]+")
_UPPER = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]")
_DIGIT = re.compile(r"\d")
_LAST = ".!?。！？…؟।\"'”’»«“)]"  # signs of which one is the last where _END is met
_CAPITALS, _FIGURES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
_WHOLE = tuple(float(number) for number in range(61))  # a table is faster than float()
_FAR = 10**6  # blocks: no such block
_index = attrgetter("index")
_MOST = 1000  # blocks that are weighed, at most

TAGS = ("p", "div", "li", "h1", "h2", "h3", "td", "blockquote", "figcaption", "other")
_TAG_NUMBER = {
    "p": 0.0, "div": 1.0, "section": 1.0, "article": 1.0, "main": 1.0, "body": 1.0, "li": 2.0,
    "h1": 3.0, "h2": 4.0, "h3": 5.0, "h4": 6.0, "h5": 6.0, "h6": 6.0, "td": 7.0, "th": 7.0, "dd": 7.0, "dt": 7.0,
    "blockquote": 8.0, "figcaption": 9.0, "caption": 9.0, "pre": 1.0,
}  # fmt: skip


_IN_LIST, _IN_TABLE, _IN_QUOTE, _IN_FIGURE = 1, 2, 4, 8
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
    *(f"rel_{name.lower()}" for name in _RELATIVE), *(f"near_{name.lower()}" for name in _RELATIVE),
)  # fmt: skip

COLUMN: dict[str, int] = {name: number for number, name in enumerate(NAMES)}


def mass_of(block: Block) -> float:
    """How much plain prose a block holds."""
    if block.length < 30 or block.density > 0.5:
        return 0.0
    worth = min(block.length, 800) * (1 - block.density) ** 2
    if block.length < 80:
        worth *= 0.5 if _END.search(block.text) else 0.2
    flags = block.element.all_flags()
    if flags & _STRANGE:
        worth *= 0.15 if flags & _STRANGEST else 0.4
    return worth


def signature(block: Block) -> str:
    """What a block shares with its equals: tag and names of its element and of the one around it, without figures."""
    element = block.element
    if not element.signature:
        parent = element.parent
        element.named()
        if parent is None:
            element.signature = element.tag
        else:
            parent.named()
            element.signature = f"{element.looks.nameless}<{parent.looks.nameless}"
    return element.signature


def measure(sheet: Sheet, hints: Known, *, every: bool = False) -> Measured:
    """The numbers of every block that has text.

    What no tree asks for and is dear to count stays 0, but for `every`: who learns new trees must see all.
    """
    count_known = every or "in_known" in ASKED
    count_author = every or "is_author" in ASKED
    titles, subtitle, authors = hints.titles, hints.subtitle, hints.authors
    known = max(hints.bodies, key=len, default="")
    blocks = [b for b in sheet.blocks if b.length]
    if not blocks:
        return Measured([], [], [], None)
    by_signature: dict[str, list[float]] = {}
    by_own: dict[str, list[float]] = {}
    total = 0.0
    masses: list[float] = []
    for block in blocks:
        element = block.element
        length = block.length
        linked = block.linked if block.linked < length else length
        name = element.signature or signature(block)
        sig = by_signature.get(name)
        if sig is None:
            sig = by_signature[name] = [0.0, 0.0, 0.0, 0.0]
        sig[1] += 1.0
        sig[2] += length
        sig[3] += linked
        name = element.looks.named
        own = by_own.get(name)
        if own is None:
            own = by_own[name] = [0.0, 0.0]
        own[1] += 1.0
        element.length += length
        element.linked += linked
        if length < 30 or block.density > 0.5:
            masses.append(0.0)
            continue
        m = mass_of(block)
        masses.append(m)
        total += m
        sig[0] += m
        own[0] += m
        element.mass += m
        element.pull += m
    # Elements stand in the order of the page: backwards, each has its sums before it is added to the one around it.
    best = blocks[0].element
    for element in reversed(sheet.elements):
        if not element.length:
            continue
        pull = element.pull
        parent = element.parent
        is_paragraph = element.tag == "p"
        if pull > best.pull and not is_paragraph:
            best = element
        if parent is not None:
            parent.length += element.length
            parent.linked += element.linked
            if pull:
                parent.mass += element.mass
                parent.pull += pull if is_paragraph else pull * 0.6
    if best.tag == "p" and best.parent is not None:
        best = best.parent
    core = _widened(best, blocks, masses, by_signature)
    total = total or 1.0
    path: dict[Element, int] = {}
    around: Element | None = core
    while around is not None:
        path[around] = len(path)
        around = around.parent
    core_mass = core.mass or 1.0
    core_share = core_mass / total
    best_share = best.mass / core_mass
    count = len(blocks)
    core_start, core_end = (bisect_left(blocks, end, key=_index) for end in (core.first, core.last))  # of `blocks`
    strong_at = [i for i, m in enumerate(masses) if m >= 60]
    inside = [i for i in strong_at if core_start <= i < core_end] or strong_at or [0]
    first, last = inside[0], inside[-1]
    span = max(1, last - first)
    title_words = [frozenset(_WORD.findall(t.lower())) for t in titles[:4] if t]
    # A block of fewer words than this cannot be more than 0.6 alike to any title, and has at least two signs a word.
    fewest = 1.2 * min((len(t) for t in title_words if t), default=0) - 1
    subtitle_words = frozenset(_WORD.findall(subtitle.lower())) if subtitle else frozenset()
    author_words = frozenset(w for a in authors for w in _WORD.findall(a.lower())) if count_author else frozenset()
    known_plain = "".join(_WORD.findall(known.lower())) if known and count_known else ""
    has_known = 1.0 if _WORD.search(known) else 0.0
    title_at = heading_at = -1
    likeness: dict[int, float] = {}
    words_of: dict[int, frozenset[str]] = {}
    for i, block in enumerate(blocks[: first + 4]):
        if block.tag == "h1":
            heading_at = i
        if title_words and fewest < block.length < 300:
            words = words_of[i] = frozenset(_WORD.findall(block.text.lower()))
            like = likeness[i] = _alike(words, title_words)
            if like > 0.6 and (title_at < 0 or block.tag == "h1"):
                title_at = i
    if title_at < 0:
        title_at = heading_at
    # Of the core's plain prose, what stands before each block.
    masses_inside = [0.0] * core_start + masses[core_start:core_end] + [0.0] * (count - core_end)
    passed = list(accumulate(masses_inside, initial=0.0))
    everything = sheet.blocks
    chosen = [
        i  # those that may be of the article at all: inside the core, or plain text elsewhere
        for i, block in enumerate(blocks)
        if core_start <= i < core_end or (block.length >= 20 and block.density < 0.6)
    ]
    if len(chosen) > _MOST:
        chosen = sorted(sorted(chosen, key=lambda i: (blocks[i].density > 0.5, abs(i - first)))[:_MOST])
    seen = Counter([block.text for block in blocks])
    places: dict[Element, _Place] = {}
    rows: list[list[float]] = []
    log, whole, number_of = math.log, _WHOLE, _TAG_NUMBER
    strong_at.append(_FAR)
    stronger = 0  # place in `strong_at` of the first that is not before the block
    for i in chosen:
        block = blocks[i]
        element = block.element
        text = block.text
        length = block.length
        parent = element.parent or element
        own_flags = element.own_flags()
        place = places.get(parent)
        if place is None:
            place = places[parent] = _place(parent, path, total)
        rel, down, up, inside_of, near, mass, density, size, grand_density, grand_size = place
        if element in path:
            rel, down, up, inside_of = 0, 0, path[element], 0
        else:
            rel, down, inside_of = rel | own_flags, down + 1, inside_of | _INSIDE.get(element.tag, 0)
        sig = by_signature[element.signature]
        own = by_own[element.looks.named]
        prev = blocks[i - 1] if i else None
        nxt = blocks[i + 1] if i + 1 < count else None
        in_known = 0.0
        if known_plain and length > 12:
            plain = "".join(_WORD.findall(text[:400].lower()))
            probe = plain[: max(20, len(plain) * 3 // 4)]
            in_known = 1.0 if probe and probe in known_plain else 0.0
        like = sub = author = 0.0
        if i <= first + 3 and length < 1000:
            mine = words_of[i] if i in words_of else frozenset(_WORD.findall(text.lower()))
            if subtitle_words and (common := len(mine & subtitle_words)):
                sub = common / (len(mine) + len(subtitle_words) - common)
            if mine and author_words and length < 150:
                author = len(mine & author_words) / len(mine)
            like = likeness[i] if i in likeness else (_alike(mine, title_words) if length < 300 else 0.0)
        while strong_at[stronger] < i:
            stronger += 1
        before = i - strong_at[stronger - 1] if stronger else _FAR
        after = strong_at[stronger] - i or strong_at[stronger + 1] - i
        spaces = text.count(" ")
        sentences = _sentences(text)
        upper, digits = _upper_and_digits(text[:80])
        times = seen[text]
        at = block.index
        rows.append(
            [  # floats all of them: the trees compare those with their borders fastest
                log(length + 1),
                block.density,
                whole[block.links] if block.links < 20 else 20.0,
                whole[sentences] if sentences < 12 else 12.0,
                1.0 if text[-1] in _LAST and _END.search(text[-6:]) else 0.0,
                block.strong / length if block.strong < length else 1.0,
                upper,
                digits,
                number_of.get(block.tag, 1.0),
                1.0 if block.media else 0.0,
                whole[phrase_of(text)],
                _first(text[0]),
                whole[spaces + 1] if spaces < 59 else 60.0,
                1.0 if up == 0 else 0.0,
                whole[up] if up < 12 else 12.0,
                whole[down] if down < 12 else 12.0,
                sig[0] / total,
                sig[1] if sig[1] < 60.0 else 60.0,
                sig[3] / sig[2],
                sig[2] / sig[1],
                mass,
                density,
                size,
                grand_density,
                grand_size,
                whole[before] if before < 30 else 30.0,
                whole[after] if after < 30 else 30.0,
                (i - first) / span if i < first or i > last else 0.5,
                log(prev.length + 1) if prev else 0.0,
                prev.density if prev else 0.0,
                number_of.get(prev.tag, 1.0) if prev else -1.0,
                log(nxt.length + 1) if nxt else 0.0,
                nxt.density if nxt else 0.0,
                number_of.get(nxt.tag, 1.0) if nxt else -1.0,
                min(masses[i - 1], 300.0) if i else 0.0,
                min(masses[i + 1], 300.0) if nxt else 0.0,
                1.0 if prev is not None and prev.element.parent is element.parent else 0.0,
                1.0 if nxt is not None and nxt.element.parent is element.parent else 0.0,
                has_known,
                in_known,
                like,
                sub,
                author,
                float(max(-5, min(60, i - title_at))) if title_at >= 0 else -9.0,
                whole[times] if times < 4 else 4.0,
                1.0 if inside_of & _IN_LIST else 0.0,
                1.0 if inside_of & _IN_TABLE else 0.0,
                1.0 if inside_of & _IN_QUOTE else 0.0,
                1.0 if inside_of & _IN_FIGURE else 0.0,
                core_share,
                whole[element.depth] if element.depth < 40 else 40.0,
                1.0 if best.first <= at < best.last else 0.0,
                own[0] / total,
                own[1] if own[1] < 60.0 else 60.0,
                best_share,
                passed[i] / core_mass,
                (passed[-1] - passed[i + 1]) / core_mass,
                1.0 if at and (everything[at - 1].media or (at > 1 and everything[at - 2].media)) else 0.0,
                *_bits(rel),
                *_bits(own_flags | near),
            ]
        )
    title = blocks[title_at] if title_at >= 0 else None
    return Measured(blocks, [blocks[i] for i in chosen], rows, core, title, title.index if title is not None else None)


_Place = tuple[int, int, int, int, int, float, float, float, float, float]


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
        element.mass / total,
        element.linked / element.length,
        math.log(element.length + 1),
        grand.linked / grand.length,
        math.log(grand.length + 1),
    )  # fmt: skip


def _upper_and_digits(head: str) -> tuple[float, float]:
    """The shares of capitals and of figures among the first signs of a text."""
    count = len(head)
    if head.isascii():  # plain deletion is several times faster than a pattern
        signs = head.encode("ascii")
        return (count - len(signs.translate(None, _CAPITALS))) / count, (
            count - len(signs.translate(None, _FIGURES))
        ) / count
    return len(_UPPER.findall(head)) / count, len(_DIGIT.findall(head)) / count


def _sentences(text: str) -> int:
    """About how many sentences there are, by plain counts: a pattern that does better would cost more than the rest."""
    if text[0] < "\u0590":
        return text.count(". ") + text.count("? ") + text.count("! ") + text.count(": ")
    return sum(text.count(sign) for sign in _STOPS)


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


def _widened(best: Element, blocks: list[Block], masses: list[float], by_signature: dict[str, list[float]]) -> Element:
    """The container that also holds the rest of the text, where adverts or sections part it into several.

    Prose that looks like the prose inside `best` (the same tags and names around it) is taken for its continuation.
    """
    inside: dict[str, float] = defaultdict(float)
    for block, mass in zip(blocks, masses, strict=True):
        if mass and best.first <= block.index < best.last:
            inside[block.element.signature] += mass
    if not inside:
        return best
    main = max(inside, key=lambda name: inside[name])
    alike = {main} | {name for name, mass in inside.items() if mass >= 0.3 * inside[main]}
    wanted = [b.index for b, mass in zip(blocks, masses, strict=True) if mass and b.element.signature in alike]
    low, high = wanted[0], wanted[-1]
    if inside[main] < 0.2 * by_signature[main][0]:  # one of many equals: a page of several stories
        return best
    core = best
    while not (core.first <= low and high < core.last) and core.parent is not None:
        core = core.parent
    return core


@lru_cache(maxsize=1024)
def _first(char: str) -> float:
    """What kind of sign a text begins with."""
    if char.isupper():
        return 0.0
    if char.islower():
        return 1.0
    if char.isdigit():
        return 2.0
    if char in "\"'“„«»‘‚”(「『—–-":
        return 3.0
    if char.isalpha():
        return 4.0
    return 5.0
